"""Two runs on the same cases: which differences are proved, and which values became right or wrong.

All differences are b minus a: "better" says that b is. Lines are paired by case and repeat. The test is on
the F of each deal, because variants and repeats of one deal are not independent. The p values of the fields
are adjusted for the number of fields that can show p under 0.05 at all (Tarone 1990).
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from evals.cases import CaseError
from evals.outcomes import GOOD, Counts, Outcome, keyed
from evals.scored import CaseScore, ScoredRun, by_deal, is_core, parts_of
from evals.stats import Interval, PValue, difference_interval, holm, sign_flip
from evals.tables import cut, table

Verdict = Literal["better", "worse", "cannot distinguish"]
Sides = Mapping[str, tuple[Counts, Counts]]  # counts of a and b by deal

LEVEL = 0.05
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Difference:
    """The F of some fields in both runs, and whether they differ.

    ``deals`` have such facts, and ``differ`` of them have another F; ``adjusted`` is p after Holm over the
    fields.
    """

    field: str
    a: Counts
    b: Counts
    interval: Interval
    p: PValue
    adjusted: float
    deals: int
    differ: int
    verdict: Verdict

    @property
    def f(self) -> tuple[float, float]:
        """The F of a and of b."""
        return _f(self.a), _f(self.b)

    @property
    def difference(self) -> float:
        """How much higher the F of b is."""
        return self.f[1] - self.f[0]

    @property
    def why(self) -> str:
        """Why they cannot be told apart, where too few deals differ; else nothing."""
        if self.verdict != "cannot distinguish" or self.p.smallest < LEVEL:
            return ""
        if not self.differ:
            return "no deal differs"
        return f"only {self.differ} of {self.deals} deals differ: p cannot be under {self.p.smallest:.3g}"

    def __str__(self) -> str:
        return f"{self.verdict} ({self.why})" if self.why else self.verdict


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is right in one run and not in the other. ``path`` is its place in the record of b, or else of a."""

    case: str
    repeat: int
    field: str
    path: str
    gold: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs. ``only_a`` and ``only_b`` name lines without a partner.

    ``core`` is None where the schema has no core field. ``recorded``: one of the runs replayed replies, so
    that its seconds and tokens are not those of a model.
    """

    a: ScoredRun
    b: ScoredRun
    overall: Difference
    core: Difference | None
    fields: tuple[Difference, ...]
    became_right: tuple[Change, ...]
    became_wrong: tuple[Change, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]

    @property
    def recorded(self) -> bool:
        """Whether one of the runs replayed replies."""
        return any(bool(side.run.about.get("recorded")) for side in (self.a, self.b))


def compare(a: ScoredRun, b: ScoredRun) -> Comparison:
    """Compare two runs line by line.

    Raises CaseError where a shared case was run with other gold or text, and where the runs share no line.
    """
    a, b, only_a, only_b = _paired(a, b)
    names = dict.fromkeys(outcome.field for run in (a, b) for one in run.scores for outcome in one.outcomes)
    roots = list(dict.fromkeys(name.partition(".")[0] for name in names))
    sides = {name: _sides(a, b, lambda o, name=name: o.field == name) for name in names}  # type: ignore[misc]
    sides = {n: sides[n] for n in sorted(sides, key=lambda n: roots.index(n.partition(".")[0])) if sides[n]}
    tested = {name: sign_flip(_differences(side)) for name, side in sides.items()}
    adjusted = holm({name: found.p for name, found in tested.items() if found.smallest < LEVEL})
    core = _sides(a, b, is_core)
    changes = [change for pair in zip(a.scores, b.scores, strict=True) for change in _changes(*pair)]
    return Comparison(
        a=a,
        b=b,
        overall=_difference("overall", _sides(a, b, lambda outcome: True)),
        core=_difference("core", core) if core else None,
        fields=tuple(_difference(name, side, adjusted.get(name)) for name, side in sides.items()),
        became_right=tuple(change for right, change in changes if right),
        became_wrong=tuple(change for right, change in changes if not right),
        only_a=only_a,
        only_b=only_b,
    )


def _paired(a: ScoredRun, b: ScoredRun) -> tuple[ScoredRun, ScoredRun, tuple[str, ...], tuple[str, ...]]:
    """Both runs with the lines that they share, and the names of the others."""
    first, second = ({one.line.key: one for one in run.scores} for run in (a, b))
    golds = {one.line.case: one.line.gold for one in a.scores}
    other = {one.line.case for one in b.scores if golds.get(one.line.case, one.line.gold) != one.line.gold}
    if other:
        raise CaseError(
            f"The runs were made with different gold or text of {_listed(sorted(other))}. Run one of them again."
        )
    shared = [key for key in first if key in second]
    only_a, only_b = (_names(one.keys() - other.keys()) for one, other in ((first, second), (second, first)))
    if not shared:
        raise CaseError(f"The runs share no case: one has {_listed(only_a)}, the other {_listed(only_b)}.")
    paired = [
        ScoredRun(run.run, tuple(lines[key] for key in shared)) for run, lines in ((a, first), (b, second))
    ]
    return paired[0], paired[1], only_a, only_b


def _names(keys: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Lines in words; repeats are counted from 1."""
    return tuple(f"{case} (repeat {repeat + 1})" if repeat else case for case, repeat in sorted(keys))


def _listed(names: Sequence[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _f(counts: Counts) -> float:
    """F; 1 where there was nothing to find and nothing was found."""
    return counts.f if counts.facts else 1.0


def _sides(a: ScoredRun, b: ScoredRun, chosen: Callable[[Outcome], bool]) -> Sides:
    """The counts of chosen values by deal, for deals that have such facts in gold or in a record."""
    first, second = by_deal(a.scores, chosen), by_deal(b.scores, chosen)
    return {d: (first[d], second[d]) for d in first if first[d].facts or second[d].facts}


def _differences(sides: Sides) -> list[float]:
    return [_f(b) - _f(a) for a, b in sides.values()]


def _difference(name: str, sides: Sides, adjusted: float | None = None) -> Difference:
    first = {deal: a for deal, (a, _) in sides.items()}
    second = {deal: b for deal, (_, b) in sides.items()}
    a, b = sum(first.values(), Counts()), sum(second.values(), Counts())
    differences = _differences(sides)
    p = sign_flip(differences)
    adjusted = p.p if adjusted is None else adjusted
    # The test is on the mean over deals, the figure shown on all values: a verdict needs both to agree.
    of_deals, of_values = sum(differences), _f(b) - _f(a)
    verdict: Verdict = "cannot distinguish"
    if adjusted < LEVEL and of_deals * of_values > 0:
        verdict = "better" if of_deals > 0 else "worse"
    interval = difference_interval(parts_of(first, "f"), parts_of(second, "f"))
    return Difference(name, a, b, interval, p, adjusted, len(sides), sum(map(bool, differences)), verdict)


def _changes(a: CaseScore, b: CaseScore) -> Iterator[tuple[bool, Change]]:
    """Values that became right (True) or wrong (False)."""
    first, second = keyed(a.outcomes), keyed(b.outcomes)
    for key in dict.fromkeys([*first, *second]):
        was, now = first.get(key), second.get(key)
        # A value that only one run has is one that gold does not have: nothing is wrong where it is not
        # there.
        good = [one is None or one.result in GOOD for one in (was, now)]
        shown = now or was
        if shown is None or good[0] == good[1]:
            continue
        gold = next((one.gold for one in (now, was) if one and one.gold), "")
        found = (was.found if was else "", now.found if now else "")
        yield good[1], Change(b.line.case, b.line.repeat, shown.field, shown.path, gold, *found)


def text(own: Comparison, most: int = 20) -> str:
    """A comparison for a terminal of 100 columns, with up to ``most`` changes of each kind."""
    deals = {one.case.about.deal for one in own.a.scores}
    said = [
        f"A: {own.a.run.label}",
        f"B: {own.b.run.label}",
        f"{len(own.a.scores)} answers on {len(deals)} deals in both",
        *(
            f"only in {side}: {_listed(names, 5)}"
            for side, names in (("A", own.only_a), ("B", own.only_b))
            if names
        ),
        "",
        *(line for one in (own.core, own.overall) if one for line in _headline(one)),
        "",
        table(("", "A", "B"), _figures(own)),
        "",
        *_verdicts(own.fields),
        "",
        table(
            ("field", "F of A", "F of B", "B - A", "95% interval", "p (Holm)", "B is"), map(_row, own.fields)
        ),
    ]
    if any(one.differ and one.why for one in own.fields):
        said.append(f"* too few deals differ to show p under {LEVEL}, whatever the difference")
    for title, changes in (("Became right", own.became_right), ("Became wrong", own.became_wrong)):
        said += ["", f"{title}: {len(changes)} values"]
        said += [line for change in changes[:most] for line in _told(change)]
        said += [f"  and {len(changes) - most} more"] if len(changes) > most else []
    return "\n".join(said)


def _headline(one: Difference) -> Iterator[str]:
    interval = _signed(one.interval)
    spread = f", 95% interval {interval}" if interval != "–" else ""
    before, now = one.f
    yield f"{one.field} F: {before:.2f} in A, {now:.2f} in B, {one.difference:+.2f}{spread}, p {_p(one.p.p, '= ')}"
    yield f"B against A, {one.field}: {one}"


def _figures(own: Comparison) -> Iterator[tuple[str, str, str]]:
    def row(name: str, of: Callable[[ScoredRun], object]) -> tuple[str, str, str]:
        return name, str(of(own.a)), str(of(own.b))

    def amounts(run: ScoredRun) -> str:
        found = run.counted(lambda outcome: outcome.field in ("amount", "valuation"))
        return f"{found.tp} of {found.tp + found.fd + found.fn}, {found.fa} invented"

    if own.core:
        yield row("amounts and valuations right", amounts)
        yield row("core records right", lambda run: sum(one.core_right for one in run.scores))
    yield row("figures that the source does not have", lambda run: run.total("unsupported"))
    yield row(
        "right values with evidence that holds", lambda run: f"{run.counts.grounded} of {run.counts.marked}"
    )
    yield row("failed", lambda run: run.total("failed"))
    if not own.recorded:
        yield row("seconds", lambda run: f"{sum(one.line.seconds for one in run.scores):,.1f}")
        yield row("tokens", lambda run: f"{run.usage.prompt_tokens + run.usage.completion_tokens:,}")


def _verdicts(fields: Sequence[Difference]) -> Iterator[str]:
    """The fields in which B is better or worse, first where that is proved, then where it is not."""
    for verdict, sign in (("better", 1), ("worse", -1)):
        proved = [one for one in fields if one.verdict == verdict]
        other = [one for one in fields if one not in proved and one.difference * sign > 0]
        more = f"; {verdict}, but not proved, in {_named(other)}" if other else ""
        said = f"B is {verdict} in {_named(proved)}{more}"
        yield textwrap.fill(said, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _named(fields: Sequence[Difference]) -> str:
    return ", ".join(f"{one.field} {one.difference:+.2f}" for one in fields) or "no field"


def _row(one: Difference) -> tuple[str, ...]:
    figures = (*(f"{f:.2f}" for f in one.f), f"{one.difference:+.2f}", _signed(one.interval))
    verdict = f"{one.verdict}{' *' if one.why else ''}" if one.differ else "the same"
    return (cut(one.field, 33), *figures, _p(one.adjusted), verdict)


def _p(p: float, equal: str = "") -> str:
    return f"{equal}{p:.3f}" if p >= 0.001 else "< 0.001"


def _signed(interval: Interval) -> str:
    return "–" if interval.low is None else f"{interval.low:+.2f} to {interval.high:+.2f}"


def _told(change: Change) -> Iterator[str]:
    yield cut(f"  {_names([(change.case, change.repeat)])[0]}: {change.path}", _WIDTH)
    for name, said in (("gold", change.gold), ("A", change.a), ("B", change.b)):
        yield cut(f"    {name:>4}: {' '.join(said.split()) or '–'}", _WIDTH)


def as_json(own: Comparison) -> dict[str, Any]:
    """A comparison as plain data."""
    plain = {name: getattr(own, name) for name in ("only_a", "only_b", "recorded")}
    changes = {
        name: [asdict(each) for each in getattr(own, name)] for name in ("became_right", "became_wrong")
    }
    differences = {"overall": _plain(own.overall), "core": own.core and _plain(own.core)}
    labels = {"a": own.a.run.label, "b": own.b.run.label, "lines": len(own.a.scores)}
    return {**labels, **differences, "fields": [_plain(one) for one in own.fields], **changes, **plain}


def _plain(one: Difference) -> dict[str, Any]:
    more = {"f": one.f, "difference": one.difference, "why": one.why}
    return {**asdict(one), **more}
