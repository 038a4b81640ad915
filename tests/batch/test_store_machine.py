"""The store against a model of it: random writes with crashes, torn logs, full disks and second writers."""

from __future__ import annotations

import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from summarizer.batch.store import State, Store
from summarizer.errors import ConfigurationError

from .storing import PAID, full_disk, lock_wait


@dataclass
class Expected:
    """What the store should hold of one item."""

    state: State
    attempts: int = 1
    requests: int = 0
    record: str | None = None
    kind: str = ""


KEYS = st.sampled_from([f"{n:064x}" for n in range(6)])


class StoreMachine(RuleBasedStateMachine):
    """The store against a dictionary, with crashes, torn logs, full disks and second writers."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "store"
        self.copies = 0
        self.expected: dict[str, Expected] = {}
        self.history: list[dict[str, Expected]] = [{}]

    @initialize(durable=st.booleans())
    def start(self, durable: bool) -> None:
        self.durable = durable
        self.store = Store(self.path, durable=durable)
        self.store.start_run({})

    def _remember(self) -> None:
        self.history.append({key: Expected(**vars(item)) for key, item in self.expected.items()})

    @rule(key=KEYS)
    def begin(self, key: str) -> None:
        self.store.begin(key, key)
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
        self.store.finish(key, PAID, record=record)
        item = self.expected[key]
        item.state, item.record, item.requests, item.kind = State.DONE, record, item.requests + 1, ""
        self._remember()

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data(), kind=st.sampled_from(["Refused", "InvalidReply"]))
    def failed(self, data: st.DataObject, kind: str) -> None:
        key = data.draw(st.sampled_from(self._in_flight()))
        self.store.finish(key, PAID, kind=kind, message="words")
        item = self.expected[key]
        item.state, item.record, item.requests, item.kind = State.FAILED, None, item.requests + 1, kind
        self._remember()

    @precondition(lambda self: self._in_flight())
    @rule(data=st.data())
    def disk_full(self, data: st.DataObject) -> None:
        """A write that does not fit is refused and changes nothing."""
        key = data.draw(st.sampled_from(self._in_flight()))
        with full_disk(self.store), pytest.raises(ConfigurationError, match="disk is full"):
            self.store.finish(key, PAID, record="y" * 2_000_000)

    @rule()
    def second_writer(self) -> None:
        with pytest.raises(ConfigurationError, match="Another process"), lock_wait(0.0):
            Store(self.path)

    @rule()
    def crash(self) -> None:
        """Continue from the files as a kill leaves them: nothing that was written is missing."""
        self._reopen_copy(cut=None)

    @rule(seed=st.integers(0, 10_000))
    def power_cut(self, seed: int) -> None:
        """Continue from a log that is torn at any byte: the store is as it was at some earlier moment."""
        self._reopen_copy(cut=random.Random(seed))

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store(self.path, durable=self.durable)
        self.history = self.history[-1:]  # the log was merged into the file

    def _reopen_copy(self, cut: random.Random | None) -> None:
        self.copies += 1
        copy = self.folder / f"store{self.copies}"
        log = Path(f"{self.path}-wal")
        shutil.copy(self.path, copy)
        if log.exists():
            data = log.read_bytes()
            Path(f"{copy}-wal").write_bytes(data if cut is None else data[: cut.randrange(len(data) + 1)])
        self.store.close()
        self.path = copy
        self.store = Store(copy, durable=self.durable)
        found = self._found()
        if cut is None:
            assert found == self.expected
        else:
            assert found in self.history
            # The log still holds earlier writes, so the next cut may go back further.
            self.history = self.history[: self.history.index(found) + 1]
        self.expected = found
        self._remember()

    def _found(self) -> dict[str, Expected]:
        found = {}
        for n in range(6):
            entry = self.store.lookup(f"{n:064x}")
            if entry is not None:
                found[entry.key] = Expected(
                    entry.state, entry.attempts, entry.usage.requests, entry.record, entry.kind
                )
        return found

    @invariant()
    def agrees(self) -> None:
        if hasattr(self, "store"):
            assert self._found() == self.expected
            assert self.store.spent().requests == sum(item.requests for item in self.expected.values())

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
        shutil.rmtree(self.folder)


TestStoreMachine = StoreMachine.TestCase
TestStoreMachine.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
