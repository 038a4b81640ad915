"""From the names that a user gives to files: folders, patterns and links, whatever lies in them."""

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
"""The endings of files that are taken out of a folder as one article each."""
TABLES = frozenset({".jsonl", ".ndjson", ".csv", ".tsv", ".parquet"})
"""The endings of files that hold an article in each row."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that an input stands for.

    ``named``: the user named this file, not a folder or a pattern. ``problem`` is a sentence that says why it
    cannot be read; it is empty where it can.
    """

    path: Path
    named: bool = False
    problem: str = ""

    @property
    def is_table(self) -> bool:
        """Whether the file holds an article in each row."""
        return self.path.suffix.lower() in TABLES


def find_files(name: str, own: OwnFiles | None = None) -> Iterator[Found]:
    """Yield the files that an input stands for, in the order of their names; none where nothing fits it.

    Files that a run of this program wrote are left out of folders and patterns. Raises InputError where the
    run would write over an input, or where ``name`` exists and cannot be looked at.
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
    """The mode of what a name stands for; None where there is no such thing."""
    try:
        return os.stat(name).st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error


def _folder(folder: Path, parents: tuple[tuple[int, int], ...]) -> Iterator[Found]:
    """The articles and tables of a folder and its subfolders, by name; hidden ones are left out."""
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
    """A link leads to a folder that holds the link."""


def _entered(folder: Path, parents: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The folders that hold what is in ``folder``, by device and inode. Raises _Loop where it is among them."""
    status = os.stat(folder)
    this = (status.st_dev, status.st_ino)
    if this in parents:
        raise _Loop(0, "it is a link to a folder that holds it")
    return (*parents, this)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _matches(pattern: str) -> Iterator[str]:
    """What fits a pattern. ``**`` stands for any folders, and follows no link in circles as glob would."""
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
    """A folder and all that are in it, but for hidden ones and those that cannot be read."""
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
    """A file of a folder or pattern, with what would keep it from being read."""
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
            return f"{path} is {kind}, not a file. Name it as an input by itself if it is meant."
    return ""


_NOT_FILES = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
