"""The outcome of an export or import as text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from summarizer.batch.provider_command import Outcome
from summarizer.batch.store import RequestFile
from summarizer.render.safe import quote

_SHOWN = 5  # files that are listed


def of_results(outcome: Outcome) -> list[str]:
    """Return the counts of the result lines."""
    counts = outcome.results
    answered = _with(
        counts["answered"],
        "answered",
        {"reached the token limit": counts["cut"], "refused": counts["refused"]},
    )
    failed = _with(counts["failed"], "failed", {"expired": counts["expired"]}) if counts["failed"] else ""
    others = {
        "missing": counts["missing"],
        "read before": counts["known"],
        "not of this export": counts["foreign"],
        "unreadable": counts["unreadable"],
    }
    return [f"results   {', '.join(part for part in (answered, failed, _list(others)) if part)}"]


def of_articles(outcome: Outcome, rows: str | None) -> list[str]:
    """Return the counts of the articles, and where the rows are."""
    counts = outcome.round.articles
    kinds = dict(outcome.failures.most_common())
    failed = _with(counts["failed"], "failed", kinds) if counts["failed"] else ""
    waiting = f"{counts['waiting']:,} waiting for results" if counts["waiting"] else ""
    counted = ", ".join(part for part in (f"{counts['done']:,} done", failed, waiting) if part)
    return [f"articles  {counted}", *([f"rows      {rows}"] if rows is not None else [])]


def of_files(outcome: Outcome, folder: Path) -> list[str]:
    """Return the files to send, those without results so far, and what to do next."""
    lines = []
    asked = outcome.round.asked
    if outcome.new:
        again = f", {asked['again']:,} of them sent before" if asked["again"] else ""
        lines.append(f"to send   {sum(asked.values()):,} requests{again}, in {_files(len(outcome.new))}:")
        lines += _named(outcome.new, folder)
    if outcome.out:
        lines.append(f"sent      {_files(len(outcome.out))} without results so far:")
        lines += _named(outcome.out, folder)
    if outcome.new or outcome.out:
        lines.append(
            f"next      run them as batches, then: summarizer batch import RESULT… --dir {quote(str(folder))}"
        )
        return lines
    return ["next      nothing: every article is done or has failed"]


def _named(files: Sequence[RequestFile], folder: Path) -> list[str]:
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
