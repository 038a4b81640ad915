from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from evals.cases import Case, CaseError, CaseFile
from evals.compare import as_json, compare, text
from evals.gate import METRICS, gate
from evals.outcomes import Outcome, Result, keyed
from evals.runfile import Line, RunFile
from evals.scored import CaseScore, ScoredRun

FIELDS = ("status", "amount", "stake", "valuation")


def leaf(field: str, result: Result = Result.TP) -> Outcome:
    found = {Result.TP: "five", Result.FD: "six", Result.FA: "six"}.get(result, "")
    gold = "five" if result in (Result.TP, Result.FD, Result.FN) else ""
    return Outcome(field, field, result, gold, found, float(result is Result.TP))


def run(
    copies: int, deals: int, errors: Mapping[str, Iterable[int]], gold: str = "g", **more: Any
) -> ScoredRun:
    """A run on ``copies`` cases of each deal; ``errors`` has for a field the numbers of the cases that miss it."""
    missed = {field: set(cases) for field, cases in errors.items()}
    scores = []
    for n in range(deals * copies):
        outcomes = (leaf(f, Result.FN if n in missed.get(f, ()) else Result.TP) for f in FIELDS)
        case = Case(
            CaseFile(file=f"case-{n:02}.txt", sha256="", deal=f"deal-{n % deals}"), gold=None, text=""
        )
        said = Line(case=case.name, input="i", gold=gold, seconds=2.0, error=more.get("error", ""))
        lost = {name: more[name] for name in ("unsupported", "misplaced") if name in more}
        scores.append(CaseScore(case, said, None, tuple(outcomes), **lost))
    return ScoredRun(RunFile({"system": "ours", "model": "m"}, tuple(s.line for s in scores)), tuple(scores))


@pytest.mark.parametrize(
    ("deals", "copies", "before", "after", "overall", "amount"),
    [
        (
            8,
            2,
            {"amount": [1]},
            {"amount": [1]},
            "cannot distinguish (no deal differs)",
            "cannot distinguish",
        ),
        (8, 1, {"amount": range(8)}, {}, "better", "better"),
        (8, 1, {}, {"amount": range(8)}, "worse", "worse"),
        (3, 10, {"amount": range(30)}, {}, "only 3 of 3 deals differ: p cannot be under 0.25", "cannot"),
        (20, 1, {"amount": [0]}, {}, "only 1 of 20 deals differ: p cannot be under 1", "cannot"),
    ],
)
def test_a_verdict_says_what_is_proved(
    deals: int, copies: int, before: Any, after: Any, overall: str, amount: str
) -> None:
    """A gain over all of eight deals is proved, in its field and overall; a few deals cannot show it."""
    found = compare(run(copies, deals, before), run(copies, deals, after))
    assert overall in str(found.overall)
    assert next(str(one) for one in found.fields if one.field == "amount").startswith(amount)
    assert overall in text(found)


def test_many_fields_ask_for_more_evidence_in_each() -> None:
    """What one field alone would show (p = 0.031) does not hold among three that could show it."""
    errors = {"amount": range(6), "stake": [0, 1, 2, 6, 7, 8], "status": [0, 1, 2, 6, 7, 8]}
    other = {"stake": [3, 4, 5, 9, 10, 11], "status": [3, 4, 5, 9, 10, 11]}
    found = compare(run(1, 12, errors), run(1, 12, other))
    amount = next(one for one in found.fields if one.field == "amount")
    assert (amount.p.p, amount.adjusted) == (pytest.approx(2 / 64), pytest.approx(6 / 64))
    assert str(amount) == "cannot distinguish"


def test_changes_are_listed_with_both_answers() -> None:
    """What became right and wrong, in text and as JSON, which is plain data."""
    found = compare(run(1, 4, {"amount": [1]}), run(1, 4, {"stake": [2]}))
    assert [(c.case, c.field, c.a, c.b) for c in found.became_right] == [("case-01", "amount", "", "five")]
    assert [(c.case, c.field, c.a, c.b) for c in found.became_wrong] == [("case-02", "stake", "five", "")]
    said = text(found)
    assert "Became right: 1 values\n  case-01: amount\n    gold: five\n       A: –\n       B: five" in said
    assert max(map(len, said.splitlines())) <= 100
    plain = json.loads(json.dumps(as_json(found)))
    assert (plain["lines"], plain["overall"]["verdict"]) == (4, "cannot distinguish")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (run(1, 4, {}, gold="h"), "different gold or text of case-00, case-01, case-02 and 1 more"),
        (run(0, 0, {}), "share no case"),
    ],
)
def test_what_cannot_be_compared_is_refused(other: ScoredRun, said: str) -> None:
    with pytest.raises(CaseError, match=said):
        compare(run(1, 4, {}), other)


def test_lines_of_one_run_only_are_named() -> None:
    found = compare(run(1, 4, {}), run(1, 3, {}))
    assert (found.only_a, found.only_b) == (("case-03",), ())
    assert "only in A: case-03" in text(found)


def test_items_are_known_by_their_names_in_gold() -> None:
    """The place of an item in its list does not matter; items of one name are numbered."""
    first = [Outcome("p.name", f"p[{n}].name", Result.TP, gold) for n, gold in enumerate(("x", "y", "x"))]
    second = [Outcome("p.name", f"p[{n}].name", Result.TP, gold) for n, gold in enumerate(("y", "x", "x"))]
    assert keyed(first).keys() == keyed(second).keys()
    assert len(keyed(first)) == 3


@pytest.mark.parametrize(
    ("bound", "made", "failure"),
    [
        ("f>=0.8", {}, ""),
        ("f >= 1.01", {}, "f is 1, and should be at least 1.01."),
        ("precision[amount]>=0.9", {"errors": {"amount": [0]}}, ""),
        ("recall[amount]>=0.9", {"errors": {"amount": [0]}}, "recall[amount] is 0.75"),
        ("missing<=0", {"errors": {"amount": [0]}}, "missing is 0.0625"),
        ("unsupported<=0", {"unsupported": ("amount: 5",)}, "unsupported is 4"),
        ("misplaced<=3", {"misplaced": ("amount: 5",)}, "misplaced is 4"),
        ("failed<=0", {"error": "lost"}, "failed is 4"),
        ("seconds<=1", {}, "seconds is 2"),
        ("invented<=0", {}, "invented has nothing to be measured on"),
    ],
)
def test_bounds(bound: str, made: dict[str, Any], failure: str) -> None:
    """A bound that holds says nothing; one that does not says the value and the limit."""
    said = gate(run(1, 4, made.pop("errors", {}), **made), [bound])
    assert [failure in each for each in said] == [True] * bool(failure)


@pytest.mark.parametrize("bound", ["f", "beauty>=1", "f=>1", "seconds[amount]<=1", "f[nothing]>=1"])
def test_a_bound_that_cannot_be_read_is_refused(bound: str) -> None:
    with pytest.raises(CaseError):
        gate(run(1, 4, {}), [bound])
    assert "unsupported" in METRICS


@pytest.mark.parametrize(
    ("before", "after", "allow", "said"),
    [
        ({}, {"amount": [0]}, None, []),
        (
            {},
            {"amount": [0]},
            0,
            ["1 cases have a value that was right and is wrong (0 allowed): case-00 amount"],
        ),
        (
            {},
            {"amount": range(8)},
            None,
            ["overall F is 0.857 and was 1.000", "all fields: 8 cases lost", "amount: 8"],
        ),
        ({"stake": [0, 1, 2, 3]}, {"amount": [4, 5, 6, 7]}, None, []),
    ],
)
def test_a_baseline_forbids_what_is_proved_to_be_worse(
    before: Any, after: Any, allow: int | None, said: list[str]
) -> None:
    """Noise passes; a loss in all of eight deals does not, nor more changed cases than are allowed."""
    found = gate(run(1, 8, after), [], run(1, 8, before), allow=allow)
    assert len(found) == len(said)
    assert all(part in each for part, each in zip(said, found, strict=True))
