"""README and docs: every command parses, every Python example compiles, every link leads somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from evals.arguments import parser
from summarizer.cli.main import app

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    (path.name, language, code)
    for path in PAGES
    for language, code in re.findall(r"^```(\w+)\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M)
]


def _commands(code: str) -> list[list[str]]:
    """The words of each command of our own, after shell comments, pipes and environment settings."""
    found = []
    for line in code.splitlines():
        for part in re.split(r"&&|\|", line):
            words = shlex.split(part, comments=True)
            while words and ("=" in words[0] or words[0].endswith(("bin/summarizer", "bin/python"))):
                words[0:1] = [words[0].rpartition("/")[2]] if "=" not in words[0] else []
                if words[0] in ("summarizer", "python"):
                    break
            if words[:1] == ["summarizer"] or words[:3] == ["python", "-m", "evals"]:
                found.append(words)
    return found


COMMANDS = [(page, words) for page, _, code in BLOCKS for words in _commands(code)]


@pytest.mark.parametrize(("page", "words"), COMMANDS, ids=lambda value: " ".join(value)[:60])
def test_commands_parse(page: str, words: list[str]) -> None:
    """Each command names a command and options that exist."""
    if words[0] == "python":
        parser().parse_args(words[3:])
        return
    command, context = typer.main.get_command(app), None
    rest = words[1:]
    while hasattr(command, "commands"):
        name = rest[0] if rest and rest[0] in command.commands else "run"
        rest = rest[1:] if rest and rest[0] in command.commands else rest
        command = command.commands[name]
    context = command.make_context("summarizer", rest)
    assert context.params


def test_commands_are_found() -> None:
    """The pages have commands; none slips through because of the way that it is written."""
    assert len(COMMANDS) > 20


@pytest.mark.parametrize(("page", "code"), [(p, c) for p, language, c in BLOCKS if language == "python"])
def test_python_compiles(page: str, code: str) -> None:
    """Each example is valid Python."""
    compile(code, page, "exec")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    """Each relative link names a file of the project."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_readme_fits_three_screens() -> None:
    """README sells; docs explain."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150
