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


def test_json_lines(here: Path) -> None:
    """Rows of JSON Lines are articles; a broken one is an item with an error, and the rest goes on."""
    lines = [
        '\ufeff{"id": "one", "text": "First."}',
        '{"text": "No id.", "id": ""}',
        "",
        "{broken",
        "[1, 2]",
        '{"id": 4, "text": null}',
        '{"id": "five", "text": ["a"]}',
        '{"id": "six", "text": "half \\ud83d"}',
        '{"id": "seven", "text": "https://example.org/x"}',
        '{"id": 8.5, "text": "Eighth."}',
    ]
    (here / "in.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"id": "\xff", "text": "x"}')
    found = shown(read("in.jsonl"))
    assert found[0] == ("one", "First.")
    assert found[1] == ("in.jsonl:2", "No id.")
    assert found[-2] == ("8.5", "Eighth.")
    errors = dict(found[2:8] + found[9:])
    assert list(errors) == ["in.jsonl:4", "in.jsonl:5", "4", "five", "six", "seven", "in.jsonl:11"]
    assert "not valid JSON" in errors["in.jsonl:4"]
    assert "not an object" in errors["in.jsonl:5"]
    assert "has no value in the field 'text'" in errors["4"]
    assert "not text" in errors["five"]
    assert "lone surrogate" in errors["six"]
    assert "only an address" in errors["seven"]
    assert "not valid JSON" in errors["in.jsonl:11"]
    assert count_inputs(["in.jsonl"]) == len(found)


def test_json_that_is_nested_too_deep(here: Path) -> None:
    """A line made to exhaust the parser fails alone."""
    (here / "in.jsonl").write_text('{"text": "a"}\n{"text": ' + "[" * 100_000 + "\n" + '{"text": "b"}\n')
    found = read("in.jsonl")
    assert [item.source for item in found] == ["a", None, "b"]


def test_a_line_longer_than_an_article(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line without end is not taken into memory, and the next is read."""
    monkeypatch.setattr(items, "MAX_BYTES", 100)
    (here / "in.jsonl").write_text('{"text": "a"}\n{"text": "' + "x" * 1000 + '"}\n{"text": "b"}\n')
    assert [item.source for item in read("in.jsonl")] == ["a", None, "b"]


def test_fields_by_name(here: Path) -> None:
    """Fields are named by options; a name that the first row lacks is refused with the names that it has."""
    (here / "in.jsonl").write_text('{"body": "B", "url": "u"}\n{"body": "C"}\n')
    found = shown(read("in.jsonl", text="body", id="url"))
    assert found == [("u", "B"), ("in.jsonl:2", "in.jsonl:2 has no value in the field 'url'.")]
    with pytest.raises(
        InputError, match=r"no field 'text'. Its fields: 'body', 'url'. Choose one with --text"
    ):
        check_inputs(["in.jsonl"])
    with pytest.raises(InputError, match="Choose one with --id"):
        check_inputs(["in.jsonl"], text="body", id="key")


def test_csv(here: Path) -> None:
    """Rows of CSV are articles, with line ends inside them; broken rows fail alone."""
    with (here / "in.csv").open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerows([["id", "text"], ["1", 'Two\nlines, "quoted"'], ["2", ""], ["3", "c", "more"], ["4"]])
    with (here / "in.csv").open("ab") as file:
        file.write(b"5,caf\xe9\r\n\r\n6,last\r\n")
    found = shown(read("in.csv"))
    assert found[0] == ("1", 'Two\nlines, "quoted"')
    assert found[1] == ("2", "")
    assert found[2] == ("in.csv:3", "Row 3 of in.csv has 3 cells, but the header has 2.")
    assert "has 1 cells" in found[3][1]
    assert "not valid UTF-8" in found[4][1]
    assert found[5] == ("6", "last")
    assert count_inputs(["in.csv"]) == 6


@pytest.mark.parametrize(
    ("name", "content"), [("in.tsv", "id\ttext\n1\ta, b\n"), ("in.csv", 'id;text\n1;"a, b"\n')]
)
def test_other_delimiters(here: Path, name: str, content: str) -> None:
    """Tabs, and the semicolons that some spreadsheets write."""
    (here / name).write_text(content)
    assert shown(read(name)) == [("1", "a, b")]


@pytest.mark.parametrize(("content", "words"), [("", "is empty"), ("a,b\n1,2\n", "no field 'text'")])
def test_csv_without_what_is_needed(here: Path, content: str, words: str) -> None:
    """An empty table, and one without the column, are refused at once."""
    (here / "in.csv").write_text(content)
    with pytest.raises(InputError, match=words):
        check_inputs(["in.csv"])


def test_csv_cell_that_cannot_be_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell longer than an article can be fails its row."""
    monkeypatch.setattr(items, "MAX_BYTES", 50)
    (here / "in.csv").write_text("id,text\n1,a\n2," + "x" * 200 + "\n3,c\n")
    before = csv.field_size_limit()
    try:
        found = shown(read("in.csv"))
    finally:
        csv.field_size_limit(before)
    assert found[0] == ("1", "a")
    assert "cannot be read as CSV" in found[1][1]
    assert found[-1] == ("3", "c")


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


def test_json_is_not_json_lines(here: Path) -> None:
    """A JSON document is refused with the form that is read."""
    Path("in.json").write_text("[]")
    with pytest.raises(InputError, match="JSON Lines"):
        check_inputs(["in.json"])
