from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from evals.narrative import Narrative, read_narrative
from summarizer.findings import Finding
from summarizer.records.compile import record_type
from summarizer.records.deal import Amount, DealSummary, EarlierDeal, Party, Stake, Valuation
from summarizer.records.deal_terms import PartyRole
from summarizer.records.values import Money, Prose

SOURCE = """Norrlund Buys Into Tidewell

Norrlund Energy AB said on 4 May 2031 it will invest about €2.1 billion in Lisbon-based Tidewell. The deal gives
Norrlund a 30% non-voting stake and values Tidewell at more than €7 billion. Mira Castellan, chief executive of
Tidewell, leaves. Tidewell has 12 plants and raised €150 million at a valuation of €900 million in 2028.
The seller is Harrow Group.
"""
RECORD = DealSummary(
    is_deal=True,
    parties=(
        Party(name="Norrlund Energy AB", role=PartyRole.ACQUIRER),
        Party(name="Tidewell", role=PartyRole.TARGET),
        Party(name="Harrow Group", role=PartyRole.SELLER),
    ),
    amount=Amount(text="€2.1 billion", value=Decimal(2_100_000_000), currency="EUR"),
    stake=Stake(text="30%", percent=Decimal(30)),
    valuation=Valuation(text="€7 billion", value=Decimal(7_000_000_000), currency="EUR"),
    earlier_deals=(
        EarlierDeal(
            description="raised €150 million",
            amount=Money(text="€150 million", value=Decimal(150_000_000), currency="EUR"),
        ),
    ),
)


def read(narrative: str | None, **changes: Any) -> Narrative:
    found = read_narrative(RECORD.model_copy(update={"narrative": narrative, **changes}), SOURCE)
    assert found is not None
    return found


def test_a_faithful_narrative_is_supported_throughout() -> None:
    """Figures in other forms, rounded, dates, bare numbers and names of the source are all found in it."""
    found = read(
        "On May 4, 2031 Norrlund agreed to invest roughly €2bn in Tidewell for 30 percent. "
        "CEO Mira Castellan leaves the Lisbon-based company, which runs 12 plants.",
        headline="Norrlund Energy Takes 30% of Tidewell",
    )
    assert found == Narrative(
        figures=5,
        figures_supported=5,
        names=5,
        names_supported=5,
        agrees=1.0,
        direction="right",
    )
    assert found.supported == 1.0


@pytest.mark.parametrize(
    ("narrative", "lost"),
    [
        ("Norrlund invests €2.2 billion in Tidewell.", "€2.2 billion"),
        ("Norrlund invests $2.1 billion in Tidewell.", "$2.1 billion"),
        ("The deal was announced on 5 May 2031.", "5 May 2031"),
        ("Tidewell runs 17 plants.", "17"),
        ("The round of 2027 comes to mind.", "2027"),
        ("Zorbex will invest in Tidewell.", "Zorbex"),
        ("Then came Zorbex with an offer.", "Zorbex"),
        ("Its chief executive, Mira Pell, leaves.", "Mira Pell"),
        ("The company is based in Porto.", "Porto"),
    ],
)
def test_what_the_source_does_not_hold_is_found_and_named(narrative: str, lost: str) -> None:
    """A planted figure, currency, date, number or name is no longer supported."""
    found = read(narrative)
    assert found.lost == (lost,)
    assert found.supported < 1.0


def test_words_that_any_sentence_begins_with_are_no_names() -> None:
    """Capitals at the beginning of a sentence or in a headline do not make names."""
    found = read("Furthermore, workers worry. However, much is open.", headline="Big Bets Are Back")
    assert (found.names, found.figures, found.supported) == (0, 0, 1.0)


def test_a_derivation_that_the_record_declares_is_supported() -> None:
    """A figure that a finding on arithmetic works out is not counted as invented."""
    narrative = "The stake implies €6.8 billion for the whole."
    said = Finding(code="arithmetic", field="valuation", message="€2.1 billion for 30% implies €6.8 billion.")
    assert read(narrative).lost == ("€6.8 billion",)
    assert read(narrative, findings=(said,)).lost == ()


@pytest.mark.parametrize(
    ("narrative", "agrees"),
    [
        ("Norrlund invests €2.1 billion.", 1.0),
        ("Norrlund invests about €2 billion.", 1.0),
        (
            "Norrlund invests €7 billion for a 30% stake.",
            1.0,
        ),  # a figure of another field states nothing here
        ("Norrlund invests €900 million for a 30% stake.", 0.5),
        ("Norrlund takes a 49% stake.", 0.0),
        ("The deal values Tidewell at €70 billion.", 0.0),
        ("Tidewell raised €200 million in 2028.", None),  # an earlier deal
        ("Norrlund pays €15 per share.", None),  # another basis
        ("Norrlund invests $2.4 billion.", None),  # another currency
        ("Tidewell runs 12 plants.", None),
    ],
)
def test_figures_told_as_amount_stake_or_value_are_the_records(narrative: str, agrees: float | None) -> None:
    """What prose states as one of the record's figures is compared with it, and with nothing else."""
    assert read(narrative).agrees == agrees


def test_one_reversed_sentence_is_enough() -> None:
    """A headline that is right does not make up for a narrative that is not."""
    assert read("Tidewell buys Norrlund.", headline="Norrlund buys Tidewell").direction == "reversed"


def test_without_prose_there_is_nothing_to_judge() -> None:
    """A record with empty prose, and a schema without prose."""

    class Prices(BaseModel):
        amount: Money | None = None

    assert read_narrative(RECORD, SOURCE) is None
    assert read_narrative(record_type(Prices)(), SOURCE) is None


def test_a_schema_of_ones_own_needs_no_parties() -> None:
    """Prose of any schema is judged by its source; without parties nothing is said of a direction."""

    class Note(BaseModel):
        summary: Prose | None = None

    found = read_narrative(record_type(Note)(summary="Zorbex pays €2.1 billion."), SOURCE)
    assert found is not None
    assert (found.lost, found.agrees, found.direction) == (("Zorbex",), None, "unclear")
