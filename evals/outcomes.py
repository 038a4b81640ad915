"""What became of each leaf of a record, and the rates over many."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


class Result(str, enum.Enum):
    """What became of one leaf; TP right, FD found but wrong, FN omitted, FA invented, TN rightly absent."""

    TP = "right"
    FD = "wrong"
    FN = "missing"
    FA = "invented"
    TN = "absent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf of a record beside its gold.

    ``field`` is its path in the schema (``amount``, ``parties.role``), ``path`` its place in the record (or,
    where it is missing there, in the gold). ``score`` is from 0 to 1, ``kind`` names the error, ``evidence`` tells
    whether the spans of a right fact hold it (None where the leaf has none).
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
    """How many leaves came out how; sums of these are what all rates are made of.

    ``credit`` is the sum of scores: the soft form of ``tp``. ``marked`` and ``grounded`` count right facts that
    have evidence to judge, and those of them whose evidence holds.
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
        return Counts(
            self.tp + other.tp,
            self.fd + other.fd,
            self.fn + other.fn,
            self.fa + other.fa,
            self.tn + other.tn,
            self.credit + other.credit,
            self.marked + other.marked,
            self.grounded + other.grounded,
        )

    @property
    def precision(self) -> float:
        """The share of right answers in all answers."""
        return ratio(self.tp, self.tp + self.fd + self.fa)

    @property
    def recall(self) -> float:
        """The share of right answers in all facts of gold."""
        return ratio(self.tp, self.tp + self.fd + self.fn)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return ratio(2 * self.tp, 2 * self.tp + 2 * self.fd + self.fa + self.fn)

    @property
    def soft_f(self) -> float:
        """F with the sum of scores in place of the right answers."""
        return ratio(2 * self.credit, 2 * self.tp + 2 * self.fd + self.fa + self.fn)

    @property
    def hallucination(self) -> float:
        """The share of leaves without gold that are answered."""
        return ratio(self.fa, self.fa + self.tn)

    @property
    def abstention(self) -> float:
        """The share of leaves without gold that are left empty."""
        return ratio(self.tn, self.fa + self.tn)

    @property
    def omission(self) -> float:
        """The share of leaves with gold that are not answered."""
        return ratio(self.fn, self.tp + self.fd + self.fn)

    @property
    def grounded_correct(self) -> float:
        """The share of right facts whose evidence holds."""
        return ratio(self.grounded, self.marked)

    @property
    def facts(self) -> int:
        """Leaves that gold or the record fills."""
        return self.tp + self.fd + self.fn + self.fa


def count(outcomes: Iterable[Outcome]) -> Counts:
    """Count the outcomes."""
    outcomes = list(outcomes)
    by = Counter(outcome.result for outcome in outcomes)
    marked = [outcome.evidence for outcome in outcomes if outcome.evidence is not None]
    credit = sum(outcome.score for outcome in outcomes if outcome.result in (Result.TP, Result.FD))
    return Counts(
        by[Result.TP],
        by[Result.FD],
        by[Result.FN],
        by[Result.FA],
        by[Result.TN],
        credit,
        len(marked),
        sum(marked),
    )


def ratio(part: float, whole: float) -> float:
    """Divide ``part`` by ``whole``; 0 where there is no whole."""
    return part / whole if whole else 0.0
