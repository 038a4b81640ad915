"""Reads an iterable a few items ahead, so that waiting for input blocks nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import suppress
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")

_AHEAD = 32  # items read before they are requested


class Feed(Generic[T]):
    """An asynchronous iterator over a plain or asynchronous iterable; create it inside a running loop.

    A plain iterable is read in a daemon thread, because it may block (a pipe, a slow disk). ``stop`` ends the
    iteration at once; the thread ends with its next item.
    """

    def __init__(self, items: Iterable[T] | AsyncIterable[T]) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[tuple[Literal["item", "end", "error"], Any]] = asyncio.Queue()
        self._stopped = threading.Event()
        self._room: threading.Semaphore | asyncio.Semaphore
        self._pump: asyncio.Task[None] | None = None
        if isinstance(items, AsyncIterable):
            self._room = asyncio.Semaphore(_AHEAD)
            self._pump = self._loop.create_task(self._read_async(items, self._room))
        else:
            self._room = threading.Semaphore(_AHEAD)
            arguments = (items, self._room)
            threading.Thread(target=self._read, args=arguments, name="summarizer-input", daemon=True).start()

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        what, value = await self._queue.get()
        if self._stopped.is_set() or what == "end":
            raise StopAsyncIteration
        if what == "error":
            raise value
        self._room.release()
        item: T = value
        return item

    def stop(self) -> None:
        """End the iteration; call it in the loop's thread."""
        self._stopped.set()
        self._queue.put_nowait(("end", None))
        self._room.release()
        if self._pump is not None:
            self._pump.cancel()

    def _put(self, what: Literal["item", "end", "error"], value: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._queue.put_nowait, (what, value))

    def _read(self, items: Iterable[T], room: threading.Semaphore) -> None:
        iterator: Iterator[T] = iter(())
        try:
            iterator = iter(items)
            for item in iterator:
                room.acquire()
                if self._stopped.is_set():
                    return
                self._put("item", item)
            self._put("end", None)
        except BaseException as error:  # raised again by __anext__
            self._put("error", error)
        finally:
            close = getattr(iterator, "close", None)  # closes the files of a generator
            if close is not None:
                close()

    async def _read_async(self, items: AsyncIterable[T], room: asyncio.Semaphore) -> None:
        try:
            async for item in items:
                await room.acquire()
                self._queue.put_nowait(("item", item))
            self._queue.put_nowait(("end", None))
        except Exception as error:  # raised again by __anext__
            self._queue.put_nowait(("error", error))
