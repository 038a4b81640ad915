from __future__ import annotations

import json

import pytest

from evals import bench
from evals.__main__ import main
from evals.loopback import Loopback
from evals.plain import extract

pytestmark = pytest.mark.slow


def test_own_work_is_measured_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The default bench asks no model, and prints a table or JSON."""
    assert main(["bench", "--only", "harbor", "--repeat", "1", "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert found["columns"] == ["", "ms"]
    assert all(milliseconds > 0 for _, milliseconds in found["rows"])
    assert "import summarizer" in bench.report([found])


def test_clients_are_compared_on_one_server() -> None:
    """Every client answers the same articles, and a process holds no more open files at the end."""
    with Loopback(empty=True).running() as server:
        for system in ("openai", "instructor", "ours"):
            name, rate = bench.throughput(system, server.address, "40", "2")
            assert (name, rate > 0) == (system, True)
    with Loopback().running() as server:
        held = bench.in_a_row(server.address, "10")
        assert [row[0] for row in held] == [1, 5, 10]
        assert held[1][3] >= held[2][3]


def test_batch_files_and_memory_are_measured() -> None:
    """Every article of the batch becomes a row."""
    assert [cost.name for cost in bench.batch_files(2)][:2] == ["export", "import 1"]
    assert bench.memory("3")[0] == 3


def test_the_plain_call_reads_a_reply() -> None:
    """The baseline makes one request, and fills the fields from it."""
    with Loopback().running() as server:
        reply = extract(bench.short_text(1), base_url=server.address, model="m", api_key="k")
        assert (server.requests, reply.error) == (1, "")
    assert reply.deal is not None
