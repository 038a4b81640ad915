"""What the commands share: options, and what is said on standard error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.errors import INTERRUPTED, MISCONFIGURED, SOME_FAILED, SummarizerError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from summarizer.llm.weights import Progress


class Plan(str, Enum):
    """How the model is asked."""

    WHOLE = "whole"
    FACETED = "faceted"


class Trust(str, Enum):
    """Whose reading counts."""

    MODEL = "model"
    RULES = "rules"


ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="NAME",
        help="local (the embedded model), local:0.5b, local:FILE.gguf, PROVIDER/NAME as in ollama/qwen3:4b, "
        "or the name that --base-url knows. Else SUMMARIZER_MODEL, else local.",
    ),
]
BaseUrlOption = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="Address of an OpenAI-compatible endpoint. Else SUMMARIZER_BASE_URL, else OPENAI_BASE_URL.",
    ),
]
ApiKeyOption = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        help="Its key. Better in SUMMARIZER_API_KEY, where no list of processes shows it.",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The project file. Else the nearest summarizer.toml, or pyproject.toml with [tool.summarizer].",
    ),
]
SchemaOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:CLASS",
        help="A Pydantic model made of the value types, from an installed module or one in this folder.",
    ),
]
PlanOption = Annotated[
    Plan | None,
    typer.Option(
        help="whole: one request fills the record. faceted: one request for each field. Default: by model."
    ),
]
TrustOption = Annotated[
    Trust | None,
    typer.Option(help="Whose reading counts where the model and the word rules differ. Default: by model."),
]
PromptDirOption = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="A folder of templates that go before the shipped ones."),
]
MaxWindowsOption = Annotated[
    int | None,
    typer.Option(
        "--max-windows",
        metavar="N",
        min=1,
        help="Of a text longer than the model's context, read at most N windows.",
    ),
]
StrictOption = Annotated[
    bool,
    typer.Option("--strict", help="Fail an article where the text does not support what the model says."),
]
TextOption = Annotated[
    str | None,
    typer.Option(metavar="FIELD", help="The field of tables that holds the article. Else text."),
]
IdOption = Annotated[
    str | None,
    typer.Option(metavar="FIELD", help="The field that names it. Else id where there is one, or FILE:ROW."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]


def load_schema(named: str | None) -> type[BaseModel]:
    """Import the class behind ``MODULE:CLASS``; DealSummary where none is named."""
    if named is None:
        from summarizer.records.deal import DealSummary

        return DealSummary
    from pydantic import BaseModel

    from summarizer.named import import_named

    try:
        found = import_named(named, "class")
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--schema") from error
    if not (isinstance(found, type) and issubclass(found, BaseModel)):
        raise typer.BadParameter(
            f"{named} is not a Pydantic model (a class derived from pydantic.BaseModel).",
            param_hint="--schema",
        )
    return found


def plain(text: str) -> str:
    """Make words of others fit for the terminal."""
    from summarizer.render.safe import one_line

    return one_line(text)


# What printing meets where standard output leads to a full disk. Other files are written where it is caught.
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def reporting() -> Iterator[None]:
    """Turn what goes wrong into one line on standard error and an exit code."""
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
    except BrokenPipeError:  # the reader (head, less) has gone
        _silence_output()
        raise typer.Exit(SOME_FAILED) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _DISK_FULL:
            _silence_output()
            say(f"Standard output cannot be written: {error.strerror or error}.")
            raise typer.Exit(MISCONFIGURED) from error
        admit(error)
        raise typer.Exit(SOME_FAILED) from error


def _silence_output() -> None:
    """Keep Python from writing to standard output once more at exit, and ending with a code of its own."""
    from summarizer.batch.output import silence

    silence(sys.stdout)


def admit(error: Exception, name: str = "") -> None:
    """Report a fault of the program in one line; raise it where SUMMARIZER_DEBUG asks to see more."""
    if os.environ.get("SUMMARIZER_DEBUG"):
        raise error
    told = f"internal error: {type(error).__name__}: {error}"
    told = f"{name}: {told}" if name else told
    say(f"{told}. The fault is in the program: please report it, with what SUMMARIZER_DEBUG=1 shows.")


def complain(error: SummarizerError, name: str = "") -> None:
    """Say what went wrong, and with which article."""
    say(f"{name}: {error}" if name else str(error))


def say(message: str) -> None:
    """Write one line to standard error."""
    try:
        print(f"summarizer: {plain(message)}", file=sys.stderr, flush=True)  # noqa: T201 - this is a command line
    except OSError:
        from summarizer.batch.output import silence

        silence(sys.stderr)


@contextmanager
def progress_shown(label: str, *, quiet: bool) -> Iterator[Progress | None]:
    """Show what is being done on standard error, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    from summarizer.render.progress import live

    with live(Console(stderr=True), label) as tell:
        yield tell
