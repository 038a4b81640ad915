"""Sends one request and returns its completion, with retries. Knows the server, not the drafts.

A transient failure (connection refused or reset, 5xx, 429, a body that is not a completion) is retried with
backoff, or after the time in Retry-After. The openai client's own retries are off. Everything ends with the
article's deadline.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import openai
import tenacity

from summarizer.errors import (
    ContextExceeded,
    DeadlineExceeded,
    EndpointUnavailable,
    RateLimited,
    SummarizerError,
)
from summarizer.llm import bounded, deadline, statuses
from summarizer.llm.clients import Clients, connection_failure
from summarizer.llm.completion import Completion, read_completion
from summarizer.llm.events import is_events, read_events
from summarizer.llm.live import Live
from summarizer.llm.meter import Meter
from summarizer.llm.providers import provider
from summarizer.llm.throttle import Outcome, Throttle

_log = logging.getLogger(__name__)

_ATTEMPTS = 4
_LIMITED_ATTEMPTS = 10  # for 429: the deadline usually ends these sooner
_MAX_CHARACTERS_PER_TOKEN = 7.0  # English has 4 to 5, fewer with numbers
_USUAL_CHARACTERS_PER_TOKEN = 5.5
_SHORT_PROMPT = 1000  # characters; fits into any context
_SMALLEST_CONTEXT = 64  # tokens; a lower count of a long prompt is a wrong count, not a cut prompt
_LOOK_UP_TIMEOUT = 15.0  # seconds; for GET requests, which a server answers without a model
_UNREADABLE = (ValueError, RecursionError)  # JSON that is none, is nested too deep, or holds a huge number

OnPart = Callable[[str], None]
"""Called with the reply so far, while it is written."""

AboutStyle = Callable[[int, str, SummarizerError], bool]
"""Whether an error answer (its status, its words, the error made of it) is about the style of the request."""


class NotAgain(Exception):
    """An error that sending the same request again would not mend, whatever its type."""

    def __init__(self, error: SummarizerError) -> None:
        super().__init__(str(error))
        self.error = error


class Rejected(Exception):
    """The server does not take requests of this style; ``error`` is raised if no other style works."""

    def __init__(self, said: str, error: SummarizerError) -> None:
        super().__init__(said)
        self.said = said
        self.error = error


@dataclass
class Transport:
    """Sends requests to one model at one endpoint. ``timeout`` is in seconds, for one whole request."""

    asked: statuses.Asked
    timeout: float
    clients: Clients = field(repr=False)
    throttle: Throttle = field(repr=False)
    read_whole: int = field(default=0, repr=False)  # characters of the longest prompt known to be read whole

    async def send(
        self, meter: Meter, wire: dict[str, Any], about_style: AboutStyle, on_part: OnPart | None = None
    ) -> Completion:
        """Return the completion for a request body, retried where a failure is transient.

        ``on_part`` watches a reply that the body asks to stream. A stream that breaks off is a transient
        failure.

        Raises Rejected where ``about_style`` says that the error is about the style of the request, and
        NotAgain where the throttle lets nothing through.
        """
        async for attempt in tenacity.AsyncRetrying(
            stop=_stop,
            retry=tenacity.retry_if_exception_type((EndpointUnavailable, RateLimited)),
            wait=_wait,
            reraise=True,
        ):
            with attempt:
                return await self._once(meter, wire, about_style, on_part)
        raise AssertionError("unreachable: the last attempt raises")

    async def _once(
        self, meter: Meter, wire: dict[str, Any], about_style: AboutStyle, on_part: OnPart | None
    ) -> Completion:
        characters = _characters(wire)
        estimate = characters // 4 + wire.get("max_tokens", wire.get("max_completion_tokens", 0))
        tokens = estimate
        try:
            await self.throttle.acquire(estimate)
        except SummarizerError as error:
            raise NotAgain(error) from None
        limit = self._time_limit(meter)
        meter.requests += 1
        start = time.perf_counter()
        outcome: Outcome = "cancelled"
        wait: float | None = None
        try:
            # The client's own timeout is for each read, which a server that sends a byte a second never
            # meets.
            body = await asyncio.wait_for(self.fetch(wire, on_part), limit)
            completion = read_completion(body)
            if completion is None:
                raise self._not_a_completion(body)
            outcome = "ok"
            tokens = completion.tokens.total if completion.tokens else tokens
        except openai.APIStatusError as error:
            said, explained = self._explain(error)
            wait = explained.retry_after
            outcome = "limited" if isinstance(explained, RateLimited) or wait else "failed"
            if about_style(error.status_code, said, explained):
                raise Rejected(said, explained) from None
            raise explained from None
        except openai.APIConnectionError as error:
            outcome = "failed" if isinstance(error.__cause__, SummarizerError) else "unreachable"
            raise self._unavailable(error) from None
        except (openai.APIResponseValidationError, *_UNREADABLE) as error:
            outcome = "failed"
            raise self._unavailable(error) from None
        except asyncio.TimeoutError:  # not TimeoutError in Python 3.10
            outcome = "silent"
            raise self.too_late(meter, limit) from None
        except SummarizerError as error:  # a 200 that holds something else
            wait = error.retry_after
            outcome = "limited" if isinstance(error, RateLimited) else "failed"
            raise
        finally:
            seconds = time.perf_counter() - start
            meter.seconds += seconds
            self.throttle.release(
                outcome, retry_after=wait, seconds=seconds, tokens=tokens, estimate=estimate
            )
        meter.count(completion)
        self._guard_cut(characters, completion)
        return completion

    async def fetch(self, wire: dict[str, Any], on_part: OnPart | None = None) -> Any:
        """Send once and return the response's JSON. A recorded endpoint overrides only this.

        A streamed response is put together into the JSON that it would have been; ``on_part`` watches it
        come.
        """
        client = await self.clients.here()
        # post and not create, which walks through the whole schema. The order of the keys is create's.
        body = {"messages": wire["messages"], "model": wire["model"], **dict(sorted(wire.items()))}
        if on_part is None:
            return _json(await client.post("/chat/completions", body=body, cast_to=object))
        with closing(Live(on_part)) as live, bounded.fed(live.feed):
            answer = await client.post("/chat/completions", body=body, cast_to=object)
            return live.completion() if live.begun else _json(answer)

    def _time_limit(self, meter: Meter) -> float:
        left = deadline.left()
        if left is not None and left <= 0:
            raise self.too_late(meter, 0.0)
        return self.timeout if left is None else min(self.timeout, left)

    def too_late(self, meter: Meter, limit: float) -> SummarizerError:
        """The error to raise when no answer came within ``limit`` seconds, or the article's deadline has passed."""
        if deadline.allows(0.0):
            return EndpointUnavailable(
                f"{self.asked.endpoint} did not answer within {limit:g} s. A larger timeout allows it more."
            )
        return DeadlineExceeded(
            f"The time for this article was over while {self.asked.endpoint} was asked, after {meter.requests} "
            "requests for this answer. A larger deadline allows it more."
        )

    def _explain(self, error: openai.APIStatusError) -> tuple[str, SummarizerError]:
        said, code = statuses.words_of(error.body, error.message, self.clients.api_key.get_secret_value())
        after = statuses.retry_after(error.response.headers)
        return said, statuses.explain(statuses.Answered(error.status_code, said, code, after), self.asked)

    def _unavailable(self, error: Exception) -> SummarizerError:
        """The error to raise where no JSON came back: one of ours, or what happened to the connection."""
        if isinstance(error.__cause__, SummarizerError):
            return error.__cause__
        return EndpointUnavailable(f"{self.asked.endpoint} {connection_failure(error)}. {self.asked.start}")

    def _not_a_completion(self, body: Any) -> SummarizerError:
        """The error to raise for a 200 that holds no completion: the server's words, where it sent an error."""
        if isinstance(body, dict) and not body.get("choices"):
            secret = self.clients.api_key.get_secret_value()
            said, code = statuses.words_of(body, "", secret)
            if said or code:
                status = int(code) if len(code) == 3 and code.isdecimal() else 500
                return statuses.explain(statuses.Answered(status, said, code), self.asked)
        return EndpointUnavailable(
            f"{self.asked.endpoint} answered with something that is not a chat completion. "
            "The address of an API usually ends in /v1."
        )

    def _guard_cut(self, characters: int, completion: Completion) -> None:
        """Raise ContextExceeded where the token count shows that the server cut the prompt without saying so."""
        if completion.tokens is None or not completion.tokens.prompt:
            return
        count = completion.tokens.prompt
        # Some servers count only what was not cached, so a length that was read whole once stays read whole.
        if characters <= max(self.read_whole, _SHORT_PROMPT):
            return
        if characters > count * _max_characters_per_token(count):
            if count < _SMALLEST_CONTEXT:
                _log.warning(
                    "%s counts %d tokens for a prompt of %d characters: the count is wrong.",
                    *(self.asked.endpoint, count, characters),
                )
                return
            raised = provider(self.asked.kind).raise_context
            how = f": {raised}" if raised else ""
            raise ContextExceeded(
                f"{self.asked.endpoint} read only {count:,} tokens of a prompt of {characters:,} characters: it cut "
                f"the article. Raise the server's context length{how}."
            )
        self.read_whole = characters

    async def look_up(self, path: str) -> Any:
        """GET a path below the endpoint's address, or another address of the server, once; return its JSON."""
        client = await self.clients.here()
        try:
            return await asyncio.wait_for(client.get(path, cast_to=object), _LOOK_UP_TIMEOUT)
        except openai.APIStatusError as error:
            raise self._explain(error)[1] from None
        except (openai.APIConnectionError, openai.APIResponseValidationError, *_UNREADABLE) as error:
            raise self._unavailable(error) from None
        except asyncio.TimeoutError:
            raise EndpointUnavailable(
                f"{self.asked.endpoint} did not answer within {_LOOK_UP_TIMEOUT:g} s. {self.asked.start}"
            ) from None


def _json(body: Any) -> Any:
    """The JSON of a response; the client leaves it a string where its content type is another."""
    if not isinstance(body, str):
        return body
    return read_events(body) if is_events(body) else json.loads(body)


def _characters(wire: dict[str, Any]) -> int:
    return sum(len(message["content"]) for message in wire["messages"])


def _max_characters_per_token(count: int) -> float:
    """The most characters per token of a prompt read whole; fewer where the count looks like a full context."""
    context = 1 << max(count - 1, 1).bit_length()
    return _USUAL_CHARACTERS_PER_TOKEN if count > 0.97 * context else _MAX_CHARACTERS_PER_TOKEN


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
