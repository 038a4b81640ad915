"""A report as tables for a terminal of 100 columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence

from evals.report.figures import Figures
from evals.report.leaves import CaseView
from evals.report.tabular import Row, Table, Value, every
from evals.tables import table
from summarizer.render.safe import one_line, shortened

_WIDTH = 100
_COMPACT = re.compile(r"(\d\.\d\d)–(\d\.\d\d)")
_SPARED = "abst."  # one minus hallucination
_SHORT = {"halluc.": "hall", "omitted": "omit", "grounded": "grnd"}
_WIDE = 40  # characters of a row's heading
_FIELD = 22  # of a field's
_NAME = 7  # longest name of a run that columns are headed with; else they have letters
_AT_ONCE = 3  # runs beside each other


def render(found: Figures, cases: Sequence[CaseView]) -> str:
    """The report as text."""
    heads = headings(found)
    parts = ["\n".join(_legend(found, heads))]
    for one in every(found, cases):
        parts.append(one.title.upper())
        parts += _laid_out(one, heads)
        parts += [textwrap.fill(one.note, _WIDTH)] if one.note else []
    failed = list(_errors(found, cases, heads))
    parts += ["FAILED", "\n".join(failed)] if failed else []
    return "\n\n".join(parts) + "\n"


def headings(found: Figures) -> list[str]:
    """A heading for each run: its name where all are short, else a letter."""
    names = [one_line(run.name) for run in found.runs]
    short = all(len(name) <= _NAME for name in names)
    return names if short else [chr(ord("A") + i) if i < 26 else f"R{i + 1}" for i in range(len(names))]


def _legend(found: Figures, heads: Sequence[str]) -> Iterator[str]:
    for head, run in zip(heads, found.runs, strict=True):
        of = f"{run.cases} cases of {run.deals} deals"
        yield f"{head}: {one_line(run.label)}, {of}, {run.lines} answers"


def _laid_out(one: Table, heads: Sequence[str]) -> Iterator[str]:
    if one.columns is not None:
        yield _field_table(one, one.columns, heads)
        return
    for start in range(0, len(heads), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        rows = [[_heading(row, _WIDE), *map(_cell, row.cells[part])] for row in one.rows]
        yield table([one.corner, *heads[part]], rows)


def _field_table(one: Table, columns: Sequence[str], heads: Sequence[str]) -> str:
    """Rows of runs under each other: only these leave room for three intervals beside each other."""
    kept = [index for index, column in enumerate(columns) if column != _SPARED]
    several = len(heads) > 1
    rows = []
    last = ""
    for row in one.rows:
        heading = _heading(row, _FIELD)
        run = [heads[row.run]] if several and row.run is not None else []
        cells = [_COMPACT.sub(_shorter, _cell(row.cells[index])) for index in kept]
        rows.append(["" if several and row.run and heading == last else heading, *run, *cells])
        last = heading
    return table(
        [
            one.corner,
            *(["run"] if several else []),
            *(_SHORT.get(columns[index], columns[index]) for index in kept),
        ],
        rows,
    )


def _heading(row: Row, width: int) -> str:
    name = one_line(row.heading)
    indented = f"  {name}" if row.inner else name
    return indented if len(indented) <= width else indented[: width - 1] + "…"


def _cell(value: Value) -> str:
    return one_line(str(value))


def _shorter(interval: re.Match[str]) -> str:
    return "–".join("1.0" if end == "1.00" else end[1:] for end in interval.groups())


def _errors(found: Figures, cases: Sequence[CaseView], heads: Sequence[str]) -> Iterator[str]:
    for case in cases:
        for answer in case.answers:
            if answer.error:
                said = f"{answer.error_kind}: {answer.error}".removeprefix(": ")
                yield f"{case.id} ({heads[answer.run]}): {shortened(one_line(said), 200)}"
