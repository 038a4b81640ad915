"""Each case as plain values: its text and gold, and leaf by leaf what every run answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from evals.cases import Case
from evals.gold import Range, labels
from evals.outcomes import Outcome
from evals.score import score
from evals.scored import CaseScore, ScoredRun
from summarizer.findings import Span
from summarizer.records.compile import Form, slots
from summarizer.records.values import RECORD_FIELDS, Record

_INDEX = re.compile(r"\[(?:gold )?(\d+)\]")
_STEP = re.compile(r"(\w+)(?:\[(?:gold )?(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Place:
    """Characters ``start`` to ``end`` of the text, and the field that they are evidence of."""

    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What one answer has for a leaf; ``result`` is a value of ``Result``, ``places`` its evidence."""

    result: str
    kind: str
    found: str
    score: float
    evidence: bool | None
    places: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of the gold, or one that only answers have; a cell for each answer, None where it says nothing of it."""

    field: str
    path: str
    gold: str
    places: tuple[Range, ...]
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run answered to a case: the record as plain values with its evidence as ``start-end``, or the error."""

    run: int
    repeat: int
    error: str
    error_kind: str
    perfect: bool
    right: int
    facts: int
    unsupported: tuple[str, ...]
    misplaced: tuple[str, ...]
    remembered: tuple[str, ...]
    prose: dict[str, str]
    findings: tuple[str, ...]
    places: tuple[Place, ...]
    record: dict[str, Any] | None
    replies: tuple[tuple[str, str], ...]  # the question and the raw reply
    seconds: float


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case with all answers to it, in the order of runs and repeats."""

    id: str
    name: str
    deal: str
    variant: str
    split: str
    tags: tuple[str, ...]
    note: str
    text: str
    forbidden: tuple[Range, ...]
    places: tuple[Place, ...]
    leaves: tuple[Leaf, ...]
    answers: tuple[Answer, ...]

    def perfect(self, run: int | None = None) -> bool:
        """Whether every answer of a run, or of all runs, is."""
        return all(answer.perfect for answer in self.answers if run in (None, answer.run))


def cases(runs: Sequence[ScoredRun]) -> Iterator[CaseView]:
    """Each case that any run has, in order of names, the original before its variants."""
    found: dict[str, list[tuple[int, CaseScore]]] = {}
    for index, run in enumerate(runs):
        for one in run.scores:
            found.setdefault(one.case.id, []).append((index, one))
    order = sorted(found.values(), key=lambda each: (each[0][1].case.name, each[0][1].case.variant))
    return (_case(each[0][1].case, each) for each in order)


def _case(case: Case, scores: Sequence[tuple[int, CaseScore]]) -> CaseView:
    return CaseView(
        id=case.id,
        name=case.name,
        deal=case.about.deal,
        variant=case.variant,
        split=case.about.split,
        tags=case.about.tags,
        note=case.about.note,
        text=case.text,
        forbidden=case.forbidden,
        places=tuple(Place(p.path, *range_) for p in labels(case.gold) for range_ in p.label.evidence),
        leaves=tuple(_leaves(case, [one for _, one in scores])),
        answers=tuple(_answer(index, one) for index, one in scores),
    )


def _answer(run: int, one: CaseScore) -> Answer:
    counts, line = one.counts, one.line
    prose = {
        slot.name: said
        for slot in slots(one.case.schema)
        if slot.form is Form.PROSE and isinstance(said := getattr(one.record, slot.name, None), str) and said
    }
    return Answer(
        run=run,
        repeat=line.repeat,
        error=line.error,
        error_kind=line.error_kind,
        perfect=one.perfect,
        right=counts.tp,
        facts=counts.facts,
        unsupported=one.unsupported,
        misplaced=one.misplaced,
        remembered=one.remembered,
        prose=prose,
        findings=tuple(
            f"{finding.field}: {finding.message}" for finding in getattr(one.record, "findings", ())
        ),
        places=tuple(_places(one.record)),
        record=None if line.record is None else _shortened(_facts(line.record)),
        replies=tuple((asked.question, asked.raw) for asked in line.replies),
        seconds=line.seconds,
    )


def _facts(record: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in record.items() if name not in RECORD_FIELDS}


def _shortened(record: Any) -> Any:
    """The facts of a record without what is empty, and its evidence as offsets alone."""
    if isinstance(record, dict):
        if isinstance(spans := record.get("evidence"), list):
            record = {**record, "evidence": ", ".join(f"{span['start']}-{span['end']}" for span in spans)}
        kept = ((name, _shortened(part)) for name, part in record.items())
        return {name: part for name, part in kept if part not in (None, [], {}, "")}
    return [_shortened(part) for part in record] if isinstance(record, list) else record


def _places(node: Any, path: str = "") -> Iterator[Place]:
    """The evidence of a record, with the path of each value that has some."""
    if isinstance(node, Span):
        yield Place(path, node.start, node.end)
    elif isinstance(node, BaseModel):
        own: Any = node.evidence if isinstance(node, Record) else {}
        for at, spans in own.items():
            yield from _places(spans, at)
        skipped: frozenset[str] = RECORD_FIELDS if isinstance(node, Record) else frozenset()
        for name in type(node).model_fields:
            if name not in skipped:
                yield from _places(
                    getattr(node, name), path if name == "evidence" else f"{path}.{name}".lstrip(".")
                )
    elif isinstance(node, (tuple, list)):
        inside = bool(node) and isinstance(node[0], Span)
        for index, part in enumerate(node):
            yield from _places(part, path if inside else f"{path}[{index}]")


@dataclass
class _Row:
    """A leaf while it is filled; ``group`` tells the items of a list apart."""

    group: tuple[str, str]
    outcome: Outcome
    places: tuple[Range, ...] = ()
    cells: dict[int, Cell] = field(default_factory=dict)


def _leaves(case: Case, scores: Sequence[CaseScore]) -> Iterator[Leaf]:
    """Lay the outcomes of all answers beside each other.

    An outcome names its item by the place in the record, which differs between answers; the same item is known by
    its key: gold's words for it, or those of the answer where gold has no such item. To score nothing at all gives
    every leaf of the gold, in its order.
    """
    keys = {
        f"{slot.name}.{slot.key.name}" if slot.key else slot.name: slot.name
        for slot in slots(case.schema)
        if slot.many
    }
    rows: dict[tuple[tuple[str, str], str], _Row] = {}
    for group, outcome in _grouped(score(case, None), keys):
        rows[group, outcome.field] = _Row(
            group, outcome, _evidence(case.gold, outcome, outcome.field in keys)
        )
    for index, one in enumerate(scores):
        for group, outcome in _grouped(one.outcomes, keys):
            row = rows.setdefault((group, outcome.field), _Row(group, outcome))
            places = _evidence(one.record, outcome, outcome.field in keys) if outcome.found else ()
            row.cells[index] = Cell(
                outcome.result.value,
                outcome.kind,
                outcome.found,
                round(outcome.score, 4),
                outcome.evidence,
                places,
            )
    yield from (
        Leaf(
            row.outcome.field,
            path,
            row.outcome.gold,
            row.places,
            tuple(map(row.cells.get, range(len(scores)))),
        )
        for path, row in _ordered(rows.values(), [slot.name for slot in slots(case.schema)])
        if row.cells
    )


def _ordered(rows: Iterable[_Row], names: Sequence[str]) -> Iterator[tuple[str, _Row]]:
    """The rows in the order of the schema, each item together, with their paths in the gold, or ``[+]`` outside of it."""
    groups: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    for group in sorted(groups, key=lambda group: names.index(group[0]) if group[0] in names else len(names)):
        of_gold = _INDEX.search(groups[group][0].outcome.path) if groups[group][0].outcome.gold else None
        for row in groups[group]:
            path = _INDEX.sub(f"[{of_gold.group(1)}]" if of_gold else "[+]", row.outcome.path, count=1)
            yield (path if _top(path).startswith(group[0]) else row.outcome.field), row


def _grouped(outcomes: Iterable[Outcome], keys: dict[str, str]) -> Iterator[tuple[tuple[str, str], Outcome]]:
    """Each outcome with the field and, in a list, the item that it belongs to; an item's key comes first."""
    group = ("", "")
    seen: dict[tuple[str, str], int] = {}
    for outcome in outcomes:
        top = _top(outcome.field)
        if outcome.field in keys:
            said = (
                f"gold {outcome.gold}"
                if outcome.gold
                else f"found {outcome.found.casefold()}"
                if outcome.found
                else ""
            )
            seen[top, said] = seen.get((top, said), 0) + 1
            group = (top, f"{said} {seen[top, said]}" if said else "")
        elif group[0] != top:
            group = (top, "")
        yield group, outcome


def _top(name: str) -> str:
    return name.split(".")[0]


def _evidence(node: Any, outcome: Outcome, key: bool) -> tuple[Range, ...]:
    """The evidence at the path of an outcome, in a gold record or a record; an item's is shown with its key alone."""
    found: Any = ()
    if not outcome.path.startswith(_top(outcome.field)):
        return ()  # a conflict is between places of another field
    for name, index in _STEP.findall(outcome.path):
        node = getattr(node, name, None)
        if isinstance(node, (tuple, list)):
            answers = (
                node[int(index) : int(index) + 1] if index else [part for part in node if part is not None]
            )
            node = answers[0] if answers else None
        found = getattr(node, "evidence", found if key else ())
    return tuple((place.start, place.end) if isinstance(place, Span) else tuple(place) for place in found)
