"""Quotations against the source: found, moved, repaired, or left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from summarizer import Money, Name, Phrase, Title, Words, summarize
from summarizer.asking.fields import fields_of
from summarizer.document import Zone, read_document
from summarizer.grounding.ground import Grounding, complaints, ground
from summarizer.grounding.quotes import find_quote
from summarizer.inventory import Inventory, take_inventory
from summarizer.records.values import Value
from tests.fault_server import completion, serve

TEXT = """Alder Mills Buys Birch Bakery

Alder Mills paid about $4.2 million for the “Birch” bakery on Monday.
Dana Holt, chief executive of Alder's milling arm, will chair the advi-
sory board of Birch. Alder Mills paid nothing else, it said.
The low-cost bakery sells 1,200 loaves a day – rye, oat and spelt.

Comments
Rudi: I heard that Alder Mills paid $9 million for a 51% stake.

Related articles
Cedar Foods sells Dune Oats for $77 million
"""


@pytest.fixture(scope="module")
def read() -> Inventory:
    return take_inventory(read_document(TEXT))


def number_of(words: str, inventory: Inventory) -> int:
    return next(s.number for s in inventory.document.sentences if words in s.clean)


@pytest.mark.parametrize(
    ("quote", "cited", "words", "moved", "repaired"),
    [
        ("about $4.2 million", "paid about", "about $4.2 million", False, False),
        ("chief executive", "paid about", "chief executive", True, False),
        ("Alder Mills paid", "paid nothing", "Alder Mills paid", False, False),
        ("ALDER MILLS PAID ABOUT", "paid about", "Alder Mills paid about", False, False),
        ('the "Birch" bakery', "paid about", "the “Birch” bakery", False, False),
        ("'on Monday.'", "paid about", "on Monday.", False, False),
        ("Alder Mills  paid\nabout", "paid about", "Alder Mills paid about", False, False),
        ("advisory board", "Dana", "advi-\nsory board", False, False),
        ("low cost bakery", "loaves", "low-cost bakery", False, True),
        ("1,200 loaves a day - rye", "loaves", "1,200 loaves a day – rye", False, False),
        ("the Birch bakery on Monday", "paid about", "the “Birch” bakery on Monday", False, True),
        ("Alder Mills paid ... on Monday", "paid about", "Alder Mills paid about $4.2 million for the “Birch” bakery on Monday", False, True),
    ],
)  # fmt: skip
def test_a_quotation_is_found_where_the_source_has_it(
    quote: str, cited: str, words: str, moved: bool, repaired: bool, read: Inventory
) -> None:
    """In the cited sentence first; case, quotation marks, dashes, spaces and hyphenation are the source's own."""
    place = find_quote(quote, number_of(cited, read), read)
    assert place is not None
    assert TEXT[place.start : place.end] == words
    assert (place.moved, place.repaired) == (moved, repaired)


@pytest.mark.parametrize(
    "quote",
    [
        "about $4.3 million",
        "paid about $42 million",
        "$4.2 billion",
        "€4.2 million",
        "1,300 loaves a day",
        "1200 loaves a day",
        "low-cost bakery sells 1,200 loaves a week",
        "Alder Mills paid for the bakery",
        "paid $9 million",
        "a 51% stake",
        "Cedar Foods",
        "sells Dune Oats for $77 million",
        "...",
        "",
    ],
)
def test_a_quotation_is_not_found_where_a_word_or_number_differs_or_it_is_no_evidence(
    quote: str, read: Inventory
) -> None:
    """Whatever sentence is cited; comments and teasers are no evidence."""
    assert [find_quote(quote, cited, read) for cited in (-1, 0, 2, 9, 99)] == [None] * 5


class Job(Value):
    name: Words
    role: Title | None = None


class Deal(BaseModel):
    """Every kind of quotation."""

    buyer: Name | None = None
    price: Money | None = None
    loaves: int | None = None
    jobs: tuple[Job, ...] = ()
    goods: tuple[Phrase, ...] = ()


def grounded(inventory: Inventory, **answers: Any) -> Grounding:
    return ground(fields_of(Deal), answers, inventory)


@pytest.mark.parametrize(
    ("role", "kept"),
    [
        ("chief executive of Alder's milling arm", True),
        ("chair of the advisory board", True),
        ("milling arm's chief executive", True),
        ("chair, Birch advisory board", True),
        ("chair of the supervisory board", False),
        ("chief financial officer", False),
        ("chair of 2 boards", False),
    ],
)
def test_a_role_may_be_put_shortly_in_the_words_of_its_sentence(
    role: str, kept: bool, read: Inventory
) -> None:
    """Each content word has to stand in the cited sentence; no other field may be put so."""
    at = number_of("Dana", read)
    quote = {"quote": role, "sentence": at}
    made = grounded(
        read, jobs=[{"name": {"quote": "Dana Holt", "sentence": at}, "role": quote}], goods=[quote]
    )
    (job,) = made.facts["jobs"]
    assert job.role == (role if kept else None)
    literal = role in TEXT
    assert len(made.facts["goods"]) == literal
    assert len(made.findings) == (0 if literal else 1 if kept else 2)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("$4.2 million", "$4.2 million"),
        ("about $4.2 million for the “Birch” bakery", "$4.2 million"),
        ("$4,200,000", "$4.2 million"),  # the same value in another form
        ("$4.3 million", None),
        ("$9 million", None),
        ("$77 million", None),
        ("Alder Mills", None),
    ],
)
def test_a_figure_is_parsed_from_the_source(said: str, text: str | None, read: Inventory) -> None:
    price = grounded(read, price={"quote": said, "sentence": 1}).facts["price"]
    assert (price and price.text) == text
    if price:
        assert (price.value, price.currency, price.qualifier.value) == (4_200_000, "USD", "about")


def test_comments_and_teasers_are_zones_of_their_own(read: Inventory) -> None:
    """Else the tests above would show nothing."""
    zones = {words: read.document.sentences[number_of(words, read) - 1].zone for words in ("$9", "$77")}
    assert zones == {"$9": Zone.COMMENT, "$77": Zone.TEASER}


FIRST = {
    "buyer": {"quote": "Alder Mills", "sentence": 2},
    "price": {"quote": "$9 million", "sentence": 2},
    "loaves": {"quote": "1,200 loaves", "sentence": 2},
    "jobs": [],
    "goods": [{"quote": "rye, oat and barley", "sentence": 5}, {"quote": "spelt", "sentence": 5}],
}
SECOND = {**FIRST, "price": {"quote": "$4.2 million", "sentence": 2}}


def test_what_is_not_found_goes_back_once_and_nothing_else() -> None:
    """The re-ask names each claim that the text does not hold; what is missing then is left out with a finding."""
    script = [completion(json.dumps(said), prompt=2000) for said in (FIRST, SECOND)]
    with serve(script) as served:
        record = summarize(TEXT, schema=Deal, base_url=served.base_url, model="m")
        first, second = served.requests
    again = str(second["messages"][len(first["messages"]) :])
    assert "price: " in again
    assert "goods[0]: " in again
    assert not any(f'{quiet}: \\"' in again for quiet in ("buyer", "loaves", "goods[1]"))
    assert record.price.value == 4_200_000
    assert [phrase.text for phrase in record.goods] == ["spelt"]
    assert [finding.field for finding in record.findings if finding.code == "unsupported"] == ["goods[0]"]
    assert record.usage.requests == 2


def test_complaints_are_one_for_each_claim_that_was_left_out(read: Inventory) -> None:
    made = grounded(read, **FIRST)
    assert complaints(made.findings) == [
        f'{field}: "{words}" does not stand in the article. Quote the article letter for letter, or leave the fact out.'
        for field, words in (("price", "$9 million"), ("goods[0]", "rye, oat and barley"))
    ]
