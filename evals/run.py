"""The one step that calls a model: a system answers cases, one line of JSON for each in a run file.

The first line says what was run. A run that was stopped goes on where it is: what is in the file is not asked
again, and a line that was cut is asked again. ``score`` and ``report`` read the file and call nothing.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evals.cases import Case, CaseError, digest
from evals.runfile import FORMAT, Line, RunFile, read_run
from evals.systems import Answer, System


@dataclass
class Progress:
    """How far a run is; ``seconds`` is what its cases took so far."""

    total: int
    done: int = 0
    seconds: float = 0.0
    failed: int = 0
    tell: Callable[[Progress, str], None] = field(default=lambda progress, name: None, repr=False)

    @property
    def left(self) -> float | None:
        """Seconds that the rest may take; None before the first case is done."""
        return self.seconds / self.done * (self.total - self.done) if self.done else None


def run(
    system: System,
    cases: Sequence[Case],
    out: Path,
    *,
    about: Mapping[str, Any] | None = None,
    repeats: int = 1,
    concurrency: int = 1,
    tell: Callable[[Progress, str], None] = lambda progress, name: None,
) -> RunFile:
    """Have a system answer each case, ``repeats`` times, and write the lines to ``out`` as they come.

    Goes on with a file that is there. A case for which the system has no answer yet gets no line. Raises
    CaseError where the file was made otherwise.
    """
    header = {"format": FORMAT, "system": system.name, **system.identity, **(about or {})}
    done = _begin(out, header)
    todo = [(case, repeat) for case in cases for repeat in range(repeats) if (case.id, repeat) not in done]
    _agree(out, cases, done)
    progress = Progress(len(todo), tell=tell)
    asyncio.run(_answer_all(system, todo, out, progress, concurrency))
    return read_run(out)


def _begin(out: Path, header: Mapping[str, Any]) -> dict[tuple[str, int], Line]:
    """Cut off a torn end, then write the first line of a new file or read what an old one has."""
    text = out.read_bytes() if out.exists() else b""
    whole = text[
        : text.rfind(b"\n") + 1
    ]  # a line without its end is asked again, even where it could be read
    if whole != text:
        out.write_bytes(whole)
    if not whole:
        out.write_text(json.dumps(header, ensure_ascii=False) + "\n", encoding="utf-8")
        return {}
    found = read_run(out)
    other = sorted(
        name
        for name in {*header, *found.about}
        if header.get(name) != json.loads(json.dumps(found.about.get(name)))
    )
    if other:
        said = "; ".join(f"{name}: {found.about.get(name)} there, {header.get(name)} now" for name in other)
        raise CaseError(f"{out} was made otherwise ({said}). Give another --out, or remove the file.")
    return {line.key: line for line in found.lines}


def _agree(out: Path, cases: Sequence[Case], done: Mapping[tuple[str, int], Line]) -> None:
    inputs = {case.id: digest(case.text) for case in cases}
    for line in done.values():
        if inputs.get(line.case, line.input) != line.input:
            raise CaseError(f"{out} has an answer to another text of {line.case}. Give another --out.")


async def _answer_all(
    system: System, todo: Iterable[tuple[Case, int]], out: Path, progress: Progress, concurrency: int
) -> None:
    slots = asyncio.Semaphore(concurrency)
    with out.open("a", encoding="utf-8") as file:

        async def one(case: Case, repeat: int) -> None:
            async with slots:
                progress.tell(progress, case.id)
                start = time.perf_counter()
                answer: Answer | None = await system.answer(case)
                seconds = time.perf_counter() - start
            if answer is None:
                return  # its replies are not there yet
            file.write(_line(case, repeat, answer, seconds).model_dump_json() + "\n")
            file.flush()
            progress.done += 1
            progress.seconds += seconds
            progress.failed += bool(answer.error)
            progress.tell(progress, "")

        await asyncio.gather(*(one(case, repeat) for case, repeat in todo))


def _line(case: Case, repeat: int, answer: Answer, seconds: float) -> Line:
    record = None if answer.record is None else answer.record.model_dump(mode="json")
    return Line.model_validate(
        {
            "case": case.id,
            "repeat": repeat,
            "input": digest(case.text),
            "gold": case.gold_digest,
            "record": record,
            "error": answer.error,
            "error_kind": answer.error_kind,
            "replies": [asdict(asked) for asked in answer.replies],
            "usage": answer.usage.model_dump(),
            "seconds": round(seconds, 3),
        }
    )
