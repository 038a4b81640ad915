"""What a long run leaves behind: no open connection, no client, no key."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import logging
import os
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from summarizer import asummarize, errors, summarize
from summarizer.cli.main import app
from summarizer.llm.base import Profile as Asking
from summarizer.llm.base import Request
from summarizer.llm.endpoint import Endpoint
from summarizer.settings import resolve
from tests.fault_server import OLLAMA, Profile, error, serve

from .conftest import DEAL, GOOD, Pick

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("here")]

KEY = "sk-0123456789-very-secret"


def open_files() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files by /proc")
def test_many_requests_leave_nothing_open() -> None:
    """Ten event loops of thirty requests each end with as many open files as the first one did."""
    with serve([GOOD]) as served:
        model = Endpoint("m", served.base_url, SecretStr("k"), Asking("whole", "model", 1, 0))

        async def some(count: int) -> None:
            for _ in range(count // 10):
                await asyncio.gather(*(model.ask(Request("s", "a", "q", Pick, 50)) for _ in range(10)))

        counts = []
        for _ in range(10):
            asyncio.run(some(30))  # nobody closes: the end of the loop does
            counts.append(open_files())
        assert len(served.requests) == 300
        # A connection that the server has not yet let go of counts too: it is in this process.
        assert max(counts) - counts[0] <= 10
        assert len(model._clients._connected) <= 1


def test_the_user_of_an_address_is_sent_as_a_header() -> None:
    """User and password leave the address, since the client's logs show that, and still reach the server."""
    with serve([GOOD]) as served:
        url = served.base_url.replace("//", "//me:p%40ss@")
        model = Endpoint("m", url, SecretStr("k"), Asking("whole", "model", 1, 0))

        async def run() -> None:
            await model.ask(Request("s", "a", "q", Pick, 50))

        asyncio.run(run())
    assert served.keys == ["Basic " + base64.b64encode(b"me:p@ss").decode()]


def test_a_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs of all levels, errors with their causes, representations, records, the cache and the doctor hold no key."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("SUMMARIZER_API_KEY", KEY)
    shown = []
    with serve(OLLAMA) as served:
        at = {"model": "m", "base_url": served.base_url.replace("//", f"//user:{KEY}@")}
        settings = resolve(**at)
        shown += [repr(settings), str(settings)]
        try:
            shown.append(summarize(DEAL, **at).model_dump_json())
        except errors.SummarizerError as failed:
            shown += traceback.format_exception(failed)
        shown.append(CliRunner().invoke(app, ["doctor", "--base-url", at["base_url"], "--model", "m"]).output)
    for status in (400, 401, 404, 429, 500):
        with serve([error(status, f"the key {KEY} is no good", retry_after="99999")]) as served:
            with pytest.raises(errors.SummarizerError) as caught:
                asyncio.run(asummarize(DEAL, model="m", base_url=served.base_url))
            shown += [*traceback.format_exception(caught.value), repr(vars(caught.value))]
    with serve(Profile(key="another")) as served:
        shown.append(
            CliRunner()
            .invoke(app, ["doctor", "--base-url", served.base_url, "--model", "m", "--json"])
            .output
        )
    model = Endpoint("m", "http://h/v1", SecretStr(KEY), Asking("whole", "model", 1, 0))
    shown += [repr(model), repr(model._clients), repr(vars(model)), json.dumps(vars(model), default=repr)]
    shown += [path.read_text() for path in Path(os.environ["SUMMARIZER_CACHE"]).rglob("*.json")]
    shown.append(caplog.text)
    assert len(shown) > 20
    assert not [text for text in shown if KEY in text]
