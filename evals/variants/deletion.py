"""A figure or day is taken out: every sentence that states it goes, and gold has it no longer.

In fields of closed sets any answer is right then: what is left of the text may no longer tell them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from evals.cases import Case, Conflict
from evals.gold import GoldDay, GoldFigure, Label, Range
from evals.variants.edits import Altered, Edit, alter, made, plain
from summarizer.asking.slots import Form, slots
from summarizer.document import Sentence, read_document
from summarizer.figures import agree, find

_MOST = 4  # variants of a case
_LEAST = 3  # sentences that have to stay


def make(case: Case, rng: random.Random) -> list[Case]:
    """At most four variants, each without one figure or day."""
    fields = [
        slot.name
        for slot in slots(case.schema)
        if slot.form is Form.FIGURE and not slot.many and any(_labels(case, slot.name))
    ]
    found = (_without(case, field) for field in rng.sample(fields, min(_MOST, len(fields))))
    return sorted((variant for variant in found if variant), key=lambda each: each.variant)


def _labels(case: Case, field: str) -> list[Label]:
    answers = getattr(case.gold, field) or ()
    return [each for each in answers if isinstance(each, Label) and each.evidence]


def _without(case: Case, field: str) -> Case | None:
    sentences = read_document(case.text).sentences
    gone = _stating(case, _labels(case, field), sentences)
    left = [each for each in sentences if each not in gone and not _touch(case.forbidden, each)]
    if len(left) < _LEAST:
        return None
    altered = _cut(case.text, gone)
    gold = plain(case)
    for slot in slots(case.schema):
        if slot.form is Form.CHOICE and slot.name in gold:
            gold[slot.name] = [None, *slot.type]
        elif slot.name in gold:
            left = [] if slot.name == field else _pruned(gold[slot.name], altered)
            gold[slot.name] = left if slot.many or left else [None]
    conflicts = [each for each in case.conflicts if each.field != field and _still_there(each, altered.text)]
    return made(case, f"deletion-{field}", altered, gold, conflicts=conflicts)


def _stating(case: Case, labels: Sequence[Label], sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of the evidence of a fact, and those that have its figure, or the rest of its share."""
    places = [place for label in labels for place in label.evidence]
    figures = [
        replace(each.stated, unit=getattr(each, "currency", None) or each.stated.unit)
        for each in labels
        if isinstance(each, GoldFigure)
    ]
    # "the remaining 49%" tells the 51% as well
    figures += [replace(each, value=100 - each.value) for each in figures if each.unit == "%" and each.value]
    days = {each.date for each in labels if isinstance(each, GoldDay)}
    for mention in find(case.text):
        if mention.date in days or any(agree(mention, figure) for figure in figures):
            places.append((mention.start, mention.end))
    return [each for each in sentences if _touch(places, each) and not _touch(case.forbidden, each)]


def _touch(places: Iterable[Range], sentence: Sentence) -> bool:
    return any(start < sentence.end and sentence.start < end for start, end in places)


def _cut(text: str, gone: Sequence[Sentence]) -> Altered:
    """Cut sentences, each with the blank space behind it."""
    ends = [each.end + len(text[each.end :]) - len(text[each.end :].lstrip(" ")) for each in gone]
    return alter(text, [Edit(each.start, end, "") for each, end in zip(gone, ends, strict=True)])


def _pruned(answers: Any, altered: Altered) -> list[Any]:
    """The labels whose evidence is still in the text, with what is left of it; other answers stay."""
    return [left for each in answers if (left := _label(each, altered)) is not None or each is None]


def _label(label: Any, altered: Altered) -> Any:
    """What is left of a label; None where that is nothing. An item that is only named may be found or not."""
    if not isinstance(label, dict) or "evidence" not in label:
        return label
    evidence = [
        now for place in label["evidence"] for now in altered.moved(place) if _size(now) == _size(place)
    ]
    left = {
        key: (_pruned(part, altered) or [None]) if isinstance(part, (list, tuple)) else part
        for key, part in label.items()
    }
    names = [name for name in label.get("name") or () if isinstance(name, str) and name in altered.text]
    if label.get("name"):
        left["name"] = names
        named = [(at, at + len(name)) for name in names if (at := altered.text.find(name)) >= 0]
        if not evidence and named:
            evidence, left["optional"] = named[:1], True
    return {**left, "evidence": evidence} if evidence and (names or not label.get("name")) else None


def _size(place: Range) -> int:
    return place[1] - place[0]


def _still_there(conflict: Conflict, text: str) -> bool:
    return all(figure in text for figure in conflict.figures)
