"""Any OpenAI-compatible endpoint, through instructor over the openai client.

Each kind of retry has one owner. Transport (refused, reset, 5xx, 429, no JSON) is retried in ``_transport``,
with backoff and as Retry-After says; the client's own retries are off. A draft that does not meet the schema
is sent back by instructor, twice at most, and one that claims what the source does not hold ``profile.reasks`` times. What a server
cannot do is found out in ``_send``, which then asks in another manner. All of it ends with the deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import instructor
import openai
import tenacity
from instructor.core.exceptions import InstructorRetryException
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, SecretStr, ValidationError

from summarizer.errors import (
    ContextExceeded,
    DeadlineExceeded,
    EndpointUnavailable,
    InvalidReply,
    RateLimited,
    Refused,
    SummarizerError,
    Truncated,
)
from summarizer.llm import deadline, negotiation, statuses
from summarizer.llm.base import Profile, Reply, Request, T
from summarizer.llm.clients import Clients, what_broke
from summarizer.llm.meter import Meter
from summarizer.llm.modes import ROOM_TO_THINK, Manner, dress, shows_thoughts, spoken
from summarizer.llm.negotiation import Negotiation
from summarizer.llm.replies import read_object
from summarizer.llm.throttle import Outcome, Throttle
from summarizer.schema.drafts import doubting
from summarizer.settings import TIMEOUT, public_address

# instructor logs failed calls as errors; they are raised here with words of our own, so nobody needs them twice.
logging.getLogger("instructor").addHandler(logging.NullHandler())

_ATTEMPTS = 4
_LIMITED_ATTEMPTS = 10  # for 429: the deadline ends these sooner
_REASKS = (
    2  # of a reply that does not meet its schema; the profile says how often one that claims too much is
)
_REASK_BUDGET = 60_000  # tokens that one request may have used up and still be sent back
_MOST_CHARACTERS_A_TOKEN = 7.0  # English has 4 to 5, with numbers fewer
_USUAL_CHARACTERS_A_TOKEN = 5.5
_SHORT_PROMPT = 1000  # characters; no context is that small
_LOOK_UP = 15.0  # seconds for what a server knows by heart
_NOT_JSON = (json.JSONDecodeError, UnicodeDecodeError)


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
    _negotiation: Negotiation = field(init=False, repr=False)
    _read_whole: int = field(default=0, repr=False)  # characters of the longest prompt known to be read whole

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.endpoint)
        self._clients = Clients(self.base_url, self.api_key)
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
            return await self._transport(meter, wire)
        except (_NotAgain, _Rejected) as error:
            raise error.error from None

    async def look_up(self, path: str) -> Any:
        """What the server has at a path below its address, or at an address of its own, as JSON; asked once."""
        client = await self._clients.here()
        try:
            return await asyncio.wait_for(client.get(path, cast_to=object), _LOOK_UP)
        except openai.APIStatusError as error:
            raise self._explain(error)[1] from None
        except (openai.APIConnectionError, openai.APIResponseValidationError, *_NOT_JSON) as error:
            raise EndpointUnavailable(f"{self.endpoint} {what_broke(error)}. {self._asked.start}") from None
        except asyncio.TimeoutError:
            raise EndpointUnavailable(
                f"{self.endpoint} did not answer within {_LOOK_UP:g} s. {self._asked.start}"
            ) from None

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
        except (_NotAgain, SummarizerError) as error:
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
            if isinstance(cause, (_NotAgain, SummarizerError)):
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

    def _ended(self, error: _NotAgain | SummarizerError, meter: Meter) -> SummarizerError:
        """The error of ours, with what it cost."""
        cause = error.error if isinstance(error, _NotAgain) else error
        cause.attempts, cause.usage = meter.requests, meter.usage
        return cause

    async def _send(self, meter: Meter, kwargs: dict[str, Any]) -> tuple[ChatCompletion, Manner]:
        """One completion, and the manner in which it was got: what the server refuses is asked in another."""
        async with self._alone_at_first(meter):
            while True:
                manner = self.manner
                try:
                    completion = await self._whole(meter, kwargs, manner)
                except _Rejected as error:
                    if not self._negotiation.refused(manner, error.said):
                        raise _NotAgain(error.error) from None
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
            raise self._too_late(meter, 0.0) from None
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
        completion = await self._transport(meter, dress(kwargs, manner, self.kind))
        if self._cut_short(completion, manner):
            room = ROOM_TO_THINK if self.manner.thinks and not manner.thinks else 0
            longer = {**kwargs, "max_tokens": kwargs["max_tokens"] * 3 + room}
            try:
                completion = await self._transport(meter, dress(longer, manner, self.kind))
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

    async def _transport(self, meter: Meter, wire: dict[str, Any]) -> ChatCompletion:
        async for attempt in tenacity.AsyncRetrying(
            stop=_stop,
            retry=tenacity.retry_if_exception_type((EndpointUnavailable, RateLimited)),
            wait=_wait,
            reraise=True,
        ):
            with attempt:
                return await self._once(meter, wire)
        raise AssertionError("unreachable: the last attempt raises")

    async def _once(self, meter: Meter, wire: dict[str, Any]) -> ChatCompletion:
        thought = _characters(wire) // 4 + wire.get("max_tokens", wire.get("max_completion_tokens", 0))
        tokens = thought
        try:
            await self.throttle.before(thought)
        except SummarizerError as error:
            raise _NotAgain(error) from None
        limit = self._time_limit(meter)
        meter.requests += 1
        start = time.perf_counter()
        outcome: Outcome = "cancelled"
        wait: float | None = None
        try:
            # The client's own limit is for each read: a server that drips would never meet it.
            completion = await asyncio.wait_for(self._fetch(wire), limit)
            self._refuse_other(completion)
            outcome = "ok"
            tokens = completion.usage.total_tokens if completion.usage else tokens
        except openai.APIStatusError as error:
            said, explained = self._explain(error)
            wait = explained.retry_after
            outcome = "limited" if isinstance(explained, RateLimited) or wait else "failed"
            if self._negotiation.concerned(error.status_code, said, explained):
                raise _Rejected(said, explained) from None
            raise explained from None
        except (openai.APIConnectionError, openai.APIResponseValidationError, *_NOT_JSON) as error:
            outcome = "unreachable" if isinstance(error, openai.APIConnectionError) else "failed"
            raise EndpointUnavailable(f"{self.endpoint} {what_broke(error)}. {self._asked.start}") from None
        except asyncio.TimeoutError:  # in Python 3.10 another than TimeoutError
            outcome = "failed"
            raise self._too_late(meter, limit) from None
        except SummarizerError as error:  # an answer of 200 that holds something else
            wait = error.retry_after
            outcome = "limited" if isinstance(error, RateLimited) else "failed"
            raise
        finally:
            seconds = time.perf_counter() - start
            meter.seconds += seconds
            self.throttle.after(outcome, retry_after=wait, seconds=seconds, tokens=tokens, thought=thought)
        meter.count(completion)
        self._guard_cut(wire, completion)
        return completion

    async def _fetch(self, wire: dict[str, Any]) -> ChatCompletion:
        """What the server answers, once: the only step that a recorded endpoint takes in another way."""
        client = await self._clients.here()
        # create would look at each part of a schema by its type, and leave it as it is. Its order is kept.
        body = {"messages": wire["messages"], "model": wire["model"], **dict(sorted(wire.items()))}
        completion: ChatCompletion = await client.post("/chat/completions", body=body, cast_to=ChatCompletion)
        return completion

    def _time_limit(self, meter: Meter) -> float:
        left = deadline.left()
        if left is not None and left <= 0:
            raise self._too_late(meter, 0.0)
        return self.timeout if left is None else min(self.timeout, left)

    def _too_late(self, meter: Meter, limit: float) -> SummarizerError:
        if deadline.allows(0.0):
            return EndpointUnavailable(
                f"{self.endpoint} did not answer within {limit:g} s. A larger timeout allows it more."
            )
        return DeadlineExceeded(
            f"The time for this article was over while {self.endpoint} was asked, after {meter.requests} "
            "requests for this answer. A larger deadline allows it more."
        )

    @property
    def _asked(self) -> statuses.Asked:
        return statuses.Asked(self.endpoint, self.name, self.kind)

    def _explain(self, error: openai.APIStatusError) -> tuple[str, SummarizerError]:
        said, code = statuses.words_of(error.body, error.message, self.api_key.get_secret_value())
        after = statuses.retry_after(error.response.headers)
        return said, statuses.explain(statuses.Answered(error.status_code, said, code, after), self._asked)

    def _refuse_other(self, completion: Any) -> None:
        """Refuse an answer of 200 that is no completion: a page, an error as proxies send it, no choice."""
        choices = getattr(completion, "choices", None)
        if choices and choices[0].message is not None:
            return
        inner = getattr(completion, "error", None)
        if isinstance(inner, dict):
            said, code = statuses.words_of(inner, "", self.api_key.get_secret_value())
            status = int(code) if code.isdigit() else 500
            raise statuses.explain(statuses.Answered(status, said, code), self._asked)
        raise EndpointUnavailable(
            f"{self.endpoint} answered with something that is not a chat completion. "
            "The address of an API usually ends in /v1."
        )

    def _guard_cut(self, wire: dict[str, Any], completion: ChatCompletion) -> None:
        """Some servers cut a prompt that does not fit and say nothing; then their count of it is too low."""
        if completion.usage is None or not completion.usage.prompt_tokens:
            return
        characters, count = _characters(wire), completion.usage.prompt_tokens
        # Some servers count only what they did not have cached, so what was once whole stays so.
        if characters <= max(self._read_whole, _SHORT_PROMPT):
            return
        if characters > count * _most_characters_a_token(count):
            raise ContextExceeded(
                f"{self.endpoint} read only {count:,} tokens of a prompt of {characters:,} characters: it cut "
                "the article. Raise the server's context length"
                + (", with OLLAMA_CONTEXT_LENGTH=16384 for ollama serve." if self.kind == "ollama" else ".")
            )
        self._read_whole = characters


def _form(draft: type[BaseModel]) -> dict[str, Any]:
    """The response_format as instructor makes it."""
    return {
        "type": "json_schema",
        "json_schema": {"name": draft.__name__, "schema": draft.model_json_schema()},
    }


class _NotAgain(Exception):
    """An error that sending the same again would not mend, whatever its kind."""

    def __init__(self, error: SummarizerError) -> None:
        super().__init__(str(error))
        self.error = error


class _Rejected(Exception):
    """The server does not take a request of this manner; ``error`` is what to say if no other works."""

    def __init__(self, said: str, error: SummarizerError) -> None:
        super().__init__(said)
        self.said = said
        self.error = error


def _is_complaint(error: BaseException | None) -> bool:
    """Whether a draft had the right form, and claimed what the source does not hold."""
    return isinstance(error, ValidationError) and all(one["type"] == "value_error" for one in error.errors())


def _characters(wire: dict[str, Any]) -> int:
    return sum(len(str(message["content"])) for message in wire["messages"])


def _most_characters_a_token(count: int) -> float:
    """How many characters a token of a whole prompt has at most; fewer where the count is that of a full context."""
    context = 1 << max(count - 1, 1).bit_length()
    return _USUAL_CHARACTERS_A_TOKEN if count > 0.97 * context else _MOST_CHARACTERS_A_TOKEN


_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=8.0)


def _stop(state: tenacity.RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, RateLimited):  # the throttle waits, and gives up when the time is up
        return state.attempt_number >= _LIMITED_ATTEMPTS
    return state.attempt_number >= _ATTEMPTS or not deadline.allows(state.upcoming_sleep)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, RateLimited) or getattr(error, "retry_after", None) is not None:
        return 0.0  # the throttle waits, for everybody
    return float(_backoff(state))
