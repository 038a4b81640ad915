"""Narrow questions: from a schema and an article to the draft, and from the filled draft to grounded values."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from summarizer.asking.identity import schema_hash
from summarizer.asking.slots import Form, slots
from summarizer.document import read_document
from summarizer.errors import SchemaError
from summarizer.figures import Qualifier
from summarizer.grounding.near import locate
from summarizer.inventory import Inventory, take_inventory
from summarizer.plans.narrow import Question, draft_model, questions
from summarizer.plans.narrow_ground import Grounded, complaints, ground
from summarizer.records.deal import DealFacts, DealSummary
from summarizer.records.drafts import doubting
from summarizer.records.values import (
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
    record_type,
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


def ask(schema: type[BaseModel], inventory: Inventory, *names: str) -> list[Question]:
    return [
        question
        for slot in slots(schema)
        if not names or slot.name in names
        for question in questions(slot, inventory)
    ]


def answer(schema: type[BaseModel], inventory: Inventory, name: str, value: Any) -> Grounded:
    (asked,) = ask(schema, inventory, name)
    filled = value if asked.slot.form is Form.PIVOT else {name: value}
    return ground(asked, draft_model([asked]).model_validate(filled), inventory)


def test_every_value_type_has_its_form() -> None:
    assert {slot.name: slot.form for slot in slots(Own)} == {
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


class Bare(Value):
    price: Money | None = None


class Bares(BaseModel):
    bares: list[Bare] = []


def odd(annotation: Any) -> type[BaseModel]:
    return type("Odd", (BaseModel,), {"__annotations__": {"thing": annotation}, "__module__": __name__})


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        *[(odd(one), r"Odd\.thing.*Money") for one in (int, dict[str, str], list[str], BaseModel, int | str)],
        (Bares, "Words"),
        (odd("Name | Unheard"), r"Odd has an annotation that names 'Unheard'.*before the class"),
        (BaseModel, "no fields"),
    ],
)
def test_a_schema_that_cannot_be_asked_is_refused(schema: type[BaseModel], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        slots(schema)


def test_a_closed_set_holds_the_figures_of_the_text(inventory: Inventory) -> None:
    """A money field may be any money figure of the body, and none of a teaser."""
    (price,) = ask(Own, inventory, "price")
    assert list(price.options) == [
        "€2.1 billion",
        "€7 billion",
        "€150 million",
        "€900 million",
        "€310 million",
    ]
    with pytest.raises(ValidationError):
        draft_model([price]).model_validate({"price": "€2.2 billion"})


def test_a_plain_schema_gets_what_every_record_carries() -> None:
    made = record_type(Own)
    assert issubclass(made, Own)
    assert issubclass(made, Record)
    assert record_type(DealSummary) is DealSummary
    assert list(DealSummary.model_fields) == [*DealFacts.model_fields, *Record.model_fields]


def test_the_hash_tells_a_changed_question() -> None:
    def asking(question: str) -> type[BaseModel]:
        annotation = Annotated[Name | None, Field(description=question)]
        return type("One", (BaseModel,), {"__annotations__": {"who": annotation}, "who": None})

    assert schema_hash(asking("Who pays?")) != schema_hash(asking("Who sells?"))
    assert schema_hash(asking("Who pays?")) == schema_hash(asking("Who pays?"))


@pytest.mark.parametrize("schema", [Own, DealSummary])
def test_the_schema_of_a_draft_is_flat(schema: type[BaseModel], inventory: Inventory) -> None:
    """No reference, default or const reaches a grammar engine, and each object's properties are all required."""
    sent = draft_model(ask(schema, inventory)).model_json_schema()
    assert not any(word in json.dumps(sent) for word in ("$ref", "$defs", '"default"', '"const"'))

    def objects(node: Any) -> Any:
        for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from objects(part)
        if isinstance(node, dict) and node.get("type") == "object":
            yield node

    found = list(objects(sent))
    assert found
    for node in found:
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_a_complaint_becomes_a_validation_error(inventory: Inventory) -> None:
    draft = doubting(draft_model(ask(Own, inventory, "who")), lambda filled: [f"no {filled.who}"])
    with pytest.raises(ValidationError, match="no Nobody"):
        draft.model_validate({"who": "Nobody"})


def test_a_figure_carries_its_value_hedge_and_sentence(inventory: Inventory) -> None:
    value = answer(Own, inventory, "price", "€2.1 billion").value
    assert (str(value.value), value.currency, value.qualifier) == ("2100000000", "EUR", Qualifier.ABOUT)
    for span in value.evidence:
        assert inventory.document.text[span.start : span.end] == span.text


def test_names_that_the_text_lacks_are_left_out_and_reported(inventory: Inventory) -> None:
    said = {"red": "Norrlund and Globex Inc", "as_blue_as_the_sea": "Harrow Foods"}
    grounded = answer(Own, inventory, "shops", said)
    assert [shop.name for shop in grounded.value] == ["Norrlund"]
    assert ["Globex Inc" in f.message for f in grounded.findings] == [True, False]
    assert {f.code for f in grounded.findings} == {"unsupported"}


def test_an_item_has_its_figures_near_its_name(inventory: Inventory) -> None:
    rows = [
        {"name": "Tidewell", "price": "€310 million", "again": "yes"},
        {"name": "Jonas Pell", "price": "€2.1 billion", "again": "no"},
    ]
    grounded = answer(Own, inventory, "visits", rows)
    assert [(one.name, getattr(one.price, "text", None), one.again) for one in grounded.value] == [
        ("Tidewell", "€310 million", True),
        ("Jonas Pell", None, False),
    ]
    assert [finding.field for finding in grounded.findings] == ["visits[1].price"]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("build a second plant", "build a second plant"),
        ("Build a second plant.", "build a second plant"),
        ("build the second plant", "build a second plant"),
        ("to build three more plants in Spain", None),
        ("invest about €2.7 billion in Tidewell", None),
        ("a 31% non-voting stake", None),
        ("a 30% non-voting stake", "a 30% non-voting stake"),
        ("€310 million", None),
        *[(nothing, "") for nothing in ("None", "n/a", "not stated", "  ", "Unknown.")],
    ],
)
def test_a_phrase_is_the_sources_own_words_or_nothing(
    said: str, held: str | None, inventory: Inventory
) -> None:
    """A near copy is replaced by the source's words; one with another figure, or a figure alone, is not kept."""
    grounded = answer(Own, inventory, "why", [said])
    assert [phrase.text for phrase in grounded.value] == ([held] if held else [])
    assert bool(grounded.findings) is (held is None)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Harbour Rail gets a 49% stake in the ferry line today.", "51% stake in the ferry line today"),
        ("Harbour Rail pays $14.3 billion for the ferry line now.", "$14.8 billion for the ferry line now"),
    ],
)
def test_another_figure_never_matches(text: str, claim: str) -> None:
    assert locate(claim, take_inventory(read_document(text))) is None


def test_complaints_name_what_is_missing(inventory: Inventory) -> None:
    asked = ask(Own, inventory, "who")
    (said,) = complaints(asked, draft_model(asked).model_validate({"who": "Globex"}), inventory)
    assert "who" in said
    assert "Globex" in said
