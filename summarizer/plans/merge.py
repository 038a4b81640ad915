"""Merge what several windows of one text give into the facts of one record.

Each window was grounded on its own, with offsets of the whole text. A single value is the one that most
sentences state, a status the furthest one; lists are joined, one entry for each party, person or phrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from rapidfuzz import fuzz

from summarizer.asking.fields import Field, Form
from summarizer.figures import Qualifier
from summarizer.findings import Finding, Span
from summarizer.grounding.parties import is_again, joined, under_fullest_name
from summarizer.inventory import fold
from summarizer.records.values import FigureValue

_ALIKE = 90  # of 100: two phrases that say the same with other words around
_CLAUSE = 5  # words from which a text is a clause, and no name
_MOST_EVIDENCE = 3  # spans of one value


@dataclass
class Part:
    """What one window gave: facts by field, and by path the evidence of plain fields and how each was found."""

    facts: dict[str, Any]
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class _Claim:
    value: Any
    path: str
    part: Part

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(getattr(self.value, "evidence", ())) or self.part.evidence.get(self.path, ())


def merge(fields: Iterable[Field], parts: Sequence[Part]) -> Part:
    """Merge the facts of windows in the order of the text. Parts whose gate says no have no say beyond it."""
    fields = list(fields)
    gates = [one.name for one in fields if one.gate]
    telling = [part for part in parts if all(part.facts.get(name) is not False for name in gates)] or list(
        parts
    )
    merged = Part({name: bool(telling) and telling[0].facts.get(name) for name in gates})
    for one in fields:
        if one.gate:
            continue
        if one.many:
            _merge_list(one, telling, merged)
        elif one.form is Form.PROSE:
            fullest = max(telling, key=_stated)
            merged.facts[one.name] = fullest.facts.get(one.name)
        else:
            _merge_single(one, telling, merged)
    for part in telling:
        merged.findings += [each for each in part.findings if each not in merged.findings]
    return merged


def _stated(part: Part) -> int:
    return sum(value not in (None, (), "") for value in part.facts.values())


def _merge_single(one: Field, parts: Sequence[Part], merged: Part) -> None:
    claims = [
        _Claim(part.facts[one.name], one.name, part) for part in parts if part.facts.get(one.name) is not None
    ]
    merged.facts[one.name] = None
    if not claims:
        return
    groups: dict[Any, list[_Claim]] = {}
    for claim in claims:
        groups.setdefault(_identity(claim.value), []).append(claim)
    best = max(
        groups.values(),
        key=lambda group: (
            getattr(group[0].value, "stage", 0),
            len(_places(group)),
            _exactness(group[0].value),
        ),
    )
    merged.facts[one.name] = _with_evidence(best)
    _carry(best[0], one.name, merged, _places(best))
    for group in groups.values():
        if group is not best and isinstance(group[0].value, FigureValue):
            said = getattr(group[0].value, "text", str(group[0].value))
            merged.findings.append(
                Finding(
                    code="windows_disagree",
                    field=one.name,
                    message=f"Another part of the text has {said} for it.",
                    evidence=tuple(_places(group).values())[:_MOST_EVIDENCE],
                )
            )


def _identity(value: Any) -> Any:
    """What two claims share that say the same."""
    if isinstance(value, FigureValue):
        parts = {
            name: getattr(value, name)
            for name in ("value", "upper", "currency", "percent", "date")
            if hasattr(value, name)
        }
        return (
            (type(value), *parts.values())
            if any(v is not None for v in parts.values())
            else fold(str(getattr(value, "text", value)))
        )
    if hasattr(value, "text"):
        return fold(str(value.text))
    return fold(value) if isinstance(value, str) else repr(value) if isinstance(value, BaseModel) else value


def _exactness(value: Any) -> bool:
    return getattr(value, "qualifier", Qualifier.EXACT) is Qualifier.EXACT


def _places(claims: Iterable[_Claim]) -> dict[int, Span]:
    """The sentences that state a value, by where they start: windows overlap, so one sentence may speak twice."""
    return {span.start: span for claim in claims for span in claim.spans}


def _with_evidence(claims: Sequence[_Claim]) -> Any:
    value = next((c.value for c in claims if not _exactness(c.value)), claims[0].value)
    if not getattr(value, "evidence", ()):
        return value
    places = _places(claims)
    spans = tuple(places[start] for start in sorted(places))[:_MOST_EVIDENCE]
    return value.model_copy(update={"evidence": spans})


def _carry(claim: _Claim, to: str, merged: Part, places: Mapping[int, Span] | None = None) -> None:
    """Carry the evidence and grounds of a value, and of what is inside it, to its path in the merged record."""
    for kept, found in ((merged.evidence, claim.part.evidence), (merged.how, claim.part.how)):
        for path, what in found.items():
            if path == claim.path or path.startswith((f"{claim.path}.", f"{claim.path}[")):
                kept[to + path[len(claim.path) :]] = what  # type: ignore[assignment]
    if places and to in merged.evidence:
        merged.evidence[to] = tuple(places[start] for start in sorted(places))[:_MOST_EVIDENCE]


def _merge_list(one: Field, parts: Sequence[Part], merged: Part) -> None:
    items: list[Any] = []
    for part in parts:
        for index, value in enumerate(part.facts.get(one.name) or ()):
            twin = next((i for i, other in enumerate(items) if _is_same_item(one, value, other)), None)
            if twin is None:
                _carry(_Claim(value, f"{one.name}[{index}]", part), f"{one.name}[{len(items)}]", merged)
                items.append(value)
            else:
                items[twin] = _joined(items[twin], value)
    merged.facts[one.name] = tuple(items)


def _is_same_item(one: Field, value: Any, other: Any) -> bool:
    if is_again(value, other):
        return True
    if one.form is Form.QUOTE:
        return fuzz.token_set_ratio(_text(value), _text(other)) >= _ALIKE
    if one.form is Form.GROUP and one.key is not None:
        choices = [each.name for each in one.fields if each.form is Form.CHOICE]
        same = all(_part(value, name) == _part(other, name) for name in choices)
        a, b = (_text(_part(each, one.key.name)) for each in (value, other))
        return same and _is_same_text(a, b)
    return bool(_identity(value) == _identity(other))


def _is_same_text(a: str, b: str) -> bool:
    """Whether two names are one, "wang" and "alexandr wang", or two clauses that say the same."""
    shorter, longer = sorted((a, b), key=len)
    if len(shorter.split()) >= _CLAUSE:
        return fuzz.token_set_ratio(a, b) >= _ALIKE
    return a == b or longer.endswith(f" {shorter}")


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _text(value: Any) -> str:
    return fold(str(getattr(value, "text", value)))


def _joined(kept: Any, value: Any) -> Any:
    """One item from two that are the same: what one leaves open the other fills, with the evidence of both."""
    if is_again(value, kept):
        return joined(kept, value)
    if not isinstance(kept, BaseModel):
        return kept
    open_parts = {
        name: getattr(value, name)
        for name in type(kept).model_fields
        if getattr(kept, name) in (None, ()) and getattr(value, name) not in (None, ())
    }
    spans = {span.start: span for each in (kept, value) for span in getattr(each, "evidence", ())}
    if spans:
        open_parts["evidence"] = tuple(spans[start] for start in sorted(spans))[:_MOST_EVIDENCE]
    return under_fullest_name(kept.model_copy(update=open_parts))
