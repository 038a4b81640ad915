"""From a schema and an article to the draft, for the deal and for schemas of one's own."""

from __future__ import annotations

import json
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from summarizer.errors import SchemaError
from summarizer.inventory import Inventory
from summarizer.schema.compile import (
    Form,
    draft_model,
    questions,
    record_type,
    schema_hash,
    settled_by_words,
    slots,
)
from summarizer.schema.deal import DealFacts, DealSummary
from summarizer.schema.values import Ask, Choice, Day, Money, Name, Percent, Phrase, Record, Value, Words


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
    told: str | None = None


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
    assert settled_by_words(by_name["valuation"]) == "€7 billion"


def test_a_draft_refuses_what_is_outside_its_closed_set(inventory: Inventory) -> None:
    """A figure that the article does not hold cannot be parsed into a draft, whatever the server let through."""
    draft = draft_model([q for q in ask(Own, inventory) if q.slot.name == "price"], cite=False)
    assert draft.model_validate({"price": None})
    with pytest.raises(ValidationError):
        draft.model_validate({"price": "€2.2 billion"})


@pytest.mark.parametrize("cite", [True, False])
@pytest.mark.parametrize("schema", [Own, DealSummary])
def test_the_schema_of_a_draft_is_flat(schema: type[BaseModel], cite: bool, inventory: Inventory) -> None:
    """No reference, default or const reaches a grammar engine, and each object's properties are all required."""
    sent = draft_model(ask(schema, inventory), cite=cite).model_json_schema()
    text = json.dumps(sent)
    for word in ("$ref", "$defs", '"default"', '"const"'):
        assert word not in text

    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for part in node.values():
                yield from objects(part)
        elif isinstance(node, list):
            for part in node:
                yield from objects(part)

    found = list(objects(sent))
    assert found
    for node in found:
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_citing_adds_sentence_numbers(inventory: Inventory) -> None:
    """Where the model can cite, an answer comes with the numbers of its sentences."""
    draft = draft_model([q for q in ask(Own, inventory) if q.slot.name == "who"], cite=True)
    filled: Any = draft.model_validate({"who": {"answer": "Tidewell", "sentences": [3]}})
    assert (filled.who.answer, filled.who.sentences) == ("Tidewell", [3])


def test_a_complaint_becomes_a_validation_error(inventory: Inventory) -> None:
    """What the source does not hold is the reason that a re-ask is given."""
    who = [q for q in ask(Own, inventory) if q.slot.name == "who"]
    draft = draft_model(who, cite=False, complain=lambda filled: [f"no {filled.who}"])
    with pytest.raises(ValidationError, match="no Nobody"):
        draft.model_validate({"who": "Nobody"})


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
