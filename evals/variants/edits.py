"""Edits of a text, and a case whose places follow them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from evals.cases import Case, Conflict
from evals.gold import Range, gold_model, labels
from summarizer.document import Zone, read_document


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` of the original, and what stands there now."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Altered:
    """A text after its edits, which are in order and do not overlap."""

    original: str
    text: str
    edits: tuple[Edit, ...]

    def moved(self, place: Range) -> Range | None:
        """Where a range stands now: without what was inserted at its ends, None where nothing is left of it.

        A range that cuts an edit takes all of what is new there.
        """
        start, end = self._start(place[0]), self._end(place[1])
        return (start, end) if start < end else None

    def kept(self, place: Range) -> list[Range]:
        """The moved range, or nothing."""
        now = self.moved(place)
        return [now] if now else []

    def _start(self, offset: int) -> int:
        shift = 0
        for edit in self.edits:
            if edit.end <= offset:
                shift += len(edit.new) - (edit.end - edit.start)
            elif edit.start < offset:
                return edit.start + shift
        return offset + shift

    def _end(self, offset: int) -> int:
        shift = 0
        for edit in self.edits:
            if edit.start >= offset:
                break
            if edit.end > offset:
                return edit.start + shift + len(edit.new)
            shift += len(edit.new) - (edit.end - edit.start)
        return offset + shift

    def put(self, edit: Edit) -> Range:
        """Where what an edit brought stands now."""
        shift = 0
        for before in self.edits[: self.edits.index(edit)]:
            shift += len(before.new) - (before.end - before.start)
        return edit.start + shift, edit.start + shift + len(edit.new)


def alter(text: str, edits: Iterable[Edit]) -> Altered:
    """Edit a text. Raises ValueError where two edits overlap."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    parts, end = [], 0
    for edit in ordered:
        if edit.start < end:
            raise ValueError(f"two edits overlap at {edit.start}")
        parts += [text[end : edit.start], edit.new]
        end = edit.end
    return Altered(text, "".join([*parts, text[end:]]), tuple(ordered))


def placed(node: Any, move: Callable[[Range], Sequence[Range]]) -> Any:
    """Gold as plain values, with each place of its evidence where ``move`` says that it stands."""
    if isinstance(node, dict):
        return {
            key: [new for place in part for new in move(place)] if key == "evidence" else placed(part, move)
            for key, part in node.items()
        }
    return [placed(part, move) for part in node] if isinstance(node, (tuple, list)) else node


def is_figure(node: Any) -> bool:
    """Whether plain values are the label of a figure or a day: of names and phrases the text is a list."""
    return isinstance(node, dict) and isinstance(node.get("text"), str)


def plain(case: Case) -> dict[str, Any]:
    """The gold of a case as plain values, without what is not labelled."""
    said: dict[str, Any] = case.gold.model_dump(exclude_unset=True)
    return said


def made(
    case: Case,
    variant: str,
    altered: Altered,
    gold: dict[str, Any],
    *,
    forbidden: Iterable[Range] = (),
    conflicts: Sequence[Conflict] | None = None,
) -> Case:
    """The case of an altered text; ``forbidden`` are new places beside the original's."""
    kept = [now for place in case.forbidden for now in altered.kept(place)]
    return replace(
        case,
        text=altered.text,
        gold=gold_model(case.schema).model_validate(gold),
        variant=variant,
        forbidden=tuple(sorted({*kept, *forbidden})),
        conflicts=case.conflicts if conflicts is None else tuple(conflicts),
    )


def inserted(case: Case, variant: str, edits: Sequence[tuple[Edit, int]]) -> Case:
    """The case with stretches put in that belong in no fact; of each, so many characters are only a gap."""
    altered = alter(case.text, [edit for edit, _ in edits])
    zones = [(start + gap, end) for edit, gap in edits for start, end in [altered.put(edit)]]
    gold = placed(plain(case), altered.kept)
    return made(case, variant, altered, gold, forbidden=zones)


def breaks(case: Case) -> list[Range]:
    """The gaps below the paragraphs of running text, outside of evidence and forbidden places."""
    taken = [*case.forbidden, *(range_ for place in labels(case.gold) for range_ in place.label.evidence)]
    found = []
    for one, two in pairwise(read_document(case.text).sentences):
        gap = case.text[one.end : two.start]
        if one.block == two.block or gap.strip() or not one.zone == two.zone == Zone.BODY:
            continue
        prose = len(one.text.split()) > 5 and one.text[-1] in '.?!"”’'
        if prose and not any(start < two.start and one.end < end for start, end in taken):
            found.append((one.end, two.start))
    return found


def like(text: str, paragraph: str) -> str:
    """A paragraph with its lines as long as those of the text, where that one breaks them."""
    lines = text.splitlines()
    broken = sum(a != "" and a[-1:].isalnum() and b[:1].islower() for a, b in pairwise(lines))
    return textwrap.fill(paragraph, max(map(len, lines))) if broken > 3 else paragraph


def located(words: str, text: str, areas: Iterable[Range] = ()) -> Range | None:
    """Where words stand in a text: in one of the areas, or anywhere; punctuation between them is free."""
    tokens = re.findall(r"[\w%$€£¥₹]+(?:[.,][\w%$€£¥₹]+)*", words)
    if not tokens:
        return None
    pattern = r"(?<![\w$€£])" + r"[^\w%$€£¥₹]+".join(map(re.escape, tokens)) + r"(?!\w)"
    for flags in (0, re.IGNORECASE):
        found = re.compile(pattern, flags)
        for area in (*areas, (0, len(text))):
            if match := found.search(text, *area):
                return match.span()
    return None
