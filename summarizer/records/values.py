"""The value types that a schema is made of, and the words that go with its fields.

A schema is any Pydantic model whose fields are these types, optional or in tuples or lists, or models
made of them (items). The description of a field is its question to the model.

====================  ==========================================================================
annotation            how it is filled
====================  ==========================================================================
``Money``             chosen among the money figures of the text, parsed by code
``Percent``           chosen among its percentages
``Day``               chosen among its dates, never finer than the text
``Name``, ``Phrase``  copied from the text, found again in it
a ``Choice``          one of the members of the enum
``bool``              yes or no
``str``, ``Words``    words copied from the text, found again in it
``Prose``             written by the model; figures and names are checked against the text
``Year``              a year that the text states
====================  ==========================================================================

``summarizer.asking.fields`` says which plain annotations work beside these.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from summarizer.figures import Kind, Mention, Qualifier
from summarizer.findings import Finding, Span

Evidence = tuple[Span, ...]


class Value(BaseModel):
    """Base of all values: frozen, and with the spans of the source that state it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    evidence: Evidence = ()


class FigureValue(Value):
    """Base of the values that are parsed from a figure of the text."""

    kinds: ClassVar[tuple[Kind, ...]] = ()

    @classmethod
    def from_mention(
        cls, mention: Mention, qualifier: Qualifier, evidence: Evidence, **more: Any
    ) -> FigureValue:
        """Build the value from a parsed figure; ``qualifier`` is its hedge, wherever the text has it.

        ``more`` has the fields that a subclass adds.
        """
        raise TypeError(f"{cls.__name__} does not say how it is built from a figure")


class Money(FigureValue):
    """An amount of money.

    ``value`` is an exact Decimal in units of ``currency`` (ISO 4217); ``upper`` is the other end where
    ``qualifier`` is ``range``. An undisclosed amount has neither.
    """

    kinds: ClassVar[tuple[Kind, ...]] = (Kind.MONEY,)

    text: str
    value: Decimal | None = None
    upper: Decimal | None = None
    currency: str | None = None
    qualifier: Qualifier = Qualifier.EXACT

    @classmethod
    def from_mention(cls, mention: Mention, qualifier: Qualifier, evidence: Evidence, **more: Any) -> Money:
        """Build the amount from a parsed figure."""
        return cls(
            text=mention.text,
            value=mention.value,
            upper=mention.upper,
            currency=mention.unit or None,
            qualifier=qualifier,
            evidence=evidence,
            **more,
        )


class Percent(FigureValue):
    """A share in percentage points; ``upper`` is the other end of a range."""

    kinds: ClassVar[tuple[Kind, ...]] = (Kind.PERCENT,)

    text: str
    percent: Decimal | None = None
    upper: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT

    @classmethod
    def from_mention(cls, mention: Mention, qualifier: Qualifier, evidence: Evidence, **more: Any) -> Percent:
        """Build the share from a parsed figure."""
        return cls(
            text=mention.text,
            percent=mention.value,
            upper=mention.upper,
            qualifier=qualifier,
            evidence=evidence,
            **more,
        )


Precision = Literal["year", "month", "day"]


class Day(FigureValue):
    """A date as fine as the text has it: ``date`` is ISO 8601 (2031, 2031-05 or 2031-05-17).

    ``date`` is None where the text gives a day without its year.
    """

    kinds: ClassVar[tuple[Kind, ...]] = (Kind.DATE,)

    text: str
    date: str | None = None
    precision: Precision

    @classmethod
    def from_mention(cls, mention: Mention, qualifier: Qualifier, evidence: Evidence, **more: Any) -> Day:
        """Build the date from a parsed one."""
        stated = mention.date or ""
        partial = stated.startswith("--")
        precision: Precision = (
            "day" if partial or len(stated) == 10 else "month" if len(stated) == 7 else "year"
        )
        return cls(
            text=mention.text,
            date=None if partial else stated,
            precision=precision,
            evidence=evidence,
            **more,
        )


FIGURE_FIELDS = frozenset(name for kind in (Money, Percent, Day) for name in kind.model_fields)
"""The fields that are parsed from a figure; those that a subclass adds are asked for."""


class Phrase(Value):
    """Words of the text, letter for letter."""

    text: str


class Name(Value):
    """A name as the text writes it."""

    text: str


class Choice(str, enum.Enum):
    """Base of closed sets: subclass it with one member for each choice.

    A member is its value, optionally with the words by which a small model knows it, and with a description,
    which is what the codebook tells every other model:
    ``ACQUIRER = "acquirer", "buyer or investor", "buys, or invests in, the target"``.
    """

    label: str
    description: str

    def __new__(cls, value: str, label: str = "", description: str = "") -> Choice:
        """Make a member that is its value, and keep its label and description."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ")
        member.description = description
        return member

    def __str__(self) -> str:
        return str(self.value)

    @property
    def stage(self) -> int:
        """How far a member is along a course of events; 0 for a set that is none. The furthest one holds."""
        return 0


@dataclass(frozen=True, slots=True)
class Copied:
    """Marks a string as words copied from the text.

    ``brief`` words may be put shortly: every content word has to stand in the cited sentence, in any order.
    """

    brief: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """Marks a string as prose that the model writes."""


@dataclass(frozen=True, slots=True)
class StatedYear:
    """Marks a whole number of an item as a year that its evidence states."""


Words = Annotated[str, Copied()]
Title = Annotated[str, Copied(brief=True)]
Prose = Annotated[str, Written()]
Year = Annotated[int, StatedYear()]


@dataclass(frozen=True, slots=True)
class Ask:
    """How a field is asked for; written as ``Annotated[Money | None, Ask(...)]``. Every part is optional.

    - ``question``: what a small model is asked, in place of the description.
    - ``first``: a yes-or-no field that is asked before all others; if the answer is no, the rest stays empty.
    - ``limit``: the most items of a list; ``length``: the most characters of one answer. Both are for small models.
    """

    question: str = ""
    first: bool = False
    limit: int = 8
    length: int = 160


class SourceInfo(BaseModel):
    """The text that was read: ``sha256`` of its UTF-8 form, its length and its number of sentences.

    ``title`` is the headline in the text, else that of its page; ``outlet`` and ``published`` are what a web
    page says of itself, and no evidence. A text longer than the model's context has several ``windows``, of
    which ``windows_read`` were put to the model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    sha256: str
    title: str | None
    characters: int
    sentences: int
    outlet: str | None = None
    published: str | None = None
    windows: int = 1
    windows_read: int = 1


class Provenance(BaseModel):
    """What made the record.

    ``trust`` is ``model`` or ``rules``: whose reading a field has where they differ. ``code_hash`` identifies
    the code that reads figures, grounds and checks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    endpoint: str
    mode: str
    plan: str
    trust: str = "rules"
    prompt_hash: str
    schema_hash: str
    code_hash: str = ""
    package_version: str


class Usage(BaseModel):
    """What the record cost, summed over all requests.

    ``cost`` is in US dollars; None where the price of any request is not known, and 0 for the embedded model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    requests: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0
    cost: Decimal | None = None

    def __add__(self, other: Usage) -> Usage:
        # A sum that leaves a request out would look like what all of them cost.
        costs = [usage.cost for usage in (self, other) if usage.requests or usage.cost is not None]
        known = [cost for cost in costs if cost is not None]
        return Usage(
            requests=self.requests + other.requests,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
            cost=sum(known, Decimal(0)) if known and len(known) == len(costs) else None,
        )


class Certainty(BaseModel):
    """How sure the record is of one fact.

    ``field`` is its path in the record (``amount``, ``people[0].to_role``); a path has the parts of a figure
    with it (``amount.qualifier``). ``value``, from 0 to 1, is the share of facts that are right among those
    with these ``grounds``: in words, first how it was found. ``summarizer.certainty`` has all of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    value: float = Field(ge=0, le=1)
    grounds: tuple[str, ...] = ()

    def under(self, path: str) -> bool:
        """Whether the fact is the one at ``path``, or a part of it."""
        return self.field == path or self.field.startswith((f"{path}.", f"{path}["))


class Record(BaseModel):
    """What every record carries beside its facts. A schema need not name it: it is added where absent.

    ``evidence`` has the spans of facts that have no place for their own, by path (``status``,
    ``tenants[0].name``).
    """

    model_config = ConfigDict(frozen=True)

    evidence: dict[str, Evidence] = {}
    findings: tuple[Finding, ...] = ()
    certainty: tuple[Certainty, ...] = ()
    source: SourceInfo | None = None
    provenance: Provenance | None = None
    usage: Usage = Usage()


RECORD_FIELDS = frozenset(Record.model_fields)


@lru_cache(maxsize=64)
def record_type(schema: type[BaseModel]) -> type[BaseModel]:
    """Return the type of the records of a schema: itself, or the schema with the fields of ``Record`` added."""
    if issubclass(schema, Record):
        return schema
    return create_model(
        schema.__name__, __base__=(Record, schema), __doc__=schema.__doc__, __module__=schema.__module__
    )
