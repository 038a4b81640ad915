from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.stats import (
    Interval,
    PValue,
    difference_interval,
    holm,
    ratio_interval,
    sign_flip,
    sign_test,
    wilson,
)


@pytest.mark.parametrize(
    ("right", "n", "low", "high"), [(8, 39, 0.108, 0.355), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0)]
)
def test_wilson(right: int, n: int, low: float, high: float) -> None:
    """Published values of the score interval."""
    found = wilson(right, n)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([], 1.0),
        ([0.0, 0.0], 1.0),
        ([0.5], 1.0),
        ([0.1] * 8, 2 / 2**8),
        ([-0.1] * 8, 2 / 2**8),
        ([0.1, 0.2, 0.3], 0.25),
        ([0.1, -0.1, 0.1, -0.1], 1.0),
    ],
)
def test_signs_are_flipped(differences: list[float], p: float) -> None:
    """Exact p values of few deals; deals without a difference tell nothing."""
    assert sign_flip(differences).p == pytest.approx(p)
    assert sign_flip([*differences, 0.0]) == sign_flip(differences)


def test_many_deals_are_drawn_at_random_and_alike_each_time() -> None:
    """Above the exact number, p is never 0."""
    found = sign_flip([0.1] * 40)
    assert found == sign_flip([0.1] * 40)
    assert isinstance(found, PValue)
    assert 0 < found.p < 0.001


def test_intervals_hold_the_ratio_and_one_deal_has_none() -> None:
    """The ratio of two sums lies in its interval; one deal, or none with facts, says nothing about the spread."""
    assert ratio_interval([3], [4]) == ratio_interval([3, 0], [4, 0]) == ratio_interval([], []) == Interval()
    found = ratio_interval([9, 5, 8, 2], [10, 10, 10, 10])
    assert found.low is not None
    assert found.high is not None
    assert 0.2 <= found.low < 0.6 < found.high <= 0.9
    assert found == ratio_interval([9, 5, 8, 2], [10, 10, 10, 10])


def test_a_paired_difference_has_the_sign_of_the_gain() -> None:
    """Each draw takes the same deals of both sides, so that an even gain has no spread."""
    before, after = ([1, 5, 9, 3], [10] * 4), ([2, 6, 10, 4], [10] * 4)
    assert difference_interval(before, after) == Interval(pytest.approx(0.1), pytest.approx(0.1))
    assert difference_interval(before, before) == Interval(0.0, 0.0)


@given(st.dictionaries(st.text(max_size=3), st.floats(0, 1), max_size=8))
def test_holm_only_raises_and_keeps_the_order(ps: dict[str, float]) -> None:
    """Adjusted p values are at least as large, at most 1, and in the same order."""
    found = holm(ps)
    assert all(ps[name] <= found[name] <= 1 for name in ps)
    ordered = sorted(ps, key=lambda name: ps[name])
    assert [found[name] for name in ordered] == sorted(found.values())


@pytest.mark.parametrize(("losses", "gains", "p"), [(0, 0, 1.0), (6, 0, 1 / 64), (3, 1, 5 / 16), (0, 3, 1.0)])
def test_losses_are_tested_as_flips_of_a_coin(losses: int, gains: int, p: float) -> None:
    assert sign_test(losses, gains) == pytest.approx(p)
