"""Calibration: of the facts that a record is so sure of, the share that is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evals.outcomes import Result, ratio
from evals.scored import CaseScore

_ANSWERED = (Result.TP, Result.FD, Result.FA)


@dataclass(frozen=True, slots=True)
class Bin:
    """The facts with a certainty of ``tenth`` tenths or more: their number, mean certainty and share of right ones."""

    tenth: int
    facts: int
    certainty: float
    right: float


def bins(scores: Iterable[CaseScore]) -> list[Bin]:
    """Group all answered leaves by tenths of their certainty, surest first.

    A leaf has the certainty of its path, or of the nearest path above it; records without any are left out.
    """
    facts: dict[int, list[tuple[float, bool]]] = {}
    for one in scores:
        known = {each.field: each.value for each in getattr(one.record, "certainty", ())}
        for outcome in one.outcomes if known else ():
            if outcome.result not in _ANSWERED or outcome.field.startswith("conflict."):
                continue
            path = outcome.path
            while path and path not in known:
                path = path.rpartition(".")[0]
            value = known.get(path, 0.0)
            facts.setdefault(min(int(value * 10 + 1e-9), 9), []).append((value, outcome.result is Result.TP))
    return [
        Bin(
            tenth,
            len(part),
            ratio(sum(v for v, _ in part), len(part)),
            ratio(sum(r for _, r in part), len(part)),
        )
        for tenth, part in sorted(facts.items(), reverse=True)
    ]


def calibration_error(found: Iterable[Bin]) -> float | None:
    """The mean gap between certainty and the share of right facts (ECE); None without facts."""
    found = list(found)
    facts = sum(each.facts for each in found)
    return sum(each.facts * abs(each.certainty - each.right) for each in found) / facts if facts else None
