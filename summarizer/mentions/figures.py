"""Money, per-share prices, percentages, multiples and share counts, alone and in ranges."""

import re
from decimal import Decimal
from typing import NamedTuple

from . import currencies, hedges, numerals
from .model import Kind, Mention, Qualifier
from .numerals import EXACT, Number, canonical
from .plain import GAP, SEP, words, words_after

_I = re.IGNORECASE | re.ASCII
_PERCENT = re.compile(
    rf"{GAP}%(?![0-9])|(?:{SEP})?(?:percent|per{SEP}cent|pct|pc)(?!\w)(?!{SEP}points?\b)", _I
)
_TIMES = re.compile(rf"(?P<glued>[xX×])(?!\w)|{SEP}(?:[x×]|(?P<word>times))(?!\w)")
_IN_CASH = re.compile(rf"{SEP}(?:in{SEP})?(?:cash|stock|net)(?!\w)", _I)
_PER = re.compile(rf"{SEP}(?:per|an?|each|for{SEP}e(?:ach|very))(?= |-)|/", _I)
_SHARE_ATTRIBUTE = re.compile(r"-share\b", _I)

_SHARE = words("share shr ads adr")
_SHARES = words("shares shrs adss adrs")
_OF_SHARES = words(
    """common ordinary preferred preference voting non outstanding new newly issued unissued additional existing first
    second participating cumulative redeemable deferred subordinate subordinated junior senior restricted treasury
    convertible authorized authorised registered unregistered bearer diluted basic fully paid american depositary
    depository capital class series stock of its the their his our or and"""
)
_METRICS = words(
    """revenue revenues sales earnings ebitda ebitdar ebit profit profits book cash arr income gmv assets
    equity"""
)
_OF_METRICS = words(
    """its the their our about estimated expected projected forecast forward trailing annual annualized annualised
    recurring next last this current gross net tangible adjusted operating pre tax year's years' month of"""
)

# A unit starts with a capital, with a sign or with one of a few words: the rest need no closer look.
_FOLLOWING = re.compile(rf"(?:{SEP})?(?:([a-z]+)|[A-Z%×¢{currencies.SIGNS}])")
_UNIT_WORDS = currencies.FIRST_WORDS | _SHARES | _OF_SHARES | words("percent per pct pc times x share")
# Digits before another number or a mark have no unit after them.
_BARE = re.compile(r"[0-9][0-9.,]*(?![0-9.,]) {0,9}(?:(?![0-9]{1,2}/)[0-9]|[.,;:!?()\[\]\"\n]|\Z)")

_TO = re.compile(rf"{GAP}(?P<dash>-){GAP}|{SEP}(?P<word>to|and|or){SEP}", _I)
_PREFIX = re.compile(rf"(?:[A-Za-z.]{{1,4}}{GAP})?[{currencies.SIGNS}]?[A-Z]{{0,2}}{GAP}(?=[0-9])")
_OPENING = re.compile(r"\b(between|from) {1,4}\Z", _I)
_IN = re.compile(r"\b(?:in|since|during|by|until|from|before|after) {1,4}\Z", _I)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_THOUSANDTHS = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_GLUE = ("_", "#", "@", "/", "\\", ".", *currencies.SIGNS)
# How the verbs of a change begin: after them "from A to B" is two figures, not a range.
_CHANGES = tuple(
    words(
        """rais ris rose increas lift boost hik grew grow climb jump doubl tripl expand widen cut lower reduc fall fell
    drop declin slip trim shrink shrank narrow chang mov went go swell swung revis improv surg soar tumbl plung sank
    slid advanc sweeten bump upped"""
    )
)
_DIRECTIONS = {"up", "down"}
# "7 billion" alone has no currency; paired with "$5 billion" it has one, unless it counts something.
_LINK = re.compile(
    r",? {1,4}(?:up |down )?(?:and|or|from|to|versus|vs\.?|against|compared (?:with|to)|than) {1,4}\Z", _I
)
_NOT_COUNTED = re.compile(rf"{GAP}(?:[.,;:)\]\n]|\Z)")
_AFTER_AMOUNT = words(
    """in for from of on at respectively per this last next by to with over as when after before if but while a and
    or"""
)


class _Quantity(NamedTuple):
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
        return EXACT.multiply(self.number.value, self.factor)


def read(text: str, start: int, previous: Mention | None) -> list[Mention]:
    """Return the figures that begin with the number at `start`: none, one, or the two ends of a change."""
    if text[start - 1 : start] != "." and _BARE.match(text, start) and not currencies.before(text, start):
        return []
    floor = previous.end if previous else 0
    first = _quantity(text, start, floor)
    if first is None:
        return []
    if found := _range(text, first, floor):
        return found
    if first.kind is None:
        unit = _inherited(text, first, previous)
        if not unit:
            return []
        first = first._replace(kind=Kind.MONEY, unit=unit)
    return [_mention(text, first, floor)]


def _quantity(text: str, start: int, floor: int) -> _Quantity | None:
    """Return the number at `start` with its unit; nothing before `floor` belongs to it."""
    number = numerals.read(text, start)
    if number is None:
        return None
    prefix = currencies.before(text, number.start) if text[start].isdigit() else None
    if prefix and prefix[0] >= floor:
        quantity = _prefixed(text, number, *prefix)
    elif number.start == floor or _stands_free(text, number.start):
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


def _prefixed(text: str, number: Number, start: int, unit: str) -> _Quantity:
    end = number.end
    if (named := currencies.after(text, end, firm=True)) and named[2] == 1:  # "$5 billion dollars", "$5m CAD"
        dollars = unit == "USD" and named[1].endswith("D")
        if named[1] == unit or dollars or (unit, named[1]) == ("JPY", "CNY"):
            end, unit, _ = named
    return _priced(text, _Quantity(start, end, number, Kind.MONEY, unit, prefixed=True))


def _suffixed(text: str, number: Number) -> _Quantity:
    start, end = number.start, number.end
    following = _FOLLOWING.match(text, end)
    if following is None or (following[1] and following[1] not in _UNIT_WORDS):
        return _Quantity(start, end, number)
    if percent := _PERCENT.match(text, end):
        return _Quantity(start, percent.end(), number, Kind.PERCENT, "%")
    if shares_end := _shares_end(text, number):
        return _Quantity(start, shares_end, number, Kind.SHARES, "shares")
    if times_end := _times_end(text, number):
        return _Quantity(start, times_end, number, Kind.MULTIPLE, "x")
    if currency := currencies.after(text, end, firm=number.scaled or number.value >= 1000 or number.step < 1):
        end, unit, factor = currency
        return _priced(text, _Quantity(start, end, number, Kind.MONEY, unit, factor))
    return _Quantity(start, end, number)


def _priced(text: str, money: _Quantity) -> _Quantity:
    """Make an amount a per-share price where "a share" or "in cash per common share" follows it."""
    in_cash = _IN_CASH.match(text, money.end)
    per = _PER.match(text, in_cash.end() if in_cash else money.end)
    if per is None:
        return money
    if per[0] == "/":  # "$5/share": words are read after a space or a hyphen
        end = per.end() + len("share")
        return money._replace(end=end, kind=Kind.PER_SHARE) if text[per.end() : end] == "share" else money
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


def _stands_free(text: str, start: int) -> bool:
    """Tell whether a number at `start` is not the tail of a version, a name, a path or another number."""
    before, last = text[max(0, start - 2) : max(0, start - 1)], text[max(0, start - 1) : start]
    if last == "-":
        return not before.isalnum()
    if last in (":", ","):
        return not before.isdigit()
    return not last.isalnum() and last not in _GLUE


def _range(text: str, first: _Quantity, floor: int) -> list[Mention]:
    """Return the range that begins with `first`, or both figures of "raised from A to B", or nothing."""
    connector = _TO.match(text, first.end)
    second = _quantity_at(text, connector.end()) if connector else None
    ends = _same_measure(text, first, second, connector) if connector and second else None
    if connector is None or ends is None:
        return []
    low, high = ends
    opening = _OPENING.search(text, max(floor, first.start - 12), first.start)
    word = (connector["word"] or "").lower()
    between = opening is not None and opening[1].lower() == "between"
    if word == "and" and not between:
        return []
    if word == "to" and not between and (opening or first.kind) and _is_change(text, low):
        return [_mention(text, low, floor), _mention(text, high, connector.end())]
    if low.value >= high.value:
        return []
    start = opening.start() if opening and between else low.start
    return [_mention(text, low._replace(start=start, end=high.end, kind=high.kind), floor, high)]


def _quantity_at(text: str, start: int) -> _Quantity | None:
    """Return the quantity whose currency sign or number stands at `start`."""
    prefix = _PREFIX.match(text, start)
    position = prefix.end() if prefix else start
    if position >= len(text) or not text[position].isalnum():
        return None
    quantity = _quantity(text, position, start)
    return quantity if quantity and quantity.start == start else None


def _same_measure(
    text: str, first: _Quantity, second: _Quantity, connector: re.Match[str]
) -> tuple[_Quantity, _Quantity] | None:
    """Give both ends of a range the unit and the magnitude that one of them states, or None if they clash."""
    spoken, glued = connector["word"] is not None, connector[0] == "-"
    if second.kind is None:  # "$5 to 7 billion", "$10 to 12 a share", "$5-7"
        if first.kind is not Kind.MONEY or not (first.prefixed or first.number.scaled):
            return None
        second = _priced(text, second._replace(kind=first.kind, unit=first.unit, factor=first.factor))
        if first.number.scaled and spoken and not _is_amount(text, second.end):
            return None
        stated = second.number.scaled or second.kind is Kind.PER_SHARE or (glued and not first.number.scaled)
        if not stated or text[second.end : second.end + 1] in ("-", "%"):
            return None
    elif first.kind is None:  # "51 to 60 percent", "5-7 billion dollars"
        if second.prefixed or not (spoken or glued):
            return None
        first = first._replace(kind=second.kind, unit=second.unit, factor=second.factor)
    elif first.unit != second.unit or (first.kind, second.kind) == (Kind.PER_SHARE, Kind.MONEY):
        return None
    elif spoken and connector["word"].lower() == "or" and (first.number.scaled or not second.number.scaled):
        return None  # "5 pct or 7 pct" offers two figures
    if second.number.scaled and not first.number.scaled:
        if first.number.plain >= second.number.plain:  # "$500 to $1 million" does not begin at 500 million
            return None
        first = first._replace(number=_magnified(first.number, second.number))
    return first, second


def _magnified(number: Number, scaled: Number) -> Number:
    """Apply the magnitude word of `scaled` to `number`, which has none."""
    power = scaled.value.adjusted() - scaled.plain.adjusted()
    value, step = number.value.scaleb(power, EXACT), number.step.scaleb(power, EXACT)
    return number._replace(value=value, step=step, scaled=True)


def _is_change(text: str, quantity: _Quantity) -> bool:
    """Tell whether a verb such as "raised" stands before the figure in its sentence."""
    clause = text[max(0, quantity.start - 80) : quantity.start].rpartition(". ")[2]
    before = clause.lower().split()
    if quantity.kind is Kind.PERCENT and before[-1:] in (["of"], ["by"]):
        return False  # "a rise of 5% to 7%"
    return any(word.startswith(_CHANGES) or word in _DIRECTIONS for word in before)


def _inherited(text: str, quantity: _Quantity, previous: Mention | None) -> str:
    """Return the currency that "7 billion" takes from the amount it is paired with, or ""."""
    if previous is None or previous.kind is not Kind.MONEY or not quantity.number.scaled:
        return ""
    if quantity.start - previous.end > 24 or not _LINK.fullmatch(text, previous.end, quantity.start):
        return ""
    return previous.unit if _is_amount(text, quantity.end) else ""


def _is_amount(text: str, end: int) -> bool:
    """Tell whether no noun follows that the number could count ("7 billion in cash", not "7 billion people")."""
    if _NOT_COUNTED.match(text, end):
        return True
    return any(word.lower() in _AFTER_AMOUNT for word, _ in words_after(text, end, 1))


def _mention(text: str, quantity: _Quantity, floor: int, high: _Quantity | None = None) -> Mention:
    start, end, number = quantity.start, quantity.end, quantity.number
    hedged = hedges.before(text, start, floor) or hedges.after(text, end)
    qualifier, hedge = hedged or (Qualifier.EXACT, None)
    step = min(number.step, high.number.step) if high else number.step
    return Mention(
        kind=quantity.kind or Kind.MONEY,
        start=start,
        end=end,
        text=text[start:end],
        value=canonical(quantity.value),
        upper=canonical(high.value) if high else None,
        unit=quantity.unit,
        qualifier=Qualifier.RANGE if high else qualifier,
        hedge=hedge,
        step=canonical(EXACT.multiply(step, quantity.factor)),
    )
