"""Scales that are easily lost: glued to the currency, behind a footnote mark, or above a table."""

from __future__ import annotations

import pytest

from summarizer.figures import Kind, find

GLUED = [
    # source, text of the mention, value, currency
    ("about to pay 60 MUSD in cash", "60 MUSD", "60000000", "USD"),
    ("for 37.5 MEUR.", "37.5 MEUR", "37500000", "EUR"),
    ("for 1,5 MEUR.", "1,5 MEUR", "1500000", "EUR"),
    ("MSEK 820", "MSEK 820", "820000000", "SEK"),
    ("820 MSEK", "820 MSEK", "820000000", "SEK"),
    ("3 MDKK", "3 MDKK", "3000000", "DKK"),
    ("10 MCHF", "10 MCHF", "10000000", "CHF"),
    ("KUSD 300", "KUSD 300", "300000", "USD"),
    ("300 TEUR", "300 TEUR", "300000", "EUR"),
    ("640 mkr", "640 mkr", "640000000", ""),
    ("EURm 12", "EURm 12", "12000000", "EUR"),
    ("12.5 USDm", "12.5 USDm", "12500000", "USD"),
    ("SEK 50m", "SEK 50m", "50000000", "SEK"),
    ("$24.5MM", "$24.5MM", "24500000", "USD"),
    ("$24.5 mm", "$24.5 mm", "24500000", "USD"),
    ("$MM 24.5", "$MM 24.5", "24500000", "USD"),
    ("US$MM 24.5", "US$MM 24.5", "24500000", "USD"),
    ("USD MM 24.5", "USD MM 24.5", "24500000", "USD"),
    ("US$m 24.5", "US$m 24.5", "24500000", "USD"),
    ("€m 5", "€m 5", "5000000", "EUR"),
    ("M€ 5", "M€ 5", "5000000", "EUR"),
    ("5 M€", "5 M€", "5000000", "EUR"),
    ("k€ 200", "k€ 200", "200000", "EUR"),
    ("MM$ 450", "MM$ 450", "450000000", ""),
    # neighbours
    ("60 USD", "60 USD", "60", "USD"),
    ("SEK 50", "SEK 50", "50", "SEK"),
    ("B$5 million", "B$5 million", "5000000", ""),
    ("A$5", "A$5", "5", "AUD"),
    ("in 2031 MUSD5 was paid", "MUSD5", "5000000", "USD"),
]


@pytest.mark.parametrize(("source", "text", "value", "unit"), GLUED)
def test_a_scale_glued_to_a_currency(source: str, text: str, value: str, unit: str) -> None:
    [mention] = [mention for mention in find(source) if mention.kind is not Kind.DATE]
    assert (mention.kind, mention.text, str(mention.value), mention.unit) == (Kind.MONEY, text, value, unit)


@pytest.mark.parametrize(
    "source", ["50 MW", "50 MBA students", "50 MHZ", "M&A 50", "20 KB", "50 MUSK", "MAMA 5"]
)
def test_other_capitals_after_a_number_are_no_currency(source: str) -> None:
    assert find(source) == ()


MARKS = ["1", "2", "12", "1,2", "¹", "²³", "¹ ²", "[3]", "[a]", "*", "**", "†", "^1", "(1)"]
NOTED = [
    # what stands before the mark, what stands behind it, value, kind, unit
    ("$410 million", " for it", "410000000", Kind.MONEY, "USD"),
    ("€2.5 billion", ".", "2500000000", Kind.MONEY, "EUR"),
    ("€2.5bn", ", it said", "2500000000", Kind.MONEY, "EUR"),
    ("$410m", " in cash", "410000000", Kind.MONEY, "USD"),
    ("410 million", " euros", "410000000", Kind.MONEY, "EUR"),
    ("410 million euros", "", "410000000", Kind.MONEY, "EUR"),
    ("31%", " holding", "31", Kind.PERCENT, "%"),
    ("31 percent", " of it", "31", Kind.PERCENT, "%"),
    ("$31 a share", " in cash", "31", Kind.PER_SHARE, "USD"),
    ("1.5 million shares", " in it", "1500000", Kind.SHARES, "shares"),
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(("before", "behind", "value", "kind", "unit"), NOTED)
def test_a_footnote_mark_is_no_part_of_a_figure(
    before: str, behind: str, value: str, kind: Kind, unit: str, mark: str
) -> None:
    source = f"It paid {before}{mark}{behind}"
    [mention] = find(source)
    assert (mention.kind, str(mention.value), mention.unit) == (kind, value, unit)
    assert source[mention.start : mention.end] == mention.text
    assert mention.text.startswith(before[:8])


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("$410 million 2031 round", ["410000000", "None"]),
        ("22%20 of%20it", []),
        ("5%20", []),
        ("a rise of 5% 2 years ago", ["5"]),
        ("$5 million, 2 months ago", ["5000000"]),
        ("$5m 3 times", ["5000000"]),
        ("shares1 cost €5", ["5"]),
        ("$5 [3]", ["5"]),
        ("*$5 million*", ["5000000"]),
        ("Euro5 and dollars2 are teams", []),
    ],
)
def test_digits_that_are_no_footnote_mark(source: str, values: list[str]) -> None:
    assert [str(mention.value) for mention in find(source)] == values


UNREAD = [
    # source, the figure that has no value
    ("$410 million1.5 of it", "$410 million1.5"),
    ("$5 milion", "$5 milion"),
    ("$5 millons", "$5 millons"),
    ("€5 bilion", "€5 bilion"),
    ("$5 gazillion", "$5 gazillion"),
    ("$5 mil", "$5 mil"),
    ("$5 billón", "$5 billón"),
    ("$100-odd million", "$100-odd million"),
    ("$100-plus million", "$100-plus million"),
    ("$100 or so million", "$100 or so million"),
    ("$1-something billion", "$1-something billion"),
    ("$5 dozen million", "$5 dozen million"),
    ("$3.x million", "$3.x million"),
    ("$5 x 10^6", "$5 x 10^6"),
    ("$5 million billion", "$5 million billion"),
    ("$5bn million", "$5bn million"),
    ("$5-7 million billion", "$5-7 million billion"),
    ("$5 to 7 milion", "$5 to 7 milion"),
    ("$1 million five hundred thousand", "$1 million five hundred thousand"),
    ("two and twenty million dollars", "two and twenty million dollars"),
    ("¾ of a billion dollars", "¾ of a billion dollars"),
    ("$1.2.3 billion", "$1.2.3 billion"),
    ("$1,2,3", "$1,2,3"),
    ("$1 234 million", "$1 234"),
    ("5 million MUSD", "5 million MUSD"),
    ("M$5", "M$5"),
    ("MM USD 18.5", "USD 18.5"),
    ("50 MUSD1 in cash", "MUSD1"),
]


@pytest.mark.parametrize(("source", "text"), UNREAD)
def test_a_figure_that_is_not_read_whole_has_no_value(source: str, text: str) -> None:
    """It is never read in part, and it says why."""
    [mention] = find(f"They paid {source} for it.")
    assert (mention.kind, mention.text, mention.value, mention.unit) == (Kind.UNREAD, text, None, "")
    assert mention.reason


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("$2 billion 300 million", ["2300000000"]),
        ("$12 thousand million", ["12000000000"]),
        ("$2 lakh crore", ["2000000000000"]),
        ("$5 million million", ["5000000000000"]),
        ("two five-million-dollar payments", ["5000000"]),
        ("$5 million two thousand-dollar bills", ["5000000", "2000"]),
        ("$100-plus", ["100"]),
        ("$5 or so", ["5"]),
        ("$5 and some milk", ["5"]),
        ("$5 Miller", ["5"]),
        ("$5 million-odd", ["5000000"]),
        ("£5·3m", ["5300000"]),
        ("twenty-five hundred dollars", ["2500"]),
    ],
)
def test_neighbours_that_are_read_whole(source: str, values: list[str]) -> None:
    assert [str(mention.value) for mention in find(f"They paid {source}")] == values


@pytest.mark.parametrize(
    "source",
    [
        "in the low nine figures",
        "a mid-eight-figure dollar sum",
        "a seven-figure price",
        "tens of millions of dollars",
        "hundreds of millions of euros",
        "several hundred million dollars",
        "a few million dollars",
        "a couple of million pounds",
        "two dozen million dollars",
        "forty-odd million dollars",
        "multi-billion euros",
    ],
)
def test_vague_sums_have_no_value(source: str) -> None:
    assert not [mention for mention in find(f"They paid {source} for it.") if mention.value is not None]


TABLES = [
    "(in millions)",
    "(in millions of US dollars)",
    "(in millions, except per share data)",
    "(unaudited, in thousands of dollars)",
    "($ in thousands)",
    "($ millions)",
    "($m)",
    "(USD 000)",
    "Amounts in thousands of dollars:",
    "All figures in millions",
    "In millions",
    "US$'000",
    "USD millions",
]


@pytest.mark.parametrize("heading", TABLES)
def test_a_figure_of_a_table_in_millions_has_no_value(heading: str) -> None:
    """Its scale stands apart from it. A figure with its own scale, a price per share and a percentage keep theirs."""
    text = (
        f"The price is as follows.\n\n{heading}\nCash $412.5\nShares $137.5\nTotal $1,550\nFee $2 million\n"
        "Each share $31 a share\nHeld 12%\n\nOrchard pays $65 in cash to each holder, the company said."
    )
    found = find(text)
    assert [mention.text for mention in found if mention.kind is Kind.UNREAD] == [
        "$412.5",
        "$137.5",
        "$1,550",
    ]
    assert [str(mention.value) for mention in found if mention.value] == ["2000000", "31", "12", "65"]


def test_a_count_of_a_table_in_millions_has_no_value() -> None:
    [mention] = find("(in millions of US dollars)\nCash 618.5\nShares 131.5\nTotal 750.0")
    assert (mention.kind, mention.value) == (Kind.UNREAD, None)


@pytest.mark.parametrize(
    "text",
    [
        "He invested in millions of trees.\nIt costs $550.",
        "It spent millions (in cash).\nIt costs $550.",
        "The deal (worth millions) was done for $550.",
        "They came in thousands\nand paid $550.",
        "(in person)\nTotal $550",
        "USD\nTotal $550",
    ],
)
def test_other_millions_are_no_heading_of_a_table(text: str) -> None:
    assert [str(mention.value) for mention in find(text)] == ["550"]
