"""The result of one article in a batch, and the progress and budget of the batch."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from summarizer.batch.store import Entry, State, Store
from summarizer.errors import ConfigurationError, SummarizerError
from summarizer.records.values import Usage, record_type

_NOTHING = Usage()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an article has no record: the name and message of the error, and the number of requests made."""

    kind: str
    message: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one article: ``record`` or ``failure``.

    ``key`` identifies it in the journal; None if the article could not be read. ``usage`` is what it cost in
    this run: nothing if ``reused``, which is so for an article found in the journal or asked under another
    id.
    """

    id: str
    key: str | None
    failure: Failure | None = None
    usage: Usage = _NOTHING
    reused: bool = False
    _schema: type[BaseModel] | None = field(default=None, repr=False)
    _record: BaseModel | None = field(default=None, repr=False)
    _json: str | None = field(default=None, repr=False)

    @property
    def record(self) -> Any:
        """The record, an instance of the requested schema; None if the article failed."""
        if self._record is None and self._json is not None and self._schema is not None:
            return record_type(self._schema).model_validate_json(self._json)
        return self._record

    @property
    def record_json(self) -> str | None:
        """The record as JSON; None if the article failed."""
        if self._json is None and self._record is not None:
            return self._record.model_dump_json()
        return self._json

    def under(self, id: str) -> Result:
        """Return this result, at no cost, for another article with the same text."""
        text = self.record_json
        if text is not None:
            fields = json.loads(text)
            if fields.get("source"):
                fields["source"]["id"] = id
            text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return replace(self, id=id, usage=_NOTHING, reused=True, _record=None, _json=text)

    def save(self, store: Store) -> None:
        """Save the result of an article that was begun in the store."""
        if self.key is None:
            return
        if self.failure is None:
            store.finish(self.key, self.usage, record=self.record_json or "")
        else:
            store.finish(self.key, self.usage, kind=self.failure.kind, message=self.failure.message)


def of_record(id: str, key: str, record: Any, schema: type[BaseModel]) -> Result:
    """Return the result of an article that has a record."""
    return Result(id, key, usage=record.usage, _schema=schema, _record=record)


def of_entry(id: str, entry: Entry | None, schema: type[BaseModel]) -> Result | None:
    """Return the stored result of an article, which may have been stored under another id.

    None if the article has to be asked: it was never finished, or its stored record is damaged.
    """
    if entry is None or entry.state is State.IN_FLIGHT:
        return None
    if entry.state is State.FAILED:
        return Result(id, entry.key, Failure(entry.kind, entry.message, entry.usage.requests), reused=True)
    if not _is_record(entry.record, schema):
        return None
    result = Result(id, entry.key, reused=True, _schema=schema, _json=entry.record)
    return result if entry.id == id else result.under(id)


def _is_record(text: str | None, schema: type[BaseModel]) -> bool:
    """Whether a text is one complete record of the schema on one line, as ``model_dump_json`` writes it."""
    if not text or "\n" in text or "\r" in text:
        return False
    kind, written = _written(schema)
    try:
        kind.model_validate_json(text)
    except ValidationError:
        return False
    return set(json.loads(text)) == written  # a field with a default may be missing and still validate


@lru_cache(maxsize=16)
def _written(schema: type[BaseModel]) -> tuple[type[BaseModel], frozenset[str]]:
    """Return the type of a schema's records, and the names of the fields in their JSON."""
    kind = record_type(schema)
    fields = {name for name, info in kind.model_fields.items() if not info.exclude}
    return kind, frozenset(fields | set(kind.model_computed_fields))


def of_error(id: str, key: str | None, error: Exception) -> Result:
    """Return the result of an article that failed, be it by a bug of this program."""
    if isinstance(error, SummarizerError):
        usage = error.usage or Usage(requests=error.attempts)
        return Result(id, key, Failure(type(error).__name__, str(error), usage.requests), usage)
    message = f"internal error: {error}. This is a bug: please report it."
    return Result(id, key, Failure(type(error).__name__, message))


@dataclass
class Progress:
    """The progress of a batch.

    ``total`` is None if it is not known. ``done`` and ``failed`` include the ``reused`` ones, which cost
    nothing in this run. ``spent`` is the usage of this run, ``limit`` the number of articles that may be in
    flight now.
    """

    total: int | None = None
    done: int = 0
    failed: int = 0
    reused: int = 0
    in_flight: int = 0
    limit: int = 0
    spent: Usage = _NOTHING
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.began

    @property
    def rate(self) -> float:
        """Articles per second, without the reused ones; 0.0 before the first."""
        asked = self.done + self.failed - self.reused
        return asked / self.seconds if asked > 0 and self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Estimated seconds left; None if unknown."""
        if self.total is None or self.rate == 0:
            return None
        return max(0, self.total - self.done - self.failed) / self.rate

    @property
    def tokens(self) -> int:
        """Prompt and completion tokens of this run."""
        return self.spent.prompt_tokens + self.spent.completion_tokens

    def count(self, result: Result) -> None:
        """Add a result."""
        self.done += result.failure is None
        self.failed += result.failure is not None
        self.reused += result.reused
        if not result.reused:
            self.spent += result.usage

    def as_dict(self) -> Mapping[str, Any]:
        """Return the figures as JSON values."""
        cost, left = self.spent.cost, self.left
        counts = ("total", "done", "failed", "reused", "in_flight", "limit")
        return {
            **{name: getattr(self, name) for name in counts},
            "seconds": round(self.seconds, 1),
            "per_second": round(self.rate, 3),
            "left_seconds": None if left is None else round(left),
            "requests": self.spent.requests,
            "tokens": self.tokens,
            "cost": None if cost is None else str(cost),
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """What a batch may spend over all runs of its journal: tokens or US dollars."""

    tokens: int | None = None
    dollars: Decimal | None = None

    def used(self, spent: Usage) -> float:
        """Return the fraction of the budget that is spent. Raises ConfigurationError if no price is known."""
        if self.dollars is not None:
            if spent.cost is None and spent.requests:
                raise ConfigurationError(
                    "A budget in dollars needs the price of a token, and the server does not report it. "
                    "Give a price too, or a budget in tokens."
                )
            return float(spent.cost or 0) / float(self.dollars)
        if self.tokens is not None:
            return (spent.prompt_tokens + spent.completion_tokens) / self.tokens
        return 0.0
