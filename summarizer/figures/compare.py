"""Whether two mentions can state the same fact."""

from decimal import Decimal

from . import currencies
from .model import Kind, Mention, Qualifier
from .numerals import EXACT

_ABOUT = Decimal("0.05")  # how far "about" reaches, as a share of the figure
_ABOUT_POINTS = Decimal(1)  # and at most so many percentage points: "about 51%" is no minority
_HALF = Decimal("0.5")
_BOUNDS = (Qualifier.AT_LEAST, Qualifier.AT_MOST)


def may_be(mention: Mention, unit: str, source: str = "") -> bool:
    """Tell whether `mention` is in `unit`, or would be in another text: "9 crowns" are of any country that has crowns.

    `source` is the form of the figure in the text that gave it `unit`: where both are bare dollars ("$9
    million"), that text told whose.
    """
    if unit == mention.unit:
        return True
    if mention.unit in currencies.SHARED_CODES and unit in currencies.shared(mention.text).values():
        return True
    return (
        unit in currencies.DOLLARS
        and mention.unit in currencies.DOLLARS
        and currencies.is_bare_dollar(mention.text)
        and currencies.is_bare_dollar(source)
    )


def is_rounding_of(coarse: Mention, fine: Mention) -> bool:
    """Tell whether `fine`, rounded to the last stated digit of `coarse`, gives `coarse`.

    True for "8 billion" of "7.6 billion", never for equal precision. A tie may go either way.
    """
    if (coarse.kind, coarse.unit) != (fine.kind, fine.unit) or coarse.step is None or fine.step is None:
        return False
    if coarse.step <= fine.step or (coarse.upper is None) != (fine.upper is None):
        return False
    ends = [(coarse.value, fine.value)]
    if coarse.upper is not None:
        ends.append((coarse.upper, fine.upper))
    reach = EXACT.multiply(coarse.step, _HALF)
    return all(a is not None and b is not None and _distance(a, b) <= reach for a, b in ends)


def agree(a: Mention, b: Mention) -> bool:
    """Tell whether `a` and `b` can state one fact: equal, one the other's rounding, or overlapping ranges.

    Kind and unit must be the same. "about" reaches 5% (for percentages at most one point); "at least" and
    "at most" agree by the figure they name. Symmetric.
    """
    if (a.kind, a.unit) != (b.kind, b.unit):
        return False
    if a.kind is Kind.UNDISCLOSED:
        return True
    if a.kind is Kind.DATE:
        return _dates_agree(a.date or "", b.date or "")
    if a.value is None or b.value is None:
        return False
    if a.upper is not None or b.upper is not None:
        return a.value <= (b.upper or b.value) and b.value <= (a.upper or a.value)
    if a.value == b.value or is_rounding_of(a, b) or is_rounding_of(b, a):
        return True
    if a.qualifier in _BOUNDS or b.qualifier in _BOUNDS:
        return False
    return any(
        mention.qualifier is Qualifier.ABOUT and _distance(a.value, b.value) <= _reach(mention)
        for mention in (a, b)
    )


def _reach(mention: Mention) -> Decimal:
    reach = EXACT.multiply(abs(mention.value or Decimal(0)), _ABOUT)
    return min(reach, _ABOUT_POINTS) if mention.kind is Kind.PERCENT else reach


def _distance(a: Decimal, b: Decimal) -> Decimal:
    return abs(EXACT.subtract(a, b))


def _dates_agree(a: str, b: str) -> bool:
    """Tell whether the parts that both dates state are the same, and there is such a part."""
    pairs = [(x, y) for x, y in zip(_parts(a), _parts(b), strict=False) if x and y]
    return bool(pairs) and all(x == y for x, y in pairs)


def _parts(date: str) -> list[str]:
    """Split "2025-06" or "--06-13" into year, month and day; an unstated year is ""."""
    return ["", *date[2:].split("-")] if date.startswith("--") else date.split("-")
