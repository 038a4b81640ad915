"""The queue: two articles at once, a full queue, a client that goes, and the end of the server."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from summarizer.serve.api import make
from tests.conftest import ANSWERS, ARTICLE
from tests.serve.serving import Connection, Gated, desk_with

OTHER = ARTICLE.replace("30%", "31%")


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 10))


def test_one_article_is_read_at_a_time_and_the_next_one_sees_its_position() -> None:
    """The second waits at position 1 until the first is done; both get their records."""

    async def go() -> None:
        model = Gated(ANSWERS, free=1)
        app = make(desk_with(model), hosts=["testserver"])
        first = Connection(app, "/v1/summaries", {"text": ARTICLE}, accept="text/event-stream")
        assert await first.status() == 200
        await first.until("fact")
        second = Connection(app, "/v1/summaries", {"text": OTHER}, accept="text/event-stream")
        assert await second.status() == 200
        assert await second.until("queued") == {"position": 1}
        model.gate.set()
        assert (await first.until("record"))["records"][0]["stake"]["text"] == "30%"
        assert await second.until("queued") == {"position": 0}
        assert (await second.until("record"))["records"][0]["stake"]["text"] == "31%"
        assert model.most == 1

    run(go())


def test_a_full_queue_refuses_at_once() -> None:
    """With 503 and a time to wait; when an article is cancelled, the next one is taken and all move up."""

    async def go() -> None:
        model = Gated(ANSWERS)
        app = make(desk_with(model, waiting=1), hosts=["testserver"])
        open_ = [
            Connection(app, "/v1/summaries", {"text": ARTICLE}, accept="text/event-stream") for _ in range(2)
        ]
        assert [await one.status() for one in open_] == [200, 200]
        assert await open_[1].until("queued") == {"position": 1}
        late = Connection(app, "/v1/summaries", {"text": ARTICLE})
        start = await late.sent.get()
        assert start["status"] == 503
        assert (b"retry-after", b"30") in [(name.lower(), value) for name, value in start["headers"]]
        await open_[0].close()
        assert await open_[1].until("queued") == {"position": 0}
        again = Connection(app, "/v1/summaries", {"text": OTHER}, accept="text/event-stream")
        assert await again.status() == 200
        for one in (open_[1], again):
            await one.close()

    run(go())


@pytest.mark.parametrize("headers", [{}, {"accept": "text/event-stream"}])
def test_a_closed_connection_cancels_the_request_to_the_model(headers: dict[str, str]) -> None:
    """With and without events; the place in the queue is free again."""

    async def go() -> None:
        model = Gated(ANSWERS, free=1)
        service = desk_with(model, waiting=0)
        open_ = Connection(make(service, hosts=["testserver"]), "/v1/summaries", {"text": ARTICLE}, **headers)
        while model.at_once == 0 or not model.requests:
            await asyncio.sleep(0)
        await open_.close()
        while service.running:  # within the limit of ``run``
            await asyncio.sleep(0.01)
        assert model.cancelled == 1
        assert model.at_once == 0
        assert not service.running
        service.queue.enter()

    run(go())


def test_the_end_of_the_server_ends_what_is_read() -> None:
    """A client is told so, and does not wait."""

    async def go() -> None:
        model = Gated(ANSWERS)
        service = desk_with(model)
        open_ = Connection(
            make(service, hosts=["testserver"]),
            "/v1/summaries",
            {"text": ARTICLE},
            accept="text/event-stream",
        )
        await open_.status()
        await open_.until("queued")
        await asyncio.sleep(0.01)
        service.close()
        assert (await open_.until("error"))["type"] == "ShuttingDown"

    run(go())


def test_a_body_that_does_not_arrive_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """And holds up nobody while it is awaited."""
    monkeypatch.setattr("summarizer.serve.api._SLOWEST_UPLOAD", 0.2)

    async def go() -> None:
        service = desk_with(waiting=1)
        app = make(service, hosts=["testserver"])
        stalled = Connection(app, "/v1/summaries", {})
        stalled.body.clear()
        other = Connection(app, "/v1/summaries", {"text": ARTICLE})
        assert await other.status() == 200
        assert not stalled.task.done()
        assert await stalled.status() == 408
        assert [service.queue.enter() for _ in range(2)]

    run(go())
