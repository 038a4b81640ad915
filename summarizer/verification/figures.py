"""Look up the figure of a record among the figures of a text; where it is not there, say what is.

Figures are compared by value, unit and date, never by their wording.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from rapidfuzz.distance import OSA

from summarizer.document import Sentence
from summarizer.figures import Kind, Mention, is_rounding_of, may_be, parse
from summarizer.figures.numerals import EXACT, NUMBER_WORDS, POWERS
from summarizer.inventory import Inventory

from .leaves import Leaf

_MONEY = frozenset({Kind.MONEY, Kind.PER_SHARE})
_NUMBERS = frozenset(Kind) - {Kind.DATE, Kind.UNDISCLOSED}
_BARE = re.compile(r"\s*(-?\d[\d,]*(?:\.\d+)?(?:[eE]\+?\d+)?)\s*([A-Za-z]*)\s*")
_IN_TEXT = re.compile(r"\d[\d,]*(?:\.\d+)?(?:\s+(?:hundred|thousand|million|billion|trillion)\b)?")
_MONEY_KEYS = frozenset({"value", "amount", "price", "valuation", "upper", "lower", "min", "max"})
_LARGEST = 40  # power of ten beyond which a number is no figure of a text
_TOLERANCE = Decimal("1e-9")  # floats are not exact
_COUNTED = 10  # a whole number below this may have been counted, not read
_HUNDRED, _TEN, _TENTH = Decimal(100), Decimal(10), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Sought:
    """A figure of a record. ``unit`` is "" where nothing tells it; ``date`` is ISO, as fine as the record has it."""

    shown: str
    kinds: frozenset[Kind]
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    step: Decimal | None = None
    date: str = ""
    source: Mention | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a figure does not hold: a code, what to say, and the figures of the text that it is said of."""

    code: str
    message: str
    mentions: tuple[Mention, ...] = ()


def sought_in(leaf: Leaf) -> Sought | None:
    """Read the value of a leaf as a figure; None where it is none."""
    value = leaf.value
    if isinstance(value, bool):
        return None
    if isinstance(value, datetime.date):
        return _of_date(value.isoformat()[:10])
    if isinstance(value, (int, float, Decimal)):
        return _of_number(Decimal(str(value)) if isinstance(value, float) else Decimal(value), leaf)
    return _of_words(value, leaf) if isinstance(value, str) else None


def _of_words(words: str, leaf: Leaf) -> Sought | None:
    words = words.strip()
    mention = parse(words)
    if mention is not None and mention.kind is not Kind.UNDISCLOSED:
        return _of_date(mention.date, words) if mention.date else of_mention(mention, words)
    if re.match(r"\d{4}-\d\d-\d\dT", words):
        return _of_date(words[:10])
    bare = _BARE.fullmatch(words)
    if bare is None or (bare[1].startswith("0") and bare[1].isdigit()):  # "00123" is a name
        return None
    word = bare[2].lower()
    if word and word not in POWERS:
        return None
    try:
        number = Decimal(bare[1].replace(",", ""))
    except InvalidOperation:
        return None
    return _of_number(number, leaf, POWERS.get(word), words)


def of_mention(mention: Mention, shown: str = "") -> Sought:
    """A figure that words state in full."""
    kinds = _MONEY if mention.kind in _MONEY else frozenset({mention.kind})
    return Sought(
        shown=" ".join((shown or mention.text).split()),
        kinds=kinds,
        value=mention.value,
        upper=mention.upper,
        unit=mention.unit,
        step=mention.step,
        date=mention.date or "",
        source=mention,
    )


def _of_date(date: str, shown: str = "") -> Sought:
    return Sought(shown=shown or date, kinds=frozenset({Kind.DATE}), date=date)


def _of_number(number: Decimal, leaf: Leaf, power: int | None = None, shown: str = "") -> Sought | None:
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST:
        return None
    power = leaf.power if power is None else power
    value = EXACT.scaleb(number, power)
    unit = "%" if leaf.percent else leaf.currency
    own = leaf.currency and leaf.key.lower() in _MONEY_KEYS
    kinds = frozenset({Kind.PERCENT}) if leaf.percent else _MONEY if own else _NUMBERS
    exponent = value.normalize(EXACT).as_tuple().exponent
    step = EXACT.scaleb(Decimal(1), exponent) if isinstance(exponent, int) and value else None
    return Sought(shown or _said(value, unit), kinds, value, unit=unit, step=step)


def _said(value: Decimal, unit: str) -> str:
    number = f"{value.normalize(EXACT):,f}"
    for power, word in ((12, "trillion"), (9, "billion"), (6, "million")):
        short = EXACT.scaleb(value, -power).normalize(EXACT)
        if abs(short) >= 1 and len(f"{short:f}") <= 7:
            number = f"{short:f} {word}"
            break
    return f"{number}{unit}" if unit == "%" else f"{unit} {number}".strip()


def equal(sought: Sought, mention: Mention) -> bool:
    """Whether a figure of the text states what is sought."""
    if sought.date:
        return mention.kind is Kind.DATE and _same_date(sought.date, mention.date or "")
    if mention.kind is Kind.DATE:
        year = (mention.date or "")[:4]
        return sought.source is None and not sought.unit and year.isdigit() and sought.value == int(year)
    if mention.kind not in sought.kinds or mention.value is None or sought.value is None:
        return False
    if sought.source is not None:  # stated in full, range and all
        same = (mention.value, mention.upper) == (sought.value, sought.upper)
        return same and may_be(sought.source, mention.unit, mention.text)
    ends = (mention.value, mention.upper)
    if mention.kind in _MONEY and sought.unit and not may_be(mention, sought.unit):
        return False
    if any(end is not None and _close(sought.value, end) for end in ends):
        return True
    is_share = mention.kind is Kind.PERCENT and 0 < sought.value < 1 and not sought.unit
    return is_share and _close(EXACT.multiply(sought.value, _HUNDRED), mention.value)


def _close(a: Decimal, b: Decimal) -> bool:
    return abs(EXACT.subtract(a, b)) <= EXACT.multiply(abs(b), _TOLERANCE)


def _same_date(sought: str, stated: str) -> bool:
    if sought.startswith("--"):
        return stated.endswith(sought[2:]) and len(stated) >= len(sought)
    return stated.startswith(sought)


def bare_numbers(sought: Sought, inventory: Inventory) -> Iterator[tuple[Sentence, int, int]]:
    """Places of a number that the text gives without a unit, in digits or as one small word."""
    if sought.source is not None or sought.unit or sought.value is None:
        return
    covered = [(mention.start, mention.end) for mention in inventory.mentions]
    for sentence in inventory.sentences:
        for match in _IN_TEXT.finditer(inventory.folded, *inventory.folded_bounds(sentence)):
            start, end = inventory.document.normalized.span(*match.span())
            inside = any(first < end and start < last for first, last in covered)
            if not inside and _number(match.group()) == sought.value:
                yield sentence, start, end
    for word, number in NUMBER_WORDS.items():
        if number == sought.value:
            yield from inventory.occurrences(word)


def _number(words: str) -> Decimal | None:
    digits, _, scale = words.replace(",", "").partition(" ")
    try:
        return EXACT.scaleb(Decimal(digits), POWERS.get(scale.strip(), 0))
    except InvalidOperation:
        return None


def sentence_of(mention: Mention, inventory: Inventory) -> Sentence:
    """The sentence of a figure of the body."""
    sentence = inventory.document.sentence_at(mention.start)
    if sentence is None:
        raise AssertionError("a figure of the body stands in a sentence")
    return sentence


def may_be_counted(sought: Sought) -> bool:
    """Whether a number is so small and plain that it may be a count that the author of the record made."""
    value = sought.value
    plain = value is not None and sought.source is None and not sought.unit
    return plain and value is not None and value == value.to_integral_value() and abs(value) < _COUNTED


def explain(sought: Sought, cited: Collection[int], inventory: Inventory) -> Miss:
    """Say what the text holds in place of a figure that its headline and body do not state.

    ``cited`` has the numbers of the sentences that the record names: their figures are looked at first.
    """
    body = sorted(inventory.body_mentions, key=lambda m: sentence_of(m, inventory).number not in cited)
    apart = [m for m in inventory.mentions if equal(sought, m)]
    if apart:
        message = f"{sought.shown} stands only outside the article: in a teaser, a comment or the like."
        return Miss("outside_article", message, tuple(apart[:1]))
    for code, test in _DATE_TESTS if sought.date else _NUMBER_TESTS:
        alike = [m for m in body if test(sought, m)]
        if alike:
            found = min(alike, key=lambda m: _distance(sought, m))
            return Miss(code, f"The record says {sought.shown}; {_TELL[code](found)}.", (found,))
    return Miss("not_in_text", f"The text does not state {sought.shown}.")


def _quoted(mention: Mention) -> str:
    return " ".join(mention.text.split())


_TELL: dict[str, Callable[[Mention], str]] = {
    "other_unit": lambda m: f"the text says {_quoted(m)}",
    "other_scale": lambda m: f"the text says {_quoted(m)}",
    "rounded": lambda m: f"the text says {_quoted(m)}, which it rounds",
    "overprecise": lambda m: f"the text says only {_quoted(m)}",
    "near_figure": lambda m: f"the nearest in the text is {_quoted(m)}",
}


def _has_number(mention: Mention) -> bool:
    return mention.value is not None and mention.kind in _NUMBERS


def _other_unit(sought: Sought, mention: Mention) -> bool:
    same = mention.value is not None and sought.value is not None and _close(sought.value, mention.value)
    return _has_number(mention) and same and (sought.source is None or sought.upper == mention.upper)


def _other_scale(sought: Sought, mention: Mention) -> bool:
    if not _has_number(mention) or not _like(sought, mention) or not sought.value or not mention.value:
        return False
    ratio = EXACT.divide(sought.value, mention.value)
    return any(
        _close(ratio, EXACT.scaleb(Decimal(1), power)) for power in range(-12, 13) if abs(power) in _POWERS
    )


_POWERS = (1, 2, 3, 6, 9, 12)


def _like(sought: Sought, mention: Mention) -> bool:
    """Whether a figure measures the same, as far as the record tells what it measures."""
    if mention.kind not in sought.kinds:
        return False
    return not sought.unit or mention.unit == sought.unit


def _rounded(sought: Sought, mention: Mention) -> bool:
    return (
        _like(sought, mention)
        and _has_number(mention)
        and is_rounding_of(_as_mention(sought, mention), mention)
    )


def _finer(sought: Sought, mention: Mention) -> bool:
    return (
        _like(sought, mention)
        and _has_number(mention)
        and is_rounding_of(mention, _as_mention(sought, mention))
    )


def _as_mention(sought: Sought, like: Mention) -> Mention:
    upper = sought.upper if sought.source is not None else like.upper
    return Mention(like.kind, 0, 0, "", sought.value, upper, like.unit, step=sought.step)


def _near(sought: Sought, mention: Mention) -> bool:
    if not _like(sought, mention) or not sought.value or not mention.value:
        return False
    own, other = _digits(sought.value), _digits(mention.value)
    alike = min(len(own), len(other)) > 1 and OSA.distance(own, other) == 1
    return alike and _TENTH < EXACT.divide(sought.value, mention.value) < _TEN


def _distance(sought: Sought, mention: Mention) -> bool:
    """Order of equally near figures: those with the same digits in another order go first."""
    return sorted(_digits(sought.value)) != sorted(_digits(mention.value))


def _digits(value: Decimal | None) -> str:
    return f"{value:f}".replace(".", "").strip("0") if value is not None else ""


def _date_finer(sought: Sought, mention: Mention) -> bool:
    stated = mention.date or ""
    if stated.startswith("--"):
        return len(sought.date) == 10 and sought.date.endswith(stated[2:])
    return bool(stated) and sought.date.startswith(stated)


def _date_near(sought: Sought, mention: Mention) -> bool:
    own, other = sought.date.strip("-").split("-"), (mention.date or "").strip("-").split("-")
    if len(own) != len(other) or len(own) < 2:
        return False
    return sum(a == b for a, b in zip(own, other, strict=True)) >= len(own) - 1 or sorted(own) == sorted(
        other
    )


_Test = tuple[str, Callable[[Sought, Mention], bool]]
_NUMBER_TESTS: tuple[_Test, ...] = (
    ("other_unit", _other_unit),
    ("other_scale", _other_scale),
    ("rounded", _rounded),
    ("overprecise", _finer),
    ("near_figure", _near),
)
_DATE_TESTS: tuple[_Test, ...] = (("overprecise", _date_finer), ("near_figure", _date_near))


def with_year(sought: Sought, mentions: Sequence[Mention]) -> list[Mention]:
    """A day that the text gives without its year, where another date of the text gives that year."""
    years = {(mention.date or "")[:4] for mention in mentions}
    if len(sought.date) != 10 or sought.date[:4] not in years:
        return []
    return [
        m for m in mentions if (m.date or "").startswith("--") and sought.date.endswith((m.date or "")[2:])
    ]
