"""``summarizer verify``: check a record from any source against its article."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli.common import plain, reporting
from summarizer.cli.options import SchemaOption, load_schema
from summarizer.errors import SOME_FAILED, InputError

if TYPE_CHECKING:
    from summarizer.reading import Source
    from summarizer.verification import Verification


class VerifyFormat(str, Enum):
    """The output format of a verification."""

    TEXT = "text"
    JSON = "json"


def verify(
    record: Annotated[
        str, typer.Argument(metavar="RECORD.json", help="Record as JSON; - for standard input.")
    ],
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE", help="Text that it was extracted from: a file, a web address, or -."
        ),
    ],
    format: Annotated[
        VerifyFormat, typer.Option("--format", "-f", help="json prints one object.")
    ] = VerifyFormat.TEXT,
    schema: SchemaOption = None,
) -> None:
    """Check a record from any source against its article. No model is asked.

    Exit codes: 0 everything that can be checked is supported, 1 something is not, 2 the record or the article
    cannot be read.
    """
    with reporting():
        if record == article == "-":
            raise typer.BadParameter("only one of the two can be standard input.", param_hint="ARTICLE")
        given = _read_record(record)
        made_by = load_schema(schema) if schema else None
        text = _read_article(article).text

        from summarizer.verification import verify as check

        found = check(given, text, made_by)
        if format is VerifyFormat.JSON:
            typer.echo(found.model_dump_json(indent=2))
        else:
            _print(found)
        if not found.ok:
            raise typer.Exit(SOME_FAILED)


def _read_record(name: str) -> Any:
    from summarizer.reading import decode

    shown = "standard input" if name == "-" else name
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except FileNotFoundError:
        raise InputError(f"There is no file {name}. Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        given = json.loads(decode(data, shown), parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{shown} is not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{shown} is not valid JSON: {error}.") from None
    if not isinstance(given, (dict, list)):
        raise InputError(f"{shown} holds no record: it has to be a JSON object, or an array of objects.")
    return given


def _read_article(name: str) -> Source:
    from summarizer.reading import Url, is_address, load

    if name == "-":
        return load(sys.stdin.buffer.read())
    return load(Url(name) if is_address(name) else Path(name))


def _print(found: Verification) -> None:
    failed = {finding.field for finding in found.findings}
    for finding in found.findings:
        at = f"{finding.field}: " if finding.field else ""
        typer.echo(plain(f"fails {at}{finding.message} [{finding.code}]"))
        for span in finding.evidence:
            typer.echo("    " + plain(f'{span.start}-{span.end} "{span.text}"'))
    for path in found.checked:
        if path in found.evidence and path not in failed:
            span = found.evidence[path][0]
            typer.echo(plain(f'holds {path}: {span.start}-{span.end} "{span.text}"'))
        elif path not in failed:
            typer.echo(plain(f"holds {path}: its figures and names are in the text"))
    for path, why in found.unchecked.items():
        typer.echo(plain(f"not checked {path}: {why}"))
    count = len(found.findings)
    said = "1 finding" if count == 1 else f"{count} findings"
    typer.echo(f"{len(found.checked)} checked, {said}, {len(found.unchecked)} not checked.")
