"""``summarizer batch``: many articles into one file, to be stopped and resumed at will."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from summarizer.cli.common import (
    ApiKeyOption,
    BaseUrlOption,
    ConfigOption,
    IdOption,
    ModelOption,
    PlanOption,
    PromptDirOption,
    QuietOption,
    SchemaOption,
    StrictOption,
    TextOption,
    TrustOption,
    load_schema,
    reporting,
)


class _RunByDefault(TyperGroup):
    """``batch INPUT`` is ``batch run INPUT``, unless the word after ``batch`` is a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["run", *args]
        return super().parse_args(ctx, args)


batch_app = typer.Typer(
    cls=_RunByDefault,
    help="Summarise any number of articles into one file; a second start goes on where the first was stopped.",
    short_help="Summarise any number of articles into one file, to be stopped and resumed.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class ProgressForm(str, Enum):
    """How the progress is shown."""

    LINE = "line"
    JSON = "json"


class Engine(str, Enum):
    """Where the articles are read."""

    LOCAL = "local"
    RAY = "ray"


InputsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="INPUT",
        help="Files, folders, patterns ('news/*.txt'), web addresses, tables (.jsonl, .csv, .tsv, .parquet), "
        "or - for standard input: JSON Lines, or one article.",
    ),
]
OutputOption = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Rows as .jsonl, .csv or .parquet, published when all are done; - prints JSON Lines.",
    ),
]
JournalOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The record of what is done. Else beside the output: OUT.journal."),
]
ConcurrencyOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Maximum concurrent articles (default 32; 1 for the embedded model).",
    ),
]
RpmOption = Annotated[int | None, typer.Option(min=1, metavar="N", help="Requests a minute at most.")]
TpmOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Tokens a minute at most, read and written.")
]
DeadlineOption = Annotated[
    float | None, typer.Option(min=0.001, metavar="SECONDS", help="Time limit for each article.")
]
BudgetOption = Annotated[
    str | None,
    typer.Option(metavar="AMOUNT", help="Stop before more is spent, over all runs: 2.50usd, 1000000tokens."),
]
PriceOption = Annotated[
    str | None,
    typer.Option(metavar="IN,OUT", help="US dollars for a million tokens read and written: 0.15,0.60."),
]
RetryFailedOption = Annotated[
    bool, typer.Option("--retry-failed", help="Ask again for what failed in earlier runs.")
]
AsCompletedOption = Annotated[
    bool, typer.Option("--as-completed", help="Rows as they are done, not in the order of the input.")
]
DurableOption = Annotated[
    bool,
    typer.Option(
        "--durable", help="Wait for the disk after each article, so that a power cut loses nothing."
    ),
]
StatusOption = Annotated[
    bool,
    typer.Option(
        "--status", help="Show the state of the batch, while it runs or after. Needs -o or --journal."
    ),
]
EngineOption = Annotated[
    Engine, typer.Option(help="Where the articles are read: here, or by the workers of a Ray cluster.")
]
RayAddressOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="The Ray cluster: auto, HOST:PORT. Else one is started on this machine.",
    ),
]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Workers on Ray. Else one for each core.")
]
ProgressOption = Annotated[ProgressForm, typer.Option(help="One line of text, or JSON.")]


@batch_app.command("run", short_help="Read inputs into a file of rows (also without the word run).")
def run(
    inputs: InputsArgument = None,
    output: OutputOption = None,
    journal: JournalOption = None,
    text: TextOption = None,
    id: IdOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    api_key: ApiKeyOption = None,
    config: ConfigOption = None,
    schema: SchemaOption = None,
    plan: PlanOption = None,
    trust: TrustOption = None,
    prompt_dir: PromptDirOption = None,
    strict: StrictOption = False,
    concurrency: ConcurrencyOption = None,
    rpm: RpmOption = None,
    tpm: TpmOption = None,
    deadline: DeadlineOption = None,
    budget: BudgetOption = None,
    price: PriceOption = None,
    retry_failed: RetryFailedOption = False,
    as_completed: AsCompletedOption = False,
    durable: DurableOption = False,
    status: StatusOption = False,
    engine: EngineOption = Engine.LOCAL,
    ray_address: RayAddressOption = None,
    workers: WorkersOption = None,
    progress: ProgressOption = ProgressForm.LINE,
    quiet: QuietOption = False,
) -> None:
    """Summarise any number of articles into one file; a second start goes on where the first was stopped.

    Ctrl-C finishes what is in flight and prints the command that resumes; a second one stops now. What is done
    is never paid for twice. For a provider's batch files see `summarizer batch export --help`. Exit codes: 0 all
    done, 1 some failed, 2 usage or bad input, 3 configuration, quota or budget, 4 the endpoint is gone, 130
    interrupted.
    """
    with reporting():
        kept = journal or (Path(f"{output}.journal") if output and output != "-" else None)
        if status:
            _print_status(kept, as_json=progress is ProgressForm.JSON)
            return
        options: dict[str, Any] = {
            "model": model,
            "base_url": base_url,
            "api_key": api_key,
            "config": config,
            "plan": plan.value if plan else None,
            "trust": trust.value if trust else None,
            "prompt_dir": prompt_dir,
            "strict": strict,
            "concurrency": concurrency,
            "rpm": rpm,
            "tpm": tpm,
            "deadline": deadline,
            "budget": budget,
            "price": price,
            "retry_failed": retry_failed,
            "in_order": not as_completed,
            "durable": durable,
            "journal": kept,
        }
        on_ray = _on_ray(ray_address, workers) if engine is Engine.RAY else None
        _run_job(
            inputs, output, schema, options, text=text, id=id, progress=progress, quiet=quiet, engine=on_ray
        )


def _print_status(journal: Path | None, *, as_json: bool) -> None:
    from summarizer.batch import command

    if journal is None:
        raise typer.BadParameter("name the batch with -o or --journal.", param_hint="--status")
    typer.echo(command.status(journal, as_json=as_json))


def _run_job(
    inputs: list[str] | None,
    output: str | None,
    schema: str | None,
    options: dict[str, Any],
    *,
    progress: ProgressForm,
    **rest: Any,
) -> None:
    """Run the batch that the arguments describe, and exit with its code."""
    from summarizer.batch import command

    if not inputs:
        raise typer.BadParameter(
            "no input is given. Name files, folders or tables, or -.", param_hint="INPUT"
        )
    if output is None:
        raise typer.BadParameter("name the file for the rows, as -o rows.jsonl.", param_hint="--output")
    job = command.Job(
        inputs=inputs,
        output=output,
        options={**options, "schema": load_schema(schema)},
        progress=progress.value,
        again=resume_command(sys.argv[1:]),
        **rest,
    )
    raise typer.Exit(command.run(job))


def _on_ray(address: str | None, workers: int | None) -> Any:
    from summarizer.scale.ray_engine import on_ray

    return lambda batch, options: on_ray(batch, options, address, workers)


def resume_command(arguments: list[str]) -> str:
    """Return the command as it was given, for a shell, without the key and without passwords in addresses."""
    from summarizer.render.safe import quote, without_password

    kept: list[str] = []
    skip = False
    for argument in arguments:
        if not skip and argument != "--api-key" and not argument.startswith("--api-key="):
            kept.append(quote(without_password(argument)))
        skip = argument == "--api-key"
    return " ".join(["summarizer", *kept])
