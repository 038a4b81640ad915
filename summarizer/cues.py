"""Patterns of English words in any case, searched in a copy of the text in small letters.

Under ``re.IGNORECASE`` every choice is tried at every letter. Without it, a choice that begins with
another letter is passed over, which is three times as fast.
"""

from __future__ import annotations

import re

NEAR = r".{0,300}?"  # bounded: what is sought behind every word of an endless line takes for ever


class Cue:
    """A pattern, written in small letters, of words in any case."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._compiled = re.compile(pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first place of ``text`` that matches; the match holds it in small letters."""
        return self._compiled.search(small(text))


def one_of(*patterns: str) -> str:
    """The pattern of whole words that match any of ``patterns``, the first that does."""
    return rf"\b(?:{'|'.join(patterns)})\b"


def small(text: str) -> str:
    """Return ``text`` in small letters, character for character, with the ones that ``re.IGNORECASE`` sees.

    A line's end is a space: in text of short lines any two words of a pattern may have one between them.
    """
    if "\n" in text:
        text = text.replace("\r", " ").replace("\n", " ")
    if not text.isascii():
        text = text.replace("İ", "i").replace("ı", "i").replace("ſ", "s")
    return text.lower()
