"""Figures as intervals: what a stated figure can stand for, and whether two of them can be one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from summarizer.dossiers.model import Relation
from summarizer.figures import Mention, Qualifier, find, parse
from summarizer.records.values import Money, Percent

_HALF = Decimal("0.5")
_ABOUT = Decimal("0.05")  # "about" reaches at most this share of the figure
_ABOUT_POINTS = Decimal(1)  # and, for percentages, at most so many points
_BOUND = Decimal("0.25")  # "more than 29" is not said of 40
_RANKS = {Qualifier.EXACT: 4, Qualifier.ABOUT: 3, Qualifier.RANGE: 2}


@dataclass(frozen=True, slots=True)
class Interval:
    """``low`` to ``high``, and half the size of the last stated digit where the figure may be a rounding.

    ``rounding`` is zero for hedged figures: "about 15 billion" is already the interval 14.5 to 15.5, whose
    ends are ``open``: it does not meet "about 14 billion".
    """

    low: Decimal
    high: Decimal
    rounding: Decimal = Decimal(0)
    open: bool = False

    def meets(self, other: Interval) -> bool:
        """Whether both can stand for one figure. Of two roundings only the coarser one gives way."""
        gap = max(self.low - other.high, other.low - self.high)
        if self.open and other.open:
            return gap < 0
        if self.rounding == other.rounding:
            return gap <= 0
        return gap <= max(self.rounding, other.rounding)

    @property
    def widest(self) -> tuple[Decimal, Decimal]:
        """Both ends with the rounding."""
        return self.low - self.rounding, self.high + self.rounding


@lru_cache(maxsize=4096)
def step_of(text: str) -> Decimal:
    """Return the size of the last stated digit of a figure: 100,000,000 for "$14.3 billion"; 0 where unknown."""
    mention = parse(text) or next(iter(find(text)), None)
    return mention.step if mention is not None and mention.step is not None else Decimal(0)


def number_of(value: Money | Percent) -> Decimal | None:
    """The lower or only figure, in currency units or percentage points."""
    return value.value if isinstance(value, Money) else value.percent


def interval_of(value: Money | Percent) -> Interval | None:
    """Return what a figure can stand for; None where it is undisclosed."""
    number = number_of(value)
    if number is None:
        return None
    step = step_of(value.text)
    return _interval(number, value.upper, value.qualifier, step, percent=isinstance(value, Percent))


def interval_of_mention(mention: Mention, *, percent: bool) -> Interval | None:
    """Return what a figure of a text can stand for."""
    if mention.value is None:
        return None
    return _interval(
        mention.value, mention.upper, mention.qualifier, mention.step or Decimal(0), percent=percent
    )


def _interval(
    number: Decimal, upper: Decimal | None, qualifier: Qualifier, step: Decimal, *, percent: bool
) -> Interval:
    if upper is not None:
        return Interval(min(number, upper), max(number, upper), step * _HALF)
    if qualifier is Qualifier.ABOUT:
        reach = _reach(number, step, percent=percent)
        return Interval(number - reach, number + reach, open=bool(reach))
    if qualifier is Qualifier.AT_LEAST:
        return Interval(number, number + abs(number) * _BOUND)
    if qualifier is Qualifier.AT_MOST:
        return Interval(number - abs(number) * _BOUND, number)
    return Interval(number, number, step * _HALF)


def _reach(number: Decimal, step: Decimal, *, percent: bool) -> Decimal:
    """How far "about" reaches: half of the last digit that is not zero, at most 5%, at least half of the step.

    "About 15 billion" reaches half a billion, "about 500 million" 25 million.
    """
    if not number:
        return step * _HALF
    exponent = number.normalize().as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    widest = min(last_digit * _HALF, abs(number) * _ABOUT)
    if percent:
        widest = min(widest, _ABOUT_POINTS)
    return max(widest, step * _HALF)


def compare_figures(a: Money | Percent, b: Money | Percent) -> Relation:
    """Tell how two figures for one fact relate. Symmetric."""
    first, second = interval_of(a), interval_of(b)
    if first is None or second is None:
        return Relation.SAME if first is second else Relation.NOT_COMPARABLE
    if isinstance(a, Money) and isinstance(b, Money) and not _same_measure(a, b):
        return Relation.NOT_COMPARABLE
    if not first.meets(second):
        apart = _stated(a) and _stated(b) and _basis(a) != _basis(b)
        return Relation.NOT_COMPARABLE if apart else Relation.CONFLICT
    if a.qualifier is b.qualifier and number_of(a) == number_of(b) and a.upper == b.upper:
        return Relation.SAME
    rounded = a.qualifier is b.qualifier is Qualifier.EXACT
    return Relation.ROUNDING if rounded else Relation.COMPATIBLE


def _same_measure(a: Money, b: Money) -> bool:
    """Whether two amounts have one currency, and both or neither are for one share."""
    if a.currency and b.currency and a.currency != b.currency:
        return False
    return (_basis(a) == "per_share") == (_basis(b) == "per_share")


def _basis(value: Money | Percent) -> str:
    return str(getattr(value, "basis", "") or "")


def _stated(value: Money | Percent) -> bool:
    return _basis(value) not in ("", "unspecified")


def specificity(value: Money | Percent) -> tuple[int, Decimal, Decimal]:
    """A sort key, higher for figures that say more: exact before hedged, fine before rounded."""
    interval = interval_of(value)
    if interval is None:
        return 0, Decimal(0), Decimal(0)
    per_share = _basis(value) == "per_share"
    rank = 0 if per_share else _RANKS.get(value.qualifier, 1)
    return rank, -step_of(value.text), interval.low - interval.high


def implied_value(amount: Money, stake: Percent) -> Interval | None:
    """Return the value of the whole that an amount paid for a stake implies, with their roundings and hedges."""
    paid, share = interval_of(amount), interval_of(stake)
    if paid is None or share is None:
        return None
    (low, high), (least, most) = paid.widest, share.widest
    if least <= 0 or low <= 0:
        return None
    return Interval(low * 100 / most, high * 100 / least)
