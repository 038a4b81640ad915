"""What the tests of the store share: a full disk, and a lock that is not waited for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from summarizer.batch.store import Store
from summarizer.records.values import Usage

PAID = Usage(requests=1, prompt_tokens=100, completion_tokens=10, seconds=0.5)


@contextlib.contextmanager
def full_disk(store: Store) -> Iterator[None]:
    """Let the file grow no more, as SQLite does when the disk is full."""
    ((pages,),) = store._db.rows("PRAGMA page_count")
    store._db.rows(f"PRAGMA max_page_count = {pages}")
    yield
    store._db.rows("PRAGMA max_page_count = 1000000")


@contextlib.contextmanager
def lock_wait(seconds: float) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("summarizer.batch.locks._WAIT", seconds)
        yield
