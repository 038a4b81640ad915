"""What comes of one article in a batch, and how far a batch is."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from summarizer.batch.journal import Entry, Journal, State
from summarizer.errors import ConfigurationError, SummarizerError
from summarizer.records.compile import record_type
from summarizer.records.values import Usage

_NOTHING = Usage()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no record: the error's name, its words, and the requests that were made."""

    kind: str
    message: str
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one article: ``record``, or ``failure``.

    ``key`` is what the journal knows it by; None where the article could not be read. ``usage`` is what it
    cost now: nothing where ``reused`` says that it was in the journal, or was asked under another id.
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
        """The record, of the schema that was asked for; None where the article failed."""
        if self._record is None and self._json is not None and self._schema is not None:
            return record_type(self._schema).model_validate_json(self._json)
        return self._record

    @property
    def record_json(self) -> str | None:
        """The record as JSON; None where the article failed."""
        if self._json is None and self._record is not None:
            return self._record.model_dump_json()
        return self._json

    def under(self, id: str) -> Result:
        """Return the same result for an article with the same text and another id, which costs nothing."""
        text = self.record_json
        if text is not None:
            fields = json.loads(text)
            if fields.get("source"):
                fields["source"]["id"] = id
            text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        return replace(self, id=id, usage=Usage(), reused=True, _record=None, _json=text)


def of_record(id: str, key: str, record: Any, schema: type[BaseModel]) -> Result:
    """Return the result of an article that was read."""
    return Result(id, key, usage=record.usage, _schema=schema, _record=record)


def of_entry(id: str, entry: Entry | None, schema: type[BaseModel]) -> Result | None:
    """Return what the journal has of an article, which may have had another id.

    None where the article is to be asked: it was never finished, or its record is damaged.
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
    """Whether a text is one whole record of the schema on one line, as ``model_dump_json`` writes it."""
    if not text or "\n" in text or "\r" in text:
        return False
    kind, written = _written(schema)
    try:
        kind.model_validate_json(text)
    except ValidationError:
        return False
    return set(json.loads(text)) == written  # a field with a default may be missing, and still validate


@lru_cache(maxsize=16)
def _written(schema: type[BaseModel]) -> tuple[type[BaseModel], frozenset[str]]:
    """The type of a schema's records, and the names of the fields that each of them writes."""
    kind = record_type(schema)
    fields = {name for name, info in kind.model_fields.items() if not info.exclude}
    return kind, frozenset(fields | set(kind.model_computed_fields))


def of_error(id: str, key: str | None, error: Exception, usage: Usage | None = None) -> Result:
    """Return the result of an article that failed; a fault of the program is one too, and says so."""
    if isinstance(error, SummarizerError):
        spent = usage or error.usage or Usage(requests=error.attempts)
        return Result(id, key, Failure(type(error).__name__, str(error), spent.requests), spent)
    told = f"internal error: {error}. The fault is in the program: please report it."
    return Result(id, key, Failure(type(error).__name__, told), usage or Usage())


def write_down(result: Result, journal: Journal) -> None:
    """Note in the journal what came of an article that was begun there."""
    if result.key is None:
        return
    if result.failure is None:
        journal.done(result.key, result.record_json or "", result.usage)
    else:
        journal.failed(result.key, result.failure.kind, result.failure.message, result.usage)


@dataclass
class Progress:
    """How far a batch is.

    ``total`` is None where it is not known. ``done`` and ``failed`` hold the ``reused`` ones too, which cost
    nothing now. ``spent`` is what this run cost; ``limit`` how many articles may be in flight now.
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
        """Articles a second that were asked, not found in the journal; 0.0 before the first."""
        asked = self.done + self.failed - self.reused
        return asked / self.seconds if asked > 0 and self.seconds > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that the rest may take; None where that cannot be told."""
        if self.total is None or self.rate == 0:
            return None
        return max(0, self.total - self.done - self.failed) / self.rate

    @property
    def tokens(self) -> int:
        """Tokens read and written in this run."""
        return self.spent.prompt_tokens + self.spent.completion_tokens

    def count(self, result: Result) -> None:
        """Count one more."""
        self.done += result.failure is None
        self.failed += result.failure is not None
        self.reused += result.reused
        if not result.reused:
            self.spent += result.usage

    def as_dict(self) -> Mapping[str, Any]:
        """The figures as JSON takes them."""
        cost = self.spent.cost
        left = self.left
        return {
            "total": self.total,
            "done": self.done,
            "failed": self.failed,
            "reused": self.reused,
            "in_flight": self.in_flight,
            "limit": self.limit,
            "seconds": round(self.seconds, 1),
            "per_second": round(self.rate, 3),
            "left_seconds": None if left is None else round(left),
            "requests": self.spent.requests,
            "tokens": self.tokens,
            "cost": None if cost is None else str(cost),
        }


@dataclass(frozen=True, slots=True)
class Budget:
    """What a batch may spend, over all runs of its journal: tokens, or US dollars."""

    tokens: int | None = None
    dollars: Decimal | None = None

    def used(self, spent: Usage) -> float:
        """The part of the budget that is spent. Raises ConfigurationError where no price is known."""
        if self.dollars is not None:
            if spent.cost is None and spent.requests:
                raise ConfigurationError(
                    "A budget in money needs to know what a token costs, and the server does not say. "
                    "Give the price as well, or a budget in tokens."
                )
            return float(spent.cost or 0) / float(self.dollars)
        if self.tokens is not None:
            return (spent.prompt_tokens + spent.completion_tokens) / self.tokens
        return 0.0
