"""Time and memory: ``python -m evals bench [--endpoint | --batch | --verify | --files N]``.

What is measured runs in a process of its own where its memory or a fresh start matters, against
``evals.loopback`` where it needs a server. Times are medians, unless said. Every bench returns tables as
plain data.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals import plain
from evals.loopback import Loopback, completion, fill, words_of
from evals.tables import table
from summarizer import asummarize, summarize, summarize_many, verify
from summarizer.llm.base import Profile, Reply, Request, T
from summarizer.llm.open import open_model
from summarizer.records.values import Usage
from summarizer.settings import resolve

Table = dict[str, Any]  # "columns" and "rows"
Tell = Callable[[str], None]

_IMPORT = "import time; start = time.perf_counter(); import summarizer; print(time.perf_counter() - start)"
_HELP = "import sys; sys.argv = ['summarizer', '--help']; from summarizer.cli.main import main; main()"
_CALL = (
    "import json, sys; from evals import bench; print(json.dumps(getattr(bench, sys.argv[1])(*sys.argv[2:])))"
)
_DELAY = 0.2  # seconds of the server before each answer of a batch
_IN_FLIGHT = 200
_SYSTEMS = ("openai", "instructor", "ours")
_FORM: Any = {
    "type": "json_schema",
    "json_schema": {"name": "deal", "schema": plain.PlainDeal.model_json_schema()},
}


def measure(options: argparse.Namespace, texts: Mapping[str, str], tell: Tell) -> list[Table]:
    """Run the bench that the options choose, on texts by name."""
    if options.endpoint:
        return endpoint(list(texts.values()), options.repeat, tell)
    if options.batch:
        return batch(tell)
    if options.verify:
        return [verification(options.repeat)]
    if options.files:
        return [costs(batch_files(options.files), options.files)]
    return [own_work(list(texts.values()), options.repeat)]


def report(tables: Sequence[Table]) -> str:
    """The tables as text."""
    return "\n\n".join(
        table(one["columns"], [list(map(_shown, row)) for row in one["rows"]]) for one in tables
    )


def _shown(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    return {"columns": list(columns), "rows": [list(row) for row in rows]}


@dataclass(frozen=True, slots=True)
class Canned:
    """A model that answers at once with the plainest deal."""

    name: str = "canned"
    endpoint: str = "in process"
    mode: str = "json_schema"
    profile: Profile = Profile(plan="whole", trust="model", concurrency=1, reasks=1)  # noqa: RUF009 - frozen

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Fill the draft: the first of a closed set, one item in a list, words of the longest sentence."""
        filled = fill(request.draft.model_json_schema(), words_of(request.article))
        return Reply(draft=request.draft.model_validate(filled), usage=Usage(requests=1))


def own_work(texts: Sequence[str], repeat: int) -> Table:
    """Milliseconds of everything but the model, on a text of 1,000 words, and of starting."""
    text = _article(texts, 1000)
    rows = [
        (
            "one article of 1,000 words, without the model",
            _median(lambda: summarize(text, model=Canned()), repeat),
        ),
        ("import summarizer", statistics.median(float(run_python(_IMPORT)) for _ in range(5)) * 1000),
        ("summarizer --help, with the interpreter", _median(lambda: run_python(_HELP), 5)),
        ("the interpreter alone", _median(lambda: run_python("pass"), 5)),
    ]
    return _table(("", "ms"), rows)


def _article(texts: Sequence[str], words: int) -> str:
    """A text of so many words; repeated texts are numbered, so that no two sentences are alike."""
    found: list[str] = []
    turn = 0
    while len(found) < words:
        turn += 1
        for text in texts:
            found += (text if turn == 1 else text.replace(". ", f", says source {turn}. ")).split(" ")
    return " ".join(found[:words])


def _median(work: Callable[[], object], repeat: int) -> float:
    """Median milliseconds, after one run that is not counted."""
    work()
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def run_python(code: str, *arguments: str) -> str:
    """Run code in an interpreter of its own; what it prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own code


def _apart(function: str, *arguments: object) -> Any:
    """Call a function of this module in a process of its own."""
    return json.loads(run_python(_CALL, function, *map(str, arguments)).splitlines()[-1])


def verification(repeat: int) -> Table:
    """Milliseconds of ``verify`` on each labelled record."""
    from evals.cases import read_cases
    from evals.gold_record import as_record

    cases = [(as_record(case.gold, case.schema, case.text), case.text) for case in read_cases()]
    times = [_median(lambda one=one: verify(*one), min(repeat, 5)) for one in cases]  # type: ignore[misc]
    return _table(
        ("verify, one record", "ms"), [("median", statistics.median(times)), ("slowest", max(times))]
    )


class _Clients:
    """The openai client, instructor over it, and ours, on one server."""

    def __init__(self, url: str) -> None:
        import instructor
        import openai

        http = openai.DefaultAsyncHttpxClient(trust_env=False)  # a proxy cannot reach this loopback
        self.openai = openai.AsyncOpenAI(
            base_url=url, api_key="k", max_retries=0, timeout=600, http_client=http
        )
        self.instructor = instructor.from_openai(self.openai, mode=instructor.Mode.JSON_SCHEMA)
        ours: Any = open_model(resolve("m", url, "none"))
        ours.profile = replace(ours.profile, reasks=0)  # the server's answers are made up
        self.ours = ours

    async def ask(self, system: str, messages: Any, draft: Any, form: Any) -> object:
        """Send one request as a user of the client would write it."""
        fixed: Any = {"model": "m", "messages": messages, "temperature": 0, "max_tokens": 1500}
        if system == "instructor":
            filled: object = await self.instructor.chat.completions.create(
                response_model=draft, strict=False, max_retries=0, **fixed
            )
            return filled
        reply = await self.openai.chat.completions.create(response_format=form, **fixed)
        return draft.model_validate_json(str(reply.choices[0].message.content))


def endpoint(texts: Sequence[str], repeat: int, tell: Tell) -> list[Table]:
    """Milliseconds of a request by each client, and what a process holds after many articles."""
    with Loopback().running() as server:
        tell("requests of openai, instructor and ours")
        times = _apart("requests", server.address, _article(texts, 400), repeat)
        tell("1,000 articles in a row")
        held = _apart("in_a_row", server.address, 1000)
    bare = times["openai"]
    rows = [(name, found, found / bare) for name, found in times.items()]
    columns = ("articles in a row", "s", "MB in memory", "open files", "threads")
    return [_table(("one request, answered at once", "ms", "ratio"), rows), _table(columns, held)]


def requests(url: str, text: str, repeat: str) -> dict[str, float]:
    """Median milliseconds of a request by each client, taking turns in going first."""
    return asyncio.run(_requests(url, text, int(repeat)))


async def _requests(url: str, text: str, repeat: int) -> dict[str, float]:
    asked: list[Request[Any]] = []
    await asummarize(text, model=Canned(), on_request=asked.append)
    clients, times = _Clients(url), {name: list[float]() for name in _SYSTEMS}
    for turn in range(repeat + 1):
        for request in asked:
            messages = [{"role": "system", "content": request.system}]
            messages += [{"role": "user", "content": f"{request.article}\n\n{request.question}"}]
            schema = {"name": "Answers", "schema": request.draft.model_json_schema()}
            form = {"type": "json_schema", "json_schema": schema}
            for name in _SYSTEMS[turn % 3 :] + _SYSTEMS[: turn % 3]:
                start = time.perf_counter()
                send: Awaitable[object] = (
                    clients.ours.ask(request)
                    if name == "ours"
                    else clients.ask(name, messages, request.draft, form)
                )
                await send
                if turn:  # the first is for connections and caches
                    times[name].append((time.perf_counter() - start) * 1000)
    await clients.ours.close()
    await clients.openai.close()
    return {name: statistics.median(found) for name, found in times.items()}


def in_a_row(url: str, count: str) -> list[list[float]]:
    """Summarise so many different articles one after the other; seconds, memory, files and threads on the way."""
    held, start = [], time.perf_counter()
    for number in range(1, int(count) + 1):
        summarize(short_text(number), base_url=url, model="m")
        if number in (int(count) // 10, int(count) // 2, int(count)):
            gc.collect()
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
            files, threads = (len(list(Path("/proc/self", name).iterdir())) for name in ("fd", "task"))
            megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
            held.append([number, time.perf_counter() - start, megabytes, files, threads])
    return held


def batch(tell: Tell) -> list[Table]:
    """Articles a second of each client with as many in flight, and memory and journal of ours by size."""
    rows = []
    with Loopback(_DELAY, empty=True).running() as server:
        for words in (40, 1000):
            tell(f"600 articles of {words} words with each client")
            twice = [
                _apart("throughput", name, server.address, words, 600)
                for name in (*_SYSTEMS, *_SYSTEMS[::-1])
            ]
            best = {name: max(rate for one, rate in twice if one == name) for name in _SYSTEMS}
            rows += [(words, name, rate, rate / best["openai"]) for name, rate in best.items()]
    tell("batches of 1,000 and of 10,000 articles")
    sizes = [_apart("memory", size) for size in (1_000, 10_000)]
    speeds = _table(("words", "client", "articles/s", "of openai"), rows)
    return [speeds, _table(("articles", "peak MB", "journal MB", "s"), sizes)]


def throughput(system: str, url: str, words: str, count: str) -> tuple[str, float]:
    """Articles a second of one client."""
    filler = " The company makes paper for printers and has plants in four towns, where it is known for care."
    more = filler * max(0, (int(words) - 40) // len(filler.split()))
    texts = [short_text(number) + more for number in range(int(count))]
    run = _our_batch if system == "ours" else lambda given, url: asyncio.run(_all(system, given, url))
    run(texts[:20], url)  # imports, connections, templates
    start = time.perf_counter()
    run(texts, url)
    return system, len(texts) / (time.perf_counter() - start)


async def _all(system: str, texts: Sequence[str], url: str) -> None:
    clients, places = _Clients(url), asyncio.Semaphore(_IN_FLIGHT)

    async def one(text: str) -> None:
        async with places:
            await clients.ask(system, plain.messages(text), plain.PlainDeal, _FORM)

    await asyncio.gather(*map(one, texts))
    await clients.openai.close()


def _our_batch(texts: Sequence[str], url: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        at: Any = {"model": "m", "base_url": url, "plan": "whole", "journal": Path(folder) / "journal"}
        for result in summarize_many(texts, concurrency=_IN_FLIGHT, **at):
            if result.failure is not None:
                raise RuntimeError(f"{result.failure.kind}: {result.failure.message}")


def memory(articles: str) -> list[float]:
    """Peak memory and journal of a batch on a model in process."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal"
        given = (short_text(number) for number in range(int(articles)))
        start = time.perf_counter()
        done = sum(
            r.failure is None for r in summarize_many(given, model=Canned(), journal=journal, concurrency=64)
        )
        seconds, size = time.perf_counter() - start, journal.stat().st_size / 1e6
    return [done, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size, seconds]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command cost: seconds by the clock, seconds of work, and its peak memory in MB."""

    name: str
    seconds: float
    work: float
    peak: float


def costs(found: Sequence[Cost], number: int) -> Table:
    """The costs as a table."""
    rows = [(one.name, one.seconds, one.work, 1000 * one.work / number, one.peak) for one in found]
    return _table(("command", "s", "s of work", "ms of work/article", "peak MB"), rows)


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
    lines = (json.dumps({"id": f"a{at}", "text": short_text(at)}) + "\n" for at in range(number))
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines)


def answer(requests: Path, results: Path) -> None:
    """Answer a file of batch requests with the plainest deals."""
    with requests.open(encoding="utf-8") as lines, results.open("w", encoding="utf-8") as out:
        for line in lines:
            request = json.loads(line)
            response = {"status_code": 200, "request_id": "r", "body": completion(request["body"])}
            result = {"id": "b", "custom_id": request["custom_id"], "response": response, "error": None}
            out.write(json.dumps(result) + "\n")


def timed(name: str, command: Sequence[str], folder: Path) -> Cost:
    """Run a command of the summarizer in a folder. Raises RuntimeError if it fails."""
    start = time.perf_counter()
    with (folder / "said.txt").open("w+", encoding="utf-8") as said:
        call = [sys.executable, "-m", "summarizer", *command]
        process = subprocess.Popen(call, cwd=folder, stdout=said, stderr=said)  # noqa: S603 - our own
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{name} failed: {said.read()[-2000:]}")
    return Cost(name, time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def batch_files(number: int) -> list[Cost]:
    """Export short articles and import their results, round by round, until all are records."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_articles(folder / "articles.jsonl", number)
        export = ["batch", "export", "articles.jsonl", "-o", "out", "-m", "openai/any", "-q"]
        found = [timed("export", export, folder)]
        sent: set[Path] = set()
        while files := sorted(set((folder / "out").glob("requests-*.jsonl")) - sent):
            sent.update(files)
            for path in files:
                answer(path, folder / f"{path.stem}.results")
            take = ["batch", "import", *(f"{path.stem}.results" for path in files), "--dir", "out", "-q"]
            found.append(timed(f"import {len(found)}", take, folder))
        return found
