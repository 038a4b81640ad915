"""Read articles for the API: load, wait for the turn, summarise, and tell of each step."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar, cast

from summarizer.checks import walk
from summarizer.dossiers import reconcile
from summarizer.dossiers.many import dossiers
from summarizer.dossiers.model import DealDossier
from summarizer.dossiers.sources import records_of
from summarizer.errors import ConfigurationError, InputError, InputTooLarge, SummarizerError
from summarizer.many_deals import asummarize_all
from summarizer.pipeline import asummarize
from summarizer.reading import Source, Url, is_address, load, load_bytes
from summarizer.records.deal import DealSummary
from summarizer.serve.failures import Refusal
from summarizer.serve.queue import Place, WorkQueue
from summarizer.serve.shown import facts_shown, record_shown
from summarizer.serve.types import (
    MAX_TEXT,
    ArticleFailed,
    ArticleGiven,
    ArticleRead,
    DossierRequest,
    SummaryResponse,
)

T = TypeVar("T")
_MOST_DIGITS = 40
Tell = Callable[[str, Mapping[str, Any]], None]
"""Told of each event: its name, and its data."""


@dataclass(frozen=True)
class OfferedModel:
    """A model that clients may choose. ``options`` are those of ``summarize``."""

    name: str
    embedded: bool
    options: Mapping[str, Any]


@dataclass
class Service:
    """What all requests share: the models on offer, the queue, and the work that is under way."""

    offers: Sequence[OfferedModel]
    queue: WorkQueue
    running: set[asyncio.Future[Any]] = field(default_factory=set)

    def offer(self, name: str | None) -> OfferedModel:
        """Return the model of a name, or the default. Raises InputError."""
        if name is None:
            return self.offers[0]
        for one in self.offers:
            if one.name == name:
                return one
        known = ", ".join(one.name for one in self.offers)
        raise InputError(f"There is no model {name!r} here. Choose one of: {known}.")

    def close(self) -> None:
        """Cancel all work."""
        for work in self.running:
            work.cancel()


@dataclass(frozen=True)
class Upload:
    """A file that was sent."""

    name: str
    data: bytes


class Work(Generic[T]):
    """Work that is under way, its events, and its place in the queue, which is left when the work ends."""

    def __init__(self, service: Service, place: Place, do: Callable[[Tell], Coroutine[Any, Any, T]]) -> None:
        self._loop = asyncio.get_running_loop()
        self._events: asyncio.Queue[tuple[str, Mapping[str, Any]] | None] = asyncio.Queue()
        self._service, self._place = service, place
        self.task = asyncio.ensure_future(do(self._tell))
        self.task.add_done_callback(self._end)
        place.keep()
        service.running.add(self.task)

    def _tell(self, name: str, data: Mapping[str, Any]) -> None:
        # A model may be loaded in a thread, which tells of its progress.
        self._loop.call_soon_threadsafe(self._events.put_nowait, (name, data))

    def _end(self, task: asyncio.Future[T]) -> None:
        self._place.leave()
        self._service.running.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not log it with a traceback
        self._loop.call_soon(self._events.put_nowait, None)

    async def events(self, silence: float) -> AsyncIterator[tuple[str, Mapping[str, Any]] | None]:
        """Yield the events until the work ends, and None after each ``silence`` of so many seconds."""
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), silence)
            except asyncio.TimeoutError:
                yield None
                continue
            if event is None:
                return
            yield event

    def result(self) -> T:
        """Return what the work came to. Raises what went wrong."""
        if self.task.cancelled():
            raise Refusal(
                503, "ShuttingDown", "The server is shutting down. Send the article again when it is back."
            )
        return self.task.result()

    def cancel(self) -> None:
        """End the work, and the model request that it waits for."""
        self.task.cancel()


async def loaded(given: ArticleGiven | Upload) -> Source:
    """Load an article in a thread. Addresses go through the package's own fetcher, which refuses private ones."""
    source = await asyncio.to_thread(_load, given)
    if len(source.text) > MAX_TEXT:
        raise InputTooLarge(f"The article has more than {MAX_TEXT:,} characters. Send a part of it.")
    return source


def _load(given: ArticleGiven | Upload) -> Source:
    if isinstance(given, Upload):
        return load_bytes(given.data, given.name)
    if given.url is not None:
        source = load(Url(given.url))
    else:
        text = given.text or ""
        if is_address(text):
            raise InputError("The text is only an address. Send it as url, not as text.")
        source = load(text)
    return Source(source.text, given.id or source.id, source.title, source.outlet, source.published)


async def summary(
    given: ArticleGiven | Upload,
    offer: OfferedModel,
    place: Place,
    tell: Tell,
    *,
    all_deals: bool,
    view: bool,
) -> SummaryResponse:
    """Read one article when its turn has come."""
    tell("progress", {"stage": "loading the article", "done": 0, "total": 0})
    source = await loaded(given)
    article = ArticleRead(id=source.id, title=source.title, text=source.text)
    tell("article", article.model_dump())
    await place.turn(lambda position: tell("queued", {"position": position}))
    options = {**offer.options, "progress": _progress(tell)}
    if all_deals:
        records = await asummarize_all(cast(Any, source), **options)
    else:
        records = [await _streamed(source, options, tell, view=view)]
    views = [record_shown(record) for record in records] if view else None
    return SummaryResponse(article=article, records=records, views=views)


async def _streamed(source: Source, options: Mapping[str, Any], tell: Tell, *, view: bool) -> DealSummary:
    """Read an article and tell each fact, with ``view`` also what is known so far in words."""
    known: dict[str, Any] = {}
    # A Source has been read before, and is not read again.
    async with asummarize(cast(Any, source), stream=True, **options) as stream:
        async for fact in stream:
            known[fact.field] = fact.value
            data = {"field": fact.field, "value": _json(fact.value)}
            tell("fact", {**data, "view": facts_shown(known)} if view else data)
        return cast(DealSummary, await stream.record())


def _progress(tell: Tell) -> Callable[[str, int, int], None]:
    return lambda stage, done, total: tell("progress", {"stage": stage, "done": done, "total": total})


def _json(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_json(part) for part in value]
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def records_given(given: Sequence[Mapping[str, Any]]) -> list[DealSummary]:
    """Return the records that a client sent. Raises InputError for an invalid record or an absurdly large figure."""
    records = records_of(given)
    for _, part in walk(records):
        for number in vars(part).values():
            # Written in full, a number takes as many bytes as it has digits.
            if isinstance(number, Decimal) and not (number.is_finite() and number.adjusted() < _MOST_DIGITS):
                raise InputError(f"A record has a figure of more than {_MOST_DIGITS} digits, or none at all.")
    return records


@dataclass(frozen=True)
class Reconciled:
    """Dossiers, the texts that were given, and the articles that failed."""

    dossiers: tuple[DealDossier, ...]
    texts: tuple[str, ...]
    failed: list[ArticleFailed]


async def reconciled(request: DossierRequest, offer: OfferedModel, place: Place, tell: Tell) -> Reconciled:
    """Read the articles that no record is of, one after the other, and reconcile all records."""
    records = records_given(request.records)
    known = {record.source.sha256 for record in records if record.source is not None}
    texts: list[str] = []
    failed: list[ArticleFailed] = []
    first_error: SummarizerError | None = None
    waited = False
    for number, given in enumerate(request.articles, 1):
        try:
            source = await loaded(
                given.model_copy(update={"id": given.id or given.url or f"article {number}"})
            )
            texts.append(source.text)
            key = hashlib.sha256(source.text.encode()).hexdigest()
            if key in known:
                continue
            known.add(key)
            if not waited:
                await place.turn(lambda position: tell("queued", {"position": position}))
                waited = True
            records.append(await asummarize(cast(Any, source), **offer.options))
        except ConfigurationError:
            raise
        except SummarizerError as error:
            first_error = first_error or error
            name = given.id or given.url or f"article {number}"
            failed.append(ArticleFailed(id=name, type=type(error).__name__, message=str(error)))
    if not records and first_error is not None:
        raise first_error
    made = await asyncio.to_thread(_dossiers, records, together=request.together)
    return Reconciled(made, tuple(texts), failed)


def _dossiers(records: Sequence[DealSummary], *, together: bool) -> tuple[DealDossier, ...]:
    made = () if together else dossiers(records)
    return made or (reconcile(records),)
