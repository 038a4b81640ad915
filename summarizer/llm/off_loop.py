"""Keep our own work on long texts off the event loop, so that other articles go on and the deadline is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from summarizer.errors import DeadlineExceeded
from summarizer.llm import deadline

T = TypeVar("T")

LONG = 20_000
"""Characters of a text from which work on it goes to a thread; shorter ones take milliseconds."""


async def off_loop(characters: int, work: Callable[[], T]) -> T:
    """Do work on a text of so many characters, in a thread where it is long.

    Raises DeadlineExceeded when the article's deadline passes. The thread then goes on to its end, unheeded: Python
    cannot stop it.
    """
    if characters < LONG:
        return work()
    try:
        return await asyncio.wait_for(asyncio.to_thread(work), deadline.left())
    except asyncio.TimeoutError:
        raise DeadlineExceeded(
            f"The time for this article was over while its {characters:,} characters were read. Give a shorter text, "
            "or a larger deadline."
        ) from None
