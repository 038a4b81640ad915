"""Cues: words in any case, searched in small letters."""

from __future__ import annotations

import re
import sys

from summarizer.cues import Cue, small


def test_small_letters_are_those_that_a_pattern_that_ignores_case_sees() -> None:
    """For every character of Unicode: it keeps its place, and is an a exactly where re.IGNORECASE says so."""
    text = "".join(map(chr, range(sys.maxunicode + 1)))
    lowered = small(text)
    assert len(lowered) == len(text)
    for letter in "abcdefghijklmnopqrstuvwxyz":
        ignoring = [found.start() for found in re.finditer(letter, text, re.IGNORECASE)]
        assert [found.start() for found in re.finditer(letter, lowered)] == ignoring


def test_a_match_has_the_offsets_of_the_text() -> None:
    """Letters that grow when they are lowered do not shift what follows."""
    found = Cue(r"\bstake\b").search("İİ A STAKE")
    assert found is not None
    assert found.span() == (5, 10)
