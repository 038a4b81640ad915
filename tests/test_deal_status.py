"""The status of a deal follows from the words of its report."""

from __future__ import annotations

import pytest

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.schema.deal_status import status


def read(text: str) -> Inventory:
    return take_inventory(read_document(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard will buy Ash for $5 million.", "announced"),
        ("Orchard is in advanced talks to buy Ash.", "rumoured"),
        ("Orchard completed its acquisition of Ash.", "completed"),
        ("Orchard and Ash called off their merger.", "terminated"),
        ("Orchard terminated the agreement to buy Ash.", "terminated"),
        ("Orchard agreed to buy Ash. The deal is subject to regulatory approval.", "pending"),
        ("Orchard agreed to buy Ash. It completed the purchase of Elm in 2021.", "announced"),
        ("Orchard agreed to buy Ash after months of talks about a merger.", "announced"),
        ("Orchard agreed to enter talks with Ash on a sale.", "rumoured"),
        ("Ash denied that it is to be sold.", "rumoured"),
        ("Ash said its board rejected a bid of $28 a share by Orchard.", "rumoured"),
        ("Orchard is considering a bid for Ash.", "rumoured"),
        ("Orchard plans to sell its Ash unit.", "rumoured"),
        ("Orchard and Ash said their merger has been terminated.", "terminated"),
        ("Orchard said talks to sell its stores to Ash have ended.", "terminated"),
        ("Orchard mutually agreed to withdraw from merger negotiations.", "terminated"),
        ("Orchard agreed to buy Ash. Either party may terminate the agreement by May.", "announced"),
        ("Orchard said it has completed the previously announced purchase of Ash.", "completed"),
        ("The plant has been purchased by Orchard for $16 million.", "completed"),
        ("Orchard said the merger with Ash will be completed tomorrow. It agreed on it in May.", "announced"),
        ("Orchard agreed to sell Ash. The buyer is Elm, which has completed two other buyouts.", "announced"),
        ("Orchard will buy Ash. Regulators in four states must also sign off.", "pending"),
        ("Orchard will buy Ash. The works council has yet to agree.", "pending"),
        ("Orchard will buy Ash. Closing is expected in May.", "pending"),
        ("Orchard will buy Ash. The deal should close by the end of June.", "pending"),
        (
            "Orchard will buy Ash. It needs the blessing of the ministry, and clearance from Brussels.",
            "pending",
        ),
        ("Orchard bids for Ash. The offer lapses unless half of the shares come in.", "pending"),
        ("The investment, reportedly worth $5 million, gives Orchard half of Ash.", "announced"),
    ],
)
def test_the_status_is_read_from_its_words(text: str, expected: str) -> None:
    """Talks, closing, approval and cancelling have words of their own; without any, the deal is announced."""
    assert status(read(text), {}) == expected


def test_a_vote_that_is_still_to_come_leaves_a_deal_pending() -> None:
    """Agreed, and the owners have yet to vote."""
    text = "Larkfield will buy Brenwick. Shareholders will vote on the capital increase on 12 September."
    assert status(read(text), {}) == "pending"


def test_words_of_an_end_count_only_where_the_text_leads_with_them() -> None:
    """What was called off long after the lead is not this deal."""
    lead = "Orchard agreed to buy Ash. " + "It rained. " * 5
    assert status(read(lead + "Elm called off its merger."), {}) == "announced"
