"""Short newswire stories about acquisitions with answer keys, scored by the public rule.

The stories are not part of the project: the folder that holds ``docs/ID`` and ``keys/ID.key`` is named by
the user. Their seven slots are the second user of the schema compiler, with lists of verbatim words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from evals.cases import Case, CaseError, CaseFile
from evals.outcomes import Counts
from evals.runfile import Line, RunFile
from evals.tables import table
from summarizer.figures import Kind
from summarizer.records.values import Ask, Money, Name, Phrase, Usage

_LINE = re.compile(r'([A-Z]+): (---|"[^"]*"(?: / "[^"]*")*)\s*')


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
        Field(description="What price is paid for it?"),
    ] = None
    purchaser: Annotated[
        tuple[Name, ...],
        Ask(limit=2, length=80),
        Field(description="Who is the buyer?"),
    ] = ()
    seller: Annotated[
        tuple[Name, ...],
        Ask(limit=1, length=80),
        Field(description="Who is the seller?"),
    ] = ()
    status: Annotated[
        tuple[Phrase, ...],
        Ask(limit=1, length=60),
        Field(description="Which few words of the article tell how far the deal has come?"),
    ] = ()


_Fills = tuple[tuple[str, ...], ...]


_slots: Any = dict.fromkeys(AcquisitionSlots.model_fields, (_Fills, ()))
Key: Any = create_model("Key", __config__=ConfigDict(frozen=True), **_slots)
"""For each slot its fills, each a list of acceptable strings."""


def read_key(text: str) -> Any:
    """Read an answer key: ``SLOT: "form" / "other form"`` or ``SLOT: ---``; lines of one slot are its fills.

    Raises ValueError for a line of another form.
    """
    fills: dict[str, list[tuple[str, ...]]] = {slot: [] for slot in Key.model_fields}
    for line in text.splitlines():
        if not line.strip() or line.startswith("TEXT:"):
            continue
        found = _LINE.fullmatch(line)
        slot = found[1].lower() if found else ""
        if found is None or slot not in fills:
            raise ValueError(f"{line!r} is no line of a key")
        if found[2] != "---":
            fills[slot].append(tuple(joined(form) for form in re.findall(r'"([^"]*)"', found[2])))
    return Key.model_validate(fills)


def joined(words: str) -> str:
    """Words whose lines are joined and whose white space is single."""
    return " ".join(words.split())


def read_stories(folder: Path, *, every: int = 1, limit: int | None = None) -> list[Case]:
    """Every ``every``-th story of the folder in sorted order, at most ``limit``. Raises CaseError."""
    docs = sorted(path for path in (folder / "docs").glob("*") if path.is_file())
    if not docs:
        raise CaseError(f"{folder} does not hold docs/ID and keys/ID.key.")
    return [_read_story(path, folder / "keys" / f"{path.name}.key") for path in docs[::every][:limit]]


def _read_story(path: Path, key: Path) -> Case:
    if not key.is_file():
        raise CaseError(f"{path} has no key: {key} is missing.")
    data = path.read_bytes()
    about = CaseFile(file=path.name, sha256=hashlib.sha256(data).hexdigest(), deal=path.name)
    try:
        gold = read_key(key.read_text("latin-1"))
    except ValueError as error:
        raise CaseError(f"{key} cannot be read: {error}") from error
    return Case(about, gold, data.decode("latin-1"), AcquisitionSlots)


def fills_of(record: Mapping[str, Any] | None) -> dict[str, tuple[str, ...]]:
    """List the strings that a record, as JSON, fills each slot with, each once; none has no fills."""
    fills = {}
    for slot in Key.model_fields:
        value = (record or {}).get(slot) or ()
        values = [value] if isinstance(value, Mapping) else value
        fills[slot] = tuple(dict.fromkeys(joined(each["text"]) for each in values))
    return fills


def tally(wanted: Sequence[Sequence[str]], answered: Sequence[str]) -> Counts:
    """Score one slot of one story: a fill is right if it equals an acceptable string."""
    right = 0
    if wanted and answered:
        equal = [[fill in forms for fill in answered] for forms in wanted]
        rows, columns = linear_sum_assignment(equal, maximize=True)
        right = sum(equal[i][j] for i, j in zip(rows, columns, strict=True))
    return Counts(tp=right, fn=len(wanted) - right, fa=len(answered) - right)


def tallies(case: Case, line: Line) -> dict[str, Counts]:
    """The score of each slot of a story."""
    fills = fills_of(line.record)
    return {slot: tally(getattr(case.gold, slot), fills[slot]) for slot in Key.model_fields}


def report(run: RunFile, stories: Sequence[Case]) -> str:
    """Precision, recall and F of a run by slot and over all slots, and what it cost.

    Raises CaseError for an answer to a story that is not there.
    """
    cases = {case.id: case for case in stories}
    lost = [line.case for line in run.lines if line.case not in cases]
    if lost:
        raise CaseError(f"The run answers to stories that are not there: {', '.join(lost[:5])}.")
    scored = [tallies(cases[line.case], line) for line in run.lines]
    by_slot = {slot: sum((each[slot] for each in scored), Counts()) for slot in Key.model_fields}
    by_slot["all"] = sum(by_slot.values(), Counts())
    rows = [
        (slot, c.tp + c.fn, c.tp + c.fa, c.tp, f"{c.precision:.3f}", f"{c.recall:.3f}", f"{c.f:.3f}")
        for slot, c in by_slot.items()
    ]
    spent = sum((line.usage for line in run.lines), Usage())
    lines = [
        f"{run.label}, {len(run.lines)} stories",
        "",
        table(("slot", "wanted", "answered", "right", "precision", "recall", "F"), rows),
        "",
        f"{sum(line.seconds for line in run.lines):.0f} s; {spent.requests} requests, "
        f"{spent.prompt_tokens} prompt tokens ({spent.cached_tokens} cached), "
        f"{spent.completion_tokens} written",
        *(f"story {line.case}: {line.error_kind}: {line.error}" for line in run.lines if line.error),
    ]
    return "\n".join(lines)
