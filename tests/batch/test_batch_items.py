"""What a batch reads: every form of input, and what is broken in it."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import items
from summarizer.batch.items import Item, check_inputs, count_inputs, read_inputs
from summarizer.errors import ConfigurationError, InputError
from summarizer.reading import Url


def read(*inputs: str, **fields: str) -> list[Item]:
    check_inputs(inputs, **fields)
    return list(read_inputs(inputs, **fields))


def shown(found: list[Item]) -> list[tuple[str, Any]]:
    return [(item.id, item.source if item.error is None else str(item.error)) for item in found]


def test_folders_patterns_and_files(here: Path) -> None:
    """A folder is read with those in it, by name; hidden files and those of other kinds are left out."""
    for name in ("b.txt", "a.md", "sub/c.html", ".hidden.txt", "picture.png", "sub/deep/d.txt"):
        path = here / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    names = ["news/a.md", "news/b.txt", "news/sub/c.html", "news/sub/deep/d.txt"]
    assert shown(read("news")) == [(name, Path(name)) for name in names]
    assert [item.id for item in read("news/*.txt", "news/a.md")] == ["news/b.txt", "news/a.md"]
    assert [item.id for item in read("news/**/*.txt")] == ["news/b.txt", "news/sub/deep/d.txt"]
    assert count_inputs(["news", "news/*.txt"]) == 5
    assert [item.source for item in read("news/picture.png")] == [Path("news/picture.png")]


@pytest.mark.parametrize("name", ["typo.txt", "typo/*.txt", "empty"])
def test_inputs_that_are_not_there(here: Path, name: str) -> None:
    """A name that stands for nothing is refused before anything is asked."""
    (here / "empty").mkdir()
    with pytest.raises(InputError, match=r"There (is|are) no"):
        check_inputs([name])


# A table, and its rows: an id, and the article or a part of the error.
TABLES: dict[str, tuple[str, bytes, list[tuple[str, str]]]] = {
    "JSON Lines": (
        "in.jsonl",
        """\ufeff{"id": "one", "text": "First."}
{"text": "No id.", "id": ""}

{broken
[1, 2]
{"id": 4, "text": null}
{"id": "five", "text": ["a"]}
{"id": "six", "text": "half \\ud83d"}
{"id": "seven", "text": "https://example.org/x"}
{"id": 8.5, "text": "Eighth."}
""".encode()
        + b'{"id": "\xff", "text": "x"}',
        [
            *[("one", "First."), ("in.jsonl:2", "No id."), ("in.jsonl:4", "not valid JSON")],
            *[("in.jsonl:5", "not an object"), ("4", "no value in the field 'text'"), ("five", "not text")],
            *[("six", "lone surrogate"), ("seven", "only an address"), ("8.5", "Eighth.")],
            ("in.jsonl:11", "not valid JSON"),
        ],
    ),
    "JSON made to exhaust the parser": (
        "in.jsonl",
        b'{"text": "a"}\n{"text": ' + b"[" * 100_000 + b'\n{"text": "b"}\n',
        [("in.jsonl:1", "a"), ("in.jsonl:2", "nested too deeply"), ("in.jsonl:3", "b")],
    ),
    "CSV": (
        "in.csv",
        '\ufeffid,text\r\n1,"Two\nlines, ""quoted"""\r\n2,\r\n3,c,more\r\n4\r\n'.encode()
        + b"5,caf\xe9\r\n\r\n6,last\r\n",
        [
            *[("1", 'Two\nlines, "quoted"'), ("2", ""), ("in.csv:3", "has 3 cells, but the header has 2")],
            *[("in.csv:4", "has 1 cells"), ("5", "not valid UTF-8"), ("6", "last")],
        ],
    ),
    "tabs": ("in.tsv", b"id\ttext\n1\ta, b\n", [("1", "a, b")]),
    "semicolons": ("in.csv", b'id;text\n1;"a, b"\n', [("1", "a, b")]),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_tables(here: Path, table: tuple[str, bytes, list[tuple[str, str]]]) -> None:
    """Each row is an article; a broken one is an item with an error, and reading continues."""
    name, content, rows = table
    (here / name).write_bytes(content)
    found = shown(read(name))
    assert [id for id, _ in found] == [id for id, _ in rows]
    assert all(
        words == text if words == "" else words in text
        for (_, text), (_, words) in zip(found, rows, strict=True)
    )
    assert count_inputs([name]) == len(rows)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("in.jsonl", '{"text": "a"}\n{"text": "' + "x" * 1000 + '"}\n{"text": "b"}\n'),
        ("in.csv", "id,text\n1,a\n2," + "x" * 1000 + "\n3,b\n"),
    ],
)
def test_a_row_longer_than_an_article(
    here: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    """A row that is too long is not kept in memory and fails alone."""
    monkeypatch.setattr(items, "MAX_BYTES", 100)
    (here / name).write_text(content)
    before = csv.field_size_limit()
    try:
        found = [item.source for item in read(name)]
    finally:
        csv.field_size_limit(before)
    assert (found[0], found[1], found[-1]) == ("a", None, "b")


def test_fields_by_name(here: Path) -> None:
    """Fields are named by options; one that the first row lacks is refused with the names that it has."""
    (here / "in.jsonl").write_text('{"body": "B", "url": "u"}\n{"body": "C"}\n')
    found = shown(read("in.jsonl", text="body", id="url"))
    assert found == [("u", "B"), ("in.jsonl:2", "in.jsonl:2 has no value in the field 'url'.")]
    with pytest.raises(InputError, match="Choose one with --id"):
        check_inputs(["in.jsonl"], text="body", id="key")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "in.jsonl",
            '{"body": "B", "url": "u"}',
            "no field 'text'. Its fields: 'body', 'url'. Choose one with --text",
        ),
        ("in.csv", "", "is empty"),
        ("in.csv", "a,b\n1,2\n", "no field 'text'"),
        ("in.json", "[]", "JSON Lines"),
    ],
)
def test_tables_that_cannot_be_read(here: Path, name: str, content: str, words: str) -> None:
    """A table without articles is refused before anything is asked."""
    (here / name).write_text(content)
    with pytest.raises(InputError, match=words):
        check_inputs([name])


def test_parquet(here: Path) -> None:
    """Rows of Parquet are articles; a column that is not there, and a damaged file, are refused."""
    pyarrow = pytest.importorskip("pyarrow", reason="needs the [parquet] extra")
    from pyarrow import parquet

    table = pyarrow.table({"id": [1, 2, None], "text": ["a", None, "c"], "other": [0, 0, 0]})
    parquet.write_table(table, "in.parquet")
    found = shown(read("in.parquet"))
    assert [found[0], found[2]] == [("1", "a"), ("in.parquet:3", "c")]
    assert "has no value" in found[1][1]
    assert count_inputs(["in.parquet"]) == 3
    with pytest.raises(InputError, match="Its fields: 'id', 'text', 'other'"):
        check_inputs(["in.parquet"], text="body")
    Path("bad.parquet").write_bytes(b"PAR1 no parquet")
    with pytest.raises(InputError, match="damaged Parquet"):
        check_inputs(["bad.parquet"])


def test_parquet_without_the_extra(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command that installs it is named."""
    (here / "in.parquet").write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'deal-summarizer\[parquet\]'"):
        check_inputs(["in.parquet"])


def test_standard_input() -> None:
    """JSON Lines where it begins with a brace, else one article; its number is not known before."""

    def given(data: bytes) -> list[tuple[str, Any]]:
        return shown(list(read_inputs(["-"], stdin=io.BytesIO(data))))

    assert given(b'\n{"id": "a", "text": "x"}\n{"text": "y"}') == [("a", "x"), ("stdin:2", "y")]
    assert given(b"An article.\nMore.") == [("stdin", b"An article.\nMore.")]
    assert given(b"") == [("stdin", b"")]
    assert count_inputs(["-"]) is None


def test_addresses(here: Path) -> None:
    """An address given as an input is an article by itself."""
    assert shown(read("https://example.org/a")) == [("https://example.org/a", Url("https://example.org/a"))]
    assert count_inputs(["https://example.org/a"]) == 1
