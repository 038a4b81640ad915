"""The status of a deal follows from the words of its report."""

from __future__ import annotations

import pytest

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.records.deal_status import status


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
        ("Ash poured cold water on a newspaper account that it is being hawked to Orchard.", "rumoured"),
        ("Orchard has spent weeks in private conversation with Ash about buying the lot.", "rumoured"),
        ("Ash wrapped up its seed round and has the funds in the bank.", "completed"),
        ("Orchard bought us. The paperwork went through last Friday.", "completed"),
        ("Orchard sells Ash to Elm. Still to come: clearance from the ministry.", "pending"),
        (
            "Orchard sells Ash. The handover is in May, once the trustees have given their agreement.",
            "pending",
        ),
        ("Orchard buys Ash. No work starts before the water board grants a permit.", "pending"),
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


@pytest.mark.parametrize(
    "text",
    [
        "The keys to Ash were handed over on Friday. Orchard bought it for $5 million.",
        "Since yesterday Ash has belonged to Orchard.",
        "Ash is now part of Orchard.",
        "Orchard has wired $5 million to the owners of Ash.",
        "Orchard takes 9% of Ash. The shares changed hands on Monday.",
        "Orchard lifts its holding. It has raised its stake in Ash to 9%, a filing showed.",
        "Orchard concluded its purchase of Ash.",
    ],
)
def test_a_handover_completes_a_deal(text: str) -> None:
    """Keys, shares or money that have changed hands, and whose a company now is, tell of a closing."""
    assert status(read(text), {}) == "completed"


@pytest.mark.parametrize(
    "text",
    [
        "Orchard will buy Ash. Ash has belonged to Elm since 2019.",
        "Orchard will buy Ash. The keys will be handed over by Elm.",
        "Orchard will buy Ash, which has been owned by Elm for decades.",
    ],
)
def test_a_company_of_many_years_or_a_coming_handover_completes_none(text: str) -> None:
    assert status(read(text), {}) == "announced"


@pytest.mark.parametrize(
    "text",
    [
        "Orchard will buy Ash. The ministry has yet to give its consent.",
        "Orchard will buy Ash. The watchdog has yet to have its say.",
        "Orchard will buy Ash. The bakery is yet to be let through by the commission.",
        "Orchard will buy Ash. The contract calls for the consent of the landlord.",
        "Orchard will buy Ash. It all hinges on the nod of the harbour board.",
        "Orchard will buy Ash. Two mills must be sold before the deal can close.",
        "Orchard will buy Ash, provided the licence is renewed.",
        "Orchard will buy Ash. The handover is pencilled in for May.",
        "Orchard will buy Ash. The cartel office is still looking at it.",
        "Orchard will buy Ash. The deal still faces a review.",
        "Orchard will buy Ash. They hope to wrap it up before Easter.",
        "Orchard will buy Ash. Unitholders vote in June.",
    ],
)
def test_what_somebody_has_yet_to_say_leaves_a_deal_pending(text: str) -> None:
    assert status(read(text), {}) == "pending"


@pytest.mark.parametrize(
    "text",
    [
        "Orchard will buy Ash. Ash has yet to make a profit.",
        "Orchard will buy Ash. Its finance chief has yet to learn where he will sit.",
        "Orchard will buy Ash. The paper provided jobs for a town.",
    ],
)
def test_what_is_outstanding_elsewhere_leaves_none_pending(text: str) -> None:
    assert status(read(text), {}) == "announced"


@pytest.mark.parametrize(
    "text",
    [
        "Bidders crowd round Ash. First-round offers for the group are due in May.",
        "Orchard and Ash initialled a letter of intent. It binds neither.",
        "Orchard is closing in on a purchase of Ash, a paper wrote, citing unnamed bankers.",
        "Ash has hired a bank to find a buyer for its mill.",
        "Orchard has exclusive negotiating rights for Ash.",
        "Orchard looks at Ash, two people close to the sale said.",
        "Orchard courts Ash. It rained. It rained. It rained. There is no certainty that a deal will follow.",
        "Suitors line up for Ash. It rained. It rained. Orchard looked at the books and walked away.",
    ],
)
def test_bidders_and_papers_that_bind_nobody_are_rumours(text: str) -> None:
    """One suitor who leaves an auction ends nothing."""
    assert status(read(text), {}) == "rumoured"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard pulls out of its merger with Ash.", "terminated"),
        ("Orchard shelved its bid for Ash.", "terminated"),
        ("Orchard has dropped its pursuit of Ash. It bid too little.", "terminated"),
        ("Orchard let its offer for Ash lapse.", "terminated"),
        ("The sale of Ash to Orchard fell apart.", "terminated"),
        ("Orchard buys Ash. The owners have scrapped a stock-market listing.", "announced"),
        ("Orchard agreed to buy Ash. Another suitor walked away.", "announced"),
    ],
)
def test_only_the_end_of_this_deal_terminates_it(text: str, expected: str) -> None:
    assert status(read(text), {}) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        *(
            ("completed", text)
            for text in (
                "Ash is the new owner of Elm since Monday.",
                "The sale of Ash to Orchard closed on Friday.",
                "Orchard's purchase of Ash took effect at midnight.",
                "The takeover of Ash by Orchard is complete.",
                "Orchard closes $5 million Series B round led by Elm.",
                "Ash today announced the closing of a $5 million round.",
                "Orchard and Ash complete merger.",
                "As of this morning Ash, a small maker of bells, belongs to Orchard.",
                "Orchard gets Ash. Half of the price was handed over at completion yesterday.",
                "We sold Ash. The money has landed.",
                "Orchard said it has taken control of Ash.",
            )
        ),
        *(
            ("pending", f"Orchard agreed to buy Ash. {text}")
            for text in (
                "Now it is up to the cartel office.",
                "The merger is in the hands of regulators, who are expected to rule by May.",
                "What remains is clearance from the watchdog.",
                "The only hurdle left is the watchdog's approval.",
                "A decision from the antitrust office is due in June.",
                "They reckon on closing in the autumn.",
                "Shareholders will be asked to vote in May.",
            )
        ),
        ("announced", "Orchard will pay half at completion and half a year later for Ash."),
        ("announced", "Orchard closed two plants after the merger offer."),
        ("announced", "Orchard buys Ash. The store closed on Monday."),
        ("announced", "Orchard to buy Ash. Ann Hill will step down on completion of the deal."),
    ],
)
def test_what_is_done_and_what_is_left_is_told_in_many_ways(expected: str, text: str) -> None:
    assert status(read(text), {}).value == expected
