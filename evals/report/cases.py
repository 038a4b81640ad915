"""Each case as plain values: its text and gold, and value by value what every run answered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from evals.cases import Case
from evals.gold import Range, labels
from evals.outcomes import Outcome, keyed
from evals.score import score
from evals.scored import CaseScore, ScoredRun
from summarizer.asking.slots import Form, slots
from summarizer.findings import Span
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
class Leaf:
    """One value of gold, or one that only answers have; an outcome for each answer, None where it has none."""

    path: str
    gold: str
    places: tuple[Range, ...]
    cells: tuple[Outcome | None, ...]
    cited: tuple[tuple[Range, ...], ...]  # the evidence of each answer


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of one run to a case: the record with its evidence as ``start-end``, or the error."""

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


def case_views(runs: Sequence[ScoredRun]) -> Iterator[CaseView]:
    """Each case that any run has, in order of names, the original before its variants."""
    found: dict[str, list[tuple[int, CaseScore]]] = {}
    for index, run in enumerate(runs):
        for one in run.scores:
            found.setdefault(one.case.id, []).append((index, one))
    for each in sorted(found.values(), key=lambda each: (each[0][1].case.name, each[0][1].case.variant)):
        case = each[0][1].case
        yield CaseView(
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
            leaves=tuple(_leaves(case, [one for _, one in each])),
            answers=tuple(_answer(index, one) for index, one in each),
        )


def _answer(run: int, one: CaseScore) -> Answer:
    counts, line, record = one.counts, one.line, one.record
    prose = [slot.name for slot in slots(one.case.schema) if slot.form is Form.PROSE]
    facts = {name: part for name, part in (line.record or {}).items() if name not in RECORD_FIELDS}
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
        prose={name: said for name in prose if (said := getattr(record, name, None))},
        findings=tuple(f"{each.field}: {each.message}" for each in getattr(record, "findings", ())),
        places=tuple(_places(record)),
        record=None if line.record is None else _shortened(facts),
        replies=tuple((asked.question, asked.raw) for asked in line.replies),
        seconds=line.seconds,
    )


def _shortened(node: Any) -> Any:
    """A record without what is empty, and its evidence as offsets alone."""
    if isinstance(node, list):
        return [_shortened(part) for part in node]
    if not isinstance(node, dict):
        return node
    if isinstance(spans := node.get("evidence"), list):
        node = {**node, "evidence": ", ".join(f"{span['start']}-{span['end']}" for span in spans)}
    kept = ((name, _shortened(part)) for name, part in node.items())
    return {name: part for name, part in kept if part not in (None, [], {}, "")}


def _places(node: Any, path: str = "") -> Iterator[Place]:
    """The evidence of a record, with the path of each value that has some."""
    if isinstance(node, Span):
        yield Place(path, node.start, node.end)
    elif isinstance(node, BaseModel):
        own: Any = node.evidence if isinstance(node, Record) else {}
        for at, spans in own.items():
            yield from _places(spans, at)
        for name in type(node).model_fields:
            if not (isinstance(node, Record) and name in RECORD_FIELDS):
                below = path if name == "evidence" else f"{path}.{name}".lstrip(".")
                yield from _places(getattr(node, name), below)
    elif isinstance(node, (tuple, list)):
        for index, part in enumerate(node):
            yield from _places(part, path if isinstance(part, Span) else f"{path}[{index}]")


def _leaves(case: Case, scores: Sequence[CaseScore]) -> Iterator[Leaf]:
    """All values beside each other; to score no record gives every value of gold, in its order."""
    gold = keyed(score(case, None))
    answered = [keyed(one.outcomes) for one in scores]
    order = [slot.name for slot in slots(case.schema)]
    keys = dict.fromkeys(key for each in (gold, *answered) for key in each)
    items = {
        key[1:]: at for at, key in reversed(list(enumerate(keys)))
    }  # the values of an item stand together

    def place(key: tuple[str, ...]) -> tuple[int, int]:
        top = key[0].partition(".")[0]
        return order.index(top) if top in order else len(order), items[key[1:]] if key[1:] else 0

    for key in sorted(keys, key=place):
        cells = tuple(each.get(key) for each in answered)
        if not any(cells):
            continue
        wanted = gold.get(key)
        one = wanted or next(cell for cell in cells if cell)
        path = _INDEX.sub((lambda found: f"[{found[1]}]") if wanted else "[+]", one.path, count=1)
        path = path if path.startswith(one.field.partition(".")[0]) else one.field
        cited = tuple(
            _evidence(s.record, c) if c and c.found else () for s, c in zip(scores, cells, strict=True)
        )
        yield Leaf(path, one.gold, _evidence(case.gold, wanted) if wanted else (), cells, cited)


def _evidence(node: Any, outcome: Outcome) -> tuple[Range, ...]:
    """The evidence at the path of an outcome, in gold or in a record."""
    if not outcome.path.startswith(outcome.field.partition(".")[0]):
        return ()  # a conflict is between places of another field
    found: Any = ()
    for name, index in _STEP.findall(outcome.path):
        node = getattr(node, name, None)
        if isinstance(node, (tuple, list)):
            node = (
                node[int(index)]
                if index and int(index) < len(node)
                else next((part for part in node if part is not None), None)
            )
        found = getattr(node, "evidence", found if outcome.path.endswith("name") else ())
    return tuple((each.start, each.end) if isinstance(each, Span) else tuple(each) for each in found)
