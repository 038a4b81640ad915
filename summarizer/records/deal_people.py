"""Whose job changes with a deal, and how: read from the sentences that name them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from summarizer.cues import Cue
from summarizer.document import Sentence
from summarizer.inventory import Inventory, fold
from summarizer.records.deal_jobs import JobChange, job_changes
from summarizer.records.deal_rules import undecided
from summarizer.records.deal_terms import PersonChange
from summarizer.records.job_words import LEAD, NO_PERSON, TITLE
from summarizer.records.values import Ask, Title, Value, Words

_GOES_OVER = (
    r"join(?:s|ed|ing)?(?! (?:the |its )?(?:[\w’']+ ){0,3}?board\b)|com(?:e|es|ing) (?:aboard|on board)|(?:mov(?:e|es|ed|ing)|transition(?:s|ed|ing)?) (?:over |across )?(?:to|into)|"
    rf"go(?:es)? on to {LEAD}"
)
_LEAVES = (
    r"step(?:s|ped|ping)? (?:down|aside)|stands? down|resign\w*|retir\w+|depart\w*|leav(?:e|es|ing)|left|quit\w*|exit\w*|"
    r"gives? up|bow(?:s|ed|ing)? out"
)
_GETS = (
    r"(?<!ly )named|appoint\w*|promot\w+|elevat\w+|hired|recruited|interim|acting|succeed\w*|successor|replac\w+|"
    r"(?:place|post|seat|job|role|chair) (?:goes|passes|went|passed|falls) to|"
    r"will (?:serve|become|take over)|tak(?:e|es|ing) (?:over|charge|the helm|the reins)|took (?:over|charge|the helm)"
)
PERSON_CHANGE = Cue(
    rf"\b(?:{_GOES_OVER}|{_LEAVES}|{_GETS}|naming|names (?!in |of |to |and |for )|hir(?:e|es|ing)|step(?:s|ped|ping)? (?:in|up)|becom(?:e|es|ing)|became|"
    rf"(?:will|would|to|continues? to|is expected to) (?:\w+ )?(?:{LEAD}|serve|remain|stay)|"
    r"serv(?:e|es|ing) as|remain(?:s|ing)?|stay(?:s|ing)?|keeps? (?:his|her|their|the|a) |(?:hands?|handing) over|board|in charge of|picked|nominat\w+|carr(?:y|ies) on as|is out|(?:next|new|incoming) (?:chief|boss|head|chair|managing|president|finance)|(?:not|n[’']t) (?:be )?coming (?:along|over|across))\b|['’]s (?:move|switch)\b"
)

_DEPARTS = Cue(rf"\b(?:{_LEAVES})\b")
_JOINS = Cue(rf"(?<!having )\b(?:{_GOES_OVER}|(?:will|to|help) {LEAD})\b|['’]s (?:move|switch)\b")
_BOARD = Cue(
    r"(?:(?<=join )|(?<=joins )|(?<=joining )|(?<=come on )|(?<=comes on )|(?<=onto )|(?<=elected to )|(?<=appointed to )|(?<=sit on ))"
    r"(?:the |its )?(?:[\w’']+ ){0,3}?board(?: of directors)?\b|"
    r"\b(?:(?:a |an? )?(?:\w+ )?(?:position|seat|director|member|role) (?:on|of) (?:the |its )?(?:[\w’']+ ){0,4}?board(?: of directors)?(?: of (?:[a-z]\w+ ?){1,3})?|board (?:director|member|seat))\b"
)
_KEEPS = Cue(r"\b(?:remain\w*|stay\w*|retain\w*|maintain\w*|keep\w*|continu\w+)\b")
_NAMED = Cue(rf"\b(?:{_GETS})\b")


_JOB = Cue(
    r"chief|\bc[efotim]o\b|officer|president|chair|\bhead|director|manag|partner|founder|lead|executive|secretary|treasurer|"
    r"counsel|advis|editor|superintendent|board|member|\bboss|vice|deputy|interim|principal|engineer|scientist|operations|minister|"
    r"\bseat|\bpost\b|\brole\b|\bjob\b|governor|controller|owner"
)


class Person(Value):
    """Someone whose job changes with the deal, or who takes or keeps a seat on a board."""

    name: Annotated[
        Words,
        Ask(question="name of the person"),
        Field(description="The person's name without title, as full as the article has it"),
    ]
    change: Annotated[PersonChange, Ask(decide=undecided), Field(description="What happens to the job")] = (
        PersonChange.APPOINTED
    )
    from_role: Annotated[
        Title | None,
        Ask(question="job so far"),
        Field(
            description="The job held until now and its company, short, in the article's words. Null where the article tells none"
        ),
    ] = None
    to_role: Annotated[
        Title | None,
        Ask(question="new job"),
        Field(
            description="The job, or the board seat, held from now on. For stays: the job that is kept, and from_role is "
            "null. Null where the article tells none"
        ),
    ] = None


def _job(role: str | None, told: Sequence[str]) -> str | None:
    """Words that name a job and stand in what is told of the person; None where they tell something else."""
    if role is None or not _JOB.search(role):
        return None
    return role if any(fold(role) in fold(words) for words in told) else None


_TURN = Cue(rf"\b(?:{_GOES_OVER}|{_LEAVES}|{_GETS}|becom(?:e|es|ing)|became|to {LEAD})\b")


def _before_or_after(job: str, told: Sequence[str]) -> tuple[str | None, str | None]:
    """One job given for both: the old one where it stands before the words of change, the new one behind them."""
    for words in told:
        place, turn = fold(words).find(fold(job)), _TURN.search(words)
        if place >= 0 and turn is not None:
            return (job, None) if place < turn.start() else (None, job)
    return job, None


_CAPITAL = r"[A-Z][\w.’'-]*"
_WITH_CHANGE = re.compile(
    rf"((?:{_CAPITAL} ){{1,4}}(?:(?:de|da|del|der|di|la|le|van|von|al|bin) ){{0,2}}{_CAPITAL})"
    r"(?:,? \d\d,|,[^,.;]{2,60},|,)? (?:(?:who|is|has|was|will|would|to|been|be|now) ){0,3}"
    rf"(?:{_GOES_OVER}|{_LEAVES}|{_GETS}|becom(?:e|es|ing)|became|step(?:s|ped|ping)? (?:in|up)|"
    rf"(?:(?<=will )|(?<=would )|(?<=to ))(?:{LEAD}|leave|depart|serve)|(?:join|joins|joining|comes? on)(?= (?:the |its )?(?:[\w’']+ ){{0,3}}?board)|"
    r"(?:stay|remain)(?:s|ing)? (?:on|as|chief|chair\w*|head|a director)|keeps? (?:his|her|their))\b"
)


def named_with_a_change(inventory: Inventory) -> list[str]:
    """The people whose names stand directly before words of a change of job: a small model names the first two or three."""
    names = []
    companies = {
        long.rpartition(" ")[0] for long in inventory.names if NO_PERSON.search(long)
    }  # "Elm National"
    running = [sentence for sentence in inventory.sentences if not sentence.heading]
    for sentence in running:
        for match in _WITH_CHANGE.finditer(" ".join(sentence.text.split())):
            name = re.sub(rf"^(?:.*['’]s )?(?:(?:The|{TITLE}) )*", "", match[1])
            if " " in name and not NO_PERSON.search(name) and name not in companies:
                names.append(name)
    return list(dict.fromkeys(names))


def people_told(inventory: Inventory) -> list[str]:
    """The people of whom sentences tell a change of job outright, and those who stand before words of one."""
    outright = [one.name for one in job_changes(inventory)]
    return list(dict.fromkeys([*outright, *named_with_a_change(inventory)]))


def told_with_a_job(inventory: Inventory) -> list[str]:
    """The people of whom sentences tell outright how their job changes, and both jobs, or the one that is left or kept."""
    one_job = (PersonChange.DEPARTS, PersonChange.STAYS)
    return [
        one.name
        for one in job_changes(inventory)
        if (one.from_role and one.to_role) or (one.change in one_job and (one.from_role or one.to_role))
    ]


def _surname(name: str) -> str:
    return fold(name).split()[-1]


_CLAUSE = re.compile(r";|,? (?:while|whereas|but)\b|,? and (?=[A-Z])")


_QUOTE = re.compile(r"[“\"][^“”\"]*[”\"]|^[^“”\"]*[,.?!][”\"]")  # the second began in the sentence before
_SAYS = (
    r"\b(?:said|says?|saying|told|tells|add(?:s|ed)|argue[sd]?|warn(?:s|ed)|note[sd]?|insist(?:s|ed)|recall(?:s|ed)|worr(?:y|ies|ied)|fear(?:s|ed)?|thinks?|"
    r"thought|believe[sd]?|expect(?:s|ed)?|reckon(?:s|ed)?|wrote|according to|advis(?:es|ed|ing)|report(?:s|ed|ing)? to)\b"
)
_SAID_ELSE = re.compile(rf"{_SAYS}(?!(?: that)? (?:he|she|i|they)\b).*", re.IGNORECASE | re.DOTALL)
_WHO = re.compile(r"\bwho\b[^;.]*")
_LONG_AGO = re.compile(
    r"\bwho (?:has |had )?(?:joined|became|took|left|moved|quit|resigned|retired)\b[^,;]* (?:in|since) (?:\w+ )?(?:19|20)\d\d\b"
)


def _own_words(sentence: Sentence, name: str, others: Sequence[str]) -> str:
    """The part of a sentence that is on the person: its clauses with the name, where others are named in it too.

    What somebody says, thinks or advises is about something else, and so is what others say and "reporting to Ann Vale".
    """
    surname = _surname(name)
    text = _QUOTE.sub(lambda quote: quote[0] if surname in fold(quote[0]) else " ", sentence.text)
    text = _LONG_AGO.sub(" ", text)
    words = fold(text)
    if surname not in words:
        return _SAID_ELSE.sub("", text)
    if any(other in words for other in others):
        text = " ".join(clause for clause in _CLAUSE.split(text) if surname in fold(clause))
    speaks = re.search(rf"{_SAYS}[^;.]{{0,80}}?\b{re.escape(name.split()[-1])}\b", text, re.IGNORECASE)
    if speaks is not None:
        who = _WHO.search(text, speaks.end())
        return f"{name}, {who[0]}" if who is not None else ""
    place = text.find(name.split()[-1])
    return text[:place] + _SAID_ELSE.sub("", text[place:]) if place >= 0 else text


def _tells_of(sentence: Sentence, name: str, others: Sequence[str]) -> bool:
    """Whether a sentence names the person, or at least nobody else of those whose jobs change."""
    words = fold(sentence.text)
    return _surname(name) in words or not any(other in words for other in others)


def refine_people(inventory: Inventory, people: Sequence[Any], facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """Read each person's change from the sentences that name them, and add a board seat that those state."""
    refined: list[Any] = []
    companies = [fold(party.name) for party in facts.get("parties") or ()]
    for person in people:
        if any(
            fold(person.name) in fold(other.name) or fold(other.name) in fold(person.name)
            for other in refined
        ):
            continue  # one person, twice
        if fold(person.name) in companies or NO_PERSON.search(person.name):
            continue
        sentences = inventory.about(person.name)
        others = [_surname(other.name) for other in people if _surname(other.name) != _surname(person.name)]
        own = [_own_words(s, person.name, others) for s in sentences]
        board = next(
            (
                s
                for s, words in zip(sentences, own, strict=True)
                if _BOARD.search(s.text) and _BOARD.search(words) and _tells_of(s, person.name, others)
            ),
            None,
        )
        from_role, to_role = (_job(role, own) for role in (person.from_role, person.to_role))
        evidence = person.evidence
        if board is not None and to_role is not None and "board" in to_role.lower():
            to_role = None
        if from_role is not None and to_role is not None and fold(from_role) == fold(to_role):
            from_role, to_role = _before_or_after(from_role, own)
        told = [words for words in own if PERSON_CHANGE.search(words)]
        change = _change(told, board.text if board is not None else None)
        if change is not None:
            refined.append(
                person.model_copy(
                    update={
                        "change": change,
                        "from_role": from_role,
                        "to_role": to_role,
                        "evidence": evidence,
                    }
                )
            )
        if board is not None:
            refined.append(_on_board(inventory, person, sentences, board))
    outright = [one for one in job_changes(inventory) if fold(one.name) not in companies]
    return _with_told(inventory, refined, outright)


_SEATED = (PersonChange.JOINS_BOARD, PersonChange.STAYS)


def _with_told(inventory: Inventory, people: Sequence[Any], told: Sequence[JobChange]) -> tuple[Any, ...]:
    """Put what sentences tell outright beside what was answered: jobs that are missing, and people and seats that are.

    A change that a sentence is built to tell is surer than one that words near a name do.
    """
    found = list(people)
    for one in told:
        seat = one.change in _SEATED and one.from_role is None
        same = [
            at
            for at, person in enumerate(found)
            if _surname(person.name) == _surname(one.name)
            and (person.name == one.name or " " not in person.name or fold(one.name) in fold(person.name))
            and seat == _seated(person)
        ]
        if not same:
            found.append(
                Person(
                    name=one.name,
                    change=one.change,
                    from_role=one.from_role,
                    to_role=one.to_role,
                    evidence=inventory.cite(one.sentences),
                )
            )
        elif not seat:
            person = found[same[0]]
            cited = [span for span in inventory.cite(one.sentences) if span not in person.evidence]
            found[same[0]] = person.model_copy(
                update={
                    "change": one.change,
                    "from_role": person.from_role or one.from_role,
                    "to_role": person.to_role or one.to_role,
                    "evidence": (*person.evidence, *cited),
                }
            )
    return tuple(found)


def _seated(person: Any) -> bool:
    return person.change in _SEATED and person.from_role is None and "board" in (person.to_role or "")


def _change(told: Sequence[str], board: str | None) -> PersonChange | None:
    """Read what happens to a person from what is told of them; None where only a board seat is."""
    departs = any(map(_DEPARTS.search, told))
    joins = any(map(_JOINS.search, told))
    named = [words for words in told if _NAMED.search(words)]
    if named and not departs and not joins:
        return PersonChange.APPOINTED
    if joins:
        return PersonChange.APPOINTED if named and named[0] is told[0] and not departs else PersonChange.MOVES
    if departs:
        return PersonChange.DEPARTS
    rest = [words for words in told if board is None or words not in board]
    if any(map(_KEEPS.search, rest)):
        return PersonChange.STAYS
    return None if board is not None or not rest else PersonChange.APPOINTED


def _on_board(inventory: Inventory, person: Any, told: Sequence[Sentence], board: Sentence) -> Any:
    match = _BOARD.search(board.text)
    assert match is not None  # noqa: S101 - the caller found it
    span = (board.start + match.start(), board.start + match.end())
    role = inventory.document.text[span[0] : span[1]].strip()
    for article in ("a ", "an "):
        role = role.removeprefix(article)
    keeps = _KEEPS.search(board.text[max(0, match.start() - 40) : match.start()])
    return person.model_copy(
        update={
            "change": PersonChange.STAYS if keeps else PersonChange.JOINS_BOARD,
            "from_role": None,
            "to_role": role,
            # "She will keep a seat" says it, and the sentence before says who she is.
            "evidence": inventory.cite([*_namers(inventory, person.name, told, board), board]),
        }
    )


def _namers(inventory: Inventory, name: str, told: Sequence[Sentence], board: Sentence) -> list[Sentence]:
    """The nearest sentence up to ``board`` that has the whole name, else the last word of it, where that one does not."""
    before = [s for s in told if s.number <= board.number]
    for words in (fold(name), fold(name).split()[-1]):
        naming = [s for s in before if words in fold(s.text)]
        if naming:
            return naming[-1:]
    return []
