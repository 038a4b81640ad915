"""Error reporting, messages and progress of all commands."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from summarizer.errors import INTERRUPTED, MISCONFIGURED, SOME_FAILED, SummarizerError

if TYPE_CHECKING:
    from summarizer.llm.weights import Progress

# Errors of printing to a full disk. Errors of other files are handled where these are written.
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def reporting() -> Iterator[None]:
    """Turn an error into one line on standard error and an exit code."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except SummarizerError as error:
        complain(error)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        say("Interrupted.")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:  # the reader (head, less) is gone
        _silence_output()
        raise typer.Exit(SOME_FAILED) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _DISK_FULL:
            _silence_output()
            say(f"Standard output cannot be written: {error.strerror or error}.")
            raise typer.Exit(MISCONFIGURED) from error
        report_bug(error)
        raise typer.Exit(SOME_FAILED) from error


def _silence_output() -> None:
    """Keep Python from flushing standard output at exit, which would change the exit code."""
    from summarizer.batch.output import silence

    silence(sys.stdout)


def report_bug(error: Exception, name: str = "") -> None:
    """Report an unexpected exception in one line; raise it if SUMMARIZER_DEBUG is set."""
    if os.environ.get("SUMMARIZER_DEBUG"):
        raise error
    where = f"{name}: " if name else ""
    say(
        f"{where}internal error: {type(error).__name__}: {error}. This is a bug: please report it, with the "
        "traceback that SUMMARIZER_DEBUG=1 shows."
    )


def complain(error: SummarizerError, name: str = "") -> None:
    """Report an error, and the article that it concerns."""
    text = str(error)
    say(f"{name}: {text}" if name and f" {name}." not in text else text)


def say(message: str) -> None:
    """Write one line to standard error."""
    try:
        print(f"summarizer: {plain(message)}", file=sys.stderr, flush=True)  # noqa: T201 - this is a command line
    except OSError:
        from summarizer.batch.output import silence

        silence(sys.stderr)


def plain(text: str) -> str:
    """Make untrusted text safe for the terminal: one line, without control characters."""
    from summarizer.render.safe import one_line

    return one_line(text)


@contextmanager
def progress_shown(label: str, *, quiet: bool) -> Iterator[Progress | None]:
    """Show the progress on standard error if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    from summarizer.render.progress import live

    with live(Console(stderr=True), label) as tell:
        yield tell
