"""Rules as data: patterns of English words, the value that they tell, and the examples that prove them.

A table is a TOML file in ``tables``. ``[words]`` has fragments, which patterns name as ``{NAME}``. A rule has:

- ``id``; ``field`` and ``value``: what it tells;
- ``where``: the zone of the text in which it is sought (``opening``, ``lead``, ``text``, or ``figure``: near a figure);
- ``any``: patterns of whole words in lower case, of which one has to match; with ``cased``, as they are written;
- ``also``: patterns of which one has to match in the same sentence, too; ``unless``: of which none may;
- ``never``: patterns of which none may match in the whole zone;
- ``sure``: the rule goes before what figures and parties tell;
- ``yes`` and ``no``: texts on which it must and must not tell its value.

The rules of a field are tried in their order; the first that matches tells its value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from summarizer import toml

_NAMED = re.compile(r"\{([A-Z_]+)\}")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True)
class Rule:
    """One rule of a table; its patterns are compiled when they are first used."""

    id: str
    field: str
    value: str
    where: str
    any: str
    also: str = ""
    unless: str = ""
    never: str = ""
    cased: bool = False
    sure: bool = False
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The patterns of ``any``."""
        return _compiled(self.any)

    @cached_property
    def _others(self) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
        return (
            _compiled(self.also) if self.also else re.compile(""),
            _compiled(self.unless),
            _compiled(self.never),
        )

    def search(self, sentence: str) -> re.Match[str] | None:
        """Find the first place in a sentence that tells the value. ``sentence`` is as ``lowered`` returns it."""
        found = self.pattern.search(sentence)
        also, unless, _ = self._others
        return found if found and also.search(sentence) and not unless.search(sentence) else None

    def holds(self, zone: Sequence[str]) -> bool:
        """Return whether the sentences of a zone tell the value."""
        return any(map(self.search, zone)) and not any(map(self._others[2].search, zone))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern) if pattern else _NEVER


@lru_cache(maxsize=16)
def table(name: str) -> tuple[Rule, ...]:
    """Return the rules of a table, in order."""
    data = _load(name)
    return tuple(_rule(one, data.get("words", {})) for one in data["rule"])


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
    rules = [one for one in data["rule"] if one["where"] == "shape" and one["id"] not in _left_out]
    for shape in (shape for rule in rules for shape in rule["any"]):
        for name, part in data["parts"].items():
            shape = shape.replace(f"{{{name}}}", part)
        named = re.sub(r"\{([bts])\}", r"(?P<\1>X)", shape)
        found.append(re.compile(f"(?={named})"))
    return tuple(found)


@lru_cache(maxsize=16)
def _load(name: str) -> dict[str, Any]:
    return toml.loads((Path(__file__).parent / "tables" / f"{name}.toml").read_text(encoding="utf-8"))


def _rule(data: Mapping[str, Any], known: Mapping[str, str]) -> Rule:
    given = dict(data)
    for key in ("any", "also", "unless", "never"):
        patterns = [_expanded(one, known) for one in given.get(key, ())]
        given[key] = rf"\b(?:{'|'.join(patterns)})(?!\w)" if patterns else ""
    return Rule(**{**given, "yes": tuple(given["yes"]), "no": tuple(given.get("no", ()))})


def _expanded(pattern: str, known: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda match: f"(?:{_expanded(known[match[1]], known)})", pattern)


def first(rules: Sequence[Rule], zones: Mapping[str, Sequence[str]]) -> str | None:
    """Return the value of the first rule whose zone tells it."""
    return next((rule.value for rule in rules if rule.holds(zones[rule.where])), None)


def lowered(text: str) -> str:
    """Return a text in lower case with single blanks for line ends, character for character."""
    text = text.replace("\r", " ").replace("\n", " ")
    if not text.isascii():
        text = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return text.lower() if text.isascii() else text
