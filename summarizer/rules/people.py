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
_CLOSING = 6  # sentences at the end of a text, among which a letter is signed
_SHORT = 8  # words of a clause that may stand between a name and its verb of change


@lru_cache(maxsize=128)
def _w(key: str) -> re.Pattern[str]:
    """The pattern of a fragment of the table of people."""
    return re.compile(words("people", key))


def people(
    inventory: Inventory, names: Sequence[str], told: Mapping[str, Sequence[str]]
) -> tuple[Person, ...]:
    """Return the people whose jobs change, each change once; ``names`` are those of the text, ``told`` the parties."""
    parties = {name for of_role in told.values() for name in of_role}
    found: list[Person] = []
    for one in job_changes(inventory, names):
        if one.name in parties or any((p.name, p.change) == (one.name, one.change) for p in found):
            continue
        found.append(
            Person(
                name=one.name,
                change=one.change,
                from_role=one.from_role,
                to_role=one.to_role,
                evidence=inventory.cite(one.sentences),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class JobChange:
    """One change of job that a sentence tells, in its own words; a job is None where it tells none."""

    name: str
    change: PersonChange
    from_role: str | None
    to_role: str | None
    sentences: tuple[Sentence, ...]  # those that tell it: a job may be told before, or who "she" is


@dataclass(frozen=True, slots=True)
class _Told:
    """A name in its sentence, with the job that its title or an aside tells, and the words behind these."""

    name: str
    before: str
    job: str | None
    elsewhere: bool  # the job so far is told to be with another company
    rest: str


_Named = tuple[_Told, Sentence]  # somebody, and the sentence that names them


def job_changes(inventory: Inventory, names: Sequence[str]) -> list[JobChange]:
    """Every change of job that the sentences of the running text tell of somebody whom it names in full, in order."""
    changes: list[JobChange] = []
    left: tuple[str, Sentence] | None = None  # the job last given up: whoever comes "in her place" gets it
    last: _Named | None = None  # who "he" or "she" is at the head of the next sentence
    known: dict[str, _Named] = {}  # by surname
    for sentence in inventory.sentences:
        if sentence.heading:
            continue
        text = " ".join(sentence.text.split())
        told = list(_told(text))
        if last is not None and last[1].block != sentence.block:
            last = None
        end = text.index(told[0].name) if told else len(text)
        taken_up = _taken_up(text[:end], last, known)
        if taken_up is not None:
            told.insert(0, taken_up[0])
        for one in _to_whom_it_belongs(told):
            for change, old, new in _changes(one, left[0] if left is not None else None):
                telling = [sentence]
                if left is not None and new == left[0]:
                    telling.insert(0, left[1])
                if taken_up is not None and one.name == taken_up[0].name:
                    telling.insert(0, taken_up[1])
                changes.append(JobChange(one.name, change, old, new, tuple(telling)))
                if (
                    old is not None
                    and _w("OF_A_JOB").search(old)
                    and not one.elsewhere
                    and change is not PersonChange.STAYS
                ):
                    left = old, sentence
        for one in told:
            if taken_up is None or one.name != taken_up[0].name:
                last = one, sentence
            surname = one.name.split()[-1]
            if one.job is not None and surname not in known and not _is_of_a_company(surname, names):
                known[surname] = one, sentence
    return changes


def _taken_up(text: str, last: _Named | None, known: Mapping[str, _Named]) -> _Named | None:
    """Whom a sentence goes on about as "she" or by surname, with the words behind that."""
    if last is not None and (pronoun := _w("PRONOUN").search(text)) is not None:
        return replace(last[0], before="", rest=text[pronoun.end() :]), last[1]
    alone = _w("SURNAME").match(text)
    if alone is not None and alone["surname"] in known:
        one, sentence = known[alone["surname"]]
        return replace(one, before="", rest=text[alone.end() :]), sentence
    return None


def _is_of_a_company(surname: str, names: Sequence[str]) -> bool:
    """Whether a surname also stands in the name of a company: that may be what it is short for."""
    return any(
        surname in name.split()[:-1] or (surname in name and _w("NO_PERSON").search(name)) for name in names
    )


def _told(text: str) -> Iterator[_Told]:
    names = [
        m
        for m in _w("NAME").finditer(text)
        if not _w("NO_PERSON").search(m["name"])
        and not _is_place(m, text)
        and not (
            not m["title"] and _w("COMPANY_BEFORE").search(text[max(0, m.start() - _BEFORE) : m.start()])
        )
    ]
    at = 0
    for number, match in enumerate(names):
        if match.start() < at:
            continue  # inside an aside on the one before
        said_before = text[max(0, match.start("name") - _BEFORE) : match.start("name")]
        title = _w("TITLE_BEFORE").search(said_before)
        job = title["job"] if title is not None else None
        before = (
            said_before[: title.start("job")]
            if title is not None
            else said_before.removesuffix(match["title"])
        )
        elsewhere = False
        at = match.end()
        while (aside := _w("ASIDE").match(text, at)) is not None and not _has_verb(aside["aside"]):
            said = _job_in(aside["aside"])
            if said is not None:
                job = said
                elsewhere = bool(
                    _w("SO_FAR").match(aside["aside"]) and _w("ELSEWHERE").search(aside["aside"])
                )
            at = aside.end()
        end = next((later.start() for later in names[number + 1 :] if later.start() >= at), len(text))
        yield _Told(match["name"], before, job, elsewhere, text[at:end].lstrip(", "))


def _to_whom_it_belongs(told: list[_Told]) -> list[_Told]:
    """Give the verbs behind "Ann Vale and Bo Hill" to both.

    "And becomes chairman" behind "he hands over to Ann Vale, now head of sales, …" is his, not hers.
    """
    for number in range(len(told) - 1, 0, -1):
        before, after = told[number - 1], told[number]
        if _w("AND_ALIKE").fullmatch(before.rest.strip().removesuffix(after.job or "")):
            told[number - 1] = replace(before, rest=after.rest)
        elif _w("TO_THE_NEXT").search(after.before) and after.rest.startswith("and "):
            told[number - 1] = replace(before, rest=f"{before.rest}, {after.rest}")
            told[number] = replace(after, rest="")
    return told


def _is_place(name: re.Match[str], text: str) -> bool:
    """Whether the words before a name make it where somebody works, as in "moves to Pell Quay"."""
    before = text[max(0, name.start() - _BEFORE) : name.start()]
    return bool(_w("AT").search(before)) and not _w("TO_THE_NEXT").search(before)


def _has_verb(aside: str) -> bool:
    """Whether words between commas tell a change: ", leads the team and becomes chairwoman"."""
    return any(_kind(clause)[0] is not None for clause in _w("NEXT").split(aside))


def _job_in(aside: str) -> str | None:
    """The job that an aside tells: "until now head of sales at Ash", "who runs procurement"."""
    duty = _w("DUTY").match(aside)
    held = (
        _w("NEW").search(aside)
        if aside.startswith("who ")
        else _w("ANY_JOB").match(_w("SO_FAR").sub("", aside, count=1).lstrip())
    )
    if held is None and _w("SO_FAR").match(aside):
        held = _w("ANY_JOB").search(aside)
    found = held or duty
    return found["job"].strip() if found is not None else None


def _changes(told: _Told, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """The changes that the words before and behind a name tell, each with the job before and after it."""
    handed = _w("TO_THE_NEXT").search(told.before)
    if handed is not None:
        if re.match(r"hand|pass", handed[0], re.I) and not _w("OF_A_JOB").search(handed[0]):
            return  # control or a share is handed over, no job
        given = _w("OLD").search(handed[0]) or _w("DUTIES").search(told.rest)
        new = (
            given["job"].strip() if given is not None else left if _w("FROM_HIM").search(handed[0]) else None
        )
        if told.job is not None or new is not None:
            yield PersonChange.MOVES if told.elsewhere else PersonChange.APPOINTED, told.job, new
        return
    yield from _subject(told, left)


def _subject(told: _Told, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """Somebody who leaves, comes, stays or takes a seat: the verbs behind the name, clause by clause."""
    kinds: set[str] = set()
    old, new = None, None
    passed_over = False
    for clause in _w("NEXT").split(told.rest):
        kind, body = _kind(clause)
        if _w("UNREAL").match(clause):
            continue
        if (
            kind is None
            and not passed_over
            and not _w("SAYS").search(clause)
            and len(clause.split()) <= _SHORT
        ):
            passed_over = True  # "leads the team and becomes chairwoman"
            continue
        if kind is None:
            break  # another subject, or something that is no change now
        if kind == "seat":
            yield from _seat(body, left)
            continue
        if kind == "leaves":
            gives = _w("OLD").search(clause) or _w("BOARD").search(clause.partition(" to become ")[0])
            old = old or (gives.groupdict().get("job") or gives[0] if gives is not None else None)
            gets = _w("DUTIES").search(clause) or _w("TO_BECOME").search(clause)
            kind = "crosses" if gets is not None else kind
        else:
            gets = _w("NEW").search(clause) or (_w("DUTIES").search(clause) if kind != "stays" else None)
        if gets is None and passed_over and not _w("AT_ONCE").match(body):
            break
        if gets is not None:
            new = new or gets["job"].strip()
        elif kind in ("takes", "crosses") and _w("FROM_HIM").search(clause):
            new = new or left
        elif (kind == "takes" and not _w("OF_A_JOB").search(clause)) or (
            kind == "crosses" and not _w("TO_COMPANY").search(clause)
        ):
            break
        kinds.add(kind)
    old = old or told.job
    if new is None and old is None:
        return
    if "crosses" in kinds:
        yield PersonChange.MOVES, old, new
    elif kinds & {"takes", "leads"}:
        yield PersonChange.MOVES if told.elsewhere else PersonChange.APPOINTED, old, new
    elif "leaves" in kinds:
        yield PersonChange.DEPARTS, old, None
    elif "stays" in kinds:
        yield PersonChange.STAYS, new or old, new or old


def _seat(body: str, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """A seat that is taken or kept, where the words or the one who left it tell that it is one on a board."""
    seat = _w("SEAT").match(body)
    board = _w("BOARD").search(body)
    if board is not None or (left is not None and _w("BOARD").search(left)):
        said = (
            re.sub(r"^an? ", "", seat["seat"])
            if seat is not None
            else board[0]
            if board is not None
            else None
        )
        kept = re.match(r"ke(?:ep|pt)|retain", body)
        yield PersonChange.STAYS if kept else PersonChange.JOINS_BOARD, None, said


def _kind(clause: str) -> tuple[str | None, str]:
    """What the verb of a clause tells, and the clause from that verb on."""
    helps = _w("HELPS").match(clause)
    helping = helps[0] if helps is not None else ""
    body = clause[len(helping) :]
    if _w("SEAT").match(body) or _w("JOINS_BOARD").match(body):
        return "seat", body
    if _w("LEAVES").match(body):
        return "leaves", body
    if _w("STAYS").match(body):
        return "stays", body
    if _w("TAKES_JOB").match(body) or (_w("MADE").match(body) and _w("PASSIVE").search(helping)):
        return "takes", body
    if _w("CROSSES").match(body):
        return "crosses", body
    if _w("LEAD").match(body) and re.search(r"\b(?:will|would|to)\b", helping):
        return "leads", clause
    return None, body
