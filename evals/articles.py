"""The summariser on labelled articles, as they are or altered, and the table of its scores."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.counterfactual import alter, alter_case, load_replacements, remembered
from evals.figures import misplaced, unsupported
from evals.gold import Case, read_text
from evals.outcomes import Outcome, Rates, Result, rates
from evals.score import nothing, score
from evals.tables import table
from summarizer.errors import SummarizerError

Summarize = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class CaseRun:
    """What one article gave: the record or the error, and what each leaf is worth.

    ``unsupported`` and ``misplaced`` name figures that the source does not hold, or holds only where no
    fact may come from; ``remembered`` originals that an altered text does not hold. ``seconds`` is wall time.
    """

    case: str
    outcomes: tuple[Outcome, ...]
    unsupported: tuple[str, ...]
    misplaced: tuple[str, ...]
    remembered: tuple[str, ...]
    seconds: float
    record: Any  # None where there is an error
    error: str = ""


def run_articles(
    cases: Sequence[Case],
    folder: Path,
    summarize: Summarize,
    *,
    counterfactual: bool = False,
    tell: Callable[[str], None] = lambda line: None,
    **options: Any,
) -> list[CaseRun]:
    """Summarise and score the text of each case in ``folder``; ``options`` go to ``summarize``.

    All texts are read before the model is asked anything. Raises CaseError where one cannot be used.
    An article that fails is a run with its error, and all of its facts missing.
    """
    loaded = [_load(case, folder, counterfactual) for case in cases]
    runs = []
    for case, text, originals in loaded:
        tell(f"{case.name}, {len(text.split())} words")
        runs.append(_run(case, text, originals, summarize, options))
    return runs


def _load(case: Case, folder: Path, counterfactual: bool) -> tuple[Case, str, Any]:
    text = read_text(case, folder)
    if not counterfactual:
        return case, text, None
    replacements = load_replacements(case.deal)
    altered = alter(text, replacements)
    return alter_case(case, altered, replacements), altered.text, replacements


def _run(case: Case, text: str, originals: Any, summarize: Summarize, options: Mapping[str, Any]) -> CaseRun:
    start = time.perf_counter()
    try:
        record = summarize(text, id=case.file, **options)
    except SummarizerError as error:
        said = f"{type(error).__name__}: {error}"
        return CaseRun(case.name, tuple(nothing(case)), (), (), (), time.perf_counter() - start, None, said)
    return CaseRun(
        case=case.name,
        seconds=time.perf_counter() - start,
        outcomes=tuple(score(case, record, text)),
        unsupported=tuple(unsupported(record, text)),
        misplaced=tuple(misplaced(record, text, case.forbidden)),
        remembered=tuple(remembered(record, originals)) if originals else (),
        record=record,
    )


def report(runs: Sequence[CaseRun]) -> str:
    """Tables by article and by field, every fact that is not right, and the totals."""
    outcomes = [outcome for run in runs for outcome in run.outcomes]
    total = rates(outcomes)
    parts = [_by_article(runs), _by_field(outcomes)]
    wrong = [line for run in runs for line in _complaints(run)]
    if wrong:
        parts.append("\n".join(wrong))
    absent = sum(outcome.result is Result.TN for outcome in outcomes)
    parts.append(
        f"facts: precision {total.precision:.3f}, recall {total.recall:.3f}, F {total.f:.3f}; "
        f"{absent} rightly absent\n"
        f"figures that the source does not hold: {sum(len(run.unsupported) for run in runs)}\n"
        f"taken from teasers, comments and other forbidden places: {sum(len(run.misplaced) for run in runs)}"
    )
    if any(run.remembered for run in runs):
        parts[-1] += f"\nremembered, not read: {sum(len(run.remembered) for run in runs)}"
    return "\n\n".join(parts)


def _by_article(runs: Sequence[CaseRun]) -> str:
    header = (
        "article",
        "right",
        "wrong",
        "missing",
        "invented",
        "F",
        "evidence",
        "s",
        "requests",
        "prompt",
        "cached",
        "written",
    )
    rows = []
    for run in runs:
        usage = run.record.usage if run.record is not None else None
        spent = (
            (usage.requests, usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens)
            if usage
            else ("-",) * 4
        )
        rows.append(
            (run.case, *_counts(rates(run.outcomes)), _evidence(run.outcomes), f"{run.seconds:.1f}", *spent)
        )
    return table(header, rows)


def _by_field(outcomes: Sequence[Outcome]) -> str:
    header = ("field", "right", "wrong", "missing", "invented", "F", "evidence")
    rows = []
    for field in dict.fromkeys(outcome.field for outcome in outcomes if outcome.result is not Result.TN):
        group = [outcome for outcome in outcomes if outcome.field == field]
        rows.append((field, *_counts(rates(group)), _evidence(group)))
    return table(header, [*rows, ("all", *_counts(rates(outcomes)), _evidence(outcomes))])


def _counts(counted: Rates) -> tuple[object, ...]:
    return counted.right, counted.wrong, counted.missing, counted.invented, f"{counted.f:.2f}"


def _evidence(outcomes: Sequence[Outcome]) -> str:
    marked = [outcome.evidence for outcome in outcomes if outcome.evidence is not None]
    return f"{sum(marked)}/{len(marked)}" if marked else ""


def _complaints(run: CaseRun) -> list[str]:
    lines = [f"{run.case}: {run.error}"] if run.error else []
    for outcome in run.outcomes:
        if outcome.kind and not run.error:
            expected = f" (expected {outcome.gold})" if outcome.gold else ""
            found = f": {outcome.found}" if outcome.found else ""
            lines.append(
                f"{run.case}: {outcome.field}: {outcome.result.value}, {outcome.kind}{found}{expected}"
            )
    for label, found_there in (
        ("not in the source", run.unsupported),
        ("from a forbidden place", run.misplaced),
        ("remembered", run.remembered),
    ):
        lines += [f"{run.case}: {label}: {said}" for said in found_there]
    return lines


def as_line(run: CaseRun) -> str:
    """One line of JSON: the record as it is, the outcomes, and the rest."""
    record = None if run.record is None else run.record.model_dump(mode="json")
    outcomes = [asdict(outcome) for outcome in run.outcomes]
    said = {
        field: getattr(run, field)
        for field in ("case", "error", "seconds", "unsupported", "misplaced", "remembered")
    }
    return json.dumps({**said, "outcomes": outcomes, "record": record}, ensure_ascii=False)
