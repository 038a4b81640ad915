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
from typing import TYPE_CHECKING, Any, Protocol

from summarizer import prompting
from summarizer.batch.journal import Journal, State
from summarizer.batch.keys import item_key, setup_of
from summarizer.errors import ConfigurationError, SummarizerError
from summarizer.llm.open import REMOTE
from summarizer.llm.recorded import NoCompletion, recorded
from summarizer.pipeline import asummarize
from summarizer.scale.batch_files import Writer
from summarizer.scale.ledger import AGAIN, OUT, Ledger, request_hash
from summarizer.schema.compile import slots
from summarizer.schema.values import Usage

if TYPE_CHECKING:
    from pydantic import BaseModel

    from summarizer.llm.base import Model

PLAN = "single"  # each request of an article that needs the one before costs a round
"""The plan of batch files."""


class Article(Protocol):
    """An article of the input."""

    @property
    def id(self) -> str:
        """Its name in the row."""

    @property
    def text(self) -> str:
        """Its text, as it is read."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What every article is asked with: model and address (for the provenance and the key), schema, prompts."""

    model: str
    endpoint: str
    schema: type[BaseModel]
    prompt_dir: str | None = None
    strict: bool = False


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


async def run_round(
    articles: Iterable[Article],
    asking: Asking,
    ledger: Ledger,
    journal: Journal,
    writer: Writer,
    tell: Callable[[int], None] = lambda _done: None,
) -> Round:
    """Take each article as far as its replies go; write the requests that are missing into new files.

    All of the new files, or none where anything breaks off; what became a record stays in the journal.
    ``tell`` is called with the number of articles read. Raises ConfigurationError.
    """
    slots(asking.schema)  # a schema that cannot work is refused before anything is written
    done = Round()

    def look_up(body: dict[str, Any]) -> Mapping[str, Any] | NoCompletion:
        said = json.dumps(body)
        hash = request_hash(said)
        asked = ledger.find(hash)
        if asked is None or asked.state == AGAIN:
            writer.add(hash, said)
            done.asked["new" if asked is None else "again"] += 1
        if asked is None or asked.state in (AGAIN, OUT) or asked.answer is None:
            raise _Pending
        return asked.answer

    model = recorded(asking.model, REMOTE, look_up, label=asking.endpoint)
    prompts = prompting.load(asking.prompt_dir)
    setup = setup_of(model, asking.schema, prompts, plan=PLAN, strict=asking.strict).digest
    try:
        with ledger.transaction():
            for number, article in enumerate(articles, 1):
                key = item_key(article.text, setup)
                entry = journal.lookup(key)
                if entry is None or entry.state is State.IN_FLIGHT:
                    done.articles[await _read(article, key, asking, model, journal)] += 1
                else:
                    done.articles[entry.state.value] += 1
                tell(number)
            done.files = writer.finish()
    except BaseException:
        writer.abandon()
        raise
    return done


async def _read(article: Article, key: str, asking: Asking, model: Model, journal: Journal) -> str:
    """Read one article, and journal what it came to; returns ``done``, ``failed`` or ``waiting``."""
    try:
        record = await asummarize(
            article.text,
            id=article.id,
            model=model,
            plan=PLAN,
            schema=asking.schema,
            prompt_dir=asking.prompt_dir,
            strict=asking.strict,
        )
    except _Pending:
        return "waiting"
    except ConfigurationError:
        raise  # the next article would fail as this one did
    except SummarizerError as error:
        journal.begin(key, article.id)
        journal.failed(key, type(error).__name__, str(error), error.usage or Usage())
        return "failed"
    journal.begin(key, article.id)
    journal.done(key, record.model_dump_json(), record.usage)  # type: ignore[attr-defined]  # any schema's record has it
    return "done"
