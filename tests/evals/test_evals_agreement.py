from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from evals.agreement import agreement, alpha, text
from evals.cases import Case, CaseError
from evals.gold import gold_model


def changed(case: Case, **fields: Any) -> Case:
    """The case as another annotator labels it."""
    gold = {**case.gold.model_dump(exclude_unset=True), **fields}
    return replace(case, gold=gold_model(case.schema).model_validate(gold))


def test_one_annotator_agrees_with_themself(case: Case) -> None:
    """All values are the same, and nothing is told to differ."""
    found = agreement([case], [case])
    assert {counts.f for counts in found.fields.values()} == {1.0}
    assert (found.cases, found.differences) == (1, [])


@pytest.mark.parametrize(
    ("fields", "field", "a", "b"),
    [
        ({"status": "completed"}, "status", "pending", "completed"),
        ({"stake": [None]}, "stake", "22%", ""),
        ({"deal_type": "acquisition"}, "deal_type", "minority_investment", "acquisition"),
    ],
)
def test_a_difference_is_told_with_both_answers(
    case: Case, fields: dict[str, Any], field: str, a: str, b: str
) -> None:
    found = agreement([case], [changed(case, **fields)])
    differ = {outcome.field: outcome for _, outcome in found.differences}
    assert (differ[field].found, differ[field].gold) == (a, b)
    assert found.fields[field].f < 1
    assert f"harbor-quay: {field}" in text(found)


def test_what_cannot_be_compared_is_refused(case: Case) -> None:
    """Two folders without a common text, or with two texts of one name."""
    with pytest.raises(CaseError, match="share no case"):
        agreement([case], [])
    with pytest.raises(CaseError, match="another text in each folder"):
        agreement([case], [replace(case, text=f"{case.text} ")])


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([["a", "a"], ["b", "b"]], 1.0),
        ([["a", "a"], ["a", "a"]], None),  # chance could not disagree
        ([["a", "b"], ["b", "a"]], -0.5),
        (list(zip("0100000000", "1110010001", strict=True)), 0.095),  # Krippendorff 2011, section A
    ],
)
def test_alpha(units: list[list[Any]], expected: float | None) -> None:
    """1 is agreement; None stands where chance could not disagree."""
    found = alpha(units)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-3))
