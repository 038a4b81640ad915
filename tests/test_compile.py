"""From a schema and an article to the draft, for the deal and for schemas of one's own."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from summarizer.asking.identity import schema_hash
from summarizer.document import read_document
from summarizer.errors import SchemaError
from summarizer.figures import Kind
from summarizer.inventory import Inventory, take_inventory
from summarizer.records.compile import (
    Form,
    questions,
    record_type,
    settled_by_words,
    slots,
)
from summarizer.records.deal import DealFacts, DealSummary
from summarizer.records.values import (
    Ask,
    Choice,
    Day,
    Money,
    Name,
    Percent,
    Phrase,
    Prose,
    Record,
    Value,
    Words,
)


class Colour(Choice):
    RED = "red"
    BLUE = "blue", "as blue as the sea"


class Shop(Value):
    name: Words
    colour: Colour


class Visit(Value):
    name: Words
    price: Money | None = None
    again: bool = False


class Own(BaseModel):
    price: Money | None = None
    share: Percent | None = None
    day: Day | None = None
    who: Name | None = None
    why: tuple[Phrase, ...] = ()
    prices: list[Money] = []
    colour: Colour | None = None
    open: bool = False
    shops: list[Shop] = []
    visits: list[Visit] = []
    told: Prose | None = None


def names(schema: type[BaseModel]) -> dict[str, Form]:
    return {slot.name: slot.form for slot in slots(schema)}


def ask(schema: type[BaseModel], inventory: Inventory) -> list[Any]:
    return [question for slot in slots(schema) for question in questions(slot, inventory)]


def test_every_value_type_has_its_form() -> None:
    """A schema of one's own may use each value type, alone, in lists and in items."""
    assert names(Own) == {
        "price": Form.FIGURE,
        "share": Form.FIGURE,
        "day": Form.FIGURE,
        "who": Form.WORDS,
        "why": Form.WORDS,
        "prices": Form.FIGURE,
        "colour": Form.CHOICE,
        "open": Form.YES_NO,
        "shops": Form.PIVOT,
        "visits": Form.ITEMS,
        "told": Form.PROSE,
    }


@pytest.mark.parametrize("annotation", [int, float, dict[str, str], list[str], BaseModel, int | str])
def test_what_is_no_value_type_is_refused_by_name(annotation: Any) -> None:
    """The error names the field and says what may stand there."""
    schema = type("Odd", (BaseModel,), {"__annotations__": {"thing": annotation}})
    with pytest.raises(SchemaError, match=r"Odd\.thing.*Money"):
        slots(schema)


def test_an_item_without_words_is_refused() -> None:
    """An item that nothing names cannot be found in a text."""

    class Bare(Value):
        price: Money | None = None

    class Odd(BaseModel):
        bares: list[Bare] = []

    with pytest.raises(SchemaError, match="Words"):
        slots(Odd)


def test_an_annotation_that_nothing_defines_is_refused() -> None:
    """A class inside a function may name what only that function knows, or what comes later."""
    later = type(
        "Later", (BaseModel,), {"__annotations__": {"thing": "Name | Unheard"}, "__module__": __name__}
    )
    with pytest.raises(SchemaError, match=r"Later has an annotation that names 'Unheard'.*before the class"):
        slots(later)


def test_an_empty_schema_is_refused() -> None:
    """There is nothing to ask."""
    with pytest.raises(SchemaError, match="no fields"):
        slots(BaseModel)


def test_a_closed_set_holds_the_figures_of_the_text(inventory: Inventory) -> None:
    """A money field of a schema of one's own may be any money figure of the body, and none of a teaser."""
    price = next(q for q in ask(Own, inventory) if q.slot.name == "price")
    assert list(price.options) == [
        "€2.1 billion",
        "€7 billion",
        "€150 million",
        "€900 million",
        "€310 million",
    ]


def test_roles_narrow_a_closed_set(inventory: Inventory) -> None:
    """The deal's amount may not be a valuation, a revenue, or a figure of an earlier round."""
    by_name = {q.slot.name: q for q in ask(DealSummary, inventory)}
    assert list(by_name["amount"].options) == ["€2.1 billion"]
    assert settled_by_words(by_name["valuation"], inventory) == "€7 billion"


class Fee(Money):
    """A sum, or the words that keep it back."""

    kinds = (Kind.MONEY, Kind.UNDISCLOSED)


class Bill(BaseModel):
    """A figure that a text may withhold."""

    fee: Annotated[Fee | None, Ask(roles=("price",))] = None


class Loan(BaseModel):
    """A schema of one's own, with roles for its figures."""

    sum: Annotated[Money | None, Ask(roles=("debt",))] = None


def settled(text: str, schema: type[BaseModel], name: str) -> str | None:
    """What the words of a text settle of one figure."""
    read = take_inventory(read_document(text))
    (asked,) = (q for slot in slots(schema) if slot.name == name for q in questions(slot, read))
    return settled_by_words(asked, read)


@pytest.mark.parametrize(
    ("schema", "name", "text", "label"),
    [
        (Loan, "sum", "Orchard took a loan of $5 million. A loan of $9 million follows.", "$5 million"),
        (Loan, "sum", "It rained. It snowed. It hailed. It thawed. Orchard took a loan of $5 million.", "$5 million"),
        (Loan, "sum", "It rained. It snowed. It hailed. It thawed. Orchard took a loan of $5 million and a loan of $9 million.", "$5 million"),
        (DealSummary, "stake", "It rained. It snowed. It hailed. It thawed. Orchard buys a stake of 5%. It buys a stake of 9%.", None),
        (DealSummary, "amount", "It rained. It snowed. It hailed. It thawed. Orchard pays $20 a share. It had bid $18 a share.", None),
        (Loan, "sum", "It rained. It snowed. It hailed. It thawed. Orchard has loans of $5 million. They are loans of $5 mln.", "$5 million"),
        (Loan, "sum", "It rained. It snowed. It hailed. It thawed. Orchard has a loan of £5 million. That is a loan of $6 million.", "£5 million"),
        (Loan, "sum", "Orchard took a loan of about $5 million. The loan is of $4.8 million.", "$4.8 million"),
        (Loan, "sum", "Orchard plans $5 million. Ash hopes for $9 million.", None),
        (Bill, "fee", "Orchard buys Ash. Terms were not disclosed. It has $9 million.", "not disclosed"),
        (Bill, "fee", "Orchard buys Ash for $7 million. Other terms were not disclosed.", "$7 million"),
        (Bill, "fee", "Orchard buys Ash. It has $9 million.", None),
        (DealSummary, "amount", "Orchard pays $20 a share, and $7 million in all to buy Ash.", "$7 million"),
        (DealSummary, "amount", "Orchard pays $20 a share to buy Ash.", "$20 a share"),
        (DealSummary, "amount", "It rained. It snowed. It hailed. It thawed. Orchard pays $20 a share. It buys Ash for $7 million.", "$7 million"),
        (DealSummary, "amount", "Orchard and Elm pay $5 million each. The purchase price is $10 million.", "$10 million"),
        (DealSummary, "amount", "Orchard paid $7 million for Ash. It previously paid $9 million for Elm.", "$7 million"),
        (DealSummary, "stake", "Orchard buys a stake of 49% in Ash. It had sold a stake of 12%.", "49%"),
        (DealSummary, "valuation", "The deal values Ash at $29 billion. In May it was valued at $14 billion.", "$29 billion"),
    ],
)  # fmt: skip
def test_words_settle_the_first_figure_of_the_role_that_a_text_leads_with(
    schema: type[BaseModel], name: str, text: str, label: str | None
) -> None:
    """In any schema that names roles: a sum before a price per share, and in its finest form."""
    assert settled(text, schema, name) == label


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("stake", "Together they would have 29% of the market."),
        ("valuation", "Orchard plans $5 million."),
        ("valuation", "An expert puts the value of the shares at between $7 and $8 each."),
    ],
)
def test_a_figure_is_not_offered_for_what_no_word_makes_it(name: str, text: str) -> None:
    """A small model takes whatever share or sum is offered; nor is what is paid for each a value of the whole."""
    read = take_inventory(read_document(f"Orchard buys Ash. {text}"))
    slot = next(slot for slot in slots(DealSummary) if slot.name == name)
    assert questions(slot, read) == ()


def test_a_field_without_its_cue_is_not_asked(inventory: Inventory) -> None:
    """A cue that no sentence matches spares the question."""
    import re

    class Cued(BaseModel):
        storm: Annotated[tuple[Phrase, ...], Ask(cue=re.compile("hurricane"))] = ()

    assert ask(Cued, inventory) == []


def test_a_plain_schema_gets_what_every_record_carries() -> None:
    """The record of a plain schema is an instance of it, with findings, certainty, source and so on behind its fields."""
    made = record_type(Own)
    assert issubclass(made, Own)
    assert issubclass(made, Record)
    assert list(made.model_fields)[-5:] == ["findings", "certainty", "source", "provenance", "usage"]
    assert record_type(DealSummary) is DealSummary
    assert list(DealSummary.model_fields) == [*DealFacts.model_fields, *Record.model_fields]


def test_the_hash_tells_a_changed_question() -> None:
    """Another wording is another schema hash."""

    class One(BaseModel):
        who: Annotated[Name | None, Field(description="Who pays?")] = None

    class Two(BaseModel):
        who: Annotated[Name | None, Field(description="Who sells?")] = None

    assert schema_hash(One) != schema_hash(Two)
    assert schema_hash(One) == schema_hash(One)
