"""What certainty is worth: precision against coverage, and certainty against the share that is right.

A reader who trusts the surer facts alone keeps a share of them (*coverage*) and is right in a share of what is kept
(*precision*; one minus it is the *risk*). The risk–coverage curve of selective prediction has both for every share
(El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017); its area, AURC, is the mean risk over all shares, less is better
(Geifman, Uziel and El-Yaniv 2019). Facts with one certainty cannot be told apart, so a part of them counts as
any part would on average. No order gives the risk of all facts at every share; the best order puts all right ones first.

A number is calibrated where of the facts with certainty p a share p is right. The expected calibration error, ECE, is
the mean gap between the two over ten equal bins, weighted by their facts (Guo, Pleiss, Sun and Weinberger 2017).

The facts are the leaves that a record fills, ``conflict`` aside; a leaf takes the certainty of its path, or of the
path that it is under (``amount.qualifier`` that of ``amount``). What is missing has none: recall is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from evals.outcomes import Result
from evals.scored import CaseScore, ScoredRun
from evals.stats import Interval, bootstrap_rows

COVERAGE = 0.8  # the share of facts at which precision is reported and gated
BINS = 10
_ANSWERED = (Result.TP, Result.FD, Result.FA)

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rated:
    """A fact of a record: how sure the record is of it, on which grounds, and whether it is right."""

    deal: str
    path: str
    certainty: float
    grounds: tuple[str, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """The facts of at least this ``certainty``: which share they are, and which share of them is right."""

    coverage: float
    precision: float
    certainty: float


@dataclass(frozen=True, slots=True)
class Bin:
    """The facts whose certainty is from ``low`` to ``high``: how many, how sure, and which share is right."""

    low: float
    high: float
    facts: int
    certainty: float
    precision: float


@dataclass(frozen=True, slots=True)
class Worth:
    """What the certainty of a run is worth; intervals are of a bootstrap that draws whole deals.

    ``at`` is precision at ``COVERAGE``, ``best_at`` and ``best_aurc`` what the best order of the same facts would give.
    """

    facts: int
    right: int
    at: float
    at_interval: Interval
    best_at: float
    aurc: float
    aurc_interval: Interval
    best_aurc: float
    ece: float
    ece_interval: Interval
    points: tuple[Point, ...]
    bins: tuple[Bin, ...]

    @property
    def precision(self) -> float:
        """The share of right facts in all of them."""
        return self.right / self.facts

    def precision_at(self, coverage: float) -> float:
        """The share of right facts in the surest ``coverage`` of them."""
        return _precision_at(_sums((p.coverage, p.coverage * p.precision) for p in self.points), coverage)


def rated(scores: Iterable[CaseScore]) -> Iterator[Rated]:
    """Every answered leaf of the records that say how sure they are; one that such a record leaves out counts as 0."""
    for one in scores:
        known = {each.field: each for each in getattr(one.record, "certainty", ())}
        if not known:
            continue
        for outcome in one.outcomes:
            if outcome.result not in _ANSWERED or outcome.field.startswith("conflict."):
                continue
            path = outcome.path
            while path and path not in known:
                path = path.rpartition(".")[0]
            value, grounds = (known[path].value, known[path].grounds) if path else (0.0, ())
            yield Rated(one.case.about.deal, outcome.path, value, grounds, outcome.result is Result.TP)


def worth(run: ScoredRun) -> Worth | None:
    """Say what the certainty of a run is worth; None where its records have none, or no fact."""
    return worth_of(list(rated(run.scores)))


def worth_of(facts: Sequence[Rated]) -> Worth | None:
    """Say what the certainty of these facts is worth; None where there are none."""
    if not facts:
        return None
    levels = sorted({fact.certainty for fact in facts}, reverse=True)
    place = {level: index for index, level in enumerate(levels)}
    deals = {deal: index for index, deal in enumerate(dict.fromkeys(fact.deal for fact in facts))}
    rows = np.zeros((len(deals), 2, len(levels)))
    for fact in facts:
        rows[deals[fact.deal], :, place[fact.certainty]] += (1, fact.right)
    total = rows.sum(axis=0)
    flat = rows.reshape(len(deals), -1)

    def interval(statistic: partial[float]) -> Interval:
        return bootstrap_rows(flat, lambda row: statistic(np.asarray(row).reshape(2, -1)))

    at, ece = partial(_precision_at, coverage=COVERAGE), partial(_ece, levels=np.array(levels))
    right = int(total[1].sum())
    best = np.array([[right, len(facts) - right], [right, 0.0]])
    ends = np.cumsum(total, axis=1)
    return Worth(
        facts=len(facts),
        right=right,
        at=at(total),
        at_interval=interval(at),
        best_at=at(best),
        aurc=_aurc(total),
        aurc_interval=interval(partial(_aurc)),
        best_aurc=_aurc(best),
        ece=ece(total),
        ece_interval=interval(ece),
        points=tuple(
            Point(float(kept) / len(facts), float(good / kept), level)
            for kept, good, level in zip(*ends, levels, strict=True)
        ),
        bins=tuple(_bins(total, levels)),
    )


def _sums(steps: Iterable[tuple[float, float]]) -> Array:
    """Facts and right facts of each level, from their sums up to it."""
    return np.diff(np.array([(0.0, 0.0), *steps]).T, axis=1)


def _right_in(counts: Array, kept: Array) -> Array:
    """How many of the ``kept`` surest facts are right; ``counts`` are facts and right ones by level, surest first."""
    ends = np.concatenate([np.zeros((2, 1)), np.cumsum(counts, axis=1)], axis=1)
    found: Array = np.interp(kept, ends[0], ends[1])
    return found


def _precision_at(counts: Array, coverage: float) -> float:
    kept = coverage * counts[0].sum()
    return float(_right_in(counts, np.array([kept]))[0] / kept)


def _aurc(counts: Array) -> float:
    kept = np.arange(1, round(counts[0].sum()) + 1)
    return float(np.mean(1 - _right_in(counts, kept) / kept))


def _bin(level: float) -> int:
    """The bin of a certainty; 1 is in the last."""
    return min(int(level * BINS + 1e-9), BINS - 1)


def _ece(counts: Array, levels: Array) -> float:
    gaps = np.zeros(BINS)
    np.add.at(gaps, [_bin(level) for level in levels.tolist()], counts[1] - counts[0] * levels)
    return float(np.abs(gaps).sum() / counts[0].sum())


def _bins(counts: Array, levels: Sequence[float]) -> Iterator[Bin]:
    """The bins that have facts, surest first."""
    for index in range(BINS - 1, -1, -1):
        inside = [place for place, level in enumerate(levels) if _bin(level) == index]
        facts, right = counts[:, inside].sum(axis=1) if inside else (0, 0)
        if facts:
            sure = sum(counts[0, place] * levels[place] for place in inside) / facts
            yield Bin(index / BINS, (index + 1) / BINS, int(facts), float(sure), float(right / facts))
