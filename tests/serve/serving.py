"""Servers for tests: in process, over loopback, and one connection at a time."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.testclient import TestClient

from summarizer.llm.base import Reply, Request
from summarizer.serve.api import make
from summarizer.serve.queue import WorkQueue
from summarizer.serve.server import prepare
from summarizer.serve.work import OfferedModel, Service
from tests.conftest import ANSWERS, FakeModel

JSON = {"Content-Type": "application/json"}
EVENTS = {"Accept": "text/event-stream"}


@dataclass
class Gated(FakeModel):
    """Answers so many requests, then waits for the gate; counts the requests that are cancelled while they wait."""

    free: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    at_once: int = 0
    most: int = 0

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            if len(self.requests) >= self.free:
                await self.gate.wait()
            return await super().ask(request)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.at_once -= 1


def desk_with(model: Any = None, *, running: int = 1, waiting: int = 2) -> Service:
    """A service whose only model is this object."""
    model = model or FakeModel(ANSWERS)
    return Service([OfferedModel("fake", False, {"model": model})], WorkQueue(running, waiting))


def client_of(service: Service, **options: Any) -> TestClient:
    """A client of the application, which is called in process."""
    app = make(service, **{"hosts": ["testserver"], **options})
    return TestClient(app, raise_server_exceptions=False)


@contextmanager
def served(service: Service, **options: Any) -> Iterator[str]:
    """The address of a server on loopback, without the slash at its end."""
    ready = prepare(service, "127.0.0.1", 0, **options)
    thread = threading.Thread(target=ready.run)
    thread.start()
    try:
        yield ready.address.rstrip("/")
    finally:
        ready.server.should_exit = True
        thread.join(10)


class Connection:
    """One POST to an application, whose events are read one by one and which can be closed by the client."""

    def __init__(self, app: Any, path: str, body: Mapping[str, Any], **headers: str) -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed = asyncio.Event()
        self.body = [json.dumps(body).encode()]
        given = {"host": "testserver", "content-type": "application/json", **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self.task = asyncio.ensure_future(app(scope, self._receive, self.sent.put))

    async def _receive(self) -> dict[str, Any]:
        if self.body:
            return {"type": "http.request", "body": self.body.pop(), "more_body": False}
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def status(self) -> int:
        return int((await asyncio.wait_for(self.sent.get(), 5))["status"])

    async def event(self) -> tuple[str, Any]:
        """The next event: its name and data."""
        message = await asyncio.wait_for(self.sent.get(), 5)
        name, data = message["body"].decode().rstrip("\n").split("\n")
        return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))

    async def until(self, wanted: str) -> Any:
        """The data of the next event of a name."""
        while True:
            name, data = await self.event()
            if name == wanted:
                return data

    async def close(self) -> None:
        self.closed.set()
        await asyncio.wait_for(self.task, 5)


def events_of(text: str) -> list[tuple[str, Any]]:
    """The events of a stream that has ended."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block]
    return [(one[0].removeprefix("event: "), json.loads(one[1].removeprefix("data: "))) for one in blocks]
