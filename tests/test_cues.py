"""Cues: words in any case, searched in small letters."""

from __future__ import annotations

import re
import sys

from summarizer.cues import Cue, one_of, small


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


def test_a_line_that_ends_between_two_words_hides_no_cue() -> None:
    """Text of short lines has its ends anywhere; places in the copy are those of the text."""
    found = Cue(r"\bclose of\b").search("Monday's Close\r\nof trade") or Cue(r"\bclose  of\b").search(
        "Monday's Close\r\nof trade"
    )
    assert found is not None
    assert found.start() == 9
    assert small("a\nB") == "a b"


def test_one_of_several_patterns_is_matched_as_whole_words() -> None:
    """A choice inside a longer word is none, and each pattern keeps its own choices."""
    cue = Cue(one_of(r"stakes?", r"(?:buy|sell) it"))
    assert [bool(cue.search(text)) for text in ("Stakes", "sell it", "mistake", "buy item", "sell")] == [
        True,
        True,
        False,
        False,
        False,
    ]
