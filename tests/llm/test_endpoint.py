"""The endpoint over real HTTP on loopback: what reaches the server, what comes back, and in which words."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from summarizer import errors
from summarizer.llm import endpoint as module
from summarizer.llm.base import Profile, Reply, Request
from summarizer.llm.endpoint import Endpoint
from summarizer.schema.compile import Draft
from tests.fault_server import Answer, Served, completion, error, serve

PROFILE = Profile(plan="single", cite=False, concurrency=1, reasks=1)
ARTICLE = "Article: {% if x %} {{ secret }} {# note #} \x07 Orchard buys Ash."


class Pick(Draft):
    answer: Literal["yes", "no"]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    monkeypatch.setattr(module, "_backoff", lambda state: 0.0)


def ask(
    served: Served, *, draft: type[Draft] = Pick, profile: Profile = PROFILE, key: str = "k-secret"
) -> Reply[Any]:
    async def run() -> Reply[Any]:
        model = Endpoint("m", served.base_url, SecretStr(key), profile, timeout=5)
        try:
            return await model.ask(Request("sys", ARTICLE, "Question: yes?", draft, 50))
        finally:
            await model.close()

    return asyncio.run(run())


GOOD = completion('{"answer": "yes"}')


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
        200,
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


TABLE: list[tuple[str, list[Answer], int, type[errors.SummarizerError], str]] = [
    ("500 for ever", [error(500)], 4, errors.EndpointUnavailable, "500"),
    ("reset", [Answer(drop=True)], 4, errors.EndpointUnavailable, "cannot be reached"),
    ("HTML with 200", [Answer(body="<html>hello</html>")], 4, errors.EndpointUnavailable, "/v1"),
    ("no choices", [Answer(body={"choices": []})], 4, errors.EndpointUnavailable, "/v1"),
    ("429 for ever", [error(429, retry_after="0")], 10, errors.RateLimited, "too many"),
    ("429 for an hour", [error(429, retry_after="3600")], 1, errors.RateLimited, "3600"),
    ("quota", [error(429, code="insufficient_quota")], 1, errors.QuotaExceeded, "nothing left"),
    ("402", [error(402)], 1, errors.QuotaExceeded, "nothing left"),
    ("401", [error(401)], 1, errors.AuthenticationError, "SUMMARIZER_API_KEY"),
    ("403", [error(403)], 1, errors.AuthenticationError, "key"),
    ("404", [error(404)], 1, errors.ModelNotFound, "--base-url"),
    ("400", [error(400, "bad field")], 1, errors.EndpointError, "bad field"),
    (
        "too long",
        [error(400, "context length exceeded", "context_length_exceeded")],
        1,
        errors.ContextExceeded,
        "long",
    ),
    ("refusal", [completion(None, refusal="I will not")], 1, errors.Refused, "I will not"),
    ("content filter", [completion("", finish="content_filter")], 1, errors.Refused, "content filter"),
    ("cut twice", [completion('{"ans', finish="length")], 2, errors.Truncated, "twice"),
    ("never the schema", [completion('{"answer": "perhaps"}')], 2, errors.InvalidReply, "form"),
    ("no JSON", [completion("Sure!")], 2, errors.InvalidReply, "form"),
]


@pytest.mark.parametrize(
    ("script", "requests", "kind", "words"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_each_fault_has_its_outcome(
    script: list[Answer],
    requests: int,
    kind: type[errors.SummarizerError],
    words: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each fault makes a known number of requests, ends in one typed error, and shows no key."""
    caplog.set_level(logging.DEBUG, logger="summarizer")
    with serve(script) as served, pytest.raises(kind) as caught:
        ask(served)
    assert len(served.requests) == requests
    assert type(caught.value) is kind
    assert words in str(caught.value)
    assert caught.value.attempts == requests
    assert "k-secret" not in str(caught.value) + repr(caught.value) + caplog.text


@pytest.mark.parametrize(
    "fault", [error(500), error(503), error(408), Answer(drop=True), error(429, retry_after="0")]
)
def test_a_passing_fault_is_waited_out(fault: Answer) -> None:
    """One failure costs one more request and no error."""
    with serve([fault, GOOD]) as served:
        assert ask(served).draft.answer == "yes"
    assert len(served.requests) == 2


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

    with serve([GOOD]) as served, pytest.raises(errors.ContextExceeded, match="100 tokens"):
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
