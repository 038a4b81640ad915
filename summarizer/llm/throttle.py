"""When a request may leave: one object for an endpoint, shared by all who send to it.

Three things are known for all of them at once. Limits of requests and tokens a minute, where the user sets
them, are kept. After a 429 nobody sends until the time that the server asked
for is over: a cooldown. After several connections in a row that failed, nobody tries for a while but one
probe: a circuit. Workers may live in several event loops and threads, so the state is held under a lock and
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
"""How a request ended: a completion; told to wait (429, or any answer with Retry-After); no connection, or
none that lasted; no answer in time; any other answer; given up by the one who sent it."""

LONGEST_WAIT = 600.0  # seconds that are waited at most where no deadline says less
_FIRST_COOLDOWN, _LAST_COOLDOWN = 0.5, 30.0  # seconds, where a 429 names no time; doubled each time
_FAILURES = 8  # connections in a row; twice what one request may use up
_FIRST_PAUSE, _LAST_PAUSE = 5.0, 60.0  # seconds that the circuit stays open; doubled with each failed probe


@dataclass
class Throttle:
    """The cooldown and the circuit of the endpoint ``name``, which is what its errors call it."""

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

    async def before(self, tokens: int) -> None:
        """Wait until a request of about ``tokens`` may leave; each is followed by one call of ``after``.

        Raises RateLimited where the deadline ends before the cooldown, EndpointUnavailable where the circuit
        is open. Both say in ``retry_after`` after how many seconds it is worth trying again.
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
            # A little apart, so that those who waited do not all leave in one moment.
            await asyncio.sleep(wait + random.uniform(0, min(1.0, wait / 4)))  # noqa: S311 - not a secret

    def room_in(self) -> float:
        """Seconds until the limits a minute leave room, for those who have not begun and whose time does not run."""
        with self._lock:
            return self.rates.wait(time.monotonic())

    def after(
        self,
        outcome: Outcome,
        *,
        retry_after: float | None = None,
        seconds: float = 0.0,
        tokens: int = 0,
        thought: int = 0,
    ) -> None:
        """Tell how the request ended.

        ``retry_after`` is what the server asked to wait, ``tokens`` what was used of those that were
        ``thought`` of before.
        """
        with self._lock:
            now = time.monotonic()
            self.rates.correct(thought, tokens, now)
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
