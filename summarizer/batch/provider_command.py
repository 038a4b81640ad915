"""``summarizer batch export`` and ``import``: requests into files, results into rows and the next files."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from summarizer import prompting
from summarizer.batch.items import STDIN, check_inputs, read_inputs
from summarizer.batch.keys import Setup
from summarizer.batch.output import STDOUT, Writer, check_output, locked_output, open_output, provenance_of
from summarizer.batch.own_files import Guard, OwnFiles
from summarizer.batch.provider_files import REQUESTS, URL, RequestWriter, read_results
from summarizer.batch.results import Result
from summarizer.batch.rounds import Asking, Round, run_round
from summarizer.batch.store import RequestFile, RequestState, Store
from summarizer.errors import ConfigurationError, InputError
from summarizer.llm.recorded import known_manner
from summarizer.reading import is_address
from summarizer.settings import resolve

if TYPE_CHECKING:
    from pydantic import BaseModel

JOURNAL = "journal.sqlite"
ROWS = "rows.jsonl"
_OLD = "requests.sqlite"  # the second file of an export by version 0.1 of the package
_NO_KEY = "none-is-sent"  # a hosted service requires a key, but its batch files are sent by other means
_RUN, _SETUP = "run", "setup"

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """The arguments of an export that import needs too: the inputs as given, and what to ask which model.

    ``here`` is the current folder of the export; ``schema`` is ``MODULE:CLASS`` or None.
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
        """Return what each article is asked with."""
        prompts = prompting.load(self.prompt_dir)
        return Asking(self.model, self.endpoint, schema, self.kind, self.manner, prompts, self.strict)


@dataclass
class Outcome:
    """The outcome of an export or import: counts of result lines, articles and failures, and the files to send."""

    results: Counter[str] = field(default_factory=Counter)
    round: Round = field(default_factory=Round)
    new: list[RequestFile] = field(default_factory=list)
    out: list[RequestFile] = field(default_factory=list)  # written earlier, without any result yet
    failures: Counter[str] = field(default_factory=Counter)


def plan_run(
    inputs: Sequence[str],
    *,
    model: str | None,
    base_url: str | None,
    config: str | Path | None = None,
    **rest: Any,
) -> Run:
    """Resolve the arguments of an export. Raises InputError and ConfigurationError."""
    if STDIN in inputs:
        raise InputError(
            "Standard input cannot be exported, because import reads the articles again. Save them in a file."
        )
    check_inputs(inputs, rest.get("text"), rest.get("id"))
    settings = resolve(model, base_url, _NO_KEY, config=config)
    if settings.base_url is None:
        raise ConfigurationError(
            "The embedded model cannot process batch files. Name the model that will, as in --model openai/NAME."
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
    """Write the files of the first round into a folder; a second call adds the articles that are new.

    Raises InputError and ConfigurationError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"The folder {folder} cannot be created: {error.strerror or error}.") from error
    with _opened(folder) as store:
        known = store.get(_RUN)
        if known is not None:  # the form of a request that was learned from replies stays the same
            run = Run(**{**asdict(run), "manner": known["manner"]})
        asking = _same_asking(folder, run, schema, store)
        store.set(_RUN, asdict(run))
        return _advance(folder, run, asking, store, None, tell, OwnFiles(journal=folder / JOURNAL))


def read_run(folder: Path) -> Run:
    """Return the arguments of the export into a folder. Raises InputError if there is none."""
    if not (folder / JOURNAL).is_file():
        raise InputError(
            f"{folder} holds no export: it has no {JOURNAL}. Name the folder of the export with --dir."
        )
    with _opened(folder) as store:
        known = store.get(_RUN)
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
    """Store results, write the rows of what is done or failed so far, and the files of the next round.

    ``incomplete``: requests without a result are still in progress and not sent again. Raises InputError and
    ConfigurationError.
    """
    if run.here != str(Path.cwd()) and not all(_is_absolute(name) for name in run.inputs):
        raise InputError(
            f"Import reads the articles again: start it in {run.here}, where the export was started."
        )
    own = _own_files(folder, output)
    check_inputs([*run.inputs], run.text, run.id, own)
    for path in results:
        Guard(own.present()).check_named(path)
    with locked_output(output), _opened(folder) as store:
        asking = _same_asking(folder, run, schema, store)
        counts: Counter[str] = Counter()
        for path in results:
            read_results(path, store, counts)
        if not incomplete:
            counts["missing"] = store.retry_missing()
        rows = open_output(output, schema, provenance_of(asking.setup()))
        try:
            outcome = _advance(folder, run, asking, store, rows, tell, own)
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
def _opened(folder: Path) -> Iterator[Store]:
    """Open the store of a folder. What cannot be written is a ConfigurationError."""
    if (folder / _OLD).exists():
        raise ConfigurationError(
            f"{folder} was exported by an earlier version of this package. Use that version, or export into a "
            "new folder."
        )
    try:
        with Store(folder / JOURNAL, durable=True) as store:
            yield store
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ConfigurationError(
            f"A file cannot be written: {error.strerror or error}. What is done is kept: start the command again."
        ) from error


def find_folder(results: Sequence[Path]) -> Path:
    """Return the folder of the first result. Raises InputError if there is no such file."""
    if not results[0].is_file():
        raise InputError(f"There is no file {results[0]}. Check the name and the folder.")
    return results[0].parent


def _advance(
    folder: Path, run: Run, asking: Asking, store: Store, rows: Writer | None, tell: Tell, own: OwnFiles
) -> Outcome:
    """Run one round over all articles."""
    outcome = Outcome()

    def take(result: Result) -> None:
        if result.failure is not None:
            outcome.failures[result.failure.kind] += 1
        if rows is not None:
            rows.write(result)

    before = {file.name for file in store.files()}
    writer = RequestWriter(folder, store, run.url, run.split)
    items = read_inputs(run.inputs, run.text, run.id, own=own)
    store.start_run({"model": run.model, "engine": "batch files"})
    outcome.round = asyncio.run(run_round(items, asking, store, writer, take, tell))
    store.end_run("waiting for results" if store.count(RequestState.SENT) else "done")
    files = store.files()
    outcome.new = [file for file in files if file.name not in before]
    outcome.out = [file for file in files if file.name in before and not file.returned]
    return outcome


def _same_asking(folder: Path, run: Run, schema: type[BaseModel], store: Store) -> Asking:
    """Return what is asked. Raises ConfigurationError if it differs from before: the replies would not fit."""
    asking = run.asking(schema)
    setup = _flat(asking.setup())
    known = store.get(_SETUP)
    if known is None:
        store.set(_SETUP, setup)
        return asking
    changed = [
        name.replace("_hash", "").replace("_", " ") for name in setup if setup[name] != known.get(name)
    ]
    if changed:
        raise ConfigurationError(
            f"{folder} was exported with another {' and '.join(changed)}, so its replies would not fit. "
            "Use the same as before, or export into a new folder."
        )
    return asking


def _flat(setup: Setup) -> dict[str, Any]:
    """Return the setup with each version on its own, so that a message can name the one that changed."""
    fields = asdict(setup)
    return {**fields.pop("versions"), **fields}


def _is_absolute(name: str) -> bool:
    return is_address(name) or Path(name).is_absolute()
