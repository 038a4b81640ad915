"""``summarizer batch export`` and ``import``: a batch in the files of a provider's batch service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typing_extensions import Unpack

from summarizer.cli.batch import batch_app
from summarizer.cli.common import plain, progress_shown, reporting
from summarizer.cli.options import ExportOptions, InputsArgument, QuietOption, load_schema, takes_group
from summarizer.errors import SOME_FAILED

if TYPE_CHECKING:
    from summarizer.llm.weights import Progress

__all__ = ["batch_app"]  # with the commands of this module


@batch_app.command("export", short_help="Write requests into files for a provider's batch service.")
@takes_group
def export(
    inputs: InputsArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the files; created if missing.")
    ],
    url: Annotated[
        str,
        typer.Option(
            metavar="PATH", help="URL in each request. Older Azure batch deployments need /chat/completions."
        ),
    ] = "/v1/chat/completions",
    split: Annotated[
        int,
        typer.Option(min=1, max=100_000, metavar="N", help="Maximum requests per file, of at most 200 MB."),
    ] = 50_000,
    quiet: QuietOption = False,
    **options: Unpack[ExportOptions],
) -> None:
    """Write the requests for all articles into files that OpenAI, Azure and vllm run-batch accept.

    This needs no key and sends nothing. Run the files as batches, then pass the results to `summarizer batch
    import`. It writes the rows, and the files of the next round: requests that failed or expired, and
    re-asks.

    Run again on the same folder, it adds the articles that are new.
    """
    with reporting():
        from summarizer.batch import provider_command, provider_report

        given: dict[str, Any] = {**options, "url": url, "split": split}
        given["prompt_dir"] = str(given["prompt_dir"]) if given["prompt_dir"] else None
        run = provider_command.plan_run(inputs, **given)
        schema = load_schema(options["schema"])
        with progress_shown("", quiet=quiet) as progress:
            done = provider_command.export_batch(output, run, schema, _counter(progress))
        _print([*provider_report.of_articles(done, None), *provider_report.of_files(done, output)])


@batch_app.command("import", short_help="Read the results of such files; write rows and the next files.")
def import_(
    results: Annotated[
        list[Path],
        typer.Argument(metavar="RESULT", help="Result and error files of the batches, in any order."),
    ],
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="DIR", help="Folder of the export. Default: that of the first RESULT."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Rows (.jsonl, .csv, .parquet). Default: rows.jsonl in DIR.",
        ),
    ] = None,
    incomplete: Annotated[
        bool,
        typer.Option("--incomplete", help="More results will follow: do not send missing requests again."),
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Read the results of batches; write the rows of finished articles, and the files of the next round.

    Reading a file twice changes nothing. A request that fails, expires or is missing is sent up to three
    times.

    Exit codes: 0 all done or waiting, 1 some articles failed, others as for `summarizer batch`.
    """
    with reporting():
        from summarizer.batch import provider_command, provider_report

        where = folder or provider_command.find_folder(results)
        run = provider_command.read_run(where)
        rows = output or str(where / provider_command.ROWS)
        schema = load_schema(run.schema)
        with progress_shown("", quiet=quiet) as progress:
            done = provider_command.import_batch(
                *(where, results, run, schema, rows, _counter(progress)), incomplete=incomplete
            )
        files = provider_report.of_files(done, where)
        _print(
            [*provider_report.of_results(done), *provider_report.of_articles(done, rows), *files],
            to_error=rows == "-",
        )
        raise typer.Exit(SOME_FAILED if done.failures else 0)


def _counter(progress: Progress | None) -> Callable[[int], None]:
    return lambda number: progress("reading articles", number, 0) if progress else None


def _print(lines: list[str], *, to_error: bool = False) -> None:
    for line in lines:  # a label of ten characters, and text that may contain untrusted names
        typer.echo(line[:10] + plain(line[10:]), err=to_error)
