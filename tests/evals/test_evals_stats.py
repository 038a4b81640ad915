from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as independent  # type: ignore[import-untyped]

from evals.outcomes import Counts
from evals.stats import (
    Interval,
    cluster_bootstrap,
    holm,
    paired_bootstrap,
    sign_flip,
    sign_test,
    wilson,
)


def f(counts: Counts) -> float:
    return counts.f


def deals(*right_of_ten: int) -> dict[str, Counts]:
    """A deal of ten facts for each number, of which so many are right and the others missing."""
    return {f"deal-{i}": Counts(tp=right, fn=10 - right) for i, right in enumerate(right_of_ten)}


MIXED = deals(9, 4, 7, 10, 2, 8, 6, 5, 9, 3)


@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_is_that_of_scipy(right: int, wrong: int, level: float) -> None:
    """The Wilson interval equals an independent implementation."""
    n = right + wrong
    if n == 0:
        assert wilson(0, 0) == Interval(0.0, 1.0)
        return
    theirs = independent.binomtest(right, n).proportion_ci(level, method="wilson")
    ours = wilson(right, n, level)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(("right", "n"), [(-1, 3), (4, 3)])
def test_wilson_refuses_what_is_no_rate(right: int, n: int) -> None:
    """More right than there are, or fewer than none, is refused."""
    with pytest.raises(ValueError, match="no rate"):
        wilson(right, n)


def test_bootstrap_is_the_same_each_time_and_moves_with_the_seed() -> None:
    """One seed gives one interval; another seed gives a near one."""
    once, again, other = (cluster_bootstrap(MIXED, f, seed=seed) for seed in (3, 3, 4))
    assert once == again
    assert once != other
    assert (once.low, once.high) == pytest.approx((other.low, other.high), abs=0.05)


def test_bootstrap_is_about_the_statistic() -> None:
    """The interval holds the statistic, and a lower level gives a narrower one inside it."""
    wide, narrow = cluster_bootstrap(MIXED, f), cluster_bootstrap(MIXED, f, level=0.5)
    whole = sum(MIXED.values(), Counts()).f
    assert wide.low < narrow.low < whole < narrow.high < wide.high


def test_more_cases_of_the_same_deals_tell_nothing_new() -> None:
    """The deal is what is drawn: four copies of each case do not narrow the interval."""
    copied = {name: [counts] * 4 for name, counts in MIXED.items()}
    assert str(cluster_bootstrap(copied, f)) == str(cluster_bootstrap(MIXED, f))


def test_bootstrap_covers_the_truth() -> None:
    """Of intervals of 90% from drawn data about nine in ten hold the true rate."""
    random = np.random.RandomState(5)
    held = 0
    for _ in range(100):
        drawn = {
            str(i): Counts(tp=int(n), fn=10 - int(n)) for i, n in enumerate(random.binomial(10, 0.6, 25))
        }
        found = cluster_bootstrap(drawn, lambda counts: counts.recall, draws=300, level=0.9)
        held += found.low <= 0.6 <= found.high
    assert 80 <= held <= 98


def test_one_deal_has_no_interval() -> None:
    """What cannot be resampled gives no interval, rather than one without width."""
    for clusters in (deals(7), {}):
        found = cluster_bootstrap(clusters, f)
        assert not found.known
        assert str(found) == "–"


def test_draws_without_a_value_are_left_out() -> None:
    """A statistic that is NaN in some draws gives the interval of the others, and none where it always is."""
    rare = {**deals(0, 0, 0), "other": Counts(fa=3, tn=1)}

    def hallucination(counts: Counts) -> float:
        return counts.hallucination if counts.fa + counts.tn else math.nan

    assert cluster_bootstrap(rare, hallucination) == Interval(0.75, 0.75)
    assert not cluster_bootstrap(deals(1, 2, 3), hallucination).known


def test_paired_bootstrap_draws_the_same_deals_of_both() -> None:
    """A gain that every deal has is certain, however unlike the deals are; alone the intervals overlap."""
    a, b = deals(1, 5, 9, 3, 7), deals(2, 6, 10, 4, 8)
    gain = paired_bootstrap(a, b, f)
    assert 0 < gain.low <= gain.high < 0.2
    assert cluster_bootstrap(a, f).high > cluster_bootstrap(b, f).low
    assert paired_bootstrap(a, a, f) == Interval(0.0, 0.0)
    assert paired_bootstrap(b, a, f) == Interval(-gain.high, -gain.low)


def test_paired_bootstrap_refuses_other_deals() -> None:
    """Both sides have to be of the same deals; the message names the others."""
    with pytest.raises(ValueError, match="deal-2"):
        paired_bootstrap(deals(1, 2), deals(1, 2, 3), f)


@given(st.lists(st.integers(-5, 5).map(lambda n: n / 8), min_size=2, max_size=9))
def test_sign_flip_is_that_of_scipy(differences: list[float]) -> None:
    """The exact test equals an independent implementation, ties and zeros too."""
    theirs = independent.permutation_test(
        (np.array(differences),), np.mean, permutation_type="samples", n_resamples=10_000, vectorized=False
    )
    # Theirs doubles the smaller tail; with a distribution that is symmetric both are the same.
    assert sign_flip(differences).p == pytest.approx(min(1.0, theirs.pvalue))


def test_few_deals_cannot_show_a_small_p() -> None:
    """Three deals that all gain give 0.25, which is the least they can; deals without a difference do not help."""
    assert sign_flip([0.5, 0.4, 0.3]) == sign_flip([0.5, 0.4, 0.3, 0.0, 0.0])
    found = sign_flip([0.5, 0.4, 0.3])
    assert (found.p, found.smallest) == (0.25, 0.25)
    assert sign_flip([0.2] * 6).p == 2 / 64
    assert sign_flip([]) == sign_flip([0.0] * 20)
    assert sign_flip([]).p == 1.0


def test_many_deals_are_flipped_at_random() -> None:
    """Above 16 deals p is near the exact one, the same each time, and never 0."""
    differences = [0.3, -0.1, 0.2, 0.1, -0.2, 0.25] * 3
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    exact = float(np.mean(np.abs(sums) >= sum(differences) - 1e-9))
    assert sign_flip(differences).p == pytest.approx(exact, abs=0.01)
    assert sign_flip(differences, seed=1) == sign_flip(differences, seed=1)
    certain = sign_flip([1.0] * 40)
    assert certain.p == certain.smallest == 1 / 10_001


def test_holm_on_a_worked_example() -> None:
    """The least p counts for all, the next for the rest, and none falls below one before it; the order stays."""
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert list(found) == ["a", "b", "c", "d"]
    assert found == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert holm({}) == {}


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=8))
def test_holm_lies_between_p_and_bonferroni(ps: dict[str, float]) -> None:
    """An adjusted p is no less than p, no more than p times their number or 1, and keeps the order."""
    found = holm(ps)
    assert all(ps[name] <= found[name] <= 1 for name in ps)
    assert not ps or min(found.values()) == pytest.approx(min(1.0, len(ps) * min(ps.values())))
    by_p = sorted(ps, key=lambda name: ps[name])
    assert [found[name] for name in by_p] == sorted(found.values())


@given(st.integers(0, 40), st.integers(0, 40))
def test_sign_test_is_that_of_scipy(lost: int, gained: int) -> None:
    """The sign test equals an independent binomial test."""
    n = lost + gained
    theirs = independent.binomtest(lost, n, alternative="greater").pvalue if n else 1.0
    assert sign_test(lost, gained) == pytest.approx(theirs)
