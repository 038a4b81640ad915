"""Edits of a text, and a case whose places follow them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evals.cases import Case, Conflict
from evals.gold import Range, gold_model, labels


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` of the original, and their replacement."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Altered:
    """A text after its edits, which are in order and do not overlap."""

    original: str
    text: str
    edits: tuple[Edit, ...]

    def moved(self, place: Range) -> list[Range]:
        """A range in the new text, without what was inserted at its ends; nothing where nothing is left of it."""
        start, end = self._offset(place[0], after=True), self._offset(place[1], after=False)
        return [(start, end)] if start < end else []

    def _offset(self, offset: int, *, after: bool) -> int:
        """An offset in the new text; one inside an edit becomes its start, or its end for the end of a range."""
        shift = 0
        for edit in self.edits:
            if edit.end < offset or (edit.end == offset and (after or edit.start < edit.end)):
                shift += len(edit.new) - (edit.end - edit.start)
            elif edit.start < offset:
                return edit.start + shift + (0 if after else len(edit.new))
        return offset + shift


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


def plain(case: Case) -> dict[str, Any]:
    """The gold of a case as plain values, without what is not labelled."""
    said: dict[str, Any] = case.gold.model_dump(exclude_unset=True)
    return said


def placed(node: Any, move: Callable[[Range], Sequence[Range]]) -> Any:
    """Plain gold with every range of its evidence moved."""
    if isinstance(node, dict):
        return {
            key: [new for place in part for new in move(place)] if key == "evidence" else placed(part, move)
            for key, part in node.items()
        }
    return [placed(part, move) for part in node] if isinstance(node, (tuple, list)) else node


def made(
    case: Case,
    variant: str,
    altered: Altered,
    gold: dict[str, Any],
    *,
    forbidden: Iterable[Range] = (),
    conflicts: Sequence[Conflict] | None = None,
) -> Case:
    """The case of an altered text; ``forbidden`` are new ranges beside the original's."""
    kept = [now for place in case.forbidden for now in altered.moved(place)]
    return replace(
        case,
        text=altered.text,
        gold=gold_model(case.schema).model_validate(gold),
        variant=variant,
        forbidden=tuple(sorted({*kept, *forbidden})),
        conflicts=case.conflicts if conflicts is None else tuple(conflicts),
    )


def taken(case: Case) -> Iterator[Range]:
    """The evidence of all labels, and the forbidden ranges."""
    yield from case.forbidden
    for place in labels(case.gold):
        yield from place.label.evidence
