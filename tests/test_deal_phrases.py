"""What the money is for and each condition, cut out of sentences by code."""

from __future__ import annotations

import time
from typing import Any

import pytest

from summarizer.document import read_document
from summarizer.inventory import take_inventory
from summarizer.records.deal_phrases import refine_conditions, use_of_proceeds
from summarizer.records.values import UNDECIDED, Phrase


def purposes(text: str) -> Any:
    found = use_of_proceeds(take_inventory(read_document(text)), {})
    return found if found is UNDECIDED else [phrase.text for phrase in found]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Ash will use the proceeds to repay debt and fund growth.", ["repay debt", "fund growth"]),
        ("Ash plans to spend the money on hiring, boats and a shed.", ["hiring", "boats", "a shed"]),
        ("The funds will be used to enter Peru, the company said.", ["enter Peru"]),
        ("The proceeds of the sale will be returned to shareholders.", ["shareholders"]),
        ("The cash is earmarked for kilns, the rest for research.", ["kilns", "research"]),
        (
            "The money goes two ways: six hires, mostly welders; and a crane.",
            ["six hires, mostly welders", "a crane"],
        ),
        ("The new money will help Ash open 20 stores.", ["open 20 stores"]),
        ("With the money, Ash plans to open a yard in Lima.", ["open a yard in Lima"]),
        (
            "What is the money for? Two things: paying off a loan, and moving house.",
            ["paying off a loan", "moving house"],
        ),
        ("Ash means to spend the upfront payment on its second trial.", ["its second trial"]),
        (
            "About two-thirds will go into a mill, and the rest is set aside for a laboratory.",
            ["a mill", "a laboratory"],
        ),
        ("None of the proceeds will go to the company.", UNDECIDED),
        ("It is unclear whether the proceeds will be used to repay debt.", UNDECIDED),
        ("What for: Orchard gets its first dock in Chile.", UNDECIDED),
    ],
)
def test_plain_words_tell_what_the_money_is_for(told: str, expected: Any) -> None:
    """Each purpose is a phrase of its own; what is denied or open is left to the model."""
    assert purposes(f"Orchard agreed to buy Ash for $5 million. {told}") == expected


def test_a_heading_speaks_for_its_bullets() -> None:
    text = "Orchard invests $5 million in Ash.\n\nWhere the money goes:\n\n- a second kiln\n- six welders\n"
    assert purposes(text) == ["a second kiln", "six welders"]


def test_the_purpose_of_a_round_counts_where_nothing_else_is_told() -> None:
    """The body tells it again in its own words."""
    said = "Ash raised $5 million to build a kiln."
    assert purposes(said) == ["build a kiln"]
    assert purposes(f"{said} It will use the money to open a plant in Lyon.") == ["open a plant in Lyon"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "It is subject to approval by the ministry and to the consent of Ash's lenders.",
            ["It is subject to approval by the ministry", "to the consent of Ash's lenders."],
        ),
        (
            "Still to do: Lima must waive its right; the banks have to consent to the sale.",
            ["Still to do: Lima must waive its right", "the banks have to consent to the sale."],
        ),
        ("The deal needs approval and is expected to close in May.", None),
        ("It goes to a vote in May, when two-thirds of the votes must be in favour.", None),
        (
            "What is left is clearance from the cartel office and the approval of the central bank.",
            [
                "What is left is clearance from the cartel office",
                "the approval of the central bank.",
            ],
        ),
        (
            "Before it can start, it needs a nod from the ministry and a works permit from the town.",
            ["Before it can start, it needs a nod from the ministry", "a works permit from the town."],
        ),
        (
            "Half of the votes at a meeting, planned for May, must be in favour, and the court has to approve it.",
            [
                "Half of the votes at a meeting, planned for May, must be in favour",
                "the court has to approve it.",
            ],
        ),
    ],
)
def test_each_condition_of_a_sentence_is_told_apart(sentence: str, expected: list[str] | None) -> None:
    """A clause that tells when, or what is hoped for, is no condition of its own."""
    inventory = take_inventory(read_document(sentence))
    whole = Phrase(text=sentence, evidence=inventory.cite(inventory.sentences[:1]))
    found = refine_conditions(inventory, (whole,), {})
    assert [condition.text for condition in found] == (expected or [sentence])


@pytest.mark.parametrize(
    "words", ["the money will go to a, ", "raised $5 million to build and ", "the proceeds of the "]
)
def test_an_endless_line_is_cut_in_bearable_time(words: str) -> None:
    begun = time.process_time()
    purposes(words * 1500)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("It needs a nod from the ministry and a works permit from the port.", 2),
        ("It awaits clearance from the watchdog and the approval of the lenders.", 2),
        ("Holders have to vote for it at a meeting, planned for May, and a court has to approve it.", 2),
        ("It needs the approval of the boards of Orchard and Ash.", 1),
    ],
)
def test_consents_of_several_are_told_apart(sentence: str, parts: int) -> None:
    inventory = take_inventory(read_document(f"Orchard buys Ash. {sentence}"))
    whole = Phrase(text=sentence, evidence=inventory.cite([inventory.sentences[-1]]))
    assert len(refine_conditions(inventory, [whole], {})) == parts


def test_a_consent_that_was_given_is_no_condition() -> None:
    inventory = take_inventory(read_document("Orchard buys Ash. The watchdog gave its approval in May."))
    given = Phrase(text=inventory.sentences[-1].text, evidence=inventory.cite([inventory.sentences[-1]]))
    assert refine_conditions(inventory, [given], {}) == ()
