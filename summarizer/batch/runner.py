"""The runner: many articles through ``asummarize``, a bounded number at a time.

Memory does not grow with the input: at most ``_WINDOW`` times the cap of articles are being read, asked or
waiting to be yielded. Everything runs in one event loop, our own work on an article (parsing, checks)
included, so one process uses one core at most, however many articles are in flight.
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
from summarizer.batch.keys import Setup, item_key
from summarizer.batch.outage import Outage, ServerGone
from summarizer.batch.pace import Pace
from summarizer.batch.results import Budget, Progress, Result, of_entry, of_error, of_record
from summarizer.batch.store import State, Store
from summarizer.errors import (
    ConfigurationError,
    DeadlineExceeded,
    EndpointUnavailable,
    ModelProcessDied,
    RateLimited,
    SchemaError,
)
from summarizer.llm.base import Model
from summarizer.llm.throttle import Throttle
from summarizer.options import ReadingOptions
from summarizer.pipeline import asummarize
from summarizer.reading import Source, load
from summarizer.records.values import Usage

_WINDOW = 4  # times the cap: room for finished articles that wait for an earlier one
_OUTAGE = 900.0  # seconds that an article without a deadline waits for a server that is away
_FIRST_OUTAGE = 30.0  # seconds from the start that all articles wait for a server that has never answered
_POLL = 0.5  # seconds after which a waiting article notices that the run is ending
_GRACE = 1.0  # seconds for the pipeline to report an exceeded deadline itself, with the usage
_NOTE_EVERY = 1.0  # seconds between two notes of the progress in the store


class _Fatal(Exception):
    """An error that every other article would meet too."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass
class Batch:
    """One run over many articles.

    ``reading`` is resolved: its templates and prices have been read. ``cap`` limits the articles in flight,
    ``deadline`` is in seconds for one article (None: no limit), ``tell`` is called after each result.
    ``stopped`` is the reason of an early end (that of ``stop``, or ``budget``), else empty. ``ended`` is set
    once everything has been yielded.
    """

    model: Model
    setup: Setup
    schema: type[BaseModel]
    reading: ReadingOptions = field(default_factory=lambda: ReadingOptions())
    cap: int = 32
    deadline: float | None = None
    store: Store | None = None
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
        self._earlier = self.store.spent() if self.store is not None and self.budget is not None else Usage()
        self._spent = Usage()
        self._asked = 0
        self._fatal: Exception | None = None
        self._feed: Feed[Item] | None = None
        self._running: dict[str, asyncio.Future[Result | None]] = {}
        self._first_asked: float | None = None
        self._noted = 0.0
        throttle = getattr(self.model, "throttle", None)  # a model object of the user may have none
        self._throttle = throttle if isinstance(throttle, Throttle) else None
        self._asked_to_wait = self._throttle.asked_to_wait if self._throttle is not None else 0
        self._outage = self._watch_server()
        self._gate = asyncio.Lock()

    def _watch_server(self) -> Outage:
        throttle = self._throttle
        return Outage(lambda: throttle is not None and throttle.answered)

    def stop(self, why: str = "stopped") -> None:
        """Begin no more articles; those in flight are finished and yielded. Call it in the loop's thread."""
        self.stopped = self.stopped or why
        if self._feed is not None:
            self._feed.stop()

    async def results(self, items: Iterable[Item] | AsyncIterable[Item]) -> AsyncIterator[Result]:
        """Yield the result of each item.

        Raises what ends the run (ConfigurationError, SchemaError, EndpointError if the server is gone, or an
        error of the input) after everything that was in flight has been yielded.
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
            if self._outage.from_the_start and not self.stopped:
                raise self._gone()
            self.ended = True
        finally:
            self._feed.stop()
            for one in (driver, *tasks):
                one.cancel()
            await asyncio.gather(driver, *tasks, return_exceptions=True)
            with suppress(ConfigurationError):  # a full disk was reported where it first occurred
                self._note(at_once=True)

    async def _drive(
        self,
        items: Feed[Item],
        window: asyncio.Semaphore,
        out: asyncio.Queue[asyncio.Task[Result | None] | None],
        tasks: set[asyncio.Task[Result | None]],
    ) -> None:
        """Start a task for each item as the window has room; put it out at once, or when it is done."""
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
        """Return the result of one item; None if the run ended before it was asked, or meanwhile."""
        try:
            result = await self._read_and_ask(item)
            if result is not None:
                self.progress.count(result)
                self._note()
                self.tell(self.progress)
        except (ConfigurationError, SchemaError) as error:
            self._end(error)
        except _Fatal as fatal:
            self._end(fatal.error)
        else:
            return result
        return None

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
        while key in self._running:  # the same text under another id is paid for once
            twin = await asyncio.shield(self._running[key])
            if twin is None:
                return None
            if self.store is None:
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
        """Return the stored result; None if the article has to be asked."""
        if self.store is None:
            return None
        entry = self.store.lookup(key)
        failed = entry is not None and entry.state is State.FAILED and entry.run != self.store.run
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
            if self.store is not None:
                self.store.begin(key, item.id)
            result = await self._answer(item, key, source)
            self._asked += 1
            self._spent += result.usage
            if self.store is not None:
                result.save(self.store)
            self._pace.finished()
            self._follow_throttle()
            return result
        finally:
            self._pace.release()
            self.progress.in_flight, self.progress.limit = self._pace.in_flight, self._pace.limit

    async def _keep_rates(self) -> None:
        """Wait here for the limits per minute, so that no deadline runs during the wait."""
        throttle = self._throttle
        if throttle is not None and throttle.rates.limited:
            async with self._gate:
                wait = throttle.rates.spacing
                while wait > 0 and not self._ending:
                    await asyncio.sleep(min(wait, 1.0))
                    wait = max(wait - 1.0, throttle.room_in())

    def _follow_throttle(self) -> None:
        """Lower the number in flight if the server has asked any request to wait since the last call."""
        if self._throttle is not None and self._throttle.asked_to_wait > self._asked_to_wait:
            self._asked_to_wait = self._throttle.asked_to_wait
            self._pace.limited()

    async def _answer(self, item: Item, key: str, source: Source) -> Result:
        """Ask for the record. Raises _Fatal for an error that every article would meet."""
        try:
            record = await self.ask(source, item.id)
        except (ConfigurationError, ModelProcessDied, SchemaError) as error:
            raise _Fatal(error) from error
        except Exception as error:
            if isinstance(error, RateLimited):
                self._pace.limited()
            try:
                self._outage.note_failure(key, error, ending=self._fatal is not None)
            except ServerGone:
                raise _Fatal(self._gone()) from error
            return of_error(item.id, key, error)
        if record.usage.requests or self._throttle is None:  # some articles need no request
            self._outage.note_answer()
        return of_record(item.id, key, record, self.schema)

    async def ask(self, source: Source, id: str) -> Any:
        """Read one article within its deadline. While the server is known to be away, wait and send nothing.

        Other engines override this. Raises the errors of ``asummarize``.
        """
        now = time.monotonic()
        self._first_asked = self._first_asked or now
        until = now + (self.deadline or _OUTAGE)
        given: Any = source
        while True:
            limit = None if self.deadline is None else max(0.0, until - time.monotonic()) + _GRACE
            try:
                reading = asummarize(
                    *(given,),
                    schema=self.schema,
                    id=id,
                    model=self.model,
                    deadline=self.deadline,
                    **self.reading,
                )
                return await asyncio.wait_for(reading, limit)
            except asyncio.TimeoutError:
                raise DeadlineExceeded(
                    f"The article exceeded its deadline of {self.deadline:g} s. Its cost is not known."
                ) from None
            except EndpointUnavailable as error:
                nothing_sent = error.attempts == 0 and error.retry_after is not None
                again = time.monotonic() + (error.retry_after or 0.0)
                patience = until if self._outage.reached else min(until, self._first_asked + _FIRST_OUTAGE)
                if not nothing_sent or self._ending or again >= patience:
                    raise
                await self._wait_until(again)

    async def _wait_until(self, moment: float) -> None:
        while not self._ending and (left := moment - time.monotonic()) > 0:
            await asyncio.sleep(min(left, _POLL))

    def _gone(self) -> EndpointUnavailable:
        """Return the error that ends the run; the articles that met it stay to be asked by the next run."""
        if self.store is not None:
            for key in self._outage.keys:
                self.store.reopen(key)
        return self._outage.error()

    def _affordable(self) -> bool:
        """Whether the budget allows one more article, if each in flight costs as much as the average so far."""
        if self.budget is None:
            return True
        now = self.budget.used(self._spent)
        each = now / self._asked if self._asked else 0.0
        return self.budget.used(self._earlier) + now + each * self._pace.in_flight < 1

    def _note(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if self.store is not None and self.store.run and (at_once or now - self._noted >= _NOTE_EVERY):
            self._noted = now
            self.store.note(self.progress.as_dict())
