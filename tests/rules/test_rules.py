"""Each rule of the tables holds for its own examples, and the hints that the rules propose."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.policy import hints
from summarizer.rules import engine, figures, lists, parties, people
from summarizer.rules.names import names

TABLES = ("deal", "figures", "lists", "parties")
ROLES = {"Orchard": "acquirer", "Ash": "target", "Elm": "seller"}
EXAMPLES = [
    pytest.param(rule, text, holds, id=f"{rule.id}-{'yes' if holds else 'no'}-{number}")
    for name in TABLES
    for rule in engine.table(name)
    for holds in (True, False)
    for number, text in enumerate(rule.yes if holds else rule.no)
]


@pytest.mark.parametrize(("rule", "text", "holds"), EXAMPLES)
def test_a_rule_tells_its_value_of_its_examples_and_of_no_others(
    rule: engine.Rule, text: str, holds: bool
) -> None:
    assert tells(rule, text) is holds


def tells(rule: engine.Rule, text: str) -> bool:
    """Whether a rule tells its value of an example, by its kind."""
    if rule.where == "figure" and rule.field == "earlier":
        return any(map(rule.search, [engine.lowered(text)]))
    if rule.where == "figure":
        read = take_inventory(read_document(text))
        return any(figure.role == rule.value for figure in figures.told_figures(read))
    if rule.where == "shape":
        told = parties.parties_told([text], ROLES)
        return bool(told) and all(ROLES[name] == role for role, of in told.items() for name in of)
    return rule.holds([engine.lowered(sentence) for sentence in text.split("\n")])


def test_every_rule_has_examples_and_its_own_name() -> None:
    rules = [rule for name in TABLES for rule in engine.table(name)]
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.yes and rule.no for rule in rules)


def read(text: str) -> Inventory:
    return take_inventory(read_document(text))


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Orchard buys Ash. It pays $20 a share, and $7 million in all.", "amount", "$7 million"),
        ("Orchard pays $20 a share to buy Ash.", "amount", "$20 a share"),
        ("Orchard paid $7 million for Ash. It previously paid $9 million for Elm.", "amount", "$7 million"),
        (
            "Orchard buys Ash. Terms were not disclosed. It has sales of $9 million.",
            "amount",
            "not disclosed",
        ),
        ("Orchard buys Ash. It has sales of $9 million.", "amount", None),
        ("Orchard buys a stake of 49% in Ash. Sales rose 12%.", "stake", "49%"),
        ("Orchard buys Ash. The deal values it at $29 million.", "valuation", "$29 million"),
        ("Orchard said on 4 May 2031 that it buys Ash.", "announced_on", "4 May 2031"),
        ("LEEDS, 4 May 2031 – Orchard buys Ash.", "announced_on", "4 May 2031"),
        ("Orchard buys Ash. It was founded in 2031.", "announced_on", None),
    ],
)
def test_a_figure_is_chosen_by_the_words_near_it(text: str, field: str, value: str | None) -> None:
    found = hints(read(text)).values[field]
    assert getattr(found, "text", None) == value


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Orchard buys a stake of 49% in Ash.", "deal_type", "minority_investment"),
        ("Orchard buys a stake of 60% in Ash.", "deal_type", "majority_investment"),
        ("Orchard buys Ash.", "deal_type", "acquisition"),
        ("Orchard buys Ash. The deal is subject to approval by regulators.", "status", "pending"),
        ("Orchard buys Ash.", "status", "announced"),
        ("Orchard buys Ash for $5 million in cash and shares of Orchard.", "consideration", "mixed"),
        ("Ash sells kettles. The kettles are red.", "is_deal", False),
        ("Orchard buys Ash.", "is_deal", True),
    ],
)
def test_words_settle_a_choice(text: str, field: str, value: Any) -> None:
    assert hints(read(text)).values[field] == value


def test_what_is_vague_is_left_to_the_model() -> None:
    read_of = hints(read("Something about a deal was heard in the north."))
    assert "is_deal" not in read_of.values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard Inc buys Ash Foods Ltd from Elm.", ("Orchard Inc", "Ash Foods Ltd", "Elm")),
        ("The Danish chairman Bo Lind met Ash's board on Monday.", ("Bo Lind", "Ash")),
        ("Orchard and Harrow End Their Long Talks", ()),
        ("London-based Ash sold Bank of Leeds.", ("Ash", "Bank of Leeds")),
    ],
)
def test_names_are_told_by_their_capitals(text: str, expected: tuple[str, ...]) -> None:
    assert names([text]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Vale will step down as chief executive.", [("Ann Vale", "departs", "chief executive", None)]),
        (
            "Ann Vale, until now head of sales, becomes chief executive.",
            [("Ann Vale", "appointed", "head of sales", "chief executive")],
        ),
        (
            "Ann Vale stays on as chief executive.",
            [("Ann Vale", "stays", "chief executive", "chief executive")],
        ),
        (
            "Ann Vale will take a seat on the board of Ash.",
            [("Ann Vale", "joins_board", None, "seat on the board of Ash")],
        ),
        ("Ann Vale said that the price is fair.", []),
    ],
)
def test_people_are_read_from_sentences_on_their_jobs(
    text: str, expected: list[tuple[str, str, str | None, str | None]]
) -> None:
    found = people.people(read(text), {})
    told = [(p.name, p.change.value, p.from_role, p.to_role) for p in found]
    assert [one[:2] for one in told] == [one[:2] for one in expected]
    for one, wanted in zip(told, expected, strict=True):
        assert wanted[2] in (None, one[2])
        assert wanted[3] in (None, one[3])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ash will use the proceeds to build a mill and to hire staff.", ["build a mill", "hire staff"]),
        ("The money will go on a mill, a shop and a depot.", ["a mill", "a shop", "a depot"]),
        ("Ash will not use the proceeds to build a mill.", []),
    ],
)
def test_the_uses_of_money_are_phrases(text: str, expected: list[str]) -> None:
    found = lists.use_of_proceeds(read(text), frozenset())
    assert [phrase.text for phrase in found] == expected
    for phrase in found:
        assert phrase.text in phrase.evidence[0].text


def test_parties_of_a_model_get_the_roles_that_words_tell() -> None:
    inventory = read("Orchard buys Ash from Elm. Hill & Co advised Orchard.")
    told = hints(inventory).parties((), None)
    assert {party.name: party.role.value for party in told} == {
        "Orchard": "acquirer",
        "Ash": "target",
        "Elm": "seller",
        "Hill & Co": "adviser",
    }
    swapped = tuple(
        p.model_copy(update={"role": {"acquirer": "target", "target": "acquirer"}.get(p.role.value, p.role)})
        for p in told[:2]
    )
    assert {p.name: str(p.role) for p in hints(inventory).parties(swapped, None)}["Orchard"] == "acquirer"
