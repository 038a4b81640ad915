"""Read a schema: any Pydantic model becomes a tree of fields, each with a form in which a model can answer it."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo

from summarizer.errors import SchemaError
from summarizer.records.annotations import unwrap
from summarizer.records.values import (
    FIGURE_FIELDS,
    RECORD_FIELDS,
    Ask,
    Choice,
    Copied,
    FigureValue,
    Name,
    Phrase,
    Record,
    StatedYear,
    Value,
    Written,
)


class Form(enum.Enum):
    """How a field is answered."""

    FLAG = "true or false"
    CHOICE = "one of"
    FIGURE = "quotation of a figure"
    YEAR = "quotation of a year"
    NUMBER = "quotation of a number"
    DATE = "quotation of a full date"
    QUOTE = "quotation"
    PROSE = "your own words"
    GROUP = "object"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a schema.

    ``type`` is the value type, enum, number type or model. ``optional`` fields may be None, and ``required``
    ones have neither that nor a default. ``members`` the answers of a closed set with what each stands for in
    the record, and ``meanings`` their descriptions. ``fields`` are those of a nested model, or those that a
    figure has beside its value. ``brief`` quotations may be put shortly. Where a ``gate`` is false, all else
    is left empty. ``plain`` fields have no place for evidence of their own: theirs is in ``record.evidence``.
    """

    name: str
    description: str
    form: Form
    type: Any
    many: bool = False
    optional: bool = False
    required: bool = False
    plain: bool = True
    copied: bool = False
    brief: bool = False
    gate: bool = False
    length: int = 160
    members: tuple[tuple[str, Any], ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    fields: tuple[Field, ...] = field(default=())

    @property
    def key(self) -> Field | None:
        """Of a nested model: the first quoted field, which names the item."""
        return next((inner for inner in self.fields if inner.form is Form.QUOTE and not inner.many), None)


_ADVICE = (
    "Use str, int, float, Decimal, bool, date, Literal, an Enum, a value type (Money, Percent, Day, Name, Phrase, "
    "Prose), a nested model, or a list of these."
)
_NUMBERS = (int, float, Decimal)


@lru_cache(maxsize=64)
def fields_of(schema: type[BaseModel]) -> tuple[Field, ...]:
    """Read the fields of a schema, those that every record carries left out.

    Raises SchemaError, which names the field, where an annotation cannot be read from a text.
    """
    found = _fields(schema, ())
    if not found:
        raise SchemaError(f"{schema.__name__} has no fields to fill. Give it at least one.")
    return found


def is_plain(schema: type[BaseModel]) -> bool:
    """Whether a schema has plain annotations, which only a model that fills a draft can answer."""
    return any(map(_is_plain, fields_of(schema)))


def _is_plain(one: Field) -> bool:
    if one.form in (Form.NUMBER, Form.DATE):
        return True
    if one.form is Form.QUOTE:
        return one.type is str and not one.copied
    if one.form is Form.CHOICE:
        return not (isinstance(one.type, type) and issubclass(one.type, Choice))
    return one.form is Form.GROUP and (not one.many or one.plain or any(map(_is_plain, one.fields)))


def _fields(schema: type[BaseModel], within: tuple[type, ...]) -> tuple[Field, ...]:
    try:
        if not schema.__pydantic_complete__ and schema is not BaseModel:
            schema.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        raise SchemaError(
            f"{schema.__name__} has an annotation that names {error.name!r}, which is not defined where the class is. "
            "Define it before the class, at the top level of a module."
        ) from error
    skipped: frozenset[str] = frozenset()
    if issubclass(schema, (Record, Value)):
        skipped = RECORD_FIELDS if issubclass(schema, Record) else frozenset({"evidence"})
    elif not within and (taken := RECORD_FIELDS & schema.model_fields.keys()):
        name = min(taken)
        raise SchemaError(
            f"{schema.__name__}.{name}: every record has a field of this name. Give yours another."
        )
    return tuple(
        _field(schema, name, info, within)
        for name, info in schema.model_fields.items()
        if name not in skipped
    )


def _field(owner: type[BaseModel], name: str, info: FieldInfo, within: tuple[type, ...]) -> Field:
    kind, many, optional, extras = unwrap(info.annotation)
    extras = (*extras, *info.metadata)
    ask = next((extra for extra in extras if isinstance(extra, Ask)), Ask())
    one = Field(
        name=name,
        description=" ".join((info.description or name.replace("_", " ")).split()),
        form=Form.QUOTE,
        type=kind,
        many=many,
        optional=optional,
        required=info.is_required() and not optional and not many,
        copied=any(isinstance(extra, Copied) for extra in extras),
        brief=any(isinstance(extra, Copied) and extra.brief for extra in extras),
        gate=ask.first,
        length=ask.length,
    )
    if any(isinstance(extra, StatedYear) for extra in extras):
        return replace(one, form=Form.YEAR)
    if any(isinstance(extra, Written) for extra in extras):
        return replace(one, form=Form.PROSE)
    if get_origin(kind) is Literal:
        return _choice(one, {str(value): value for value in get_args(kind)}, {})
    if isinstance(kind, type):
        made = _of_type(one, kind, (*within, owner))
        if made is not None:
            return made
    raise SchemaError(f"{owner.__name__}.{name}: {_shown(kind)} cannot be read from a text. {_ADVICE}")


def _of_type(one: Field, kind: type, within: tuple[type, ...]) -> Field | None:
    if issubclass(kind, FigureValue):
        beside = tuple(
            _field(kind, name, info, within)
            for name, info in kind.model_fields.items()
            if name not in FIGURE_FIELDS
        )
        return replace(one, form=Form.FIGURE, plain=False, fields=beside)
    if kind in (Name, Phrase):
        return replace(one, plain=False)
    if issubclass(kind, enum.Enum):
        labels = {str(m.value) if isinstance(m.value, str) else m.name: m for m in kind}
        return _choice(one, labels, {k: m.description for k, m in labels.items() if isinstance(m, Choice)})
    if kind is bool:
        return replace(one, form=Form.FLAG)
    if kind is str:
        return one
    if kind in _NUMBERS:
        return replace(one, form=Form.NUMBER)
    if kind is datetime.date:
        return replace(one, form=Form.DATE)
    if issubclass(kind, BaseModel) and kind not in within:
        inner = _fields(kind, within)
        return (
            replace(one, form=Form.GROUP, plain=not issubclass(kind, Value), fields=inner) if inner else None
        )
    return None


def _choice(one: Field, members: dict[str, Any], meanings: dict[str, str]) -> Field:
    return replace(
        one,
        form=Form.CHOICE,
        members=tuple(members.items()),
        meanings=tuple((label, meanings.get(label, "")) for label in members),
    )


def _shown(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
