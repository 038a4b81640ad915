"""Times and memory of the engines beyond one machine: ``python -m evals.bench_scale files|ray [NUMBER]``.

Each command runs in a process of its own, whose peak memory is its own. The provider's part (answering a file
of requests) is done here, a line at a time, and is in no figure.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.loopback import Loopback, completion
from evals.tables import table


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost: seconds by the clock, seconds of work, and its peak memory in MB."""

    name: str
    seconds: float
    work: float
    peak: float


def short_text(number: int) -> str:
    """An invented article of four sentences; no two are alike."""
    return (
        f"Orchard buys into Ash {number}\n\n"
        f"Orchard {number} AB said on 4 May 2031 it will invest about €{number % 900 + 1}.1 million in "
        f"Ash {number}, a maker of turbines. The deal gives Orchard {number} a 30% stake and values Ash {number} "
        f"at €{number % 70 + 1} billion. Ash {number} will use the proceeds to build a second plant.\n"
    )


def write_articles(path: Path, number: int) -> None:
    """Write a table of short articles."""
    with path.open("w", encoding="utf-8") as file:
        for at in range(number):
            file.write(json.dumps({"id": f"a{at}", "text": short_text(at)}) + "\n")


def answer(requests: Path, results: Path) -> None:
    """Answer a file of requests: to each the first of every closed set, and words of its longest sentence."""
    with requests.open(encoding="utf-8") as lines, results.open("w", encoding="utf-8") as out:
        for line in lines:
            request = json.loads(line)
            body = completion(request["body"])
            response = {"status_code": 200, "request_id": "r", "body": body}
            out.write(
                json.dumps(
                    {"id": "b", "custom_id": request["custom_id"], "response": response, "error": None}
                )
                + "\n"
            )


def timed(name: str, command: Sequence[str], folder: Path) -> Cost:
    """Run a command of the summarizer in a folder and take its time and memory. Raises RuntimeError if it fails."""
    start = time.perf_counter()
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "summarizer", *command], cwd=folder, stdout=said, stderr=said
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{name} failed: {said.read()[-2000:]}")
    peak = used.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return Cost(name, time.perf_counter() - start, used.ru_utime + used.ru_stime, peak)


def batch_files(number: int) -> list[Cost]:
    """Export a number of short articles and import their results, round by round, until all are records."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "articles.jsonl", number)
        export = ["batch", "export", "articles.jsonl", "-o", "out", "-m", "openai/any", "-q"]
        costs = [timed("export", export, folder)]
        sent: set[Path] = set()
        while files := sorted(set((folder / "out").glob("requests-*.jsonl")) - sent):
            sent.update(files)
            results = [folder / f"{path.stem}.results" for path in files]
            for path, result in zip(files, results, strict=True):
                answer(path, result)
            take = ["batch", "import", *(path.name for path in results), "--dir", "out", "-q"]
            costs.append(timed(f"import {len(costs)}", take, folder))
        rows = sum(1 for _ in (folder / "out" / "rows.jsonl").open(encoding="utf-8"))
        if rows != number:
            raise RuntimeError(f"{rows} rows for {number} articles")
        return costs


def ray_workers(ancestor: int) -> list[int]:
    """The processes of our actors below a process, as Linux tells of them."""
    parents, found = {}, []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(folder.name)
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if (folder / "cmdline").read_bytes().startswith(b"ray::Worker"):
                found.append(pid)

    def is_below(pid: int) -> bool:
        while pid > 1 and pid != ancestor:
            pid = parents.get(pid, 0)
        return pid == ancestor

    return sorted(pid for pid in found if is_below(pid))


def kill_one(server: Loopback, after: int) -> int | None:
    """Kill one of our workers as soon as the server has had so many requests; its process id."""
    while server.requests < after:
        time.sleep(0.05)
    workers = ray_workers(os.getpid())
    if not workers:
        return None
    os.kill(workers[0], signal.SIGKILL)
    return workers[0]


def on_ray(number: int) -> str:
    """Read a number of short articles by the local engine and by two workers on Ray, of which one is killed."""
    with tempfile.TemporaryDirectory() as name, Loopback().running() as server:
        folder = Path(name)
        write_articles(folder / "articles.jsonl", number)
        common = ["articles.jsonl", "--base-url", server.address, "-m", "any", "--plan", "whole", "-q"]
        common += ["--concurrency", "32"]
        local = timed("local", ["batch", "run", *common, "-o", "local.jsonl"], folder)
        needed = server.requests
        engine = ["--engine", "ray", "--workers", "2"]
        whole = timed("ray", ["batch", "run", *common, "-o", "whole.jsonl", *engine], folder)
        server.requests = 0
        with ThreadPoolExecutor(1) as pool:
            killing = pool.submit(kill_one, server, needed // 3)
            killed = timed(
                "ray, one killed", ["batch", "run", *common, "-o", "killed.jsonl", *engine], folder
            )
        rows = {kind: _rows(folder / f"{kind}.jsonl") for kind in ("local", "whole", "killed")}
        lines = [
            report(number, [local, whole, killed]),
            f"articles accounted for: local {len(rows['local'])}, ray {len(rows['whole'])}, one killed {len(rows['killed'])}",
            f"rows the same as the local engine's: {rows['whole'] == rows['local']}, {rows['killed'] == rows['local']}",
            f"requests: {needed} needed, {server.requests} with worker {killing.result()} killed",
            f"ray / local, seconds by the clock: {whole.seconds / local.seconds:.2f}, killed {killed.seconds / local.seconds:.2f}",
        ]
        return "\n".join(lines)


def _rows(path: Path) -> list[Any]:
    """The rows without the time that each took."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for row in rows:
        if row["record"] is not None:
            row["record"]["usage"]["seconds"] = 0
    return rows


def report(number: int, costs: Sequence[Cost]) -> str:
    """The costs as a table."""
    rows = [
        [
            cost.name,
            f"{cost.seconds:.1f}",
            f"{cost.work:.1f}",
            f"{1000 * cost.work / number:.2f}",
            f"{cost.peak:.0f}",
        ]
        for cost in costs
    ]
    return table(["command", "seconds", "of work", "ms of work per article", "peak MB"], rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench_scale", description=__doc__)
    parser.add_argument("what", choices=("files", "ray"))
    parser.add_argument("number", type=int, nargs="?", default=50_000, help="of articles (default: 50000)")
    options = parser.parse_args(arguments)
    if options.what == "files":
        print(report(options.number, batch_files(options.number)))
    else:
        print(on_ray(options.number))
    return 0


if __name__ == "__main__":
    sys.exit(main())
