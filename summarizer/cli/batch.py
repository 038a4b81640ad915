"""``summarizer batch``: many articles into one file, resumable."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typing_extensions import Unpack

from summarizer.cli.common import reporting
from summarizer.cli.options import BatchOptions, InputsArgument, QuietOption, load_schema, takes_group


class _RunByDefault(TyperGroup):
    """``batch INPUT`` is ``batch run INPUT``, unless the word after ``batch`` is a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)


batch_app = typer.Typer(
    cls=_RunByDefault,
    help="Summarise many articles into one file.",
    short_help="Summarise many articles into one file; a stopped run can be resumed.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ProgressForm(str, Enum):
    """The form of the progress."""

    LINE = "line"
    JSON = "json"


class Engine(str, Enum):
    """Where articles are read."""

    LOCAL = "local"
    RAY = "ray"


OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Output file (.jsonl, .csv, .parquet), which appears once it is complete; - prints JSON Lines.",
    ),
]
JournalOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="File that keeps what is done. Default: OUTPUT.journal."),
]
AsCompletedOption = Annotated[
    bool, typer.Option("--as-completed", help="Write rows as articles finish instead of in input order.")
]
StatusOption = Annotated[
    bool, typer.Option("--status", help="Show the state of the batch of -o or --journal, and exit.")
]
EngineOption = Annotated[Engine, typer.Option(help="Read articles in this process, or on a Ray cluster.")]
RayAddressOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Ray cluster: auto or HOST:PORT. Default: start one on this machine."
    ),
]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Ray workers. Default: one per core.")
]
ProgressOption = Annotated[ProgressForm, typer.Option(help="Form of the progress, and of --status.")]


@batch_app.command("run", short_help="Read articles into a file; `run` may be left out.")
@takes_group
def run(
    inputs: InputsArgument = [],  # noqa: B006 - typer copies it
    output: OutputOption = None,
    journal: JournalOption = None,
    as_completed: AsCompletedOption = False,
    status: StatusOption = False,
    engine: EngineOption = Engine.LOCAL,
    ray_address: RayAddressOption = None,
    workers: WorkersOption = None,
    progress: ProgressOption = ProgressForm.LINE,
    quiet: QuietOption = False,
    **options: Unpack[BatchOptions],
) -> None:
    """Summarise many articles into one file. The same command resumes a run that was stopped.

    - as INPUT reads standard input: JSON Lines, or one article.

    Ctrl-C finishes the articles in flight and prints the command that resumes; a second Ctrl-C stops at once.
    Nothing that is done is paid for twice. `summarizer batch export --help` explains a provider's batch
    files.

    Exit codes: 0 all done, 1 some articles failed, 2 usage or bad input, 3 configuration, authentication,
    quota or budget, 4 the endpoint failed, 130 interrupted.
    """
    with reporting():
        kept = journal or (Path(f"{output}.journal") if output and output != "-" else None)
        if status:
            _print_status(kept, as_json=progress == "json")
            return
        given = {**options, "journal": kept, "in_order": not as_completed}
        on_ray = _on_ray(ray_address, workers) if engine == "ray" else None
        raise typer.Exit(_run_job(inputs, output, given, progress=progress, quiet=quiet, engine=on_ray))


def _print_status(journal: Path | None, *, as_json: bool) -> None:
    from summarizer.batch.report import status

    if journal is None:
        raise typer.BadParameter("name the batch with -o or --journal.", param_hint="--status")
    typer.echo(status(journal, as_json=as_json))


def _run_job(inputs: list[str], output: str | None, options: dict[str, Any], **rest: Any) -> int:
    """Run the batch that the arguments describe, and return the exit code."""
    from summarizer.batch import command

    if not inputs:
        raise typer.BadParameter(
            "name files, folders or tables, or - for standard input.", param_hint="INPUT"
        )
    if output is None:
        raise typer.BadParameter("name the output file, as in -o rows.jsonl.", param_hint="--output")
    options["schema"] = load_schema(options["schema"])
    again = resume_command(sys.argv[1:])
    text, id = options.pop("text"), options.pop("id")
    return command.run(command.Job(inputs, output, text, id, options, again=again, **rest))


def _on_ray(address: str | None, workers: int | None) -> Any:
    from summarizer.batch.ray_engine import on_ray

    return lambda batch, options: on_ray(batch, options, address, workers)


def resume_command(arguments: list[str]) -> str:
    """Return the command as given, quoted for a shell, without the key and without passwords in addresses."""
    from summarizer.render.safe import quote, without_password

    kept: list[str] = []
    skip = False
    for argument in arguments:
        if not skip and argument != "--api-key" and not argument.startswith("--api-key="):
            kept.append(quote(without_password(argument)))
        skip = argument == "--api-key"
    return " ".join(["summarizer", *kept])
