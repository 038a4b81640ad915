"""Bounds and a baseline as a list of failures, for CI.

A bound is ``METRIC>=NUMBER``, ``METRIC<=NUMBER``, or of one field ``METRIC[FIELD]>=NUMBER``. A FIELD that is
no leaf of the schema (``parties``) stands for all leaves under it.

================================================  =============================================
metric                                            what it is
================================================  =============================================
f soft_f precision recall missing invented        rates over leaves, as in the report
evidence                                          right facts whose evidence states them
unsupported misplaced failed remembered perfect   numbers over the run
seconds tokens                                    means of a line
================================================  =============================================

Against a baseline on the same cases, three things fail:

- Overall F is worse by the verdict of ``compare``: it would be on other deals too. Few deals can never show that.
- More cases lost values than gained some, over all fields or in one. A model that answers anew each time does both
  alike, so losses are tested against gains as flips of a coin (McNemar 1947), with Holm over the fields.
- With ``allow``, a value that was right is wrong in more cases than that. This is for runs without noise, and only
  where no change is wanted: deleting a rule may change cases.
"""

from __future__ import annotations

import operator
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from evals.cases import CaseError
from evals.compare import LEVEL, Comparison, compare
from evals.outcomes import RATES, Counts, Outcome
from evals.scored import ScoredRun
from evals.stats import holm, sign_test

_BOUND = re.compile(r"\s*(\w+)\s*(?:\[\s*([^\]]+?)\s*\])?\s*(>=|<=)\s*([-+]?\d*\.?\d+)\s*")
_TOTALS = ("unsupported", "misplaced", "failed", "remembered", "perfect")
_MEANS: Mapping[str, Callable[[ScoredRun], float]] = {
    "seconds": lambda run: sum(one.line.seconds for one in run.scores),
    "tokens": lambda run: run.usage.prompt_tokens + run.usage.completion_tokens,
}
METRICS = (*RATES, *_TOTALS, *_MEANS)


def gate(
    run: ScoredRun, bounds: Sequence[str], baseline: ScoredRun | None = None, *, allow: int | None = None
) -> list[str]:
    """Say what does not hold; an empty list is passed.

    Raises CaseError for a bound that cannot be read, and for a baseline that cannot be compared.
    """
    failures = [said for bound in bounds if (said := _missed(run, bound))]
    return failures + (_losses(compare(baseline, run), allow) if baseline is not None else [])


def _missed(run: ScoredRun, bound: str) -> str:
    """How a run misses a bound; empty where it holds."""
    found = _BOUND.fullmatch(bound)
    if found is None:
        raise CaseError(
            f"{bound!r} is no bound. Write METRIC>=NUMBER or METRIC[FIELD]<=NUMBER, such as f>=0.8."
        )
    metric, field, sign, limit = found.groups()
    if metric not in METRICS or (field and metric not in RATES):
        raise CaseError(
            f"{bound!r}: no such metric. Choose one of: {', '.join(RATES if field else METRICS)}."
        )
    value = _value(run, metric, field)
    wanted = f"and should be at {'least' if sign == '>=' else 'most'} {float(limit):g}"
    name = f"{metric}[{field}]" if field else metric
    if value is None:
        return f"{name} has nothing to be measured on, {wanted}."
    holds = (operator.ge if sign == ">=" else operator.le)(value, float(limit))
    return "" if holds else f"{name} is {value:.4g}, {wanted}."


def _value(run: ScoredRun, metric: str, field: str | None) -> float | None:
    """The value of a metric; None where there is nothing to measure it on."""
    if metric in RATES:
        part, whole = (of(_counts(run, field)) for of in RATES[metric])
        return part / whole if whole else None
    if metric in _TOTALS:
        return run.total(metric)
    return _MEANS[metric](run) / len(run.scores) if run.scores else None


def _counts(run: ScoredRun, field: str | None) -> Counts:
    def under(outcome: Outcome) -> bool:
        return not field or outcome.field == field or outcome.field.startswith(f"{field}.")

    if field and not any(under(outcome) for one in run.scores for outcome in one.outcomes):
        raise CaseError(f"The run has no field {field!r}. It has: {', '.join(run.by_field)}.")
    exact = run.by_field.get(field or "", Counts())
    return exact if exact.facts else run.counted(under)


def _losses(comparison: Comparison, allow: int | None) -> list[str]:
    """What is worse than in the baseline."""
    overall, said = comparison.overall, []
    if overall.verdict == "worse":
        before, now = overall.f
        said.append(
            f"overall F is {now:.3f} and was {before:.3f}, p = {overall.p.p:.3g} over {overall.deals} deals."
        )
    lost, gained = _moved(comparison)
    n = lost + gained
    ps = {name: sign_test(lost[name], gained[name]) for name in n if 0.5 ** n[name] < LEVEL / 2}
    said += [
        f"{name}: {lost[name]} cases lost values that were right in the baseline, {gained[name]} gained some, p = {p:.2g}."
        for name, p in holm(ps).items()
        if p < LEVEL / 2
    ]
    first = {change.case: change for change in reversed(comparison.became_wrong)}
    if allow is not None and len(first) > allow:
        shown = [
            f"{c.case} {c.path} was {c.a or 'empty'}, is {c.b or 'empty'}"
            for c in list(first.values())[::-1][:5]
        ]
        said.append(
            f"{len(first)} cases have a value that was right and is wrong ({allow} allowed): {'; '.join(shown)}."
        )
    return said


def _moved(comparison: Comparison) -> tuple[Counter[str], Counter[str]]:
    """In how many cases each field, and all of them, lost more values than it gained, and the other way round."""
    net: Counter[tuple[str, str]] = Counter()
    for sign, changes in ((-1, comparison.became_wrong), (1, comparison.became_right)):
        for change in changes:
            net[change.case, "all fields"] += sign
            net[change.case, change.field.partition(".")[0]] += sign
    lost = Counter(field for (_, field), more in net.items() if more < 0)
    gained = Counter(field for (_, field), more in net.items() if more > 0)
    return lost, gained
