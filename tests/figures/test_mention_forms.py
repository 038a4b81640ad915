"""Forms of figures, one row each: the source, the mention's own words, and what they mean."""

from decimal import Decimal

import pytest

from summarizer.figures import Kind, Mention, find, parse


def only(source: str) -> Mention:
    mentions = find(source)
    assert len(mentions) == 1, mentions
    assert source[mentions[0].start : mentions[0].end] == mentions[0].text
    return mentions[0]


MONEY = [
    # source, text of the mention, value, currency, qualifier
    ("paid $6.4 billion in cash", "$6.4 billion", "6400000000", "USD", "exact"),
    ("It paid $6.4 billion.", "$6.4 billion", "6400000000", "USD", "exact"),
    ("a $6.4-billion deal", "$6.4-billion", "6400000000", "USD", "exact"),
    ("a $6-billion deal", "$6-billion", "6000000000", "USD", "exact"),
    ("$6.4billion", "$6.4billion", "6400000000", "USD", "exact"),
    ("$6.4bn", "$6.4bn", "6400000000", "USD", "exact"),
    ("$6.4 bn", "$6.4 bn", "6400000000", "USD", "exact"),
    ("$ 6.4 bn", "$ 6.4 bn", "6400000000", "USD", "exact"),
    ("$6.4B", "$6.4B", "6400000000", "USD", "exact"),
    ("$6.4 B.", "$6.4 B", "6400000000", "USD", "exact"),
    ("$750m", "$750m", "750000000", "USD", "exact"),
    ("$750 M", "$750 M", "750000000", "USD", "exact"),
    ("$750MM", "$750MM", "750000000", "USD", "exact"),
    ("$750mn", "$750mn", "750000000", "USD", "exact"),
    ("$750 mln", "$750 mln", "750000000", "USD", "exact"),
    ("$1.2tn", "$1.2tn", "1200000000000", "USD", "exact"),
    ("$1.2 trillion", "$1.2 trillion", "1200000000000", "USD", "exact"),
    ("$1.2T", "$1.2T", "1200000000000", "USD", "exact"),
    ("$250k", "$250k", "250000", "USD", "exact"),
    ("$250 thousand", "$250 thousand", "250000", "USD", "exact"),
    ("$5 hundred million", "$5 hundred million", "500000000", "USD", "exact"),
    ("$1,000,000.00", "$1,000,000.00", "1000000", "USD", "exact"),
    ("$7,654,321", "$7,654,321", "7654321", "USD", "exact"),
    ("$900", "$900", "900", "USD", "exact"),
    ("$0.85", "$0.85", "0.85", "USD", "exact"),
    ("$.85", "$.85", "0.85", "USD", "exact"),
    ("$6.4 billion dollars", "$6.4 billion dollars", "6400000000", "USD", "exact"),
    ("$6.4\u00a0billion", "$6.4\u00a0billion", "6400000000", "USD", "exact"),
    ("$6.4\u202fbillion", "$6.4\u202fbillion", "6400000000", "USD", "exact"),
    ("$6.4\nbillion", "$6.4\nbillion", "6400000000", "USD", "exact"),
    ("$6.4\r\n    billion", "$6.4\r\n    billion", "6400000000", "USD", "exact"),
    ("＄６.４ billion", "＄６.４ billion", "6400000000", "USD", "exact"),
    ("US$3 bn", "US$3 bn", "3000000000", "USD", "exact"),
    ("US$ 3 bn", "US$ 3 bn", "3000000000", "USD", "exact"),
    ("US $3 bn", "US $3 bn", "3000000000", "USD", "exact"),
    ("U.S.$3 bn", "U.S.$3 bn", "3000000000", "USD", "exact"),
    ("$3 bn USD", "$3 bn USD", "3000000000", "USD", "exact"),
    ("USD 5.2bn", "USD 5.2bn", "5200000000", "USD", "exact"),
    ("USD5.2bn", "USD5.2bn", "5200000000", "USD", "exact"),
    ("5.2bn USD", "5.2bn USD", "5200000000", "USD", "exact"),
    ("$3 bn CAD", "$3 bn CAD", "3000000000", "CAD", "exact"),
    ("C$3 bn", "C$3 bn", "3000000000", "CAD", "exact"),
    ("CA$3 bn", "CA$3 bn", "3000000000", "CAD", "exact"),
    ("Cdn$3 bn", "Cdn$3 bn", "3000000000", "CAD", "exact"),
    ("$3 bn Canadian dollars", "$3 bn Canadian dollars", "3000000000", "CAD", "exact"),
    ("30 mln Canadian dlrs", "30 mln Canadian dlrs", "30000000", "CAD", "exact"),
    ("A$3 bn", "A$3 bn", "3000000000", "AUD", "exact"),
    ("$A3 bn", "$A3 bn", "3000000000", "AUD", "exact"),
    ("A $3 bn offer", "$3 bn", "3000000000", "USD", "exact"),
    ("NZ$3 bn", "NZ$3 bn", "3000000000", "NZD", "exact"),
    ("41.7 mln N.Z. Dlr", "41.7 mln N.Z. Dlr", "41700000", "NZD", "exact"),
    ("41.7 million New Zealand dollars", "41.7 million New Zealand dollars", "41700000", "NZD", "exact"),
    ("HK$3 bn", "HK$3 bn", "3000000000", "HKD", "exact"),
    ("3 billion Hong Kong dollars", "3 billion Hong Kong dollars", "3000000000", "HKD", "exact"),
    ("S$3 bn", "S$3 bn", "3000000000", "SGD", "exact"),
    ("R$3 bn", "R$3 bn", "3000000000", "BRL", "exact"),
    ("R3.4bn", "R3.4bn", "3400000000", "ZAR", "exact"),
    ("about R780 million", "R780 million", "780000000", "ZAR", "about"),
    ("R1,240,000", "R1,240,000", "1240000", "ZAR", "exact"),
    ("NIS 40 million", "NIS 40 million", "40000000", "ILS", "exact"),
    ("SKr4.5bn", "SKr4.5bn", "4500000000", "SEK", "exact"),
    ("KSh5bn", "KSh5bn", "5000000000", "KES", "exact"),
    ("Dh500 million", "Dh500 million", "500000000", "AED", "exact"),
    ("€5b", "€5b", "5000000000", "EUR", "exact"),
    ("€ 5.2 million", "€ 5.2 million", "5200000", "EUR", "exact"),
    ("5.2 million €", "5.2 million €", "5200000", "EUR", "exact"),
    ("5€", "5€", "5", "EUR", "exact"),
    ("EUR 5.2m", "EUR 5.2m", "5200000", "EUR", "exact"),
    ("5.2 million euros", "5.2 million euros", "5200000", "EUR", "exact"),
    ("a 5.2 billion-euro bid", "5.2 billion-euro", "5200000000", "EUR", "exact"),
    ("€1.234.567", "€1.234.567", "1234567", "EUR", "exact"),
    ("€1.200,50", "€1.200,50", "1200.5", "EUR", "exact"),
    ("5 000 000 euros", "5 000 000 euros", "5000000", "EUR", "exact"),
    ("5\u202f000 euros", "5\u202f000 euros", "5000", "EUR", "exact"),
    ("€2,5 Mrd", "€2,5 Mrd", "2500000000", "EUR", "exact"),
    ("£5m", "£5m", "5000000", "GBP", "exact"),
    ("£5 million pounds", "£5 million pounds", "5000000", "GBP", "exact"),
    ("5 million pounds sterling", "5 million pounds sterling", "5000000", "GBP", "exact"),
    ("17 mln stg", "17 mln stg", "17000000", "GBP", "exact"),
    ("5 mln Irish pounds", "5 mln Irish pounds", "5000000", "IEP", "exact"),
    ("¥900 billion", "¥900 billion", "900000000000", "JPY", "exact"),
    ("¥900 million yuan", "¥900 million yuan", "900000000", "CNY", "exact"),
    ("9.5 billion yen", "9.5 billion yen", "9500000000", "JPY", "exact"),
    ("9.5 billion yuan", "9.5 billion yuan", "9500000000", "CNY", "exact"),
    ("RMB 9.5 billion", "RMB 9.5 billion", "9500000000", "CNY", "exact"),
    ("RMB9.5bn", "RMB9.5bn", "9500000000", "CNY", "exact"),
    ("9.5 billion renminbi", "9.5 billion renminbi", "9500000000", "CNY", "exact"),
    ("₹1,50,000 crore", "₹1,50,000 crore", "1500000000000", "INR", "exact"),
    ("₹2 lakh crore", "₹2 lakh crore", "2000000000000", "INR", "exact"),
    ("Rs 500 crore", "Rs 500 crore", "5000000000", "INR", "exact"),
    ("Rs. 500 cr", "Rs. 500 cr", "5000000000", "INR", "exact"),
    ("Rs.12,34,567", "Rs.12,34,567", "1234567", "INR", "exact"),
    ("50 lakh rupees", "50 lakh rupees", "5000000", "INR", "exact"),
    ("INR 75 crore", "INR 75 crore", "750000000", "INR", "exact"),
    ("₩800 billion", "₩800 billion", "800000000000", "KRW", "exact"),
    ("800 billion won", "800 billion won", "800000000000", "KRW", "exact"),
    ("CHF 5 million", "CHF 5 million", "5000000", "CHF", "exact"),
    ("CHF 1'250'000", "CHF 1'250'000", "1250000", "CHF", "exact"),
    ("5 mln Swiss francs", "5 mln Swiss francs", "5000000", "CHF", "exact"),
    ("2.6 billion Kenyan shillings", "2.6 billion Kenyan shillings", "2600000000", "KES", "exact"),
    ("4 million Ugandan shillings", "4 million Ugandan shillings", "4000000", "UGX", "exact"),
    ("12 million Romanian lei", "12 million Romanian lei", "12000000", "RON", "exact"),
    ("about 3 million Peruvian soles", "3 million Peruvian soles", "3000000", "PEN", "about"),
    ("2 billion Icelandic kronur", "2 billion Icelandic kronur", "2000000000", "ISK", "exact"),
    ("GHS 6 million", "GHS 6 million", "6000000", "GHS", "exact"),
    ("5 mln French francs", "5 mln French francs", "5000000", "FRF", "exact"),
    ("2.1 billion Belgian francs", "2.1 billion Belgian francs", "2100000000", "BEF", "exact"),
    ("60 mln West German marks", "60 mln West German marks", "60000000", "DEM", "exact"),
    ("60 mln marks", "60 mln marks", "60000000", "DEM", "exact"),
    ("700 billion lire", "700 billion lire", "700000000000", "ITL", "exact"),
    ("45 mln Swedish crowns", "45 mln Swedish crowns", "45000000", "SEK", "exact"),
    ("45 mln Danish crowns", "45 mln Danish crowns", "45000000", "DKK", "exact"),
    ("SEK 45 million", "SEK 45 million", "45000000", "SEK", "exact"),
    ("45 million Norwegian kroner", "45 million Norwegian kroner", "45000000", "NOK", "exact"),
    ("RM80 million", "RM80 million", "80000000", "MYR", "exact"),
    ("3 million Saudi riyals", "3 million Saudi riyals", "3000000", "SAR", "exact"),
    ("25 mln dlrs", "25 mln dlrs", "25000000", "USD", "exact"),
    ("25\nmln dlrs", "25\nmln dlrs", "25000000", "USD", "exact"),
    ("25 MLN DLRS", "25 MLN DLRS", "25000000", "USD", "exact"),
    ("4.7 billion dlr", "4.7 billion dlr", "4700000000", "USD", "exact"),
    ("6.5 mln U.S. dlrs", "6.5 mln U.S. dlrs", "6500000", "USD", "exact"),
    ("8,300,000 dlrs", "8,300,000 dlrs", "8300000", "USD", "exact"),
    ("13.50 dlrs", "13.50 dlrs", "13.5", "USD", "exact"),
    ("64-7/8 dlrs", "64-7/8 dlrs", "64.875", "USD", "exact"),
    ("2 1/2 billion dollars", "2 1/2 billion dollars", "2500000000", "USD", "exact"),
    ("$2½ million", "$2½ million", "2500000", "USD", "exact"),
    ("45 cents", "45 cents", "0.45", "USD", "exact"),
    ("45 Canadian cents", "45 Canadian cents", "0.45", "CAD", "exact"),
    ("60 pence", "60 pence", "0.6", "GBP", "exact"),
    ("seven mln dlrs", "seven mln dlrs", "7000000", "USD", "exact"),
    ("Three dlrs", "Three dlrs", "3", "USD", "exact"),
    ("two billion dollars", "two billion dollars", "2000000000", "USD", "exact"),
    ("a two-billion-dollar bid", "two-billion-dollar", "2000000000", "USD", "exact"),
    ("a billion dollars", "a billion dollars", "1000000000", "USD", "exact"),
    ("half a billion dollars", "half a billion dollars", "500000000", "USD", "exact"),
    ("half-billion euros", "half-billion euros", "500000000", "EUR", "exact"),
    ("one and a half billion dollars", "one and a half billion dollars", "1500000000", "USD", "exact"),
    ("2 and a half million pounds", "2 and a half million pounds", "2500000", "GBP", "exact"),
    (
        "two hundred and fifty million euros",
        "two hundred and fifty million euros",
        "250000000",
        "EUR",
        "exact",
    ),
    ("Thirty-five thousand dollars", "Thirty-five thousand dollars", "35000", "USD", "exact"),
    (
        "one million five hundred thousand dollars",
        "one million five hundred thousand dollars",
        "1500000",
        "USD",
        "exact",
    ),
    # hedges
    ("about 25 mln dlrs", "25 mln dlrs", "25000000", "USD", "about"),
    ("approximately $6.4 billion", "$6.4 billion", "6400000000", "USD", "about"),
    ("some $6.4 billion", "$6.4 billion", "6400000000", "USD", "about"),
    ("nearly $6.4 billion", "$6.4 billion", "6400000000", "USD", "about"),
    ("almost a billion dlrs", "a billion dlrs", "1000000000", "USD", "about"),
    ("an estimated $6.4 billion", "$6.4 billion", "6400000000", "USD", "about"),
    ("close to $6.4 billion", "$6.4 billion", "6400000000", "USD", "about"),
    ("(roughly $6.4 billion)", "$6.4 billion", "6400000000", "USD", "about"),
    ("~$6.4bn", "$6.4bn", "6400000000", "USD", "about"),
    ("$6.4 billion or so", "$6.4 billion", "6400000000", "USD", "about"),
    ("more than $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("More\nthan $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("over $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("just over $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("at least about $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("in excess of $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("exceeding $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("surpasses $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("no less than $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("$6.4 billion or more", "$6.4 billion", "6400000000", "USD", "at_least"),
    ("$6 billion-plus", "$6 billion", "6000000000", "USD", "at_least"),
    ("$6bn+", "$6bn", "6000000000", "USD", "at_least"),
    (">$6bn", "$6bn", "6000000000", "USD", "at_least"),
    ("up to $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("up to an additional $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("as much as $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("less than $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("no more than $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("not more than $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("just under $6.4 billion", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("$6.4 billion or less", "$6.4 billion", "6400000000", "USD", "at_most"),
    ("talks about a $6.4 billion deal", "$6.4 billion", "6400000000", "USD", "exact"),
    ("under a $6.4 billion agreement", "$6.4 billion", "6400000000", "USD", "exact"),
]


@pytest.mark.parametrize(("source", "text", "value", "unit", "qualifier"), MONEY)
def test_money(source: str, text: str, value: str, unit: str, qualifier: str) -> None:
    """An amount gives its exact value in currency units, its currency, its hedge and its own words."""
    mention = only(source)
    assert (mention.kind, mention.text, mention.unit) == (Kind.MONEY, text, unit)
    assert str(mention.value) == value
    assert mention.qualifier == qualifier
    assert (mention.upper, mention.date) == (None, None)
    assert (mention.hedge is None) == (qualifier == "exact")


OTHERS = [
    # source, text of the mention, kind, value, qualifier
    ("$54.20 per share", "$54.20 per share", "per_share", "54.2", "exact"),
    ("$12 a share in cash", "$12 a share", "per_share", "12", "exact"),
    ("$12 in cash per share", "$12 in cash per share", "per_share", "12", "exact"),
    ("$12 for each Ostrava share", "$12 for each Ostrava share", "per_share", "12", "exact"),
    ("$12-a-share", "$12-a-share", "per_share", "12", "exact"),
    ("$12/share", "$12/share", "per_share", "12", "exact"),
    ("28.50 dlrs per common share", "28.50 dlrs per common share", "per_share", "28.5", "exact"),
    ("35 1/2 dlrs a share", "35 1/2 dlrs a share", "per_share", "35.5", "exact"),
    ("100 dlr per share", "100 dlr per share", "per_share", "100", "exact"),
    ("64 cents a share", "64 cents a share", "per_share", "0.64", "exact"),
    ("60 pence a share", "60 pence a share", "per_share", "0.6", "exact"),
    ("60p a share", "60p a share", "per_share", "0.6", "exact"),
    ("about 15 dlrs per\nshare", "15 dlrs per\nshare", "per_share", "15", "about"),
    ("$40 per Class B share", "$40 per Class B share", "per_share", "40", "exact"),
    ("$40 per American depositary share", "$40 per American depositary share", "per_share", "40", "exact"),
    ("a 51% stake", "51%", "percent", "51", "exact"),
    ("Stake:51%", "51%", "percent", "51", "exact"),
    ("its stake--51 pct--", "51 pct", "percent", "51", "exact"),
    ("51 %", "51 %", "percent", "51", "exact"),
    ("100%-owned", "100%", "percent", "100", "exact"),
    ("51.25 percent", "51.25 percent", "percent", "51.25", "exact"),
    ("51 per cent", "51 per cent", "percent", "51", "exact"),
    ("a 51-percent stake", "51-percent", "percent", "51", "exact"),
    ("6.8 pct", "6.8 pct", "percent", "6.8", "exact"),
    ("6.8\npct", "6.8\npct", "percent", "6.8", "exact"),
    ("6-3/4 pct", "6-3/4 pct", "percent", "6.75", "exact"),
    (".5 percent", ".5 percent", "percent", "0.5", "exact"),
    ("fifty-one percent", "fifty-one percent", "percent", "51", "exact"),
    ("One hundred percent", "One hundred percent", "percent", "100", "exact"),
    ("nearly a 20% stake", "20%", "percent", "20", "about"),
    ("as much as 15 pct", "15 pct", "percent", "15", "at_most"),
    ("a majority of at least 51%", "51%", "percent", "51", "at_least"),
    ("12x EBITDA", "12x", "multiple", "12", "exact"),
    ("12 x EBITDA", "12 x", "multiple", "12", "exact"),
    ("8.5x", "8.5x", "multiple", "8.5", "exact"),
    ("8.5 times revenue", "8.5 times", "multiple", "8.5", "exact"),
    ("12 times expected annual earnings", "12 times", "multiple", "12", "exact"),
    ("three times book value", "three times", "multiple", "3", "exact"),
    ("about 9 times Ostrava's sales", "9 times", "multiple", "9", "about"),
    ("1.8 mln shares", "1.8 mln shares", "shares", "1800000", "exact"),
    ("3,172,680 shares", "3,172,680 shares", "shares", "3172680", "exact"),
    ("436,600 Ostrava shares", "436,600 Ostrava shares", "shares", "436600", "exact"),
    ("436,600 Ostrava Corp common shares", "436,600 Ostrava Corp common shares", "shares", "436600", "exact"),
    ("30 mln ordinary shares", "30 mln ordinary shares", "shares", "30000000", "exact"),
    ("30 mln of its shares", "30 mln of its shares", "shares", "30000000", "exact"),
    (
        "two mln newly issued Class A shares",
        "two mln newly issued Class A shares",
        "shares",
        "2000000",
        "exact",
    ),
    ("a five-million-share offering", "five-million-share", "shares", "5000000", "exact"),
    ("5M shares", "5M shares", "shares", "5000000", "exact"),
    ("0.85 shares", "0.85 shares", "shares", "0.85", "exact"),
    ("up to 2.1 mln shares", "2.1 mln shares", "shares", "2100000", "at_most"),
]


@pytest.mark.parametrize(("source", "text", "kind", "value", "qualifier"), OTHERS)
def test_prices_percentages_multiples_and_shares(
    source: str, text: str, kind: str, value: str, qualifier: str
) -> None:
    """A per-share price, percentage, multiple or share count gives its exact value and its own words."""
    mention = only(source)
    assert (mention.kind, mention.text, mention.qualifier) == (kind, text, qualifier)
    assert str(mention.value) == value
    assert mention.upper is None


RANGES = [
    # source, text of the mention, lower end, upper end, unit
    ("$5 billion to $7 billion", "$5 billion to $7 billion", "5000000000", "7000000000", "USD"),
    ("$5-7 billion", "$5-7 billion", "5000000000", "7000000000", "USD"),
    ("$5–7 billion", "$5–7 billion", "5000000000", "7000000000", "USD"),
    ("$5-$7 billion", "$5-$7 billion", "5000000000", "7000000000", "USD"),
    ("$5 to 7 billion", "$5 to 7 billion", "5000000000", "7000000000", "USD"),
    ("$5 to $7 billion", "$5 to $7 billion", "5000000000", "7000000000", "USD"),
    ("$5-7", "$5-7", "5", "7", "USD"),
    ("$5 or $6 billion", "$5 or $6 billion", "5000000000", "6000000000", "USD"),
    ("$900 million-$1.2 billion", "$900 million-$1.2 billion", "900000000", "1200000000", "USD"),
    ("$900 million - 1.2 billion", "$900 million - 1.2 billion", "900000000", "1200000000", "USD"),
    ("$5bn-$7bn", "$5bn-$7bn", "5000000000", "7000000000", "USD"),
    ("US$5bn-7bn", "US$5bn-7bn", "5000000000", "7000000000", "USD"),
    ("5-7 billion dollars", "5-7 billion dollars", "5000000000", "7000000000", "USD"),
    ("five to seven billion dollars", "five to seven billion dollars", "5000000000", "7000000000", "USD"),
    ("two or three mln dlrs", "two or three mln dlrs", "2000000", "3000000", "USD"),
    ("5m-7m euros", "5m-7m euros", "5000000", "7000000", "EUR"),
    ("between 5 and 7 billion dollars", "between 5 and 7 billion dollars", "5000000000", "7000000000", "USD"),
    ("between $5 and $7 billion", "between $5 and $7 billion", "5000000000", "7000000000", "USD"),
    (
        "between $5 billion and $7 billion",
        "between $5 billion and $7 billion",
        "5000000000",
        "7000000000",
        "USD",
    ),
    ("between about $5bn and $7bn", "between about $5bn and $7bn", "5000000000", "7000000000", "USD"),
    ("between £40m and perhaps £50m", "between £40m and perhaps £50m", "40000000", "50000000", "GBP"),
    ("€40m to as much as €50m", "€40m to as much as €50m", "40000000", "50000000", "EUR"),
    ("from $2bn up to $3bn", "from $2bn up to $3bn", "2000000000", "3000000000", "USD"),
    ("from $2bn to $3bn", "$2bn to $3bn", "2000000000", "3000000000", "USD"),
    ("about $5 billion to $7 billion", "$5 billion to $7 billion", "5000000000", "7000000000", "USD"),
    ("$10 to 12 a share", "$10 to 12 a share", "10", "12", "USD"),
    ("$10-$12 per share", "$10-$12 per share", "10", "12", "USD"),
    ("60 to 64 cents a share", "60 to 64 cents a share", "0.6", "0.64", "USD"),
    ("51 to 60 percent", "51 to 60 percent", "51", "60", "%"),
    ("51-60%", "51-60%", "51", "60", "%"),
    ("51% to 60%", "51% to 60%", "51", "60", "%"),
    ("between 20% and 25%", "between 20% and 25%", "20", "25", "%"),
    ("an increase of 5% to 7%", "5% to 7%", "5", "7", "%"),
    ("8-10x EBITDA", "8-10x", "8", "10", "x"),
    ("10 to 12 times earnings", "10 to 12 times", "10", "12", "x"),
    ("5 to 7 mln shares", "5 to 7 mln shares", "5000000", "7000000", "shares"),
]


@pytest.mark.parametrize(("source", "text", "lower", "upper", "unit"), RANGES)
def test_ranges(source: str, text: str, lower: str, upper: str, unit: str) -> None:
    """A range is one mention with both ends, and a magnitude or currency said once holds for both."""
    mention = only(source)
    assert (mention.text, mention.unit, mention.qualifier) == (text, unit, "range")
    assert (str(mention.value), str(mention.upper)) == (lower, upper)


PAIRS = [
    ("It takes its 24% to 100%.", ["24%", "100%"]),
    # source, the mentions' own words
    ("raised its bid from $2bn to $3bn", ["$2bn", "$3bn"]),
    ("has increased its stake in Ostrava Corp from 10.9 pct to 12.2 pct", ["10.9 pct", "12.2 pct"]),
    ("cut its holding from 10.9 to 8.2 pct", ["10.9", "8.2 pct"]),
    ("rose 5 mln dlrs to 7 mln dlrs", ["5 mln dlrs", "7 mln dlrs"]),
    ("raised its stake to 12.2 pct from 10.9 pct", ["12.2 pct", "10.9 pct"]),
    ("a split of 60% to 40%", ["60%", "40%"]),
    ("5 pct or 7 pct", ["5 pct", "7 pct"]),
    ("$5 billion to €7 billion", ["$5 billion", "€7 billion"]),
    ("5 mln dlrs to 7 mln Canadian dlrs", ["5 mln dlrs", "7 mln Canadian dlrs"]),
    ("£5 million USD", ["£5 million"]),
    ("$5 million-7", ["$5 million"]),
    ("a $5-7-year note", ["$5"]),
    ("$5 - ", ["$5"]),
    ("unit 5 5000 euros", ["5000 euros"]),
    ("$1 to $1 million", ["$1", "$1 million"]),
    ("$500 to $1 million", ["$500", "$1 million"]),
    ("70 mln dlrs, or 3.50 dlrs a share", ["70 mln dlrs", "3.50 dlrs a share"]),
    ("$5 billion and $7 billion", ["$5 billion", "$7 billion"]),
    ("$5 billion in cash and 3 million shares", ["$5 billion", "3 million shares"]),
    ("$8 billion, up from 7 billion in 2019", ["$8 billion", "7 billion", "2019"]),
    ("$5 billion and 7 billion users", ["$5 billion"]),
    ("$5 million to 7 million customers", ["$5 million"]),
    ("$40, $45 and $50 a share", ["$40", "$45", "$50 a share"]),
    ("It bought 20% for £3m in June 2021", ["20%", "£3m", "June 2021"]),
    ("$5 million 2023 round", ["$5 million", "2023"]),
    ("$1 million\n\n2 billion euros", ["$1 million", "2 billion euros"]),
    ("$1.25 billion plus $750 million", ["$1.25 billion", "$750 million"]),
    ("In 2023 500 dollars", ["2023", "500 dollars"]),
    ("- $5 million\n- 7 pct", ["$5 million", "7 pct"]),
    ("Revenue: $5 million (up 7%)", ["$5 million", "7%"]),
]


@pytest.mark.parametrize(("source", "texts"), PAIRS)
def test_neighbours_stay_apart(source: str, texts: list[str]) -> None:
    """Figures beside each other that form no range are each their own mention."""
    assert [mention.text for mention in find(source)] == texts


def test_the_lower_figure_of_a_change_takes_the_unit_of_the_higher() -> None:
    """In "from 10.9 to 8.2 pct" after a verb of change, both figures are percentages."""
    first, second = find("cut its holding from 10.9 to 8.2 pct")
    assert (first.kind, first.unit, first.value) == (second.kind, second.unit, Decimal("10.9"))


def test_a_paired_amount_takes_the_currency_of_its_partner() -> None:
    """In "€8 billion, up from 7 billion in 2019", the second amount is in euros too."""
    mention = find("€8 billion, up from 7 billion in 2019")[1]
    assert (mention.kind, mention.unit, mention.value) == (Kind.MONEY, "EUR", Decimal(7 * 10**9))


STEPS = [
    ("6.4 billion dollars", "100000000"),
    ("15 billion dollars", "1000000000"),
    ("$16,400,000,000", "1"),
    ("$900", "1"),
    ("$900.50", "0.01"),
    ("35 1/2 dlrs", "0.5"),
    ("64 cents", "0.01"),
    ("seven mln dlrs", "1000000"),
    ("half a billion dollars", "500000000"),
    ("$5.25-7 billion", "10000000"),
    ("51%", "1"),
    ("51.0%", "0.1"),
    ("8.5x", "0.1"),
    ("1.8 mln shares", "100000"),
    ("₹1,500 crore", "10000000"),
]


@pytest.mark.parametrize(("source", "step"), STEPS)
def test_step(source: str, step: str) -> None:
    """The step is the size of the last digit that the text states."""
    assert str(only(source).step) == step


HEDGES = [
    ("It cost more than about $5 million.", "more than about"),
    ("It cost well over $5 million.", "well over"),
    ("(about $5 million)", "about"),
    ("It cost $5 million or more.", "or more"),
    ("a $5 million-plus deal", "plus"),
    ("up to another $5 million", "up to"),
    ("nearly a 5% stake", "nearly"),
    ("~ $5 million", "~"),
]


@pytest.mark.parametrize(("source", "hedge"), HEDGES)
def test_the_hedge_has_its_own_span(source: str, hedge: str) -> None:
    """The span of the hedge covers its words and nothing of the figure."""
    mention = only(source)
    assert mention.hedge is not None
    assert source[slice(*mention.hedge)] == hedge


def test_a_hedge_at_a_line_end_counts_and_one_of_the_paragraph_before_does_not() -> None:
    [wrapped] = find("It will pay about\n$5 million.")
    [apart] = find("What it is all about\n\n$5 million was paid.")
    assert (wrapped.qualifier.value, apart.qualifier.value) == ("about", "exact")


def test_a_hedge_of_the_figure_before_is_not_taken() -> None:
    """Words that belong to the sentence before, or stand before another figure, hedge nothing here."""
    assert [mention.qualifier for mention in find("about $5 million and $7 million")] == ["about", "exact"]
    assert only("That is about\n\n$7 million").qualifier == "exact"


@pytest.mark.parametrize("source", [row[0] for row in (*MONEY, *OTHERS, *RANGES)])
def test_a_mention_parses_alone_as_it_does_in_its_text(source: str) -> None:
    """The words of a mention, given alone, parse to the same figure."""
    mention = only(source)
    alone = parse(mention.text, mention.kind)
    assert alone is not None
    assert (alone.value, alone.upper, alone.unit) == (mention.value, mention.upper, mention.unit)


def test_parse_wants_the_whole_string() -> None:
    """One figure with its hedge and white space parses; more words, two figures or another kind do not."""
    assert parse("  more than $5 million ") == find("  more than $5 million ")[0]
    assert parse("$5 million", Kind.MONEY) is not None
    assert parse("$5 million", Kind.PERCENT) is None
    assert parse("$5 million deal") is None
    assert parse("paid $5 million") is None
    assert parse("$5 million and $6 million") is None
    assert parse("5 million") is None
    assert parse("") is None
    assert parse("$5 million" + " " * 10_000) is None
