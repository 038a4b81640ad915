from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.anls import anls_star, tree_score
from evals.gold import gold_model
from summarizer.records.deal import Amount, DealSummary, EarlierDeal, Party, Stake
from summarizer.records.values import Day, Money, Phrase

GOLD: dict[str, Any] = {
    "is_deal": True,
    "deal_type": ["minority_investment", "funding_round"],
    "status": None,
    "announced_on": {"text": "4 May", "date": "--05-04"},
    "amount": {"text": "€2.1 billion", "value": "2100000000", "currency": "EUR", "qualifier": "about"},
    "stake": {"text": "30%", "percent": "30", "voting": False},
    "parties": [
        {"name": ["Norrlund Energy AB", "Norrlund"], "role": "acquirer"},
        {"name": "Tidewell", "role": "target"},
        {"name": "Harrow Foods", "role": "other", "optional": True},
    ],
    "rationale": [{"text": {"facts": ["marine", "growth"]}}],
    "earlier_deals": [
        {
            "description": {"facts": ["raised"]},
            "year": 2028,
            "amount": {"text": "€150 million", "value": "150000000", "currency": "EUR"},
            "valuation": None,
        }
    ],
}
RECORD = DealSummary(
    is_deal=True,
    deal_type="funding_round",
    announced_on=Day(text="4 May", precision="day"),
    amount=Amount(text="EUR 2.10bn", value=Decimal("2.1E+9"), currency="EUR"),
    stake=Stake(text="30 per cent", percent=Decimal("30.0")),
    parties=(Party(name="Norrlund", role="acquirer"), Party(name="Tidewell", role="target")),
    rationale=(Phrase(text="marine growth"),),
    earlier_deals=(
        EarlierDeal(
            description="raised",
            year=2028,
            amount=Money(text="€150m", value=Decimal(150_000_000), currency="EUR"),
        ),
    ),
)


def scored(record: DealSummary = RECORD, **labels: Any) -> float:
    return anls_star(gold_model(DealSummary).model_validate({**GOLD, **labels}), record)


def test_a_record_that_says_what_gold_says_scores_1() -> None:
    """Alternatives, other forms of the same figure, hedges and evidence cost nothing."""
    assert scored() == 1.0


def test_a_wrong_leaf_costs_its_edits() -> None:
    """One edit in the fourteen characters of one leaf of fifteen."""
    amount = Amount(text="€2.2 billion", value=Decimal(2_200_000_000), currency="EUR")
    assert scored(RECORD.model_copy(update={"amount": amount})) == pytest.approx(1 - (1 / 14) / 15)


def test_an_unlabelled_field_is_not_scored() -> None:
    """What gold has no label for may be answered or not."""
    assert scored(RECORD.model_copy(update={"concerns": (Phrase(text="jobs"),), "headline": "News"})) == 1.0


def test_a_field_that_gold_says_is_empty_has_to_be_empty() -> None:
    """An invented answer costs a leaf; null among the right answers lets both pass."""
    answered = RECORD.model_copy(update={"status": "announced"})
    assert scored(answered) < 1.0
    assert scored(answered, status=[None, "announced"]) == scored(status=[None, "announced"]) == 1.0


def test_an_optional_item_counts_for_nothing() -> None:
    """Found or not, an optional item leaves the score as it is; an item that is not in gold does not."""
    found = (*RECORD.parties, Party(name="Harrow Foods Inc.", role="adviser"))
    other = (*RECORD.parties, Party(name="Pellet Mills", role="other"))
    assert scored(RECORD.model_copy(update={"parties": found})) == 1.0
    assert scored(RECORD.model_copy(update={"parties": other})) < 1.0


def test_an_optional_item_leaves_the_answer_to_a_required_one() -> None:
    """Where two labels fit what was found equally well, the required one has it."""
    twice = [{**GOLD["parties"][1], "optional": True}, *GOLD["parties"]]
    assert scored(parties=twice) == 1.0


def test_an_invented_item_costs_what_it_says() -> None:
    """One leaf for each part that is answered; parts that are left empty are no leaves."""
    deals = (*RECORD.earlier_deals, EarlierDeal(description="bought a yard"))
    assert scored(RECORD.model_copy(update={"earlier_deals": deals})) == pytest.approx(15 / 16)


def test_a_part_that_an_item_does_not_label_is_not_scored() -> None:
    """Of items, only the parts count that gold labels."""
    deal = {"description": {"facts": ["raised"]}}
    assert scored(earlier_deals=[deal]) == 1.0


def test_a_range_and_an_undisclosed_amount_are_themselves() -> None:
    """Both ends of a range count, and terms that are kept back are an answer."""
    span = {"text": "€4 billion to €5 billion", "value": "4000000000", "currency": "EUR"}
    kept = {"text": "terms were not disclosed", "value": None, "currency": None}
    amount = Amount(text="4-5", value=Decimal(4_000_000_000), upper=Decimal(5_000_000_000), currency="EUR")
    assert scored(RECORD.model_copy(update={"amount": amount}), amount=span) == 1.0
    lower = amount.model_copy(update={"upper": None})
    assert scored(RECORD.model_copy(update={"amount": lower}), amount=span) < 1.0
    assert scored(RECORD.model_copy(update={"amount": Amount(text="undisclosed")}), amount=kept) == 1.0


@pytest.mark.parametrize(
    ("gold", "found", "wanted"),
    [
        ("Hello World", "hello  wrld", 10 / 11),
        ("abcd", "abxy", 0.5),
        ("abcd", "axyz", 0.0),  # below the threshold
        (("hello", "world"), "word", 0.8),
        (None, None, 1.0),
        (None, "x", 0.0),
        ("x", None, 0.0),
        (None, {"a": "x", "b": "y"}, 0.0),
        ({"a": "x", "b": None}, {"a": "x"}, 1.0),
        ({"a": "x"}, {"a": "x", "b": "y"}, 0.5),
        ({"a": "x", "b": None}, {"a": "x", "b": ["p", "q"]}, 1 / 3),
        (["a", "b"], ["b", "a"], 1.0),
        (["a", "b"], ["b"], 0.5),
        (["b"], ["a", "b", "c"], 1 / 3),
        ([{"a": "x", "b": "y"}], [], 0.0),
        ("x", ["x"], 0.0),
        ([], [], 1.0),
        ({}, {}, 1.0),
    ],
)
def test_trees_score_as_the_paper_says(gold: Any, found: Any, wanted: float) -> None:
    """Leaves by edits, any one of a tuple, missing and superfluous parts, lists in any order."""
    assert tree_score(gold, found) == pytest.approx(wanted)


_WORD = st.text("abAB ", min_size=1, max_size=6)
_LEAF = st.one_of(_WORD, st.none())
_ONE_OF = st.lists(_LEAF, min_size=1, max_size=3).map(tuple)
_NAMES = st.sampled_from("pqr")


def _rows(leaf: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Lists of items with the same fields.

    Of items of unlike shapes, several assignments can be equally good and yet leave unlike numbers of leaves.
    """
    return st.lists(st.fixed_dictionaries({"p": leaf, "q": leaf}), max_size=4)


def _trees(leaf: st.SearchStrategy[Any], lists: Sequence[st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    deep = st.recursive(leaf, lambda inner: st.dictionaries(_NAMES, inner, min_size=1), max_leaves=6)
    return st.dictionaries(_NAMES, st.one_of(deep, *lists), max_size=3)


GOLD_TREES = _trees(
    st.one_of(_LEAF, _ONE_OF),
    [_rows(st.one_of(_LEAF, _ONE_OF)), st.lists(_WORD, max_size=4), st.lists(_ONE_OF, max_size=4)],
)
FOUND_TREES = _trees(_WORD, [_rows(_WORD), st.lists(_WORD, max_size=4)])


@given(GOLD_TREES, FOUND_TREES)
def test_trees_score_as_the_authors_package_has_it(gold: Any, found: Any) -> None:
    """Random trees get the score that the authors' own implementation gives them.

    But for an empty answer to what gold does not ask, which is counted there as a leaf without a score.
    """
    theirs = pytest.importorskip("anls_star")
    found = {name: part for name, part in found.items() if part or name in gold}
    assert tree_score(gold, found) == pytest.approx(theirs.anls_score(gold, found))


@given(FOUND_TREES, st.randoms())
def test_a_tree_is_like_itself_in_any_order(tree: Any, random: Any) -> None:
    """Gold against gold is 1, and so it is with its lists shuffled."""
    shuffled = {
        name: random.sample(part, len(part)) if isinstance(part, list) else part
        for name, part in tree.items()
    }
    assert tree_score(tree, tree) == pytest.approx(1.0)
    assert tree_score(tree, shuffled) == pytest.approx(1.0)


@given(GOLD_TREES, FOUND_TREES)
def test_a_score_is_from_0_to_1(gold: Any, found: Any) -> None:
    """No pair of trees leaves the bounds."""
    assert 0.0 <= tree_score(gold, found) <= 1.0
