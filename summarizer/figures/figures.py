"""Figures as the text means them: alone, as the ends of a range, or before and after a change."""

import re
from decimal import Decimal

from . import currencies, hedges, quantities, shares
from .model import Kind, Mention, Qualifier
from .numerals import EXACT, Number, canonical
from .plain import GAP, SEP, words, words_after
from .quantities import Quantity, priced

_I = re.IGNORECASE | re.ASCII
# Digits before another number or a mark have no unit after them.
_BARE = re.compile(
    r"[0-9][0-9.,]*(?![0-9.,]) {0,9}(?:(?![0-9]{1,2}/|[0-9]{3} [0-9]{3}(?![0-9]))[0-9]|[.,;:!?()\[\]\"\n]|\Z)"
)
# "Between about 5 and 7", "5 to perhaps 7": what hedges one end hedges no more than the range does.
_LOOSE = rf"(?:(?:about|around|roughly|some|approximately|perhaps|maybe|possibly|nearly|as{SEP}much{SEP}as|as{SEP}high{SEP}as){SEP})?"
_TO = re.compile(rf"{GAP}(?P<dash>-){GAP}|{SEP}(?P<word>(?:up{SEP})?to|and|or){SEP}{_LOOSE}", _I)
_PREFIX = re.compile(rf"(?:[A-Za-z.]{{1,4}}{GAP})?[{currencies.SIGNS}]?[A-Z]{{0,2}}{GAP}(?=[0-9])")
_OPENING = re.compile(rf"\b(between|from) {{1,4}}{_LOOSE}\Z", _I)
# How the verbs of a change begin: after them "from A to B" is two figures, not a range.
_CHANGES = """rais ris rose increas lift boost hik grew grow climb jump doubl tripl expand widen cut
lower reduc fall fell drop declin slip trim shrink shrank narrow chang mov went go swell swung revis
improv surg soar tumbl plung sank slid advanc sweeten bump upped"""
_CHANGE_STEMS = tuple(_CHANGES.split())
_DIRECTIONS = words("up down")
_HELD = words("stake stakes holding holdings interest interests shareholding ownership")
# "7 billion" alone has no currency; paired with "$5 billion" it has one, unless it counts something.
_LINK = re.compile(
    r",? {1,4}(?:up |down )?(?:and|or|from|to|versus|vs\.?|against|compared (?:with|to)|than) {1,4}\Z", _I
)
_ONE = re.compile(rf"\b(?:an?|one|the|1){SEP}\Z", _I)
_SUM_OF = re.compile(rf"{SEP}(?:sum|price|amount){SEP}of(?:{SEP}(?:an?|one))?(?={SEP})", _I)
_CENT = Decimal("0.01")
_PAUSE = re.compile(rf"{GAP}(?:[.,;:)\]\n]|\Z)")
_AFTER_AMOUNT = words(
    """in for from of on at respectively per this last next by to with over as when after before if but
    while a and or"""
)


def read(text: str, start: int, previous: Mention | None) -> list[Mention]:
    """Return the figures that begin with the number at `start`: none, one, or the two ends of a change."""
    if text[start - 1 : start] != "." and _BARE.match(text, start) and not currencies.before(text, start):
        return []
    floor = previous.end if previous else 0
    first = quantities.read(text, start, floor)
    if first is None:
        return []
    if first.fault:
        return [_unread(text, first)]
    if found := _range(text, first, floor):
        return found
    if first.kind is None:
        unit = _inherited(text, first, previous)
        if not unit:
            return []
        first = first._replace(kind=Kind.MONEY, unit=unit)
    return [_mention(text, first, floor)]


def read_share(text: str, start: int, previous: Mention | None) -> list[Mention]:
    """Return the fraction of a company that begins at `start`, as a percentage."""
    floor = previous.end if previous else 0
    share = shares.read(text, start, floor)
    return [_mention(text, share, floor)] if share else []


def read_symbolic(text: str, start: int, end: int, previous: Mention | None) -> list[Mention]:
    """Return "a symbolic euro", of which `text[start:end]` is the second word."""
    floor = previous.end if previous else 0
    article = _ONE.search(text, max(floor, start - 8), start)
    sum_of = _SUM_OF.match(text, end)
    currency = currencies.after(text, sum_of.end() if sum_of else end, firm=True) if article else None
    if article is None or currency is None or not _is_amount(text, currency[0]):
        return []
    one = Number(article.start(), end, Decimal(1), Decimal(1), Decimal(1))
    return [_mention(text, Quantity(article.start(), currency[0], one, Kind.MONEY, *currency[1:]), floor)]


def whole_share(text: str) -> Mention | None:
    """Return the percentage that `text` is, where it is nothing but a fraction: "two-thirds"."""
    share = shares.alone(text)
    return _mention(text, share, 0) if share else None


def without_scale(mention: Mention) -> Mention:
    """Return an amount or a count of a table "in millions" without its value, unless it has a scale word of its own."""
    if mention.kind not in (Kind.MONEY, Kind.SHARES) or mention.step is None or mention.step > 1:
        return mention
    reason = "its scale is that of a table"
    return Mention(Kind.UNREAD, mention.start, mention.end, mention.text, reason=reason)


def _unread(text: str, quantity: Quantity) -> Mention:
    start, end = quantity.start, quantity.end
    return Mention(Kind.UNREAD, start, end, text[start:end], reason=quantity.fault)


def _range(text: str, first: Quantity, floor: int) -> list[Mention]:
    """Return the range that begins with `first`, or both figures of "raised from A to B", or nothing."""
    connector = _TO.match(text, first.end)
    second = _quantity_at(text, connector.end()) if connector else None
    if second and second.fault:
        whole = first.number.scaled or not first.kind  # "$5 million to $7 million billion"
        return [] if whole else [_unread(text, second._replace(start=first.start))]
    ends = _same_measure(text, first, second, connector) if connector and second else None
    if connector is None or ends is None:
        return []
    low, high = ends
    opening = _OPENING.search(text, max(floor, first.start - 26), first.start)
    word = (connector["word"] or "").lower()
    between = opening is not None and opening[1].lower() == "between"
    needed = between or word.startswith("up")  # of "5 up to 7" alone the second is a figure of its own
    if needed and opening is None:
        return []
    word = word.removeprefix("up").strip(" -")
    if word == "and" and not between:
        return []
    if word == "to" and not between and _is_change(text, first, second, opening is not None):
        return [_mention(text, low, floor), _mention(text, high, connector.end("word"))]
    if low.value >= high.value:
        return []
    start = opening.start() if opening and needed else low.start
    return [_mention(text, low._replace(start=start, end=high.end, kind=high.kind), floor, high)]


def _quantity_at(text: str, start: int) -> Quantity | None:
    """Return the quantity whose currency sign or number stands at `start`."""
    prefix = _PREFIX.match(text, start)
    position = prefix.end() if prefix else start
    if position >= len(text) or not text[position].isalnum():
        return None
    quantity = quantities.read(text, position, start)
    if quantity and quantity.kind is None:
        quantity = quantities.with_fault(text, quantity, start)
    return quantity if quantity and quantity.start == start else None


def _same_measure(
    text: str, first: Quantity, second: Quantity, connector: re.Match[str]
) -> tuple[Quantity, Quantity] | None:
    """Give both ends of a range the unit and the magnitude that one of them states, or None if they clash."""
    spoken, glued = connector["word"] is not None, connector[0] == "-"
    if second.kind is None:  # "$5 to 7 billion", "$10 to 12 a share", "$5-7"
        if first.kind is not Kind.MONEY or not (first.prefixed or first.number.scaled):
            return None
        second = priced(text, second._replace(kind=first.kind, unit=first.unit, factor=first.factor))
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


def _is_change(text: str, first: Quantity, second: Quantity | None, opened: bool) -> bool:
    """Tell whether "by" or a verb such as "raised" stands before the first of two figures in its sentence."""
    clause = text[max(0, first.start - 80) : first.start].rpartition(". ")[2]
    before = clause.lower().split()
    last = before[-1] if before else ""
    percent = Kind.PERCENT in (first.kind, second and second.kind)
    by_step = first.number.scaled or not (second and second.number.scaled)  # "by 3 to 5 million" is a range
    if last == "by" and by_step and (not percent or _HELD.intersection(before)):
        return True  # "cut by £1.2 million to £23.5 million"
    if not (opened or first.kind) or (percent and last in ("of", "by")):
        return False  # "a rise of 5% to 7%"
    if percent and last in ("its", "their", "his", "her"):
        return True  # "takes its 24% to 100%"
    return any(word.startswith(_CHANGE_STEMS) or word in _DIRECTIONS for word in before)


def _inherited(text: str, quantity: Quantity, previous: Mention | None) -> str:
    """Return the currency that "7 billion" takes from the amount it is paired with, or ""."""
    if previous is None or previous.kind is not Kind.MONEY or not quantity.number.scaled:
        return ""
    if quantity.start - previous.end > 24 or not _LINK.fullmatch(text, previous.end, quantity.start):
        return ""
    return previous.unit if _is_amount(text, quantity.end) else ""


def _is_amount(text: str, end: int) -> bool:
    """Tell whether nothing follows that the number could count: "7 billion in cash", not "7 billion men"."""
    if _PAUSE.match(text, end):
        return True
    return any(word.lower() in _AFTER_AMOUNT for word, _ in words_after(text, end, 1))


def _mention(text: str, quantity: Quantity, floor: int, high: Quantity | None = None) -> Mention:
    start, end, number = quantity.start, quantity.end, quantity.number
    hedged = hedges.before(text, start, floor) or hedges.after(text, end)
    qualifier, hedge = hedged or (Qualifier.EXACT, None)
    step = min(number.step, high.number.step) if high else number.step
    if number.repeating and hedged is None:
        qualifier = Qualifier.ABOUT
    return Mention(
        kind=quantity.kind or Kind.MONEY,
        start=start,
        end=end,
        text=text[start:end],
        value=_stated(quantity),
        upper=_stated(high) if high else None,
        unit=quantity.unit,
        qualifier=Qualifier.RANGE if high else qualifier,
        hedge=hedge,
        step=canonical(_rounded(EXACT.multiply(step, quantity.factor), number)),
    )


def _stated(quantity: Quantity) -> Decimal:
    return canonical(_rounded(quantity.value, quantity.number))


def _rounded(value: Decimal, number: Number) -> Decimal:
    """Round what a fraction such as a third gives."""
    return value.quantize(_CENT, context=EXACT) if number.repeating else value
