"""Rules as data: patterns of English words, the value that they tell, and the examples that prove them.

A table is a TOML file in ``tables``. ``[words]`` has fragments, which patterns name as ``{NAME}``. A rule
has:

- ``id``: the field that it tells, a full stop and the value; a third part where several rules tell it;
- ``where``: the zone of the text in which it is sought, else that of the table;
- ``any``: patterns of whole words in lower case, of which one has to match;
- ``also``: patterns of which one has to match in the same sentence, too; ``unless``: of which none may;
- ``never``: patterns of which none may match in the whole zone;
- ``yes`` and ``no``: texts on which it must and must not tell its value.

The rules of a field are tried in their order; the first that matches tells its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from summarizer import toml

_NAMED = re.compile(r"\{([A-Z_]+)\}")
_NEVER = "(?!)"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a table."""

    id: str
    where: str
    any: re.Pattern[str]
    also: re.Pattern[str]
    unless: re.Pattern[str]
    never: re.Pattern[str]
    yes: Sequence[str]
    no: Sequence[str]

    @property
    def field(self) -> str:
        """The field that it tells."""
        return self.id.split(".")[0]

    @property
    def value(self) -> str:
        """The value that it tells; empty where the field has no values to tell apart."""
        return self.id.partition(".")[2].split(".")[0]

    def search(self, sentence: str) -> re.Match[str] | None:
        """Find the first place in a sentence that tells the value. ``sentence`` is as ``lowered`` returns it."""
        found = self.any.search(sentence)
        return found if found and self.also.search(sentence) and not self.unless.search(sentence) else None

    def holds(self, zone: Sequence[str]) -> bool:
        """Return whether the sentences of a zone tell the value."""
        return any(map(self.search, zone)) and not any(map(self.never.search, zone))


@lru_cache(maxsize=16)
def table(name: str) -> tuple[Rule, ...]:
    """Return the rules of a table, in order."""
    data = _load(name)
    return tuple(_rule({**data, **one}) for one in data["rule"])


@lru_cache(maxsize=64)
def rules_of(name: str, field: str) -> tuple[Rule, ...]:
    """Return the rules of a table for one field, in order."""
    return tuple(rule for rule in table(name) if rule.field == field and rule.id not in _left_out)


_left_out: set[str] = set()


@contextmanager
def without(rule: str) -> Iterator[None]:
    """Leave out a rule, named by its id, within the context: to measure what it is worth. Not thread-safe."""
    _left_out.add(rule)
    try:
        rules_of.cache_clear()
        shapes.cache_clear()
        yield
    finally:
        _left_out.discard(rule)
        rules_of.cache_clear()
        shapes.cache_clear()


@lru_cache(maxsize=64)
def words(name: str, key: str) -> str:
    """Return a fragment of a table, with those that it names."""
    known = _load(name)["words"]
    return _expanded(known[key], known)


@lru_cache(maxsize=1)
def letters() -> Mapping[str, str]:
    """Return the pattern of each letter of the table of parties, in order."""
    data = _load("parties")
    return {letter: _expanded(pattern, data["words"]) for letter, pattern in data["letters"].items()}


@lru_cache(maxsize=1)
def shapes() -> tuple[re.Pattern[str], ...]:
    """Return the shapes of the table of parties, in order; groups ``b``, ``t`` and ``s`` are the names in each role."""
    data = _load("parties")
    found = []
    rules = [one for one in data["rule"] if one.get("where") == "shape" and one["id"] not in _left_out]
    for shape in (shape for rule in rules for shape in rule["any"]):
        named = re.sub(r"\{([bts])\}", r"(?P<\1>X)", _expanded(shape, data["words"]))
        found.append(re.compile(f"(?={named})"))
    return tuple(found)


@lru_cache(maxsize=16)
def _load(name: str) -> dict[str, Any]:
    return toml.loads((Path(__file__).parent / "tables" / f"{name}.toml").read_text(encoding="utf-8"))


def _rule(data: Mapping[str, Any]) -> Rule:
    def pattern(key: str, none: str) -> re.Pattern[str]:
        given = "|".join(_expanded(one, data["words"]) for one in data.get(key, ()))
        return re.compile(rf"\b(?:{given})(?!(?<=\w)\w)" if given else none)

    others = pattern("also", ""), pattern("unless", _NEVER), pattern("never", _NEVER)
    return Rule(data["id"], data["where"], pattern("any", _NEVER), *others, data["yes"], data["no"])


def _expanded(pattern: str, known: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda match: f"(?:{_expanded(known[match[1]], known)})", pattern)


def first(rules: Sequence[Rule], zones: Mapping[str, Sequence[str]]) -> str | None:
    """Return the value of the first rule whose zone tells it."""
    return next((rule.value for rule in rules if rule.holds(zones[rule.where])), None)


def lowered(text: str) -> str:
    """Return a text in lower case with single blanks for line ends, character for character."""
    text = text.replace("\r", " ").replace("\n", " ")
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
