"""The endpoint over real HTTP on loopback: what reaches the server, what comes back, and in which words."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from summarizer import errors
from summarizer.cli.main import app
from summarizer.llm import deadline
from summarizer.llm import transport as module
from summarizer.llm.base import Reply, Request
from summarizer.llm.endpoint import Endpoint
from summarizer.records.drafts import Draft
from tests.fault_server import (
    SMALL_CONTEXT,
    Answer,
    Profile,
    Script,
    Served,
    completion,
    error,
    http_date,
    serve,
)

from .conftest import DEAL, GOOD, PROFILE, Pick, endpoint

pytestmark = pytest.mark.usefixtures("no_waiting")

ARTICLE = "Article: {% if x %} {{ secret }} {# note #} \x07 Orchard buys Ash."


def ask(
    served: Served,
    *,
    draft: type[Draft] = Pick,
    article: str = ARTICLE,
    seconds: float | None = None,
    **options: Any,
) -> Reply[Any]:
    async def run() -> Reply[Any]:
        model = endpoint(served, **options)
        try:
            with deadline.within(seconds):
                return await model.ask(Request("sys", article, "Question: yes?", draft, 50))
        finally:
            await model.close()

    return asyncio.run(run())


LONG = DEAL + "".join(f" The bakers of town {n} buy their flour from Ash Mills." for n in range(60))


def test_a_request_holds_the_static_part_first_and_the_article_untouched() -> None:
    """Template signs in an article reach the server letter for letter, before the question."""
    with serve([GOOD]) as served:
        reply = ask(served)
    assert reply.draft.answer == "yes"
    sent = served.requests[0]
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert sent["messages"][1]["content"] == f"{ARTICLE}\n\nQuestion: yes?"
    assert sent["temperature"] == 0
    assert sent["response_format"]["json_schema"]["schema"] == Pick.model_json_schema()


def test_usage_is_summed_over_re_asks() -> None:
    """A reply outside the closed set is sent back once, and both requests are counted."""
    with serve([completion('{"answer": "perhaps"}'), GOOD]) as served:
        reply = ask(served)
    assert len(served.requests) == 2
    assert "perhaps" in str(served.requests[1]["messages"])
    usage = reply.usage
    assert (usage.requests, usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens) == (
        2,
        600,
        120,
        20,
    )


def test_a_reply_without_usage_counts_as_a_request() -> None:
    """A server that reports no usage breaks nothing."""
    with serve([completion('{"answer": "no"}', usage=False)]) as served:
        assert ask(served).usage.model_dump(include={"requests", "prompt_tokens"}) == {
            "requests": 1,
            "prompt_tokens": 0,
        }


BODY = len(json.dumps(GOOD.body))
LATER = {"hang": 30.0}

# What the server does, how many requests reach it, and what that comes to: type, exit code, words shown.
TABLE: list[tuple[str, Script, int, type[errors.SummarizerError], int, str]] = [
    ("429 for ever", [error(429, retry_after="0")], 10, errors.RateLimited, 4, "too many requests"),
    ("429 for an hour", [error(429, retry_after="3600")], 1, errors.RateLimited, 4, "asks to wait 3600 s"),
    (
        "429 until tomorrow",
        [error(429, retry_after=http_date(86400))],
        1,
        errors.RateLimited,
        4,
        "longer than",
    ),
    ("quota", [error(429, code="insufficient_quota")], 1, errors.QuotaExceeded, 3, "nothing left"),
    ("402", [error(402)], 1, errors.QuotaExceeded, 3, "nothing left"),
    ("500 for ever", [error(500)], 4, errors.EndpointUnavailable, 4, "answered 500: no"),
    ("502 of a proxy", [Answer(502, "<html>Bad")], 4, errors.EndpointUnavailable, 4, "502: an HTML page"),
    ("408", [error(408)], 4, errors.EndpointUnavailable, 4, "408"),
    ("409", [error(409)], 4, errors.EndpointUnavailable, 4, "409"),
    ("no answer", [Answer(drop=True)], 4, errors.EndpointUnavailable, 4, "closed the connection"),
    (
        "reset in a body",
        [replace(GOOD, cut=BODY // 2)],
        4,
        errors.EndpointUnavailable,
        4,
        "closed the connection",
    ),
    ("hang", [replace(GOOD, **LATER)], 4, errors.EndpointUnavailable, 4, "did not answer within 0.5 s"),
    ("slow drip", [replace(GOOD, drip=0.1)], 4, errors.EndpointUnavailable, 4, "did not answer within 0.5 s"),
    ("HTML with 200", [Answer(body="<html>hello</html>")], 4, errors.EndpointUnavailable, 4, "/v1"),
    (
        "truncated JSON",
        [Answer(body=json.dumps(GOOD.body)[:60], headers={"Content-Type": "application/json"})],
        4,
        errors.EndpointUnavailable,
        4,
        "not JSON",
    ),
    ("no choices", [Answer(body={"choices": []})], 4, errors.EndpointUnavailable, 4, "/v1"),
    ("no message", [Answer(body={"choices": [{}]})], 4, errors.EndpointUnavailable, 4, "/v1"),
    (
        "an error with 200",
        [Answer(body={"error": {"code": 402, "message": "credits"}})],
        1,
        errors.QuotaExceeded,
        3,
        "402",
    ),
    ("401", [error(401)], 1, errors.AuthenticationError, 3, "SUMMARIZER_API_KEY"),
    ("403", [error(403)], 1, errors.AuthenticationError, 3, "key"),
    ("404", [error(404)], 1, errors.ModelNotFound, 3, "--base-url"),
    ("400", [error(400, "bad field")], 1, errors.EndpointError, 4, "bad field"),
    (
        "too long",
        [error(400, "maximum context length is 2048 tokens", "context_length_exceeded")],
        1,
        errors.ContextExceeded,
        4,
        "too long",
    ),
    (
        "cut in silence",
        replace(SMALL_CONTEXT, context=100),
        1,
        errors.ContextExceeded,
        4,
        "read only 100 tokens",
    ),
    ("cut reply", [completion('{"ans', finish="length")], 2, errors.Truncated, 4, "twice"),
    (
        "no room for a longer reply",
        [completion('{"ans', finish="length"), error(400, "maximum context length is 99 tokens")],
        2,
        errors.Truncated,
        4,
        "no room",
    ),
    ("refusal", [completion(None, refusal="I will not")], 1, errors.Refused, 4, "I will not"),
    ("content filter", [completion("", finish="content_filter")], 1, errors.Refused, 4, "content filter"),
    ("prompt filtered", [error(400, "no", "content_filter")], 1, errors.Refused, 4, "content filter"),
    ("wrong schema", [completion('{"other": 1}')], 3, errors.InvalidReply, 4, "form"),
    ("outside the closed set", [completion('{"answer": "perhaps"}')], 3, errors.InvalidReply, 4, "form"),
    ("no JSON", [completion("Sure!")], 3, errors.InvalidReply, 4, "form"),
    ("empty", [completion(None)], 3, errors.InvalidReply, 4, "form"),
    (
        "two tool calls",
        [completion(None, calls=['{"answer": "yes"}', '{"answer": "no"}'])],
        3,
        errors.InvalidReply,
        4,
        "form",
    ),
    (
        "no mode at all",
        [
            error(400, "response_format is not known"),
            error(400, "no tools"),
            error(400, "no json_object"),
            error(400, "no grammar"),
        ],
        4,
        errors.EndpointError,
        4,
        "no grammar",
    ),
]
ROWS = pytest.mark.parametrize(
    ("script", "requests", "kind", "code", "words"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)


def patience(script: Script) -> float:
    """The timeout of a row: short where the server never answers in time, and else long, as machines may be slow."""
    late = isinstance(script, list) and (script[0].hang or script[0].drip)
    return 0.5 if late else 20.0


@ROWS
def test_each_fault_has_its_outcome(
    script: Script,
    requests: int,
    kind: type[errors.SummarizerError],
    code: int,
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each fault makes a known number of requests, ends in one typed error, and shows no key."""
    caplog.set_level(logging.DEBUG)
    with serve(script) as served, pytest.raises(kind) as caught:
        ask(served, article=LONG if isinstance(script, Profile) else ARTICLE, timeout=patience(script))
    assert len(served.requests) == requests
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert (caught.value.attempts, caught.value.exit_code) == (requests, code)
    assert caught.value.usage.requests == requests
    shown = "".join(traceback.format_exception(caught.value))
    assert "k-secret" not in shown + repr(caught.value) + caplog.text


@ROWS
def test_each_fault_is_told_on_the_command_line(
    script: Script,
    requests: int,
    kind: type[errors.SummarizerError],
    code: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same faults end in their exit code and one line that says what happened."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "summarizer.toml").write_text(f"timeout = {patience(script)}\n")
    with serve(script) as served:
        arguments = ["summarize", "-", "--base-url", served.base_url, "--model", "m", "--api-key", "k-secret"]
        result = CliRunner().invoke(app, arguments, input=LONG if isinstance(script, Profile) else DEAL)
    assert result.exit_code == code
    assert len(served.requests) == requests
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert "k-secret" not in result.output


@pytest.mark.parametrize(
    "fault",
    [
        error(500),
        error(503, retry_after="0"),
        error(408),
        Answer(drop=True),
        replace(GOOD, cut=20),
        replace(GOOD, **LATER),
        Answer(body="<html>"),
        error(429, retry_after="0"),
        error(429, retry_after_ms="1"),
        error(429, retry_after=http_date(0)),
    ],
)
def test_a_passing_fault_is_waited_out(fault: Answer) -> None:
    """One failure costs one more request and no error."""
    with serve([fault, GOOD]) as served:
        assert ask(served, timeout=patience([fault])).draft.answer == "yes"
    assert len(served.requests) == 2


@pytest.mark.parametrize("fault", [replace(GOOD, **LATER), replace(GOOD, drip=0.1)])
def test_the_deadline_of_the_article_ends_everything(fault: Answer) -> None:
    """What hangs or drips is given up when the time of the article is over, in one request."""
    start = time.monotonic()
    with serve([fault]) as served, pytest.raises(errors.DeadlineExceeded, match="time for this article"):
        ask(served, seconds=1.0)
    assert len(served.requests) == 1
    assert time.monotonic() - start < 10


def test_an_article_that_waits_for_the_first_ends_with_its_deadline() -> None:
    """While the first request finds out what the server takes, the others wait no longer than they may."""
    with serve([replace(GOOD, hang=30.0)]) as served:
        model = endpoint(served, timeout=60)

        async def one(seconds: float) -> float:
            start = time.monotonic()
            with deadline.within(seconds), pytest.raises(errors.DeadlineExceeded):
                await model.ask(Request("s", "a", "q", Pick, 50))
            return time.monotonic() - start

        async def run() -> list[float]:
            try:
                return await asyncio.gather(one(2), one(0.5))
            finally:
                await model.close()

        first, second = asyncio.run(run())
    assert len(served.requests) == 1
    assert second < first


def test_no_wait_is_begun_that_the_deadline_would_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backoff, or a Retry-After, beyond the deadline is not waited for."""
    monkeypatch.setattr(module, "_backoff", lambda state: 50.0)
    start = time.monotonic()
    with serve([error(503)]) as served, pytest.raises(errors.EndpointUnavailable):
        ask(served, seconds=20)
    assert len(served.requests) == 1
    with serve([error(429, retry_after="50")]) as served, pytest.raises(errors.RateLimited) as caught:
        ask(served, seconds=20)
    assert caught.value.retry_after == pytest.approx(50, abs=1)
    assert time.monotonic() - start < 20


def test_two_tool_calls_that_say_the_same_are_one_answer() -> None:
    """A repeated call is no second answer."""
    with serve([completion(None, calls=['{"answer": "yes"}', ' {"answer":"yes"}'])]) as served:
        assert ask(served).draft.answer == "yes"


def test_an_echoed_key_is_not_shown() -> None:
    """A server that repeats the key in its error is not quoted with it."""
    with (
        serve([error(400, "the key k-secret is odd")]) as served,
        pytest.raises(errors.EndpointError) as caught,
    ):
        ask(served)
    assert "the key … is odd" in str(caught.value)


def test_a_dead_server_is_left_alone_after_a_while() -> None:
    """After eight failed connections in a row nothing more is sent, and the error says so."""
    with serve([Answer(drop=True)]) as served:
        model = endpoint(served)

        async def run() -> list[BaseException | Reply[Any]]:
            work = [model.ask(Request("s", "a", "q", Pick, 50)) for _ in range(4)]
            return await asyncio.gather(*work, return_exceptions=True)

        ended = asyncio.run(run())
    assert len(served.requests) == 8
    assert [type(one) for one in ended] == [errors.EndpointUnavailable] * 4
    assert sum("8 connections in a row failed" in str(one) for one in ended) == 2


def test_a_cut_reply_is_asked_once_more_with_a_larger_limit() -> None:
    """finish_reason length triples the limit."""
    with serve([completion('{"ans', finish="length"), GOOD]) as served:
        assert ask(served).draft.answer == "yes"
    assert [request["max_tokens"] for request in served.requests] == [50, 150]


def test_a_prompt_that_the_server_cut_is_an_error() -> None:
    """Usage far below the length of what was sent means that half an article was read."""
    article = "word " * 4000

    async def run(served: Served) -> None:
        model = Endpoint("m", served.base_url, SecretStr("k"), PROFILE)
        try:
            await model.ask(Request("sys", article, "q", Pick, 50))
        finally:
            await model.close()

    cut = completion('{"answer": "yes"}', prompt=300)
    with serve([cut]) as served, pytest.raises(errors.ContextExceeded, match="300 tokens"):
        asyncio.run(run(served))


def test_nothing_listens() -> None:
    """A refused connection says so in words."""
    with serve([GOOD]) as served:
        pass
    with pytest.raises(errors.EndpointUnavailable, match="server running"):
        ask(served)


def test_the_key_goes_to_the_server_and_not_into_the_repr() -> None:
    """The key is sent as a bearer token and shown nowhere."""
    with serve([GOOD]) as served:
        ask(served)
    assert served.keys == ["Bearer k-secret"]
    assert "k-secret" not in repr(Endpoint("m", "http://h/v1", SecretStr("k-secret"), PROFILE))


def test_one_endpoint_serves_several_event_loops() -> None:
    """Each loop gets a client of its own, so that none is used after its loop has closed."""
    with serve([GOOD]) as served:
        model = Endpoint("m", served.base_url, SecretStr("k"), PROFILE)

        async def run() -> str:
            try:
                return (await model.ask(Request("s", "a", "q", Pick, 50))).draft.answer
            finally:
                await model.close()

        assert [asyncio.run(run()), asyncio.run(run())] == ["yes", "yes"]
