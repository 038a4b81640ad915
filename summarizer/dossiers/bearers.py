"""Parties and people: one entry for each, under one name, with what each source says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeVar

from rapidfuzz import fuzz

from summarizer.dossiers.assignment import assign
from summarizer.dossiers.facts import Kind, Said, bare, reconcile_fact
from summarizer.dossiers.identities import Ambiguous, Entry, Identity, Match, identify
from summarizer.dossiers.model import (
    DossierFinding,
    DossierParty,
    DossierPerson,
    Reconciled,
    Relation,
    Side,
)
from summarizer.dossiers.naming import Key, companies_match, company_key, people_match, person_key
from summarizer.dossiers.scalars import CHOICE
from summarizer.dossiers.sources import Reading
from summarizer.records.deal import Party, Person
from summarizer.records.deal_terms import PersonChange

T = TypeVar("T")
Bearer = TypeVar("Bearer", Party, Person)

_BOARD = frozenset({PersonChange.JOINS_BOARD, PersonChange.STAYS})
_ROLES_ALIKE = 60  # of 100, for two wordings of one job


def reconcile_parties(
    readings: Sequence[Reading],
) -> tuple[tuple[DossierParty, ...], list[DossierFinding]]:
    """Align the parties of all records."""
    entries = _entries(readings, lambda record: record.parties, company_key, lambda party: party.role.value)
    identities, ambiguous = identify(entries, companies_match, same_part=True)
    parties, findings = [], _ambiguities("parties", readings, ambiguous)
    for identity in identities:
        name = _most_used(identity)
        said = {
            entry.record: [
                Said(readings[entry.record], party.role, tuple(party.evidence)) for party in entry.items
            ]
            for entry in identity.entries
        }
        roles, found = _slots(
            f"parties[{name}].role", said, lambda _: CHOICE, lambda a, b: float(a.value is b.value)
        )
        sources = _sources(readings, identity)
        parties.append(
            DossierParty(name=name, aliases=_aliases(identity, name), sources=sources, roles=roles)
        )
        findings += found
    order = {"acquirer": 0, "target": 1, "seller": 2, "partner": 3, "adviser": 4, "other": 5}
    parties.sort(key=lambda p: (order[p.roles[0].consensus.value.value], -len(p.sources), p.name))
    return tuple(parties), findings


def reconcile_people(readings: Sequence[Reading]) -> tuple[tuple[DossierPerson, ...], list[DossierFinding]]:
    """Align the people of all records, and the changes of each."""
    entries = _entries(
        readings, lambda record: record.people, person_key, lambda person: person.change.value, people_match
    )
    identities, ambiguous = identify(entries, people_match, same_part=False)
    people, findings = [], _ambiguities("people", readings, ambiguous)
    for identity in identities:
        name = _fullest(identity)
        said = {
            entry.record: [
                Said(readings[entry.record], bare(person).model_copy(update={"name": name}), person.evidence)
                for person in entry.items
            ]
            for entry in identity.entries
        }
        changes, found = _slots(f"people[{name}]", said, _person_kind, _same_change)
        sources = _sources(readings, identity)
        people.append(
            DossierPerson(name=name, aliases=_aliases(identity, name), sources=sources, changes=changes)
        )
        findings += found
    people.sort(key=lambda person: (-len(person.sources), person.name))
    return tuple(people), findings


def _entries(
    readings: Sequence[Reading],
    listed: Callable[[Any], Iterable[Bearer]],
    key: Callable[[str], Key],
    part: Callable[[Bearer], str],
    short: Match | None = None,
) -> list[Entry[Bearer]]:
    """One entry for each name of each record, with all items under it.

    ``short`` tells whether one name of a record may be the short form of another.
    """
    entries: list[Entry[Bearer]] = []
    for index, reading in enumerate(readings):
        named: dict[Key, list[Bearer]] = {}
        for item in listed(reading.record):
            named.setdefault(key(item.name), []).append(item)
        if short:
            _join_short(named, short)
        for name in named:
            items: list[Bearer] = named[name]
            aliases: list[str] = [alias for item in items for alias in getattr(item, "aliases", ())]
            entries.append(
                Entry(
                    record=index,
                    key=name,
                    alias_keys=frozenset(map(key, aliases)) - {name},
                    forms=tuple(dict.fromkeys([*(item.name for item in items), *aliases])),
                    parts=frozenset(map(part, items)),
                    items=tuple(items),
                )
            )
    return entries


def _join_short(named: dict[Key, list[Bearer]], match: Match) -> None:
    """Put what a record says of "Castellan" under "Mira Castellan", unless two of its names end so."""
    for name in sorted(named, key=len):
        fuller = [other for other in named if len(other) > len(name) and match(name, other)]
        if len(fuller) == 1:
            named[fuller[0]] += named.pop(name)


def _sources(readings: Sequence[Reading], identity: Identity[Any]) -> tuple[str, ...]:
    return tuple(sorted({readings[entry.record].source for entry in identity.entries}))


def _most_used(identity: Identity[Any]) -> str:
    used = Counter(entry.forms[0] for entry in identity.entries)
    return max(used, key=lambda form: (used[form], len(form), form))


def _fullest(identity: Identity[Any]) -> str:
    """The name with the most words; of several spellings the one most used."""
    used: Counter[str] = Counter(item.name for entry in identity.entries for item in entry.items)
    return max(used, key=lambda form: (len(form.split()), len(form), used[form], form))


def _aliases(identity: Identity[Any], name: str) -> tuple[str, ...]:
    forms = set(chain.from_iterable(entry.forms for entry in identity.entries)) - {name}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _ambiguities(
    field: str, readings: Sequence[Reading], ambiguous: Iterable[Ambiguous]
) -> list[DossierFinding]:
    return [
        DossierFinding(
            code="ambiguous_name",
            field=field,
            message=f"“{one.name}” ({readings[one.record].source}) may be {' or '.join(one.candidates)}, "
            "so it has an entry of its own.",
            sides=(Side(value=one.name, sources=(readings[one.record].source,)),),
        )
        for one in ambiguous
    ]


def _slots(
    name: str,
    said: dict[int, list[Said[T]]],
    kind_of: Callable[[Sequence[T]], Kind[T]],
    alike: Callable[[T, T], float],
) -> tuple[tuple[Reconciled[T], ...], list[DossierFinding]]:
    """Put what the records say of one bearer side by side: like beside like, by optimal assignment.

    What is left over on both sides is put side by side too, where ``alike`` scores it above 0, or where each
    record says but one thing.
    """
    slots: list[list[Said[T]]] = []
    single = all(len(row) == 1 for row in said.values())
    for _, row in sorted(said.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        row = sorted(row, key=lambda one: repr(one.value))
        scores = [[max(alike(one.value, other.value) for other in slot) for slot in slots] for one in row]
        if single and slots:
            scores = [[max(score, 0.01) for score in line] for line in scores]
        chosen = assign(scores)
        for index, one in enumerate(row):
            if index in chosen:
                slots[chosen[index]].append(one)
            else:
                slots.append([one])
    found: list[Reconciled[T]] = []
    findings: list[DossierFinding] = []
    for slot in slots:
        reconciled, more = reconcile_fact(name, slot, kind_of([one.value for one in slot]))
        if reconciled is not None:
            found.append(reconciled)
        findings += more
    found.sort(key=lambda one: (-len(one.consensus.sources), repr(one.consensus.value)))
    return tuple(found), findings


def _person_words(person: Person) -> str:
    words = person.change.value.replace("_", " ")
    if person.from_role:
        words += f" from {person.from_role}"
    return f"{words} to {person.to_role}" if person.to_role else words


def _same_change(a: Person, b: Person) -> float:
    """Score two changes of one person: the same kind of change, or the same job."""
    if a.change is b.change:
        return 1.0 + _roles_alike(a, b)
    if {a.change, b.change} == _BOARD:
        return 0.8
    return _roles_alike(a, b)


def _roles_alike(a: Person, b: Person) -> float:
    pairs = ((a.from_role, b.from_role), (a.to_role, b.to_role))
    scores = [fuzz.token_set_ratio(x.lower(), y.lower()) for x, y in pairs if x and y]
    best = max(scores, default=0)
    return best / 200 if best >= _ROLES_ALIKE else 0.0


def _compare_people(a: Person, b: Person) -> Relation:
    if a == b:
        return Relation.SAME
    # A departure that another source tells as a move, or a seat taken or kept, are one event told in less or
    # more.
    events = {frozenset({PersonChange.DEPARTS, PersonChange.MOVES}), _BOARD}
    events |= {frozenset({PersonChange.APPOINTED, change}) for change in _BOARD | {PersonChange.MOVES}}
    same = a.change is b.change or frozenset({a.change, b.change}) in events
    return Relation.COMPATIBLE if same else Relation.CONFLICT


def _person_kind(told: Sequence[Person]) -> Kind[Person]:
    """How the wordings of one change are compared: the one most like the others goes first."""

    def typical(person: Person) -> float:
        words = _person_words(person).lower()
        return sum(fuzz.token_set_ratio(words, _person_words(other).lower()) for other in told)

    return Kind(
        compare=_compare_people,
        rank=lambda person: (
            person.change is not PersonChange.DEPARTS,
            bool(person.from_role) + bool(person.to_role),
            typical(person),
        ),
        words=_person_words,
        wordings={"from_role": lambda person: person.from_role, "to_role": lambda person: person.to_role},
    )
