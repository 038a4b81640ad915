"""What was asked in batch files, and what was answered: the state between one round and the next.

A request is known by the hash of its body, and is sent under that hash and the number of the sending: the
result of an earlier sending is never taken for one of the last. Nothing else is remembered, so reading a
result file twice, or half of it first, comes to the same.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from summarizer.errors import ConfigurationError, InputError
from summarizer.llm.recorded import NoCompletion

NAME = "requests.sqlite"
SENDINGS = 3  # of one request, before it counts as failed
_FORM = 1  # raised when the tables change
_TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, requests INTEGER NOT NULL, bytes INTEGER NOT NULL,
    returned INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE request (
    hash BLOB PRIMARY KEY, file INTEGER NOT NULL, sendings INTEGER NOT NULL, state INTEGER NOT NULL,
    reply BLOB, status INTEGER, code TEXT, said TEXT
);
CREATE INDEX open_requests ON request (file) WHERE state = 0;
"""

# Where a request stands.
OUT, ANSWERED, AGAIN, FAILED = range(4)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was sent ``sendings`` times: where it stands, and its completion or why it has none."""

    sendings: int
    state: int
    answer: Mapping[str, Any] | NoCompletion | None


@dataclass(frozen=True, slots=True)
class File:
    """A file of requests: how many, its size in bytes, and whether any result of it has been seen."""

    name: str
    requests: int
    bytes: int
    returned: bool


def request_hash(body: str) -> bytes:
    """The hash of a request's body, as it stands in the file: 16 bytes of SHA-256."""
    return sha256(body.encode()).digest()[:16]


def custom_id(hash: bytes, sending: int) -> str:
    """The id under which a request is sent; ``read_id`` is its inverse."""
    return f"{hash.hex()}-{sending}"


def read_id(id: str) -> tuple[bytes, int] | None:
    """The hash and the number of the sending in an id; None for an id of another make."""
    digits, _, sending = id.partition("-")
    try:
        hash = bytes.fromhex(digits)
    except ValueError:
        return None
    return (hash, int(sending)) if len(hash) == 16 and sending.isascii() and sending.isdigit() else None


class Ledger:
    """The requests of one folder of batch files."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._db = connection
        self._db.text_factory = bytes.decode  # strict; sqlite3's own error for other bytes prints them

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all of what is done inside, or nothing."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def set(self, name: str, value: Any) -> None:
        """Keep a setting of the run, as JSON."""
        self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, json.dumps(value)))

    def get(self, name: str) -> Any:
        """A setting of the run; None where it was not kept."""
        with _undamaged(self.path):
            row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
            return None if row is None else json.loads(row[0])

    def find(self, hash: bytes) -> Asked | None:
        """What is known of a request; None where it was never sent."""
        with _undamaged(self.path):
            row = self._db.execute(
                "SELECT sendings, state, reply, status, code, said FROM request WHERE hash = ?", (hash,)
            ).fetchone()
            if row is None:
                return None
            sendings, state, reply, status, code, said = row
            answer: Mapping[str, Any] | NoCompletion | None = None
            if state == ANSWERED:
                answer = json.loads(zlib.decompress(reply))
            elif status is not None:
                answer = NoCompletion(status, code, said)
            return Asked(sendings, state, answer)

    def send(self, hash: bytes, file: int) -> int:
        """Note that a request goes out in a file; returns the number of this sending."""
        (sending,) = self._db.execute(
            "INSERT INTO request (hash, file, sendings, state) VALUES (?, ?, 1, 0) ON CONFLICT (hash) "
            "DO UPDATE SET file = excluded.file, sendings = sendings + 1, state = 0 RETURNING sendings",
            (hash, file),
        ).fetchone()
        return int(sending)

    def answer(self, hash: bytes, completion: Mapping[str, Any]) -> bool:
        """Keep the completion of a request; False where it has one already."""
        reply = zlib.compress(json.dumps(completion).encode())
        done = self._db.execute(
            "UPDATE request SET state = ?, reply = ?, status = NULL, code = NULL, said = NULL "
            "WHERE hash = ? AND state != ?",
            (ANSWERED, reply, hash, ANSWERED),
        )
        return done.rowcount == 1

    def fail(self, hash: bytes, sending: int, why: NoCompletion) -> bool:
        """Note why the last sending was not answered; False where that is known, or it was not the last."""
        done = self._db.execute(
            "UPDATE request SET state = CASE WHEN ? AND sendings < ? THEN ? ELSE ? END, "
            "status = ?, code = ?, said = ? WHERE hash = ? AND sendings = ? AND state = ?",
            (
                *(why.passes, SENDINGS, AGAIN, FAILED),
                *(why.status, why.code, why.said[:500], hash, sending, OUT),
            ),
        )
        return done.rowcount == 1

    def mark_returned(self, hash: bytes, sending: int) -> None:
        """Note that the file of a request's last sending has come back, or a part of it."""
        self._db.execute(
            "UPDATE file SET returned = 1 WHERE returned = 0 AND number = "
            "(SELECT file FROM request WHERE hash = ? AND sendings = ?)",
            (hash, sending),
        )

    def give_up_missing(self) -> int:
        """Have what is missing in files that came back asked again; returns how many requests that are."""
        done = self._db.execute(
            "UPDATE request SET state = CASE WHEN sendings < ? THEN ? ELSE ? END, "
            "status = 0, code = 'missing', said = 'the results do not hold it' "
            "WHERE state = 0 AND file IN (SELECT number FROM file WHERE returned = 1)",
            (SENDINGS, AGAIN, FAILED),
        )
        return done.rowcount

    def add_file(self, number: int, name: str, requests: int, size: int) -> None:
        """Note a file of requests as written."""
        self._db.execute(
            "INSERT INTO file (number, name, requests, bytes) VALUES (?, ?, ?, ?)",
            (number, name, requests, size),
        )

    def files(self) -> list[File]:
        """All files of requests, in the order in which they were written."""
        rows = self._db.execute("SELECT name, requests, bytes, returned FROM file ORDER BY number")
        return [File(name, requests, size, bool(returned)) for name, requests, size, returned in rows]

    def next_number(self) -> int:
        """The number of the next file of requests, from 1."""
        return int(self._db.execute("SELECT coalesce(max(number), 0) + 1 FROM file").fetchone()[0])

    def count(self, state: int) -> int:
        """How many requests stand there."""
        return int(self._db.execute("SELECT count(*) FROM request WHERE state = ?", (state,)).fetchone()[0])


def open_ledger(folder: Path, *, create: bool = False) -> Ledger:
    """Open the ledger of a folder, or make it.

    Raises InputError where the folder has none, and ConfigurationError where it is of another version of
    this program, damaged, or in use.
    """
    path = folder / NAME
    if not create and not path.is_file():
        raise InputError(
            f"{folder} was not written by `summarizer batch export`: it has no {NAME}. Name its folder with --dir."
        )
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        form = connection.execute("PRAGMA user_version").fetchone()[0]
        if form == 0:
            connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {_FORM}; COMMIT;")
        elif form != _FORM:
            raise ConfigurationError(
                f"{path} is of another version of this program. Export again into a new folder."
            )
    except sqlite3.OperationalError as error:
        raise ConfigurationError(
            f"{path} cannot be used: {error}. Does another export or import run there?"
        ) from error
    except sqlite3.DatabaseError:
        raise _damaged(path) from None
    return Ledger(connection, path)


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Call a value that cannot be read damaged, without quoting it."""
    try:
        yield
    except (zlib.error, ValueError, TypeError):
        raise _damaged(path) from None


def _damaged(path: Path) -> ConfigurationError:
    return ConfigurationError(f"{path} is damaged. Restore a copy of it, or export again into a new folder.")
