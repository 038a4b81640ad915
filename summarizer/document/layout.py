"""Lines into blocks: a paragraph, a heading or a list item, whether or not its lines are wrapped."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from .sentences import ends_sentence

# White space, controls and invisible format characters: they carry no words, at an edge they are trimmed.
BLANK = "".join(
    chr(code)
    for first, last in (
        (0x00, 0x20),
        (0x7F, 0xA0),
        (0xAD, 0xAD),
        (0x61C, 0x61C),
        (0x1680, 0x1680),
        (0x180E, 0x180E),
        (0x2000, 0x200F),
        (0x2028, 0x202F),
        (0x205F, 0x206F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)
_MARKER = re.compile(r"(?:[-*–—·✓✔➤]|\d{1,2}[.)]|(#{1,6}))\s+(?=\S)|[•‣◦▪●■►]\s*(?=\S)")
# What a news wire closes a story with.
SIGN_OFF = re.compile(r"\W*(?:reuters?|more|ends?|30|ap|afp|dpa|upi)\W*", re.IGNORECASE)
# No line ends in one of these but in the middle of a sentence.
_LEADING_ON = frozenset(
    (
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "its",
        "of",
        "on",
        "or",
        "said",
        "that",
        "the",
        "to",
        "with",
    )
)
_WIDEST = 110  # characters; a longer line was not wrapped by hand or by a news wire
_SHORTEST = 40  # characters of a line that may go on in the next where the text is not wrapped
_NARROWEST = 30  # characters; a newsletter has no narrower column


class Block(NamedTuple):
    """Characters ``start`` to ``end`` of the source, trimmed, without the marker of an item or heading."""

    start: int
    end: int
    bullet: bool
    marked_heading: bool  # "## Terms"


class _Line(NamedTuple):
    start: int
    end: int
    indent: int
    after_gap: bool  # blank lines, or nothing, stand before it
    text: str
    marker: int  # length of "- ", "1. ", "## "; 0 without one
    hashes: bool


def blocks_of(text: str) -> list[Block]:
    """Split ``text`` into its blocks, in order; every character that is not blank or a marker is in one."""
    lines = _lines_of(text)
    wrapped = _is_wrapped(lines)
    width = max((len(line.text) for line in lines), default=0) if wrapped else 0
    groups: list[list[_Line]] = []
    for line in lines:
        sign_off = line is lines[-1] and SIGN_OFF.fullmatch(line.text) is not None
        if groups and not sign_off and _continues(groups[-1], line, width, first_block=len(groups) == 1):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(text, group) for group in groups]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow ``start`` and ``end`` past the blank characters at both edges."""
    piece = text[start:end]
    trimmed = piece.lstrip(BLANK)
    start += len(piece) - len(trimmed)
    return start, start + len(trimmed.rstrip(BLANK))


def _lines_of(text: str) -> list[_Line]:
    lines: list[_Line] = []
    position = 0
    gap = True
    for raw in text.splitlines(keepends=True):
        body = raw.strip(BLANK)
        if body:
            indent = len(raw) - len(raw.lstrip(BLANK))
            start = position + indent
            found = _MARKER.match(body)
            lines.append(
                _Line(
                    start,
                    start + len(body),
                    indent + 3 * raw.count("\t", 0, indent),
                    gap,
                    body,
                    found.end() if found else 0,
                    bool(found and found[1]),
                )
            )
            gap = False
        else:
            gap = True
        position += len(raw)
    return lines


def _leads_on(line: _Line) -> bool:
    return line.text.endswith(",") or _breaks_word(line) or line.text.rpartition(" ")[2] in _LEADING_ON


def _breaks_word(line: _Line) -> bool:
    return line.text[-1] in "-‐" and line.text[-2:-1].isalnum()


def _is_wrapped(lines: list[_Line]) -> bool:
    """Whether sentences run on over line ends: no long lines, and many signs that one leads to the next."""
    if sum(len(line.text) > _WIDEST for line in lines) * 20 > len(lines):
        return False
    if all(len(line.text) < _NARROWEST for line in lines):
        return False
    pairs = going_on = 0
    for before, line in pairwise(lines):
        if not line.after_gap and not line.marker:
            pairs += 1
            set_in = line.indent >= before.indent + 2
            goes_on = line.text[0].islower() and not ends_sentence(before.text)
            going_on += set_in or goes_on or _leads_on(before)
    return going_on * 6 > pairs


def _continues(group: list[_Line], line: _Line, width: int, *, first_block: bool) -> bool:
    """Whether ``line`` carries on the paragraph of ``group``. ``width`` is 0 in text that is not wrapped."""
    before = group[-1]
    if line.after_gap:
        return False
    ended = ends_sentence(before.text)
    if line.marker and (not width or line.hashes or group[0].marker or ended or before.text.endswith(":")):
        return False
    if _breaks_word(before):
        return True
    lower = line.text[0].islower()
    if not width:
        return lower and not ended and len(before.text) >= _SHORTEST and not before.text.endswith(":")
    if line.indent >= min(before.indent, group[0].indent) + 2:
        return bool(group[0].marker)  # a list item hangs, a paragraph is set in
    if _leads_on(before) or (first_block and len(group) == 1):
        return True  # a news wire's first line is short where its dateline was cut away
    # Wrapping breaks a line where the next word no longer fits; a break before that was meant. A line that
    # begins with a lowercase letter most often goes on, but not behind a line as short as "Comments (2)".
    needed = before.indent + len(before.text) + 1 + len(line.text.split(None, 1)[0])
    return needed > (0.4 if lower else 0.75) * width


def _block(text: str, group: list[_Line]) -> Block:
    first = group[0]
    start, end = trim(text, first.start + first.marker, group[-1].end)
    return Block(start, end, bool(first.marker) and not first.hashes, first.hashes)
