"""Footnote marks: the "1" of "$320 million1", "22%²", "euros[3]" and "shares*"."""

import re

from .currencies import CODES, UNIT_WORDS
from .numerals import POWERS

_SUPERSCRIPTS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(
    r"(?<=[A-Za-z%])(?:(?P<digits>[0-9]{1,2}(?:,[0-9]{1,2}){0,3}(?![\w%])(?![.,][0-9]))"
    rf"|(?P<raised>[{_SUPERSCRIPTS}]{{1,3}}(?:[ ,][{_SUPERSCRIPTS}]{{1,3}}){{0,3}}(?!\w)|[*†‡§]{{1,3}})"
    r"|\[[0-9a-z]{1,3}\]|\^?\([0-9a-z]{1,2}\)|\^[0-9]{1,2})"
)
_WORD = re.compile(r"(?:(?<![A-Za-z])|(?<=[0-9]))[A-Za-z]{1,12}\Z|%\Z")
_NOTED = {word for word in (*POWERS, *UNIT_WORDS) if len(word) > 3} | {
    "yen",
    "pct",
    "percent",
    "share",
    "shares",
}
# "22%20" is an escape of an address, not a note.
_ESCAPE = re.compile("[2-7][0-9]")


def blank(text: str) -> str:
    """Return `text` with spaces for the marks behind figures, character for character."""
    return _MARK.sub(lambda match: " " * len(match[0]) if _is_mark(text, match) else match[0], text)


def _is_mark(text: str, mark: re.Match[str]) -> bool:
    at = mark.start()
    word = _WORD.search(text, max(0, at - 13), at)
    if word is None:
        return False
    if word[0] == "%":
        return mark["digits"] is None or _ESCAPE.fullmatch(mark["digits"]) is None
    if mark["raised"] and word[0] in CODES:
        return True
    name, before = word[0].lower(), text[max(0, word.start() - 2) : word.start()]
    if name in _NOTED:
        return True
    glued = before[-1:].isdigit()
    return name in POWERS and (glued or (len(name) > 1 and before[-1:] == " " and before[:1].isdigit()))
