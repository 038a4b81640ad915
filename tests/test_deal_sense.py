"""Which sentences give a reason for a deal, and which a doubt about it."""

from __future__ import annotations

import pytest

from summarizer.records import deal_sense


@pytest.mark.parametrize(
    "sentence",
    [
        "The quarry would give it three new kilns.",
        "The chain would give it another route to the coast.",
        "Brannoch had pursued the merger to spread its overheads.",
        "Tessaline has next to nothing in the Baltic.",
        "The bank has two million clients but no proper savings app.",
        "It makes barely 4% of its €2 billion in revenue from Latin America.",
        "The purchase doubles its range at a stroke.",
        "This secures copper for our mills.",
        "A merger would reduce Brannoch’s reliance on barley.",
        "The group also likes Tessaline's laboratories.",
        "Brannoch is well placed to serve them.",
        "It hopes to secure supplies of malt.",
    ],
)
def test_what_a_buyer_gains_is_a_reason(sentence: str) -> None:
    assert deal_sense.RATIONALE.search(sentence)
    assert not deal_sense.NO_REASON.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The family rejected an offer in 2019 because it came too early.",
        "The watchdog wanted nine depots sold.",
        "They asked not to be identified because the talks are private.",
        "This fund only wanted a fifth.",
        "Brannoch will use the proceeds to strengthen its balance sheet.",
        "That is why we wanted to be part of it.",
        "The deal is subject to consent because of its size.",
    ],
)
def test_the_reasons_of_others_are_none_of_this_deal(sentence: str) -> None:
    assert deal_sense.NO_REASON.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The shares rose, giving it a market capitalisation of 3 billion euros.",
        "No reason was given.",
        "Each furnace needs twelve workers.",
    ],
)
def test_a_price_or_a_number_is_no_reason(sentence: str) -> None:
    assert not deal_sense.RATIONALE.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Growers would be left with only one mill.",
        "The sale would leave hauliers in the north with a single depot.",
        "It would push up ferry fares, they said.",
        "Rents in the harbour would rise, the tenants’ group said.",
        "The pair would run six out of every ten kiosks.",
        "The guild expects as many as 300 jobs to go.",
        "Some 80 posts are at risk.",
        "The buyer owes 4.2 times its yearly earnings.",
        "Investors would choke on more debt.",
        "The founders have shown bidders the door.",
        "Tessaline may face a large repair bill.",
    ],
)
def test_what_may_go_wrong_is_a_doubt(sentence: str) -> None:
    assert deal_sense.CONCERN.search(sentence)
    assert not deal_sense.NO_CONCERN.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Antitrust clearance came in May.",
        "The tribunal has vetoed the sale.",
        "The regulator is based in Vaduz.",
    ],
)
def test_what_an_office_did_is_no_doubt(sentence: str) -> None:
    assert not deal_sense.CONCERN.search(sentence)
