"""Fractions: before a scale word, and as shares of a company."""

from __future__ import annotations

import pytest

from summarizer.figures import Kind, Qualifier, find, parse

AMOUNTS = [
    # source, value, currency, qualifier
    ("a quarter of a billion dollars", "250000000", "USD", "exact"),
    ("quarter of a billion euros", "250000000", "EUR", "exact"),
    ("a quarter-billion dollars", "250000000", "USD", "exact"),
    ("one quarter of a billion dollars", "250000000", "USD", "exact"),
    ("three-quarters of a billion pounds", "750000000", "GBP", "exact"),
    ("three quarters of a million euros", "750000", "EUR", "exact"),
    ("three fourths of a million dollars", "750000", "USD", "exact"),
    ("3/4 of a billion dollars", "750000000", "USD", "exact"),
    ("half a billion dollars", "500000000", "USD", "exact"),
    ("half of a million dollars", "500000", "USD", "exact"),
    ("a third of a billion dollars", "333333333.33", "USD", "about"),
    ("two-thirds of a billion euros", "666666666.67", "EUR", "about"),
    ("a tenth of a billion yen", "100000000", "JPY", "exact"),
    ("one and a half billion dollars", "1500000000", "USD", "exact"),
    ("one-and-a-half billion euros", "1500000000", "EUR", "exact"),
    ("one and three-quarter million dollars", "1750000", "USD", "exact"),
    ("2 and a half million pounds", "2500000", "GBP", "exact"),
    ("a million and a half dollars", "1500000", "USD", "exact"),
    ("$2 million and a half", "2500000", "USD", "exact"),
    ("$1/2 billion", "500000000", "USD", "exact"),
    # neighbours
    ("a billion dollars", "1000000000", "USD", "exact"),
    ("two billion dollars", "2000000000", "USD", "exact"),
]


@pytest.mark.parametrize(("source", "value", "unit", "qualifier"), AMOUNTS)
def test_a_fraction_before_a_scale_word(source: str, value: str, unit: str, qualifier: str) -> None:
    [mention] = find(f"They paid {source}, and more.")
    assert (mention.text, str(mention.value), mention.unit) == (source, value, unit)
    assert mention.qualifier == qualifier


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("a quarter of the $2 billion price", ["2000000000"]),
        ("a quarter of a $2 billion fund", ["2000000000"]),
        ("a third billion-dollar deal", []),
        ("the third quarter", []),
        ("a quarter of a billion people", []),
        ("half a million users", []),
        ("one in a million", []),
    ],
)
def test_a_fraction_of_something_else_is_no_amount(source: str, values: list[str]) -> None:
    assert [str(mention.value) for mention in find(f"They saw {source}.")] == values


SHARES = [
    # source, text of the mention, percent, qualifier
    ("bought a two-thirds stake in it", "two-thirds", "66.67", "about"),
    ("bought a three-quarters interest in it", "three-quarters", "75", "exact"),
    ("bought a one-tenth holding", "one-tenth", "10", "exact"),
    ("bought a quarter of the company", "a quarter", "25", "exact"),
    ("bought a quarter of Birch Mills", "a quarter", "25", "exact"),
    ("bought one-third of the shares", "one-third", "33.33", "about"),
    ("bought a third of Birch Mills", "a third", "33.33", "about"),
    ("bought two-fifths of the equity", "two-fifths", "40", "exact"),
    ("bought half of Birch Mills", "half", "50", "exact"),
    ("bought half the company", "half", "50", "exact"),
    ("bought a half stake", "a half", "50", "exact"),
    ("it now holds a quarter", "a quarter", "25", "exact"),
    ("the family keeps one third.", "one third", "33.33", "about"),
    ("bought nearly two-thirds of the company", "two-thirds", "66.67", "about"),
    ("bought more than half of the shares", "half", "50", "at_least"),
    ("bought up to a quarter of the company", "a quarter", "25", "at_most"),
]


@pytest.mark.parametrize(("source", "text", "percent", "qualifier"), SHARES)
def test_a_fraction_of_a_company_is_a_percentage(
    source: str, text: str, percent: str, qualifier: str
) -> None:
    """It is approximate where the fraction has no exact decimals."""
    [mention] = find(source)
    assert (mention.kind, mention.text, str(mention.value)) == (Kind.PERCENT, text, percent)
    assert mention.qualifier == qualifier


@pytest.mark.parametrize(
    "source",
    [
        "half of the board",
        "half an hour",
        "a quarter of an hour",
        "a third stake",
        "the third company",
        "a third of its revenue",
        "a quarter of the staff",
        "two-thirds of the vote",
        "half of Britain",
        "a fifth of Germany",
        "in the first quarter of the year",
        "the second half of the year",
        "half-year profit",
        "three out of four shares",
    ],
)
def test_other_fractions_are_no_stake(source: str) -> None:
    assert not [mention for mention in find(source) if mention.kind is not Kind.DATE]


@pytest.mark.parametrize(("text", "percent"), [("two-thirds", "66.67"), ("a quarter", "25"), ("half", "50")])
def test_a_fraction_alone_is_a_percentage_where_one_is_asked_for(text: str, percent: str) -> None:
    mention = parse(text, Kind.PERCENT)
    assert mention is not None
    assert str(mention.value) == percent
    assert parse(text, Kind.MONEY) is None


@pytest.mark.parametrize(
    ("source", "unit"),
    [
        ("a symbolic euro", "EUR"),
        ("one symbolic pound", "GBP"),
        ("a symbolic sum of one dollar", "USD"),
        ("a nominal sum of one euro", "EUR"),
        ("a symbolic one euro", "EUR"),
        ("a symbolic $1", "USD"),
        ("a nominal price of £1", "GBP"),
        ("the notional price of 1 euro", "EUR"),
    ],
)
def test_a_symbolic_sum_is_one_unit(source: str, unit: str) -> None:
    [mention] = find(f"They paid {source} for it.")
    assert (mention.kind, str(mention.value), mention.unit) == (Kind.MONEY, "1", unit)
    assert mention.qualifier is Qualifier.EXACT


@pytest.mark.parametrize(
    "source", ["a symbolic gesture", "a symbolic euro zone", "nominal dollars", "symbolic of it"]
)
def test_other_symbols_are_no_sum(source: str) -> None:
    assert find(source) == ()
