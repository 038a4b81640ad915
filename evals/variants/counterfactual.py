"""The same article about other names, figures and days, with its gold.

Whoever answers an original name or figure to an altered text has remembered it, not read it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from evals.cases import Case, Conflict
from evals.gold import GoldDay, GoldFigure, Range, labels
from evals.variants.edits import Altered, Edit, alter, is_figure, located, made, plain
from evals.variants.figures import Key, Values, revalued
from evals.variants.names import Renaming, named, renaming
from evals.variants.rewriting import Calendar, calendar_for, dated, other_signs, unit_of, unread, valued
from summarizer.figures import Kind, Mention, find, parse
from summarizer.records.values import RECORD_FIELDS

_TRIES = 6
_PERCENT = re.compile(r"%|per ?cent|pct", re.IGNORECASE)
_FOLDED_WORD = re.compile(r"[\w%$€£¥₹]+(?:[.,][\w%$€£¥₹]+)*")


def make(case: Case, rng: random.Random) -> list[Case]:
    """The counterfactual of a case; none where some figure cannot be written anew."""
    for attempt in range(_TRIES):
        names, mentions = renaming(case, rng), _figures(case.text)
        signs = other_signs(case.text, mentions, rng) if attempt < _TRIES // 2 else {}
        shift = calendar_for(mentions, rng)
        altered = _altered(case, names, mentions, signs, shift, rng)
        if altered and not (names.pattern and names.pattern.search(altered.text)):
            gold = _followed(plain(case), altered, shift)
            return [made(case, "counterfactual", altered, gold, conflicts=_conflicts(case, altered))]
    return []


def _altered(
    case: Case,
    names: Renaming,
    mentions: Sequence[Mention],
    signs: dict[str, str],
    shift: Calendar,
    rng: random.Random,
) -> Altered | None:
    """The altered text, or None where its figures are not read as they were meant."""
    edits = list(names.edits(case.text))
    silences = sum(m.kind is Kind.UNDISCLOSED for m in mentions)
    read = [m for m in mentions if m.kind is not Kind.UNDISCLOSED and not _cuts(m, edits)]
    bare = [m for m in unread(case.text, mentions) if not _cuts(m, edits)]
    try:
        values = revalued([m for m in (*read, *bare) if m.value is not None], rng, _main(case))
        for mention in (*read, *bare):
            edits += dated(case.text, mention, shift)
            edits += valued(case.text, mention, values, signs)
        altered = alter(case.text, edits)
    except ValueError:
        return None
    wanted = [_meant(m, values, signs, shift) for m in read]
    found = [_meant(m) for m in _figures(altered.text) if m.kind is not Kind.UNDISCLOSED]
    rest = iter(found)
    in_names = len(mentions) - silences - len(read)
    return altered if len(found) == len(read) + in_names and all(each in rest for each in wanted) else None


def _figures(text: str) -> list[Mention]:
    """The mentions of a text without fractions such as "a half-share", which are left as they are."""
    return [m for m in find(text) if m.kind is not Kind.PERCENT or _PERCENT.search(m.text)]


def _meant(
    mention: Mention,
    values: Values | None = None,
    signs: Mapping[str, str] | None = None,
    shift: Calendar | None = None,
) -> tuple[Any, ...]:
    """What a mention says, or has to say after the change."""
    if mention.date:
        return mention.kind, shift.moved(mention.date) if shift else mention.date
    said = [
        None if v is None else values[mention.unit, v] if values else v
        for v in (mention.value, mention.upper)
    ]
    return mention.kind, unit_of(mention, signs or {}), *said


def _main(case: Case) -> set[Key]:
    """The figures of the gold's own fields, which belong together wherever they stand."""
    found = [
        (getattr(place.label, "currency", None) or place.label.stated.unit, place.label.stated.value)
        for place in labels(case.gold)
        if isinstance(place.label, GoldFigure) and "." not in place.path
    ]
    return {(unit, value) for unit, value in found if value is not None}


def _cuts(mention: Mention, edits: Iterable[Edit]) -> bool:
    """Whether the number of a mention stands inside a name."""
    digits = re.search(r"\d(?:.*\d)?", mention.text, re.DOTALL)
    start, end = digits.span() if digits else (0, 0)
    return any(e.start < mention.start + end and mention.start + start < e.end for e in edits)


def _followed(node: Any, altered: Altered, shift: Calendar, places: Sequence[Range] = ()) -> Any:
    """Gold with the words, values and places of the altered text."""
    if isinstance(node, dict):
        places = node.get("evidence", places)
        if "facts" in node:
            return {"facts": [_fact(fact, altered, places) for fact in node["facts"]]}
        if is_figure(node):
            return _figure(node, altered, places)
        moved = {
            key: _followed(part, altered, shift, places) for key, part in node.items() if key != "evidence"
        }
        return moved | ({"evidence": _moved(places, altered)} if "evidence" in node else {})
    if isinstance(node, (tuple, list)):
        return [_followed(part, altered, shift, places) for part in node]
    if isinstance(node, str) and not isinstance(node, Enum):
        return _words(node, altered, places)
    if isinstance(node, int) and not isinstance(node, bool):
        return node + shift.years
    return node


def _moved(places: Iterable[Range], altered: Altered) -> list[Range]:
    return [now for place in places for now in altered.kept(place)]


def _words(words: str, altered: Altered, places: Sequence[Range]) -> str:
    """What stands now where the original had the words."""
    found = located(words, altered.original, places)
    place = altered.moved(found) if found else None
    return " ".join(altered.text[slice(*place)].split()) if place else words


def _figure(node: dict[str, Any], altered: Altered, places: Sequence[Range]) -> dict[str, Any]:
    text = _words(node["text"], altered, places)
    moved = {**node, "text": text, "evidence": _moved(places, altered)}
    kind = Kind.PERCENT if "percent" in node else Kind.DATE if "date" in node else None
    old, new = parse(node["text"], kind), parse(text, kind)
    if old is None or new is None:
        return moved
    read: dict[str, Any] = {"value": new.value, "percent": new.value, "date": new.date}
    if old.unit != new.unit:  # else it stays: the text may tell whose crowns they are
        read["currency"] = new.unit
    return moved | {key: part for key, part in read.items() if key in node}


def _fact(fact: str, altered: Altered, places: Sequence[Range]) -> str:
    """A key fact whose words begin words of the evidence: those that were edited are put anew."""
    words = [_fact_word(word, altered, places) for word in _FOLDED_WORD.findall(fact)]
    return " ".join(new or old for old, new in words) if any(new for _, new in words) else fact


def _fact_word(word: str, altered: Altered, places: Sequence[Range]) -> tuple[str, str]:
    for start, end in places or [(0, len(altered.original))]:
        for found in _FOLDED_WORD.finditer(altered.original, start, end):
            touched = any(e.start < found.end() and found.start() < e.end for e in altered.edits)
            if found.group().casefold().startswith(word.casefold()):
                place = altered.moved(found.span()) if touched else None
                return word, altered.text[slice(*place)] if place else ""
    return word, ""


def _conflicts(case: Case, altered: Altered) -> list[Conflict]:
    return [
        Conflict(field=each.field, figures=tuple(_words(figure, altered, ()) for figure in each.figures))
        for each in case.conflicts
    ]


def remembered(record: BaseModel, original: Case, variant: Case) -> list[str]:
    """The names and figures of the original's gold that a record answers to the counterfactual text.

    What stands in both texts counts for neither.
    """
    said = record.model_dump(mode="json", exclude=set(RECORD_FIELDS))
    words = list(_strings(said))
    found = {form for form in _lost_names(original, variant) if any(_holds(form, each) for each in words)}
    answers = {part for each in words for mention in find(each) for part in _parts(mention)}
    kept = {part for mention in find(variant.text) for part in _parts(mention)}
    for place in labels(original.gold):
        if isinstance(place.label, (GoldFigure, GoldDay)):
            stated = parse(place.label.text)
            if stated and set(_parts(stated)) & answers - kept:
                found.add(place.label.text)
    return sorted(found)


def _lost_names(original: Case, variant: Case) -> Iterator[str]:
    for one in named(original):
        yield from (form for form in one.forms if not _holds(form, variant.text))


def _holds(form: str, text: str) -> bool:
    pattern = r"\s+".join(map(re.escape, form.split()))
    return bool(re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE))


def _parts(mention: Mention) -> list[tuple[str, Decimal | str]]:
    """What a figure says, whatever its currency."""
    if mention.date:
        return [("date", mention.date)]
    kind = "money" if mention.kind in (Kind.MONEY, Kind.PER_SHARE) else mention.kind.value
    return [(kind, value) for value in (mention.value, mention.upper) if value is not None]


def _strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        # the spans of evidence are quoted from the text, not answered
        for key, part in node.items():
            yield from _strings(part) if key != "evidence" else ()
    elif isinstance(node, list):
        for part in node:
            yield from _strings(part)
    elif isinstance(node, str):
        yield node
