from __future__ import annotations

from pathlib import Path

import pytest

from evals.__main__ import main
from evals.acquisitions import (
    AcquisitionSlots,
    Key,
    fills_of,
    read_key,
    read_stories,
    report,
    tally,
)
from evals.bench import Canned
from evals.cases import CaseError
from evals.runfile import Line, RunFile
from summarizer import summarize
from summarizer.records.values import Usage
from tests.conftest import FACETED

STORY = """

Kettle Foods Inc said it agreed in
principle to buy the Wharf Street bakery in Tampa from Ponder
Bros for about 12.5 mln dlrs.
    The bakery makes pies.
"""
KEY = """TEXT: 17
ACQUIRED: "Wharf Street bakery" / "WHARF STREET BAKERY"
ACQBUS: "pies"
ACQLOC: "Tampa"
DLRAMT: "12.5 mln dlrs"
PURCHASER: "Kettle Foods Inc"
PURCHASER: "Kettle Holdings"
SELLER: "Ponder
Bros"
STATUS: ---
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write 25 stories whose numbers sort as words."""
    for name in ("docs", "keys"):
        (tmp_path / name).mkdir()
    for number in range(1, 26):
        (tmp_path / "docs" / str(number)).write_text(f"Café {number} sells.", encoding="latin-1")
        (tmp_path / "keys" / f"{number}.key").write_text(
            f'TEXT: {number}\nSELLER: "Café {number}"\n', encoding="latin-1"
        )
    return tmp_path


def test_a_key_holds_fills_and_their_alternatives() -> None:
    """Lines of one slot are its fills, a slash separates alternatives, and dashes are empty."""
    assert read_key(KEY.replace("Ponder\nBros", "Ponder  Bros")) == Key(
        acquired=(("Wharf Street bakery", "WHARF STREET BAKERY"),),
        acqbus=(("pies",),),
        acqloc=(("Tampa",),),
        dlramt=(("12.5 mln dlrs",),),
        purchaser=(("Kettle Foods Inc",), ("Kettle Holdings",)),
        seller=(("Ponder Bros",),),
    )


@pytest.mark.parametrize("line", ["SELLER: Ponder", 'SOMEONE: "Ponder"', 'SELLER: "Ponder" or "Bros"', KEY])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    """What cannot be read as a key is an error, not an empty slot."""
    with pytest.raises(ValueError, match="is no line of a key"):
        read_key(line)


def test_stories_are_taken_in_sorted_order(folder: Path) -> None:
    """Every tenth story in the order of their names, Latin-1, at most as many as wanted."""
    stories = read_stories(folder, every=10)
    assert [story.id for story in stories] == ["1", "19", "5"]
    assert stories[1].text == "Café 19 sells."
    assert stories[1].gold.seller == (("Café 19",),)
    assert [story.id for story in read_stories(folder, limit=2)] == ["1", "10"]


def test_a_folder_without_stories_or_keys_is_named(folder: Path, tmp_path: Path) -> None:
    """A missing folder or key is an error that says which."""
    with pytest.raises(CaseError, match="nowhere does not hold docs"):
        read_stories(tmp_path / "nowhere")
    (folder / "keys" / "10.key").unlink()
    with pytest.raises(CaseError, match=r"10\.key is missing"):
        read_stories(folder)
    (folder / "keys" / "10.key").write_text("SELLER: nobody")
    with pytest.raises(CaseError, match=r"10\.key cannot be read: 'SELLER: nobody' is no line of a key"):
        read_stories(folder)


@pytest.mark.parametrize(
    ("wanted", "answered", "expected"),
    [
        ([], [], (0, 0, 0)),
        ([["a"]], [], (1, 0, 0)),
        ([], ["a"], (0, 1, 0)),
        ([["a", "A"]], ["A"], (1, 1, 1)),
        ([["a", "A"]], ["a", "A"], (1, 2, 1)),  # one fill is right once
        ([["a"], ["b"]], ["b", "c"], (2, 2, 1)),
        ([["a", "b"], ["a"]], ["a", "b"], (2, 2, 2)),  # whichever way they fit best
        ([["The Corp"]], ["Corp"], (1, 1, 0)),
        ([["Corp"]], ["corp"], (1, 1, 0)),
    ],
)
def test_a_fill_is_right_if_it_equals_an_acceptable_string(
    wanted: list[list[str]], answered: list[str], expected: tuple[int, int, int]
) -> None:
    """Exact match, each fill of the key and each answer once."""
    found = tally(wanted, answered)
    assert (found.tp + found.fn, found.tp + found.fa, found.tp) == expected


def test_fills_are_joined_and_single() -> None:
    """The lines of an answer are joined, and an answer given twice is one fill."""
    seller = [{"text": "Ponder\nBros"}, {"text": "Ponder Bros"}]
    fills = fills_of({"seller": seller, "dlramt": {"text": "9 mln\ndlrs"}, "status": []})
    assert (fills["seller"], fills["dlramt"], fills["status"]) == (("Ponder Bros",), ("9 mln dlrs",), ())
    assert not any(fills_of(None).values())


def answers(*stories: str) -> RunFile:
    """A run in which each story has two fills, and the last one failed."""
    record = {"seller": [{"text": "Café 1"}], "status": [{"text": "sells"}]}
    spent = Usage(requests=6, prompt_tokens=100)
    made = [Line(case=name, input="", gold="", record=record, usage=spent) for name in stories[:-1]]
    failed = Line(case=stories[-1], input="", gold="", error="nothing to read", error_kind="EmptyInput")
    return RunFile({"system": "ours", "model": "small"}, (*made, failed))


def test_the_report_counts_over_all_slots(folder: Path) -> None:
    """Right, wrong and failed stories: micro-averaged precision, recall and F, and a line for each failure."""
    said = report(answers("1", "19", "5"), read_stories(folder))
    lines = said.splitlines()
    total = next(line for line in lines if line.startswith("all "))
    assert lines[0] == "ours on small, 3 stories"
    assert total.split() == ["all", "3", "4", "1", "0.250", "0.333", "0.286"]
    assert "12 requests, 200 prompt tokens" in said
    assert lines[-1] == "story 5: EmptyInput: nothing to read"


def test_an_answer_to_another_folder_is_refused(folder: Path) -> None:
    """A run of stories that are not there is an error that names them."""
    with pytest.raises(CaseError, match="stories that are not there: 99"):
        report(answers("1", "99"), read_stories(folder))


def test_the_slots_are_filled_through_the_pipeline() -> None:
    """The seven slots are a schema like any other: a run fills them with words and figures of the story."""
    made = summarize(STORY, schema=AcquisitionSlots, model=Canned(profile=FACETED))
    words = " ".join(STORY.split())
    fills = fills_of(made.model_dump(mode="json"))
    assert set(fills) == set(Key.model_fields) == set(AcquisitionSlots.model_fields)
    assert fills["dlramt"] == ("12.5 mln dlrs",)
    assert all(fill in words for filled in fills.values() for fill in filled)
    assert any(fills[slot] for slot in ("acquired", "purchaser", "status"))


def test_a_run_of_stories_is_a_run(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stories are run by any system, gone on with, and scored again offline."""
    out = str(tmp_path / "stories.jsonl")
    chosen = ["--acquisitions", str(folder)]
    asked = ["run", "--system", "regex", *chosen, "--out", out]
    assert main([*asked, "--limit", "2"]) == 0
    capsys.readouterr()
    assert main(asked) == 0
    told = capsys.readouterr()
    assert "1/23" in told.err
    assert told.out.startswith("regex on none, 25 stories")
    assert main(["score", *chosen, out]) == 0
    assert capsys.readouterr().out == told.out
