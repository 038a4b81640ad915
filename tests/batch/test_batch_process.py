"""``summarizer batch`` as a process of its own: stopped, terminated, killed, and looked at while it runs."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fault_server import serve

from .answering import Answering
from .answering import command as batch
from .conftest import text

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")]

KILLS = int(os.environ.get("SUMMARIZER_KILLS", "3"))
ARTICLES = 24
PATIENCE = 240  # seconds, for a machine that has much else to do


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path, ARTICLES)


def filled(folder: Path, articles: int) -> Path:
    rows = [json.dumps({"id": f"a{n}", "text": text(n)}) for n in range(articles)]
    (folder / "in.jsonl").write_text("\n".join(rows))
    return folder


def command(folder: Path, base_url: str, *more: str, given: str = "") -> list[str]:
    given, output = (given, "-") if given else (f"{folder}/in.jsonl", f"{folder}/out.jsonl")
    return batch(base_url, given, "-o", output, "--concurrency", "4", *more)


@contextlib.contextmanager
def started(arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for(server: Answering, requests: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.requests < requests:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


def complete(
    folder: Path, base_url: str, *more: str, articles: int = ARTICLES
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command(folder, base_url, *more), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = rows_of(folder)
    assert [row["id"] for row in rows] == [f"a{n}" for n in range(articles)]
    for number, row in enumerate(rows):
        assert row["record"]["amount"]["value"] == str((number + 1) * 1_000_000)
    return done


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_once(folder: Path, number: signal.Signals) -> None:
    """One Ctrl-C or SIGTERM finishes what is in flight, names the command that resumes, and that pays nothing twice."""
    server = Answering(0.1)
    with serve(server) as served:
        with started(command(folder, served.base_url)) as process:
            wait_for(server, 6)
            process.send_signal(number)
            out, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 130
        assert out == ""
        assert "\x1b" not in said
        assert "in flight. Press Ctrl-C again to stop now" in said
        assert "summarizer: To resume: summarizer batch" in said
        assert "sk-secret" not in said
        assert not (folder / "out.jsonl").exists()
        part = (folder / "out.jsonl.part").read_text().splitlines()
        assert 0 < len(part) < ARTICLES
        assert all(json.loads(line)["record"] for line in part)
        with contextlib.closing(sqlite3.connect(folder / "out.jsonl.journal")) as db:
            assert db.execute("SELECT count(*) FROM items WHERE state = 'in flight'").fetchone()[0] == 0
        complete(folder, served.base_url, "--quiet")
    assert server.asked == dict.fromkeys(range(ARTICLES), 1)
    assert not (folder / "out.jsonl.part").exists()


def test_stopped_twice(folder: Path) -> None:
    """A second Ctrl-C ends the program at once; only what was in flight is paid for again."""
    server = Answering(0.4)
    with serve(server) as served:
        with started(command(folder, served.base_url)) as process:
            wait_for(server, 12)
            server.seconds = 5
            wait_for(server, 14)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            while "Ctrl-C again" not in process.stderr.readline():
                pass
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE)
            assert time.monotonic() - began < 3
        assert process.returncode == 130
        assert "Stopped. To resume: summarizer batch" in said
        server.seconds = 0
        complete(folder, served.base_url)
    assert sum(count - 1 for count in server.asked.values()) <= 4


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """After kills at random moments all articles are there once, and only what was in flight was paid twice."""
    articles = 8 * KILLS + 16
    folder = filled(tmp_path, articles)
    server = Answering(0.1)
    chance = random.Random(KILLS)
    journal = folder / "out.jsonl.journal"
    hit: list[int] = []
    with serve(server) as served:
        for _ in range(KILLS):
            done_before = {id: server.asked[int(id[1:])] for id in ids_in(journal, "done")}
            goal = server.requests + chance.randrange(8)
            with started(command(folder, served.base_url)) as process:
                while server.requests < goal and process.poll() is None:
                    time.sleep(0.005)
                time.sleep(chance.uniform(0, 0.3))
                process.kill()
            assert all(server.asked[int(id[1:])] == count for id, count in done_before.items())
            hit.append(len(ids_in(journal, "in flight")))
            assert hit[-1] <= 4
        complete(folder, served.base_url, articles=articles)
    twice = sum(count - 1 for count in server.asked.values())
    assert twice <= sum(hit)
    assert sum(hit) > 0
    print(f"{KILLS} kills hit {sum(hit)} articles in flight; {twice} of {articles} were asked twice")  # noqa: T201


def ids_in(journal: Path, state: str) -> set[str]:
    if not journal.exists():
        return set()
    with contextlib.closing(sqlite3.connect(journal)) as db:
        tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'items'").fetchone()[0]
        found = db.execute("SELECT id FROM items WHERE state = ?", (state,)) if tables else ()
        return {row[0] for row in found}


def test_status_while_it_runs(folder: Path) -> None:
    """--status tells how a running batch stands, and of one that was killed that it was."""
    server = Answering(0.3)
    look = [sys.executable, "-m", "summarizer", "batch", "--status", "-o", str(folder / "out.jsonl")]
    with serve(server) as served:
        with started(command(folder, served.base_url)) as process:
            wait_for(server, 12)
            server.seconds = 60  # it runs as long as it is looked at
            running = subprocess.run(look, capture_output=True, text=True, check=True).stdout
            second = subprocess.run(
                command(folder, served.base_url), capture_output=True, text=True, check=False
            )
            process.kill()
        ended = subprocess.run(
            [*look, "--progress", "json"], capture_output=True, text=True, check=True
        ).stdout
    assert "state     running" in running
    assert "in flight" in running
    assert second.returncode == 3
    assert "Another process is using the journal" in second.stderr
    status = json.loads(ended)
    assert status["running"] is False
    assert status["ended"] is None
    assert status["items"]["done"] >= 1
    assert b"sk-secret" not in (folder / "out.jsonl.journal").read_bytes()


def test_standard_input(folder: Path) -> None:
    """Standard input of JSON Lines comes out on standard output, a row a line, with nothing else there."""
    given = (folder / "in.jsonl").read_text() + '\nno json\n{"id": "x"}\n'
    server = Answering()
    with serve(server) as served:
        arguments = command(folder, served.base_url, "--progress", "json", given="-")
        done = subprocess.run(arguments, input=given, capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert len(rows) == ARTICLES + 2
    assert [row["error"]["kind"] for row in rows[-2:]] == ["InputError", "InputError"]
    assert rows[-1]["id"] == "x"
    progress = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert progress[-1]["done"] == ARTICLES
    assert progress[-1]["failed"] == 2
    assert server.asked == dict.fromkeys(range(ARTICLES), 1)


def test_input_that_waits(folder: Path) -> None:
    """Ctrl-C ends a batch whose standard input says nothing more."""
    server = Answering()
    with serve(server) as served:
        arguments = command(folder, served.base_url, given="-")
        with subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdin is not None
            process.stdin.write(json.dumps({"id": "a0", "text": text(0)}) + "\n")
            process.stdin.flush()
            wait_for(server, 1)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=PATIENCE) == 130
            assert process.stderr is not None
            said = process.stderr.read()
    assert "Fatal" not in said
    assert "Traceback" not in said
    assert "1 done" in said
