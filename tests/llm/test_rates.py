"""Limits a minute: in simulated time, and through the throttle."""

from __future__ import annotations

import asyncio

import pytest

from summarizer.errors import RateLimited
from summarizer.llm import deadline
from summarizer.llm.rates import Rates
from summarizer.llm.throttle import Throttle


def leave(rates: Rates, count: int, tokens: int) -> float:
    """Send so many as fast as is allowed; return the seconds of simulated time."""
    now = 0.0
    for _ in range(count):
        now += rates.wait(now)
        rates.take(tokens, now)
    return now


def test_requests_a_minute() -> None:
    """Two minutes' worth of requests takes about two minutes, less the five seconds that may be sent at once."""
    assert leave(Rates(requests=60), 120, 10) == pytest.approx(120 - 5, abs=2)


def test_tokens_a_minute() -> None:
    """Tokens are kept as well, also where one request takes more than the bucket holds."""
    assert leave(Rates(tokens=6000), 20, 3000) == pytest.approx(20 * 30 - 5 - 30, abs=2)
    assert leave(Rates(requests=600, tokens=6000), 20, 3000) > 500


def test_what_was_not_used_is_given_back() -> None:
    """A reply that was shorter than it might have been lets the next leave sooner."""
    rates = Rates(tokens=6000)
    rates.take(3000, 0.0)
    before = rates.wait(0.0)
    rates.correct(3000, 1000, 0.0)
    assert rates.wait(0.0) == pytest.approx(before - 20)


def test_no_limit() -> None:
    """Without limits nobody waits."""
    rates = Rates()
    assert not rates.limited
    assert leave(rates, 1000, 10**6) == 0.0
    rates.correct(1, 2, 0.0)


def test_throttle_keeps_the_limits() -> None:
    """A request waits for the limits, and is not sent where the deadline ends before."""

    async def scenario() -> None:
        throttle = Throttle("there", rates=Rates(requests=12))  # one at once, then one in five seconds
        for _ in range(2):
            await throttle.acquire(10)
            throttle.release("ok", tokens=10, estimate=10)
        assert 4 < throttle.room_in() <= 5
        with deadline.within(0.5), pytest.raises(RateLimited, match="fewer articles at a time"):
            await throttle.acquire(10)

    asyncio.run(scenario())
