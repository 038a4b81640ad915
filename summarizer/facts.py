"""Facts on their way from the model to the record: told one by one, as lines for a prompt, and taken out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from summarizer.checks import walk


@dataclass(frozen=True, slots=True)
class Fact:
    """What a field of the record holds as far as it is known: a value, or a tuple of them.

    A later fact of the same field takes the place of the earlier one; None or an empty tuple takes it back.
    """

    field: str
    value: Any


def fact_lines(facts: Mapping[str, Any]) -> list[str]:
    """The facts found so far, a line each, for the one who writes the prose."""
    lines = []
    for name, value in facts.items():
        parts = value if isinstance(value, tuple) else (value,)
        for part in parts[:3]:
            if isinstance(part, BaseModel):
                said = [
                    str(getattr(leaf, "label", leaf))
                    for key in ("name", "text", "role", "change", "from_role", "to_role")
                    if (leaf := vars(part).get(key))
                ]
                lines.append(f"{name.replace('_', ' ')}: {', '.join(said)}")
    return lines


def without(facts: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The facts without what stands at a path: a field becomes None, an item's figure too, an item of a list goes."""
    gone = [value for at, value in walk(facts) if at == path]
    return {name: _strip(value, gone) for name, value in facts.items()}


def _strip(value: Any, gone: Sequence[BaseModel]) -> Any:
    if any(value is one for one in gone):
        return None
    if isinstance(value, tuple):
        return tuple(part for part in (_strip(part, gone) for part in value) if part is not None)
    if isinstance(value, BaseModel):
        update = {
            name: None
            for name in type(value).model_fields
            if any(getattr(value, name) is one for one in gone)
        }
        return value.model_copy(update=update) if update else value
    return value
