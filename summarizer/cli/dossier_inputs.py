"""What ``summarizer reconcile`` reads: records, and articles that become records."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batch.input_files import Found, find_files
from summarizer.errors import InputError
from summarizer.reading import MAX_BYTES, Source, Url, decode, is_address, load

if TYPE_CHECKING:
    from summarizer.records.deal import DealSummary

_RECORDS = frozenset({".json", ".jsonl", ".ndjson"})


@dataclass
class Inputs:
    """The records and articles of all inputs. ``failed`` names the rows of batches that have no record."""

    records: list[DealSummary] = field(default_factory=list)
    articles: list[Source] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the articles."""
        return tuple(article.text for article in self.articles)

    def unread(self) -> list[Source]:
        """The articles that none of the records is of, each text once."""
        known = {record.source.sha256 for record in self.records if record.source is not None}
        left = []
        for article in self.articles:
            key = hashlib.sha256(article.text.encode()).hexdigest()
            if key not in known:
                known.add(key)
                left.append(article)
        return left


def read_inputs(names: Sequence[str]) -> Inputs:
    """Read files of records (.json, .jsonl, rows of a batch, dossiers), articles, folders of both, and ``-``.

    Raises InputError where an input is not there, cannot be read, or is neither.
    """
    inputs = Inputs()
    for name in names:
        if name == "-":
            _take_bytes(inputs, sys.stdin.buffer.read(MAX_BYTES + 1), "standard input")
        elif is_address(name):
            inputs.articles.append(load(Url(name)))
        else:
            found = list(find_files(name))
            if not found:
                raise InputError(
                    f"There is no file or folder {name} with articles or records. Check the name."
                )
            for file in found:
                _take_file(inputs, file)
    return inputs


def _take_file(inputs: Inputs, found: Found) -> None:
    if found.problem:
        raise InputError(found.problem)
    suffix = found.path.suffix.lower()
    if suffix == ".parquet":
        _take_parquet(inputs, found.path)
    elif suffix in (".csv", ".tsv"):
        raise InputError(
            f"{found.path} holds no whole records. Give the .jsonl or .parquet output of a batch."
        )
    elif suffix in _RECORDS:
        try:
            _take_lines(inputs, found.path)
        except OSError as error:
            raise InputError(f"{found.path} cannot be read: {error.strerror or error}.") from None
    else:
        inputs.articles.append(load(found.path))


def _take_lines(inputs: Inputs, path: Path) -> None:
    """Read a file line by line where each line is an object, so that a large batch is never in memory as text."""
    with path.open("rb") as file:
        first = file.readline(MAX_BYTES + 1)
        if _parsed(first) is None or path.suffix.lower() == ".json":
            return _take_bytes(inputs, first + file.read(MAX_BYTES + 1), str(path))
        for number, line in enumerate(_chain(first, file), 1):
            if line.strip():
                _take_object(inputs, _json(line, f"{path}:{number}"), f"{path}:{number}")
    return None


def _chain(first: bytes, rest: Any) -> Iterator[bytes]:
    yield first
    yield from rest


def _parsed(line: bytes) -> Any:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _take_bytes(inputs: Inputs, data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise InputError(f"{name} is larger than {MAX_BYTES // 1_000_000} MB. Give JSON Lines.")
    if data.lstrip()[:1] not in (b"{", b"["):
        if Path(name).suffix.lower() in _RECORDS:
            raise InputError(f"{name} is not JSON: it begins with neither {{ nor [.")
        inputs.articles.append(load(data))
        return
    text = decode(data, name)
    try:
        given = json.loads(text, parse_float=Decimal)
    except ValueError:
        given = [
            _json(line.encode(), f"{name}:{n}") for n, line in enumerate(text.splitlines(), 1) if line.strip()
        ]
    except RecursionError:
        raise InputError(f"{name} is not JSON that can be read: it is nested too deep.") from None
    for number, one in enumerate(given if isinstance(given, list) else [given], 1):
        _take_object(inputs, one, f"{name}, record {number}" if isinstance(given, list) else name)


def _json(line: bytes, place: str) -> Any:
    try:
        return json.loads(line, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deep or not UTF-8"
        raise InputError(f"{place} is not JSON: {told}.") from None


def _take_object(inputs: Inputs, given: Any, place: str) -> None:
    from summarizer.dossiers.sources import records_of

    if isinstance(given, dict) and "record" in given and given["record"] is None:
        inputs.failed.append(str(given.get("id") or place))
    elif isinstance(given, dict) and isinstance(given.get("text"), str) and "is_deal" not in given:
        inputs.articles.append(Source(given["text"], str(given.get("id") or place)))
    else:
        try:
            inputs.records += records_of([given])
        except InputError as error:
            raise InputError(str(error).replace("Record 1", place, 1)) from None


def _take_parquet(inputs: Inputs, path: Path) -> None:
    """The column ``record`` of a batch's output."""
    from summarizer.batch.items import open_parquet

    with open_parquet(path) as file:
        if "record" not in file.schema_arrow.names:
            raise InputError(f"{path} has no column 'record'. Give the output of a batch.")
        number = 0
        for rows in file.iter_batches(batch_size=256, columns=["id", "record"]):
            for row in rows.to_pylist():
                number += 1
                record = json.loads(row["record"], parse_float=Decimal) if row["record"] else None
                _take_object(inputs, {"id": row["id"], "record": record}, f"{path}:{number}")
