"""``summarize_many`` and ``asummarize_many``: from what a user has to a batch, and its results one by one."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import aclosing, contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel
from typing_extensions import Unpack

from summarizer import background, prices
from summarizer.asking.fields import fields_of
from summarizer.batch.items import Item
from summarizer.batch.journal import Journal
from summarizer.batch.keys import setup_of
from summarizer.batch.results import Budget, Progress, Result
from summarizer.batch.runner import Batch
from summarizer.errors import ConfigurationError, InputError
from summarizer.llm.base import Model
from summarizer.llm.loading import load_in_thread
from summarizer.llm.rates import Rates
from summarizer.llm.throttle import Throttle
from summarizer.pipeline import CommonOptions, ReadingOptions, check_names, choose, open_shared
from summarizer.plans.run import Progress as Stage
from summarizer.prices import Price
from summarizer.reading import Url
from summarizer.records.deal import DealSummary

CONCURRENCY = 32
"""Articles in flight at most, where nothing is said; one on the embedded model, which answers one at a time."""

Article: TypeAlias = "str | Path | bytes | Url | Item | tuple[str, str | Path | bytes | Url]"
"""A text, a file, undecoded bytes or a ``Url``, as ``summarize`` takes it; alone, or behind its id."""


class ManyOptions(CommonOptions, total=False):
    """What ``summarize_many`` takes beside the articles; its docstring says what each means."""

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
    """Read any number of articles; yield a ``Result`` for each: its ``id``, and a ``record`` or a ``failure``.

    - ``sources``: texts, ``Path``s, bytes or ``Url``s, or pairs of an id and one of these. An iterable is
      read in a thread, a few articles ahead; without an id, the id is the file's path or the position.
    - ``schema``, ``model``, ``base_url``, ``api_key``, ``config``, ``timeout``, ``plan``, ``prompt_dir``,
      ``strict``, ``trace``, ``prices`` and the functions around each request: as for ``summarize``. Templates
      and prices are read once. ``deadline``: seconds for each article, from its first request.
    - ``concurrency``: articles in flight at most (32). The number in flight grows as long as that helps, and
      is halved when the server asks to wait.
    - ``rpm``, ``tpm``: requests and tokens a minute at most, on this endpoint, re-asks included.
    - ``journal``: a file in which what is done is kept; a second start with it asks only for what is missing.
      ``durable``: nothing that was yielded is lost in a power cut either, at one wait for the disk each.
    - ``in_order``: yield in the order of ``sources``; else as they are done.
    - ``retry_failed``: ask again for what failed in earlier runs of the journal.
    - ``budget``: ``"2.50usd"`` or ``"1000000tokens"`` over all runs of the journal; the batch ends before it
      is exceeded by more than a little. ``price``: ``"0.15,0.60"``, dollars for a million tokens read and written
      by this model, which goes before ``prices``.
    - ``progress``: called with a ``Progress`` after each article.

    An article that fails is a result. Raises a ConfigurationError (a wrong key, an empty account, a journal in
    use) or an EndpointError (the server is gone) for what fails all; what was done is in the journal.
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
    """Read any number of articles, asynchronously; ``summarize_many`` says the rest."""
    with opened_journal(options) as journal:
        batch = await prepare(journal, options)
        async with aclosing(batch.results(_items(sources))) as results:  # type: ignore[type-var]
            async for result in results:
                yield result


@contextmanager
def opened_journal(options: ManyOptions) -> Iterator[Journal | None]:
    """The journal of the options, open while the block runs; None where none is named."""
    path = options.get("journal")
    if path is None:
        yield None
        return
    with Journal(path, durable=options.get("durable", False)) as journal:
        yield journal


async def prepare(journal: Journal | None, options: ManyOptions, stage: Stage | None = None) -> Batch:
    """Settle the options and open the model. ``stage`` is told how that goes. Raises ConfigurationError."""
    check_names("summarize_many", options, ManyOptions)
    schema = options.get("schema", DealSummary)
    fields_of(schema)  # refuses what cannot work, before anything is spent
    concurrency = options.get("concurrency")
    if concurrency is not None and concurrency < 1:
        raise ConfigurationError("At least one article has to be in flight: give a concurrency of 1 or more.")
    settings, plan, trust, prompts = choose(options)
    given = options.get("model")
    if settings is not None:
        model = await load_in_thread(partial(open_shared, settings), stage)
    else:
        assert given is not None  # noqa: S101 - without settings, the model is an object
        assert not isinstance(given, str)  # noqa: S101
        model = given
    _limit(model, options.get("rpm"), options.get("tpm"))
    embedded = settings is not None and settings.embedded
    setup = setup_of(
        model,
        schema,
        prompts,
        plan=plan,
        trust=trust,
        strict=options.get("strict", False),
        max_windows=options.get("max_windows"),
    )
    budget, price = options.get("budget"), options.get("price")
    known = dict(prices.load(options.get("prices")).own)
    if price is not None:
        known[model.name] = read_price(price) if isinstance(price, str) else price
    watched = {name: options[name] for name in ReadingOptions.__annotations__ if name in options}  # type: ignore[literal-required]
    settled: ReadingOptions = {
        "plan": setup.plan,
        "trust": setup.trust,
        "prompt_dir": prompts,
        "prices": known,
    }
    if journal is not None:
        journal.start_run({"model": setup.model, "plan": setup.plan, "prompt_hash": setup.prompt_hash})
    return Batch(
        model,
        setup,
        schema,
        reading=ReadingOptions(**{**watched, **settled}),  # type: ignore[typeddict-item]
        cap=concurrency or (1 if embedded else CONCURRENCY),
        deadline=settings.deadline if settings is not None else options.get("deadline"),
        journal=journal,
        in_order=options.get("in_order", True),
        retry_failed=options.get("retry_failed", False),
        budget=read_budget(budget) if isinstance(budget, str) else budget,
        tell=options.get("progress") or (lambda progress: None),
    )


def _limit(model: Model, rpm: int | None, tpm: int | None) -> None:
    if rpm is None and tpm is None:
        return
    throttle = getattr(model, "throttle", None)
    if not isinstance(throttle, Throttle):
        raise ConfigurationError(
            "rpm and tpm are for endpoints: this model is an object that keeps no such limits."
        )
    if min(rpm or 1, tpm or 1) < 1:
        raise ConfigurationError("rpm and tpm have to be 1 or more.")
    throttle.rates = Rates(rpm, tpm)


def _items(sources: Iterable[Article] | AsyncIterable[Article]) -> Iterable[Item] | AsyncIterable[Item]:
    if isinstance(sources, (str, bytes, Path)):
        raise InputError("summarize_many takes a list, or another iterable, of articles. For one, summarize.")
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
        raise ConfigurationError(
            f"The budget {text!r} cannot be read. Write it as 2.50usd or as 500000tokens."
        )
    amount = Decimal(found[1].replace("_", "").replace(",", ""))
    amount *= {"": 1, "k": 1_000, "m": 1_000_000}[(found[2] or "").lower()]
    if amount <= 0:
        raise ConfigurationError("A budget has to be above 0.")
    return Budget(dollars=amount) if money else Budget(tokens=int(amount))


def read_price(text: str) -> Price:
    """Read ``0.15,0.60``: dollars for a million tokens read, and written. Raises ConfigurationError."""
    try:
        prompt, completion = (Decimal(part) for part in text.split(","))
        if not (prompt >= 0 and completion >= 0 and prompt.is_finite() and completion.is_finite()):
            raise ValueError
    except (ArithmeticError, ValueError):
        raise ConfigurationError(
            f"The price {text!r} cannot be read. Write dollars for a million tokens read and written, as 0.15,0.60."
        ) from None
    return Price(prompt, prompt, completion)
