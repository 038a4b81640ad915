"""Filled drafts against the source."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from summarizer.document import read_document
from summarizer.figures import Qualifier
from summarizer.grounding.facets import Grounded, complaints, ground
from summarizer.grounding.near import locate
from summarizer.inventory import Inventory, take_inventory
from summarizer.records.compile import Form, Question, questions, slots
from summarizer.records.deal import DealSummary
from summarizer.records.drafts import draft_model
from summarizer.records.values import Name, Phrase


def question(name: str, inventory: Inventory, schema: type[BaseModel] = DealSummary) -> Question:
    return next(q for slot in slots(schema) if slot.name == name for q in questions(slot, inventory))


def answer(name: str, value: Any, inventory: Inventory, schema: type[BaseModel] = DealSummary) -> Grounded:
    asked = question(name, inventory, schema)
    filled = value if asked.slot.form is Form.PIVOT else {name: value}
    return ground(asked, draft_model([asked]).model_validate(filled), inventory)


def test_a_figure_carries_its_value_hedge_and_sentence(inventory: Inventory) -> None:
    """A chosen figure is parsed, hedged as the text hedges it, and cites its sentence."""
    value = answer("amount", "€2.1 billion", inventory).value
    assert (str(value.value), value.currency, value.qualifier) == ("2100000000", "EUR", Qualifier.ABOUT)
    assert [span.text.split()[0] for span in value.evidence] == ["Norrlund"]
    for span in value.evidence:
        assert inventory.document.text[span.start : span.end] == span.text


def test_a_hedge_elsewhere_counts() -> None:
    """A value that the text states plainly once and hedged once is hedged."""
    text = "Orchard paid $40 million for Ash. The price is said to be about $40 million, and Ash is happy."
    inventory = take_inventory(read_document(text))
    value = answer("amount", "$40 million", inventory).value
    assert value.qualifier is Qualifier.ABOUT
    assert len(value.evidence) == 2


def test_a_name_that_the_text_lacks_is_left_out_and_reported(inventory: Inventory) -> None:
    """An invented party becomes a finding and never a fact."""
    grounded = answer(
        "parties", {"buyer_or_investor": "Norrlund and Globex Inc", "bought_or_invested_in": None}, inventory
    )
    assert [party.name for party in grounded.value] == ["Norrlund"]
    assert [(f.code, "Globex Inc" in f.message) for f in grounded.findings] == [("unsupported", True)]


def test_a_name_only_in_a_teaser_is_left_out(inventory: Inventory) -> None:
    """What stands only in a teaser is no evidence."""
    grounded = answer(
        "parties", {"buyer_or_investor": "Harrow Foods", "bought_or_invested_in": None}, inventory
    )
    assert grounded.value == ()


def test_people_who_only_speak_are_left_out() -> None:
    """A name in no sentence about a change of job is not a person of the deal."""
    text = "Orchard buys Ash for $4 million. Ann Vale was named president. Bo Lind of Harrow Bank called it cheap."
    inventory = take_inventory(read_document(text))
    people = [{"name_of_the_person": n, "job_so_far": None, "new_job": None} for n in ("Ann Vale", "Bo Lind")]
    grounded = answer("people", people, inventory)
    assert [person.name for person in grounded.value] == ["Ann Vale"]
    assert grounded.findings[0].field == "people[1]"


def test_words_in_another_order_are_given_back_as_the_source_has_them(inventory: Inventory) -> None:
    """A copied job that the text words differently is cut to the part that it has."""
    people = [
        {
            "name_of_the_person": "Mira Castellan",
            "job_so_far": "chief executive of Tidewell Ltd",
            "new_job": None,
        }
    ]
    assert answer("people", people, inventory).value[0].from_role == "chief executive of Tidewell"


class Copies(BaseModel):
    """Words of one's own choice."""

    names: tuple[Name, ...] = ()
    phrases: tuple[Phrase, ...] = ()


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("build a second plant", "build a second plant"),
        ("Build a second plant.", "build a second plant"),
        ("build the second plant", "build a second plant"),
        ("to build three more plants in Spain", None),
        ("€2.2 billion in Tidewell", None),
        ("invest about €2.7 billion in Tidewell", None),
        ("a 31% non-voting stake", None),
        ("a 30% non-voting stake", "a 30% non-voting stake"),
    ],
)
def test_a_phrase_is_the_sources_own_words_or_nothing(
    said: str, held: str | None, inventory: Inventory
) -> None:
    """A near copy is replaced by the source's words; one with another figure never is."""
    grounded = answer("phrases", [said], inventory, Copies)
    assert [phrase.text for phrase in grounded.value] == ([held] if held else [])
    for phrase in grounded.value:
        span = phrase.evidence[0]
        assert held is not None
        assert held in span.text


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Harbour Rail gets a 49% stake in the ferry line today.", "51% stake in the ferry line today"),
        ("Harbour Rail pays $14.3 billion for the ferry line now.", "$14.8 billion for the ferry line now"),
    ],
)
def test_another_figure_never_matches(text: str, claim: str) -> None:
    """The nearest figures of another aligner's defaults: 51% is not 49%, and $14.8 billion is not $14.3 billion."""
    assert locate(claim, take_inventory(read_document(text))) is None


def test_complaints_name_what_is_missing(inventory: Inventory) -> None:
    """A re-ask says which words of which field the article does not hold."""
    asked = [question("parties", inventory)]
    draft: Any = draft_model(asked).model_validate(
        {"buyer_or_investor": "Globex", "bought_or_invested_in": "Tidewell"}
    )
    said = complaints(asked, draft, inventory)
    assert len(said) == 1
    assert "parties[0].name" in said[0]
    assert "Globex" in said[0]


@pytest.mark.parametrize("word", ["None", "n/a", "not stated", "", "  ", "Unknown."])
def test_words_for_nothing_are_nothing(word: str, inventory: Inventory) -> None:
    """An answer that means no answer is neither a fact nor a finding."""
    assert answer("phrases", [word], inventory, Copies) == Grounded((), ())


def test_a_phrase_that_is_only_a_figure_says_nothing() -> None:
    """A sum is no use of the money; the words around it are."""
    text = "Orchard raised $40 million. The money will fund a mill for $9 million and pay off debt."
    inventory = take_inventory(read_document(text))
    grounded = answer("use_of_proceeds", ["$40 million", "fund a mill for $9 million"], inventory)
    assert [phrase.text for phrase in grounded.value] == ["fund a mill for $9 million"]
    assert "is only a figure" in grounded.findings[0].message
