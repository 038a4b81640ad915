"""``summarizer reconcile``: what it reads, what it prints, and what it says of bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals import dossiers as evals
from summarizer import DealDossier, DealSummary, reconcile
from summarizer.cli import main as cli
from summarizer.errors import EmptyInput
from summarizer.reading import Source

DEALS = {deal["deal"]: deal for deal in evals.load()}
RECORDS = [record for deal in DEALS.values() for record in deal["records"]]


def run(*arguments: str, stdin: str = "") -> Any:
    return CliRunner().invoke(cli.app, ["reconcile", *arguments], input=stdin)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def lines(records: list[DealSummary]) -> str:
    return "".join(record.model_dump_json() + "\n" for record in records)


def forms(records: list[DealSummary]) -> dict[str, str]:
    """The same records in each form that is read."""
    rows = [
        {"id": "x", "key": None, "record": record.model_dump(mode="json"), "error": None}
        for record in records
    ]
    failed = {"id": "y", "key": None, "record": None, "error": {"kind": "Refused"}}
    return {
        "records.jsonl": lines(records),
        "records.json": f"[{','.join(record.model_dump_json() for record in records)}]",
        "batch.jsonl": "".join(json.dumps(row) + "\n" for row in [*rows, failed]),
        "dossier.json": reconcile(records).model_dump_json(indent=1),
    }


@pytest.mark.parametrize("form", ["records.jsonl", "records.json", "batch.jsonl", "dossier.json", "-"])
def test_records_in_any_form_make_the_same_dossier(here: Path, form: str) -> None:
    records = DEALS["contradicting"]["records"]
    written = forms(records)
    if form == "-":
        result = run("-", "--format", "json", stdin=written["records.jsonl"])
    else:
        (here / form).write_text(written[form])
        result = run(form, "--format", "json")
    assert result.exit_code == 0
    assert DealDossier.model_validate_json(result.stdout) == reconcile(records)
    assert ("Rows without a record, left out: 1" in result.stderr) is (form == "batch.jsonl")


def test_parquet_output_of_a_batch(here: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    records = DEALS["retold"]["records"]
    columns = {"id": ["a", "b", "c"], "record": [record.model_dump_json() for record in records]}
    parquet.write_table(pyarrow.table(columns), here / "out.parquet")
    assert DealDossier.model_validate_json(run("out.parquet", "-f", "json").stdout) == reconcile(records)


def test_a_mixed_heap_gives_a_dossier_for_each_deal(here: Path) -> None:
    (here / "all.jsonl").write_text(lines(RECORDS))
    made = json.loads(run("all.jsonl", "-f", "json").stdout)
    assert len(made) == len(DEALS)
    together = run("all.jsonl", "-f", "json", "--together")
    assert len(json.loads(together.stdout)["sources"]) == len(RECORDS)
    for format in ("text", "markdown"):
        shown = run("all.jsonl", "-f", format).stdout
        assert all(record.source.id in shown for record in RECORDS)


def test_groups_with_their_reasons(here: Path) -> None:
    (here / "all.jsonl").write_text(lines(RECORDS))
    shown = run("all.jsonl", "--group")
    assert "halvik-1.txt, halvik-2.txt, halvik-3.txt" in shown.stdout
    assert "same target (Halvik)" in shown.stdout
    groups = json.loads(run("all.jsonl", "--group", "-f", "json").stdout)
    assert len(groups) == len(DEALS)
    assert {"is_deal", "sources", "reason", "unsure"} == groups[0].keys()


def test_articles_are_summarised_unless_their_record_is_there(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The article of a record serves the page; another one is read, and a failure does not stop the rest."""
    deal = DEALS["retold"]
    known = {report["text"]: record for report, record in zip(deal["reports"], deal["records"], strict=True)}
    asked: list[str] = []

    def summarize(article: Source, **_options: Any) -> DealSummary:
        asked.append(article.id)
        if "empty" in article.id:
            raise EmptyInput("There is nothing to read.")
        return known[article.text]

    monkeypatch.setattr("summarizer.pipeline.summarize", summarize)
    (here / "news").mkdir()
    for report in deal["reports"]:
        (here / "news" / report["id"]).write_text(report["text"])
    (here / "first.json").write_text(deal["records"][0].model_dump_json())
    result = run("first.json", "news", "-f", "html", "-o", "out.html")
    assert result.exit_code == 0
    assert sorted(asked) == [report["id"] for report in deal["reports"][1:]]
    page = (here / "out.html").read_text()
    assert all(f'id="d0s{number}p0"' in page for number in (1, 2, 3))
    (here / "news" / "empty.txt").write_text("x")
    result = run("news")
    assert result.exit_code == 1
    assert "empty.txt" in result.stderr
    assert "3 sources" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", '{"is_deal": tru}\n', "a.jsonl:1 is not JSON"),
        ("a.jsonl", '{"is_deal": false}\n{"is_deal"\n', "a.jsonl:2 is not JSON"),
        ("a.json", '{"a": 1}', "no field 'is_deal'"),
        ("a.json", "[3]", "a.json, record 1 is int"),
        ("a.json", "hello", "is not JSON"),
        ("a.json", "", "is not JSON"),
        ("a.json", '{"is_deal": true, "amount": 3}', "a.json is not the record of a deal: amount"),
        ("a.json", "[" * 100_000, "nested too deep"),
        ("a.csv", "id,text\n", "holds no whole records"),
        ("a.jsonl", '{"id": "1", "record": null}\n', "no record to reconcile"),
        ("", "", "There is no file or folder nowhere"),
    ],
)
def test_bad_input_is_named(here: Path, name: str, content: str, told: str) -> None:
    if name:
        (here / name).write_text(content)
    result = run(name or "nowhere")
    assert result.exit_code == 2
    assert told in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [("--group", "--together"), ("--group", "-f", "html"), ("-o", "no/such/folder")]
)
def test_options_that_do_not_fit(here: Path, arguments: tuple[str, ...]) -> None:
    (here / "all.jsonl").write_text(lines(RECORDS[:1]))
    assert run("all.jsonl", *arguments).exit_code == 2
