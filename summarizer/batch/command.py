"""``summarizer batch run``: one batch from its inputs to its output, with signals, progress and exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, cast

from summarizer.batch import items
from summarizer.batch.many import ManyOptions, opened_store, prepare
from summarizer.batch.output import STDOUT, Writer, check_output, locked_output, open_output, provenance_of
from summarizer.batch.own_files import OwnFiles, part_of
from summarizer.batch.report import Form, Report
from summarizer.batch.runner import Batch
from summarizer.errors import (
    INTERRUPTED,
    MISCONFIGURED,
    SOME_FAILED,
    ConfigurationError,
    SummarizerError,
)
from summarizer.records.deal import DealSummary
from summarizer.render.safe import one_line

_WAKE = 0.25  # seconds; the longest delay of Ctrl-C
_WHY = {"interrupted": "Interrupted", "budget": "The budget is used up"}


@dataclass(frozen=True, slots=True)
class Job:
    """The arguments of the command. ``again`` is the command that resumes it, without secrets."""

    inputs: Sequence[str]
    output: str
    text: str | None
    id: str | None
    options: Mapping[str, Any]
    progress: str
    quiet: bool
    again: str
    engine: Callable[[Batch, ManyOptions], Batch] | None = None  # replaces the local engine

    @property
    def own_files(self) -> OwnFiles:
        """The files that the run writes."""
        journal = self.options.get("journal")
        output = None if self.output == STDOUT else Path(self.output)
        return OwnFiles(output, None if journal is None else Path(journal))


@dataclass
class _End:
    """How a run ended: its failed articles by kind, and what ended it early."""

    failures: Counter[str] = field(default_factory=Counter)
    error: SummarizerError | None = None
    closed_pipe: bool = False  # the reader of standard output is gone, as with head

    def outcome(self, batch: Batch) -> str:
        """Return the outcome for the journal."""
        if self.closed_pipe:
            return "standard output was closed"
        return batch.stopped or (f"{type(self.error).__name__}: {self.error}" if self.error else "done")


def run(job: Job) -> int:
    """Run a batch and return the exit code. Raises the errors that occur before its first article."""
    if job.output != STDOUT:
        check_output(job.output)
    job.own_files.check_distinct()
    items.check_inputs(job.inputs, job.text, job.id, job.own_files)
    return asyncio.run(_run(job))


async def _run(job: Job) -> int:
    options = cast(ManyOptions, job.options)
    report = Report(Form(job.progress), quiet=job.quiet)
    with opened_store(options) as store, locked_output(job.output):
        batch = await prepare(store, options, None if job.quiet else _stages(report))
        if job.engine is not None:
            batch = job.engine(batch, options)
        writer = open_output(job.output, options.get("schema", DealSummary), provenance_of(batch.setup))
        batch.tell = report
        _count_aside(job, batch)
        end = await _read_all(job, batch, writer, report)
        if store is not None:
            with suppress(ConfigurationError):  # a full disk was reported where it first occurred
                store.end_run(end.outcome(batch))
    if end.closed_pipe:
        report.clear()
        return SOME_FAILED
    report.close()
    return _conclude(job, batch, report, end)


async def _read_all(job: Job, batch: Batch, writer: Writer, report: Report) -> _End:
    """Read and write all articles; publish the output if it is complete."""
    end = _End()
    try:
        with _signals(batch, report, job):
            await _write_all(job, batch, writer, end.failures)
    except SummarizerError as error:
        end.error = error
    except BrokenPipeError:
        end.closed_pipe = True
    except BaseException:
        with suppress(OSError):
            writer.close(publish=False)
        raise
    early = end.error is not None or end.closed_pipe or bool(batch.stopped)
    try:
        writer.close(publish=batch.ended and not early)
    except OSError as error:
        end.error = end.error or _unwritable(error, batch)
    return end


async def _write_all(job: Job, batch: Batch, writer: Writer, failures: Counter[str]) -> None:
    read = items.read_inputs(job.inputs, job.text, job.id, own=job.own_files)
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
    kept = "" if batch.store is None else " Finished articles are in the journal."
    return ConfigurationError(f"The output cannot be written: {error.strerror or error}.{kept}")


def _conclude(job: Job, batch: Batch, report: Report, end: _End) -> int:
    """Print how the batch ended and how to continue; return the exit code."""
    done = f"{batch.progress.done:,} done"
    if end.failures:
        kinds = ", ".join(f"{number:,} {kind}" for kind, number in end.failures.most_common())
        done += f", {batch.progress.failed:,} failed ({kinds})"
    if end.error is not None or batch.stopped:
        return _conclude_early(job, batch, report, end.error, done)
    if end.failures or not job.quiet:
        report.say(done + ("." if job.output == STDOUT else f". Rows: {job.output}"))
    if end.failures and batch.store is not None and "--retry-failed" not in job.again:
        report.say(f"To retry failed articles: {job.again} --retry-failed")
    return SOME_FAILED if end.failures else 0


def _conclude_early(job: Job, batch: Batch, report: Report, error: SummarizerError | None, done: str) -> int:
    if error is not None:
        report.say(one_line(str(error)))
    rows = "." if job.output == STDOUT else f". Rows so far: {part_of(Path(job.output))}"
    report.say(f"{_WHY.get(batch.stopped, 'Stopped')}; {done}{rows}")
    if batch.store is not None:
        raised = " with a higher --budget" if batch.stopped == "budget" else ""
        report.say(f"To resume{raised}: {job.again}")
    if error is not None:
        return error.exit_code
    return MISCONFIGURED if batch.stopped == "budget" else INTERRUPTED


def _stages(report: Report) -> Callable[[str, int, int], None]:
    """Return a function that reports each stage of loading the model once."""
    seen: set[str] = set()

    def tell(stage: str, _done: int, _total: int) -> None:
        if stage not in seen:
            seen.add(stage)
            report.say(f"{stage} …")

    return tell


def _count_aside(job: Job, batch: Batch) -> None:
    """Count the inputs in a daemon thread while the first articles are read."""

    def count() -> None:
        batch.progress.total = items.count_inputs(job.inputs, job.own_files)

    threading.Thread(target=count, name="summarizer-count", daemon=True).start()


@contextmanager
def _signals(batch: Batch, report: Report, job: Job) -> Iterator[None]:
    """Finish what is in flight on the first Ctrl-C or SIGTERM, and exit at once on the second."""
    loop = asyncio.get_running_loop()
    caught = False

    def finish() -> None:
        batch.stop("interrupted")
        count = batch.progress.in_flight
        articles = "1 article" if count == 1 else f"{count} articles"
        report.say(
            f"Finishing {articles} in flight. Press Ctrl-C again to stop now." if count else "Stopping."
        )

    def handle(_number: int, _frame: FrameType | None) -> None:
        nonlocal caught
        if caught:
            report.say(f"Stopped. To resume: {job.again}")
            os._exit(
                INTERRUPTED
            )  # the journal is consistent at any moment; nothing else is worth waiting for
        caught = True
        loop.call_soon_threadsafe(finish)

    numbers = [
        number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN
    ]
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    before = {number: signal.signal(number, handle) for number in numbers}
    waking = loop.create_task(_wake())
    try:
        yield
    finally:
        waking.cancel()
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)  # None: not set by Python


async def _wake() -> None:
    """Wake the main thread regularly: only it runs signal handlers, and a signal may reach another thread."""
    while True:
        await asyncio.sleep(_WAKE)
