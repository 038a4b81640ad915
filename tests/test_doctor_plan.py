"""The doctor says which plan and trust a model gets, and why, and how to find out what suits it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from summarizer.cli.main import app
from summarizer.llm.open import LARGE, SMALL, profile_for
from summarizer.settings import resolve
from tests.fault_server import Profile, serve

pytestmark = pytest.mark.usefixtures("here")


def lines(result: Result) -> dict[str, str]:
    """What is said of each thing."""
    return {name: said for name, _, said in (line.partition(" ") for line in result.stdout.splitlines())}


def doctor(model: str, *arguments: str) -> dict[str, str]:
    with serve(Profile(models=(model,))) as served:
        given = ["doctor", "--base-url", served.base_url, "--model", model, *arguments]
        result = CliRunner().invoke(app, given)
        assert result.exit_code == 0, result.output
        return {name: said.strip().replace(served.base_url, "URL") for name, said in lines(result).items()}


@pytest.mark.parametrize(
    ("model", "plan", "trust", "why"),
    [
        ("wonder", "whole", "model", "large profile: it is not known to be tiny"),
        ("qwen3:8b", "whole", "model", "large profile: its name says 8b, more than 4B"),
        ("qwen3:4b", "faceted", "rules", "small profile: its name says 4b, up to 4B"),
    ],
)
def test_plan_and_trust_follow_from_the_name(model: str, plan: str, trust: str, why: str) -> None:
    """Without a setting the profile chooses, and the doctor says which and why."""
    said = doctor(model)
    assert said["plan"].lower().startswith(f"{plan}, {why}".lower())
    assert said["trust"].lower().startswith(f"{trust}, {why}".lower())


@pytest.mark.parametrize("name", ["plan", "trust"])
def test_a_setting_goes_before_the_profile(name: str, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the command line, the environment or the project file; each is named."""
    value = {"plan": "faceted", "trust": "rules"}[name]
    other = {"plan": "trust", "trust": "plan"}[name]
    said = doctor("wonder", f"--{name}", value)
    assert said[name] == f"{value}, set by --{name}"
    assert "large profile" in said[other]
    (here / "summarizer.toml").write_text(f'{name} = "{value}"\n')
    assert doctor("wonder")[name] == f"{value}, set by {here / 'summarizer.toml'}"
    monkeypatch.setenv(f"SUMMARIZER_{name.upper()}", value)
    assert doctor("wonder")[name] == f"{value}, set by SUMMARIZER_{name.upper()}"


def test_it_points_to_the_quick_evals() -> None:
    """Who swaps in a local model is told the command that tries each plan and trust on it."""
    assert doctor("wonder")["suits"].startswith(
        "python -m evals run --quick --model wonder --base-url URL tries"
    )


@pytest.mark.parametrize(
    ("model", "profile", "why"),
    [
        ("local", SMALL, "small profile: the embedded model, 1.5B"),
        ("local:0.5b", SMALL, "small profile: the embedded model, 0.5B"),
        ("local:mine-8b.gguf", SMALL, "small profile: the embedded model"),
        ("openai/gpt-4o", LARGE, "large profile: it is not known to be tiny, as its name tells no size"),
    ],
)
def test_why_a_model_has_its_profile(model: str, profile: object, why: str) -> None:
    assert profile_for(resolve(model, api_key="k")) == (profile, why)


@pytest.mark.parametrize(
    ("model", "shown"), [("local", False), ("local:mine.gguf", True), ("openai/gpt-4o", False)]
)
def test_the_pointer_is_for_swapped_models(model: str, shown: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded models were measured, and hosted ones are large; plan and trust are said though none answers."""

    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr("summarizer.doctor._examine", nothing)
    result = CliRunner().invoke(app, ["doctor", "--model", model, "--api-key", "k", "--json"])
    checks = {check["name"]: check for check in json.loads(result.stdout)["checks"]}
    assert ("suits" in checks) is shown
    assert checks["plan"]["value"] in ("whole", "faceted")
    assert checks["trust"]["value"] in ("model", "rules")


def test_a_plan_that_does_not_exist_is_refused() -> None:
    result = CliRunner().invoke(app, ["doctor", "--model", "local", "--plan", "double"])
    assert result.exit_code == 2
