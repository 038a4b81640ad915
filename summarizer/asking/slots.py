"""Read a schema of value types for narrow questions: each field becomes a slot, with the form in which it is asked."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo

from summarizer.errors import SchemaError
from summarizer.records.annotations import unwrap
from summarizer.records.values import (
    RECORD_FIELDS,
    Ask,
    Choice,
    Copied,
    FigureValue,
    Name,
    Phrase,
    StatedYear,
    Written,
)


class Form(enum.Enum):
    """How a slot is asked."""

    YES_NO = enum.auto()
    CHOICE = enum.auto()
    FIGURE = enum.auto()
    WORDS = enum.auto()
    ITEMS = enum.auto()  # objects
    PIVOT = enum.auto()  # items of one copied name and one choice: asked as lists of names, one for a choice
    PROSE = enum.auto()
    YEAR = enum.auto()  # of an item; not asked


@dataclass(frozen=True, slots=True)
class Slot:
    """One field of a schema: what it holds and how it is asked."""

    name: str
    text: str
    form: Form
    type: Any  # the value type, the enum, or the item's model
    many: bool
    optional: bool
    ask: Ask
    items: tuple[Slot, ...] = ()

    @property
    def key(self) -> Slot | None:
        """Of an item: the copied words that name it."""
        return next((slot for slot in self.items if slot.form is Form.WORDS), None)


@lru_cache(maxsize=64)
def slots(schema: type[BaseModel]) -> tuple[Slot, ...]:
    """Read a schema. Raises SchemaError, which names the field, where an annotation is no value type."""
    try:
        if not schema.__pydantic_complete__ and schema is not BaseModel:
            schema.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        raise SchemaError(
            f"{schema.__name__} has an annotation that names {error.name!r}, which is not defined where the class is. "
            "Define it before the class, at the top level of a module."
        ) from error
    found = tuple(
        _slot(schema.__name__, name, info, in_item=False)
        for name, info in schema.model_fields.items()
        if name not in RECORD_FIELDS
    )
    if not found:
        raise SchemaError(f"{schema.__name__} has no fields to fill. Give it fields made of the value types.")
    return found


def _slot(owner: str, name: str, info: FieldInfo, *, in_item: bool) -> Slot:
    kind, many, optional, extras = unwrap(info.annotation)
    extras = (*extras, *info.metadata)
    ask = next((extra for extra in extras if isinstance(extra, Ask)), Ask())
    text = ask.question or info.description or f"What is the {name.replace('_', ' ')}?"
    slot = Slot(name, text, Form.WORDS, kind, many, optional, ask)
    if any(isinstance(extra, Written) for extra in extras):
        return replace(slot, form=Form.PROSE)
    if any(isinstance(extra, Copied) for extra in extras):
        return slot
    if any(isinstance(extra, StatedYear) for extra in extras):
        return replace(slot, form=Form.YEAR)
    if isinstance(kind, type):
        if issubclass(kind, Choice):
            return replace(slot, form=Form.CHOICE)
        if issubclass(kind, FigureValue):
            return replace(slot, form=Form.FIGURE)
        if kind is bool:
            return replace(slot, form=Form.YES_NO)
        if kind in (Name, Phrase):
            return slot
        if issubclass(kind, BaseModel) and many and not in_item:
            items = _items(kind)
            forms = sorted(item.form.name for item in items)
            if "WORDS" not in forms or "evidence" not in kind.model_fields:
                raise SchemaError(
                    f"{owner}.{name}: items of {kind.__name__} need a field of type Words, which names the item, and "
                    "an evidence field: derive the class from summarizer.Value."
                )
            return replace(slot, form=Form.PIVOT if forms == ["CHOICE", "WORDS"] else Form.ITEMS, items=items)
    raise SchemaError(
        f"{owner}.{name}: {info.annotation!r} cannot be read from a text. Use Money, Percent, Day, Name, Phrase, an enum "
        "derived from Choice, bool, str (prose), or a list of these or of items derived from Value."
    )


def _items(kind: type[BaseModel]) -> tuple[Slot, ...]:
    return tuple(
        _slot(kind.__name__, name, info, in_item=True)
        for name, info in kind.model_fields.items()
        # Lists inside items are for models that fill whole drafts.
        if name != "evidence" and not unwrap(info.annotation)[1]
    )


def described(schema: type[BaseModel]) -> list[Any]:
    """Return what the questions of a schema depend on, as plain data."""
    return [_described(slot) for slot in slots(schema)]


def _described(slot: Slot) -> list[Any]:
    kind = getattr(slot.type, "__name__", str(slot.type))
    choices = [member.label for member in slot.type] if slot.form is Form.CHOICE else []
    limits = [slot.ask.first, slot.ask.limit, slot.ask.length]
    return [
        slot.name,
        slot.text,
        slot.form.name,
        kind,
        slot.many,
        choices,
        limits,
        [_described(item) for item in slot.items],
    ]
