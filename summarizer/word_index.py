"""The words of a text as a sequence, in which the words of a quotation are found whatever stands between them.

Words, numbers and currency signs count; punctuation, hyphens and white space do not.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%$€£¥₹₩]")


class Found(NamedTuple):
    """Where words stand: the index of their passage, and the start and end in the text."""

    passage: int
    start: int
    end: int


def tokens_of(folded: str) -> list[str]:
    """Return the words, numbers and currency signs of a folded text, in order."""
    return _TOKEN.findall(folded)


class WordIndex:
    """The words of the passages of a folded text. Making one, and each search, take time linear in the text."""

    def __init__(self, folded: str, passages: Sequence[tuple[int, int]]) -> None:
        self._folded, self._bounds = folded, passages
        self._passages = array("I")  # in ``_joined``, where each passage begins
        pieces: list[str] = []
        length = 0
        for passage in passages:
            self._passages.append(length)
            pieces.append(" ".join(["", *_TOKEN.findall(folded, *passage), "\n"]))
            length += len(pieces[-1])
        self._joined = "".join(pieces)

    def words_in(self, passage: int) -> frozenset[str]:
        """Return the words of one passage."""
        return frozenset(self._joined[self._passages[passage] : self._end(passage)].split())

    def find(self, parts: Sequence[Sequence[str]]) -> Found | None:
        """Return where the first passage has these parts one behind the other, each without a gap."""
        wanted = [f" {' '.join(part)} " for part in parts]
        at = 0
        while at < len(self._passages):
            begin = self._joined.find(wanted[0], self._passages[at])
            if begin < 0:
                return None
            at = bisect_right(self._passages, begin) - 1
            if (found := self._found(wanted, at, begin)) is not None:
                return found
            at += 1
        return None

    def find_in(self, parts: Sequence[Sequence[str]], passage: int) -> Found | None:
        """Return where one passage has these parts."""
        wanted = [f" {' '.join(part)} " for part in parts]
        return self._found(wanted, passage, self._passages[passage])

    def _found(self, wanted: Sequence[str], passage: int, begin: int) -> Found | None:
        """Where a passage has these parts, the first of them at ``begin`` or behind it."""
        limit = self._end(passage)
        begin = end = self._joined.find(wanted[0], begin, limit)
        for part in wanted:
            end = self._joined.find(part, end, limit)
            if end < 0:
                return None
            end += len(part) - 1  # the blank behind a part may be the one before the next
        # A blank stands before each word. The places of words are looked up where some are found, which is
        # seldom.
        first, last = (self._joined.count(" ", self._passages[passage], at) for at in (begin, end))
        places = [match.span() for match in _TOKEN.finditer(self._folded, *self._bounds[passage])]
        return Found(passage, places[first][0], places[last - 1][1])

    def _end(self, passage: int) -> int:
        return self._passages[passage + 1] if passage + 1 < len(self._passages) else len(self._joined)
