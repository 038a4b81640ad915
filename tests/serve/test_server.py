"""The command: where it listens, what it refuses, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.loopback import Loopback
from summarizer.cli.main import app
from summarizer.errors import ConfigurationError
from summarizer.serve import server
from summarizer.settings import DEADLINE
from tests.conftest import ARTICLE
from tests.serve.serving import Gated, desk_with, served

ROOT = Path(__file__).resolve().parents[2]
MODEL = ["--base-url", "http://127.0.0.1:9/v1", "--model", "m"]


def refused(*arguments: str, **environment: str) -> str:
    result = CliRunner().invoke(app, ["serve", *arguments], env=environment)
    assert result.exit_code == 3
    return result.stderr


def test_another_host_than_the_loopback_needs_a_token() -> None:
    """The message says how to make one."""
    said = refused("--host", "0.0.0.0", *MODEL)  # noqa: S104 - refused
    assert "SUMMARIZER_SERVE_TOKEN" in said
    assert "secrets.token_urlsafe" in said
    assert "16" in refused("--token", "short", *MODEL)


def test_the_token_comes_from_the_argument_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The argument goes first; the loopback needs none."""
    monkeypatch.setenv(server.TOKEN_VARIABLE, "of-the-environment")
    assert server.checked_token("0.0.0.0", None) == "of-the-environment"  # noqa: S104 - not bound
    assert server.checked_token("0.0.0.0", "of-the-command-line") == "of-the-command-line"  # noqa: S104
    monkeypatch.delenv(server.TOKEN_VARIABLE)
    assert [server.checked_token(host, None) for host in ("localhost", "127.0.0.1", "::1")] == [None] * 3


def test_a_port_that_is_taken_is_an_error_that_says_what_to_do() -> None:
    """So is a host that is not of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = refused("--port", str(taken.getsockname()[1]), *MODEL)
    assert "--port" in said
    assert "in use" in said
    with pytest.raises(ConfigurationError, match=r"192\.0\.2\.1"):
        server.bind("192.0.2.1", 0)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    assert "deal-summarizer[serve]" in refused(*MODEL)


def test_a_model_that_cannot_work_is_refused_before_the_start() -> None:
    """As by every other command."""
    assert "needs a key" in refused("--model", "openai/x", OPENAI_API_KEY="", SUMMARIZER_API_KEY="")


def test_the_models_on_offer_are_those_of_the_command_line() -> None:
    """The default first; an article of any model has a time limit, as others wait for it."""
    service = server.service_of({"model": "a", "base_url": "http://127.0.0.1:9/v1"}, ["b"], 3)
    assert [offer.name for offer in service.offers] == ["a", "b"]
    assert [offer.options["model"] for offer in service.offers] == ["a", "b"]
    assert all(offer.options["deadline"] for offer in service.offers)
    assert (service.queue.running, service.queue.waiting) == (4, 3)
    with pytest.raises(Exception, match="Choose one of: a, b"):
        service.offer("c")


def test_the_embedded_model_reads_one_article_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused at the start where it is not installed, and has the deadline that a server's model has."""
    missing = ConfigurationError("not installed")
    monkeypatch.setattr("summarizer.llm.embedded.check_installed", lambda: None)
    service = server.service_of({"model": "local", "deadline": 5}, ["local:0.5b"], 8)
    assert service.queue.running == 1
    assert [(offer.name, offer.embedded) for offer in service.offers] == [
        ("local", True),
        ("local:0.5b", True),
    ]
    assert service.offers[0].options["deadline"] == 5
    assert server.service_of({"model": "local"}, [], 8).offers[0].options["deadline"] == DEADLINE

    def check() -> None:
        raise missing

    monkeypatch.setattr("summarizer.llm.embedded.check_installed", check)
    assert "not installed" in refused("--model", "local")


def reading(address: str, model: Gated) -> Any:
    """An open stream of events, whose article waits for the model."""
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    body = json.dumps({"text": ARTICLE}).encode()
    request = urllib.request.Request(f"{address}/v1/summaries", body, headers)  # noqa: S310 - loopback
    answer = urllib.request.urlopen(request, timeout=5)  # noqa: S310
    while b"queued" not in answer.readline():
        pass
    until(lambda: model.at_once)
    return answer


def until(done: Callable[[], Any]) -> None:
    for _ in range(500):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


def test_a_client_that_goes_away_ends_the_request_to_the_model() -> None:
    """Over a real connection."""
    model = Gated({})
    with served(desk_with(model)) as address:
        reading(address, model).close()
        until(lambda: model.cancelled)
    assert model.cancelled == 1


def test_the_server_ends_at_once_while_an_article_is_read() -> None:
    """The request to the model is cancelled and the client is told."""
    model = Gated({})
    with served(desk_with(model)) as address:
        answer = reading(address, model)
        start = time.perf_counter()
    assert time.perf_counter() - start < 2
    assert b"ShuttingDown" in answer.read()
    assert model.cancelled == 1
    answer.close()


@pytest.fixture
def started() -> Any:
    """The command in a process of its own, beside a model that answers anything."""
    with Loopback().running() as model:
        command = [
            sys.executable,
            "-m",
            "summarizer",
            "serve",
            "--port",
            "0",
            "--model",
            "m",
            "--base-url",
            model.address,
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        ) as process:
            try:
                yield process
            finally:
                process.kill()


@pytest.mark.slow
def test_the_command_serves_until_it_is_interrupted(started: Any) -> None:
    """It prints its address, answers, and ends with 130 and without a traceback."""
    line = started.stdout.readline()
    assert line.startswith("Serving on http://127.0.0.1:")
    address = line.split()[2]
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - loopback
        assert b"deal-summarizer" in answer.read()
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{address}v1/summaries", json.dumps({"text": ARTICLE}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        assert json.load(answer)["records"][0]["provenance"]["model"] == "m"
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=10)
    assert started.returncode == 130
    assert errors == "summarizer: Interrupted.\n"


def test_help_and_import_do_not_load_the_framework() -> None:
    """It is imported by the command alone."""
    code = "import sys, summarizer.cli.main; sys.exit(any(name in sys.modules for name in ('fastapi', 'uvicorn', 'starlette')))"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
        ).returncode
        == 0
    )
