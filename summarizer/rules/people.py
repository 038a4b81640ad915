"""Changes of job as sentences build them: who leaves, comes, stays or takes a seat, from which job to which.

A name with its title and asides ("Ann Vale, until now head of sales at Ash, …") is the subject of a verb of
change, or stands behind words that hand a job on ("in her place comes Ann Vale").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from summarizer.document import Sentence
from summarizer.inventory import Inventory
from summarizer.records.deal import Person
from summarizer.records.deal_terms import PersonChange

from .engine import words

_BEFORE = 160  # characters before a name that may hand it a job
_SHORT = 8  # words of a clause that may stand between a name and its verb of change
_VERBS = {
    "JOINS_BOARD": PersonChange.JOINS_BOARD,
    "LEAVES": PersonChange.DEPARTS,
    "STAYS": PersonChange.STAYS,
    "TAKES_JOB": PersonChange.APPOINTED,
    "CROSSES": PersonChange.MOVES,
}
_ORDER = (PersonChange.MOVES, PersonChange.APPOINTED, PersonChange.DEPARTS, PersonChange.STAYS)
_Change = tuple[PersonChange, str | None, str | None]  # with the job before and after it


@lru_cache(maxsize=64)
def _w(key: str) -> re.Pattern[str]:
    """The pattern of a fragment of the table of people."""
    return re.compile(words("people", key))


@dataclass(frozen=True, slots=True)
class _Told:
    """A name in its sentence, with the job that its title or an aside tells, and the words behind these."""

    name: str
    before: str
    job: str | None
    rest: str


def people(inventory: Inventory, told: Mapping[str, Sequence[str]]) -> tuple[Person, ...]:
    """Return the people whose jobs change, each change once; ``told`` are the names of the parties by role."""
    parties = {name for of_role in told.values() for name in of_role}
    found: dict[tuple[str, PersonChange], Person] = {}
    last: tuple[_Told, Sentence] | None = None  # who "he" or "she" is at the head of the next sentence
    for sentence in inventory.sentences:
        if sentence.heading:
            continue
        text = " ".join(sentence.text.split())
        named = list(_named(text))
        pairs = [(one, [sentence]) for one in named]
        pronoun = _w("PRONOUN").search(text, 0, text.index(named[0].name) if named else len(text))
        if last is not None and pronoun is not None and last[1].block == sentence.block:
            pairs.insert(0, (replace(last[0], before="", rest=text[pronoun.end() :]), [last[1], sentence]))
        for one, cited in pairs:
            for change, old, new in _changes(one):
                if one.name not in parties and (one.name, change) not in found:
                    found[one.name, change] = Person(
                        name=one.name,
                        change=change,
                        from_role=old,
                        to_role=new,
                        evidence=inventory.cite(cited),
                    )
        if named:
            last = named[-1], sentence
    return tuple(found.values())


def _named(text: str) -> Iterator[_Told]:
    names = [m for m in _w("NAME").finditer(text) if not _is_place(m)]
    at = 0
    for number, match in enumerate(names):
        if match.start() < at:
            continue  # inside an aside on the one before
        before = text[max(0, match.start("name") - _BEFORE) : match.start("name")]
        title = _w("TITLE_BEFORE").search(before)
        job = title["job"] if title is not None else None
        before = before.removesuffix(match["title"]) if title is None else before[: title.start("job")]
        at = match.end()
        while (aside := _w("ASIDE").match(text, at)) is not None and not _has_verb(aside["aside"]):
            job = _job_in(aside["aside"]) or job
            at = aside.end()
        end = next((later.start() for later in names[number + 1 :] if later.start() >= at), len(text))
        yield _Told(match["name"], before, job, text[at:end].lstrip(", "))


def _is_place(name: re.Match[str]) -> bool:
    """Whether the words before a name make it where somebody works, as in "moves to Pell Quay"."""
    before = name.string[max(0, name.start() - _BEFORE) : name.start()]
    return bool(_w("AT").search(before)) and not _w("TO_THE_NEXT").search(before)


def _has_verb(aside: str) -> bool:
    """Whether words between commas tell a change: ", leads the team and becomes chairwoman"."""
    return any(_kind(clause) for clause in _w("NEXT").split(aside))


def _job_in(aside: str) -> str | None:
    """The job that an aside tells: "until now head of sales at Ash", "who runs procurement"."""
    held = _w("NEW").search(aside) if aside.startswith("who ") else None
    held = held or _w("ANY_JOB").match(_w("SO_FAR").sub("", aside, count=1).lstrip())
    found = held or _w("DUTY").match(aside)
    return found["job"].strip() if found is not None else None


def _changes(told: _Told) -> Iterator[_Change]:
    """The changes that the words before and behind a name tell."""
    handed = _w("TO_THE_NEXT").search(told.before)
    if handed is None:
        yield from _subject(told)
        return
    given = _w("OLD").search(handed[0]) or _w("DUTIES").search(told.rest)
    if told.job is not None or given is not None:
        yield PersonChange.APPOINTED, told.job, given["job"].strip() if given is not None else None


def _subject(told: _Told) -> Iterator[_Change]:
    """Somebody who leaves, comes, stays or takes a seat: the verbs behind the name, clause by clause."""
    kinds: set[PersonChange] = set()
    old, new = None, None
    for clause in _w("NEXT").split(told.rest):
        kind = _kind(clause)
        if kind is None and not kinds and len(clause.split()) <= _SHORT:
            continue
        if kind is PersonChange.JOINS_BOARD:
            seat = _w("BOARD").search(clause)
            yield kind, None, seat[0] if seat is not None else None
            continue
        if kind is PersonChange.DEPARTS:
            gives = _w("OLD").search(clause)
            old = old or (gives["job"] if gives is not None else None)
            gets = _w("DUTIES").search(clause) or _w("TO_BECOME").search(clause)
            kind = kind if gets is None else PersonChange.MOVES
        else:
            gets = _w("NEW").search(clause) or _w("DUTIES").search(clause)
        vague = kind is PersonChange.APPOINTED or (
            kind is PersonChange.MOVES and not _w("TO_COMPANY").search(clause)
        )
        if kind is None or (gets is None and vague):
            break  # another subject, or something that is no change now
        new = new or (gets["job"].strip() if gets is not None else None)
        kinds.add(kind)
    old = old or told.job
    if not kinds or (old is None and new is None):
        return
    kind = min(kinds, key=_ORDER.index)
    if kind is PersonChange.STAYS:
        old = new = new or old
    yield kind, old, None if kind is PersonChange.DEPARTS else new


def _kind(clause: str) -> PersonChange | None:
    """What the verb of a clause tells."""
    return next((kind for key, kind in _VERBS.items() if _w(key).match(clause)), None)
