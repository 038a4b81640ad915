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
_FOLLOWING = re.compile(rf"(?:{SEP})?(?:([a-z]+)(?![A-Za-z])|[a-z]{{0,3}}[A-Z%×¢{currencies.SIGNS}])")
_UNIT_WORDS = currencies.FIRST_WORDS | _SHARES | _OF_SHARES | words("percent per pct pc times x share")

_IN = re.compile(r"\b(?:in|since|during|by|until|from|before|after) {1,4}\Z", _I)
_OUT_OF = re.compile(rf"\bout{SEP}of{SEP}\Z|\b(?:one|two|three){SEP}in{SEP}\Z", _I)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_MALFORMED = re.compile(r"[0-9][0-9.,']{0,40}[0-9]")
_OF = re.compile(r" (?:d'|d[ei](?= ))")  # "milliards d'euros", "millones de euros"
_NOUN_OF_PART = re.compile(rf"{SEP}(?:of|stakes?|interests?|shares?|holdings?)\b", _I)
_END = re.compile(rf"{GAP}(?:[.,;:)\]\n]|\Z)")
_INDIAN = re.compile(r"lakh|lac|crore|\bcr\b|[0-9],[0-9]{2},[0-9]", _I)
_DOTS_FOR_THOUSANDS = words(
    "EUR DKK NOK SEK ISK PLN CZK TRY BRL ARS CLP COP UYU IDR VND DEM ITL ESP NLG ATS PTE RUB RON"
)
_THOUSANDTHS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}(?![0-9])")
_DOZEN = re.compile(rf"{SEP}(?:dozens?|scores?|gross)(?!\w)", _I)
_GROUP = re.compile(r"[0-9]{3}(?![0-9])")
_GROUP_BEFORE = re.compile(r"(?<![0-9])[0-9]{1,3} \Z")
_LETTER_OF_SCALE = re.compile(r"[MBm]\$")
_SCALE_BEFORE = re.compile(r"(?<!\w)(?:MM|Mio\.?|Mrd\.?|mln|mn|bn) \Z")
# "50 MUSD1": the digit may be a note. Not "in 2031 MUSD5".
_BETWEEN_NUMBERS = re.compile(r"(?<![0-9])(?!(?:19|20)[0-9]{2} )[0-9.,]{1,4} [kKTM]?[A-Z]{3}[0-9]{1,2}\Z")
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
    fault: str = ""  # why the figure has no value, where it cannot be read whole

    @property
    def value(self) -> Decimal:
        """The exact value in currency units, points, times or shares."""
        return EXACT.multiply(self.number.value, self.factor)


def read(text: str, start: int, floor: int) -> Quantity | None:
    """Return the number at `start` with its unit; nothing before `floor` belongs to it.

    A figure of which some number words are left over, or that could be read in two ways, has a `fault`.
    """
    number = numerals.read(text, start)
    prefix = currencies.before(text, number.start if number else start) if text[start].isdigit() else None
    if number is None:
        return _malformed(text, start, floor, prefix)
    if prefix and text[prefix[0] : number.start] == "R" and not _is_rand(text, number):
        return None
    if prefix and prefix[0] >= floor:
        quantity = _prefixed(text, number, *prefix)
    elif number.start == floor or _stands_free(text, number.start, floor):
        quantity = _suffixed(text, number)
    else:
        return None
    if text[quantity.end : quantity.end + 1].isalnum() or (quantity.kind is None and number.european):
        return None
    form = text[quantity.start : quantity.end]
    if quantity.kind and not quantity.unit and _INDIAN.search(form):
        quantity = quantity._replace(unit="INR" if "INR" in currencies.shared(form).values() else "")
    return _checked(text, quantity, floor)


def _malformed(text: str, start: int, floor: int, prefix: tuple[int, str, Decimal] | None) -> Quantity | None:
    """Return digits such as "$1.2.3" that are no number, where a currency tells that they should be one."""
    digits = _MALFORMED.match(text, start) if prefix and prefix[0] >= floor else None
    if prefix is None or digits is None or text[prefix[0] : start] == "R":
        return None
    number = Number(start, digits.end(), Decimal(0), Decimal(1), Decimal(0))
    end = numerals.rest(text, number)
    return Quantity(prefix[0], end, number, Kind.MONEY, fault="its digits are no number")


def _checked(text: str, quantity: Quantity, floor: int) -> Quantity:
    """Give a figure its fault where its number words are not all read, or its marks are ambiguous."""
    if quantity.kind is None or quantity.fault:
        return quantity
    quantity = with_fault(text, quantity, floor)
    return quantity if quantity.fault else _with_fault_of_unit(text, quantity, floor)


def with_fault(text: str, quantity: Quantity, floor: int) -> Quantity:
    """Give a figure its fault where number words before or after it are no part of it."""
    number = quantity.number
    end = numerals.rest(text, number)
    if quantity.prefixed and (groups := numerals.groups_after(text, number)) > end:
        return quantity._replace(end=groups, fault="it cannot be told where its digits end")
    begin = quantity.start if quantity.prefixed else numerals.lead(text, number, floor)
    if end == number.end and begin >= quantity.start:
        return quantity
    start, end = min(begin, quantity.start), max(end, quantity.end)
    return quantity._replace(start=start, end=end, fault="some of its number words are not read")


def _with_fault_of_unit(text: str, quantity: Quantity, floor: int) -> Quantity:
    """Give a figure its fault where its currency, its scale or its marks can be read in two ways."""
    number = quantity.number
    if not number.scaled and _LETTER_OF_SCALE.match(text, quantity.start):
        return quantity._replace(fault="it cannot be told whether its first letter is a scale or a country")
    if (
        quantity.prefixed
        and not number.scaled
        and _SCALE_BEFORE.search(text, max(floor, quantity.start - 6), quantity.start)
    ):
        return quantity._replace(fault="its scale stands before its currency")
    if quantity.prefixed and _BETWEEN_NUMBERS.search(text, max(0, quantity.start - 4), number.end):
        return quantity._replace(fault="its currency stands between two numbers")
    if number.scaled and quantity.factor > 1:
        return quantity._replace(fault="it has two scales")
    if _is_ambiguous(text, quantity):
        return quantity._replace(fault="its comma or point can be read in two ways")
    return quantity


def _is_ambiguous(text: str, quantity: Quantity) -> bool:
    """Tell whether a mark may be of decimals or of thousands: "EUR 2.500", "1,234 Mrd. Euro", "$1,50"."""
    number = quantity.number
    written = text[number.start : number.end]
    continental = numerals.is_continental(written)
    if number.european:
        sure = (
            quantity.kind is Kind.PERCENT
            or continental
            or number.scaled
            or quantity.factor > 1
            or any(mark in written for mark in ".' ")
        )
        return not (sure or quantity.unit in _DOTS_FOR_THOUSANDS)
    marked = _THOUSANDTHS.match(written)
    if marked is None:
        return False
    if "," in marked[0]:
        return continental and not written.startswith((",", "."), marked.end())
    if number.scaled:
        return continental
    money = quantity.kind in (Kind.MONEY, Kind.PER_SHARE)
    return money and (quantity.unit in _DOTS_FOR_THOUSANDS or not quantity.unit or marked[0].endswith(".000"))


def _is_rand(text: str, number: Number) -> bool:
    """Tell whether "R3.4bn", "R1,240" or "R12.50" is money; "R2" and "R34" are names."""
    return number.scaled or number.step == _CENTS or "," in text[number.start : number.end]


def _prefixed(text: str, number: Number, start: int, unit: str, factor: Decimal) -> Quantity:
    more = numerals.part_after(text, number) if number.scaled else None
    if more and not _NOUN_OF_PART.match(text, more.end):
        if not (_END.match(text, more.end) or currencies.after(text, more.end, firm=True)):
            fault = "it cannot be told what its last words count"
            return Quantity(start, more.end, number, Kind.MONEY, unit, prefixed=True, fault=fault)
        number = more
    end = number.end
    if (named := currencies.after(text, end, firm=True)) and named[2] == 1:  # "$5 billion dollars", "$5m CAD"
        dollars = unit == "USD" and named[1] in currencies.DOLLAR_SIGN
        pesos = unit == "USD" and text.endswith(("peso", "pesos"), end, named[0])
        if named[1] == unit or dollars or pesos or (unit, named[1]) == ("JPY", "CNY"):
            end, unit, _ = named
    return priced(text, Quantity(start, end, number, Kind.MONEY, unit, factor, prefixed=True))


def _suffixed(text: str, number: Number) -> Quantity:
    start, end = number.start, number.end
    if number.scaled and text.startswith(". ", end) and numerals.is_continental(text[start:end]):
        end += 1  # "Mrd. Euro"
    if number.scaled and (link := _OF.match(text, end)) and numerals.is_continental(text[start:end]):
        end = link.end()
    following = _FOLLOWING.match(text, end)
    if following is None or (following[1] and following[1] not in _UNIT_WORDS):
        return Quantity(start, number.end, number)
    if percent := _PERCENT.match(text, end):
        return Quantity(start, percent.end(), number, Kind.PERCENT, "%")
    if of_shares := _shares_end(text, number):
        return Quantity(start, of_shares, number, Kind.SHARES, "shares")
    if of_times := _times_end(text, number):
        return Quantity(start, of_times, number, Kind.MULTIPLE, "x")
    more = numerals.part_after(text, number) if number.scaled else None
    if more and (currency := currencies.after(text, more.end, firm=True)):
        return priced(text, Quantity(start, currency[0], more, Kind.MONEY, *currency[1:]))
    if currency := currencies.after(text, end, firm=number.scaled or number.value >= 1000 or number.step < 1):
        end, unit, factor = currency
        return priced(text, Quantity(start, end, number, Kind.MONEY, unit, factor))
    return Quantity(start, number.end, number)


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
    one_of_some = _OUT_OF.search(text, max(0, number.start - 12), number.start)
    if number.value == 1 or one_of_some:  # "one of its shares", "three out of four shares"
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


def bare(text: str, start: int) -> Number | None:
    """Return the number without a unit that the digit at `start` begins, or None if it cannot be read whole."""
    number = numerals.read(text, start)
    if number is None or number.european or not _stands_free(text, number.start, 0):
        return None
    whole = numerals.rest(text, number) == numerals.groups_after(text, number) == number.end
    thousandths = _THOUSANDTHS.match(text, number.start)
    if (
        _DOZEN.match(text, number.end)
        or not whole
        or text[number.end : number.end + 1].isalnum()
        or (thousandths and "." in thousandths[0])
    ):
        return None
    return number


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
