"""Rounds of batch files: the ordinary pipeline over every article, with a model that only looks up replies.

An article that has all its replies becomes a record, by the same grounding and checks as everywhere. One that
lacks a reply stops there, and the missing request goes into the next file: a first question, a re-ask, a
larger token limit. So a round need not know what is asked, or why.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer import prompting
from summarizer.asking.fields import fields_of
from summarizer.batch.items import Item
from summarizer.batch.keys import Setup, item_key, setup_of
from summarizer.batch.provider_files import RequestWriter, publish, request_hash
from summarizer.batch.results import Result, of_entry, of_error, of_record
from summarizer.batch.store import RequestState, Store
from summarizer.errors import ConfigurationError, InputError, SchemaError, SummarizerError
from summarizer.llm.recorded import MODE, Lookup, NoCompletion, Recorded, recorded
from summarizer.pipeline import asummarize
from summarizer.prompting import Prompts
from summarizer.reading import Source, load

if TYPE_CHECKING:
    from pydantic import BaseModel

PLAN = "whole"
"""The plan of batch files: each request that needs the reply to another one costs a round."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What every article is asked with.

    ``endpoint`` is the address of the model, for the records and the keys; ``kind`` and ``manner`` decide the
    form of a request.
    """

    model: str
    endpoint: str
    schema: type[BaseModel]
    kind: str = "other"
    manner: Mapping[str, Any] = field(default_factory=lambda: {"mode": MODE})
    prompts: Prompts = field(default_factory=prompting.load)
    strict: bool = False

    def setup(self) -> Setup:
        """Return the setup of the keys, equal to that of the local engine on this model and address."""
        model = self.model_of(lambda _body: NoCompletion(0, "", ""))
        return setup_of(model, self.schema, self.prompts, plan=PLAN, strict=self.strict)

    def model_of(self, look_up: Lookup) -> Recorded:
        """Return a model that looks up its replies."""
        return recorded(self.model, self.endpoint, self.kind, self.manner, look_up)


@dataclass
class Round:
    """The outcome of one pass over the articles.

    ``articles`` counts ``done``, ``failed`` and ``waiting``; ``asked`` counts the requests in the new
    ``files``, ``new`` and ``again``.
    """

    articles: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)


class _Pending(BaseException):
    """The reply is not there yet. Not an Exception, so that nothing on the way up logs it or retries."""


class _Broken(BaseException):
    """The store or a file cannot be read or written: an error of the round, not of the article that met it."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


async def run_round(
    items: Iterable[Item],
    asking: Asking,
    store: Store,
    writer: RequestWriter,
    take: Callable[[Result], None] = lambda _result: None,
    tell: Callable[[int], None] = lambda _done: None,
) -> Round:
    """Take each article as far as its replies go, and write the missing requests into new files.

    The round is one transaction: all its files and records are kept, or none. A record that is lost so costs
    nothing, as its replies are stored. ``take`` is called with the result of each article that is done or
    failed, ``tell`` with the number of articles read. Raises ConfigurationError and SchemaError.
    """
    fields_of(asking.schema)  # refuses an unusable schema before anything is written
    done = Round()
    publish(writer.folder, store)
    reader = _Reader(
        asking, asking.model_of(_look_up(store, writer, done.asked)), asking.setup().digest, store
    )
    try:
        with store.transaction():
            for number, item in enumerate(items, 1):
                result = await reader.read(item)
                if result is None:
                    done.articles["waiting"] += 1
                else:
                    done.articles["failed" if result.failure else "done"] += 1
                    take(result)
                tell(number)
            writer.finish()
    except _Broken as broken:
        writer.abandon()
        raise broken.error from None
    except BaseException:
        writer.abandon()
        raise
    done.files = publish(writer.folder, store)
    return done


def _look_up(store: Store, writer: RequestWriter, asked: Counter[str]) -> Lookup:
    """Return a function that looks up the reply to a request, and writes a request that has none into a file."""

    def look_up(body: dict[str, Any]) -> Mapping[str, Any] | NoCompletion:
        text = json.dumps(body)
        hash = request_hash(text)
        try:
            request = store.find(hash)
            if request is None or request.state is RequestState.RETRY:
                writer.add(hash, text)
                asked["new" if request is None else "again"] += 1
        except Exception as error:
            raise _Broken(error) from error
        ended = request is not None and request.state in (RequestState.ANSWERED, RequestState.FAILED)
        if request is None or request.answer is None or not ended:
            raise _Pending
        return request.answer

    return look_up


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one article after the other with the replies that are stored."""

    asking: Asking
    model: Recorded
    setup: bytes
    store: Store

    async def read(self, item: Item) -> Result | None:
        """Return the result of an article, from now or before; None if it waits for a reply."""
        try:
            if item.error is not None or item.source is None:
                raise item.error or InputError(f"{item.id} is empty.")
            source = load(item.source)
        except SummarizerError as error:
            return of_error(item.id, None, error)
        key = item_key(source.text, self.setup)
        known = of_entry(item.id, self.store.lookup(key), self.asking.schema)
        if known is not None:
            return known
        try:
            result = await self._ask(source, item.id, key)
        except _Pending:
            return None
        self.store.begin(key, item.id)
        result.save(self.store)
        return result

    async def _ask(self, source: Source, id: str, key: str) -> Result:
        asking = self.asking
        given: Any = source
        self.model.begin()
        try:
            record: Any = await asummarize(
                *(given,),
                id=id,
                model=self.model,
                plan=PLAN,
                schema=asking.schema,
                prompt_dir=asking.prompts,
                strict=asking.strict,
            )
        except (ConfigurationError, SchemaError):
            raise  # the next article would fail like this one
        except Exception as error:
            return of_error(id, key, error)
        return of_record(id, key, record, asking.schema)
