"""How sure a record is of each fact that narrow questions or hints have filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from summarizer.asking.slots import Form, Slot
from summarizer.certainty import (
    BY_WORDS,
    CHOSEN_FIGURE,
    COPIED,
    CUED,
    DECIDED,
    GATE,
    IN_LEAD,
    JUDGED,
    LEFT_OUT,
    RIVALS,
    SEVERAL,
    TWICE,
    objections,
    probability,
    under,
)
from summarizer.figures import Mention, agree, is_rounding_of
from summarizer.findings import Finding, Span
from summarizer.inventory import LEAD, Inventory
from summarizer.plans.narrow import Question
from summarizer.records.values import Certainty, FigureValue, Value

if TYPE_CHECKING:
    from summarizer.rules.hints import Hints

Found = Iterator[tuple[str, list[str]]]
"""The path of each fact, with how it was found and where it stands."""


def certainties(
    asked: Sequence[Slot],
    facts: Mapping[str, Any],
    put: Mapping[str, Question],
    findings: Sequence[Finding],
    inventory: Inventory,
    hints: Hints,
) -> tuple[Certainty, ...]:
    """Rate each fact, in the order of the schema.

    ``put`` has the questions that were put to the model, by field; a field without one was settled by the
    hints.
    """
    found = []
    gated = [slot.name for slot in asked if slot.ask.first and slot.name in put]
    for slot in asked:
        value = facts.get(slot.name)
        if slot.form is Form.PROSE or value is None:
            continue
        whole = [GATE] if gated and slot.name not in gated else []
        if any(f.code == "unsupported" and under(f.field, slot.name) for f in findings):
            whole.append(LEFT_OUT)
        for index, part in enumerate(value if slot.many else (value,)):
            at = f"{slot.name}[{index}]" if slot.many else slot.name
            for path, grounds in _of_value(slot, at, part, slot.name not in put, facts, inventory, hints):
                said = (*grounds, *objections(path, findings), *whole)
                found.append(Certainty(field=path, value=probability(said), grounds=said))
    return tuple(found)


def _of_value(
    slot: Slot,
    path: str,
    value: Any,
    by_rules: bool,
    facts: Mapping[str, Any],
    inventory: Inventory,
    hints: Hints,
) -> Found:
    if slot.form in (Form.CHOICE, Form.YES_NO):
        yield path, [DECIDED if by_rules else JUDGED]
    elif slot.form is Form.FIGURE:
        yield path, _of_figure(slot.name, value, by_rules, inventory, hints)
    elif slot.key is not None:
        places = _places(value.evidence, inventory)
        twice = [TWICE] if by_rules and _elsewhere(slot.name, value, facts) else []
        for item in slot.items:
            if (part := getattr(value, item.name)) is None:
                continue
            if item.form is Form.FIGURE:
                yield f"{path}.{item.name}", _of_figure(slot.name, part, by_rules, inventory, hints)
            elif item.form in (Form.CHOICE, Form.YES_NO):
                yield f"{path}.{item.name}", [DECIDED if by_rules else JUDGED, *places]
            else:
                yield f"{path}.{item.name}", [CUED if twice else COPIED, *places, *twice]
    elif by_rules and slot.many:  # a sentence that words tell
        yield path, [CUED, *([TWICE] if _elsewhere(slot.name, value, facts) else [])]
    else:  # a Name or a Phrase
        yield path, [COPIED, *_places(value.evidence, inventory)]


def _of_figure(
    name: str, value: FigureValue, by_rules: bool, inventory: Inventory, hints: Hints
) -> list[str]:
    rivals = hints.rivals(name)
    places = {span.start for span in value.evidence}
    chosen = next(
        (
            f.mention
            for f in inventory.figures
            if f.mention.text == getattr(value, "text", "") and f.sentence.start in places
        ),
        None,
    )
    grounds = [BY_WORDS if by_rules else CHOSEN_FIGURE, *_places(value.evidence, inventory)]
    kinds = type(value).kinds
    if chosen and any(r.mention.kind in kinds and _differs(r.mention, chosen) for r in rivals):
        grounds.append(RIVALS)
    return grounds


def _differs(a: Mention, b: Mention) -> bool:
    return not (agree(a, b) or is_rounding_of(a, b) or is_rounding_of(b, a))


def _elsewhere(name: str, value: Value, facts: Mapping[str, Any]) -> bool:
    """Whether another list has the same sentence as evidence."""
    starts = {span.start for span in value.evidence}
    return any(
        span.start in starts
        for other, items in facts.items()
        if other != name and isinstance(items, tuple)
        for item in items
        for span in getattr(item, "evidence", ())
    )


def _places(spans: Sequence[Span], inventory: Inventory) -> list[str]:
    starts = {span.start for span in spans}
    lead = any(s.start in starts for s in inventory.leading(LEAD))
    return [*([IN_LEAD] if lead else []), *([SEVERAL] if len(starts) > 1 else [])]
