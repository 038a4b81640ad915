"""``batch export`` and ``batch import`` as a user runs them: files, words and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from summarizer.cli.main import app
from tests.conftest import ARTICLE

from .provider import answer_file, good, line, read

MODEL = ["--model", "openai/gpt-x"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["batch", *map(str, arguments)])


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A table of three articles in the current folder, and nothing set by the environment."""
    for name in ("MODEL", "BASE_URL", "API_KEY"):
        monkeypatch.delenv(f"SUMMARIZER_{name}", raising=False)
        monkeypatch.delenv(f"OPENAI_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    rows = [{"id": f"n{i}", "text": ARTICLE.replace("in 2028", f"in {2000 + i}")} for i in range(3)]
    path = tmp_path / "news.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_batch_from_export_to_rows(news: Path) -> None:
    """Files go out, results come in, and the rows stand in the order of the input; the words tell each step."""
    exported = run("export", "news.jsonl", "-o", "out", *MODEL, "--url", "/chat/completions")
    assert exported.exit_code == 0, exported.output
    assert "3 waiting for results" in exported.output
    assert "out/requests-0001.jsonl 3 requests" in exported.output
    assert "summarizer batch import RESULT… --dir out" in exported.output
    out = Path("out")
    assert {one["url"] for one in read(out / "requests-0001.jsonl")} == {"/chat/completions"}

    def how(number: int, request: Any) -> Any:
        return good(request) if number else line(request, None, {"code": "batch_expired", "message": "late"})

    first = run("import", answer_file(out / "requests-0001.jsonl", out / "r1.jsonl", how))
    assert first.exit_code == 0, first.output
    assert "2 answered, 1 failed (1 expired)" in first.output
    assert "1 requests, 1 of them sent before" in first.output
    last = run("import", answer_file(out / "requests-0002.jsonl", out / "r2.jsonl"))
    assert last.exit_code == 0, last.output
    assert "3 done" in last.output
    assert "nothing: every article is done or has failed" in last.output
    rows = read(out / "rows.jsonl")
    assert [row["id"] for row in rows] == ["n0", "n1", "n2"]
    assert all(row["record"]["provenance"]["endpoint"] == "https://api.openai.com/v1" for row in rows)


def test_the_local_engine_goes_on_with_the_same_rows(news: Path) -> None:
    """A run by batch files is continued by `batch run` with its journal: the keys are the same, nothing is asked."""
    run("export", "news.jsonl", "-o", "out", *MODEL)
    results = answer_file(Path("out/requests-0001.jsonl"), Path("out/r1.jsonl"))
    assert run("import", results, "--dir", "out", "-o", "rows.jsonl").exit_code == 0
    local = ["news.jsonl", "-o", "again.jsonl", "--journal", "out/journal.sqlite", "--api-key", "k-none"]
    assert run(*local, *MODEL).exit_code == 0
    assert Path("again.jsonl").read_text("utf-8") == Path("rows.jsonl").read_text("utf-8")


def test_a_second_export_asks_for_what_is_new(news: Path) -> None:
    """What has come to the inputs goes into a further file; the rest is still out."""
    run("export", "news.jsonl", "-o", "out", *MODEL)
    Path("more.txt").write_text(ARTICLE.replace("Lisbon", "Porto"), encoding="utf-8")
    again = run("export", "news.jsonl", "more.txt", "-o", "out", *MODEL)
    assert "1 requests, in 1 file" in again.output
    assert "1 file without results so far" in again.output
    assert len(read(Path("out/requests-0002.jsonl"))) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (
            ["export", "news.jsonl", "-o", "out", "--model", "local"],
            3,
            "embedded model cannot process batch files",
        ),
        (["export", "-", "-o", "out", *MODEL], 2, "Save them in a file"),
        (["export", "nwes.jsonl", "-o", "out", *MODEL], 2, "no file or folder nwes.jsonl"),
        (["export", "news.jsonl", "-o", "out", "--text", "body", *MODEL], 2, "no field 'body'"),
        (["export", "news.jsonl", "-o", "news.jsonl", *MODEL], 2, "cannot be created"),
        (["import", "r1.jsonl"], 2, "There is no file r1.jsonl"),
        (["import", "news.jsonl"], 2, "holds no export: it has no journal.sqlite"),
        (["import", "news.jsonl", "--dir", "."], 2, "Name the folder of the export with --dir"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(news: Path, arguments: list[str], code: int, words: str) -> None:
    """Each mistake names what to do, and leaves no folder behind."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert not Path("out").exists()


def test_what_was_asked_otherwise_is_not_mixed(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another model, or another current folder, is refused with the way out of it."""
    run("export", "news.jsonl", "-o", "out", *MODEL)
    other = run("export", "news.jsonl", "-o", "out", "--model", "openai/gpt-y")
    assert (other.exit_code, "another model" in other.stderr) == (3, True)
    results = answer_file(Path("out/requests-0001.jsonl"), Path("out/r1.jsonl")).resolve()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    moved = run("import", results)
    assert (moved.exit_code, f"start it in {tmp_path}" in moved.stderr) == (2, True)


def test_an_export_of_an_earlier_version_is_refused(news: Path) -> None:
    """A folder with the ledger of version 0.1 is left as it is."""
    run("export", "news.jsonl", "-o", "out", *MODEL)
    Path("out/requests.sqlite").touch()
    for arguments in (
        ["export", "news.jsonl", "-o", "out", *MODEL],
        ["import", "news.jsonl", "--dir", "out"],
    ):
        done = run(*arguments)
        assert (done.exit_code, "earlier version" in done.stderr) == (3, True)


@pytest.mark.parametrize("given", ["news.jsonl", ".", "*.jsonl"])
@pytest.mark.parametrize("output", ["news.jsonl", "out/../news.jsonl", "link.jsonl"])
def test_rows_never_overwrite_an_input(news: Path, given: str, output: str) -> None:
    """The rows of an import may not be the file of an article, by whatever name; the articles stay."""
    before = news.read_text("utf-8")
    assert run("export", given, "-o", "out", *MODEL).exit_code == 0
    results = answer_file(Path("out/requests-0001.jsonl"), Path("out/r1.jsonl"))
    if output == "link.jsonl":
        Path(output).hardlink_to(news)
    done = run("import", results, "-o", output)
    assert (done.exit_code, "Choose another output" in done.stderr) == (2, True)
    assert news.read_text("utf-8") == before


def test_rows_never_overwrite_the_results(news: Path) -> None:
    """The rows of an import may not be the file of results that they are made from."""
    run("export", "news.jsonl", "-o", "out", *MODEL)
    results = answer_file(Path("out/requests-0001.jsonl"), Path("out/r1.jsonl"))
    before = results.read_text()
    done = run("import", results, "-o", results)
    assert (done.exit_code, "is both an input and the output" in done.stderr) == (2, True)
    assert results.read_text() == before


def test_requests_never_overwrite_a_file_of_others(news: Path) -> None:
    """An export into a folder with a file of the same name leaves that file as it is."""
    news.rename("requests-0001.jsonl")
    before = Path("requests-0001.jsonl").read_text("utf-8")
    done = run("export", "requests-0001.jsonl", "-o", ".", *MODEL)
    assert (done.exit_code, "is not of this export" in done.stderr) == (2, True)
    assert Path("requests-0001.jsonl").read_text("utf-8") == before


@pytest.mark.parametrize("folder", ["news/out", "news"])
def test_an_export_inside_the_input_folder(news: Path, folder: str) -> None:
    """The files of an export in the folder that is read are no articles, in any later step."""
    Path("news").mkdir()
    news.rename("news/news.jsonl")
    assert run("export", "news", "-o", folder, *MODEL).exit_code == 0
    assert "3 waiting" in run("export", "news", "-o", folder, *MODEL).output
    requests = Path(folder) / "requests-0001.jsonl"
    done = run("import", answer_file(requests, Path(folder) / "r1.jsonl"))
    assert done.exit_code == 0, done.output
    assert len(read(Path(folder) / "rows.jsonl")) == 3
    assert "3 done" in run("export", "news", "-o", folder, *MODEL).output
