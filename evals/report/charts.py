"""Charts as inline SVG, drawn by matplotlib; colours and fonts are those of the page that they stand in."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from evals.report.figures import Estimate
from summarizer.render.safe import one_line

MARKS = ("o", "s", "^", "D", "v", "P")
"""The marker of each run: runs differ in shape as well as in colour."""

GLYPHS = ("●", "■", "▲", "◆", "▼", "✚")
"""The same markers as characters."""

_POINTS = 72  # to an inch; an SVG of matplotlib counts in points
_XLINK = "http://www.w3.org/1999/xlink"
_WIDTH = 400  # units; narrow enough that letters can be read on a phone
_LETTER = 12.5  # units, as the page's small text
_ROW = 14  # units for each run in a row
_GAP = 12  # between rows
_FOOT = 26  # for the numbers of the axis
_MARGIN = 14  # around the headings and right of the axis
_LONGEST = 30  # characters of a heading
_MOST = 0.65  # of the width that headings may take
_TEXT, _LINE = "#010101", "#010102"  # stand for the page's colours until the end
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # letters stay letters: they can be selected, read aloud and take the page's font
    "text.parse_math": False,  # a dollar is a dollar
    "font.size": _LETTER,
    "text.color": _TEXT,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _TEXT,
    "xtick.color": _LINE,
    "xtick.labelcolor": _TEXT,
    "ytick.labelcolor": _TEXT,
    "ytick.major.size": 0,
    "ytick.major.pad": 8,
    "grid.color": _LINE,
    "grid.linewidth": 0.7,
    "lines.linewidth": 2,
    "lines.markersize": 8,
    "lines.markeredgewidth": 0,
}
_BARE = dict.fromkeys(("Creator", "Date", "Format", "Type"))  # no metadata: nothing of the day or the version


def dots(rows: Sequence[str], series: Sequence[Sequence[Estimate]], title: str, name: str) -> Markup:
    """Rates from 0 to 1 with their intervals: a row for each of ``rows``, in it a marker for each series.

    ``name`` is a word that no other chart of the page has. Returns an ``<svg>`` element.
    """

    def draw(axes: Axes) -> None:
        for run, height, estimate in _places(series):
            if estimate.low is not None and estimate.high is not None:
                axes.plot([estimate.low, estimate.high], [height] * 2, color=_colour(run), clip_on=False)
            if estimate.value is not None:
                axes.plot([estimate.value], [height], _mark(run), color=_colour(run), clip_on=False)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", ".25", ".5", ".75", "1"])
        axes.grid(axis="x")

    return _drawn(rows, len(series), title, name, draw, foot=_FOOT)


def bars(rows: Sequence[str], series: Sequence[Sequence[int]], title: str, name: str) -> Markup:
    """Counts: each a line from 0 to the marker of its series, and the number; else as ``dots``."""
    most = max((count for counts in series for count in counts), default=0) or 1

    def draw(axes: Axes) -> None:
        for run, height, count in _places(series):
            axes.plot([0, count], [height] * 2, color=_colour(run), clip_on=False)
            axes.plot([count], [height], _mark(run), color=_colour(run), clip_on=False)
            axes.annotate(
                str(count),
                (count, height),
                (8, 0),
                textcoords="offset points",
                verticalalignment="center_baseline",
            )
        axes.set_xlim(0, most * 1.12)
        axes.set_xticks([])

    return _drawn(rows, len(series), title, name, draw, foot=1)


T = TypeVar("T")


def curves(
    series: Sequence[Sequence[tuple[float, float]]], title: str, name: str, *, across: str, up: str
) -> Markup:
    """Rates against shares, both from 0 to 1: a line for each series, its marker at the end of each of its steps.

    ``across`` and ``up`` say what the axes are. The rates begin where the lowest of them does, at the tenth below.
    """
    lowest = min((y for points in series for _, y in points), default=0.0)
    floor = min(0.9, int(lowest * 10) / 10)

    def draw(axes: Axes) -> None:
        for run, points in enumerate(series):
            xs, ys = [x for x, _ in points], [y for _, y in points]
            axes.plot(xs, ys, f"{_mark(run)}-", color=_colour(run), clip_on=False, markersize=5)
        axes.set_xlim(0, 1)
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0", ".2", ".4", ".6", ".8", "1"])
        axes.set_ylim(floor, 1)
        ticks = [tenth / 10 for tenth in range(round(floor * 10), 11)]
        axes.set_yticks(ticks, [f"{tick:.1f}".lstrip("0") if tick < 1 else "1" for tick in ticks])
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        axes.grid()

    left, foot, height = 56, 46, 260
    box = (left / _WIDTH, foot / height, (_WIDTH - left - _MARGIN) / _WIDTH, 1 - (foot + _MARGIN) / height)
    return _painted(height, box, title, name, draw)


def _places(series: Sequence[Sequence[T]]) -> Iterator[tuple[int, float, T]]:
    """Each value with its series and the height at which it stands; rows go down from 0."""
    size = _ROW * len(series) + _GAP
    for run, values in enumerate(series):
        for row, value in enumerate(values):
            yield run, row * size + _GAP / 2 + (run + 0.5) * _ROW, value


def _drawn(
    rows: Sequence[str], runs: int, title: str, name: str, draw: Callable[[Axes], None], *, foot: float
) -> Markup:
    rows = [row if len(row) <= _LONGEST else f"{row[: _LONGEST - 1]}…" for row in map(one_line, rows)]
    size = _ROW * runs + _GAP
    height = size * len(rows) + foot
    widths = _widths(rows)
    left = min(max(widths, default=0) + _MARGIN, _WIDTH * _MOST)
    box = (left / _WIDTH, foot / height, (_WIDTH - left - _MARGIN) / _WIDTH, 1 - foot / height)

    def ruled(axes: Axes) -> None:
        axes.spines["bottom"].set_visible(False)
        axes.set_ylim(size * len(rows), 0)
        axes.set_yticks([size * (row + 0.5) for row in range(len(rows))], rows)
        draw(axes)

    return _painted(height, box, title, name, ruled)


@contextmanager
def _style(name: str) -> Iterator[None]:
    with matplotlib.rc_context(), warnings.catch_warnings():
        # letters that matplotlib's font lacks: the page's has them
        warnings.simplefilter("ignore", UserWarning)
        matplotlib.rcdefaults()  # whatever the reader's own settings are, the chart is the same
        matplotlib.rcParams.update(_STYLE | {"svg.hashsalt": name})
        yield


def _widths(rows: Sequence[str]) -> list[float]:
    """How wide the headings are; matplotlib's font is a broad one: whatever the page has for it fits as well."""
    with _style("widths"):
        return [TextPath((0, 0), row, size=_LETTER).get_extents().width for row in rows if row]


def _painted(
    height: float,
    box: tuple[float, float, float, float],
    title: str,
    name: str,
    draw: Callable[[Axes], None],
) -> Markup:
    """A chart of ``height`` units whose axes stand in ``box``: left, bottom, width and height as shares."""
    with _style(name):
        figure = Figure(figsize=(_WIDTH / _POINTS, height / _POINTS))
        FigureCanvasSVG(figure)
        axes = figure.add_axes(box)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set_axisbelow(True)
        draw(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata=_BARE, transparent=True)
    return _fitted(out.getvalue(), title, name)


def _fitted(svg: str, title: str, name: str) -> Markup:
    """The element without what belongs to a file of its own, in the page's font and colours."""
    body = svg[svg.index("<g ") :]
    used = set(re.findall(r"#(\w+)", body))
    body = re.sub(r' id="([^"]*)"', lambda found: found.group() if found.group(1) in used else "", body)
    body = re.sub(r" font-family: [^;\"]*;", "", body)
    body = re.sub(r"font: ([\d.]+px) [^;\"]*", r"font-size: \1", body)  # as matplotlib before 3.11 says it
    body = body.replace(_TEXT, "currentColor").replace(_LINE, "var(--line)")
    body = re.sub(r"#0102(\d\d)", lambda found: f"var(--run-{int(found.group(1)) + 1})", body)
    box = re.search(r'viewBox="[^"]*"', svg)
    head = Markup('<svg class="chart" role="img" aria-labelledby="chart-{0}" xmlns:xlink="{1}" ').format(
        name, _XLINK
    )
    named = Markup('>\n<title id="chart-{0}">{1}</title>\n').format(name, title)
    inside = Markup(body)  # noqa: S704 - matplotlib has escaped the texts in it
    return head + Markup(box.group() if box else "") + named + inside  # noqa: S704 - four numbers


def _colour(run: int) -> str:
    return f"#0102{run % len(MARKS):02d}"


def _mark(run: int) -> str:
    return MARKS[run % len(MARKS)]
