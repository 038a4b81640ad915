"""The outcome of each leaf of a record, and the rates over many."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass


class Result(str, enum.Enum):
    """The outcome of one leaf: TP right, FD wrong, FN missing, FA invented, TN rightly absent."""

    TP = "right"
    FD = "wrong"
    FN = "missing"
    FA = "invented"
    TN = "absent"


GOOD = (Result.TP, Result.TN)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf of a record beside its gold.

    ``field`` is its path in the schema (``amount``, ``parties.role``), ``path`` its place in the record (or,
    where it is missing there, in the gold). ``score`` is from 0 to 1, ``kind`` names the error, ``evidence``
    tells whether the spans of a right fact state it (None where the leaf has none).
    """

    field: str
    path: str
    result: Result
    gold: str = ""
    found: str = ""
    score: float = 0.0
    kind: str = ""
    evidence: bool | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of leaves by result.

    ``credit`` is the sum of scores. ``marked`` counts right facts that have evidence, ``grounded`` those of
    them whose evidence states the fact.
    """

    tp: int = 0
    fd: int = 0
    fn: int = 0
    fa: int = 0
    tn: int = 0
    credit: float = 0.0
    marked: int = 0
    grounded: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def rate(self, name: str) -> float:
        """The rate of ``RATES``; 0 where there is nothing to measure it on."""
        part, whole = (of(self) for of in RATES[name])
        return ratio(part, whole)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return self.rate("f")

    @property
    def precision(self) -> float:
        """The share of right answers in all answers."""
        return self.rate("precision")

    @property
    def recall(self) -> float:
        """The share of right answers in all facts of gold."""
        return self.rate("recall")

    @property
    def facts(self) -> int:
        """Leaves that gold or the record fills."""
        return self.tp + self.fd + self.fn + self.fa


def _twice(counts: Counts) -> int:
    return 2 * (counts.tp + counts.fd) + counts.fa + counts.fn


def _gold(counts: Counts) -> int:
    return counts.tp + counts.fd + counts.fn


RATES: Mapping[str, tuple[Callable[[Counts], float], Callable[[Counts], float]]] = {
    "f": (lambda counts: 2 * counts.tp, _twice),
    "soft_f": (lambda counts: 2 * counts.credit, _twice),
    "precision": (lambda counts: counts.tp, lambda counts: counts.tp + counts.fd + counts.fa),
    "recall": (lambda counts: counts.tp, _gold),
    "missing": (lambda counts: counts.fn, _gold),
    "invented": (lambda counts: counts.fa, lambda counts: counts.fa + counts.tn),
    "evidence": (lambda counts: counts.grounded, lambda counts: counts.marked),
}
"""Each rate as a part and the whole that it is a share of."""


def count(outcomes: Iterable[Outcome]) -> Counts:
    """Count the outcomes."""
    counts: Counter[Result] = Counter()
    credit, marked, grounded = 0.0, 0, 0
    for outcome in outcomes:
        counts[outcome.result] += 1
        credit += outcome.score if outcome.result in (Result.TP, Result.FD) else 0.0
        marked += outcome.evidence is not None
        grounded += bool(outcome.evidence)
    tp, fd, fn, fa, tn = (counts[result] for result in Result)
    return Counts(tp, fd, fn, fa, tn, credit, marked, grounded)


def ratio(part: float, whole: float) -> float:
    """Divide ``part`` by ``whole``; 0 where there is no whole."""
    return part / whole if whole else 0.0


def keyed(outcomes: Iterable[Outcome]) -> dict[tuple[str, ...], Outcome]:
    """The leaves of one record by a key that is the same in any record of the case.

    The index of an item is not: an item is known by its name in gold (or, where it is invented, by its own
    name), numbered where several are named alike. The first leaf of an item names it.
    """
    found: dict[tuple[str, ...], Outcome] = {}
    seen: Counter[tuple[str, ...]] = Counter()
    place = first = ""
    item: tuple[str, ...] = ()
    for outcome in outcomes:
        before, bracket, _ = outcome.path.partition("]")
        if not bracket:
            place, item = "", ()
        elif (before, outcome.field) == (place, first) or before != place:
            place, first = before, outcome.field
            named = (first, outcome.gold, "" if outcome.gold else outcome.found)
            seen[named] += 1
            item = (*named, str(seen[named]))
        found[(outcome.field, *item)] = outcome
    return found
