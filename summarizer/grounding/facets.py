"""From filled drafts to grounded values: what the source holds becomes a value, the rest a finding.

Pure. A figure was chosen among parsed mentions, so it is in the source by construction; here it gets its
hedge and its places. Copied words are looked up letter for letter; words that stand in another sentence
than the cited one are moved there; words that almost stand there are replaced by the source's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.before import is_other_year
from summarizer.document import Sentence
from summarizer.figures import Kind, Qualifier, parse
from summarizer.findings import Finding
from summarizer.grounding.near import locate, locate_near, naming
from summarizer.inventory import Figure, Inventory, fold
from summarizer.names import is_company
from summarizer.records.compile import (
    Form,
    Question,
    Slot,
    figure_options,
    label_key,
)
from summarizer.records.drafts import item_key, sentence_key
from summarizer.records.values import Day, FigureValue, Money, Name, Percent, Phrase
from summarizer.roles import Role

_EMPTY = frozenset(
    {"", "none", "null", "n/a", "not stated", "not specified", "unknown", "not mentioned", "not applicable"}
)


@dataclass(frozen=True, slots=True)
class Grounded:
    """The value of a field (None or empty where nothing is supported) and what was seen on the way."""

    value: Any
    findings: tuple[Finding, ...] = ()


def ground(question: Question, draft: Any, inventory: Inventory) -> Grounded:
    """Ground what a filled draft answers to one question."""
    slot = question.slot
    if slot.form is Form.PIVOT:
        return _pivot(question, draft, inventory)
    answer = getattr(draft, question.key)
    if slot.form is Form.YES_NO:
        return Grounded(answer == "yes")
    if slot.form is Form.PROSE:
        return Grounded(" ".join(answer.split()) or None)
    if slot.form is Form.EACH:
        return _each(question, answer, inventory)
    if slot.form is Form.ITEMS:
        rows = _rows(question, answer)
        return _collect(_item(question, row, index, inventory) for index, row in enumerate(rows))
    if slot.many:
        answers = answer[: slot.ask.limit]
        grounded = [_one(question, part, f"{slot.name}[{i}]", inventory) for i, part in enumerate(answers)]
        return _collect(grounded)
    return _one(question, answer, slot.name, inventory)


def _collect(parts: Iterable[Grounded]) -> Grounded:
    values: list[Any] = []
    findings: list[Finding] = []
    for part in parts:
        findings += part.findings
        if part.value is not None and part.value not in values:
            values.append(part.value)
    return Grounded(tuple(values), tuple(findings))


def _one(question: Question, answer: Any, path: str, inventory: Inventory) -> Grounded:
    slot = question.slot
    if answer is None:
        return Grounded(None)
    if slot.form is Form.CHOICE:
        return Grounded(question.options[answer])
    if slot.form is Form.FIGURE:
        return Grounded(figure_value(slot, question.options[answer], inventory))
    return _words(slot, answer, path, inventory)


def figure_value(slot: Slot, figures: Sequence[Figure], inventory: Inventory) -> FigureValue:
    """Build the value of a figure: the same value elsewhere lends its hedge and its places.

    Of figures with one wording, one with the asked role goes before one whose role cannot be told. The text may state a value twice, once hedged: the hedge counts.
    """
    roles = {Role(role) for role in slot.ask.roles}

    def rank(figure: Figure) -> tuple[bool, int]:
        return (figure.role not in roles, figure.mention.start)

    chosen = min(figures, key=rank)
    same = [chosen]
    for other in inventory.figures:
        if other is chosen or not _same_value(other, chosen) or other.earlier != chosen.earlier:
            continue
        if (
            (other.role in roles)
            if roles and chosen.role in roles
            else (other.role is chosen.role or other.role in roles)
        ):
            same.append(other)
    hedges = [f.mention.qualifier for f in same if f.mention.qualifier is not Qualifier.EXACT]
    qualifier = hedges[0] if hedges and chosen.mention.kind is not Kind.DATE else chosen.mention.qualifier
    evidence = inventory.cite(f.sentence for f in same)
    values: list[FigureValue] = [slot.type.from_figure(figure, qualifier, evidence) for figure in same]
    # One place may tell what another leaves open: "a valuation of …" here, "post-money" there.
    told = {
        name: said
        for value in reversed(values)
        for name in type(value).model_fields
        if name not in _OWN and (said := getattr(value, name)) is not None and str(said) != "unspecified"
    }
    return values[0].model_copy(update=told)


_OWN = frozenset(FigureValue.model_fields) | frozenset(Money.model_fields) | frozenset(Percent.model_fields)
_OWN |= frozenset(Day.model_fields)


def _same_value(a: Figure, b: Figure) -> bool:
    first, second = a.mention, b.mention
    return first.kind is second.kind and (first.value, first.upper, first.unit, first.date) == (
        second.value,
        second.upper,
        second.unit,
        second.date,
    )


def _words(slot: Slot, words: str, path: str, inventory: Inventory) -> Grounded:
    if _is_empty(words):
        return Grounded(None)
    place = locate(words, inventory, exact=slot.type is Name)
    if place is None:
        return Grounded(None, (_unsupported(path, words),))
    sentence, start, end = place
    if slot.type is Phrase and sentence.heading and start == sentence.start and end == sentence.end:
        return Grounded(None, (_unsupported(path, words, "is only a heading"),))
    if slot.type is Phrase and slot.many and parse(words) is not None:
        return Grounded(None, (_unsupported(path, words, "is only a figure"),))
    part = _part(words, inventory)
    if slot.type is Phrase and (part is not None or _is_company(words, inventory)):
        return Grounded(None, (_unsupported(path, words, "is only a name"),))
    if slot.ask.dealing is not None and part not in (None, slot.ask.dealing):
        return Grounded(
            None, (_unsupported(path, words, f"is the {part} of the deal by the words of the text"),)
        )
    value = slot.type(text=inventory.document.text[start:end], evidence=inventory.cite([sentence]))
    return Grounded(value)


def told_names(slot: Slot, inventory: Inventory) -> Any:
    """The names that play the slot's part in the deal, where the words tell them; else None."""
    if slot.ask.dealing is None or slot.type is not Name:
        return None
    values = []
    for name in inventory.parties.get(slot.ask.dealing, ())[: slot.ask.limit if slot.many else 1]:
        place = locate(name, inventory, exact=True)
        if place is not None:
            sentence, start, end = place
            values.append(Name(text=inventory.document.text[start:end], evidence=inventory.cite([sentence])))
    return None if not values else tuple(values) if slot.many else values[0]


def _is_company(words: str, inventory: Inventory) -> bool:
    bare = words.strip(" .,")
    return is_company(bare) and bare in inventory.names


def _part(name: str, inventory: Inventory) -> str | None:
    """The part in the deal that the words give someone."""
    folded = fold(name).strip(" .,")
    return next((role for role, told in inventory.parties.items() if folded in map(fold, told)), None)


def _is_empty(words: str) -> bool:
    return fold(words).strip(" .") in _EMPTY


def _unsupported(path: str, words: str, why: str = "does not stand in the text") -> Finding:
    shown = words if len(words) <= 120 else words[:117] + "..."
    return Finding(code="unsupported", field=path, message=f'"{shown}" {why}, so it was left out.')


def _each(question: Question, answer: Any, inventory: Inventory) -> Grounded:
    told = [s for s in question.sentences if getattr(answer, sentence_key(s)) == "yes"]
    return Grounded(sentence_items(question, [*question.sure, *told], inventory))


def sentence_items(question: Question, told: Sequence[Sentence], inventory: Inventory) -> tuple[Any, ...]:
    """Items of whole sentences, in the order of the text."""
    slot = question.slot
    kept = []
    for sentence in sorted(told, key=lambda each: each.number):
        evidence = inventory.cite([sentence])
        if slot.type in (Phrase, Name):
            kept.append(slot.type(text=sentence.text, evidence=evidence))
        else:
            values = {item.name: _from_sentence(item, sentence, inventory) for item in slot.items}
            values[_key(slot).name] = sentence.text
            kept.append(slot.type(**values, evidence=evidence))
    return tuple(kept)


def _key(slot: Slot) -> Slot:
    key = slot.key
    if key is None:  # the compiler refuses such a schema
        raise AssertionError(f"{slot.name} has items without words")
    return key


def _from_sentence(item: Slot, sentence: Sentence, inventory: Inventory) -> Any:
    """What one sentence states for a field of an item, read by code."""
    if item.form is Form.YEAR:
        found = [f for f in inventory.figures if f.sentence is sentence and f.mention.kind is Kind.DATE]
        told = [f for f in found if not is_other_year(f.before)]
        dates = [f.mention.date or "" for f in told or found]
        return next((int(date[:4]) for date in dates if not date.startswith("--")), None)
    if item.form is Form.FIGURE:
        roles = {Role(role) for role in item.ask.roles}
        for figures in figure_options(item, inventory, earlier=True).values():
            here = [f for f in figures if f.sentence is sentence and (f.role in roles or not roles)]
            if here:
                return item.type.from_figure(here[0], here[0].mention.qualifier, inventory.cite([sentence]))
    return None


def _pivot(question: Question, draft: Any, inventory: Inventory) -> Grounded:
    slot = question.slot
    key = _key(slot)
    choice = next(item for item in slot.items if item.form is Form.CHOICE)
    parts: list[Grounded] = []
    for label, member in question.options.items():
        said = getattr(draft, label_key(label)) or ""
        for words in _names(said, inventory)[: slot.ask.limit]:
            row = {key.name: words, choice.name: member.label}
            parts.append(_item(question, row, len(parts), inventory))
    return _collect(parts)


def _names(said: str, inventory: Inventory) -> list[str]:
    """The names in an answer: itself where the text holds it whole, else its parts between commas and "and"."""
    if locate(said, inventory, exact=True) is not None:
        return [said]
    return [part for part in re.split(r",\s+|;\s*|\s+and\s+|\s+&\s+", said) if part.strip()]


def _rows(question: Question, answer: Any) -> list[dict[str, Any]]:
    """The items of an answer, by the names of their fields."""
    slot = question.slot
    filled: list[tuple[str | None, Any]]
    if question.rows:
        filled = [(name, getattr(answer, label_key(name))) for name in question.rows]
    else:
        filled = [(None, item) for item in answer[: slot.ask.limit]]
    rows = []
    for name, item in filled:
        row = {
            part.name: getattr(item, item_key(part)) for part in slot.items if hasattr(item, item_key(part))
        }
        rows.append(row if name is None else {_key(slot).name: name, **row})
    return rows


def _item(question: Question, row: Mapping[str, Any], index: int, inventory: Inventory) -> Grounded:
    """Ground one item of a list: its key words have to stand in the text, and the rest near them."""
    slot = question.slot
    key = _key(slot)
    path = f"{slot.name}[{index}]"
    words = str(row[key.name] or "")
    if _is_empty(words):
        return Grounded(None)
    exact = "name" in key.name
    place = locate(words, inventory, exact=exact)
    if place is None:
        return Grounded(None, (_unsupported(f"{path}.{key.name}", words),))
    name = inventory.document.text[place[1] : place[2]]
    about = naming(name, inventory)
    support = slot.ask.support
    telling = [s for s in about if support is None or support.search(s.text)]
    if not telling:
        return Grounded(
            None, (_unsupported(path, name, "stands in the text, but no sentence says this of it"),)
        )
    values: dict[str, Any] = {key.name: name}
    findings: list[Finding] = []
    evidence: dict[int, Sentence] = {}
    for item in slot.items:
        if item is key or item.name not in row or row[item.name] is None:
            continue
        value = row[item.name]
        if item.form is Form.WORDS:
            if _is_empty(value):
                continue
            place = locate_near(value, [*telling, *about], inventory)
            if place is None:
                findings.append(_unsupported(f"{path}.{item.name}", value))
                continue
            values[item.name] = inventory.document.text[place[1] : place[2]]
            evidence[place[0].number] = place[0]
        elif item.form is Form.CHOICE:
            values[item.name] = next(member for member in item.type if member.label == value)
        elif item.form is Form.YES_NO:
            values[item.name] = value == "yes"
        elif item.form is Form.FIGURE:
            near_name = {s.number for s in about}
            figures = [f for f in question.figures[item.name][value] if f.sentence.number in near_name]
            if not figures:
                findings.append(_unsupported(f"{path}.{item.name}", value, f"is not said of {name}"))
                continue
            values[item.name] = figure_value(item, figures, inventory)
            evidence[figures[0].sentence.number] = figures[0].sentence
    best = telling[0]
    evidence.setdefault(best.number, best)
    return Grounded(slot.type(**values, evidence=inventory.cite(evidence.values())), tuple(findings))


def named_items(question: Question, names: Sequence[str], inventory: Inventory) -> Grounded:
    """Of the names given for items, those of which the text says what the items need, and why others go."""
    key = _key(question.slot)
    return _collect(_item(question, {key.name: name}, index, inventory) for index, name in enumerate(names))


def complaints(questions: Sequence[Question], draft: Any, inventory: Inventory) -> list[str]:
    """What a draft claims and the source does not hold, one sentence each, for a re-ask."""
    said = []
    for question in questions:
        for finding in ground(question, draft, inventory).findings:
            said.append(
                f"{finding.field}: {finding.message.removesuffix(', so it was left out.')}. Copy it from the article."
            )
    return said


__all__ = ["Grounded", "complaints", "figure_value", "ground", "named_items", "told_names"]
