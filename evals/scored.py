"""A run file scored against its cases: offline, and the same each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.cases import Case, CaseError
from evals.figures import misplaced, unsupported
from evals.outcomes import GOOD, RATES, Counts, Outcome, count, ratio
from evals.runfile import Line, RunFile
from evals.score import Scorer, score
from evals.stats import Interval, ratio_interval
from evals.variants import remembered
from summarizer.records.values import Usage, record_type

_FACTS = ("is_deal", "parties", "deal_type", "status", "announced_on", "consideration", "people")
CORE = (*_FACTS, "amount", "stake", "valuation")
"""The fields that a reader of deals looks at first; the others are phrases, earlier deals and prose."""


def is_core(outcome: Outcome) -> bool:
    """Whether a leaf belongs to a core field."""
    return outcome.field.partition(".")[0] in CORE


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate with its 95% interval; None where there is nothing to measure it on."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class CaseScore:
    """The score of one line of a run.

    ``unsupported`` names figures that the source does not hold, ``misplaced`` what was taken from places
    where no fact may come from, ``remembered`` original values that were answered to an altered text.
    """

    case: Case
    line: Line
    record: Any  # an instance of the record type, or None
    outcomes: tuple[Outcome, ...]
    unsupported: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()

    @property
    def counts(self) -> Counts:
        """The counts over all leaves."""
        return count(self.outcomes)

    @property
    def perfect(self) -> bool:
        """Whether every leaf is right or rightly absent, with nothing unsupported."""
        return not (self.unsupported or self.misplaced) and all(o.result in GOOD for o in self.outcomes)

    @property
    def core_right(self) -> bool:
        """Whether every leaf of the core fields is right or rightly absent."""
        return not self.line.error and all(o.result in GOOD for o in self.outcomes if is_core(o))


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run and the scores of its lines, in order of cases and repeats."""

    run: RunFile
    scores: tuple[CaseScore, ...]

    @property
    def counts(self) -> Counts:
        """The counts over all lines."""
        return self.counted()

    def counted(self, chosen: Callable[[Outcome], bool] = lambda outcome: True) -> Counts:
        """The counts of the chosen leaves over all lines."""
        return count(outcome for one in self.scores for outcome in one.outcomes if chosen(outcome))

    @property
    def by_field(self) -> dict[str, Counts]:
        """The counts of each field, in the order of the schema."""
        found: dict[str, list[Outcome]] = {}
        for one in self.scores:
            for outcome in one.outcomes:
                found.setdefault(outcome.field, []).append(outcome)
        return {name: count(outcomes) for name, outcomes in found.items()}

    @property
    def usage(self) -> Usage:
        """The cost of all lines; its seconds are wall time."""
        return sum((one.line.usage for one in self.scores), Usage())

    def total(self, name: str) -> int:
        """The number of ``unsupported``, ``misplaced`` or ``remembered`` values, of ``failed`` or ``perfect`` lines."""
        if name == "failed":
            return sum(bool(one.line.error) for one in self.scores)
        return sum(int(one.perfect) if name == "perfect" else len(getattr(one, name)) for one in self.scores)


def by_deal(
    scores: Iterable[CaseScore], chosen: Callable[[Outcome], bool] = lambda outcome: True
) -> dict[str, Counts]:
    """The counts of each deal: variants and repeats belong to the deal that they were made from."""
    found: dict[str, list[Outcome]] = {}
    for one in scores:
        found.setdefault(one.case.about.deal, []).extend(o for o in one.outcomes if chosen(o))
    return {deal: count(outcomes) for deal, outcomes in found.items()}


def parts_of(deals: Mapping[str, Counts], rate: str) -> tuple[list[float], list[float]]:
    """For each deal, the part and the whole of a rate of ``RATES``."""
    part, whole = RATES[rate]
    return [part(counts) for counts in deals.values()], [whole(counts) for counts in deals.values()]


def estimate(deals: Mapping[str, Counts], rate: str) -> Estimate:
    """A rate over all deals, with its interval."""
    return mean(*parts_of(deals, rate))


def mean(parts: Sequence[float], wholes: Sequence[float]) -> Estimate:
    """The ratio of two sums over deals, with its interval."""
    if not sum(wholes):
        return Estimate()
    return with_interval(ratio(sum(parts), sum(wholes)), ratio_interval(parts, wholes))


def with_interval(value: float, interval: Interval) -> Estimate:
    """An estimate of four digits: more would differ between machines."""
    ends = (None if end is None else round(end, 4) for end in (interval.low, interval.high))
    return Estimate(round(value, 4), *ends)


def score_run(run: RunFile, cases: Iterable[Case], scorers: Mapping[str, Scorer] | None = None) -> ScoredRun:
    """Score every line of a run. Raises CaseError where a case is unknown, or was run with other gold or text."""
    known = {case.id: case for case in cases}
    originals = {case.name: case for case in known.values() if not case.variant}
    scores = []
    for line in run.lines:
        case = known.get(line.case)
        if case is None:
            raise CaseError(
                f"The run has an answer to {line.case}, and there is no such case. Give --cases as for the run."
            )
        if case.gold_digest != line.gold:
            raise CaseError(
                f"The gold or the text of {line.case} has changed since the run. Run it again, or restore them."
            )
        scores.append(score_line(case, line, originals.get(case.name), scorers))
    return ScoredRun(run, tuple(scores))


def score_line(
    case: Case, line: Line, original: Case | None = None, scorers: Mapping[str, Scorer] | None = None
) -> CaseScore:
    """Score one line. ``original`` is the case that a counterfactual was made from."""
    if line.record is None:
        return CaseScore(case, line, None, tuple(score(case, None, scorers)))
    record: Any = record_type(case.schema).model_validate(line.record)
    altered = case.variant.startswith("counterfactual") and original is not None
    return CaseScore(
        case=case,
        line=line,
        record=record,
        outcomes=tuple(score(case, record, scorers)),
        unsupported=tuple(unsupported(record, case.text)),
        misplaced=tuple(misplaced(record, case.text, case.forbidden)),
        remembered=tuple(remembered(record, original, case)) if altered and original else (),
    )
