"""Several stories under one headline: a digest or newsletter, of which the first story is the one that is read.

The sections of one article speak of the same names over and over. A section whose title names somebody that
its own text speaks of, and no other section does, is a story of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .zones import EVIDENCE, Passage, Zone

_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'&-]*\w")
_BEGINS = re.compile(r"(?:^|\n|[.!?:]\s{1,2}|[“\"(])$")
_EVERYWHERE = frozenset(
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Inc",
        "Corp",
        "Ltd",
        "Plc",
        "Group",
        "Series",
    ]
)


@dataclass(frozen=True)
class _Section:
    title: int
    end: int  # the passage behind its last one
    heads: frozenset[str]  # names in its title
    names: frozenset[str]  # names in its text
    words: frozenset[str]  # all words in capitals in its text


def stories_of(passages: Sequence[Passage], zones: Sequence[Zone]) -> list[range]:
    """The passages of each story, where the text is made of several; else nothing."""
    sections = _sections(passages, zones)
    named_in = Counter(name for section in sections for name in section.heads | section.names)
    own = [
        section
        for section in sections
        if section.heads & section.words
        and all(named_in[name] == 1 for name in section.heads | section.names)
    ]
    if len(own) < 2 or len(own) != len(sections):
        return []
    return [range(section.title, section.end) for section in own]


def only_first(stories: Sequence[range], zones: Sequence[Zone]) -> list[Zone]:
    """The zones, with every story but the first made a teaser."""
    kept = list(zones)
    for story in stories[1:]:
        for index in story:
            if kept[index] in EVIDENCE:
                kept[index] = Zone.TEASER
    return kept


def _sections(passages: Sequence[Passage], zones: Sequence[Zone]) -> list[_Section]:
    """The titles of the body that have text under them, each with that text."""
    titles = [
        index
        for index, (passage, zone) in enumerate(zip(passages, zones, strict=True))
        if zone is Zone.BODY and passage.is_title and passage.repeat_of is None
    ]
    found = []
    for title, end in zip(titles, [*titles[1:], len(passages)][: len(titles)], strict=True):
        below = [
            p
            for p, z in zip(passages[title + 1 : end], zones[title + 1 : end], strict=True)
            if z is Zone.BODY
        ]
        if any(passage.is_content for passage in below):
            text = "\n".join(passage.text for passage in below)
            found.append(_Section(title, end, _words(passages[title].text), _names(text), _words(text)))
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("'s").removesuffix("’s") for word in _NAME.findall(text)) - _EVERYWHERE


def _names(text: str) -> frozenset[str]:
    """Words in capitals inside of sentences; at their beginnings any word has one."""
    found = (
        match[0].removesuffix("'s").removesuffix("’s")
        for match in _NAME.finditer(text)
        if not _BEGINS.search(text[max(0, match.start() - 3) : match.start()])
    )
    return frozenset(found) - _EVERYWHERE
