"""Responses are bounded in size and time, and a request stays at the origin that it was sent to."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from summarizer import errors
from summarizer.llm import bounded, clients
from summarizer.llm.base import Reply, Request
from tests.fault_server import Answer, Served, serve

from .conftest import GOOD, Pick, endpoint

pytestmark = pytest.mark.usefixtures("no_waiting", "backend")

MB = 2**20
JSON = {"Content-Type": "application/json"}
GZIP = {**JSON, "Content-Encoding": "gzip"}


@pytest.fixture(params=[bounded.AiohttpClient, bounded.HttpxClient], ids=["aiohttp", "httpx"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each backend of the openai client."""
    options = {"headers": {"Accept-Encoding": "gzip"}}
    monkeypatch.setattr(
        clients, "bounded_client", lambda trust_env: request.param(trust_env=trust_env, **options)
    )


def run(served: Served, work: Callable[[Any], Any], **options: Any) -> Any:
    async def go() -> Any:
        model = endpoint(served, **options)
        try:
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(go())


def ask(served: Served, **options: Any) -> Reply[Pick]:
    return run(served, lambda model: model.ask(Request("s", "a", "q", Pick, 50)), **options)  # type: ignore[no-any-return]


def bomb(megabytes: int) -> bytes:
    """So many megabytes of blanks, as gzip."""
    pack = zlib.compressobj(9, wbits=31)
    return b"".join(pack.compress(b" " * MB) for _ in range(megabytes)) + pack.flush()


TOO_LARGE = {
    "gzip bomb": Answer(raw=bomb(500), headers=GZIP),
    "gzip bomb as a stream": Answer(raw=bomb(50), headers=GZIP, endless=True),
    "endless chunks": Answer(raw=b" " * 65536, headers=JSON, endless=True),
    "a long body": Answer(raw=b" " * (5 * MB), headers=JSON),
}
LARGE_ERRORS = {
    "gzip bomb": Answer(400, raw=bomb(500), headers=GZIP),
    "endless": Answer(400, raw=b"so sorry " * 7000, headers={"Content-Type": "text/plain"}, endless=True),
    "long JSON": Answer(400, {"error": {"message": "so sorry " * 300_000}}),
}


@pytest.mark.parametrize("answer", TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_response_is_read_to_its_limit_and_no_further(answer: Answer) -> None:
    """A response above 4 MB after decompression costs one request, little memory, and is an EndpointError."""
    with serve([answer]) as served:
        tracemalloc.start()
        with pytest.raises(errors.EndpointError, match="more than 4 MB") as caught:
            ask(served)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (len(served.requests), caught.value.attempts, caught.value.exit_code) == (1, 1, 4)
    assert peak < 40 * MB


@pytest.mark.parametrize("answer", LARGE_ERRORS.values(), ids=LARGE_ERRORS.keys())
def test_the_body_of_an_error_is_cut(answer: Answer) -> None:
    """However long an error's body is, its status and first words are told."""
    with serve([answer]) as served, pytest.raises(errors.EndpointError, match="answered 400") as caught:
        ask(served)
    assert len(served.requests) == 1
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("path", ["look_up", "ask"])
def test_a_byte_a_second_is_given_up_after_the_timeout(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timeout is for the whole request, whatever arrives meanwhile."""
    monkeypatch.setattr("summarizer.llm.transport._LOOK_UP_TIMEOUT", 0.3)
    monkeypatch.setattr("summarizer.llm.transport._ATTEMPTS", 1)
    work = {"look_up": lambda m: m.look_up("/slow"), "ask": lambda m: m.ask(Request("s", "a", "q", Pick, 50))}
    start = time.monotonic()
    slow = Answer(body=GOOD.body, drip=0.1)
    with serve([slow]) as served:
        served.other["/v1/slow"] = slow
        with pytest.raises(errors.EndpointUnavailable, match=r"within 0\.3 s"):
            run(served, work[path], timeout=0.3)
    assert time.monotonic() - start < 5


def test_compressed_replies_are_read() -> None:
    """Gzip and deflate are decompressed; an encoding that was not asked for is an error."""
    good = json.dumps(GOOD.body).encode()
    for encoding, raw in (
        ("gzip", gzip.compress(good)),
        ("deflate", zlib.compress(good)),
        ("identity", good),
    ):
        with serve([Answer(raw=raw, headers={**JSON, "Content-Encoding": encoding})]) as served:
            assert ask(served).draft.answer == "yes"
    for encoding, raw, words in (("br", good, "content encoding 'br'"), ("gzip", good, "damaged gzip")):
        with (
            serve([Answer(raw=raw, headers={**JSON, "Content-Encoding": encoding})]) as served,
            pytest.raises(errors.EndpointError, match=words),
        ):
            ask(served)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_origin_is_refused(status: int) -> None:
    """The article and the key reach no other server, and the error names the address without its secrets."""
    with serve([GOOD]) as other:
        onward = other.base_url.replace("//", "//user:pa55@") + "/chat/completions?key=hidden"
        with serve([Answer(status, {}, {"Location": onward})]) as served:
            with pytest.raises(errors.EndpointError, match=f"redirects to {other.base_url}") as caught:
                ask(served)
            assert (len(served.requests), other.requests, other.paths) == (1, [], [])
    assert "--base-url" in str(caught.value)
    assert not {"pa55", "hidden"} & set(str(caught.value).replace("=", ":").split(":"))


def test_a_redirect_within_the_origin_is_followed() -> None:
    """A 307 that adds a slash, as web frameworks send it, is followed; one without end is not."""
    with serve([Answer(307, {}, {"Location": "/v2/chat/completions"}), GOOD]) as served:
        assert ask(served).draft.answer == "yes"
        assert len(served.requests) == 2
    with (
        serve([Answer(307, {}, {"Location": "/v1/chat/completions"})]) as served,
        pytest.raises(errors.EndpointError, match="too often"),
    ):
        ask(served)
    assert len(served.requests) == 3


def test_words_for_a_broken_connection() -> None:
    """Only a connection that was closed is called that."""
    with (
        serve([Answer(drop=True)]) as served,
        pytest.raises(errors.EndpointError, match="closed the connection"),
    ):
        ask(served)
    with pytest.raises(errors.EndpointError, match=r"cannot be reached\. Is the server running"):
        ask(served)
    served.base_url = served.base_url.replace("127.0.0.1", "no-such-host.invalid")
    with pytest.raises(errors.EndpointError, match=r"cannot be reached\. Is"):
        ask(served)
