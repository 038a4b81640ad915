"""Which figures tell of a transaction before the one that an article reports. No model is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.cues import Cue, small
from summarizer.figures import Kind, Mention

_REACH = 90  # characters before a year that tell what began or ended then
_PAST = Cue(
    r"\b(?:previous(?:ly)?(?![ -](?:announced|reported|disclosed|agreed|proposed|planned))|earlier (?:deal|round|investment|funding|acquisition|this year|in|stake)|last (?:year|spring|summer|autumn|winter)|(?:years?|decades?) ago|"
    r"(?:years?|months?) back|months? ago|a year earlier|prior (?:round|funding|investment|deal)|former(?:ly)?|past (?:deal|round)s?|"
    r"(?:most recent|last|latest) (?:funding|round|valuation|purchase|acquisition)|at th(?:e|at) time|back then|ever (?:raised|took in|paid)|history)\b"
)
_DONE = Cue(
    r"\b(?:raised|acquired|bought|invested|(?<!being )sold|purchased?|merged|absorbed|swallowed|gobbled up|inherited|paid|took|funding|round|acquisition|backed|led|spent|put(?: in)?(?= (?:[a-z]{0,3}[^a-z ]|money|cash))|purchases|had (?:it|them) from|"
    r"(?:got|came|bought|buying) in|(?:picked|snapped|scooped) up|changed hands|let go|approach|turned down|rebuffed|rejected|refused|spurned)\b"
)
_AHEAD = Cue(
    r"\b(?:will(?! (?:only |just )?(?:say|admit|add|note|tell)\b)|would|expect\w*|plans?|due|agreed|agrees|options?|until(?! now\b| then\b)|(?:is|are) (?:being|buying|selling|paying|acquiring|taking|to|set))\b"
)
# A clause on one of the parties: "Ash, which raised $3 million in 2029, …". What it tells is told of no other clause.
_ASIDE = re.compile(
    r",\s(?:which|who|whose|where|when|having|set up|founded|started)\b[^,;]*(?:,(?=\d)[^,;]*)*(?=[,;.]|$)"
)
_WHEN = re.compile(r"(?:19|20)\d\d, when$")  # "since 2029, when it paid"
# A year in which something began, or that a comparison or a result goes by, is no day of a deal.
_NOT_THEN = re.compile(
    r"(?:\b(?:founded|established|set up|started|launched|formed|created|born|incorporated|opened|began|begun|dates|dating|built|listed|floated|spun off)(?: \w+){0,3} (?:in|from|back to)|"
    r"\b(?:since|by|until|till|before|than in|fiscal|year)|"
    r"\b(?:revenues?|sales|turnover|profits?|earnings|earned|loss(?:es)?|income|ebitda|turned over)\b[^;,]{0,30}\b(?:in|for|of|during)) $"
)
# "The $5 million it raised in 2030": of that day, whatever the sentence is about.
_RAISED_THEN = re.compile(
    r"(?: (?:that|which))?(?: [\w’'.&-]+){1,3} (?:had )?(?:raised|invested|paid|put in|put up|took in|got|collected)(?: for [\w’'.&-]+(?: [\w’'.&-]+)?| in (?:a|its|their) [\w ]{1,20}?round| from [\w’'.&-]+(?: [\w’'.&-]+)?)?"
    r" (?:(?:back )?in |in (?:\w+ )(?:of )?)(?:19|20)\d\d\b"
)
# "Its backers had put in $5 million": not where somebody says so, who speaks of what is new.
_HAD = re.compile(
    r"\bhad (?:already |once |also |earlier )?(?:raised|put in|invested|collected|poured|paid)\b"
)
_SAYS = re.compile(r"\b(?:said|says|told|announc\w+|confirm\w+|report\w+|that)\b")
_BACKGROUND = Cue(r"\b(?:background|history|previous|earlier|past)\b")


def is_earlier(sentence: str, heading: str, offset: int, mentions: Sequence[Mention]) -> tuple[bool, ...]:
    """Whether each of the ``mentions`` of a sentence tells of a transaction before the one that its article reports.

    ``offset`` is where the sentence begins in the text. Signs: a word such as "previously", or a finished
    transaction in a bare year ("raised … in 2031"), or a year under a heading such as "Background". A full date
    is no sign: news gives the day of its own deal. A sign in an aside (", which was bought in 2029,") holds for
    the figures of that aside, one outside of it for all of the sentence.
    """
    if _DONE.search(sentence) is None:
        return (False,) * len(mentions)
    if mentions and _BACKGROUND.search(heading):
        return (True,) * len(mentions)
    words = small(sentence)
    asides = [match.span() for match in _ASIDE.finditer(words)]
    main = words
    for start, end in asides:
        main = main[:start] + " " * (end - start) + main[end:]
    if _is_before(main, offset, mentions):
        return (True,) * len(mentions)
    told = [
        (start, end)
        for start, end in asides
        if _DONE.search(words[start:end])
        and (
            _WHEN.search(words, 0, start + 6) or _is_before(" " * start + words[start:end], offset, mentions)
        )
    ]
    return tuple(
        any(start <= mention.start - offset < end for start, end in told)
        or _RAISED_THEN.match(words, mention.end - offset) is not None
        for mention in mentions
    )


def is_other_year(words: str) -> bool:
    """Whether a year behind ``words``, in small letters, is that of a beginning, a comparison or a result, no deal's."""
    return _NOT_THEN.search(words[-_REACH:]) is not None


def _is_before(words: str, offset: int, mentions: Sequence[Mention]) -> bool:
    """Whether the words of a clause, the rest of its sentence blank, have the sign of something earlier."""
    if _PAST.search(words) or (_HAD.search(words) and not _SAYS.search(words)):
        return True
    years = (m.start - offset for m in mentions if m.kind is Kind.DATE and len(m.date or "") == 4)
    return not _AHEAD.search(words) and any(
        words[year : year + 1].strip() and not _NOT_THEN.search(words[max(0, year - _REACH) : year])
        for year in years
    )
