"""The report as plain values: one model for the page, the text and the exports."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.anls import anls_star
from evals.cases import Case, CaseError
from evals.certainty import bins, calibration_error
from evals.outcomes import Outcome, count
from evals.report.cases import CaseView, case_views
from evals.scored import (
    CaseScore,
    Estimate,
    ScoredRun,
    by_deal,
    estimate,
    is_core,
    mean,
    parts_of,
    with_interval,
)
from evals.stats import difference_interval, wilson
from summarizer.asking.slots import slots
from summarizer.render.safe import address

ORIGINAL = "original"
INTERVALS = (
    "Ranges are 95% intervals: bootstrap over deals, Wilson for perfect records. One deal alone has none."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a table, with its interval where it has one."""

    value: float | str | None
    low: float | None = None
    high: float | None = None
    digits: int = 3

    @property
    def text(self) -> str:
        """The value in words."""
        if self.value is None:
            return "–"
        return (
            f"{self.value:,.{self.digits}f}"
            if isinstance(self.value, float)
            else (self.value if isinstance(self.value, str) else f"{self.value:,}")
        )

    @property
    def interval(self) -> str:
        """The interval in words; empty where there is none."""
        if self.low is None or self.high is None:
            return ""
        return f"{self.low:.{self.digits}f}–{self.high:.{self.digits}f}"

    def __str__(self) -> str:
        return f"{self.text} {self.interval}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: ``run`` is the run that it is of, None where each cell is of one; ``inner`` marks a part of the row above."""

    heading: str
    cells: tuple[Cell, ...]
    run: int | None = None
    inner: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``columns`` are the headings of its cells, None where there is one for each run."""

    id: str
    title: str
    corner: str
    rows: tuple[Row, ...]
    columns: tuple[str, ...] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What was run, by a short name that tells the runs of a report apart."""

    name: str
    label: str
    about: Mapping[str, Any]
    lines: int
    cases: int
    deals: int
    failed: int


@dataclass(frozen=True, slots=True)
class Report:
    """Runs side by side: their figures as tables, and each case with its gold and all answers."""

    runs: tuple[Run, ...]
    tables: tuple[Table, ...]
    cases: tuple[CaseView, ...]

    def table(self, id: str) -> Table | None:
        """The table of this id, if the report has it."""
        return next((table for table in self.tables if table.id == id), None)


def build(runs: Sequence[ScoredRun]) -> Report:
    """Build the report. Raises CaseError for no run, and for runs that were scored with different gold."""
    if not runs:
        raise CaseError("There is no run to report. Give at least one run file.")
    seen: dict[str, Case] = {}
    for one in (one for run in runs for one in run.scores):
        if seen.setdefault(one.case.id, one.case).gold_digest != one.case.gold_digest:
            raise CaseError(f"The runs were scored with different gold or text of {one.case.id}.")
    cases = tuple(case_views(runs))
    tables = (
        _overall(runs),
        _fields(runs),
        _kinds(runs),
        _certainty(runs),
        _variants(runs),
        _cases(runs, cases),
    )
    made = (*tables, _provenance(runs))
    return Report(tuple(_runs(runs)), tuple(table for table in made if table.rows), cases)


def _runs(runs: Sequence[ScoredRun]) -> Iterator[Run]:
    for run, name in zip(runs, names(runs), strict=True):
        cases = {one.case.id for one in run.scores}
        deals = {one.case.about.deal for one in run.scores}
        lines = len(run.scores)
        yield Run(name, run.run.label, _about(run), lines, len(cases), len(deals), run.total("failed"))


def _about(run: ScoredRun) -> dict[str, Any]:
    said = {key: value for key, value in run.run.about.items() if key != "format"}
    return said | ({"endpoint": address(said["endpoint"])} if isinstance(said.get("endpoint"), str) else {})


def names(runs: Sequence[ScoredRun]) -> list[str]:
    """The shortest names that tell the runs apart: system, model, or both; numbered where even these are alike."""
    systems = [str(run.run.about.get("system")) for run in runs]
    models = [str(run.run.about.get("model")) for run in runs]
    labels = [run.run.label for run in runs]
    if len({model for model in models if model != "none"}) <= 1 and len(set(systems)) == len(runs):
        labels = systems
    elif len(set(systems)) == 1 and len(set(models)) == len(runs):
        labels = models
    return [
        f"{name} ({labels[: index + 1].count(name)})" if labels.count(name) > 1 else name
        for index, name in enumerate(labels)
    ]


def cell(of: Estimate, digits: int = 3) -> Cell:
    """The cell of an estimate."""
    return Cell(of.value, of.low, of.high, digits)


Measure = Callable[[ScoredRun], Cell]


def _overall(runs: Sequence[ScoredRun]) -> Table:
    rows = [Row(name, tuple(map(measure, runs)), note=note) for name, measure, note in _measures(runs)]
    return Table("overall", "Overall", "measure", tuple(rows), note=INTERVALS)


def _measures(runs: Sequence[ScoredRun]) -> Iterator[tuple[str, Measure, str]]:
    """Each measure: its name, its value for a run, and what it means."""

    def rate(name: str, chosen: Callable[[Outcome], bool] = lambda outcome: True) -> Measure:
        return lambda run: cell(estimate(by_deal(run.scores, chosen), name))

    def total(name: str) -> Measure:
        return lambda run: Cell(run.total(name))

    yield "answers", lambda run: Cell(len(run.scores)), "cases times repeats"
    yield "failed", total("failed"), "answers that are an error instead of a record"
    yield "facts", lambda run: Cell(run.counts.facts), "values that gold or the record has"
    yield "F", rate("f"), "harmonic mean of precision and recall"
    yield "precision", rate("precision"), "right values, of those answered"
    yield "recall", rate("recall"), "right values, of those in gold"
    if any(run.counted(is_core).facts for run in runs):
        yield "core F", rate("f", is_core), "F over parties, people, figures, dates, type and status"
        yield "amounts right", _amounts, "amounts and valuations, of those in gold"
        yield "core records right", _core_records, "records without an error in a core field"
    yield "soft F", rate("soft_f"), "F with partial credit for near misses"
    yield "missing", rate("missing"), "values of gold that were not answered; less is better"
    yield "invented", rate("invented"), "answers where gold is empty, of all such fields; less is better"
    yield "evidence holds", rate("evidence"), "right values whose quoted span states them"
    yield (
        "unsupported figures",
        total("unsupported"),
        "figures that the source does not have in any equal form",
    )
    yield "from forbidden places", total("misplaced"), "taken from teasers, comments or other noise"
    yield "perfect records", _perfect, "everything right and nothing unsupported"
    yield "ANLS*", _anls, "for comparison with papers; no gate uses it"
    yield "calibration error", _calibration, "mean gap between certainty and the share of right values"
    if any(one.case.variant.startswith("counterfactual") for run in runs for one in run.scores):
        yield "remembered", total("remembered"), "original values answered to altered texts"
    yield (
        "seconds, median",
        _spent(lambda run: statistics.median(one.line.seconds for one in run.scores)),
        "a case",
    )
    yield "seconds, all", _spent(lambda run: sum(one.line.seconds for one in run.scores)), ""
    yield "requests", lambda run: Cell(run.usage.requests), ""
    yield "prompt tokens", _spent(lambda run: run.usage.prompt_tokens), ""
    yield "of these cached", _spent(lambda run: run.usage.cached_tokens), ""
    yield "tokens written", _spent(lambda run: run.usage.completion_tokens), ""
    if any(run.usage.cost is not None for run in runs):
        yield "cost, US$", _spent(lambda run: f"{run.usage.cost:f}"), "where a price is known"


def _spent(cost: Callable[[ScoredRun], float | str]) -> Measure:
    """What a run cost; nothing that a model would cost where its replies were replayed."""
    return lambda run: Cell("replayed" if run.run.about.get("recorded") else cost(run), digits=1)


def _amounts(run: ScoredRun) -> Cell:
    found = run.counted(lambda outcome: outcome.field in ("amount", "valuation"))
    invented = f", {found.fa} invented" if found.fa else ""
    return Cell(f"{found.tp} of {found.tp + found.fd + found.fn}{invented}")


def _core_records(run: ScoredRun) -> Cell:
    return Cell(f"{sum(one.core_right for one in run.scores)} of {len(run.scores)}")


def _perfect(run: ScoredRun) -> Cell:
    right, of = run.total("perfect"), len(run.scores)
    found = with_interval(right / of if of else 0.0, wilson(right, of))
    return Cell(f"{right} of {of}", found.low, found.high)


def _anls(run: ScoredRun) -> Cell:
    deals: dict[str, list[float]] = {}
    for one in run.scores:
        worth = anls_star(one.case.gold, one.record) if one.record is not None else 0.0
        deals.setdefault(one.case.about.deal, []).append(worth)
    return cell(mean([sum(each) for each in deals.values()], [len(each) for each in deals.values()]))


def _calibration(run: ScoredRun) -> Cell:
    return Cell(calibration_error(bins(run.scores)))


COLUMNS = ("F", "precision", "recall", "missing", "invented", "evidence", "facts")


def _fields(runs: Sequence[ScoredRun]) -> Table:
    """The fields in the order of the schema; a group stands before the fields that it sums."""
    schema = next((one.case.schema for run in runs for one in run.scores), None)
    order = [slot.name for slot in slots(schema)] if schema else []
    groups: dict[str, dict[str, None]] = {}
    for run in runs:
        for field in run.by_field:
            groups.setdefault(field.partition(".")[0], {})[field] = None
    rows: list[Row] = []
    for group in sorted(groups, key=lambda name: order.index(name) if name in order else len(order)):
        fields = list(groups[group])
        rows += _field(group, fields, runs, inner=False)
        for field in fields if len(fields) > 1 else ():
            rows += _field(field.partition(".")[2] or "value", [field], runs, inner=True)
    return Table(
        "fields", "By field", "field", tuple(rows), COLUMNS, "Rates over all answers; F has its 95% interval."
    )


def _field(heading: str, fields: Sequence[str], runs: Sequence[ScoredRun], *, inner: bool) -> Iterator[Row]:
    made = []
    for index, run in enumerate(runs):
        deals = by_deal(run.scores, lambda outcome: outcome.field in fields)
        counts = count(o for one in run.scores for o in one.outcomes if o.field in fields)
        rates = (_share(deals, name) for name in ("precision", "recall", "missing", "invented", "evidence"))
        cells = (cell(estimate(deals, "f"), 2), *rates, Cell(counts.facts))
        made.append(Row(heading, cells, index, inner))
    if not inner or any(row.cells[-1].value for row in made):
        yield from made


def _share(deals: Mapping[str, Any], rate: str) -> Cell:
    part, whole = map(sum, parts_of(deals, rate))
    return Cell(part / whole if whole else None, digits=2)


def _kinds(runs: Sequence[ScoredRun]) -> Table:
    found = [[o.kind for one in run.scores for o in one.outcomes if o.kind] for run in runs]
    kinds = sorted(
        {kind for each in found for kind in each}, key=lambda kind: (-sum(k.count(kind) for k in found), kind)
    )
    rows = (Row(kind, tuple(Cell(each.count(kind)) for each in found)) for kind in kinds)
    return Table("kinds", "Errors by kind", "kind", tuple(rows), note="Values that are wrong in this way.")


def _certainty(runs: Sequence[ScoredRun]) -> Table:
    known = [{each.tenth: each for each in bins(run.scores)} for run in runs]
    rows = []
    for tenth in sorted({tenth for each in known for tenth in each}, reverse=True):
        for run, each in enumerate(known):
            one = each.get(tenth)
            values = (one.facts, one.certainty, one.right) if one else (0, None, None)
            rows.append(
                Row(f"{tenth / 10:.1f}–{(tenth + 1) / 10:.1f}", tuple(Cell(v, digits=2) for v in values), run)
            )
    note = "Facts by how sure the record is of them: the mean certainty, and the share that is right."
    return Table("certainty", "Certainty", "certainty", tuple(rows), ("facts", "mean", "right"), note)


def variant_kind(case: Case) -> str:
    """The kind of variant that a case is, or ``original``."""
    return re.split(r"[-_\d]", case.variant)[0] or ORIGINAL


def _variants(runs: Sequence[ScoredRun]) -> Table:
    kinds = {variant_kind(one.case) for run in runs for one in run.scores}
    rows: list[Row] = []
    for kind in sorted(kinds, key=lambda kind: (kind != ORIGINAL, kind)):
        parts = [[one for one in run.scores if variant_kind(one.case) == kind] for run in runs]
        rows.append(
            Row(
                kind,
                tuple(cell(estimate(by_deal(part), "f")) for part in parts),
                note=f"{len(parts[0])} answers",
            )
        )
        if kind != ORIGINAL:
            drops = (_drop(run.scores, part) for run, part in zip(runs, parts, strict=True))
            rows.append(Row("original minus this", tuple(drops), inner=True, note="on the same cases"))
    return Table(
        "variants",
        "F on originals and variants",
        "variant",
        tuple(rows) if len(kinds) > 1 else (),
        note=INTERVALS,
    )


def _drop(scores: Sequence[CaseScore], altered: Sequence[CaseScore]) -> Cell:
    """How much higher F is on the originals of altered texts, for cases that have both."""
    originals = [one for one in scores if not one.case.variant]
    both = {one.case.name for one in altered} & {one.case.name for one in originals}
    sides = [by_deal(one for one in side if one.case.name in both) for side in (altered, originals)]
    if not both:
        return Cell(None)
    after, before = (parts_of({deal: side[deal] for deal in sides[0]}, "f") for side in sides)
    f = [sum(part) / sum(whole) if sum(whole) else 1.0 for part, whole in (before, after)]
    return cell(with_interval(f[0] - f[1], difference_interval(after, before)))


def _cases(runs: Sequence[ScoredRun], cases: Iterable[CaseView]) -> Table:
    rows = []
    for case in cases:
        cells = []
        for run in range(len(runs)):
            answers = [answer for answer in case.answers if answer.run == run]
            flag = (
                "failed "
                if any(a.error for a in answers)
                else "✓ "
                if all(a.perfect for a in answers)
                else ""
            )
            right, facts = sum(a.right for a in answers), sum(a.facts for a in answers)
            cells.append(Cell(f"{flag}{right}/{facts}" if answers else None))
        rows.append(Row(case.id, tuple(cells)))
    note = "Right values of all that gold or the record has; ✓ where nothing is wrong or unsupported."
    return Table("cases", "Cases", "case", tuple(rows), note=note)


def _provenance(runs: Sequence[ScoredRun]) -> Table:
    about = [_about(run) for run in runs]
    keys = dict.fromkeys(key for each in about for key in each)
    rows = (Row(key, tuple(Cell(_plain(each.get(key))) for each in about)) for key in keys)
    return Table("provenance", "What was run", "", tuple(rows))


def _plain(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
