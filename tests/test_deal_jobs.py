"""Changes of job that sentences tell: who, from which job, to which."""

from __future__ import annotations

import time

import pytest

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.records import deal_people
from summarizer.records.deal_jobs import job_changes


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
        ("Founder Ann Vale is parting company with the firm she built.", ("Ann Vale", "departs", "founder", None)),
        ("Finance chief Ann Vale will not be making the move.", ("Ann Vale", "departs", "finance chief", None)),
        ("Ash's boss, Ann Vale, was shown the door in May.", ("Ann Vale", "departs", "boss", None)),
        ("Gone is founder Ann Vale.", ("Ann Vale", "departs", "founder", None)),
        ("Managing director Ann Vale cashes in her shares and leaves.", ("Ann Vale", "departs", "managing director", None)),
        ("Ann Vale carries on as managing director under Elm.", ("Ann Vale", "stays", "managing director", "managing director")),
        ("Ash MD Ann Vale has agreed to stay for three years.", ("Ann Vale", "stays", "md", "md")),
        ("Ann Vale, Ash's boss, is going nowhere.", ("Ann Vale", "stays", "boss", "boss")),
        ("Our head of sales, Ann Vale, becomes a director there.", ("Ann Vale", "moves", "head of sales", "director")),
        ("Ann Vale, who headed the mill, will be in charge of the brand from now on.", ("Ann Vale", "appointed", "headed the mill", "in charge of the brand")),
        ("Ann Vale, Ash's sales director, leads the team and becomes chief executive.", ("Ann Vale", "appointed", "sales director", "chief executive")),
        ("Ann Vale, who ran a mine at Elm, flies south to become general manager.", ("Ann Vale", "moves", "ran a mine at elm", "general manager")),
        ("Ann Vale steps up from deputy to chief executive.", ("Ann Vale", "appointed", None, "chief executive")),
        ("Ann Vale, the founder and chief executive of Ash, is stepping down to contribute to Elm's research.", ("Ann Vale", "moves", "founder and chief executive of ash", None)),
        ("Managing director Ann Vale goes on as chairwoman.", ("Ann Vale", "stays", "chairwoman", "chairwoman")),
        ("The next chief executive will be Ann Vale, so far head of retail.", ("Ann Vale", "appointed", "head of retail", "chief executive")),
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
        ("Ann Vale gives up the chair of Ash, which goes to Bo Hill of Elm.", ("Bo Hill", "appointed", None, "chair of Ash")),
        ("Managing director Ann Vale retires. The job goes to somebody from outside: Bo Hill, so far sales chief.", ("Bo Hill", "appointed", "sales chief", "managing director")),
        ("Taking over is Bo Hill, so far deputy chief.", ("Bo Hill", "appointed", "deputy chief", None)),
        ("Chief executive Ann Vale leaves, and so will finance director Bo Hill.", ("Bo Hill", "departs", "finance director", None)),
        ("Elm named Ann Vale finance chief, replacing Bo Hill.", ("Bo Hill", "departs", "finance chief", None)),
        ("Ann Vale will serve as executive chair, and Bo Hill as chief executive.", ("Bo Hill", "appointed", None, "chief executive")),
        ("Chairman Ann Vale and treasurer Bo Hill will stay on.", ("Bo Hill", "stays", "treasurer", "treasurer")),
        ("Bo Hill is chief executive of Ash. Hill will leave when the sale closes.", ("Bo Hill", "departs", "chief executive of Ash", None)),
        ("Bo Hill has been chief executive since May. She will retire in June.", ("Bo Hill", "departs", "chief executive", None)),
    ],
)  # fmt: skip
def test_whoever_comes_is_named_behind_the_verb(
    text: str, expected: tuple[str, str, str | None, str | None]
) -> None:
    """In the order of a handover the old job is that of the one who goes."""
    name, change, old, new = told(text)[-1]
    assert (name, change, old, new.lower() if new == "Managing director" else new) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ash named Ann Vale finance chief; she was previously head of sales at Elm.", ("moves", "head of sales", "finance chief")),
        ("Ash has hired Ann Vale as finance chief. She joins from Elm, where she was head of sales.", ("moves", "head of sales", "finance chief")),
        ("Ash named Ann Vale finance chief. She was formerly head of sales.", ("appointed", "head of sales", "finance chief")),
        ("Ann Vale, Elm's finance chief, joins Ash's executive committee.", ("appointed", "finance chief", "executive committee")),
        ("Running it will be Ann Vale, at present Elm's finance chief.", ("moves", "finance chief", None)),
    ],
)  # fmt: skip
def test_the_job_before_may_be_told_behind(text: str, expected: tuple[str, str | None, str | None]) -> None:
    assert [one[1:] for one in told(text)] == [expected]


def test_a_successor_gets_the_job_and_whoever_is_succeeded_loses_it() -> None:
    text = (
        "Managing director Bo Hill will step down. His successor will be Ann Vale, now head of sales at Elm."
    )
    assert told(text)[-1] == ("Ann Vale", "moves", "head of sales", "Managing director")
    text = "Ann Vale, chief of the shipbuilder Torn Yards, has been appointed chief executive. She succeeds Bo Hill, who is retiring."
    assert [(one[0], one[1]) for one in told(text)] == [("Ann Vale", "appointed"), ("Bo Hill", "departs")]


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
        "Chief executive Ann Vale said the firm had lost clients and left the market.",
        "Ann Vale was chief executive until 2019 and left after a dispute.",
        "Chief executive Ann Vale leads the firm, which is based in Leeds and stays independent.",
        "“We are glad,” said Ann Vale, chief executive of Ash, who joined in 2010.",
        "Ann Vale is chief executive of Ash. Vale Foods will leave the market.",
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


def test_a_letter_is_by_whoever_signs_it() -> None:
    """ "I" is the name below it, where there is one."""
    letter = "Elm has bought us.\n\nI become head of design at Elm.\n\nThank you all.\n\nAnn Vale"
    assert told(letter) == [("Ann Vale", "moves", None, "head of design")]
    assert told("I become head of design at Elm.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Elm should replace the board, said Ann Vale of Oak Securities.",
        "Analyst Ann Vale said Elm would hire a new chief executive.",
        "“The board stays and two directors leave,” said Ann Vale.",
        "Engineers join the team, reporting to Ann Vale.",
        "Ann Vale, who left Elm in 2019, heads the union.",
    ],
)
def test_a_person_whom_a_model_names_needs_words_of_change_of_their_own(text: str) -> None:
    """Who speaks of others' jobs, or is spoken to, keeps theirs."""
    assert deal_people.refine_people(read(text), (deal_people.Person(name="Ann Vale"),), {}) == ()


def test_who_tells_of_their_own_change_changes() -> None:
    for text in (
        "Ann Vale said she will step down as chief executive.",
        "“I am proud,” said Ann Vale, who will step down in May.",
    ):
        [found] = deal_people.refine_people(read(text), (deal_people.Person(name="Ann Vale"),), {})
        assert found.change.value == "departs"


@pytest.mark.parametrize(
    "piece", ["Ann Vale and Bo Hill, ", "the new head of ", "will be in charge of ", "said “Ann Vale” who "]
)
def test_long_sentences_of_names_and_jobs_take_little_time(piece: str) -> None:
    begun = time.process_time()
    deal_people.refine_people(read(piece * 400), (deal_people.Person(name="Ann Vale"),), {})
    assert time.process_time() - begun < 2
