"""What code reads of a deal without a model."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest

from summarizer.document import read_document
from summarizer.findings import Span
from summarizer.grounding import facets as grounding
from summarizer.inventory import Figure, Inventory, take_inventory
from summarizer.records import deal_parties, deal_people
from summarizer.records import deal_rules as rules
from summarizer.records.compile import questions, slots
from summarizer.records.deal import DealSummary, Party, Person, Stake
from summarizer.records.deal_kind import deal_type
from summarizer.records.deal_lead import news
from summarizer.records.deal_terms import PersonChange
from summarizer.records.values import UNDECIDED, Phrase


def read(text: str) -> Inventory:
    return take_inventory(read_document(text))


def stake(percent: str) -> Stake:
    return Stake(text=f"{percent}%", percent=Decimal(percent))


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("Orchard acquires a share of Ash.", {"stake": stake("30")}, "minority_investment"),
        ("Orchard acquires a share of Ash.", {"stake": stake("51")}, "majority_investment"),
        ("Orchard acquires all of Ash.", {"stake": stake("100")}, "acquisition"),
        ("Ash raised money in a Series B round.", {"stake": stake("20")}, "funding_round"),
        ("Ash raised money in a Series B round.", {}, "funding_round"),
        ("Orchard and Ash form a joint venture.", {"stake": stake("60")}, "joint_venture"),
        ("Orchard and Ash agreed to merge.", {}, "merger"),
        ("Orchard and Ash would merge in an all-share deal.", {"stake": stake("43")}, "merger"),
        ("Orchard takes a minority stake in Ash.", {}, "minority_investment"),
        ("Orchard buys Ash.", {}, "acquisition"),
        ("Ash is being hawked to Orchard.", {}, "acquisition"),
        ("Orchard and Ash will set up house together: they are founding a company.", {}, "joint_venture"),
        (
            "Elm will hold 50% of Ash, Orchard 30% and Fir the last 20%.",
            {"stake": stake("50")},
            "acquisition",
        ),
        ("Orchard and Ash work together.", {}, UNDECIDED),
        ("Orchard and Ash are folded into one.", {"stake": stake("53")}, "merger"),
        ("Holders of Ash get 0.8 of an Orchard share for each of theirs.", {"stake": stake("47")}, "merger"),
        ("Orchard pays $4 in cash and 0.2 of a share for each share of Ash.", {}, UNDECIDED),
        (
            "Orchard takes 14% of Ash. In 2030 Elm led a $12 million round.",
            {"stake": stake("14")},
            "minority_investment",
        ),
        (
            "Orchard buys 9% of Ash after its Series B. The shares come from the founder.",
            {"stake": stake("9")},
            "minority_investment",
        ),
        ("The family cedes control of Ash.", {}, "majority_investment"),
        ("Orchard buys a small stake in Ash.", {}, "minority_investment"),
        ("Orchard takes Ash off the hands of its owners.", {}, "acquisition"),
        ("Ash has become part of Orchard.", {}, "acquisition"),
        ("Orchard hands over 14 shops in two towns to Ash.", {}, "divestiture"),
        ("Orchard and Ash set up a plant, held in equal shares.", {}, "joint_venture"),
        ("Orchard buys Ash's half of their joint venture.", {}, "acquisition"),
        ("Orchard becomes the controlling shareholder of Ash.", {}, "majority_investment"),
        ("Orchard takes two thirds of Ash.", {}, "majority_investment"),
        ("Orchard is taking a quarter of Ash.", {}, "minority_investment"),
        ("Orchard and Ash want to become a single company.", {}, "merger"),
        ("Orchard and Ash put their mills into a common company.", {}, "joint_venture"),
        ("Orchard and Ash will sell bread jointly. No money changes hands.", {}, "partnership"),
        ("Ash goes to Orchard for $90 million.", {}, "acquisition"),
        ("Nobody is buying anybody. Orchard and Ash form an alliance.", {}, "partnership"),
        ("Orchard needs clearance from the merger authorities to buy Ash.", {}, "acquisition"),
        ("Ash secured $8 million of fresh funding.", {}, "funding_round"),
    ],
)
def test_the_type_is_read_from_stake_and_words(text: str, facts: dict[str, Any], expected: Any) -> None:
    """A stake decides first; a text that decides nothing is left to the model."""
    assert deal_type(read(text), facts) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard pays all-cash for Ash.", "cash"),
        ("Orchard buys Ash in an all-stock deal.", "stock"),
        ("Orchard pays $5 million in cash and stock.", "mixed"),
        ("Each gets $4 in cash and a quarter of an Orchard share.", "mixed"),
        ("Orchard buys Ash.", None),
        ("Orchard has $40 million in cash and no debt. It buys Ash.", None),
        ("Orchard has agreed to pay $40 million in cash.", "cash"),
        ("Orchard pays cash on completion.", "cash"),
        ("Holders are given 0.8 of an Orchard share for each of theirs.", "stock"),
        ("Half is paid in cash, the balance in new Orchard shares.", "mixed"),
        ("Orchard buys Ash for an undisclosed sum. In 2028 it bought Elm for $3 million in cash.", None),
    ],
)
def test_the_consideration_is_read_or_absent(text: str, expected: str | None) -> None:
    """Cash and stock are facts only where the text has the words."""
    assert rules.consideration(read(text), {}) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LISBON, 4 May 2031 - Orchard buys Ash.", "2031-05-04"),
        ("PORTO, Portugal, 4 May 2031. Orchard buys Ash.", "2031-05-04"),
        ("Toronto and Saskatoon, May 4, 2031 -- Orchard buys Ash.", "2031-05-04"),
        ("Orchard Ash, May 4, 2031 was a good day.", None),
        ("Orchard said on May 4, 2031 it buys Ash.", "2031-05-04"),
        ("Orchard buys Ash, founded on 4 May 2011.", None),
        (
            "Orchard buys Ash\n\nOur Bureau | Pune | Updated: 4 May 2031, 19:42\n\nOrchard buys all of Ash.",
            "2031-05-04",
        ),
        ("Orchard, which made its bid public on 4 May 2031, wants Ash.", "2031-05-04"),
        ("Orchard announced in 2031 that it buys Ash.", None),
        ("Ash sold\n\nTHE SALT LETTER | No. 9 | Graz, 4 May 2031\n\nOrchard buys all of Ash.", "2031-05-04"),
        (
            "LEEDS, 9 June 2031: Orchard and Ash tore up the deal that was made public on 4 May 2031.",
            "2031-05-04",
        ),
        ("LEEDS, 4 May 2031: Orchard buys Ash.", "2031-05-04"),
        ("Orchard buys Ash\n\nLima/Oslo, 4 May 2031\n\nOrchard buys all of Ash.", "2031-05-04"),
        ("Orchard owns Ash. The bargain came to light on 4 May 2031.", "2031-05-04"),
        ("Orchard told its staff in a note on 4 May 2031 that it buys Ash.", "2031-05-04"),
        ("A. B. C. " * 3 + "Orchard and Ash signed on 4 May 2031.", "2031-05-04"),
        (
            "It rains. It snows. It hails. It thaws. It dries. It freezes. Orchard reports its figures on 4 May 2031.",
            None,
        ),
    ],
)
def test_the_day_of_the_announcement_is_never_guessed(text: str, expected: str | None) -> None:
    """A dateline or a date beside a word of announcing counts, and nothing else."""
    figure = rules.announced_on(read(text), {})
    assert (figure.mention.date if figure else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Vale was named chief executive.", [("appointed", "chief executive")]),
        ("Ann Vale resigned as chief executive.", [("departs", None)]),
        ("Ann Vale steps down and joins Orchard.", [("moves", None)]),
        ("Ann Vale stays on as chief executive.", [("stays", "chief executive")]),
        ("Ann Vale leaves Ash. She will take a seat on the board of Ash.", [("departs", None), ("joins_board", "seat on the board of Ash")]),
        ("Ann Vale leaves Ash. She will keep a seat on the board of Ash.", [("departs", None), ("stays", "seat on the board of Ash")]),
    ],
)  # fmt: skip
def test_a_change_of_job_is_read_from_the_sentences_on_a_person(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    """The verbs beside a name tell the change, and a board seat is a change of its own."""
    people = deal_people.refine_people(
        read(text), (Person(name="Ann Vale", change=PersonChange.APPOINTED),), {}
    )
    assert [(str(person.change), person.to_role) for person in people] == expected


def test_one_person_named_twice_is_one() -> None:
    """A surname alone is the person named before."""
    inventory = read("Ann Vale was named chief executive. Vale is 40.")
    people = tuple(Person(name=name, change=PersonChange.APPOINTED) for name in ("Ann Vale", "Vale"))
    assert [person.name for person in deal_people.refine_people(inventory, people, {})] == ["Ann Vale"]


def test_items_of_another_list_are_dropped() -> None:
    """Of two bulleted lists, the first that is named answers the question."""
    text = "Orchard buys Ash. The money will pay for:\n- New ships\n- More crews\nNotes:\n- Old harbours close\n- Ferries run late\n"
    inventory = read(text)
    spans = {s.text: (inventory.span(s.start, s.end),) for s in inventory.sentences}
    phrases = [Phrase(text=t, evidence=spans[t]) for t in ("New ships", "More crews", "Old harbours close")]
    assert [p.text for p in rules.refine_proceeds(inventory, phrases, {})] == ["New ships", "More crews"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard buys Ash. Terms were not disclosed.", "not disclosed"),
        ("Orchard buys Ash.", None),
        ("Orchard buys Ash, which had revenue of $5 million. Terms were not disclosed.", "not disclosed"),
        ("Orchard bought Ash. What did it cost? We agreed to keep that between us.", "keep that between us"),
        ("Orchard bought Ash. We keep it to ourselves when it rains.", None),
        ("Orchard bought Ash for $5 million. Terms were not disclosed.", UNDECIDED),
        ("Orchard bought Ash. $5 million is a sum. Terms were not disclosed.", UNDECIDED),
    ],
)
def test_an_amount_is_undisclosed_where_no_figure_may_be_one(text: str, expected: Any) -> None:
    """Kept back or not told, where no figure may be the price; else the figures are looked at."""
    found = rules.amount(read(text), {})
    assert (found.mention.text if isinstance(found, Figure) else found) == expected


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("private equity firm Larkmoor Partners", "Larkmoor Partners"),
        ("Luxembourg-based buyout house Ondaro Equity", "Ondaro Equity"),
        ("its parent, General Motors", "General Motors"),
        ("Lindmark Cellworks, a maker of batteries", "Lindmark Cellworks"),
        ("lender Bank of the West", "Bank of the West"),
        ("Bank of America", "Bank of America"),
        ("Marks and Spencer Group", "Marks and Spencer Group"),
        ("de Havilland Canada", "de Havilland Canada"),
        ("eBay", "eBay"),
        ("the Boyle family", "the Boyle family"),
        ("utility Électricité de Lorne", "Électricité de Lorne"),
        ("Danish builder Ørsholm\nWind", "Ørsholm\nWind"),
    ],
)
def test_a_party_is_named_without_what_describes_it(said: str, name: str) -> None:
    """Of a described party the name is kept; small words inside a name belong to it."""
    parties = (Party(name=said, role="acquirer"),)
    inventory = take_inventory(read_document(f"{said} buys a mill."))
    assert [party.name for party in deal_parties.refine_parties(inventory, parties, {})] == [name]


def test_a_share_of_the_buyer_is_no_stake_in_what_it_buys() -> None:
    """A fund's share "of" the buyer is left out; a share of the target stays."""
    text = "Valdorra calls off its bid for Quillayne, since a state fund holds 41% of Valdorra."
    inventory = take_inventory(read_document(text))
    parties = (Party(name="Valdorra", role="acquirer"), Party(name="Quillayne", role="target"))
    stake = Stake(text="41%", percent=Decimal(41))
    assert rules.refine_stake(inventory, stake, {"parties": parties}) is None
    swapped = (Party(name="Quillayne", role="acquirer"), Party(name="Valdorra", role="target"))
    assert rules.refine_stake(inventory, stake, {"parties": swapped}) is stake


def test_a_deal_that_is_called_off_has_no_proceeds() -> None:
    """A fee that is due at the end of a deal is no use of its money."""
    text = "Valdorra and Quillayne have called off their merger. Valdorra will pay a fee of $5 million."
    inventory = take_inventory(read_document(text))
    assert rules.refine_proceeds(inventory, (Phrase(text="pay a fee of $5 million"),), {}) == ()


def test_people_are_no_companies_and_jobs_are_jobs() -> None:
    """A party or a fund among the people is left out, and words that tell no job are no role."""
    text = (
        "Ann Doyle leaves Larkfield on 3 May to become chief executive of Brenwick. Larkfield leaves the market. "
        "Lantuo Asset Management left the register."
    )
    inventory = take_inventory(read_document(text))
    people = (
        Person(name="Ann Doyle", from_role="on 3 May", to_role="chief executive"),
        Person(name="Larkfield"),
        Person(name="Lantuo Asset Management"),
    )
    parties = (Party(name="Larkfield", role="target"),)
    [found] = deal_people.refine_people(inventory, people, {"parties": parties})
    assert (found.name, found.from_role, found.to_role) == ("Ann Doyle", None, "chief executive")


def test_the_seat_of_another_person_is_not_given_away() -> None:
    """A sentence that names somebody else tells of that one's seat."""
    text = "Jason Vale becomes interim chief executive for the handover. Doyle keeps a seat on the board."
    inventory = take_inventory(read_document(text))
    people = (Person(name="Jason Vale", to_role="interim chief executive"), Person(name="Doyle"))
    found = deal_people.refine_people(inventory, people, {})
    assert [(p.name, p.change.value) for p in found] == [("Jason Vale", "appointed"), ("Doyle", "stays")]


def test_a_share_told_far_behind_a_lead_without_shares_is_of_something_else() -> None:
    """Of a market, of votes; without any other sign it still decides."""
    far = "Orchard and Ash met. " * 7 + "Together they hold 61% of the flour in the town."
    for lead, expected in (
        ("Orchard seals its purchase of Ash.", "acquisition"),
        ("Orchard meets Ash.", "majority_investment"),
    ):
        text = f"{lead} {far}"
        start = text.index("Together")
        late = Stake(
            text="61%", percent=Decimal(61), evidence=(Span(start=start, end=len(text), text=text[start:]),)
        )
        assert deal_type(read(text), {"stake": late}) == expected


def test_partners_who_buy_nothing_are_partners() -> None:
    """In a partnership without a price nobody is a buyer; with one, the roles stay."""
    text = "Zephyrion and Pelagoway announced a five-year commercial partnership on Tuesday."
    inventory = take_inventory(read_document(text))
    parties = (Party(name="Zephyrion", role="acquirer"), Party(name="Pelagoway", role="target"))
    assert deal_type(inventory, {}) == "partnership"
    assert [p.role.value for p in deal_parties.refine_parties(inventory, parties, {})] == [
        "partner",
        "partner",
    ]
    paid = {"stake": Stake(text="18%", percent=Decimal(18))}
    assert deal_type(inventory, paid) == "minority_investment"
    assert [p.role.value for p in deal_parties.refine_parties(inventory, parties, paid)] == [
        "acquirer",
        "target",
    ]


@pytest.mark.parametrize(
    ("said", "investors"),
    [
        ("New backer Pell Fund and existing shareholders Bright Ventures and Caix Capital took part as well.", ["Pell Fund", "Bright Ventures", "Caix Capital"]),
        ("The round had the participation of the family office Pell Fund.", ["Pell Fund"]),
        ("Existing investors Bright Ventures and Caix Capital also put in money for the round.", ["Bright Ventures", "Caix Capital"]),
        ("The round was joined by Pell Fund, Bright Ventures and Caix of Norway.", ["Pell Fund", "Bright Ventures", "Caix of Norway"]),
        ("The Series B in 2029 drew participation from Pell Fund.", []),
        ("Bright Ventures took part in a parade.", []),
    ],
)  # fmt: skip
def test_the_investors_of_a_round_are_those_that_its_sentence_lists(said: str, investors: list[str]) -> None:
    """A model names one investor; the others are read, and those of an earlier round are not."""
    inventory = read(f"Ash raised $8 million in a Series C led by Orchard. {said}")
    parties = (Party(name="Orchard", role="acquirer"), Party(name="Ash", role="target"))
    found = deal_parties.refine_parties(inventory, parties, {})
    assert [party.name for party in found[2:]] == investors
    assert all(party.evidence and party.name in party.evidence[0].text for party in found[2:])


@pytest.mark.parametrize(
    ("words", "basis"),
    [("including the new money", "post_money"), ("after the capital increase", "post_money"), ("before the new money", "pre_money"), ("in all", "unspecified"), ("fresh money included", "post_money"), ("debt included", "enterprise")],
)  # fmt: skip
def test_a_valuation_before_and_after_the_money_is_told_by_the_words_behind_it(
    words: str, basis: str
) -> None:
    inventory = read(f"The round values Ash at $600 million, {words}.")
    assert rules.valuation_basis(inventory.figures[0]).value == basis


@pytest.mark.parametrize(
    ("words", "voting"),
    [
        ("in shares that carry no vote", False),
        ("without a vote", False),
        ("of the voting shares", True),
        ("", None),
    ],
)
def test_whether_a_stake_votes_is_told_by_the_words_behind_it(words: str, voting: bool | None) -> None:
    inventory = read(f"Orchard gets 14% of Ash {words}.")
    assert rules.voting(inventory.figures[0]) is voting


def test_a_share_of_the_buyer_is_no_stake_under_its_short_name_either() -> None:
    inventory = read("Orchard Resources Ltd buys Ash. A state fund holds 41% of Orchard.")
    stake = Stake.from_figure(inventory.figures[0], inventory.figures[0].mention.qualifier, ())
    parties = (Party(name="Orchard Resources Ltd", role="acquirer"),)
    assert rules.refine_stake(inventory, stake, {"parties": parties}) is None


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Ann Vale, who has run Ash as chief executive, moves to Orchard.", ("chief executive", None)),
        ("Ann Vale leaves Ash to become chief executive of Orchard.", (None, "chief executive")),
    ],
)
def test_one_job_given_for_both_is_the_one_that_its_place_tells(
    text: str, roles: tuple[str | None, str | None]
) -> None:
    person = Person(name="Ann Vale", from_role="chief executive", to_role="chief executive")
    [found] = deal_people.refine_people(read(text), (person,), {})
    assert (found.from_role, found.to_role) == roles


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Orchard's founder Ann Vale, 70, becomes chairwoman.", ["Ann Vale"]),
        ("Her counterpart, Bo de la Hill, bows out; Managing Director Cy Ames will come on the board.", ["Bo de la Hill", "Cy Ames"]),
        ("Dee Fox, the finance chief of Ash, is appointed to run Elm.", ["Dee Fox"]),
        ("Chief Executive Ann Vale will keep her job, and Bo Hill keeps his seat.", ["Ann Vale", "Bo Hill"]),
        ("Orchard will join Ash. Ann Vale said it becomes her.", []),
    ],
)  # fmt: skip
def test_people_are_found_where_their_names_stand_before_a_change(text: str, names: list[str]) -> None:
    """Of four people whose jobs change a small model names two; words directly behind a name are sure."""
    assert deal_people.named_with_a_change(read(text)) == names


def test_whoever_joins_the_board_joins_it() -> None:
    [found] = deal_people.refine_people(
        read("Ann Vale will join the board of directors."), (Person(name="Ann Vale"),), {}
    )
    assert (found.change.value, found.to_role) == ("joins_board", "the board of directors")


def test_a_seat_is_cited_with_the_sentence_that_has_the_whole_name() -> None:
    """Who "she" is tells the nearest sentence with the whole name, not one with the surname alone."""
    text = "Ann Vale is leaving Ash. Vale's exit surprised nobody. She will keep a seat on the board of Ash."
    (seat,) = deal_people.refine_people(read(text), [Person(name="Ann Vale")], {})[-1:]
    assert [span.text.split()[0] for span in seat.evidence] == ["Ann", "She"]


def test_star_names_are_nobodys_appointment() -> None:
    """A noun that looks like a verb tells of no change of job; the verb does."""
    assert deal_people.PERSON_CHANGE.search("He has gathered star names to help.") is None
    assert deal_people.PERSON_CHANGE.search("Orchard names Ann Vale chief executive.")
    assert deal_people.PERSON_CHANGE.search("Her place goes to Bo Hill.")


def test_a_short_name_of_a_party_with_a_role_gets_no_second_one() -> None:
    parties = (Party(name="Orchard Resources Ltd", role="acquirer"), Party(name="ORCHARD", role="adviser"))
    found = deal_parties.refine_parties(read("Orchard Resources Ltd buys Ash."), parties, {})
    assert [party.name for party in found] == ["Orchard Resources Ltd", "Ash"]


def test_a_cue_in_a_heading_speaks_for_the_bullets_under_it() -> None:
    inventory = read(
        "Orchard buys Ash.\n\nWhy now\n- Rivals are ahead on price\n- Short one\n\nIt was a sunny day."
    )
    (asked,) = questions(next(slot for slot in slots(DealSummary) if slot.name == "rationale"), inventory)
    assert [sentence.text for sentence in asked.sentences] == ["Rivals are ahead on price"]


def test_a_share_of_the_merged_company_is_no_stake() -> None:
    inventory = read("Orchard and Ash merge. Holders of Ash will own 43% of the combined group.")
    found = Stake.from_figure(inventory.figures[0], inventory.figures[0].mention.qualifier, ())
    assert rules.refine_stake(inventory, found, {}) is None


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Orchard and Ash agreed to merge.", ["partner", "partner"]),
        ("Orchard and Ash agreed to merge: Orchard will acquire Ash.", ["acquirer", "target"]),
        ("Orchard sells Ash.", ["seller", "target"]),
    ],
)
def test_words_settle_who_buys_from_whom_and_a_merger_may_have_neither(text: str, roles: list[str]) -> None:
    """Whatever the model said of the two."""
    parties = (Party(name="Orchard", role="target"), Party(name="Ash", role="acquirer"))
    found = deal_parties.refine_parties(read(text), parties, {})
    assert [party.role.value for party in found] == roles


def test_whoever_the_words_make_a_party_is_one() -> None:
    """Where the model names nobody in that part; what was bought before, or is told further down, does not count."""
    text = "Elm Group sold Ash to Orchard for $5 million. In 2019 Birch bought Sorrel for $2 million."
    parties = (Party(name="Elm", role="seller"), Party(name="Birch", role="other"))
    found = deal_parties.refine_parties(read(text), parties, {})
    assert {party.name: party.role.value for party in found} == {
        "Elm": "seller",
        "Birch": "other",
        "Orchard": "acquirer",
        "Ash": "target",
    }
    (target,) = (party for party in found if party.name == "Ash")
    assert [span.text for span in target.evidence] == [text[:45]]


def test_a_party_that_words_tell_is_cited_where_it_stands_beside_the_other() -> None:
    """Not where a headline or another sentence names it first; a partner may be the one who buys."""
    inventory = read(
        "Norrlund grows\n\nNorrlund was founded in Leeds by two sisters. It said today that Norrlund has bought Tidewell."
    )
    named = [Party(name="Norrlund", role="partner")]
    found = {party.name: party for party in deal_parties.refine_parties(inventory, named, {})}
    assert {name: party.role.value for name, party in found.items()} == {
        "Norrlund": "acquirer",
        "Tidewell": "target",
    }
    assert "has bought Tidewell" in found["Norrlund"].evidence[0].text


def test_founders_of_a_joint_venture_are_partners() -> None:
    parties = (Party(name="Orchard", role="acquirer"), Party(name="Ash", role="target"))
    found = deal_parties.refine_parties(read("Orchard and Ash set up a joint venture."), parties, {})
    assert [party.role.value for party in found] == ["partner", "partner"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Orchard buys Ash. The maker of tiles was put up for sale by Ash's owner, the buyout house Elm Partners.",
            {"Orchard": "acquirer", "Ash": "target", "Elm Partners": "seller"},
        ),
        ("Orchard buys Ash, owned by Elm Partners.", {"Orchard": "acquirer", "Ash": "target", "Elm Partners": "seller"}),
        ("Orchard buys Ash. Elm Partners, which owns Ash, is content.", {"Orchard": "acquirer", "Ash": "target", "Elm Partners": "seller"}),
        # a part of it is bought, and the owner stays
        ("Orchard buys 40% of Ash. Ash's owner, Elm Partners, is content.", {"Orchard": "acquirer", "Ash": "target"}),
        ("Orchard and the Danish miner Ash Copper are setting up a joint venture, Elm.", {"Orchard": "partner", "Ash Copper": "partner"}),
        ("Orchard is to found a joint venture with the miner Ash Copper.", {"Orchard": "partner", "Ash Copper": "partner"}),
        ("The planned merger of Orchard and Ash Copper is off.", {"Orchard": "partner", "Ash Copper": "partner"}),
    ],
)  # fmt: skip
def test_owners_and_partners_are_read_from_the_words(text: str, expected: dict[str, str]) -> None:
    inventory = read(text)
    facts = {"stake": Stake(text="40%", percent=Decimal(40))} if "40%" in text else {}
    found = deal_parties.refine_parties(inventory, (), facts)
    assert {party.name: party.role.value for party in found} == expected


def test_two_named_as_if_they_were_one_are_two_and_a_nation_is_none() -> None:
    named = [Party(name="Orchard and Ash", role="partner"), Party(name="Danish", role="target")]
    text = "Orchard and Ash Copper are setting up a joint venture."
    found = deal_parties.refine_parties(read(text), named, {})
    assert [party.name for party in found] == ["Orchard", "Ash Copper"]


def test_each_person_is_told_of_in_clauses_of_their_own() -> None:
    """Who stays and who leaves in one sentence; a job in the other's clause is nobody else's."""
    people = (
        Person(name="Ann Vale", from_role="head of the product"),
        Person(name="Bo Hill", from_role="head of the product"),
    )
    inventory = read("Vale will stay as head of the product; Hill is leaving to start a company.")
    found = deal_people.refine_people(inventory, people, {})
    assert [(p.name, p.change.value, p.from_role) for p in found] == [
        ("Ann Vale", "stays", "head of the product"),
        ("Bo Hill", "departs", None),
    ]


def test_a_condition_that_its_words_leave_no_doubt_of_is_taken_and_is_no_concern() -> None:
    inventory = read(
        "Orchard buys Ash. It expects to close in April, once antitrust regulators have approved it."
    )
    asked = {slot.name: questions(slot, inventory) for slot in slots(DealSummary)}
    [condition] = asked["conditions"]
    assert (len(condition.sure), condition.sentences) == (1, ())
    assert asked["concerns"] == ()


def test_whoever_advises_or_acts_for_a_side_is_an_adviser() -> None:
    text = "Orchard buys Ash. Oak LLP is legal counsel to Ash, and Birch Partners acted for the buyer. Sorrel Group advised against it. Ash was advised by Fir & Co and the law firm Hazel Rowe. Legal counsel: Larch LLP."
    found = deal_parties.refine_parties(read(text), (), {})
    assert [party.name for party in found if party.role.value == "adviser"] == [
        "Oak LLP",
        "Birch Partners",
        "Fir & Co",
        "Hazel Rowe",
        "Larch LLP",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard and Ash are setting up a jointly owned company.", "joint_venture"),
        ("Orchard and Ash found a firm. Orchard will own 60% and Ash the rest.", "joint_venture"),
        ("Orchard buys Ash, which is jointly owned by Elm and Oak.", "acquisition"),
        (
            "Orchard and Ash announced a partnership for $5 million. Neither takes a stake in the other.",
            "partnership",
        ),
        ("Orchard and Ash sign a distribution agreement for Japan.", "partnership"),
        ("Orchard is weighing an offer for the Lyon-based group.", "acquisition"),
        ("From today Ash, a maker of glass, belongs to Orchard.", "acquisition"),
        ("Ash falls to Orchard for $5 million.", "acquisition"),
    ],
)
def test_more_words_for_the_type(text: str, expected: str) -> None:
    assert deal_type(read(text), {"amount": None}) == expected


def test_below_a_papers_name_the_next_heading_is_the_headline() -> None:
    inventory = read(
        "GLASS LETTER | No. 12\n\nOrchard offloads its bell arm\n\nAsh passes to Elm on Monday.\n\nIt rings."
    )
    assert "Orchard offloads its bell arm" in [sentence.text for sentence in news(inventory)]
    assert deal_type(inventory, {}) == "divestiture"


def test_a_long_line_of_capitals_is_read_quickly() -> None:
    """A pattern took a second for nine such words, and twice that for each one more."""
    inventory = read("ABCD " * 40 + "hello\n\nOrchard buys Ash.")
    started = time.perf_counter()
    news(inventory)
    assert time.perf_counter() - started < 1


def test_a_founder_of_a_new_company_gets_a_stake_in_it() -> None:
    inventory = read("Orchard and Ash set up a joint venture. Orchard will own 60% of the new company.")
    found = Stake.from_figure(inventory.figures[0], inventory.figures[0].mention.qualifier, ())
    assert rules.refine_stake(inventory, found, {}) is found


def test_the_year_of_a_founding_is_no_earlier_deals() -> None:
    inventory = read(
        "Orchard buys Ash for $9 million.\n\nAsh was founded in 2025 and raised $3 million in 2027."
    )
    slot = next(slot for slot in slots(DealSummary) if slot.name == "earlier_deals")
    (asked,) = questions(slot, inventory)
    (deal,) = grounding.sentence_items(asked, asked.sure, inventory)
    assert deal.year == 2027
