"""``summarizer verify``: what is printed, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from summarizer.cli import main as cli

ARTICLE = "Alder Paper pays $40 million for Birch Mills, the two said on 3 May 2031.\n"
RIGHT = {"buyer": "Alder Paper", "price": {"value": 40e6, "currency": "USD"}, "status": "announced"}
WRONG = {**RIGHT, "price": {"value": 40e9, "currency": "USD"}}


@pytest.fixture
def article(tmp_path: Path) -> str:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    return str(path)


def saved(folder: Path, record: Any) -> str:
    path = folder / "record.json"
    path.write_text(record if isinstance(record, str) else json.dumps(record))
    return str(path)


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli.app, ["verify", *arguments], input=given)


def test_a_record_that_holds_ends_with_0(tmp_path: Path, article: str) -> None:
    """Each value is shown with its place, and what cannot be checked with the reason."""
    result = run(saved(tmp_path, RIGHT), article)
    assert result.exit_code == 0
    assert 'holds buyer: 0-11 "Alder Paper"' in result.stdout
    assert "not checked status:" in result.stdout
    assert result.stdout.endswith("2 checked, 0 findings, 2 not checked.\n")


def test_a_record_that_does_not_hold_ends_with_1(tmp_path: Path, article: str) -> None:
    """The finding says what the article holds instead."""
    result = run(saved(tmp_path, WRONG), article)
    assert result.exit_code == 1
    assert (
        "fails price.value: The record says USD 40 billion; the text says $40 million. [other_scale]"
        in result.stdout
    )
    assert "internal error" not in result.output


@pytest.mark.parametrize(("record", "code"), [(RIGHT, 0), (WRONG, 1)])
def test_json_is_one_object(tmp_path: Path, article: str, record: Any, code: int) -> None:
    """It has what the Python API returns."""
    result = run(saved(tmp_path, record), article, "--format", "json")
    assert result.exit_code == code
    told = json.loads(result.stdout)
    assert set(told) == {"findings", "evidence", "checked", "unchecked", "ok"}
    assert told["ok"] is (code == 0)
    assert told["evidence"]["buyer"] == [{"start": 0, "end": 11, "text": "Alder Paper"}]


def test_either_may_come_from_standard_input(tmp_path: Path, article: str) -> None:
    """But not both."""
    assert run("-", article, given=json.dumps(RIGHT)).exit_code == 0
    assert run("-", article, given=json.dumps(WRONG)).exit_code == 1
    assert run(saved(tmp_path, RIGHT), "-", given=ARTICLE).exit_code == 0
    both = run("-", "-", given="{}")
    assert both.exit_code == 2
    assert "standard input" in both.stderr


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("{", "record.json is not valid JSON: Expecting property name"),
        ('{"a": 1,}', "line 1, column"),
        ("", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("7", "holds no record"),
        ('"Alder"', "holds no record"),
        ("null", "holds no record"),
        ('{"a": ' + "9" * 5000 + "}", "is not valid JSON"),
        ("\x00\x01\x02\x00", "record.json"),
    ],
)
def test_what_is_no_record_ends_with_2(tmp_path: Path, article: str, record: str, said: str) -> None:
    """One line says what is wrong with it."""
    result = run(saved(tmp_path, record), article)
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "internal error" not in result.stderr


def test_a_missing_file_ends_with_2(tmp_path: Path, article: str) -> None:
    """It is named, whichever of the two it is."""
    for arguments in (
        (str(tmp_path / "gone.json"), article),
        (saved(tmp_path, RIGHT), str(tmp_path / "gone.txt")),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "There is no file" in result.stderr
        assert "gone" in result.stderr
    assert run(str(tmp_path), article).exit_code == 2
    assert run(saved(tmp_path, RIGHT), str(tmp_path)).exit_code == 2


def test_an_empty_article_ends_with_2(tmp_path: Path) -> None:
    """There is nothing to check against."""
    assert run(saved(tmp_path, RIGHT), "-", given=" \n").exit_code == 2


def test_a_schema_is_named_as_elsewhere(tmp_path: Path, article: str) -> None:
    """A record that does not fit it is refused."""
    result = run(saved(tmp_path, RIGHT), article, "--schema", "summarizer.records.deal:Party")
    assert result.exit_code == 2
    assert "does not fit Party" in result.stderr


def test_words_of_others_do_not_reach_the_terminal_as_they_are(tmp_path: Path, article: str) -> None:
    """A record or an article may hold an escape sequence."""
    result = run(saved(tmp_path, {"buyer\x1b[2J": "Adler\x1b[2J Paper", "x": "Quill\x1b[2Jon"}), article)
    assert result.exit_code == 1
    assert "\x1b" not in result.output


def test_help_documents_the_exit_codes() -> None:
    """0, 1 and 2 mean something of their own here."""
    assert "Exit codes: 0 everything" in " ".join(run("--help").stdout.split())
