"""The narrow questions of the plan ``faceted``: a slot fitted to one article, and the draft that answers it.

Closed sets are made from the article: a figure is chosen among its figures of the right kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field

from summarizer.asking.slots import Form, Slot
from summarizer.inventory import Figure, Inventory
from summarizer.records.drafts import Draft, made
from summarizer.records.values import Choice

Options = Mapping[str, Any]
"""The labels of a closed set with what each stands for: figures with the same wording, or a member of an enum."""


@dataclass(frozen=True, slots=True)
class Question:
    """A slot fitted to one article: ``key`` is its property in the draft, ``text`` what is asked.

    ``figures`` are the closed sets of the figures of items, by field.
    """

    slot: Slot
    key: str
    text: str
    options: Options = field(default_factory=dict)
    figures: Mapping[str, Options] = field(default_factory=dict)


def questions(
    slot: Slot, inventory: Inventory, members: Sequence[Choice] | None = None
) -> tuple[Question, ...]:
    """Fit a slot to an article; empty where the article has no figure to choose from.

    ``members`` are the choices about which items are asked; all of them where it is None.
    """
    asked = Question(slot, slot.name, slot.text)
    if slot.form is Form.FIGURE:
        options = figure_options(slot, inventory)
        return (replace(asked, options=options),) if options else ()
    if slot.form is Form.CHOICE:
        return (replace(asked, options={member.label: member for member in slot.type}),)
    if slot.form is Form.PIVOT:
        return _pivot(asked, members)
    if slot.form is Form.ITEMS:
        figures = {one.name: figure_options(one, inventory) for one in slot.items if one.form is Form.FIGURE}
        return (replace(asked, figures=figures),)
    return (asked,)


_MAIN = 2  # choices that are asked about together


def _pivot(asked: Question, members: Sequence[Choice] | None) -> tuple[Question, ...]:
    """Ask the first choices together; each of the others is asked on its own, so that it cannot draw their names."""
    slot = asked.slot
    choice = next(item for item in slot.items if item.form is Form.CHOICE)
    first = list(choice.type)[:_MAIN]
    wanted = [member for member in choice.type if members is None or member in members]
    main = {member.label: member for member in wanted if member in first}
    return (
        *((replace(asked, options=main),) if main else ()),
        *(
            Question(
                slot,
                f"{slot.name}_{label_key(member.label)}",
                f"Who is the {member.label} in this deal?",
                {member.label: member},
            )
            for member in wanted
            if member not in first
        ),
    )


def figure_options(slot: Slot, inventory: Inventory) -> dict[str, tuple[Figure, ...]]:
    """The figures of the right kind, by wording."""
    options: dict[str, list[Figure]] = {}
    for figure in inventory.figures:
        if figure.mention.kind in slot.type.kinds:
            options.setdefault(" ".join(figure.mention.text.split()), []).append(figure)
    return {label: tuple(figures) for label, figures in options.items()}


def asked_items(question: Question) -> list[Slot]:
    """The fields of an item that the model fills."""
    return [
        item
        for item in question.slot.items
        if item.form is not Form.YEAR and (item.form is not Form.FIGURE or question.figures.get(item.name))
    ]


def label_key(label: str) -> str:
    """The property for a label of a closed set."""
    return "".join(c if c.isalnum() else "_" for c in label)


def item_key(item: Slot) -> str:
    """The property of an item's field: its description where that is a short phrase, else its name."""
    return item.name if item.text.endswith("?") else label_key(item.text)


def draft_model(asked: Sequence[Question]) -> type[Draft]:
    """Make the draft of one request: a property for each question."""
    return made("Answers", tuple(part for question in asked for part in _properties(question)))


def _properties(question: Question) -> list[tuple[str, Any]]:
    if question.slot.form is Form.PIVOT:
        return [(label_key(label), _text(question.slot.ask.length) | None) for label in question.options]
    return [(question.key, _annotation(question))]


@lru_cache(maxsize=64)
def _text(length: int) -> Any:
    # A bound for the server's grammar only: a longer answer is not a wrong one.
    return Annotated[str, Field(json_schema_extra={"maxLength": length})]


@lru_cache(maxsize=64)
def _many(annotation: Any, limit: int) -> Any:
    return Annotated[list[annotation], Field(json_schema_extra={"maxItems": limit})]


def _one_of(labels: Iterable[str]) -> Any:
    return Literal[tuple(labels)]


def _annotation(question: Question) -> Any:
    slot = question.slot
    if slot.form is Form.YES_NO:
        return _one_of(("yes", "no"))
    if slot.form is Form.PROSE:
        return _text(slot.ask.length)
    answer: Any
    if slot.form is Form.ITEMS:
        answer = _item_model(question)
    elif slot.form in (Form.CHOICE, Form.FIGURE):
        answer = _one_of(question.options)
    else:
        answer = _text(slot.ask.length)
    if slot.many:
        return _many(answer, slot.ask.limit)
    return answer | None if slot.optional else answer


def _item_model(question: Question) -> type[Draft]:
    properties: list[tuple[str, Any]] = []
    for item in asked_items(question):
        if item.form is Form.FIGURE:
            annotation: Any = _one_of(question.figures[item.name]) | None
        elif item.form is Form.CHOICE:
            annotation = _one_of(member.label for member in item.type)
        elif item.form is Form.YES_NO:
            annotation = _one_of(("yes", "no"))
        else:
            text = _text(question.slot.ask.length)
            annotation = text | None if item.optional else text
        properties.append((item_key(item), annotation))
    return made(question.slot.type.__name__, tuple(properties))
