"""Any OpenAI-compatible endpoint, through the openai client and instructor.

instructor owns validation errors, in ``reask``. The first answer does not pass through it, because most
drafts are valid and instructor costs several times what the request itself costs.

Each kind of retry has one owner. Transient failures are retried by ``transport``. A draft that does not match
its schema is sent back twice at most, and one that claims what the source does not hold ``profile.reasks``
times. A style of request that the server does not take is replaced in ``_negotiate``. Everything ends with
the article's deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic

from pydantic import SecretStr, ValidationError

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
from summarizer.llm.completion import Completion
from summarizer.llm.meter import Meter
from summarizer.llm.modes import (
    ROOM_TO_THINK,
    AnswerSchema,
    RequestStyle,
    answer_schema,
    encode_request,
    shows_thoughts,
    streamed,
)
from summarizer.llm.negotiation import Negotiation
from summarizer.llm.off_loop import off_loop
from summarizer.llm.replies import read_object
from summarizer.llm.throttle import Throttle
from summarizer.llm.transport import NotAgain, OnPart, Rejected, Transport
from summarizer.settings import TIMEOUT, public_address

_REASKS = 2  # of a reply that does not match its schema
_REASK_BUDGET = 60_000  # tokens; a request that has used more is not sent back

Messages = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: the JSON of its object, or the text as it came where none was found, and the style that got it."""

    text: str
    style: RequestStyle


@dataclass(slots=True)
class _Asking(Generic[T]):
    """One request for a draft while it is asked: the schema that is sent, what the attempts cost, and who watches."""

    request: Request[T]
    schema: AnswerSchema
    meter: Meter
    on_part: OnPart | None = None

    def streams(self, style: RequestStyle) -> bool:
        """Whether the reply is asked for as a stream: it is watched, and the server sends streams."""
        return self.on_part is not None and style.stream != "none"


@dataclass
class Endpoint:
    """A model behind an OpenAI-compatible address.

    ``kind`` is what serves it (a key of ``providers.PROVIDERS``, ``embedded`` or ``other``); ``fixed_mode``
    is the only mode used, or None to detect it. ``timeout`` is in seconds, for one request. The
    object may be used from several event loops and threads: they share ``throttle``, and each loop gets a
    client of its own.
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
        return self._negotiation.style.mode

    @property
    def style(self) -> RequestStyle:
        """How requests are encoded, as far as it is known by now."""
        return self._negotiation.style

    async def complete(self, wire: dict[str, Any]) -> Completion:
        """Return one completion for the body of a request, retried where a failure is transient."""
        meter = Meter()
        try:
            return await self._transport.send(meter, wire, self._negotiation.about_style)
        except (NotAgain, Rejected) as error:
            raise error.error from None

    async def look_up(self, path: str) -> Any:
        """GET a path below the endpoint's address, or another address of the server, once; return its JSON."""
        return await self._transport.look_up(path)

    async def close(self) -> None:
        """Close the running loop's connections."""
        await self._clients.close()

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Fill the draft. Raises an EndpointError or a ConfigurationError, with what the attempts cost."""
        messages: Messages = [
            {"role": "system", "content": request.system},
            {"role": "user", "content": f"{request.article}\n\n{request.question}"},
        ]
        meter = Meter()
        asking = _Asking(request, answer_schema(request.draft), meter, request.on_part)
        try:
            first = await self._answer(asking, messages)
            asking.on_part = None  # a draft that was sent back mostly says the same again
            draft = await self._valid(first, request)
            if draft is None:
                draft = await self._reask(asking, messages, first)
        except NotAgain as error:
            raise _with_cost(error.error, meter) from None
        except SummarizerError as error:
            raise _with_cost(error, meter) from None
        return Reply(draft=draft, usage=meter.usage, raw=meter.raw)

    async def _valid(self, answer: _Answer, request: Request[T]) -> T | None:
        """The draft that an answer fills, or None where it is to be sent back."""
        try:
            draft = request.draft.model_validate_json(answer.text, strict=False)
        except ValidationError:
            return None
        if request.complain is None or self.profile.reasks == 0:
            return draft
        complaints = await off_loop(len(request.article), partial(request.complain, draft))
        return None if complaints else draft

    async def _reask(self, asking: _Asking[T], messages: Messages, first: _Answer) -> T:
        """Send an answer back with what is wrong with it, until a valid one comes."""
        from summarizer.llm.reask import NeverValid, reask  # late: it imports instructor

        meter, last = asking.meter, first

        async def again(messages: Messages) -> str:
            nonlocal last
            last = await self._answer(asking, messages)
            return last.text

        try:
            return await reask(
                asking.request,
                messages,
                first.text,
                again,
                complaints=self.profile.reasks,
                may_go_on=lambda attempts: attempts <= self._reasks and meter.tokens <= _REASK_BUDGET,
                on_invalid=lambda: self._negotiation.invalid(last.style),
            )
        except NeverValid:
            raise InvalidReply(
                f"{self.name} at {self.endpoint} did not answer in the form that was asked for, "
                f"{meter.requests} times. A larger model may do better."
            ) from None

    @property
    def _reasks(self) -> int:
        """How often a reply is sent back; the embedded server's grammar holds its model to the schema."""
        held = self.kind == "embedded" and self.mode == "json_schema"
        return self.profile.reasks if held else max(_REASKS, self.profile.reasks)

    async def _answer(self, asking: _Asking[Any], messages: Messages) -> _Answer:
        """Ask once and return the object of the reply, as text for the validation."""
        limit = asking.request.max_tokens
        parameters = {"model": self.name, "messages": messages, "temperature": 0, "max_tokens": limit}
        completion, style = await self._negotiate(asking, parameters)
        # Several tool calls are several answers. The reader accepts them where they say the same.
        raw = asking.meter.raw = "\n".join(completion.texts)
        return _Answer(read_object(raw, asking.schema.schema.get("properties", ())) or raw, style)

    async def _negotiate(
        self, asking: _Asking[Any], parameters: dict[str, Any]
    ) -> tuple[Completion, RequestStyle]:
        """One completion, and the style that got it: a style that the server refuses is replaced by the next."""
        async with self._alone_at_first(asking.meter):
            while True:
                style = self.style
                try:
                    completion = await self._complete(asking, parameters, style)
                except Rejected as error:
                    if not self._negotiation.refused(style, error.said, streamed=asking.streams(style)):
                        raise NotAgain(error.error) from None
                    continue
                self._negotiation.answered(style)
                return completion, style

    @contextlib.asynccontextmanager
    async def _alone_at_first(self, meter: Meter) -> AsyncIterator[None]:
        """Until the style is known one request goes alone, so that not every request finds out the same."""
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

    async def _complete(
        self, asking: _Asking[Any], parameters: dict[str, Any], style: RequestStyle
    ) -> Completion:
        """A completion that was neither refused nor cut short; a cut one is asked for once more, longer."""

        async def send(parameters: dict[str, Any]) -> Completion:
            wire = encode_request(parameters, asking.schema, style, self.kind)
            if not asking.streams(style):
                return await self._transport.send(asking.meter, wire, self._negotiation.about_style)
            about_style = partial(self._negotiation.about_style, streamed=True)
            return await self._transport.send(
                asking.meter, streamed(wire, style), about_style, asking.on_part
            )

        completion = await send(parameters)
        if not self._cut_short(completion, style):
            return completion
        limit = parameters["max_tokens"]
        room = ROOM_TO_THINK if self.style.thinks and not style.thinks else 0
        longer = limit * 3 + room
        try:
            completion = await send({**parameters, "max_tokens": longer})
        except ContextExceeded:
            raise Truncated(
                f"The reply of {self.name} met its limit of {limit} tokens, and its context "
                "has no room for a longer one. Raise the server's context length."
            ) from None
        if self._cut_short(completion, style):
            raise Truncated(f"The reply of {self.name} met its limit of {longer} tokens twice.")
        return completion

    def _cut_short(self, completion: Completion, style: RequestStyle) -> bool:
        if completion.finish_reason == "content_filter" or completion.refusal:
            said = " ".join((completion.refusal or "content filter").split())[:200]
            raise Refused(f"{self.name} refused to read this text: {said.rstrip('.')}.")
        if shows_thoughts(completion):
            self._negotiation.thinking(style)
        return completion.finish_reason == "length"


def _with_cost(error: SummarizerError, meter: Meter) -> SummarizerError:
    """The error with what its attempts cost."""
    error.attempts, error.usage = meter.requests, meter.usage
    return error
