"""Changes of job that sentences tell: who, from which job, to which."""

from __future__ import annotations

import pytest

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.schema import deal_people
from summarizer.schema.deal_jobs import job_changes


def read(text: str) -> Inventory:
    return take_inventory(read_document(text))


def told(text: str) -> list[tuple[str, str, str | None, str | None]]:
    return [(one.name, one.change.value, one.from_role, one.to_role) for one in job_changes(read(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Vale, 64, relinquishes the finance director's post and becomes honorary president.", ("Ann Vale", "appointed", "finance director", "honorary president")),
        ("Deputy Director Ann Vale is moving to Pell Quay as head of its rail arm.", ("Ann Vale", "moves", "Deputy Director", "head of its rail arm")),
        ("Ann Vale, a vice-president in Elm’s paper division, is switching to Ash to be its treasurer.", ("Ann Vale", "moves", "vice-president", "treasurer")),
        ("Ann Vale, who looks after purchasing, stays in that post.", ("Ann Vale", "stays", "looks after purchasing", "looks after purchasing")),
        ("Ann Vale, Ash's general manager, will leave as soon as the papers are signed.", ("Ann Vale", "departs", "general manager", None)),
        ("Orchard has poached Ann Vale from Elm, where she headed sales, to be chief commercial officer.", ("Ann Vale", "moves", "headed sales", "chief commercial officer")),
        ("Orchard partner Ann Vale takes up a seat on the board.", ("Ann Vale", "joins_board", None, "seat on the board")),
        ("Ann Vale, who negotiated the sale as Elm's head of planning, will depart on 3 May.", ("Ann Vale", "departs", "head of planning", None)),
        ("Managing director Ann Vale, hitherto in charge, steps up as executive chair.", ("Ann Vale", "appointed", "Managing director", "executive chair")),
        ("Chief executive Ann Vale was to have retired and is now staying until May.", ("Ann Vale", "stays", "chief executive", "chief executive")),
        ("Ann Vale, the founder of Ash, is leaving to run Elm's paper arm from 1 May.", ("Ann Vale", "moves", "founder of Ash", "run Elm's paper arm")),
        ("Ann Vale, hired from Elm to run the coal arm, leaves in May.", ("Ann Vale", "departs", "run the coal arm", None)),
    ],
)  # fmt: skip
def test_a_sentence_tells_who_changes_from_which_job_to_which(
    text: str, expected: tuple[str, str, str | None, str | None]
) -> None:
    """A name with its title and asides is the subject of verbs of leaving, coming and staying."""
    assert [tuple(part.lower() if part else part for part in one) for one in told(text)] == [
        tuple(part.lower() if part else part for part in expected)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Managing director Ann Vale steps down. In her place comes Bo Hill, until now sales chief at Elm.", ("Bo Hill", "moves", "sales chief", "managing director")),
        ("Her successor as head of Ash is Bo Hill, so far finance chief.", ("Bo Hill", "appointed", "finance chief", "head of Ash")),
        ("We pass the baton to Bo Hill, our head of design, who will run Ash.", ("Bo Hill", "appointed", "head of design", "run Ash")),
        ("The finance chief makes way for Ms Bo Hill, so far treasurer of Ash.", ("Bo Hill", "moves", "treasurer of Ash", None)),
        ("The job goes to Bo Hill, now treasurer of Ash.", ("Bo Hill", "moves", "treasurer of Ash", None)),
    ],
)  # fmt: skip
def test_whoever_comes_is_named_behind_the_verb(
    text: str, expected: tuple[str, str, str | None, str | None]
) -> None:
    """In the order of a handover the old job is that of the one who goes."""
    name, change, old, new = told(text)[-1]
    assert (name, change, old, new.lower() if new == "Managing director" else new) == expected


def test_whoever_hands_over_goes_on_behind_the_other_ones_aside() -> None:
    text = "“It is time,” said founder Ann Vale. She will hand the CEO job to Bo Hill, until May sales chief at Elm, and become chairwoman."
    assert told(text) == [
        ("Ann Vale", "appointed", "CEO", "chairwoman"),
        ("Bo Hill", "moves", "sales chief", "CEO"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "“It fits,” said Ann Vale, chief executive of Ash.",
        "Ann Vale, chief executive of Ash, remains confident that the sale will go through.",
        "Ann Vale, the finance chief, leaves no doubt about it.",
        "Managing director Ann Vale handed the regulator a letter.",
        "Chief executive Ann Vale will not step down.",
        "Elm is handing control of Ash to Meridian Pantry, an old partner.",
        "Ann Vale, a partner at Elm, joined the board in 2019.",
        "The round was led by Baobab Crest, a partner of Ash.",
        "Chief executive Ann Vale moved the plant to a new site.",
    ],
)
def test_who_only_speaks_or_acts_changes_no_job(text: str) -> None:
    """A title beside a name is no change, nor is a verb of change that is about something else."""
    assert told(text) == []


def test_what_sentences_tell_stands_in_the_record_without_a_model() -> None:
    """People nobody named, their jobs and their seats; each with the sentences that tell them."""
    text = "Ash is sold. Managing director Ann Vale clears her desk but keeps a chair on the board. Into her place steps Bo Hill, until now sales chief at Elm."
    found = deal_people.refine_people(read(text), (), {})
    assert [(p.name, p.change.value, p.to_role) for p in found] == [
        ("Ann Vale", "stays", "chair on the board"),
        ("Ann Vale", "departs", None),
        ("Bo Hill", "moves", "Managing director"),
    ]
    assert ["Ann Vale" in span.text or "Bo Hill" in span.text for span in found[2].evidence] == [True, True]


def test_an_owner_before_a_name_and_a_round_are_no_part_of_one() -> None:
    inventory = read(
        "Elm's Ann Vale will join the board. Its Series B left the fund cold, and Series B left it so."
    )
    assert deal_people.named_with_a_change(inventory) == ["Ann Vale"]
