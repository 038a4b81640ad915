"""One batch from its inputs to its output: signals, progress, the words at the end, and the exit code."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, cast

from summarizer.batch import items, report
from summarizer.batch.journal import read_status
from summarizer.batch.keys import Setup
from summarizer.batch.many import ManyOptions, opened_journal, prepare
from summarizer.batch.output import STDOUT, Writer, check_output, locked_output, open_output
from summarizer.batch.own_files import OwnFiles, part_of
from summarizer.batch.runner import Batch
from summarizer.errors import (
    INTERRUPTED,
    MISCONFIGURED,
    SOME_FAILED,
    ConfigurationError,
    SummarizerError,
)
from summarizer.records.deal import DealSummary
from summarizer.render.safe import address, one_line

_WAKE = 0.25  # seconds; the longest that Ctrl-C waits


@dataclass(frozen=True, slots=True)
class Job:
    """What the command line asks for. ``again`` is the command itself, for resuming, without secrets."""

    inputs: Sequence[str]
    output: str
    text: str | None
    id: str | None
    options: Mapping[str, Any]
    progress: str
    quiet: bool
    again: str
    engine: Callable[[Batch, ManyOptions], Batch] | None = None  # takes over from the local one


@dataclass
class _Ended:
    """How the reading of a batch ended: the failed articles by kind, and what ended it early."""

    failures: Counter[str] = field(default_factory=Counter)
    error: SummarizerError | None = None
    reader_gone: bool = False  # whoever read standard output has closed it, as head does

    def outcome(self, batch: Batch) -> str:
        """The words for the journal."""
        if self.reader_gone:
            return "the reader of standard output is gone"
        return batch.stopped or (f"{type(self.error).__name__}: {self.error}" if self.error else "done")


def run(job: Job) -> int:
    """Run a batch and return the exit code. Raises the errors that come before its first article."""
    if job.output != STDOUT:
        check_output(job.output)
    own = own_files(job)
    own.check_distinct()
    items.check_inputs(job.inputs, job.text, job.id, own)
    return asyncio.run(_run(job))


def own_files(job: Job) -> OwnFiles:
    """The files that a run writes itself."""
    journal = job.options.get("journal")
    output = None if job.output == STDOUT else Path(job.output)
    return OwnFiles(output, None if journal is None else Path(journal))


async def _run(job: Job) -> int:
    options = cast(ManyOptions, job.options)
    shown = report.Report(report.Form(job.progress), quiet=job.quiet)
    with opened_journal(options) as journal, locked_output(job.output):
        batch = await prepare(journal, options, _stages(shown, quiet=job.quiet))
        if job.engine is not None:
            batch = job.engine(batch, options)
        writer = open_output(job.output, options.get("schema", DealSummary), provenance_of(batch.setup))
        batch.tell = shown
        _count_aside(job, batch)
        ended = await _read_all(job, batch, writer, shown)
        if journal is not None:
            with suppress(ConfigurationError):  # a full disk was reported where it first showed
                journal.end_run(ended.outcome(batch))
    if ended.reader_gone:
        shown.clear()
        return SOME_FAILED
    shown.close()
    return _conclude(job, batch, shown, ended.failures, ended.error)


async def _read_all(job: Job, batch: Batch, writer: Writer, shown: report.Report) -> _Ended:
    """Read and write all articles; publish the output where it is complete, and keep the part where not."""
    ended = _Ended()
    try:
        with _signals(batch, shown, job):
            await _write_all(job, batch, writer, ended.failures)
    except SummarizerError as error:
        ended.error = error
    except BrokenPipeError:
        ended.reader_gone = True
    except BaseException:
        with suppress(OSError):
            writer.close(publish=False)
        raise
    early = ended.error is not None or ended.reader_gone or bool(batch.stopped)
    try:
        writer.close(publish=batch.ended and not early)
    except OSError as error:
        ended.error = ended.error or _unwritable(error, batch)
    return ended


async def _write_all(job: Job, batch: Batch, writer: Writer, failures: Counter[str]) -> None:
    read = items.read_inputs(job.inputs, job.text, job.id, own=own_files(job))
    async with aclosing(batch.results(read)) as results:  # type: ignore[type-var]
        async for result in results:
            if result.failure is not None:
                failures[result.failure.kind] += 1
            try:
                writer.write(result)
            except BrokenPipeError:
                raise
            except OSError as error:
                raise _unwritable(error, batch) from error


def _unwritable(error: OSError, batch: Batch) -> ConfigurationError:
    kept = "" if batch.journal is None else " What is done is in the journal."
    return ConfigurationError(f"The output cannot be written: {error.strerror or error}.{kept}")


def _conclude(
    job: Job,
    batch: Batch,
    shown: report.Report,
    failures: Counter[str],
    error: SummarizerError | None,
) -> int:
    """Say how the batch ended and what to do next; return the exit code."""
    progress = batch.progress
    done = f"{progress.done:,} done"
    if failures:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in failures.most_common())
        done += f", {progress.failed:,} failed ({kinds})"
    if error is None and not batch.stopped:
        if failures or not job.quiet:
            where = "" if job.output == STDOUT else f" The rows are in {job.output}."
            shown.say(one_line(f"{done}.{where}"))
        if failures and batch.journal is not None and "--retry-failed" not in job.again:
            shown.say(f"to ask again for those that failed: {job.again} --retry-failed")
        return SOME_FAILED if failures else 0
    if error is not None:
        shown.say(one_line(str(error)))
    why = {"interrupted": "interrupted", "budget": "the budget is used up"}.get(batch.stopped, "stopped")
    kept = "" if job.output == STDOUT else f" The rows so far are in {part_of(Path(job.output))}."
    shown.say(one_line(f"{why}; {done}.{kept}"))
    if batch.journal is not None:
        raised = " with a higher --budget" if batch.stopped == "budget" else ""
        shown.say(f"to go on{raised}: {job.again}")
    if error is not None:
        return error.exit_code
    return MISCONFIGURED if batch.stopped == "budget" else INTERRUPTED


def _stages(shown: report.Report, *, quiet: bool) -> Callable[[str, int, int], None] | None:
    """Tell each stage of making the model ready once, at a terminal or in a log."""
    if quiet:
        return None
    told: set[str] = set()

    def tell(stage: str, _done: int, _total: int) -> None:
        if stage not in told:
            told.add(stage)
            shown.say(f"{stage} …")

    return tell


def provenance_of(setup: Setup) -> dict[str, str]:
    """Return what a row of a failed article says about the run; a record carries its own provenance."""
    return {
        "model": setup.model,
        "endpoint": address(setup.endpoint),
        "plan": setup.plan,
        "prompt_hash": setup.prompt_hash,
        "schema_hash": setup.schema_hash,
        "package_version": setup.versions.get("package", ""),
    }


def _count_aside(job: Job, batch: Batch) -> None:
    """Count the inputs while the first articles are read already; in a thread that nothing waits for."""

    def count() -> None:
        batch.progress.total = items.count_inputs(job.inputs, own_files(job))

    threading.Thread(target=count, name="summarizer-count", daemon=True).start()


@contextmanager
def _signals(batch: Batch, shown: report.Report, job: Job) -> Iterator[None]:
    """Ctrl-C, or SIGTERM, once: finish what is in flight. Twice: stop now."""
    loop = asyncio.get_running_loop()
    caught = False

    def finish() -> None:
        batch.stop("interrupted")
        in_flight = batch.progress.in_flight
        shown.say(
            f"finishing the {in_flight} in flight; Ctrl-C again stops now." if in_flight else "stopping."
        )

    def heed(_number: int, _frame: FrameType | None) -> None:
        nonlocal caught
        if caught:
            shown.say(f"stopped. To go on: {job.again}")
            os._exit(INTERRUPTED)  # the journal is whole at any moment; nothing else is worth waiting for
        caught = True
        loop.call_soon_threadsafe(finish)

    numbers = [
        number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN
    ]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    before = {number: signal.signal(number, heed) for number in numbers}
    waking = loop.create_task(_wake())
    try:
        yield
    finally:
        waking.cancel()
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)  # None: set by other than Python


async def _wake() -> None:
    """Wake the main thread now and then: a handler runs there only, and a signal may interrupt another thread."""
    while True:
        await asyncio.sleep(_WAKE)


def status(journal: Path, *, as_json: bool) -> str:
    """Say how the batch of a journal stands."""
    found = read_status(journal)
    spent = {
        **found.spent.model_dump(mode="json"),
        "tokens": found.spent.prompt_tokens + found.spent.completion_tokens,
    }
    if as_json:
        return json.dumps({**asdict(found), "spent": spent, "journal": str(journal)})
    ended = "" if found.ended is None else f", {_ago(found.ended)}"
    state = (
        "running"
        if found.running
        else f"ended ({found.outcome}{ended})"
        if found.ended
        else "killed: it ended without a word"
    )
    counts = ", ".join(f"{number:,} {name}" for name, number in found.items.items())
    lines = [
        f"journal   {one_line(str(journal))}",
        f"state     {one_line(state)}",
        f"articles  {counts}",
    ]
    if found.failures:
        lines.append(
            "failed    " + ", ".join(f"{number:,} {kind}" for kind, number in found.failures.items())
        )
    if found.started is not None:
        about = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.about.items())
        lines.append(f"last run  began {_ago(found.started)}; {one_line(about)}")
    progress = found.progress
    if progress:
        total = f" of {progress['total']:,}" if progress.get("total") else ""
        speed = f"{progress['done'] + progress['failed']:,}{total} gone through"
        if progress["per_second"]:
            speed += f", {report.rate(progress['per_second'])}"
        if found.running and progress.get("left_seconds"):
            speed += f", {report.duration(progress['left_seconds'])} left"
        lines.append(f"          {speed}")
    cost = "" if found.spent.cost is None else f", ${found.spent.cost:,.2f}"
    lines.append(f"spent     {found.spent.requests:,} requests, {report.count(spent['tokens'])} tokens{cost}")
    return "\n".join(lines)


def _ago(moment: float) -> str:
    return f"{report.duration(max(0.0, time.time() - moment))} ago"
