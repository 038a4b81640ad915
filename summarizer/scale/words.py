"""The words in which an export or import says what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from summarizer.render.safe import quote
from summarizer.scale.command import Outcome
from summarizer.scale.ledger import File

_SHOWN = 5  # files that are named one by one


def of_results(outcome: Outcome) -> list[str]:
    """What the lines of the results were."""
    counts = outcome.results
    answered = _with(
        counts["answered"],
        "answered",
        {"met their limit of tokens": counts["cut"], "refused": counts["refused"]},
    )
    failed = _with(counts["failed"], "failed", {"expired": counts["expired"]}) if counts["failed"] else ""
    others = {
        "missing": counts["missing"],
        "known already": counts["known"],
        "not of this export": counts["foreign"],
        "unreadable": counts["unreadable"],
    }
    return [f"results   {', '.join(part for part in (answered, failed, _list(others)) if part)}"]


def of_articles(outcome: Outcome, rows: str | None) -> list[str]:
    """How the articles stand, and where the rows are."""
    counts = outcome.round.articles
    kinds = dict(outcome.failures.most_common())
    failed = _with(counts["failed"], "failed", kinds) if counts["failed"] else ""
    waiting = f"{counts['waiting']:,} waiting for results" if counts["waiting"] else ""
    told = ", ".join(part for part in (f"{counts['done']:,} done", failed, waiting) if part)
    return [f"articles  {told}", *([f"rows      {rows}"] if rows is not None else [])]


def of_files(outcome: Outcome, folder: Path) -> list[str]:
    """The files to send, those still out, and what to do next."""
    lines = []
    asked = outcome.round.asked
    if outcome.new:
        again = f", {asked['again']:,} of them again" if asked["again"] else ""
        lines.append(f"to send   {sum(asked.values()):,} requests{again}, in {_files(len(outcome.new))}:")
        lines += _named(outcome.new, folder)
    if outcome.out:
        lines.append(f"still out {_files(len(outcome.out))} without any result so far:")
        lines += _named(outcome.out, folder)
    if outcome.new or outcome.out:
        lines.append(
            f"next      have them run as batches, then: summarizer batch import RESULT… --dir {quote(str(folder))}"
        )
        return lines
    return ["next      nothing: every article is done or failed"]


def _named(files: Sequence[File], folder: Path) -> list[str]:
    lines = [
        f"          {folder / file.name}  {file.requests:,} requests, {_size(file.bytes)}"
        for file in files[:_SHOWN]
    ]
    more = len(files) - _SHOWN
    return [*lines, f"          and {_files(more)} more, to {files[-1].name}"] if more > 0 else lines


def _with(number: int, what: str, parts: dict[str, int]) -> str:
    inside = _list(parts)
    return f"{number:,} {what}" + (f" ({inside})" if inside else "")


def _list(parts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in parts.items() if number)


def _files(number: int) -> str:
    return f"{number:,} file" if number == 1 else f"{number:,} files"


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"
