"""The queue: so many articles are read at a time, so many wait, and the rest are refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from typing_extensions import Self


class QueueFull(Exception):
    """No place is left in the queue."""


class WorkQueue:
    """First come, first served. ``running`` articles are read at a time, and at most ``waiting`` wait."""

    def __init__(self, running: int, waiting: int) -> None:
        self.running = running
        self.waiting = waiting
        self.places: list[Place] = []
        self._admitted = 0

    def enter(self) -> Place:
        """Return a place, to be left at the end. Raises QueueFull."""
        if self._admitted >= self.running + self.waiting:
            raise QueueFull
        self._admitted += 1
        return Place(self)

    def leave(self, place: Place) -> None:
        """Take a place out, and let the others move up."""
        self._admitted -= 1
        if place in self.places:
            self.places.remove(place)
        for other in self.places:
            other.moved.set()


class Place:
    """A place in the queue; a context manager that leaves it. An article that is still uploaded holds up nobody."""

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue
        self._left = self._kept = False
        self.moved = asyncio.Event()

    async def turn(self, tell: Callable[[int], None]) -> None:
        """Wait until it is this article's turn. ``tell`` gets the position each time it changes, 0 at the end."""
        self._queue.places.append(self)
        told = -1
        while told:
            position = max(0, self._queue.places.index(self) + 1 - self._queue.running)
            if position != told:
                tell(position)
                told = position
            if position:
                self.moved.clear()
                await self.moved.wait()

    def keep(self) -> None:
        """Keep the place beyond the block: what was started there leaves it."""
        self._kept = True

    def leave(self) -> None:
        """Leave the queue, once."""
        if not self._left:
            self._left = True
            self._queue.leave(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._kept:
            self.leave()
