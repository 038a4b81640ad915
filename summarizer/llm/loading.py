"""Load a model off the event loop, and stop at once when the task is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeAlias, TypeVar

Progress: TypeAlias = Callable[[str, int, int], None]
T = TypeVar("T")


class _Cancelled(Exception):
    """The task that wanted the model was cancelled."""


async def load_in_thread(load: Callable[[Progress], T], progress: Progress | None) -> T:
    """Run ``load(progress)`` in a thread and return its result.

    When this task is cancelled, the next progress report of ``load`` raises, which ends it. The thread is a
    daemon, so a Ctrl-C does not wait for a download that hangs.
    """
    cancelled = threading.Event()
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()  # from here on, only the thread sets the result

    def report(stage: str, done: int, total: int) -> None:
        if cancelled.is_set():
            raise _Cancelled
        if progress is not None:
            progress(stage, done, total)

    def work() -> None:
        try:
            result.set_result(load(report))
        except BaseException as error:
            result.set_exception(error)

    threading.Thread(target=work, name="summarizer-load", daemon=True).start()
    try:
        return await asyncio.wrap_future(result)
    except asyncio.CancelledError:
        cancelled.set()
        raise
