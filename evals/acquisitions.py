"""Short newswire stories about acquisitions with answer keys, scored by the public rule.

The stories are not part of the project: the folder that holds ``docs/ID`` and ``keys/ID.key`` is named by
the user. Their seven slots are the second user of the schema compiler, with lists of verbatim words.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from evals.cases import CaseError
from evals.outcomes import ratio
from evals.tables import table
from summarizer.errors import SummarizerError
from summarizer.mentions import Kind
from summarizer.schema.values import Ask, Money, Name, Phrase, Usage

SLOTS = ("acquired", "acqbus", "acqloc", "dlramt", "purchaser", "seller", "status")
_LINE = re.compile(r'([A-Z]+): (---|"[^"]*"(?: / "[^"]*")*)\s*')
_FROM_SOMEONE = re.compile(
    r"\b(?:sell(?:s|ing|er|ers)?|sold|sale|divest\w*|from|unit of|subsidiary|parent|owned by|division)\b",
    re.IGNORECASE,
)


class Price(Money):
    """An amount, or the words that keep it back ("undisclosed")."""

    kinds = (Kind.MONEY, Kind.UNDISCLOSED)


class AcquisitionSlots(BaseModel):
    """The seven slots of an acquisition story."""

    model_config = ConfigDict(frozen=True)

    acquired: Annotated[
        tuple[Name, ...],
        Ask(limit=2, length=80),
        Field(description="Which company, unit or asset is bought, in the article's words?"),
    ] = ()
    acqbus: Annotated[
        tuple[Phrase, ...],
        Ask(limit=1, length=80),
        Field(description="What is the business of the company that is bought, in the article's words?"),
    ] = ()
    acqloc: Annotated[
        tuple[Phrase, ...],
        Ask(limit=1, length=60),
        Field(description="In which place is the company that is bought?"),
    ] = ()
    dlramt: Annotated[
        Price | None,
        Ask(roles=("price",)),
        Field(description="What price is paid for it?"),
    ] = None
    purchaser: Annotated[
        tuple[Name, ...],
        Ask(limit=2, length=80),
        Field(description="Who is the buyer?"),
    ] = ()
    seller: Annotated[
        tuple[Name, ...],
        Ask(cue=_FROM_SOMEONE, limit=1, length=80),
        Field(description="Who is the seller?"),
    ] = ()
    status: Annotated[
        tuple[Phrase, ...],
        Ask(limit=1, length=60),
        Field(description="Which few words of the article tell how far the deal has come?"),
    ] = ()


Key = Mapping[str, tuple[tuple[str, ...], ...]]
"""For each slot its fills, each a set of acceptable strings."""


@dataclass(frozen=True, slots=True)
class Story:
    """A story, its identity and its key."""

    id: str
    text: str
    key: Key


def read_key(text: str) -> Key:
    """Read an answer key: ``SLOT: "form" / "other form"`` or ``SLOT: ---``; lines of one slot are its fills.

    Raises ValueError for a line of another form.
    """
    fills: dict[str, list[tuple[str, ...]]] = {slot: [] for slot in SLOTS}
    for line in text.splitlines():
        if not line.strip() or line.startswith("TEXT:"):
            continue
        found = _LINE.fullmatch(line)
        slot = found[1].lower() if found else ""
        if found is None or slot not in fills:
            raise ValueError(f"{line!r} is no line of a key")
        if found[2] != "---":
            fills[slot].append(tuple(joined(form) for form in re.findall(r'"([^"]*)"', found[2])))
    return {slot: tuple(each) for slot, each in fills.items()}


def joined(words: str) -> str:
    """Words whose lines are joined and whose white space is single."""
    return " ".join(words.split())


def read_stories(folder: Path, *, every: int = 1, limit: int | None = None) -> list[Story]:
    """Every ``every``-th story of the folder in sorted order, at most ``limit``. Raises CaseError."""
    docs = sorted(path for path in (folder / "docs").glob("*") if path.is_file())
    if not docs:
        raise CaseError(f"{folder} does not hold docs/ID and keys/ID.key.")
    stories = []
    for path in docs[::every][:limit]:
        key = folder / "keys" / f"{path.name}.key"
        if not key.is_file():
            raise CaseError(f"{path} has no key: {key} is missing.")
        stories.append(Story(path.name, path.read_text("latin-1"), read_key(key.read_text("latin-1"))))
    return stories


def fills_of(record: Any) -> dict[str, tuple[str, ...]]:
    """List the strings that a record fills each slot with, each once."""
    fills = {}
    for slot in SLOTS:
        value = getattr(record, slot)
        values = value if isinstance(value, tuple) else () if value is None else (value,)
        fills[slot] = tuple(dict.fromkeys(joined(each.text) for each in values))
    return fills


@dataclass(frozen=True, slots=True)
class Tally:
    """Fills of the key, fills that were answered, and those of them that are right."""

    wanted: int = 0
    answered: int = 0
    right: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.wanted + other.wanted, self.answered + other.answered, self.right + other.right)

    @property
    def precision(self) -> float:
        """The share of right fills in those answered."""
        return ratio(self.right, self.answered)

    @property
    def recall(self) -> float:
        """The share of right fills in those wanted."""
        return ratio(self.right, self.wanted)

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return ratio(2 * self.right, self.wanted + self.answered)


def tally(wanted: Sequence[Sequence[str]], answered: Sequence[str]) -> Tally:
    """Score one slot of one story: a fill is right if it equals an acceptable string."""
    right = 0
    if wanted and answered:
        equal = [[fill in forms for fill in answered] for forms in wanted]
        rows, columns = linear_sum_assignment(equal, maximize=True)
        right = sum(equal[i][j] for i, j in zip(rows, columns, strict=True))
    return Tally(len(wanted), len(answered), int(right))


@dataclass(frozen=True, slots=True)
class StoryRun:
    """What one story gave; ``seconds`` is wall time."""

    story: Story
    fills: Mapping[str, tuple[str, ...]]
    seconds: float
    record: Any  # None where there is an error
    error: str = ""

    @property
    def tallies(self) -> dict[str, Tally]:
        """The score of each slot."""
        return {slot: tally(self.story.key[slot], self.fills[slot]) for slot in SLOTS}


def run_stories(
    stories: Iterable[Story],
    summarize: Callable[..., Any],
    *,
    tell: Callable[[str], None] = lambda line: None,
    **options: Any,
) -> list[StoryRun]:
    """Summarise each story with the seven slots; a story that fails fills nothing."""
    runs = []
    for story in stories:
        tell(f"story {story.id}, {len(story.text.split())} words")
        start = time.perf_counter()
        try:
            record = summarize(story.text, schema=AcquisitionSlots, id=story.id, **options)
            fills, said = fills_of(record), ""
        except SummarizerError as error:
            record, fills, said = None, dict.fromkeys(SLOTS, ()), f"{type(error).__name__}: {error}"
        runs.append(StoryRun(story, fills, time.perf_counter() - start, record, said))
    return runs


def report(runs: Sequence[StoryRun]) -> str:
    """Precision, recall and F by slot and over all slots, and what the runs cost."""
    by_slot = {slot: sum((run.tallies[slot] for run in runs), Tally()) for slot in SLOTS}
    by_slot["all"] = sum(by_slot.values(), Tally())
    rows = [
        (slot, t.wanted, t.answered, t.right, f"{t.precision:.3f}", f"{t.recall:.3f}", f"{t.f:.3f}")
        for slot, t in by_slot.items()
    ]
    spent = sum((run.record.usage for run in runs if run.record is not None), Usage())
    lines = [
        table(("slot", "wanted", "answered", "right", "P", "R", "F"), rows),
        "",
        f"{len(runs)} stories, {sum(run.seconds for run in runs):.0f} s; {spent.requests} requests, "
        f"{spent.prompt_tokens} prompt tokens ({spent.cached_tokens} cached), "
        f"{spent.completion_tokens} written",
        *(f"story {run.story.id}: {run.error}" for run in runs if run.error),
    ]
    return "\n".join(lines)


def as_line(run: StoryRun) -> str:
    """One line of JSON: the key, the fills, and the record."""
    record = None if run.record is None else run.record.model_dump(mode="json")
    right = {slot: t.right for slot, t in run.tallies.items()}
    said = {
        "story": run.story.id,
        "error": run.error,
        "seconds": run.seconds,
        "key": run.story.key,
        "fills": run.fills,
    }
    return json.dumps({**said, "right": right, "record": record}, ensure_ascii=False)
