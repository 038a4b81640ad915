"""Callbacks and the log: what is told of each request, what must never be, and what an exception does."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from summarizer import asummarize, errors, summarize
from summarizer.llm.base import Reply, Request
from tests.conftest import ANSWERS, ARTICLE, VAGUE, FakeModel
from tests.fault_server import Served, completion, error, serve
from tests.test_stream import Unhurried

KEY = "sk-secret-abcdef123456"


class Watcher:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any, Any]] = []

    def on_request(self, request: Request[Any]) -> None:
        self.told.append(("request", request, None))

    def on_reply(self, request: Request[Any], reply: Reply[Any]) -> None:
        self.told.append(("reply", request, reply))

    def on_error(self, request: Request[Any], error: Exception) -> None:
        self.told.append(("error", request, error))

    @property
    def options(self) -> dict[str, Any]:
        return {"on_request": self.on_request, "on_reply": self.on_reply, "on_error": self.on_error}


def test_each_request_and_reply_is_told(model: FakeModel) -> None:
    """The question, the draft, what was asked about; then the usage, the seconds and the attempts."""
    watcher = Watcher()
    record = summarize(VAGUE, model=model, **watcher.options)
    assert [what for what, *_ in watcher.told] == ["request", "reply"] * len(model.requests)
    asked = [request for what, request, _ in watcher.told if what == "request"]
    assert asked == model.requests
    assert (asked[0].about, asked[-1].about) == ("is_deal", "headline, narrative")
    assert asked[0].draft.__name__ == "Answers"
    assert "report a corporate deal" in asked[0].question
    replies = [reply for *_, reply in watcher.told if reply is not None]
    assert sum(reply.usage.requests for reply in replies) == record.usage.requests
    assert all(reply.usage.seconds >= 0 and reply.draft is not None for reply in replies)


def test_a_reply_over_http_has_its_raw_text_and_its_attempts() -> None:
    """A request that was sent twice counts two attempts, and the reply is as the server sent it."""
    watcher = Watcher()
    with serve([error(500), completion('{"is_deal": "no"}')]) as served:
        summarize(VAGUE, **at(served), plan="faceted", **watcher.options)
    (_, _, reply) = watcher.told[1]
    assert reply.raw == '{"is_deal": "no"}'
    assert reply.usage.requests == len(served.requests) == 2
    assert reply.usage.seconds > 0


def test_a_failed_request_is_told_too() -> None:
    """Whoever opens something at a request can close it: a reply or an error follows each."""
    watcher = Watcher()
    with serve([error(401)]) as served, pytest.raises(errors.AuthenticationError) as caught:
        summarize(ARTICLE, **at(served), **watcher.options)
    assert [what for what, *_ in watcher.told] == ["request", "error"]
    assert watcher.told[1][2] is caught.value


def test_coroutine_functions_are_awaited(model: FakeModel) -> None:
    """From summarize as well as from asummarize."""
    told: list[str] = []

    async def on_request(request: Request[Any]) -> None:
        await asyncio.sleep(0)
        told.append(request.about)

    summarize(ARTICLE, model=model, on_request=on_request)
    asyncio.run(asummarize(ARTICLE, model=model, on_request=on_request))
    assert told == [request.about for request in model.requests]


@pytest.mark.parametrize("which", ["on_request", "on_reply"])
@pytest.mark.parametrize("stream", [False, True])
def test_an_exception_of_a_callback_ends_the_article_and_comes_out(which: str, stream: bool) -> None:
    """As it is, so that nobody misses it - and so that a callback can stop what gets too dear."""

    def too_dear(request: Request[Any], *_: Any) -> None:
        if request.about != "is_deal":
            raise OverflowError("the budget is spent")

    model = Unhurried(ANSWERS)
    options: Any = {which: too_dear, "stream": stream}
    with pytest.raises(OverflowError, match="budget"):
        list(summarize(VAGUE, model=model, **options))
    assert len(model.requests) == (1 if which == "on_request" else 2)


def test_an_exception_about_an_error_keeps_the_error() -> None:
    """The first error is the context of the second."""

    def broken(_request: Request[Any], _error: Exception) -> None:
        raise ZeroDivisionError

    with serve([error(401)]) as served, pytest.raises(ZeroDivisionError) as caught:
        summarize(ARTICLE, **at(served), on_error=broken)
    assert isinstance(caught.value.__context__, errors.AuthenticationError)


def test_an_error_says_what_the_whole_article_cost() -> None:
    """The requests before the one that failed were paid too."""
    script = [completion('{"is_deal": "yes"}'), error(401)]
    with serve(script) as served, pytest.raises(errors.AuthenticationError) as caught:
        summarize(VAGUE, **at(served), plan="faceted")
    assert caught.value.usage.prompt_tokens > 0
    assert caught.value.usage.requests == 2


def test_a_program_without_logging_hears_nothing(capfd: pytest.CaptureFixture[str], model: FakeModel) -> None:
    """The logger has a handler that does nothing, as a library's should."""
    summarize(ARTICLE, model=model)
    assert any(isinstance(h, logging.NullHandler) for h in logging.getLogger("summarizer").handlers)
    assert capfd.readouterr() == ("", "")


def test_one_line_for_each_article(model: FakeModel, caplog: pytest.LogCaptureFixture) -> None:
    """At INFO: which, how it ended, what it cost. A failure names its kind, not its words, which may quote."""
    with caplog.at_level(logging.INFO, "summarizer"):
        summarize(ARTICLE, model=model, id="norrlund")
        model.answers = {**ANSWERS, "buyer_or_investor": "Globex"}
        with pytest.raises(errors.UnsupportedClaims):
            summarize(ARTICLE, model=model, id="again", strict=True)
        with pytest.raises(errors.EmptyInput):
            summarize("", model=model)
    lines = [record.getMessage() for record in caplog.records if record.name == "summarizer"]
    assert lines[0].startswith("'norrlund': done, findings 1, requests ")
    assert "tokens read" in lines[0]
    assert lines[1].startswith("'again': UnsupportedClaims, requests ")
    assert lines[2].startswith("'text': EmptyInput, requests 0")
    assert len(lines) == 3


def test_texts_are_logged_at_debug_only_and_keys_never(caplog: pytest.LogCaptureFixture) -> None:
    """Every record of our logger is scanned: articles and replies below INFO, the key nowhere at all."""
    reply = '{"is_deal": "yes"} '
    said = f"Incorrect API key provided: {KEY}"
    with caplog.at_level(logging.DEBUG, "summarizer"):
        for script in (
            [completion(reply), completion(reply)],
            [error(401, said)],
            [error(400, said)],
            [completion(None, refusal="I will not read Norrlund Buys Into Tidewell")],
        ):
            with serve(script) as served, pytest.raises(errors.SummarizerError):
                summarize(VAGUE, **at(served), plan="faceted")
    ours = [record for record in caplog.records if record.name.startswith("summarizer")]
    words = {line.strip() for line in VAGUE.splitlines() if line} | {"Norrlund", reply.strip()}
    for record in ours:
        told = record.getMessage() + str(record.exc_info)
        assert KEY not in told
        if record.levelno > logging.DEBUG:
            assert not any(word in told for word in words)
    assert any(reply.strip() in record.getMessage() for record in ours)
    assert {record.levelno for record in ours} == {logging.DEBUG, logging.INFO}


def test_the_name_of_a_source_cannot_forge_a_line(
    tmp_path: Path, model: FakeModel, caplog: pytest.LogCaptureFixture
) -> None:
    """A line break in a file's name is written as an escape."""
    path = tmp_path / "a\nb.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    with caplog.at_level(logging.INFO, "summarizer"):
        summarize(path, model=model)
    assert "\n" not in caplog.records[-1].getMessage()


def at(served: Served) -> dict[str, Any]:
    return {"base_url": served.base_url, "model": "m", "api_key": KEY}
