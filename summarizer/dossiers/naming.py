"""Names of companies and people from several texts: which forms are of one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from summarizer.figures.plain import words

Key = tuple[str, ...]
"""The words of a name: lower case, without accents, marks and legal forms."""

_LEGAL_FORMS = words(
    "inc incorporated corp corporation ltd limited plc llc llp lp ag sa se spa ab asa as oy oyj nv bv gmbh kg kgaa kk "
    "bhd pty pvt sarl sas srl sdn pte co company holding holdings"
)
_JOINED = re.compile(r"(?<=\w)[./’'](?=\w)|(?<=\w)\.(?!\w)")  # "S.p.A.", "A/S", "O'Neil"
_WORD = re.compile(r"[^\W_]+")

EXACT, ALIAS, PART, ACRONYM = 1.0, 0.95, 0.8, 0.75


@lru_cache(maxsize=65536)
def company_key(name: str) -> Key:
    """Return the words that tell a company: ``("alder", "foods")`` of "Alder Foods Inc."."""
    words = _words(name)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return tuple(words)


@lru_cache(maxsize=65536)
def person_key(name: str) -> Key:
    """Return the words of a person's name."""
    return tuple(_words(name))


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", _JOINED.sub("", name.replace("&", " and ")))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return _WORD.findall(bare) or [name.strip().casefold()]


def companies_match(a: Key, b: Key) -> float:
    """Score two forms of a company's name: equal, one the beginning of the other, or its initials; else 0."""
    if a == b or "".join(a) == "".join(b):
        return EXACT
    short, long = sorted((a, b), key=len)
    if short == long[: len(short)] and len("".join(short)) > 1:
        return PART
    if len(short) == 1 and len(long) > 2 and short[0] == "".join(word[0] for word in long):
        return ACRONYM
    return 0.0


def people_match(a: Key, b: Key) -> float:
    """Score two forms of a person's name: equal, the surname alone, or initials for first names; else 0."""
    if a == b:
        return EXACT
    short, long = sorted((a, b), key=len)
    if short[-1] == long[-1]:
        given = list(long[:-1])
        return PART if all(_take(given, word) for word in short[:-1]) else 0.0
    return ACRONYM if len(short) == 1 and len(long) > 1 and short[0] == long[0] else 0.0


def _take(given: list[str], word: str) -> bool:
    """Find a first name, or its initial, in what is left of the other's first names."""
    for index, other in enumerate(given):
        if word == other or (min(len(word), len(other)) == 1 and word[0] == other[0]):
            del given[: index + 1]
            return True
    return False
