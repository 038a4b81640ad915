"""Ground the answers to narrow questions: what the source holds becomes a value, the rest a finding. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from summarizer.asking.slots import Form, Slot
from summarizer.document import Sentence
from summarizer.figures import Qualifier, parse
from summarizer.findings import Finding
from summarizer.grounding.near import locate, locate_near, naming
from summarizer.inventory import Figure, Inventory, fold
from summarizer.plans.narrow import Question, item_key, label_key
from summarizer.records.values import FigureValue, Name, Phrase

_EMPTY = frozenset(
    {"", "none", "null", "n/a", "not stated", "not specified", "unknown", "not mentioned", "not applicable"}
)


@dataclass(frozen=True, slots=True)
class Grounded:
    """The value of a field (None or empty where nothing is supported) and the findings on the way."""

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
    if not slot.many:
        return _one(question, answer, slot.name, inventory)
    answers = answer[: slot.ask.limit]
    if slot.form is Form.ITEMS:
        rows = [{part.name: getattr(one, item_key(part), None) for part in slot.items} for one in answers]
        return _collect(_item(question, row, index, inventory) for index, row in enumerate(rows))
    return _collect(_one(question, part, f"{slot.name}[{i}]", inventory) for i, part in enumerate(answers))


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
        return Grounded(figure_value(slot.type, question.options[answer], inventory))
    return _words(slot, answer, path, inventory)


def figure_value(kind: type[FigureValue], figures: Sequence[Figure], inventory: Inventory) -> FigureValue:
    """Build the value of figures with one wording; where the text hedges one of them, the hedge counts."""
    chosen = min(figures, key=lambda figure: figure.mention.start)
    hedges = (figure.mention.qualifier for figure in figures)
    qualifier = next((hedge for hedge in hedges if hedge is not Qualifier.EXACT), Qualifier.EXACT)
    return kind.from_mention(chosen.mention, qualifier, inventory.cite(f.sentence for f in figures))


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
    text = inventory.document.text[start:end]
    if slot.type not in (Name, Phrase):
        return Grounded(text)
    return Grounded(slot.type(text=text, evidence=inventory.cite([sentence])))


def _is_empty(words: str) -> bool:
    return fold(words).strip(" .") in _EMPTY


def _unsupported(path: str, words: str, why: str = "does not stand in the text") -> Finding:
    shown = words if len(words) <= 120 else words[:117] + "..."
    return Finding(code="unsupported", field=path, message=f'"{shown}" {why}, so it was left out.')


def _key(slot: Slot) -> Slot:
    key = slot.key
    if key is None:  # slots() refuses such a schema
        raise AssertionError(f"{slot.name} has items without words")
    return key


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


def _item(question: Question, row: Mapping[str, Any], index: int, inventory: Inventory) -> Grounded:
    """Ground one item of a list: its key words have to stand in the text, and the rest near them."""
    slot = question.slot
    key = _key(slot)
    path = f"{slot.name}[{index}]"
    words = str(row[key.name] or "")
    if _is_empty(words):
        return Grounded(None)
    place = locate(words, inventory, exact="name" in key.name)
    if place is None:
        return Grounded(None, (_unsupported(f"{path}.{key.name}", words),))
    name = inventory.document.text[place[1] : place[2]]
    about = naming(name, inventory) or [place[0]]
    values: dict[str, Any] = {key.name: name}
    findings: list[Finding] = []
    evidence: dict[int, Sentence] = {about[0].number: about[0]}
    for item in slot.items:
        said = row.get(item.name)
        if item is key or said is None or (item.form is Form.WORDS and _is_empty(said)):
            continue
        value, sentence = _part(question, item, said, about, inventory)
        if value is None:
            findings.append(_unsupported(f"{path}.{item.name}", said, f"is not said of {name}"))
            continue
        values[item.name] = value
        if sentence is not None:
            evidence[sentence.number] = sentence
    return Grounded(slot.type(**values, evidence=inventory.cite(evidence.values())), tuple(findings))


def _part(
    question: Question, item: Slot, said: Any, about: Sequence[Sentence], inventory: Inventory
) -> tuple[Any, Sentence | None]:
    """The value of one field of an item, and the sentence that states it; None where nothing near the name does."""
    if item.form is Form.WORDS:
        place = locate_near(said, about, inventory)
        return (None, None) if place is None else (inventory.document.text[place[1] : place[2]], place[0])
    if item.form is Form.CHOICE:
        return next(member for member in item.type if member.label == said), None
    if item.form is Form.YES_NO:
        return said == "yes", None
    near = {sentence.number for sentence in about}
    figures = [f for f in question.figures[item.name][said] if f.sentence.number in near]
    if not figures:
        return None, None
    return figure_value(item.type, figures, inventory), figures[0].sentence


def complaints(questions: Sequence[Question], draft: Any, inventory: Inventory) -> list[str]:
    """What a draft claims and the source does not hold, one sentence each, for a re-ask."""
    return [
        f"{finding.field}: {finding.message.removesuffix(', so it was left out.')}. Copy it from the article."
        for question in questions
        for finding in ground(question, draft, inventory).findings
    ]
