"""Tells a server that is gone from articles that fail on their own."""

from __future__ import annotations

from collections.abc import Callable

from summarizer.errors import (
    DeadlineExceeded,
    EndpointUnavailable,
    InputError,
    RateLimited,
    SummarizerError,
)

_STREAK = 20  # articles in a row without an answer, after which the server is taken to be gone
_FIRST_STREAK = (
    3  # the same for a server that has never answered: the address is wrong, or nothing runs there
)


class ServerGone(Exception):
    """So many articles in a row got no answer that the rest would fail like them."""


class Outage:
    """Counts the articles since the last answer. ``answered`` tells whether any request was ever answered.

    ``keys`` identify the articles that found no server since then.
    """

    def __init__(self, answered: Callable[[], bool]) -> None:
        self.keys: list[str] = []
        self._last: SummarizerError | None = None
        self._answered = False
        self._any_answer = answered

    @property
    def reached(self) -> bool:
        """Whether the server has ever answered, in whatever way."""
        return self._answered or self._any_answer()

    @property
    def from_the_start(self) -> bool:
        """Whether the server has never answered and the last article found none."""
        return isinstance(self._last, EndpointUnavailable) and not self.reached

    def note_answer(self) -> None:
        """Note that the server has answered."""
        self._answered = True
        self.keys.clear()
        self._last = None

    def note_failure(self, key: str, error: Exception, *, ending: bool) -> None:
        """Note that an article failed. Raises ServerGone if it shows that the server is gone.

        ``ending``: the run is ending for another article, so one without an answer is enough.
        """
        if isinstance(error, RateLimited):
            self._answered = True
        unavailable = isinstance(error, (EndpointUnavailable, RateLimited))
        late = isinstance(error, DeadlineExceeded) and not self.reached
        if isinstance(error, SummarizerError) and (unavailable or late):
            self.keys.append(key)
            self._last = error
            limit = _STREAK if late or self.reached else _FIRST_STREAK
            if len(self.keys) >= limit or (unavailable and ending):
                raise ServerGone
        elif not isinstance(error, InputError):  # unusable input says nothing about the server
            self.note_answer()

    def error(self) -> EndpointUnavailable:
        """Return the error that ends the run."""
        count = len(self.keys)
        articles = "1 article" if count == 1 else f"{count} articles in a row"
        what = (
            "got no answer from the server"
            if self.reached
            else "got no answer; the server has never answered"
        )
        return EndpointUnavailable(f"{articles} {what}, so the batch ends here. Last error: {self._last}")
