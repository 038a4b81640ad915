"""``summarizer reconcile``: several reports of one deal, or of many, become a dossier for each deal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typing_extensions import Unpack

from summarizer.cli.common import complain, plain, progress_shown, report_bug, reporting, say
from summarizer.cli.options import DoctorOptions, QuietOption, takes_group
from summarizer.errors import SOME_FAILED, ConfigurationError, InputError, SummarizerError

if TYPE_CHECKING:
    from summarizer.dossiers import DealDossier, DealGroup
    from summarizer.dossiers.sources import Given
    from summarizer.reading import Source
    from summarizer.records.deal import DealSummary

_FILE_WIDTH = 100  # columns of a dossier as text in a file


class DossierFormat(str, Enum):
    """How dossiers are printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"


@takes_group
def reconcile(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Articles, web addresses, folders of articles, or - for standard input; records as .json or .jsonl, or "
            "the .jsonl or .parquet output of a batch.",
        ),
    ],
    format: Annotated[
        DossierFormat,
        typer.Option(
            "--format", "-f", help="json prints one object, and for several deals an array; html is one page."
        ),
    ] = DossierFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to FILE, not to standard output."),
    ] = None,
    group: Annotated[
        bool, typer.Option("--group", help="Only show which sources report the same deal, and why.")
    ] = False,
    together: Annotated[
        bool, typer.Option("--together", help="Take all sources for reports of one deal, without grouping.")
    ] = False,
    quiet: QuietOption = False,
    **options: Unpack[DoctorOptions],
) -> None:
    """Reconcile reports into a dossier for each deal: what they agree on, what conflicts, and who says what.

    Articles are summarised first, unless a record of the same text is among the inputs: then the article only
    serves to show each claim in its place (html). Records are reconciled without a model.
    """
    format = DossierFormat(format)
    with reporting():
        if group and together:
            raise typer.BadParameter("--group and --together exclude each other.", param_hint="--together")
        if group and format not in (DossierFormat.TEXT, DossierFormat.JSON):
            raise typer.BadParameter("--group is shown as text or json.", param_hint="--format")
        from summarizer.cli.dossier_inputs import read_inputs

        given = read_inputs(inputs)
        made, failed = _summarized(given.unread(), dict(options), quiet=quiet)
        records = [*given.records, *made]
        if given.failed:
            say(f"Rows without a record, left out: {len(given.failed)}, the first is {given.failed[0]}.")
        if not records:
            raise InputError("There is no record to reconcile.")
        if group:
            _print(_groups(records, as_json=format is DossierFormat.JSON), output)
        else:
            _print(_dossiers(records, format, given.texts, output, together=together), output)
        if failed:
            raise typer.Exit(SOME_FAILED)


def _summarized(
    articles: Sequence[Source], options: dict[str, Any], *, quiet: bool
) -> tuple[list[DealSummary], int]:
    """Summarise articles one after the other; return the records, and how many failed."""
    records: list[DealSummary] = []
    if not articles:
        return records, 0
    from summarizer.pipeline import summarize

    failed = 0
    for position, article in enumerate(articles, 1):
        try:
            with progress_shown(f"{position}/{len(articles)} {article.id}", quiet=quiet) as progress:
                # A Source has been read before, and is not read again.
                records.append(summarize(cast(Any, article), progress=progress, **options))
        except ConfigurationError:
            raise
        except SummarizerError as error:
            complain(error, article.id)
            failed += 1
        except Exception as error:
            report_bug(error, article.id)
            failed += 1
    if failed == len(articles):
        raise typer.Exit(SOME_FAILED)
    return records, failed


def _groups(records: Sequence[Given], *, as_json: bool) -> str:
    from summarizer.dossiers import group

    groups = group(records)
    if as_json:
        shown = [one.model_dump(mode="json", exclude={"records"}) for one in groups]
        return json.dumps(shown, ensure_ascii=False, indent=2)
    return "\n".join(line for number, one in enumerate(groups, 1) for line in _group_lines(number, one))


def _group_lines(number: int, group: DealGroup) -> list[str]:
    lines = [f"{number}. {', '.join(group.sources)}", f"   {group.reason}"]
    lines += [f"   not sure: {one.source} ({one.reason})" for one in group.unsure]
    return [_indented(line) for line in lines]


def _indented(line: str) -> str:
    """The line fit for a terminal, with its indentation."""
    return line[: len(line) - len(line.lstrip())] + plain(line)


def _dossiers(
    records: Sequence[Given],
    format: DossierFormat,
    texts: Sequence[str],
    output: Path | None,
    *,
    together: bool,
) -> str:
    from summarizer.dossiers import reconcile as reconcile_records
    from summarizer.dossiers.many import dossiers

    made = () if together else dossiers(records)
    if not made:
        made = (reconcile_records(records),)
    elif left := len({id(r) for r in records}) - sum(len(one.records) for one in made):
        say(f"Records left out, as they report no deal or are there twice: {left}.")
    if format is DossierFormat.JSON:
        objects = [one.model_dump_json(indent=2) for one in made]
        return objects[0] if len(objects) == 1 else "[" + ",\n".join(objects) + "]"
    if format is DossierFormat.HTML:
        from summarizer.render.dossier_html import page

        return page(made, texts)
    return _joined(made, format, output)


def _joined(made: Sequence[DealDossier], format: DossierFormat, output: Path | None) -> str:
    if format is DossierFormat.MARKDOWN:
        from summarizer.render.dossier_markdown import render

        return "\n---\n\n".join(render(one, notebook=False) for one in made)
    from summarizer.render import dossier_text

    if output is not None:
        return "\n\n".join(dossier_text.render(one, _FILE_WIDTH) for one in made)
    from rich.console import Console

    console = Console(highlight=False)
    with console.capture() as capture:
        for index, one in enumerate(made):
            if index:
                console.print()
                console.rule(style="dim")
                console.print()
            console.print(dossier_text.renderable(one))
    return capture.get()


def _print(text: str, output: Path | None) -> None:
    if output is None:
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
        sys.stdout.write(text.rstrip("\n") + "\n")
        return
    try:
        output.write_text(text.rstrip("\n") + "\n", encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"{output} cannot be written: {error.strerror or error}.") from None
