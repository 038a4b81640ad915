"""Where the model's answers and the word rules meet, and nowhere else.

With ``trust="model"`` the answers stand, and the rules are not run: on recorded replies of a large model, 22 of the 23
readings of theirs that differed from its answers were wrong, so a finding for each would mislead. With
``trust="rules"``, for models too small to be trusted, the rules' reading replaces the answer, and a finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from summarizer.asking.fields import is_plain
from summarizer.findings import Finding
from summarizer.grounding.facets import figure_value
from summarizer.inventory import Figure, Inventory
from summarizer.records.compile import Form, Slot, questions, settled_by_words, slots
from summarizer.records.values import UNDECIDED, Day, Money, Percent


def hints(schema: type[BaseModel], inventory: Inventory) -> dict[str, Any]:
    """Return what the rules read for the fields that they know; a schema of plain annotations has none."""
    found: dict[str, Any] = {}
    if is_plain(schema):
        return found
    for slot in sorted(slots(schema), key=lambda slot: slot.form is Form.CHOICE):
        value = _read(slot, found, inventory)
        if value is not UNDECIDED and value is not None and value != ():
            found[slot.name] = value
        if slot.ask.first and found.get(slot.name) is False:
            return found
    return found


def _read(slot: Slot, found: Mapping[str, Any], inventory: Inventory) -> Any:
    """What the rules read for one field, ``UNDECIDED`` where they leave it to the model."""
    value = UNDECIDED if slot.ask.decide is None else slot.ask.decide(inventory, found)
    if isinstance(value, Figure):
        return figure_value(slot, [value], inventory)
    if value is UNDECIDED and slot.form is Form.FIGURE:
        for asked in questions(slot, inventory):
            if (label := settled_by_words(asked, inventory)) is not None:
                return figure_value(slot, asked.options[label], inventory)
    return value


def settle(answers: Mapping[str, Any], read: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the answers that what the rules ``read`` replaces, and a finding for each of them."""
    settled: dict[str, Any] = {}
    findings = []
    refused = any(value is False for value in answers.values())
    for name, hint in read.items():
        answer = answers.get(name)
        if isinstance(hint, tuple) or (refused and not isinstance(hint, bool)) or _key(answer) == _key(hint):
            continue
        message = f"The rules read {_words(hint)}, which replaces the model's answer: {_words(answer)}."
        evidence = getattr(hint, "evidence", ())[:1]
        findings.append(Finding(code="rules_disagree", field=name, message=message, evidence=evidence))
        settled[name] = hint
    return settled, findings


def _key(value: Any) -> Any:
    if isinstance(value, Money):
        return value.value, value.upper, value.currency
    if isinstance(value, Percent):
        return value.percent, value.upper
    if isinstance(value, Day):
        return value.date or value.text
    return value


def _words(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "none", True: "yes", False: "no"}[value]
    return str(getattr(value, "text", value)).replace("_", " ")
