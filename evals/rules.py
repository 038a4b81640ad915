"""What each word rule is worth: its hits, its precision against gold, and F without it. No model is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evals.cases import Case
from evals.outcomes import Outcome, count
from evals.score import score
from evals.systems import Silent
from evals.tables import table
from summarizer import asummarize
from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.rules import engine
from summarizer.rules.deal import Zones, zones_of
from summarizer.rules.hints import read_hints

TABLES = ("deal", "figures", "lists", "parties")
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Measured:
    """A rule: places where it matches, of those with gold the share that is right, and F without it less F with it."""

    id: str
    hits: int
    right: int
    judged: int
    change: float

    @property
    def precision(self) -> float | None:
        """The share of judged hits that are right; None where gold says nothing of them."""
        return self.right / self.judged if self.judged else None


def measure(cases: Sequence[Case]) -> list[Measured]:
    """Measure every rule on these cases, those with the greatest loss first."""
    read = [_Read.of(case) for case in cases]
    whole = {one.case.id: _outcomes(one.case) for one in read}
    before = _f(whole.values())
    found = []
    for rule in (rule for name in TABLES for rule in engine.table(name)):
        hits = {one.case.id: list(one.hits(rule)) for one in read}
        judged = [right for rights in hits.values() for right in rights if right is not None]
        everywhere = rule.where == "shape"  # it cannot be sought in a sentence: every case is read without it
        touched = [one.case for one in read if hits[one.case.id] or everywhere]
        with engine.without(rule.id):
            left = {**whole, **{case.id: _outcomes(case) for case in touched}}
        number = sum(map(len, hits.values()))
        found.append(Measured(rule.id, number, sum(judged), len(judged), _f(left.values()) - before))
    return sorted(found, key=lambda one: (one.change, -one.hits))


def _outcomes(case: Case) -> list[Outcome]:
    record = asyncio.run(asummarize(case.text, schema=case.schema, model=Silent(), id=case.name))
    return list(score(case, record, None))


def _f(outcomes: Any) -> float:
    return count(one for of_case in outcomes for one in of_case).f


@dataclass(frozen=True, slots=True)
class _Read:
    """A case with its text as the rules see it."""

    case: Case
    inventory: Inventory
    zones: Zones

    @classmethod
    def of(cls, case: Case) -> _Read:
        inventory = take_inventory(read_document(case.text, id=case.name))
        return cls(case, inventory, zones_of(inventory, read_hints(inventory).earlier))

    def hits(self, rule: engine.Rule) -> Iterator[bool | None]:
        """Yield for each place that a rule matches whether gold has it; None where gold does not tell."""
        if rule.where == "sentence":
            spans = self._gold_spans(rule.field)
            for sentence in self.inventory.sentences:
                if rule.search(engine.lowered(sentence.text)):
                    yield any(start < sentence.end and sentence.start < end for start, end in spans)
        elif rule.where in self.zones:
            if rule.holds(self.zones[rule.where]):
                yield self._is_gold(rule)
        elif rule.where != "shape":
            for sentence in self.inventory.sentences:
                if rule.any.search(engine.lowered(sentence.text)):
                    yield None

    def _gold_spans(self, field: str) -> list[tuple[int, int]]:
        return [span for label in getattr(self.case.gold, field, None) or () for span in label.evidence]

    def _is_gold(self, rule: engine.Rule) -> bool | None:
        gold = getattr(self.case.gold, rule.field, None)
        return None if gold is None else _YES_NO.get(rule.value, rule.value) in gold


def report(measured: Sequence[Measured]) -> str:
    """The table of all rules."""
    rows = (
        (
            one.id,
            f"{one.hits}",
            "–" if one.precision is None else f"{one.precision:.2f}",
            f"{one.change:+.4f}",
        )
        for one in measured
    )
    return table(("rule", "hits", "precision", "F without it"), rows)
