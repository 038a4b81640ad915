"""Several records, one dossier: what agrees, what conflicts, and nothing lost."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import dossiers as evals
from summarizer import DealSummary, SummarizerError, reconcile
from summarizer.dossiers import DealDossier
from summarizer.dossiers.assignment import assign
from summarizer.dossiers.intervals import compare_figures
from summarizer.dossiers.model import Relation

BASELINE = Path(evals.__file__).parent / "baselines" / "large.jsonl"


def record(id: str, text: str, **facts: Any) -> DealSummary:
    return evals.build(id, text, facts)


def amount(words: str, **more: Any) -> Any:
    made = record("x", f"Harrow pays {words} for Birch.\n", amount={"quote": words, **more})
    return made.amount


def stake(words: str) -> Any:
    return record("x", f"Harrow gets {words} of Birch.\n", stake=words).stake


def codes(dossier: DealDossier) -> set[tuple[str, str]]:
    return {(finding.code, finding.field) for finding in dossier.findings}


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("$14.3 million", "$14.3 million", Relation.SAME),
        ("$14 million", "$14.3 million", Relation.ROUNDING),
        ("$14 million", "$14.6 million", Relation.CONFLICT),
        ("about $15 million", "$14.3 million", Relation.CONFLICT),
        ("about $15 million", "$14.7 million", Relation.COMPATIBLE),
        ("about $500 million", "$480 million", Relation.COMPATIBLE),
        ("about $500 million", "$440 million", Relation.CONFLICT),
        ("about $14 million", "about $15 million", Relation.CONFLICT),
        ("$14 million", "$15 million", Relation.CONFLICT),
        ("more than $29 million", "$29 million", Relation.COMPATIBLE),
        ("more than $29 million", "$30.5 million", Relation.COMPATIBLE),
        ("more than $29 million", "$28.6 million", Relation.CONFLICT),
        ("more than $29 million", "$44 million", Relation.CONFLICT),
        ("up to $50 million", "$45 million", Relation.COMPATIBLE),
        ("between $40 million and $50 million", "$45 million", Relation.COMPATIBLE),
        ("between $40 million and $50 million", "$55 million", Relation.CONFLICT),
        ("€14.3 million", "$14.3 million", Relation.NOT_COMPARABLE),
    ],
)
def test_figures_agree_by_their_intervals(a: str, b: str, relation: Relation) -> None:
    assert compare_figures(amount(a), amount(b)) is relation
    assert compare_figures(amount(b), amount(a)) is relation


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("49%", "49 percent", Relation.SAME),
        ("about 50%", "49%", Relation.COMPATIBLE),
        ("about 50%", "47%", Relation.CONFLICT),
        ("49%", "49.4%", Relation.ROUNDING),
    ],
)
def test_percentages_agree_within_a_point(a: str, b: str, relation: Relation) -> None:
    assert compare_figures(stake(a), stake(b)) is relation


def test_different_parts_of_a_price_are_not_compared() -> None:
    upfront, total = amount("$30 million", basis="upfront"), amount("$40 million", basis="total")
    assert compare_figures(upfront, total) is Relation.NOT_COMPARABLE


@pytest.mark.parametrize("deal", evals.load(), ids=lambda deal: deal["deal"])
def test_gold_dossiers(deal: dict[str, Any]) -> None:
    scores = evals.score(reconcile(deal["records"]), deal["gold"])
    assert {name: pair for name, pair in scores.items() if pair[0] != pair[1]} == {}


def recorded() -> list[DealSummary]:
    rows = [json.loads(line) for line in BASELINE.read_text(encoding="utf-8").splitlines()]
    return [DealSummary.model_validate(row["record"]) for row in rows if row.get("record")]


GOLD = [one for deal in evals.load() for one in deal["records"]]
RECORDS = st.lists(st.sampled_from([*GOLD, *recorded()]), min_size=1, max_size=5)


def values_in(record: DealSummary) -> list[str]:
    """Each fact of a record in words that a dossier has to hold somewhere."""
    figures = (record.amount, record.stake, record.valuation, record.announced_on)
    lists = (record.use_of_proceeds, record.rationale, record.concerns, record.conditions)
    return [
        *(figure.text for figure in figures if figure is not None),
        *(phrase.text for phrases in lists for phrase in phrases),
        *(deal.description for deal in record.earlier_deals),
        *(name for party in record.parties for name in (party.name, *party.aliases)),
        *(person.name for person in record.people),
        *(role for person in record.people for role in (person.from_role, person.to_role) if role),
        *(str(c.value) for c in (record.deal_type, record.status, record.consideration) if c is not None),
    ]


@given(RECORDS)
def test_reconciling_is_independent_of_order_idempotent_and_loses_nothing(records: list[DealSummary]) -> None:
    dossier = reconcile(records)
    assert reconcile(records[::-1]) == dossier
    assert reconcile([*records, records[0]]) == dossier
    assert reconcile([dossier]) == dossier
    assert reconcile([json.loads(dossier.model_dump_json())]) == dossier
    if len(records) > 1:
        assert reconcile([reconcile(records[:1]), *records[1:]]) == dossier
    said = dossier.model_copy(update={"records": ()}).model_dump_json()
    for one in records:
        if one.is_deal:
            for value in values_in(one):
                assert json.dumps(value, ensure_ascii=False)[1:-1] in said
        else:
            assert ("not_a_deal", "is_deal") in codes(dossier)


@pytest.mark.parametrize("one", [*GOLD, *recorded()], ids=lambda one: one.source.id)
def test_one_record_reconciles_to_itself(one: DealSummary) -> None:
    dossier = reconcile([one])
    for name in ("deal_type", "status", "announced_on", "amount", "stake", "valuation", "consideration"):
        fact, value = getattr(dossier, name), getattr(one, name)
        assert (fact is None) is (value is None or not one.is_deal)
        if fact is not None:
            bare = value.model_copy(update={"evidence": ()}) if hasattr(value, "evidence") else value
            assert fact.consensus.value == bare
            assert fact.consensus.sources == (one.source.id,)
    assert not {code for code, _ in codes(dossier)} & {"conflict", "superseded", "single_source"}


def test_a_repeated_source_does_not_outweigh_another() -> None:
    text = "Harrow pays $30 million for Birch.\n"
    again = record("a", text, amount="$30 million", status="announced")
    dossier = reconcile(
        [
            record("a", text, amount="$30 million"),
            again,
            record("b", "Harrow pays $40.5 million for Birch.\n", amount="$40.5 million"),
        ]
    )
    assert len(dossier.sources) == 3
    assert dossier.amount is not None
    assert dossier.amount.consensus.value.text == "$40.5 million"  # the finer of two, one text each


@pytest.mark.parametrize(
    ("published", "expected"), [("2031-05-02", "$52 million"), ("2031-04-30", "$48 million")]
)
def test_of_two_reports_that_state_both_prices_the_later_counts(published: str, expected: str) -> None:
    made = [
        record("a", "The price was cut to $48 million from $52 million.\n", amount="$48 million"),
        record("b", "The price rose to $52 million, not $48 million.\n", amount="$52 million"),
    ]
    dates = ("2031-05-01", published)
    sources = [
        one.source.model_copy(update={"published": date}) for one, date in zip(made, dates, strict=True)
    ]
    dossier = reconcile(
        one.model_copy(update={"source": source}) for one, source in zip(made, sources, strict=True)
    )
    assert dossier.amount.consensus.value.text == expected
    assert ("superseded", "amount") in codes(dossier)


def test_a_derived_figure_that_does_not_fit_is_found() -> None:
    def deal(valuation: str) -> DealDossier:
        text = f"Harrow pays $300 million for 30% of Birch, a value of {valuation}.\n"
        return reconcile([record("a", text, amount="$300 million", stake="30%", valuation=valuation)])

    assert ("derived", "valuation") not in codes(deal("$1 billion"))
    assert ("derived", "valuation") in codes(deal("$2 billion"))


def test_basis_that_differs_is_a_conflict() -> None:
    texts = [f"Birch is worth $90 million {words} the money.\n" for words in ("before", "after")]
    dossier = reconcile(
        record(str(n), text, valuation={"quote": "$90 million", "basis": basis})
        for n, (text, basis) in enumerate(zip(texts, ("pre_money", "post_money"), strict=True))
    )
    assert ("conflict", "valuation.basis") in codes(dossier)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([["Alder Foods Inc."], ["Alder Foods"], ["Alder"]], 1),
        ([["Alder Foods"], ["Alder Field"]], 2),
        ([["Alder Foods"], ["Alder Field"], ["Alder"]], 3),  # it may be either
        ([["Alder Foods", "Alder Field"], ["Alder Field", "Alder Foods"]], 2),
        ([["Société Ålder S.A."], ["Societe Alder"]], 1),
        ([["North Sea Gas"], ["NSG"]], 1),
        ([["Harrow"], ["Harlow"]], 2),
    ],
)
def test_parties_under_their_names(names: list[list[str]], expected: int) -> None:
    records = [
        record(str(n), f"{' and '.join(row)} sell.\n", parties=[[name, "target"] for name in row])
        for n, row in enumerate(names)
    ]
    for order in permutations(records):
        dossier = reconcile(order)
        assert len(dossier.parties) == expected
        assert (("ambiguous_name", "parties") in codes(dossier)) is (expected == 3)


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ([["Sorrel Group", "Tansy"], ["Tansy"]], 1),
        ([["Alder Foods", "Alder"], ["Alder Field", "Alder"]], 2),
        ([["Alder Foods", "Alder"], ["Alder Field", "Alder"], ["Alder"]], 3),
        ([["Alder Foods", "Alder"], ["Alder"], ["Alder Foods Inc."]], 1),
        ([["Harrow Fund", "The Company"], ["Elm Fund", "The Company"]], 2),
    ],
)
def test_aliases_join_names_but_not_two_companies(parties: list[list[str]], expected: int) -> None:
    records = [
        record(str(n), f"{' or '.join(forms)} is sold.\n", parties=[[forms[0], "target", *forms[1:]]])
        for n, forms in enumerate(parties)
    ]
    for order in permutations(records):
        assert len(reconcile(order).parties) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Ada Pell", "Pell", "A. Pell"], 1),
        (["Ada Pell", "Tom Pell"], 2),
        (["Ada Pell", "Ada Pull"], 2),
        (["Ada Maria Pell", "Maria Pell"], 1),
    ],
)
def test_people_under_their_names(names: list[str], expected: int) -> None:
    dossier = reconcile(
        record(str(n), f"{name} leaves.\n", people=[{"name": name, "change": "departs"}])
        for n, name in enumerate(names)
    )
    assert len(dossier.people) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Mira Castellan", "Castellan"], 1),
        (["Castellan", "Mira Castellan"], 1),
        (["Mira Castellan", "Iris Castellan", "Castellan"], 3),
        (["Mira Castellan", "Jonas Pell"], 2),
    ],
)
def test_a_surname_is_short_for_the_one_name_of_its_record_that_ends_so(
    names: list[str], expected: int
) -> None:
    """In one record as well as across records; where two end so it stays apart."""
    people = [{"name": name, "change": "stays" if n else "moves"} for n, name in enumerate(names)]
    one = record("a", f"{', '.join(names)}.", people=people)
    two = record("b", f"{names[0]}.", people=people[:1])
    assert len(reconcile([one]).people) == len(reconcile([one, two]).people) == expected


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("build a second mill", "build a second mill", True),
        ("build a second mill", "it will build a second mill in Lund", True),
        ("to hire engineers", "hire the engineers", True),
        ("cut 100 jobs", "cut 200 jobs", False),
        ("unions agree to the sale", "unions do not agree to the sale", False),
        ("open markets", "close markets", False),
    ],
)
def test_lists_are_merged_without_near_duplicates(a: str, b: str, same: bool) -> None:
    dossier = reconcile(
        record(str(n), f"They {words}.\n", concerns=[words]) for n, words in enumerate((a, b))
    )
    assert len(dossier.concerns) == (1 if same else 2)


@pytest.mark.parametrize(
    "given",
    [[], [{"a": 1}], [{"is_deal": True, "amount": 3}], ["text"], [{"record": {"amount": None}}]],
    ids=str,
)
def test_what_is_no_record_is_refused(given: Any) -> None:
    with pytest.raises(SummarizerError):
        reconcile(given)


@given(
    st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 9), min_size=columns, max_size=columns), min_size=1, max_size=5
        )
    )
)
def test_assignment_is_optimal(scores: list[list[int]]) -> None:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(scores, maximize=True)
    best = sum(scores[row][column] for row, column in zip(rows, columns, strict=True))
    found = assign(scores)
    assert len(set(found.values())) == len(found)
    assert sum(scores[row][column] for row, column in found.items()) == best
