"""The batch, measured: articles a second beside plain clients on the same server, memory, and the journal's cost.

The server is a process of its own that answers every request after 200 ms with the emptiest reply that its
schema allows. All systems run one after the other in one process each, with the same articles and as many in
flight; ours asks twice for an article (facts, then prose), the others once.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.tables import table

SECONDS = 0.2
IN_FLIGHT = 200
ARTICLES = 600
SIZES = (1_000, 10_000, 100_000)
SYSTEMS = ("openai", "instructor", "ours")

_SERVE = "import sys; from evals.bench_batch import serve; serve(float(sys.argv[1]))"
_RUN = "import sys; from evals.bench_batch import run_one; run_one(*sys.argv[1:])"
_MEMORY = "import sys; from evals.bench_batch import measure_memory; measure_memory(int(sys.argv[1]))"


def serve(seconds: float) -> None:
    """Answer chat completions on loopback, each after ``seconds``; prints the address first."""
    asyncio.run(_serve(seconds))


async def _serve(seconds: float) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
                body = await reader.readexactly(length)
                until = time.perf_counter() + seconds
                reply = _completion(json.loads(body)) if length else b'{"data": [{"id": "m"}]}'
                await asyncio.sleep(max(0.0, until - time.perf_counter()))
                said = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                writer.write(said % len(reply) + reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=1 << 22, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


def _completion(request: Mapping[str, Any]) -> bytes:
    schema = request["response_format"]["json_schema"]["schema"]
    content = json.dumps(emptiest(schema, schema.get("$defs", {})))
    message = {"role": "assistant", "content": content}
    usage = {"prompt_tokens": 2000, "completion_tokens": 300, "total_tokens": 2300}
    reply = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": usage,
    }
    return json.dumps(reply).encode()


def emptiest(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Any:
    """The emptiest value that a JSON schema allows; yes where the question is whether it is a deal."""
    if "$ref" in schema:
        return emptiest(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in schema:
        return None
    if "enum" in schema:
        return schema["enum"][0] if set(schema["enum"]) == {"yes", "no"} else schema["enum"][-1]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type")
    if kind == "object":
        return {name: emptiest(part, defs) for name, part in schema.get("properties", {}).items()}
    return {"array": [], "string": "", "boolean": True, "integer": 1, "number": 1.0}.get(str(kind))


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
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _SERVE, str(SECONDS)], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stdout is not None  # noqa: S101 - it is a pipe
            url = server.stdout.readline().strip()
            for system in (*SYSTEMS, *reversed(SYSTEMS)):
                command = [sys.executable, "-c", _RUN, system, url, str(words), str(articles)]
                said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
                found = json.loads(said.splitlines()[-1])
                if system not in best or found["per_second"] > best[system]["per_second"]:
                    best[system] = {"system": system, "words": words, **found}
        finally:
            server.kill()
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
        async with openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0) as client:

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
        async with openai.AsyncOpenAI(base_url=url, api_key="k", max_retries=0) as plain:
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
            plan="single",
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
        command = [sys.executable, "-c", _MEMORY, str(size)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        measured.append({"articles": size, **json.loads(said.splitlines()[-1])})
    return measured


def measure_memory(articles: int) -> None:
    """Run a batch of one-sentence texts with one field on a model in process, and print what it took as JSON."""
    import resource

    from pydantic import BaseModel

    from evals.bench import Canned
    from summarizer import summarize_many
    from summarizer.llm.base import Reply, Request, T
    from summarizer.schema.values import Usage

    class Named(BaseModel):
        """One question that code answers and one that the model is asked: enough to pass every stage."""

        bought: str | None = None

    class Instant(Canned):
        """Answers at once, without a memory that would grow."""

        async def ask(self, request: Request[T]) -> Reply[T]:
            schema = request.draft.model_json_schema()
            return Reply(draft=request.draft.model_validate(emptiest(schema, {})), usage=Usage(requests=1))

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
    from summarizer.batch.journal import Journal
    from summarizer.schema.values import Usage

    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for durable in (False, True):
            with Journal(Path(folder) / f"journal{durable}", durable=durable) as journal:
                start = time.perf_counter()
                for number in range(repeat):
                    key = f"{number:064x}"
                    journal.lookup(key)
                    journal.begin(key, "id")
                    journal.done(key, record, Usage(requests=2))
                found["durable_us" if durable else "us"] = (time.perf_counter() - start) / repeat * 1e6
    return found


def bench(sizes: Sequence[int] = SIZES, articles: int = ARTICLES) -> dict[str, Any]:
    """Measure everything. The result can be written as JSON."""
    from evals.bench import Canned
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
