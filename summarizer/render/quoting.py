"""Chooses the quotations that support a fact, and the words to mark in them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pydantic import BaseModel

from summarizer.figures import Mention, Qualifier, find, may_be
from summarizer.findings import Span
from summarizer.records.values import Choice, Day, FigureValue, Money, Percent
from summarizer.render.safe import one_line
from summarizer.render.wording import HEDGES, flag_words

Place: TypeAlias = tuple[int, int]
"""Start and end, in characters of the shown text."""

Numbers: TypeAlias = dict[tuple[int, int, str], int]
"""A reference number for each span: its start, end and text."""

Needle: TypeAlias = "str | FigureValue | tuple[FigureValue, Qualifier]"
"""What a quotation should contain: words, a figure, or a figure with its hedge."""

_MARKS = 20  # maximum marks in a quotation


@dataclass(frozen=True, slots=True)
class Quote:
    """A place of the source that states a fact; ``marks`` are the fact's words in ``text``, in order."""

    number: int
    text: str
    marks: tuple[Place, ...]


def numbered(record: BaseModel) -> Numbers:
    """Number the spans that the record cites, from 1, in text order."""
    return {span: number for number, span in enumerate(sorted(set(_keys(record))), 1)}


def _keys(value: Any) -> Iterator[tuple[int, int, str]]:
    if isinstance(value, Span):
        yield value.start, value.end, value.text
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _keys(getattr(value, name))
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _keys(part)


def quotes_of(value: BaseModel, numbers: Numbers) -> tuple[tuple[Quote, ...], tuple[int, ...]]:
    """Return the fewest quotations that show everything in the evidence of a fact, and the numbers of the others."""
    needles = _needles(value)
    left: dict[int, tuple[str, dict[int, list[Place]]]] = {}
    for key in sorted(set(_keys(value))):
        text = one_line(key[2])
        mentions = find(text)
        places = {index: _places(needle, text, mentions) for index, needle in enumerate(needles)}
        left[numbers[key]] = text, {index: found for index, found in places.items() if found}
    quotes: list[Quote] = []
    shown: set[int] = set()
    while left:
        number = max(left, key=lambda n: (len(left[n][1].keys() - shown), -n))
        text, found = left[number]
        if quotes and not found.keys() - shown:
            break
        quotes.append(Quote(number, text, _merged(place for places in found.values() for place in places)))
        shown |= found.keys()
        del left[number]
    return tuple(quotes), tuple(sorted(left))


def _needles(value: Any) -> list[Needle]:
    if isinstance(value, FigureValue):
        qualifier = getattr(value, "qualifier", None)
        needles: list[Needle] = [value]
        if isinstance(qualifier, Qualifier) and qualifier in HEDGES:
            needles.append((value, qualifier))
        flags = {name: getattr(value, name) for name in type(value).model_fields}
        return [*needles, *(flag_words(name, flag) for name, flag in flags.items() if isinstance(flag, bool))]
    if isinstance(value, BaseModel):
        names = [name for name in type(value).model_fields if name != "evidence"]
        return [needle for name in names for needle in _needles(getattr(value, name))]
    if isinstance(value, (tuple, list)):
        return [needle for part in value for needle in _needles(part)]
    if isinstance(value, str | int) and not isinstance(value, bool | Choice):
        return [one_line(str(value))]
    return []


def _places(needle: Needle, text: str, mentions: Sequence[Mention]) -> list[Place]:
    """Find a needle in a text. A figure is found by its value, however it is written."""
    if isinstance(needle, str):
        return _occurrences(needle, text) or _occurrences(_surname(needle), text)
    figure, qualifier = needle if isinstance(needle, tuple) else (needle, None)
    same = [m for m in mentions if m.kind in figure.kinds and _equal(m, figure)]
    if qualifier is not None:
        same = [m for m in same if m.qualifier is qualifier]
    elif not same:
        return _occurrences(one_line(str(getattr(figure, "text", ""))), text)
    return [(min(m.start, *m.hedge), max(m.end, *m.hedge)) if m.hedge else (m.start, m.end) for m in same]


def _equal(mention: Mention, figure: FigureValue) -> bool:
    if isinstance(figure, Money):
        same = (mention.value, mention.upper) == (figure.value, figure.upper)
        return same and may_be(mention, figure.currency or "", figure.text)
    if isinstance(figure, Percent):
        return (mention.value, mention.upper) == (figure.percent, figure.upper)
    return isinstance(figure, Day) and figure.date is not None and mention.date == figure.date


def _occurrences(words: str, text: str) -> list[Place]:
    if not words:
        return []
    left = r"(?<!\w)" if words[0].isalnum() else ""
    right = r"(?!\w)" if words[-1].isalnum() else ""
    return [match.span() for match in re.finditer(left + re.escape(words) + right, text, re.IGNORECASE)]


def _surname(name: str) -> str:
    """Return the last word of a name with several, as later sentences use it."""
    last = name.rpartition(" ")[2]
    return last if " " in name and len(last) > 2 and last[0].isupper() else ""


def _merged(places: Iterable[Place]) -> tuple[Place, ...]:
    merged: list[Place] = []
    for start, end in sorted(places):
        if merged and start <= merged[-1][1] + 1:  # a space between them is marked too
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def excerpt(quote: Quote, width: int, measure: Callable[[str], int] = len) -> Quote:
    """Shorten a quotation to at most ``width``, at word boundaries, keeping its marks and the words around them.

    ``measure`` returns the width of a text, by default its number of characters.
    """
    if measure(quote.text) <= width:
        return quote
    words = [match.span() for match in re.finditer(r"\S+", quote.text)]
    starts = [start for start, _ in words]
    kept: set[int] = set()
    for start, end in quote.marks[:_MARKS] or ((0, 1),):
        wanted = range(bisect_right(starts, start) - 1, bisect_left(starts, end))
        if measure(_cut(quote, words, kept.union(wanted)).text) <= width:
            kept.update(wanted)
        elif not kept:
            kept.add(wanted[0])
    edges = sorted(kept)
    while edges:  # extend each edge in turn by a word, as long as it fits
        grown = []
        for index in edges:
            for neighbour in (index + 1, index - 1):
                if neighbour in kept or not 0 <= neighbour < len(words):
                    continue
                if measure(_cut(quote, words, kept | {neighbour}).text) <= width:
                    kept.add(neighbour)
                    grown.append(neighbour)
        edges = grown
    shown = _cut(quote, words, kept)
    if measure(shown.text) <= width:
        return shown
    cut = max(1, width - 1)  # a single word is longer than the line
    marks = tuple((a, min(b, cut)) for a, b in shown.marks if a < cut)
    return Quote(quote.number, shown.text[:cut] + "…", marks)


def _cut(quote: Quote, words: Sequence[Place], kept: set[int]) -> Quote:
    """Replace each run of words that are not kept by an ellipsis."""
    text = ""
    marks: list[Place] = []
    last = -1
    for index in sorted(kept):
        start, end = words[index]
        if index > last + 1:
            text += " … " if text else "… "
        elif text:
            text += " "
        shift = len(text) - start
        text += quote.text[start:end]
        here = (mark for mark in quote.marks if mark[0] < end and mark[1] > start)
        marks += [(max(a, start) + shift, min(b, end) + shift) for a, b in here]
        last = index
    if last < len(words) - 1:
        text += " …"
    return Quote(quote.number, text, _merged(marks))
