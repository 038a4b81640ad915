"""Fractions that are shares of a company: "a two-thirds stake", "a quarter of Oak Mills", "half the firm"."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from . import currencies, numerals
from .model import Kind
from .numerals import EXACT, Fraction, Number
from .plain import GAP, SEP, words, words_after
from .quantities import Quantity

_I = re.IGNORECASE | re.ASCII
_STAKE = re.compile(
    rf"(?:{SEP}(?:equity|voting|ownership|economic|controlling|minority|majority|indirect|direct|strategic|share)){{0,2}}"
    rf"{SEP}(?:stakes?|interests?|holdings?|shareholdings?|ownership|owners?|owned|shares?)(?!\w|{SEP}(?:rates?|payments?|price))",
    _I,
)
_OF = re.compile(rf"{SEP}of(?= )|(?={SEP}(?:the|its|their|his|her|our)\b)", _I)
_COMPANY = words(
    """company business firm group venture enterprise partnership concern bank shares stock equity capital"""
)
# A word after which the name of what is shared has ended.
_FUNCTION = words(
    """a an the in for from of on at by to with over as when after before if but while and or that which who is
    was were are will would has had have it they until since through under back now itself"""
)
_DETERMINERS = words("the its their his her our this that all")
_PAUSE = re.compile(rf"{GAP}(?:[.,;:)\]\n]|-(?![\w-])|\Z)")
_HELD = re.compile(
    rf"\b(?:own|owns|owned|owning|hold|holds|held|holding|keep|keeps|kept|keeping|retain\w*|control\w*)"
    rf"(?:{SEP}(?:about|around|roughly|nearly|almost|over|just|under|more|less|than|some|approximately)){{0,3}}{SEP}\Z"
    rf"|\b(?:stake|interest|holding|shareholding){SEP}(?:of|to|at|from){SEP}(?:[a-z]+{SEP}){{0,2}}\Z",
    _I,
)
_ORDINAL = re.compile(
    rf"\b(?:first|second|third|fourth|last|this|next|previous|final|latest|each|per|every|q[1-4])(?:{SEP}|-)\Z",
    _I,
)
_HUNDREDTH = Decimal("0.01")
_STEP = Decimal(5)  # a fraction is a rounding: "half" of 51%, "two-thirds" of 66.2%


def read(text: str, start: int, floor: int) -> Quantity | None:
    """Return the percentage that the fraction at `start` is, where it is one of a company."""
    if start > floor and (text[start - 1].isalnum() or text[start - 1] in "-/.,'$"):
        return None
    part = numerals.fraction(text, start)
    if part is None or _ORDINAL.search(text, max(floor, start - 16), start):
        return None
    if not (_is_share(text, start, part, floor)):
        return None
    return _quantity(start, part)


def alone(text: str) -> Quantity | None:
    """Return the percentage that a whole text is: "two-thirds"."""
    start = len(text) - len(text.lstrip())
    part = numerals.fraction(text, start) if text.strip() else None
    return _quantity(start, part) if part and not text[part.end :].strip() else None


def _quantity(start: int, part: Fraction) -> Quantity:
    value = EXACT.divide(Decimal(100 * part.top), Decimal(part.bottom))
    rounded = value.quantize(_HUNDREDTH, ROUND_HALF_EVEN, EXACT)
    step = _STEP
    number = Number(start, part.end, rounded, step, rounded, repeating=rounded != value)
    return Quantity(start, part.end, number, Kind.PERCENT, "%")


def _is_share(text: str, start: int, part: Fraction, floor: int) -> bool:
    ordinal = part.bottom not in (2, 4) and not part.counted  # "a third stake" is another one
    if _STAKE.match(text, part.end):
        return not ordinal
    of = _OF.match(text, part.end)
    if of is not None and (of.end() > part.end or part.bottom == 2):
        return _names_company(text, of.end())
    if not _ends(text, part.end):
        return False
    by = text[max(floor, start - 3) : start].lower() == "by "  # "fell by two fifths"
    firm = part.counted and (part.joined or part.bottom != 4) and not by
    return firm or _HELD.search(text, max(floor, start - 60), start) is not None


def _ends(text: str, end: int) -> bool:
    """Tell whether nothing follows that the fraction could count."""
    if _PAUSE.match(text, end):
        return True
    return any(word.lower() in _FUNCTION and word.lower() != "of" for word, _ in words_after(text, end, 1))


def _names_company(text: str, position: int) -> bool:
    """Tell whether the words at `position` end with a name, or with a word such as "company" or "shares"."""
    last = ""
    for index, (word, _) in enumerate(words_after(text, position, 8)):
        name = word.lower().rstrip(".'")
        if name in _FUNCTION and not (index == 0 and name in _DETERMINERS):
            break
        last = word
        if word.endswith(".") and name in _COMPANY:
            break
    name = last.lower().rstrip(".'")
    if name in _COMPANY:
        return True
    if not last[:1].isupper() or last.endswith(("'s", "s'", "'")):
        return False
    return not (currencies.is_country(name) or currencies.is_country(name.removesuffix("s")))
