"""Currency words that several countries share: the text tells which is meant."""

from __future__ import annotations

import pytest

from summarizer.figures import find, may_be, parse


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("The Oslo listing stays. Norway's fourth-largest farmer is worth 14.7 billion crowns.", "NOK"),
        ("The Danish brewer pays 2.5 billion kroner.", "DKK"),
        ("Sweden's Hallvik pays 2.5 billion crowns.", "SEK"),
        ("The maker pays 2.5 billion crowns.", ""),
        ("Czech owners get 900 million crowns.", "CZK"),
        ("A Norwegian firm sells, in Norway, for 900 million Swedish crowns.", "SEK"),
        ("France's Orvane pays 60 million francs.", "FRF"),
        ("The firm in Pakistan pays 60 million rupees.", "PKR"),
        (
            "The firm in India pays 60 million rupees, half of it for a plant in Pakistan; India agreed.",
            "INR",
        ),
    ],
)
def test_the_country_that_the_text_names_settles_a_shared_word(text: str, unit: str) -> None:
    assert [mention.unit for mention in find(text) if mention.value] == [unit]


def test_a_form_alone_may_be_the_money_of_any_country_that_has_the_word() -> None:
    mention = parse("5.88 billion crowns")
    assert mention is not None
    assert may_be(mention, "NOK")
    assert may_be(mention, "SEK")
    assert not may_be(mention, "EUR")


def test_a_form_with_a_country_or_a_sign_is_the_money_of_that_one_only() -> None:
    for text, other in (
        ("9 million Swedish crowns", "NOK"),
        ("$9 million", "CAD"),
        ("9 million dollars", "CAD"),
    ):
        mention = parse(text)
        assert mention is not None
        assert not may_be(mention, other)


@pytest.mark.parametrize(
    ("statement", "unit"),
    [
        ("(All dollars are Canadian.)", "CAD"),
        ("All figures in Australian dollars unless noted.", "AUD"),
        ("Dollar amounts here are in Hong Kong dollars.", "HKD"),
        ("Prices are quoted in NZ$.", "NZD"),
        ("$ = A$", "AUD"),
        ("All sums are in U.S. dollars.", "USD"),
        ("It keeps its dollars in Singapore.", "USD"),
        ("It gave the figures in Canada.", "USD"),
    ],
)
def test_what_a_text_says_of_its_dollars_settles_bare_ones(statement: str, unit: str) -> None:
    found = find(
        f"Heron Mills {statement} It pays $410 million, or 85 cents a share, of which C$5 million is a fee."
    )
    assert [mention.unit for mention in found if mention.value] == [unit, unit, "CAD"]


def test_a_bare_form_may_be_of_the_dollars_that_a_bare_form_of_the_text_is_of() -> None:
    mention = parse("$9 million")
    assert mention is not None
    assert may_be(mention, "AUD", "$9 million")
    assert not may_be(mention, "AUD", "A$9 million")
    assert not may_be(mention, "EUR", "$9 million")


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("It turned over €61 million last year.", "exact"),
        ("They handed over $5 million.", "exact"),
        ("It sold for over €61 million.", "at_least"),
        ("The deal values it at past $29 billion.", "at_least"),
    ],
)
def test_over_of_a_verb_hedges_nothing(text: str, qualifier: str) -> None:
    assert [mention.qualifier.value for mention in find(text)[:1]] == [qualifier]


def test_a_figure_and_its_currency_joined_by_a_dash_are_read() -> None:
    [coin] = find("A One-FRANC coin.")
    assert coin.unit == "CHF"
    assert not may_be(coin, "EUR")
