"""The format-independent view of a record: sections of facts, each with its quotations.

It depends only on the types of the values, so it works for any schema; ``DealSummary`` has its own sections
and labels. All strings of a view are on one line and free of control characters. Renderers escape them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from summarizer.certainty import DOUBTFUL
from summarizer.findings import Finding
from summarizer.records.deal import DealFacts, Person
from summarizer.records.values import RECORD_FIELDS, Certainty, Choice, FigureValue, Name, Phrase
from summarizer.render.quoting import Numbers, Quote, numbered, quotes_of
from summarizer.render.safe import address, one_line, shortened
from summarizer.render.wording import count, detail, figure, spaced

NO_DEAL = "No corporate deal was found in this text."
NOTHING = "None of the requested facts was found in this text."
NOT_QUOTED = "Headline and summary are generated; the facts below are quoted."
ALL_CLEAR = "No findings."

_LONGEST = 600  # maximum characters of a source
_CENT_PARTS = Decimal("0.000001")  # the precision of a cost
_JUDGED = "inferred from the text"
_WRITTEN = "generated, not quoted"

_DEAL_SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Parties", ("parties",)),
    ("Terms", ("deal_type", "status", "announced_on", "amount", "stake", "valuation", "consideration")),
    ("People", ("people",)),
    ("Use of proceeds", ("use_of_proceeds",)),
    ("Rationale", ("rationale",)),
    ("Concerns", ("concerns",)),
    ("Conditions", ("conditions",)),
    ("Earlier deals", ("earlier_deals",)),
)
_DEAL_LABELS = {"deal_type": "type", "announced_on": "announced", "consideration": "paid in"}
_DEAL_PROSE = frozenset({"is_deal", "headline", "narrative"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as text.

    ``note`` is the parsed value (an amount in full), ``details`` are the other parts of an item. ``quotes``
    support the fact; ``also`` has the numbers of further places that do. ``verbatim``: the value is itself a
    quotation. ``doubt`` is the certainty of a doubtful fact, else empty.
    """

    label: str
    value: str
    note: str = ""
    details: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    also: tuple[int, ...] = ()
    verbatim: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under a title."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A finding as text; ``about`` is its code and the path of its field."""

    message: str
    about: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A cited place: characters ``start`` to ``end`` of the source."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a renderer shows, in order; parts that do not apply are empty.

    ``verdict`` is shown if there are no facts, ``missing`` names the fields that were not found.
    """

    origin: str
    headline: str
    narrative: str
    verdict: str
    sections: tuple[Section, ...]
    missing: tuple[str, ...]
    checks: tuple[Check, ...]
    sources: tuple[Source, ...]
    footer: tuple[str, ...]


def view_of(record: BaseModel) -> View:
    """Return the view of a record of any schema."""
    deal = isinstance(record, DealFacts)
    numbers = numbered(record)
    sections = tuple(_sections(record, numbers, deal=deal))
    verdict = NO_DEAL if isinstance(record, DealFacts) and not record.is_deal else "" if sections else NOTHING
    findings: tuple[Finding, ...] = getattr(record, "findings", ())
    return View(
        origin=_origin(record),
        headline=one_line(getattr(record, "headline", None) or "") if deal else "",
        narrative=one_line(getattr(record, "narrative", None) or "") if deal else "",
        verdict=verdict,
        sections=sections,
        missing=() if verdict else tuple(_missing(record, deal=deal)),
        checks=tuple(_check(finding, numbers) for finding in findings),
        sources=tuple(
            Source(number, start, end, shortened(one_line(text), _LONGEST))
            for (start, end, text), number in numbers.items()
        ),
        footer=tuple(_footer(record, len(numbers))),
    )


def _sections(record: BaseModel, numbers: Numbers, *, deal: bool) -> Iterator[Section]:
    """Yield the sections that have facts: those of a deal, then the other fields, lists of items last."""
    arranged = _DEAL_SECTIONS if deal else ()
    placed = RECORD_FIELDS.union(*(names for _, names in arranged), _DEAL_PROSE if deal else ())
    rest = [name for name in type(record).model_fields if name not in placed]
    items = [name for name in rest if _has_items(getattr(record, name))]
    plain = tuple(name for name in rest if name not in items)
    listed = [(spaced(name).capitalize(), (name,)) for name in items]
    for title, names in (*arranged, ("Facts", plain), *listed):
        facts: list[Fact] = []
        for name in names:
            titled = len(names) == 1 and names != plain  # the title names the field
            label = "" if titled else _DEAL_LABELS[name] if deal and name in _DEAL_LABELS else spaced(name)
            facts += _facts(label, record, name, numbers)
        if facts:
            yield Section(title, tuple(facts))


def _has_items(value: Any) -> bool:
    return isinstance(value, (tuple, list)) and any(
        isinstance(part, BaseModel) and not isinstance(part, (FigureValue, Name, Phrase)) for part in value
    )


def _facts(label: str, record: BaseModel, name: str, numbers: Numbers) -> Iterator[Fact]:
    """Yield the facts of a field; in a list, only the first has the label."""
    value = getattr(record, name)
    many = isinstance(value, (tuple, list))
    known: Sequence[Certainty] = getattr(record, "certainty", ())
    for index, part in enumerate(value if many else (value,)):
        if part is not None:
            doubt = _doubt(f"{name}[{index}]" if many else name, known)
            yield replace(_fact(label, part, numbers), doubt=doubt)
            label = ""


def _doubt(path: str, known: Sequence[Certainty]) -> str:
    """Return the certainty of the least certain part of a fact, and its name if others are certain; else nothing."""
    parts = {each.field.removeprefix(path).lstrip("."): each.value for each in known if each.under(path)}
    least = min(parts, key=parts.__getitem__, default="")
    if not parts or parts[least] >= DOUBTFUL:
        return ""
    alike = all(value < DOUBTFUL for value in parts.values())
    return f"{parts[least]:.0%} sure" if alike else f"{spaced(least)} {parts[least]:.0%} sure"


def _fact(label: str, value: Any, numbers: Numbers) -> Fact:
    if isinstance(value, (Choice, bool)):
        return Fact(label, detail(value), _JUDGED)
    if not isinstance(value, BaseModel):
        return Fact(label, one_line(str(value)), _WRITTEN)
    if isinstance(value, FigureValue):
        fact = Fact(label, *figure(value))
    elif isinstance(value, (Phrase, Name)):
        fact = Fact(label, one_line(value.text), verbatim=True)
    elif isinstance(value, Person):
        fact = _person(value)
    else:
        fact = _item(label, value)
    quotes, also = quotes_of(value, numbers)
    if fact.verbatim and all(len(fact.value) > 0.8 * len(quote.text) for quote in quotes):
        # The quotations would only repeat the value, so their numbers are enough.
        also = tuple(sorted({*also, *(quote.number for quote in quotes)}))
        quotes = ()
    return replace(fact, quotes=quotes, also=also)


def _person(person: Person) -> Fact:
    roles = " → ".join(one_line(role) for role in (person.from_role, person.to_role) if role)
    return Fact(detail(person.change), one_line(person.name) + (f": {roles}" if roles else ""))


def _item(label: str, item: BaseModel) -> Fact:
    """Return an item as its first text, labelled by its first choice, with the rest as details."""
    words, details = "", []
    for name in type(item).model_fields:
        value = getattr(item, name)
        if name == "evidence" or value is None or value == ():
            continue
        if isinstance(value, Choice) and not label:
            label = detail(value)
        elif isinstance(value, str) and not isinstance(value, Choice) and not words:
            words = one_line(value)
        else:
            details.append(f"{spaced(name)}: {detail(value)}")
    return Fact(label, words, details=tuple(details), verbatim=True)


def _missing(record: BaseModel, *, deal: bool) -> Iterator[str]:
    untold = RECORD_FIELDS.union(_DEAL_PROSE if deal else ())
    for name in type(record).model_fields:
        if name not in untold and getattr(record, name) in (None, (), []):
            yield spaced(name)


def _check(finding: Finding, numbers: Numbers) -> Check:
    about = one_line(f"{finding.code}: {finding.field}" if finding.field else finding.code)
    cited = {numbers[span.start, span.end, span.text] for span in finding.evidence}
    return Check(one_line(finding.message), about, tuple(sorted(cited)))


def _origin(record: BaseModel) -> str:
    source = getattr(record, "source", None)
    if source is None:
        return ""
    size = f"{source.characters:,} characters, {count(source.sentences, 'sentence')}"
    return f"{one_line(source.id)} · {size}" if source.id else size


def _footer(record: BaseModel, cited: int) -> Iterator[str]:
    provenance, usage = getattr(record, "provenance", None), getattr(record, "usage", None)
    if provenance is not None:
        embedded = provenance.endpoint.startswith("embedded:")
        where = "embedded" if embedded else f"at {one_line(address(provenance.endpoint))}"
        yield f"model {one_line(provenance.model)}, {where}"
    if usage is not None and usage.requests:
        cached = f" ({usage.cached_tokens:,} cached)" if usage.cached_tokens else ""
        yield count(usage.requests, "request")
        yield f"{usage.prompt_tokens:,} tokens read{cached}, {usage.completion_tokens:,} written"
        if usage.cost:  # the embedded model is free
            yield f"US$ {max(usage.cost, _CENT_PARTS).quantize(_CENT_PARTS).normalize():f}"
    if usage is not None and usage.seconds:
        yield f"{usage.seconds:.1f} s"
    if cited:
        yield count(cited, "place") + " cited"
    if provenance is not None:
        yield f"deal-summarizer {one_line(provenance.package_version)}, plan {one_line(provenance.plan)}"
