"""Rows of a batch as JSON Lines, CSV or Parquet.

Rows go into ``NAME.part`` as they come and the file gets its name when the last is in it, so nobody reads half
an output. A run that ended early leaves the ``.part`` with what it has; the next run writes it anew, from the
journal.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Protocol

from pydantic import BaseModel

from summarizer.batch.results import Result
from summarizer.errors import ConfigurationError, InputError
from summarizer.schema.compile import slots

FORMATS = (".jsonl", ".csv", ".parquet")
STDOUT = "-"
_ROW_GROUP = 256  # rows that a Parquet file keeps in memory before it writes them
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet runs a cell that begins with one of these


class Writer(Protocol):
    """Takes rows, and publishes them all at once."""

    def write(self, result: Result) -> None:
        """Add a row."""

    def close(self, *, publish: bool) -> None:
        """End the file; ``publish`` gives it its name."""


def check_output(name: str) -> Path:
    """Return the path of an output. Raises InputError where its form is not known or it has no folder."""
    path = Path(name)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"The output {name} has to end in one of: {', '.join(FORMATS)}.")
    if path.is_dir():
        raise InputError(f"The output {name} is a folder. Name a file.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent} for the output. Make it first.")
    return path


def open_output(name: str, schema: type[BaseModel], provenance: Mapping[str, str]) -> Writer:
    """Open an output by the ending of its name; ``-`` is JSON Lines on standard output.

    ``provenance`` (model, endpoint, plan, hashes) stands in rows that have no record to say it. Raises
    InputError or ConfigurationError.
    """
    if name == STDOUT:
        return _Lines(None, provenance)
    path = check_output(name)
    try:
        if path.suffix.lower() == ".parquet":
            return _Parquet(path, schema, provenance)
        if path.suffix.lower() == ".csv":
            return _Csv(path, schema, provenance)
        return _Lines(path, provenance)
    except OSError as error:
        raise InputError(f"The output {name} cannot be written: {error.strerror or error}.") from error


def part_of(path: Path) -> Path:
    """Where the rows of an output are until it is whole."""
    return path.with_name(f"{path.name}.part")


def row_json(result: Result, provenance: Mapping[str, str]) -> str:
    """One row: ``{"id", "key", "record", "error"}``, of which record or error is null."""
    head = f'{{"id":{json.dumps(result.id)},"key":{json.dumps(result.key)}'
    if result.failure is None:
        return f'{head},"record":{result.record_json},"error":null}}'
    failure = result.failure
    error = {
        "kind": failure.kind,
        "message": failure.message,
        "requests": failure.attempts,
        "provenance": dict(provenance),
    }
    return f'{head},"record":null,"error":{json.dumps(error, ensure_ascii=False)}}}'


class _Lines:
    def __init__(self, path: Path | None, provenance: Mapping[str, str]) -> None:
        self._path = path
        self._provenance = provenance
        self._file: IO[str] = sys.stdout
        if path is not None:
            self._file = part_of(path).open("w", encoding="utf-8", errors="replace", newline="\n")

    def write(self, result: Result) -> None:
        self._file.write(row_json(result, self._provenance) + "\n")
        if self._path is None:
            self._file.flush()

    def close(self, *, publish: bool) -> None:
        if self._path is not None:
            _close(self._file, self._path, publish=publish)


class _Csv:
    def __init__(self, path: Path, schema: type[BaseModel], provenance: Mapping[str, str]) -> None:
        self._path = path
        self._provenance = provenance
        self._columns = columns(schema)
        self._file = part_of(path).open("w", encoding="utf-8", errors="replace", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([*_HEAD, *self._columns, *_TAIL])

    def write(self, result: Result) -> None:
        cells = flat(result, self._columns, self._provenance)
        self._rows.writerow(["" if cell is None else harmless(cell) for cell in cells])

    def close(self, *, publish: bool) -> None:
        _close(self._file, self._path, publish=publish)


class _Parquet:
    def __init__(self, path: Path, schema: type[BaseModel], provenance: Mapping[str, str]) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError:
            raise ConfigurationError(
                f"Writing {path} needs the [parquet] extra: pip install 'deal-summarizer[parquet]'."
            ) from None
        self._path = path
        self._provenance = provenance
        self._columns = columns(schema)
        names = [*_HEAD, *self._columns, *_TAIL, "record"]
        self._schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
        self._file = part_of(path).open("wb")
        self._writer = parquet.ParquetWriter(self._file, self._schema)
        self._batch: list[list[str | None]] = []
        self._table = pyarrow.table

    def write(self, result: Result) -> None:
        cells = flat(result, self._columns, self._provenance)
        row = [*cells, result.record_json]
        self._batch.append([None if cell is None else _whole(cell) for cell in row])
        if len(self._batch) >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._batch:
            arrays = [list(column) for column in zip(*self._batch, strict=True)]
            self._writer.write_table(self._table(arrays, schema=self._schema))
            self._batch.clear()

    def close(self, *, publish: bool) -> None:
        self._flush()
        self._writer.close()
        _close(self._file, self._path, publish=publish)


_HEAD = ("id", "key", "error_kind", "error_message")
_TAIL = ("findings", "model", "endpoint", "plan", "prompt_hash", "schema_hash", "package_version")


def columns(schema: type[BaseModel]) -> list[str]:
    """The columns of a flat row: ``amount.value`` for a part of a value, one column for a list."""
    names = []
    for slot in slots(schema):
        parts = slot.type.model_fields if _has_parts(slot.type) and not slot.many else ()
        names += [f"{slot.name}.{part}" for part in parts if part != "evidence"] or [slot.name]
    return names


def _has_parts(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def flat(result: Result, names: Sequence[str], provenance: Mapping[str, str]) -> list[str | None]:
    """One row as texts, in the order of the columns; lists as JSON, and evidence left to the record."""
    text = result.record_json
    record: dict[str, Any] = json.loads(text) if text is not None else {}
    failure = result.failure
    head = [result.id, result.key, *((failure.kind, failure.message) if failure else (None, None))]
    made = record.get("provenance") or provenance
    findings = [f"{found['field']}: {found['message']}" for found in record.get("findings", ())]
    facts = []
    for name in names:
        field, _, part = name.partition(".")
        value = record.get(field)
        facts.append(_cell(value.get(part) if part and isinstance(value, dict) else None if part else value))
    return [*head, *facts, _cell(findings), *(made.get(name) for name in _TAIL[1:])]


def _cell(value: Any) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, str):
        return value
    return json.dumps(_without_evidence(value), ensure_ascii=False)


def _without_evidence(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_evidence(part) for name, part in value.items() if name != "evidence"}
    if isinstance(value, list):
        return [_without_evidence(part) for part in value]
    return value


def harmless(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _close(file: IO[Any], path: Path, *, publish: bool) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
    if publish:
        part_of(path).replace(path)
