"""Variants of gold cases, made by code: the text is altered, and its gold alike."""

from __future__ import annotations

import random

from evals.cases import Case, problems
from evals.variants import attack, counterfactual, deletion
from evals.variants.counterfactual import remembered

__all__ = ["KINDS", "remembered", "variants"]

_MAKERS = {"counterfactual": counterfactual.make, "deletion": deletion.make, "attack": attack.make}
KINDS = tuple(_MAKERS)


def variants(case: Case, kind: str, *, seed: int = 0) -> list[Case]:
    """Make the variants of one kind, the same ones for the same case and seed.

    A variant whose gold cannot be proved against its text is left out.
    """
    rng = random.Random(f"{seed}:{case.name}:{kind}")  # noqa: S311 (seeded, not secret)
    return [each for each in _MAKERS[kind](case, rng) if not problems(each)]
