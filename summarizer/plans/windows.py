"""Read a text that is longer than the model's context: window by window, then as one record.

A window is a run of whole sentences. Each has the headline and the dates at the top of the text at hand, and
repeats the last sentences of the window before it. A window after the first that holds no figure and none of
the names found so far is skipped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from summarizer.document import Sentence, Zone
from summarizer.figures import Kind
from summarizer.findings import Finding
from summarizer.inventory import Inventory, fold
from summarizer.llm.off_loop import off_loop
from summarizer.plans.merge import Part

_OVERLAP = 3  # sentences that a window repeats
_HEAD = 6  # sentences at the top among which the headline and the dates are
_SHORT = 300  # characters of a sentence that is worth repeating
_MARK = 10  # characters of a sentence's number and line break in a prompt
_COUNTED = frozenset({Kind.MONEY, Kind.PER_SHARE, Kind.PERCENT, Kind.MULTIPLE})

Read = Callable[[Inventory], Awaitable[Part]]
"""Reads one window."""


@dataclass
class Coverage:
    """How much of a text was read: windows in all, read, and skipped as they hold no figure and no known name."""

    windows: int = 0
    read: int = 0
    skipped: int = 0

    @property
    def left(self) -> int:
        """Windows beyond the limit."""
        return self.windows - self.read - self.skipped


def split(inventory: Inventory, characters: int) -> list[tuple[int, ...]]:
    """The sentence numbers of each window of at most ``characters``, unless a single sentence is longer."""
    head = _head(inventory)
    room = max(characters - _length(head), characters // 2)
    windows: list[tuple[int, ...]] = []
    current: list[Sentence] = []
    fresh = 0  # sentences of the current window that are not repeated from the last one
    for sentence in inventory.sentences:
        if fresh and _length((*current, sentence)) > room:
            windows.append(_numbers(head, current))
            current, fresh = _tail(current, room // 4), 0
        current.append(sentence)
        fresh += 1
    if fresh:
        windows.append(_numbers(head, current))
    return windows


def _head(inventory: Inventory) -> list[Sentence]:
    """The headline and the sentences with a date at the top, as far as they are short."""
    return [
        s
        for s in inventory.sentences[:_HEAD]
        if len(s.clean) <= _SHORT
        and (s.zone is Zone.HEADLINE or any(m.kind is Kind.DATE for m in inventory.mentions_in(s)))
    ]


def _tail(sentences: Sequence[Sentence], room: int) -> list[Sentence]:
    tail = list(sentences[-_OVERLAP:])
    while tail and _length(tail) > room:
        tail.pop(0)
    return tail


def _length(sentences: Iterable[Sentence]) -> int:
    return sum(len(sentence.clean) + _MARK for sentence in sentences)


def _numbers(*groups: Iterable[Sentence]) -> tuple[int, ...]:
    return tuple(sorted({sentence.number for group in groups for sentence in group}))


async def read_windows(
    inventory: Inventory,
    characters: int,
    read: Read,
    *,
    at_once: int = 1,
    most: int | None = None,
    tell: Callable[[str, int, int], None] = lambda _stage, _done, _total: None,
) -> tuple[list[Part], Coverage]:
    """Read each window that may tell something, the first one before all others; ``most`` at most."""
    windows = await off_loop(len(inventory.document.text), lambda: split(inventory, characters))
    coverage = Coverage(windows=len(windows))
    parts: dict[int, Part] = {}

    async def one(index: int) -> None:
        tell("reading window", index + 1, len(windows))
        part = await off_loop(len(inventory.document.text), lambda: inventory.part(windows[index]))
        parts[index] = await read(part)
        coverage.read += 1

    await one(0)
    names = frozenset(_names(parts[0].facts))
    wanted: list[int] = []
    for index in range(1, len(windows)):
        if most is not None and 1 + len(wanted) >= most:
            break
        if _may_tell(inventory, windows[index], frozenset(windows[index - 1]), names):
            wanted.append(index)
        else:
            coverage.skipped += 1
    slots = asyncio.Semaphore(at_once)

    async def in_turn(index: int) -> None:
        async with slots:
            await one(index)

    tasks = [asyncio.ensure_future(in_turn(index)) for index in wanted]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [parts[index] for index in sorted(parts)], coverage


def _may_tell(
    inventory: Inventory, window: Sequence[int], before: frozenset[int], names: frozenset[str]
) -> bool:
    """Whether a window has, in sentences that the one before it has not, a figure or a name found so far."""
    numbers = set(window) - before
    for sentence in inventory.sentences:
        if sentence.number not in numbers:
            continue
        if any(mention.kind in _COUNTED for mention in inventory.mentions_in(sentence)):
            return True
        words = f" {fold(sentence.clean)} "
        if any(name in words for name in names):
            return True
    return False


def _names(value: Any) -> Iterator[str]:
    """The names in facts, folded: of parties and people, and their aliases."""
    if isinstance(value, BaseModel):
        for key in ("name", "aliases"):
            found = getattr(value, key, None)
            for name in (found,) if isinstance(found, str) else found or ():
                yield fold(str(getattr(name, "text", name)))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _names(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _names(part)


def coverage_finding(coverage: Coverage) -> list[Finding]:
    """Say what was not read, where anything was not."""
    if coverage.read == coverage.windows:
        return []
    said = f"The text was read in {coverage.windows} windows, of which {coverage.read} were put to the model"
    if coverage.skipped:
        said += f"; {coverage.skipped} hold no figure and no name of the deal"
    if coverage.left:
        said += f"; {coverage.left} are beyond the limit of windows"
    return [Finding(code="partly_read", field="", message=f"{said}.")]
