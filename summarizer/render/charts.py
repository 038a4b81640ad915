"""Charts of a dossier as inline SVG: figures on one scale, and years on an axis.

The shapes are a handful of lines and circles, written here: the small libraries for SVG do not escape the
words that they are given, and these are the words of articles. Positions are percentages, so that a chart
fits any width without being distorted, and colours are those of the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from summarizer.dossiers.intervals import Interval, interval_of
from summarizer.dossiers.model import Claim, Reconciled, Relation
from summarizer.figures import Qualifier
from summarizer.records.values import Money, Percent
from summarizer.render.safe import shortened

_ROW, _TOP, _AXIS = 44, 6, 26  # pixels
_SHOWN = 46  # characters of one label
_LEFT, _RIGHT = 3.0, 97.0  # per cent of the width


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure on a scale: its label, what it can stand for, and how the text hedges it."""

    label: str
    interval: Interval
    qualifier: Qualifier
    conflicts: bool


def marks_of(fact: Reconciled[Money] | Reconciled[Percent], labels: dict[str, str]) -> list[Mark]:
    """The figures that can be put on one scale: those with the currency of the consensus, none for one share."""
    marks = []
    claims: Sequence[Claim[Money] | Claim[Percent]] = fact.claims
    for claim in claims:
        interval = interval_of(claim.value)
        comparable = claim.relation is not Relation.NOT_COMPARABLE
        if interval is not None and comparable:
            conflicts = claim.relation in (Relation.CONFLICT, Relation.SUPERSEDED)
            marks.append(Mark(labels[claim.source], interval, claim.value.qualifier, conflicts))
    return marks


def scale_chart(title: str, marks: Sequence[Mark], unit: str) -> Markup:
    """Draw figures on one scale: a dot for an exact figure, a bar for a hedge or a range, a thin line for the rounding."""
    low = min(mark.interval.widest[0] for mark in marks)
    high = max(mark.interval.widest[1] for mark in marks)
    if low == high:
        low, high = low - abs(low) / 10 - 1, high + abs(high) / 10 + 1
    height = _TOP + _ROW * len(marks) + _AXIS
    rows = [_row(index, mark, low, high) for index, mark in enumerate(marks)]
    ticks = [_tick(low + (high - low) * part / 2, low, high, height, unit) for part in range(3)]
    return Markup('<svg class="chart" role="img" width="100%" height="{}" aria-label="{}">{}{}</svg>').format(
        height, title, Markup("").join(ticks), Markup("").join(rows)
    )


def _at(value: Decimal, low: Decimal, high: Decimal) -> str:
    share = float((value - low) / (high - low))
    return f"{_LEFT + share * (_RIGHT - _LEFT):.2f}%"


def _row(index: int, mark: Mark, low: Decimal, high: Decimal) -> Markup:
    top = _TOP + index * _ROW
    y = top + 28
    interval = mark.interval
    kind = "off" if mark.conflicts else "on"
    start, end = (_at(value, low, high) for value in (interval.low, interval.high))
    least, most = (_at(value, low, high) for value in interval.widest)
    parts = [
        Markup('<text x="{}%" y="{}">{}</text>').format(_LEFT, top + 14, shortened(mark.label, _SHOWN)),
        Markup('<line class="track" x1="{}%" x2="{}%" y1="{y}" y2="{y}"/>').format(_LEFT, _RIGHT, y=y),
        Markup('<line class="thin {}" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(kind, least, most, y=y),
    ]
    if interval.low != interval.high:
        parts.append(
            Markup('<line class="bar {}" x1="{}" x2="{}" y1="{y}" y2="{y}"/>').format(kind, start, end, y=y)
        )
    if mark.qualifier is Qualifier.ABOUT:
        middle = _at((interval.low + interval.high) / 2, low, high)
        parts.append(Markup('<circle class="open {}" cx="{}" cy="{}" r="5"/>').format(kind, middle, y))
    elif mark.qualifier is not Qualifier.RANGE:
        dot = end if mark.qualifier is Qualifier.AT_MOST else start
        parts.append(Markup('<circle class="dot {}" cx="{}" cy="{}" r="5"/>').format(kind, dot, y))
    return Markup("").join(parts)


def _tick(value: Decimal, low: Decimal, high: Decimal, height: int, unit: str) -> Markup:
    anchor = "start" if value == low else "end" if value == high else "middle"
    x = _at(value, low, high)
    return Markup(
        '<line class="grid" x1="{x}" x2="{x}" y1="{}" y2="{}"/><text class="tick" x="{x}" y="{}" text-anchor="{}">{}</text>'
    ).format(_TOP, height - 20, height - 6, anchor, _short(value, unit), x=x)


def _short(value: Decimal, unit: str) -> str:
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if abs(value) >= size:
            return f"{unit} {float(value / size):.4g} {word}"
    return f"{float(value):.4g}%" if unit == "%" else f"{unit} {float(value):.4g}"


def year_axis(title: str, years: Iterable[tuple[float, str]]) -> Markup:
    """Draw numbered dots on an axis of years. ``years`` are places in years (2031.5 for mid-2031) with their numbers."""
    placed = sorted(years)
    first, last = int(placed[0][0]), int(placed[-1][0]) + 1
    low, high = Decimal(first), Decimal(last)
    parts = [Markup('<line class="track" x1="{}%" x2="{}%" y1="34" y2="34"/>').format(_LEFT, _RIGHT)]
    step = max(1, (last - first) // 6)
    for year in range(first, last + 1, step):
        anchor = "start" if year == first else "end" if year == last else "middle"
        parts.append(
            Markup('<text class="tick" x="{}" y="58" text-anchor="{}">{}</text>').format(
                _at(Decimal(year), low, high), anchor, year
            )
        )
    at: dict[str, list[str]] = {}
    for place, number in placed:
        at.setdefault(_at(Decimal(str(place)), low, high), []).append(number)
    for x, numbers in at.items():
        parts.append(Markup('<circle class="dot on" cx="{}" cy="34" r="6"/>').format(x))
        parts.append(
            Markup('<text x="{}" y="20" text-anchor="middle">{}</text>').format(x, ", ".join(numbers))
        )
    return Markup('<svg class="chart" role="img" width="100%" height="64" aria-label="{}">{}</svg>').format(
        title, Markup("").join(parts)
    )
