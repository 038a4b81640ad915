"""What we cost on top of the openai client, and whether anything is left behind after many articles.

All systems send the same requests - the messages and schemas that the pipeline makes of one article - to the
same server in one run, taking turns in going first, each over a kept-alive connection of its own, and end with
the same filled draft. A request is answered at once: a time is that of client, loopback and a small server.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evals.bench import Canned, article_of, run_python
from evals.loopback import loopback
from evals.outcomes import ratio
from evals.tables import table
from summarizer import asummarize, summarize
from summarizer.llm.base import Request

WORDS = 400  # of the article whose requests are sent

_IN_A_ROW = """
import json, sys
from evals.bench_endpoint import in_a_row
print(json.dumps(in_a_row(sys.argv[1], int(sys.argv[2]))))
"""

_WHOLE = "ours, whole articles, a request"

Send = Callable[[Request[Any]], Awaitable[object]]


def bench(
    articles: Mapping[str, str],
    *,
    repeat: int,
    count: int,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Measure both on a loopback server; the result can be written as JSON."""
    with loopback() as url:
        tell(f"{repeat} turns of openai, instructor and ours")
        systems = overhead(url, article_of(list(articles.values()), WORDS), repeat)
        tell(f"{count} articles in a row")
        left = json.loads(run_python(_IN_A_ROW, url, str(count)))
    return {"words": WORDS, "systems": systems, "in_a_row": left}


def overhead(url: str, text: str, repeat: int) -> list[dict[str, Any]]:
    """Milliseconds for a request (medians) of each system, and what that is beside the bare openai client.

    Beside the time on the clock stands that on the processor, which other work on the machine does not lengthen.
    """
    asked: list[Request[Any]] = []
    summarize(text, model=Canned(), on_request=asked.append)
    taken = asyncio.run(_times(url, asked, text, repeat))
    medians = {
        name: (statistics.median(watch.clock) * 1000, statistics.median(watch.cpu) * 1000)
        for name, watch in taken.items()
    }
    bare = medians["openai"]
    return [
        {
            "system": name,
            "ms": clock,
            "ratio": ratio(clock, bare[0]),
            "cpu_ms": cpu,
            "cpu_ratio": ratio(cpu, bare[1]),
        }
        for name, (clock, cpu) in medians.items()
    ]


@dataclass(slots=True)
class _Watch:
    """Seconds of each request, on the clock and on the processor."""

    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def time(self, requests: int = 1) -> Iterator[None]:
        clock, cpu = time.perf_counter(), time.process_time()
        yield
        self.clock.append((time.perf_counter() - clock) / requests)
        self.cpu.append((time.process_time() - cpu) / requests)


async def _times(url: str, asked: Sequence[Request[Any]], text: str, repeat: int) -> dict[str, _Watch]:
    async with _Systems(url) as systems:
        names = list(systems.send)
        watches = {name: _Watch() for name in (*names, _WHOLE)}
        for turn in range(repeat + 1):
            if turn == 1:  # the first is for connections and caches
                watches = {name: _Watch() for name in watches}
            order = names[turn % len(names) :] + names[: turn % len(names)]
            for request in asked:
                for name in order:
                    with watches[name].time():
                        await systems.send[name](request)
            with watches[_WHOLE].time(len(asked)):
                record = await asummarize(text, model=systems.ours)
            if record.usage.requests != len(asked):
                raise ValueError("The article took other requests than before: the times cannot be compared.")
    return watches


class _Systems:
    """The openai client with a JSON schema, instructor over it, as one would write them by hand, and ours."""

    def __init__(self, url: str) -> None:
        import instructor
        import openai

        from summarizer.llm.open import open_model
        from summarizer.settings import resolve

        def client() -> openai.AsyncOpenAI:
            http = openai.DefaultAsyncHttpxClient(trust_env=False)  # a proxy cannot reach this loopback
            return openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0, http_client=http)

        self._clients = (client(), client())
        self._instructor = instructor.from_openai(self._clients[1], mode=instructor.Mode.JSON_SCHEMA)
        opened: Any = open_model(resolve("m", url, "none"))
        opened.profile = replace(opened.profile, reasks=0)  # the server's answers are made up
        self.ours = opened
        self.send: dict[str, Send] = {
            "openai": self._by_openai,
            "instructor": self._by_instructor,
            "ours": self.ours.ask,
        }

    async def __aenter__(self) -> _Systems:
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in (*self._clients, self.ours):
            await client.close()

    async def _by_openai(self, request: Request[Any]) -> object:
        schema = {"name": "Answers", "schema": request.draft.model_json_schema()}
        held: Any = {"type": "json_schema", "json_schema": schema}
        completion = await self._clients[0].chat.completions.create(
            model="m",
            messages=_messages(request),
            temperature=0,
            max_tokens=request.max_tokens,
            response_format=held,
        )
        return request.draft.model_validate_json(completion.choices[0].message.content or "")

    async def _by_instructor(self, request: Request[Any]) -> object:
        filled: object = await self._instructor.chat.completions.create(
            model="m",
            messages=_messages(request),
            temperature=0,
            max_tokens=request.max_tokens,
            response_model=request.draft,
            strict=False,
            max_retries=0,
        )
        return filled


def _messages(request: Request[Any]) -> Any:
    return [
        {"role": "system", "content": request.system},
        {"role": "user", "content": f"{request.article}\n\n{request.question}"},
    ]


def in_a_row(url: str, count: int) -> list[dict[str, float]]:
    """Summarise so many articles, no two alike, one after the other; say what the process holds on the way."""
    marks = sorted({max(1, count // 10), count // 4, count // 2, count} - {0})
    held = []
    start = time.perf_counter()
    for number in range(1, count + 1):
        summarize(
            f"Orchard {number} Ltd said on 4 May 2031 that it will buy a {1 + number % 90}% stake in Ash Works "
            f"for ${number} million. Ann Vale {number} was named chief executive of Ash Works.",
            base_url=url,
            model="m",
        )
        if number in marks:
            gc.collect()
            held.append({"articles": number, "seconds": time.perf_counter() - start, **_held()})
    return held


def _held() -> dict[str, float]:
    """Megabytes in memory now (at most so far, where the system does not say), open files, threads."""
    status, files = Path("/proc/self/statm"), Path("/proc/self/fd")
    if status.exists():
        pages = int(status.read_text(encoding="ascii").split()[1])
        megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    else:
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        megabytes = peak / (2**20 if sys.platform == "darwin" else 2**10)
    return {
        "mb": megabytes,
        "files": len(list(files.iterdir())) if files.exists() else 0,
        "threads": threading.active_count(),
    }


def report(measured: Mapping[str, Any]) -> str:
    """Lay the measurements out as tables."""
    systems = [
        (row["system"], *(f"{row[key]:.2f}" for key in ("ms", "ratio", "cpu_ms", "cpu_ratio")))
        for row in measured["systems"]
    ]
    held = [
        (f"{row['articles']:,}", f"{row['seconds']:.1f}", f"{row['mb']:.1f}", row["files"], row["threads"])
        for row in measured["in_a_row"]
    ]
    return "\n\n".join(
        (
            table(("one request, answered at once", "ms", "ratio", "ms of CPU", "ratio"), systems),
            table(("articles in a row", "s", "MB in memory", "open files", "threads"), held),
        )
    )
