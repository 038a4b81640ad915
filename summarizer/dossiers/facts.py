"""One fact from several sources: the consensus, each claim's relation to it, and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from summarizer.dossiers.model import (
    AGREE,
    Claim,
    Consensus,
    DossierFinding,
    Passage,
    Reconciled,
    Relation,
    Side,
)
from summarizer.dossiers.sources import Reading
from summarizer.findings import Span

T = TypeVar("T")


@dataclass(frozen=True)
class Said(Generic[T]):
    """What one reading states of a fact; ``value`` has no evidence of its own."""

    reading: Reading
    value: T
    evidence: tuple[Span, ...] = ()


@dataclass
class Option(Generic[T]):
    """A value, and all who state it."""

    value: T
    said: list[Said[T]] = field(default_factory=list)

    @property
    def origins(self) -> frozenset[str]:
        """The different texts behind it."""
        return frozenset(one.reading.origin for one in self.said)

    @property
    def sources(self) -> tuple[str, ...]:
        """The sources that state it, by name."""
        return tuple(sorted({one.reading.source for one in self.said}))

    @property
    def published(self) -> str:
        """When the latest of these sources was published; empty where none says it."""
        return max((one.reading.about.published or "" for one in self.said), default="")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How the claims of one kind of fact are compared, chosen and worded.

    - ``compare`` tells how two values relate; symmetric.
    - ``rank`` is a sort key, higher for values that say more.
    - ``supersedes``: whether the first option's sources state the second's value too, and report their own as current.
    - ``details``: parts of a value that a source may leave out; each gives None where it does. Sources that state
      different details contradict each other.
    - ``wordings``: the same for parts in free words, which are never a contradiction.
    - ``first``: the rank counts for more than the number of sources, as for the stage that a deal has reached.
    """

    compare: Callable[[T, T], Relation]
    rank: Callable[[T], Any]
    words: Callable[[T], str]
    supersedes: Callable[[Option[T], Option[T]], bool] = lambda _new, _old: False
    details: Mapping[str, Callable[[T], Any]] = field(default_factory=dict)
    wordings: Mapping[str, Callable[[T], Any]] = field(default_factory=dict)
    first: bool = False


def bare(value: T) -> T:
    """The value without its evidence, so that equal claims are equal."""
    if isinstance(value, BaseModel) and getattr(value, "evidence", None):
        return value.model_copy(update={"evidence": ()})
    return value


def options_of(said: Iterable[Said[T]], words: Callable[[T], str]) -> list[Option[T]]:
    """Put equal values together, in the order of their words."""
    options: dict[Any, Option[T]] = {}
    for one in said:
        options.setdefault(one.value, Option(one.value)).said.append(one)
    return sorted(options.values(), key=lambda option: (words(option.value), repr(option.value)))


def reconcile_fact(
    name: str, said: Sequence[Said[T]], kind: Kind[T]
) -> tuple[Reconciled[T] | None, list[DossierFinding]]:
    """Reconcile what the sources state of one fact; ``name`` is its path in the dossier."""
    if not said:
        return None, []
    options = options_of(said, kind.words)
    relations = {
        (a, b): kind.compare(options[a].value, options[b].value)
        for a, b in combinations(range(len(options)), 2)
    }
    old = _superseded(options, relations, kind)
    best = _best(options, relations, old, kind)

    def relation(index: int) -> Relation:
        if index == best:
            return Relation.SAME
        found = relations[min(index, best), max(index, best)]
        return Relation.SUPERSEDED if index in old and found is Relation.CONFLICT else found

    related = {index: relation(index) for index in range(len(options))}
    supporters = [options[index] for index, found in related.items() if found in AGREE]
    reconciled: Reconciled[T] = Reconciled(
        consensus=_consensus(options[best].value, supporters, kind),
        claims=_claims(options, related),
    )
    findings = [
        *_conflicts(name, options, relations, old, kind),
        *_others(name, options, related, best, kind),
        *_detail_conflicts(name, supporters, kind),
    ]
    return reconciled, findings


def _superseded(
    options: Sequence[Option[T]], relations: Mapping[tuple[int, int], Relation], kind: Kind[T]
) -> frozenset[int]:
    """The options that another one replaces. Where each replaces the other, the one that was published later stays."""
    old = set()
    for (a, b), relation in relations.items():
        if relation is not Relation.CONFLICT:
            continue
        forth = kind.supersedes(options[a], options[b])
        back = kind.supersedes(options[b], options[a])
        if forth and back:
            forth, back = _is_later(options[a], options[b]), _is_later(options[b], options[a])
        if forth is not back:
            old.add(b if forth else a)
    return frozenset(old)


def _is_later(a: Option[T], b: Option[T]) -> bool:
    """Whether the first was published after the second, at the coarser precision of both dates."""
    length = min(len(a.published), len(b.published))
    return a.published[:length] > b.published[:length]


def _best(
    options: Sequence[Option[T]],
    relations: Mapping[tuple[int, int], Relation],
    old: frozenset[int],
    kind: Kind[T],
) -> int:
    """The option with the most support; of equals the most specific one, then the first by its words."""

    def support(index: int) -> int:
        origins = set(options[index].origins)
        for (a, b), relation in relations.items():
            if index in (a, b) and relation in AGREE:
                origins |= options[b if index == a else a].origins
        return len(origins)

    def key(index: int) -> tuple[Any, ...]:
        rank = kind.rank(options[index].value)
        weight = (rank, support(index)) if kind.first else (support(index), rank)
        return (*weight, len(options[index].origins), -index)

    current = [index for index in range(len(options)) if index not in old]
    return max(current or range(len(options)), key=key)


def _consensus(value: T, supporters: Sequence[Option[T]], kind: Kind[T]) -> Consensus[T]:
    credits: dict[str, tuple[str, ...]] = {}
    sources = sorted({source for option in supporters for source in option.sources})
    for part, read in (*kind.details.items(), *kind.wordings.items()):
        stated = [option for option in supporters if read(option.value) is not None]
        if not stated:
            continue
        own = read(value)
        if own is None:
            own = max(stated, key=lambda option: (len(option.origins), str(read(option.value))))
            own = read(own.value)
            value = value.model_copy(update={part: own})  # type: ignore[attr-defined]
        free = part in kind.wordings
        agreeing = sorted(
            {source for option in stated if free or read(option.value) == own for source in option.sources}
        )
        if agreeing != sources:
            credits[part] = tuple(agreeing)
    return Consensus(
        value=value,
        sources=tuple(sources),
        evidence=passages(one for option in supporters for one in option.said),
        details=credits,
    )


def passages(said: Iterable[Said[Any]]) -> tuple[Passage, ...]:
    """The evidence of several claims, each place once, in the order of the sources."""
    found = {
        (passage.source, passage.start, passage.end): passage
        for one in said
        for passage in one.reading.passages(one.evidence)
    }
    return tuple(found[key] for key in sorted(found))


def _claims(options: Sequence[Option[T]], related: Mapping[int, Relation]) -> tuple[Claim[T], ...]:
    claims: list[Claim[T]] = [
        Claim(value=one.value, source=one.reading.source, evidence=one.evidence, relation=related[index])
        for index, option in enumerate(options)
        for one in option.said
    ]
    return tuple(sorted(claims, key=lambda claim: claim.source))


def side(option: Option[T], kind: Kind[T]) -> Side:
    """An option as a side of a finding."""
    return Side(value=kind.words(option.value), sources=option.sources)


def finding(
    code: str, name: str, message: str, options: Sequence[Option[T]], kind: Kind[T]
) -> DossierFinding:
    """Build a finding about several values of one fact."""
    return DossierFinding(
        code=code,
        field=name,
        message=message,
        sides=tuple(side(option, kind) for option in options),
        evidence=passages(one for option in options for one in option.said),
    )


def told(options: Sequence[Option[T]], kind: Kind[T]) -> str:
    """Values with their sources: ``"$14.3 billion" (a.txt) and "about $15 billion" (b.txt)``."""
    parts = [f"“{kind.words(option.value)}” ({', '.join(option.sources)})" for option in options]
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _conflicts(
    name: str,
    options: Sequence[Option[T]],
    relations: Mapping[tuple[int, int], Relation],
    old: frozenset[int],
    kind: Kind[T],
) -> Iterable[DossierFinding]:
    """One finding with every value that contradicts another one, apart from those that were superseded."""
    against = {
        index
        for pair, relation in relations.items()
        if relation is Relation.CONFLICT and not old & set(pair)
        for index in pair
    }
    if against:
        sides = [options[index] for index in sorted(against)]
        yield finding(
            "conflict", name, f"The sources contradict each other: {told(sides, kind)}.", sides, kind
        )


def _others(
    name: str, options: Sequence[Option[T]], related: Mapping[int, Relation], best: int, kind: Kind[T]
) -> Iterable[DossierFinding]:
    """Say which values were replaced, and which cannot be compared with the consensus."""
    for code, relation, words in (
        ("superseded", Relation.SUPERSEDED, "took the place of"),
        ("not_comparable", Relation.NOT_COMPARABLE, "cannot be compared with"),
    ):
        apart = [options[index] for index, found in related.items() if found is relation]
        if apart:
            message = f"{told([options[best]], kind)} {words} {told(apart, kind)}."
            yield finding(code, name, message, [options[best], *apart], kind)


def _detail_conflicts(name: str, supporters: Sequence[Option[T]], kind: Kind[T]) -> Iterable[DossierFinding]:
    """A detail that the sources of one value state differently: post-money and pre-money."""
    for part, read in kind.details.items():
        stated = [option for option in supporters if read(option.value) is not None]
        if len({read(option.value) for option in stated}) > 1:
            message = f"The sources differ in the {part}: {told(stated, kind)}."
            yield finding("conflict", f"{name}.{part}", message, stated, kind)
