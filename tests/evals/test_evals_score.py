from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from evals import scorers
from evals.acquisitions import AcquisitionSlots, Price
from evals.anls import anls_star
from evals.cases import Case, Conflict, read_cases
from evals.gold import Facts, GoldDay, GoldMoney, GoldPercent, gold_model
from evals.gold_record import as_record
from evals.outcomes import Outcome, Result, count
from evals.score import score
from summarizer.findings import Finding, Span
from summarizer.records.deal import Amount, DealSummary, EarlierDeal, Party, Person
from summarizer.records.values import Day, Money, Name, Percent, Phrase

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
    outcomes = score(case, perfect)
    assert {outcome.result for outcome in outcomes} == {Result.TP, Result.TN}
    assert {outcome.evidence for outcome in outcomes} == {True, None}
    assert not any(outcome.kind for outcome in outcomes)
    counted = count(outcomes)
    assert (counted.precision, counted.recall, counted.f) == (1.0, 1.0, 1.0)
    assert counted.tp >= 30


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (with_value("amount", value=Decimal(180_000)), {("amount", "wrong", "SCALE")}),
        (with_value("amount", value=Decimal(230_000_000)), {("amount", "wrong", "UNSUPPORTED")}),
        (with_value("amount", value=Decimal(64_000_000)), {("amount", "wrong", "WRONG")}),
        (
            with_value("amount", currency="USD"),
            {("amount", "wrong", "CURRENCY")},
        ),
        (with_value("amount", qualifier="exact"), {("amount.qualifier", "wrong", "WRONG")}),
        (
            with_value("amount", basis="per_share"),
            {("amount", "wrong", "BASIS"), ("amount.basis", "invented", "INVENTED")},
        ),
        (with_value("amount", evidence=ELSEWHERE), {("amount", "right", "WRONG_EVIDENCE")}),
        (with_value("amount", evidence=()), {("amount", "right", "WRONG_EVIDENCE")}),
        (with_value("stake", percent=Decimal(23)), {("stake", "wrong", "UNSUPPORTED")}),
        (with_value("stake", voting=False), {("stake.voting", "invented", "INVENTED")}),
        (
            lambda record: {"valuation": None},
            {("valuation", "missing", "OMITTED"), ("valuation.qualifier", "missing", "OMITTED")},
        ),
        (with_value("valuation", basis="post_money"), {("valuation.basis", "invented", "INVENTED")}),
        (lambda record: {"consideration": "cash"}, {("consideration", "invented", "INVENTED")}),
        (lambda record: {"status": "completed"}, {("status", "wrong", "WRONG")}),
        (lambda record: {"deal_type": "acquisition"}, {("deal_type", "wrong", "WRONG")}),
        (lambda record: {"announced_on": None}, {("announced_on", "missing", "OMITTED")}),
        (swapped, {("parties.role", "wrong", "ROLE_SWAP")}),
        (
            with_item("parties", 0, name="Norrvik Pension"),
            {
                ("parties.name", "missing", "OMITTED"),
                ("parties.role", "missing", "OMITTED"),
                ("parties.role", "invented", "INVENTED"),
            },
        ),
        (
            with_more("parties", Party(name="Petrel Research", role="seller")),
            {("parties.role", "invented", "INVENTED")},
        ),
        (
            with_more("parties", Party(name="Osprey Foods", role="seller")),
            {("parties.name", "invented", "INVENTED"), ("parties.role", "invented", "INVENTED")},
        ),
        (with_item("parties", 2, role="seller"), {("parties.role", "wrong", "WRONG")}),
        (with_item("parties", 0, evidence=()), {("parties.name", "right", "WRONG_EVIDENCE")}),
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
        (
            with_item("earlier_deals", 0, valuation=None),
            {
                ("earlier_deals.valuation", "missing", "OMITTED"),
                ("earlier_deals.valuation.qualifier", "missing", "OMITTED"),
            },
        ),
        (
            with_more("earlier_deals", EarlierDeal(description="It bought a rival.")),
            {("earlier_deals.description", "invented", "INVENTED")},
        ),
    ],
)
def test_each_planted_error_is_found_and_named(
    change: Change, expected: set[tuple[str, str, str]], case: Case, perfect: DealSummary, text: str
) -> None:
    """One planted error changes its own leaves and no others, and is called by its name."""
    outcomes = score(case, perfect.model_copy(update=change(perfect)))
    assert {(o.field, o.result.value, o.kind) for o in outcomes if o.kind} == expected


def with_optional_departure(case: Case) -> Case:
    """The case with one more label: the first person's move, told as a departure, may be found too."""
    gold = case.gold.model_dump(exclude_unset=True)
    first = gold["people"][0]
    gold["people"] = [*gold["people"], {**first, "change": ["departs"], "to_role": [None], "optional": True}]
    return replace(case, gold=gold_model(case.schema).model_validate(gold))


def test_optional_items_count_for_nothing(case: Case, perfect: DealSummary) -> None:
    """An optional item may be found or not: the counts stay the same. What is wrong in it is invented."""
    more = with_optional_departure(case)
    expected = count(score(case, perfect))
    departs = perfect.people[0].model_copy(update={"change": "departs", "to_role": None})
    both = perfect.model_copy(update={"people": (*perfect.people, departs)})
    assert count(score(more, perfect)) == expected
    assert count(score(more, both)) == expected
    elsewhere = departs.model_copy(update={"to_role": "director"})
    wrong = score(more, perfect.model_copy(update={"people": (*perfect.people, elsewhere)}))
    assert [(o.field, o.kind) for o in wrong if o.kind] == [("people.to_role", "INVENTED")]


def test_a_required_item_is_served_before_an_optional_one(case: Case, perfect: DealSummary) -> None:
    """A record that fits a required label and an optional one as well answers the required one."""
    gold = case.gold.model_dump(exclude_unset=True)
    gold["people"] = [{**gold["people"][0], "optional": True}, *gold["people"]]
    twice = replace(case, gold=gold_model(case.schema).model_validate(gold))
    assert not any(outcome.kind for outcome in score(twice, perfect))


def test_a_failed_run_misses_every_fact(case: Case, perfect: DealSummary, text: str) -> None:
    """A run without a record has all facts missing, as many as a perfect one has right."""
    lost = count(score(case, None))
    assert (lost.tp, lost.fd, lost.fa) == (0, 0, 0)
    assert lost.fn == count(score(case, perfect)).tp


def test_rates_leave_out_what_is_rightly_absent() -> None:
    """Precision, recall and F count right, wrong, missing and invented leaves only."""
    results = [Result.TP] * 6 + [Result.FD] * 2 + [Result.FN] * 4 + [Result.FA] * 2 + [Result.TN] * 100
    counted = count(Outcome("field", "field", result) for result in results)
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
    gold = GoldPercent(text="49.5%", percent=Decimal("49.5"))
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


def test_words_are_scored_as_the_label_says() -> None:
    """Key facts ask for all of them; a plain string is a name."""
    assert scorers.words(Facts(facts=("finance", "chief")), "its finance chief").value == 1.0
    assert scorers.words("finance chief", "its finance chief").value == 0.0


def test_a_scorer_of_ones_own_goes_first(case: Case, perfect: DealSummary) -> None:
    """A function for a field replaces the scorer of its type."""
    never = {"amount": lambda gold, found: scorers.Score(0.0, "MINE")}
    wrong = [outcome for outcome in score(case, perfect, never) if outcome.kind]
    assert [(outcome.field, outcome.kind) for outcome in wrong] == [("amount", "MINE")]


def test_a_schema_of_ones_own_gets_its_scorers_from_its_types(case: Case) -> None:
    """Any schema made of the value types is scored, with single names and lists of them."""
    start = case.text.index("Lindmark Cellworks, a maker")
    end = start + len("Lindmark Cellworks")
    gold = gold_model(AcquisitionSlots).model_validate(
        {
            "acquired": [{"text": ["Lindmark Cellworks", "Lindmark"], "evidence": [[start, end]]}],
            "dlramt": {
                "text": "€180 million",
                "value": "180000000",
                "currency": "EUR",
                "evidence": [[125, 175]],
            },
            "seller": [],
        }
    )
    mine = replace(case, gold=gold, schema=AcquisitionSlots)
    span = Span(start=start, end=end, text=case.text[start:end])
    amount = Price(
        text="€180 million",
        value=Decimal(180_000_000),
        currency="EUR",
        qualifier="exact",
        evidence=(Span(start=125, end=175, text=case.text[125:175]),),
    )
    record = AcquisitionSlots(
        acquired=(Name(text=span.text, evidence=(span,)),), dlramt=amount, seller=(Name(text="Tarn"),)
    )
    outcomes = score(mine, record)
    assert [(o.field, o.result.value, o.evidence) for o in outcomes] == [
        ("acquired", "right", True),
        ("dlramt", "right", True),
        ("dlramt.qualifier", "right", None),
        ("seller", "invented", None),
    ]


def test_a_conflict_has_to_be_among_the_findings(case: Case, perfect: DealSummary) -> None:
    """Two figures for one fact: the finding that names both is right, none is a conflict missed."""
    told = replace(case, conflicts=(Conflict(field="amount", figures=("€180 million", "€64 million")),))
    assert [o.kind for o in score(told, perfect) if o.kind] == ["CONFLICT_MISSED"]
    finding = Finding(code="two_figures", field="amount", message="€180 million here, €64 million there")
    found = perfect.model_copy(update={"findings": (finding,)})
    assert not any(outcome.kind for outcome in score(told, found))


@given(parties=st.permutations(range(3)), people=st.permutations(range(2)))
def test_the_order_of_items_is_irrelevant(case: Case, parties: list[int], people: list[int]) -> None:
    """Lists are compared by their best assignment, so their order changes no count."""
    record: Any = as_record(case.gold, case.schema, case.text)
    shuffled = record.model_copy(
        update={
            "parties": tuple(record.parties[i] for i in parties),
            "people": tuple(record.people[i] for i in people),
        }
    )
    assert count(score(case, shuffled)) == count(score(case, record))


def test_every_score_is_from_0_to_1_and_gold_is_1_on_all_cases() -> None:
    """On each shipped case, gold as prediction is all right; the record of another case scores from 0 to 1."""
    cases = read_cases()
    records = {case.name: as_record(case.gold, case.schema, case.text) for case in cases}
    for case, other in zip(cases, [*cases[1:], cases[0]], strict=True):
        mine = score(case, records[case.name])
        assert not [o for o in mine if o.kind], case.name
        theirs = score(case, records[other.name])
        assert all(0.0 <= o.score <= 1.0 for o in theirs)
        assert count(theirs).f < 1.0


def test_a_span_states_what_is_written_without_a_digit_by_its_words() -> None:
    """Words that keep an amount back are verbatim in their span, whether or not the parser reads them there."""
    kept = amount(None, qualifier="undisclosed").model_copy(update={"text": "keep it dark"})
    assert scorers.states("They promised to keep it dark for now.", kept)
    assert not scorers.states("They promised a lot.", kept)


class Fees(BaseModel):
    """A schema with a list of bare figures."""

    fees: tuple[Money, ...] = ()


def test_lists_of_bare_figures_are_scored_by_their_best_pairs(case: Case) -> None:
    """Figures without an item around them are aligned by value, in any order; what is left is missing or invented."""
    places = {"€180 million": [[125, 175]], "€64 million": [[1084, 1173]]}
    gold = gold_model(Fees).model_validate(
        {
            "fees": [
                {
                    "text": text,
                    "value": value,
                    "currency": "EUR",
                    "qualifier": qualifier,
                    "evidence": places[text],
                }
                for text, value, qualifier in (
                    ("€180 million", "180000000", "about"),
                    ("€64 million", "64000000", "exact"),
                )
            ]
        }
    )
    mine = replace(case, gold=gold, schema=Fees)
    perfect: Any = as_record(gold, Fees, case.text)
    backwards = perfect.model_copy(update={"fees": perfect.fees[::-1]})
    for record in (perfect, backwards):
        assert [(o.field, o.result.value, o.kind) for o in score(mine, record)] == [
            ("fees", "right", ""),
            ("fees.qualifier", "right", ""),
            ("fees", "right", ""),
            ("fees.qualifier", "right", ""),
        ]
    other = perfect.fees[1].model_copy(update={"value": Decimal(9)})
    wrong = score(mine, perfect.model_copy(update={"fees": (perfect.fees[0], other)}))
    assert [(o.result.value, o.kind) for o in wrong if o.field == "fees"] == [
        ("right", ""),
        ("missing", "OMITTED"),
        ("invented", "UNSUPPORTED"),
    ]
    assert 0.0 < anls_star(gold, perfect) <= 1.0
