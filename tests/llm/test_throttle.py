"""When requests may leave: cooldown and circuit, without any server."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from summarizer import errors
from summarizer.llm import deadline
from summarizer.llm import throttle as module
from summarizer.llm.throttle import Throttle


def pass_through(throttle: Throttle, seconds: float | None = None) -> float:
    """How long it took until a request could leave."""

    async def run() -> None:
        with deadline.within(seconds):
            await throttle.acquire(100)

    start = time.monotonic()
    asyncio.run(run())
    return time.monotonic() - start


def test_one_answer_of_429_holds_all_workers_in_all_loops() -> None:
    """What one worker was told is waited for by the others, in other threads and event loops too."""
    throttle = Throttle("here")
    throttle.release("limited", retry_after=0.3)
    waited: list[float] = []
    workers = [threading.Thread(target=lambda: waited.append(pass_through(throttle))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(waited) == 3
    assert min(waited) >= 0.25


def test_a_longer_wait_than_the_deadline_is_not_begun() -> None:
    """The wait that cannot end in time raises at once, and says how long it would be."""
    throttle = Throttle("here")
    throttle.release("limited", retry_after=30)
    with pytest.raises(errors.RateLimited, match="30 s") as caught:
        pass_through(throttle, seconds=5)
    assert caught.value.retry_after == pytest.approx(30, abs=1)


def test_a_429_without_a_time_is_waited_out_longer_each_time() -> None:
    """Where the server names no time, the cooldown doubles, and a completion ends that."""
    throttle = Throttle("here")
    waits = []
    for _ in range(3):
        throttle.release("limited")
        waits.append(throttle._cool_until - time.monotonic())
        throttle._cool_until = 0
    assert waits == pytest.approx([0.5, 1, 2], abs=0.1)
    throttle.release("ok")
    throttle.release("limited")
    assert throttle._cool_until - time.monotonic() == pytest.approx(0.5, abs=0.1)


def test_the_circuit_opens_says_so_and_lets_one_probe_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """After eight failed connections nobody sends, then one does; if it succeeds, all do."""
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.1)
    throttle = Throttle("http://h/v1")
    for _ in range(8):
        pass_through(throttle)
        throttle.release("unreachable")
    with pytest.raises(errors.EndpointUnavailable, match="8 connections in a row failed"):
        pass_through(throttle)
    time.sleep(0.12)
    pass_through(throttle)  # the probe
    with pytest.raises(errors.EndpointUnavailable):
        pass_through(throttle)
    throttle.release("unreachable")
    with pytest.raises(errors.EndpointUnavailable):
        pass_through(throttle)
    time.sleep(0.22)
    pass_through(throttle)
    throttle.release("ok")
    pass_through(throttle)
    pass_through(throttle)


def test_a_probe_that_was_given_up_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C during the probe does not leave the circuit open for ever."""
    monkeypatch.setattr(module, "_FIRST_PAUSE", 0.0)
    throttle = Throttle("here")
    for _ in range(8):
        throttle.release("unreachable")
    pass_through(throttle)
    throttle.release("cancelled")
    pass_through(throttle)


def test_an_inner_deadline_never_ends_after_the_outer() -> None:
    """The nearer of two deadlines holds, and the outer one is back afterwards."""
    assert deadline.left() is None
    with deadline.within(10):
        with deadline.within(100):
            assert 9 < (deadline.left() or 0) <= 10
        with deadline.within(1):
            assert not deadline.allows(2)
        assert deadline.allows(5)
