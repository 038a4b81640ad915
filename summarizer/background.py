"""An event loop in a thread of its own, so that plain functions also work where a loop runs already."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="summarizer", daemon=True).start()
    return loop


def run(work: Coroutine[Any, Any, T]) -> T:
    """Do the work on the background loop and wait for it; its context variables are the caller's."""
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()  # Ctrl-C ends the request that is under way
        raise
