"""A dossier as something to show: facts with their consensus, and each source's claim with its sentences.

All strings are on one line and free of control characters; escaping is left to the renderer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from summarizer.dossiers.model import (
    Consensus,
    DealDossier,
    DossierFinding,
    DossierSource,
    Reconciled,
    Relation,
)
from summarizer.findings import Span
from summarizer.records.deal import EarlierDeal, Person
from summarizer.records.values import FigureValue, Phrase
from summarizer.render.quoting import Quote, quotes_of
from summarizer.render.safe import one_line, shortened
from summarizer.render.wording import count, detail, figure, spaced

NO_DEAL = "None of these sources reports a corporate deal."
RELATIONS = {
    Relation.SAME: "",
    Relation.ROUNDING: "agrees, rounded",
    Relation.COMPATIBLE: "compatible",
    Relation.SUPERSEDED: "superseded",
    Relation.NOT_COMPARABLE: "not comparable",
    Relation.CONFLICT: "conflicts",
}
_TERMS = ("deal_type", "status", "announced_on", "amount", "stake", "valuation", "consideration")
_LABELS = {"deal_type": "type", "announced_on": "announced", "consideration": "paid in"}
_LISTS = ("use_of_proceeds", "rationale", "concerns", "conditions")
_LONGEST = 400  # characters of one quoted sentence


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A sentence that states a claim; ``number`` of the quote is its source, ``start`` its place there."""

    quote: Quote
    start: int


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """What one source says; ``source`` is its number, from 1."""

    source: int
    words: str
    relation: Relation
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact in words. ``note`` is what the code makes of the words, ``credits`` who states a part of it."""

    label: str
    value: str
    note: str
    sources: tuple[int, ...]
    credits: tuple[str, ...]
    claims: tuple[ShownClaim, ...]

    @property
    def disputed(self) -> bool:
        """Whether a claim does not agree with the consensus."""
        return any(claim.relation is Relation.CONFLICT for claim in self.claims)


@dataclass(frozen=True, slots=True)
class ShownSection:
    """Facts under one title. ``listed`` facts are items without labels."""

    title: str
    facts: tuple[ShownFact, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class ShownSide:
    """One side of a finding: a value, the numbers of its sources, and their sentences."""

    value: str
    sources: tuple[int, ...]
    quotes: tuple[ShownQuote, ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words, with its sides where it has several."""

    code: str
    field: str
    message: str
    sides: tuple[ShownSide, ...]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source: its number, its name, and its title, outlet and date in one line."""

    number: int
    name: str
    title: str
    sha256: str


@dataclass(frozen=True, slots=True)
class DossierView:
    """All that a renderer shows of a dossier, in order."""

    title: str
    summary: str
    verdict: str
    sections: tuple[ShownSection, ...]
    conflicts: tuple[ShownFinding, ...]
    findings: tuple[ShownFinding, ...]
    sources: tuple[ShownSource, ...]


def view_of(dossier: DealDossier) -> DossierView:
    """Arrange a dossier."""
    numbers = {source.id: number for number, source in enumerate(dossier.sources, 1)}
    shown = [_finding(finding, numbers) for finding in dossier.findings]
    conflicts = tuple(finding for finding in shown if finding.code == "conflict")
    total = count(len(dossier.sources), "source")
    return DossierView(
        title=one_line(dossier.title) or "Dossier",
        summary=f"{total}, {count(len(conflicts), 'conflict')}",
        verdict="" if dossier.is_deal else NO_DEAL,
        sections=tuple(section for section in _sections(dossier, numbers) if section.facts),
        conflicts=conflicts,
        findings=tuple(finding for finding in shown if finding.code != "conflict"),
        sources=tuple(
            ShownSource(numbers[source.id], one_line(source.id), _about(source), source.sha256 or "")
            for source in dossier.sources
        ),
    )


def _about(source: DossierSource) -> str:
    """Title, outlet and date of a source, as far as they are known."""
    return ", ".join(one_line(part) for part in (source.title, source.outlet, source.published) if part)


def words_of(value: Any) -> tuple[str, str]:
    """Return a value in words, and what the code makes of it (or nothing)."""
    if isinstance(value, FigureValue):
        return figure(value)
    if isinstance(value, Person):
        parts = [spaced(value.change.value)]
        parts += [f"from {one_line(value.from_role)}"] if value.from_role else []
        parts += [f"to {one_line(value.to_role)}"] if value.to_role else []
        return " ".join(parts), ""
    if isinstance(value, EarlierDeal):
        figures = [
            f"{name} {detail(getattr(value, name))}"
            for name in ("amount", "valuation")
            if getattr(value, name)
        ]
        return one_line(value.description), ", ".join([*([str(value.year)] if value.year else []), *figures])
    return detail(value), ""


def _sections(dossier: DealDossier, numbers: dict[str, int]) -> Iterator[ShownSection]:
    terms = [
        _fact(_LABELS.get(name, name), fact, numbers)
        for name in _TERMS
        if (fact := getattr(dossier, name)) is not None
    ]
    yield ShownSection("Terms", tuple(terms))
    yield ShownSection(
        "Parties",
        tuple(
            _named(party.name, party.aliases, role, numbers)
            for party in dossier.parties
            for role in party.roles
        ),
    )
    yield ShownSection(
        "People",
        tuple(
            _named(person.name, person.aliases, change, numbers)
            for person in dossier.people
            for change in person.changes
        ),
    )
    for name in (*_LISTS, "earlier_deals"):
        facts = tuple(_fact("", item, numbers) for item in getattr(dossier, name))
        yield ShownSection(spaced(name).capitalize(), facts, listed=True)


def _named(name: str, aliases: Sequence[str], fact: Reconciled[Any], numbers: dict[str, int]) -> ShownFact:
    shown = _fact(one_line(name), fact, numbers, (name, *aliases))
    also = ", ".join(map(one_line, aliases))
    credits = (*shown.credits, f"also called {also}") if also else shown.credits
    return ShownFact(shown.label, shown.value, shown.note, shown.sources, credits, shown.claims)


def _fact(label: str, fact: Reconciled[Any], numbers: dict[str, int], forms: Sequence[str] = ()) -> ShownFact:
    consensus = fact.consensus
    words, note = words_of(consensus.value)
    return ShownFact(
        label=spaced(label),
        value=words,
        note=note,
        sources=tuple(sorted(numbers[source] for source in consensus.sources)),
        credits=_credits(consensus),
        claims=tuple(
            ShownClaim(
                source=numbers[claim.source],
                words=words_of(claim.value)[0],
                relation=claim.relation,
                quotes=_quotes(claim.value, claim.evidence, numbers[claim.source], forms),
            )
            for claim in fact.claims
        ),
    )


def _credits(consensus: Consensus[Any]) -> tuple[str, ...]:
    """Who states a part of a figure that others leave out; of people and lists, each claim shows it."""
    if not isinstance(consensus.value, FigureValue):
        return ()
    return tuple(
        f"{spaced(part)} stated by {', '.join(map(one_line, sources))}"
        for part, sources in consensus.details.items()
    )


def _quotes(
    value: Any, evidence: tuple[Span, ...], source: int, forms: Sequence[str] = ()
) -> tuple[ShownQuote, ...]:
    """The sentences that show the value, with its words marked; the first one where none does."""
    used = [form for form in forms if any(form in span.text for span in evidence)]
    needle = value if isinstance(value, BaseModel) else Phrase(text=max(used, key=len, default=""))
    cited = needle.model_copy(update={"evidence": evidence})
    numbers = {(span.start, span.end, span.text): index for index, span in enumerate(evidence)}
    if not numbers:
        return ()
    quotes, _ = quotes_of(cited, numbers)
    return tuple(
        ShownQuote(
            Quote(source, shortened(quote.text, _LONGEST), _fitting(quote)), evidence[quote.number].start
        )
        for quote in quotes
    )


def _fitting(quote: Quote) -> tuple[tuple[int, int], ...]:
    length = len(shortened(quote.text, _LONGEST)) - 2 if len(quote.text) > _LONGEST else len(quote.text)
    return tuple((start, end) for start, end in quote.marks if end <= length)


def _finding(finding: DossierFinding, numbers: dict[str, int]) -> ShownFinding:
    sides = tuple(
        ShownSide(
            value=one_line(side.value),
            sources=tuple(sorted(numbers[source] for source in side.sources)),
            quotes=tuple(
                ShownQuote(
                    Quote(numbers[passage.source], shortened(one_line(passage.text), _LONGEST), ()),
                    passage.start,
                )
                for passage in finding.evidence
                if passage.source in side.sources
            ),
        )
        for side in finding.sides
    )
    return ShownFinding(finding.code, one_line(finding.field), one_line(finding.message), sides)
