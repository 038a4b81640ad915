"""The batch, measured: articles a second beside plain clients on the same server, memory, and the journal's cost.

The server is a process of its own that answers every request after 200 ms with the emptiest reply that its
schema allows. All systems run one after the other in one process each, with the same articles and as many in
flight; ours asks twice for an article (facts, then prose), the others once.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.bench import Canned, run_python
from evals.loopback import fill, loopback
from evals.tables import table

SECONDS = 0.2
IN_FLIGHT = 200
ARTICLES = 600
SIZES = (1_000, 10_000, 100_000)
SYSTEMS = ("openai", "instructor", "ours")

_RUN = "import sys; from evals.bench_batch import run_one; run_one(*sys.argv[1:])"
_MEMORY = "import sys; from evals.bench_batch import measure_memory; measure_memory(int(sys.argv[1]))"


def texts(words: int, count: int) -> list[str]:
    """Articles of so many words about invented deals, no two the same."""
    filler = " The company makes paper for printers and has plants in four towns, where it is known for care."
    made = []
    for number in range(count):
        text = (
            f"Alder Paper said on 4 May 2031 it will buy Birch Mills {number} for ${number + 1} million in cash. "
            "The deal gives Alder a 60% stake. Shareholders must approve it."
        )
        made.append(text + filler * max(0, (words - len(text.split())) // len(filler.split())))
    return made


def throughput(words: int, articles: int = ARTICLES) -> list[dict[str, Any]]:
    """Articles and requests a second of each system, in turn, and again in the other order; the better of the two."""
    best: dict[str, dict[str, Any]] = {}
    with loopback(SECONDS, empty=True) as url:
        for system in (*SYSTEMS, *reversed(SYSTEMS)):
            said = run_python(_RUN, system, url, str(words), str(articles))
            found = json.loads(said.splitlines()[-1])
            if system not in best or found["per_second"] > best[system]["per_second"]:
                best[system] = {"system": system, "words": words, **found}
    return [best[system] for system in SYSTEMS]


def run_one(system: str, url: str, words: str, articles: str) -> None:
    """Run one system and print its figures as JSON."""
    given = texts(int(words), int(articles))
    run = {"openai": _openai, "instructor": _instructor, "ours": _ours}[system]
    run(given[:20], url)  # imports, connections, templates
    start, cpu = time.perf_counter(), time.process_time()
    requests = run(given, url)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    figures = {
        "per_second": len(given) / seconds,
        "requests_per_second": requests / seconds,
        "cpu_ms": cpu / len(given) * 1000,
    }
    print(json.dumps(figures))


def _messages(text: str) -> list[dict[str, str]]:
    from evals.plain import ASK, SYSTEM

    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"{ASK}\n\n{text}"}]


def _openai(given: Sequence[str], url: str) -> int:
    import openai

    from evals.plain import PlainDeal

    form: Any = {
        "type": "json_schema",
        "json_schema": {"name": "deal", "schema": PlainDeal.model_json_schema()},
    }

    async def all_of_them() -> None:
        places = asyncio.Semaphore(IN_FLIGHT)
        async with openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0, timeout=600.0) as client:

            async def one(text: str) -> None:
                async with places:
                    messages: Any = _messages(text)
                    reply = await client.chat.completions.create(
                        model="m", messages=messages, response_format=form, max_tokens=1500
                    )
                    PlainDeal.model_validate_json(str(reply.choices[0].message.content))

            await asyncio.gather(*map(one, given))

    asyncio.run(all_of_them())
    return len(given)


def _instructor(given: Sequence[str], url: str) -> int:
    import instructor
    import openai

    from evals.plain import PlainDeal

    async def all_of_them() -> None:
        places = asyncio.Semaphore(IN_FLIGHT)
        async with openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0, timeout=600.0) as plain:
            client = instructor.from_openai(plain, mode=instructor.Mode.JSON_SCHEMA)

            async def one(text: str) -> None:
                async with places:
                    messages: Any = _messages(text)
                    await client.chat.completions.create(
                        model="m", messages=messages, response_model=PlainDeal, max_retries=1, max_tokens=1500
                    )

            await asyncio.gather(*map(one, given))

    asyncio.run(all_of_them())
    return len(given)


def _ours(given: Sequence[str], url: str) -> int:
    from summarizer import summarize_many

    with tempfile.TemporaryDirectory() as folder:
        results = summarize_many(
            given,
            model="m",
            base_url=url,
            plan="whole",
            concurrency=IN_FLIGHT,
            journal=Path(folder) / "journal",
        )
        requests = 0
        for result in results:
            if result.failure is not None:
                raise RuntimeError(f"{result.failure.kind}: {result.failure.message}")
            requests += result.usage.requests
    return requests


def memory(sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Peak memory and seconds of a batch of so many articles, each in a process of its own."""
    measured = []
    for size in sizes:
        said = run_python(_MEMORY, str(size))
        measured.append({"articles": size, **json.loads(said.splitlines()[-1])})
    return measured


def measure_memory(articles: int) -> None:
    """Run a batch of one-sentence texts with one field on a model in process, and print what it took as JSON."""
    import resource

    from pydantic import BaseModel

    from summarizer import summarize_many
    from summarizer.llm.base import Reply, Request, T
    from summarizer.records.values import Usage

    class Named(BaseModel):
        """One question that code answers and one that the model is asked: enough to pass every stage."""

        bought: str | None = None

    class Instant(Canned):
        """Answers at once, without a memory that would grow."""

        async def ask(self, request: Request[T]) -> Reply[T]:
            draft = request.draft.model_validate(fill(request.draft.model_json_schema()))
            return Reply(draft=draft, usage=Usage(requests=1))

    with tempfile.TemporaryDirectory() as folder:
        given = (f"Alder will buy Birch {number}." for number in range(articles))
        start = time.perf_counter()
        journal = Path(folder) / "journal"
        count = sum(
            1
            for result in summarize_many(
                given, model=Instant(), schema=Named, journal=journal, concurrency=IN_FLIGHT
            )
            if result.failure is None
        )
        seconds = time.perf_counter() - start
        size = journal.stat().st_size
    if count != articles:
        raise RuntimeError(f"{articles - count} articles failed")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "journal_mb": size / 1e6}))


def journal_cost(record: str, repeat: int = 500) -> dict[str, float]:
    """Microseconds that the journal takes for one article: looked up, begun, done with ``record``."""
    from summarizer.batch.store import Store
    from summarizer.records.values import Usage

    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for durable in (False, True):
            with Store(Path(folder) / f"journal{durable}", durable=durable) as journal:
                start = time.perf_counter()
                for number in range(repeat):
                    key = f"{number:064x}"
                    journal.lookup(key)
                    journal.begin(key, "id")
                    journal.finish(key, Usage(requests=2), record=record)
                found["durable_us" if durable else "us"] = (time.perf_counter() - start) / repeat * 1e6
    return found


def bench(sizes: Sequence[int] = SIZES, articles: int = ARTICLES) -> dict[str, Any]:
    """Measure everything. The result can be written as JSON."""
    from summarizer import summarize

    record = summarize(texts(1000, 1)[0], model=Canned()).model_dump_json()
    return {
        "throughput": [*throughput(40, articles), *throughput(1000, articles)],
        "memory": memory(sizes),
        "journal": {"record_bytes": len(record), **journal_cost(record)},
    }


def report(measured: Mapping[str, Any]) -> str:
    """Lay the measurements out as tables."""
    plain = {at["words"]: at["per_second"] for at in measured["throughput"] if at["system"] == "openai"}
    rows = [
        (
            at["words"],
            at["system"],
            f"{at['per_second']:.0f}",
            f"{at['requests_per_second']:.0f}",
            f"{at['cpu_ms']:.1f}",
            f"{at['per_second'] / plain[at['words']]:.2f}",
        )
        for at in measured["throughput"]
    ]
    header = ("words", "system", "articles/s", "requests/s", "CPU ms/article", "of openai")
    sizes = [
        (f"{at['articles']:,}", f"{at['peak_mb']:.0f}", f"{at['journal_mb']:.0f}", f"{at['seconds']:.0f}")
        for at in measured["memory"]
    ]
    journal = measured["journal"]
    return "\n\n".join(
        [
            table(header, rows),
            table(("articles", "peak MB", "journal MB", "s"), sizes),
            table(
                (f"journal, per article with a record of {journal['record_bytes']:,} bytes", "µs"),
                [("as it is", f"{journal['us']:.0f}"), ("durable", f"{journal['durable_us']:.0f}")],
            ),
        ]
    )
