"""One completion over the wire, with its retries: transport knows the server, and nothing of drafts.

What failed on its way (refused, reset, 5xx, 429, no JSON) is sent again, with backoff and as Retry-After says;
the client's own retries are off. All of it ends with the deadline.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openai
import tenacity
from openai.types.chat import ChatCompletion

from summarizer.errors import (
    ContextExceeded,
    DeadlineExceeded,
    EndpointUnavailable,
    RateLimited,
    SummarizerError,
)
from summarizer.llm import deadline, statuses
from summarizer.llm.clients import Clients, what_broke
from summarizer.llm.meter import Meter
from summarizer.llm.throttle import Outcome, Throttle

_ATTEMPTS = 4
_LIMITED_ATTEMPTS = 10  # for 429: the deadline ends these sooner
_MOST_CHARACTERS_A_TOKEN = 7.0  # English has 4 to 5, with numbers fewer
_USUAL_CHARACTERS_A_TOKEN = 5.5
_SHORT_PROMPT = 1000  # characters; no context is that small
_LOOK_UP = 15.0  # seconds for what a server knows by heart
_NOT_JSON = (json.JSONDecodeError, UnicodeDecodeError)

AboutManner = Callable[[int, str, SummarizerError], bool]
"""Whether an answer (its status, its words, the error made of them) is about how the model was asked."""


class NotAgain(Exception):
    """An error that sending the same again would not mend, whatever its kind."""

    def __init__(self, error: SummarizerError) -> None:
        super().__init__(str(error))
        self.error = error


class Rejected(Exception):
    """The server does not take a request of this manner; ``error`` is what to say if no other works."""

    def __init__(self, said: str, error: SummarizerError) -> None:
        super().__init__(said)
        self.said = said
        self.error = error


@dataclass
class Transport:
    """The way to one model at one endpoint. ``timeout`` is in seconds, for one request."""

    asked: statuses.Asked
    timeout: float
    clients: Clients = field(repr=False)
    throttle: Throttle = field(repr=False)
    read_whole: int = field(default=0, repr=False)  # characters of the longest prompt known to be read whole

    async def send(self, meter: Meter, wire: dict[str, Any], about_manner: AboutManner) -> ChatCompletion:
        """One completion for the whole body of a request, retried where it failed on its way.

        Raises Rejected where what the server says is, to ``about_manner``, about how it was asked, and NotAgain
        where the throttle lets nothing through.
        """
        async for attempt in tenacity.AsyncRetrying(
            stop=_stop,
            retry=tenacity.retry_if_exception_type((EndpointUnavailable, RateLimited)),
            wait=_wait,
            reraise=True,
        ):
            with attempt:
                return await self._once(meter, wire, about_manner)
        raise AssertionError("unreachable: the last attempt raises")

    async def _once(self, meter: Meter, wire: dict[str, Any], about_manner: AboutManner) -> ChatCompletion:
        thought = _characters(wire) // 4 + wire.get("max_tokens", wire.get("max_completion_tokens", 0))
        tokens = thought
        try:
            await self.throttle.before(thought)
        except SummarizerError as error:
            raise NotAgain(error) from None
        limit = self._time_limit(meter)
        meter.requests += 1
        start = time.perf_counter()
        outcome: Outcome = "cancelled"
        wait: float | None = None
        try:
            # The client's own limit is for each read: a server that drips would never meet it.
            completion = await asyncio.wait_for(self.fetch(wire), limit)
            self._refuse_other(completion)
            outcome = "ok"
            tokens = completion.usage.total_tokens if completion.usage else tokens
        except openai.APIStatusError as error:
            said, explained = self._explain(error)
            wait = explained.retry_after
            outcome = "limited" if isinstance(explained, RateLimited) or wait else "failed"
            if about_manner(error.status_code, said, explained):
                raise Rejected(said, explained) from None
            raise explained from None
        except (openai.APIConnectionError, openai.APIResponseValidationError, *_NOT_JSON) as error:
            outcome = "unreachable" if isinstance(error, openai.APIConnectionError) else "failed"
            raise EndpointUnavailable(
                f"{self.asked.endpoint} {what_broke(error)}. {self.asked.start}"
            ) from None
        except asyncio.TimeoutError:  # in Python 3.10 another than TimeoutError
            outcome = "silent"
            raise self.too_late(meter, limit) from None
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

    async def fetch(self, wire: dict[str, Any]) -> ChatCompletion:
        """What the server answers, once: the only step that a recorded endpoint takes in another way."""
        client = await self.clients.here()
        # create would look at each part of a schema by its type, and leave it as it is. Its order is kept.
        body = {"messages": wire["messages"], "model": wire["model"], **dict(sorted(wire.items()))}
        completion: ChatCompletion = await client.post("/chat/completions", body=body, cast_to=ChatCompletion)
        return completion

    def _time_limit(self, meter: Meter) -> float:
        left = deadline.left()
        if left is not None and left <= 0:
            raise self.too_late(meter, 0.0)
        return self.timeout if left is None else min(self.timeout, left)

    def too_late(self, meter: Meter, limit: float) -> SummarizerError:
        """What to say when no answer came within ``limit`` seconds, or the time for the article was over."""
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

    def _refuse_other(self, completion: Any) -> None:
        """Refuse an answer of 200 that is no completion: a page, an error as proxies send it, no choice."""
        choices = getattr(completion, "choices", None)
        if choices and choices[0].message is not None:
            return
        inner = getattr(completion, "error", None)
        if isinstance(inner, dict):
            said, code = statuses.words_of(inner, "", self.clients.api_key.get_secret_value())
            status = int(code) if code.isdigit() else 500
            raise statuses.explain(statuses.Answered(status, said, code), self.asked)
        raise EndpointUnavailable(
            f"{self.asked.endpoint} answered with something that is not a chat completion. "
            "The address of an API usually ends in /v1."
        )

    def _guard_cut(self, wire: dict[str, Any], completion: ChatCompletion) -> None:
        """Some servers cut a prompt that does not fit and say nothing; then their count of it is too low."""
        if completion.usage is None or not completion.usage.prompt_tokens:
            return
        characters, count = _characters(wire), completion.usage.prompt_tokens
        # Some servers count only what they did not have cached, so what was once whole stays so.
        if characters <= max(self.read_whole, _SHORT_PROMPT):
            return
        if characters > count * _most_characters_a_token(count):
            raise ContextExceeded(
                f"{self.asked.endpoint} read only {count:,} tokens of a prompt of {characters:,} characters: it cut "
                "the article. Raise the server's context length"
                + (
                    ", with OLLAMA_CONTEXT_LENGTH=16384 for ollama serve."
                    if self.asked.kind == "ollama"
                    else "."
                )
            )
        self.read_whole = characters

    async def look_up(self, path: str) -> Any:
        """What the server has at a path below its address, or at an address of its own, as JSON; asked once."""
        client = await self.clients.here()
        try:
            return await asyncio.wait_for(client.get(path, cast_to=object), _LOOK_UP)
        except openai.APIStatusError as error:
            raise self._explain(error)[1] from None
        except (openai.APIConnectionError, openai.APIResponseValidationError, *_NOT_JSON) as error:
            raise EndpointUnavailable(
                f"{self.asked.endpoint} {what_broke(error)}. {self.asked.start}"
            ) from None
        except asyncio.TimeoutError:
            raise EndpointUnavailable(
                f"{self.asked.endpoint} did not answer within {_LOOK_UP:g} s. {self.asked.start}"
            ) from None


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
