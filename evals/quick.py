"""Which plan and trust suit a model: eight short cases with each, side by side, within minutes."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals.tables import table
from summarizer.settings import PLANS, TRUSTS

if TYPE_CHECKING:
    from evals.scored import ScoredRun

CASES = (
    "carve-out-euros-multiple",
    "crore-rupees",
    "earnings-no-deal",
    "minority-investor-chief-moves",
    "partnership-no-price",
    "series-c-participants",
    "terminated-fee",
    "yen-stake",
)
"""Short development cases of as many kinds: with and without a deal, a price, a stake, people."""

_AS_GOOD = 0.01  # an F this far below the best is as good on eight cases


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask a model, and how the cases came out."""

    plan: str
    trust: str
    scored: ScoredRun

    @property
    def f(self) -> float:
        """F over all fields."""
        return self.scored.counts.f

    @property
    def seconds(self) -> float:
        """Seconds of wall time for one article."""
        return sum(one.line.seconds for one in self.scored.scores) / len(self.scored.scores)

    @property
    def failed(self) -> int:
        """Cases that ended in an error."""
        return sum(bool(one.line.error) for one in self.scored.scores)

    @property
    def options(self) -> str:
        """The options that choose this way."""
        return f"--plan {self.plan} --trust {self.trust}"


def ways() -> list[tuple[str, str]]:
    """Every plan with every trust."""
    return list(itertools.product(PLANS, TRUSTS))


def quick(
    model: str | None, base_url: str | None, *, tell: Callable[[Any, str], None] = lambda progress, name: None
) -> list[Way]:
    """Have a model answer the cases in each way. Raises ConfigurationError for a model that is not there."""
    from evals.cases import read_cases
    from evals.run import run
    from evals.scored import score_run
    from evals.systems import open_system

    cases = [case for case in read_cases() if case.name in CASES]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for plan, trust in ways():
            system = open_system("ours", model=model, base_url=base_url, plan=plan, trust=trust)
            out = Path(folder) / f"{plan}-{trust}.jsonl"
            done = run(system, cases, out, tell=partial(_tell_named, tell, out.stem))
            found.append(Way(plan, trust, score_run(done, cases)))
    return found


def _tell_named(tell: Callable[[Any, str], None], way: str, progress: Any, name: str) -> None:
    tell(progress, name and f"{way}: {name}")


def report(found: Sequence[Way], model: str) -> str:
    """The table, and the sentence that says which way suits the model."""
    return f"{table(_HEADER, map(_row, found))}\n\n{advice(found, model)}"


_HEADER = (
    "plan",
    "trust",
    "F",
    "core F",
    "requests",
    "tokens in",
    "tokens out",
    "s / article",
    "failed",
)


def _row(way: Way) -> tuple[str, ...]:
    from evals.headline import headline

    usage = way.scored.usage
    return (
        way.plan,
        way.trust,
        f"{way.f:.2f}",
        f"{headline(way.scored.scores).core.f:.2f}",
        f"{usage.requests}",
        f"{usage.prompt_tokens:,}",
        f"{usage.completion_tokens:,}",
        f"{way.seconds:.1f}",
        f"{way.failed}",
    )


def advice(found: Sequence[Way], model: str) -> str:
    """One sentence: the way with the best F, or a faster one that is as good on so few cases."""
    able = [way for way in found if way.failed < len(way.scored.scores)]
    if not able:
        return f"{model} answered no case: `summarizer doctor` says what is wrong with it."
    best = max(able, key=lambda way: way.f)
    suits = min((way for way in able if way.f >= best.f - _AS_GOOD), key=lambda way: way.seconds)
    why = "the best F" if suits is best else f"the fastest within {_AS_GOOD} of the best F"
    return f"{suits.options} suits {model}: F {suits.f:.2f} at {suits.seconds:.1f} s an article, {why}."
