"""Which plan and trust suit a model: eight short cases with each, side by side, within minutes."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from evals.cases import read_cases
from evals.run import run
from evals.scored import ScoredRun, is_core, score_run
from evals.systems import open_system
from evals.tables import table
from summarizer.settings import PLANS, TRUSTS

_PRICED = ("carve-out-euros-multiple", "crore-rupees", "series-c-participants", "terminated-fee", "yen-stake")
CASES = (*_PRICED, "earnings-no-deal", "minority-investor-chief-moves", "partnership-no-price")
"""Short development cases of as many kinds: with and without a deal, a price, a stake, people."""

_AS_GOOD = 0.01  # an F this far below the best is as good on eight cases
_HEADER = ("plan", "trust", "F", "core F", "requests", "tokens in", "tokens out", "s / article", "failed")


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask a model, and its scores."""

    plan: str
    trust: str
    scored: ScoredRun

    @property
    def seconds(self) -> float:
        """Seconds of wall time for one article."""
        return sum(one.line.seconds for one in self.scored.scores) / len(self.scored.scores)

    @property
    def row(self) -> tuple[str, ...]:
        """The row of the table."""
        usage, core = self.scored.usage, self.scored.counted(is_core)
        figures = (f"{self.scored.counts.f:.2f}", f"{core.f:.2f}", str(usage.requests))
        spent = (f"{usage.prompt_tokens:,}", f"{usage.completion_tokens:,}", f"{self.seconds:.1f}")
        return (self.plan, self.trust, *figures, *spent, str(self.scored.total("failed")))


def quick(
    model: str | None, base_url: str | None, *, tell: Callable[[Any, str], None] = lambda progress, name: None
) -> list[Way]:
    """Have a model answer the cases with every plan and trust. Raises ConfigurationError where there is no such model."""
    cases = [case for case in read_cases() if case.name in CASES]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for plan, trust in itertools.product(PLANS, TRUSTS):
            system = open_system("ours", model=model, base_url=base_url, plan=plan, trust=trust)
            out = Path(folder) / f"{plan}-{trust}.jsonl"
            done = run(system, cases, out, tell=partial(_tell, tell, out.stem))
            found.append(Way(plan, trust, score_run(done, cases)))
    return found


def _tell(tell: Callable[[Any, str], None], way: str, progress: Any, name: str) -> None:
    tell(progress, name and f"{way}: {name}")


def report(found: Sequence[Way], model: str) -> str:
    """The table, and the way that suits the model: the best F, or a faster way that is as good on so few cases."""
    able = [way for way in found if way.scored.total("failed") < len(way.scored.scores)]
    said = f"{model} answered no case: `summarizer doctor` says what is wrong with it."
    if able:
        best = max(way.scored.counts.f for way in able)
        suits = min(
            (way for way in able if way.scored.counts.f >= best - _AS_GOOD), key=lambda way: way.seconds
        )
        why = f"the fastest within {_AS_GOOD} of the best F"
        f = suits.scored.counts.f
        said = f"--plan {suits.plan} --trust {suits.trust} suits {model}: F {f:.2f} at {suits.seconds:.1f} s an article, {why}."
    return f"{table(_HEADER, [way.row for way in found])}\n\n{said}"
