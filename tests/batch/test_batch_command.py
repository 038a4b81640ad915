"""``summarizer batch`` in process: exit codes, what is said at the end, and what is refused at the start."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from summarizer.batch import command
from summarizer.batch.report import status
from summarizer.cli import batch as cli_batch
from summarizer.cli import main as cli

from .conftest import Scripted, text


def run(model: Scripted, told: dict[int, str] | None = None, *, again: str = "AGAIN", **options: Any) -> int:
    rows = [json.dumps({"id": f"a{n}", "text": text(n, (told or {}).get(n, ""))}) for n in range(30)]
    Path("in.jsonl").write_text("\n".join(rows))
    given = {"model": model, "journal": Path("journal"), "concurrency": 1, **options}
    return command.run(command.Job(["in.jsonl"], "out.jsonl", None, None, given, "line", True, again))


def test_all_done(here: Path, model: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    """All done is 0, and under --quiet nothing is said."""
    assert run(model) == 0
    assert len(Path("out.jsonl").read_text().splitlines()) == 30
    assert capsys.readouterr() == ("", "")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_some_failed(here: Path, model: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    """Failed articles are rows; the code is 1, and the kinds and the next command are named."""
    assert run(model, {3: "refused", 4: "invalid", 5: "refused"}) == 1
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "summarizer: 27 done, 3 failed (2 Refused, 1 InvalidReply). Rows: out.jsonl",
        "summarizer: To retry failed articles: AGAIN --retry-failed",
    ]
    assert len(Path("out.jsonl").read_text().splitlines()) == 30
    model.faults.clear()
    assert run(model, {3: "refused", 4: "invalid", 5: "refused"}, retry_failed=True) == 0


@pytest.mark.parametrize(
    ("told", "options", "code", "words"),
    [
        ({9: "key"}, {}, 3, "The key was refused."),
        ({9: "quota"}, {}, 3, "Nothing left."),
        (dict.fromkeys(range(5, 30), "down"), {}, 4, "got no answer from the server"),
        ({}, {"budget": "3000tokens"}, 3, "The budget is used up"),
    ],
)
def test_ended_early(
    here: Path,
    model: Scripted,
    capsys: pytest.CaptureFixture[str],
    told: dict[int, str],
    options: dict[str, Any],
    code: int,
    words: str,
) -> None:
    """What ends the run early is said with what is done and the command that goes on; the output is not published."""
    assert run(model, told, **options) == code
    said = capsys.readouterr().err
    assert words in said
    assert "Rows so far: out.jsonl.part" in said
    assert said.splitlines()[-1].endswith(": AGAIN")
    assert not Path("out.jsonl").exists()
    assert Path("out.jsonl.part").read_text().count("\n") >= 5
    assert status(Path("journal"), as_json=False).splitlines()[1].startswith("state     ended (")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "out.jsonl"], "name files, folders or tables"),
        (["in.jsonl"], "name the output file"),
        (["typo.txt", "-o", "out.jsonl"], "There is no file or folder typo.txt"),
        (["in.jsonl", "-o", "out.doc"], "needs one of the suffixes"),
        (["in.jsonl", "-o", "in.jsonl"], "is both an input and the output"),
        (["in.jsonl", "-o", "out.jsonl", "--text", "body"], "Choose one with --text"),
        (["--status"], "name the batch with -o or --journal"),
        (["run", "in.jsonl", "-o", "out.jsonl", "--concurrency", "0"], "--concurrency"),
    ],
)
def test_usage(here: Path, arguments: list[str], words: str) -> None:
    """What cannot be meant is refused with code 2 before a model is thought of, with or without the word run."""
    Path("in.jsonl").write_text(json.dumps({"text": text(1)}))
    done = CliRunner().invoke(cli.app, ["batch", *arguments])
    assert done.exit_code == 2
    assert words in done.output
    assert sorted(path.name for path in here.iterdir()) == ["in.jsonl"]


def test_status_of_nothing(here: Path) -> None:
    """A journal that is not there is a matter of configuration, and is not made."""
    done = CliRunner().invoke(cli.app, ["batch", "--status", "-o", "out.jsonl"])
    assert done.exit_code == 3
    assert "There is no journal out.jsonl.journal" in done.output
    assert list(here.iterdir()) == []


def test_help_names_the_exit_codes() -> None:
    """Help is the help of the run, with what its codes mean."""
    done = CliRunner().invoke(cli.app, ["batch", "--help"])
    assert done.exit_code == 0
    assert "--retry-failed" in done.output
    assert "130 interrupted" in " ".join(done.output.split())


@pytest.mark.parametrize("key", [["--api-key", "sk-secret"], ["--api-key=sk-secret"]])
def test_the_command_to_go_on_has_no_key(key: list[str]) -> None:
    """The command that is printed can be pasted, and holds no secret."""
    said = cli_batch.resume_command(["batch", "my news/", *key, "-o", "out.jsonl"])
    assert said == "summarizer batch 'my news/' -o out.jsonl"


@pytest.mark.parametrize("option", [["--base-url", "URL"], ["--base-url=URL"], ["URL"]])
@pytest.mark.parametrize("user", ["me:hunter2", "me:hunter2@x", "hunter2"])
def test_the_command_to_go_on_has_no_password(option: list[str], user: str) -> None:
    """The user and password of an address stay out of the command."""
    given = [part.replace("URL", f"https://{user}@host.example/v1") for part in option]
    said = cli_batch.resume_command(["batch", "in.jsonl", *given])
    assert "hunter2" not in said
    assert "https://host.example/v1" in said


NAMES = [
    "\x1b]0;owned\x07.txt",
    "a\nb.txt",
    "it's \x1b[31m red\x1b[0m",
    "\u202etxt.exe",
    "\x9b31m",
    "caf\udce9.txt",
]
NAMES += ["back\\slash\t1", "é\r\u200b'", "-o", "plain.txt", "$(rm x)", "a\u2028b"]


@pytest.mark.parametrize("name", NAMES)
def test_the_command_to_go_on_is_safe_to_show(name: str) -> None:
    """No escape code of a file name reaches the terminal, and a shell reads the name as it was."""
    said = cli_batch.resume_command(["batch", name])
    assert said.isprintable()
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("no bash here")
    line = said.removeprefix("summarizer batch ")
    read = subprocess.run([shell, "-c", f"printf '%s' {line}"], capture_output=True, check=True).stdout
    assert read == os.fsencode(name)
