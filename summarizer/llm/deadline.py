"""The time that one article may take, known to everything that waits on its behalf.

It is set once around an article and read where something is waited for: before a request, during it, and
between two attempts. Tasks started inside it inherit it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends: ContextVar[float | None] = ContextVar("ends", default=None)


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """Give what runs inside ``seconds`` from now, or less where an outer deadline ends sooner; None adds none."""
    outer = _ends.get()
    ends = outer
    if seconds is not None:
        ends = time.monotonic() + seconds
        ends = ends if outer is None else min(ends, outer)
    token = _ends.set(ends)
    try:
        yield
    finally:
        _ends.reset(token)


def left() -> float | None:
    """Seconds until the deadline, negative behind it; None where there is none."""
    ends = _ends.get()
    return None if ends is None else ends - time.monotonic()


def allows(seconds: float) -> bool:
    """Whether ``seconds`` can be waited for."""
    remaining = left()
    return remaining is None or seconds < remaining
