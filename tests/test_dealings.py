"""Who buys what from whom, from the order of names and words of dealing."""

from __future__ import annotations

import time

import pytest

from summarizer.dealings import Dealing, dealings, direction, parties_told, roles_told

ROLES = {"Norrlund Energy AB": "acquirer", "Tidewell": "target", "Harrow Group": "seller"}
FORWARD = [
    "Norrlund buys Tidewell.",
    "Norrlund Energy AB has agreed to acquire a 30% stake in Tidewell for €2.1 billion.",
    "Norrlund, a utility, said it will invest about €2.1 billion in Tidewell.",
    "Norrlund acquires from Harrow Group a stake in Tidewell.",
    "Norrlund to take over Tidewell",
    "Tidewell is bought by Norrlund.",
    "A 30% stake in Tidewell was purchased by Norrlund.",
    "Tidewell has agreed to be acquired by Norrlund.",
    "Tidewell raised €84 million in a round led by Norrlund.",
    "Tidewell raises €150 million from Norrlund.",
    "Norrlund led an €84 million round in Tidewell.",
    "Tidewell sells a 30% stake to Norrlund.",
    "Harrow Group sells its stake in Tidewell to Norrlund.",
    "Tidewell has been sold to Norrlund.",
    "The deal gives Norrlund a 30% non-voting stake in Tidewell.",
    "Norrlund's acquisition of Tidewell needs approval.",
    "The acquisition of Tidewell by Norrlund needs approval.",
    "An investment by Norrlund in Tidewell was announced.",
    "Norrlund: minority investment in Tidewell, a stake of 30%.",
    "Tidewell becomes part of Norrlund.",
    "Tidewell accepted an offer from Norrlund.",
    "Norrlund said it plans to make a formal bid for Tidewell.",
    "Norrlund is to take 18% of Tidewell.",
    "Norrlund is putting €40 million into Tidewell.",
    "Norrlund has tabled an all-paper offer worth €2 billion for Tidewell.",
    "The board of Tidewell favours a bid of €4 a share from Norrlund.",
    "Tidewell now belongs to Norrlund.",
    "Tidewell has found a new owner in Norrlund.",
    "Tidewell comes under the wing of Norrlund.",
    "Tidewell is to be swallowed by Norrlund.",
    "Norrlund has won the auction for Tidewell.",
    "Norrlund takes Tidewell private.",
    "Tidewell, the maker of pumps in Leeds, is now part of Norrlund.",
    "Tidewell has pocketed €46 million in a round fronted by Norrlund.",
]
UNTOLD = [
    "Norrlund and Tidewell signed a deal.",
    "Tidewell will use the money to acquire rivals, Norrlund said.",
    "Tidewell will use the money to buy a plant, and Norrlund gets two seats.",
    "Tidewell shares rose on Norrlund's plan.",
    "Mira Castellan of Tidewell will take over Norrlund's marine division.",
    "Mira Castellan of Tidewell will lead Norrlund's marine division.",
    "Mira Castellan moves from Tidewell to Norrlund.",
    "The company will buy its rival.",
    "Norrlund shed 3% after Tidewell reported.",
    "Norrlund is putting €3 million into a plant in Tidewell.",
    "Norrlund took 3% more orders than Tidewell.",
]


def exchanged(sentence: str) -> str:
    """The sentence with buyer and target in each other's place."""
    kept = sentence.replace("Norrlund Energy AB", "Norrlund").replace("Norrlund", "*")
    return kept.replace("Tidewell", "Norrlund").replace("*", "Tidewell")


@pytest.mark.parametrize("sentence", FORWARD)
def test_buyer_and_target_stand_on_their_sides_of_the_verb(sentence: str) -> None:
    """Active, passive, from the raiser's or seller's side, as nouns; and the same reversed is told as reversed."""
    assert direction([sentence], ROLES) == "right"
    assert direction([exchanged(sentence)], ROLES) == "reversed"


@pytest.mark.parametrize("sentence", UNTOLD)
def test_where_no_verb_tells_the_direction_is_unclear(sentence: str) -> None:
    """Other verbs between the two, and moves of people, tell nothing either way."""
    assert direction([sentence], ROLES) == "unclear"
    assert direction([exchanged(sentence)], ROLES) == "unclear"


def test_a_name_that_two_parties_share_tells_nothing() -> None:
    """The beginning that buyer and target have in common stands for neither."""
    roles = {"Alto Holdings": "acquirer", "Alto Chile": "target"}
    assert direction(["Alto buys Alto Chile."], roles) == "unclear"
    assert direction(["Alto Holdings buys Alto Chile."], roles) == "right"


@pytest.mark.parametrize(
    ("sentence", "buyers", "targets", "sellers"),
    [
        ("Harrow said it agreed to sell its marine unit, Tidewell, to Norrlund.", "N", "T", "H"),
        ("Norrlund has bought Harrow's Danish subsidiary, Tidewell Marine, for cash.", "N", "T", "H"),
        ("Norrlund completed the purchase of Tidewell from Harrow.", "N", "T", "H"),
        ("Norrlund signed a letter of intent with Harrow to purchase Tidewell.", "N", "T", "H"),
        ("Norrlund will acquire from Harrow 40% of Tidewell.", "N", "T", "H"),
        ("Harrow is considering selling Tidewell.", "", "T", "H"),
        ("Harrow said it lowered its stake in Tidewell to 4%.", "", "T", "H"),
        ("Norrlund and Oxley Partners will buy Tidewell and Brae.", "NO", "TB", ""),
        ("Norrlund and Harrow agreed on the sale of Tidewell to Norrlund.", "N", "T", "H"),
        ("Norrlund raised its offer for Tidewell.", "N", "T", ""),
        ("Tidewell rejected a bid by Norrlund.", "N", "T", ""),
        ("Harrow is parting with its films arm, Tidewell.", "", "T", "H"),
        ("Harrow is handing control of Tidewell to Norrlund.", "N", "T", "H"),
        ("It will take all of Tidewell off the hands of Harrow.", "", "T", "H"),
        ("The taker is Norrlund.", "N", "", ""),
        ("Tidewell, with €9 million of debt, is being sold by Harrow.", "", "T", "H"),
        ("Norrlund completes the purchase of Harrow's testing arm.", "N", "", "H"),
        ("Tidewell passes to the Dutch lessor Norrlund.", "N", "T", ""),
        ("Norrlund has bought Harrow's glass unit Brae.", "N", "B", "H"),
        ("The shares came from Harrow.", "", "", "H"),
        ("Harrow parts with €2 million.", "", "", ""),
    ],
)
def test_each_role_is_told_by_where_its_name_stands(
    sentence: str, buyers: str, targets: str, sellers: str
) -> None:
    """Sellers before their verb, behind "from" or with an apostrophe; names in a row share a role."""
    names = {
        "N": "Norrlund Energy",
        "T": "Tidewell Marine",
        "H": "Harrow Group",
        "O": "Oxley Partners",
        "B": "Brae",
    }
    expected = dict(
        [(names[letter], "acquirer") for letter in buyers]
        + [(names[letter], "target") for letter in targets]
        + [(names[letter], "seller") for letter in sellers]
    )
    assert roles_told([sentence], names.values()) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Norrlund said it has acquired a number of bakeries.", {"acquirer": ("Norrlund",)}),
        ("Norrlund bought five bakeries from Harrow.", {"acquirer": ("Norrlund",), "seller": ("Harrow",)}),
        ("Harrow agreed in principle to sell its bread business.", {"seller": ("Harrow",)}),
        ("Harrow has sold its testing arm to Norrlund.", {"acquirer": ("Norrlund",), "seller": ("Harrow",)}),
        ("The shares are being sold by Harrow.", {"seller": ("Harrow",)}),
        ("The round was led by Norrlund.", {"acquirer": ("Norrlund",)}),
        ("Harrow announced the closing of a €9 million Series C financing.", {"target": ("Harrow",)}),
        ("Harrow joined the round.", {}),
        ("Norrlund said that Harrow would like to sell mills.", {}),
    ],
)
def test_what_is_dealt_in_may_have_no_name(sentence: str, expected: dict[str, tuple[str, ...]]) -> None:
    """A dealing in bakeries tells who buys and who sells; it overrules no role that was answered."""
    assert parties_told([sentence], ["Norrlund", "Harrow"]) == expected
    assert roles_told([sentence], ["Norrlund", "Harrow"]) == {}


def test_a_family_sells_and_is_not_bought() -> None:
    """It parts with a share of what bears its name."""
    sentence = "The Harrow family has agreed to part with a 34 per cent holding to Norrlund."
    told = parties_told([sentence], ["Harrow family", "Norrlund"])
    assert told == {"acquirer": ("Norrlund",), "seller": ("Harrow family",)}


def test_the_first_sentence_that_tells_a_role_counts() -> None:
    """What a buyer did before, or is offered next, does not change its role."""
    sentences = ["Norrlund buys Tidewell.", "Oxley wants to buy Norrlund.", "Norrlund was bought by Harrow."]
    roles = roles_told(sentences, ["Norrlund", "Tidewell", "Oxley"])
    assert roles == {"Norrlund": "acquirer", "Tidewell": "target", "Oxley": "acquirer"}


def test_the_first_dealing_that_tells_a_role_has_all_of_it() -> None:
    """Who buys later, and what, are other dealings; nobody is in two roles."""
    sentences = [
        "Norrlund and Harrow said they will buy Tidewell.",
        "Norrlund bought Elm from Tidewell and Oxley.",
        "Oxley sold Ash to Brae.",
    ]
    told = parties_told(sentences, ["Norrlund", "Harrow", "Tidewell", "Elm", "Oxley", "Ash", "Brae"])
    assert told == {"acquirer": ("Norrlund", "Harrow"), "target": ("Tidewell",), "seller": ("Oxley",)}
    assert parties_told(["It rained in Tidewell."], ["Tidewell"]) == {}


def test_a_whole_name_is_that_name_although_another_begins_with_it() -> None:
    """ "Elm" is no form of "Elm Partners" where both are known."""
    names = ["Elm", "Elm Partners", "Ash"]
    assert roles_told(["Elm buys Ash."], names) == {"Elm": "acquirer", "Ash": "target"}


def test_nobody_has_two_roles_in_one_dealing() -> None:
    """A name in a row of two that comes back as the buyer is not the seller, too."""
    sentence = "Norrlund and Harrow agreed on the sale of Tidewell to Norrlund."
    first = next(dealings([sentence], ["Norrlund", "Harrow", "Tidewell"]))
    assert first == Dealing(("Norrlund",), ("Tidewell",), ())


@pytest.mark.parametrize("names", [[], [""], ["  "], ["(", "a" * 5000], [f"N{n}" for n in range(400)]])
def test_odd_names_do_no_harm(names: list[str]) -> None:
    """None, empty, of signs, very long or very many."""
    assert roles_told(["Norrlund buys Tidewell."], names) == {}


def test_long_sentences_take_little_time() -> None:
    """A hostile sentence of words of dealing is read in well under a second."""
    begin = time.process_time()
    list(
        dealings(
            ["Norrlund " + "offer sale to buy from " * 20_000 + "Tidewell"] * 5, ["Norrlund", "Tidewell"]
        )
    )
    assert time.process_time() - begin < 2
