"""The figures that a report shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evals.headline import Headline
from evals.selective import Bin, Point

ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate with its 95% interval; None where there is nothing that it could be a share of."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """How many leaves came out how, and the rates by their names in ``Counts``."""

    counts: dict[str, float]
    rates: dict[str, Estimate]
    facts: int


@dataclass(frozen=True, slots=True)
class CertaintyFigures:
    """What the certainty of a run is worth; ``evals.selective`` says what each figure is.

    ``precision`` has the precision at the shares of ``COVERAGES``; ``best`` what the best order of the facts would give.
    """

    facts: int
    precision: tuple[Estimate, ...]
    best: tuple[Estimate, ...]
    aurc: Estimate
    best_aurc: Estimate
    unordered_aurc: Estimate
    ece: Estimate
    points: tuple[Point, ...]
    bins: tuple[Bin, ...]


COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.5)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What one run is worth over all its cases, and what it cost.

    ``seconds`` are of wall time in all, ``median_seconds`` those of the middle case; tokens and requests are sums,
    ``cost`` is in US dollars and None where no price is known. ``counterfactuals`` are the answers to altered texts,
    ``remembered`` the original values in them. ``certainty`` is None where the records say nothing of it. ``core`` is
    the F of the core fields, and ``headline`` has the figures by which a deal record is judged.
    """

    name: str
    label: str
    about: dict[str, Any]
    lines: int
    cases: int
    deals: int
    failed: int
    overall: Rates
    perfect: int
    perfect_rate: Estimate
    unsupported: int
    misplaced: int
    counterfactuals: int
    remembered: int
    remembering: int
    anls: Estimate
    narratives: int
    narrative: Estimate
    narrative_agrees: Estimate
    narrative_reversed: int
    seconds: float
    median_seconds: float | None
    requests: int
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    cost: str | None
    core: Estimate
    headline: Headline
    certainty: CertaintyFigures | None = None


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """One field, or a ``group`` of fields that share their first name; an entry for each run."""

    field: str
    group: bool
    runs: tuple[Rates, ...]


@dataclass(frozen=True, slots=True)
class KindFigures:
    """One kind of error, and how often it is; an entry for each run."""

    kind: str
    runs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """One kind of variant: answers and F, and for altered texts how much more F was for their originals."""

    variant: str
    lines: tuple[int, ...]
    f: tuple[Estimate, ...]
    drop: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a report."""

    runs: tuple[RunFigures, ...]
    fields: tuple[FieldFigures, ...]
    kinds: tuple[KindFigures, ...]
    variants: tuple[VariantFigures, ...]
