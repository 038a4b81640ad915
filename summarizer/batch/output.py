"""Writes the rows of a batch as JSON Lines, CSV or Parquet.

Rows go into ``NAME.part``, which is renamed once it is complete, so nobody reads half an output. A run that
ends early leaves its ``.part``; the next run writes it anew, from the journal.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from pydantic import BaseModel

from summarizer.asking.fields import fields_of
from summarizer.batch.keys import Setup
from summarizer.batch.locks import lock
from summarizer.batch.own_files import HEAD, part_of
from summarizer.batch.results import Result
from summarizer.errors import ConfigurationError, InputError
from summarizer.render.safe import address

FORMATS = (".jsonl", ".csv", ".parquet")
STDOUT = "-"
_ROW_GROUP = 256  # rows of Parquet that are kept in memory before they are written
_FORMULA = frozenset("=+-@−")  # a spreadsheet evaluates a cell that begins with one of these
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols that are invisible


class Writer(Protocol):
    """Writes rows to a file that appears once it is complete."""

    def write(self, result: Result) -> None:
        """Add a row."""

    def close(self, *, publish: bool) -> None:
        """Close the file, even if this raises OSError; ``publish`` gives it its final name."""


def check_output(name: str) -> Path:
    """Return the path of an output. Raises InputError if its format is unknown or its folder is missing."""
    path = Path(name)
    if path.suffix.lower() not in FORMATS:
        raise InputError(f"The output {name} needs one of the suffixes {', '.join(FORMATS)}.")
    if path.is_dir():
        raise InputError(f"The output {name} is a folder. Choose a file.")
    if not path.parent.is_dir():
        raise InputError(f"There is no folder {path.parent} for the output. Create it first.")
    if path.exists() and not path.is_file():
        raise InputError(
            f"The output {name} is a pipe or a device. Use -o - and redirect standard output to it."
        )
    return path


@contextmanager
def locked_output(name: str) -> Iterator[None]:
    """Lock an output for the block. Raises ConfigurationError if another run writes it."""
    if name == STDOUT:
        yield
        return
    held = lock(check_output(name), "output")
    try:
        yield
    finally:
        held.release()


def open_output(name: str, schema: type[BaseModel], provenance: Mapping[str, str]) -> Writer:
    """Open an output by the suffix of its name; ``-`` is JSON Lines on standard output.

    ``provenance`` (model, endpoint, plan, hashes) is written in rows without a record. Raises InputError or
    ConfigurationError.
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


def _new_part(path: Path, mode: Literal["w", "wb"], **how: Any) -> IO[Any]:
    """Create the unfinished output. A link in its place is removed, never followed."""
    part = part_of(path)
    part.unlink(missing_ok=True)
    return part.open(mode.replace("w", "x"), **how)


def provenance_of(setup: Setup) -> dict[str, str]:
    """Return the provenance for rows without a record; a record carries its own."""
    return {
        "model": setup.model,
        "endpoint": address(setup.endpoint),
        "plan": setup.plan,
        "prompt_hash": setup.prompt_hash,
        "schema_hash": setup.schema_hash,
        "package_version": setup.versions.get("package", ""),
    }


def row_json(result: Result, provenance: Mapping[str, str]) -> str:
    """Return a row, ``{"id", "key", "record", "error"}``, in which record or error is null."""
    head = f'{{"id":{json.dumps(result.id)},"key":{json.dumps(result.key)}'
    if result.failure is None:
        return f'{head},"record":{result.record_json},"error":null}}'
    failure = result.failure
    error: dict[str, Any] = {"kind": failure.kind, "message": failure.message}
    error |= {"requests": failure.attempts, "provenance": dict(provenance)}
    return f'{head},"record":null,"error":{json.dumps(error, ensure_ascii=False)}}}'


class _Lines:
    def __init__(self, path: Path | None, provenance: Mapping[str, str]) -> None:
        self._path = path
        self._provenance = provenance
        if path is None:
            if sys.stdout is None:
                raise InputError("Standard output is closed. Choose a file with --output.")
            self._file: IO[str] = sys.stdout
        else:
            self._file = _new_part(path, "w", encoding="utf-8", errors="replace", newline="\n")

    def write(self, result: Result) -> None:
        row = row_json(result, self._provenance) + "\n"
        if self._path is not None:
            self._file.write(row)
            return
        try:
            self._file.write(row)
            self._file.flush()
        except OSError:
            silence(self._file)
            raise

    def close(self, *, publish: bool) -> None:
        if self._path is not None:
            _close(self._file, self._path, publish=publish)


class _Csv:
    def __init__(self, path: Path, schema: type[BaseModel], provenance: Mapping[str, str]) -> None:
        self._path = path
        self._provenance = provenance
        self._columns = columns(schema)
        self._file = _new_part(path, "w", encoding="utf-8", errors="replace", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow([*HEAD, *self._columns, *_TAIL])

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
        names = [*HEAD, *self._columns, *_TAIL, "record"]
        self._schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
        self._file = _new_part(path, "wb")
        self._writer = parquet.ParquetWriter(self._file, self._schema)
        self._batch: list[list[str | None]] = []
        self._table = pyarrow.table

    def write(self, result: Result) -> None:
        cells = flat(result, self._columns, self._provenance)
        row = [*cells, result.record_json]
        self._batch.append([None if cell is None else _valid(cell) for cell in row])
        if len(self._batch) >= _ROW_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._batch:
            arrays = [list(column) for column in zip(*self._batch, strict=True)]
            self._writer.write_table(self._table(arrays, schema=self._schema))
            self._batch.clear()

    def close(self, *, publish: bool) -> None:
        try:
            self._flush()
            self._writer.close()
        except BaseException:
            self._writer.is_open = False  # else pyarrow tries again at garbage collection, with a traceback
            with suppress(OSError):
                self._file.close()
            raise
        _close(self._file, self._path, publish=publish)


_TAIL = ("findings", "model", "endpoint", "plan", "prompt_hash", "schema_hash", "package_version")


def columns(schema: type[BaseModel]) -> list[str]:
    """Return the columns of a flat row: ``amount.value`` for each part of a value, one column for a list."""
    names = []
    for one in fields_of(schema):
        parts = one.type.model_fields if _has_parts(one.type) and not one.many else ()
        names += [f"{one.name}.{part}" for part in parts if part != "evidence"] or [one.name]
    return names


def _has_parts(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def flat(result: Result, names: Sequence[str], provenance: Mapping[str, str]) -> list[str | None]:
    """Return a row as texts, in the order of the columns; lists are JSON, without evidence."""
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
    """Put an apostrophe before a cell that a spreadsheet could evaluate as a formula.

    The first visible character decides, in its compatibility form: a spreadsheet may drop invisible
    characters and read a full-width sign as the ASCII one.
    """
    first = next((character for character in cell if _shows(character)), "")
    plain = unicodedata.normalize("NFKC", first)[:1]
    return f"'{cell}" if plain in _FORMULA or cell.startswith(("\t", "\r", "\n")) else cell


def _shows(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CMZ" and character not in _BLANK


def _valid(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _close(file: IO[Any], path: Path, *, publish: bool) -> None:
    try:
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):  # the rest of the buffer cannot be written either
            file.close()
        raise
    file.close()
    if publish:
        part_of(path).replace(path)


def silence(stream: IO[Any]) -> None:
    """Redirect a stream that cannot be written any more to the null device.

    Otherwise Python flushes it at exit, prints a traceback and changes the exit code.
    """
    with suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
