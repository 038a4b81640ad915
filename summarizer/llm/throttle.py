"""Decides when a request may be sent. One throttle for an endpoint, shared by all workers that send to it.

It keeps three things: the user's rate limits of requests and tokens a minute; a cooldown after a 429, in
which nobody sends; and a circuit breaker, which after several failed connections in a row lets only one probe
through for a while. Workers may run in several event loops and threads, so a lock guards the state, and
nothing is awaited while it is held.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Literal

from summarizer.errors import EndpointUnavailable, RateLimited
from summarizer.llm import deadline
from summarizer.llm.rates import Rates

Outcome = Literal["ok", "limited", "unreachable", "silent", "failed", "cancelled"]
"""How a request ended: with a completion; with a 429 or a Retry-After; without a lasting connection; without an
answer in time; with any other answer; given up by its sender."""

LONGEST_WAIT = 600.0  # seconds, where no deadline ends it sooner
_FIRST_COOLDOWN, _LAST_COOLDOWN = 0.5, 30.0  # seconds, where a 429 names no time; doubled each time
_FAILURES = 8  # connections in a row; twice what one request may use up
_FIRST_PAUSE, _LAST_PAUSE = 5.0, 60.0  # seconds that the circuit stays open; doubled with each failed probe


@dataclass
class Throttle:
    """The rate limits, cooldown and circuit breaker of one endpoint. ``name`` is what its errors call it."""

    name: str
    rates: Rates = field(default_factory=Rates, repr=False)
    asked_to_wait: int = 0  # answers that did, in all
    answered: bool = False  # the server has answered a request, in whatever way
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _cool_until: float = 0.0
    _limited: int = 0  # answers in a row that asked to wait
    _unreachable: int = 0  # connections in a row that failed
    _opened: int = 0  # times that the circuit opened since a connection last held
    _open_until: float = 0.0
    _probing: bool = False

    async def acquire(self, tokens: int) -> None:
        """Wait until a request of about ``tokens`` may be sent. Call ``release`` once when it has ended.

        Raises RateLimited where the deadline ends before the cooldown, EndpointUnavailable where the circuit
        is open. ``retry_after`` of both is the number of seconds after which to try again.
        """
        while True:
            with self._lock:
                now = time.monotonic()
                own = self.rates.wait(now)
                wait = max(self._cool_until - now, own)
                if wait <= 0:
                    self._pass_circuit(now)
                    self.rates.take(tokens, now)
                    return
            if wait == own and not deadline.allows(wait):
                raise RateLimited(
                    f"The limit of requests or tokens a minute would be kept only after {wait:.0f} s, and that "
                    "is longer than the time allowed. Ask for fewer articles at a time.",
                    retry_after=wait,
                )
            if (wait > LONGEST_WAIT and wait != own) or not deadline.allows(wait):
                raise RateLimited(
                    f"{self.name} has too many requests and asks to wait {wait:.0f} s, "
                    "which is longer than the time allowed.",
                    retry_after=wait,
                )
            # Jitter, so that the waiting requests are not all sent at once.
            await asyncio.sleep(wait + random.uniform(0, min(1.0, wait / 4)))  # noqa: S311 - not a secret

    def room_in(self) -> float:
        """Seconds until the rate limits leave room, for articles that have not begun and have no deadline yet."""
        with self._lock:
            return self.rates.wait(time.monotonic())

    def release(
        self,
        outcome: Outcome,
        *,
        retry_after: float | None = None,
        seconds: float = 0.0,
        tokens: int = 0,
        estimate: int = 0,
    ) -> None:
        """Record how the request ended.

        ``retry_after`` is the time in seconds that the server asked to wait, ``tokens`` the number used, and
        ``estimate`` the number given to ``acquire``.
        """
        with self._lock:
            now = time.monotonic()
            self.rates.correct(estimate, tokens, now)
            probe, self._probing = self._probing, False
            if outcome == "cancelled":
                return
            if outcome == "unreachable":
                self._unreachable += 1
                if self._unreachable >= _FAILURES and (probe or not self._opened):
                    self._open_until = now + min(_LAST_PAUSE, _FIRST_PAUSE * 2.0**self._opened)
                    self._opened = min(self._opened + 1, 10)
                return
            self._unreachable = self._opened = 0
            self.answered = self.answered or outcome != "silent"
            if outcome == "limited":
                asked = retry_after
                if asked is None:
                    asked = min(_LAST_COOLDOWN, _FIRST_COOLDOWN * 2.0**self._limited)
                self._limited = min(self._limited + 1, 10)
                self._cool_until = max(self._cool_until, now + asked)
                self.asked_to_wait += 1
            elif outcome == "ok":
                self._limited = 0

    def _pass_circuit(self, now: float) -> None:
        if self._unreachable < _FAILURES:
            return
        if now >= self._open_until and not self._probing:
            self._probing = True
            return
        wait = max(self._open_until - now, 1.0)
        raise EndpointUnavailable(
            f"{self.name} cannot be reached: {self._unreachable} connections in a row failed, so nothing more "
            f"is sent to it for {wait:.0f} s. Is the server running, and is the address right?",
            retry_after=wait,
        )
