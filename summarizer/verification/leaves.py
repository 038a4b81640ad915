"""Take a record of any shape apart into values, each with its path and what its neighbours say about it."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from summarizer.figures import Kind, parse
from summarizer.figures.numerals import POWERS
from summarizer.records.values import RECORD_FIELDS, Record, Written

_QUOTES = ("quote", "quotes", "quotation", "quotations", "source_quote", "source_quotes", "source_text")
_EVIDENCE = frozenset({"evidence", "span", "spans", *_QUOTES})
_SUFFIXES = tuple(f"_{name}" for name in sorted(_EVIDENCE))
_VALUES = frozenset({"value", "percent", "text"})  # what a mapping that is one value has
_SAID = ("text", "quote", "quotation", "raw", "source_quote", "source_text")
_CURRENCY_KEYS = ("currency", "currency_code")
_SCALE_KEYS = ("scale", "unit", "magnitude", "multiplier")
UNIT_KEYS = frozenset({*_CURRENCY_KEYS, *_SCALE_KEYS})
"""The fields, in small letters, that say what the number beside them is counted in."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_PERCENT_WORDS = frozenset({"percent", "pct", "percentage"})
_SHORT_SCALES = frozenset({"k", "m", "b"})
_LONG_SCALES = frozenset(word for word in POWERS if len(word) > 1) - {"hundred", "cr", "tn", "mi", "mio"}


@dataclass(frozen=True, slots=True)
class Cited:
    """One piece of evidence that a record gives: a place of the source, the words, or both."""

    path: str
    start: int | None = None
    end: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a record.

    ``currency``, ``power`` (of ten) and ``percent`` are what the field's name and its neighbours say of a
    number; ``said`` is the quotation beside it. ``cited`` is the evidence that has to hold it, ``beside``
    evidence that belongs to it and to other figures, so that nobody can tell which it has to hold. ``typed``
    says that the schema calls it free text, ``closed`` that it is one of a closed set, and ``prose`` that it
    is written, not quoted.
    """

    path: str
    key: str
    value: Any
    currency: str = ""
    power: int = 0
    percent: bool = False
    said: str = ""
    cited: tuple[Cited, ...] = ()
    beside: tuple[Cited, ...] = ()
    typed: bool = False
    closed: bool = False
    prose: bool = False


@dataclass(frozen=True, slots=True)
class _Note:
    """What an annotation says of the values below it."""

    typed: bool = False
    prose: bool = False
    members: frozenset[Any] = frozenset()


_NOTHING = _Note()


def is_own(record: Any) -> bool:
    """Whether a record is one of this package, as an object or as its JSON."""
    if isinstance(record, Record):
        return True
    return isinstance(record, Mapping) and {"findings", "provenance", "usage"} <= record.keys()


def leaves(record: Any) -> Iterator[Leaf]:
    """Yield every value of a record, in its order.

    What our own records carry beside their facts is left out.
    """
    own = is_own(record)
    given = fields_of(record)
    if own and given is not None:
        placed = dict(given).get("evidence") or {}
        for name, value in given.items():
            if name not in RECORD_FIELDS:
                for leaf in _walk(value, name, Leaf(name, name, None), _note_of(record, name)):
                    spans = placed.get(leaf.path) if isinstance(placed, Mapping) else None
                    yield replace(leaf, cited=_cited(spans, f"evidence.{leaf.path}")) if spans else leaf
        return
    yield from _walk(record, "", Leaf("", "", None), _NOTHING)


def fields_of(value: Any) -> dict[str, Any] | None:
    """The fields of a model, a dataclass or a mapping by name; None for anything else."""
    if isinstance(value, BaseModel):
        return {**vars(value), **(value.model_extra or {})}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(name): part for name, part in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return dict(value._asdict())
    return None


def _walk(value: Any, path: str, around: Leaf, note: _Note) -> Iterator[Leaf]:
    given = fields_of(value)
    if given is not None:
        yield from _fields(value, given, path)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for index, part in enumerate(value):
            yield from _walk(part, f"{path}[{index}]", around, note)
    elif value is not None and not (isinstance(value, str) and not value.strip()):
        closed = isinstance(value, enum.Enum) or (isinstance(value, str) and value in note.members)
        yield replace(
            around, path=path, value=value, typed=note.typed and not closed, closed=closed, prose=note.prose
        )


def _fields(owner: Any, given: Mapping[str, Any], path: str) -> Iterator[Leaf]:
    cited = tuple(
        each
        for name in given
        if name in _EVIDENCE
        for each in _cited(given[name], f"{path}.{name}" if path else name)
    )
    shared = len([value for value in given.values() if _is_figure(value)]) > 1 and not _VALUES & given.keys()
    currency = next((v for k, v in given.items() if k.lower() in _CURRENCY_KEYS and isinstance(v, str)), "")
    scale = next((v for k, v in given.items() if k.lower() in _SCALE_KEYS and isinstance(v, str)), "")
    quoted = next((v for k in _SAID if isinstance(v := given.get(k), str)), "")
    for name, value in given.items():
        at = f"{path}.{name}" if path else name
        if _is_evidence(name, given) and _cited(value, at):
            continue
        own = _own_evidence(name, given, path)
        loose = shared and _is_figure(value)
        around = Leaf(
            path=at,
            key=name,
            value=None,
            currency=_currency(currency or scale) or _currency_in(name),
            power=POWERS.get(scale.strip().lower(), 0) or _power_in(name),
            percent=bool(_PERCENT_WORDS & _words(name)) or scale.strip().lower() in {*_PERCENT_WORDS, "%"},
            said="" if own or loose or name in _SAID else quoted,
            cited=own or (() if loose else cited),
            beside=cited if own or loose else (),
        )
        yield from _walk(value, at, around, _note_of(owner, name))


def _is_evidence(name: str, given: Mapping[str, Any]) -> bool:
    return name in _EVIDENCE or any(name == f"{other}{suffix}" for other in given for suffix in _SUFFIXES)


def _own_evidence(name: str, given: Mapping[str, Any], path: str) -> tuple[Cited, ...]:
    """The evidence of one field in a field of its own: ``price_quote`` beside ``price``."""
    names = (f"{name}{suffix}" for suffix in _SUFFIXES)
    return tuple(
        each
        for name in names
        if name in given
        for each in _cited(given[name], f"{path}.{name}" if path else name)
    )


def _is_figure(value: Any) -> bool:
    if isinstance(value, str):
        mention = parse(value)
        return mention is not None and mention.kind is not Kind.UNDISCLOSED
    return isinstance(value, (int, float, Decimal, datetime.date)) and not isinstance(value, bool)


def _cited(value: Any, path: str) -> tuple[Cited, ...]:
    """Evidence as a quotation, a span, or a list of either; nothing where a value has another form."""
    if isinstance(value, str):
        return (Cited(path, text=value),) if value.strip() else ()
    given = fields_of(value)
    if given is not None:
        start, end, text = given.get("start"), given.get("end"), given.get("text")
        placed = isinstance(start, int) and isinstance(end, int)
        if placed or isinstance(text, str):
            return (Cited(path, start if placed else None, end if placed else None, text),)
        return ()
    if isinstance(value, (list, tuple)):
        parts = [_cited(part, f"{path}[{index}]") for index, part in enumerate(value)]
        return tuple(each for part in parts for each in part) if all(parts) else ()
    return ()


@lru_cache(maxsize=256)
def _currency(name: str) -> str:
    """The code of a currency that is named by its code, sign or word; "" where it cannot be told."""
    name = name.strip()
    if not name or len(name) > 30:
        return ""
    for form in (f"{name} 5000", f"{name.upper()} 5000", f"{name}5000", f"5,000 {name.lower()}"):
        mention = parse(form, Kind.MONEY)
        if mention is not None and mention.value == 5000:
            return mention.unit
    return ""


def _currency_in(name: str) -> str:
    found = (_currency(word.upper()) for word in _WORD.findall(name) if len(word) == 3)
    return next((code for code in found if code), "")


def _power_in(name: str) -> int:
    """The power of ten that a name tells: "amount_millions", "loan_eur_m"."""
    words = [word.lower() for word in _WORD.findall(name)]
    if words and words[-1] in _SHORT_SCALES and _currency_in(name):
        return POWERS[words[-1]]
    return next((POWERS[word] for word in words if word in _LONG_SCALES and word in POWERS), 0)


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(name))


def _note_of(owner: Any, name: str) -> _Note:
    if isinstance(owner, BaseModel):
        info = type(owner).model_fields.get(name)
        return _NOTHING if info is None else _note((info.annotation, *info.metadata))
    if dataclasses.is_dataclass(owner):
        try:
            hints = get_type_hints(type(owner), include_extras=True)
        except (NameError, TypeError):
            return _NOTHING
        return _note((hints[name],)) if name in hints else _NOTHING
    return _NOTHING


def _note(annotations: tuple[Any, ...]) -> _Note:
    typed, prose, members = False, False, set()
    pending = list(annotations)
    while pending:
        one = pending.pop()
        if get_origin(one) is Literal:
            members |= set(get_args(one))
        elif isinstance(one, type) and issubclass(one, enum.Enum):
            members |= {member.value for member in one}
        elif isinstance(one, Written):
            prose = True
        elif one is str:
            typed = True
        else:
            pending += [*get_args(one), *getattr(one, "__metadata__", ())]
    return _Note(typed, prose, frozenset(members))
