"""Whether a text reports a deal follows from what it leads with."""

from __future__ import annotations

import pytest

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.records.deal_report import is_deal
from summarizer.records.values import UNDECIDED


def read(text: str) -> Inventory:
    return take_inventory(read_document(text))


@pytest.mark.parametrize(
    "text",
    [
        "Orchard buys Ash.",
        "Orchard has agreed to sell its cider unit to Ash.",
        "Orchard is putting $45 million into Ash.",
        "Ash raised $8 million from Orchard.",
        "Talks on a merger of Orchard and Ash have ended.",
        "Orchard said it completed the previously announced sale of Ash.",
        "A judge spoke on Monday.\n\nOrchard takes a 12% holding in Ash.",
        "I bring news. Ash raised $8 million from Orchard. I like it, and I would.",
        "Two miners are to be folded into one. Orchard will run Ash.",
        "Ash has found a new owner.",
        "Orchard bought us. I am glad.",
        "Orchard is handing over 14 branches in five towns to Ash.",
        "Orchard has relieved Elm of its 11.4% in Ash.",
        "Ash goes to Orchard for $90 million.",
        "Orchard and Ash build a mill. Each owns half of it.",
        "Orchard becomes the biggest shareholder of Ash.",
        "Ash has hired a bank to find a buyer.",
        "Orchard and Ash signed a cooperation pact.",
        "Ash has tied the knot with Orchard.",
        "Orchard is to transfer 40% of its field to Ash.",
        "Orchard pays the firm Ash $40 million at once for the rights to its drug.",
        "Ash has collected €12 million. The round was fronted by Orchard.",
        "I grew up. I had a shop. Orchard has acquired Ash. I am glad.",
        "It rained. " * 8 + "Orchard has agreed to buy Ash.",
        "I was young. I had a shop. Today we have become part of Orchard.",
        "FRUIT LETTER, No. 7\n\n(All sums are in euros.)\n\nIt rained. It shone. It froze. It thawed. Orchard buys Ash.",
        "The smell remains. So do the cakes. But Orchard is taking 60 percent of the bakery.",
    ],
)
def test_a_text_that_leads_with_a_transaction_reports_a_deal(text: str) -> None:
    assert is_deal(read(text), {}) is True


@pytest.mark.parametrize(
    "text",
    [
        "The festival drew crowds.",
        "Profit rose 16% to $38 million at Orchard. Customer acquisition costs fell.",
        "Orchard lifts its outlook. Growth was helped by Ash, which it bought for $31 million in 2022.",
        "Orchard will buy back shares for $500 million.",
        "Orchard shows a van. The firm, which has raised $85 million since it was founded in 2019, hires.",
        "Rents rose by 9%. The average tenant pays $1,480, which takes 41% of pay.",
        "I have seen mergers fail. When boards buy, I leave.",
        "Comment: Orchard should buy Ash\n\nThe sums are tempting.",
        "Orchard should buy Ash. The author edits a magazine.",
        "Orchard should buy Ash. The writer holds no shares in it.",
        "ORCHARD UNVEILS A BIKE\n\nIt is light. It is the result of an investment of $46 million in the plant.",
        "A jury awarded Orchard $90 million from Ash. It rained. Orchard bought the patents from Elm.",
        "Orchard reported its annual results. Sales rose. It made a small acquisition.",
        "Rents rose. The average tenant takes 41% of the fund's money.",
        "Rents rose. The average tenant takes 41% of take-home pay.",
        "Bikes are put together at a plant that cost $6.5 million and stands in a town.",
        "Ann Doyle takes over as chief executive of Ash on 1 May. She joined in 2020.",
        "Orchard’s profit rises. Its sales of sheds grew, as customers bought more of them.",
        "Orchard sold 14,000 sheds in its 60 stores.",
        "Orchard pours €80 million into a new furnace in Lens.",
        "In a bid to cut fumes, the town closes a road. The stakes are high for it.",
        "Orchard has agreed to buy 20 light planes from Ash for $640 million.",
        "Orchard will pay €129 for the yearly pass.",
        "Orchard sold €500 million of ten-year bonds to repay a debt.",
        "Shares of Orchard began trading on Monday. The listing raised €200 million.",
        "A court fined Orchard €2 million over late reports on a 2029 acquisition.",
        "Orchard names a chief. " + "It rained. " * 8 + "Years ago it bought Ash.",
    ],
)
def test_a_text_that_leads_with_other_news_reports_none(text: str) -> None:
    """Results, prices, old purchases, opinions and what comes far behind are no report of a deal."""
    assert is_deal(read(text), {}) is False


@pytest.mark.parametrize(
    "text",
    [
        "Orchard and Ash struck a deal on Monday.",
        "Orchard and Ash have formed an alliance.",
    ],
)
def test_a_vague_word_is_left_to_the_model(text: str) -> None:
    assert is_deal(read(text), {}) is UNDECIDED


def test_somebody_who_is_quoted_does_not_make_it_an_opinion() -> None:
    text = 'Orchard buys Ash. "I am glad, and I will stay," said Ann Vale. "I think it fits," said Bo Hill.'
    assert is_deal(read(text), {}) is True
