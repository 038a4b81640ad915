"""The batch on a Ray cluster: the local engine decides and keeps the journal, workers read the articles.

One process still takes the input, keeps the journal and hands out the rows, so the keys, the rows, budgets, the
order and Ctrl-C are those of the local engine, and either can go on where the other stopped. What takes the
time, an article's requests and our own work on it, is done by actors, each with an event loop, a client and a
share of the limits of its own. Ray restarts an actor that dies, wherever there is room, and asks it again for
what it had in flight: that is all that a death costs.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import dataclass, field, fields
from typing import Any

from summarizer.batch.items import Item
from summarizer.batch.many import CONCURRENCY, ManyOptions, prepare
from summarizer.batch.results import Result
from summarizer.batch.runner import Batch
from summarizer.errors import ConfigurationError, EndpointUnavailable
from summarizer.pipeline import choose, open_shared
from summarizer.reading import Source
from summarizer.records.compile import record_type
from summarizer.settings import Settings


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker is given of the limits: articles in flight, requests and tokens a minute."""

    concurrency: int
    rpm: int | None
    tpm: int | None


def share(workers: int, concurrency: int, rpm: int | None, tpm: int | None) -> Share:
    """Divide the limits among the workers, never to more than the whole. Raises ConfigurationError.

    ``concurrency`` is rounded up, as the engine itself keeps the whole of it.
    """
    least = min(limit for limit in (concurrency, rpm, tpm) if limit is not None)
    if workers > least:
        raise ConfigurationError(
            f"{workers} workers cannot share a limit of {least}. Have fewer workers, or a higher limit."
        )
    return Share(
        -(-concurrency // workers),
        None if rpm is None else rpm // workers,
        None if tpm is None else tpm // workers,
    )


class Worker:
    """Reads articles in a process of its own; the class of the actors."""

    def __init__(self, settings: Settings, options: ManyOptions) -> None:
        self._settings = settings
        self._options = options
        self._batch: Batch | None = None
        self._opening = asyncio.Lock()

    async def read(self, source: Source, id: str) -> tuple[str | Exception, int]:
        """A record's JSON, or what went wrong; and how often this worker has been asked to wait so far."""
        try:
            batch = await self._opened()
            record = await batch.ask(source, id)
        except (
            Exception
        ) as error:  # carried over: the engine tells what fails this article from what fails all
            return error.with_traceback(None), self._asked_to_wait()
        return record.model_dump_json(), self._asked_to_wait()

    async def _opened(self) -> Batch:
        async with self._opening:
            if self._batch is None:
                model = await asyncio.to_thread(open_shared, self._settings, None)
                self._batch = await prepare(None, {**self._options, "model": model})
        return self._batch

    def _asked_to_wait(self) -> int:
        throttle = getattr(self._batch.model, "throttle", None) if self._batch is not None else None
        return throttle.asked_to_wait if throttle is not None else 0


@dataclass
class RayBatch(Batch):
    """A batch whose articles are read by the actors of a cluster. Its other fields are the local one's.

    ``ray`` is the connected module, ``actors`` are handles of ``Worker``.
    """

    ray: Any = field(kw_only=True, repr=False)
    actors: list[Any] = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._busy = [0] * len(self.actors)
        self._waits = [0] * len(self.actors)

    @property
    def _reached(self) -> bool:
        """Each worker learns by itself whether the server is there; here only workers may be lost."""
        return True

    async def results(self, items: Iterable[Item] | AsyncIterable[Item]) -> AsyncIterator[Result]:
        """Yield what comes of each item, as the local engine does; the cluster is let go of behind the last."""
        try:
            async with aclosing(super().results(items)) as results:  # type: ignore[type-var]
                async for result in results:
                    yield result
        finally:
            await asyncio.to_thread(self.ray.shutdown)

    async def ask(self, source: Source, id: str) -> Any:
        """Have the least busy worker read one article."""
        at = min(range(len(self.actors)), key=self._busy.__getitem__)
        self._busy[at] += 1
        try:
            answer, waits = await self.actors[at].read.remote(source, id)
        except self.ray.exceptions.RayError as error:
            raise EndpointUnavailable(
                f"The Ray worker that read the article is gone: {str(error).splitlines()[0]}"
            ) from None
        finally:
            self._busy[at] -= 1
        if waits > self._waits[at]:
            self._pace.limited()
        self._waits[at] = waits
        if isinstance(answer, Exception):
            raise answer
        return record_type(self.schema).model_validate_json(answer)


def on_ray(batch: Batch, options: ManyOptions, address: str | None, workers: int | None) -> RayBatch:
    """Have a batch's articles read on a Ray cluster: that of an address, or one of this machine's cores.

    ``workers`` is how many actors are started, each with a core; all cores that there are where it is None.
    Raises ConfigurationError.
    """
    settings = choose(options)[0]
    if settings is None:
        raise ConfigurationError(
            "On Ray the model is named, not given as an object: workers open it themselves."
        )
    ray = _connected(address, workers)
    try:
        number = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
        cap = options.get("concurrency") or CONCURRENCY * number
        limits = share(number, cap, options.get("rpm"), options.get("tpm"))
        told = ManyOptions(
            **batch.reading,  # type: ignore[typeddict-item]
            schema=batch.schema,
            deadline=batch.deadline,
            concurrency=limits.concurrency,
            rpm=limits.rpm,
            tpm=limits.tpm,
        )
        made = ray.remote(
            num_cpus=1, max_restarts=-1, max_task_retries=-1, max_concurrency=limits.concurrency
        )
        actor = made(Worker)
        actors = [actor.remote(settings, told) for _ in range(number)]
    except BaseException:
        ray.shutdown()
        raise
    local = {one.name: getattr(batch, one.name) for one in fields(batch) if one.init}
    return RayBatch(**{**local, "cap": cap}, ray=ray, actors=actors)


def _connected(address: str | None, workers: int | None) -> Any:
    # Ray reports its use to its makers unless it is told not to; a program that reads articles does not.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray = _ray()
    how: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    how |= {"address": address} if address is not None else {"num_cpus": workers, "include_dashboard": False}
    try:
        ray.init(**how)
    except (
        Exception
    ) as error:  # Ray raises plain ones too, as where its processes take more than 30 s to come up
        ray.shutdown()
        where = "can be started on this machine" if address is None else f"is reached at {address}"
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigurationError(
            f"No Ray cluster {where}: {said} Start one with `ray start --head`, and give --ray-address auto."
        ) from None
    return ray


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise ConfigurationError(
            "The engine ray needs the [ray] extra: pip install 'deal-summarizer[ray]'."
        ) from None
    return ray
