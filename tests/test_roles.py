"""What the words near a figure tell."""

from __future__ import annotations

import time

import pytest

from summarizer.document import read_document
from summarizer.inventory import take_inventory


def roles(text: str) -> list[str | None]:
    figures = take_inventory(read_document(text)).figures
    return [
        f.role.value if f.role else None
        for f in figures
        if f.mention.kind.value in ("money", "percent", "per_share")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Brightwater will pay $40 million for the unit.", ["price"]),
        ("A $40 million investment in Brightwater was announced.", ["price"]),
        ("The round values Brightwater at $900 million.", ["valuation"]),
        ("Brightwater got new money at a $900 million valuation.", ["valuation"]),
        ("The deal, valued at $40 million, closes soon.", ["price"]),
        ("The purchase valued at 14.2 mln dlrs follows another.", ["price"]),
        ("Brightwater raised $12 million at a valuation of $90 million.", ["raised", "valuation"]),
        ("In 2031 $12 million came in, valuing Ash at $90 million.", [None, "valuation"]),
        ("It had revenue of $310 million.", ["result"]),
        ("A termination fee of $3 million is due.", ["fee"]),
        ("Orchard carries $70 million of debt.", ["debt"]),
        ("Orchard has a market value of $2 billion.", ["market"]),
        ("Orchard reported a 16% rise in profit.", ["change"]),
        ("Orchard closed at $31 on Monday.", ["market"]),
        ("After the round Orchard is worth $900 million.", ["valuation"]),
        ("It puts in money at a level pricing the company at $900 million.", ["valuation"]),
        ("The shares added 3%, valuing Orchard at about $2 billion.", [None, "market"]),
        ("The deal values Orchard at $900 million, for a 22% stake.", ["valuation", "stake"]),
        ("It takes a 40% stake.", ["stake"]),
        ("The Vale family holds about 62% of Ash.", ["other"]),
        ("Orchard will then hold about 62% of Ash.", ["stake"]),
        ("It will acquire Ash, a maker of glass packages, for about $6 million.", ["price"]),
        ("The deal creates an insurer worth about $4 billion.", ["valuation"]),
        ("Orchard completed the previously announced purchase of Ash for $2 million.", ["price"]),
        ("It would own 40 percent of the company.", ["stake"]),
        ("Sales rose 12% in May.", ["change"]),
        ("The attrition rate was 4.1%.", ["change"]),
        ("The price is a 25% premium to the last close.", ["change"]),
        ("Holders get $31 per share.", ["price"]),
        ("It pays an interim dividend of $4.10 a share.", ["spending"]),
        ("It reported earnings of $1.10 per share.", ["result"]),
        (
            "It offers $31 per share, a 38% premium to Monday's close\nof $22.40.",
            ["price", "change", "market"],
        ),
        ("About $5 million was there.", [None]),
        ("Bellmoor is taking 60 percent of the bakery.", ["stake"]),
        ("It gets the chief executive with its 18 per cent.", ["stake"]),
        ("Its 18 per cent growth pleased everyone.", ["change"]),
        ("New shares give Ash a value of $250 million.", ["valuation"]),
        ("The notice reckons the whole firm at $45 million.", ["valuation"]),
        ("The round pegs the start-up at $45 million.", ["valuation"]),
        ("The pair are worth some $5 billion at today's prices.", ["market"]),
        ("Each agreed to pay the other $80 million if it walks away.", ["contingent"]),
        ("It pays $40 million, and $10 million more if sales reach a target.", ["price", "contingent"]),
        ("An earn-out of up to $8 million may follow.", ["contingent"]),
        # a company's worth by those who pay, and by the stock market
        ("A price that puts the whole of the Leeds brewery at €400 million.", ["valuation"]),
        ("With debt the chain as such is put at about €900 million.", ["valuation"]),
        ("That makes the young firm worth $210 million.", ["valuation"]),
        ("Ash, worth about 900 billion yen on the stock market, makes tiles.", ["market"]),
        ("Ash, worth $4 billion on the Leeds exchange, will pay in stages.", ["market"]),
        ("The market put the two at $2.9 billion and $2.6 billion on Monday.", ["market", "market"]),
        ("Ash shares jumped 4%, leaving it worth $3 billion.", ["change", "market"]),
        ("It valued its planned purchase of Ash at $750 million.", ["price"]),
        ("The price is put at $750 million.", ["price"]),
        ("It puts its debt at $70 million.", ["debt"]),
        # what restates a figure, and what leads up to the next one
        (
            "Ash paid 11 euros apiece, or 300 million euros in all; it had closed at 12 euros.",
            ["price", "price", "market"],
        ),
        ("Ash got $45 million in fresh money, at a valuation of $310 million.", ["raised", "valuation"]),
        ("Ash had sales of $9 million in its best year, against $7 million before.", ["result", "result"]),
        ("It has the round valuing Ash at more than $410 million, new money included.", ["valuation"]),
        # verbs of dealing, and a bare "for"
        ("Ash shelled out $40 million and Birch stumped up $30 million.", ["price", "price"]),
        ("Birch goes to Ash for about £40 million.", ["price"]),
        ("Birch comes in red for $40.", [None]),
        ("Ash has secured $40 million from Quay.", ["raised"]),
        ("Ash has a secured line of $40 million.", [None]),
        ("Ash owes its banks $40 million.", ["debt"]),
        ("Birch goes to Ash for a cool £40 million.", ["price"]),
        ("The bill comes to $2 billion, debt included.", ["price"]),
        ("That implies $48 million for the whole of Ash.", ["valuation"]),
        ("Ash would get 30.1% of Birch.", ["stake"]),
        ("Ash would get 30% of the revenue.", ["change"]),
        ("Ash takes its 24% of Birch to 100%.", ["other", "stake"]),
        ("Ash turned over $40 million.", ["result"]),
        # a share that changes hands or that somebody ends with, and one that is held, kept or of a market
        ("Ash is picking up 62 per cent of the baker.", ["stake"]),
        ("Ash lifts its holding in Birch to 30% from 22%.", ["stake", "other"]),
        ("Ash raised its stake from 5% to 9.7%.", ["other", "stake"]),
        ("Ash, which had 18%, now sits on 29%.", ["other", "stake"]),
        ("The founders hang on to the remaining 32%.", ["other"]),
        ("Another 40% stays with the state.", ["other"]),
        ("A fund that sits on 6% of Birch grumbled.", ["other"]),
        ("The pair would hold 61% of the county's quicklime.", ["other"]),
        ("Together they would own 61% of the company.", ["stake"]),
        ("It bid for 41% of Birch Mills plc yesterday.", ["stake"]),
    ],
)
def test_the_words_near_a_figure_tell_its_role(text: str, expected: list[str | None]) -> None:
    """A figure takes the role that the nearest telling words give it."""
    assert roles(text) == expected


def test_telling_words_do_not_reach_over_another_figure() -> None:
    """In "raised A at a B valuation" the valuation is B and never A."""
    assert roles("Orchard raised $1 million at $14 million valuation.") == ["raised", "valuation"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orchard raised $1 million in 2028.", True),
        ("Orchard bought 51% of Ash, with an option on the rest in 2028.", False),
        ("Orchard previously raised $1 million.", True),
        ("Orchard raised $1 million on 4 May 2031.", False),
        ("Orchard will pay $1 million.", False),
        ("Orchard had sales of $1 million in 2028.", False),
        ("Orchard, founded in 2011, raised $1 million.", False),
        ("Orchard paid $1 million, its biggest purchase since 2028.", False),
        ("Orchard acquired for $1 million Ash, which had sales of $2 million in 2028.", False),
        ("Two years back Orchard paid $1 million.", True),
        ("An approach at $1 million was turned down in 2028.", True),
        ("Birch got in back in 2028 at $1 million.", True),
        ("Birch put in $1 million at the time.", True),
        ("Until now it had lived on $1 million raised in 2028.", True),
    ],
)
def test_an_earlier_deal_is_told_apart(text: str, expected: bool) -> None:
    """A finished transaction in a bare year, or called previous, is earlier; one with a full date is not."""
    assert take_inventory(read_document(text)).figures[0].earlier is expected


def test_a_year_that_a_when_takes_up_is_the_year_of_what_it_tells() -> None:
    """Since when somebody has held a part is no sign alone; what they did then is earlier."""
    text = "Birch has owned Ash since 2028, when it paid $3 million, and now sells it for $9 million."
    found = [(f.mention.text, f.earlier) for f in take_inventory(read_document(text)).figures]
    assert found == [("2028", False), ("$3 million", True), ("$9 million", False)]


def test_what_an_aside_tells_of_before_is_told_of_its_own_figures() -> None:
    """The sale that is reported stands in the sentence that tells what the seller once paid."""
    text = "Birch, which bought Ash in 2028 for $3 million, sold it for $9 million."
    found = [(f.mention.text, f.earlier) for f in take_inventory(read_document(text)).figures]
    assert found == [("2028", True), ("$3 million", True), ("$9 million", False)]


def test_many_figures_of_one_sentence_take_linear_time() -> None:
    """Ten times the figures take about ten times as long, not a hundred times."""

    def seconds(count: int) -> float:
        document = read_document(" ".join(f"${number}" for number in range(count)))
        start = time.process_time()
        assert len(take_inventory(document).figures) == count
        return time.process_time() - start

    seconds(100)
    assert seconds(5_000) < 40 * seconds(500)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Copper fetches $9,000 a tonne.", ["other"]),
        ("Homes there sell for $900 per square foot.", ["other"]),
        ("The round brings total funding to $97 million.", ["other"]),
        ("Orchard has raised $97 million to date.", ["other"]),
        ("Ann Hill, who values the fleet at nearer $300 million, shrugs.", ["other"]),
        ("The order is worth $9 million.", ["market"]),
        ("Its stock rose 4% to $31.", ["change", "market"]),
        ("Its shares closed 1.8% lower at 412 pence.", ["change", "market"]),
        ("Directors holding 6% have promised their support.", ["other"]),
        ("Elm, with 6% of the stock, will vote against.", ["other"]),
        ("At least 75% of votes must be in favour.", ["other"]),
        ("A deal that could be worth as much as $9 million is near.", ["price"]),
        ("Between them they are committing $9 million.", ["price"]),
    ],
)
def test_what_is_no_price_and_no_stake(text: str, expected: list[str]) -> None:
    assert roles(text) == expected


@pytest.mark.parametrize(
    ("text", "earlier"),
    [
        ("Everyone who shared in the $3 million we raised in 2030 will smile.", True),
        ("Its backers had put in $3 million.", True),
        ("Orchard said it had raised $3 million.", False),
        ("It absorbed Brisk in 2030 for $3 million.", True),
        ("It will pay $3 million in 2030.", False),
    ],
)
def test_sums_of_an_earlier_day(text: str, earlier: bool) -> None:
    figures = take_inventory(read_document(text)).figures
    assert next(f for f in figures if f.mention.kind.value == "money").earlier is earlier
