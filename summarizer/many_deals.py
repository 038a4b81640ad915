"""One text, several deals: a record for each."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, TypeVar, overload

from pydantic import BaseModel
from typing_extensions import Unpack

from summarizer import background
from summarizer.asking.fields import fields_of
from summarizer.inventory import Inventory
from summarizer.options import Options, check_names
from summarizer.pipeline import opened
from summarizer.plans.deals import list_deals, told_stories
from summarizer.reading import Source, Url
from summarizer.records.deal import DealSummary

R = TypeVar("R", bound=BaseModel)


@overload
def summarize_all(source: str | Path | bytes | Url, **options: Unpack[Options]) -> list[DealSummary]: ...
@overload
def summarize_all(
    source: str | Path | bytes | Url, *, schema: type[R], **options: Unpack[Options]
) -> list[R]: ...
def summarize_all(
    source: str | Path | bytes | Url, *, schema: type[BaseModel] = DealSummary, **options: Unpack[Options]
) -> Any:
    """Return a record for each deal that a text reports, in the order of the text.

    The model first lists the deals with the sentences that tell of each; then each deal is read from its own
    sentences alone, one request a deal and several at a time, so that facts of different deals do not mix.
    All offsets are those of the whole text. A text with one deal gives one record, that of ``summarize``; a
    text with none gives an empty list. The embedded models do not list deals: for them a text has as many as
    it has stories under titles of their own.

    Options and errors are those of ``summarize``; the deadline is for the text as a whole, and ``usage`` of
    the first record has the request that listed the deals.
    """
    check_names("summarize_all", options, Options)
    return background.run(_read_all(source, schema, options))


@overload
async def asummarize_all(
    source: str | Path | bytes | Url, **options: Unpack[Options]
) -> list[DealSummary]: ...
@overload
async def asummarize_all(
    source: str | Path | bytes | Url, *, schema: type[R], **options: Unpack[Options]
) -> list[R]: ...
async def asummarize_all(
    source: str | Path | bytes | Url, *, schema: type[BaseModel] = DealSummary, **options: Unpack[Options]
) -> Any:
    """As ``summarize_all``, to be awaited."""
    check_names("asummarize_all", options, Options)
    return await _read_all(source, schema, options)


async def _read_all(
    source: str | Path | bytes | Url | Source, schema: type[BaseModel], options: Options
) -> list[Any]:
    async with opened(source, schema, options, every_story=True) as article:
        whole = article.inventory
        run = article.run(whole)
        told = told_stories(whole) if article.chosen.narrow else await list_deals(run)
        if len(told) < 2:
            return _deals([await article.record(_first_story(whole))], schema, run.usage)
        free = asyncio.Semaphore(article.watched.profile.concurrency)

        async def read(position: int, numbers: tuple[int, ...]) -> Any:
            async with free:
                article.tell("reading deal", position, len(told))
                return await article.record(await run.own_work(lambda: whole.part(numbers)))

        reading = [asyncio.ensure_future(read(*one)) for one in enumerate(told, 1)]
        try:
            return _deals(list(await asyncio.gather(*reading)), schema, run.usage)
        finally:
            for one in reading:
                one.cancel()
            await asyncio.gather(*reading, return_exceptions=True)


def _first_story(whole: Inventory) -> Inventory:
    """The text as ``summarize`` reads it: of several stories the first."""
    later = {number for story in whole.document.stories[1:] for number in story}
    return whole.part(whole.citable - later) if later else whole


def _deals(records: list[Any], schema: type[BaseModel], listing: Any) -> list[Any]:
    """The records that report something; the first one carries the cost of listing."""
    gates = [one.name for one in fields_of(schema) if one.gate]
    kept = [record for record in records if all(getattr(record, name) is not False for name in gates)]
    if kept:
        kept[0] = kept[0].model_copy(update={"usage": listing + kept[0].usage})
    return kept
