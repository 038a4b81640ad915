"""The tables of a report, in words: what a terminal, a note and a page lay out each in its own way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evals.report.figures import (
    COVERAGES,
    ORIGINAL,
    CertaintyFigures,
    Estimate,
    FieldFigures,
    Figures,
    Rates,
    RunFigures,
)
from evals.report.leaves import CaseView

NONE = "–"
INTERVALS = (
    "Intervals are of 95%: cluster bootstrap by source deal; Wilson for perfect records. "
    "Where there is none, one deal alone says nothing about the spread; one of no width says only that the deals are alike."
)


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a cell, and beside a rate its interval."""

    text: str
    interval: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.interval}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its heading (``inner`` where it is a part of the one above), the run where it is of one only, and cells."""

    heading: str
    cells: tuple[Value, ...]
    run: int | None = None
    inner: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``columns`` are headings of columns, or None where there is one for each run."""

    title: str
    corner: str
    columns: tuple[str, ...] | None
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def noted(self) -> bool:
        """Whether any row has a note."""
        return any(row.note for row in self.rows)

    @property
    def spread(self) -> bool:
        """Whether any cell has an interval."""
        return any(cell.interval for row in self.rows for cell in row.cells)


def number(value: float | None, digits: int = 3) -> str:
    """A number in words."""
    return NONE if value is None else f"{value:,.{digits}f}"


def rate(estimate: Estimate, digits: int = 3) -> Value:
    """A rate with its interval."""
    if estimate.low is None or estimate.high is None:
        return Value(number(estimate.value, digits))
    return Value(
        number(estimate.value, digits), f"{number(estimate.low, digits)}–{number(estimate.high, digits)}"
    )


def overall(found: Figures) -> Table:
    """Every measure over all cases, a column for each run."""
    rows = (
        Row(name, tuple(measure(run) for run in found.runs), note=note)
        for name, measure, note in _measures(found)
    )
    return Table("Overall", "measure", None, tuple(rows), INTERVALS)


Measure = Callable[[RunFigures], Value]


def _measures(found: Figures) -> Iterator[tuple[str, Measure, str]]:
    """Each measure: its name, what it is for a run, and what it means."""

    def of(name: str) -> Measure:
        return lambda run: rate(run.overall.rates[name])

    def whole(name: str) -> Measure:
        return lambda run: Value(f"{getattr(run, name):,}")

    yield "answers", whole("lines"), "cases times repeats"
    yield "failed", whole("failed"), "answers that are an error instead of a record"
    yield "facts", lambda run: Value(f"{run.overall.facts:,}"), "leaves that gold or the record fills"
    yield "F", of("f"), "harmonic mean of precision and recall"
    if any(run.core.value is not None for run in found.runs):
        yield "core F", lambda run: rate(run.core), "over parties, people, figures, dates, kind and status"
        yield (
            "amounts, valuations",
            lambda run: Value(str(run.headline.amounts)),
            "right of those that gold has, and those that nothing in gold is like",
        )
        yield (
            "core records",
            lambda run: Value(str(run.headline.records)),
            "records without an error in a core field",
        )
    yield "precision", of("precision"), "right of all answered leaves"
    yield "recall", of("recall"), "right of all leaves that gold fills"
    yield "soft F", of("soft_f"), "with scores from 0 to 1 in place of right and wrong"
    yield (
        "hallucination",
        of("hallucination"),
        "answered of the leaves that gold leaves empty; less is better",
    )
    yield "abstention", of("abstention"), "left empty of the leaves that gold leaves empty"
    yield "omission", of("omission"), "not answered of the leaves that gold fills; less is better"
    yield "grounded-correct", of("grounded_correct"), "of right facts, those whose evidence states them"
    yield "evidence that holds", lambda run: Value(str(run.headline.evidence)), "the same as numbers"
    yield (
        "unsupported figures",
        whole("unsupported"),
        "figures that the source does not hold in any equal form",
    )
    yield (
        "from forbidden places",
        whole("misplaced"),
        "figures and evidence out of teasers, comments and noise",
    )
    yield (
        "perfect records",
        lambda run: Value(f"{run.perfect} of {run.lines}", rate(run.perfect_rate).interval),
        "every leaf right and nothing unsupported",
    )
    yield "ANLS*", lambda run: rate(run.anls), "for comparison with papers; gates nothing"
    yield (
        "narrative supported",
        lambda run: rate(run.narrative),
        "of the numbers, dates and names in prose, those in the source",
    )
    yield (
        "narrative agrees",
        lambda run: rate(run.narrative_agrees),
        "of the figures in prose, those of the record",
    )
    yield (
        "narrative reversed",
        whole("narrative_reversed"),
        "answers whose prose has the target buy the buyer",
    )
    if any(run.counterfactuals for run in found.runs):
        yield (
            "remembered",
            lambda run: Value(f"{run.remembered} in {run.remembering} of {run.counterfactuals}"),
            "original values answered to counterfactual texts, in how many of these",
        )
    yield "seconds, median", _spent(lambda run: number(run.median_seconds, 1)), "wall time of a case"
    yield "seconds, all", _spent(lambda run: number(run.seconds, 1)), ""
    yield "requests", whole("requests"), ""
    yield "prompt tokens", _spent(lambda run: f"{run.prompt_tokens:,}"), ""
    yield "of these cached", _spent(lambda run: f"{run.cached_tokens:,}"), ""
    yield "tokens written", _spent(lambda run: f"{run.completion_tokens:,}"), ""
    if any(run.cost is not None for run in found.runs):
        yield (
            "cost, US$",
            _spent(lambda run: NONE if run.cost is None else run.cost),
            "where a price is known",
        )


def _spent(words: Callable[[RunFigures], str]) -> Measure:
    """What a run cost; of recorded replies, nothing that a model would cost."""
    return lambda run: Value("recorded" if run.about.get("recorded") else words(run))


FIELD_COLUMNS = ("F", "precision", "recall", "halluc.", "abst.", "omitted", "grounded", "facts")


def by_field(found: Figures) -> Table:
    """Every field, a row for each run."""
    grouped = {row.field for row in found.fields if row.group}
    rows = []
    for each in found.fields:
        inner = not each.group and each.field.split(".")[0] in grouped
        heading = _part(each) if inner else each.field
        rows += [Row(heading, _field_cells(rates), run, inner) for run, rates in enumerate(each.runs)]
    return Table("By field", "field", FIELD_COLUMNS, tuple(rows), "Rates of leaves, summed over all answers.")


def _part(each: FieldFigures) -> str:
    """The name of a field in its group; of the field that the group is named after, what is scored there."""
    listed = not any(rates.facts for rates in each.runs)  # all facts are in the fields of items
    return each.field.partition(".")[2] or ("no item" if listed else "value")


def _field_cells(rates: Rates) -> tuple[Value, ...]:
    shown = ("f", "precision", "recall", "hallucination", "abstention", "omission", "grounded_correct")
    return (*(rate(rates.rates[name], 2) for name in shown), Value(str(rates.facts)))


def kinds(found: Figures) -> Table:
    """How often each kind of error is, a column for each run."""
    rows = tuple(Row(each.kind, tuple(Value(str(n)) for n in each.runs)) for each in found.kinds)
    return Table("Error kinds", "kind", None, rows, "Leaves that are wrong in this way.")


def variants(found: Figures) -> Table:
    """F on the originals and on each kind of variant, a column for each run."""
    rows = []
    for each in found.variants:
        said = zip(each.lines, each.f, strict=True)
        cells = tuple(rate(f) if lines else Value(NONE) for lines, f in said)
        most = max(each.lines)
        rows.append(Row(each.variant, cells, note=f"{most} answer{'' if most == 1 else 's'}"))
        if each.variant != ORIGINAL and any(drop.value is not None for drop in each.drop):
            cells = tuple(_signed(drop) for drop in each.drop)
            rows.append(
                Row(
                    "original minus this",
                    cells,
                    inner=True,
                    note="on the same cases; above 0, the variant is harder",
                )
            )
    return Table("F on originals and variants", "variant", None, tuple(rows), INTERVALS)


def _signed(drop: Estimate) -> Value:
    if drop.value is None:
        return Value(NONE)
    if drop.low is None or drop.high is None:
        return Value(f"{drop.value:+.3f}")
    return Value(f"{drop.value:+.3f}", f"{drop.low:+.3f} to {drop.high:+.3f}")


CERTAINTY_NOTE = (
    "Of the leaves that records fill, the surest are kept: precision is the share of them that is right. AURC is the mean of "
    "one minus precision over all shares (area under the risk–coverage curve), ECE the mean gap between how sure and how "
    "often right; less is better of both. The best order would put all right leaves first."
)


def certainty(found: Figures) -> Table:
    """What the certainty of the records is worth, a column for each run; no rows where none says how sure it is."""
    if not any(run.certainty for run in found.runs):
        return Table("Certainty", "measure", None, ())
    rows = [_certain("facts with a certainty", found, lambda one: Value(f"{one.facts:,}"))]
    for index, share in enumerate(COVERAGES):
        rows.append(_certain(f"precision at {share:.0%} coverage", found, _at(index)))
        if share < 1:
            rows.append(_certain("of the best order", found, _best(index), inner=True))
    rows.append(_certain("AURC", found, lambda one: rate(one.aurc)))
    rows.append(_certain("of the best order", found, lambda one: rate(one.best_aurc), inner=True))
    rows.append(_certain("of no order", found, lambda one: rate(one.unordered_aurc), inner=True))
    rows.append(_certain("ECE", found, lambda one: rate(one.ece)))
    return Table("Certainty", "measure", None, tuple(rows), CERTAINTY_NOTE)


def _at(index: int) -> Callable[[CertaintyFigures], Value]:
    return lambda one: rate(one.precision[index])


def _best(index: int) -> Callable[[CertaintyFigures], Value]:
    return lambda one: rate(one.best[index])


def _certain(
    heading: str, found: Figures, cell: Callable[[CertaintyFigures], Value], *, inner: bool = False
) -> Row:
    said = (Value(NONE) if run.certainty is None else cell(run.certainty) for run in found.runs)
    return Row(heading, tuple(said), inner=inner)


def reliability(found: Figures) -> Table:
    """How sure, and how often right: the facts by their certainty, a row for each run."""
    known = [{part.low: part for part in run.certainty.bins} if run.certainty else {} for run in found.runs]
    lows = sorted({low for parts in known for low in parts}, reverse=True)
    rows = []
    for low in lows:
        for run, parts in enumerate(known):
            part = parts.get(low)
            cells = (
                (Value("0"), Value(NONE), Value(NONE))
                if part is None
                else (
                    Value(str(part.facts)),
                    Value(number(part.certainty, 2)),
                    Value(number(part.precision, 2)),
                )
            )
            rows.append(Row(f"{low:.1f}–{low + 0.1:.1f}", cells, run))
    columns = ("facts", "how sure", "right")
    note = "Means of the facts whose certainty is in the range; calibrated where both are alike."
    return Table("Reliability", "certainty", columns, tuple(rows), note)


def provenance(found: Figures) -> Table:
    """What each run says of itself."""
    said = dict.fromkeys(key for run in found.runs for key in run.about if key != "format")
    rows = tuple(Row(key, tuple(Value(_plain(run.about.get(key))) for run in found.runs)) for key in said)
    return Table("What was run", "", None, rows)


def _plain(value: object) -> str:
    if isinstance(value, str):
        return value
    return NONE if value is None else json.dumps(value, ensure_ascii=False)


CASE_NOTE = "Right facts of all facts that gold or the record fills; ✓ where nothing is wrong or unsupported."


def by_case(found: Figures, cases: Sequence[CaseView]) -> Table:
    """Each case, and for each run how many of its facts are right, summed over repeats."""
    rows = []
    for case in cases:
        cells = []
        for run in range(len(found.runs)):
            answers = [answer for answer in case.answers if answer.run == run]
            right, facts = sum(a.right for a in answers), sum(a.facts for a in answers)
            flag = (
                "failed "
                if any(a.error for a in answers)
                else "✓ "
                if all(a.perfect for a in answers)
                else ""
            )
            cells.append(Value(f"{flag}{right}/{facts}" if answers else NONE))
        rows.append(Row(case.id, tuple(cells)))
    return Table("Cases", "case", None, tuple(rows), CASE_NOTE)


def every(found: Figures, cases: Sequence[CaseView]) -> list[Table]:
    """All tables that have rows."""
    tables = [
        overall(found),
        by_field(found),
        kinds(found),
        certainty(found),
        reliability(found),
        variants(found),
        by_case(found, cases),
    ]
    return [table for table in tables if table.rows]
