"""The figures by which a run of the deal schema is judged: core fields, amounts, whole records, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from evals.outcomes import Counts, Outcome, Result, count, ratio

if TYPE_CHECKING:
    from evals.scored import CaseScore

CORE = (
    "is_deal",
    "parties",
    "deal_type",
    "status",
    "announced_on",
    "amount",
    "stake",
    "valuation",
    "consideration",
    "people",
)
"""The fields that a reader of deals looks at first; the others are phrases, earlier deals and prose."""

_SUMS = ("amount", "valuation")
_GOOD = (Result.TP, Result.TN)


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``of``; ``invented`` are answers where there should be none."""

    right: int
    of: int
    invented: int = 0

    @property
    def rate(self) -> float:
        """The share, 0 where there is nothing that it could be a share of."""
        return ratio(self.right, self.of)

    def __str__(self) -> str:
        more = f", {self.invented} invented" if self.invented else ""
        return f"{self.right} of {self.of}{more}"


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures of one run: ``core`` and ``all`` count leaves, ``amounts`` amounts and valuations.

    ``records`` are records without an error in a core field, ``unsupported`` figures that the source does not
    hold, ``evidence`` right facts whose spans state them.
    """

    core: Counts
    all: Counts
    amounts: Share
    records: Share
    unsupported: int
    evidence: Share

    def rows(self, *, core: bool) -> list[tuple[str, str]]:
        """Each figure with its name; ``core``: with those of the core fields."""
        whole = [("all fields F", f"{self.all.f:.3f}")]
        sums = [
            ("amounts and valuations right", str(self.amounts)),
            ("records wholly right (core)", str(self.records)),
        ]
        rest = [
            ("unsupported figures", str(self.unsupported)),
            ("right facts with evidence that holds", str(self.evidence)),
        ]
        return [("core fields F", f"{self.core.f:.3f}"), *whole, *sums, *rest] if core else [*whole, *rest]

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "core_f": round(self.core.f, 6) if self.core.facts else None,
            "f": round(self.all.f, 6),
            "amounts": asdict(self.amounts),
            "records": asdict(self.records),
            "unsupported": self.unsupported,
            "evidence": asdict(self.evidence),
        }


def is_core(field: str) -> bool:
    """Whether a leaf belongs to a core field."""
    return field.partition(".")[0] in CORE


def headline(scores: Sequence[CaseScore]) -> Headline:
    """The figures over the lines of a run."""
    outcomes = [outcome for one in scores for outcome in one.outcomes]
    sums = count(outcome for outcome in outcomes if outcome.field in _SUMS)
    everything = count(outcomes)
    return Headline(
        core=count(_core(outcomes)),
        all=everything,
        amounts=Share(sums.tp, sums.tp + sums.fd + sums.fn, sums.fa),
        records=Share(sum(_wholly_right(one) for one in scores), len(scores)),
        unsupported=sum(len(one.unsupported) for one in scores),
        evidence=Share(everything.grounded, everything.marked),
    )


def _core(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if is_core(outcome.field)]


def _wholly_right(one: CaseScore) -> bool:
    return not one.line.error and all(outcome.result in _GOOD for outcome in _core(one.outcomes))
