"""The same article about other names and figures, with its gold.

Whoever answers an original name or figure to an altered text has remembered it, not read it. What is put
for what is data (``evals/replacements``), made by hand so that amount, stake and valuation fit together as
they did; hedges, units and everything else stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from evals.gold import HERE, Case, CaseError, Range
from summarizer.mentions import Kind, Mention, find, parse

REPLACEMENTS = HERE / "replacements"
_QUOTE = "['’]"


class Replacements(BaseModel):
    """What is put for each name and each figure of a deal; a longer original goes before one inside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    names: dict[str, str]
    figures: dict[str, str]

    @property
    def all(self) -> dict[str, str]:
        """Names, names in capitals, and figures."""
        shouted = {old.upper(): new.upper() for old, new in self.names.items()}
        return {**shouted, **self.names, **self.figures}

    def originals(self) -> re.Pattern[str]:
        """Match every original, as a whole word or number, whatever its white space and apostrophes."""
        longest = sorted(self.all, key=len, reverse=True)
        return re.compile(
            r"(?<![\w$€£])(?<!\d[.,])(?:" + "|".join(map(_loosely, longest)) + r")(?!\w)(?![.,]\d)"
        )


def _loosely(original: str) -> str:
    words = (re.sub(r"['’]", _QUOTE, re.escape(word)) for word in original.split())
    return r"\s+".join(words)


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters ``start`` to ``end`` of the original, and what stands there now."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Altered:
    """A text after its edits, which are in order and do not overlap."""

    text: str
    edits: tuple[Edit, ...]

    def moved(self, place: Range) -> Range:
        """Where a range of the original stands now; a range that cuts an edit takes all of it."""
        return self._offset(place[0], after=False), self._offset(place[1], after=True)

    def _offset(self, offset: int, *, after: bool) -> int:
        shift = 0
        for edit in self.edits:
            if offset >= edit.end:
                shift += len(edit.new) - (edit.end - edit.start)
            elif offset > edit.start:
                return edit.start + shift + (len(edit.new) if after else 0)
        return offset + shift


def load_replacements(deal: str, folder: Path = REPLACEMENTS) -> Replacements:
    """Read the replacements of a deal. Raises CaseError."""
    path = folder / f"{deal}.json"
    if not path.is_file():
        raise CaseError(f"{folder} has no replacements for the deal {deal!r}.")
    return Replacements.model_validate_json(path.read_bytes())


def alter(text: str, replacements: Replacements) -> Altered:
    """Put other names and figures for those of a text.

    Raises CaseError where a figure would keep its value, or an original would be left.
    """
    altered = _substitute(text, replacements)
    kept = [mention.text for mention in find(text) if not _is_replaced(mention, altered)]
    if kept:
        raise CaseError(f"There is no replacement for {', '.join(sorted(set(kept)))}.")
    left = replacements.originals().search(altered.text)
    if left:
        raise CaseError(f"{left.group()!r} is put for something, and is itself an original.")
    return altered


def _substitute(text: str, replacements: Replacements) -> Altered:
    others = replacements.all
    edits = []
    for match in replacements.originals().finditer(text):
        original = re.sub(r"\s+", " ", match.group())
        new = others.get(original) or others[original.replace("’", "'")]
        edits.append(Edit(match.start(), match.end(), new))
    parts, end = [], 0
    for edit in edits:
        parts += [text[end : edit.start], edit.new]
        end = edit.end
    return Altered("".join([*parts, text[end:]]), tuple(edits))


def _is_replaced(mention: Mention, altered: Altered) -> bool:
    if mention.kind is Kind.UNDISCLOSED:
        return True
    touching = [edit for edit in altered.edits if edit.start < mention.end and mention.start < edit.end]
    digits = [mention.start + i for i, char in enumerate(mention.text) if char.isdigit()]
    return bool(touching) and all(
        any(edit.start <= digit < edit.end for edit in touching) for digit in digits
    )


def alter_case(case: Case, altered: Altered, replacements: Replacements) -> Case:
    """Do to the gold what was done to its text."""
    said: dict[str, Any] = _moved(case.model_dump(), altered, replacements)
    return Case.model_validate({**said, "file": case.file, "sha256": case.sha256, "deal": case.deal})


def _moved(node: Any, altered: Altered, replacements: Replacements) -> Any:
    if isinstance(node, str):
        return _substitute(node, replacements).text
    if isinstance(node, (tuple, list)):
        return [_moved(part, altered, replacements) for part in node]
    if not isinstance(node, dict):
        return node
    places = {
        key: [altered.moved(place) for place in node[key]] for key in ("evidence", "forbidden") if key in node
    }
    moved = {key: _moved(part, altered, replacements) for key, part in node.items() if key not in places}
    return {**moved, **places, **_reread(moved, replacements)}


def _reread(node: Mapping[str, Any], replacements: Replacements) -> dict[str, Any]:
    """Read the numbers of a gold node anew from its altered text."""
    again: dict[str, Any] = {}
    if node.get("year") is not None:
        again["year"] = int(_substitute(str(node["year"]), replacements).text)
    mention = parse(node["text"]) if "text" in node else None
    if mention is not None:
        values = {
            "value": mention.value,
            "percent": mention.value,
            "date": mention.date,
            "currency": mention.unit,
        }
        again |= {key: value for key, value in values.items() if key in node}
    return again


def remembered(record: BaseModel, replacements: Replacements) -> list[str]:
    """Find originals in a record of an altered text, which holds none."""
    return sorted(
        {
            " ".join(found.group().split())
            for found in replacements.originals().finditer(record.model_dump_json())
        }
    )
