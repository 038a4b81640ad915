"""What a report shows, as plain values: runs side by side, with their rates and intervals."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TypeVar

from evals.cases import Case, CaseError
from evals.headline import headline
from evals.outcomes import Counts, Outcome, count
from evals.report.figures import (
    COVERAGES,
    ORIGINAL,
    CertaintyFigures,
    Estimate,
    FieldFigures,
    Figures,
    KindFigures,
    Rates,
    RunFigures,
    VariantFigures,
)
from evals.scored import CaseScore, ScoredRun, clusters
from evals.selective import COVERAGE, Bin, Point, Worth, worth
from evals.stats import Interval, cluster_bootstrap, paired_bootstrap, wilson
from summarizer.records.compile import slots
from summarizer.render.safe import address

_DIGITS = 4  # more would promise what few cases cannot tell, and differ between machines
_WHOLE: Mapping[str, Callable[[Counts], int]] = {
    "precision": lambda counts: counts.tp + counts.fd + counts.fa,
    "recall": lambda counts: counts.tp + counts.fd + counts.fn,
    "f": lambda counts: counts.facts,
    "soft_f": lambda counts: counts.facts,
    "hallucination": lambda counts: counts.fa + counts.tn,
    "abstention": lambda counts: counts.fa + counts.tn,
    "omission": lambda counts: counts.tp + counts.fd + counts.fn,
    "grounded_correct": lambda counts: counts.marked,
}
_BY_FIELD = ("precision", "recall", "f")  # of these, fields have intervals too


def check(runs: Sequence[ScoredRun]) -> None:
    """Refuse what cannot be shown in one table. Raises CaseError: no run, or runs scored with different gold."""
    if not runs:
        raise CaseError("There is no run to report. Give at least one run file.")
    seen: dict[str, Case] = {}
    for one in (one for run in runs for one in run.scores):
        known = seen.setdefault(one.case.id, one.case)
        if known is not one.case and known.gold_digest != one.case.gold_digest:
            raise CaseError(
                f"The runs were scored with different gold or text of {one.case.id}. Score all of them with one gold."
            )


def figures(runs: Sequence[ScoredRun]) -> Figures:
    """Work out all figures of the runs. Raises CaseError as ``check`` does."""
    check(runs)
    found = tuple(_run(run, name) for run, name in zip(runs, names(runs), strict=True))
    kinds = sorted(
        {kind for run in runs for kind in run.kinds},
        key=lambda kind: (-sum(run.kinds.get(kind, 0) for run in runs), kind),
    )
    return Figures(
        found,
        tuple(_fields(runs)),
        tuple(KindFigures(kind, tuple(run.kinds.get(kind, 0) for run in runs)) for kind in kinds),
        tuple(_variants(runs)),
    )


def names(runs: Sequence[ScoredRun]) -> list[str]:
    """The shortest names that tell the runs apart: system, model, or both; with a number where even these are alike."""
    systems = [str(run.run.about.get("system")) for run in runs]
    models = [str(run.run.about.get("model")) for run in runs]
    if len({model for model in models if model != "none"}) <= 1 and len(set(systems)) == len(runs):
        wanted = systems
    elif len(set(systems)) == 1 and len(set(models)) == len(runs):
        wanted = models
    else:
        wanted = [run.run.label for run in runs]
    return [
        f"{name} ({wanted[: index + 1].count(name)})" if wanted.count(name) > 1 else name
        for index, name in enumerate(wanted)
    ]


def variant_kind(case: Case) -> str:
    """What was done to a case: the first word of its variant, or ``original``."""
    words = re.match(r"[^\W\d_]+", case.variant)
    return words.group() if words else case.variant or ORIGINAL


def _run(run: ScoredRun, name: str) -> RunFigures:
    scores = run.scores
    perfect = sum(one.perfect for one in scores)
    altered = [one for one in scores if variant_kind(one.case) == "counterfactual"]
    usage = run.usage
    return RunFigures(
        name=name,
        label=run.run.label,
        about={
            key: address(value) if key == "endpoint" and isinstance(value, str) else value
            for key, value in run.run.about.items()
        },
        lines=len(scores),
        cases=len({one.case.id for one in scores}),
        deals=len(clusters(scores)),
        failed=sum(one.record is None for one in scores),
        overall=_rates(_by_deal(scores, lambda one: one.counts), tuple(_WHOLE)),
        perfect=perfect,
        perfect_rate=_estimate(perfect / len(scores), wilson(perfect, len(scores))) if scores else Estimate(),
        unsupported=sum(len(one.unsupported) for one in scores),
        misplaced=sum(len(one.misplaced) for one in scores),
        counterfactuals=len(altered),
        remembered=sum(len(one.remembered) for one in altered),
        remembering=sum(bool(one.remembered) for one in altered),
        anls=_mean(scores, lambda one: one.anls),
        narratives=sum(one.narrative is not None for one in scores),
        narrative=_bootstrapped(_by_deal(scores, _supported), _statistic("precision")),
        narrative_agrees=_mean(scores, lambda one: one.narrative.agrees if one.narrative else None),
        narrative_reversed=sum(
            one.narrative is not None and one.narrative.direction == "reversed" for one in scores
        ),
        seconds=round(sum(one.line.seconds for one in scores), 3),
        median_seconds=round(statistics.median(one.line.seconds for one in scores), 3) if scores else None,
        requests=usage.requests,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
        cost=None if usage.cost is None else f"{usage.cost:f}",
        core=_bootstrapped(_by_deal(scores, lambda one: headline([one]).core), _statistic("f")),
        headline=headline(scores),
        certainty=_certainty(worth(run)),
    )


def _certainty(found: Worth | None) -> CertaintyFigures | None:
    if found is None:
        return None
    right = found.right / found.facts
    return CertaintyFigures(
        found.facts,
        tuple(
            _estimate(found.at, found.at_interval)
            if share == COVERAGE
            else _estimate(found.precision_at(share))
            for share in COVERAGES
        ),
        tuple(_estimate(min(1.0, right / share)) for share in COVERAGES),
        _estimate(found.aurc, found.aurc_interval),
        _estimate(found.best_aurc),
        _estimate(1 - right),
        _estimate(found.ece, found.ece_interval),
        tuple(_rounded(point) for point in found.points),
        tuple(_rounded(part) for part in found.bins),
    )


P = TypeVar("P", Point, Bin)


def _rounded(plain: P) -> P:
    numbers = {field.name: getattr(plain, field.name) for field in fields(plain)}
    return replace(plain, **{name: round(number, _DIGITS) for name, number in numbers.items()})


def _fields(runs: Sequence[ScoredRun]) -> Iterable[FieldFigures]:
    """The fields in the order of the schema; a group goes before the fields that it sums."""
    tallies = [[_by_name(one.outcomes) for one in run.scores] for run in runs]
    leaves = dict.fromkeys(name for tally in tallies for one in tally for name in one)
    groups: dict[str, list[str]] = {}
    for name in leaves:
        groups.setdefault(name.split(".")[0], []).append(name)
    for group in sorted(groups, key=_order(runs)):
        if len(groups[group]) > 1:
            yield _field(group, groups[group], runs, tallies, group=True)
        for name in groups[group]:
            yield _field(name, [name], runs, tallies, group=False)


def _field(
    name: str,
    leaves: Sequence[str],
    runs: Sequence[ScoredRun],
    tallies: Sequence[Sequence[Mapping[str, Counts]]],
    *,
    group: bool,
) -> FieldFigures:
    found = []
    for run, tally in zip(runs, tallies, strict=True):
        deals: dict[str, Counts] = {}
        for one, counts in zip(run.scores, tally, strict=True):
            deal = one.case.about.deal
            deals[deal] = sum((counts[leaf] for leaf in leaves if leaf in counts), deals.get(deal, Counts()))
        found.append(_rates(deals, _BY_FIELD))
    return FieldFigures(name, group, tuple(found))


def _by_name(outcomes: Iterable[Outcome]) -> dict[str, Counts]:
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.field, []).append(outcome)
    return {name: count(part) for name, part in found.items()}


def _order(runs: Sequence[ScoredRun]) -> Callable[[str], int]:
    """Where a field stands in the schema; what is no field of it, such as conflicts, comes last."""
    schema = next((one.case.schema for run in runs for one in run.scores), None)
    known = [slot.name for slot in slots(schema)] if schema else []
    return lambda name: known.index(name) if name in known else len(known)


def _variants(runs: Sequence[ScoredRun]) -> Iterable[VariantFigures]:
    """The original first, then the kinds of variants in order of the alphabet."""
    kinds = {variant_kind(one.case) for run in runs for one in run.scores}
    for kind in sorted(kinds, key=lambda kind: (kind != ORIGINAL, kind)):
        parts = [[one for one in run.scores if variant_kind(one.case) == kind] for run in runs]
        yield VariantFigures(
            kind,
            tuple(len(part) for part in parts),
            tuple(_rates(_by_deal(part, lambda one: one.counts), ("f",)).rates["f"] for part in parts),
            tuple(
                _drop(run.scores, part) if kind != ORIGINAL else Estimate()
                for run, part in zip(runs, parts, strict=True)
            ),
        )


def _drop(scores: Sequence[CaseScore], altered: Sequence[CaseScore]) -> Estimate:
    """How much more F is on the originals of altered texts than on these, for cases that have both."""
    made_from = {one.case.name for one in altered}
    originals = [one for one in scores if not one.case.variant and one.case.name in made_from]
    both = {one.case.name for one in originals}
    before = _by_deal(originals, lambda one: one.counts)
    after = _by_deal([one for one in altered if one.case.name in both], lambda one: one.counts)
    if not before:
        return Estimate()
    value = sum(before.values(), Counts()).f - sum(after.values(), Counts()).f
    return _estimate(value, paired_bootstrap(after, before, _statistic("f")))


def _by_deal(scores: Iterable[CaseScore], counts: Callable[[CaseScore], Counts]) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    for one in scores:
        deal = one.case.about.deal
        found[deal] = found.get(deal, Counts()) + counts(one)
    return found


def _supported(one: CaseScore) -> Counts:
    """Of the figures and names in prose, those with support as right and the others as wrong."""
    prose = one.narrative
    if prose is None:
        return Counts()
    held = prose.figures_supported + prose.names_supported
    return Counts(tp=held, fd=prose.figures + prose.names - held)


def _mean(scores: Iterable[CaseScore], of: Callable[[CaseScore], float | None]) -> Estimate:
    """The mean of what each answer is worth, of those that are worth something."""

    def tally(one: CaseScore) -> Counts:
        worth = of(one)
        return Counts() if worth is None else Counts(tp=1, credit=worth)

    return _bootstrapped(_by_deal(scores, tally), lambda sums: sums.credit / sums.tp if sums.tp else math.nan)


def _rates(deals: Mapping[str, Counts], with_interval: Sequence[str]) -> Rates:
    total = sum(deals.values(), Counts())
    rates = {
        name: _bootstrapped(deals, _statistic(name))
        if name in with_interval
        else _estimate(_statistic(name)(total))
        for name in _WHOLE
    }
    counts = {field.name: getattr(total, field.name) for field in fields(Counts)}
    return Rates({**counts, "credit": round(total.credit, _DIGITS)}, rates, total.facts)


def _statistic(name: str) -> Callable[[Counts], float]:
    """A rate by its name; NaN where there is nothing that it could be a share of."""
    whole = _WHOLE[name]
    return lambda counts: float(getattr(counts, name)) if whole(counts) else math.nan


def _bootstrapped(deals: Mapping[str, Counts], statistic: Callable[[Counts], float]) -> Estimate:
    """A share of sums over all deals; its interval is from a bootstrap that draws whole deals."""
    each = [value for value in map(statistic, deals.values()) if not math.isnan(value)]
    value = statistic(sum(deals.values(), Counts()))
    if len(each) < 2:  # one deal tells nothing about the spread, whatever others leave empty
        return _estimate(value)
    if min(each) == max(each):  # then every draw is alike, and need not be made
        return _estimate(value, Interval(value, value))
    return _estimate(value, cluster_bootstrap(deals, statistic))


def _estimate(value: float, interval: Interval | None = None) -> Estimate:
    if math.isnan(value):
        return Estimate()
    if interval is None or not interval.known:
        return Estimate(round(value, _DIGITS))
    return Estimate(round(value, _DIGITS), round(interval.low, _DIGITS), round(interval.high, _DIGITS))
