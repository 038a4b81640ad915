"""Whether a text is English, the one language that the figures and roles are read in."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_COMMON = """the a an of to in and for on at by with from is are was were be been it its as that this said has
have had will would not but or which who their his her he she they we after also more than into over about i you"""
_COMMON_WORDS = frozenset(_COMMON.split())
_LEAST_WORDS = 20
_LEAST_SHARE = 0.12  # English prose has 35 to 50 of 100; lists and tables of names have fewer


def is_english(text: str) -> bool:
    """Whether common English words make up enough of the text; a text under 20 words counts as English."""
    words = _WORD.findall(text[:20_000])
    if len(words) < _LEAST_WORDS:
        letters = sum(c.isalpha() for c in text)
        return letters == 0 or sum(c.isascii() and c.isalpha() for c in text) > letters / 2
    return sum(map(_COMMON_WORDS.__contains__, map(str.lower, words))) >= _LEAST_SHARE * len(words)
