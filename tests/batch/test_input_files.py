"""Folders as they are: pipes, devices, circular links, broken names. Each is a failed row, and the run goes on."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer.batch import command, input_files
from summarizer.batch.items import check_inputs, count_inputs, read_inputs
from summarizer.errors import InputError

from .conftest import Scripted, text

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")


def make_socket(path: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path)


def make_bad_name(path: bytes) -> None:
    stem, ending = os.path.splitext(path)
    Path(os.fsdecode(stem + b"\xe9" + ending)).write_text(text(3))


def make_folder_of_bad_name(path: bytes) -> None:
    folder = Path(os.fsdecode(path.replace(b".", b"\xe9.")))
    folder.mkdir()
    (folder / "in.txt").write_text(text(3))


def make_unreadable_parquet(path: bytes) -> None:
    Path(os.fsdecode(path)).with_suffix(".parquet").write_bytes(b"PAR1 no table")


ODD: dict[str, tuple[Callable[[bytes], object], str]] = {
    "a name that is not UTF-8": (make_bad_name, "not UTF-8"),
    "a folder whose name is not UTF-8": (make_folder_of_bad_name, "not UTF-8"),
    "a pipe": (os.mkfifo, "is a named pipe"),
    "a socket": (make_socket, "is a socket"),
    "a link to a device": (lambda path: os.symlink("/dev/zero", path), "is a device"),
    "a link to itself": (lambda path: os.symlink(path, path), "cannot be read"),
    "a link to nothing": (lambda path: os.symlink("nothing", path), "cannot be read"),
    "a link to the folder": (lambda path: os.symlink(".", path), "a link to a folder that contains it"),
    "a link to a folder above": (
        lambda path: os.symlink("../../news", path),
        "a link to a folder that contains it",
    ),
    "a damaged Parquet file": (make_unreadable_parquet, "damaged Parquet"),
    "an empty table": (lambda path: Path(os.fsdecode(path)).with_suffix(".csv").touch(), "is empty"),
    "a table of something else": (
        lambda path: Path(os.fsdecode(path)).with_suffix(".csv").write_text("a,b\n1,2\n"),
        "no field 'text'",
    ),
}


@pytest.fixture
def news(here: Path) -> Path:
    """A folder with an article before and one behind what a test puts between them."""
    (here / "news" / "sub").mkdir(parents=True)
    (here / "news" / "a.txt").write_text(text(1))
    (here / "news" / "z.txt").write_text(text(2))
    return here / "news"


@pytest.mark.parametrize("ending", ["txt", "jsonl"])
@pytest.mark.parametrize("case", ODD.values(), ids=ODD)
def test_odd_files_are_failed_rows(
    news: Path, model: Scripted, case: tuple[Callable[[bytes], object], str], ending: str
) -> None:
    """What no article can be read from is a failed row with the reason; the others are read, and the run ends."""
    make, words = case
    make(f"news/sub/m.{ending}".encode())
    options = {"model": model, "journal": Path("journal")}
    code = command.run(command.Job(["news"], "out.jsonl", None, None, options, "line", True, "AGAIN"))
    assert code == 1
    rows = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [bool(row["record"]) for row in rows] == [True, False, True]
    assert rows[1]["error"]["kind"] in ("InputError", "NotText")
    assert words in rows[1]["error"]["message"]
    assert rows[1]["id"].isprintable()


@pytest.mark.parametrize("pattern", ["news/*", "news/sub/*", "news/**", "news/**/*.txt", "**/m.txt"])
def test_odd_files_of_a_pattern(news: Path, pattern: str) -> None:
    """A pattern is as careful as a folder."""
    os.mkfifo("news/m.txt")
    os.mkfifo("news/sub/m.txt")
    items = {item.id: item.error for item in read_inputs([pattern])}
    assert any("named pipe" in str(error) for error in items.values())
    assert all(error is None for id, error in items.items() if not id.endswith("m.txt"))


def test_patterns_follow_no_link_in_circles(news: Path) -> None:
    """Two circular links make glob read a folder two to the fortieth times; here each file comes once."""
    for name in ("one", "two"):
        os.symlink("..", f"news/sub/{name}")
        os.symlink(".", f"news/{name}")
    assert [item.id for item in read_inputs(["news/**/*.txt"])] == ["news/a.txt", "news/z.txt"]
    assert count_inputs(["**/*.txt"]) == 2
    assert sum(item.error is None for item in read_inputs(["news"])) == 2


def test_links_that_are_no_circle_are_followed(news: Path) -> None:
    """A link to a folder elsewhere is read as a folder, also where two lead to it."""
    (news.parent / "other").mkdir()
    (news.parent / "other" / "b.txt").write_text(text(3))
    for name in ("x", "y"):
        os.symlink("../other", f"news/{name}")
    expected = ["news/a.txt", "news/x/b.txt", "news/y/b.txt", "news/z.txt"]
    assert [item.id for item in read_inputs(["news"])] == expected
    assert [item.id for item in read_inputs(["news/**/*.txt"])] == expected


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("news/**", ["news/a.txt", "news/sub/c.md", "news/sub/deep/d.txt", "news/z.txt"]),
        ("news/**/*.txt", ["news/a.txt", "news/sub/deep/d.txt", "news/z.txt"]),
        ("**/deep/**/*", ["news/sub/deep/d.txt"]),
        ("n*s/**/d.txt", ["news/sub/deep/d.txt"]),
        ("**/*.md", ["news/sub/c.md"]),
        ("nothing/**/*.txt", []),
    ],
)
@pytest.mark.parametrize("absolute", [False, True])
def test_deep_patterns(news: Path, pattern: str, names: list[str], absolute: bool) -> None:
    """``**`` stands for any number of folders, and hidden files stay hidden, as with glob."""
    (news / "sub" / "deep").mkdir()
    (news / "sub" / "c.md").write_text("x")
    (news / "sub" / "deep" / "d.txt").write_text("x")
    (news / ".hidden").mkdir()
    (news / ".hidden" / "h.txt").write_text("x")
    base = f"{news.parent.as_posix()}/" if absolute else ""
    assert [found.path.as_posix() for found in input_files.find_files(base + pattern)] == [
        base + n for n in names
    ]


def test_a_folder_that_cannot_be_read(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subfolder that may not be listed is a failed row."""
    listed = os.scandir

    def refuse(path: Path) -> object:
        if os.fspath(path).endswith("sub"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(input_files.os, "scandir", refuse)
    failed = [str(item.error) for item in read_inputs(["news"]) if item.error]
    assert failed == ["The folder news/sub cannot be read: Permission denied."]


@pytest.mark.parametrize("name", ["loop.txt", "n" * 5000, "a.txt/b.txt", "nul\0.txt"])
def test_names_that_cannot_be_looked_at(news: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A name that the system refuses is refused with code 2, and is no fault of the program."""
    monkeypatch.chdir(news)
    os.symlink("loop.txt", "loop.txt")
    with pytest.raises(InputError):
        check_inputs([name])


def test_a_pipe_that_is_named_is_read(news: Path) -> None:
    """Who names a pipe means it: a shell hands over the output of a command so."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        pipe.write(text(1))
    try:
        (item,) = read_inputs([f"/dev/fd/{reading}"])
        assert item.error is None
    finally:
        os.close(reading)
