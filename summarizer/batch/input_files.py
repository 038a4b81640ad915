"""Finds the files of an input: a file, a folder or a pattern, with whatever is in it."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from summarizer.batch.own_files import Guard, OwnFiles
from summarizer.errors import InputError

ARTICLES = frozenset({".txt", ".text", ".md", ".html", ".htm", ".xhtml", ".pdf"})
"""The suffixes of files that are one article each."""
TABLES = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"})
"""The suffixes of files with one article per row."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file of an input.

    ``named``: the user named this file, not a folder or pattern. ``problem`` says why it cannot be read;
    empty if it can.
    """

    path: Path
    named: bool = False
    problem: str = ""

    @property
    def is_table(self) -> bool:
        """Whether the file holds one article per row."""
        return self.path.suffix.lower() in TABLES


def find_files(name: str, own: OwnFiles | None = None) -> Iterator[Found]:
    """Yield the files of an input, sorted by name; none if nothing matches it.

    Files written by a run of this program are left out of folders and patterns. Raises InputError if the run
    would overwrite an input, or if ``name`` exists and cannot be examined.
    """
    guard = Guard(own.present() if own is not None else {})
    path = Path(name)
    mode = _mode(name)
    found: Iterator[Found]
    if mode is None:
        found = (_examined(Path(match)) for match in sorted(set(_matches(name))) if not os.path.isdir(match))
    elif stat.S_ISDIR(mode):
        found = _folder(path, ())
    else:
        guard.check_named(path)
        yield Found(path, named=True, problem=_name_problem(path))
        return
    for one in found:
        if not guard.skips(one.path):
            yield one


def _mode(name: str) -> int | None:
    """Return the mode of a file or folder; None if there is none."""
    try:
        return os.stat(name).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error


def _folder(folder: Path, parents: tuple[tuple[int, int], ...]) -> Iterator[Found]:
    """Yield the articles and tables of a folder and its subfolders, sorted by name, without hidden ones."""
    try:
        parents = _entered(folder, parents)
        with os.scandir(folder) as entries:
            names = sorted((entry.name, _is_folder(entry)) for entry in entries if entry.name[0] != ".")
    except OSError as error:
        yield Found(folder, problem=f"The folder {folder} cannot be read: {error.strerror or error}.")
        return
    for name, is_folder in names:
        if is_folder:
            yield from _folder(folder / name, parents)
        elif Path(name).suffix.lower() in ARTICLES | TABLES:
            yield _examined(folder / name)


class _Loop(OSError):
    """A link to a folder that contains the link."""


def _entered(folder: Path, parents: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Add a folder to its parents, by device and inode. Raises _Loop if it is among them."""
    status = os.stat(folder)
    this = (status.st_dev, status.st_ino)
    if this in parents:
        raise _Loop(0, "it is a link to a folder that contains it")
    return (*parents, this)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _matches(pattern: str) -> Iterator[str]:
    """Yield the matches of a pattern. Unlike glob, ``**`` does not follow circular links."""
    parts = pattern.replace(os.altsep or "/", os.sep).split(os.sep)
    if "**" not in parts:
        yield from glob.glob(pattern)
        return
    at = parts.index("**")
    before, after = os.sep.join(parts[:at]), os.sep.join(parts[at + 1 :]) or "*"
    if at == 1 and not before:
        before = os.sep
    for base in glob.glob(before) if before else [""]:
        for folder in _subfolders(base, ()):
            yield from _matches(os.path.join(glob.escape(folder), after))


def _subfolders(folder: str, parents: tuple[tuple[int, int], ...]) -> Iterator[str]:
    """Yield a folder and all folders below it, without hidden and unreadable ones."""
    try:
        parents = _entered(Path(folder), parents)
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in entries if entry.name[0] != "." and _is_folder(entry)]
    except OSError:
        return
    yield folder
    for name in names:
        yield from _subfolders(os.path.join(folder, name), parents)


def _examined(path: Path) -> Found:
    """Return a file of a folder or pattern, with the reason why it cannot be read."""
    return Found(path, problem=_name_problem(path) or _kind_problem(path))


def _name_problem(path: Path) -> str:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = str(path).encode("utf-8", "replace").decode()
        return f"The name of {shown} is not UTF-8. Rename the file or its folder."
    return ""


def _kind_problem(path: Path) -> str:
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}."
    for is_kind, kind in _NOT_FILES:
        if is_kind(mode):
            return f"{path} is {kind}, not a file. To read it, name it as an input."
    return ""


_NOT_FILES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
