"""The command line as a process of its own: pipes, terminals, signals, and what it imports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from summarizer import __version__

pytestmark = pytest.mark.slow
pty = pytest.importorskip("pty")

CHILD = """
import sys, time
import summarizer.pipeline
from summarizer.records.deal import DealSummary

def fake(source, *, progress=None, **options):
    if progress is not None:
        progress("asking: amount", 2, 7)
        time.sleep(0.4)
    if str(source) == "slow":
        print("begun", file=sys.stderr, flush=True)
        time.sleep(30)
    return DealSummary(is_deal=True, headline="→ Alder buys Birch", narrative="Alder Paper pays $40 million for Birch Mills. " * 3)

summarizer.pipeline.summarize = fake
from summarizer.cli.main import main
main()
"""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", CHILD, *arguments]


def test_pipe_gets_plain_words() -> None:
    """Through a pipe the text has no escape sequence and is 80 columns wide, and standard error is empty."""
    done = subprocess.run(command("summarize", "a"), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout
    lines = done.stdout.decode().splitlines()
    assert 70 < max(map(len, lines)) <= 80


def test_output_that_lacks_letters() -> None:
    """Where the output cannot show a letter, a question mark stands for it; JSON is UTF-8 all the same."""
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    text = subprocess.run(
        command("summarize", "a"), capture_output=True, timeout=60, check=True, env=environment
    )
    assert b"? Alder buys Birch" in text.stdout
    json_arguments = command("summarize", "a", "--format", "json")
    out = subprocess.run(json_arguments, capture_output=True, timeout=60, check=True, env=environment).stdout
    assert json.loads(out)["headline"] == "→ Alder buys Birch"


def test_reader_that_goes_away() -> None:
    """Where the reader of the output leaves, as head does, the program ends without a word."""
    arguments = command("summarize", *["a"] * 200, "--format", "jsonl")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_control_c() -> None:
    """Ctrl-C ends the program with one line, no traceback, and exit code 130."""
    arguments = command("summarize", "slow")
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"summarizer: Interrupted.\n"
        assert process.wait(timeout=60) == 130


@pytest.fixture
def terminal() -> Callable[..., tuple[bytes, bytes]]:
    """Runs a command whose standard error is a terminal; returns what came there, and on standard output."""

    def start(arguments: list[str], **environment: str) -> tuple[bytes, bytes]:
        ours, theirs = pty.openpty()
        env = {**os.environ, "TERM": "xterm", "COLUMNS": "80", **environment}
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=theirs, env=env) as process:
            os.close(theirs)
            seen = b""
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    chunk = os.read(ours, 4096)
                except OSError:  # the other end is closed
                    break
                if not chunk:
                    break
                seen += chunk
            os.close(ours)
            assert process.stdout is not None
            return seen, process.stdout.read()

    return start


def test_progress_at_a_terminal(terminal: Callable[..., tuple[bytes, bytes]]) -> None:
    """At a terminal the stage and seconds are shown on standard error and wiped away; standard output is clean."""
    seen, out = terminal(command("summarize", "a", "b"))
    assert b"asking: amount 2/7" in seen
    assert b"1/2 a" in seen
    assert b"0 s" in seen
    assert seen.rstrip().endswith(b"\x1b[2K")
    assert b"\x1b" not in out
    assert b"asking" not in out


@pytest.mark.parametrize(("arguments", "environment"), [(("--quiet",), {}), ((), {"TERM": "dumb"})])
def test_no_progress_where_unwanted(
    terminal: Callable[..., tuple[bytes, bytes]], arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    """Nothing moves on standard error under --quiet or on a dumb terminal."""
    seen, out = terminal(command("summarize", "a", *arguments), **environment)
    assert b"asking" not in seen
    assert b"Alder buys Birch" in out


def test_help_opens_at_once() -> None:
    """Help imports nothing that takes long: no client, no Pydantic, no rich, no schema."""
    heavy = (
        "openai",
        "instructor",
        "pydantic",
        "rich",
        "jinja2",
        "rapidfuzz",
        "summarizer.records",
        "summarizer.pipeline",
    )
    code = (
        "import sys\nfrom summarizer.cli.main import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_module_runs() -> None:
    """``python -m summarizer`` is the same program."""
    arguments = [sys.executable, "-m", "summarizer", "--version"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == f"deal-summarizer {__version__}\n"
