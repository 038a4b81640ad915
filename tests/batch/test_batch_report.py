"""The progress in words: at a terminal, in a log, as JSON, and not at all."""

from __future__ import annotations

import io
import json
from decimal import Decimal

import pytest

from summarizer.batch import report
from summarizer.batch.report import Form, Report, duration, line
from summarizer.batch.results import Progress
from summarizer.records.values import Usage


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def progress(monkeypatch: pytest.MonkeyPatch) -> Progress:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    spent = Usage(prompt_tokens=1_200_000, completion_tokens=30_000, cost=Decimal("0.534"))
    found = Progress(total=2000, done=390, failed=10, reused=300, in_flight=8, spent=spent)
    found.began -= 50
    return found


def test_line_in_words(progress: Progress) -> None:
    """Done, failed, rate, time left, tokens and money stand in one line."""
    assert line(progress) == (
        "400/2,000 articles · 10 failed · 300 from the journal · 2.0/s · 13 min 20 s left · 8 in flight · "
        "1.2 million tokens · $0.53"
    )
    assert line(Progress()) == "0 articles"


def test_terminal(progress: Progress, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the line is written over, cut to the width, and the last stays."""
    monkeypatch.setattr(report, "_LIVE", 0.0)
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    shown = Report(Form.LINE, quiet=False, stream=stream)
    shown(progress)
    shown.say("hello")
    shown.close()
    pieces = stream.getvalue().split("\r")
    assert pieces[1] == "400/2,000 articles · 10 faile\x1b[K"
    assert pieces[2] == "\x1b[Ksummarizer: hello\n"
    assert pieces[3].endswith("\x1b[K\n")


@pytest.mark.parametrize("dumb", [True, False])
def test_log(progress: Progress, dumb: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a log, and at a dumb terminal, there are few lines and no control codes."""
    stream: io.StringIO = io.StringIO()
    if dumb:
        monkeypatch.setenv("TERM", "dumb")
        stream = Terminal()
    shown = Report(Form.LINE, quiet=False, stream=stream)
    for _ in range(10):
        shown(progress)
    shown.close()
    assert stream.getvalue() == line(progress) + "\n"


def test_json(progress: Progress) -> None:
    """JSON is one object a line."""
    stream = io.StringIO()
    shown = Report(Form.JSON, quiet=False, stream=stream)
    shown(progress)
    shown.close()
    found = json.loads(stream.getvalue())
    assert (found["total"], found["done"], found["failed"], found["left_seconds"]) == (2000, 390, 10, 800)
    assert found["cost"] == "0.534"


def test_quiet(progress: Progress) -> None:
    """Quiet shows no progress, only what is said."""
    stream = Terminal()
    shown = Report(Form.LINE, quiet=True, stream=stream)
    shown(progress)
    shown.close()
    assert stream.getvalue() == ""
    shown.say("words")
    assert stream.getvalue() == "summarizer: words\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (7260, "2 h 1 min"), (200_000, "2 d 7 h")],
)
def test_durations(seconds: float, words: str) -> None:
    """A time in its two largest units."""
    assert duration(seconds) == words
