"""The batch on a Ray cluster: one process controls it and keeps the journal, workers read the articles.

One process still reads the input, keeps the journal and yields the results, so keys, rows, budget, order and
Ctrl-C are those of the local engine, and either engine can resume the other. The requests of an article and
our own work on it are done by actors, each with its own event loop, client and share of the limits. Ray
restarts an actor that dies and repeats only what it had in flight.
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
from summarizer.batch.outage import Outage
from summarizer.batch.results import Result
from summarizer.batch.runner import Batch
from summarizer.errors import ConfigurationError, EndpointUnavailable
from summarizer.pipeline import choose, open_shared
from summarizer.reading import Source
from summarizer.records.values import record_type
from summarizer.settings import Settings


@dataclass(frozen=True, slots=True)
class Share:
    """The limits of one worker: concurrent articles, requests and tokens per minute."""

    concurrency: int
    rpm: int | None
    tpm: int | None


def share(workers: int, concurrency: int, rpm: int | None, tpm: int | None) -> Share:
    """Divide the limits among the workers. Raises ConfigurationError if one is too low.

    ``concurrency`` is rounded up, because the engine enforces the total itself.
    """
    least = min(limit for limit in (concurrency, rpm, tpm) if limit is not None)
    if workers > least:
        raise ConfigurationError(
            f"{workers} workers cannot share a limit of {least}. Use fewer workers or raise the limit."
        )
    return Share(
        -(-concurrency // workers),
        None if rpm is None else rpm // workers,
        None if tpm is None else tpm // workers,
    )


class Worker:
    """Reads articles in a process of its own; Ray makes actors of it."""

    def __init__(self, settings: Settings, options: ManyOptions) -> None:
        self._settings = settings
        self._options = options
        self._batch: Batch | None = None
        self._opening = asyncio.Lock()

    async def read(self, source: Source, id: str) -> tuple[str | Exception, int]:
        """Return the record's JSON or the error, and how often the server has asked this worker to wait."""
        try:
            batch = await self._opened()
            record = await batch.ask(source, id)
        except Exception as error:  # the engine decides whether it ends the run
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
    """A batch whose articles are read by the actors of a cluster.

    ``ray`` is the connected module, ``actors`` are handles of ``Worker``.
    """

    ray: Any = field(kw_only=True, repr=False)
    actors: list[Any] = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._busy = [0] * len(self.actors)
        self._waits = [0] * len(self.actors)

    def _watch_server(self) -> Outage:
        """Treat the server as reached: each worker watches it, and here only workers can be lost."""
        return Outage(lambda: True)

    async def results(self, items: Iterable[Item] | AsyncIterable[Item]) -> AsyncIterator[Result]:
        """Yield the result of each item, and disconnect from the cluster at the end."""
        try:
            async with aclosing(super().results(items)) as results:  # type: ignore[type-var]
                async for result in results:
                    yield result
        finally:
            await asyncio.to_thread(self.ray.shutdown)

    async def ask(self, source: Source, id: str) -> Any:
        """Have the least busy worker read an article."""
        at = min(range(len(self.actors)), key=self._busy.__getitem__)
        self._busy[at] += 1
        try:
            answer, waits = await self.actors[at].read.remote(source, id)
        except self.ray.exceptions.RayError as error:
            raise EndpointUnavailable(
                f"The Ray worker that was reading the article died: {str(error).splitlines()[0]}"
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
    """Have a batch's articles read on the Ray cluster at ``address``, or on a local one if it is None.

    ``workers`` is the number of actors, one core each; by default all cores. Raises ConfigurationError.
    """
    settings = choose(options)[0]
    if settings is None:
        raise ConfigurationError(
            "With Ray, give the name of the model instead of an object: each worker opens it."
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
    # Ray sends usage statistics to its vendor unless this is set.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray = _ray()
    how: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    how |= {"address": address} if address is not None else {"num_cpus": workers, "include_dashboard": False}
    try:
        ray.init(**how)
    except (
        Exception
    ) as error:  # also plain Exceptions, for example if its processes take more than 30 s to start
        ray.shutdown()
        where = "could be started on this machine" if address is None else f"was found at {address}"
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise ConfigurationError(
            f"No Ray cluster {where}: {said} Start one with `ray start --head` and use --ray-address auto."
        ) from None
    return ray


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise ConfigurationError(
            "--engine ray needs the [ray] extra: pip install 'deal-summarizer[ray]'."
        ) from None
    return ray
