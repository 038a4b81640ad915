"""A run file scored against its cases: offline, and the same each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.anls import anls_star
from evals.cases import Case, CaseError
from evals.figures import misplaced, unsupported
from evals.narrative import Narrative, read_narrative
from evals.outcomes import Counts, Outcome, count
from evals.run import Line, RunFile
from evals.score import Scorer, score
from evals.variants import remembered
from summarizer.records.compile import record_type
from summarizer.records.values import Usage


@dataclass(frozen=True, slots=True)
class CaseScore:
    """What one line of a run is worth.

    ``unsupported`` and ``misplaced`` name figures that the source does not hold, or holds only where no fact may
    come from; ``remembered`` originals that were answered to an altered text. ``anls`` is ANLS*, from 0 to 1.
    """

    case: Case
    line: Line
    record: Any  # an instance of the record type, or None
    outcomes: tuple[Outcome, ...]
    unsupported: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    narrative: Narrative | None = None
    anls: float = 0.0

    @property
    def counts(self) -> Counts:
        """The counts over all leaves."""
        return count(self.outcomes)

    @property
    def perfect(self) -> bool:
        """Whether every leaf is right or rightly absent, with nothing unsupported."""
        counts = self.counts
        return not (counts.fd or counts.fn or counts.fa or self.unsupported or self.misplaced)


@dataclass(frozen=True, slots=True)
class ScoredRun:
    """A run and the scores of its lines, in order of cases and repeats."""

    run: RunFile
    scores: tuple[CaseScore, ...]

    @property
    def counts(self) -> Counts:
        """The counts over all lines."""
        return sum((score.counts for score in self.scores), Counts())

    @property
    def by_field(self) -> dict[str, Counts]:
        """The counts of each field, in the order of the schema."""
        found: dict[str, list[Outcome]] = {}
        for one in self.scores:
            for outcome in one.outcomes:
                found.setdefault(outcome.field, []).append(outcome)
        return {name: count(outcomes) for name, outcomes in found.items()}

    @property
    def kinds(self) -> dict[str, int]:
        """How often each kind of error is, most frequent first."""
        tally: dict[str, int] = {}
        for one in self.scores:
            for outcome in one.outcomes:
                if outcome.kind:
                    tally[outcome.kind] = tally.get(outcome.kind, 0) + 1
        return dict(sorted(tally.items(), key=lambda item: (-item[1], item[0])))

    @property
    def usage(self) -> Usage:
        """What all lines cost; its seconds are wall time."""
        return sum((one.line.usage for one in self.scores), Usage())


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
                f"The gold or the text of {line.case} is not that of the run. Runs are scored with the gold that they "
                "were made with: run it again, or go back to that gold."
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
        narrative=read_narrative(record, case.text),
        anls=anls_star(case.gold, record),
    )


def clusters(scores: Sequence[CaseScore]) -> dict[str, list[CaseScore]]:
    """The scores by source deal: variants and repeats belong to the deal they were made from."""
    found: dict[str, list[CaseScore]] = {}
    for one in scores:
        found.setdefault(one.case.about.deal, []).append(one)
    return found
