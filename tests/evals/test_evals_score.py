from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from evals import scorers
from evals.gold import Case, GoldDay, GoldMoney, GoldStake
from evals.outcomes import Outcome, Result, rates
from evals.score import nothing, score
from summarizer.findings import Span
from summarizer.schema.deal import Amount, DealSummary, EarlierDeal, Party, Person
from summarizer.schema.values import Day, Money, Percent, Phrase

Change = Callable[[DealSummary], dict[str, Any]]


def with_value(field: str, **changes: Any) -> Change:
    return lambda record: {field: getattr(record, field).model_copy(update=changes)}


def with_item(field: str, index: int, **changes: Any) -> Change:
    def change(record: DealSummary) -> dict[str, Any]:
        items = list(getattr(record, field))
        items[index] = items[index].model_copy(update=changes)
        return {field: tuple(items)}

    return change


def with_more(field: str, item: Any) -> Change:
    return lambda record: {field: (*getattr(record, field), item)}


def without(field: str, index: int) -> Change:
    return lambda record: {field: tuple(v for i, v in enumerate(getattr(record, field)) if i != index)}


def swapped(record: DealSummary) -> dict[str, Any]:
    first, second, *rest = record.parties
    return {
        "parties": (
            first.model_copy(update={"role": second.role}),
            second.model_copy(update={"role": first.role}),
            *rest,
        )
    }


ELSEWHERE = (Span(start=0, end=11, text="Harbor Quay"),)


def test_gold_as_prediction_is_all_right(case: Case, perfect: DealSummary, text: str) -> None:
    """Gold as prediction scores 1.0, and all of its evidence holds."""
    outcomes = score(case, perfect, text)
    assert {outcome.result for outcome in outcomes} == {Result.TP, Result.TN}
    assert {outcome.evidence for outcome in outcomes} == {True, None}
    assert not any(outcome.kind for outcome in outcomes)
    counted = rates(outcomes)
    assert (counted.precision, counted.recall, counted.f) == (1.0, 1.0, 1.0)
    assert counted.right >= 25


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (with_value("amount", value=Decimal(180_000)), {("amount.value", "wrong", "SCALE")}),
        (with_value("amount", value=Decimal(230_000_000)), {("amount.value", "wrong", "WRONG")}),
        (
            with_value("amount", currency="USD"),
            {("amount.value", "wrong", "CURRENCY"), ("amount.currency", "wrong", "WRONG")},
        ),
        (with_value("amount", qualifier="exact"), {("amount.qualifier", "wrong", "WRONG")}),
        (
            with_value("amount", basis="per_share"),
            {("amount.value", "wrong", "BASIS"), ("amount.basis", "invented", "INVENTED")},
        ),
        (with_value("amount", evidence=ELSEWHERE), {("amount.value", "right", "WRONG_EVIDENCE")}),
        (with_value("amount", evidence=()), {("amount.value", "right", "WRONG_EVIDENCE")}),
        (with_value("stake", percent=Decimal(23)), {("stake.percent", "wrong", "WRONG")}),
        (with_value("stake", voting=False), {("stake.voting", "invented", "INVENTED")}),
        (
            lambda record: {"valuation": None},
            {(f"valuation.{leaf}", "missing", "OMITTED") for leaf in ("value", "currency", "qualifier")},
        ),
        (with_value("valuation", basis="post_money"), {("valuation.basis", "invented", "INVENTED")}),
        (lambda record: {"consideration": "cash"}, {("consideration", "invented", "INVENTED")}),
        (lambda record: {"status": "completed"}, {("status", "wrong", "WRONG")}),
        (lambda record: {"deal_type": "acquisition"}, {("deal_type", "wrong", "WRONG")}),
        (lambda record: {"announced_on": None}, {("announced_on", "missing", "OMITTED")}),
        (swapped, {("party.acquirer", "wrong", "ROLE_SWAP"), ("party.target", "wrong", "ROLE_SWAP")}),
        (
            with_item("parties", 0, name="Norrvik Pension"),
            {("party.acquirer", "missing", "OMITTED"), ("party.acquirer", "invented", "INVENTED")},
        ),
        (
            with_more("parties", Party(name="Petrel Research", role="seller")),
            {("party.seller", "invented", "INVENTED")},
        ),
        (with_item("parties", 2, role="seller"), {("party.seller", "invented", "INVENTED")}),
        (with_item("parties", 0, evidence=()), {("party.acquirer", "right", "WRONG_EVIDENCE")}),
        (with_item("people", 0, change="stays"), {("people.change", "wrong", "WRONG")}),
        (with_item("people", 0, to_role="director"), {("people.to_role", "wrong", "WRONG")}),
        (with_item("people", 1, from_role=None), {("people.from_role", "missing", "OMITTED")}),
        (
            without("people", 1),
            {(f"people.{leaf}", "missing", "OMITTED") for leaf in ("name", "change", "from_role", "to_role")},
        ),
        (
            with_more("people", Person(name="Claire Oduya", change="appointed")),
            {("people.name", "invented", "INVENTED"), ("people.change", "invented", "INVENTED")},
        ),
        (without("use_of_proceeds", 2), {("use_of_proceeds", "missing", "OMITTED")}),
        (
            with_more("use_of_proceeds", Phrase(text="buy a rival")),
            {("use_of_proceeds", "invented", "INVENTED")},
        ),
        (with_item("earlier_deals", 0, year=2027), {("earlier_deals.year", "wrong", "WRONG")}),
        (with_item("earlier_deals", 0, valuation=None), {("earlier_deals.valuation", "missing", "OMITTED")}),
        (
            with_more("earlier_deals", EarlierDeal(description="It bought a rival.")),
            {("earlier_deals", "invented", "INVENTED")},
        ),
    ],
)
def test_each_planted_error_is_found_and_named(
    change: Change, expected: set[tuple[str, str, str]], case: Case, perfect: DealSummary, text: str
) -> None:
    """One planted error changes its own leaves and no others, and is called by its name."""
    outcomes = score(case, perfect.model_copy(update=change(perfect)), text)
    assert {(o.field, o.result.value, o.kind) for o in outcomes if o.kind} == expected


def test_optional_items_count_for_nothing(case: Case, perfect: DealSummary, text: str) -> None:
    """An optional item may be found or not: the rates stay the same."""
    fewer = perfect.model_copy(update={"parties": perfect.parties[:2]})
    more = Person(
        name="Annika Tervo",
        change="departs",
        from_role="chief executive",
        evidence=perfect.people[0].evidence,
    )
    both = perfect.model_copy(update={"people": (*perfect.people, more)})
    expected = rates(score(case, perfect, text))
    assert rates(score(case, fewer, text)) == expected
    assert rates(score(case, both, text)) == expected


def test_a_required_item_is_served_before_an_optional_one(
    case: Case, perfect: DealSummary, text: str
) -> None:
    """A departure alone answers the required move, not the optional departure that it equals as well."""
    departs = perfect.people[0].model_copy(update={"change": "departs"})
    outcomes = score(case, perfect.model_copy(update={"people": (departs, perfect.people[1])}), text)
    assert not any(outcome.kind for outcome in outcomes)


def test_a_failed_run_misses_every_fact(case: Case, perfect: DealSummary, text: str) -> None:
    """A run without a record has all facts missing, as many as a perfect one has right."""
    lost = rates(nothing(case))
    assert (lost.right, lost.wrong, lost.invented) == (0, 0, 0)
    assert lost.missing == rates(score(case, perfect, text)).right


def test_rates_leave_out_what_is_rightly_absent() -> None:
    """Precision, recall and F count right, wrong, missing and invented leaves only."""
    results = [Result.TP] * 6 + [Result.FD] * 2 + [Result.FN] * 4 + [Result.FA] * 2 + [Result.TN] * 100
    counted = rates(Outcome("field", result) for result in results)
    assert (counted.precision, counted.recall) == (0.6, 0.5)
    assert counted.f == pytest.approx(6 / 11)


def amount(value: str | None, currency: str = "EUR", **more: Any) -> Money:
    return Money(text="", value=value and Decimal(value), currency=currency, **more)


STATED = GoldMoney(text="€7.6 billion", value=Decimal("7.6e9"), currency="EUR")
HEDGED = GoldMoney(text="€8 billion", value=Decimal("8e9"), currency="EUR", qualifier=("about",))
RANGE = GoldMoney(text="€7 to €8 billion", value=Decimal("7e9"), currency="EUR", qualifier=("range",))
KEPT_BACK = GoldMoney(text="undisclosed", value=None, currency=None, qualifier=("undisclosed",))


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        (STATED, amount("7.6e9"), (1.0, "")),
        (STATED, amount("7.62e9"), (1.0, "")),  # within the last stated digit
        (STATED, amount("7.3e9", qualifier="about"), (1.0, "")),
        (STATED, amount("8.0e9"), (0.237, "WRONG")),
        (STATED, amount("9e9"), (0.0, "WRONG")),
        (STATED, amount("7.6e6"), (0.0, "SCALE")),
        (STATED, amount("7.6e12"), (0.0, "SCALE")),
        (STATED, amount("7.6e10"), (0.0, "WRONG")),
        (STATED, amount("7.6e9", "USD"), (0.0, "CURRENCY")),
        (STATED, Amount(text="", value=Decimal("7.6e9"), currency="EUR", basis="per_share"), (0.0, "BASIS")),
        (STATED, amount("7e9", upper=Decimal("8e9"), qualifier="range"), (1.0, "")),
        (STATED, amount(None, qualifier="undisclosed"), (0.0, "WRONG")),
        (HEDGED, amount("8.3e9"), (1.0, "")),
        (HEDGED, amount("9e9"), (0.0, "WRONG")),
        (RANGE, amount("7.5e9"), (1.0, "")),
        (RANGE, amount("8.9e9"), (0.0, "WRONG")),
        (KEPT_BACK, amount(None, qualifier="undisclosed"), (1.0, "")),
        (KEPT_BACK, amount("5e6"), (0.0, "WRONG")),
    ],
)
def test_money(gold: GoldMoney, found: Money, expected: tuple[float, str]) -> None:
    """Amounts are right where they overlap at the stated precision; another currency or basis is wrong."""
    judged = scorers.money(gold, found)
    assert judged.value == pytest.approx(expected[0], abs=0.001)
    assert judged.kind == expected[1]


@pytest.mark.parametrize(("found", "expected"), [("49.5", 1.0), ("49.45", 1.0), ("49.6", 0.0), ("51", 0.0)])
def test_percent(found: str, expected: float) -> None:
    """A share is right within half a unit of the last stated digit."""
    gold = GoldStake(text="49.5%", percent=Decimal("49.5"))
    assert scorers.percent(gold, Percent(text="", percent=Decimal(found))).value == expected


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ("2031-05", "2031-05", (1.0, "")),
        ("2031-05", "2031", (0.5, "WRONG")),
        ("2031-05", "2031-05-17", (0.5, "OVERPRECISE")),
        ("2031-05", "2031-06", (0.0, "WRONG")),
        ("2031-05", None, (0.0, "WRONG")),
    ],
)
def test_day(gold: str, found: str | None, expected: tuple[float, str]) -> None:
    """A date is right at gold's precision, and half right where it is coarser or finer."""
    judged = scorers.day(GoldDay(text="May 2031", date=gold), Day(text="", date=found, precision="month"))
    assert (judged.value, judged.kind) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("Brøndal Cellworks", 1.0),
        ("BRØNDAL CELLWORKS AB", 1.0),
        ("Brøndal Cellworks, Inc.", 1.0),
        ("Brøndal Cellwork", 0.8),
        ("Brøndal", 1.0),  # an alias
        ("Cellworks", 0.0),
        ("Harbor Quay", 0.0),
    ],
)
def test_name(found: str, expected: float) -> None:
    """A name is right but for case, accents and legal form; part of a name is wrong where it is no alias."""
    assert scorers.name(["Brøndal Cellworks", "Brøndal"], found).value == expected


def test_facts_begin_words() -> None:
    """A key fact is held where each of its words begins a word of the answer."""
    assert scorers.facts(["recycl line", "repay"], "a second Recycling line").value == 0.5
    assert scorers.facts(["cycling"], "Recycling").value == 0.0
