"""``summarize_many`` and ``asummarize_many``: options are resolved, and the results of a batch yielded."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractContextManager, aclosing, nullcontext
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel
from typing_extensions import Unpack

from summarizer import background, prices
from summarizer.asking.fields import fields_of
from summarizer.batch.items import Item
from summarizer.batch.keys import Setup, setup_of
from summarizer.batch.results import Budget, Progress, Result
from summarizer.batch.runner import Batch
from summarizer.batch.store import Store
from summarizer.errors import ConfigurationError, InputError
from summarizer.llm.base import Model
from summarizer.llm.loading import load_in_thread
from summarizer.llm.rates import Rates
from summarizer.llm.throttle import Throttle
from summarizer.options import CommonOptions, ReadingOptions, check_names
from summarizer.pipeline import choose, open_shared
from summarizer.plans.run import Progress as Stage
from summarizer.prices import Price
from summarizer.prompting import Prompts
from summarizer.reading import Url
from summarizer.records.deal import DealSummary
from summarizer.settings import Settings

CONCURRENCY = 32
"""Maximum concurrent articles by default; 1 for the embedded model, which answers one request at a time."""

Article: TypeAlias = "str | Path | bytes | Url | Item | tuple[str, str | Path | bytes | Url]"
"""A text, a file, undecoded bytes or a ``Url``, as ``summarize`` takes it, or a pair of an id and one of these."""


class ManyOptions(CommonOptions, total=False):
    """The keyword arguments of ``summarize_many``, which documents them."""

    schema: type[BaseModel]
    concurrency: int | None
    journal: str | Path | None
    durable: bool
    rpm: int | None
    tpm: int | None
    in_order: bool
    retry_failed: bool
    budget: str | Budget | None
    price: str | Price | None
    progress: Callable[[Progress], None] | None


def summarize_many(
    sources: Iterable[Article] | AsyncIterable[Article], **options: Unpack[ManyOptions]
) -> Iterator[Result]:
    """Read any number of articles; yield a ``Result`` for each, with its ``id`` and a ``record`` or ``failure``.

    - ``sources``: texts, ``Path``s, bytes or ``Url``s, or pairs of an id and one of these. The default id is the
      file's path, the address, or the position from 1. A plain iterable is read in a thread, a few articles ahead.
    - ``schema``, ``model``, ``base_url``, ``api_key``, ``config``, ``timeout``, ``plan``, ``trust``, ``prompt_dir``,
      ``max_windows``, ``strict``, ``trace``, ``prices``, ``on_request``, ``on_reply``, ``on_error``: as for
      ``summarize``. Templates and prices are read once. ``deadline``: seconds for each article, from its first
      request.
    - ``concurrency``: maximum concurrent articles (default 32; 1 for the embedded model). The number in flight
      grows while that raises the throughput, and is halved when the server answers 429.
    - ``rpm``, ``tpm``: maximum requests and tokens per minute on this endpoint, re-asks included.
    - ``journal``: a file that keeps what is done. A second start with it asks only for what is missing.
      ``durable``: sync the disk after each article, so that a power cut loses nothing either.
    - ``in_order``: yield in the order of ``sources`` (default), or as articles finish.
    - ``retry_failed``: ask again for articles that failed in earlier runs of the journal.
    - ``budget``: ``"2.50usd"`` or ``"1000000tokens"`` over all runs of the journal. The batch ends before it is
      spent. ``price``: ``"0.15,0.60"``, US dollars per million prompt and completion tokens of this model; it
      takes precedence over ``prices``.
    - ``progress``: called with a ``Progress`` after each article.

    An article that fails is a result. Raises ConfigurationError (invalid key, empty account, journal in use)
    or EndpointError (the server is gone) for what would fail every article; what is done stays in the
    journal.
    """
    results = asummarize_many(sources, **options)

    async def following() -> Result | None:
        return await anext(results, None)

    async def close() -> None:
        await results.aclose()  # type: ignore[attr-defined]

    try:
        while (result := background.run(following())) is not None:
            yield result
    finally:
        background.run(close())


async def asummarize_many(
    sources: Iterable[Article] | AsyncIterable[Article], **options: Unpack[ManyOptions]
) -> AsyncIterator[Result]:
    """Read any number of articles, asynchronously. Takes the arguments of ``summarize_many``."""
    with opened_store(options) as store:
        batch = await prepare(store, options)
        async with aclosing(batch.results(_items(sources))) as results:  # type: ignore[type-var]
            async for result in results:
                yield result


def opened_store(options: ManyOptions) -> AbstractContextManager[Store | None]:
    """Return the store of the option ``journal`` as a context manager; it gives None if there is none."""
    path = options.get("journal")
    return nullcontext() if path is None else Store(path, durable=options.get("durable", False))


async def prepare(store: Store | None, options: ManyOptions, stage: Stage | None = None) -> Batch:
    """Resolve the options and open the model, telling ``stage`` its progress. Raises ConfigurationError."""
    check_names("summarize_many", options, ManyOptions)
    schema = options.get("schema", DealSummary)
    fields_of(schema)  # refuses an unusable schema before anything is spent
    concurrency = options.get("concurrency")
    if concurrency is not None and concurrency < 1:
        raise ConfigurationError("concurrency has to be 1 or more.")
    settings, plan, trust, prompts = choose(options)
    model = await _opened(settings, options, stage)
    _limit(model, options.get("rpm"), options.get("tpm"))
    setup = setup_of(
        *(model, schema, prompts),
        plan=plan,
        trust=trust,
        strict=options.get("strict", False),
        max_windows=options.get("max_windows"),
    )
    if store is not None:
        store.start_run({"model": setup.model, "plan": setup.plan, "prompt_hash": setup.prompt_hash})
    budget = options.get("budget")
    embedded = settings is not None and settings.embedded
    return Batch(
        *(model, setup, schema),
        reading=_reading(options, setup, prompts),
        cap=concurrency or (1 if embedded else CONCURRENCY),
        deadline=settings.deadline if settings is not None else options.get("deadline"),
        store=store,
        in_order=options.get("in_order", True),
        retry_failed=options.get("retry_failed", False),
        budget=read_budget(budget) if isinstance(budget, str) else budget,
        tell=options.get("progress") or (lambda progress: None),
    )


async def _opened(settings: Settings | None, options: ManyOptions, stage: Stage | None) -> Model:
    if settings is not None:
        return await load_in_thread(partial(open_shared, settings), stage)
    given = options.get("model")
    assert given is not None  # noqa: S101 - without settings, the model is an object
    assert not isinstance(given, str)  # noqa: S101
    return given


def _reading(options: ManyOptions, setup: Setup, prompts: Prompts) -> ReadingOptions:
    """Return the options for reading each article, with templates and prices already read."""
    price = options.get("price")
    known = dict(prices.load(options.get("prices")).own)
    if price is not None:
        known[setup.model] = read_price(price) if isinstance(price, str) else price
    given = {name: options[name] for name in ReadingOptions.__annotations__ if name in options}  # type: ignore[literal-required]
    resolved = {"plan": setup.plan, "trust": setup.trust, "prompt_dir": prompts, "prices": known}
    return ReadingOptions(**{**given, **resolved})  # type: ignore[typeddict-item]


def _limit(model: Model, rpm: int | None, tpm: int | None) -> None:
    if rpm is None and tpm is None:
        return
    throttle = getattr(model, "throttle", None)
    if not isinstance(throttle, Throttle):
        raise ConfigurationError("rpm and tpm limit endpoints; this model is an object without such limits.")
    if min(rpm or 1, tpm or 1) < 1:
        raise ConfigurationError("rpm and tpm have to be 1 or more.")
    throttle.rates = Rates(rpm, tpm)


def _items(sources: Iterable[Article] | AsyncIterable[Article]) -> Iterable[Item] | AsyncIterable[Item]:
    if isinstance(sources, (str, bytes, Path)):
        raise InputError("summarize_many takes an iterable of articles. For a single article, use summarize.")
    if isinstance(sources, AsyncIterable):
        return _named_later(sources)
    return (_named(position, source) for position, source in enumerate(sources, 1))


async def _named_later(sources: AsyncIterable[Article]) -> AsyncIterator[Item]:
    position = 0
    async for source in sources:
        position += 1
        yield _named(position, source)


def _named(position: int, source: Article) -> Item:
    if isinstance(source, Item):
        return source
    if isinstance(source, tuple):
        return Item(*source)
    if isinstance(source, Path):
        return Item(source.as_posix(), source)
    return Item(source.address if isinstance(source, Url) else str(position), source)


_BUDGET = re.compile(r"\s*\$?\s*([\d_,]*\.?\d+)\s*(k|m)?\s*(usd|\$|dollars?|tokens?)?\s*", re.IGNORECASE)


def read_budget(text: str) -> Budget:
    """Read ``2.50usd``, ``$2.50``, ``500000tokens`` or ``2m tokens``. Raises ConfigurationError."""
    found = _BUDGET.fullmatch(text)
    unit = ((found[3] or "") if found else "").lower()
    money = "$" in text or unit in ("usd", "dollar", "dollars")
    if found is None or (not money and not unit.startswith("token")):
        raise ConfigurationError(f"The budget {text!r} cannot be read. Write 2.50usd or 500000tokens.")
    amount = Decimal(found[1].replace("_", "").replace(",", ""))
    amount *= {"": 1, "k": 1_000, "m": 1_000_000}[(found[2] or "").lower()]
    if amount <= 0:
        raise ConfigurationError("A budget has to be more than 0.")
    return Budget(dollars=amount) if money else Budget(tokens=int(amount))


def read_price(text: str) -> Price:
    """Read ``0.15,0.60``: dollars per million prompt and completion tokens. Raises ConfigurationError."""
    try:
        prompt, completion = (Decimal(part) for part in text.split(","))
        if not (prompt >= 0 and completion >= 0 and prompt.is_finite() and completion.is_finite()):
            raise ValueError
    except (ArithmeticError, ValueError):
        raise ConfigurationError(
            f"The price {text!r} cannot be read. Write dollars per million prompt and completion tokens: 0.15,0.60."
        ) from None
    return Price(prompt, prompt, completion)
