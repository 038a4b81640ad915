"""Whether the figures of a record stand in its source: checked anew, with nothing that the pipeline found.

A figure of a value has to be one of the source's exactly; one in words or prose may be a rounding of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from evals.gold import Range
from summarizer.figures import Kind, Mention, agree, find, may_be
from summarizer.records.values import RECORD_FIELDS, Day, Money, Percent, Record

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_MONEY = {Kind.MONEY, Kind.PER_SHARE}


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that a record states: where in it, as a mention, and whether a rounding of it will do."""

    path: str
    mention: Mention
    loose: bool

    def held_by(self, mention: Mention) -> bool:
        """Whether a mention of the source states the same figure."""
        mine = self.mention
        if self.loose and agree(mine, mention):
            return True
        if mine.kind is Kind.DATE:
            return mention.kind is Kind.DATE and (mention.date or "").startswith(mine.date or "?")
        if mine.kind is Kind.UNREAD:
            return mine.text == mention.text
        if mine.kind is not mention.kind and not {mine.kind, mention.kind} <= _MONEY:
            return False
        same = (mine.value, mine.upper) == (mention.value, mention.upper)
        return same and (may_be(mine, mention.unit, mention.text) or may_be(mention, mine.unit, mine.text))


@lru_cache(maxsize=4096)
def mentions_of(source: str) -> tuple[Mention, ...]:
    """The mentions of a source or of a span, which repeats and several systems share."""
    return find(source)


def unsupported(record: BaseModel, source: str) -> list[str]:
    """Find the figures of the record that the source does not hold, each with its path."""
    mentions = mentions_of(source)
    numbers = set(_NUMBER.findall(source))
    lost = [
        f"{claim.path}: {claim.mention.text}"
        for claim in claims(record)
        if not any(claim.held_by(mention) for mention in mentions)
    ]
    for path, words in _walk(_facts(record)):
        if not isinstance(words, str):
            continue
        covered = [(mention.start, mention.end) for mention in mentions_of(words)]
        for number in _NUMBER.finditer(words):
            if number.group() not in numbers and not any(
                start <= number.start() < end for start, end in covered
            ):
                lost.append(f"{path}: {number.group()}")
    return lost


def misplaced(record: BaseModel, source: str, forbidden: Sequence[Range]) -> list[str]:
    """Find what the record takes from forbidden places: figures that stand only there, and evidence."""

    def inside(start: int) -> bool:
        return any(left <= start < right for left, right in forbidden)

    mentions = mentions_of(source)
    taken = []
    for claim in claims(record):
        places = [mention.start for mention in mentions if claim.held_by(mention)]
        if places and all(inside(place) for place in places):
            taken.append(f"{claim.path}: {claim.mention.text}")
    cited = [(path, value.evidence) for path, value in _walk(_facts(record)) if hasattr(value, "evidence")]
    if isinstance(record, Record):
        cited += record.evidence.items()
    for path, spans in cited:
        taken += [f"{path}: evidence at {span.start}" for span in spans if inside(span.start)]
    return taken


def held(value: Any, mentions: Sequence[Mention]) -> bool:
    """Whether a text with these mentions holds the figure of a value."""
    claim = _claim("", value)
    return claim is None or any(claim.held_by(mention) for mention in mentions)


def claims(record: BaseModel) -> Iterator[Claim]:
    """Every figure that the record states, in values, copied words and prose."""
    for path, value in _walk(_facts(record)):
        if (claim := _claim(path, value)) is not None:
            yield claim
        elif isinstance(value, int) and not isinstance(value, bool):
            yield Claim(path, Mention(Kind.DATE, 0, 4, str(value), date=str(value)), loose=False)
        elif isinstance(value, str):
            found = (mention for mention in mentions_of(value) if mention.kind is not Kind.UNDISCLOSED)
            yield from (Claim(path, mention, loose=True) for mention in found)


def _claim(path: str, value: Any) -> Claim | None:
    """The figure that a value states; None where it states none."""
    if isinstance(value, Money) and value.value is not None:
        money = _mention(Kind.MONEY, value.text, value.value, value.upper, value.currency or "")
        return Claim(path, money, loose=False)
    if isinstance(value, Percent) and value.percent is not None:
        return Claim(path, _mention(Kind.PERCENT, value.text, value.percent, value.upper, "%"), loose=False)
    if isinstance(value, Day) and value.date is not None:
        return Claim(path, Mention(Kind.DATE, 0, len(value.text), value.text, date=value.date), loose=False)
    return None


def _mention(kind: Kind, text: str, value: Any, upper: Any, unit: str) -> Mention:
    return Mention(kind, 0, len(text), text, value, upper, unit)


def _facts(record: BaseModel) -> list[tuple[str, Any]]:
    return [(name, getattr(record, name)) for name in type(record).model_fields if name not in RECORD_FIELDS]


def _walk(parts: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Every part of a record with its path, evidence apart."""
    for path, value in parts:
        yield path, value
        if isinstance(value, BaseModel):
            names = [
                name for name in type(value).model_fields if name not in ("evidence", "date")
            ]  # a date has its text
            yield from _walk((f"{path}.{name}", getattr(value, name)) for name in names)
        elif isinstance(value, (tuple, list)):
            yield from _walk((f"{path}[{index}]", part) for index, part in enumerate(value))
