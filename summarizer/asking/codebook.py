"""The codebook: what each field of a schema means, as the model is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel

from summarizer.asking.fields import Field, Form, fields_of
from summarizer.records.values import Money


@dataclass(frozen=True, slots=True)
class Member:
    """One answer of a closed set."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Line:
    """One field: how deep it is nested, its name, the form of its answer, its definition, and a closed set's members."""

    depth: int
    name: str
    answer: str
    description: str
    members: tuple[Member, ...]


@lru_cache(maxsize=64)
def codebook(schema: type[BaseModel]) -> tuple[Line, ...]:
    """Describe every field of a schema, in its order, nested ones behind the field that holds them."""
    return tuple(_lines(fields_of(schema), 0))


def _lines(fields: Sequence[Field], depth: int) -> Iterator[Line]:
    for one in fields:
        members = tuple(Member(name, meaning) for name, meaning in one.meanings)
        yield Line(depth, one.name, _answer(one, depth), one.description.rstrip(". "), members)
        yield from _lines(one.fields, depth + 1)
        if one.form is Form.FIGURE and issubclass(one.type, Money):
            yield Line(
                depth + 1, "undisclosed", "true or false", "Whether the quoted words keep the figure back", ()
            )


def _answer(one: Field, depth: int) -> str:
    """The form of an answer in words."""
    if one.many and one.form is Form.QUOTE and depth:
        return "list of words copied from the article"
    form = one.form.value if one.form is not Form.CHOICE else "one of the following"
    if one.many:
        return f"list; each item: {form}"
    return f"{form}, or null" if one.optional else form
