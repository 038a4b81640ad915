"""A report as one page of HTML: no script, nothing from the network, all text from elsewhere escaped."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from evals.outcomes import GOOD, Outcome
from evals.report.cases import CaseView, Leaf, Place
from evals.report.model import Cell, Report

GLYPHS = ("●", "■", "▲", "◆", "▼", "✚")
"""The marker of each run: runs differ in shape as well as in colour."""

_BREAKS = re.compile(r"(?<=[_.,])(?=\w)")
_TURNS = frozenset({"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"})  # of UAX 9


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of values from 0 to ``most``, in each row one for each run."""

    title: str
    table: str
    rows: list[tuple[str, list[Cell]]]
    most: float = 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text with one set of marks; ``anchor`` where a place begins, ``about`` whose evidence it is."""

    text: str
    classes: str = ""
    anchor: int | None = None
    about: str = ""


def html(report: Report) -> str:
    """One self-contained page: tables, charts, and each case with its text beside gold and answers."""
    title = ", ".join(run.name for run in report.runs)
    return _template().render(
        title=title if len(title) <= 60 else f"{len(report.runs)} runs",
        report=report,
        charts=list(_charts(report)),
        glyphs=[GLYPHS[run % len(GLYPHS)] for run in range(len(report.runs))],
        colours=len(GLYPHS),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,  # sees every value that the template shows
    )
    environment.filters |= {
        "pieces": pieces,
        "rows": lambda case: [leaf for leaf in case.leaves if not _absent(leaf)],
        "absent": lambda case: [leaf.path for leaf in case.leaves if _absent(leaf)],
        "right_for": _right_for,
        "same": lambda cell, leaf: (
            cell.result == "right" and not cell.kind and cell.found in leaf.gold.split(" or ")
        ),
        "as_json": lambda value: json.dumps(value, indent=1, ensure_ascii=False),
        "breakable": lambda text: Markup("<wbr>").join(_BREAKS.split(_visible(text))),
    }
    return environment.get_template("page.html.j2")


def _visible(value: Any) -> Any:
    """Show control characters, and those that turn the direction of text, instead of letting a browser obey them."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(map(_shown, value))


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    if character < " ":
        return "" if character == "\r" else chr(0x2400 + ord(character))
    turns = unicodedata.bidirectional(character) in _TURNS
    return "\ufffd" if turns or unicodedata.category(character) in ("Cc", "Cs") else character


def _charts(report: Report) -> Iterator[Chart]:
    """Each chart that has something to show."""
    if fields := report.table("fields"):
        outer = [row for row in fields.rows if not row.inner]
        grouped = [list(rows) for _, rows in groupby(outer, lambda row: row.heading)]
        shown = [(rows[0].heading, [row.cells[0] for row in rows]) for rows in grouped]
        shown = [(name, cells) for name, cells in shown if any(cell.value is not None for cell in cells)]
        yield Chart("F by field, with 95% intervals", "fields", shown)
    if kinds := report.table("kinds"):
        most = max(float(cell.value or 0) for row in kinds.rows for cell in row.cells)
        yield Chart(
            "Errors by kind", "kinds", [(row.heading, list(row.cells)) for row in kinds.rows], most * 1.15
        )
    if variants := report.table("variants"):
        rows = [(row.heading, list(row.cells)) for row in variants.rows if not row.inner]
        yield Chart("F on originals and on altered texts, with 95% intervals", "variants", rows)


def pieces(case: CaseView) -> Iterator[Piece]:
    """Cut the text wherever evidence of gold or of an answer, or a forbidden place, begins or ends."""
    layers = [("g", place) for place in case.places]
    layers += [(f"r{answer.run}", place) for answer in case.answers for place in answer.places]
    layers += [("x", Place("", *place)) for place in case.forbidden]
    layers = [(name, place) for name, place in layers if place.start < place.end]
    ends = {edge for _, place in layers for edge in (place.start, place.end)}
    cuts = sorted({0, len(case.text), *(edge for edge in ends if 0 < edge < len(case.text))})
    begins = {place.start for name, place in layers if name != "x"}
    for start, end in pairwise(cuts):
        over = [(name, place) for name, place in layers if place.start <= start and end <= place.end]
        about: dict[str, dict[str, None]] = {}
        for name, place in over:
            if place.path:
                about.setdefault("gold" if name == "g" else "answered", {})[place.path] = None
        said = "; ".join(f"{who}: {', '.join(paths)}" for who, paths in about.items())
        classes = " ".join(sorted({name for name, _ in over}))
        yield Piece(case.text[start:end], classes, start if start in begins else None, said)


def _absent(leaf: Leaf) -> bool:
    """Whether gold and all answers leave a value empty."""
    return all(cell is None or cell.result == "absent" for cell in leaf.cells)


def _right_for(case: CaseView, leaf: Leaf | None = None) -> str:
    """Classes that name the runs for which a case, or a value of it, has nothing wrong; ``ok`` where all have."""
    runs = sorted({answer.run for answer in case.answers})
    if leaf is None:
        wrong = {answer.run for answer in case.answers if not answer.perfect}
    else:
        wrong = {a.run for a, cell in zip(case.answers, leaf.cells, strict=True) if cell and _is_wrong(cell)}
    return " ".join([*(["ok"] if not wrong else []), *(f"ok-{run}" for run in runs if run not in wrong)])


def _is_wrong(cell: Outcome) -> bool:
    return cell.result not in GOOD or cell.evidence is False
