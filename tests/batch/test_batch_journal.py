"""The journal: what is written stays written, through crashes, torn files, full disks and second processes."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from summarizer.batch.store import Store, State, read_status
from summarizer.batch.keys import Setup, item_key
from summarizer.errors import ConfigurationError
from summarizer.records.values import Usage

PAID = Usage(requests=1, prompt_tokens=100, completion_tokens=10, seconds=0.5)
SETUP = Setup(
    model="m",
    endpoint="e",
    plan="whole",
    trust="model",
    prompt_hash="p",
    schema_hash="s",
    strict=False,
    versions={"package": "0.1", "code": "c"},
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl.journal"


def test_key_is_of_the_text_and_the_whole_setup() -> None:
    """Another text and each other part of the setup give another key; the same ones give the same key."""
    key = item_key("text", SETUP.digest)
    assert key == item_key("text", Setup(**{name: getattr(SETUP, name) for name in SETUP.__slots__}).digest)
    others = [item_key("texts", SETUP.digest)]
    changes: list[dict[str, Any]] = [{"strict": True}]
    changes += [{name: "x"} for name in ("model", "endpoint", "plan", "prompt_hash", "schema_hash")]
    changes += [{"versions": {**SETUP.versions, name: "x"}} for name in (*SETUP.versions, "new")]
    changes += [{"versions": {"package": "0.1"}}]
    others += [item_key("text", replace(SETUP, **change).digest) for change in changes]
    assert len({key, *others}) == len(others) + 1


def test_key_of_half_a_character() -> None:
    """A text that no file can hold has a key all the same."""
    assert item_key("\ud800", SETUP.digest) != item_key("?", SETUP.digest)


def test_what_is_written_is_read_again(path: Path) -> None:
    """A second opening finds each item as it was left, and what it cost in all attempts."""
    with Store(path) as journal:
        journal.start_run({"model": "m"})
        for key in ("a", "b", "c"):
            journal.begin(key, f"id {key}")
        journal.done("a", '{"x": 1}', PAID)
        journal.failed(
            "b", "InvalidReply", "never met the schema", PAID.model_copy(update={"cost": Decimal("0.5")})
        )
        journal.begin("b", "id b")
        journal.failed("b", "Refused", "no", PAID)
    with Store(path) as journal:
        assert journal.lookup("nothing") is None
        done, failed, open_ = (journal.lookup(key) for key in "abc")
        assert done is not None
        assert (done.state, done.record, done.usage, done.attempts) == (State.DONE, '{"x": 1}', PAID, 1)
        assert failed is not None
        assert (failed.kind, failed.message, failed.attempts) == ("Refused", "no", 2)
        assert failed.usage == PAID + PAID.model_copy(update={"cost": Decimal("0.5")})
        assert open_ is not None
        assert open_.state is State.IN_FLIGHT
        assert journal.spent() == PAID + failed.usage


def test_reopened_item_is_in_flight(path: Path) -> None:
    """An item that failed by no fault of its own is asked again; one that is done stays done."""
    with Store(path) as journal:
        for key in ("a", "b"):
            journal.begin(key, key)
        journal.failed("a", "EndpointUnavailable", "down", PAID)
        journal.done("b", "{}", PAID)
        journal.reopen("a")
        journal.reopen("b")
        states = [entry.state for key in "ab" if (entry := journal.lookup(key))]
        assert states == [State.IN_FLIGHT, State.DONE]


def test_text_that_cannot_be_stored(path: Path) -> None:
    """Half a character in an id or a message does not stop the batch."""
    with Store(path) as journal:
        journal.begin("a", "name \udcff")
        journal.failed("a", "X", "said \ud83d", Usage())
        entry = journal.lookup("a")
        assert entry is not None
        assert (entry.id, entry.message) == ("name ?", "said ?")


def test_second_writer_is_refused(path: Path) -> None:
    """While one process writes, another is told so; when the first has ended, it may."""
    code = f"from summarizer.batch.store import Journal; Store({str(path)!r})"
    with Store(path):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "Another process writes the journal" in done.stderr
        with pytest.raises(ConfigurationError, match="Another process writes"):
            Store(path)
        assert read_status(path).running
    assert not read_status(path).running
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lock_of_a_killed_process_is_free(path: Path) -> None:
    """A process that was killed holds no lock, and what it wrote is there."""
    code = (
        "import time\nfrom summarizer.batch.store import Journal\n"
        f"journal = Store({str(path)!r})\njournal.begin('a', 'a')\nprint('begun', flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.kill()
    with Store(path) as journal:
        entry = journal.lookup("a")
        assert entry is not None
        assert entry.state is State.IN_FLIGHT


def test_status(path: Path) -> None:
    """Status counts by state and kind and tells what the last run noted, while it runs and after."""
    with Store(path) as journal:
        journal.start_run({"model": "m"})
        for key in "abcde":
            journal.begin(key, key)
        journal.done("a", "{}", PAID)
        journal.done("b", "{}", PAID)
        journal.failed("c", "Refused", "no", PAID)
        journal.note({"seen": 5})
        status = read_status(path)
        assert status.running
        assert status.items == {"done": 2, "failed": 1, "in flight": 2}
        assert status.failures == {"Refused": 1}
        assert status.spent.requests == 3
        assert (status.about, status.progress, status.ended) == ({"model": "m"}, {"seen": 5}, None)
        journal.end_run("done")
    status = read_status(path)
    assert status.outcome == "done"
    assert status.ended is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"this is no database at all, but a text of some length" * 40, "is damaged"),
        ("CREATE TABLE x (a)", "something else"),
        ("PRAGMA application_id = 1684365676; PRAGMA user_version = 99; CREATE TABLE x (a)", "form 99"),
    ],
)
def test_file_that_is_no_journal(path: Path, content: bytes | str, words: str) -> None:
    """A file of another kind or another version is refused in plain words, and left as it is."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.executescript(content)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=words):
        Store(path)
    with pytest.raises(ConfigurationError, match=words):
        read_status(path)
    assert path.read_bytes() == before


SECRET = b"Zz9 secret of the file \xff\xfe"


def spoil_page(path: Path) -> None:
    """Overwrite the pages behind the first, as a bad disk does."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + (SECRET * len(data))[: len(data) - 4096])


def spoil_schema(path: Path) -> None:
    """Overwrite the words of the table definitions, which SQLite quotes in its error."""
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE items", SECRET[:18]))


def drop_table(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE items")


@pytest.mark.parametrize("spoil", [spoil_page, spoil_schema, drop_table])
def test_damaged_journal_is_called_damaged(path: Path, spoil: Callable[[Path], None]) -> None:
    """A damaged journal is called damaged, whatever is damaged in it, and none of its bytes are printed."""
    with Store(path) as journal:
        journal.start_run({"model": "m"})
        for number in range(200):
            journal.begin(f"{number:064x}", "id")
    spoil(path)
    for use in (read_status, lambda path: Store(path).lookup(f"{7:064x}")):
        with pytest.raises(ConfigurationError) as caught:
            use(path)
        said = str(caught.value)
        assert "is damaged" in said
        assert "secret" not in said
        assert said.isprintable()


@pytest.mark.parametrize(
    ("column", "value"),
    [("about", "'{cut'"), ("progress", "'{cut'"), ("about", "CAST(x'fffe' AS TEXT)")],
)
def test_status_of_a_damaged_run(path: Path, column: str, value: str) -> None:
    """A run's notes that cannot be read are damage too."""
    with Store(path) as journal:
        journal.start_run({"model": "m"})
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute(f"UPDATE runs SET {column} = {value}")  # noqa: S608 - from the table above
        db.commit()
    with pytest.raises(ConfigurationError, match="is damaged"):
        read_status(path)


def test_journal_that_is_not_there(tmp_path: Path) -> None:
    """A missing folder and a missing journal are named, and nothing is made."""
    with pytest.raises(ConfigurationError, match="no folder"):
        Store(tmp_path / "no" / "journal")
    with pytest.raises(ConfigurationError, match="There is no journal"):
        read_status(tmp_path / "journal")
    assert list(tmp_path.iterdir()) == []


@contextlib.contextmanager
def full_disk(journal: Store) -> Iterator[None]:
    """Let the file grow no more, as SQLite does when the disk is full."""
    pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
    journal._db.execute(f"PRAGMA max_page_count = {pages}")
    yield
    journal._db.execute("PRAGMA max_page_count = 1000000")


def test_full_disk(path: Path) -> None:
    """A full disk is said in plain words, what was written stays, and with room the journal goes on."""
    with Store(path) as journal:
        journal.begin("a", "a")
        journal.done("a", "{}", PAID)
        journal.begin("b", "b")
        with full_disk(journal), pytest.raises(ConfigurationError, match="disk is full"):
            journal.done("b", "x" * 100_000, PAID)
        entries = {key: journal.lookup(key) for key in "ab"}
        assert [entry.state.value for entry in entries.values() if entry] == ["done", "in flight"]
        journal.done("b", "x" * 100_000, PAID)
    assert read_status(path).items == {"done": 2, "failed": 0, "in flight": 0}


@dataclass
class Expected:
    """What the journal ought to say of one item."""

    state: State
    attempts: int = 1
    requests: int = 0
    record: str | None = None
    kind: str = ""


KEYS = st.sampled_from([f"{n:064x}" for n in range(6)])


class JournalMachine(RuleBasedStateMachine):
    """The journal against a dictionary, with crashes, torn logs, full disks and second writers between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "journal"
        self.copies = 0
        self.expected: dict[str, Expected] = {}
        self.history: list[dict[str, Expected]] = [{}]

    @initialize(durable=st.booleans())
    def start(self, durable: bool) -> None:
        self.durable = durable
        self.journal = Store(self.path, durable=durable)
        self.journal.start_run({})

    def _remember(self) -> None:
        self.history.append({key: Expected(**vars(item)) for key, item in self.expected.items()})

    @rule(key=KEYS)
    def begin(self, key: str) -> None:
        self.journal.begin(key, key)
        before = self.expected.get(key)
        self.expected[key] = Expected(
            State.IN_FLIGHT,
            before.attempts + 1 if before else 1,
            before.requests if before else 0,
        )
        self._remember()

    def _in_flight(self) -> list[str]:
        return [key for key, item in self.expected.items() if item.state is State.IN_FLIGHT]

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data(), size=st.integers(0, 20_000))
    def done(self, data: st.DataObject, size: int) -> None:
        key = data.draw(st.sampled_from(self._in_flight()))
        record = key[-1] * size
        self.journal.done(key, record, PAID)
        item = self.expected[key]
        item.state, item.record, item.requests, item.kind = State.DONE, record, item.requests + 1, ""
        self._remember()

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data(), kind=st.sampled_from(["Refused", "InvalidReply"]))
    def failed(self, data: st.DataObject, kind: str) -> None:
        key = data.draw(st.sampled_from(self._in_flight()))
        self.journal.failed(key, kind, "words", PAID)
        item = self.expected[key]
        item.state, item.record, item.requests, item.kind = State.FAILED, None, item.requests + 1, kind
        self._remember()

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data())
    def disk_full(self, data: st.DataObject) -> None:
        """The write that does not fit is refused and changes nothing."""
        key = data.draw(st.sampled_from(self._in_flight()))
        with full_disk(self.journal), pytest.raises(ConfigurationError, match="disk is full"):
            self.journal.done(key, "y" * 2_000_000, PAID)

    @rule()
    def second_writer(self) -> None:
        with pytest.raises(ConfigurationError, match="Another process"), lock_wait(0.0):
            Store(self.path)

    @rule()
    def crash(self) -> None:
        """Go on from the files as a kill leaves them: nothing that was written may be missing."""
        self._reopen_copy(cut=None)

    @rule(seed=st.integers(0, 10_000))
    def power_cut(self, seed: int) -> None:
        """Go on from a log that is torn at any byte: the journal is as it was at some earlier moment."""
        self._reopen_copy(cut=random.Random(seed))

    @rule()
    def reopen(self) -> None:
        self.journal.close()
        self.journal = Store(self.path, durable=self.durable)
        self.history = self.history[-1:]  # the log was taken over into the file

    def _reopen_copy(self, cut: random.Random | None) -> None:
        self.copies += 1
        copy = self.folder / f"journal{self.copies}"
        log = Path(f"{self.path}-wal")
        shutil.copy(self.path, copy)
        if log.exists():
            data = log.read_bytes()
            Path(f"{copy}-wal").write_bytes(data if cut is None else data[: cut.randrange(len(data) + 1)])
        self.journal.close()
        self.path = copy
        self.journal = Store(copy, durable=self.durable)
        found = self._found()
        if cut is None:
            assert found == self.expected
        else:
            assert found in self.history
            # The log still holds what came before: the next cut may go back further.
            self.history = self.history[: self.history.index(found) + 1]
        self.expected = found
        self._remember()

    def _found(self) -> dict[str, Expected]:
        found = {}
        for n in range(6):
            entry = self.journal.lookup(f"{n:064x}")
            if entry is not None:
                found[entry.key] = Expected(
                    entry.state, entry.attempts, entry.usage.requests, entry.record, entry.kind
                )
        return found

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "journal"):
            assert self._found() == self.expected
            assert self.journal.spent().requests == sum(item.requests for item in self.expected.values())

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.journal.close()
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def lock_wait(seconds: float) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("summarizer.batch.store._LOCK_WAIT", seconds)
        yield


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
