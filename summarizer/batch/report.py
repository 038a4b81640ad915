"""The progress of a batch on standard error: a live line, lines for a log, or JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from dataclasses import asdict
from enum import Enum
from pathlib import Path
from typing import IO

from summarizer.batch.output import silence
from summarizer.batch.results import Progress
from summarizer.batch.store import Status, read_status
from summarizer.render.safe import one_line

_LIVE = 0.2  # seconds between two states of the live line
_LOG = 30.0  # seconds between two lines of a log


class Form(str, Enum):
    """The form of the progress."""

    LINE = "line"
    JSON = "json"


class Report:
    """Shows the progress of one run; call it after each article, and ``close`` at the end.

    At a terminal one line is updated in place. Elsewhere a plain line is written every 30 seconds and at the
    end, without control codes. JSON is one object per line, as often.
    """

    def __init__(self, form: Form, *, quiet: bool, stream: IO[str] | None = None) -> None:
        self._form = form
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._live = form is Form.LINE and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = time.monotonic() if not self._live else 0.0
        self._last: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Show the progress if it is due."""
        self._last = progress
        now = time.monotonic()
        if not self._quiet and now - self._shown >= (_LIVE if self._live else _LOG):
            self._shown = now
            self._show(progress)

    def say(self, text: str) -> None:
        """Write a message above the live line."""
        self.clear()
        self._write(f"summarizer: {text}\n")

    def clear(self) -> None:
        """Erase the live line."""
        if self._live and not self._quiet:
            self._write("\r\x1b[K")

    def close(self) -> None:
        """Show the final state and leave it on the screen."""
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
        """Write; a full disk or closed pipe behind standard error does not end the batch."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            silence(self._stream)


def line(progress: Progress) -> str:
    """Return the progress as text: done, failed, rate, time left, tokens, cost."""
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
    """Return articles per second, minute or hour, whichever is 1 or more."""
    for seconds, unit in ((1, "s"), (60, "min")):
        if per_second * seconds >= 1:
            return f"{per_second * seconds:.1f}/{unit}"
    return f"{per_second * 3600:.1f}/h"


def duration(seconds: float) -> str:
    """Return a duration in its two largest units: 3 h 20 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"


def count(number: int) -> str:
    """Return a number of tokens, shortened: 1.2 million."""
    if number < 10_000:
        return f"{number:,}"
    return f"{number / 1000:,.0f}k" if number < 1_000_000 else f"{number / 1_000_000:,.1f} million"


def status(journal: Path, *, as_json: bool) -> str:
    """Return the state of the batch of a journal, as text or JSON. Raises ConfigurationError."""
    found = read_status(journal)
    spent = found.spent
    tokens = spent.prompt_tokens + spent.completion_tokens
    if as_json:
        totals = {**spent.model_dump(mode="json"), "tokens": tokens}
        return json.dumps({**asdict(found), "spent": totals, "journal": str(journal)})
    cost = "" if spent.cost is None else f", ${spent.cost:,.2f}"
    lines = [
        ("journal", str(journal)),
        ("state", _state(found)),
        ("articles", ", ".join(f"{number:,} {name}" for name, number in found.items.items())),
        ("failed", ", ".join(f"{number:,} {kind}" for kind, number in found.failures.items())),
        ("last run", _last_run(found)),
        ("", _speed(found)),
        ("spent", f"{spent.requests:,} requests, {count(tokens)} tokens{cost}"),
    ]
    return "\n".join(f"{label:<10}{one_line(text)}" for label, text in lines if text)


def _state(found: Status) -> str:
    if found.running:
        return "running"
    if found.ended is None:
        return "killed: the last run did not end by itself"
    return f"ended ({found.outcome}, {_ago(found.ended)})"


def _last_run(found: Status) -> str:
    if found.started is None:
        return ""
    about = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.about.items())
    return f"started {_ago(found.started)}; {about}"


def _speed(found: Status) -> str:
    progress = found.progress
    if not progress:
        return ""
    total = f" of {progress['total']:,}" if progress.get("total") else ""
    parts = [f"{progress['done'] + progress['failed']:,}{total} processed"]
    if progress["per_second"]:
        parts.append(rate(progress["per_second"]))
    if found.running and progress.get("left_seconds"):
        parts.append(f"{duration(progress['left_seconds'])} left")
    return ", ".join(parts)


def _ago(moment: float) -> str:
    return f"{duration(max(0.0, time.time() - moment))} ago"
