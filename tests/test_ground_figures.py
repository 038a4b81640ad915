"""Figures that a model quotes: the parsed mention becomes the value, or a finding says why there is none."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from summarizer.asking.fields import fields_of
from summarizer.document import read_document
from summarizer.figures import bare_number
from summarizer.grounding.ground import Grounding, ground
from summarizer.inventory import take_inventory
from summarizer.records.values import Money, Percent


class Deal(BaseModel):
    price: Money | None
    stake: Percent | None
    staff: int | None


def quoted(text: str, **quotes: str) -> Grounding:
    answers: dict[str, Any] = {
        name: {"quote": quote, "sentence": 1, "undisclosed": False} for name, quote in quotes.items()
    }
    return ground(fields_of(Deal), answers, take_inventory(read_document(text)))


PRICES = [
    # article, quotation, value, currency
    ("Kestrel pays $410 million1 for Brightwater.", "$410 million", "410000000", "USD"),
    ("Kestrel pays $410 million1 for Brightwater.", "$410 million1", "410000000", "USD"),
    ("Kestrel pays $410 million² for Brightwater.", "$410 million", "410000000", "USD"),
    ("Kestrel pays $410 million[3] for Brightwater.", "$410 million", "410000000", "USD"),
    ("Kestrel pays 60 MUSD for Brightwater.", "60 MUSD", "60000000", "USD"),
    ("Kestrel pays kr 640 million for Brightwater.", "kr 640 million", "640000000", None),
    ("Kestrel pays Xyz$4 million for Brightwater.", "$4 million", "4000000", None),
    ("Kestrel pays 2,5 Mrd. Euro for Brightwater.", "2,5 Mrd. Euro", "2500000000", "EUR"),
    (
        "Kestrel pays a quarter of a billion pounds for it.",
        "a quarter of a billion pounds",
        "250000000",
        "GBP",
    ),
    ("Kestrel pays a quarter of a billion pounds for it.", "a billion pounds", "250000000", "GBP"),
    ("Kestrel cut its bid by £1.5 million to £33.5 million.", "to £33.5 million", "33500000", "GBP"),
    ("Kestrel pays a symbolic euro for Brightwater.", "a symbolic euro", "1", "EUR"),
]


@pytest.mark.parametrize(("article", "quote", "value", "currency"), PRICES)
def test_a_quoted_price_has_the_value_of_its_whole_figure(
    article: str, quote: str, value: str, currency: str | None
) -> None:
    made = quoted(article, price=quote)
    price = made.facts["price"]
    assert (str(price.value), price.currency) == (value, currency)
    assert made.findings == []


@pytest.mark.parametrize(
    ("article", "quote", "percent", "qualifier"),
    [
        ("Kestrel buys a two-thirds stake.", "two-thirds", "66.67", "about"),
        ("Kestrel buys a two-thirds stake.", "a two-thirds stake", "66.67", "about"),
        ("Kestrel buys a quarter of Brightwater.", "a quarter of Brightwater", "25", "exact"),
        ("Kestrel buys a 31%2 holding.", "31%", "31", "exact"),
    ],
)
def test_a_quoted_share_is_a_percentage(article: str, quote: str, percent: str, qualifier: str) -> None:
    stake = quoted(article, stake=quote).facts["stake"]
    assert (str(stake.percent), stake.qualifier) == (percent, qualifier)


@pytest.mark.parametrize(
    ("article", "quote", "why"),
    [
        ("Kestrel pays $5 mil for it.", "$5 mil", "number words"),
        ("Kestrel pays $5 mil for it.", "$5", "number words"),
        ("Kestrel pays $100-odd million for it.", "$100", "number words"),
        ("Kestrel pays €2.500 for it.", "€2.500", "two ways"),
        ("Kestrel pays as follows.\n\n(in millions)\nTotal $550", "Total $550", "table"),
        ("Kestrel pays $5 mil for it.", "$5 million", "does not stand"),
        ("The price was in the low nine figures.", "low nine figures", "no figure"),
        ("It cut the bid by £1.5 million to £33.5 million.", "£1.5 million to £33.5 million", "or several"),
    ],
)
def test_a_quoted_figure_without_a_value_is_left_out_with_the_reason(
    article: str, quote: str, why: str
) -> None:
    made = quoted(article, price=quote)
    assert made.facts["price"] is None
    [finding] = made.findings
    assert (finding.code, finding.field) == ("unsupported", "price")
    assert why in finding.message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200 employees", "1200"),
        ("1200", "1200"),
        ("4 million customers", "4000000"),
        ("some 1,200 people.", "1200"),
        ("1.5 million2 users", "1500000"),
        ("1,200-strong", "1200"),
        ("12 dozen staff", None),
        ("4 milion customers", None),
        ("1.200 employees", None),
        ("1 200 employees", None),
        ("12 to 14 plants", None),
        ("B2B", None),
        ("5th", None),
        ("staff", None),
    ],
)
def test_a_bare_number_is_read_whole_or_not_at_all(text: str, value: str | None) -> None:
    number = bare_number(text)
    assert (None if number is None else f"{number:f}") == value


def test_a_quoted_count_takes_its_scale_word() -> None:
    assert (
        quoted("Brightwater has 4 million customers.", staff="4 million customers").facts["staff"]
        == 4_000_000
    )
