"""The names of a gold record, and invented names in their place."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from evals.cases import Case
from evals.variants.edits import Edit
from summarizer.asking.slots import slots
from summarizer.records.values import Name

_POOLS: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
_COMPANIES = [start + end for start in _POOLS["starts"] for end in _POOLS["ends"]]
_FIRST, _LAST = (
    _POOLS["first"],
    _POOLS["last"],
)  # first names of women and men alike: "she" and "his" stay true
_GENERIC = frozenset(_POOLS["generic"])  # legal forms, trades and places that many names share: they stay
_WORD = re.compile(r"[^\W\d_]+(?:['’&.-][^\W\d_]+)*")
_PEOPLE = re.compile(r"person|people|chief|founder|director", re.IGNORECASE)
_KEYS = ("name", "text")


@dataclass(frozen=True, slots=True)
class Named:
    """A company or person of the gold: all forms of the name, the longest first."""

    forms: tuple[str, ...]
    person: bool


def named(case: Case) -> list[Named]:
    """All companies and people that the gold names."""
    found = []
    for slot in slots(case.schema):
        if not (slot.type is Name or any(part.name == "name" for part in slot.items)):
            continue
        for item in getattr(case.gold, slot.name) or ():
            answers = next((value for key in _KEYS if (value := getattr(item, key, None))), ())
            forms = {
                form for form in answers if isinstance(form, str) and any(map(_is_own, _WORD.findall(form)))
            }
            if forms:
                found.append(
                    Named(tuple(sorted(forms, key=lambda f: (-len(f), f))), bool(_PEOPLE.search(slot.name)))
                )
    return found


def _is_own(word: str) -> bool:
    """Whether a word of a name is its own: no initial, no legal form, trade or place."""
    return len(word) > 2 and not word.islower() and _bare(word).casefold() not in _GENERIC


def _bare(word: str) -> str:
    return re.sub(r"['’][sS]\Z", "", word)


def renaming(case: Case, rng: random.Random) -> Mapping[str, str]:
    """A new word for each own word of a name, by the old one in small letters; a shared word stays shared."""
    words: dict[str, str] = {}
    for one in named(case):
        for form in one.forms:
            own = [_bare(word) for word in _WORD.findall(form) if _is_own(word)]
            for index, word in enumerate(own):
                pool = _COMPANIES if not one.person else _LAST if index == len(own) - 1 else _FIRST
                if word.casefold() not in words:
                    free = [
                        n
                        for n in pool
                        if n not in words.values() and n.casefold() not in case.text.casefold()
                    ]
                    alike = [
                        n for n in free if (n[0] in "AEIOU") == (word[0] in "AEIOUaeiou")
                    ]  # "an" stays right
                    words[word.casefold()] = rng.choice(alike or free or list(pool))
    return words


def renamed(text: str, words: Mapping[str, str]) -> Iterator[Edit]:
    """Rename everywhere in a text; a possessive, CAPITALS and the small letters of an address stay what they are."""
    for found in _WORD.finditer(text):
        for part in re.finditer(r"[^\W\d_]+(?:['’&.][^\W\d_]+)*", found.group()):
            bare = _bare(part.group())
            new = words.get(bare.casefold()) if not bare.islower() or _is_address(text, found) else None
            if new is not None:
                new = (
                    new.upper()
                    if bare.isupper() and len(bare) > 1
                    else new.lower()
                    if bare.islower()
                    else new
                )
                start = found.start() + part.start()
                yield Edit(start, start + len(bare), new)


def _is_address(text: str, word: re.Match[str]) -> bool:
    return text[word.start() - 1 : word.start()] in ("@", "/", "#") and word.start() > 0
