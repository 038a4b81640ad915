"""Rounds of batch files: the ordinary pipeline over every article, with a model that only looks replies up.

An article whose replies are all there becomes a record, by the same grounding and checks as any other. One
that lacks a reply stops at that point, and the request that it lacks goes into the next file: a first
question, a re-ask, a larger limit, the prose. So a round needs to know nothing of what is asked and why.
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
from summarizer.batch.journal import Journal
from summarizer.batch.keys import Setup, item_key, setup_of
from summarizer.batch.results import Result, of_entry, of_error, of_record, write_down
from summarizer.errors import ConfigurationError, InputError, SchemaError, SummarizerError
from summarizer.llm.recorded import MODE, Lookup, NoCompletion, Recorded, recorded
from summarizer.pipeline import asummarize
from summarizer.prompting import Prompts
from summarizer.reading import Source, load
from summarizer.scale.batch_files import Writer
from summarizer.scale.ledger import AGAIN, OUT, Ledger, request_hash

if TYPE_CHECKING:
    from pydantic import BaseModel

PLAN = "whole"  # each request of an article that needs the one before costs a round
"""The plan of batch files."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What every article is asked with.

    ``endpoint`` is the address where the model is served, for the records and the journal's keys; ``kind`` and
    ``manner`` say how it is spoken to.
    """

    model: str
    endpoint: str
    schema: type[BaseModel]
    kind: str = "other"
    manner: Mapping[str, Any] = field(default_factory=lambda: {"mode": MODE})
    prompts: Prompts = field(default_factory=prompting.load)
    strict: bool = False

    def setup(self) -> Setup:
        """What the journal's keys are made with: that of the local engine on the same model and address."""
        model = self.model_of(_answer_nothing)
        return setup_of(model, self.schema, self.prompts, plan=PLAN, strict=self.strict)

    def model_of(self, look_up: Lookup) -> Recorded:
        """The model whose replies are looked up."""
        return recorded(self.model, self.endpoint, self.kind, self.manner, look_up)


def _answer_nothing(_body: dict[str, Any]) -> NoCompletion:
    return NoCompletion(0, "", "nothing is asked here")


@dataclass
class Round:
    """What one pass over the articles came to.

    ``articles`` counts ``done``, ``failed`` and ``waiting``; ``asked`` the requests of the new ``files``,
    ``new`` and ``again``.
    """

    articles: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    files: list[Path] = field(default_factory=list)


class _Pending(BaseException):
    """The reply is not there yet. No Exception: nothing on the way up is to log it or to try again."""


class _Broken(BaseException):
    """The ledger or a file cannot be read or written: a fault of the round, not of the article that met it."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


async def run_round(
    items: Iterable[Item],
    asking: Asking,
    ledger: Ledger,
    journal: Journal,
    writer: Writer,
    take: Callable[[Result], None] = lambda _result: None,
    tell: Callable[[int], None] = lambda _done: None,
) -> Round:
    """Take each article as far as its replies go; write the requests that are missing into new files.

    All of the new files, or none where anything breaks off; what became a record stays in the journal.
    ``take`` is called with what came of each article that is done or failed, ``tell`` with the number of
    articles read so far. Raises ConfigurationError, SchemaError.
    """
    fields_of(asking.schema)  # a schema that cannot work is refused before anything is written
    done = Round()

    def look_up(body: dict[str, Any]) -> Mapping[str, Any] | NoCompletion:
        said = json.dumps(body)
        hash = request_hash(said)
        try:
            asked = ledger.find(hash)
            if asked is None or asked.state == AGAIN:
                writer.add(hash, said)
                done.asked["new" if asked is None else "again"] += 1
        except Exception as error:
            raise _Broken(error) from error
        if asked is None or asked.state in (AGAIN, OUT) or asked.answer is None:
            raise _Pending
        return asked.answer

    reader = _Reader(asking, asking.model_of(look_up), asking.setup().digest, journal)
    try:
        with ledger.transaction():
            for number, item in enumerate(items, 1):
                result = await reader.read(item)
                if result is None:
                    done.articles["waiting"] += 1
                else:
                    done.articles["failed" if result.failure else "done"] += 1
                    take(result)
                tell(number)
            done.files = writer.finish()
    except _Broken as broken:
        writer.abandon()
        raise broken.error from None
    except BaseException:
        writer.abandon()
        raise
    return done


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one article after the other with the replies that there are."""

    asking: Asking
    model: Recorded
    setup: bytes
    journal: Journal

    async def read(self, item: Item) -> Result | None:
        """What came of an article, now or before; None where it waits for a reply."""
        try:
            if item.error is not None or item.source is None:
                raise item.error or InputError(f"{item.id} is empty.")
            source = load(item.source)
        except SummarizerError as error:
            return of_error(item.id, None, error)
        key = item_key(source.text, self.setup)
        known = of_entry(item.id, self.journal.lookup(key), self.asking.schema)
        if known is not None:
            return known
        try:
            result = await self._ask(source, item.id, key)
        except _Pending:
            return None
        self.journal.begin(key, item.id)
        write_down(result, self.journal)
        return result

    async def _ask(self, source: Source, id: str, key: str) -> Result:
        asking = self.asking
        given: Any = source
        self.model.begin()
        try:
            record: Any = await asummarize(
                given,
                id=id,
                model=self.model,
                plan=PLAN,
                schema=asking.schema,
                prompt_dir=asking.prompts,
                strict=asking.strict,
            )
        except (ConfigurationError, SchemaError):
            raise  # the next article would fail as this one did
        except Exception as error:
            return of_error(id, key, error)
        return of_record(id, key, record, asking.schema)
