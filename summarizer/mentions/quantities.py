"""A number and the unit that stands with it."""

import re
from decimal import Decimal
from typing import NamedTuple

from . import currencies, numerals
from .model import Kind
from .numerals import EXACT, Number
from .plain import GAP, SEP, words, words_after

_I = re.IGNORECASE | re.ASCII
_PERCENT = re.compile(
    rf"{GAP}%(?![0-9])|(?:{SEP})?(?:percent|per{SEP}cent|pct|pc)(?!\w)(?!{SEP}points?\b)", _I
)
_TIMES = re.compile(rf"(?P<glued>[xX×])(?!\w)|{SEP}(?:[x×]|(?P<word>times))(?!\w)")
_IN_CASH = re.compile(rf"{SEP}(?:in{SEP})?(?:cash|stock|net)(?!\w)", _I)
_PER = re.compile(rf"{SEP}(?:per|an?|each|for{SEP}e(?:ach|very))(?= |-)|(?=/)", _I)
_SHARE_ATTRIBUTE = re.compile(r"-share\b", _I)

_SHARE = words("share shr ads adr")
_SHARES = words("shares shrs adss adrs")
_OF_SHARES = words(
    """common ordinary preferred preference voting non outstanding new newly issued unissued additional
    existing first second participating cumulative redeemable deferred subordinate subordinated junior senior
    restricted treasury convertible authorized authorised registered unregistered bearer diluted basic fully
    paid american depositary depository capital class series stock of its the their his our or and"""
)
_METRICS = words(
    """revenue revenues sales earnings ebitda ebitdar ebit profit profits book cash arr income gmv assets
    equity"""
)
_OF_METRICS = words(
    """its the their our about estimated expected projected forecast forward trailing annual annualized
    annualised recurring next last this current gross net tangible adjusted operating pre tax year's years'
    month of"""
)
# A unit starts with a capital, with a sign or with one of a few words: the rest need no closer look.
_FOLLOWING = re.compile(rf"(?:{SEP})?(?:([a-z]+)|[A-Z%×¢{currencies.SIGNS}])")
_UNIT_WORDS = currencies.FIRST_WORDS | _SHARES | _OF_SHARES | words("percent per pct pc times x share")

_IN = re.compile(r"\b(?:in|since|during|by|until|from|before|after) {1,4}\Z", _I)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_THOUSANDTHS = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")
_GROUP_BEFORE = re.compile(r"(?<![0-9])[0-9]{1,3} \Z")
_CENTS = Decimal("0.01")
_GLUE = ("_", "#", "@", "/", "\\", ".", *currencies.SIGNS)


class Quantity(NamedTuple):
    """A number with the unit that stands with it, if one does."""

    start: int
    end: int
    number: Number
    kind: Kind | None = None
    unit: str = ""
    factor: Decimal = Decimal(1)
    prefixed: bool = False  # the currency stands before the number

    @property
    def value(self) -> Decimal:
        """The exact value in currency units, points, times or shares."""
        return EXACT.multiply(self.number.value, self.factor)


def read(text: str, start: int, floor: int) -> Quantity | None:
    """Return the number at `start` with its unit; nothing before `floor` belongs to it."""
    number = numerals.read(text, start)
    if number is None:
        return None
    prefix = currencies.before(text, number.start) if text[start].isdigit() else None
    if prefix and text[prefix[0] : number.start] == "R" and not _is_rand(text, number):
        return None
    if prefix and prefix[0] >= floor:
        quantity = _prefixed(text, number, *prefix)
    elif number.start == floor or _stands_free(text, number.start, floor):
        quantity = _suffixed(text, number)
    else:
        return None
    if text[quantity.end : quantity.end + 1].isalnum():
        return None
    in_euros = quantity.unit == "EUR"
    if number.european and not in_euros:
        return None
    if in_euros and not number.scaled and _THOUSANDTHS.fullmatch(text, number.start, number.end):
        return None  # "€1.200" is one and a fifth, or twelve hundred
    return quantity


def _is_rand(text: str, number: Number) -> bool:
    """Tell whether "R3.4bn", "R1,240" or "R12.50" is money; "R2" and "R34" are names."""
    return number.scaled or number.step == _CENTS or "," in text[number.start : number.end]


def _prefixed(text: str, number: Number, start: int, unit: str) -> Quantity:
    end = number.end
    if (named := currencies.after(text, end, firm=True)) and named[2] == 1:  # "$5 billion dollars", "$5m CAD"
        dollars = unit == "USD" and named[1].endswith("D")
        if named[1] == unit or dollars or (unit, named[1]) == ("JPY", "CNY"):
            end, unit, _ = named
    return priced(text, Quantity(start, end, number, Kind.MONEY, unit, prefixed=True))


def _suffixed(text: str, number: Number) -> Quantity:
    start, end = number.start, number.end
    following = _FOLLOWING.match(text, end)
    if following is None or (following[1] and following[1] not in _UNIT_WORDS):
        return Quantity(start, end, number)
    if percent := _PERCENT.match(text, end):
        return Quantity(start, percent.end(), number, Kind.PERCENT, "%")
    if of_shares := _shares_end(text, number):
        return Quantity(start, of_shares, number, Kind.SHARES, "shares")
    if of_times := _times_end(text, number):
        return Quantity(start, of_times, number, Kind.MULTIPLE, "x")
    if currency := currencies.after(text, end, firm=number.scaled or number.value >= 1000 or number.step < 1):
        end, unit, factor = currency
        return priced(text, Quantity(start, end, number, Kind.MONEY, unit, factor))
    return Quantity(start, end, number)


def priced(text: str, money: Quantity) -> Quantity:
    """Make an amount a per-share price where "a share" or "in cash per common share" follows it."""
    in_cash = _IN_CASH.match(text, money.end)
    per = _PER.match(text, in_cash.end() if in_cash else money.end)
    if per is None:
        return money
    end = _noun_end(text, per.end(), _SHARE)
    return money._replace(end=end, kind=Kind.PER_SHARE) if end else money


def _shares_end(text: str, number: Number) -> int | None:
    """Return the end of "shares", "Acme common shares" or "-share" after a number."""
    if number.value == 1:  # "one of its shares"
        return None
    if attribute := _SHARE_ATTRIBUTE.match(text, number.end):
        return attribute.end()
    end = _noun_end(text, number.end, _SHARES if number.step >= 1 else _SHARES | _SHARE)
    if end and _YEAR.fullmatch(text, number.start, number.end):
        apart = len(text[number.end : end].split()) > 1
        if apart or _IN.search(text, max(0, number.start - 9), number.start):
            return None  # "in 2023 ordinary shares rose" counts nothing
    return end


def _noun_end(text: str, position: int, nouns: frozenset[str]) -> int | None:
    """Return the end of one of `nouns` where only names and words such as "common" stand before it."""
    for word, end in words_after(text, position, 6):
        name = word.lower().rstrip(".'")
        if name in nouns:
            return end - len(word) + len(name)
        if not (word[0].isupper() or name in _OF_SHARES) or (word[-1] == "." and len(word) > 5):
            return None
    return None


def _times_end(text: str, number: Number) -> int | None:
    """Return the end of "x" or "times" where a multiple is meant: "12x", "three times sales", "8.5 times"."""
    times = _TIMES.match(text, number.end)
    if times is None or number.scaled or not 0 < number.value < 1000:
        return None
    if times["glued"] or (times["word"] and number.step < 1):
        return times.end()
    for word, _ in words_after(text, times.end(), 5):
        name = word.lower().rstrip(".")
        if name in _METRICS:
            return times.end()
        if not (name in _OF_METRICS or (word[0].isupper() and name.endswith("s"))):
            return None
    return None


def _stands_free(text: str, start: int, floor: int) -> bool:
    """Tell whether a number at `start` is not the tail of a version, a name, a path or another number."""
    before, last = text[max(0, start - 2) : max(0, start - 1)], text[max(0, start - 1) : start]
    if last == "-":
        return not before.isalnum()
    if last in (":", ","):
        return not before.isdigit()
    if last == " " and before.isdigit() and start - 1 > floor:  # "5 500 euros" is not five hundred
        return not (_GROUP.match(text, start) and _GROUP_BEFORE.search(text, max(0, start - 5), start))
    return not last.isalnum() and last not in _GLUE
