"""A batch against a server that fails three requests of ten, in every way it can: nothing is lost or counted twice."""

from __future__ import annotations

import json
import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from summarizer import summarize_many
from summarizer.batch.store import read_status
from tests.fault_server import Answer, Request, completion, error, schema_of, serve

from .answering import Answering, quoting
from .conftest import text

ARTICLES = int(os.environ.get("SUMMARIZER_ARTICLES", "60"))
SHARE = 0.3


def good(request: Request) -> str:
    return json.dumps(quoting(schema_of(request), 0))


FAULTS: dict[str, Callable[[Request], Answer]] = {
    "500": lambda _: error(500, "worker died"),
    "503": lambda _: error(503, "busy", retry_after="0.05"),
    "429": lambda _: error(429, "slow down", retry_after_ms="50"),
    "drop": lambda _: Answer(drop=True),
    "cut": lambda request: Answer(body=completion(good(request)).body, cut=40),
    "html": lambda _: Answer(body="<html><body>Bad gateway</body></html>"),
    "no choices": lambda _: Answer(body={"id": "1", "object": "chat.completion", "choices": []}),
    "no json": lambda _: completion("I would rather not answer in JSON"),
    "torn json": lambda request: completion(good(request)[:-3]),
    "length": lambda _: completion('{"is_deal": "y', finish="length"),
    "refusal": lambda _: completion(None, refusal="I cannot help with that"),
    "filter": lambda _: completion("", finish="content_filter"),
}


class Faulty(Answering):
    """Fails a share of the requests, by chance, and counts which faults it sent."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(6)
        self.sent: Counter[str] = Counter()
        self.guard = threading.Lock()

    def __call__(self, request: Request) -> Answer:
        answer = super().__call__(request)
        with self.guard:
            name = self.chance.choice(list(FAULTS)) if self.chance.random() < SHARE else ""
            self.sent[name] += 1
        return FAULTS[name](request) if name else answer


def test_every_article_is_accounted_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each article comes out once, done or failed with a kind; each request is in somebody's usage."""
    monkeypatch.setattr("summarizer.llm.transport._backoff", lambda state: 0.01)
    server = Faulty()
    journal = tmp_path / "journal"
    articles = [(f"a{n}", text(n)) for n in range(ARTICLES)]
    with serve(server) as served:
        options = {"model": "m", "base_url": served.base_url, "journal": journal, "concurrency": 16}
        first = list(summarize_many(articles, **options))  # type: ignore[arg-type]
        asked = server.requests
        assert [result.id for result in first] == [id for id, _ in articles]
        assert all((result.record is None) != (result.failure is None) for result in first)
        assert {result.failure.kind for result in first if result.failure} <= {
            *("EndpointUnavailable", "InvalidReply", "Truncated", "Refused", "RateLimited")
        }
        assert sum(result.usage.requests for result in first) == asked
        status = read_status(journal)
        assert status.items["done"] + status.items["failed"] == ARTICLES
        assert status.spent.requests == asked
        again = list(summarize_many(articles, **options))  # type: ignore[arg-type]
        assert server.requests == asked
        assert [result.failure for result in again] == [result.failure for result in first]
    failed = Counter(result.failure.kind for result in first if result.failure)
    print(f"{ARTICLES} articles, {asked} requests, faults {dict(server.sent)}, failed {dict(failed)}")  # noqa: T201
