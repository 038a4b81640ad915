"""Where the model's answers and the hints of the rules meet, and nowhere else.

With ``trust="model"`` the answers stand, and the hints fill nothing: on recorded replies of a large model, 22
of the 23 readings that differed from its answers were wrong. With ``trust="rules"``, for models too small to
be trusted, a hint replaces the answer, and a finding says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from summarizer.findings import Finding
from summarizer.inventory import Inventory
from summarizer.records.deal import DealFacts
from summarizer.records.values import Choice, Day, Money, Percent
from summarizer.rules import read_hints

if TYPE_CHECKING:
    from summarizer.rules.hints import Hints


def hints(inventory: Inventory) -> Hints:
    """Return what the rules read of an article; nothing is read before it is asked for."""
    return read_hints(inventory)


def settled(schema: type[BaseModel], read: Hints) -> Mapping[str, Any]:
    """Return the fields that the hints settle without a model; for a schema that is no deal, none."""
    return read.values if issubclass(schema, DealFacts) else {}


def members(schema: type[BaseModel], field: str, read: Hints) -> Sequence[Choice] | None:
    """Return the members of a closed set about which a model is asked; None for all."""
    return read.asked if field == "parties" and issubclass(schema, DealFacts) else None


def merged(schema: type[BaseModel], answers: Mapping[str, Any], read: Hints) -> Mapping[str, Any]:
    """Return the fields in which answers of a small model and hints go together."""
    if not issubclass(schema, DealFacts):
        return {}
    return {"parties": read.parties(answers.get("parties") or (), answers.get("deal_type"))}


def settle(answers: Mapping[str, Any], read: Mapping[str, Any]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the answers that hints replace, and a finding for each of them."""
    replaced: dict[str, Any] = {}
    findings = []
    refused = any(value is False for value in answers.values())
    for name, hint in read.items():
        answer = answers.get(name)
        if hint is None or isinstance(hint, tuple) or (refused and not isinstance(hint, bool)):
            continue
        if _key(answer) == _key(hint):
            continue
        message = f"The rules read {_words(hint)}, which replaces the model's answer: {_words(answer)}."
        evidence = getattr(hint, "evidence", ())[:1]
        findings.append(Finding(code="rules_disagree", field=name, message=message, evidence=evidence))
        replaced[name] = hint
    return replaced, findings


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
