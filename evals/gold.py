"""Gold: what a reader of the text alone may answer, and where the text says so.

The form of gold follows from the schema. Each field of the schema may have a label of the same name; a
field without one is not scored. Every label is one right answer, or a list of right answers; ``null``
among them means that no answer is right too.

====================  ==========================================================================
field                 label
====================  ==========================================================================
a ``Choice``, bool    the member's value, ``true`` or ``false``
``Year``              a whole number
``Words``             the words as a string (scored as a name), or ``{"facts": [...]}``
``str`` (prose)       ``{"facts": [...]}``
``Money``             ``{"text", "value", "currency", "qualifier", "evidence"}`` and its own fields
``Percent``           ``{"text", "percent", "qualifier", "evidence"}`` and its own fields
``Day``               ``{"text", "date", "evidence"}``
``Name``, ``Phrase``  ``{"text": words, "evidence"}``
an item               ``{..., "evidence"}`` with a label for each of its fields; one with a
                      name may have ``"aliases"``, a list of strings that is not scored
a list                a list of such objects; one with ``"optional": true`` may be found or not
====================  ==========================================================================

``facts`` are key facts, each a few words of which each begins a word of the answer. ``evidence`` is a list
of ``[start, end]`` in characters of the text: every place that states the fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model, model_validator

from summarizer.asking.slots import Form, Slot, slots
from summarizer.figures import Kind, Mention, Qualifier, may_be, parse
from summarizer.records.values import Choice, Day, Money, Percent

Range = tuple[int, int]


class Label(BaseModel):
    """Base of all labels with places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: tuple[Range, ...] = ()


class Facts(BaseModel):
    """Key facts of words: right where all of them are there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    facts: Annotated[tuple[str, ...], Field(min_length=1)]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, (list, tuple)) else [value]


_Listed = BeforeValidator(_listed)  # one answer may stand without its list
Qualifiers = Annotated[tuple[Qualifier, ...], _Listed]


_read = lru_cache(maxsize=1024)(parse)
_DOLLARS = frozenset({"AUD", "CAD", "HKD", "NZD", "SGD", "USD"})


def in_currency(mention: Mention, currency: str) -> bool:
    """Tell whether a figure may be in the currency: whose dollars a bare "$" is, the text as a whole says."""
    bare = mention.text.startswith("$") and mention.unit in _DOLLARS
    return may_be(mention, currency) or (bare and currency in _DOLLARS)


class GoldFigure(Label):
    """Base of the labels of figures: ``text`` as the source writes it, without hedge."""

    text: str
    qualifier: Qualifiers = (Qualifier.EXACT,)

    @property
    def stated(self) -> Mention:
        """The figure as our parser reads it, or as the label has it where words are beyond the parser.

        Raises ValueError where the parser reads none in a text with digits, which is rather a slip of the
        pen.
        """
        mention = _read(self.text, *self._kinds)
        if mention is None and self.in_words:
            mention = self._meant
        if mention is None:
            raise ValueError(f"{self.text!r} is read as no figure")
        return mention

    @property
    def in_words(self) -> bool:
        """Whether the text writes the figure without a digit."""
        return not any(map(str.isdigit, self.text))

    @property
    def _kinds(self) -> tuple[Kind, ...]:
        return ()

    @property
    def _meant(self) -> Mention | None:
        """What the annotator reads; gold is not bound by what our parser can."""
        return None


class GoldMoney(GoldFigure):
    """An amount, and by hand what it is worth; without ``value`` and ``currency`` it is undisclosed."""

    value: Decimal | None
    currency: str | None

    @property
    def _meant(self) -> Mention:
        kind = Kind.UNDISCLOSED if self.value is None else Kind.MONEY
        return Mention(kind, 0, len(self.text), self.text, value=self.value, unit=self.currency or "")

    @model_validator(mode="after")
    def _agrees(self) -> GoldMoney:
        found = self.stated
        if found.value != self.value or not in_currency(found, self.currency or ""):
            raise ValueError(
                f"{self.text!r} is read as {found.value} {found.unit}, not {self.value} {self.currency}"
            )
        return self


class GoldPercent(GoldFigure):
    """A share in percentage points."""

    percent: Decimal

    @property
    def _kinds(self) -> tuple[Kind, ...]:
        return (Kind.PERCENT,)

    @property
    def _meant(self) -> Mention:
        return Mention(Kind.PERCENT, 0, len(self.text), self.text, value=self.percent, unit="%")

    @model_validator(mode="after")
    def _agrees(self) -> GoldPercent:
        if self.stated.value != self.percent:
            raise ValueError(f"{self.text!r} is read as {self.stated.value}, not {self.percent} percent")
        return self


class GoldDay(Label):
    """A date, ISO 8601, as fine as the text has it."""

    text: str
    date: str

    @model_validator(mode="after")
    def _agrees(self) -> GoldDay:
        found = parse(self.text, Kind.DATE)
        if found is None or found.date != self.date:
            raise ValueError(f"{self.text!r} is read as {found and found.date}, not {self.date}")
        return self


class GoldItem(Label):
    """Base of the labels of items."""

    optional: bool = False


class GoldNamed(GoldItem):
    """Base of the labels of items that have a name. ``aliases`` are its other forms, which no score looks at."""

    aliases: tuple[str, ...] = ()


def scored_items(slot: Slot) -> tuple[Slot, ...]:
    """The fields of an item that are scored."""
    return tuple(part for part in slot.items if part.name != "aliases")


@lru_cache(maxsize=64)
def gold_model(schema: type[BaseModel]) -> type[BaseModel]:
    """The Pydantic model of a schema's gold: each of its fields, and None for one that is not labelled."""
    return _model(f"{schema.__name__}Gold", slots(schema), BaseModel)


def _model(name: str, fields: tuple[Slot, ...], base: type[BaseModel]) -> type[BaseModel]:
    parts: dict[str, Any] = {slot.name: (_label(slot), None) for slot in fields}
    config = ConfigDict(frozen=True, extra="forbid") if base is BaseModel else None
    model: type[BaseModel] = create_model(name, __base__=None if config else base, __config__=config, **parts)
    return model


def _label(slot: Slot) -> Any:
    """The type of one field's label: a list of items, or of right answers."""
    node: Any = _node(slot)
    if slot.many:
        return tuple[node, ...]
    return Annotated[tuple[node | None, ...], _Listed]


def _node(slot: Slot) -> Any:
    if slot.form is Form.CHOICE:
        return slot.type
    if slot.form is Form.YES_NO:
        return bool
    if slot.form is Form.YEAR:
        return int
    if slot.form is Form.PROSE:
        return Facts
    if slot.form is Form.FIGURE:
        return _figure(slot.type)
    if slot.items:
        base = GoldNamed if any(part.name == "name" for part in slot.items) else GoldItem
        return _model(f"{slot.type.__name__}Gold", scored_items(slot), base)
    if slot.type is str:
        return str | Facts
    text = Slot("text", "", Form.WORDS, str, many=False, optional=False, ask=slot.ask)
    return _model(f"{slot.type.__name__}Gold", (text,), GoldItem)  # Name, Phrase


def _figure(kind: Any) -> type[BaseModel]:
    """The label of a figure, with a label for each field that the kind adds to its base."""
    for base, label in ((Money, GoldMoney), (Percent, GoldPercent), (Day, GoldDay)):
        if issubclass(kind, base):
            parts: dict[str, Any] = {name: (_own(kind, name), (None,)) for name in own_fields(kind)}
            model: type[BaseModel] = create_model(f"{kind.__name__}Gold", __base__=label, **parts)
            return model
    raise TypeError(f"{kind.__name__} has no form of gold")


def own_fields(kind: type[BaseModel]) -> tuple[str, ...]:
    """The fields that a kind of figure adds to ``Money``, ``Percent`` or ``Day``."""
    known = {*Money.model_fields, *Percent.model_fields, *Day.model_fields}
    return tuple(name for name in kind.model_fields if name not in known)


def _own(kind: type[BaseModel], name: str) -> Any:
    """The type of the label of a figure's own field: a member of its choice, or yes and no."""
    annotation = kind.model_fields[name].annotation
    node: Any = bool
    if isinstance(annotation, type) and issubclass(annotation, Choice):
        node = Literal[tuple(member.value for member in annotation if member.value != "unspecified")]
    return Annotated[tuple[node | None, ...], _Listed]


@dataclass(frozen=True, slots=True)
class Place:
    """A label with places, and its path in the gold."""

    path: str
    label: Label


def labels(node: Any, path: str = "") -> Iterator[Place]:
    """Every label with places in a gold record or a part of it."""
    if isinstance(node, Label):
        yield Place(path, node)
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from labels(getattr(node, name), f"{path}.{name}" if path else name)
    elif isinstance(node, (tuple, list)):
        for index, part in enumerate(node):
            yield from labels(part, path if len(node) == 1 else f"{path}[{index}]")
