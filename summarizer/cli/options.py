"""The options that commands share, and how a command takes a group of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, TypeVar, get_type_hints

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel

R = TypeVar("R")


class Plan(str, Enum):
    """How the model is asked."""

    WHOLE = "whole"
    FACETED = "faceted"


class Trust(str, Enum):
    """What decides if the model and the word rules differ."""

    MODEL = "model"
    RULES = "rules"


SchemaOption = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:CLASS",
        help="Pydantic model to extract, importable from here. Default: the record of a deal.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
InputsArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Files, folders, patterns ('news/*.txt'), web addresses or tables (.jsonl, .csv, .tsv, .parquet).",
    ),
]


class ModelOptions(TypedDict):
    """Which model answers."""

    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="NAME",
            help="local (the embedded model), local:0.5b, local:FILE.gguf, PROVIDER/NAME (ollama/qwen3:4b), or "
            "a name that --base-url serves. Default: SUMMARIZER_MODEL, else local.",
        ),
    ]
    base_url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="OpenAI-compatible endpoint. Default: SUMMARIZER_BASE_URL, else OPENAI_BASE_URL.",
        ),
    ]
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Project file. Default: the nearest summarizer.toml, or pyproject.toml with [tool.summarizer].",
        ),
    ]


class ConnectionOptions(ModelOptions):
    """Which model answers, and the key for it."""

    api_key: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="API key. Safer in SUMMARIZER_API_KEY: other users can see a command line.",
        ),
    ]


class PlanOptions(TypedDict):
    """How it is asked."""

    plan: Annotated[
        Plan | None,
        typer.Option(
            help="whole: one request for the record; faceted: one request per field. Default: depends on the model."
        ),
    ]
    trust: Annotated[
        Trust | None,
        typer.Option(
            help="What decides if the model and the word rules differ. Default: depends on the model."
        ),
    ]


class RecordOptions(TypedDict):
    """What is asked for."""

    schema: SchemaOption
    prompt_dir: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of templates that replace the built-in ones of the same name."
        ),
    ]
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Fail an article if its text does not support an answer of the model."),
    ]


class DoctorOptions(ConnectionOptions, PlanOptions):
    """The options that ``doctor`` examines."""


class LimitOptions(TypedDict):
    """How much of an article is read, and how long."""

    max_windows: Annotated[
        int | None,
        typer.Option(
            "--max-windows",
            metavar="N",
            min=1,
            help="Maximum windows read of a text that is longer than the model's context.",
        ),
    ]
    deadline: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", min=0.001, help="Time limit for each article, including retries and waits."
        ),
    ]


class ReadingOptions(ConnectionOptions, PlanOptions, RecordOptions, LimitOptions):
    """How articles are read."""


class ServeOptions(ConnectionOptions, PlanOptions, LimitOptions):
    """How the server reads articles."""


class TableOptions(TypedDict):
    """The columns of tables."""

    text: Annotated[
        str | None,
        typer.Option(metavar="FIELD", help="Field of tables that holds the article. Default: text."),
    ]
    id: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="Field of tables that holds the id. Default: id if present, else FILE:ROW."
        ),
    ]


class ExportOptions(ModelOptions, RecordOptions, TableOptions):
    """What the requests of batch files ask."""


class BatchOptions(ReadingOptions, TableOptions):
    """How a batch runs."""

    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Maximum concurrent articles (default 32; 1 for the embedded model). Adapts to the server.",
        ),
    ]
    rpm: Annotated[int | None, typer.Option(min=1, metavar="N", help="Maximum requests per minute.")]
    tpm: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Maximum tokens per minute, prompt and completion.")
    ]
    budget: Annotated[
        str | None,
        typer.Option(
            metavar="AMOUNT", help="Stop before this is spent over all runs: 2.50usd or 1000000tokens."
        ),
    ]
    price: Annotated[
        str | None,
        typer.Option(
            metavar="IN,OUT",
            help="US dollars per million prompt and completion tokens, for --budget: 0.15,0.60.",
        ),
    ]
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again for articles that failed in earlier runs.")
    ]
    durable: Annotated[
        bool,
        typer.Option(
            "--durable", help="Sync the disk after each article, so that a power cut loses nothing."
        ),
    ]


def takes_group(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command the options of the TypedDict that its ``**options`` unpacks.

    Their defaults are None, or False for switches. An Enum arrives as its value.
    """
    signature = inspect.signature(command, eval_str=True)
    *own, options = signature.parameters.values()
    group = options.annotation.__args__[0]  # of Unpack[group]
    hints = get_type_hints(group, include_extras=True)
    added = [
        _parameter(name, hint, None if hint.__origin__ is not bool else False) for name, hint in hints.items()
    ]
    own = [_parameter(one.name, one.annotation, one.default) for one in own]

    @wraps(command)
    def run(**given: Any) -> R:
        return command(**{name: one.value if isinstance(one, Enum) else one for name, one in given.items()})

    run.__signature__ = signature.replace(parameters=[*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {}
    return run


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def load_schema(named: str | None) -> type[BaseModel]:
    """Import the class named ``MODULE:CLASS``; DealSummary if None."""
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
            f"{named} is not a Pydantic model (a subclass of pydantic.BaseModel).", param_hint="--schema"
        )
    return found
