"""Undo what copying did to a text (entities, ligatures, hyphens at line ends), and keep the way back.

All other modules work on the repaired text. Its offsets are mapped to those of the text as given.
"""

import html
import re
from bisect import bisect_right
from typing import NamedTuple

from .currencies import UNIT_WORDS
from .numerals import NUMBER_WORDS, PARTS, POWERS
from .plain import flatten

_JOINED = {*NUMBER_WORDS, *POWERS, *PARTS, *UNIT_WORDS, "hundred", "percent", "shares"}
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SUPERSCRIPTS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
# A footnote's mark stands at the end of a scale word, a percent sign or a unit: "$320 million1", "22%²".
_LONG = "|".join(word for word in sorted(POWERS, key=len, reverse=True) if len(word) > 3)
_SHORT = "|".join(word for word in POWERS if len(word) in (2, 3) and word not in ("mm", "cr"))
_NOTED = (
    rf"(?:%|(?<![A-Za-z])(?i:{_LONG}|percent|cent|pct|dollars|euros|pounds|yen|shares)"
    rf"|(?:(?<=[0-9])|(?<=[0-9] ))(?i:{_SHORT}))"
)
_MARK = rf"(?:[0-9]{{1,2}}(?![\w%])(?![.,][0-9])|[{_SUPERSCRIPTS}]{{1,3}}(?!\w)|\[[0-9a-z]{{1,3}}\]|[*†‡§]{{1,3}})"
_EDITS = re.compile(
    rf"(?P<entity>&(?:[A-Za-z]{{2,8}}|\#[0-9]{{2,6}}|\#[xX][0-9A-Fa-f]{{2,5}});)"
    rf"|(?P<ligature>[{''.join(_LIGATURES)}])"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
    r"|\b(?P<head>[A-Za-z]{1,12})(?P<hyphen>[-‐][ \t]{0,9}\r?\n[ \t]{0,9})(?=(?P<tail>[a-z]{1,12})(?![A-Za-z]))"
    rf"|{_NOTED}(?P<mark>{_MARK})",
)
_SIGN_OF_EDIT = re.compile(rf"[&%*†‡§\[{_SUPERSCRIPTS}{_INVISIBLE}{''.join(_LIGATURES)}]|[A-Za-z][0-9]|[-‐][ \t]*\r?\n")


class Repaired(NamedTuple):
    """A plain copy of a text, and where its pieces stand in the text.

    Of each edit, `at` has the end in the copy; `spans` has its start and end in the copy and in the text.
    """

    text: str
    at: tuple[int, ...] = ()
    spans: tuple[tuple[int, int, int, int], ...] = ()

    def start(self, position: int) -> int:
        """Return the offset in the text as given of the character at `position` of the copy."""
        return self._given(position)[0]

    def end(self, position: int) -> int:
        """Return the offset in the text as given after the character that ends at `position` of the copy."""
        return self._given(position - 1)[1]

    def _given(self, position: int) -> tuple[int, int]:
        index = bisect_right(self.at, position)
        if index < len(self.spans):
            first, last, given, given_end = self.spans[index]
            if first <= position < last:
                return given, given_end
        shift = self.spans[index - 1][3] - self.spans[index - 1][1] if index else 0
        return position + shift, position + shift + 1


def repair(text: str) -> Repaired:
    """Return the plain copy of `text`, repaired."""
    if not _SIGN_OF_EDIT.search(text):
        return Repaired(flatten(text))
    pieces: list[str] = []
    spans: list[tuple[int, int, int, int]] = []
    done = length = 0
    for match in _EDITS.finditer(text):
        start, end, new = _edit(match)
        if new is None:
            continue
        pieces += [text[done:start], new]
        first = length + start - done
        length, done = first + len(new), end
        spans.append((first, length, start, end))
    pieces.append(text[done:])
    return Repaired(flatten("".join(pieces)), tuple(last for _, last, _, _ in spans), tuple(spans))


def _edit(match: re.Match[str]) -> tuple[int, int, str | None]:
    """Return what an edit replaces and by what; None where the words are better left alone."""
    group = match.lastgroup if match["head"] is None else "hyphen"
    start, end = match.span(group or 0)
    if group == "entity":
        new = html.unescape(match[0])
        return start, end, new if new != match[0] and len(new) == 1 else None
    if group == "hyphen":
        whole = (match["head"] + match["tail"]).lower()
        return start, end, "" if whole in _JOINED else None
    return start, end, _LIGATURES.get(match[0], "") if group == "ligature" else ""
