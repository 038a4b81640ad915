"""Any OpenAI-compatible endpoint, through instructor over the openai client.

Each kind of retry has one owner. Transport (refused, reset, 5xx, 429, no JSON) is retried in ``_send``,
with backoff and as Retry-After says; the client's own retries are off. A draft that does not meet the
schema or claims what the source does not hold is sent back by instructor, ``profile.reasks`` times.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import instructor
import openai
import tenacity
from instructor.core.exceptions import InstructorRetryException
from pydantic import SecretStr, ValidationError

from summarizer.errors import (
    AuthenticationError,
    ContextExceeded,
    EndpointError,
    EndpointUnavailable,
    InvalidReply,
    ModelNotFound,
    QuotaExceeded,
    RateLimited,
    Refused,
    SummarizerError,
    Truncated,
)
from summarizer.llm import deadline
from summarizer.llm.base import Profile, Reply, Request, T
from summarizer.llm.throttle import Outcome, Throttle
from summarizer.schema.values import Usage

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

# instructor logs failed calls as errors; they are raised here with words of our own, so nobody needs them twice.
logging.getLogger("instructor").addHandler(logging.NullHandler())

_ATTEMPTS = 4
_LIMITED_ATTEMPTS = 10
_TRANSIENT = {408, 409, 429}
_CHARACTERS_A_TOKEN = 12  # English has 4 to 5; a count below a third of that is not of the whole prompt


@dataclass
class Endpoint:
    """A model behind an OpenAI-compatible address.

    ``timeout`` is in seconds, for one request. The object may be used from several event loops: each gets
    a client of its own.
    """

    name: str
    base_url: str
    api_key: SecretStr
    profile: Profile
    label: str = ""
    timeout: float = 600.0
    mode: str = "json_schema"
    throttle: Throttle = field(init=False, repr=False)
    _clients: weakref.WeakKeyDictionary[Any, openai.AsyncOpenAI] = field(
        default_factory=weakref.WeakKeyDictionary, repr=False
    )

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.endpoint)

    @property
    def endpoint(self) -> str:
        """Where the model is served, as the provenance shows it."""
        return self.label or self.base_url

    def _client(self) -> openai.AsyncOpenAI:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = openai.AsyncOpenAI(
                base_url=self.base_url,
                api_key=self.api_key.get_secret_value(),
                timeout=self.timeout,
                max_retries=0,
                # A proxy from the environment cannot reach a server on this machine.
                http_client=openai.DefaultAsyncHttpxClient(trust_env=False)
                if self._on_this_machine()
                else None,
            )
            self._clients[loop] = client
        return client

    def _on_this_machine(self) -> bool:
        return urlsplit(self.base_url).hostname in ("localhost", "127.0.0.1", "::1")

    async def close(self) -> None:
        """Close the running loop's connections."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Fill the draft: send, and send back with what is wrong, at most ``profile.reasks`` times."""
        meter = _Meter()

        async def send(**kwargs: Any) -> ChatCompletion:
            return await self._send(meter, kwargs)

        create: Any = instructor.patch(create=send, mode=instructor.Mode.JSON_SCHEMA)
        try:
            draft = await create(
                response_model=request.draft,
                model=self.name,
                messages=[
                    {"role": "system", "content": request.system},
                    {"role": "user", "content": f"{request.article}\n\n{request.question}"},
                ],
                temperature=0,
                max_tokens=request.max_tokens,
                strict=False,  # "14.3" for a number is an answer, not an error
                max_retries=tenacity.AsyncRetrying(
                    stop=tenacity.stop_after_attempt(self.profile.reasks + 1),
                    retry=tenacity.retry_if_exception_type((ValidationError, json.JSONDecodeError)),
                    reraise=True,
                ),
            )
        except InstructorRetryException as error:
            cause = error.__cause__
            cause = cause.error if isinstance(cause, _NotSent) else cause
            if isinstance(cause, SummarizerError):
                cause.usage = meter.usage
                raise cause from None
            raise InvalidReply(
                f"{self.name} at {self.endpoint} did not answer in the form that was asked for, "
                f"{meter.requests} times. A larger model may do better.",
                attempts=meter.requests,
                usage=meter.usage,
            ) from cause
        return Reply(draft=draft, usage=meter.usage, raw=meter.raw)

    async def _send(self, meter: _Meter, kwargs: dict[str, Any]) -> ChatCompletion:
        """One completion: transport retried, usage counted, and nothing but a whole reply returned."""
        longer = False
        while True:
            completion = await self._transport(meter, kwargs)
            choice = completion.choices[0]
            if choice.finish_reason == "content_filter" or choice.message.refusal:
                raise Refused(
                    f"{self.name} refused to read this text: {choice.message.refusal or 'content filter'}.",
                    attempts=meter.requests,
                )
            if choice.finish_reason != "length":
                meter.raw = choice.message.content or ""
                return completion
            if longer:
                raise Truncated(
                    f"The reply of {self.name} met its limit of {kwargs['max_tokens']} tokens twice.",
                    attempts=meter.requests,
                )
            longer = True
            kwargs = {**kwargs, "max_tokens": kwargs["max_tokens"] * 3}

    async def _transport(self, meter: _Meter, kwargs: dict[str, Any]) -> ChatCompletion:
        async for attempt in tenacity.AsyncRetrying(
            stop=_stop,
            retry=tenacity.retry_if_exception(_passes),
            wait=_wait,
            reraise=True,
        ):
            with attempt:
                return await self._once(meter, kwargs)
        raise AssertionError("unreachable: the last attempt raises")

    async def _once(self, meter: _Meter, kwargs: dict[str, Any]) -> ChatCompletion:
        tokens = (
            sum(len(str(message["content"])) for message in kwargs["messages"]) // 4 + kwargs["max_tokens"]
        )
        try:
            await self.throttle.before(tokens)
        except (RateLimited, EndpointUnavailable) as error:
            error.attempts = meter.requests
            raise _NotSent(error) from None
        meter.requests += 1
        start = time.perf_counter()
        outcome: Outcome = "cancelled"
        retry_after = None
        try:
            completion: ChatCompletion = await self._client().chat.completions.create(**kwargs)
            usage = getattr(completion, "usage", None)
            outcome, tokens = "ok", usage.total_tokens if usage else tokens
        except openai.APIStatusError as error:
            explained = self._explain(error, meter.requests)
            retry_after = explained.retry_after
            outcome = "limited" if isinstance(explained, RateLimited) or retry_after else "failed"
            raise explained from error
        except (openai.APIConnectionError, openai.APIResponseValidationError, json.JSONDecodeError) as error:
            timeout = isinstance(error, openai.APITimeoutError)
            outcome = (
                "unreachable" if isinstance(error, openai.APIConnectionError) and not timeout else "failed"
            )
            why = "did not answer in time" if timeout else "cannot be reached"
            raise EndpointUnavailable(
                f"{self.endpoint} {why}. Is the server running, and is the address right?",
                attempts=meter.requests,
            ) from error
        finally:
            seconds = time.perf_counter() - start
            meter.seconds += seconds
            self.throttle.after(outcome, retry_after=retry_after, seconds=seconds, tokens=tokens)
        if isinstance(completion, str) or not getattr(completion, "choices", None):
            raise EndpointUnavailable(
                f"{self.endpoint} answered with something that is not a chat completion. "
                "The address of an API usually ends in /v1.",
                attempts=meter.requests,
            )
        meter.count(completion)
        self._guard_cut(kwargs, completion, meter.requests)
        return completion

    def _guard_cut(self, kwargs: dict[str, Any], completion: ChatCompletion, attempts: int) -> None:
        """Some servers cut a prompt that does not fit and say nothing; then their count of it is far too low."""
        if completion.usage is None or not completion.usage.prompt_tokens:
            return
        characters = sum(len(str(message["content"])) for message in kwargs["messages"])
        if completion.usage.prompt_tokens < characters / _CHARACTERS_A_TOKEN - 50:
            raise ContextExceeded(
                f"{self.endpoint} read only {completion.usage.prompt_tokens} tokens of a prompt of "
                f"{characters:,} characters: it cut the article. Raise the server's context length.",
                attempts=attempts,
            )

    def _explain(self, error: openai.APIStatusError, attempts: int) -> SummarizerError:
        """Say what a status means and what to do."""
        status = error.status_code
        code = str(getattr(error, "code", "") or "")
        said = str(getattr(error, "message", "") or "")[:200]
        where = f"{self.endpoint} answered {status}"
        if status == 402 or code == "insufficient_quota":
            return QuotaExceeded(f"{where}: the account has nothing left to spend.", attempts=attempts)
        if status in (401, 403):
            return AuthenticationError(
                f"{where}: the key was refused. Set SUMMARIZER_API_KEY, or give --api-key.", attempts=attempts
            )
        if status == 404:
            return ModelNotFound(
                f"{where}: it has no model {self.name!r}, or the address is not that of an API. "
                "Check --model and --base-url; the address usually ends in /v1.",
                attempts=attempts,
            )
        if "context" in code or "context" in said.lower():
            return ContextExceeded(f"The text is too long for {self.name}: {said}", attempts=attempts)
        if status == 429:
            after = _retry_after(error.response.headers)
            return RateLimited(
                f"{where}: too many requests" + (f"; it asks to wait {after:g} s." if after else "."),
                attempts=attempts,
                retry_after=after,
            )
        if status >= 500 or status in _TRANSIENT:
            return EndpointUnavailable(
                f"{where}: {said}", attempts=attempts, retry_after=_retry_after(error.response.headers)
            )
        return EndpointError(f"{where}: {said}", attempts=attempts)


@dataclass
class _Meter:
    """What the requests behind one reply cost."""

    requests: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    seconds: float = 0.0
    raw: str = ""

    def count(self, completion: ChatCompletion) -> None:
        usage = completion.usage
        if usage is None:
            return
        self.prompt += usage.prompt_tokens
        self.completion += usage.completion_tokens
        details = usage.prompt_tokens_details
        self.cached += (details.cached_tokens or 0) if details is not None else 0

    @property
    def usage(self) -> Usage:
        return Usage(
            requests=self.requests,
            prompt_tokens=self.prompt,
            cached_tokens=self.cached,
            completion_tokens=self.completion,
            seconds=round(self.seconds, 3),
        )


class _NotSent(Exception):
    """The throttle let nothing through, and waiting longer is no use: not to be tried again."""

    def __init__(self, error: SummarizerError) -> None:
        super().__init__(str(error))
        self.error = error


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait: ``retry-after-ms``, or ``Retry-After`` in seconds or as a date."""
    with contextlib.suppress(ValueError):
        return max(0.0, float(headers.get("retry-after-ms", "")) / 1000)
    said = headers.get("retry-after", "")
    with contextlib.suppress(ValueError):
        return max(0.0, float(said))
    with contextlib.suppress(ValueError, TypeError):
        until = parsedate_to_datetime(said)
        until = until if until.tzinfo else until.replace(tzinfo=timezone.utc)
        return max(0.0, until.timestamp() - time.time())
    return None


_backoff = tenacity.wait_random_exponential(multiplier=0.5, max=8.0)


def _passes(error: BaseException) -> bool:
    return isinstance(error, (EndpointUnavailable, RateLimited))


def _stop(state: tenacity.RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, RateLimited):  # the throttle waits, and gives up when the time is up
        return state.attempt_number >= _LIMITED_ATTEMPTS
    return state.attempt_number >= _ATTEMPTS or not deadline.allows(state.upcoming_sleep)


def _wait(state: tenacity.RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome is not None else None
    if isinstance(error, SummarizerError) and error.retry_after is not None:
        return 0.0  # the throttle waits, for everybody
    return float(_backoff(state))
