"""The batch: many articles through ``asummarize``, a bounded number at a time.

Memory does not grow with the input: at most ``_WINDOW`` times the cap of articles are read, asked or waiting
to be handed out. All runs in one event loop, and our own work on an article (parsing, checking) runs there
too, so that one process is bounded by one core, however many articles are in flight.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from summarizer.batch.feed import Feed
from summarizer.batch.items import Item
from summarizer.batch.journal import Journal, State
from summarizer.batch.keys import Setup, item_key
from summarizer.batch.pace import Pace
from summarizer.batch.results import Budget, Progress, Result, of_entry, of_error, of_record, write_down
from summarizer.errors import (
    ConfigurationError,
    DeadlineExceeded,
    EndpointUnavailable,
    InputError,
    ModelProcessDied,
    RateLimited,
    SchemaError,
    SummarizerError,
)
from summarizer.llm.base import Model
from summarizer.llm.throttle import Throttle
from summarizer.pipeline import ReadingOptions, asummarize
from summarizer.reading import Source, load
from summarizer.records.values import Usage

_WINDOW = 4  # times the cap: room for articles that are done and wait for an earlier one
_STREAK = 20  # articles in a row that found no server: then it is gone, and the rest would fail as they did
_FIRST_STREAK = (
    3  # the same, where the server has never answered: the address is wrong, or nothing runs there
)
_OUTAGE = 900.0  # seconds that an article without a deadline waits for a server that is away
_FIRST_OUTAGE = 30.0  # seconds from the start that all wait for a server that has never answered
_LOOK_UP = 0.5  # seconds after which a waiting article sees that the run is ending
_GRACE = 1.0  # seconds in which the pipeline may say itself that the time is up, and what was spent
_NOTE_EVERY = 1.0  # seconds between two notes of the progress in the journal


class _Fatal(Exception):
    """What would fail every article as it did this one."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass
class Batch:
    """One run over many articles.

    ``reading`` is settled: its templates and prices are read. ``cap`` bounds the articles in flight,
    ``deadline`` is in seconds for one article (None: no limit), ``tell`` is called after each result. ``stopped`` says why a run ended early, in a word: ``stopped`` (by
    ``stop``) or ``budget``; it is empty where it did not. ``ended``: all there is has been handed out.
    """

    model: Model
    setup: Setup
    schema: type[BaseModel]
    reading: ReadingOptions = field(default_factory=lambda: ReadingOptions())
    cap: int = 32
    deadline: float | None = None
    journal: Journal | None = None
    in_order: bool = True
    retry_failed: bool = False
    budget: Budget | None = None
    tell: Callable[[Progress], None] = lambda progress: None
    progress: Progress = field(default_factory=Progress)
    stopped: str = ""
    ended: bool = False

    def __post_init__(self) -> None:
        self._digest = self.setup.digest
        self._pace = Pace(self.cap)
        self._earlier = (
            self.journal.spent() if self.journal is not None and self.budget is not None else Usage()
        )
        self._spent = Usage()
        self._asked = 0
        self._fatal: Exception | None = None
        self._feed: Feed[Item] | None = None
        self._running: dict[str, asyncio.Future[Result | None]] = {}
        self._unreached: list[str] = []  # keys of the articles since the server last answered one
        self._no_server: SummarizerError | None = None  # what the last of them met
        self._answered = False
        self._first_asked: float | None = None
        self._noted = 0.0
        throttle = getattr(self.model, "throttle", None)  # a model of the user's own may have none
        self._throttle = throttle if isinstance(throttle, Throttle) else None
        self._asked_to_wait = self._throttle.asked_to_wait if self._throttle is not None else 0
        self._gate = asyncio.Lock()

    def stop(self, why: str = "stopped") -> None:
        """Begin no more articles; those in flight are finished and handed out. Call it in the loop's thread."""
        self.stopped = self.stopped or why
        if self._feed is not None:
            self._feed.stop()

    async def results(self, items: Iterable[Item] | AsyncIterable[Item]) -> AsyncIterator[Result]:
        """Yield what comes of each item.

        Raises what ends the run (a ConfigurationError, a SchemaError, an EndpointError where the server is
        gone, or what the input raised) after everything that was in flight has been yielded.
        """
        self._feed = Feed(items)
        window = asyncio.Semaphore(_WINDOW * self.cap)
        out: asyncio.Queue[asyncio.Task[Result | None] | None] = asyncio.Queue()
        tasks: set[asyncio.Task[Result | None]] = set()
        driver = asyncio.create_task(self._drive(self._feed, window, out, tasks))
        try:
            while (task := await out.get()) is not None:
                result = await task
                window.release()
                if result is not None:
                    yield result
            await driver
            if self._fatal is not None:
                raise self._fatal
            if isinstance(self._no_server, EndpointUnavailable) and not self._reached and not self.stopped:
                raise self._gone(self._no_server)
            self.ended = True
        finally:
            self._feed.stop()
            for one in (driver, *tasks):
                one.cancel()
            await asyncio.gather(driver, *tasks, return_exceptions=True)
            with suppress(ConfigurationError):  # a full disk was told of where it first showed
                self._note(at_once=True)

    async def _drive(
        self,
        items: Feed[Item],
        window: asyncio.Semaphore,
        out: asyncio.Queue[asyncio.Task[Result | None] | None],
        tasks: set[asyncio.Task[Result | None]],
    ) -> None:
        """Begin a task for each item as the window has room; hand it out at once, or when it is done."""
        try:
            async for item in items:
                await window.acquire()
                if self._ending:
                    break
                task = asyncio.create_task(self._one(item))
                if self.in_order:
                    out.put_nowait(task)
                else:
                    task.add_done_callback(out.put_nowait)
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        finally:
            if not self.in_order and tasks:
                await asyncio.wait(tasks)
            out.put_nowait(None)

    @property
    def _ending(self) -> bool:
        return bool(self.stopped) or self._fatal is not None

    async def _one(self, item: Item) -> Result | None:
        """What comes of one item; None where the run ended before it was asked, or while it was."""
        try:
            result = await self._read_and_ask(item)
            if result is not None:
                self.progress.count(result)
                self._note()
                self.tell(self.progress)
        except (ConfigurationError, SchemaError) as error:
            self._end(error)
            return None
        except _Fatal as fatal:
            self._end(fatal.error)
            return None
        return result

    def _end(self, error: Exception) -> None:
        if self._fatal is None:
            self._fatal = error
            if self._feed is not None:
                self._feed.stop()

    async def _read_and_ask(self, item: Item) -> Result | None:
        try:
            source = await self._load(item)
        except Exception as error:
            return of_error(item.id, None, error)
        key = item_key(source.text, self._digest)
        while key in self._running:  # the same text under another id: paid for once
            twin = await asyncio.shield(self._running[key])
            if twin is None:
                return None
            if self.journal is None:
                return twin.under(item.id)
        known = self._look_up(item, key)
        if known is not None:
            return known
        answer: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._running[key] = answer
        result = None
        try:
            result = await self._ask(item, key, source)
        finally:
            del self._running[key]
            answer.set_result(result)
        return result

    async def _load(self, item: Item) -> Source:
        if item.error is not None:
            raise item.error
        assert item.source is not None  # noqa: S101 - an item has a source or an error
        if isinstance(item.source, str):
            return load(item.source)
        return await asyncio.to_thread(load, item.source)

    def _look_up(self, item: Item, key: str) -> Result | None:
        """The result that the journal has; None where the article is to be asked."""
        if self.journal is None:
            return None
        entry = self.journal.lookup(key)
        failed = entry is not None and entry.state is State.FAILED and entry.run != self.journal.run
        return None if failed and self.retry_failed else of_entry(item.id, entry, self.schema)

    async def _ask(self, item: Item, key: str, source: Source) -> Result | None:
        await self._pace.acquire()
        self.progress.in_flight, self.progress.limit = self._pace.in_flight, self._pace.limit
        try:
            await self._keep_rates()
            if not self._ending and not self._affordable():
                self.stop("budget")
            if self._ending:
                return None
            if self.journal is not None:
                self.journal.begin(key, item.id)
            result = await self._answer(item, key, source)
            self._write_down(result)
            self._pace.finished()
            self._heed_limits()
            return result
        finally:
            self._pace.release()
            self.progress.in_flight, self.progress.limit = self._pace.in_flight, self._pace.limit

    async def _keep_rates(self) -> None:
        """Begin no faster than the limits a minute allow, so that nobody's deadline runs while he waits for them."""
        throttle = self._throttle
        if throttle is not None and throttle.rates.limited:
            async with self._gate:
                wait = throttle.rates.spacing
                while wait > 0 and not self._ending:
                    await asyncio.sleep(min(wait, 1.0))
                    wait = max(wait - 1.0, throttle.room_in())

    def _heed_limits(self) -> None:
        """Fewer at a time, where the server has asked any request to wait since this was last looked at."""
        if self._throttle is not None and self._throttle.asked_to_wait > self._asked_to_wait:
            self._asked_to_wait = self._throttle.asked_to_wait
            self._pace.limited()

    async def _answer(self, item: Item, key: str, source: Source) -> Result:
        """Ask, and tell what fails this article from what would fail all. Raises _Fatal for the latter."""
        try:
            record = await self.ask(source, item.id)
        except (ConfigurationError, ModelProcessDied, SchemaError) as error:
            raise _Fatal(error) from error
        except Exception as error:
            self._heed(error, key)
            return of_error(item.id, key, error)
        if record.usage.requests or self._throttle is None:  # some articles need no request
            self._hear()
        return of_record(item.id, key, record, self.schema)

    @property
    def _reached(self) -> bool:
        """Whether the server has answered anything, in whatever way."""
        return self._answered or (self._throttle is not None and self._throttle.answered)

    def _hear(self) -> None:
        """The server has answered."""
        self._answered = True
        self._unreached.clear()
        self._no_server = None

    def _heed(self, error: Exception, key: str) -> None:
        """Learn from a failed article whether the server is there. Raises _Fatal where it is gone."""
        if isinstance(error, RateLimited):
            self._pace.limited()
            self._answered = True
        no_answer = isinstance(error, (EndpointUnavailable, RateLimited))
        late = isinstance(error, DeadlineExceeded) and not self._reached
        if not (no_answer or late):
            if not isinstance(error, InputError):  # an article that cannot be used needs no server
                self._hear()
            return
        assert isinstance(error, SummarizerError)  # noqa: S101 - for the type checker
        self._unreached.append(key)
        self._no_server = error
        most = _STREAK if late or self._reached else _FIRST_STREAK
        if len(self._unreached) >= most or (no_answer and self._fatal is not None):
            raise _Fatal(self._gone(error)) from error

    async def ask(self, source: Source, id: str) -> Any:
        """Read one article within its deadline; while the server is known to be away, wait and send nothing.

        What another engine does elsewhere. Raises the errors of ``asummarize``.
        """
        now = time.monotonic()
        self._first_asked = self._first_asked or now
        until = now + (self.deadline or _OUTAGE)
        while True:
            try:
                given: Any = source
                limit = None if self.deadline is None else max(0.0, until - time.monotonic()) + _GRACE
                reading = asummarize(
                    given,
                    schema=self.schema,
                    id=id,
                    model=self.model,
                    deadline=self.deadline,
                    **self.reading,
                )
                return await asyncio.wait_for(reading, limit)
            except asyncio.TimeoutError:
                raise DeadlineExceeded(
                    f"The article was not done within its {self.deadline:g} s. What it cost is not known."
                ) from None
            except EndpointUnavailable as error:
                nothing_sent = error.attempts == 0 and error.retry_after is not None
                again = time.monotonic() + (error.retry_after or 0.0)
                patience = until if self._reached else min(until, self._first_asked + _FIRST_OUTAGE)
                if not nothing_sent or self._ending or again >= patience:
                    raise
                await self._wait_until(again)

    async def _wait_until(self, moment: float) -> None:
        while not self._ending and (left := moment - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _LOOK_UP))

    def _gone(self, error: SummarizerError) -> EndpointUnavailable:
        """The server is gone: end the run, and leave to the next one those that failed by no fault of their own."""
        if self.journal is not None:
            for key in self._unreached:
                self.journal.reopen(key)
        count = len(self._unreached)
        articles = "1 article" if count == 1 else f"{count} articles in a row"
        so_far = "found no server that answers" if self._reached else "found no server that has ever answered"
        return EndpointUnavailable(f"{articles} {so_far}, so the batch ends here. The last one: {error}")

    def _write_down(self, result: Result) -> None:
        self._asked += 1
        self._spent += result.usage
        if self.journal is not None:
            write_down(result, self.journal)

    def _affordable(self) -> bool:
        """Whether this article may be begun, if it and those in flight cost as much as the ones before."""
        if self.budget is None:
            return True
        now = self.budget.used(self._spent)
        each = now / self._asked if self._asked else 0.0
        return self.budget.used(self._earlier) + now + each * self._pace.in_flight < 1

    def _note(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if self.journal is not None and self.journal.run and (at_once or now - self._noted >= _NOTE_EVERY):
            self._noted = now
            self.journal.note(self.progress.as_dict())
