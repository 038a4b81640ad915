"""Changes of job as sentences build them: who leaves, comes, stays or takes a seat, from which job to which.

A name with its title and asides ("Ann Vale, until now head of sales at Ash, …") is the subject of a verb of
change, or stands behind words that hand a job on ("in her place comes Ann Vale").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from summarizer.document import Sentence
from summarizer.inventory import Inventory
from summarizer.records import job_words as words
from summarizer.records.deal_terms import PersonChange

_CLOSING = 6  # sentences at the end of a text, among which a letter is signed
_SHORT = 8  # words of a clause that may stand between a name and its verb of change


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


def job_changes(inventory: Inventory) -> list[JobChange]:
    """Every change of job that the sentences of the running text tell of somebody whom it names in full, in order."""
    changes: list[JobChange] = []
    left: tuple[str, Sentence] | None = None  # the job last given up: whoever comes "in her place" gets it
    last_job: str | None = None  # what "the same post" is
    last: _Named | None = None  # who "he" or "she" is at the head of the next sentence
    known: dict[str, _Named] = {}  # by surname
    author = _author(inventory)
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
        elif author is not None and (first := words.FIRST_PERSON.match(text)) is not None:
            told.insert(0, _Told(author, "I, ", None, False, text[first.end() : end]))
        # What the sentence tells of the one named before, or the one before it of "her".
        goes_on = taken_up is not None and changes and changes[-1].name == taken_up[0].name
        before = changes[-1] if goes_on else None
        for one in _to_whom_it_belongs(told):
            if one.job is None and last_job is not None and words.SAME_JOB.search(one.rest):
                one = replace(one, job=last_job)
            last_job = one.job or last_job
            found = list(_changes(one, left[0] if left is not None else None))
            if not found and before is not None:
                found = list(_as_before(one, before))
            for change, old, new in found:
                telling = [sentence]
                if left is not None and new == left[0]:
                    telling.insert(0, left[1])
                if taken_up is not None and one.name == taken_up[0].name:
                    telling.insert(0, taken_up[1])
                before = JobChange(one.name, change, old, new, tuple(telling))
                changes.append(before)
                if (
                    old is not None
                    and words.OF_A_JOB.search(old)
                    and not one.elsewhere
                    and change is not PersonChange.STAYS
                ):
                    left = old, sentence
            if changes and (sooner := _with_former_job(changes[-1], one, sentence)) is not None:
                changes[-1] = sooner
        for one in told:
            held = words.HELD.match(one.rest) if one.job is None else None
            one = replace(one, job=held["job"].strip()) if held is not None else one
            if taken_up is None or one.name != taken_up[0].name:
                last = one, sentence
            surname = one.name.split()[-1]
            if one.job is not None and surname not in known and not _is_of_a_company(surname, inventory):
                known[surname] = one, sentence
    return changes


def _with_former_job(change: JobChange, told: _Told, sentence: Sentence) -> JobChange | None:
    """The change of somebody of whom it is told right behind what the job was before; with another company, it is a move."""
    gets = change.change in (PersonChange.APPOINTED, PersonChange.MOVES)
    if change.name != told.name or not gets or change.from_role is not None:
        return None
    goes_on = words.GOES_ON.search(told.rest)
    said = words.WAS_BEFORE.match(told.rest, goes_on.end() if goes_on is not None else 0)
    if said is None:
        return None
    job = next(job for job in said.groups() if job is not None).strip()
    moved = words.AT_COMPANY.match(told.rest, said.end()) or re.search(r"\bfrom\b", said[0])
    return replace(
        change,
        change=PersonChange.MOVES if moved else change.change,
        from_role=job,
        sentences=tuple(dict.fromkeys((*change.sentences, sentence))),
    )


def _taken_up(text: str, last: _Named | None, known: Mapping[str, _Named]) -> _Named | None:
    """Whom a sentence goes on about as "she" or by surname, with the words behind that."""
    if last is not None and (pronoun := words.PRONOUN.search(text)) is not None:
        return replace(last[0], before="", rest=text[pronoun.end() :]), last[1]
    alone = words.SURNAME.match(text)
    if alone is not None and alone["surname"] in known:
        one, sentence = known[alone["surname"]]
        return replace(one, before="", rest=text[alone.end() :]), sentence
    return None


def _is_of_a_company(surname: str, inventory: Inventory) -> bool:
    """Whether a surname also stands in the name of a company: that may be what it is short for."""
    return any(
        surname in name.split()[:-1] or (surname in name and words.NO_PERSON.search(name))
        for name in inventory.names
    )


def _as_before(told: _Told, before: JobChange) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """What a sentence tells in few words behind another change: "so will Ann Vale", "replacing Ann Vale"."""
    if words.REPLACING.search(told.before) and (told.job or before.to_role) is not None:
        yield PersonChange.DEPARTS, told.job or before.to_role, None
    elif words.SO_DOES.search(told.before) and told.job is not None:
        if before.change is PersonChange.DEPARTS:
            yield before.change, told.job, None
        elif before.change is PersonChange.STAYS:
            yield before.change, told.job, told.job
    elif before.to_role is not None and (as_job := words.AS_JOB.match(told.rest)) is not None:
        job = words.ANY_JOB.match(told.rest, as_job.end())
        yield before.change, told.job, job["job"].strip() if job is not None else None


def _author(inventory: Inventory) -> str | None:
    """Who "I" is: the name that alone makes one of the last lines, below a letter."""
    names = [
        match
        for s in inventory.document.sentences[-_CLOSING:]
        if (match := words.NAME.fullmatch(s.text.strip("*_-– .")))
    ]
    return names[-1]["name"] if names and not words.NO_PERSON.search(names[-1]["name"]) else None


def _told(text: str) -> Iterator[_Told]:
    names = [
        m
        for m in words.NAME.finditer(text)
        if not words.NO_PERSON.search(m["name"])
        and not _is_place(m, text)
        and not (
            not m["title"] and words.COMPANY_BEFORE.search(text[max(0, m.start() - words.BEFORE) : m.start()])
        )
    ]
    at = 0
    for number, match in enumerate(names):
        if match.start() < at:
            continue  # inside an aside on the one before
        said_before = text[max(0, match.start("name") - words.BEFORE) : match.start("name")]
        title = words.TITLE_BEFORE.search(said_before)
        job = title["job"] if title is not None else None
        before = (
            said_before[: title.start("job")]
            if title is not None
            else said_before.removesuffix(match["title"])
        )
        elsewhere = False
        at = match.end()
        while (aside := words.ASIDE.match(text, at)) is not None and not _has_verb(aside["aside"]):
            said = _job_in(aside["aside"])
            if said is not None:
                job = said
                elsewhere = bool(
                    words.SO_FAR.match(aside["aside"]) and words.ELSEWHERE.search(aside["aside"])
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
        if words.AND_ALIKE.fullmatch(before.rest.strip().removesuffix(after.job or "")):
            told[number - 1] = replace(before, rest=after.rest)
        elif words.TO_THE_NEXT.search(after.before) and after.rest.startswith("and "):
            told[number - 1] = replace(before, rest=f"{before.rest}, {after.rest}")
            told[number] = replace(after, rest="")
    return told


def _is_place(name: re.Match[str], text: str) -> bool:
    """Whether the words before a name make it where somebody works, as in "moves to Pell Quay"."""
    before = text[max(0, name.start() - words.BEFORE) : name.start()]
    return bool(words.AT.search(before)) and not words.TO_THE_NEXT.search(before)


def _has_verb(aside: str) -> bool:
    """Whether words between commas tell a change: ", leads the team and becomes chairwoman"."""
    return any(_kind(clause)[0] is not None for clause in words.NEXT.split(aside))


def _job_in(aside: str) -> str | None:
    """The job that an aside tells: "until now head of sales at Ash", "who runs procurement"."""
    duty = words.DUTY.match(aside)
    held = (
        words.NEW.search(aside)
        if aside.startswith("who ")
        else words.ANY_JOB.match(words.SO_FAR.sub("", aside, count=1).lstrip())
    )
    if held is None and words.SO_FAR.match(aside):
        held = words.ANY_JOB.search(aside)
    found = held or duty or words.HIRED_FOR.match(aside)
    if found is None:
        return None
    second = words.AND_JOB.match(found.string, found.end()) if found is held else None
    job = found.string[found.start("job") : second.end()] if second is not None else found["job"]
    return words.AFTER_JOB.sub("", job.strip())


def _changes(told: _Told, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """The changes that the words before and behind a name tell, each with the job before and after it."""
    handed = words.TO_THE_NEXT.search(told.before)
    won = words.WON.search(told.before)
    if handed is not None:
        if re.match(r"hand|pass", handed[0], re.I) and not words.OF_A_JOB.search(handed[0]):
            return  # control or a share is handed over, no job
        given = (
            words.NEW_BOSS.search(handed[0]) or words.OLD.search(handed[0]) or words.DUTIES.search(told.rest)
        )
        new = (
            given["job"].strip() if given is not None else left if words.FROM_HIM.search(handed[0]) else None
        )
        if told.job is not None or new is not None:
            yield PersonChange.MOVES if told.elsewhere else PersonChange.APPOINTED, told.job, new
        return
    if won is not None:
        yield from _won(told)
        return
    if words.OUT_GOES.search(told.before):
        if told.job is not None:
            yield PersonChange.DEPARTS, told.job, None
        return
    yield from _subject(told, left)


def _won(told: _Told) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """Somebody lured, hired, named or nominated: the words behind the name tell where from and what for."""
    if words.DIRECTOR.search(told.before[-60:]) and told.job is not None:
        yield PersonChange.JOINS_BOARD, None, "director"
        return
    new = words.NEW.search(told.rest) or words.DUTIES.search(told.rest) or words.ANY_JOB.match(told.rest)
    if new is not None:
        duty = words.DUTY.search(told.rest)
        away = told.elsewhere or re.match(r"(?:away )?from\b", told.rest)
        old = told.job or (duty["job"] if duty is not None else None)
        yield PersonChange.MOVES if away else PersonChange.APPOINTED, old, new["job"].strip()


def _subject(told: _Told, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """Somebody who leaves, comes, stays or takes a seat: the verbs behind the name, clause by clause."""
    kinds: set[str] = set()
    old, new = None, None
    away, passed_over = told.elsewhere, False
    for clause in words.NEXT.split(told.rest):
        kind, body = _kind(clause)
        if words.UNREAL.match(clause):
            continue
        if (
            kind is None
            and not passed_over
            and not words.SAYS.search(clause)
            and len(clause.split()) <= _SHORT
        ):
            passed_over = True  # "leads the team and becomes chairwoman"
            held = words.HELD.match(clause)
            old = held["job"].strip() if held is not None else old
            continue
        if kind is None or words.PAST.match(clause):
            break  # another subject, or something that is no change now
        if kind == "seat":
            yield from _seat(body, left)
            continue
        if (team := words.TEAM.match(body)) is not None:
            yield PersonChange.APPOINTED, old or told.job, team["job"]
            continue
        if kind == "leaves":
            gives = words.OLD.search(clause) or words.BOARD.search(clause.partition(" to become ")[0])
            old = old or (gives.groupdict().get("job") or gives[0] if gives is not None else None)
            gets = words.DUTIES.search(clause) or words.TO_BECOME.search(clause)
            kind = "crosses" if gets is not None or words.ELSEWHERE_NEXT.search(clause) else kind
        else:
            gets = (
                words.NEW.search(clause)
                or (words.DUTIES.search(clause) if kind != "stays" else None)
                or (words.LEADS.search(clause) if kind == "leads" else None)
            )
        if gets is None and passed_over and not words.AT_ONCE.match(body):
            break
        if gets is not None:
            # of a founder's own words: "our head of design becomes a designer there"
            away = away or bool(words.OURS.search(told.before) and words.THERE.search(clause))
            new = new or words.AFTER_JOB.sub("", gets["job"].strip())
        elif kind in ("takes", "crosses") and words.FROM_HIM.search(clause):
            new = new or left
        elif (kind == "takes" and not words.OF_A_JOB.search(clause)) or (
            kind == "crosses" and not words.TO_COMPANY.search(clause)
        ):
            break
        kinds.add(kind)
    old = old or told.job
    if new is None and old is None:
        return
    if "crosses" in kinds:
        yield PersonChange.MOVES, old, new
    elif kinds & {"takes", "leads"}:
        yield PersonChange.MOVES if away else PersonChange.APPOINTED, old, new
    elif "leaves" in kinds:
        yield PersonChange.DEPARTS, old, None
    elif "stays" in kinds:
        yield PersonChange.STAYS, new or old, new or old


def _seat(body: str, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """A seat that is taken or kept, where the words or the one who left it tell that it is one on a board."""
    seat = words.SEAT.match(body)
    board = words.BOARD.search(body)
    if board is not None or (left is not None and words.BOARD.search(left)):
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
    helps = words.HELPS.match(clause)
    helping = helps[0] if helps is not None else ""
    body = clause[len(helping) :]
    if words.SEAT.match(body) or words.JOINS_BOARD.match(body):
        return "seat", body
    leaves = words.LEAVES.match(body)
    if leaves is not None and (not words.GIVES.match(body) or words.OF_A_JOB.search(body)):
        return "leaves", body
    if leaves is None and words.OUSTED.match(body) and words.PASSIVE.search(helping):
        return "leaves", body
    if words.STAYS.match(body) and (words.KEEPS_IT.match(body) is None or words.OF_A_JOB.search(body)):
        return "stays", body
    if words.TAKES_JOB.match(body) or (words.MADE.match(body) and words.PASSIVE.search(helping)):
        return "takes", body
    if words.IS_NEW.match(body) or (words.WILL_BE.search(helping) and words.ANY_JOB.match(body)):
        return "takes", body
    if words.CROSSES.match(body) or (words.SOON_TO_BECOME.match(body) and not words.SAYS.search(body)):
        return "crosses", body
    if re.match(words.LEAD, body) and re.search(r"\b(?:will|would|to)\b", helping):
        return "leads", clause
    return None, body
