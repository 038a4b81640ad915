"""A record against its gold, leaf by leaf. Any schema made of the value types: the scorers follow its types."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from evals import scorers
from evals.cases import Case
from evals.figures import held, mentions_of
from evals.gold import Facts, GoldFigure, Label, Range, own_fields, scored_items
from evals.outcomes import Outcome, Result
from evals.scorers import Score
from summarizer.asking.slots import Form, Slot, slots
from summarizer.figures import Mention, find

Scorer = Callable[[Any, Any], Score]
"""Compares one right answer of gold with what was found; both are there."""

_RIGHT_FROM = 0.8  # a score from which an answer counts as right
_PAIR_FROM = 0.5  # a likeness from which two items are about the same thing
_OPTIONAL = 0.99  # an optional item gives way to a required one that is as alike


def score(case: Case, record: Any, replaced: Mapping[str, Scorer] | None = None) -> list[Outcome]:
    """Score a record of the case's schema (any object with its fields); None stands for a run that failed.

    ``replaced`` has scorers for single fields by their path in the schema (``amount``, ``people.to_role``)
    that go before those of the types. Fields that gold does not label are not scored.
    """
    marker = _Marker(case.text, case.forbidden, replaced or {})
    outcomes: list[Outcome] = []
    for slot in slots(case.schema):
        gold = getattr(case.gold, slot.name)
        if gold is None:
            continue
        found = getattr(record, slot.name, None)
        if slot.many:
            outcomes += _list(slot, gold, found or (), marker)
        else:
            outcomes += _node(slot, slot.name, slot.name, gold, found, marker)
    return [*outcomes, *_conflicts(case, record)]


@dataclass(frozen=True)
class _Marker:
    """The text that was read: what it holds, and whether the spans of a fact state it."""

    text: str
    forbidden: Sequence[Range]
    replaced: Mapping[str, Scorer]
    mentions: tuple[Mention, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "mentions", mentions_of(self.text))

    def scorer(self, name: str, default: Scorer) -> Scorer:
        return self.replaced.get(name, default)

    def mark(self, outcome: Outcome, label: Label | None, found: Any, says: Callable[[str], bool]) -> Outcome:
        """Add to a right outcome whether its spans are verbatim, none forbidden, and one at gold's place ``says`` it."""
        if outcome.result is not Result.TP or label is None:
            return outcome
        spans = getattr(found, "evidence", ())
        clean = all(
            self.text[span.start : span.end] == span.text
            and not any(span.start < right and left < span.end for left, right in self.forbidden)
            for span in spans
        )
        stated = any(
            says(span.text) and any(span.start < end and start < span.end for start, end in label.evidence)
            for span in spans
        )
        holds = clean and stated
        return replace(outcome, evidence=holds, kind=outcome.kind or ("" if holds else "WRONG_EVIDENCE"))


def _node(slot: Slot, name: str, path: str, gold: Any, found: Any, marker: _Marker) -> list[Outcome]:
    """Score one slot that is no list."""
    if slot.form is Form.FIGURE:
        return _figure(slot, name, path, gold, found, marker)
    judge = scorers.words if slot.form in (Form.WORDS, Form.PROSE) else scorers.exact
    if slot.form is Form.WORDS and slot.type is not str:  # Name, Phrase
        return _item(_text_of(slot), name, path, gold, found, marker)
    return [_leaf(name, path, gold, _plain(found), marker.scorer(name, judge))]


def _leaf(name: str, path: str, gold: Sequence[Any], found: Any, judge: Scorer) -> Outcome:
    """Score a leaf against every answer that is right; None among them is the answer that there is none."""
    answers = [answer for answer in gold if answer is not None]
    said = " or ".join(dict.fromkeys(_shown(answer) for answer in answers))
    if found is None:
        if answers and len(answers) == len(gold):
            return Outcome(name, path, Result.FN, said, kind="OMITTED")
        return Outcome(name, path, Result.TN, said)
    if not answers:
        return Outcome(name, path, Result.FA, found=_shown(found), kind="INVENTED")
    best = max((judge(answer, found) for answer in answers), key=lambda each: each.value)
    result = Result.TP if best.value >= _RIGHT_FROM else Result.FD
    kind = "" if result is Result.TP else best.kind
    return Outcome(name, path, result, said, _shown(found), best.value, kind)


def _figure(
    slot: Slot, name: str, path: str, gold: Sequence[Any], found: Any, marker: _Marker
) -> list[Outcome]:
    """Score a figure: its value, and the hedge and own fields of it beside those of the answer that is nearest."""
    judge = marker.scorer(name, scorers.figure)
    value = _leaf(name, path, gold, found, judge)
    if value.kind in ("WRONG", "INVENTED") and not held(found, marker.mentions):
        value = replace(value, kind="UNSUPPORTED")
    labels = [label for label in gold if label is not None]
    label = (
        max(labels, key=lambda each: judge(each, found).value, default=None) if found is not None else None
    )
    if found is None and value.result is Result.FN:
        label = labels[0]
    outcomes = [marker.mark(value, label, found, lambda words: scorers.states(words, found))]
    if label is None and found is None:
        return outcomes
    parts = (
        *(("qualifier",) if isinstance(label, GoldFigure) or hasattr(found, "qualifier") else ()),
        *own_fields(slot.type),
    )
    for part in parts:
        wanted = getattr(label, part, (None,))
        outcomes.append(
            _leaf(
                f"{name}.{part}", f"{path}.{part}", wanted, _plain(getattr(found, part, None)), scorers.exact
            )
        )
    return outcomes


def _text_of(slot: Slot) -> tuple[Slot, ...]:
    """A ``Name`` or ``Phrase`` as an item of one field."""
    return (replace(slot, name="text", type=str, form=Form.WORDS, many=False, items=()),)


def _item(
    parts: Sequence[Slot], name: str, path: str, gold: Any, found: Any, marker: _Marker
) -> list[Outcome]:
    """Score one item by the leaves of its fields, the key first; ``gold`` is one label, or None for an item too many."""
    if isinstance(gold, tuple):  # a single Name or Phrase with several right answers
        options = [_item(parts, name, path, one, found, marker) for one in gold]
        return max(options, key=lambda each: sum(o.result in (Result.TP, Result.TN) for o in each))
    outcomes: list[Outcome] = []
    key = next(part for part in parts if part.form is Form.WORDS)
    for part in [key, *(part for part in parts if part is not key)]:
        wanted = (None,) if gold is None else getattr(gold, part.name)
        if wanted is None:
            continue  # not labelled
        single = part.name == "text" and len(parts) == 1
        at = (name, path) if single else (f"{name}.{part.name}", f"{path}.{part.name}")
        said = getattr(found, part.name, None)
        leaves = _node(part, *at, wanted, said, marker)
        if part is key:
            leaves[0] = marker.mark(leaves[0], gold, found, _says(leaves[0].found))
        outcomes += leaves
    return outcomes


def _says(words: str) -> Callable[[str], bool]:
    """Whether a span holds copied words, or of a name its last word."""
    last = scorers.normal_name(words).rpartition(" ")[2]
    return lambda text: words in text or f" {last} " in f" {scorers.normal_name(text)} "


def _list(slot: Slot, gold: Sequence[Any], found: Sequence[Any], marker: _Marker) -> Iterator[Outcome]:
    """Score two lists by the leaves of their best pairs.

    An optional item counts for nothing where it is not found or all right; what is wrong in it is invented.
    """
    name = slot.name
    bare = slot.form in (Form.CHOICE, Form.FIGURE)  # no item: the figure or the member is all there is
    parts = () if bare else scored_items(slot) or _text_of(slot)

    def leaves(wanted: Any, item: Any, at: str) -> list[Outcome]:
        if bare:
            return _node(slot, name, at, (wanted,), item, marker)
        return _item(parts, name, at, wanted, item, marker)

    def alike(wanted: Any, item: Any) -> float:
        return _likeness(leaves(wanted, item, name)) * (_OPTIONAL if _optional(wanted) else 1.0)

    roles = _choices(parts, gold)
    if not gold and not found:
        yield Outcome(name, name, Result.TN)
    for i, wanted, j, item in align(gold, found, alike):
        at = f"{name}[{j}]" if item is not None else f"{name}[gold {i}]"
        for outcome in leaves(wanted, item, at):
            if not _optional(wanted):
                yield _swapped(outcome, roles)
            elif outcome.result in (Result.FD, Result.FA):
                yield replace(outcome, result=Result.FA, score=0.0, kind="INVENTED")


def _optional(wanted: Any) -> bool:
    return getattr(wanted, "optional", False)


def _choices(parts: Sequence[Slot], gold: Sequence[Any]) -> Mapping[str, set[str]]:
    """For each choice of an item, the members that gold's items have."""
    return {
        part.name: {_shown(member) for item in gold for member in getattr(item, part.name) or ()}
        for part in parts
        if part.form is Form.CHOICE
    }


def _swapped(outcome: Outcome, roles: Mapping[str, set[str]]) -> Outcome:
    """Name the error where an item has the role of another."""
    others = roles.get(outcome.field.rpartition(".")[2], set())
    if outcome.result is Result.FD and outcome.found in others:
        return replace(outcome, kind="ROLE_SWAP")
    return outcome


def _likeness(outcomes: Sequence[Outcome]) -> float:
    """How alike two items are: the key is half of it, the other leaves are the other half; 0 where the key is unlike."""
    key, *others = (1.0 if outcome.result is Result.TN else outcome.score for outcome in outcomes)
    if key < _PAIR_FROM:
        return 0.0
    return (key + sum(others) / len(others)) / 2 if others else key


def align(
    gold: Sequence[Any], found: Sequence[Any], alike: Callable[[Any, Any], float]
) -> list[tuple[int, Any, int, Any]]:
    """Pair two lists so that the sum of likeness is greatest; an item that is like no other stays alone.

    Each row is the index and item of gold, then of the record; index -1 and None where there is no partner.
    """
    matrix = [[alike(wanted, item) for item in found] for wanted in gold]
    rows, columns = linear_sum_assignment(matrix, maximize=True) if gold and found else ([], [])
    paired = {
        int(i): int(j) for i, j in zip(rows, columns, strict=True) if matrix[i][j] >= _PAIR_FROM * _OPTIONAL
    }
    pairs = [
        (i, wanted, paired.get(i, -1), found[paired[i]] if i in paired else None)
        for i, wanted in enumerate(gold)
    ]
    taken = set(paired.values())
    return pairs + [(-1, None, j, item) for j, item in enumerate(found) if j not in taken]


def _conflicts(case: Case, record: Any) -> Iterator[Outcome]:
    """Score whether each conflict of the text is among the findings, with both of its figures."""
    for conflict in case.conflicts:
        name = f"conflict.{conflict.field}"
        said = " against ".join(conflict.figures)
        findings = [
            finding
            for finding in getattr(record, "findings", ())
            if finding.code == "two_figures" and finding.field.split("[")[0] == conflict.field
        ]
        told = " ".join([*(f.message for f in findings), *(s.text for f in findings for s in f.evidence)])
        if all(
            any(figure.value == other.value for other in find(told))
            for text in conflict.figures
            for figure in find(text)
        ):
            yield Outcome(name, conflict.field, Result.TP, said, said, 1.0)
        else:
            yield Outcome(name, conflict.field, Result.FN, said, kind="CONFLICT_MISSED")


def _plain(value: Any) -> Any:
    """Take of an enum's member its value; nothing where nothing is specified."""
    value = value.value if isinstance(value, enum.Enum) else value
    return None if value in ("unspecified", "") else value


def _shown(value: Any) -> str:
    value = _plain(value)
    if isinstance(value, Facts):
        return ", ".join(value.facts)
    if getattr(value, "value", None) is not None and hasattr(value, "currency"):
        return f"{value.value:,f} {value.currency}"
    for name in ("text", "percent", "date"):
        if getattr(value, name, None):
            return str(getattr(value, name))
    return str(value)
