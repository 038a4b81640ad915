"""The store: what is written survives crashes, torn files, full disks and second processes."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch.store import RequestState, State, Store, read_status
from summarizer.errors import ConfigurationError
from summarizer.llm.recorded import NoCompletion
from summarizer.records.values import Usage

from .storing import PAID, full_disk, lock_wait

DEAR = PAID.model_copy(update={"cost": Decimal("0.5")})
HASH = b"h" * 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl.journal"


def test_items_are_read_back(path: Path) -> None:
    """A second opening finds each item as it was left, with the usage of all attempts."""
    with Store(path) as store:
        store.start_run({"model": "m"})
        for key in ("a", "b", "b", "c", "d"):
            store.begin(key, f"id {key}")
            if key == "b":
                store.finish("b", DEAR, kind="Refused", message="no")
        store.finish("a", PAID, record='{"x": 1}')
        store.finish("d", PAID, kind="EndpointUnavailable", message="down")
        for key in "ad":
            store.reopen(key)  # an item that is done stays done
    with Store(path) as store:
        assert store.lookup("nothing") is None
        found = [entry for key in "abcd" if (entry := store.lookup(key))]
        assert [entry.state.value for entry in found] == ["done", "failed", "in flight", "in flight"]
        assert [entry.attempts for entry in found] == [1, 2, 1, 1]
        assert (found[0].record, found[0].usage) == ('{"x": 1}', PAID)
        assert (found[1].kind, found[1].message, found[1].usage) == ("Refused", "no", DEAR + DEAR)
        assert (store.spent().requests, store.spent().cost) == (4, Decimal("1.0"))


def test_requests_are_read_back(path: Path) -> None:
    """A request goes out up to three times; a late answer counts, and its file is known to have come back."""
    expired, refused = NoCompletion(0, "batch_expired", "late"), NoCompletion(400, "", "bad")
    with Store(path) as store:
        store.set("run", {"model": "m"})
        assert (store.get("run"), store.get("setup"), store.find(HASH)) == ({"model": "m"}, None, None)
        for sending in (1, 2, 3):
            number = store.next_number()
            store.add_file(number, f"requests-{number}", 1, 99)
            assert (number, store.send(HASH, number)) == (sending, sending)
            assert store.fail(HASH, sending, expired)
            assert not store.fail(HASH, sending, expired)
        found = store.find(HASH)
        assert found is not None
        assert (found.sendings, found.state, found.answer) == (3, RequestState.FAILED, expired)
        store.mark_returned(HASH, 2)
        store.mark_returned(HASH, 3)
        assert [file.returned for file in store.files()] == [False, False, True]
        assert (store.answer(HASH, {"id": 1}), store.answer(HASH, {"id": 2})) == (True, False)
    with Store(path) as store:
        found = store.find(HASH)
        assert found is not None
        assert (found.state, found.answer) == (RequestState.ANSWERED, {"id": 1})
        store.send(b"x" * 16, 3)
        assert (store.retry_missing(), store.retry_missing()) == (1, 0)
        store.send(b"y" * 16, 3)
        assert store.fail(b"y" * 16, 1, refused)
        assert (store.count(RequestState.RETRY), store.count(RequestState.FAILED)) == (1, 1)


def test_transaction_is_kept_whole_or_not_at_all(path: Path) -> None:
    """What breaks off leaves nothing behind, neither of items nor of requests."""
    with Store(path) as store:
        for error in (KeyboardInterrupt, None):
            with contextlib.suppress(KeyboardInterrupt), store.transaction():
                store.begin("a", "a")
                store.send(HASH, 1)
                if error is not None:
                    raise error
            assert (store.lookup("a") is None) == (store.find(HASH) is None) == (error is not None)


def test_text_that_cannot_be_stored(path: Path) -> None:
    """A lone surrogate in an id or a message does not stop the batch."""
    with Store(path) as store:
        store.begin("a", "name \udcff")
        store.finish("a", Usage(), kind="X", message="said \ud83d")
        entry = store.lookup("a")
        assert entry is not None
        assert (entry.id, entry.message) == ("name ?", "said ?")


def test_second_writer_is_refused(path: Path) -> None:
    """While one process has the store open, another is refused; afterwards it may open it."""
    code = f"from summarizer.batch.store import Store; Store({str(path)!r})"
    with Store(path):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "Another process is using the journal" in done.stderr
        with pytest.raises(ConfigurationError, match="Another process is using"), lock_wait(0.0):
            Store(path)
        assert read_status(path).running
    assert not read_status(path).running
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lock_of_a_killed_process_is_free(path: Path) -> None:
    """A killed process holds no lock, and what it wrote is there."""
    code = (
        "import time\nfrom summarizer.batch.store import Store\n"
        f"store = Store({str(path)!r})\nstore.begin('a', 'a')\nprint('begun', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.kill()
    with Store(path) as store:
        entry = store.lookup("a")
        assert entry is not None
        assert entry.state is State.IN_FLIGHT


def test_status(path: Path) -> None:
    """The status counts by state and kind and has the last note of the run, during it and after."""
    with Store(path) as store:
        store.start_run({"model": "m"})
        for key in "abcde":
            store.begin(key, key)
        store.finish("a", PAID, record="{}")
        store.finish("b", PAID, record="{}")
        store.finish("c", PAID, kind="Refused", message="no")
        store.note({"seen": 5})
        status = read_status(path)
        assert status.running
        assert status.items == {"done": 2, "failed": 1, "in flight": 2}
        assert status.failures == {"Refused": 1}
        assert status.spent.requests == 3
        assert (status.about, status.progress, status.ended) == ({"model": "m"}, {"seen": 5}, None)
        store.end_run("done")
    status = read_status(path)
    assert status.outcome == "done"
    assert status.ended is not None


OLD = """
CREATE TABLE items (key TEXT PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL, run INTEGER NOT NULL,
    attempts INTEGER NOT NULL, kind TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '',
    requests INTEGER NOT NULL DEFAULT 0, prompt_tokens INTEGER NOT NULL DEFAULT 0,
    cached_tokens INTEGER NOT NULL DEFAULT 0, completion_tokens INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0, cost TEXT, updated REAL NOT NULL, record TEXT);
CREATE TABLE runs (run INTEGER PRIMARY KEY, started REAL NOT NULL, ended REAL, outcome TEXT NOT NULL DEFAULT '',
    about TEXT NOT NULL, progress TEXT NOT NULL DEFAULT '{}');
INSERT INTO items (key, id, state, run, attempts, updated, record) VALUES ('a', 'a', 'done', 1, 1, 0, '{}');
PRAGMA application_id = 1684365676; PRAGMA user_version = 1;
"""


def test_journal_of_version_1_is_migrated(path: Path) -> None:
    """A journal without the tables of batch files gets them and keeps its items."""
    execute(path, OLD)
    assert read_status(path).items["done"] == 1
    with Store(path) as store:
        entry = store.lookup("a")
        assert entry is not None
        assert entry.record == "{}"
        assert (store.files(), store.get("run")) == ([], None)


def execute(path: Path, script: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(script)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"this is no database at all, but a text of some length" * 40, "is damaged"),
        ("CREATE TABLE x (a)", "another program"),
        ("PRAGMA application_id = 1684365676; PRAGMA user_version = 99; CREATE TABLE x (a)", "version 99"),
    ],
)
def test_file_that_is_no_journal(path: Path, content: bytes | str, words: str) -> None:
    """A file of another kind or a newer version is refused and left as it is."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        execute(path, content)
    before = path.read_bytes()
    for use in (Store, read_status):
        with pytest.raises(ConfigurationError, match=words):
            use(path)
    assert path.read_bytes() == before


SECRET = b"Zz9 secret of the file \xff\xfe"


def spoil_page(path: Path) -> None:
    """Overwrite the pages behind the first, as a bad disk does."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + (SECRET * len(data))[: len(data) - 4096])


def spoil_schema(path: Path) -> None:
    """Overwrite the table definitions, which SQLite quotes in its error."""
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE items", SECRET[:18]))


@pytest.mark.parametrize("spoil", [spoil_page, spoil_schema, lambda path: execute(path, "DROP TABLE items")])
def test_damaged_journal_is_called_damaged(path: Path, spoil: Callable[[Path], None]) -> None:
    """A damaged journal is called damaged, whatever is damaged in it, and none of its bytes are printed."""
    with Store(path) as store:
        store.start_run({"model": "m"})
        for number in range(200):
            store.begin(f"{number:064x}", "id")
    spoil(path)
    for use in (read_status, lambda path: Store(path).lookup(f"{7:064x}")):
        with pytest.raises(ConfigurationError, match="is damaged") as caught:
            use(path)
        assert "secret" not in str(caught.value)
        assert str(caught.value).isprintable()


def looked_up(path: Path) -> Any:
    with Store(path) as store:
        return store.find(HASH), store.get("x")


@pytest.mark.parametrize(
    ("damage", "use"),
    [
        ("runs SET about = '{cut'", read_status),
        ("runs SET progress = '{cut'", read_status),
        ("runs SET about = CAST(x'fffe' AS TEXT)", read_status),
        ("settings SET value = '{secret'", looked_up),
        ("settings SET value = CAST(x'fffe' AS TEXT)", looked_up),
        ("requests SET reply = x'736563726574'", looked_up),
        ("requests SET state = 'secret'", looked_up),
    ],
)
def test_damaged_values_are_damage(path: Path, damage: str, use: Callable[[Path], Any]) -> None:
    """A value that cannot be read makes the journal damaged, and is not printed."""
    with Store(path) as store:
        store.start_run({"model": "m"})
        store.set("x", [1])
        store.send(HASH, 1)
        store.answer(HASH, {})
    execute(path, f"UPDATE {damage}")
    with pytest.raises(ConfigurationError, match="is damaged") as caught:
        use(path)
    assert "secret" not in str(caught.value)


def test_journal_that_is_not_there(tmp_path: Path) -> None:
    """A missing folder and a missing journal are named, and nothing is created."""
    with pytest.raises(ConfigurationError, match="no folder"):
        Store(tmp_path / "no" / "journal")
    with pytest.raises(ConfigurationError, match="There is no journal"):
        read_status(tmp_path / "journal")
    assert list(tmp_path.iterdir()) == []


def test_full_disk(path: Path) -> None:
    """A full disk is reported, what was written stays, and with room the store can be written again."""
    with Store(path) as store:
        for key in "ab":
            store.begin(key, key)
        store.finish("a", PAID, record="{}")
        with full_disk(store), pytest.raises(ConfigurationError, match="disk is full"):
            store.finish("b", PAID, record="x" * 100_000)
        full = pytest.raises(ConfigurationError, match="disk is full")
        with full_disk(store), full, store.transaction():
            store.begin("c", "c")
            store.finish("b", PAID, record="x" * 100_000)
        entries = {key: store.lookup(key) for key in "abc"}
        assert [entry.state.value for entry in entries.values() if entry] == ["done", "in flight"]
        store.finish("b", PAID, record="x" * 100_000)
    assert read_status(path).items == {"done": 2, "failed": 0, "in flight": 0}
