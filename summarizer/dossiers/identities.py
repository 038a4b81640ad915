"""Which names of several records are of one company or person: optimal assignment, record by record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from summarizer.dossiers.assignment import assign
from summarizer.dossiers.naming import ALIAS, EXACT, Key

T = TypeVar("T")

Match = Callable[[Key, Key], float]

_SAME_PART = 0.04  # for names that match alike, the one with the same part in the deal
_LEAST = 0.75


@dataclass(frozen=True)
class Entry(Generic[T]):
    """One name in one record, with the items under it: a party's roles, a person's changes.

    ``forms`` holds the name and its aliases as written; ``parts`` what its bearer does, as words.
    """

    record: int
    key: Key
    alias_keys: frozenset[Key]
    forms: tuple[str, ...]
    parts: frozenset[str]
    items: tuple[T, ...] = ()


@dataclass
class Identity(Generic[T]):
    """The entries that are of one company or person."""

    entries: list[Entry[T]] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    alias_keys: set[Key] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)

    def add(self, entry: Entry[T]) -> None:
        """Take an entry in."""
        self.entries.append(entry)
        self.keys.add(entry.key)
        self.alias_keys |= entry.alias_keys
        self.parts |= entry.parts


@dataclass(frozen=True)
class Ambiguous:
    """A name that fits several identities equally well, so that it was joined with none."""

    name: str
    record: int
    candidates: tuple[str, ...]


def identify(
    entries: Iterable[Entry[T]], match: Match, *, same_part: bool
) -> tuple[list[Identity[T]], list[Ambiguous]]:
    """Put the entries of all records under identities; two entries of one record are never the same.

    ``same_part``: names of which one is a part of the other match only where both have the same part in the
    deal.
    """
    rows: dict[int, list[Entry[T]]] = {}
    for entry in entries:
        rows.setdefault(entry.record, []).append(entry)
    identities: list[Identity[T]] = []
    ambiguous: list[Ambiguous] = []
    # Fuller names first: a short one then meets every name that it may stand for.
    for _, row in sorted(rows.items(), key=lambda pair: (-max(len(e.key) for e in pair[1]), pair[0])):
        scores = [
            [_score(entry, identity, match, same_part=same_part) for identity in identities] for entry in row
        ]
        for index, entry in enumerate(row):
            if rivals := _tied(scores[index], [line for at, line in enumerate(scores) if at != index]):
                names = tuple(sorted(identities[at].entries[0].forms[0] for at in rivals))
                ambiguous.append(Ambiguous(entry.forms[0], entry.record, names))
                scores[index] = [0.0] * len(identities)
        chosen = assign(scores)
        for index, entry in enumerate(row):
            if index not in chosen:
                identities.append(Identity())
            identities[chosen.get(index, -1)].add(entry)
    return identities, ambiguous


def _tied(scores: Sequence[float], others: Sequence[Sequence[float]]) -> list[int]:
    """The identities that share the best score below an exact match, where no other name of the record is one of them."""
    best = max(scores, default=0.0)
    if not 0 < best < EXACT:
        return []
    rivals = [at for at, score in enumerate(scores) if score == best]
    rivals = [at for at in rivals if not any(line[at] >= ALIAS for line in others)]
    return rivals if len(rivals) > 1 else []


def _score(entry: Entry[T], identity: Identity[T], match: Match, *, same_part: bool) -> float:
    if any(known.record == entry.record for known in identity.entries):
        return 0.0
    alike = bool(entry.parts & identity.parts)
    best = _name_score(entry, identity, match)
    if best < ALIAS and same_part and not alike:
        return 0.0
    return best + (_SAME_PART if alike else 0.0) if best >= _LEAST else 0.0


def _name_score(entry: Entry[T], identity: Identity[T], match: Match) -> float:
    if entry.key in identity.keys:
        return EXACT
    if entry.key in identity.alias_keys:
        return ALIAS
    scores = [match(entry.key, key) for key in identity.keys]
    if shared := entry.alias_keys & identity.keys:
        # "Alder" may be short for Alder Foods and for Alder Field, which are two all the same.
        other = [key for key, score in zip(identity.keys, scores, strict=True) if not score]
        rivals = any(match(short, key) for short in shared for key in other if key not in shared)
        return 0.0 if rivals and any(match(short, entry.key) for short in shared) else ALIAS
    return max(scores) if min(scores) >= _LEAST else 0.0  # it has to fit each of the names
