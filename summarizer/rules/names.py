"""Names in running text that may be those of parties, told by their capitals; there is no list of companies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from .engine import words

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w&'’+/-]|\.(?=\w))*|\S")
_POSSESSIVE = re.compile(r"['’]s?$")
_OF_PLACE = re.compile(r"\S+-(?:based|quoted|listed|owned)")  # "London-based"
_LONGER = re.compile(r"[^\W\d_]{4,}")
_LONGEST = 8  # words of a name


@lru_cache(maxsize=16)
def _set(key: str) -> frozenset[str]:
    return frozenset(words("names", key).split())


def names(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, in the order of the text, without short forms of earlier ones."""
    found: list[str] = []
    edges: set[str] = set()  # how the names so far begin and end
    running = (" ".join(sentence.split()) for sentence in sentences)
    told = [name for sentence in running if not _is_title(sentence) for name in _in(sentence)]
    for name in dict.fromkeys(told):
        if name not in edges:
            found.append(name)
            parts = name.split(" ")
            edges |= {" ".join(parts[:count]) for count in range(1, len(parts) + 1)}
            edges |= {" ".join(parts[-count:]) for count in range(1, len(parts) + 1)}
    return tuple(found)


def is_common(name: str) -> bool:
    """Return whether each word of a name is a nation, a place, a day or a kind of company, so that it names nobody."""
    return all(word in _set("COMMON") or word in _set("SUFFIXES") for word in name.split())


def _is_title(sentence: str) -> bool:
    """Return whether each longer word has a capital, so that none tells a name."""
    longer = _LONGER.findall(sentence)
    return len(longer) > 3 and sentence[-1] not in '.!?;:”"' and all(word[0].isupper() for word in longer)


def _in(sentence: str) -> Iterator[str]:
    tokens = list(_TOKEN.finditer(sentence))
    index = 0
    while index < len(tokens):
        if not _capital(tokens[index][0]):
            index += 1
            continue
        end, first = _end(tokens, index), index
        no_name = _set("OPENERS") | _set("TITLES")
        while first < end and (tokens[first][0] in no_name or _OF_PLACE.fullmatch(tokens[first][0])):
            first += 1
        while index < first < end and tokens[first][0] in _set("LINKS"):  # "directors of Ash"
            first += 1
        index = end
        if first == end or _OF_PLACE.fullmatch(tokens[end - 1][0]):
            continue
        start, stop = tokens[first].start(), tokens[end - 1].end()
        name = _POSSESSIVE.sub("", sentence[start:stop])
        if len(name) > 1 and not is_common(name):
            yield name


def _end(tokens: list[re.Match[str]], start: int) -> int:
    """Return where the name that begins at ``start`` ends."""
    at = start
    while at < min(len(tokens), start + _LONGEST):
        word = tokens[at][0]
        if at > start and tokens[at].start() != tokens[at - 1].end() + 1:
            return at  # a comma or a full stop stands between
        if _capital(word):
            at += 1
            last = word in _set("SUFFIXES") and not (at < len(tokens) and tokens[at][0] in _set("SUFFIXES"))
            if last or _POSSESSIVE.search(word) or _OF_PLACE.fullmatch(word):
                return at
        elif at + 1 < len(tokens) and _capital(tokens[at + 1][0]) and _links(tokens, at):
            at += 1
        else:
            return at
    return at


def _links(tokens: list[re.Match[str]], at: int) -> bool:
    """Return whether a lower-case word stands inside a name: "Bank of Leeds", "Ash Savings and Loan"."""
    word, before, after = (tokens[i][0] for i in (at, at - 1, at + 1))
    if before in _set("SUFFIXES") and before != "Holding":
        return False
    return word == "&" or word in _set("LINKS") or (word == "and" and after in _set("TRADES"))


def _capital(word: str) -> bool:
    return word[0].isupper() or (word[0].isdigit() and word[-1].isupper())
