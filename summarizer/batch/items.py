"""Reads the inputs of a batch: files, folders, patterns, tables with a text column, and standard input.

Everything here is a generator, so the input is never in memory as a whole. An unusable line or row becomes an
item with an error, and reading continues.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Any

from summarizer.batch.input_files import ARTICLES, TABLES, Found, find_files
from summarizer.batch.own_files import OwnFiles
from summarizer.errors import ConfigurationError, InputError, InputTooLarge, NotText, SummarizerError
from summarizer.reading import MAX_BYTES, Url, is_address

STDIN = "-"
_TEXT, _ID = "text", "id"


@dataclass(frozen=True, slots=True)
class Item:
    """One article: its id, and the argument of ``reading.load`` or the error that prevented reading it."""

    id: str
    source: str | Path | bytes | Url | None
    error: SummarizerError | None = None


def check_inputs(
    inputs: Sequence[str], text: str | None = None, id: str | None = None, own: OwnFiles | None = None
) -> None:
    """Raise InputError if an input cannot be used.

    It does not exist, the first row of its first table lacks the named field, or it is one of the files that
    the run writes (``own``).
    """
    guarded = own is not None and bool(own.present())
    for name in inputs:
        if name == STDIN or is_address(name):
            continue
        found = find_files(name, own)
        first = next(found, None)
        if first is None:
            raise InputError(
                f"There are no articles in {name}. Files read from a folder: {', '.join(sorted(ARTICLES | TABLES))}."
                if Path(name).is_dir()
                else f"There is no file or folder {name}, and no file matches it as a pattern. Check the name."
            )
        _check_first(first, text, id)
        if guarded:
            deque(found, maxlen=0)  # raises if one of them would be overwritten


def _check_first(found: Found, text: str | None, id: str | None) -> None:
    if found.problem:
        return  # becomes a failed row
    if found.path.suffix.lower() == ".json":
        raise InputError(
            f"{found.path} is JSON. Convert it to JSON Lines, one object per line, with the suffix .jsonl."
        )
    if found.is_table:
        next(_table(found.path, text, id), None)


def read_inputs(
    inputs: Iterable[str],
    text: str | None = None,
    id: str | None = None,
    stdin: IO[bytes] | None = None,
    own: OwnFiles | None = None,
) -> Iterator[Item]:
    """Yield the articles of all inputs, in order; the files of a folder sorted by name.

    ``text`` and ``id`` name the fields of tables, by default ``text`` and, if present, ``id``. The id of a
    file is its path as given, that of a row without an id ``FILE:ROW``. Standard input (``-``) is JSON Lines
    if it begins with ``{``, else one article. Unreadable files of a folder or pattern (pipes, devices,
    circular links, tables without the field) become items with an error. Raises InputError if a table that
    was named as an input lacks the field.
    """
    for name in inputs:
        if name == STDIN:
            yield from _stdin(stdin or _standard_input(), text, id)
        elif is_address(name):
            yield Item(name, Url(name))
        else:
            for found in find_files(name, own):
                yield from _items_of(found, text, id)


def _items_of(found: Found, text: str | None, id: str | None) -> Iterator[Item]:
    place = found.path.as_posix()
    if found.problem:
        yield _broken(place, found.problem)
    elif not found.is_table:
        yield Item(place, found.path)
    elif found.named:
        yield from _table(found.path, text, id)
    else:
        try:
            yield from _table(found.path, text, id)
        except InputError as error:
            yield Item(place, None, error)


def count_inputs(inputs: Iterable[str], own: OwnFiles | None = None) -> int | None:
    """Count the articles of all inputs without reading their texts; None if standard input is among them."""
    total = 0
    for name in inputs:
        if name == STDIN:
            return None
        if is_address(name):
            total += 1
            continue
        try:
            total += sum(_rows_of(found.path) if _is_counted(found) else 1 for found in find_files(name, own))
        except (OSError, SummarizerError, csv.Error, ValueError):
            return None  # the reader of the inputs reports it
    return total


def _is_counted(found: Found) -> bool:
    return found.is_table and not found.problem


def _rows_of(path: Path) -> int:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        with open_parquet(path) as file:
            return int(file.metadata.num_rows)
    if suffix in (".csv", ".tsv"):
        with _text_file(path) as lines:
            return max(0, sum(1 for row in _cells(path, lines) if row) - 1)
    with path.open("rb") as file:
        return sum(1 for line in file if not line.isspace())


def _standard_input() -> IO[bytes]:
    """Open standard input anew: at exit Python waits for the lock of ``sys.stdin``, which a thread may hold."""
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, ValueError):  # it has no file descriptor
        return sys.stdin.buffer


def _stdin(stream: IO[bytes], text: str | None, id: str | None) -> Iterator[Item]:
    first = b""
    while not first.strip() and (first := stream.readline(MAX_BYTES + 1)):
        pass
    if first.lstrip().startswith(b"{"):
        lines = enumerate(chain([first], _lines(stream)), 1)
        yield from _json_rows("stdin", lines, text, id)
    else:
        yield Item("stdin", first + stream.read(MAX_BYTES + 1))


def _table(path: Path, text: str | None, id: str | None) -> Iterator[Item]:
    try:
        if path.suffix.lower() == ".parquet":
            yield from _parquet_rows(path, text, id)
        elif path.suffix.lower() in (".csv", ".tsv"):
            with _text_file(path) as lines:
                yield from _csv_rows(path, lines, text, id)
        else:
            with path.open("rb") as file:
                yield from _json_rows(path.as_posix(), enumerate(_lines(file), 1), text, id)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines, cut to one byte more than the limit of an article."""
    while line := stream.readline(MAX_BYTES + 1):
        end = line
        while len(end) > MAX_BYTES and not end.endswith(b"\n"):
            end = stream.readline(MAX_BYTES + 1)
        yield line


def _json_rows(
    name: str, lines: Iterator[tuple[int, bytes]], text: str | None, id: str | None
) -> Iterator[Item]:
    first = True
    for number, line in lines:
        if line.isspace():
            continue
        place = f"{name}:{number}"
        if len(line) > MAX_BYTES:
            yield _broken(place, f"{place} is longer than {MAX_BYTES // 1_000_000} MB.", InputTooLarge)
            continue
        try:
            row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are of this kind
            yield _broken(place, f"{place} is not valid JSON: {error}.")
            continue
        except RecursionError:
            yield _broken(place, f"{place} is JSON that is nested too deeply.")
            continue
        if not isinstance(row, dict):
            yield _broken(place, f"{place} is JSON, but not an object.")
            continue
        if first:
            _check_fields(name, list(row), text, id)
            first = False
        yield _row(row, place, text, id)


def _csv_rows(path: Path, lines: Iterable[str], text: str | None, id: str | None) -> Iterator[Item]:
    rows = _cells(path, lines)
    try:
        header = next(rows, None)
    except csv.Error as error:
        raise InputError(f"The first line of {path} cannot be read as CSV: {error}.") from error
    if not header:
        raise InputError(f"{path} is empty. Its first line has to be a header.")
    _check_fields(path.as_posix(), header, text, id)
    number = 0
    while True:
        number += 1
        place = f"{path.as_posix()}:{number}"
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield _broken(place, f"Row {number} of {path} cannot be read as CSV: {error}.")
            continue
        if cells is None:
            return
        if not cells:
            number -= 1
            continue
        if len(cells) != len(header):
            told = f"Row {number} of {path} has {len(cells)} cells, but the header has {len(header)}."
            yield _broken(place, told)
            continue
        yield _row(dict(zip(header, cells, strict=True)), place, text, id)


def _cells(path: Path, lines: Iterable[str]) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_BYTES)
    lines = iter(lines)
    head = next(lines, "")
    tabs = path.suffix.lower() == ".tsv"
    semicolons = "," not in head and ";" in head  # written by spreadsheets in locales with a decimal comma
    return csv.reader(chain([head], lines), delimiter="\t" if tabs else ";" if semicolons else ",")


@contextmanager
def _text_file(path: Path) -> Iterator[IO[str]]:
    # Bytes that are not UTF-8 become lone surrogates, so that only their row fails.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        yield lines


def _parquet_rows(path: Path, text: str | None, id: str | None) -> Iterator[Item]:
    with open_parquet(path) as file:
        names = list(file.schema_arrow.names)
        _check_fields(path.as_posix(), names, text, id)
        wanted = [name for name in (text or _TEXT, id or _ID) if name in names]
        number = 0
        for batch in file.iter_batches(batch_size=64, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield _row(row, f"{path.as_posix()}:{number}", text, id)


@contextmanager
def open_parquet(path: Path) -> Iterator[Any]:
    """Open a Parquet file. Raises ConfigurationError without the extra, InputError where the file is damaged."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise ConfigurationError(
            f"Reading {path} needs the [parquet] extra: pip install 'deal-summarizer[parquet]'."
        ) from None
    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except pyarrow.ArrowException as error:
        raise InputError(f"{path} is a damaged Parquet file: {str(error).splitlines()[0]}") from error


def _check_fields(name: str, fields: Sequence[str], text: str | None, id: str | None) -> None:
    """Raise InputError if the first row lacks a field, instead of failing every row."""
    for option, wanted in (("--text", text or _TEXT), ("--id", id)):
        if wanted is not None and wanted not in fields:
            known = ", ".join(map(repr, fields[:20])) or "none"
            raise InputError(
                f"{name} has no field {wanted!r}. Its fields: {known}. Choose one with {option}."
            )


def _row(row: Mapping[str, Any], place: str, text: str | None, id: str | None) -> Item:
    named = row.get(id or _ID)
    if isinstance(named, (str, int, float)) and str(named).strip():
        name = str(named)
    elif id is not None:
        return _broken(place, f"{place} has no value in the field {id!r}.")
    else:
        name = place
    found = row.get(text or _TEXT)
    if isinstance(found, bytes):
        return Item(name, found)
    if not isinstance(found, str):
        what = "no value" if found is None else "a value that is not text"
        return _broken(name, f"{place} has {what} in the field {text or _TEXT!r}.")
    if not _is_valid(found) or not _is_valid(name):
        return _broken(name, f"{place} is not valid UTF-8, or contains a lone surrogate.", NotText)
    if is_address(found):
        # Tables may come from untrusted sources, so addresses in them are not fetched.
        return _broken(
            name, f"{place} contains only an address. Give its text, or name the address as an input."
        )
    return Item(name, found)


def _is_valid(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _broken(id: str, message: str, kind: type[SummarizerError] = InputError) -> Item:
    return Item(id.encode("utf-8", "replace").decode(), None, kind(message))
