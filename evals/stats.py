"""Intervals and tests for few, clustered cases.

Cases made from one source deal share its difficulties, so whatever is resampled or permuted is the deal, not
the case. All draws come from ``RandomState``, whose streams are the same in every version of numpy: one seed
gives the same bytes each time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.outcomes import Counts

Clustered = Mapping[str, Counts | Sequence[Counts]]
"""The counts of each cluster, or those of its cases."""

_EXACT_TO = 16  # clusters up to which every assignment of signs is tried
_CHUNK = 2_000_000  # numbers in memory at once
_TIE = 1e-9  # sums that differ by less than this share of the largest are equal


@dataclass(frozen=True, slots=True)
class Interval:
    """From ``low`` to ``high``; both are NaN where the data say nothing about the spread."""

    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an interval."""
        return not math.isnan(self.low)

    def __str__(self) -> str:
        return f"{self.low:.2f} to {self.high:.2f}" if self.known else "–"


@dataclass(frozen=True, slots=True)
class PValue:
    """A two-sided p value, and the ``smallest`` that as many differing clusters can give."""

    p: float
    smallest: float


_UNKNOWN = Interval(math.nan, math.nan)


def wilson(right: int, n: int, level: float = 0.95) -> Interval:
    """Give the score interval of a rate of independent trials (Wilson 1927); all of 0 to 1 where there are none.

    Raises ValueError unless 0 <= right <= n.
    """
    if not 0 <= right <= n:
        raise ValueError(f"{right} of {n} is no rate")
    if n == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate = right / n
    middle = rate + z * z / (2 * n)
    reach = z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    low, high = ((middle + side * reach) / (1 + z * z / n) for side in (-1, 1))
    return Interval(low if right else 0.0, high if right < n else 1.0)


def cluster_bootstrap(
    clusters: Clustered,
    statistic: Callable[[Counts], float],
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Give the percentile bootstrap interval of a statistic of the summed counts (Efron 1979).

    Whole clusters are drawn, with replacement. Draws in which the statistic is NaN are left out. One cluster
    has no spread to resample, and gives an interval that is not known.
    """
    return _percentiles(_values(statistic, _totals(_rows(clusters), draws, seed)), level)


def paired_bootstrap(
    a: Clustered,
    b: Clustered,
    statistic: Callable[[Counts], float],
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Give the interval of how much more ``statistic`` is of b than of a: each draw takes the same clusters of both.

    Otherwise as ``cluster_bootstrap``. Raises ValueError where a and b are not of the same clusters.
    """
    if a.keys() != b.keys():
        raise ValueError(f"clusters of one side only: {', '.join(sorted(a.keys() ^ b.keys()))}")
    before, after = (_totals(_rows({name: side[name] for name in a}), draws, seed) for side in (a, b))
    gains = [
        now - was for was, now in zip(_values(statistic, before), _values(statistic, after), strict=True)
    ]
    return _percentiles(gains, level)


def bootstrap_rows(
    rows: NDArray[np.float64],
    statistic: Callable[[Sequence[float]], float],
    draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
) -> Interval:
    """Give the interval of a statistic of summed rows, one row for each cluster, as ``cluster_bootstrap`` does."""
    return _percentiles([statistic(row) for row in _totals(rows, draws, seed)], level)


def _values(statistic: Callable[[Counts], float], totals: Sequence[tuple[Any, ...]]) -> list[float]:
    known: dict[tuple[Any, ...], float] = {}  # few facts give few different sums
    for row in totals:
        if row not in known:
            known[row] = statistic(Counts(*row))
    return [known[row] for row in totals]


def _rows(clusters: Clustered) -> NDArray[np.float64]:
    """Counts as an array of clusters by fields of ``Counts``."""
    summed = [counts if isinstance(counts, Counts) else sum(counts, Counts()) for counts in clusters.values()]
    return np.array([astuple(counts) for counts in summed], dtype=np.float64).reshape(
        len(summed), len(fields(Counts))
    )


def _totals(rows: NDArray[np.float64], draws: int, seed: int) -> list[tuple[Any, ...]]:
    """Sums over drawn clusters, a row for each draw; none for fewer than two clusters."""
    if len(rows) < 2:
        return []
    weights = _weights(len(rows), draws, seed)
    step = max(1, _CHUNK // len(rows))
    parts = [weights[start : start + step].astype(np.float64) @ rows for start in range(0, draws, step)]
    return list(map(tuple, np.vstack(parts).tolist()))


@lru_cache(maxsize=2)  # all fields of a report are drawn from the same clusters
def _weights(clusters: int, draws: int, seed: int) -> NDArray[np.uint16]:
    """How often each draw takes each cluster: draws by clusters."""
    random = np.random.RandomState(seed)
    parts = []
    step = max(1, _CHUNK // clusters)
    for start in range(0, draws, step):
        rows = min(step, draws - start)
        drawn = random.randint(0, clusters, (rows, clusters)) + np.arange(rows)[:, None] * clusters
        tally = np.bincount(drawn.ravel(), minlength=rows * clusters)
        parts.append(tally.reshape(rows, clusters).astype(np.uint16))
    return np.vstack(parts)


def _percentiles(values: Sequence[float], level: float) -> Interval:
    there = [value for value in values if not math.isnan(value)]
    if not there:
        return _UNKNOWN
    low, high = np.quantile(there, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Interval(low, high)


def sign_flip(differences: Sequence[float], draws: int = 10_000, seed: int = 0) -> PValue:
    """Test whether the mean of cluster-level differences is zero, by flipping their signs (Fisher 1935).

    Exact for up to 16 clusters that differ; above that from random flips, the data counted as one of them, so that p
    is never 0 (Phipson and Smyth 2010). Clusters without a difference tell nothing: ``smallest`` is that of the rest.
    """
    differ = np.array([difference for difference in differences if difference], dtype=np.float64)
    if not len(differ):
        return PValue(1.0, 1.0)
    limit = abs(differ.sum()) - _TIE * np.abs(differ).sum()
    smallest = 2.0 ** (1 - len(differ))
    if len(differ) <= _EXACT_TO:
        sums = np.zeros(1)
        for difference in differ:
            sums = np.concatenate([sums + difference, sums - difference])
        return PValue(float(np.mean(np.abs(sums) >= limit)), smallest)
    random = np.random.RandomState(seed)
    step = max(1, _CHUNK // len(differ))
    beyond = 0
    for start in range(0, draws, step):
        kept = random.randint(0, 2, (min(step, draws - start), len(differ)), dtype=np.int8)
        beyond += int(np.sum(np.abs(2 * (kept @ differ) - differ.sum()) >= limit))
    return PValue((1 + beyond) / (1 + draws), max(smallest, 1 / (1 + draws)))


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Adjust p values for their number (Holm 1979): those under a level hold together at that level."""
    adjusted: dict[str, float] = {}
    least = 0.0
    for rank, name in enumerate(sorted(ps, key=lambda name: (ps[name], name))):
        least = max(least, min(1.0, (len(ps) - rank) * ps[name]))
        adjusted[name] = least
    return {name: adjusted[name] for name in ps}


def sign_test(for_it: int, against: int) -> float:
    """Give the one-sided p of ``for_it`` against ``against`` flips of a fair coin; of discordant pairs (McNemar 1947)."""
    n = for_it + against
    return float(sum(math.comb(n, k) for k in range(for_it, n + 1)) / 2**n)
