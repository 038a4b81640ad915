"""Each rule on a record made to break it, and generated text on a source."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from summarizer import checks, prose
from summarizer.document import read_document
from summarizer.figures import Qualifier
from summarizer.inventory import Inventory, take_inventory
from summarizer.policy import hints
from summarizer.records.deal import Amount, Party, Person, Stake, Valuation
from summarizer.records.deal_terms import DealType, PartyRole, PersonChange, ValuationBasis
from summarizer.records.values import Day

NOTHING = take_inventory(read_document("Orchard buys Ash."))


def money(kind: type[Any], value: str, **more: Any) -> Any:
    return kind(text=f"${value}", value=Decimal(value), currency="USD", **more)


def codes(found: list[Any]) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("amount", "stake", "valuation", "more", "expected"),
    [
        ("100", "25", "400", {}, []),
        ("100", "25", "500", {}, ["arithmetic"]),
        ("100", "25", "395", {}, []),
        ("100", "25", "300", {"basis": ValuationBasis.PRE_MONEY}, []),
        ("100", "25", "400", {"basis": ValuationBasis.PRE_MONEY}, ["arithmetic"]),
        ("100", "25", "380", {"qualifier": Qualifier.AT_LEAST}, []),
        ("100", "25", "420", {"qualifier": Qualifier.AT_LEAST}, ["arithmetic"]),
        ("100", "25", "375", {"qualifier": Qualifier.ABOUT}, []),
    ],
)
def test_amount_over_stake_is_held_against_the_valuation(
    amount: str, stake: str, valuation: str, more: dict[str, Any], expected: list[str]
) -> None:
    """A price and a share imply a value, before or after the money, within the hedges."""
    facts = {
        "amount": money(Amount, amount),
        "stake": Stake(text=f"{stake}%", percent=Decimal(stake)),
        "valuation": money(Valuation, valuation, **more),
    }
    assert codes(checks.arithmetic(facts, NOTHING)) == expected


@pytest.mark.parametrize(
    ("kind", "stake", "expected"),
    [
        (DealType.ACQUISITION, "30", ["type_against_stake"]),
        (DealType.MINORITY_INVESTMENT, "30", []),
        (DealType.MINORITY_INVESTMENT, "51", ["type_against_stake"]),
        (DealType.MAJORITY_INVESTMENT, "51", []),
    ],
)
def test_the_type_is_held_against_the_stake(kind: DealType, stake: str, expected: list[str]) -> None:
    """Less than half is no acquisition, and more than half no minority."""
    facts = {"deal_type": kind, "stake": Stake(text=f"{stake}%", percent=Decimal(stake))}
    assert codes(checks.type_against_stake(facts, NOTHING)) == expected


def test_a_party_cannot_be_buyer_and_target() -> None:
    """The same name in both roles is a role clash."""
    facts = {
        "parties": (Party(name="Ash", role=PartyRole.ACQUIRER), Party(name="ASH", role=PartyRole.TARGET))
    }
    assert codes(checks.same_party(facts, NOTHING)) == ["role_clash"]


def test_a_persons_new_job_differs_from_the_old_one() -> None:
    """The same words for both are a finding."""
    same = Person(name="Ann Vale", change=PersonChange.MOVES, from_role="President", to_role="president")
    other = Person(name="Bo Lind", change=PersonChange.MOVES, from_role="President", to_role="chair")
    assert [f.field for f in checks.same_role({"people": (same, other)}, NOTHING)] == ["people[0]"]


def value_of(text: str, kind: type[Any], field: str) -> tuple[dict[str, Any], Inventory]:
    inventory = take_inventory(read_document(text))
    figure = inventory.figures[-1]
    return {
        field: kind.from_mention(figure.mention, figure.mention.qualifier, inventory.cite([figure.sentence]))
    }, inventory


def test_two_figures_for_one_fact_are_reported_even_when_one_rounds_the_other() -> None:
    """ "About 8 billion" above and 7.6 below are both told to the reader."""
    facts, inventory = value_of(
        "Orchard will pay about $8 billion for Ash. It pays exactly $7.6 billion.", Amount, "amount"
    )
    found = checks.two_figures(facts, inventory, hints(inventory))
    assert codes(found) == ["two_figures"]
    assert "rounded" in found[0].message
    facts, inventory = value_of(
        "Orchard will pay $8 billion for Ash. The price is $5.1 billion.", Amount, "amount"
    )
    assert "another figure" in checks.two_figures(facts, inventory, hints(inventory))[0].message


def test_a_date_finer_than_its_text_is_reported() -> None:
    """A day where the text has a month is a finding."""
    fine = Day(text="May 2031", date="2031-05-17", precision="day")
    right = Day(text="May 2031", date="2031-05", precision="month")
    assert codes(checks.overprecise({"announced_on": fine}, NOTHING)) == ["overprecise"]
    assert checks.overprecise({"announced_on": right}, NOTHING) == []


def test_a_figure_of_an_earlier_deal_is_reported() -> None:
    """An amount whose only place tells of an earlier year is a finding."""
    facts, inventory = value_of("Orchard bought Ash in 2021 for $8 million.", Amount, "amount")
    assert codes(checks.earlier_figure(facts, inventory, hints(inventory))) == ["earlier_figure"]


def test_a_figure_that_stands_only_in_a_teaser_is_told(inventory: Inventory) -> None:
    """The reader learns that a figure was seen outside the article and not used."""
    found = checks.ignored_figures({}, inventory)
    assert codes(found) == ["outside_article"]
    assert "€9.9 billion" in found[0].message


@pytest.mark.parametrize("change", ["text", "value", "currency", "evidence", "nothing"])
def test_a_figure_that_its_evidence_does_not_hold_is_caught(change: str, inventory: Inventory) -> None:
    """The last gate parses each figure of the record again from its evidence."""
    figure = next(f for f in inventory.figures if f.mention.text == "€2.1 billion")
    amount = Amount.from_mention(figure.mention, Qualifier.ABOUT, inventory.cite([figure.sentence]))
    other = inventory.cite([s for s in inventory.sentences if "Unions" in s.text])
    update = {
        "text": {"text": "€2.2 billion"},
        "value": {"value": Decimal("2100000001")},
        "currency": {"currency": "USD"},
        "evidence": {"evidence": other},
        "nothing": {},
    }[change]
    found = checks.unheld({"amount": amount.model_copy(update=update)}, inventory)
    assert codes(found) == ([] if change == "nothing" else ["unsupported_figure"])


@pytest.fixture
def facts(inventory: Inventory) -> dict[str, Any]:
    def value(text: str, kind: type[Any]) -> Any:
        figure = next(f for f in inventory.figures if f.mention.text == text)
        return kind.from_mention(figure.mention, figure.mention.qualifier, inventory.cite([figure.sentence]))

    return {
        "amount": value("€2.1 billion", Amount),
        "valuation": value("€7 billion", Valuation),
        "stake": value("30%", Stake),
        "parties": (
            Party(name="Norrlund", role=PartyRole.ACQUIRER),
            Party(name="Tidewell", role=PartyRole.TARGET),
        ),
    }


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Norrlund invests €2.1 billion in Tidewell.", True),
        ("Norrlund takes a 30% stake in Tidewell's business.", True),
        ("The deal was announced in May 2031.", True),
        ("Tidewell raised €150 million in 2028.", True),
        ("Norrlund Invests €2.1 Billion in Tidewell, Raising Concerns", True),
        ("Norrlund Invests €2.1 Billion in Globex", False),
        ("Norrlund invests €2.2 billion in Tidewell.", False),
        ("Norrlund invests $2.1 billion in Tidewell.", False),
        ("Norrlund invests €7 billion in Tidewell.", False),
        ("The deal values Tidewell at €2.1 billion.", False),
        ("Norrlund takes a 31% stake.", False),
        ("The deal was announced on 5 May 2031.", False),
        ("The deal was announced in 2032.", False),
        ("Norrlund competes with Globex in tidal power.", False),
        ("Tidewell will invest in Norrlund.", False),
        ("It employs 450 engineers.", False),
        ("Harrow Foods buys Pellet Mills for €9.9 billion.", False),
        ("Norrlund is bought by Tidewell.", False),
    ],
)
def test_generated_text_stands_up_to_the_source(
    sentence: str, kept: bool, facts: dict[str, Any], inventory: Inventory
) -> None:
    """A sentence with a figure, name or direction that the article lacks is left out with a finding."""
    text, findings = prose.check_prose("narrative", sentence, facts, inventory, hints(inventory))
    assert (text == sentence) is kept
    assert codes(findings) == ([] if kept else ["unsupported_prose"])


def test_one_wrong_sentence_does_not_cost_the_others(facts: dict[str, Any], inventory: Inventory) -> None:
    """The rest of the narrative stays."""
    text, findings = prose.check_prose(
        "narrative", "Norrlund invests in Tidewell. It pays €3 billion. Unions are worried.", facts, inventory
    )
    assert text == "Norrlund invests in Tidewell. Unions are worried."
    assert len(findings) == 1
