"""The weights of certainty, fitted to scored runs: offline, on the half of the cases that rules were made on.

A logistic regression over the grounds of ``summarizer.certainty``, with three things that few and like cases need:

- The facts of one deal share its difficulties, so those of one deal that were found in one way have one vote together.
- Each way of finding starts with one right and one wrong vote (the rule of succession, Laplace 1814): right in all
  of eleven deals is 12 of 13, and not certain.
- A support starts as doubling the odds and a doubt as halving them, each with a spread of a factor of e; no support may
  end below 1, and no doubt above it. Where cases say nothing, or too little, what is known beforehand stands.

The fit is the most probable set of weights; it is a convex problem with one answer.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from evals.selective import COVERAGE, Rated, worth_of
from evals.tables import table
from summarizer.certainty import DOUBTS, HOW, SUPPORTS, probability

_PRIOR = {**dict.fromkeys(SUPPORTS, math.log(2)), **dict.fromkeys(DOUBTS, -math.log(2))}
_DIGITS = 2

Array = NDArray[np.float64]


def fit(facts: Sequence[Rated]) -> dict[str, float]:
    """Fit the weights, as log odds, in the order of the grounds."""
    grounds = (*HOW, *SUPPORTS, *DOUBTS)
    rows, right, votes = _votes(facts, grounds)
    prior = np.array([_PRIOR.get(ground, 0.0) for ground in grounds])
    moved = np.array([ground in _PRIOR for ground in grounds])
    bounds = [
        (0, None) if ground in SUPPORTS else (None, 0) if ground in DOUBTS else (None, None)
        for ground in grounds
    ]

    def loss(weights: Array) -> tuple[float, Array]:
        odds = rows @ weights
        off = np.where(moved, weights - prior, 0.0)
        value = votes @ (np.logaddexp(0, odds) - right * odds) + off @ off / 2
        return float(value), rows.T @ (votes * (1 / (1 + np.exp(-odds)) - right)) + off

    found = minimize(loss, prior, jac=True, bounds=bounds, method="L-BFGS-B").x
    return {
        ground: round(float(weight), _DIGITS) + 0.0 for ground, weight in zip(grounds, found, strict=True)
    }


def _votes(facts: Sequence[Rated], grounds: Sequence[str]) -> tuple[Array, Array, Array]:
    """Facts by grounds as zeros and ones, which are right, and the vote of each; with those that each way starts with."""
    shared = Counter((fact.deal, fact.grounds[0]) for fact in facts)
    rows = [[float(ground in fact.grounds) for ground in grounds] for fact in facts]
    right = [float(fact.right) for fact in facts]
    votes = [1 / shared[fact.deal, fact.grounds[0]] for fact in facts]
    for how in HOW:
        rows += [[float(ground == how) for ground in grounds]] * 2
        right += [1.0, 0.0]
        votes += [1.0, 1.0]
    return np.array(rows), np.array(right), np.array(votes)


def report(facts: Sequence[Rated], weights: Mapping[str, float]) -> str:
    """The weights as they stand in ``summarizer.certainty``, what they were fitted to, and what they are worth there."""
    lines = ["WEIGHTS: Mapping[str, float] = {"]
    lines += [f'    "{ground}": {weight:.2f},' for ground, weight in weights.items()]
    lines += ["}", ""]
    rows = []
    for ground in weights:
        here = [fact for fact in facts if ground in fact.grounds]
        right = sum(fact.right for fact in here)
        share = f"{right / len(here):.2f}" if here else "–"
        rows.append((ground, len(here), len({fact.deal for fact in here}), share))
    lines.append(table(("ground", "facts", "deals", "right"), rows))
    found = worth_of([replace(fact, certainty=probability(fact.grounds, weights)) for fact in facts])
    if found is not None:
        lines += [
            "",
            f"With these weights on these facts: precision at {COVERAGE:.0%} coverage {found.at:.3f} ({found.at_interval}), "
            f"AURC {found.aurc:.3f}, ECE {found.ece:.3f}. They were fitted to them: score other cases before you believe it.",
        ]
    return "\n".join(lines)
