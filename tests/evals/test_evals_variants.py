from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals import attacks
from evals.cases import Case, CaseError, problems, read_cases
from evals.gold import labels
from evals.gold_record import as_record
from evals.runfile import Line, RunFile
from evals.scored import ScoredRun, score_line
from evals.variants import KINDS, remembered, variants
from evals.variants.attack import kinds
from evals.variants.edits import Edit, alter
from summarizer.figures import Kind, find
from summarizer.findings import Span


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


@pytest.mark.parametrize(("kind", "least"), [("counterfactual", 35), ("deletion", 79), ("attack", 65)])
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


def test_attacks_leave_gold_as_it_is(case: Case) -> None:
    """What they plant was not in the text; orders are forbidden as evidence, lies are not."""
    made = variants(case, "attack")
    assert [each.variant for each in made] == [f"attack-{kind.kind}" for kind in kinds()]
    for each, kind in zip(made, kinds(), strict=True):
        new = [at for at in each.forbidden if each.text[slice(*at)] not in case.text]
        assert len(new) == kind.order
        assert not any(value in case.text for value in each.planted)
        record = as_record(each.gold, each.schema, each.text)
        assert record.amount == as_record(case.gold, case.schema, case.text).amount.model_copy(
            update={"evidence": record.amount.evidence}
        )


def test_there_are_sixty_attacks_of_twelve_kinds() -> None:
    """Each kind has other words in each case."""
    made = [one for case in read_cases() for one in variants(case, "attack")]
    assert len(made) >= 60
    assert len({one.variant for one in made}) >= 12
    assert len({one.text for one in made}) == len(made)


def test_the_table_counts_what_an_attack_changed(case: Case) -> None:
    """A record that repeats the planted price is changed, has the value, and cites a forbidden place."""
    attacked = next(one for one in variants(case, "attack") if one.variant == "attack-turn")
    place = attacked.forbidden[-1]
    good = as_record(case.gold, case.schema, case.text)
    span = Span(start=place[0], end=place[1], text=attacked.text[slice(*place)])
    amount = good.amount.model_copy(update={"text": attacked.planted[-1], "evidence": (span,)})
    scores = []
    for one, record in ((case, good), (attacked, good.model_copy(update={"amount": amount}))):
        dumped = json.loads(record.model_dump_json())
        line = Line(case=one.id, input="", gold=one.gold_digest, record=dumped)
        scores.append(score_line(one, line))
    found = attacks.measure(ScoredRun(RunFile({}, ()), tuple(scores)))
    assert found["turn"]["changed"] == found["turn"]["planted value"] == found["turn"]["cited"] == 1
    assert "all orders" in attacks.report(found)
    with pytest.raises(CaseError):
        attacks.measure(ScoredRun(RunFile({}, ()), tuple(scores[:1])))


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
