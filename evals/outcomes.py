"""What became of each leaf of a record, and the rates over many."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from evals.tables import f_measure, ratio


class Result(str, enum.Enum):
    """What became of one leaf."""

    TP = "right"
    FD = "wrong"
    FN = "missing"
    FA = "invented"
    TN = "absent"  # rightly


@dataclass(frozen=True, slots=True)
class Outcome:
    """One leaf: ``kind`` names the error, ``evidence`` tells whether the spans of a right fact hold it."""

    field: str
    result: Result
    gold: str = ""
    found: str = ""
    score: float = 0.0
    kind: str = ""
    evidence: bool | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """Counts of outcomes; leaves that are rightly absent are in none of them."""

    right: int
    wrong: int
    missing: int
    invented: int

    @property
    def precision(self) -> float:
        """The share of right answers in all answers."""
        return ratio(self.right, self.right + self.wrong + self.invented)

    @property
    def recall(self) -> float:
        """The share of right answers in all facts of gold."""
        return ratio(self.right, self.right + self.wrong + self.missing)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return f_measure(self.precision, self.recall)


def rates(outcomes: Iterable[Outcome]) -> Rates:
    """Count the outcomes."""
    seen = [outcome.result for outcome in outcomes]
    return Rates(*(seen.count(result) for result in (Result.TP, Result.FD, Result.FN, Result.FA)))
