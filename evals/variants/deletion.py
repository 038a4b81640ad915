"""A fact is taken out: every sentence that states it goes, and the gold has it no longer."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.cases import Case, Conflict
from evals.gold import GoldDay, GoldFigure, Label, Range
from evals.variants.edits import Altered, Edit, alter, is_figure, located, made, plain
from summarizer.document import Sentence, read_document
from summarizer.figures import agree, find, parse
from summarizer.records.compile import Form, Slot, slots

_MOST = 4  # variants of a case
_LEAST = 3  # sentences that have to stay
_BULLET = re.compile(r"^[ \t]*(?:(?:[-–—•*+>]|\d{1,2}[.)])[ \t]+)?", re.MULTILINE)
_PROGRESS = re.compile(
    r"\b(?:subject to|approv\w+|clearance|consent|clos(?:e[ds]?|ing)|votes?|conditions?|completed?|went through|"
    r"settlement|ha(?:s|ve) (?:taken|bought|paid|acquired))\b",
    re.IGNORECASE,
)
_PAID_IN = re.compile(r"\b(?:cash|stock|all-share|share-for-share|shares?)\b", re.IGNORECASE)
_SHARE = re.compile(r"%|per ?cent|pct")
_HE = re.compile(r"[\"“]|(?:He|She|His|Her)\b")
_THAT = re.compile(r"(?:That|This|It) (?:is|was|equals|makes|compares|represents)\b")
_OF_SHARES = ("minority_investment", "majority_investment", "acquisition")


@dataclass(frozen=True, slots=True)
class _Target:
    """What is taken out: a field, or one named item of a list with all forms of its name."""

    name: str
    labels: tuple[Label, ...]
    names: tuple[str, ...] = ()


def make(case: Case, rng: random.Random) -> list[Case]:
    """At most four variants: each without one figure, one day or one named item of a list."""
    targets = list(_targets(case))
    found: dict[str, Case] = {}
    for target in rng.sample(targets, len(targets)):
        variant = _without(case, target)
        if variant and len(found) < _MOST:
            found.setdefault(variant.text, variant)
    return sorted(found.values(), key=lambda each: each.variant)


def _targets(case: Case) -> Iterator[_Target]:
    for slot in slots(case.schema):
        stated = [each for each in getattr(case.gold, slot.name) or () if isinstance(each, Label)]
        stated = [each for each in stated if each.evidence]
        if not slot.many and stated:
            yield _Target(slot.name, tuple(stated))
        elif slot.form is Form.ITEMS and slot.key:
            for index, item in enumerate(stated, 1):
                names = tuple(name for name in getattr(item, slot.key.name) or () if type(name) is str)
                if names:
                    yield _Target(f"{slot.name}-{index}", (item,), names)


def _without(case: Case, target: _Target) -> Case | None:
    sentences = read_document(case.text).sentences
    gone = _with_their_quotes(_doomed(case, target, sentences), sentences)
    left = [each for each in sentences if each not in gone and not _in(case.forbidden, each)]
    if len(left) < _LEAST:
        return None
    altered = cut(case.text, gone)
    gold = pruned(case, altered)
    if gold is None:
        return None
    field = target.name.partition("-")[0]
    if "-" not in target.name:
        gold[field] = [None]
    _loosen(gold, " ".join(each.text for each in gone), " ".join(each.text for each in left))
    conflicts = [
        kept for each in case.conflicts if each.field != field and (kept := _conflict(each, altered.text))
    ]
    return made(case, f"deletion-{target.name}", altered, gold, conflicts=conflicts)


def _doomed(case: Case, target: _Target, sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences that state a fact: those of its evidence, and those that have its figure or name.

    With them go those that lean on them: "That is 8.4 times…", "He remains…".
    """
    places = [place for label in target.labels for place in label.evidence]
    figures = [
        replace(each.stated, unit=getattr(each, "currency", None) or each.stated.unit)
        for each in target.labels
        if isinstance(each, GoldFigure)
    ]
    # "the remaining 49%" tells the 51% as well
    figures += [replace(each, value=100 - each.value) for each in figures if each.unit == "%" and each.value]
    days = {each.date for each in target.labels if isinstance(each, GoldDay)}
    for mention in find(case.text):
        if mention.date in days or any(agree(mention, figure) for figure in figures):
            places.append((mention.start, mention.end))
    gone: list[Sentence] = []
    leaning = _HE if target.names else _THAT
    for each in sentences:
        stated = _in(places, each) or any(located(name, each.text) for name in target.names)
        leans = bool(gone) and gone[-1].number == each.number - 1 and leaning.match(each.text)
        if (stated or leans) and not _in(case.forbidden, each):
            gone.append(each)
    return gone


def _in(places: Iterable[Range], sentence: Sentence) -> bool:
    return any(start < sentence.end and sentence.start < end for start, end in places)


def _with_their_quotes(gone: Sequence[Sentence], sentences: Sequence[Sentence]) -> list[Sentence]:
    """Add the sentences with the other half of a quotation."""
    numbers = {each.number for each in gone}
    open_, blocks = False, {each.block for each in gone}
    run: list[int] = []
    for each in (sentence for sentence in sentences if sentence.block in blocks):
        run = [*run, each.number] if open_ else [each.number]
        odd = each.text.count('"') % 2 == 1 or each.text.count("“") != each.text.count("”")
        open_ = open_ != odd
        if numbers & set(run):
            numbers |= set(run)
    return [each for each in sentences if each.number in numbers]


def cut(text: str, gone: Sequence[Sentence]) -> Altered:
    """Cut sentences, with their bullets; of the gaps beside each the one that parts more stays."""
    ranges: list[Range] = []
    for each in gone:
        line = text.rfind("\n", 0, each.start) + 1
        bullet = _BULLET.match(text, line)
        start = line if bullet and bullet.end() >= each.start else each.start
        if ranges and not text[ranges[-1][1] : start].strip():
            ranges[-1] = (ranges[-1][0], each.end)
        else:
            ranges.append((start, each.end))
    edits = []
    for start, end in ranges:
        before = text[:start][len(text[:start].rstrip()) :]
        after = text[end:][: len(text[end:]) - len(text[end:].lstrip())]
        if start == len(before) or before.count("\n") >= after.count("\n"):
            edits.append(Edit(start, end + len(after), ""))
        else:
            edits.append(Edit(start - len(before), end, ""))
    return alter(text, edits)


def pruned(case: Case, altered: Altered) -> dict[str, Any] | None:
    """Gold without what was stated only in the sentences that are gone; None where no party is left."""
    gold = plain(case)
    for slot in slots(case.schema):
        if slot.name not in gold:
            continue
        kept = [
            now for part in gold[slot.name] if (now := _kept(part, slot, altered)) is not None or part is None
        ]
        lost = len(kept) < len(gold[slot.name])
        if slot.form is Form.PIVOT and gold[slot.name] and not any(not part.get("optional") for part in kept):
            return None
        gold[slot.name] = kept or ([] if slot.many or not lost else [None])
    return gold


def _kept(node: Any, slot: Slot | None, altered: Altered) -> Any:
    """A label with the evidence that is left, or None."""
    if not isinstance(node, dict) or "evidence" not in node:
        return node
    moved = [(place, now) for place in node["evidence"] if (now := altered.moved(place))]
    whole = [now for place, now in moved if now[1] - now[0] == place[1] - place[0]]
    cut = [now for _, now in moved if now not in whole and _says(node, altered.text[slice(*now)])]
    evidence = sorted({*whole, *cut})
    if is_figure(node):
        return _figure(node, altered, evidence) if evidence else None
    key = slot.key.name if slot and slot.key else "text"
    return _item(node, key, altered, evidence) if evidence else _still_named(node, key, altered)


def _figure(node: dict[str, Any], altered: Altered, evidence: Sequence[Range]) -> dict[str, Any]:
    """A figure as the text still writes it."""
    text = node["text"]
    if located(text, altered.text) is None:
        near = [m.text for start, end in evidence for m in find(altered.text[start:end])]
        text = next((each for each in near if _same(each, text)), text)
    return {**node, "text": text, "evidence": evidence}


def _item(
    node: dict[str, Any], key: str, altered: Altered, evidence: Sequence[Range]
) -> dict[str, Any] | None:
    """An item with the answers that the text still has; None where its key has none."""
    new = {
        name: _answers(answers, altered, evidence) if isinstance(answers, (tuple, list)) else answers
        for name, answers in node.items()
        if name != "evidence"
    }
    if "aliases" in new:
        new["aliases"] = [alias for alias in new["aliases"] if alias is not None]
    lost = None in new[key] and None not in node[key]
    return None if lost else {**new, "evidence": evidence}


def _answers(answers: Sequence[Any], altered: Altered, evidence: Sequence[Range]) -> list[Any]:
    near = " ".join(altered.text[start:end] for start, end in evidence)
    kept: list[Any] = []
    for each in answers:
        if isinstance(each, dict) and "facts" in each:
            if all(_begins(fact, near) for fact in each["facts"]):
                kept.append(each)
        elif isinstance(each, dict):
            kept += [now] if (now := _kept(each, None, altered)) else []
        elif type(each) is not str or located(each, altered.text):
            kept.append(each)
    return kept or [None]


def _begins(fact: str, words: str) -> bool:
    spoken = re.findall(r"[\w%$€£¥₹.,]+", words.casefold())
    return all(
        any(word.startswith(part) for word in spoken)
        for part in re.findall(r"[\w%$€£¥₹.,]+", fact.casefold())
    )


def _says(node: dict[str, Any], words: str) -> bool:
    """Whether what is left of a place still states the label."""
    if is_figure(node):
        return any(_same(mention.text, node["text"]) for mention in find(words))
    answers = [each for part in node.values() if isinstance(part, (tuple, list)) for each in part]
    names = [each for each in answers if type(each) is str]
    if names:
        return any(located(name, words) for name in names)
    return any(
        all(_begins(fact, words) for fact in each["facts"])
        for each in answers
        if isinstance(each, dict) and "facts" in each
    )


def _same(a: str, b: str) -> bool:
    one, two = parse(a), parse(b)
    return bool(one and two and (one.unit, one.value, one.date) == (two.unit, two.value, two.date))


def _still_named(node: dict[str, Any], key: str, altered: Altered) -> dict[str, Any] | None:
    """An item of which only the name is left in the text: it may be found or not."""
    near = [
        place for name in node.get(key, ()) if type(name) is str and (place := located(name, altered.text))
    ]
    item = _item(node, key, altered, sorted(set(near))) if near else None
    return item and {**item, "optional": True}


def _loosen(gold: dict[str, Any], gone: str, left: str) -> None:
    """Allow for what the reader of a deal can no longer tell."""
    kinds = [str(kind) for kind in gold.get("deal_type") or () if kind is not None]
    if _SHARE.search(gone) and not any(gold.get("stake") or [True]) and set(kinds) & set(_OF_SHARES[:2]):
        gold["deal_type"] = [*dict.fromkeys([*kinds, *_OF_SHARES]), None]
    statuses = [str(status) for status in gold.get("status") or () if status is not None]
    if set(statuses) & {"pending", "completed"} and _PROGRESS.search(gone):
        gold["status"] = [*dict.fromkeys([*statuses, "announced"])]
    if gold.get("consideration") and _PAID_IN.search(gone) and not _PAID_IN.search(left):
        gold["consideration"] = [*dict.fromkeys([*gold["consideration"], None])]


def _conflict(conflict: Conflict, text: str) -> Conflict | None:
    left = tuple(figure for figure in conflict.figures if located(figure, text))
    return Conflict(field=conflict.field, figures=left) if len(left) > 1 else None
