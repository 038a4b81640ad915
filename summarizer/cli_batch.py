"""``summarizer batch``: many articles into one file, to be stopped and resumed at will."""

from __future__ import annotations

import shlex
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from summarizer.cli_common import (
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


@batch_app.command("run", short_help="Read inputs into a file of rows (also without the word run).")
def run(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="INPUT",
            help="Files, folders, patterns ('news/*.txt'), web addresses, tables (.jsonl, .csv, .tsv, .parquet), "
            "or - for standard input: JSON Lines, or one article.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Rows as .jsonl, .csv or .parquet, published when all are done; - prints JSON Lines.",
        ),
    ] = None,
    journal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What is done is kept here. Else beside the output: OUT.journal."),
    ] = None,
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
    concurrency: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Articles in flight at most: as many as help, up to this. Else 32, and 1 on the embedded model.",
        ),
    ] = None,
    rpm: Annotated[int | None, typer.Option(min=1, metavar="N", help="Requests a minute at most.")] = None,
    tpm: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Tokens a minute at most, read and written.")
    ] = None,
    deadline: Annotated[
        float | None, typer.Option(min=0.001, metavar="SECONDS", help="For one article.")
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(
            metavar="AMOUNT", help="Stop before more is spent, over all starts: 2.50usd, 1000000tokens."
        ),
    ] = None,
    price: Annotated[
        str | None,
        typer.Option(metavar="IN,OUT", help="US dollars for a million tokens read and written: 0.15,0.60."),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask again for what failed in earlier runs.")
    ] = False,
    as_completed: Annotated[
        bool, typer.Option("--as-completed", help="Rows as they are done, not in the order of the input.")
    ] = False,
    durable: Annotated[
        bool,
        typer.Option(
            "--durable", help="Wait for the disk at each article, so that a power cut costs nothing."
        ),
    ] = False,
    status: Annotated[
        bool,
        typer.Option(
            "--status", help="Say how the batch stands, while it runs or after. Needs -o or --journal."
        ),
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="Where the articles are read: here, or by the workers of a Ray cluster.")
    ] = Engine.LOCAL,
    ray_address: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Of the Ray cluster: auto, HOST:PORT. Else one is started on this machine.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Workers on Ray. Else one for each core.")
    ] = None,
    progress: Annotated[ProgressForm, typer.Option(help="One line of words, or JSON.")] = ProgressForm.LINE,
    quiet: QuietOption = False,
) -> None:
    """Summarise any number of articles into one file; a second start goes on where the first was stopped.

    Ctrl-C finishes what is in flight and prints the command that resumes; a second one stops now. What is done
    is never paid for twice. `summarizer batch export --help` tells of a provider's batch files. Exit codes: 0 all done, 1 some failed, 2 usage or bad input, 3 configuration, quota
    or budget, 4 the endpoint is gone, 130 interrupted.
    """
    with reporting():
        from summarizer.batch import command

        kept = journal or (Path(f"{output}.journal") if output and output != "-" else None)
        if status:
            if kept is None:
                raise typer.BadParameter("name the batch with -o or --journal.", param_hint="--status")
            typer.echo(command.status(kept, as_json=progress is ProgressForm.JSON))
            return
        if not inputs:
            raise typer.BadParameter(
                "no input is given. Name files, folders or tables, or -.", param_hint="INPUT"
            )
        if output is None:
            raise typer.BadParameter("name the file for the rows, as -o rows.jsonl.", param_hint="--output")
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
            "schema": load_schema(schema),
        }
        job = command.Job(
            inputs=inputs,
            output=output,
            text=text,
            id=id,
            options=options,
            progress=progress.value,
            quiet=quiet,
            again=_command(sys.argv[1:]),
            engine=_on_ray(ray_address, workers) if engine is Engine.RAY else None,
        )
        raise typer.Exit(command.run(job))


def _on_ray(address: str | None, workers: int | None) -> Any:
    from summarizer.scale.ray_engine import on_ray

    return lambda batch, options: on_ray(batch, options, address, workers)


def _command(arguments: list[str]) -> str:
    """The command as it was given, without the key."""
    kept: list[str] = []
    skip = False
    for argument in arguments:
        if not skip and argument != "--api-key" and not argument.startswith("--api-key="):
            kept.append(argument)
        skip = argument == "--api-key"
    return shlex.join(["summarizer", *kept])
