"""What holds for any text: exact round trips, true spans, linear time."""

import time
from datetime import date
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.figures import Kind, Qualifier, find, parse

POWERS = {
    " thousand": 3,
    "k": 3,
    " million": 6,
    "-million": 6,
    "\nmln": 6,
    "m": 6,
    " crore": 7,
    "\u00a0billion": 9,
    "bn": 9,
    " trillion": 12,
}
BEFORE = {
    "$": "USD",
    "US$": "USD",
    "C$ ": "CAD",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "USD ": "USD",
    "CHF ": "CHF",
}
AFTER = {
    " dlrs": "USD",
    " euros": "EUR",
    " stg": "GBP",
    "\nyen": "JPY",
    " Canadian dollars": "CAD",
    " NOK": "NOK",
}
HEDGES = {
    "": Qualifier.EXACT,
    "about ": Qualifier.ABOUT,
    "more than ": Qualifier.AT_LEAST,
    "up to ": Qualifier.AT_MOST,
}


@given(
    value=st.decimals(min_value=0, max_value=10**9, places=2),
    grouped=st.booleans(),
    scale=st.sampled_from([("", 0), *POWERS.items()]),
    currency=st.sampled_from([(sign, "", unit) for sign, unit in BEFORE.items()])
    | st.sampled_from([("", word, unit) for word, unit in AFTER.items()]),
    hedge=st.sampled_from([*HEDGES]),
)
def test_money_round_trip(
    value: Decimal, grouped: bool, scale: tuple[str, int], currency: tuple[str, str, str], hedge: str
) -> None:
    """An amount written in any style parses back to exactly its value, with its currency and hedge."""
    before, after, unit = currency
    magnitude, power = scale
    text = f"{hedge}{before}{abs(value):{',' if grouped else ''}f}{magnitude}{after}"
    mention = parse(text, Kind.MONEY)
    assert mention is not None
    assert mention.value == abs(value) * 10**power
    assert mention.step == Decimal("0.01") * 10**power
    assert (mention.unit, mention.qualifier) == (unit, HEDGES[hedge])
    assert find(f"It paid {text}, the firm said.")[0].value == mention.value


def in_words(number: int) -> str:
    small = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    small += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number >= 1000:
        rest = f" {in_words(number % 1000)}" if number % 1000 else ""
        return f"{in_words(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{small[number // 100]} hundred{rest}"
    if number >= 20:
        return tens[number // 10 - 2] + (f"-{small[number % 10]}" if number % 10 else "")
    return small[number]


@given(st.integers(0, 999_999))
def test_number_words_round_trip(number: int) -> None:
    """A number in words means the same as in digits."""
    mention = parse(f"{in_words(number)} dollars")
    assert mention is not None
    assert mention.value == number


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_dates_round_trip(day: date) -> None:
    """A day written in any of the usual ways gives its ISO form."""
    for text in (f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", day.isoformat()):
        mention = parse(text, Kind.DATE)
        assert mention is not None
        assert mention.date == day.isoformat()


WORDS = """$ € £ C$ % . , - – — ( ) / : ' 1 5 7.5 12,000 1.2.3 2025 06 31 1/2 ½ 1,50,000 million mln bn m
b k crore dlrs dollars U.S. N.Z. Canadian Hong Kong francs won pounds of sterling percent per cent pct x
times earnings share shares common Ostrava Corp a an one two fifty hundred thousand half and or to from
between raised about more than up least at some plus May June Sept. Q3 third quarter fiscal FY early the
not disclosed undisclosed terms price no was given declined disclose İ é ５ ＄ \u2011"""
PIECES = [*WORDS.split(), " ", "  ", "\n", "\n\n", "\u00a0", "\u202f", "\t", "\r\n"]
_LISTS = st.lists(st.sampled_from(PIECES), max_size=40)
TEXTS = st.text() | _LISTS.map(" ".join) | _LISTS.map("".join)


@given(TEXTS)
def test_spans_are_true(text: str) -> None:
    """Whatever the text, mentions come in order, do not overlap, and quote it; hedges stand beside them."""
    end = 0
    for mention in find(text):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.text == text[mention.start : mention.end]
        end = mention.end
        if mention.hedge:
            first, last = mention.hedge
            assert 0 <= first < last <= len(text)
            assert last <= mention.start or first >= mention.end


@given(TEXTS)
def test_values_are_plain_and_complete(text: str) -> None:
    """Each kind has its value, unit, step and date, as plain decimals without exponent, and nothing else."""
    for mention in find(text):
        assert bool(mention.reason) == (mention.kind is Kind.UNREAD)
        if mention.kind in (Kind.DATE, Kind.UNDISCLOSED, Kind.UNREAD):
            assert (mention.value, mention.upper, mention.step, mention.unit) == (None, None, None, "")
            assert (mention.date is not None) == (mention.kind is Kind.DATE)
            continue
        assert mention.value is not None
        assert mention.step is not None
        assert mention.value >= 0 < mention.step
        assert mention.date is None
        assert mention.unit or mention.kind in (Kind.MONEY, Kind.PER_SHARE)
        assert "E" not in f"{mention.value}{mention.upper}{mention.step}"
        assert mention.upper is None or mention.value < mention.upper
        assert (mention.upper is not None) == (mention.qualifier is Qualifier.RANGE)


@given(TEXTS, TEXTS)
def test_paragraphs_do_not_meet(first: str, second: str) -> None:
    """What is found in a paragraph does not depend on the paragraph after it."""
    alone = find(f"{first}\n\n")
    assert find(f"{first}\n\n{second}")[: len(alone)] == alone


def test_the_callers_decimal_context_does_not_matter() -> None:
    """Values stay exact in a context of three digits."""
    with localcontext(Context(prec=3)):
        mention = parse("$123,456.789 million")
    assert mention is not None
    assert str(mention.value) == "123456789000"


@given(
    st.integers(1900, 2099),
    st.sampled_from(
        ["", "in ", "fiscal ", "FY", "Q3 ", "early ", "the first half of ", "June ", "since ", "2H "]
    ),
)
def test_years_round_trip(year: int, before: str) -> None:
    """A year is read as it stands, whatever words make a period of it."""
    assert [mention.date for mention in find(f"{before}{year}.")] == [
        f"{year}-06" if before == "June " else f"{year}"
    ]


# Each is a stretch that invites backtracking when it is repeated.
ADVERSE = [
    *("1", "1,", "1.", "1'111", "1 ", "$", "$1 ", "$1 to ", "1-", "1/2 ", "2024 ", "06/05/2025 ", "May "),
    *(
        "million ",
        "a million and ",
        "one ",
        "two hundred and ",
        "half a ",
        "between 1 and ",
        "about ",
        "not ",
    ),
    *(
        "disclosed ",
        "no terms was given ",
        "1 Ostrava ",
        "1 of its ",
        "$5 in cash per ",
        "A.",
        " ",
        "\n",
        "\n ",
    ),
    *(
        "\u00a0",
        "１",
        "(in millions) ",
        "(in ",
        "million1 ",
        "1%2",
        "a quarter of ",
        "half of A ",
        "$1 234 ",
        "MUSD ",
        "a1",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize("piece", ADVERSE)
def test_time_grows_linearly(piece: str) -> None:
    """Twice the text takes about twice the time, however the text is built."""
    short, long = (_seconds(piece * (size // len(piece))) for size in (4_000, 16_000))
    assert long < 10 * short + 0.1  # 4 if linear, 16 if quadratic


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["1", "1,", "1.", " ", "$", "million ", "1,234,567.", "aaaaaaaa", "\n", "(in\n"]
)
def test_a_megabyte_is_read_in_seconds(piece: str) -> None:
    """A text of a million characters of digits, marks or spaces takes no more than a few seconds."""
    assert _seconds(piece * (1_000_000 // len(piece))) < 5


def _seconds(text: str) -> float:
    taken = []
    for _ in range(3):
        start = time.process_time()
        find(text)
        taken.append(time.process_time() - start)
    return min(taken)
