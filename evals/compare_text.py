"""A comparison of two runs as text for a terminal, and as plain data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evals.compare import LEVEL, Change, Comparison, Cost, Difference, listed
from evals.stats import Interval
from evals.tables import table

_WIDTH = 100


def text(comparison: Comparison, most: int = 20) -> str:
    """Show a comparison in a terminal of 100 columns, with up to ``most`` changes of each kind."""
    own = comparison
    said = [
        f"A: {own.a}",
        f"B: {own.b}",
        f"{_number(own.lines, 'line')} of {_number(own.deals, 'deal')} in both",
        *(
            f"only in {side}: {listed(names, 5)}"
            for side, names in (("A", own.only_a), ("B", own.only_b))
            if names
        ),
        "",
        *_overall(own),
        "",
        table(("", "A", "B"), _headlines(own)),
        "",
        *_verdicts(own.fields),
        "",
        table(("field", "A", "B", "B - A", "95% interval", "p (Holm)", "B is"), map(_row, own.fields)),
        *_notes(own.fields),
        "",
        *(
            ["seconds and tokens are not compared: replies were replayed"]
            if own.recorded
            else [_cost("seconds", own.seconds, ".1f"), _cost("tokens", own.tokens, ",.0f")]
        ),
    ]
    for title, changes in (("Became right", own.became_right), ("Became wrong", own.became_wrong)):
        said += ["", f"{title}: {_number(len(changes), 'leaf', 'leaves')}"]
        said += [line for change in changes[:most] for line in _told(change)]
        said += [f"  and {len(changes) - most} more"] if len(changes) > most else []
    return "\n".join(said)


def _overall(own: Comparison) -> Iterator[str]:
    """What holds over the core fields, and over all."""
    for name, one in (("Core", own.core), ("Overall", own.overall)):
        if one is None:
            continue
        low = f", 95% interval {_signed_interval(one.interval)}" if one.interval.known else ""
        yield (
            f"{name} F: {one.f[0]:.2f} in A, {one.f[1]:.2f} in B, {one.difference:+.2f}{low}, "
            f"p {_p(one.p.p, equal='= ')}"
        )
        yield f"B against A{'' if one is own.overall else ', core fields'}: {one}"


def _headlines(own: Comparison) -> list[tuple[str, str, str]]:
    a, b = (one.rows(core=own.core is not None) for one in own.headlines)
    return [(name, mine, theirs) for (name, mine), (_, theirs) in zip(a, b, strict=True)]


def _verdicts(fields: Sequence[Difference]) -> Iterator[str]:
    """The fields in which B is better or worse, first where that is proved, then where it is not."""
    for title, verdict, sign in (("better", "better", 1), ("worse", "worse", -1)):
        proved = [one for one in fields if one.verdict == verdict]
        other = [one for one in fields if one not in proved and one.difference * sign > 0]
        more = f"; {title}, but not proved, in {_named(other)}" if other else ""
        said = f"B is {title} in {_named(proved)}{more}"
        yield textwrap.fill(said, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _named(fields: Sequence[Difference]) -> str:
    return ", ".join(f"{one.field} {one.difference:+.2f}" for one in fields) or "no field"


def _row(one: Difference) -> tuple[str, ...]:
    figures = (*(f"{f:.2f}" for f in one.f), f"{one.difference:+.2f}", _signed_interval(one.interval))
    verdict = f"{one.verdict}{' *' if one.why else ''}" if one.differ else "the same"
    return (_cut(one.field, 33), *figures, _p(one.adjusted), verdict)


def _notes(fields: Sequence[Difference]) -> list[str]:
    able = sum(one.p.smallest < LEVEL for one in fields)
    few = any(one.differ and one.why for one in fields)
    return [
        *([f"p is adjusted for {able} fields that can show p under {LEVEL}"] if able > 1 else []),
        *([f"* too few deals differ to show p under {LEVEL}, whatever the difference"] if few else []),
    ]


def _p(p: float, equal: str = "") -> str:
    return f"{equal}{p:.3f}" if p >= 0.001 else "< 0.001"


def _signed_interval(interval: Interval) -> str:
    return f"{interval.low:+.2f} to {interval.high:+.2f}" if interval.known else "–"


def _number(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def _cost(name: str, cost: Cost, form: str) -> str:
    ratio = f" (B / A = {cost.ratio:.2f})" if cost.ratio is not None else ""
    return f"{name}: {cost.a:{form}} in A, {cost.b:{form}} in B{ratio}"


def _told(change: Change) -> Iterator[str]:
    repeat = f" (repeat {change.repeat + 1})" if change.repeat else ""
    yield _cut(f"  {change.case}{repeat}: {change.path}", _WIDTH)
    for name, said in (("gold", change.gold), ("A", change.a), ("B", change.b)):
        yield _cut(f"    {name:>4}: {' '.join(said.split()) or '–'}", _WIDTH)


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else words[: width - 1] + "…"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as plain data; what is not known is None."""
    own = comparison
    return {
        "a": own.a,
        "b": own.b,
        "lines": own.lines,
        "deals": own.deals,
        "overall": _plain(own.overall),
        "core": None if own.core is None else _plain(own.core),
        "headlines": dict(zip("ab", (one.as_json() for one in own.headlines), strict=True)),
        "fields": [_plain(one) for one in own.fields],
        "became_right": [asdict(change) for change in own.became_right],
        "became_wrong": [asdict(change) for change in own.became_wrong],
        "only_a": list(own.only_a),
        "only_b": list(own.only_b),
        "seconds": _costs(own.seconds),
        "tokens": _costs(own.tokens),
        "recorded": own.recorded,
    }


def _plain(one: Difference) -> Mapping[str, Any]:
    interval = [round(one.interval.low, 6), round(one.interval.high, 6)] if one.interval.known else None
    return {
        "field": one.field,
        "a": {"f": round(one.f[0], 6), **asdict(one.a)},
        "b": {"f": round(one.f[1], 6), **asdict(one.b)},
        "difference": round(one.difference, 6),
        "interval": interval,
        "p": round(one.p.p, 6),
        "smallest_p": round(one.p.smallest, 6),
        "adjusted_p": round(one.adjusted, 6),
        "deals": one.deals,
        "deals_that_differ": one.differ,
        "verdict": one.verdict,
        "why": one.why,
    }


def _costs(cost: Cost) -> dict[str, float | None]:
    return {"a": cost.a, "b": cost.b, "ratio": None if cost.ratio is None else round(cost.ratio, 6)}
