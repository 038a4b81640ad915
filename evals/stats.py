"""Intervals and tests for few, clustered cases.

Cases made from one deal share its difficulties, so deals are resampled and permuted, not cases. Every rate is
a ratio of two sums over deals. Seeds are fixed: the same input gives the same result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats  # type: ignore[import-untyped]

_DRAWS = 2000


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval; None for both ends where the data say nothing about the spread."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PValue:
    """A two-sided p value, and the ``smallest`` that as many differing clusters can give."""

    p: float
    smallest: float


def ratio_interval(parts: Sequence[float], wholes: Sequence[float]) -> Interval:
    """Percentile bootstrap interval of ``sum(parts) / sum(wholes)``, with one entry for each deal."""
    return _bootstrap((parts, wholes), lambda part, whole: _ratio(part, whole))


def difference_interval(
    a: tuple[Sequence[float], Sequence[float]], b: tuple[Sequence[float], Sequence[float]]
) -> Interval:
    """Bootstrap interval of the ratio of b minus that of a; each draw takes the same deals of both."""
    return _bootstrap((*a, *b), lambda p, q, r, s: _ratio(r, s) - _ratio(p, q))


def _ratio(part: Any, whole: Any) -> Any:
    """Divide; where nothing is there to be found, nothing is wrong: 1."""
    return np.divide(part, whole, out=np.ones_like(part, dtype=float), where=whole > 0)


def _bootstrap(columns: Sequence[Sequence[float]], statistic: Any) -> Interval:
    rows = [np.asarray(column, dtype=float) for column in columns]
    if sum(bool(any(values)) for values in zip(*rows, strict=True)) < 2:  # one deal has no spread
        return Interval()

    def of_sums(*drawn: Any, axis: int) -> Any:
        return statistic(*(each.sum(axis=axis) for each in drawn))

    found = stats.bootstrap(
        rows,
        of_sums,
        paired=True,
        vectorized=True,
        n_resamples=_DRAWS,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Interval(float(found.low), float(found.high))


def wilson(right: int, n: int) -> Interval:
    """Wilson's 95% interval of a rate of independent trials."""
    if not n:
        return Interval()
    found = stats.binomtest(right, n).proportion_ci(method="wilson")
    return Interval(float(found.low), float(found.high))


def sign_flip(differences: Sequence[float]) -> PValue:
    """Test whether the mean of the deals' differences is zero, by flipping their signs."""
    differ = [each for each in differences if each]
    if len(differ) < 2:
        return PValue(1.0, 1.0)
    found = stats.permutation_test(
        (differ,),
        lambda drawn, axis: drawn.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=10_000,
        rng=np.random.default_rng(0),
    )
    return PValue(float(found.pvalue), float(max(2.0 ** (1 - len(differ)), 1 / 10_001)))


def sign_test(losses: int, gains: int) -> float:
    """One-sided p of so many losses against gains, as flips of a fair coin."""
    if not losses + gains:
        return 1.0
    return float(stats.binomtest(losses, losses + gains, alternative="greater").pvalue)


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Adjust p values for their number (Holm 1979)."""
    adjusted: dict[str, float] = {}
    least = 0.0
    for rank, name in enumerate(sorted(ps, key=lambda name: (ps[name], name))):
        least = max(least, min(1.0, (len(ps) - rank) * ps[name]))
        adjusted[name] = least
    return {name: adjusted[name] for name in ps}
