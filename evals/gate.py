"""Bounds and a baseline as a list of failures, for CI.

A bound is ``METRIC>=NUMBER``, ``METRIC<=NUMBER``, or of one field ``METRIC[FIELD]>=NUMBER``. A FIELD that is no leaf
of the schema (``parties``) stands for all leaves under it.

========================================  =====================================================
metric                                    what it is
========================================  =====================================================
f soft_f precision recall                 rates over leaves, as in the report
hallucination abstention omission
grounded                                  the share of right facts whose evidence holds
perfect anls                              the share of perfect records, mean ANLS*
precision@80 aurc ece                     what certainty is worth; see ``evals.selective``
unsupported misplaced failed              figures without source, facts from forbidden places,
                                          lines that end in an error: how many
seconds tokens                            means of a line
========================================  =====================================================

Against a baseline on the same cases, three things fail:

- Overall F is worse by the verdict of ``compare``: it would be on other deals too. Few deals can never show that.
- So these very cases are looked at: in how many did more leaves become wrong than right, and in how many the other way
  round? A model that answers anew each time does both alike, so losses are tested against gains as flips of a
  coin (McNemar 1947), over all leaves of a case and for each field, with Holm. A leaf is not the unit, because one
  lost item takes all of its leaves along. Both together call noise a loss in at most one run of twenty.
- ``allow``, where it is given: more cases than that have a leaf that was right and is wrong. This is for runs that have
  no noise (recorded replies, temperature 0 on one machine); any flip counts, whatever else became right.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.cases import CaseError
from evals.compare import LEVEL, Change, Comparison, compare
from evals.outcomes import Counts
from evals.selective import Worth, worth
from evals.stats import holm, sign_test

if TYPE_CHECKING:
    from evals.scored import ScoredRun

_BOUND = re.compile(r"\s*([\w@]+)\s*(?:\[\s*([^\]]+?)\s*\])?\s*(>=|<=)\s*([-+]?\d*\.?\d+)\s*")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}
_SAID = {">=": "at least", "<=": "at most"}


def _gold(counts: Counts) -> int:
    return counts.tp + counts.fd + counts.fn


def _empty(counts: Counts) -> int:
    return counts.fa + counts.tn


# Of leaves: the rate, and what it is a share of. Without any of that there is no rate.
_RATES: Mapping[str, tuple[Callable[[Counts], float], Callable[[Counts], int]]] = {
    "f": (lambda counts: counts.f, lambda counts: counts.facts),
    "soft_f": (lambda counts: counts.soft_f, lambda counts: counts.facts),
    "precision": (lambda counts: counts.precision, lambda counts: counts.tp + counts.fd + counts.fa),
    "recall": (lambda counts: counts.recall, _gold),
    "omission": (lambda counts: counts.omission, _gold),
    "hallucination": (lambda counts: counts.hallucination, _empty),
    "abstention": (lambda counts: counts.abstention, _empty),
    "grounded": (lambda counts: counts.grounded_correct, lambda counts: counts.marked),
}
_TOTALS: Mapping[str, Callable[[ScoredRun], float]] = {
    "unsupported": lambda run: sum(len(one.unsupported) for one in run.scores),
    "misplaced": lambda run: sum(len(one.misplaced) for one in run.scores),
    "failed": lambda run: sum(bool(one.line.error) for one in run.scores),
}
_MEANS: Mapping[str, Callable[[ScoredRun], float]] = {
    "perfect": lambda run: sum(one.perfect for one in run.scores),
    "anls": lambda run: sum(one.anls for one in run.scores),
    "seconds": lambda run: sum(one.line.seconds for one in run.scores),
    "tokens": lambda run: run.usage.prompt_tokens + run.usage.completion_tokens,
}
_CERTAINTY: Mapping[str, Callable[[Worth], float]] = {
    "precision@80": lambda found: found.at,
    "aurc": lambda found: found.aurc,
    "ece": lambda found: found.ece,
}
METRICS = (*_RATES, *_TOTALS, *_MEANS, *_CERTAINTY)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound as it is written; ``field`` is empty for all leaves or lines."""

    metric: str
    field: str
    sign: str
    limit: float

    @property
    def name(self) -> str:
        """The metric, with the field where there is one."""
        return f"{self.metric}[{self.field}]" if self.field else self.metric


def gate(
    run: ScoredRun, bounds: Sequence[str], baseline: ScoredRun | None = None, *, allow: int | None = None
) -> list[str]:
    """Say what does not hold, in words; an empty list is passed.

    Raises CaseError for a bound that cannot be read, and for a baseline that cannot be compared.
    """
    failures = [said for bound in map(read_bound, bounds) if (said := _missed(run, bound))]
    if baseline is not None:
        failures += _losses(compare(baseline, run), allow)
    return failures


def read_bound(text: str) -> Bound:
    """Read a bound. Raises CaseError, which names the metrics."""
    found = _BOUND.fullmatch(text)
    if found is None:
        raise CaseError(
            f"{text!r} is no bound. Write METRIC>=NUMBER or METRIC[FIELD]<=NUMBER, for example f>=0.8; the metrics are "
            f"{', '.join(METRICS)}."
        )
    metric, field, sign, limit = found.groups()
    if metric not in METRICS:
        raise CaseError(f"{text!r}: there is no metric {metric!r}. Choose one of: {', '.join(METRICS)}.")
    if field and metric not in _RATES:
        raise CaseError(f"{text!r}: {metric} is not counted by field. These are: {', '.join(_RATES)}.")
    return Bound(metric, field or "", sign, float(limit))


def _missed(run: ScoredRun, bound: Bound) -> str:
    """How a run misses a bound; nothing where it holds it."""
    value = _value(run, bound)
    wanted = f"and should be {_SAID[bound.sign]} {bound.limit:g}"
    if value is None:
        return f"{bound.name} has nothing to be measured on, {wanted}."
    if _HOLDS[bound.sign](value, bound.limit):
        return ""
    return f"{bound.name} is {value:.4g}, {wanted}."


def _value(run: ScoredRun, bound: Bound) -> float | None:
    """What a metric is; None where there is nothing to measure it on."""
    if bound.metric in _RATES:
        rate, whole = _RATES[bound.metric]
        counts = _counts(run, bound.field)
        return rate(counts) if whole(counts) else None
    if bound.metric in _TOTALS:
        return _TOTALS[bound.metric](run)
    if bound.metric in _CERTAINTY:
        found = worth(run)
        return None if found is None else _CERTAINTY[bound.metric](found)
    return _MEANS[bound.metric](run) / len(run.scores) if run.scores else None


def _counts(run: ScoredRun, field: str) -> Counts:
    if not field:
        return run.counts
    fields = run.by_field
    if field in fields and fields[field].facts:
        return fields[field]
    # A list is a leaf of its own only where it is rightly empty.
    under = [counts for name, counts in fields.items() if name == field or name.startswith(f"{field}.")]
    if not under:
        raise CaseError(f"The run has no field {field!r}. It has: {', '.join(fields)}.")
    return sum(under, Counts())


def _losses(comparison: Comparison, allow: int | None) -> list[str]:
    """What is worse than in the baseline."""
    overall = comparison.overall
    said = []
    if overall.verdict == "worse":
        before, now = overall.f
        said.append(
            f"overall F is {now:.3f} and was {before:.3f} in the baseline, p = {overall.p.p:.3g} over {overall.deals} deals."
        )
    lost, gained = _moved(comparison)
    n = lost + gained
    ps = {name: sign_test(lost[name], gained[name]) for name in n if 0.5 ** n[name] < LEVEL / 2}
    said += [
        f"{name}: {lost[name]} cases lost leaves that were right in the baseline and {gained[name]} gained some, p = {p:.2g}."
        for name, p in holm(ps).items()
        if p < LEVEL / 2
    ]
    cases = sorted({change.case for change in comparison.became_wrong})
    if allow is not None and len(cases) > allow:
        said.append(
            f"{len(cases)} {'case has' if len(cases) == 1 else 'cases have'} a leaf that was right in the baseline and is wrong ({allow} allowed): "
            f"{'; '.join(map(_one, _first(comparison.became_wrong)))}."
        )
    return said


def _moved(comparison: Comparison) -> tuple[Counter[str], Counter[str]]:
    """In how many cases each field, and all of them, lost more leaves than they gained, and the other way round."""
    net: Counter[tuple[str, str]] = Counter()
    for sign, changes in ((-1, comparison.became_wrong), (1, comparison.became_right)):
        for change in changes:
            net[change.case, "all fields"] += sign
            net[change.case, change.field.partition(".")[0]] += sign
    lost = Counter(field for (_, field), more in net.items() if more < 0)
    gained = Counter(field for (_, field), more in net.items() if more > 0)
    return lost, gained


def _first(changes: Sequence[Change]) -> Sequence[Change]:
    """One change of each case, of up to five."""
    return list({change.case: change for change in reversed(changes)}.values())[::-1][:5]


def _one(change: Change) -> str:
    return f"{change.case} {change.path} was {change.a or 'empty'}, is {change.b or 'empty'}"
