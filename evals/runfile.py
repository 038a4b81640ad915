"""Run files: one line of JSON for each answer, with its cost and every raw reply. The first line says what was run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.cases import CaseError
from summarizer.records.values import Usage

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and the reply as the server sent it; ``prompt`` is a digest of all that was sent."""

    prompt: str
    question: str
    raw: str


class Line(BaseModel):
    """What a run file says of one case: identities of text and gold, the record or the error, and the cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    case: str
    repeat: int = 0
    input: str
    gold: str
    record: dict[str, Any] | None = None
    error: str = ""
    error_kind: str = ""
    replies: tuple[Asked, ...] = ()
    usage: Usage = Usage()
    seconds: float = 0.0

    @property
    def name(self) -> str:
        """The name of the case that was answered, or that its variant was made from."""
        return self.case.partition("~")[0]

    @property
    def key(self) -> tuple[str, int]:
        """What there is one line of."""
        return self.case, self.repeat


@dataclass(frozen=True, slots=True)
class RunFile:
    """A run: what was run (``about``), and the lines in the order of cases and repeats."""

    about: Mapping[str, Any]
    lines: tuple[Line, ...]

    @property
    def label(self) -> str:
        """The system and the model, for headings."""
        return f"{self.about.get('system')} on {self.about.get('model')}"

    @property
    def replies(self) -> dict[str, str]:
        """Every recorded reply by the digest of its prompt."""
        return {asked.prompt: asked.raw for line in self.lines for asked in line.replies}


def read_run(path: Path) -> RunFile:
    """Read a run file; a last line that was cut is left out. Raises CaseError."""
    if not path.is_file():
        raise CaseError(f"There is no run file {path}. Make one with `python -m evals run --out {path}`.")
    about: Any = None
    lines: dict[tuple[str, int], Line] = {}
    pieces = path.read_bytes().split(b"\n")
    for number, piece in enumerate(pieces, 1):
        if not piece:
            continue
        try:
            if about is None:
                about = json.loads(piece)
                if not isinstance(about, dict) or about.get("format") != FORMAT:
                    raise CaseError(f"{path} is no run file: its first line does not say what was run.")
                continue
            line = Line.model_validate_json(piece)
        except (ValueError, ValidationError) as error:
            if number == len(pieces) and about is not None:
                break  # cut while it was written
            raise CaseError(f"{path}, line {number}: this is no line of a run: {error}") from error
        lines[line.key] = line
    if about is None:
        raise CaseError(f"{path} is empty. Make it with `python -m evals run --out {path}`.")
    return RunFile(about, tuple(lines[key] for key in sorted(lines)))
