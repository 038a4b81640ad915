"""The store of a batch: one SQLite file that holds its articles, its runs, and the requests of its batch files.

An article is stored before its row is published, so a second run never asks it again. One process writes and
holds a lock file, which the operating system frees when the process dies. Each write is its own transaction
(write-ahead log). A power cut may lose the last seconds, but with ``durable`` nothing, at one disk sync a write.

A request of a batch file is known by the hash of its body and sent under that hash and a sending number. The
result of an earlier sending is never mistaken for that of the last, and reading a result twice changes
nothing.
Only this module has SQL. Users know the file as the journal.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer.batch.database import BAD_VALUE, Database, explained
from summarizer.batch.locks import is_locked, lock
from summarizer.errors import ConfigurationError
from summarizer.records.values import Usage

if TYPE_CHECKING:
    from summarizer.llm.recorded import NoCompletion

SENDINGS = 3
"""How often a request is sent before it counts as failed."""

_VERSION = 2  # version 1 lacks the tables of batch files, which opening it adds
_USAGE = ("requests", "prompt_tokens", "cached_tokens", "completion_tokens", "seconds", "cost")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS items (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, run INTEGER NOT NULL, attempts INTEGER NOT NULL, updated REAL NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in flight', 'done', 'failed')),
    kind TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '', record TEXT,
    requests INTEGER NOT NULL DEFAULT 0, prompt_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0, completion_tokens INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0, cost TEXT
);
CREATE INDEX IF NOT EXISTS items_open ON items (state, kind) WHERE state != 'done';
CREATE TABLE IF NOT EXISTS runs (
    run INTEGER PRIMARY KEY, started REAL NOT NULL, ended REAL, outcome TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL, progress TEXT NOT NULL DEFAULT '{}'
);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, requests INTEGER NOT NULL, bytes INTEGER NOT NULL,
    returned INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS requests (
    hash BLOB PRIMARY KEY, file INTEGER NOT NULL, sendings INTEGER NOT NULL, state INTEGER NOT NULL,
    reply BLOB, status INTEGER, code TEXT, said TEXT
);
CREATE INDEX IF NOT EXISTS requests_open ON requests (file) WHERE state = 0;
"""


class State(str, Enum):
    """The state of an item. In flight: begun and not finished; the next run asks it again."""

    IN_FLIGHT = "in flight"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is stored of one item.

    ``run`` is the last run that began it, ``attempts`` how often it was begun, ``usage`` the sum over its
    finished attempts. ``record`` is the record's JSON if it is done; ``kind`` and ``message`` say why it
    failed.
    """

    key: str
    id: str
    state: State
    run: int
    attempts: int
    usage: Usage
    record: str | None
    kind: str
    message: str


class RequestState(IntEnum):
    """The state of a request of a batch file."""

    SENT = 0
    ANSWERED = 1
    RETRY = 2
    FAILED = 3


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that was sent ``sendings`` times, with its completion or the reason why there is none."""

    sendings: int
    state: RequestState
    answer: Mapping[str, Any] | NoCompletion | None


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A file of requests, its size in bytes, and whether any of its results has been read."""

    name: str
    requests: int
    bytes: int
    returned: bool


@dataclass(frozen=True, slots=True)
class Status:
    """The state of a batch. ``items`` counts by state, ``failures`` by kind; the rest describes the last run.

    ``running`` tells whether a process holds the store now. ``progress`` is what the run noted last.
    """

    running: bool
    items: Mapping[str, int]
    failures: Mapping[str, int]
    spent: Usage
    started: float | None
    ended: float | None
    outcome: str
    about: Mapping[str, Any]
    progress: Mapping[str, Any]


class Store(AbstractContextManager["Store"]):
    """An open store, created if there is none. Use it in ``with``, or close it.

    ``durable`` syncs each write to the disk. Raises ConfigurationError if the file cannot be used or another
    process has it open.
    """

    def __init__(self, path: str | Path, *, durable: bool = False) -> None:
        self.path = Path(path)
        self.run = 0
        if not self.path.parent.is_dir():
            raise ConfigurationError(
                f"There is no folder {self.path.parent} for the journal. Create it, or choose another --journal."
            )
        self._lock = lock(self.path, "journal")
        try:
            self._db = Database(self.path, _VERSION)
            self._db.rows("PRAGMA journal_mode = WAL")
            self._db.rows(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            if self._db.version < _VERSION:
                self._db.create_tables(_SCHEMA, _VERSION)
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and release its lock."""
        if hasattr(self, "_db"):
            self._db.close()
        self._lock.release()

    def transaction(self) -> AbstractContextManager[None]:
        """Commit everything that the block writes, or nothing."""
        return self._db.transaction()

    # Items

    def lookup(self, key: str) -> Entry | None:
        """Return an item; None if it was never begun or its row is damaged."""
        with explained(self.path):
            try:
                rows = self._db.raw_rows(
                    "SELECT id, state, run, attempts, record, kind, message, requests, prompt_tokens, "
                    "cached_tokens, completion_tokens, seconds, cost FROM items WHERE key = ?",
                    key,
                )
                return _entry(key, rows[0]) if rows else None
            except BAD_VALUE:
                return None

    def begin(self, key: str, id: str) -> None:
        """Note that an item is about to be asked."""
        self._db.write(
            "INSERT INTO items (key, id, state, run, attempts, updated) VALUES (?, ?, 'in flight', ?, 1, ?) "
            "ON CONFLICT (key) DO UPDATE SET id = excluded.id, state = 'in flight', run = excluded.run, "
            "attempts = attempts + 1, kind = '', message = '', record = NULL, updated = excluded.updated",
            *(key, _storable(id), self.run, time.time()),
        )

    def finish(
        self, key: str, usage: Usage, *, record: str | None = None, kind: str = "", message: str = ""
    ) -> None:
        """Note the end of an attempt and its usage: the record's JSON, or the kind and message of the failure."""
        before = self.lookup(key)
        total = (before.usage + usage) if before is not None and before.attempts > 1 else usage
        state = State.FAILED if record is None else State.DONE
        cost = None if total.cost is None else str(total.cost)
        self._db.write(
            "UPDATE items SET state = ?, record = ?, kind = ?, message = ?, requests = ?, prompt_tokens = ?, "
            "cached_tokens = ?, completion_tokens = ?, seconds = ?, cost = ?, updated = ? WHERE key = ?",
            *(state.value, record, _storable(kind), _storable(message)),
            *(total.requests, total.prompt_tokens, total.cached_tokens, total.completion_tokens),
            *(total.seconds, cost, time.time(), key),
        )

    def reopen(self, key: str) -> None:
        """Have the next run ask a failed item again, because the failure was not its own."""
        self._db.write(
            "UPDATE items SET state = 'in flight', kind = '', message = '' WHERE key = ? AND state = 'failed'",
            key,
        )

    def spent(self) -> Usage:
        """Return the usage of all items over all runs."""
        return _spent(self._db)

    # Runs and settings

    def start_run(self, about: Mapping[str, Any]) -> None:
        """Begin a run. ``about`` describes it, without secrets; items begun from now on belong to it."""
        found = self._db.write(
            "INSERT INTO runs (started, about) VALUES (?, ?)", time.time(), json.dumps(about)
        )
        self.run = found.lastrowid or 0

    def note(self, progress: Mapping[str, Any]) -> None:
        """Store the progress of the run, for ``read_status``."""
        self._db.write("UPDATE runs SET progress = ? WHERE run = ?", json.dumps(progress), self.run)

    def end_run(self, outcome: str) -> None:
        """Store how the run ended."""
        self._db.write(
            "UPDATE runs SET ended = ?, outcome = ? WHERE run = ?", time.time(), _storable(outcome), self.run
        )

    def get(self, name: str) -> Any:
        """Return a setting; None if it is not set."""
        with explained(self.path):
            rows = self._db.rows("SELECT value FROM settings WHERE name = ?", name)
            return json.loads(rows[0][0]) if rows else None

    def set(self, name: str, value: Any) -> None:
        """Store a setting as JSON."""
        self._db.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    # Requests of batch files

    def find(self, hash: bytes) -> SentRequest | None:
        """Return a request; None if it was never sent."""
        with explained(self.path):
            rows = self._db.rows(
                "SELECT sendings, state, reply, status, code, said FROM requests WHERE hash = ?", hash
            )
            if not rows:
                return None
            sendings, state, reply, status, code, said = rows[0]
            from summarizer.llm.recorded import NoCompletion  # late: it imports the openai client

            answer: Mapping[str, Any] | NoCompletion | None = None
            if state == RequestState.ANSWERED:
                answer = json.loads(zlib.decompress(reply))
            elif status is not None:
                answer = NoCompletion(status, code, said)
            return SentRequest(sendings, RequestState(state), answer)

    def send(self, hash: bytes, file: int) -> int:
        """Note that a request goes out in a file; return the number of this sending, from 1."""
        rows = self._db.rows(
            "INSERT INTO requests (hash, file, sendings, state) VALUES (?, ?, 1, 0) ON CONFLICT (hash) "
            "DO UPDATE SET file = excluded.file, sendings = sendings + 1, state = 0 RETURNING sendings",
            *(hash, file),
        )
        return int(rows[0][0])

    def answer(self, hash: bytes, completion: Mapping[str, Any]) -> bool:
        """Store the completion of a request; return False if it has one already."""
        done = self._db.write(
            "UPDATE requests SET state = 1, reply = ?, status = NULL, code = NULL, said = NULL "
            "WHERE hash = ? AND state != 1",
            *(zlib.compress(json.dumps(completion).encode()), hash),
        )
        return done.rowcount == 1

    def fail(self, hash: bytes, sending: int, why: NoCompletion) -> bool:
        """Store why the last sending was not answered; return False if that is known or it was not the last."""
        done = self._db.write(
            "UPDATE requests SET state = CASE WHEN ? AND sendings < ? THEN 2 ELSE 3 END, "
            "status = ?, code = ?, said = ? WHERE hash = ? AND sendings = ? AND state = 0",
            *(why.passes, SENDINGS, why.status, why.code, why.said[:500], hash, sending),
        )
        return done.rowcount == 1

    def mark_returned(self, hash: bytes, sending: int) -> None:
        """Note that a result of the file with a request's last sending has been read."""
        self._db.write(
            "UPDATE files SET returned = 1 WHERE returned = 0 AND number = "
            "(SELECT file FROM requests WHERE hash = ? AND sendings = ?)",
            *(hash, sending),
        )

    def retry_missing(self) -> int:
        """Have requests sent again that are missing in files that came back; return their number."""
        done = self._db.write(
            "UPDATE requests SET state = CASE WHEN sendings < ? THEN 2 ELSE 3 END, "
            "status = 0, code = 'missing', said = 'it is missing in the results' "
            "WHERE state = 0 AND file IN (SELECT number FROM files WHERE returned = 1)",
            SENDINGS,
        )
        return done.rowcount

    def count(self, state: RequestState) -> int:
        """Return the number of requests in a state."""
        return int(self._db.rows("SELECT count(*) FROM requests WHERE state = ?", int(state))[0][0])

    def add_file(self, number: int, name: str, requests: int, size: int) -> None:
        """Store that a file of requests was written."""
        statement = "INSERT INTO files (number, name, requests, bytes) VALUES (?, ?, ?, ?)"
        self._db.write(statement, number, name, requests, size)

    def files(self) -> list[RequestFile]:
        """Return all files of requests, oldest first."""
        rows = self._db.rows("SELECT name, requests, bytes, returned FROM files ORDER BY number")
        return [RequestFile(name, requests, size, bool(returned)) for name, requests, size, returned in rows]

    def next_number(self) -> int:
        """Return the number of the next file of requests, from 1."""
        return int(self._db.rows("SELECT coalesce(max(number), 0) + 1 FROM files")[0][0])


def read_status(path: str | Path) -> Status:
    """Read the state of a batch, during a run or after it. Raises ConfigurationError."""
    path = Path(path)
    if not path.is_file():
        raise ConfigurationError(f"There is no journal {path}. Name the journal of the batch with --journal.")
    running = is_locked(path)
    db = Database(path, _VERSION, read_only=True)
    try:
        if db.version == 0:
            raise ConfigurationError(f"The journal {path} is empty: no batch has been started with it.")
        ((count,),) = db.rows("SELECT count(*) FROM items")
        others = db.rows("SELECT state, kind, count(*) FROM items WHERE state != 'done' GROUP BY state, kind")
        runs = db.rows("SELECT started, ended, outcome, about, progress FROM runs ORDER BY run DESC LIMIT 1")
        started, ended, outcome, about, progress = runs[0] if runs else (None, None, "", "{}", "{}")
        spent = _spent(db)
    finally:
        db.close()
    failures = {kind: number for state, kind, number in others if state == State.FAILED.value}
    in_flight = sum(number for state, _, number in others if state == State.IN_FLIGHT.value)
    failed = sum(failures.values())
    items = {"done": count - in_flight - failed, "failed": failed, "in flight": in_flight}
    with explained(path):
        return Status(
            *(running, items, failures, spent, started, ended, outcome),
            *(json.loads(about), json.loads(progress)),
        )


def _spent(db: Database) -> Usage:
    (*numbers, costs), *_ = db.rows(
        "SELECT sum(requests), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), "
        "sum(seconds), count(cost) FROM items"
    )
    with explained(db.path):
        found = db.rows("SELECT cost FROM items WHERE cost IS NOT NULL") if costs else []
        cost = sum((Decimal(row[0]) for row in found), Decimal(0)) if costs else None
        return _usage([*(number or 0 for number in numbers), cost])


def _entry(key: str, row: Sequence[Any]) -> Entry:
    """Convert a row. Raises one of BAD_VALUE if it is damaged."""
    id, state, run, attempts, record, kind, message, *usage = row
    if not (isinstance(run, int) and isinstance(attempts, int)):
        raise TypeError("run and attempts are counts")
    if not all(isinstance(text, str) for text in (id, kind, message, record or "")):
        raise TypeError("id, kind, message and record are text")
    return Entry(key, id, State(state), run, attempts, _usage(usage), record, kind, message)


def _usage(row: Sequence[Any]) -> Usage:
    values = dict(zip(_USAGE, row, strict=True))
    cost = values["cost"]
    return Usage(**{**values, "cost": None if cost is None else Decimal(cost)})


def _storable(text: str) -> str:
    """Replace lone surrogates, which SQLite cannot store, by question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
