"""The files that a batch itself writes: they are never read as input, and never written over an input."""

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

# Files that any run leaves beside its output, and the databases of an export.
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
_ENOUGH = 65_536  # bytes in which a row of ours shows what it is


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The output and the journal of a run, with the files beside them. None: there is no such file."""

    output: Path | None = None
    journal: Path | None = None

    def named(self) -> Iterator[tuple[str, Path]]:
        """Yield each file that the run may write, with a word for it."""
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
        """Raise InputError where two of the files are one, as when the journal is the output."""
        for (one, first), (other, second) in combinations(self.named(), 2):
            if _real(first) == _real(second) or _identity(first) == (_identity(second) or ()):
                raise InputError(
                    f"{second} would be both {one} and {other}. Name another file with --journal."
                )

    def present(self) -> dict[tuple[int, int], tuple[str, Path]]:
        """Return the files that exist, by device and inode, so that links to them are known too."""
        found: dict[tuple[int, int], tuple[str, Path]] = {}
        for word, path in self.named():
            identity = _identity(path)
            if identity is not None:
                found.setdefault(identity, (word, path))
        return found


@dataclass(frozen=True, slots=True)
class Guard:
    """Tells the inputs of a run from its own files. ``present`` is what ``OwnFiles.present`` returned."""

    present: dict[tuple[int, int], tuple[str, Path]]

    def check_named(self, path: Path) -> None:
        """Raise InputError where a file that the user named is one of the run's own."""
        own = self._own(path)
        if own is not None:
            raise InputError(f"{path} is an input and {own[0]} ({own[1]}). {_another(own[0])}")

    def skips(self, path: Path) -> bool:
        """Whether a file in a folder, or one that a pattern matches, was written by a run of this program.

        Raises InputError where the run would write over an article or a table of somebody else.
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
        raise InputError(
            f"{path} is an input, and would be overwritten by {word} ({where}). {_another(word)}"
        )

    def _own(self, path: Path) -> tuple[str, Path] | None:
        return self.present.get(_identity(path) or (-1, -1)) if self.present else None


def _another(word: str) -> str:
    return "Name another output." if word.endswith("output") else "Name another --journal."


def part_of(path: Path) -> Path:
    """Where the rows of an output are until it is complete."""
    return path.with_name(f"{path.name}.part")


def lock_of(path: Path) -> Path:
    """The file that is locked while a run writes an output or a journal."""
    return path.with_name(f"{path.name}.lock")


def is_own_table(path: Path) -> bool:
    """Whether a table holds rows that this program wrote, or the lines of a provider's batch files."""
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return _parquet_names(path)[: len(HEAD)] == list(HEAD)
        if suffix not in (".jsonl", ".ndjson", ".csv") or not path.is_file():
            return False
        with path.open("rb") as file:
            start = file.read(_ENOUGH)
    except OSError:
        return False  # whoever reads it says why it cannot be read
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
    """Whether a file at the place of an output or a journal is neither empty nor a journal."""
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
    """The entry of a folder that a path names: links on the way are followed, and the last is not."""
    return os.path.join(_real(path.parent), os.path.normcase(path.name))
