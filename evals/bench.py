"""Times: our own work without a model, imports, and the pipeline beside one plain call on the same model.

The short times are medians of repeated runs. The two systems answer one article in one run, in both orders
(A B, then B A), each on a server that was started for it and has read nothing but a few words to warm up:
no cache of one can serve the other.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from evals.loopback import fill, words_of
from evals.outcomes import ratio
from evals.plain import extract
from evals.tables import table
from summarizer.llm.base import Model, Profile, Reply, Request, T
from summarizer.records.values import Usage

if TYPE_CHECKING:
    from summarizer.llm.embedded import Running

WORDS = 1000  # of the text on which our own work is timed
LINES = (1_000, 10_000)  # recorded lines whose scoring is timed

_IMPORT = "import time; start = time.perf_counter(); import summarizer; print(time.perf_counter() - start)"
_HELP = "import sys; sys.argv = ['summarizer', '--help']; from summarizer.cli.main import main; main()"
_SCORE = """
import json, resource, sys, time
from pathlib import Path
from evals.cases import read_cases
from evals.run import read_run
from evals.scored import score_run
start = time.perf_counter()
scored = score_run(read_run(Path(sys.argv[1])), read_cases())
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


@dataclass(frozen=True, slots=True)
class Canned:
    """A model that answers at once, always the same draft to the same request."""

    name: str = "canned"
    endpoint: str = "in process"
    mode: str = "json_schema"
    recorded: dict[str, Any] = field(default_factory=dict)  # by question, as making one up takes time
    profile: Profile = field(
        default_factory=lambda: Profile(plan="whole", trust="model", concurrency=1, reasks=1)
    )

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Fill the draft: the first of a closed set, one item in a list, words of the longest sentence."""
        if request.question not in self.recorded:
            self.recorded[request.question] = fill(
                request.draft.model_json_schema(), words_of(request.article)
            )
        draft = request.draft.model_validate(self.recorded[request.question])
        return Reply(draft=draft, usage=Usage(requests=1))


def article_of(texts: Sequence[str], words: int = WORDS) -> str:
    """Make one text of so many words out of the given ones; sentences that come again are made different."""
    parts: list[str] = []
    count = turn = 0
    while count < words:
        turn += 1
        for text in texts:
            again = text if turn == 1 else re.sub(r"(?<=[a-z])\.(?=\s|$)", f", says source {turn}.", text)
            parts.append(again)
            count += len(again.split())
    pieces = re.findall(r"\S+\s*", "\n\n".join(parts))
    return "".join(pieces[:words])


def own_work(text: str, repeat: int) -> dict[str, float]:
    """Milliseconds of everything but the model, on ``text``."""
    from summarizer import summarize
    from summarizer.document import read_document
    from summarizer.inventory import take_inventory

    model = Canned()
    summarize(text, model=model)  # imports, templates, answers
    return {
        "own_ms": _median(lambda: summarize(text, model=model), repeat) * 1000,
        "document_ms": _median(lambda: take_inventory(read_document(text)).figures, repeat) * 1000,
    }


def start_up(repeat: int) -> dict[str, float]:
    """Milliseconds of ``import summarizer``, and of ``summarizer --help`` with the interpreter's start."""
    inside = [float(run_python(_IMPORT)) for _ in range(repeat)]
    return {
        "import_ms": statistics.median(inside) * 1000,
        "help_ms": _median(lambda: run_python(_HELP), repeat) * 1000,
        "interpreter_ms": _median(lambda: run_python("pass"), repeat) * 1000,
    }


def scoring(sizes: Sequence[int]) -> list[dict[str, float]]:
    """Seconds and peak memory (MB of the process) of scoring so many recorded lines: each shipped case by turns."""
    from evals.cases import digest, read_cases
    from evals.gold_record import as_record
    from evals.run import FORMAT, Line

    lines = []
    for case in read_cases():
        record = as_record(case.gold, case.schema, case.text).model_dump(mode="json")
        lines.append(Line(case=case.id, input=digest(case.text), gold=case.gold_digest, record=record))
    measured = []
    for size in sizes:
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
            file.write(json.dumps({"format": FORMAT, "system": "gold", "model": "none"}) + "\n")
            for index in range(size):
                line = lines[index % len(lines)].model_copy(update={"repeat": index // len(lines)})
                file.write(line.model_dump_json() + "\n")
            file.flush()
            seconds, megabytes = json.loads(run_python(_SCORE, file.name))
        measured.append({"lines": size, "seconds": seconds, "peak_mb": megabytes})
    return measured


def run_python(code: str, *arguments: str) -> str:
    """Run the code in an interpreter of its own; what it prints."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def _median(work: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


@dataclass(frozen=True, slots=True)
class Run:
    """One system on one article: ``system`` is ours or plain, ``order`` ours first or plain first."""

    article: str
    system: str
    order: str
    seconds: float
    usage: Usage
    error: str = ""


ORDERS = {"ours first": ("ours", "plain"), "plain first": ("plain", "ours")}


def beside_plain(articles: Mapping[str, str], model: str, tell: Callable[[str], None]) -> list[Run]:
    """Run both systems on each article, in both orders; ``model`` is ``local`` or ``local:NAME``."""
    systems = {"ours": _ours, "plain": _plain}
    runs = []
    for name, text in articles.items():
        for order, pair in ORDERS.items():
            for system in pair:
                tell(f"{name}: {system} ({order})")
                runs.append(systems[system](name, order, text, model))
    return runs


def _ours(name: str, order: str, text: str, model: str) -> Run:
    from summarizer import SummarizerError, summarize

    _, opened = _fresh(model)
    start = time.perf_counter()
    try:
        usage, said = summarize(text, model=opened).usage, ""
    except SummarizerError as error:
        usage, said = error.usage or Usage(), f"{type(error).__name__}: {error}"
    return Run(name, "ours", order, time.perf_counter() - start, usage, said)


def _plain(name: str, order: str, text: str, model: str) -> Run:
    running, _ = _fresh(model)
    start = time.perf_counter()
    reply = extract(text, base_url=running.base_url, model=running.model, api_key=running.api_key)
    return Run(name, "plain", order, time.perf_counter() - start, reply.usage, reply.error)


def _fresh(model: str) -> tuple[Running, Model]:
    """Start the embedded model anew, which forgets all it has read, and make the weights warm."""
    import openai

    from summarizer.llm import embedded
    from summarizer.llm.open import open_model, weights_path
    from summarizer.settings import resolve

    embedded.stop()
    running = embedded.start(weights_path(model))
    client = openai.OpenAI(base_url=running.base_url, api_key=running.api_key, max_retries=0)
    client.chat.completions.create(
        model=running.model, messages=[{"role": "user", "content": "Count to three."}], max_tokens=8
    )
    return running, open_model(resolve(model))


def totals(runs: Sequence[Run], system: str) -> dict[str, float]:
    """Seconds and tokens of one system over all its runs."""
    mine = [run for run in runs if run.system == system]
    return {
        "seconds": sum(run.seconds for run in mine),
        "requests": sum(run.usage.requests for run in mine),
        "prompt": sum(run.usage.prompt_tokens for run in mine),
        "cached": sum(run.usage.cached_tokens for run in mine),
        "written": sum(run.usage.completion_tokens for run in mine),
    }


def ratios(runs: Sequence[Run]) -> dict[str, float]:
    """Ours over plain: seconds, tokens read anew (prompt less cached), tokens written."""
    ours, plain = totals(runs, "ours"), totals(runs, "plain")
    return {
        "seconds": ratio(ours["seconds"], plain["seconds"]),
        "read": ratio(ours["prompt"] - ours["cached"], plain["prompt"] - plain["cached"]),
        "written": ratio(ours["written"], plain["written"]),
    }


def bench(
    articles: Mapping[str, str],
    *,
    model: str | None,
    repeat: int = 15,
    tell: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Measure everything; ``model`` None leaves the model out. The result can be written as JSON."""
    tell("our own work, and imports")
    measured: dict[str, Any] = {
        "words": WORDS,
        **own_work(article_of(list(articles.values())), repeat),
        **start_up(min(repeat, 7)),
    }
    tell("scoring")
    measured["scoring"] = scoring(LINES)
    if model is not None:
        runs = beside_plain(articles, model, tell)
        measured["runs"] = [{**asdict(run), "usage": run.usage.model_dump(mode="json")} for run in runs]
        measured["ours"], measured["plain"] = totals(runs, "ours"), totals(runs, "plain")
        measured["ratio"] = ratios(runs)
        measured["ratio_by_order"] = {
            order: ratios([run for run in runs if run.order == order]) for order in ORDERS
        }
    return measured


def report(measured: Mapping[str, Any]) -> str:
    """Lay the measurements out as tables."""
    rows = [
        (f"our own work on {measured['words']} words, no model", f"{measured['own_ms']:.1f} ms"),
        ("  of which sentences and figures", f"{measured['document_ms']:.1f} ms"),
        ("import summarizer", f"{measured['import_ms']:.0f} ms"),
        ("summarizer --help, interpreter and all", f"{measured['help_ms']:.0f} ms"),
        ("  of which the bare interpreter", f"{measured['interpreter_ms']:.0f} ms"),
    ]
    parts = [table(("what", "median"), rows)]
    timed = [
        (f"{at['lines']:,}", f"{at['seconds']:.1f}", f"{at['peak_mb']:.0f}") for at in measured["scoring"]
    ]
    parts.append(table(("recorded lines scored", "s", "peak MB"), timed))
    if "runs" in measured:
        parts.append(_compared(measured))
    return "\n\n".join(parts)


def _compared(measured: Mapping[str, Any]) -> str:
    header = ("article", "system", "order", "s", "requests", "prompt", "cached", "written", "error")
    rows: list[tuple[object, ...]] = []
    for run in measured["runs"]:
        usage = run["usage"]
        spent = (
            usage["requests"],
            usage["prompt_tokens"],
            usage["cached_tokens"],
            usage["completion_tokens"],
        )
        rows.append(
            (run["article"], run["system"], run["order"], f"{run['seconds']:.1f}", *spent, run["error"][:60])
        )
    compared = {"all": measured["ratio"], **measured["ratio_by_order"]}
    ratio_rows = [
        (order, *(f"{ratio[key]:.2f}" for key in ("seconds", "read", "written")))
        for order, ratio in compared.items()
    ]
    return (
        table(header, rows)
        + "\n\n"
        + table(("ours / plain", "seconds", "tokens read anew", "tokens written"), ratio_rows)
    )
