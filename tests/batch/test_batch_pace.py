"""How many are in flight: a simulated server with a known capacity, in simulated time."""

from __future__ import annotations

import asyncio
import heapq

import pytest

from summarizer.batch.pace import Pace


def simulate(cap: int, capacity: int, articles: int, seconds: float = 1.0) -> tuple[Pace, list[int]]:
    """Let a server that works on ``capacity`` articles at a time answer; return the limits as they went."""
    now = 0.0
    pace = Pace(cap, clock=lambda: now)
    ends: list[float] = []
    limits = []
    left = articles
    while left or ends:
        while left and pace.in_flight < pace.limit:
            pace.in_flight += 1
            left -= 1
            queue = sorted(ends)[-capacity:]
            begins = now if len(queue) < capacity else max(now, queue[0])
            heapq.heappush(ends, begins + seconds)
        now = heapq.heappop(ends)
        pace.finished()
        pace.in_flight -= 1
        limits.append(pace.limit)
    return pace, limits


def test_grows_while_it_helps() -> None:
    """Against a server that takes any number, the cap is reached within a few hundred articles, and kept."""
    pace, limits = simulate(cap=200, capacity=10_000, articles=3000)
    assert pace.limit == 200
    assert limits.index(200) < 600


def test_stops_growing_where_it_does_not_help() -> None:
    """Against a server that works on 16 at a time, about as many are in flight, not the cap."""
    _, limits = simulate(cap=200, capacity=16, articles=3000)
    late = limits[500:]
    assert min(late) >= 12
    assert max(late) <= 40


def test_one_at_a_time_stays_so() -> None:
    """A cap of one is one."""
    pace, limits = simulate(cap=1, capacity=1, articles=50)
    assert set(limits) == {1}
    assert pace.in_flight == 0


def test_halves_once_for_those_in_flight() -> None:
    """Many refusals of one moment halve the limit once; a refusal of one begun since halves it again."""
    pace = Pace(64)
    pace.limit = pace.in_flight = 32
    for _ in range(10):
        pace.limited()
    assert pace.limit == 16
    for _ in range(32):
        pace.finished()
        pace.release()
    pace.in_flight = 16
    pace.limited()
    assert pace.limit == 8


def test_never_below_one() -> None:
    """However often the server refuses, one article is tried."""
    pace = Pace(8)
    for _ in range(20):
        pace.limited()
    assert pace.limit == 1


def test_a_slow_input_teaches_nothing() -> None:
    """Where fewer are in flight than may be, the limit is left alone."""
    pace = Pace(64)
    for _ in range(200):
        pace.in_flight = 1
        pace.finished()
    assert pace.limit == 4


def test_waiting_for_a_place_can_be_given_up() -> None:
    """One who no longer waits takes no place with him."""

    async def scenario() -> Pace:
        pace = Pace(1)
        await pace.acquire()
        waiting = [asyncio.create_task(pace.acquire()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        pace.release()
        await asyncio.wait_for(waiting[1], 1)
        pace.release()
        await asyncio.wait_for(waiting[2], 1)
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        return pace

    assert asyncio.run(scenario()).in_flight == 1
