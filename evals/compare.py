"""Two runs on the same cases: which differences hold, which cannot be told apart, and what became right or wrong.

All differences are b less a: "better" says that b is. Lines are paired by case and repeat. The test is on the F of each
source deal, because variants and repeats of one deal are not independent. The p values of the fields are adjusted for
the number of those that can show p under 0.05 at all, because the others cannot be wrongly found to differ (Tarone 1990).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from evals.cases import CaseError
from evals.headline import Headline, headline, is_core
from evals.outcomes import Counts, Outcome, Result, count
from evals.stats import Interval, PValue, holm, paired_bootstrap, sign_flip

if TYPE_CHECKING:
    from evals.scored import CaseScore, ScoredRun

Verdict = Literal["better", "worse", "cannot distinguish"]
Pair = tuple["CaseScore", "CaseScore"]
Outcomes = tuple[list[Outcome], list[Outcome]]  # of a and b
Sides = dict[str, tuple[Counts, Counts]]  # counts of a and b by source deal

LEVEL = 0.05  # of the p values
_GOOD = (Result.TP, Result.TN)


@dataclass(frozen=True, slots=True)
class Difference:
    """The F of one field (or of all, ``overall``) in both runs, and whether they differ.

    ``deals`` have such facts, and ``differ`` of them have another F. ``interval`` is that of the difference, ``adjusted``
    is p after Holm over the fields.
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
        return f_of(self.a), f_of(self.b)

    @property
    def difference(self) -> float:
        """How much the F of b is above that of a."""
        return f_of(self.b) - f_of(self.a)

    @property
    def why(self) -> str:
        """Why they cannot be told apart, where the deals are too few to tell; else nothing."""
        if self.verdict != "cannot distinguish" or self.p.smallest < LEVEL:
            return ""
        if not self.differ:
            return "no deal differs"
        deals = "1 deal" if self.differ == 1 else f"{self.differ} deals"
        where = deals if self.differ == self.deals else f"{deals} that differ{'s' * (self.differ == 1)}"
        return f"{where} cannot show p under {self.p.smallest:.3g}"

    def __str__(self) -> str:
        return f"{self.verdict} ({self.why})" if self.why else self.verdict


@dataclass(frozen=True, slots=True)
class Change:
    """A leaf that is right in one run and not in the other. ``path`` is its place in the record of b, or else of a."""

    case: str
    repeat: int
    field: str
    path: str
    gold: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What the paired lines of a and of b cost."""

    a: float
    b: float

    @property
    def ratio(self) -> float | None:
        """The cost of b as a multiple of that of a; None where a costs nothing."""
        return self.b / self.a if self.a else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs. ``only_a`` and ``only_b`` name lines without a partner.

    ``core`` is the difference over the core fields, None where the schema has none; ``headlines`` has the
    figures of a and b on the shared lines. ``recorded``: one of them replayed replies, so its seconds and
    tokens are not those of a model.
    """

    a: str
    b: str
    lines: int
    deals: int
    overall: Difference
    core: Difference | None
    headlines: tuple[Headline, Headline]
    fields: tuple[Difference, ...]
    became_right: tuple[Change, ...]
    became_wrong: tuple[Change, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    seconds: Cost
    tokens: Cost
    recorded: bool = False


def f_of(counts: Counts) -> float:
    """F; 1 where there was nothing to find and nothing was found."""
    return counts.f if counts.facts else 1.0


def compare(a: ScoredRun, b: ScoredRun, *, seed: int = 0) -> Comparison:
    """Compare two runs line by line.

    Raises CaseError where a shared case was run with other gold or text, and where the runs share no line.
    """
    pairs, only_a, only_b = _paired(a, b)
    sides = _by_field(pairs)
    tested = {name: sign_flip(_differences(side), seed=seed) for name, side in sides.items()}
    everything = sides.pop("")
    core = _of_core(pairs)
    adjusted = holm({name: tested[name].p for name in sides if tested[name].smallest < LEVEL})
    changes = [change for pair in pairs for change in _changes(*pair)]
    return Comparison(
        a=a.run.label,
        b=b.run.label,
        lines=len(pairs),
        deals=len({one.case.about.deal for one, _ in pairs}),
        overall=_difference("overall", everything, tested[""], tested[""].p, seed),
        core=_tested("core", core, seed) if core else None,
        headlines=(headline([a for a, _ in pairs]), headline([b for _, b in pairs])),
        fields=tuple(
            _difference(name, side, tested[name], adjusted.get(name, tested[name].p), seed)
            for name, side in sides.items()
        ),
        became_right=tuple(change for right, change in changes if right),
        became_wrong=tuple(change for right, change in changes if not right),
        only_a=only_a,
        only_b=only_b,
        seconds=Cost(*(round(sum(pair[side].line.seconds for pair in pairs), 3) for side in (0, 1))),
        tokens=Cost(*(sum(_tokens(pair[side]) for pair in pairs) for side in (0, 1))),
        recorded=any(bool(one.run.about.get("recorded")) for one in (a, b)),
    )


def _paired(a: ScoredRun, b: ScoredRun) -> tuple[list[Pair], tuple[str, ...], tuple[str, ...]]:
    """Pair the lines; what has no partner is named. Refuses what cannot be compared."""
    first, second = ({one.line.key: one for one in run.scores} for run in (a, b))
    golds = {one.line.case: one.line.gold for one in a.scores}
    other = sorted(
        {one.line.case for one in b.scores if golds.get(one.line.case, one.line.gold) != one.line.gold}
    )
    if other:
        raise CaseError(
            f"The runs were made with other gold or another text of {listed(other)}. Runs are compared only where "
            "both are the same: run one of them again."
        )
    shared = [key for key in first if key in second]
    if not shared:
        raise CaseError(
            f"The runs share no case: one has {listed(_names(first))}, the other {listed(_names(second))}. "
            "Run both on the same cases."
        )
    pairs = [(first[key], second[key]) for key in shared]
    return pairs, _names(first.keys() - second.keys()), _names(second.keys() - first.keys())


def _names(keys: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Lines in words; repeats are counted from 1."""
    return tuple(f"{case} (repeat {repeat + 1})" if repeat else case for case, repeat in sorted(keys))


def listed(names: Sequence[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _by_field(pairs: Sequence[Pair]) -> dict[str, Sides]:
    """Counts by field and deal, in the order of the schema; under the empty name those of all fields.

    Only fields and deals that have facts in gold or in a record.
    """
    found: dict[str, dict[str, Outcomes]] = {"": {}}
    for pair in pairs:
        deal = pair[0].case.about.deal
        for side, one in enumerate(pair):
            for outcome in one.outcomes:
                for name in ("", outcome.field):
                    of_deals = found.setdefault(name, {})
                    if deal not in of_deals:
                        of_deals[deal] = ([], [])
                    of_deals[deal][side].append(outcome)
    roots = list(dict.fromkeys(name.partition(".")[0] for name in found))
    counted: dict[str, Sides] = {}
    for name in sorted(found, key=lambda name: roots.index(name.partition(".")[0])):
        sides = {deal: (count(a), count(b)) for deal, (a, b) in found[name].items()}
        there = {deal: (a, b) for deal, (a, b) in sides.items() if a.facts or b.facts}
        if there or not name:
            counted[name] = there
    return counted


def _of_core(pairs: Sequence[Pair]) -> Sides:
    """Counts of the core fields by deal; none where no core field has facts."""
    found: dict[str, tuple[Counts, Counts]] = {}
    for pair in pairs:
        deal = pair[0].case.about.deal
        a, b = (count(outcome for outcome in one.outcomes if is_core(outcome.field)) for one in pair)
        before = found.get(deal, (Counts(), Counts()))
        found[deal] = (before[0] + a, before[1] + b)
    return found if any(a.facts or b.facts for a, b in found.values()) else {}


def _tested(name: str, sides: Sides, seed: int) -> Difference:
    """A difference that is tested on its own, without adjustment."""
    p = sign_flip(_differences(sides), seed=seed)
    return _difference(name, sides, p, p.p, seed)


def _differences(sides: Sides) -> list[float]:
    return [f_of(b) - f_of(a) for a, b in sides.values()]


def _difference(name: str, sides: Sides, p: PValue, adjusted: float, seed: int) -> Difference:
    first = {deal: a for deal, (a, _) in sides.items()}
    second = {deal: b for deal, (_, b) in sides.items()}
    a, b = sum(first.values(), Counts()), sum(second.values(), Counts())
    differences = _differences(sides)
    # The test is on the mean over deals, the figure shown on all leaves: a verdict needs both to say the same.
    of_deals, of_leaves = sum(differences), f_of(b) - f_of(a)
    verdict: Verdict = "cannot distinguish"
    if adjusted < LEVEL and of_deals * of_leaves > 0:
        verdict = "better" if of_deals > 0 else "worse"
    interval = paired_bootstrap(first, second, f_of, seed=seed)
    return Difference(name, a, b, interval, p, adjusted, len(sides), sum(map(bool, differences)), verdict)


def _changes(a: CaseScore, b: CaseScore) -> Iterator[tuple[bool, Change]]:
    """Leaves that became right (True) or wrong (False)."""
    first, second = leaves(a.outcomes), leaves(b.outcomes)
    for key in dict.fromkeys([*first, *second]):
        was, now = first.get(key), second.get(key)
        # A leaf that only one run has is one that nobody asked for: nothing is wrong where it is not there.
        good = [one is None or one.result in _GOOD for one in (was, now)]
        if good[0] == good[1]:
            continue
        shown = [one for one in (now, was) if one is not None]
        gold = next((one.gold for one in shown if one.gold), "")
        said = {"a": was.found if was else "", "b": now.found if now else ""}
        yield good[1], Change(b.line.case, b.line.repeat, shown[0].field, shown[0].path, gold, **said)


def leaves(outcomes: Iterable[Outcome]) -> dict[tuple[str, ...], Outcome]:
    """Leaves of one record by a key that is the same in any record of the case.

    The place of an item in its list is not: an item is known by what gold names it (or, where it is invented, by
    what it is called), and by its turn where several are named alike. The first leaf of an item names it.
    """
    found: dict[tuple[str, ...], Outcome] = {}
    turns: Counter[tuple[str, ...]] = Counter()
    place = first = ""
    item: tuple[str, ...] = ()
    for outcome in outcomes:
        before, bracket, _ = outcome.path.partition("]")
        if not bracket:
            place, item = "", ()
        elif (before, outcome.field) == (place, first) or before != place:
            place, first = before, outcome.field
            named = (first, outcome.gold, "" if outcome.gold else outcome.found)
            turns[named] += 1
            item = (*named, str(turns[named]))
        found[(outcome.field, *item)] = outcome
    return found


def _tokens(one: CaseScore) -> int:
    return one.line.usage.prompt_tokens + one.line.usage.completion_tokens
