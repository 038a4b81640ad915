"""Limits of requests and of tokens a minute, as the user sets them.

Each is a bucket that fills evenly and holds five seconds' worth, so that a minute's quota is not sent in its
first second. A request leaves when nothing is owed and may then owe more than is there (its tokens are known
only afterwards): those behind it wait for that.
"""

from __future__ import annotations

from dataclasses import dataclass

_BURST = 5.0  # seconds' worth that a bucket holds


@dataclass
class Bucket:
    """So many units a minute; times are in seconds of one clock."""

    a_minute: float
    _level: float = 0.0
    _at: float | None = None

    def wait(self, now: float) -> float:
        """Seconds until something may leave; 0.0 where it may now."""
        self._fill(now)
        return max(0.0, -self._level / self._a_second)

    def take(self, units: float, now: float) -> None:
        """Take units out; negative ones are given back."""
        self._fill(now)
        self._level -= units

    @property
    def _a_second(self) -> float:
        return self.a_minute / 60

    def _fill(self, now: float) -> None:
        holds = self._a_second * _BURST
        if self._at is None:
            self._level = holds
        else:
            self._level = min(holds, self._level + (now - self._at) * self._a_second)
        self._at = now


class Rates:
    """The two limits of an endpoint; None sets none."""

    def __init__(self, requests: int | None = None, tokens: int | None = None) -> None:
        self._requests = Bucket(requests) if requests else None
        self._tokens = Bucket(tokens) if tokens else None
        self.spacing = 60 / requests if requests else 0.0
        """Seconds between two requests that leave evenly."""

    @property
    def limited(self) -> bool:
        """Whether there is a limit at all."""
        return self._requests is not None or self._tokens is not None

    def wait(self, now: float) -> float:
        """Seconds until a request may leave."""
        return max((bucket.wait(now) for bucket in (self._requests, self._tokens) if bucket), default=0.0)

    def take(self, tokens: int, now: float) -> None:
        """One request leaves, with about so many tokens, reply included."""
        if self._requests:
            self._requests.take(1, now)
        if self._tokens:
            self._tokens.take(tokens, now)

    def correct(self, thought: int, used: int, now: float) -> None:
        """The request that was thought to take so many tokens used so many."""
        if self._tokens:
            self._tokens.take(used - thought, now)
