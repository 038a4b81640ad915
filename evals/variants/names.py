"""The names of a gold record, and other names for them, word for word."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Case
from evals.variants.edits import Edit
from evals.variants.words import AMBIGUOUS, COMPANIES, FIRST_NAMES, GENERIC, LAST_NAMES, Names
from summarizer.records.compile import Slot, slots
from summarizer.records.values import Name

_WORD = re.compile(r"[^\W\d_]+(?:['’&.-][^\W\d_]+)*")
_PEOPLE = re.compile(r"person|people|chief|founder|director|officer|ceo", re.IGNORECASE)
_PROSE = ("description", "reason", "what")  # keys of items that say something and name nobody
_LONGEST = 7  # words of a name


@dataclass(frozen=True, slots=True)
class Named:
    """Someone in the gold: all forms of the name, the longest first."""

    forms: tuple[str, ...]
    person: bool


@dataclass(frozen=True, slots=True)
class Renaming:
    """What is put for each word of a name, and the pattern of the names in which that is done."""

    words: Mapping[str, str]  # by the word in lower case
    pattern: re.Pattern[str] | None
    acronyms: frozenset[str] = frozenset()  # names that are always in capitals

    def edits(self, text: str) -> Iterator[Edit]:
        """Rename everywhere in a text; a possessive and CAPITALS stay what they are."""
        for name in self.pattern.finditer(text) if self.pattern else ():
            for word in _WORD.finditer(text, *name.span()):
                bare = _bare(word.group())
                new = self.words.get(bare.casefold())
                if new is None:
                    continue
                start, end = word.start(), word.start() + len(bare)
                if bare.isupper() and len(bare) > 1 and bare not in self.acronyms:
                    new = new.upper()
                elif bare.islower():
                    new = new.lower()
                if end == name.end() and re.match(r"['’] [a-z]", text[end:]) and bare[-1] in "sS":
                    new, end = new + text[end] + "s", end + 1  # "Weavers' shares" becomes "Eskmoor's shares"
                yield Edit(start, end, new)


def named(case: Case) -> list[Named]:
    """Everyone whom the gold names, people first: a company may bear the name of its founder."""
    found = []
    for slot in slots(case.schema):
        key = _key(slot)
        for item in (getattr(case.gold, slot.name) or ()) if key else ():
            answers = getattr(item, key, None) or ()
            person = bool(_PEOPLE.search(f"{slot.name} {slot.type.__name__}"))
            forms = sorted({a for a in answers if isinstance(a, str) and _is_name(a, person)}, key=_by_length)
            if forms:
                found.append(Named(tuple(forms), person))
    return sorted(found, key=lambda one: not one.person)


def _by_length(form: str) -> tuple[int, str]:
    return -len(form), form


def _key(slot: Slot) -> str:
    if slot.type is Name:
        return "text"
    return slot.key.name if slot.items and slot.key and slot.key.name not in _PROSE else ""


def _is_name(answer: str, person: bool) -> bool:
    words = _WORD.findall(answer)
    if person and any(word.islower() and word not in GENERIC for word in words):
        return False  # "Depot managers"
    return len(words) <= _LONGEST and any(_is_own(word) for word in words)


def _is_own(word: str) -> bool:
    """Whether a word of a name is nobody else's: no initial, no legal form, no trade and no title."""
    return len(word) > 1 and not word.islower() and _bare(word).casefold() not in GENERIC


def _bare(word: str) -> str:
    return re.sub(r"['’][sS]\Z", "", word)


def renaming(case: Case, rng: random.Random) -> Renaming:
    """Other names for all that the gold names; a word that two names share stays shared."""
    words: dict[str, str] = {}
    forms: list[str] = []
    names = Names(rng, case.text)
    for one in named(case):
        for form in one.forms:
            _rename(form, one.person, words, names)
        forms += [*one.forms, *_alone(one, words, case.text)]
        _initials(one, words)
    acronyms = frozenset(word for form in forms for word in _WORD.findall(form) if word.isupper())
    return Renaming(words, _pattern(forms, words), acronyms)


def _rename(form: str, person: bool, words: dict[str, str], names: Names) -> None:
    own = [_bare(word) for word in _WORD.findall(form) if _is_own(word)]
    own = own or [
        _bare(word) for word in _WORD.findall(form)[:1]
    ]  # "American Airlines" has no word of its own
    for index, word in enumerate(own):
        key = word.casefold()
        if key in words:
            continue
        if person and len(own) > 1 and index < len(own) - 1:
            words[key] = names.draw(FIRST_NAMES, word)
        elif person:
            words[key] = names.draw(LAST_NAMES, word)
        else:
            words[key] = names.draw(COMPANIES, word)


def _initials(one: Named, words: dict[str, str]) -> None:
    """Give "J." of "J. Tervo", and "HQI" of "Harbor Quay Infrastructure", the letters of the new name."""
    heads = {
        word[0]: words.get(_bare(word).casefold(), word)[0] for word in _WORD.findall(one.forms[0])[::-1]
    }
    longest = _WORD.findall(one.forms[0])
    for form in one.forms:
        for word in _WORD.findall(form):
            if len(word) == 1 and one.person and word in heads:
                words.setdefault(word.casefold(), heads[word])
        if form.isupper() and len(longest) > 1 and form == "".join(w[0] for w in longest if w[0].isupper()):
            words[form.casefold()] = "".join(heads[letter] for letter in form)


def _alone(one: Named, words: Mapping[str, str], text: str) -> Iterator[str]:
    """Words that stand for the whole name: a surname, a first name, the first word of a company."""
    own = [_bare(word) for word in _WORD.findall(one.forms[0]) if _bare(word).casefold() in words]
    for word in (own[0], own[-1]) if one.person and own else own[:1]:
        common = re.search(rf"(?<![\w@./]){re.escape(word.lower())}(?![\w@])", text)
        heads = one.person or one.forms[0].startswith(word)
        if _is_own(word) and len(word) > 3 and heads and not common and word.lower() not in AMBIGUOUS:
            yield word


def _pattern(forms: Sequence[str], words: Mapping[str, str]) -> re.Pattern[str] | None:
    """Match each name as a whole, whatever its white space and apostrophes, also in capitals and in addresses."""
    kept = {form for form in forms if any(_bare(word).casefold() in words for word in _WORD.findall(form))}
    if not kept:
        return None
    both = sorted({*kept, *(form.upper() for form in kept)}, key=_by_length)
    single = sorted({form.lower() for form in kept if " " not in form}, key=_by_length)
    whole = "|".join(map(_loosely, both))
    address = rf"|(?<=[@./#])(?:{'|'.join(map(_loosely, single))})" if single else ""
    return re.compile(rf"(?<!\w)(?:{whole})(?!\w){address}(?!\w)" if single else rf"(?<!\w)(?:{whole})(?!\w)")


def _loosely(form: str) -> str:
    return r"\s+".join(re.sub(r"['’]", "['’]", re.escape(word)) for word in form.split())
