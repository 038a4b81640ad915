"""One article from its text to its record; what ``summarize``, ``asummarize`` and the batches share."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, cast, overload

from pydantic import BaseModel
from typing_extensions import Unpack

from summarizer import background, prices, prompting, tracing
from summarizer.asking.fields import fields_of, is_plain
from summarizer.document import read_document
from summarizer.errors import ConfigurationError, NotEnglish, SummarizerError
from summarizer.facts import Fact
from summarizer.inventory import Inventory, take_inventory
from summarizer.language import is_english
from summarizer.llm.base import Model, Profile
from summarizer.llm.deadline import within
from summarizer.llm.loading import load_in_thread
from summarizer.llm.off_loop import off_loop
from summarizer.options import CommonOptions, Options, check_names
from summarizer.plans.faceted import Faceted
from summarizer.plans.fill import Plan, fill
from summarizer.plans.run import Progress, Run
from summarizer.plans.whole import Whole
from summarizer.reading import Source, Url, load
from summarizer.records.deal import DealSummary
from summarizer.records.values import SourceInfo, Usage
from summarizer.settings import PLANS, TRUSTS, Settings, resolve
from summarizer.stream import AsyncStream, Stream
from summarizer.watching import Watched, log, spent

R = TypeVar("R", bound=BaseModel)


@overload
def summarize(
    source: str | Path | bytes | Url, *, stream: Literal[False] = False, **options: Unpack[Options]
) -> DealSummary: ...
@overload
def summarize(
    source: str | Path | bytes | Url,
    *,
    schema: type[R],
    stream: Literal[False] = False,
    **options: Unpack[Options],
) -> R: ...
@overload
def summarize(
    source: str | Path | bytes | Url, *, stream: Literal[True], **options: Unpack[Options]
) -> Stream[DealSummary]: ...
@overload
def summarize(
    source: str | Path | bytes | Url, *, schema: type[R], stream: Literal[True], **options: Unpack[Options]
) -> Stream[R]: ...
def summarize(
    source: str | Path | bytes | Url,
    *,
    schema: type[BaseModel] = DealSummary,
    stream: bool = False,
    **options: Unpack[Options],
) -> Any:
    """Read one article and return its record.

    - ``source``: the text itself, a ``Path``, undecoded bytes, or a ``Url`` to fetch (needs the ``[web]`` extra).
    - ``fetch``: fetch ``source`` where it is a string that is nothing but an address; else that is an error.
    - ``schema``: any Pydantic model made of the value types; ``DealSummary`` where not given.
    - ``model``, ``base_url``, ``api_key``: an OpenAI-compatible endpoint; without them the environment
      (``SUMMARIZER_MODEL`` …), else the embedded model. ``model`` may also be an object with the methods
      of ``summarizer.llm.base.Model``.
    - ``timeout``, ``deadline``: seconds for one request, and for the article as a whole.
    - ``config``: the project file, where it is not the nearest ``summarizer.toml`` or ``pyproject.toml``.
    - ``plan``: ``whole`` or ``faceted``, and ``trust``: ``model`` or ``rules``; where not given, settings, then the
      model's profile. A schema of plain annotations is always filled by the model, whose answers are trusted.
    - ``prompt_dir``: a folder whose templates go before the shipped ones, or templates that
      ``summarizer.prompting`` has read.
    - ``max_windows``: of a text longer than the model's context, read at most so many windows; else all that hold a
      figure or a name of the deal. ``source.windows_read`` and a finding tell what was read.
    - ``strict``: raise UnsupportedClaims instead of leaving out what the text does not support.
    - ``stream``: return an iterator of ``Fact`` instead, each told as soon as it is grounded; its
      ``record()`` is what would have been returned. Nothing is done before the first fact is asked for.
    - ``id``: a name for the source; ``progress``: called with each stage.
    - ``on_request(request)``, ``on_reply(request, reply)``, ``on_error(request, error)``: called around each
      request to the model, with the types of ``summarizer.llm.base``; functions or coroutine functions. They
      run on the event loop (of a thread of its own for ``summarize``), which waits for them. What they raise
      ends the article and comes out as it is.
    - ``trace``: OpenTelemetry spans; see ``summarizer.tracing``. ``prices``: a table or file of prices that
      go before those known; see ``summarizer.prices``.

    Returns an instance of ``schema`` that also has ``findings``, ``source``, ``provenance`` and ``usage``.
    Raises the errors of ``summarizer.errors``. Works inside a running event loop too, which it blocks;
    there, ``asummarize`` is the better choice.
    """
    check_names("summarize", options, Options)
    if stream:
        return Stream(lambda tell: _read(source, schema, options, tell))
    return background.run(_read(source, schema, options))


@overload
def asummarize(
    source: str | Path | bytes | Url, *, stream: Literal[False] = False, **options: Unpack[Options]
) -> Coroutine[Any, Any, DealSummary]: ...
@overload
def asummarize(
    source: str | Path | bytes | Url,
    *,
    schema: type[R],
    stream: Literal[False] = False,
    **options: Unpack[Options],
) -> Coroutine[Any, Any, R]: ...
@overload
def asummarize(
    source: str | Path | bytes | Url, *, stream: Literal[True], **options: Unpack[Options]
) -> AsyncStream[DealSummary]: ...
@overload
def asummarize(
    source: str | Path | bytes | Url, *, schema: type[R], stream: Literal[True], **options: Unpack[Options]
) -> AsyncStream[R]: ...
def asummarize(
    source: str | Path | bytes | Url,
    *,
    schema: type[BaseModel] = DealSummary,
    stream: bool = False,
    **options: Unpack[Options],
) -> Any:
    """Read one article: ``await`` it for the record; with ``stream=True``, ``async for`` its facts.

    ``summarize`` says the rest.
    """
    check_names("asummarize", options, Options)
    if stream:
        return AsyncStream(lambda tell: _read(source, schema, options, tell))
    return _read(source, schema, options)


async def _read(
    source: str | Path | bytes | Url | Source,
    schema: type[BaseModel],
    options: Options,
    tell_fact: Callable[[Fact], None] | None = None,
) -> Any:
    """Read one article and return its record; what both functions and their streams share."""
    async with opened(source, schema, options) as article:
        return await article.record(article.inventory, tell_fact)


@dataclass
class Article:
    """A text that was loaded, with the model that reads it."""

    source: Source
    inventory: Inventory
    schema: type[BaseModel]
    prompts: prompting.Prompts
    watched: Watched
    chosen: Chosen
    tell: Progress
    options: Options
    report: _Report

    async def record(self, inventory: Inventory, tell_fact: Callable[[Fact], None] | None = None) -> Any:
        """Read the text, or the part that an inventory leaves of it, into a record."""
        run = self.run(inventory, tell_fact)
        plan = await fill(run, self.plan, self.schema, self.options.get("max_windows"))
        record = await off_loop(
            len(inventory.document.text),
            lambda: run.record(
                self.schema,
                plan.certainty,
                strict=self.options.get("strict", False),
                seconds=time.perf_counter() - self.report.started,
            ),
        )
        self.report.findings += len(record.findings)
        return record.model_copy(update={"source": self._described(record.source)})

    def _described(self, info: SourceInfo) -> SourceInfo:
        """What the page that the text was taken from says of itself is added."""
        source = self.source
        told = {"title": info.title or source.title, "outlet": source.outlet, "published": source.published}
        return info.model_copy(update=told)

    def run(self, inventory: Inventory, tell_fact: Callable[[Fact], None] | None = None) -> Run:
        """What one record's requests and facts are kept in."""
        run = Run(
            inventory, self.prompts, self.watched, self.chosen.plan, self.chosen.trust, self.tell, tell_fact
        )
        self.report.runs.append(run)
        return run

    def plan(self, run: Run) -> Plan:
        """The plan that fills a run."""
        return Faceted(run, self.schema) if self.chosen.narrow else Whole(run, self.schema)


@asynccontextmanager
async def opened(
    source: str | Path | bytes | Url | Source,
    schema: type[BaseModel],
    options: Options,
    *,
    every_story: bool = False,
) -> AsyncIterator[Article]:
    """Load an article and the model that reads it; the deadline and the report cover what is done inside."""
    # What cannot work - a schema, a plan, a setting - is refused before anything is spent.
    fields_of(schema)
    settings, plan, trust, prompts = choose(options)
    most = options.get("max_windows")
    if most is not None and most < 1:
        raise ConfigurationError(f"max_windows is {most}; at least one window has to be read.")
    known, spans = prices.load(options.get("prices")), tracing.start(options.get("trace"))
    progress = options.get("progress")
    tell = progress or _silent
    tell("reading the article", 0, 0)
    limit = settings.deadline if settings else options.get("deadline")
    with _reported(spans, schema.__name__) as report, within(limit):
        given = source if isinstance(source, Source) else await _load(source, options.get("fetch", False))
        report.name = options.get("id") or given.id
        inventory = await off_loop(len(given.text), lambda: _inventory(given, report.name, every_story))
        if settings is not None:
            with within(None):  # weights may have to be joined first, which is no part of the article
                model = await load_in_thread(partial(open_shared, settings), progress)
        else:
            model = cast(Model, options.get("model"))
        watched = Watched(
            model,
            known,
            spans,
            on_request=options.get("on_request"),
            on_reply=options.get("on_reply"),
            on_error=options.get("on_error"),
        )
        chosen = Chosen.of(watched.profile, schema, plan, trust)
        yield Article(given, inventory, schema, prompts, watched, chosen, tell, options, report)


async def _load(source: str | Path | bytes | Url, fetch: bool) -> Source:
    """Load an article, in a thread unless it is a short text."""
    if isinstance(source, str) and not fetch:
        return await off_loop(len(source), lambda: load(source))
    return await asyncio.to_thread(load, source, fetch=fetch)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Plan and trust of a run, and why."""

    plan: str
    trust: str
    why: str = ""

    @classmethod
    def of(cls, profile: Profile, schema: type[BaseModel], plan: str | None, trust: str | None) -> Chosen:
        """Choose for a model's profile and a schema what the settings leave open."""
        if is_plain(schema):
            return cls(
                plan or "whole", "model", "the schema has plain annotations, of which no rule knows anything"
            )
        return cls(plan or profile.plan, trust or profile.trust)

    @property
    def narrow(self) -> bool:
        """Whether code makes narrow questions from the article, instead of a draft from the schema."""
        return self.plan == "faceted" and self.trust == "rules"


def choose(options: CommonOptions) -> tuple[Settings | None, str | None, str | None, prompting.Prompts]:
    """Settle what the options leave open: the settings (None for a model given as an object), plan, trust and prompts.

    Plan and trust are None where the model's profile is to choose. Raises ConfigurationError.
    """
    model, settings = options.get("model"), None
    if model is None or isinstance(model, str):
        settings = resolve(
            model,
            options.get("base_url"),
            options.get("api_key"),
            config=options.get("config"),
            timeout=options.get("timeout"),
            deadline=options.get("deadline"),
            plan=options.get("plan"),
            trust=options.get("trust"),
        )
    plan = settings.plan if settings else options.get("plan")
    trust = settings.trust if settings else options.get("trust")
    for name, value, known in (("plan", plan, PLANS), ("trust", trust, TRUSTS)):
        if value is not None and value not in known:
            raise ConfigurationError(f"There is no {name} {value!r}. Choose one of: {', '.join(known)}.")
    prompts = prompting.load(options.get("prompt_dir") or (settings.prompt_dir if settings else None))
    return settings, plan, trust, prompts


@dataclass
class _Report:
    """What the log and the span say of one article at its end."""

    name: str = "article"
    runs: list[Run] = field(default_factory=list)
    findings: int = 0
    started: float = field(default_factory=time.perf_counter)

    @property
    def usage(self) -> Usage:
        """What the requests so far cost, with the seconds since the beginning."""
        usage = sum((run.usage for run in self.runs), Usage())
        return usage.model_copy(update={"seconds": round(time.perf_counter() - self.started, 3)})


@contextmanager
def _reported(spans: tracing.Tracing, schema: str) -> Iterator[_Report]:
    """One line of the log and one span for an article, however it ends; an error says what all of it cost."""
    report = _Report()
    with spans.article({"summarizer.records": schema}) as found:
        try:
            yield report
        except BaseException as error:  # a cancelled one too
            if report.runs and isinstance(error, SummarizerError):
                spent_before = sum((run.usage for run in report.runs), Usage())
                error.usage = spent_before + (error.usage or Usage(requests=error.attempts))
            log.info("%r: %s, %s", report.name, type(error).__name__, spent(report.usage))
            raise
        else:
            log.info("%r: done, findings %d, %s", report.name, report.findings, spent(report.usage))
        finally:
            found(
                {
                    "summarizer.source.id": report.name,
                    "summarizer.requests": report.usage.requests,
                    "summarizer.findings": report.findings,
                }
            )


def _silent(_stage: str, _done: int, _total: int) -> None:
    return None


def _inventory(given: Source, id: str, every_story: bool) -> Inventory:
    document = read_document(given.text, id=id, every_story=every_story)
    inventory = take_inventory(document)
    if not is_english(given.text):
        raise NotEnglish(
            "The text does not seem to be English. Figures, hedges and roles are read in English only: give an English text."
        )
    return inventory


_models: dict[Settings, Model] = {}
_models_lock = threading.Lock()


def open_shared(settings: Settings, progress: Progress | None) -> Model:
    """The model of these settings: one for the process, so that its connections and its server are shared."""
    from summarizer.llm.open import open_model

    with _models_lock:
        if settings not in _models:
            _models[settings] = open_model(settings, progress)
        return _models[settings]
