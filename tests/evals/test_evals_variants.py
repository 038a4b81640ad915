from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.cases import Case, problems, read_cases
from evals.gold import labels
from evals.gold_record import as_record
from evals.variants import KINDS, remembered, variants
from evals.variants.edits import Edit, alter
from summarizer.figures import Kind, find


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_proved_variants_and_the_same_ones_again(kind: str, case: Case) -> None:
    """The same case and seed give the same bytes, another seed others."""
    made = variants(case, kind, seed=3)
    assert made
    assert [(e.id, e.text, e.gold_digest) for e in made] == [
        (e.id, e.text, e.gold_digest) for e in variants(case, kind, seed=3)
    ]
    assert all(not problems(e) and e.variant.startswith(kind) and e.text != case.text for e in made)
    if kind != "deletion":
        assert len({e.text for seed in range(4) for e in variants(case, kind, seed=seed)}) > len(made)


@pytest.mark.parametrize(("kind", "least"), [("counterfactual", 35), ("deletion", 79), ("attack", 78)])
def test_the_shipped_cases_have_variants(kind: str, least: int) -> None:
    """A change of the makers that loses variants shows."""
    assert sum(len(variants(one, kind)) for one in read_cases()) >= least


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_a_counterfactual_keeps_no_name_and_no_sum_and_all_arithmetic(seed: int, case: Case) -> None:
    """Money is multiplied by one number, so what was true of the figures is; percentages stay."""
    [variant] = variants(case, "counterfactual", seed=seed)
    for name in ("Harbor", "Lindmark", "Annika", "Tervo"):
        assert name.casefold() not in variant.text.casefold()
    before, after = ([m for m in find(one.text) if m.kind is Kind.MONEY] for one in (case, variant))
    assert len({(b.value or 0) / (a.value or 1) for a, b in zip(before, after, strict=True)}) == 1
    assert before[0].value != after[0].value
    assert variant.gold.stake[0].percent == Decimal(22)
    assert variant.gold.amount[0].value == after[0].value


def test_the_original_in_an_answer_to_altered_text_is_remembered(case: Case) -> None:
    """Gold of the original as an answer is memory; gold of the variant is none."""
    [variant] = variants(case, "counterfactual")
    found = remembered(as_record(case.gold, case.schema, case.text), case, variant)
    assert {"Lindmark Cellworks", "€180 million", "€800 million"} <= set(found)
    assert remembered(as_record(variant.gold, variant.schema, variant.text), case, variant) == []


def test_a_deletion_leaves_no_word_of_the_fact(case: Case) -> None:
    """The field has no answer, its figure is not in the text, and the rest of gold follows."""
    made = {each.variant: each for each in variants(case, "deletion")}
    stake = made["deletion-stake"]
    assert "22%" not in stake.text
    assert stake.gold.stake == (None,)
    assert all(stake.text[slice(*at)] for place in labels(stake.gold) for at in place.label.evidence)
    assert None in stake.gold.deal_type


def test_an_attack_is_forbidden_and_gold_is_the_same(case: Case) -> None:
    """One order in the body and one in a comment; nothing may be taken from either."""
    made = variants(case, "attack")
    assert [each.variant for each in made] == ["attack-body", "attack-comment"]
    for each in made:
        new = [at for at in each.forbidden if each.text[slice(*at)] not in case.text]
        assert len(new) == 1
        record = as_record(each.gold, each.schema, each.text)
        assert record.amount == as_record(case.gold, case.schema, case.text).amount.model_copy(
            update={"evidence": record.amount.evidence}
        )


@pytest.mark.parametrize(
    ("edits", "text", "moved"),
    [
        ([Edit(0, 0, "xx")], "xxabcdef", {(0, 3): [(2, 5)], (3, 6): [(5, 8)]}),
        ([Edit(1, 3, "")], "adef", {(0, 4): [(0, 2)], (1, 3): []}),
        ([Edit(2, 4, "ZZZ")], "abZZZef", {(0, 2): [(0, 2)], (3, 6): [(2, 7)], (1, 3): [(1, 5)]}),
        ([Edit(6, 6, "!")], "abcdef!", {(0, 6): [(0, 6)]}),
    ],
)
def test_places_follow_the_edits(
    edits: list[Edit], text: str, moved: dict[tuple[int, int], list[tuple[int, int]]]
) -> None:
    altered = alter("abcdef", edits)
    assert altered.text == text
    assert {place: altered.moved(place) for place in moved} == moved


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="two edits overlap at 2"):
        alter("abcdef", [Edit(0, 3, "x"), Edit(2, 4, "y")])
