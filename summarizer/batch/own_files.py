"""The files that a batch writes: they are never read as input and never overwrite an input."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from summarizer.errors import InputError

HEAD = ("id", "key", "error_kind", "error_message")
"""The first columns of a CSV or Parquet output."""

# Files that any run leaves beside its output, and those of an export.
_OWN_NAME = re.compile(
    r"\.(?:jsonl|csv|parquet)\.(?:part|lock|journal(?:\.lock|-wal|-shm|-journal)?)"
    r"|(?:journal|requests)\.sqlite(?:\.lock|-wal|-shm|-journal)?"
    r"|requests-\d{4,}\.part"
)
_STRING = rb'"(?:[^"\\]|\\.)*"'
# An output row, and a request or a result of a provider's batch file.
_OWN_LINE = re.compile(
    rb'\{"id":' + _STRING + rb',"key":(?:"[0-9a-f]{64}"|null),"record":(?:\{|null,"error":\{)'
    rb'|\{(?:"id":\s*' + _STRING + rb',\s*)?"custom_id":\s*"[0-9a-f]{32}-\d+"'
)
_ENOUGH = 65_536  # bytes within which a row of ours is recognised


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The output and the journal of a run, either of which may be None, with the files beside them."""

    output: Path | None = None
    journal: Path | None = None

    def named(self) -> Iterator[tuple[str, Path]]:
        """Yield each file that the run may write, with its description."""
        if self.output is not None:
            yield "the output", self.output
            yield "the unfinished output", part_of(self.output)
            yield "the lock of the output", lock_of(self.output)
        if self.journal is not None:
            yield "the journal", self.journal
            yield "the lock of the journal", lock_of(self.journal)
            for ending in ("-wal", "-shm", "-journal"):
                yield f"the {ending[1:]} file of the journal", Path(f"{self.journal}{ending}")

    def check_distinct(self) -> None:
        """Raise InputError if two of the files are the same, such as the journal and the output."""
        for (one, first), (other, second) in combinations(self.named(), 2):
            if _real(first) == _real(second) or _identity(first) == (_identity(second) or ()):
                raise InputError(f"{second} would be both {one} and {other}. Choose another --journal.")

    def present(self) -> dict[tuple[int, int], tuple[str, Path]]:
        """Return the files that exist, by device and inode, so that links to them are recognised."""
        found: dict[tuple[int, int], tuple[str, Path]] = {}
        for word, path in self.named():
            identity = _identity(path)
            if identity is not None:
                found.setdefault(identity, (word, path))
        return found


@dataclass(frozen=True, slots=True)
class Guard:
    """Tells the inputs of a run from its own files. ``present`` comes from ``OwnFiles.present``."""

    present: dict[tuple[int, int], tuple[str, Path]]

    def check_named(self, path: Path) -> None:
        """Raise InputError if a file that the user named is one of the run's own."""
        own = self._own(path)
        if own is not None:
            raise InputError(f"{path} is both an input and {own[0]} ({own[1]}). {_another(own[0])}")

    def skips(self, path: Path) -> bool:
        """Whether a file of a folder or pattern was written by a run of this program.

        Raises InputError if the run would overwrite an article or table.
        """
        if _OWN_NAME.search(path.name) or is_own_table(path):
            return True
        own = self._own(path)
        if own is None:
            return False
        word, where = own
        if _place(path) == _place(where) and (
            word not in ("the output", "the journal") or not _has_articles(path)
        ):
            return True
        raise InputError(f"{path} is an input that {word} ({where}) would overwrite. {_another(word)}")

    def _own(self, path: Path) -> tuple[str, Path] | None:
        return self.present.get(_identity(path) or (-1, -1)) if self.present else None


def _another(word: str) -> str:
    return "Choose another output." if word.endswith("output") else "Choose another --journal."


def part_of(path: Path) -> Path:
    """Return the path of an output that is not complete yet."""
    return path.with_name(f"{path.name}.part")


def lock_of(path: Path) -> Path:
    """Return the path of the file that is locked while a run writes an output or journal."""
    return path.with_name(f"{path.name}.lock")


def is_own_table(path: Path) -> bool:
    """Whether a table holds rows written by this program, or the lines of a provider's batch file."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return _parquet_names(path)[: len(HEAD)] == list(HEAD)
        if suffix not in (".jsonl", ".ndjson", ".csv") or not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(_ENOUGH)
    except OSError:
        return False  # the reader of the file reports it
    if suffix == ".csv":
        return start.startswith(",".join(HEAD).encode() + b",")
    return _OWN_LINE.match(start) is not None


def _parquet_names(path: Path) -> list[Any]:
    if not path.is_file():
        return []
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        return []
    try:
        return list(parquet.read_schema(path).names)
    except pyarrow.ArrowException:
        return []


def _has_articles(path: Path) -> bool:
    """Whether a file in the place of an output or journal is neither empty nor a journal."""
    with path.open("rb") as file:
        start = file.read(16)
    return bool(start) and start != b"SQLite format 3\0"


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


def _place(path: Path) -> str:
    """Return the directory entry of a path: links in its folder are followed, but not the last component."""
    return os.path.join(_real(path.parent), os.path.normcase(path.name))
