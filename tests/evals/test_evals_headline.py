from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from evals.cases import Case, CaseFile
from evals.compare import compare
from evals.compare_text import as_json, text
from evals.headline import CORE, headline
from evals.outcomes import Outcome, Result
from evals.run import Line, RunFile
from evals.scored import CaseScore, ScoredRun
from summarizer.records.deal import DealSummary

TP, FD, FN, FA, TN = Result.TP, Result.FD, Result.FN, Result.FA, Result.TN


def line(name: str, *leaves: tuple[str, Result], error: str = "", **more: Any) -> CaseScore:
    outcomes = tuple(
        Outcome(field, field, result, score=float(result is TP), evidence=True if result is TP else None)
        for field, result in leaves
    )
    case = Case(CaseFile(file=f"{name}.txt", sha256="", deal=name), gold=None, text="")
    said = Line(case=name, input="i", gold="g", error=error)
    return CaseScore(case, said, None, outcomes, **more)


def run(*scores: CaseScore) -> ScoredRun:
    return ScoredRun(RunFile({"system": "ours", "model": "m"}, ()), scores)


def test_core_fields_are_fields_of_the_deal() -> None:
    """Every core field is in the schema of deals; phrases, earlier deals and prose are not core."""
    assert set(CORE) < set(DealSummary.model_fields)
    assert not {"headline", "narrative", "concerns", "rationale", "earlier_deals"} & set(CORE)


@pytest.mark.parametrize(
    ("leaves", "amounts"),
    [
        ([("amount", TP), ("valuation", FD)], "1 of 2"),
        ([("amount", FN), ("valuation", TP)], "1 of 2"),
        ([("amount", FA), ("valuation", TN)], "0 of 0, 1 invented"),
        ([("amount.qualifier", FD), ("earlier_deals.amount", FN), ("amount", TP)], "1 of 1"),
    ],
)
def test_amounts_are_counted_by_their_values(leaves: Sequence[tuple[str, Result]], amounts: str) -> None:
    """Amount and valuation count, not hedges nor earlier deals; invented ones are told apart."""
    assert str(headline([line("c", *leaves)]).amounts) == amounts


@pytest.mark.parametrize(
    ("leaves", "error", "right"),
    [
        ([("status", TP), ("stake", TN), ("concerns", FN)], "", 1),
        ([("status", TP), ("people.to_role", FD)], "", 0),
        ([("parties.name", FA)], "", 0),
        ([("status", TP)], "Timeout", 0),
    ],
)
def test_a_record_is_wholly_right_by_its_core_fields(
    leaves: Sequence[tuple[str, Result]], error: str, right: int
) -> None:
    """One bad core leaf is enough; other fields do not count, and a failed case is not right."""
    assert headline([line("c", *leaves, error=error)]).records.right == right


def test_the_figures_are_sums_over_the_lines() -> None:
    """F of core and of all fields, unsupported figures, and evidence of right facts."""
    found = headline(
        [
            line("a", ("status", TP), ("concerns", FN), unsupported=("amount: 9",)),
            line("b", ("status", TP), ("concerns", TP)),
        ]
    )
    assert found.core.f == 1.0
    assert round(found.all.f, 3) == 0.857
    assert found.unsupported == 1
    assert str(found.evidence) == "3 of 3"


def better_and_worse() -> tuple[ScoredRun, ScoredRun]:
    """B is better in eight deals' amounts, worse in one deal's concerns."""
    a = [line(f"c{n}", ("amount", FN), ("concerns", TP)) for n in range(8)]
    b = [line(f"c{n}", ("amount", TP), ("concerns", FN if n == 0 else TP)) for n in range(8)]
    return run(*a), run(*b)


def test_a_comparison_tells_core_fields_from_all_and_names_the_fields() -> None:
    """Core and overall F each have an interval and a verdict; fields that gained and lost are named."""
    found = compare(*better_and_worse())
    assert found.core is not None
    assert (found.core.difference, found.core.verdict) == (1.0, "better")
    assert found.core.difference > found.overall.difference > 0
    said = text(found)
    assert "Core F: 0.00 in A, 1.00 in B, +1.00, 95% interval" in said
    assert "B is better in amount +1.00" in said
    assert "B is worse in no field; worse, but not proved, in concerns -0.07" in said
    for row in ("amounts and valuations right  ", "0 of 8", "8 of 8", "records wholly right (core)"):
        assert row in said
    plain = as_json(found)
    assert plain["core"]["verdict"] == "better"
    assert plain["headlines"]["b"]["amounts"] == {"right": 8, "of": 8, "invented": 0}


def test_a_schema_without_core_fields_has_no_core_figures() -> None:
    """Records of another schema are compared over all their fields."""
    own = run(line("a", ("dosage", TP)), line("b", ("dosage", FD)))
    found = compare(own, own)
    assert found.core is None
    assert "core" not in text(found).lower()
    assert "all fields F" in text(found)
    assert as_json(found)["core"] is None
