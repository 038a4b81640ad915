"""What the inventory must leave alone, and how it reads that a price is not told."""

import pytest

from summarizer.figures import Kind, Qualifier, find, parse

NOTHING = [
    "call 1-800-555-0199",
    "call +44 20 7946 0018 or (212) 555-0143",
    "v2.5.1",
    "version 3.11",
    "Python 3.12",
    "Orion 4 and Orion 4.5",
    "Series C",
    "5G",
    "24/7",
    "3D",
    "B2B",
    "401(k)",
    "Boeing 747",
    "221 Baker Street",
    "No. 5",
    "chapter 11",
    "Chapter 11 protection",
    "top 10",
    "24 hours",
    "192.168.10.1",
    "ISBN 978-3-16-148410-0",
    "0/500",
    "PhD-level",
    "at 10:30",
    "aged 52",
    "a 52-year-old",
    "the 1st",
    "17 people",
    "1 1 1 1",
    "4 m tall",
    "5 m",
    "5 million users",
    "7 billion people",
    "a million times",
    "one in a million",
    "half a million users",
    "a hundred reasons",
    "millions of dollars",
    "a multi-billion dollar deal",
    "my two drachmas",
    "two percentage points",
    "2 percentage points",
    "5 to 7 percentage points",
    "25 basis points",
    "$5G",
    "$AAPL",
    "$",
    "$$$ 5x5",
    "5 500 euros",
    "5 000 euros",
    "1000x",
    "3:51%",
    "A-5%",
    "12,3456%",
    "4x4",
    "1920x1080",
    "0x1F",
    "x86",
    "three times a week",
    "he won 5 times",
    "all 5 won",
    "9 marks out of 10",
    "500 pounds of copper",
    "one share",
    "each share",
    "market share",
    "top 5 Acme",
    "%20",
    "5%20",
    "GPT-4",
    "R2 and R34",
    "R&D 5 million",
    "Series R 5 million",
    "A-5",
    "ABC123",
    "file_5%",
    "3-2",
    "a 2-for-1 split",
    "a 50-50 venture",
    "the 7 Up brand",
    "half of the board",
    "half an hour",
    "a third",
    "may",
    "Q3",
    "second",
    "a",
    "",
]


@pytest.mark.parametrize("source", NOTHING)
def test_no_mention(source: str) -> None:
    """Numbers without a unit, names, codes and words that only look like figures give nothing."""
    assert find(source) == ()


UNDISCLOSED = [
    ("Terms were not disclosed.", "not disclosed"),
    ("Terms of the deal were not\ndisclosed.", "not\ndisclosed"),
    ("Financial terms of the agreement were not immediately disclosed.", "not immediately disclosed"),
    ("The price was not disclosed", "not disclosed"),
    ("TERMS WERE NOT DISCLOSED", "NOT DISCLOSED"),
    ("The purchase price has not been disclosed.", "not been disclosed"),
    ("Details were not released.", "not released"),
    ("Terms weren't disclosed.", "weren't disclosed"),
    ("Terms weren’t disclosed.", "weren’t disclosed"),
    ("The value of the transaction was not revealed.", "not revealed"),
    ("The amount was not made public.", "not made public"),
    ("for an undisclosed sum", "undisclosed"),
    ("for undisclosed terms", "undisclosed"),
    ("an undisclosed amount of cash and stock", "undisclosed"),
    ("for an undisclosed purchase price", "undisclosed"),
    ("for an unspecified amount", "unspecified"),
    ("The terms are undisclosed.", "undisclosed"),
    ("The price was withheld.", "withheld"),
    ("Terms remain confidential.", "confidential"),
    ("The companies did not disclose the terms of the deal.", "not disclose"),
    ("The companies did not disclose financial terms.", "not disclose"),
    ("Ostrava Corp didn't disclose how much it paid.", "didn't disclose"),
    ("It declined to disclose terms.", "declined to disclose"),
    ("It bought the unit without disclosing the price.", "without disclosing"),
    ("the price, which the firm would not reveal", "not reveal"),
    ("No price was given.", "No price was given"),
    ("No total price was given.", "No total price was given"),
    ("No terms were disclosed.", "No terms were disclosed"),
    ("No financial details were available.", "No financial details were available"),
    ("Neither side would give the price.", "Neither side would give"),
    ("“We don’t comment on terms,” she said.", "don’t comment"),
    ("Nobody will say for how much.", "Nobody will say"),
    ("They bought it without saying how much it cost.", "without saying"),
    ("No price was named.", "No price was named"),
    ("No figure was put on the sale.", "No figure was put"),
    ("Neither firm put a price on it.", "Neither firm put a price on"),
    ("They would not put a number on the deal.", "not put a number on"),
    ("The two keep the terms to themselves.", "keep the terms to themselves"),
    ("They are keeping the sale price private.", "keeping the sale price private"),
    ("The terms stay under wraps.", "under wraps"),
    ("Price: not disclosed", "not disclosed"),
    ("Deal value (undisclosed)", "undisclosed"),
    ("undisclosed", "undisclosed"),
]


@pytest.mark.parametrize(("source", "text"), UNDISCLOSED)
def test_undisclosed(source: str, text: str) -> None:
    """A text that withholds price or terms gives the words that say so, with no value."""
    mentions = find(source)
    assert [(mention.kind, mention.text) for mention in mentions] == [(Kind.UNDISCLOSED, text)]
    assert mentions[0].qualifier is Qualifier.UNDISCLOSED
    assert (mentions[0].value, mentions[0].unit) == (None, "")


@pytest.mark.parametrize(
    "source",
    [
        "an undisclosed buyer",
        "undisclosed investors joined the round",
        "The buyer was not disclosed.",
        "The names of the bidders were not given.",
        "Terms were disclosed on Monday.",
        "The price was given as fair.",
        "The board disclosed the plan.",
        "It will not release the product.",
        "withheld taxes",
        "a confidential source",
        "The price is high. The buyer was not disclosed.",
        "We do not comment on rumours.",
        "Nobody would say how much water is left.",
        "Neither side gave a date.",
        "Neither side put a foot wrong.",
        "They keep the brand to themselves.",
        "The plane was under wraps.",
    ],
)
def test_other_secrets(source: str) -> None:
    """What is said of buyers, names and products is not said of the price."""
    assert find(source) == ()


@pytest.mark.parametrize(
    "text", ["undisclosed sum", "an undisclosed amount", "terms were not disclosed", "not disclosed"]
)
def test_undisclosed_parses_alone(text: str) -> None:
    """A short phrase that withholds the price is one mention, though its span is only the telling words."""
    mention = parse(text)
    assert mention is not None
    assert mention.kind is Kind.UNDISCLOSED


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("What Ash has paid is being kept between the two sides.", "kept between the two"),
        ("How much? My lawyer says I can't tell you.", "can't tell"),
        ("The price stays between the parties.", "stays between the parties"),
        ("Both were tight-lipped about the price.", "tight-lipped"),
        ("They would not be drawn on the price.", "not be drawn"),
        ("How much changed hands is between the two companies.", "between the two"),
        ("The companies gave no price.", "gave no price"),
        ("The contract forbids us to name the price.", None),
        ("It is not known how much Orchard paid.", "not known"),
        ("What it cost remains a secret.", "secret"),
    ],
)
def test_a_price_is_kept_back_in_idioms(source: str, text: str | None) -> None:
    found = [mention.text for mention in find(source) if mention.kind is Kind.UNDISCLOSED]
    assert len(found) == 1
    assert text is None or found == [text]


@pytest.mark.parametrize(
    "source",
    [
        "The talks are being kept between the two.",
        "I can't tell you how this feels.",
        "Orchard would not say when it will close.",
        "Its costs remain private.",
        "He did not discuss the value of teamwork.",
        "The number of dead is not known.",
    ],
)
def test_what_is_kept_back_is_no_price(source: str) -> None:
    assert not [mention for mention in find(source) if mention.kind is Kind.UNDISCLOSED]
