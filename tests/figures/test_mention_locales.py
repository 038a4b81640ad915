"""Marks and currency words that mean different things in different countries."""

from __future__ import annotations

import pytest

from summarizer.figures import Kind, find

DECIMALS = [
    # source, value, currency
    ("2,5 Mrd. Euro", "2500000000", "EUR"),
    ("2,5 Mio. EUR", "2500000", "EUR"),
    ("EUR 2,5 Mio.", "2500000", "EUR"),
    ("2,3 miljarder kronor", "2300000000", "SEK"),
    ("4,2 milliards d'euros", "4200000000", "EUR"),
    ("4,2 milliards d’euros", "4200000000", "EUR"),
    ("4,2 millones de euros", "4200000", "EUR"),
    ("12,5 milioni di euro", "12500000", "EUR"),
    ("3,5 miljoen euro", "3500000", "EUR"),
    ("350 Millionen Euro", "350000000", "EUR"),
    ("$1,23 million", "1230000", "USD"),
    ("USD 2.000.000", "2000000", "USD"),
    ("USD 2.000,00", "2000", "USD"),
    ("1.234.567,89 EUR", "1234567.89", "EUR"),
    ("EUR 1 234 567,50", "1234567.5", "EUR"),
    ("1.200,50 dollars", "1200.5", "USD"),
    ("R$ 1.250.000,00", "1250000", "BRL"),
    ("CHF 1’250’000", "1250000", "CHF"),
    ("EUR 2,50", "2.5", "EUR"),
    ("31,5%", "31.5", "%"),
    ("31,25 percent", "31.25", "%"),
    # neighbours
    ("$2,500", "2500", "USD"),
    ("€2,500", "2500", "EUR"),
    ("€2,500 million", "2500000000", "EUR"),
    ("€2.500 million", "2500000", "EUR"),
    ("2,000,000 dollars", "2000000", "USD"),
    ("$1,500.50", "1500.5", "USD"),
    ("₹12,50,000", "1250000", "INR"),
    ("1.234%", "1.234", "%"),
]


@pytest.mark.parametrize(("source", "value", "unit"), DECIMALS)
def test_decimal_commas_and_grouping_dots(source: str, value: str, unit: str) -> None:
    [mention] = find(f"They paid {source} for it.")
    assert (str(mention.value), mention.unit) == (value, unit)


@pytest.mark.parametrize(
    "source", ["€2.500", "USD 2.000", "kr 2.500", "2.500 euros", "1,234 Mrd. Euro", "1.500 MEUR", "$2,50"]
)
def test_marks_that_can_be_read_in_two_ways_give_no_value(source: str) -> None:
    [mention] = find(f"They paid {source} for it.")
    assert (mention.kind, mention.value, mention.text) == (Kind.UNREAD, None, source.removesuffix("."))
    assert "two ways" in mention.reason


PREFIXES = [
    ("Mex$4 million", "MXN"),
    ("Mex $4 million", "MXN"),
    ("MX$4 million", "MXN"),
    ("MXN$4 million", "MXN"),
    ("Cdn $4 million", "CAD"),
    ("NT$4 million", "TWD"),
    ("NT $4 million", "TWD"),
    ("R$4 million", "BRL"),
    ("RD$4 million", "DOP"),
    ("COP$4 million", "COP"),
    ("Bds$4 million", "BBD"),
    ("Arg$4 million", ""),
    ("Xyz$4 million", ""),
    ("Z$4 million", ""),
    ("Chile$4 million", ""),
    ("E£4 million", "EGP"),
    ("CN¥4 million", "CNY"),
    ("Qrs¥4 million", ""),
    ("$4 million pesos", ""),
    ("$4 million Mexican pesos", "MXN"),
    # neighbours
    ("$4 million", "USD"),
    ("US$4 million", "USD"),
    ("USD$4 million", "USD"),
    ("U.S. $4 million", "USD"),
    ("a $4 million", "USD"),
    ("Acme $4 million", "USD"),
]


@pytest.mark.parametrize(("source", "unit"), PREFIXES)
def test_an_unknown_prefix_of_a_sign_gives_no_currency(source: str, unit: str) -> None:
    [mention] = find(f"They paid {source} for it.")
    assert (str(mention.value), mention.unit) == ("4000000", unit)


AMBIGUOUS = [
    ("They paid kr 640 million.", ""),
    ("They paid 640 million kroner.", ""),
    ("They paid 640 million pesos.", ""),
    ("They paid 640 million rupees.", ""),
    ("They paid Rs 640 million.", ""),
    ("They paid 640 million dinars.", ""),
    ("They paid 640 million riyals.", ""),
    ("They paid 640 million crowns.", ""),
    ("The Danish brewer paid kr 640 million.", "DKK"),
    ("The firm in Oslo paid 640 million kroner.", "NOK"),
    ("The Mexican firm paid 640 million pesos.", "MXN"),
    ("They paid 640 million Chilean pesos.", "CLP"),
    ("They paid Rs 640 crore.", "INR"),
    ("A firm in Karachi paid 640 million rupees.", "PKR"),
    ("They paid 640 million pounds.", "GBP"),
    ("In Cairo they paid 640 million pounds.", "EGP"),
    ("In Cairo and Beirut they paid 640 million pounds.", ""),
    ("The British firm left Cairo for 640 million pounds.", "GBP"),
    ("In Cairo they paid 640 million pounds sterling.", "GBP"),
    ("In Cairo they paid £640 million.", "GBP"),
    ("They paid 640 million kronor.", "SEK"),
    ("They paid NOK 640 million.", "NOK"),
]


@pytest.mark.parametrize(("source", "unit"), AMBIGUOUS)
def test_a_word_of_several_countries_gives_no_currency_unless_the_text_tells(source: str, unit: str) -> None:
    [mention] = find(source)
    assert mention.value is not None
    assert mention.unit == unit


CHANGES = [
    ("cut its bid by £1.5 million to £33.5 million", ["1500000", "33500000"]),
    ("the price was lowered by $20 million to $310 million", ["20000000", "310000000"]),
    ("revenue fell £0.6 million to £8.1 million", ["600000", "8100000"]),
    ("grew by 3 million to 10 million euros", ["3000000", "10000000"]),
    ("a loss reduced by €2bn to €5bn", ["2000000000", "5000000000"]),
    ("rose by $3 to $15", ["3", "15"]),
    ("raised its stake by 5% to 12%", ["5", "12"]),
]


@pytest.mark.parametrize(("source", "values"), CHANGES)
def test_a_change_by_one_figure_to_another_is_no_range(source: str, values: list[str]) -> None:
    found = find(source)
    assert [str(mention.value) for mention in found] == values
    assert not [mention for mention in found if mention.upper is not None]


@pytest.mark.parametrize(
    "source",
    [
        "worth £1.5 million to £33.5 million",
        "between £1.5 million and £33.5 million",
        "from £1.5 million to £33.5 million",
        "valued by analysts at £1.5 million to £33.5 million",
        "£1.5-33.5 million",
    ],
)
def test_ranges_stay_ranges(source: str) -> None:
    [mention] = find(source)
    assert (str(mention.value), str(mention.upper)) == ("1500000", "33500000")
