"""The doctor against servers with one fault each: what it sees, what it says to change, and with which exit code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from summarizer.cli.main import app
from tests.fault_server import (
    NO_SCHEMA,
    OLLAMA,
    SMALL_CONTEXT,
    VLLM,
    WORDS_ONLY,
    Answer,
    Profile,
    Script,
    Served,
    completion,
    serve,
)

pytestmark = pytest.mark.usefixtures("here")


def doctor(script: Script, *arguments: str) -> tuple[Result, Served]:
    with serve(script) as served:
        given = ["doctor", "--base-url", served.base_url, "--model", "m", "--api-key", "k-secret", *arguments]
        result = CliRunner().invoke(app, given)
    assert "k-secret" not in result.output
    return result, served


@pytest.mark.parametrize(
    ("profile", "words", "advice", "requests"),
    [
        (
            Profile(),
            ["reachable", "listed    yes", "mode      json_schema", "enforced: asked", "read whole"],
            "",
            6,
        ),
        (NO_SCHEMA, ["mode      tools, found with 2 requests"], "", 7),
        (OLLAMA, ["mode      json_schema, found with 2", "not enforced: it went outside"], "not enforced", 7),
        (WORDS_ONLY, ["mode      prompted", "not enforced in this mode"], "costs re-asks", 8),
        (VLLM, ["context   2,048 tokens, stated by the server"], "llama-server -c 16384", 5),
        (
            SMALL_CONTEXT,
            ["context   2,048 tokens, a text of 16,000", "in silence"],
            "OLLAMA_CONTEXT_LENGTH",
            6,
        ),
        (Profile(context=2048), ["context   2,048 tokens", "was refused"], "too small", 6),
        (Profile(models=("a", "b")), ["listed    no; the server has a, b"], "--model a", 6),
        (Profile(models=()), ["names no models"], "", 6),
    ],
)
def test_what_the_doctor_sees(profile: Profile, words: list[str], advice: str, requests: int) -> None:
    """Each server is seen for what it is, in few requests; what to change is said with the setting."""
    result, served = doctor(profile)
    assert result.exit_code == 0, result.output
    for word in words:
        assert word in result.stdout
    assert (
        (advice in result.stdout.partition("What to change:")[2]) if advice else "change" not in result.stdout
    )
    assert len(served.requests) == requests


def test_nothing_listens() -> None:
    """Where nothing listens the doctor says so, and the error says what to look at."""
    with serve([]) as served:
        pass
    result = CliRunner().invoke(app, ["doctor", "--base-url", served.base_url, "--model", "m"])
    assert result.exit_code == 4
    assert "server    not reachable" in result.stdout
    assert "cannot be reached. Is the server running" in result.stderr


def test_a_local_server_that_is_not_started() -> None:
    """For a server that is known by name, the error says how it is started."""
    with serve([]) as served:
        pass
    result = CliRunner().invoke(app, ["doctor", "--base-url", served.base_url, "--model", "ollama/m"])
    assert "ollama serve" in result.stderr


def test_a_wrong_key() -> None:
    """A refused key ends the examination with what to set."""
    result, served = doctor(Profile(key="another"))
    assert result.exit_code == 3
    assert "server    reachable" in result.stdout
    assert "the key was refused. Set SUMMARIZER_API_KEY" in result.stderr
    assert len(served.requests) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/props", {"default_generation_settings": {"n_ctx": 4096}}),
        ("/api/ps", {"models": [{"name": "m:latest", "context_length": 4096}]}),
        ("/api/v0/models", {"data": [{"id": "m", "loaded_context_length": 4096}]}),
    ],
)
def test_each_server_states_its_context_in_its_own_place(path: str, body: Any) -> None:
    """llama.cpp, Ollama and LM Studio are asked where each states it."""
    result, _ = doctor(Profile(other={path: body}))
    assert "context   4,096 tokens, stated by the server" in result.stdout


def test_seeds_and_caches() -> None:
    """Two answers of one seed that agree, and a first that does not, show that the seed is honoured."""
    yes, same, other = completion('{"answer": "yes"}'), completion("cat, dog"), completion("emu, fox")
    result, served = doctor([yes, yes, yes, other, same, same])
    assert "seed      honoured" in result.stdout
    assert "cached    yes: 60 of 300" in result.stdout
    assert [request.get("seed") for request in served.requests[3:]] == [8, 7, 7]
    result, _ = doctor([yes, yes, yes, same, same, other])
    assert "seed      not honoured" in result.stdout
    bare = Answer(body={**completion("cat").body, "usage": None})
    result, _ = doctor([yes, yes, bare])
    assert "cached    not reported" in result.stdout
    assert "speed     cannot be told" in result.stdout


def test_json() -> None:
    """--json prints one object with the same checks and advice, also where the model does not answer."""
    result, _ = doctor(SMALL_CONTEXT, "--json")
    told = json.loads(result.stdout)
    checks = {check["name"]: check for check in told["checks"]}
    assert checks["context"]["value"] == 2048
    assert checks["context"]["ok"] is False
    assert len(told["advice"]) == 1
    assert told["error"] is None
    result, _ = doctor(Profile(key="another"), "--json")
    told = json.loads(result.stdout)
    assert (told["error"]["type"], told["error"]["exit_code"]) == ("AuthenticationError", 3)
