"""A report as one page of HTML: no script, nothing from the network, every word of others escaped."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from evals.report import charts, tabular
from evals.report.charts import GLYPHS
from evals.report.figures import Figures
from evals.report.leaves import CaseView, Cell, Leaf, Place

_MARKS = re.compile(r"(?<=[_.,])(?=\w)")
_TURNS = frozenset({"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"})  # of UAX 9
_TITLE = 60  # characters
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text with one set of marks; ``anchor`` where a place begins, ``about`` whose evidence it is."""

    text: str
    classes: str = ""
    anchor: int | None = None
    about: str = ""


def render(found: Figures, cases: Sequence[CaseView]) -> str:
    """The page."""
    title = ", ".join(run.name for run in found.runs)
    return _template().render(
        title=title if len(title) <= _TITLE else f"{len(found.runs)} runs",
        found=found,
        cases=cases,
        tables=tabular,
        charts=list(_charts(found)),
        glyphs=[GLYPHS[run % len(GLYPHS)] for run in range(len(found.runs))],
        colours=len(GLYPHS),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    # finalize sees every value that the template shows, so no text can pass by it.
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_seen,
    )
    environment.filters |= {
        "pieces": pieces,
        "rows": _rows,
        "absent": _absent,
        "right_for": _right_for,
        "same": _same,
        "as_json": _as_json,
        "breakable": _breakable,
    }
    return environment.get_template("page.html.j2")


def _seen(value: Any) -> Any:
    """Show control characters, and those that turn the order of letters, instead of letting a browser obey them."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(map(_shown, value))


def _shown(character: str) -> str:
    if character in "\n\t" or character.isprintable():
        return character
    if character < " ":
        return "" if character == "\r" else chr(0x2400 + ord(character))
    return (
        "\ufffd"
        if unicodedata.bidirectional(character) in _TURNS or unicodedata.category(character) in ("Cc", "Cs")
        else character
    )


def _breakable(text: str) -> Markup:
    """Let a long name or number go on in the next line after its marks."""
    return Markup("<wbr>").join(_MARKS.split(_seen(text)))


def _charts(found: Figures) -> Iterator[tuple[str, str, Markup]]:
    """Each chart that has something to show: its heading, where its figures stand, and the picture."""
    runs = range(len(found.runs))
    grouped = {each.field for each in found.fields if each.group}
    fields = [each for each in found.fields if each.group or each.field.split(".")[0] not in grouped]
    fields = [each for each in fields if any(rates.facts for rates in each.runs)]
    if fields:
        title = "F by field, with 95% intervals"
        series = [[each.runs[run].rates["f"] for each in fields] for run in runs]
        yield title, "by-field", charts.dots([each.field for each in fields], series, title, "fields")
    if found.kinds:
        title = "Errors by kind"
        counts = [[each.runs[run] for each in found.kinds] for run in runs]
        yield title, "kinds", charts.bars([each.kind for each in found.kinds], counts, title, "kinds")
    if any(run.certainty for run in found.runs):
        title = "Precision of the surest leaves, by the share that is kept"
        points = [run.certainty.points if run.certainty else () for run in found.runs]
        series_of = [[(point.coverage, point.precision) for point in each] for each in points]
        yield title, "certainty", charts.curves(series_of, title, "curve", across="coverage", up="precision")
    if len(found.variants) > 1:
        title = "F on originals and on altered texts, with 95% intervals"
        series = [[each.f[run] for each in found.variants] for run in runs]
        yield (
            title,
            "variants",
            charts.dots([each.variant for each in found.variants], series, title, "variants"),
        )


def pieces(case: CaseView) -> Iterator[Piece]:
    """Cut the text wherever gold evidence, an answer's evidence or a forbidden place begins or ends."""
    layers = [("g", place) for place in case.places]
    layers += [(f"r{answer.run}", place) for answer in case.answers for place in answer.places]
    layers += [("x", Place("", *place)) for place in case.forbidden]
    layers = [(name, place) for name, place in layers if place.start < place.end]
    ends = {edge for _, place in layers for edge in (place.start, place.end)}
    cuts = sorted({0, len(case.text), *(edge for edge in ends if 0 < edge < len(case.text))})
    begins = {place.start for name, place in layers if name != "x"}
    for start, end in pairwise(cuts):
        over = [(name, place) for name, place in layers if place.start <= start and end <= place.end]
        classes = " ".join(sorted({name for name, _ in over}))
        yield Piece(case.text[start:end], classes, start if start in begins else None, _about(over))


def _about(layers: Iterable[tuple[str, Place]]) -> str:
    """Of which fields a piece is evidence in the gold, and of which in any answer."""
    said: dict[str, dict[str, None]] = {}
    for name, place in layers:
        if place.path:
            said.setdefault("gold" if name == "g" else "answered", {})[place.path] = None
    return "; ".join(f"{who}: {', '.join(paths)}" for who, paths in said.items())


def _rows(case: CaseView) -> list[Leaf]:
    """The leaves that gold or any answer fills."""
    return [leaf for leaf in case.leaves if leaf.path not in _absent(case)]


def _absent(case: CaseView) -> list[str]:
    """The leaves that gold and all answers leave empty."""
    return [leaf.path for leaf in case.leaves if all(c is None or c.result == "absent" for c in leaf.cells)]


def _right_for(case: CaseView, leaf: Leaf | None = None) -> str:
    """Classes that say for which runs a case, or a leaf of it, has nothing wrong; ``ok`` where for all."""
    runs = sorted({answer.run for answer in case.answers})
    if leaf is None:
        right = [run for run in runs if case.perfect(run)]
    else:
        cells = list(zip(case.answers, leaf.cells, strict=True))
        right = [run for run in runs if not any(_wrong(cell) for answer, cell in cells if answer.run == run)]
    return " ".join([*(["ok"] if right == runs else []), *(f"ok-{run}" for run in right)])


def _wrong(cell: Cell | None) -> bool:
    return cell is not None and (cell.result in ("wrong", "missing", "invented") or cell.evidence is False)


def _same(cell: Cell, leaf: Leaf) -> bool:
    """Whether an answer is in the words of gold, so that a narrow page need not repeat it."""
    return cell.result == "right" and not cell.kind and cell.found in leaf.gold.split(" or ")


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
