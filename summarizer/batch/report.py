"""How far a batch is, on standard error: one line that is written over, lines for a log, or JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from enum import Enum
from typing import IO

from summarizer.batch.output import silence
from summarizer.batch.results import Progress

_LIVE = 0.2  # seconds between two states of the live line
_LOG = 30.0  # seconds between two lines of a log


class Form(str, Enum):
    """How the progress is shown."""

    LINE = "line"
    JSON = "json"


class Report:
    """Shows the progress of one run; call it after each article, and ``close`` at the end.

    At a terminal the line is written over in place; elsewhere there is a plain line every half minute and one
    at the end, without control codes. JSON is one object a line, as often.
    """

    def __init__(self, form: Form, *, quiet: bool, stream: IO[str] | None = None) -> None:
        self._form = form
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._live = form is Form.LINE and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = time.monotonic() if not self._live else 0.0
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Show the progress, if it is time to."""
        self._last = progress
        now = time.monotonic()
        if not self._quiet and now - self._shown >= (_LIVE if self._live else _LOG):
            self._shown = now
            self._show(progress)

    def say(self, text: str) -> None:
        """Write a line of words, above the live line."""
        self.clear()
        self._write(f"summarizer: {text}\n")

    def clear(self) -> None:
        """Wipe the live line away."""
        if self._live and not self._quiet:
            self._write("\r\x1b[K")

    def close(self) -> None:
        """Show the last state, to stay."""
        if self._last is not None and not self._quiet:
            self._show(self._last)
            if self._live:
                self._write("\n")

    def _show(self, progress: Progress) -> None:
        if self._form is Form.JSON:
            self._write(json.dumps(progress.as_dict()) + "\n")
        elif self._live:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"\r{line(progress)[:width]}\x1b[K")
        else:
            self._write(line(progress) + "\n")

    def _write(self, text: str) -> None:
        """Write, unless nobody can read it: a full disk or a closed pipe behind a log ends no batch."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            silence(self._stream)


def line(progress: Progress) -> str:
    """The progress in words: done, failed, rate, time left, tokens, money."""
    of = f"/{progress.total:,}" if progress.total is not None else ""
    parts = [f"{progress.done + progress.failed:,}{of} articles"]
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.reused:
        parts.append(f"{progress.reused:,} from the journal")
    if progress.rate:
        parts.append(rate(progress.rate))
    if progress.left:
        parts.append(f"{duration(progress.left)} left")
    if progress.in_flight:
        parts.append(f"{progress.in_flight} in flight")
    if progress.tokens:
        parts.append(f"{count(progress.tokens)} tokens")
    if progress.spent.cost is not None:
        parts.append(f"${progress.spent.cost:,.2f}")
    return " · ".join(parts)


def rate(per_second: float) -> str:
    """Articles a second, a minute or an hour, whichever gives a number to read."""
    for seconds, unit in ((1, "s"), (60, "min")):
        if per_second * seconds >= 1:
            return f"{per_second * seconds:.1f}/{unit}"
    return f"{per_second * 3600:.1f}/h"


def duration(seconds: float) -> str:
    """Seconds in the two largest units: 3 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"


def count(number: int) -> str:
    """A number of tokens, short: 1.2 million."""
    if number < 10_000:
        return f"{number:,}"
    return f"{number / 1000:,.0f}k" if number < 1_000_000 else f"{number / 1_000_000:,.1f} million"
