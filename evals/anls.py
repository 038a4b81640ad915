"""ANLS*, by its authors' package, for comparison with papers (Peer et al. 2024, arXiv 2402.03848)."""

from __future__ import annotations

import enum
from typing import Any

from evals.gold import Facts, GoldDay, GoldItem, GoldMoney, GoldPercent, scored_items
from summarizer.asking.slots import Slot, slots
from summarizer.records.values import Day, Money, Name, Percent, Phrase


def anls_star(gold: Any, record: Any) -> float:
    """ANLS* of a record against its gold, from 0 to 1, over the fields that gold labels.

    A figure is its value and unit. Optional items are not in gold here, so an answer that has them loses a
    little.
    """
    from anls_star import anls_score

    wanted: dict[str, Any] = {}
    found: dict[str, Any] = {}
    schema: Any = type(record)
    for slot in slots(schema):
        labels, value = getattr(gold, slot.name), getattr(record, slot.name)
        if labels is None:
            continue
        if slot.many:
            asked = [label for label in labels if not getattr(label, "optional", False)]
            wanted[slot.name] = [_tree(slot, label) for label in asked]
            found[slot.name] = [_tree(slot, item) for item in value or ()]
        else:
            wanted[slot.name], found[slot.name] = _one_of(labels), _leaf(value)
    worth: Any = anls_score(wanted, found)
    return float(worth)


def _tree(slot: Slot, item: Any) -> Any:
    if not slot.items:
        return _leaf(item)
    parts = ((part.name, getattr(item, part.name)) for part in scored_items(slot))
    if isinstance(item, GoldItem):
        return {name: _one_of(answers) for name, answers in parts if answers}
    return {name: leaf for name, value in parts if (leaf := _leaf(value)) is not None}


def _one_of(labels: Any) -> Any:
    options = tuple(_leaf(label) for label in labels or (None,))
    return options if len(options) > 1 else options[0]


def _leaf(node: Any) -> Any:
    """A value or its label as text; None where it says nothing."""
    node = node.value if isinstance(node, enum.Enum) else node
    if node in (None, "", "unspecified"):
        return None
    if isinstance(node, GoldItem):  # of a Name or a Phrase
        return _one_of(getattr(node, "text", None))
    if isinstance(node, Facts):
        return " ".join(node.facts)
    if isinstance(node, (GoldMoney, Money)):
        return "undisclosed" if node.value is None else f"{node.value.normalize():f} {node.currency}"
    if isinstance(node, (GoldPercent, Percent)):
        return None if node.percent is None else f"{node.percent.normalize():f}%"
    if isinstance(node, (GoldDay, Day)):
        return node.date or getattr(node, "text", None)
    return node.text if isinstance(node, (Name, Phrase)) else str(node)
