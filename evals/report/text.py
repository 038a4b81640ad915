"""A report as tables for a terminal of 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from evals.report.model import Report, Row, Run, Table
from evals.tables import cut, table
from summarizer.render.safe import one_line

_WIDTH = 100
_NAME = 7  # longest name of a run that columns are headed with; longer names get letters
_AT_ONCE = 3  # runs beside each other


def text(report: Report) -> str:
    """The report as text, three runs beside each other."""
    heads = _heads(report)
    said = [f"{head}: {summary(run)}" for head, run in zip(heads, report.runs, strict=True)]
    parts = ["\n".join(said)]
    for one in report.tables:
        if one.id == "provenance":
            continue
        parts += [one.title.upper(), *_laid_out(one, heads)]
        parts += [textwrap.fill(one.note, _WIDTH)] if one.note else []
    failed = [f"{case} ({heads[run]}): {cut(said, 200)}" for case, run, said in failures(report)]
    parts += ["FAILED", "\n".join(failed)] if failed else []
    return "\n\n".join(parts) + "\n"


def summary(run: Run) -> str:
    """One line on a run."""
    return f"{one_line(run.label)}, {run.cases} cases of {run.deals} deals, {run.lines} answers"


def failures(report: Report) -> Iterator[tuple[str, int, str]]:
    """The case, the run and the error of each answer that failed."""
    for case in report.cases:
        for answer in case.answers:
            if answer.error:
                yield case.id, answer.run, one_line(f"{answer.error_kind}: {answer.error}")


def _heads(report: Report) -> list[str]:
    """A heading for each run: its name where all are short, else a letter."""
    names = [one_line(run.name) for run in report.runs]
    if all(len(name) <= _NAME for name in names):
        return names
    return [chr(ord("A") + i) if i < 26 else f"R{i + 1}" for i in range(len(names))]


def _laid_out(one: Table, heads: Sequence[str]) -> Iterator[str]:
    if one.columns is not None:
        several = len(heads) > 1
        rows = [
            [_heading(row), *([heads[row.run or 0]] if several else []), *map(str, row.cells)]
            for row in one.rows
        ]
        yield table([one.corner, *(["run"] if several else []), *one.columns], rows)
        return
    for start in range(0, len(heads), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        rows = [[_heading(row), *(one_line(str(cell)) for cell in row.cells[part])] for row in one.rows]
        yield table([one.corner, *heads[part]], rows)


def _heading(row: Row) -> str:
    return cut(f"{'  ' if row.inner else ''}{one_line(row.heading)}", 40)
