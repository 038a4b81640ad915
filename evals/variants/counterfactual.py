"""The same article about other names, sums of money and years, with its gold.

All money is multiplied by one whole number, so that sums, shares and growth stay true; percentages stay.
Whoever answers an original name or figure to the altered text has remembered it, not read it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from evals.cases import Case, Conflict
from evals.gold import GoldDay, GoldFigure, labels
from evals.variants.edits import Altered, Edit, alter, made, placed, plain
from evals.variants.names import named, renamed, renaming
from summarizer.figures import Kind, Mention, find, parse
from summarizer.records.values import RECORD_FIELDS

_MONEY = (Kind.MONEY, Kind.PER_SHARE)
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class _Change:
    """What is changed everywhere in text and gold."""

    words: Mapping[str, str]
    factor: int
    years: int

    def altered(self, text: str) -> Altered:
        """The changed text. Raises ValueError where a sum is written without a digit, or inside a name."""
        edits = list(renamed(text, self.words))
        for mention in find(text):
            edits += self._figure(mention)
        return alter(text, edits)

    def _figure(self, mention: Mention) -> Iterator[Edit]:
        at = mention.start
        if mention.date:
            for year in _YEAR.finditer(mention.text):
                yield Edit(at + year.start(), at + year.end(), str(int(year.group()) + self.years))
        elif mention.kind in _MONEY:
            numbers = list(_NUMBER.finditer(mention.text))
            if len(numbers) != 1 + (mention.upper is not None):
                raise ValueError(f"the numbers of {mention.text!r} cannot be told")
            for number in numbers:
                yield Edit(at + number.start(), at + number.end(), _times(number.group(), self.factor))

    def meant(self, mention: Mention) -> tuple[Any, ...]:
        """What a mention has to say after the change."""
        if mention.date:
            year = mention.date[:4]
            return (
                mention.kind,
                str(int(year) + self.years) + mention.date[4:] if year.isdigit() else mention.date,
            )
        factor = self.factor if mention.kind in _MONEY else 1
        return mention.kind, *(v and v * factor for v in (mention.value, mention.upper))


def _times(number: str, factor: int) -> str:
    """A number multiplied, written as it was."""
    group = next(
        (c for c in ", \u00a0\u202f" if re.fullmatch(rf"\d{{1,3}}(?:{c}\d{{3}})+(?:\.\d+)?", number)), ""
    )
    point = "," if "," in number and not group else "."
    plain_number = number.replace(group, "") if group else number.replace(",", ".")
    places = len(plain_number.partition(".")[2])
    said = f"{Decimal(plain_number) * factor:{',' if group else ''}.{places}f}"
    return said.replace(".", "\0").replace(",", group).replace("\0", point)


def make(case: Case, rng: random.Random) -> list[Case]:
    """The counterfactual of a case; none where a sum cannot be written anew."""
    change = _Change(renaming(case, rng), rng.choice((2, 3, 4)), rng.choice((-3, -2, 2, 3)))
    try:
        altered = change.altered(case.text)
        wanted = [change.meant(m) for m in find(case.text)]
        read = [(m.kind, m.date) if m.date else (m.kind, m.value, m.upper) for m in find(altered.text)]
        if read != wanted:
            return []
        gold = _followed(placed(plain(case), altered.moved), change, altered)
        conflicts = [
            Conflict(field=each.field, figures=tuple(change.altered(figure).text for figure in each.figures))
            for each in case.conflicts
        ]
        return [made(case, "counterfactual", altered, gold, conflicts=conflicts)]
    except ValueError:
        return []


def _followed(node: Any, change: _Change, altered: Altered) -> Any:
    """Gold with the names, values and years of the altered text; its evidence is moved already."""
    if isinstance(node, dict):
        moved = {k: v if k == "evidence" else _followed(v, change, altered) for k, v in node.items()}
        if isinstance(moved.get("date"), str) and moved["date"][:4].isdigit():
            moved["date"] = str(int(node["date"][:4]) + change.years) + node["date"][4:]
        if node.get("value") is not None and "currency" in node:
            moved["value"] = node["value"] * change.factor
        if "facts" in node:
            moved["facts"] = [_fact(fact, change, altered) for fact in node["facts"]]
        return moved
    if isinstance(node, (tuple, list)):
        return [_followed(part, change, altered) for part in node]
    if isinstance(node, str) and not isinstance(node, Enum):
        return change.altered(node).text
    return node + change.years if isinstance(node, int) and not isinstance(node, bool) else node


def _fact(fact: str, change: _Change, altered: Altered) -> str:
    """A key fact, whose words begin words of the text."""
    said = []
    for word in fact.split():
        new = change.words.get(word.casefold(), word)
        if any(map(str.isdigit, word)):  # a number whose unit only the text has
            edits = (e for e in altered.edits if altered.original[e.start : e.end] == word.strip("$€£%,."))
            new = next((word.replace(word.strip("$€£%,."), edit.new) for edit in edits), word)
        said.append(new)
    return " ".join(said)


def remembered(record: BaseModel, original: Case, variant: Case) -> list[str]:
    """The names and figures of the original's gold that a record answers to the counterfactual text.

    What stands in both texts counts for neither.
    """
    words = list(_strings(record.model_dump(mode="json", exclude=set(RECORD_FIELDS))))
    forms = (form for one in named(original) for form in one.forms if not _holds(form, variant.text))
    found = {form for form in forms if any(_holds(form, each) for each in words)}
    answers = {part for each in words for mention in find(each) for part in _parts(mention)}
    answers -= {part for mention in find(variant.text) for part in _parts(mention)}
    for place in labels(original.gold):
        if isinstance(place.label, (GoldFigure, GoldDay)):
            stated = parse(place.label.text)
            if stated and _parts(stated) & answers:
                found.add(place.label.text)
    return sorted(found)


def _holds(form: str, text: str) -> bool:
    pattern = r"\s+".join(map(re.escape, form.split()))
    return bool(re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE))


def _parts(mention: Mention) -> set[tuple[str, Decimal | str]]:
    """What a figure says, whatever its currency."""
    if mention.date:
        return {("date", mention.date)}
    kind = "money" if mention.kind in _MONEY else mention.kind.value
    return {(kind, value) for value in (mention.value, mention.upper) if value is not None}


def _strings(node: Any) -> Iterator[str]:
    """All strings of a record but those of its evidence, which are quoted, not answered."""
    if isinstance(node, dict):
        for key, part in node.items():
            yield from _strings(part) if key != "evidence" else ()
    elif isinstance(node, list):
        for part in node:
            yield from _strings(part)
    elif isinstance(node, str):
        yield node
