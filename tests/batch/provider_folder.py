"""An export folder with its store, and a few articles for it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer.batch.items import Item
from summarizer.batch.provider_files import RequestWriter, read_results
from summarizer.batch.results import Result
from summarizer.batch.rounds import Asking, Round, run_round
from summarizer.batch.store import Store
from summarizer.records.deal import DealSummary
from tests.conftest import ARTICLE

from .provider import Line, answer_file, read


def articles(number: int) -> list[Item]:
    return [Item(f"a{i}", ARTICLE.replace("in 2028", f"in {2000 + i}")) for i in range(number)]


@dataclass
class Folder:
    """A run of batch files, driven as the command line drives it."""

    path: Path
    store: Store
    asking: Asking = field(default_factory=lambda: Asking("m", "http://127.0.0.1:1/v1", DealSummary))
    limits: dict[str, Any] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def round(self, items: Sequence[Item]) -> Round:
        writer = RequestWriter(self.path, self.store, **self.limits)
        self.results = []
        taken = self.results.append
        return asyncio.run(run_round(items, self.asking, self.store, writer, taken))

    def take(self, *results: Path) -> Counter[str]:
        counts: Counter[str] = Counter()
        for path in results:
            read_results(path, self.store, counts)
        return counts

    def answered(self, requests: Path, how: Any = None) -> Path:
        return answer_file(requests, self.path / f"results-{requests.stem}.jsonl", how)

    def sent(self) -> list[Line]:
        return [one for path in sorted(self.path.glob("requests-*.jsonl")) for one in read(path)]
