"""``batch export`` and ``batch import``: from inputs to files of requests, from results to rows and the next files."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer import prompting
from summarizer.batch.command import provenance_of
from summarizer.batch.items import STDIN, check_inputs, read_inputs
from summarizer.batch.journal import Journal
from summarizer.batch.keys import Setup
from summarizer.batch.output import STDOUT, check_output, locked_output, open_output
from summarizer.batch.output import Writer as Rows
from summarizer.batch.own_files import Guard, OwnFiles
from summarizer.batch.results import Result
from summarizer.errors import ConfigurationError, InputError
from summarizer.llm.recorded import known_manner
from summarizer.reading import is_address
from summarizer.scale.batch_files import REQUESTS, URL, Writer, read_results
from summarizer.scale.ledger import NAME, OUT, File, Ledger, open_ledger
from summarizer.scale.rounds import Asking, Round, run_round
from summarizer.settings import resolve

if TYPE_CHECKING:
    from pydantic import BaseModel

JOURNAL = "journal.sqlite"
ROWS = "rows.jsonl"
_NO_KEY = "none-is-sent"  # a hosted service wants a key; its batch files are sent by other means
_RUN, _SETUP = "run", "setup"

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What export is told and import has to know: the inputs as given, and what to ask of whom.

    ``here`` is the folder in which it was told; ``schema`` is ``MODULE:CLASS`` or None.
    """

    inputs: list[str]
    here: str
    model: str
    endpoint: str
    kind: str
    manner: Mapping[str, Any]
    text: str | None = None
    id: str | None = None
    schema: str | None = None
    prompt_dir: str | None = None
    strict: bool = False
    url: str = URL
    split: int = REQUESTS

    def asking(self, schema: type[BaseModel]) -> Asking:
        """What each article is asked with."""
        prompts = prompting.load(self.prompt_dir)
        return Asking(self.model, self.endpoint, schema, self.kind, self.manner, prompts, self.strict)


@dataclass
class Outcome:
    """What an export or import came to: the lines of the results, the articles, and the files to send."""

    results: Counter[str] = field(default_factory=Counter)
    round: Round = field(default_factory=Round)
    new: list[File] = field(default_factory=list)
    out: list[File] = field(default_factory=list)  # written earlier, and nothing has come back
    failures: Counter[str] = field(default_factory=Counter)


def plan_run(
    inputs: Sequence[str],
    *,
    model: str | None,
    base_url: str | None,
    config: str | Path | None = None,
    **rest: Any,
) -> Run:
    """Settle what is asked of whom. Raises InputError and ConfigurationError."""
    if STDIN in inputs:
        raise InputError(
            "Standard input cannot be exported: import reads the articles again. Save them in a file, and give that."
        )
    check_inputs(inputs, rest.get("text"), rest.get("id"))
    settings = resolve(model, base_url, _NO_KEY, config=config)
    if settings.base_url is None:
        raise ConfigurationError(
            "The embedded model reads no batch files. Name the model that will, as in --model openai/NAME or vllm/NAME."
        )
    return Run(
        list(inputs),
        str(Path.cwd()),
        settings.model,
        settings.base_url,
        settings.kind,
        known_manner(settings),
        **rest,
    )


def export_batch(folder: Path, run: Run, schema: type[BaseModel], tell: Tell) -> Outcome:
    """Write the files of the first round into a folder; a second call adds what has come to the inputs.

    Raises InputError and ConfigurationError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be made: {error.strerror or error}.") from error
    with _opened(folder, create=True) as ledger:
        known = ledger.get(_RUN)
        if known is not None:  # what the replies taught stays as it was: the same article is asked the same
            run = Run(**{**asdict(run), "manner": known["manner"]})
        asking = _same_asking(folder, run, schema, ledger)
        with ledger.transaction():
            ledger.set(_RUN, asdict(run))
        return _advance(folder, run, asking, ledger, None, tell, OwnFiles(journal=folder / JOURNAL))


def read_run(folder: Path) -> Run:
    """What was exported into a folder. Raises InputError where that is nothing."""
    with _opened(folder) as ledger:
        known = ledger.get(_RUN)
    if known is None:
        raise InputError(f"The export into {folder} did not begin. Start it again.")
    return Run(**known)


def import_batch(
    folder: Path,
    results: Sequence[Path],
    run: Run,
    schema: type[BaseModel],
    output: str,
    tell: Tell,
    *,
    incomplete: bool = False,
) -> Outcome:
    """Take results in, write the rows of what is done or failed so far, and the files of the next round.

    ``incomplete``: what is missing in the results is still under way, and not asked again. Raises InputError
    and ConfigurationError.
    """
    if run.here != str(Path.cwd()) and not all(_is_absolute(name) for name in run.inputs):
        raise InputError(
            f"The articles are read again: start the import in {run.here}, where the export was started."
        )
    own = _own_files(folder, output)
    check_inputs([*run.inputs], run.text, run.id, own)
    for path in results:
        Guard(own.present()).check_named(path)
    with locked_output(output), _opened(folder) as ledger:
        asking = _same_asking(folder, run, schema, ledger)
        counts: Counter[str] = Counter()
        for path in results:
            read_results(path, ledger, counts)
        if not incomplete:
            with ledger.transaction():
                counts["missing"] = ledger.give_up_missing()
        rows = open_output(output, schema, provenance_of(asking.setup()))
        try:
            outcome = _advance(folder, run, asking, ledger, rows, tell, own)
        except BaseException:
            with suppress(OSError):
                rows.close(publish=False)
            raise
        rows.close(publish=True)
        outcome.results = counts
        return outcome


def _own_files(folder: Path, output: str) -> OwnFiles:
    own = OwnFiles(None if output == STDOUT else check_output(output), folder / JOURNAL)
    own.check_distinct()
    return own


@contextmanager
def _opened(folder: Path, *, create: bool = False) -> Iterator[Ledger]:
    """The ledger of a folder, open while the block runs. What cannot be written is a ConfigurationError."""
    ledger = open_ledger(folder, create=create)
    try:
        yield ledger
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigurationError(_unwritable(error.strerror or str(error))) from error
    except sqlite3.OperationalError as error:
        raise ConfigurationError(_unwritable(str(error))) from error
    finally:
        ledger.close()


def _unwritable(reason: str) -> str:
    return f"A file cannot be written: {reason}. What is done is kept: start the same command again."


def find_folder(results: Sequence[Path]) -> Path:
    """The folder of an export, where the first result lies in it. Raises InputError where it does not."""
    folder = results[0].parent
    if not results[0].is_file():
        raise InputError(f"There is no file {results[0]}. Check the name and the folder.")
    if not (folder / NAME).is_file():
        raise InputError(f"{folder} holds no export. Name the folder of the export with --dir.")
    return folder


def _advance(
    folder: Path, run: Run, asking: Asking, ledger: Ledger, rows: Rows | None, tell: Tell, own: OwnFiles
) -> Outcome:
    outcome = Outcome()

    def take(result: Result) -> None:
        if result.failure is not None:
            outcome.failures[result.failure.kind] += 1
        if rows is not None:
            rows.write(result)

    before = {file.name for file in ledger.files()}
    writer = Writer(folder, ledger, run.url, run.split)
    items = read_inputs(run.inputs, run.text, run.id, own=own)
    with Journal(folder / JOURNAL) as journal:
        journal.start_run({"model": run.model, "engine": "batch files"})
        outcome.round = asyncio.run(run_round(items, asking, ledger, journal, writer, take, tell))
        journal.end_run("done" if not ledger.count(OUT) else "waiting for results")
    files = ledger.files()
    outcome.new = [file for file in files if file.name not in before]
    outcome.out = [file for file in files if file.name in before and not file.returned]
    return outcome


def _same_asking(folder: Path, run: Run, schema: type[BaseModel], ledger: Ledger) -> Asking:
    """What is asked, unless it is with other prompts, another schema or model: no reply would fit what is asked then."""
    asking = run.asking(schema)
    setup = _flat(asking.setup())
    known = ledger.get(_SETUP)
    if known is None:
        with ledger.transaction():
            ledger.set(_SETUP, setup)
        return asking
    changed = [
        name.replace("_hash", "").replace("_", " ") for name in setup if setup[name] != known.get(name)
    ]
    if changed:
        raise ConfigurationError(
            f"{folder} was asked with another {' and '.join(changed)}, and its replies would not fit. "
            "Go on with the same, or export into a new folder."
        )
    return asking


def _flat(setup: Setup) -> dict[str, Any]:
    """The setup with each version beside the other fields, so that a message can name the one that changed."""
    fields = asdict(setup)
    return {**fields.pop("versions"), **fields}


def _is_absolute(name: str) -> bool:
    return is_address(name) or Path(name).is_absolute()
