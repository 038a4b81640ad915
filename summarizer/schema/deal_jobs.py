"""Changes of job as sentences build them: who leaves, comes, stays or takes a seat, from which job to which.

A name with its title and asides ("Ann Vale, until now head of sales at Ash, …") is the subject of a verb of
change, or stands behind words that hand a job on ("in her place comes Ann Vale").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from summarizer.document import Sentence
from summarizer.inventory import Inventory
from summarizer.schema.deal_terms import PersonChange

UPPER = "[A-ZÀ-ÖØ-ÞĆČĐŁŃŐŚŞŠŰŹŻŽİ]"
_TOKEN = rf"{UPPER}(?:\.(?:-?{UPPER}\.)*|[\w-]*(?:[’'](?!s\b)\w+)?)"
TITLE = (
    r"(?:Chief|Executive|Officer|Financial|Operating|Technology|Finance|Operations|Managing|General|Regional|Vice|Vice-[Pp]resident|"
    r"Senior|Deputy|Interim|Director|Manager|President|Chair(?:man|woman)?|Co-?[Ff]ounder|Founder|Partner|Head|Boss|C[EFOT]O|"
    r"Mr|Ms|Mrs|Dr|Sir|Dame)\b\.?"
)
_NO_NAME = (
    rf"(?:{TITLE}|The|His|Her|Its|Our|Into?|On|From|By|For|After|Since|With|Under|As|At|But|And|Yet|Then|Also|When|While|Meanwhile|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December) "
)
_NAME = re.compile(
    rf"(?<![\w’'-])(?P<title>(?:{TITLE} )*)(?P<name>(?!{_NO_NAME})"
    rf"{_TOKEN} (?:(?:de|da|del|der|di|la|le|van|von|al|bin) ){{0,2}}{_TOKEN}(?: {_TOKEN}){{0,2}})(?![\w’'-])"
)
_HEAD = (
    r"(?i:(?:(?:vice|co)-)?(?:chief(?: \w+){1,2}? officer|chief executive|managing director|c[efot]o|executive chair(?:man|woman)?|"
    r"vice[ -]president|president|chair(?:man|woman|person)?(?: emeritus)?|director|general manager|manager|chief|head|boss|founder|"
    r"partner|lead|officer|treasurer|secretary|counsel|advis[eo]r|executive|principal|editor)\b)"
)
_STOP = r"(?!(?:and|but|who|which|while|on|from|after|when|at|in|until|till|under|will|is|has|as|to|once|since|with|by)\b)"
_FIELD = r"(?: (?:of|for) (?:(?:the|its|his|her|their|our|a|all) )?(?:" + _STOP + r"[\w’'&-]+(?: |\b)){1,4})?"
_JOB = rf"(?:{_STOP}[\w’'&-]+ ){{0,3}}?{_HEAD}(?: {_HEAD})*{_FIELD}"
_OWNER = rf"(?:(?:the|an?|its|his|her|their|our|my|{UPPER}[\w-]*(?: {UPPER}[\w-]*)*['’]s?) )*"
_ANY_JOB = re.compile(rf"{_OWNER}(?P<job>{_JOB})")
_TITLE_BEFORE = re.compile(
    rf"(?:^|[\s’'])(?P<job>(?:(?:finance|sales|operations|marketing|product|technology|investment|strategy|research|deputy|interim) )?"
    rf"{_HEAD}(?: {_HEAD})*),? $",
    re.I,
)
_LEAD = r"(?:lead|head|run|chair|oversee|manage|direct)\b"
_LED = r"(?:lead|leads|led|head|heads|headed|run|runs|ran|oversees?|oversaw|manage[sd]?|looks? after|looked after)\b"
_DUTY = re.compile(rf"(?:who|where s?he|where they) (?:\w+ ){{0,3}}?(?P<job>{_LED} [^,;]+)", re.I)
_HIRED_FOR = re.compile(
    rf"(?:hired|recruited|brought in|appointed|named) [^,;]*?\bto (?P<job>{_LEAD} [^,;]+)"
)
_SO_FAR = re.compile(
    r"(?:(?:until|till|up to) (?:now|recently|(?:last|this) \w+|(?:January|February|March|April|May|June|July|August|September|October|November|December))|until|till|hitherto|so far|to date|previously|formerly|most recently|now|currently|at present|today)\b",
    re.I,
)
_ASIDE = re.compile(r", (?!and\b|but\b|while\b|then\b)(?P<aside>\d\d|[^,;:]{3,90}?)(?=,|[.;:]?$)")

_HELPS = re.compile(
    r"(?:(?:who|is|are|was|were|has|had|have|been|be|being|will|would|to|now|then|also|soon|meanwhile|set|due|expected|there|himself|herself) )*"
)
_LEAVES = re.compile(
    r"(?:step(?:s|ped|ping)? (?:down|aside|back)|st(?:an|oo)ds? down|standing down|resign\w*|retir(?:e|es|ed|ing)\b|depart(?:s|ed|ing)?\b|"
    r"(?:leav(?:e|es|ing)|left)\b(?! (?:no|little|room|open|it|us|them|the door)\b)|quit\w*|exit\w*|g(?:i|a)v(?:e|es|ing) up|relinquish\w*|vacat\w+|clear(?:s|ed|ing)? (?:his|her|their) desk|"
    r"bow(?:s|ed|ing)? out|mak(?:e|es|ing) way|go(?=(?: (?:once|when|after|at|in|on|by|as soon)\b|[.,]|$))|"
    r"hand(?:s|ed|ing)? (?:over|on|in|the|his|her)|pass(?:es|ed|ing)? (?:on|the))"
)
_STAYS = re.compile(
    rf"(?:remain(?:s|ed|ing)?|stay(?:s|ed|ing)?)(?= (?:on|as|at|in|with|until|till|put|aboard|{_OWNER}{_JOB})\b|[.,;]|$)|"
    r"(?:continu(?:e|es|ing)|carr(?:y|ies) on)(?= (?:as|in|to (?:lead|run|head))\b)|ke(?:ep|eps|pt|eping) (?=(?:his|her|their|the|a|on)\b)"
)
_TAKES_JOB = re.compile(
    r"(?:becom(?:e|es|ing)|became|tak(?:e|es|ing) (?:over|charge|the (?:helm|reins))|"
    r"took (?:over|charge|the helm)|succeed\w*|replac\w+|serv(?:e|es|ing)|act(?:s|ing)? as|step(?:s|ped|ping)? (?:up|in)|"
    r"(?:go|goes|going|went|mov(?:e|es|ed|ing)|kicked) (?:upstairs|up)|rises?)\b"
)
_MADE = re.compile(
    r"(?:appointed|named|promoted|elevated|made|hired|recruited|elected|installed|chosen|picked)\b"
)
_CROSSES = re.compile(
    r"(?:(?:mov|shift|switch|transfer|transition)(?:e|es|s|ed|ing|red|ring)?\b(?! up)|cross(?:es|ed|ing)? (?:over|to)|defect\w*|"
    r"join(?:s|ed|ing)?\b|com(?:e|es|ing) (?:over|across|aboard|on board|from))"
)
_AT = re.compile(
    r"\b(?:at|of|in|with|from|joins?|joined|joining|(?:mov|shift|switch|transfer|cross|com|go)\w* (?:over |across )?to) (?:the )?$",
    re.I,
)
_SEAT = re.compile(
    r"(?:tak(?:e|es|ing)|took|gets?|getting|given|receiv\w+|assumes?|fills?|ha(?:s|ve)|ke(?:ep|eps|pt)|retain\w*)(?: up)? (?P<seat>(?:an?|one|the|his|her) "
    r"(?:[\w’'-]+ ){0,2}?(?:seat|chair|place)(?: (?:on|at) [^,;.]*?\bboard(?: of directors)?\b)?)"
)
_BOARD = re.compile(r"(?:[\w’'-]+ )?\bboard\b(?: of directors| seat)?")
_NEW = re.compile(
    rf"\b(?:as|to be|to become|to serve as|becom(?:e|es|ing)|became|(?:nam|appoint|elect|mad)ed?(?: as)?|remain(?:s|ing)?) {_OWNER}(?P<job>{_JOB})"
)
_DUTIES = re.compile(rf"\b(?:(?:to|will|would)(?: help)?) (?P<job>{_LEAD} [^,;.]+)")
_OLD = re.compile(
    rf"\b(?:as|of|up|from|over|relinquish\w*|vacat\w+|hands?|handed|leav\w+) {_OWNER}(?P<job>{_JOB})"
)

_TO_THE_NEXT = re.compile(
    r"(?:\b(?:in|into|to fill) (?:his|her|their) (?:place|shoes|stead|seat|post|chair) (?:comes?|steps?|moves?|goes|is|will be)|"
    r"\b(?:his|her|their|whose|the) (?:successor|replacement)\b[^,;.]{0,50} (?:is|will be|becomes)|"
    r"\b(?:place|post|seat|job|role|chair|baton|reins|helm|mantle)\b (?:goes|passes|went|passed|falls|is passed|will (?:go|pass|fall)) to|"
    r"\b(?:hand|pass)(?:s|es|ed|ing)?\b[^;.]{0,70}? to|\bmak(?:e|es|ing) way for|"
    r"\bin the person of|\b(?:replaced|succeeded|followed)(?: as [^,;.]{3,40})? by|\bto be (?:led|run|headed) by|\bwill be (?:led|run|headed) by) $",
    re.I,
)  # fmt: skip
_WON = re.compile(
    r"\b(?:lur(?:e|ed|es|ing)|poach\w*|hir(?:e|ed|es|ing)|recruit\w*|appoint\w*|nominat\w*|nam(?:e|es|ed|ing)|promot\w+|install\w*|picked|chosen|tapped|br(?:ought|ings?|inging) in) $",
    re.I,
)
_NEXT = re.compile(r"(?:;|,? (?:and|but)|, (?:then|before))(?: (?:also|then|later|but|in turn))* ")
_ELSEWHERE = re.compile(rf"\b(?:at|of|with|for) (?:the )?(?:[\w-]+ )*?{UPPER}")
NO_PERSON = re.compile(
    rf"{TITLE}$|"
    r"\b(?:Series|Class|Tier|Phase|Round) (?:[A-Z]|\d)\b|\b(?:Funds?|Management|Group|Holdings?|Capital|Partners|Ventures?|Bank|Inc|Corp|"
    r"Corporation|Company|Ltd|Limited|plc|GmbH|AG|SA|Systems|Board|Street|Industries|Foods|Energy)\b"
)  # fmt: skip

_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b")
_UNREAL = re.compile(r"(?:was|were|had been) (?:to|due to|set to|expected to) have\b|was to\b")
_PAST = re.compile(
    r"(?:has |had )?(?:joined|became|took|left|was|moved|stepped|served|ran|led)\b.* (?:in|since) (?:\w+ )?(?:19|20)\d\d\b"
)
_OF_A_JOB = re.compile(
    rf"\b(?:post|job|role|position|seat|chair|helm|place|reins|desk|baton|board|management|{_HEAD})\b"
)
_AFTER_JOB = re.compile(
    r"(?<!looks)(?<!looked) (?:for \w+ (?:years?|months?)|since|from|on|under|until|after|when|once|while)\b.*"
)
_TO_COMPANY = re.compile(rf"\b(?:over|to|joins?|joined|joining) (?:the )?{UPPER}")
_GIVES = re.compile(r"hand|pass|g[ia]v|relinquish|vacat")
_TO_BECOME = re.compile(rf"\bto (?:become|be) {_OWNER}(?P<job>{_JOB})")
_BEFORE = (
    160  # characters before a name that may hand it a job; a longer look would make long lists of names slow
)
_PRONOUN = re.compile(r"(?:He|She) ")
_DIRECTOR = re.compile(r"\b(?:director|board)\b")
_FROM_HIM = re.compile(
    r"\b(?:from (?:him|her|them)|(?:his|her|their) (?:place|post|seat|job|role)|(?:him|her)\b)"
)
_LEADS = re.compile(rf"\b(?P<job>{_LEAD} [^,;.]+)")
_JOINS_BOARD = re.compile(
    r"(?:join(?:s|ed|ing)?|com(?:e|es|ing) on(?:to)?|sits? on|(?:elected|appointed|named) to) (?:the |its )?(?:[\w’']+ ){0,3}?board\b"
)


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


def job_changes(inventory: Inventory) -> list[JobChange]:
    """Every change of job that the sentences of the running text tell of somebody named in full, in order."""
    changes: list[JobChange] = []
    left: tuple[str, Sentence] | None = None  # the job last given up: whoever comes "in her place" gets it
    last: tuple[_Told, Sentence] | None = None  # who "he" or "she" is at the head of the next sentence
    for sentence in inventory.sentences:
        if sentence.heading:
            continue
        text = " ".join(sentence.text.split())
        told = list(_told(text))
        pronoun = _PRONOUN.match(text)
        if last is not None and last[1].block != sentence.block:
            last = None
        if pronoun is not None and last is not None:
            end = text.index(told[0].name) if told else len(text)
            told.insert(0, replace(last[0], before="", rest=text[pronoun.end() : end]))
        for one in _to_whom_it_belongs(told):
            for change, old, new in _changes(one, left[0] if left is not None else None):
                telling = [sentence]
                if left is not None and new == left[0]:
                    telling.insert(0, left[1])
                if last is not None and one.name == last[0].name:
                    telling.insert(0, last[1])
                changes.append(JobChange(one.name, change, old, new, tuple(telling)))
                if (
                    old is not None
                    and _OF_A_JOB.search(old)
                    and not one.elsewhere
                    and change is not PersonChange.STAYS
                ):
                    left = old, sentence
        if told and not (pronoun is not None and last is not None and len(told) == 1):
            last = told[-1], sentence
    return changes


def _told(text: str) -> Iterator[_Told]:
    names = [m for m in _NAME.finditer(text) if not NO_PERSON.search(m["name"]) and not _is_place(m, text)]
    at = 0
    for number, match in enumerate(names):
        if match.start() < at:
            continue  # inside an aside on the one before
        said_before = text[max(0, match.start("name") - _BEFORE) : match.start("name")]
        title = _TITLE_BEFORE.search(said_before)
        job = title["job"] if title is not None else None
        before = (
            said_before[: title.start("job")]
            if title is not None
            else said_before.removesuffix(match["title"])
        )
        elsewhere = False
        at = match.end()
        while (aside := _ASIDE.match(text, at)) is not None and _kind(aside["aside"])[0] is None:
            said = _job_in(aside["aside"])
            if said is not None:
                job = said
                elsewhere = bool(_SO_FAR.match(aside["aside"]) and _ELSEWHERE.search(aside["aside"]))
            at = aside.end()
        end = next((later.start() for later in names[number + 1 :] if later.start() >= at), len(text))
        yield _Told(match["name"], before, job, elsewhere, text[at:end].lstrip(", "))


def _to_whom_it_belongs(told: list[_Told]) -> list[_Told]:
    """Give "and becomes chairman" behind "he hands over to Ann Vale, now head of sales, …" to him, not to her."""
    for number in range(1, len(told)):
        before, after = told[number - 1], told[number]
        if _TO_THE_NEXT.search(after.before) and after.rest.startswith("and "):
            told[number - 1] = replace(before, rest=f"{before.rest}, {after.rest}")
            told[number] = replace(after, rest="")
    return told


def _is_place(name: re.Match[str], text: str) -> bool:
    """Whether the words before a name make it where somebody works, as in "moves to Pell Quay"."""
    before = text[max(0, name.start() - _BEFORE) : name.start()]
    return bool(_AT.search(before)) and not _TO_THE_NEXT.search(before)


def _job_in(aside: str) -> str | None:
    """The job that an aside tells: "until now head of sales at Ash", "who runs procurement"."""
    duty = _DUTY.match(aside)
    held = (
        _NEW.search(aside)
        if aside.startswith("who ")
        else _ANY_JOB.match(_SO_FAR.sub("", aside, count=1).lstrip())
    )
    if held is None and _SO_FAR.match(aside):
        held = _ANY_JOB.search(aside)
    found = held or duty or _HIRED_FOR.match(aside)
    return _AFTER_JOB.sub("", found["job"].strip()) if found is not None else None


def _changes(told: _Told, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """The changes that the words before and behind a name tell, each with the job before and after it."""
    handed = _TO_THE_NEXT.search(told.before)
    won = _WON.search(told.before)
    if handed is not None:
        if re.match(r"hand|pass", handed[0], re.I) and not _OF_A_JOB.search(handed[0]):
            return  # control or a share is handed over, no job
        given = _OLD.search(handed[0]) or _DUTIES.search(told.rest)
        if told.job is not None or given is not None:
            new = given["job"].strip() if given is not None else left if _FROM_HIM.search(handed[0]) else None
            yield PersonChange.MOVES if told.elsewhere else PersonChange.APPOINTED, told.job, new
        return
    if won is not None:
        yield from _won(told)
        return
    yield from _subject(told, left)


def _won(told: _Told) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """Somebody lured, hired, named or nominated: the words behind the name tell where from and what for."""
    if _DIRECTOR.search(told.before[-60:]) and told.job is not None:
        yield PersonChange.JOINS_BOARD, None, "director"
        return
    new = _NEW.search(told.rest) or _DUTIES.search(told.rest) or _ANY_JOB.match(told.rest)
    if new is not None:
        duty = _DUTY.search(told.rest)
        away = told.elsewhere or re.match(r"(?:away )?from\b", told.rest)
        old = told.job or (duty["job"] if duty is not None else None)
        yield PersonChange.MOVES if away else PersonChange.APPOINTED, old, new["job"].strip()


def _subject(told: _Told, left: str | None) -> Iterator[tuple[PersonChange, str | None, str | None]]:
    """Somebody who leaves, comes, stays or takes a seat: the verbs behind the name, clause by clause."""
    kinds: set[str] = set()
    old, new = None, None
    for clause in _NEXT.split(told.rest):
        kind, body = _kind(clause)
        if _UNREAL.match(clause):
            continue
        if kind is None or _PAST.match(clause):
            break  # another subject, or something that is no change now
        if kind == "seat":
            yield from _seat(body, left)
            continue
        if kind == "leaves":
            gives = _OLD.search(clause) or _BOARD.search(clause)
            old = old or (gives.groupdict().get("job") or gives[0] if gives is not None else None)
            gets = _DUTIES.search(clause) or _TO_BECOME.search(clause)
            kind = "crosses" if gets is not None else kind
        else:
            gets = (
                _NEW.search(clause)
                or _DUTIES.search(clause)
                or (_LEADS.search(clause) if kind == "leads" else None)
            )
        if gets is not None:
            new = new or _AFTER_JOB.sub("", gets["job"].strip())
        elif kind in ("takes", "crosses") and _FROM_HIM.search(clause):
            new = new or left
        elif (kind == "takes" and not _OF_A_JOB.search(clause)) or (
            kind == "crosses" and not _TO_COMPANY.search(clause)
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
    seat = _SEAT.match(body)
    board = _BOARD.search(body)
    if board is not None or (left is not None and _BOARD.search(left)):
        words = (
            re.sub(r"^an? ", "", seat["seat"])
            if seat is not None
            else board[0]
            if board is not None
            else None
        )
        kept = re.match(r"ke(?:ep|pt)|retain", body)
        yield PersonChange.STAYS if kept else PersonChange.JOINS_BOARD, None, words


def _kind(clause: str) -> tuple[str | None, str]:
    """What the verb of a clause tells, and the clause from that verb on."""
    helps = _HELPS.match(clause)
    body = clause[helps.end() :] if helps is not None else clause
    if _SEAT.match(body) or _JOINS_BOARD.match(body):
        return "seat", body
    leaves = _LEAVES.match(body)
    if leaves is not None and (not _GIVES.match(body) or _OF_A_JOB.search(body)):
        return "leaves", body
    if _STAYS.match(body) and (not body.startswith("ke") or _OF_A_JOB.search(body)):
        return "stays", body
    if _TAKES_JOB.match(body) or (
        _MADE.match(body) and _PASSIVE.search(helps[0] if helps is not None else "")
    ):
        return "takes", body
    if _CROSSES.match(body):
        return "crosses", body
    if re.match(_LEAD, body) and re.search(r"\b(?:will|would|to)\b", helps[0] if helps is not None else ""):
        return "leads", clause
    return None, body
