"""Rows: what they hold, that no spreadsheet runs them, and that nobody sees half a file."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer import DealSummary, summarize_many
from summarizer.batch import locks
from summarizer.batch.output import columns, harmless, locked_output, open_output
from summarizer.batch.own_files import part_of
from summarizer.batch.results import Failure, Result
from summarizer.errors import ConfigurationError, InputError

from .conftest import Scripted, text

PROVENANCE = {"model": "m", "plan": "whole", "endpoint": "e"}


@pytest.fixture
def results(model: Scripted) -> list[Result]:
    return list(summarize_many([("a", text(1)), ("b", text(2, "refused")), ("=c", text(3))], model=model))


def written(name: Path, results: list[Result], *, publish: bool = True) -> None:
    writer = open_output(str(name), DealSummary, PROVENANCE)
    for result in results:
        writer.write(result)
    writer.close(publish=publish)


def test_json_lines(tmp_path: Path, results: list[Result]) -> None:
    """A row has id, key, and either the whole record or the error with what would have made the record."""
    out = tmp_path / "out.jsonl"
    written(out, results)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["id"] for row in rows] == ["a", "b", "=c"]
    assert DealSummary.model_validate(rows[0]["record"]) == results[0].record
    assert rows[0]["error"] is None
    assert rows[1]["record"] is None
    assert rows[1]["error"] == {
        "kind": "Refused",
        "message": "It refused.",
        "requests": 1,
        "provenance": PROVENANCE,
    }
    assert rows[0]["record"]["provenance"]["model"] == "scripted"


def test_csv(tmp_path: Path, results: list[Result]) -> None:
    """A row has each fact in a column of its own, and no cell begins as a formula does."""
    out = tmp_path / "out.csv"
    written(out, results)
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["amount.value"] == "2000000"
    assert rows[0]["amount.currency"] == "USD"
    assert rows[0]["announced_on.date"] == "2031-05-04"
    assert rows[0]["model"] == "scripted"
    assert (rows[1]["error_kind"], rows[1]["error_message"], rows[1]["model"]) == (
        "Refused",
        "It refused.",
        "m",
    )
    assert rows[1]["amount.value"] == ""
    assert rows[2]["id"] == "'=c"


def test_parquet(tmp_path: Path, results: list[Result]) -> None:
    """Parquet has the columns of CSV, and the whole record as JSON."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs the [parquet] extra")
    out = tmp_path / "out.parquet"
    written(out, results * 200)
    table = parquet.read_table(out)
    assert table.num_rows == 600
    rows = table.slice(0, 3).to_pylist()
    assert rows[2]["id"] == "=c"
    assert rows[0]["amount.text"] == "$2 million"
    assert rows[1]["record"] is None
    assert DealSummary.model_validate_json(rows[0]["record"]) == results[0].record


def test_columns_are_those_of_the_schema() -> None:
    """A value has a column for each of its parts but the evidence; a list has one."""
    names = columns(DealSummary)
    assert {"headline", "amount.value", "stake.voting", "people", "earlier_deals"} <= set(names)
    assert not any("evidence" in name for name in names)
    assert len(names) == len(set(names))


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20))
def test_no_cell_is_a_formula(cell: str) -> None:
    """Whatever a cell holds, a spreadsheet takes it as text, and only an apostrophe was added."""
    safe = harmless(cell)
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert safe.removeprefix("'") == cell.removeprefix("'") or safe == f"'{cell}"


@pytest.mark.parametrize("sign", "=+-@＝＋－＠﹦﹢﹣﹫⁼⁺−")
@pytest.mark.parametrize(
    "before",
    [
        "",
        " ",
        "\u200b \ufeff",
        *"\xa0\u3000\u200b\ufeff\xad\u202e\u2066\u034f\ufe0f\u115f\u3164\u2800\0\x1b\U000e0041",
    ],
)
def test_no_formula_behind_what_does_not_show(before: str, sign: str) -> None:
    """A sign that starts a formula is found behind blanks and invisible characters, and in its wide forms."""
    cell = f"{before}{sign}1+1"
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "Alder & Co.", "$2 million", "\u200bAlder", "'=1", "(−3%)", "étude", "（1"]
)
def test_words_stay_as_they_are(cell: str) -> None:
    """What no spreadsheet runs is not touched."""
    assert harmless(cell) == cell


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_a_link_in_the_place_of_the_part(tmp_path: Path, results: list[Result], name: str, link: Any) -> None:
    """A link where the unfinished output goes is removed; what it leads to is not written."""
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="needs the [parquet] extra")
    article = tmp_path / "article.txt"
    article.write_text("An article.")
    link(tmp_path / f"{name}.part", article)
    written(tmp_path / name, results)
    assert article.read_text() == "An article."
    assert not (tmp_path / name).is_symlink()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
def test_an_output_that_is_a_pipe(tmp_path: Path) -> None:
    """A pipe would be replaced by a file, and its reader wait for ever: it is refused with the way to do it."""
    os.mkfifo(tmp_path / "out.jsonl")
    with pytest.raises(InputError, match="Use -o -"):
        open_output(str(tmp_path / "out.jsonl"), DealSummary, {})


def test_an_output_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one run writes an output no other can; the next one can."""
    monkeypatch.setattr(locks, "_WAIT", 0.0)
    out = str(tmp_path / "out.csv")
    told = pytest.raises(ConfigurationError, match="Another process is using the output")
    with locked_output(out), told, locked_output(out):
        pass
    with locked_output(out), locked_output("-"), locked_output("-"):
        pass


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_an_output_appears_whole(tmp_path: Path, results: list[Result], name: str) -> None:
    """Until the last row the file of an earlier run stays; a run that ended early leaves its rows in .part."""
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow", reason="needs the [parquet] extra")
    out = tmp_path / name
    out.write_text("of before")
    written(out, results, publish=False)
    assert out.read_text() == "of before"
    assert part_of(out).stat().st_size > 100
    written(out, results)
    assert out.read_bytes() != b"of before"
    assert not part_of(out).exists()


def test_half_a_character(tmp_path: Path) -> None:
    """An id that UTF-8 cannot hold does not end the run."""
    result = Result("a\udcff", None, Failure("InputError", "b\ud83d"))
    for name in ("out.jsonl", "out.csv"):
        written(tmp_path / name, [result])
    assert json.loads((tmp_path / "out.jsonl").read_text())["error"]["message"] == "b?"


@pytest.mark.parametrize(
    ("name", "words"), [("out.txt", "needs one of"), ("no/out.csv", "no folder"), (".", "needs one of")]
)
def test_outputs_that_cannot_be(tmp_path: Path, name: str, words: str) -> None:
    """A form that is not known, and a folder that is not there, are refused."""
    with pytest.raises(InputError, match=words):
        open_output(str(tmp_path / name), DealSummary, {})


def test_parquet_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command that installs it is named."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'deal-summarizer\[parquet\]'"):
        open_output(str(tmp_path / "out.parquet"), DealSummary, {})


def test_standard_output(results: list[Result], capsys: pytest.CaptureFixture[str]) -> None:
    """A dash prints JSON Lines."""
    written(Path("-"), results)
    rows: list[Any] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 3
