"""The journal of a batch: what is in flight, done and failed, in one SQLite file.

An item is written here before anything of it is published, so what was paid for is never asked again. One
process writes, held by a lock file beside the journal that the operating system frees when the process dies;
any number may read. Each write is a transaction of its own (write-ahead log), so that a process killed at any
moment leaves a whole journal with everything it had written. After a power cut the journal is whole too, but
the last seconds of it may be missing, and are then paid for again; with ``durable`` nothing that was published
is missing, at the price of one wait for the disk for each article.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from summarizer.errors import ConfigurationError
from summarizer.records.values import Usage

_APPLICATION = 0x6465616C  # "deal", in SQLite's header, tells the journal from other databases
_VERSION = 1
_LOCK_WAIT = 1.0  # seconds; who asks for the status holds the lock for a moment
_BAD_VALUE = (ValueError, TypeError, ArithmeticError)
"""What reading a damaged value raises: bytes that are no UTF-8, a text for a number, JSON that is cut."""
_USAGE = ("requests", "prompt_tokens", "cached_tokens", "completion_tokens", "seconds", "cost")

_SCHEMA = f"""
CREATE TABLE items (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('in flight', 'done', 'failed')),
    run INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    kind TEXT NOT NULL DEFAULT '',
    message TEXT NOT NULL DEFAULT '',
    requests INTEGER NOT NULL DEFAULT 0,
    prompt_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0,
    cost TEXT,
    updated REAL NOT NULL,
    record TEXT
);
CREATE INDEX items_open ON items (state, kind) WHERE state != 'done';
CREATE TABLE runs (
    run INTEGER PRIMARY KEY,
    started REAL NOT NULL,
    ended REAL,
    outcome TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL,
    progress TEXT NOT NULL DEFAULT '{{}}'
);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
"""


class State(str, Enum):
    """Where an item stands. In flight: begun, with no end known; the next run asks it anew."""

    IN_FLIGHT = "in flight"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal holds of one item.

    ``run`` began it last, ``attempts`` counts how often it was begun, ``usage`` sums what its ended attempts cost, ``record`` is the
    record's JSON where it is done; ``kind`` and ``message`` say why it failed.
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


class Journal:
    """An open journal, made where there is none. Raises ConfigurationError where it cannot be used.

    ``durable`` makes each finished item outlast a power cut. Close it, or use it in ``with``.
    """

    def __init__(self, path: str | Path, *, durable: bool = False) -> None:
        self.path = Path(path)
        self.run = 0
        self._lock = FileLock(f"{self.path}.lock", thread_local=False)
        if not self.path.parent.is_dir():
            raise ConfigurationError(
                f"There is no folder {self.path.parent} for the journal. Make it first, or give another --journal."
            )
        try:
            self._lock.acquire(timeout=_LOCK_WAIT)
        except Timeout:
            raise ConfigurationError(
                f"Another process writes the journal {self.path}. Wait for it, or give another --journal."
            ) from None
        except OSError as error:
            raise ConfigurationError(
                f"The journal {self.path} cannot be locked: {error.strerror or error}. "
                "Give a --journal in a folder of this machine that may be written."
            ) from error
        try:
            with _explained(self.path):
                self._db = _connect(self.path)
                version = _version(self._db, self.path)  # before anything is changed in a file of others
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                if version == 0:
                    self._db.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let the next process have it."""
        if hasattr(self, "_db"):
            self._db.close()
        self._lock.release()

    def lookup(self, key: str) -> Entry | None:
        """Return what is known of an item; None where it was never begun, or where its row is damaged."""
        with _explained(self.path):
            try:
                row = self._db.execute(
                    "SELECT id, state, run, attempts, record, kind, message, requests, prompt_tokens, "
                    "cached_tokens, completion_tokens, seconds, cost FROM items WHERE key = ?",
                    (key,),
                ).fetchone()
                return None if row is None else _entry(key, row)
            except _BAD_VALUE:
                return None

    def begin(self, key: str, id: str) -> None:
        """Note that an item is about to be asked."""
        self._write(
            "INSERT INTO items (key, id, state, run, attempts, updated) VALUES (?, ?, 'in flight', ?, 1, ?) "
            "ON CONFLICT (key) DO UPDATE SET id = excluded.id, state = 'in flight', run = excluded.run, "
            "attempts = attempts + 1, kind = '', message = '', record = NULL, updated = excluded.updated",
            (key, _storable(id), self.run, time.time()),
        )

    def done(self, key: str, record: str, usage: Usage) -> None:
        """Note an item's record (its JSON) and what this attempt cost."""
        self._end(key, State.DONE, usage, record=record)

    def failed(self, key: str, kind: str, message: str, usage: Usage) -> None:
        """Note why an item failed: the error's name and words, and what this attempt cost."""
        self._end(key, State.FAILED, usage, kind=kind, message=message)

    def reopen(self, key: str) -> None:
        """Let the next run ask a failed item again: it failed by no fault of its own."""
        self._write(
            "UPDATE items SET state = 'in flight', kind = '', message = '' WHERE key = ? AND state = 'failed'",
            (key,),
        )

    def _end(
        self,
        key: str,
        state: State,
        usage: Usage,
        *,
        record: str | None = None,
        kind: str = "",
        message: str = "",
    ) -> None:
        spent = self.lookup(key)
        total = (spent.usage + usage) if spent is not None and spent.attempts > 1 else usage
        cost = None if total.cost is None else str(total.cost)
        self._write(
            "UPDATE items SET state = ?, record = ?, kind = ?, message = ?, requests = ?, prompt_tokens = ?, "
            "cached_tokens = ?, completion_tokens = ?, seconds = ?, cost = ?, updated = ? WHERE key = ?",
            (
                *(state.value, record, _storable(kind), _storable(message)),
                *(total.requests, total.prompt_tokens, total.cached_tokens, total.completion_tokens),
                *(total.seconds, cost, time.time(), key),
            ),
        )

    def start_run(self, about: Mapping[str, Any]) -> None:
        """Note a run and what it runs, without secrets; what is begun from now on belongs to it."""
        self.run = self._write(
            "INSERT INTO runs (started, about) VALUES (?, ?)",
            (time.time(), json.dumps(about, ensure_ascii=True)),
        )

    def note(self, progress: Mapping[str, Any]) -> None:
        """Note how far the run is, for ``status``."""
        self._write("UPDATE runs SET progress = ? WHERE run = ?", (json.dumps(progress), self.run))

    def end_run(self, outcome: str) -> None:
        """Note how the run ended."""
        self._write(
            "UPDATE runs SET ended = ?, outcome = ? WHERE run = ?",
            (time.time(), _storable(outcome), self.run),
        )

    def spent(self) -> Usage:
        """Sum what all items have cost, in all runs of this journal."""
        with _explained(self.path):
            return _spent(self._db)

    def _write(self, statement: str, values: tuple[object, ...]) -> int:
        with _explained(self.path):
            return self._db.execute(statement, values).lastrowid or 0


@dataclass(frozen=True, slots=True)
class Status:
    """How a batch stands. ``items`` counts by state, ``failures`` by kind; the rest is of the last run.

    ``running`` says whether a process writes the journal now. ``progress`` is what the run last noted.
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


def read_status(path: str | Path) -> Status:
    """Read how a batch stands, while it runs or after. Raises ConfigurationError."""
    path = Path(path)
    if not path.is_file():
        raise ConfigurationError(f"There is no journal {path}. Name the one of the batch with --journal.")
    running = _is_locked(path)
    with _explained(path):
        db = _connect(path)
        try:
            db.execute("PRAGMA query_only = 1")
            if _version(db, path) == 0:
                raise ConfigurationError(f"The journal {path} is empty: no batch has begun in it.")
            all_items: int = db.execute("SELECT count(*) FROM items").fetchone()[0]
            others = db.execute(
                "SELECT state, kind, count(*) FROM items WHERE state != 'done' GROUP BY state, kind"
            ).fetchall()
            last = _last_run(db)
            spent = _spent(db)
        finally:
            db.close()
    failures = {kind: count for state, kind, count in others if state == State.FAILED.value}
    in_flight = sum(count for state, _, count in others if state == State.IN_FLIGHT.value)
    failed = sum(failures.values())
    items = {"done": all_items - in_flight - failed, "failed": failed, "in flight": in_flight}
    return Status(running, items, failures, spent, *last)


def _last_run(db: sqlite3.Connection) -> tuple[float | None, float | None, str, Any, Any]:
    """When the last run started and ended, its outcome, what it ran, and what progress it noted."""
    row = db.execute(
        "SELECT started, ended, outcome, about, progress FROM runs ORDER BY run DESC LIMIT 1"
    ).fetchone()
    if row is None:
        return None, None, "", {}, {}
    started, ended, outcome, about, progress = row
    return started, ended, outcome, json.loads(about), json.loads(progress)


def _is_locked(path: Path) -> bool:
    lock = FileLock(f"{path}.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    lock.release()
    return False


def _connect(path: Path) -> sqlite3.Connection:
    # The event loop's thread may be another than the one that opened the file; there is one at a time.
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    db.text_factory = bytes.decode  # strict; sqlite3's own error for bytes that are no UTF-8 prints them
    return db


def _version(db: sqlite3.Connection, path: Path) -> int:
    """The version of the journal's form; 0 for a new file. Refuses what is no journal, or of another version."""
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application == 0 and version == 0 and tables == 0:
        return 0
    if application != _APPLICATION:
        raise ConfigurationError(f"{path} is a database of something else. Give another --journal.")
    if version != _VERSION:
        raise ConfigurationError(
            f"The journal {path} has form {version}, and this version of the package reads form {_VERSION}. "
            "Go on with the package that made it, or give another --journal."
        )
    return version


def _spent(db: sqlite3.Connection) -> Usage:
    *numbers, has_cost = db.execute(
        "SELECT sum(requests), sum(prompt_tokens), sum(cached_tokens), sum(completion_tokens), sum(seconds), "
        "count(cost) FROM items"
    ).fetchone()
    costs = db.execute("SELECT cost FROM items WHERE cost IS NOT NULL") if has_cost else ()
    cost = sum((Decimal(row[0]) for row in costs), Decimal(0)) if has_cost else None
    return _usage([*(number or 0 for number in numbers), cost])


def _entry(key: str, row: Sequence[Any]) -> Entry:
    """Read a row. Raises one of _BAD_VALUE where it is damaged."""
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
    """Halves of a character, which SQLite cannot store, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


# The start of each message of SQLite that is not about what the file holds. None of them quotes the file.
_NOT_DAMAGE = (
    *("database is locked", "database table is locked", "unable to open", "attempt to write a readonly"),
    *("disk I/O error", "access permission denied", "authorization denied", "out of memory", "interrupted"),
)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a sentence that says what to do, and never quotes what the file holds."""
    try:
        yield
    except (sqlite3.Error, *_BAD_VALUE) as error:
        said = str(error)
        if isinstance(error, sqlite3.Error) and "is full" in said:
            told = (
                f"The disk is full: the journal {path} cannot be written. Free some space, and start again."
            )
        elif isinstance(error, sqlite3.Error) and said.startswith(_NOT_DAMAGE):
            told = (
                f"The journal {path} cannot be used: {said}. Check that its folder exists and can be written, "
                "and that the disk has space."
            )
        else:
            told = (
                f"The journal {path} is damaged. Restore a copy of it, or move it away and start again, "
                "which asks all articles again."
            )
        raise ConfigurationError(told) from (None if "damaged" in told else error)
