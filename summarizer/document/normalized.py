"""A text as a reader sees it, with the way back to the source.

Files and pages write the same words in many ways: with invisible characters between the letters, with an
accent as a character of its own, with ligatures, HTML entities, or a hyphen where a line ends. Matching and
prompts use the normalized text; evidence is always a span of the source.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

# Unicode's Default_Ignorable_Code_Point, controls that are not white space, and halves of characters.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]+")
_MARKS = "\u0300-\u034e\u0350-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
_ENTITY = re.compile(r"&(?:amp;)*(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A soft hyphen where a line ends, what is invisible, ligatures, full-width letters and digits.
_UNSEEN = re.compile(
    rf"\xad[ \t]*\r?\n[ \t]*(?=\w)|[{_INVISIBLE}]+|([\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a])"
)
# A letter and its marks (no language has thirty on one letter), Hangul in parts, letters that are signs.
_COMPOSED = re.compile(rf"[\s\S][{_MARKS}]{{1,30}}|[\u1100-\u115e\u1161-\u11ff]{{1,90}}|[\u2126\u212a\u212b]")
_TO_COMPOSE = re.compile(rf"[{_MARKS}\u1100-\u11ff\u2126\u212a\u212b]")
_LINE_END_HYPHEN = re.compile(r"[-‐](?<=\w.)[ \t]*\r?\n[ \t]*(?=\w)")


def strip_invisible(text: str) -> str:
    """Return ``text`` without characters that no reader sees."""
    return _INVISIBLE_RUN.sub("", text)


class Normalized:
    """A normalized text and the place of each of its characters in the source.

    ``text`` has no invisible characters, composed accents (NFC), letters for ligatures and full-width forms,
    characters for HTML entities, and, if ``join_lines``, no word that is broken by a hyphen at a line end.
    White space, case, quotes and dashes are those of the source. Making one takes time linear in the source.
    """

    __slots__ = ("_layers", "text")

    def __init__(self, source: str, *, join_lines: bool = True) -> None:
        self.text = source
        self._layers: tuple[_Layer, ...] = ()
        if "&" in source:
            self._apply(_ENTITY, _character)
        self._apply(_UNSEEN, _seen)
        if not self.text.isascii() and _TO_COMPOSE.search(self.text):
            self._apply(_COMPOSED, _composed)
        if join_lines:
            self._apply(_LINE_END_HYPHEN, _joined)

    def joined(self) -> Normalized:
        """Return this text with the words joined that a hyphen breaks at a line end."""
        other = Normalized.__new__(Normalized)
        other.text, other._layers = self.text, self._layers
        other._apply(_LINE_END_HYPHEN, _joined)
        return other

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the source that ``text[start:end]``, which must not be empty, was made from.

        A character that stands for several of the source, or one of several that stand for one, gives all
        of them. Invisible characters at both edges are left out.
        """
        for layer in reversed(self._layers):
            start, end = layer.span(start, end)
        return start, end

    def index(self, offset: int) -> int:
        """Return the index in ``text`` of the first character that comes from ``offset`` or behind it."""
        for layer in self._layers:
            offset = layer.index(offset)
        return offset

    def slice(self, start: int, end: int) -> str:
        """Return the normalized text of the source from ``start`` to ``end``."""
        return self.text[self.index(start) : self.index(end)]

    def _apply(self, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None]) -> None:
        pieces: list[str] = []
        after, before = [0], [0]
        done = length = 0

        def add(piece: str, end: int) -> None:
            nonlocal done, length
            pieces.append(piece)
            length += len(piece)
            done = end
            after.append(length)
            before.append(done)

        for match in pattern.finditer(self.text):
            replacement = replace(match)
            if replacement is None:
                continue
            if match.start() > done:
                add(self.text[done : match.start()], match.start())
            add(replacement, match.end())
        if pieces:
            add(self.text[done:], len(self.text))
            self.text = "".join(pieces)
            self._layers += (_Layer(after, before),)


class _Layer:
    """Where the pieces of a text begin after and before one replacement; the last entries are both ends.

    A piece of the same length before and after it maps character for character, another one as a whole.
    """

    __slots__ = ("_after", "_before")

    def __init__(self, after: Sequence[int], before: Sequence[int]) -> None:
        self._after = after
        self._before = before

    def span(self, start: int, end: int) -> tuple[int, int]:
        first = bisect_right(self._after, start) - 1
        last = bisect_left(self._after, end) - 1
        begin = self._before[first] + (start - self._after[first] if self._same(first) else 0)
        if self._same(last):
            return begin, self._before[last] + end - self._after[last]
        return begin, self._before[last + 1]

    def index(self, offset: int) -> int:
        piece = bisect_right(self._before, offset) - 1
        if piece + 1 == len(self._before):
            return self._after[-1]
        inside = offset - self._before[piece]
        if self._same(piece):
            return self._after[piece] + inside
        return self._after[piece + 1] if inside else self._after[piece]

    def _same(self, piece: int) -> bool:
        return self._after[piece + 1] - self._after[piece] == self._before[piece + 1] - self._before[piece]


def _character(match: re.Match[str]) -> str | None:
    """The character of an HTML entity, however often its "&" was escaped again."""
    entity = f"&{match[1]};"
    character = html.unescape(entity)
    return None if character == entity else character


def _seen(match: re.Match[str]) -> str:
    """Nothing for what is invisible; plain letters for a ligature or a full-width form."""
    return unicodedata.normalize("NFKC", match[1]) if match[1] else ""


def _composed(match: re.Match[str]) -> str | None:
    """A letter with its marks as one character, where there is one."""
    composed = unicodedata.normalize("NFC", match[0])
    return None if composed == match[0] else composed


def _joined(match: re.Match[str]) -> str:
    """The hyphen at a line end where it belongs to the word: before a capital, beside a digit."""
    before, after = match.string[match.start() - 1], match.string[match.end()]
    return "" if before.isalpha() and after.islower() else "-"
