"""Who is told of each request: the log, the caller's functions, the spans; and what it cost.

The seam is watched, not the wire: one request here may be several attempts of the model's, for which its
usage counts. The log has an INFO line for each article and DEBUG lines for each request; texts of articles
and replies stand in DEBUG lines only, and the messages of errors, which may quote them, in none.
"""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from summarizer.errors import SummarizerError
from summarizer.llm.base import Model, Profile, Reply, Request, T
from summarizer.prices import Prices
from summarizer.records.values import Usage
from summarizer.tracing import Tracing

OnRequest = Callable[[Request[Any]], Awaitable[None] | None]
OnReply = Callable[[Request[Any], Reply[Any]], Awaitable[None] | None]
OnError = Callable[[Request[Any], Exception], Awaitable[None] | None]

log = logging.getLogger("summarizer")
log.addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Watched:
    """A model whose requests are watched.

    An exception of a caller's function is the caller's: it ends the article and comes out as it is.
    """

    model: Model
    prices: Prices
    tracing: Tracing
    on_request: OnRequest | None = None
    on_reply: OnReply | None = None
    on_error: OnError | None = None

    @property
    def profile(self) -> Profile:
        """How the model is best asked."""
        return self.model.profile

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Have the model fill the draft; its usage then says what that cost."""
        await _tell(self.on_request, request)
        log.debug("asking %s about %s: %s", self.model.name, request.about, request.question)
        start = time.perf_counter()
        try:
            with self.tracing.request(self.model, request) as answered:
                reply = await self.model.ask(request)
                reply = replace(reply, usage=self._usage(reply.usage, time.perf_counter() - start))
                answered(reply)
        except Exception as error:
            if isinstance(error, SummarizerError) and isinstance(error.usage, Usage):
                error.usage = self._usage(error.usage, time.perf_counter() - start, failed=True)
            log.debug("%s about %s: %s", self.model.name, request.about, type(error).__name__)
            await _tell(self.on_error, request, error)
            raise
        log.debug("%s about %s: %s; reply: %s", self.model.name, request.about, spent(reply.usage), reply.raw)
        await _tell(self.on_reply, request, reply)
        return reply

    def _usage(self, usage: Usage, seconds: float, *, failed: bool = False) -> Usage:
        priced = self.prices.priced(usage, self.model.name, self.model.endpoint, failed=failed)
        return priced if priced.seconds else priced.model_copy(update={"seconds": round(seconds, 3)})


def spent(usage: Usage) -> str:
    """Usage in words, for a line of the log."""
    cost = "" if usage.cost is None else f", US$ {usage.cost:f}"
    return (
        f"requests {usage.requests}, tokens read {usage.prompt_tokens} (cached {usage.cached_tokens}), "
        f"written {usage.completion_tokens}, {usage.seconds:.3f} s{cost}"
    )


async def _tell(told: Callable[..., Awaitable[None] | None] | None, *what: object) -> None:
    if told is not None:
        done = told(*what)
        if inspect.isawaitable(done):
            await done
