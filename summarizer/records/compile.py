"""From a schema and an article to the questions that the model is asked.

``slots`` reads a schema once. ``questions`` fits a slot to one article: closed sets of its figures,
sentences to judge, and nothing where the article offers nothing. ``drafts`` makes what the model fills.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from pydantic import BaseModel, PydanticUndefinedAnnotation, create_model
from pydantic.fields import FieldInfo

from summarizer.document import Sentence
from summarizer.errors import SchemaError
from summarizer.figures import Kind, is_rounding_of
from summarizer.inventory import LEAD, Figure, Inventory
from summarizer.records.annotations import unwrap
from summarizer.records.values import (
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
from summarizer.roles import Role


class Form(enum.Enum):
    """How a slot is asked."""

    YES_NO = enum.auto()
    CHOICE = enum.auto()
    FIGURE = enum.auto()
    WORDS = enum.auto()
    ITEMS = enum.auto()  # objects
    PIVOT = enum.auto()  # items of one copied name and one choice: asked as lists of names, one for a choice
    EACH = enum.auto()  # sentences judged one by one
    PROSE = enum.auto()
    YEAR = enum.auto()  # read by code from an item's evidence


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


@dataclass(frozen=True, slots=True)
class Question:
    """A slot fitted to one article: ``key`` is its property in the draft, ``text`` what is asked.

    ``options`` are the labels of the closed set with what each stands for: the figures that share a
    wording, or the member of an enum. ``sentences`` are those to judge one by one. ``rows`` are items whose
    names are known and whose other fields are asked for.
    """

    slot: Slot
    key: str
    text: str
    options: Mapping[str, Any] = field(default_factory=dict)
    sentences: tuple[Sentence, ...] = ()
    sure: tuple[Sentence, ...] = ()  # of those to judge, the ones whose words leave no doubt
    figures: Mapping[str, Mapping[str, tuple[Figure, ...]]] = field(default_factory=dict)  # of items' slots
    rows: Mapping[str, tuple[Sentence, ...]] = field(
        default_factory=dict
    )  # named items and what is said of each


_FEWEST_WORDS = 4  # of a sentence that tells enough to be judged


@lru_cache(maxsize=64)
def slots(schema: type[BaseModel]) -> tuple[Slot, ...]:
    """Read a schema. Raises SchemaError, which names the field, where an annotation is no value type."""
    try:
        if not schema.__pydantic_complete__ and schema is not BaseModel:
            schema.model_rebuild()
    except PydanticUndefinedAnnotation as error:
        raise SchemaError(
            f"{schema.__name__} has an annotation that names {error.name!r}, which is not known where the class stands. "
            "Define it before the class, at the top of a module."
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
        if ask.each and many and ask.cue is not None and issubclass(kind, Value):
            return replace(slot, form=Form.EACH, items=_items(kind))
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
        if name != "evidence" and kind not in (Phrase, Name) and not unwrap(info.annotation)[1]
    )


def questions(slot: Slot, inventory: Inventory) -> tuple[Question, ...]:
    """Fit a slot to an article; nothing where the article has nothing to choose from or no sign of an answer."""
    matching: tuple[Sentence, ...] = ()
    if slot.ask.cue is not None:
        enough = slot.ask.limit if slot.form is Form.EACH else 1
        unless = slot.ask.unless
        telling = (
            s
            for s in inventory.matching(slot.ask.cue)
            if len(s.text.split()) >= _FEWEST_WORDS
            # What a line that ends in ":" tells comes behind it, and what a headline tells, the text tells again.
            and not (slot.form is Form.EACH and (s.text.endswith(":") or inventory.is_headline(s)))
            and not (unless is not None and unless.search(s.text))
        )
        if slot.form is Form.EACH and slot.ask.sure is not None:
            # What is sure is not crowded out by what comes before it and may be nothing.
            every = tuple(telling)
            certain = [s for s in every if slot.ask.sure.search(s.text)]
            matching = tuple(
                sorted((certain + [s for s in every if s not in certain])[:enough], key=lambda s: s.number)
            )
        else:
            matching = tuple(islice(telling, enough))
        if not matching:
            return ()
    asked = Question(slot, slot.name, slot.text)
    if slot.form is Form.EACH:
        sure = tuple(s for s in matching if slot.ask.sure is not None and slot.ask.sure.search(s.text))
        return (replace(asked, sentences=tuple(s for s in matching if s not in sure), sure=sure),)
    if slot.form is Form.FIGURE:
        options = figure_options(slot, inventory)
        return (replace(asked, options=options),) if options else ()
    if slot.form is Form.CHOICE:
        return (replace(asked, options=choice_options(slot, inventory)),)
    if slot.form is Form.PIVOT:
        return _pivot(asked, inventory)
    if slot.form is Form.ITEMS:
        figures = {
            item.name: figure_options(item, inventory, earlier=True)
            for item in slot.items
            if item.form is Form.FIGURE
        }
        return (replace(asked, figures=figures),)
    return (asked,)


def _pivot(asked: Question, inventory: Inventory) -> tuple[Question, ...]:
    """Ask the main choices together; one that needs a cue is asked on its own, so that it cannot draw the others' names."""
    slot = asked.slot
    choice = next(item for item in slot.items if item.form is Form.CHOICE)
    options = choice_options(choice, inventory, slot.ask.choices)
    main = {label: member for label, member in options.items() if member not in slot.ask.choices}
    return (
        replace(asked, options=main),
        *(
            Question(
                slot, f"{slot.name}_{label_key(label)}", f"Who is the {label} in this deal?", {label: member}
            )
            for label, member in options.items()
            if member in slot.ask.choices
        ),
    )


def name_question(asked: Question) -> Question:
    """Ask for the names of items only: a small model names well, and fills what it was shown."""
    slot = asked.slot
    names = replace(slot, form=Form.WORDS, type=Name, items=())
    return Question(names, slot.name, f"{slot.text} Give the names.")


def row_question(asked: Question, rows: Mapping[str, tuple[Sentence, ...]]) -> Question | None:
    """Ask for the other fields of named items, beside the sentences on each; None where code reads them all."""
    wanted = [item.text for item in asked_items(asked) if item is not asked.slot.key]
    if not wanted or not rows:
        return None
    text = f"What is the {', and what is the '.join(wanted)}, of each of these?"
    return replace(asked, text=text, rows=rows)


def choice_options(
    slot: Slot, inventory: Inventory, cues: Mapping[str, Any] | None = None
) -> dict[str, Choice]:
    """The members of a closed set by label, without those whose cue no sentence matches."""
    cues = slot.ask.choices if cues is None else cues
    return {
        member.label: member
        for member in slot.type
        if member not in cues or any(inventory.matching(cues[member]))
    }


def figure_options(
    slot: Slot, inventory: Inventory, *, earlier: bool = False
) -> dict[str, tuple[Figure, ...]]:
    """The figures that may answer, by wording.

    Of the right kind; where the slot names roles, those that play one of them or (unless it asks for what is told)
    none that can be told, and none of an earlier deal unless ``earlier``.
    """
    options: dict[str, list[Figure]] = {}
    roles = slot.ask.roles
    for figure in inventory.figures:
        if figure.mention.kind not in slot.type.kinds or (
            _is_share(figure) and Kind.PER_SHARE not in slot.type.kinds
        ):
            continue
        if roles and not (figure.role.value in roles if figure.role is not None else not slot.ask.told):
            continue
        if roles and figure.earlier and not earlier:
            continue
        options.setdefault(" ".join(figure.mention.text.split()), []).append(figure)
    return {label: tuple(figures) for label, figures in options.items()}


_EACH = re.compile(r"\s+(?:each|apiece)\b")


def settled_by_words(question: Question, inventory: Inventory) -> str | None:
    """The label of the figure that the words near it give the asked role; None where they leave a doubt.

    Of several it is the first sum that the text leads with, in its finer form where the text has one: what is paid
    for each share or to each of several counts only where there is no sum. Where the text leads with none, it is the
    first sum too; of percentages and prices per share all must then be forms of one figure. Where no figure has the
    role, words that keep one back do ("terms were not disclosed").
    """
    slot = question.slot
    roles = {Role(role) for role in slot.ask.roles}
    if slot.form is not Form.FIGURE or slot.many or not roles:
        return None
    labels = {figure: label for label, figures in question.options.items() for figure in figures}
    told = [figure for figure in inventory.figures if figure in labels and figure.role in roles]
    if not told:
        told = [figure for figure in labels if figure.mention.kind is Kind.UNDISCLOSED][:1]
    lead = {sentence.number for sentence in inventory.leading(LEAD)}
    sums = [figure for figure in told if not _is_share(figure)]
    first = next((figure for figure in sums if figure.sentence.number in lead), None)
    if first is None:
        same = sums or told
        settled = next((f for f in same if all(_is_form_of(other, f) for other in same)), None)
        if settled is None and sums and sums[0].mention.kind is Kind.MONEY:
            settled = sums[0]  # later ones tell it in other money, or are parts, or are others' prices
    else:
        settled = next((f for f in sums if is_rounding_of(first.mention, f.mention)), first)
    return None if settled is None else labels[settled]


def _is_form_of(coarse: Figure, fine: Figure) -> bool:
    """Whether both are one figure, the second no coarser than the first."""
    a, b = coarse.mention, fine.mention
    alike = a.kind is b.kind or (_is_share(coarse) and _is_share(fine))  # "$3-a-share", "$3 each"
    return (alike and (a.value, a.upper, a.unit) == (b.value, b.upper, b.unit)) or is_rounding_of(a, b)


def _is_share(figure: Figure) -> bool:
    """Whether it is paid for each of several, shares or others."""
    behind = figure.mention.end - figure.sentence.start
    return figure.mention.kind is Kind.PER_SHARE or _EACH.match(figure.sentence.text, behind) is not None


def asked_items(question: Question) -> list[Slot]:
    """The fields of an item that the model fills; the others are read by code."""
    return [
        item
        for item in question.slot.items
        if item.form is not Form.YEAR
        and item.ask.decide is None
        and (item.form is not Form.FIGURE or question.figures.get(item.name))
    ]


def label_key(label: str) -> str:
    """The property for a label of a closed set."""
    return "".join(c if c.isalnum() else "_" for c in label)


@lru_cache(maxsize=64)
def record_type(schema: type[BaseModel]) -> type[BaseModel]:
    """The type of the records of a schema: itself, or with what every record carries added behind its fields."""
    if issubclass(schema, Record):
        return schema
    return create_model(
        schema.__name__, __base__=(Record, schema), __doc__=schema.__doc__, __module__=schema.__module__
    )


def described(schema: type[BaseModel]) -> list[Any]:
    """What the questions of a schema depend on, as JSON takes it."""

    def describe(slot: Slot) -> list[Any]:
        kind = getattr(slot.type, "__name__", str(slot.type))
        choices = [member.label for member in slot.type] if slot.form is Form.CHOICE else []
        ask = [
            slot.ask.roles,
            slot.ask.dealing,
            slot.ask.cue.pattern if slot.ask.cue else "",
            slot.ask.each,
            slot.ask.sure.pattern if slot.ask.sure else "",
            slot.ask.unless.pattern if slot.ask.unless else "",
            slot.ask.limit,
            slot.ask.length,
        ]
        return [
            slot.name,
            slot.text,
            slot.form.name,
            kind,
            slot.many,
            choices,
            ask,
            [describe(i) for i in slot.items],
        ]

    return [describe(slot) for slot in slots(schema)]
