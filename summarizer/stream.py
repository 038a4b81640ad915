"""The facts of one article as they are grounded, and its record at the end.

With a plan of several requests a fact comes when its request is answered. With the plan ``whole`` it comes
when its part of the reply is complete, if the server streams, and else when the reply is. Each is grounded
before it is told. **The last value of each field is the record's**: a field is told again where its value
changes, with None or an empty tuple where it is taken back. That happens where a reply breaks off and is
asked for again, is sent back for what it claims, says a field twice, or where a check leaves something out.
Where the article fails, the error follows the facts, and there is no record that they belong to.

A stream yields facts and nothing else, so a loop over it needs no test of what it got; the record is asked
of the stream. Nothing is spent before the first fact is asked for. Closing the stream, leaving its ``with``
block, dropping it, or cancelling who waits for it ends the request that is under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from typing_extensions import Self

from summarizer import background
from summarizer.errors import SummarizerError
from summarizer.facts import Fact

R = TypeVar("R")

Work = Callable[[Callable[[Fact], None]], Coroutine[Any, Any, R]]
"""What reads the article: given who is told of each fact, it returns the record."""


class AsyncStream(Generic[R]):
    """Facts for ``async for``; ``await stream.record()`` reads what is left and returns the record."""

    def __init__(self, work: Work[R]) -> None:
        self._work = work
        self._told: asyncio.Queue[Fact | None] = asyncio.Queue()  # None: there are no more
        self._reading: asyncio.Task[R] | None = None
        self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Fact:
        if self._ended:
            raise StopAsyncIteration
        reading = self._start()
        try:
            fact = await self._told.get()
        except asyncio.CancelledError:
            reading.cancel()
            raise
        if fact is not None:
            return fact
        self._ended = True
        if not reading.cancelled():
            reading.result()  # raises what went wrong
        raise StopAsyncIteration

    async def record(self) -> R:
        """Read the stream to its end and return the record.

        Raises what went wrong, and SummarizerError where the stream was closed before its end.
        """
        async for _ in self:
            pass
        if self._reading is None or self._reading.cancelled():
            raise SummarizerError(
                "The stream was closed before its end, so there is no record. Read it to its end first."
            )
        return self._reading.result()

    async def aclose(self) -> None:
        """End the stream, and what is under way for it."""
        self._ended = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __del__(self) -> None:
        if self._reading is not None and not self._reading.done():
            loop = self._reading.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._reading.cancel)

    def _start(self) -> asyncio.Task[R]:
        if self._reading is None:
            told = self._told  # not self: the task must not keep alive the stream whose end ends it
            self._reading = asyncio.ensure_future(self._work(told.put_nowait))
            self._reading.add_done_callback(lambda _: told.put_nowait(None))
        return self._reading


class Stream(Generic[R]):
    """Facts for ``for``; ``stream.record()`` reads what is left and returns the record."""

    def __init__(self, work: Work[R]) -> None:
        self._stream = AsyncStream(work)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Fact:
        fact = background.run(_next(self._stream))
        if fact is None:
            raise StopIteration
        return fact

    def record(self) -> R:
        """Read the stream to its end and return the record; raises as ``AsyncStream.record`` does."""
        return background.run(self._stream.record())

    def close(self) -> None:
        """End the stream, and what is under way for it."""
        background.run(self._stream.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


async def _next(stream: AsyncStream[Any]) -> Fact | None:
    return await anext(stream, None)
