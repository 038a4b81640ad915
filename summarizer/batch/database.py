"""An SQLite file of a batch: opened, locked, versioned, and with error messages that say what to do."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from summarizer.errors import ConfigurationError

_APPLICATION = 0x6465616C  # "deal": the application id in SQLite's header
BAD_VALUE = (ValueError, TypeError, ArithmeticError, zlib.error)
"""What reading a damaged value raises: invalid UTF-8, text in place of a number, truncated JSON."""


class Database:
    """Runs statements; every error of SQLite becomes a ConfigurationError that says what to do."""

    def __init__(self, path: Path, version: int, *, read_only: bool = False) -> None:
        self.path = path
        with explained(path):
            # The event loop may run in another thread than the one that opened the file, but only in one.
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.text_factory = bytes.decode  # strict; sqlite3's own error for invalid UTF-8 quotes it
        try:
            if read_only:
                self.rows("PRAGMA query_only = 1")
            self.version = self._read_version(version)
        except BaseException:
            self._db.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Run a statement and return all its rows."""
        with explained(self.path):
            return self.raw_rows(statement, *values)

    def raw_rows(self, statement: str, *values: object) -> list[Any]:
        """Run a statement and return all its rows. Raises the errors of SQLite, and of BAD_VALUE."""
        return self._db.execute(statement, values).fetchall()

    def write(self, statement: str, *values: object) -> sqlite3.Cursor:
        """Run a statement that returns no rows."""
        with explained(self.path):
            return self._db.execute(statement, values)

    def create_tables(self, schema: str, version: int) -> None:
        """Run the statements of a schema and set the version of the file."""
        header = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {version};"
        with explained(self.path):
            self._db.executescript(f"BEGIN IMMEDIATE; {schema} {header} COMMIT;")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything that the block writes, or nothing."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
            self.write("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self._db.rollback()
            raise

    def _read_version(self, newest: int) -> int:
        """Return the version of the store, 0 for a new file. Refuses other databases and newer versions."""
        ((application,),) = self.rows("PRAGMA application_id")
        ((version,),) = self.rows("PRAGMA user_version")
        ((tables,),) = self.rows("SELECT count(*) FROM sqlite_master")
        if application == 0 and version == 0 and tables == 0:
            return 0
        if application != _APPLICATION:
            raise ConfigurationError(
                f"{self.path} is a database of another program. Choose another --journal."
            )
        if version > newest:
            raise ConfigurationError(
                f"The journal {self.path} has version {version}, and this package reads versions up to {newest}. "
                "Use the package that wrote it, or choose another --journal."
            )
        return int(version)


# How SQLite's messages begin that are not about the content of the file. None of them quotes the file.
_NOT_DAMAGE = (
    *("database is locked", "database table is locked", "unable to open", "attempt to write a readonly"),
    *("disk I/O error", "access permission denied", "authorization denied", "out of memory", "interrupted"),
)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into a message that says what to do and never quotes the content of the file."""
    try:
        yield
    except (sqlite3.Error, *BAD_VALUE) as error:
        text = str(error) if isinstance(error, sqlite3.Error) else ""
        if "is full" in text:
            raise ConfigurationError(
                f"The disk is full: the journal {path} cannot be written. Free some space and start again."
            ) from error
        if text.startswith(_NOT_DAMAGE):
            raise ConfigurationError(
                f"The journal {path} cannot be used: {text}. Check that its folder exists, that you can write "
                "to it, and that the disk has space."
            ) from error
        raise ConfigurationError(
            f"The journal {path} is damaged. Restore a copy, or move it away and start again, which asks "
            "all articles again."
        ) from None
