"""The items of any iterable, read a few ahead by somebody else, so that waiting for input holds up nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import suppress
from typing import Any, Generic, Literal, TypeVar

T = TypeVar("T")

_AHEAD = 32  # items read before they are wanted


class Feed(Generic[T]):
    """An asynchronous iterator over a plain or an asynchronous iterable; make it where a loop runs.

    A plain iterable is read in a thread of its own, for it may block (a pipe, a slow disk). ``stop`` ends the
    iteration at once; the thread ends when its next item comes.
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

    def _tell(self, what: Literal["item", "end", "error"], value: Any) -> None:
        with suppress(RuntimeError):  # the loop was closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._queue.put_nowait, (what, value))

    def _read(self, items: Iterable[T], room: threading.Semaphore) -> None:
        iterator: Iterator[T] = iter(())
        try:
            iterator = iter(items)
            for item in iterator:
                room.acquire()
                if self._stopped.is_set():
                    return
                self._tell("item", item)
            self._tell("end", None)
        except BaseException as error:  # carried over to the one who waits for the item
            self._tell("error", error)
        finally:
            close = getattr(iterator, "close", None)  # a generator's open files
            if close is not None:
                close()

    async def _read_async(self, items: AsyncIterable[T], room: asyncio.Semaphore) -> None:
        try:
            async for item in items:
                await room.acquire()
                self._queue.put_nowait(("item", item))
            self._queue.put_nowait(("end", None))
        except Exception as error:  # carried over, as above
            self._queue.put_nowait(("error", error))
