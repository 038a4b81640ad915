"""Keep our own work on long texts off the event loop, so that other articles go on and the deadline is kept."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from summarizer.errors import DeadlineExceeded
from summarizer.llm import deadline

T = TypeVar("T")

LONG = 20_000
"""Characters of a text from which work on it goes to a thread; shorter ones take milliseconds."""


async def off_loop(characters: int, work: Callable[[], T]) -> T:
    """Do work on a text of so many characters, in a thread where it is long.

    Raises DeadlineExceeded when the article's deadline passes. The thread then goes on to its end, unheeded:
    Python cannot stop it. Neither the event loop nor the program waits for it when they end.
    """
    if characters < LONG:
        return work()
    try:
        return await asyncio.wait_for(_in_thread(work), deadline.left())
    except asyncio.TimeoutError:
        raise DeadlineExceeded(
            f"The time for this article was over while its {characters:,} characters were read. Give a shorter text, "
            "or a larger deadline."
        ) from None


def _in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Begin work in a thread of its own: a loop that closes joins the threads of its executor."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def settle(setter: Callable[[Any], None], outcome: Any) -> None:
        if not result.done():
            setter(outcome)

    def body() -> None:
        setter: Callable[[Any], None]
        outcome: Any
        try:
            setter, outcome = result.set_result, context.run(work)
        except BaseException as error:
            setter, outcome = result.set_exception, error
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(settle, setter, outcome)

    threading.Thread(target=body, name="summarizer-text", daemon=True).start()
    return result
