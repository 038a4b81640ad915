"""The adaptive limit of articles in flight.

The limit doubles while each doubling raises the throughput. After that a small step up is tried now and then,
and undone if it does not help. When the server answers 429, the limit is halved, once for all articles in
flight at that moment, and recovers one by one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

_START = 4
_WINDOW = 16  # articles over which a rate is measured, at least
_DOUBLE_HELPS, _STEP_HELPS = 1.15, 1.08  # factors of the throughput that make a step worthwhile
_PATIENCE = 4  # windows between two steps up


class Pace:
    """A limit of articles in flight that adapts, up to ``cap``. Use it in one event loop only."""

    def __init__(self, cap: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.cap = cap
        self.limit = min(cap, _START)
        self.in_flight = 0
        self._clock = clock
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._doubling = True
        self._before = 0  # the limit before the step being tried; 0 if none is
        self._rate = 0.0  # articles per second at that limit
        self._quiet = 0  # windows since the last step
        self._lost = 0  # the limit before it was halved, until it has recovered
        self._old = 0  # articles still in flight since before the limit was halved
        self._count = 0
        self._busy = True
        self._opened = clock()

    async def acquire(self) -> None:
        """Wait for a place, first come, first served."""
        if self.in_flight < self.limit and not self._waiting:
            self.in_flight += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.release()
            raise

    def release(self) -> None:
        """Give the place back."""
        self.in_flight -= 1
        self._wake()

    def finished(self) -> None:
        """Note that an article has finished, before its ``release``; adapt the limit after each window."""
        self._count += 1
        self._old = max(0, self._old - 1)
        self._busy = self._busy and (bool(self._waiting) or self.in_flight >= self.limit)
        if self.limit < self._lost:
            if self._old:
                self._count = 0  # older articles say nothing about the new limit
            elif self._count >= self.limit:
                self.limit += 1
                self._open_window()
                self._wake()
            return
        if self._count < max(_WINDOW, self.limit if self._doubling else 3 * self.limit):
            return
        rate = self._count / max(self._clock() - self._opened, 1e-9)
        busy = self._busy
        self._open_window()
        if not busy:  # the input is slower than the server, so the rate says nothing about the limit
            return
        if self._before and rate < self._rate * (_DOUBLE_HELPS if self._doubling else _STEP_HELPS):
            self.limit, self._before, self._doubling, self._quiet = self._before, 0, False, 0
        elif self._doubling or self._before or self._quiet >= _PATIENCE:
            self._step(rate)
        else:
            self._quiet += 1
        self._wake()

    def limited(self) -> None:
        """Halve the limit after a 429, unless it answers an article from before the last halving."""
        if self._old:
            return
        self._old = self.in_flight
        self._lost = max(self.limit, 2)
        self.limit = max(1, self.limit // 2)
        self._before, self._doubling, self._quiet = 0, False, 0
        self._open_window()

    def _step(self, rate: float) -> None:
        if self.limit >= self.cap:
            self._before = 0
            return
        self._before, self._rate, self._quiet = self.limit, rate, 0
        self.limit = min(self.cap, self.limit * 2 if self._doubling else self.limit + max(1, self.limit // 4))

    def _open_window(self) -> None:
        self._opened, self._count, self._busy = self._clock(), 0, True

    def _wake(self) -> None:
        while self._waiting and self.in_flight < self.limit:
            place = self._waiting.popleft()
            if not place.done():
                self.in_flight += 1
                place.set_result(None)
