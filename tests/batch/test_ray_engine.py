"""The engine on Ray: limits are divided, a killed worker loses nothing, and the rows are those of the local engine."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.bench import short_text, write_articles
from evals.loopback import Loopback
from summarizer.batch.items import Item
from summarizer.batch.many import ManyOptions, prepare, summarize_many
from summarizer.batch.ray_engine import RayBatch, Share, Worker, share
from summarizer.batch.results import Result
from summarizer.batch.store import Store
from summarizer.cli.main import app
from summarizer.errors import ConfigurationError
from summarizer.reading import Source
from summarizer.settings import resolve


def _ray_workers() -> list[int]:
    """Our actors among the processes below this one, as Linux lists them."""
    parents, actors = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if (folder / "cmdline").read_bytes().startswith(b"ray::Worker"):
                actors.append(int(folder.name))

    def is_below(pid: int) -> bool:
        while pid > 1 and pid != os.getpid():
            pid = parents.get(pid, 0)
        return pid == os.getpid()

    return sorted(filter(is_below, actors))


def _kill_one(server: Loopback, after: int) -> int | None:
    """Kill one of our workers once the server has had so many requests; its process id."""
    while server.requests < after:
        time.sleep(0.05)
    workers = _ray_workers()
    if workers:
        os.kill(workers[0], signal.SIGKILL)
    return workers[0] if workers else None


@pytest.mark.parametrize(
    ("limits", "each"),
    [
        ((2, 64, None, None), Share(32, None, None)),
        ((3, 32, 100, 90_000), Share(11, 33, 30_000)),
        ((1, 1, 1, 1), Share(1, 1, 1)),
    ],
)
def test_workers_share_the_limits(limits: tuple[int, int, int | None, int | None], each: Share) -> None:
    """All workers together send no more a minute than the whole allows."""
    assert share(*limits) == each


def test_more_workers_than_a_limit_allows_are_refused() -> None:
    """Five workers cannot have a part of three requests a minute each."""
    with pytest.raises(ConfigurationError, match="5 workers cannot share a limit of 3"):
        share(5, 64, 3, None)


def test_without_the_extra_the_words_say_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, exit code 3, and nothing was asked."""
    monkeypatch.setitem(sys.modules, "ray", None)
    write_articles(tmp_path / "a.jsonl", 1)
    arguments = ["batch", f"{tmp_path}/a.jsonl", "-o", f"{tmp_path}/o.jsonl", "--engine", "ray"]
    done = CliRunner().invoke(app, [*arguments, "--base-url", "http://127.0.0.1:9/v1", "--model", "m"])
    assert done.exit_code == 3
    assert "pip install 'deal-summarizer[ray]'" in done.stderr


class _Lost(Exception):
    """What Ray raises when an actor is gone for good."""


@dataclass
class _Actor:
    """An actor in this process: as Ray's handles are called, without Ray."""

    worker: Worker
    calls: int = 0
    lost: bool = False

    @property
    def read(self) -> _Actor:
        return self

    async def remote(self, source: Source, id: str) -> Any:
        self.calls += 1
        if self.lost:
            raise _Lost("the actor died\nand much more")
        answer = await self.worker.read(source, id)
        return pickle.loads(pickle.dumps(answer))  # noqa: S301 - our own, as it crosses between processes


def read_by(actors: Sequence[_Actor], items: Sequence[Item], journal: Path, server: str) -> list[Result]:
    closed: list[bool] = []
    ray = SimpleNamespace(shutdown=lambda: closed.append(True), exceptions=SimpleNamespace(RayError=_Lost))

    async def run() -> list[Result]:
        options: ManyOptions = {"model": "any", "base_url": server, "plan": "whole"}
        with Store(journal) as kept:
            batch = await prepare(kept, options)
            local = {one.name: getattr(batch, one.name) for one in fields(batch) if one.init}
            batch = RayBatch(**local, ray=ray, actors=list(actors))
            return [result async for result in batch.results(items)]

    results = asyncio.run(run())
    assert closed == [True]
    return results


def worker(server: str) -> Worker:
    return Worker(resolve("any", server), {"plan": "whole", "concurrency": 4})


def test_actors_read_what_the_local_engine_would(tmp_path: Path) -> None:
    """Rows in order with the local engine's keys, the work divided; an article that fails is a row with its kind."""
    items = [Item(f"a{at}", short_text(at)) for at in range(6)]
    items.insert(
        2, Item("de", "Die Firma teilte mit, dass sie den Kauf der Sparte mit Bargeld bezahlen wird. " * 5)
    )
    with Loopback().running() as server:
        actors = [_Actor(worker(server.address)) for _ in range(2)]
        results = read_by(actors, items, tmp_path / "j", server.address)
        asked = server.requests
        local = summarize_many(
            items, model="any", base_url=server.address, plan="whole", journal=tmp_path / "j"
        )
        assert [(one.id, one.key, one.record_json) for one in local] == [
            (one.id, one.key, one.record_json) for one in results
        ]
        assert server.requests == asked == 12
    assert [one.id for one in results] == [item.id for item in items]
    assert [one.failure.kind for one in results if one.failure is not None] == ["NotEnglish"]
    assert min(actor.calls for actor in actors) > 0


def test_a_worker_that_does_not_come_back_is_a_failed_row(tmp_path: Path) -> None:
    """Where Ray gives an actor up, the article says so in a line, and may be asked again."""
    with Loopback().running() as server:
        actors = [_Actor(worker(server.address), lost=True)]
        (result,) = read_by(actors, [Item("a", short_text(1))], tmp_path / "j", server.address)
    assert result.failure is not None
    assert (result.failure.kind, result.failure.message) == (
        "EndpointUnavailable",
        "The Ray worker that was reading the article died: the actor died",
    )


def test_a_worker_can_be_sent(tmp_path: Path) -> None:
    """What a worker is made of, its key too, crosses to another process; no text of it shows the key."""
    settings = resolve("any", "http://127.0.0.1:9/v1", "k-secret-0123456789")
    again = pickle.loads(pickle.dumps(settings))  # noqa: S301 - our own
    assert again == settings
    assert again.api_key.get_secret_value() == "k-secret-0123456789"
    assert "k-secret" not in repr(again)


@pytest.mark.skipif(sys.platform != "linux", reason="workers are found by /proc")
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    """Of two workers one is killed in the middle: every article is done once, and the local engine has nothing to do."""
    pytest.importorskip("ray", reason="the engine ray needs the [ray] extra")
    number = 40
    write_articles(tmp_path / "a.jsonl", number)
    with Loopback(delay=0.2).running() as server, ThreadPoolExecutor(1) as pool:
        batch = [sys.executable, "-m", "summarizer", "batch", "run", "a.jsonl", "--base-url", server.address]
        batch += ["-m", "any", "--concurrency", "8", "--journal", "j", "-q"]
        killing = pool.submit(_kill_one, server, number // 2)
        ray = subprocess.run(
            [*batch, "-o", "ray.jsonl", "--engine", "ray", "--workers", "2"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        server.requests += number  # lets the killer go if the run ended before its time
        if "timed out during startup" in ray.stderr:
            pytest.skip("Ray gives its own processes 30 s to come up, and this machine is too busy for that")
        assert (ray.returncode, ray.stderr) == (0, "")
        assert killing.result() is not None
        asked = server.requests - number
        local = subprocess.run([*batch, "-o", "local.jsonl"], cwd=tmp_path, capture_output=True, text=True)
        assert (local.returncode, server.requests - number) == (0, asked)
    assert (tmp_path / "ray.jsonl").read_text("utf-8") == (tmp_path / "local.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in (tmp_path / "ray.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"a{at}" for at in range(number)]
    assert all(row["error"] is None for row in rows)
    assert 2 * number <= asked <= 2 * number + 2 * 8
