"""Reports of scored runs, side by side: tables for a terminal, one page of HTML, and forms for other programs.

All forms show parts of ``summary``, and the same runs give the same bytes. They raise CaseError where there is no run
or where the runs were scored with different gold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from evals.report import export, leaves, view
from evals.report import text as terminal
from evals.report.figures import Figures
from evals.report.leaves import CaseView
from evals.scored import ScoredRun

__all__ = ["csv", "html", "junit", "markdown", "summary", "text"]


@dataclass(frozen=True, slots=True)
class _Same:
    """Runs as a key that is equal for these very objects: one command writes several forms of them."""

    runs: tuple[ScoredRun, ...] = field(compare=False)
    identity: tuple[int, ...]


@lru_cache(maxsize=1)
def _figures(same: _Same) -> Figures:
    return view.figures(same.runs)


@lru_cache(maxsize=1)
def _cases(same: _Same) -> tuple[CaseView, ...]:
    view.check(same.runs)
    return tuple(leaves.cases(same.runs))


def _same(runs: Sequence[ScoredRun]) -> _Same:
    return _Same(tuple(runs), tuple(map(id, runs)))


def summary(runs: Sequence[ScoredRun]) -> dict[str, Any]:
    """Everything that the other forms show, as plain values for JSON.

    ``runs``, ``fields``, ``kinds`` and ``variants`` have the figures, ``cases`` the texts, gold and answers. Rates are
    from 0 to 1, rounded to four digits, and null where there is nothing that they could be a share of; an interval
    (``low``, ``high``) is null where one deal alone says nothing about the spread.
    """
    same = _same(runs)
    plain: dict[str, Any] = _listed(
        {**asdict(_figures(same)), "cases": [asdict(case) for case in _cases(same)]}
    )
    return plain


def _listed(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _listed(part) for key, part in node.items()}
    return [_listed(part) for part in node] if isinstance(node, (list, tuple)) else node


def text(runs: Sequence[ScoredRun]) -> str:
    """Tables for a terminal of 100 columns, three runs beside each other."""
    same = _same(runs)
    return terminal.render(_figures(same), _cases(same))


def html(runs: Sequence[ScoredRun]) -> str:
    """One self-contained page: tables, charts, and each case with its text beside gold and answers.

    It runs no script and asks the network for nothing; its Content-Security-Policy forbids both. Needs matplotlib.
    """
    from evals.report import page  # late: matplotlib takes a second to import

    same = _same(runs)
    return page.render(_figures(same), _cases(same))


def markdown(runs: Sequence[ScoredRun]) -> str:
    """The tables as GitHub-flavoured Markdown."""
    same = _same(runs)
    return export.markdown(_figures(same), _cases(same))


def csv(runs: Sequence[ScoredRun]) -> str:
    """One row for each answer and leaf, safe to open in a spreadsheet."""
    return export.csv(view.names(runs), _cases(_same(runs)))


def junit(runs: Sequence[ScoredRun]) -> str:
    """JUnit XML: a suite for each run, a test for each answer, failures that name the wrong leaves."""
    return export.junit(view.names(runs), _cases(_same(runs)))
