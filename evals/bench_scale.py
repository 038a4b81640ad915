"""Times and memory of the engines beyond one machine: ``python -m evals.bench_scale files|ray [NUMBER]``.

Each command runs in a process of its own, whose peak memory is its own. The provider's part (answering a file
of requests) is done here, a line at a time, and is in no figure.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bench import fill
from evals.tables import table

_SENTENCE = re.compile(r"^\[\d+\] (.+)$", re.MULTILINE)


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


def completion(body: Mapping[str, Any]) -> dict[str, Any]:
    """A completion that fits the schema of a request."""
    asked = body["messages"][-1]["content"]
    words = " ".join(max(_SENTENCE.findall(asked), key=len).split()[:6])
    content = json.dumps(fill(body["response_format"]["json_schema"]["schema"], words))
    tokens = len(asked) // 4
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}
        ],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 60, "total_tokens": tokens + 60},
    }


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
    parser.add_argument("what", choices=("files",))
    parser.add_argument("number", type=int, nargs="?", default=50_000, help="of articles (default: 50000)")
    options = parser.parse_args(arguments)
    print(report(options.number, batch_files(options.number)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
