"""``summarizer batch export`` and ``import``: a batch by the files that a provider's batch service reads."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.batch import batch_app
from summarizer.cli.common import (
    BaseUrlOption,
    ConfigOption,
    IdOption,
    ModelOption,
    PromptDirOption,
    QuietOption,
    SchemaOption,
    StrictOption,
    TextOption,
    load_schema,
    plain,
    progress_shown,
    reporting,
)
from summarizer.errors import SOME_FAILED

__all__ = ["batch_app"]  # with the commands of this module


@batch_app.command("export", short_help="Write the requests into files for a provider's batch service.")
def export(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="Files, folders, patterns ('news/*.txt'), web addresses, or tables (.jsonl, .csv, .tsv, .parquet).",
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The folder for the files, made if need be."),
    ],
    text: TextOption = None,
    id: IdOption = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    config: ConfigOption = None,
    schema: SchemaOption = None,
    prompt_dir: PromptDirOption = None,
    strict: StrictOption = False,
    url: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="The url of each request; older Azure batch deployments want /chat/completions.",
        ),
    ] = "/v1/chat/completions",
    split: Annotated[
        int,
        typer.Option(
            min=1, max=100_000, metavar="N", help="Requests in a file at most; also at most 200 MB."
        ),
    ] = 50_000,
    quiet: QuietOption = False,
) -> None:
    """Write the requests for all articles into files that OpenAI, Azure and vllm run-batch read.

    No key is needed and nothing is sent. Have the files run, then give the results to `summarizer batch
    import`, which writes rows, and the files of the next round: what failed or expired, re-asks, the prose.
    Started again on the same folder, it adds what has come to the inputs.
    """
    with reporting():
        from summarizer.scale import command, words

        run = command.plan_run(
            inputs,
            model=model,
            base_url=base_url,
            config=config,
            text=text,
            id=id,
            schema=schema,
            prompt_dir=str(prompt_dir) if prompt_dir else None,
            strict=strict,
            url=url,
            split=split,
        )
        with progress_shown("", quiet=quiet) as tell:
            done = command.export_batch(
                output,
                run,
                load_schema(schema),
                lambda number: tell("reading articles", number, 0) if tell else None,
            )
        _print([*words.of_articles(done, None), *words.of_files(done, output)])


@batch_app.command("import", short_help="Read the results of such files; write rows and the next files.")
def import_(
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="RESULT", help="The files that came back, in any order: of answers and of errors."
        ),
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="The folder of the export. Else that of the first RESULT."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Rows as .jsonl, .csv or .parquet. Else rows.jsonl in DIR."
        ),
    ] = None,
    incomplete: Annotated[
        bool,
        typer.Option(
            "--incomplete", help="More results will come: do not ask again for what is missing in these."
        ),
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Take the results of a batch in: rows for what is done or failed, and the files of the next round.

    Reading a file twice changes nothing. A request that fails, expires or is missing is sent three times at
    most. Exit codes: 0 all done or waiting, 1 some articles failed.
    """
    with reporting():
        from summarizer.scale import command, words

        where = folder or command.find_folder(results)
        run = command.read_run(where)
        rows = output or str(where / command.ROWS)
        with progress_shown("", quiet=quiet) as tell:
            done = command.import_batch(
                where,
                results,
                run,
                load_schema(run.schema),
                rows,
                lambda number: tell("reading articles", number, 0) if tell else None,
                incomplete=incomplete,
            )
        said = [*words.of_results(done), *words.of_articles(done, rows), *words.of_files(done, where)]
        _print(said, to_error=rows == "-")
        raise typer.Exit(SOME_FAILED if done.failures else 0)


def _print(lines: list[str], *, to_error: bool = False) -> None:
    for line in lines:  # a label of ten characters, and words that may hold names of others
        typer.echo(line[:10] + plain(line[10:]), err=to_error)
