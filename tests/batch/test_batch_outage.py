"""A server that is gone, away for a while, or was never there."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from summarizer import summarize_many
from summarizer.batch import runner
from summarizer.batch.store import read_status
from summarizer.errors import EndpointUnavailable

from .conftest import Scripted, texts


def test_dead_server_ends_the_run(model: Scripted, tmp_path: Path) -> None:
    """Where no article finds a server any more the run ends, and none of them counts as failed."""
    journal = tmp_path / "journal"
    sources = texts(60, dict.fromkeys(range(10, 60), "down"))
    with pytest.raises(EndpointUnavailable, match="got no answer from the server"):
        list(summarize_many(sources, model=model, journal=journal, concurrency=1))
    assert read_status(journal).items["failed"] == 0
    assert len(model.asked) < 40
    model.faults.clear()
    results = list(summarize_many(sources, model=model, journal=journal))
    assert [result.failure for result in results] == [None] * 60


@pytest.mark.parametrize("articles", [1, 2, 3, 60])
@pytest.mark.parametrize("in_order", [True, False])
def test_a_server_that_was_never_reached(
    model: Scripted, tmp_path: Path, articles: int, in_order: bool
) -> None:
    """Where no request was ever answered the run ends after a few articles with the reason, and none counts as failed."""
    journal = tmp_path / "journal"
    sources = [*texts(articles, dict.fromkeys(range(articles), "down")), ("empty", " ")]
    options: dict[str, Any] = {"model": model, "journal": journal, "in_order": in_order}
    with pytest.raises(EndpointUnavailable, match=r"has never answered.* It is down\."):
        list(summarize_many(sources, **options))
    assert len(model.asked) <= 8
    assert "EndpointUnavailable" not in read_status(journal).failures
    model.faults.clear()
    assert [result.id for result in summarize_many(sources, **options) if result.failure] == ["empty"]


def test_a_server_that_stays_away_from_the_start(model: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was ever sent all articles wait together, not one after the other, and then the run ends."""
    monkeypatch.setattr(runner, "_FIRST_OUTAGE", 0.3)

    def away() -> EndpointUnavailable:
        return EndpointUnavailable("Away.", attempts=0, retry_after=0.05)

    model.faults["away"] = away
    began = time.monotonic()
    with pytest.raises(EndpointUnavailable, match="has never answered"):
        list(summarize_many(texts(60, dict.fromkeys(range(60), "away")), model=model))
    assert time.monotonic() - began < 5


def test_a_server_that_never_answers_in_time(model: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each article's time is over before the server has never answered, the run ends with the reason."""
    monkeypatch.setattr(runner, "_GRACE", 0.01)
    with pytest.raises(EndpointUnavailable, match="has never answered"):
        list(summarize_many(texts(200, dict.fromkeys(range(200), "hang")), model=model, deadline=0.05))
    assert len(model.asked) < 100


def test_a_closed_port_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the wire: no server at the address ends a long batch within its first articles."""
    monkeypatch.setattr("summarizer.llm.transport._backoff", lambda state: 0.05)
    monkeypatch.setattr(runner, "_FIRST_OUTAGE", 0.2)
    options: dict[str, Any] = {"model": "m", "base_url": "http://127.0.0.1:9/v1", "api_key": "k"}
    began = time.monotonic()
    with pytest.raises(EndpointUnavailable, match=r"has never answered.*127\.0\.0\.1:9"):
        list(summarize_many(texts(200), **options))
    assert time.monotonic() - began < 60


def test_a_server_that_comes_back(model: Scripted) -> None:
    """While the server is known to be away (nothing was sent) articles wait for it, and then are asked."""
    back = time.monotonic() + 0.3

    class Away(Scripted):
        async def ask(self, request: Any) -> Any:
            if time.monotonic() < back:
                raise EndpointUnavailable("Away.", attempts=0, retry_after=0.05)
            return await super().ask(request)

    results = list(summarize_many(texts(30), model=Away(), deadline=20))
    assert [result.failure for result in results] == [None] * 30
