"""The text of an article with the places that a record cites marked, each with an address."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from pydantic import BaseModel

from summarizer.findings import Span
from summarizer.render.safe import visible


@dataclass(frozen=True, slots=True)
class Article:
    """A text in HTML. ``starts`` and ``ends`` are the marked places, in order, without overlaps."""

    anchor: str
    body: Markup
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def target(self, start: int) -> str | None:
        """The address of the mark that holds the character at ``start``; None where none does."""
        index = bisect_right(self.starts, start) - 1
        return f"{self.anchor}p{index}" if index >= 0 and start < self.ends[index] else None


def article_of(record: BaseModel, text: str, anchor: str) -> Article:
    """Mark what a record cites in its text. Spans that overlap become one mark; spans that do not fit are left out."""
    marks: list[tuple[int, int]] = []
    for start, end in sorted(set(_places(record, text))):
        if marks and start < marks[-1][1]:
            marks[-1] = marks[-1][0], max(end, marks[-1][1])
        else:
            marks.append((start, end))
    parts: list[Markup] = []
    at = 0
    for index, (start, end) in enumerate(marks):
        parts.append(escape(visible(text[at:start])))
        parts.append(
            Markup('<mark id="{}p{}" tabindex="-1">{}</mark>').format(anchor, index, visible(text[start:end]))
        )
        at = end
    parts.append(escape(visible(text[at:])))
    body = Markup('<div class="body">{}</div>').format(Markup("").join(parts))
    return Article(anchor, body, tuple(s for s, _ in marks), tuple(e for _, e in marks))


def _places(value: Any, text: str) -> Iterator[tuple[int, int]]:
    if isinstance(value, Span):
        if value.end > value.start and text[value.start : value.end] == value.text:
            yield value.start, value.end
    elif isinstance(value, BaseModel):
        for part in vars(value).values():
            yield from _places(part, text)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _places(part, text)
    elif isinstance(value, dict):
        for part in value.values():
            yield from _places(part, text)
