"""Values as text: a figure with its hedge, a choice, a count."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from summarizer.figures import Qualifier
from summarizer.records.values import Choice, Day, FigureValue, Money, Percent
from summarizer.render.safe import one_line

HEDGES = {Qualifier.ABOUT: "about", Qualifier.AT_LEAST: "at least", Qualifier.AT_MOST: "up to"}
"""The hedges that stand before a figure."""

_BASES = {
    "upfront": "upfront",
    "total": "in total",
    "pre_money": "pre-money",
    "post_money": "post-money",
    "enterprise": "enterprise value",
    "equity": "equity value",
    "unspecified": "",
}


def figure(value: FigureValue) -> tuple[str, str]:
    """Return a figure as written in the text, with its hedge, and its parsed value (or nothing)."""
    qualifier = getattr(value, "qualifier", None)
    if qualifier is Qualifier.UNDISCLOSED:
        return "undisclosed", ""
    text = one_line(str(getattr(value, "text", "")))
    hedge = HEDGES.get(qualifier) if isinstance(qualifier, Qualifier) else None
    words = f"{hedge} {text}" if hedge else text
    base = next((kind for kind in (Money, Percent, Day) if isinstance(value, kind)), FigureValue)
    names = [name for name in type(value).model_fields if name not in {*base.model_fields, "text"}]
    extra = (_extra(name, getattr(value, name), text) for name in names)
    return ", ".join(filter(None, (words, *extra))), _parsed(value, text)


def _parsed(value: FigureValue, text: str) -> str:
    if isinstance(value, Money) and value.value is not None:
        return f"{value.currency or 'currency not stated:'} {_number(value.value, value.upper)}"
    if isinstance(value, Percent) and value.percent is not None:
        number = _number(value.percent, value.upper)
        return "" if number in text else f"{number}%"
    if isinstance(value, Day):
        return "" if value.date == text else value.date or "year not stated"
    return ""


def _extra(name: str, value: Any, text: str) -> str:
    """Return a further part of a figure: its basis, or whether a stake has votes."""
    if value is None or (value == "per_share" and re.search(r"\b(?:per|an?|each)\b", text)):
        return ""
    if isinstance(value, bool):
        return flag_words(name, value)
    return _BASES.get(str(value), spaced(one_line(str(value))))


def _number(value: Decimal, upper: Decimal | None) -> str:
    ends = (value,) if upper is None else (value, upper)
    return " to ".join(f"{int(end) if end == int(end) else end:,}" for end in ends)


def detail(value: Any) -> str:
    """Return any value of an item as text."""
    if isinstance(value, FigureValue):
        words, parsed = figure(value)
        return f"{words} ({parsed})" if parsed else words
    if isinstance(value, Choice):
        return spaced(str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)):
        return "; ".join(detail(part) for part in value)
    return one_line(str(getattr(value, "text", value)))


def spaced(name: str) -> str:
    """Return the name of a field or choice with spaces."""
    return name.replace("_", " ")


def flag_words(name: str, flag: bool) -> str:
    """Return ``voting`` or ``non-voting``."""
    return spaced(name) if flag else f"non-{spaced(name)}"


def count(number: int, noun: str) -> str:
    """Return ``1 request`` or ``2,000 requests``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
