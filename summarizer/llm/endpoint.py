"""Any OpenAI-compatible endpoint, through instructor over the openai client.

Each kind of retry has one owner. What failed on its way is sent again by ``transport``. A draft that does not
meet the schema is sent back by instructor, twice at most, and one that claims what the source does not hold
``profile.reasks`` times. What a server cannot do is found out in ``_send``, which then asks in another manner.
All of it ends with the deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import instructor
import tenacity
from instructor.core.exceptions import InstructorRetryException
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, SecretStr, ValidationError

from summarizer.errors import (
    ContextExceeded,
    InvalidReply,
    Refused,
    SummarizerError,
    Truncated,
)
from summarizer.llm import deadline, negotiation, statuses
from summarizer.llm.base import Profile, Reply, Request, T
from summarizer.llm.clients import Clients
from summarizer.llm.meter import Meter
from summarizer.llm.modes import ROOM_TO_THINK, Manner, dress, shows_thoughts, spoken
from summarizer.llm.negotiation import Negotiation
from summarizer.llm.replies import read_object
from summarizer.llm.throttle import Throttle
from summarizer.llm.transport import NotAgain, Rejected, Transport
from summarizer.schema.drafts import doubting
from summarizer.settings import TIMEOUT, public_address

# instructor logs failed calls as errors; they are raised here with words of our own, so nobody needs them twice.
logging.getLogger("instructor").addHandler(logging.NullHandler())

_REASKS = (
    2  # of a reply that does not meet its schema; the profile says how often one that claims too much is
)
_REASK_BUDGET = 60_000  # tokens that one request may have used up and still be sent back


@dataclass
class Endpoint:
    """A model behind an OpenAI-compatible address.

    ``kind`` is what serves it (a key of ``settings.PROVIDERS``, ``embedded`` or ``other``); ``fixed_mode`` is
    the only mode used, where it is not to be found out. ``timeout`` is in seconds, for one request. The object
    may be used from several event loops and threads: they share ``throttle``, and each loop gets a client of
    its own.
    """

    name: str
    base_url: str = field(repr=False)
    api_key: SecretStr = field(repr=False)
    profile: Profile
    label: str = ""
    timeout: float = TIMEOUT
    kind: str = "other"
    fixed_mode: str | None = None
    throttle: Throttle = field(init=False, repr=False)
    _clients: Clients = field(init=False, repr=False)
    _transport: Transport = field(init=False, repr=False)
    _negotiation: Negotiation = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.endpoint)
        self._clients = Clients(self.base_url, self.api_key)
        asked = statuses.Asked(self.endpoint, self.name, self.kind)
        self._transport = Transport(asked, self.timeout, self._clients, self.throttle)
        self._negotiation = negotiation.begin(self.base_url, self.name, self.kind, self.fixed_mode)

    @property
    def endpoint(self) -> str:
        """Where the model is served, as the provenance shows it."""
        return self.label or public_address(self.base_url)

    @property
    def mode(self) -> str:
        """How the model is held to the schema, as far as it is known by now."""
        return self._negotiation.manner.mode

    @property
    def manner(self) -> Manner:
        """How the model is spoken to, as far as it is known by now."""
        return self._negotiation.manner

    async def complete(self, wire: dict[str, Any]) -> ChatCompletion:
        """One completion for the whole body of a request, retried where it failed on its way."""
        meter = Meter()
        try:
            return await self._transport.send(meter, wire, self._negotiation.concerned)
        except (NotAgain, Rejected) as error:
            raise error.error from None

    async def look_up(self, path: str) -> Any:
        """What the server has at a path below its address, or at an address of its own, as JSON; asked once."""
        return await self._transport.look_up(path)

    @property
    def _reasks(self) -> int:
        """How often a reply is sent back; the embedded server holds its model to the schema by a grammar."""
        held = self.kind == "embedded" and self.mode == "json_schema"
        return self.profile.reasks if held else max(_REASKS, self.profile.reasks)

    async def close(self) -> None:
        """Close the running loop's connections."""
        await self._clients.close()

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Fill the draft: send, and send back with what is wrong."""
        meter = Meter()
        asked: dict[str, Any] = {
            "model": self.name,
            "messages": [
                {"role": "system", "content": request.system},
                {"role": "user", "content": f"{request.article}\n\n{request.question}"},
            ],
            "temperature": 0,
            "max_tokens": request.max_tokens,
        }
        try:
            first = await self._answer(meter, {**asked, "response_format": _form(request.draft)}, request)
            draft = self._accepted(first[0], request)
            if draft is None:
                draft = await self._ask_again(meter, asked, request, first)
        except (NotAgain, SummarizerError) as error:
            raise self._ended(error, meter) from None
        return Reply(draft=draft, usage=meter.usage, raw=meter.raw)

    def _accepted(self, completion: ChatCompletion, request: Request[T]) -> T | None:
        """The filled draft, or None where instructor is to send it back: it makes a class of each draft first."""
        try:
            draft = request.draft.model_validate_json(
                completion.choices[0].message.content or "", strict=False
            )
        except ValidationError:
            return None
        doubted = request.complain is not None and self.profile.reasks > 0 and request.complain(draft)
        return None if doubted else draft

    async def _ask_again(
        self,
        meter: Meter,
        asked: dict[str, Any],
        request: Request[T],
        first: tuple[ChatCompletion, Manner],
    ) -> T:
        """Have instructor send the first answer back with what is wrong with it, and those after it."""
        answers = [first]
        used = first[1]
        left = self.profile.reasks

        async def send(**kwargs: Any) -> ChatCompletion:
            nonlocal used
            completion, used = answers.pop() if answers else await self._answer(meter, kwargs, request)
            return completion

        def complain(draft: T) -> Sequence[str]:
            nonlocal left
            left -= 1
            return request.complain(draft) if left >= 0 and request.complain is not None else ()

        def note(state: tenacity.RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome is not None else None
            if not _is_complaint(error):
                self._negotiation.broken(used)

        create: Any = instructor.patch(create=send, mode=instructor.Mode.JSON_SCHEMA)
        try:
            draft: T = await create(
                response_model=doubting(request.draft, complain),
                **asked,
                strict=False,  # "14.3" for a number is an answer, not an error
                max_retries=tenacity.AsyncRetrying(
                    stop=lambda state: state.attempt_number > self._reasks or meter.tokens > _REASK_BUDGET,
                    retry=tenacity.retry_if_exception_type((ValidationError, json.JSONDecodeError)),
                    after=note,
                    reraise=True,
                ),
            )
        except InstructorRetryException as error:
            cause = error.__cause__
            if isinstance(cause, (NotAgain, SummarizerError)):
                raise cause from None
            raise InvalidReply(
                f"{self.name} at {self.endpoint} did not answer in the form that was asked for, "
                f"{meter.requests} times. A larger model may do better."
            ) from None
        return draft

    async def _answer(
        self, meter: Meter, kwargs: dict[str, Any], request: Request[Any]
    ) -> tuple[ChatCompletion, Manner]:
        """A completion that holds nothing but the reply's object, for the validation to read; and its manner."""
        completion, used = await self._send(meter, kwargs)
        message = completion.choices[0].message
        said = spoken(completion)
        meter.raw = said[0] if len(said) == 1 else "\n".join(said)
        message.tool_calls = None
        # Two calls are two answers, unless they say the same: the reader tells.
        message.content = read_object(meter.raw, tuple(request.draft.model_fields)) or meter.raw
        return completion, used

    def _ended(self, error: NotAgain | SummarizerError, meter: Meter) -> SummarizerError:
        """The error of ours, with what it cost."""
        cause = error.error if isinstance(error, NotAgain) else error
        cause.attempts, cause.usage = meter.requests, meter.usage
        return cause

    async def _send(self, meter: Meter, kwargs: dict[str, Any]) -> tuple[ChatCompletion, Manner]:
        """One completion, and the manner in which it was got: what the server refuses is asked in another."""
        async with self._alone_at_first(meter):
            while True:
                manner = self.manner
                try:
                    completion = await self._whole(meter, kwargs, manner)
                except Rejected as error:
                    if not self._negotiation.refused(manner, error.said):
                        raise NotAgain(error.error) from None
                    continue
                self._negotiation.answered(manner)
                return completion, manner

    @contextlib.asynccontextmanager
    async def _alone_at_first(self, meter: Meter) -> AsyncIterator[None]:
        """Until the manner is known one request goes alone, so that not all find out the same."""
        if self._negotiation.fixed or self._negotiation.confirmed:
            yield
            return
        lock = await self._clients.first()
        try:
            await asyncio.wait_for(lock.acquire(), deadline.left())
        except asyncio.TimeoutError:
            raise self._transport.too_late(meter, 0.0) from None
        if self._negotiation.confirmed:
            lock.release()
            yield
            return
        try:
            yield
        finally:
            lock.release()

    async def _whole(self, meter: Meter, kwargs: dict[str, Any], manner: Manner) -> ChatCompletion:
        """A completion that was neither refused nor cut short: the latter is asked for once more, longer."""
        about_manner = self._negotiation.concerned
        completion = await self._transport.send(meter, dress(kwargs, manner, self.kind), about_manner)
        if self._cut_short(completion, manner):
            room = ROOM_TO_THINK if self.manner.thinks and not manner.thinks else 0
            longer = {**kwargs, "max_tokens": kwargs["max_tokens"] * 3 + room}
            try:
                completion = await self._transport.send(meter, dress(longer, manner, self.kind), about_manner)
            except ContextExceeded:
                raise Truncated(
                    f"The reply of {self.name} met its limit of {kwargs['max_tokens']} tokens, and its context "
                    "has no room for a longer one. Raise the server's context length."
                ) from None
            if self._cut_short(completion, manner):
                raise Truncated(
                    f"The reply of {self.name} met its limit of {longer['max_tokens']} tokens twice."
                )
        return completion

    def _cut_short(self, completion: ChatCompletion, manner: Manner) -> bool:
        choice = completion.choices[0]
        if choice.finish_reason == "content_filter" or choice.message.refusal:
            said = " ".join((choice.message.refusal or "content filter").split())[:200]
            raise Refused(f"{self.name} refused to read this text: {said.rstrip('.')}.")
        if shows_thoughts(completion):
            self._negotiation.thinking(manner)
        return choice.finish_reason == "length"


def _form(draft: type[BaseModel]) -> dict[str, Any]:
    """The response_format as instructor makes it."""
    return {
        "type": "json_schema",
        "json_schema": {"name": draft.__name__, "schema": draft.model_json_schema()},
    }


def _is_complaint(error: BaseException | None) -> bool:
    """Whether a draft had the right form, and claimed what the source does not hold."""
    return isinstance(error, ValidationError) and all(one["type"] == "value_error" for one in error.errors())
