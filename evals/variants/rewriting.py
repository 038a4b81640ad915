"""Figures and dates written anew, in the form in which the text has them."""

from __future__ import annotations

import calendar
import datetime
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evals.variants.edits import Edit
from evals.variants.figures import Values
from evals.variants.words import spelled
from summarizer.figures import Kind, Mention, numerals
from summarizer.figures.plain import flatten

_GAPS = ", '’\u00a0\u2009\u202f"  # between groups of digits
_DIGITS = re.compile(
    rf"(?:\d{{1,3}}(?:[{_GAPS}.]\d{{3}}|,\d\d(?=,))+(?!\d)|\d+)(?:[.,]\d+)?(?:[ -]?\d{{1,2}}/\d{{1,2}}| ?[½¼¾⅛⅜⅝⅞])?|\.\d+"
)
_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP"}
_CURRENCY_WORDS = re.compile(
    r"\b(?:dollars?|dlrs?|euros?|pounds?|pence|cents?|sterling|USD|EUR|GBP)\b", re.IGNORECASE
)
_COUNT = r"(?<![\w$€£.,])(?P<count>(?:\d[\d.,]*|half a) (?:million|billion|trillion|crore))"
_UNREAD = re.compile(
    rf"{_COUNT}(?:(?P<shares> outstanding| in issue)| (?=last|this|a year|from|for|in cash)|(?= ?[.;:,“”\"]))"
    r"|(?<![\w$€£.,])(?P<coins>\d[\d.,]*) (?P<coin>crowns|won|marks|rand|reals)\b"
    r"|(?<![\w$€£.,/])(?P<one>\d\d)[/-](?P<two>\d\d)(?![\w.,/]\d|\d)"
)
_ARTICLE = re.compile(r"(?<!\w)([Aa])(n?)(?= $)")
_POWERS = ((12, "trillion"), (9, "billion"), (6, "million"), (3, "thousand"))


@dataclass(frozen=True, slots=True)
class Calendar:
    """How far dates move, and whether a day that would leave its month goes the other way."""

    years: int
    days: int

    def day(self, year: int, month: int, day: int) -> int:
        """The day that stands for a day of the month."""
        longest = calendar.monthrange(year + self.years, month)[1] if year else 28 if month == 2 else 30
        return day + self.days if 1 <= day + self.days <= longest else day - self.days

    def moved(self, date: str) -> str:
        """An ISO date moved; one of parts keeps its parts."""
        if date.startswith("--"):
            month, day = map(int, date[2:].split("-"))
            return f"--{month:02}-{self.day(0, month, day):02}"
        year, *rest = map(int, date.split("-"))
        if len(rest) > 1:
            rest[1] = self.day(year, *rest)
        return "-".join([str(year + self.years), *(f"{part:02}" for part in rest)])


def calendar_for(mentions: Sequence[Mention], rng: random.Random) -> Calendar:
    """Draw one shift for all dates; of those the one after which the most days fall on the same weekday."""
    dates = [m.date for m in mentions if m.date]
    years = [int(date[:4]) for date in dates if not date.startswith("--")]
    shifts = [y for y in (*range(-9, -1), *range(2, 10)) if all(1900 <= year + y <= 2098 for year in years)]
    drawn = [Calendar(y, d) for y in shifts or [1] for d in range(-6, 7) if d]
    rng.shuffle(drawn)
    return max(drawn, key=lambda one: sum(map(_keeps_weekday, [one] * len(dates), dates)))


def _keeps_weekday(one: Calendar, date: str) -> float:
    new = one.moved(date)
    if len(date) == 10:
        before, after = datetime.date.fromisoformat(date), datetime.date.fromisoformat(new)
        return (before.weekday() == after.weekday()) + (after.day - before.day == one.days)
    return float(date.startswith("--") and int(new[-2:]) - int(date[-2:]) == one.days)


def dated(text: str, mention: Mention, shift: Calendar) -> Iterator[Edit]:
    """Edits of one date; none of another figure."""
    if mention.date is None:
        return
    old = mention.date
    new = shift.moved(old)
    year = old[:4]
    for match in re.finditer(rf"(?<!\d){year}(?!\d)" if year[0] != "-" else r"(?!)", mention.text):
        yield _edit(mention, match.span(), new[:4])
    if year not in mention.text and (short := re.search(r"\d\d$", mention.text)) and year[0] != "-":
        yield _edit(mention, short.span(), new[2:4])  # "FY25"
    if mention.text == year and (end := re.match(r"[-–/](\d\d)(?!\d)", text[mention.end :])):
        at = mention.end + end.start(1)
        yield Edit(at, at + 2, f"{(int(end[1]) + shift.years) % 100:02}")  # "2005-06" is two years
    if old.count("-") > 1:
        yield from _day(mention, int(old[-2:]), int(new[-2:]))


def _day(mention: Mention, old: int, new: int) -> Iterator[Edit]:
    """The edit of the day in a date: the last of the numbers that are equal to it, or its word."""
    days = re.finditer(r"(?<!\d)(\d{1,2})(st|nd|rd|th)?(?!\d)", mention.text)
    for match in [match for match in days if int(match[1]) == old][-1:]:
        suffix = "th" if 10 < new < 14 else {1: "st", 2: "nd", 3: "rd"}.get(new % 10, "th")
        written = f"{new:02}" if match[1][0] == "0" or mention.text[:4].isdigit() else str(new)
        yield _edit(mention, match.span(), written + (suffix if match[2] else ""))
    if word := re.search(rf"\b{spelled(old)}\b", mention.text, re.IGNORECASE):
        yield _edit(mention, word.span(), str(new))


def valued(text: str, mention: Mention, values: Values, signs: Mapping[str, str]) -> Iterator[Edit]:
    """Edits of one figure: its numbers, its currency sign, and the article before it; none of a date.

    Raises ValueError where the numbers of the mention cannot be told.
    """
    stated = [value for value in (mention.value, mention.upper) if value is not None]
    literals = _literals(mention.text, len(stated)) if stated else []
    for index, (value, (start, end)) in enumerate(zip(stated, literals, strict=True)):
        written = _written(mention.text[start:end], value, values[mention.unit, value])
        yield _edit(mention, (start, end), written)
        sign = mention.text[start - 1 : start] if start else ""
        if sign in signs:
            yield _edit(mention, (start - 1, start), signs[sign])
        if index == 0 and (article := _ARTICLE.search(text, 0, mention.start)):
            right = "n" if _begins_with_vowel(written) else ""
            if right != article[2] and start <= 1:
                yield Edit(article.start(), article.end(), article[1] + right)


def _edit(mention: Mention, span: tuple[int, int], new: str) -> Edit:
    return Edit(mention.start + span[0], mention.start + span[1], new)


def _literals(text: str, count: int) -> list[tuple[int, int]]:
    """Where the numbers of a mention stand: digits without their magnitude, or words with it."""
    found = [match.span() for match in _DIGITS.finditer(text)]
    if not found:
        plain, end = flatten(text), 0
        for word in re.finditer(r"[A-Za-z]+", plain):
            number = numerals.read(plain, word.start()) if word.start() >= end else None
            if number:
                found.append((number.start, number.end))
                end = number.end
    if len(found) != count:
        raise ValueError(f"the numbers of {text!r} cannot be told")
    return found


def _written(literal: str, old: Decimal, new: Decimal) -> str:
    """A new value in the form of the old one's literal."""
    spoken = numerals.read(flatten(literal), 0)
    if spoken and not re.search(r"\d", literal):
        return _in_words(new * spoken.value / old, capital=literal[0].isupper())
    for european in (False, True):
        point, groups = (",", "." + _GAPS[1:]) if european else (".", _GAPS)
        whole, _, part = literal.strip().rpartition(point) if point in literal else (literal, "", "")
        digits = re.sub(f"[{groups}]", "", whole)
        if digits.isdigit() and (part.isdigit() or not part):
            scale = old / Decimal(f"{digits}.{part}")
            if scale.normalize().as_tuple().digits == (1,):
                group = next((c for c in whole if c in groups), "." if european else ",")
                return _grouped(new / scale, len(part), point, group)
    if spoken is None or not spoken.value:
        raise ValueError(f"{literal!r} cannot be told")
    return _grouped(new * spoken.value / old, 0, ".", ",")  # for "4½" a number with a point


def _grouped(number: Decimal, places: int, point: str, group: str) -> str:
    needed = max(places, -int(number.normalize().as_tuple().exponent))
    whole, _, part = f"{number:,.{needed}f}".partition(".")
    return whole.replace(",", group) + (point + part if part else "")


def _in_words(value: Decimal, *, capital: bool) -> str:
    written = f"{value.normalize():f}"
    for power, name in ((0, ""), *_POWERS[::-1]):
        part = value.scaleb(-power)
        if part < 1000 and (part >= 1 or not power):
            count = int(part)
            written = spelled(count) if part == count and count < 100 else f"{part.normalize():f}"
            written = f"{written} {name}".strip()
            break
    return written.capitalize() if capital else written


def _begins_with_vowel(number: str) -> bool:
    """Whether a number is spoken with a vowel first: 8, 11, 18 and their thousands."""
    first = re.split(r"[.,\s]", number.lower())[0]
    return first[:1] in ("8", "e") or first in ("11", "18")


def unread(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Figures whose unit only the sentences before tell: "of the 40 million outstanding", "140 crowns", "60/40"."""
    money = [m for m in mentions if m.kind is Kind.MONEY]
    percents = {m.value for m in mentions if m.kind is Kind.PERCENT}
    found = []
    for match in _UNREAD.finditer(text):
        if any(m.start < match.end() and match.start() < m.end for m in mentions):
            continue
        like = {m.unit for m in money if not match["coin"] or m.text.endswith(match["coin"])}
        if match["one"]:
            if {Decimal(match["one"]), Decimal(match["two"])} <= percents:
                found += [_bare(match, name, Kind.PERCENT, "%") for name in ("one", "two")]
        elif match["shares"]:
            found.append(_bare(match, "count", Kind.SHARES, "shares"))
        elif len(like) == 1:
            found.append(_bare(match, "count" if match["count"] else "coins", Kind.MONEY, like.pop()))
    return found


def _bare(match: re.Match[str], group: str, kind: Kind, unit: str) -> Mention:
    number = numerals.read(flatten(match[group]), 0)
    if number is None:
        raise ValueError(f"{match[group]!r} cannot be told")
    return Mention(kind, *match.span(group), match[group], number.value, unit=unit, step=number.step)


def other_signs(text: str, mentions: Sequence[Mention], rng: random.Random) -> dict[str, str]:
    """Other currency signs for those of a text, where it writes all its money with plain signs."""
    money = [m for m in mentions if m.kind in (Kind.MONEY, Kind.PER_SHARE)]
    used = {m.unit for m in money}
    signs = {sign for sign, unit in _SIGNS.items() if unit in used and sign in text}
    plain = sum(len(re.findall(rf"(?<![A-Z])[{''.join(_SIGNS)}](?=\d)", m.text)) for m in money)
    if not signs or _CURRENCY_WORDS.search(text) or plain != sum(text.count(sign) for sign in _SIGNS):
        return {}
    free = [sign for sign, unit in _SIGNS.items() if unit not in used]
    return dict(zip(sorted(signs), rng.sample(free, min(len(free), len(signs))), strict=False))


def unit_of(mention: Mention, signs: Mapping[str, str]) -> str:
    """The unit of a figure after its sign was changed."""
    by_unit = {_SIGNS[old]: _SIGNS[new] for old, new in signs.items()}
    return by_unit.get(mention.unit, mention.unit)
