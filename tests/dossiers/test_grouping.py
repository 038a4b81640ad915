"""Which records report the same deal: pairs, reasons, and what is not sure."""

from __future__ import annotations

import random
from typing import Any

import pytest

from evals import dossiers as evals
from summarizer import DealSummary, group
from summarizer.dossiers import dossiers, reconcile

DEALS = evals.load()


def report(id: str, buyer: str, target: str, words: str = "", **facts: Any) -> DealSummary:
    parties = [[name, role] for name, role in ((buyer, "acquirer"), (target, "target")) if name]
    return evals.build(id, f"{buyer} and {target}: {words}.\n", {"parties": parties, **facts})


def sources(records: list[DealSummary]) -> list[tuple[str, ...]]:
    return [one.sources for one in group(records)]


def test_the_gold_deals_are_told_apart_in_any_order() -> None:
    records = [record for deal in DEALS for record in deal["records"]]
    gold = [[report["id"] for report in deal["reports"]] for deal in DEALS]
    expected = group(records)
    assert evals.pairwise([one.sources for one in expected], gold) == (1, 1, 1)
    assert all(one.reason for one in expected)
    for seed in range(5):
        random.Random(seed).shuffle(records)
        assert group(records) == expected


@pytest.mark.parametrize(
    ("first", "second", "together", "unsure"),
    [
        (("Harrow", "Birch Mills"), ("Harrow Foods Inc.", "Birch Mills"), True, False),
        (("Harrow", "Birch Mills"), ("Harrow", "Birch Moors"), False, False),
        (("Harrow", "Birch Mills"), ("Elm Capital", "Birch Mills"), False, False),
        (("Harrow", "Birch Mills"), ("", "Birch Mills"), False, True),
        (("Harrow", "Birch Mills"), ("Elm", "Oak"), False, False),
    ],
)
def test_parties_decide(first: Any, second: Any, together: bool, unsure: bool) -> None:
    groups = group([report("a", *first), report("b", *second)])
    assert (len(groups) == 1) is together
    assert any(one.unsure for one in groups) is unsure


def test_figures_decide_where_a_party_is_missing_or_rivals_bid() -> None:
    money = {"words": "it pays $31 million", "amount": "$31 million"}
    assert len(group([report("a", "Harrow", "Birch", **money), report("b", "", "Birch", **money)])) == 1
    rivals = group([report("a", "Harrow", "Birch", **money), report("b", "Elm", "Birch", **money)])
    assert len(rivals) == 2
    assert any("the buyers differ" in possible.reason for one in rivals for possible in one.unsure)


def test_deals_of_the_same_parties_in_other_years_stay_apart() -> None:
    days = ("4 May 2029", "4 May 2031")
    records = [report(day, "Harrow", "Birch", f"announced on {day}", announced_on=day) for day in days]
    assert len(group(records)) == 2


def test_a_short_name_that_fits_two_deals_is_not_sure() -> None:
    records = [
        report("a", "Harrow", "Birch Mills"),
        report("b", "Harrow", "Birch Moors"),
        report("c", "Harrow", "Birch"),
    ]
    groups = group(records)
    assert sources(records) == [("a",), ("b",), ("c",)]
    assert {possible.source for possible in groups[2].unsure} == {"a", "b"}
    assert any(finding.code == "different_deals" for finding in dossiers(records)[2].findings)


def test_reports_of_no_deal_are_a_group_of_their_own() -> None:
    none = DealSummary(is_deal=False)
    groups = group([report("a", "Harrow", "Birch"), none])
    assert [one.is_deal for one in groups] == [True, False]
    assert not reconcile([none]).is_deal
    assert len(dossiers([report("a", "Harrow", "Birch"), none])) == 1


def test_the_number_of_comparisons_grows_with_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    from summarizer.dossiers import grouping

    counted: list[int] = []
    compare = grouping._compare

    def counting(*profiles: Any) -> Any:
        counted.append(1)
        return compare(*profiles)

    monkeypatch.setattr(grouping, "_compare", counting)
    for number in (100, 400):
        # One buyer in all of them, as a large investor would be.
        records = [report(str(n), "Harrow", f"Target{n // 2} Works") for n in range(number)]
        counted.clear()
        assert len(group(records)) == number / 2
        assert len(counted) <= 20 * number
