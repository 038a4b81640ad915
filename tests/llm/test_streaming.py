"""Replies that are watched while they are written: the first fact comes early, and every fault ends as without a stream."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from evals.loopback import fill
from summarizer import errors, summarize
from summarizer.asking.drafts import draft_of
from summarizer.llm import bounded, clients, negotiation
from summarizer.llm.base import Reply, Request
from summarizer.llm.endpoint import Endpoint
from summarizer.records.deal import DealSummary
from tests.conftest import ARTICLE
from tests.fault_server import Answer, Served, completion, error, mode_of, serve

from .conftest import GOOD, Pick, endpoint
from .test_events import USAGE, chunk, sent

pytestmark = pytest.mark.usefixtures("no_waiting")

EVENTS = {"Content-Type": "text/event-stream"}
PIECES = [chunk(role="assistant", content=""), *(chunk(content=one) for one in '{"answer": "yes"}')]
STREAM = sent(*PIECES, chunk("stop"), {"choices": [], "usage": USAGE}, "[DONE]")


@pytest.fixture(params=[bounded.AiohttpClient, bounded.HttpxClient], ids=["aiohttp", "httpx"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each backend of the openai client."""
    options = {"headers": {"Accept-Encoding": "gzip"}}
    monkeypatch.setattr(
        clients, "bounded_client", lambda trust_env: request.param(trust_env=trust_env, **options)
    )


def streamed(raw: bytes = STREAM, **how: Any) -> Answer:
    return Answer(raw=raw, **{"headers": EVENTS, **how})


def run(served: Served, work: Callable[[Endpoint], Any], **options: Any) -> Any:
    async def go() -> Any:
        model = endpoint(served, **options)
        try:
            return await work(model)
        finally:
            await model.close()

    return asyncio.run(go())


def watch(served: Served, parts: list[str] | None = None, **options: Any) -> Reply[Pick]:
    """Ask as one who watches."""
    on_part = ([] if parts is None else parts).append
    asked = Request("s", "a", "q", Pick, 50, on_part=on_part)
    return run(served, lambda model: model.ask(asked), **options)  # type: ignore[no-any-return]


# What goes over the wire


def test_only_a_watched_request_is_streamed(backend: None) -> None:
    """A stream is asked for where somebody watches, with its usage; the draft, tokens and raw reply are the same."""
    with serve([streamed(), GOOD]) as served:
        reply = watch(served)
        plain = run(served, lambda model: model.ask(Request("s", "a", "q", Pick, 50)))
    first, second = served.requests
    assert (first.pop("stream"), first.pop("stream_options")) == (True, {"include_usage": True})
    assert first == second
    assert reply.draft == plain.draft
    assert reply.raw == '{"answer": "yes"}'
    usage = reply.usage
    assert (usage.requests, usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens) == (
        *(1, 30, 5),
        20,
    )


def test_parts_come_while_the_reply_is_written(backend: None) -> None:
    """Each part is the reply so far; the first is empty."""
    parts: list[str] = []
    with serve([streamed(drip=0.0001)]) as served:
        assert watch(served, parts).draft.answer == "yes"
    assert parts[0] == ""
    assert len(parts) > 2
    assert all('{"answer": "yes"}'.startswith(part) for part in parts)
    assert sorted(set(parts), key=len) == parts


def test_tool_calls_are_streamed() -> None:
    """The arguments of the call are what is watched and read."""
    body = sent(
        chunk(tool_calls=[{"index": 0, "id": "a", "function": {"name": "Pick", "arguments": '{"answer"'}}]),
        chunk(tool_calls=[{"index": 0, "function": {"arguments": ': "yes"}'}}]),
        *(chunk("tool_calls"), "[DONE]"),
    )
    with serve([streamed(body)]) as served:
        assert watch(served, fixed_mode="tools").draft.answer == "yes"


def test_a_compressed_stream_is_read() -> None:
    with serve([streamed(gzip.compress(STREAM), headers={**EVENTS, "Content-Encoding": "gzip"})]) as served:
        assert watch(served).draft.answer == "yes"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(GOOD, id="plain JSON"),
        pytest.param(streamed(headers={"Content-Type": "text/plain"}), id="events as plain text"),
    ],
)
def test_a_server_may_answer_otherwise(answer: Answer) -> None:
    """One that ignores ``stream``, or does not declare its events, is read all the same."""
    with serve([answer]) as served:
        assert watch(served).draft.answer == "yes"
    assert len(served.requests) == 1


def test_a_server_that_always_streams_is_read() -> None:
    with serve([streamed()]) as served:
        assert run(served, lambda m: m.ask(Request("s", "a", "q", Pick, 50))).draft.answer == "yes"


def test_no_usage() -> None:
    """A server that does not count is asked once, and nothing is made up."""
    with serve([streamed(sent(*PIECES, chunk("stop"), "[DONE]"))]) as served:
        usage = watch(served).usage
    assert (usage.requests, usage.prompt_tokens, usage.completion_tokens) == (1, 0, 0)


def test_the_connection_is_kept(backend: None) -> None:
    """A stream that was read to [DONE] leaves its connection to the next request."""
    with dripping([[STREAM], [STREAM]]) as (served, ports):

        async def twice(model: Endpoint) -> None:
            for _ in range(2):
                await model.ask(Request("s", "a", "q", Pick, 50, on_part=lambda text: None))

        run(served, twice)
    assert len(set(ports)) == 1


# What a server refuses

REFUSALS = [
    ("Unrecognized request argument supplied: stream_options", {"stream_options"}, "plain", 2),
    ("Extra inputs are not permitted: body.stream_options.include_usage", {"stream_options"}, "plain", 2),
    ("stream_options is not supported", {"stream", "stream_options"}, "none", 3),
    ("Streaming is not supported with response_format json_schema", {"stream"}, "none", 2),
    ("stream: must be false", {"stream"}, "none", 2),
]


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(("said", "keys", "left", "requests"), REFUSALS)
def test_a_refused_stream_is_done_without(
    said: str, keys: set[str], left: str, requests: int, status: int
) -> None:
    """The request goes again without what was refused, in the same mode; that is remembered for the next run."""

    def server(request: dict[str, Any]) -> Answer:
        if keys & set(request):
            return error(status, said if "stream_options" in request else "stream is not supported")
        return streamed() if "stream" in request else GOOD

    with serve(server) as served:
        assert watch(served).draft.answer == "yes"
        assert len(served.requests) == requests
        assert {mode_of(request) for request in served.requests} == {"json_schema"}
        assert negotiation.begin(served.base_url, "m", "other").style.stream == left
        watch(served)
        assert len(served.requests) == requests + 1


def test_words_about_streams_do_not_matter_where_none_was_asked_for() -> None:
    """An upstream error and a refusal of a request without a stream are what they were."""
    for said in ("upstream failure", "This model only supports stream mode"):
        with serve([error(400, said)]) as served:
            with pytest.raises(errors.EndpointError, match=said):
                run(served, lambda m: m.ask(Request("s", "a", "q", Pick, 50)))
            assert len(served.requests) == 1


# What breaks

BROKEN = {
    "reset in the middle": streamed(cut=len(STREAM) // 2),
    "reset at the start": streamed(cut=0),
    "ended in the middle": streamed(sent(*PIECES[:9])),
    "nothing but a comment": streamed(b": hello\n\n"),
    "an error in the middle": streamed(sent(*PIECES[:9], {"error": {"message": "no memory", "code": 500}})),
    "an event of another kind": streamed(sent(*PIECES[:9], "oh")),
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_stream_is_asked_for_again(answer: Answer, backend: None) -> None:
    """As any transient failure is; who watches is told that the reply begins anew."""
    parts: list[str] = []
    with serve([answer, streamed()]) as served:
        reply = watch(served, parts)
    assert (reply.draft.answer, reply.usage.requests, len(served.requests)) == ("yes", 2, 2)
    assert parts.count("") == 2
    with serve([answer]) as served, pytest.raises(errors.EndpointUnavailable) as caught:
        watch(served)
    assert caught.value.attempts == 4


def test_words_for_a_broken_stream() -> None:
    """The error says what happened."""
    with (
        serve([BROKEN["ended in the middle"]]) as served,
        pytest.raises(errors.EndpointUnavailable, match="ended its stream before its answer was complete"),
    ):
        watch(served)
    with (
        serve([BROKEN["an error in the middle"]]) as served,
        pytest.raises(errors.EndpointUnavailable, match="answered 500: no memory"),
    ):
        watch(served)


def test_an_error_in_a_stream_has_its_own_meaning() -> None:
    """A spent account is not asked again."""
    body = sent({"error": {"message": "no credit", "code": "insufficient_quota"}})
    with serve([streamed(body)]) as served, pytest.raises(errors.QuotaExceeded):
        watch(served)
    assert len(served.requests) == 1


def test_a_byte_at_a_time_is_given_up_after_the_timeout(
    backend: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The timeout is for the whole reply, whatever arrives meanwhile."""
    monkeypatch.setattr("summarizer.llm.transport._ATTEMPTS", 1)
    start = time.monotonic()
    with serve([streamed(drip=0.1)]) as served, pytest.raises(errors.EndpointUnavailable, match=r"0\.3 s"):
        watch(served, timeout=0.3)
    assert time.monotonic() - start < 5


def test_a_server_that_hangs_behind_the_end_is_not_waited_for(backend: None) -> None:
    """What comes after [DONE] is of no matter."""
    with dripping([[STREAM, 20.0, b": bye\n\n"]]) as (served, _):
        start = time.monotonic()
        assert watch(served).draft.answer == "yes"
        assert time.monotonic() - start < 5


ENDLESS = {
    "comments": b": keep-alive\n\n" * 5000,
    "content": sent(*[chunk(content="x" * 50)] * 500),
    "one line": b"data: " + b" " * 65536,
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS.keys())
def test_an_endless_stream_is_capped(body: bytes, backend: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream above the limit costs one request, and is an EndpointError."""
    assert bounded.MAX_STREAM_BYTES == 16 * 2**20
    monkeypatch.setattr(bounded, "MAX_STREAM_BYTES", 2 * 2**20)
    with (
        serve([streamed(body, endless=True)]) as served,
        pytest.raises(errors.EndpointError, match="more than 2 MB") as caught,
    ):
        watch(served)
    assert (len(served.requests), caught.value.exit_code) == (1, 4)


def test_a_compressed_stream_is_capped(backend: None) -> None:
    """The limit holds after decompression."""
    bomb = gzip.compress(b": " + b" " * (64 * 2**20), compresslevel=1)
    answer = streamed(bomb, headers={**EVENTS, "Content-Encoding": "gzip"})
    with serve([answer]) as served, pytest.raises(errors.EndpointError, match="more than 16 MB"):
        watch(served)


def test_a_watcher_that_fails_does_not_cost_the_reply(caplog: pytest.LogCaptureFixture) -> None:
    """The event loop logs the exception."""

    def on_part(text: str) -> None:
        if text:
            raise ZeroDivisionError

    with serve([streamed(drip=0.0002)]) as served, caplog.at_level(logging.ERROR, "asyncio"):
        asked = Request("s", "a", "q", Pick, 50, on_part=on_part)
        assert run(served, lambda model: model.ask(asked)).draft.answer == "yes"
    assert "ZeroDivisionError" in caplog.text


def test_a_long_reply_is_not_looked_at_for_each_token() -> None:
    """The watcher is called every 50 ms at most."""
    parts: list[str] = []
    long = json.dumps({"answer": "yes", "more": "x" * 8_000})
    body = sent(*(chunk(content=one) for one in long), chunk("stop"), "[DONE]")
    start = time.monotonic()
    with serve([streamed(body)]) as served:
        watch(served, parts)
    assert len(parts) <= 3 + (time.monotonic() - start) / 0.05


def test_a_draft_that_is_sent_back_is_not_watched() -> None:
    """The re-ask is a request without a stream; all that it cost is counted."""
    wrong = sent(chunk(content='{"answer": "maybe"}'), chunk("stop"), {"choices": [], "usage": USAGE})
    with serve([streamed(wrong), GOOD]) as served:
        reply = watch(served)
    assert reply.draft.answer == "yes"
    assert ["stream" in request for request in served.requests] == [True, False]
    assert reply.usage.prompt_tokens == 30 + 300


# What a reader of facts gets


@contextmanager
def dripping(replies: Sequence[Sequence[Any]]) -> Iterator[tuple[Served, list[int]]]:
    """Answer the nth request with the nth reply: bytes are sent in chunks, an Event or seconds are waited for.

    None closes the connection. Also yields the client's port of each request.
    """
    served, ports, over = Served("", [], [], []), list[int](), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            served.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            ports.append(self.client_address[1])
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream; charset=utf-8")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for part in replies[min(len(served.requests), len(replies)) - 1]:
                    if part is None:
                        self.close_connection = True
                        return
                    if isinstance(part, bytes):
                        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                    elif isinstance(part, float):
                        over.wait(part)
                    else:
                        part.wait(20)
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                self.close_connection = True

        def log_message(self, *_args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    served.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield served, ports
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def quote(words: str, sentence: int, **more: Any) -> dict[str, Any]:
    return {"quote": words, "sentence": sentence, **more}


def deal(**answers: Any) -> dict[str, Any]:
    """A reply about ARTICLE, in the order of the draft."""
    plain = {**fill(draft_of(DealSummary).model_json_schema()), "is_deal": {"answer": True, "sentence": 2}}
    return {
        **plain,
        "deal_type": {"answer": "minority_investment", "sentence": 3},
        "status": {"answer": "announced", "sentence": 2},
        "amount": quote("about €2.1 billion", 2, basis="total", undisclosed=False),
        "stake": quote("30% non-voting stake", 3, voting=False),
        "headline": "Norrlund Energy AB invests about €2.1 billion in Tidewell.",
        "narrative": "The deal gives Norrlund a 30% stake.",
        **answers,
    }


def events(reply: dict[str, Any], *, until: str | None = None, since: str | None = None) -> bytes:
    """The events of a reply, a few characters each; only those ``until`` a key is begun, or ``since`` then."""
    text = json.dumps(reply, ensure_ascii=False)
    start = text.index(f'"{since}"') + len(since) + 6 if since else 0
    end = text.index(f'"{until}"') + len(until) + 6 if until else len(text)
    pieces = [chunk(content=text[at : min(at + 7, end)]) for at in range(start, end, 7)]
    closing = [] if until else [chunk("stop"), {"choices": [], "usage": USAGE}, "[DONE]"]
    return sent(*pieces, *closing)


def facts_of(served: Served, **options: Any) -> tuple[list[Any], DealSummary]:
    stream = summarize(ARTICLE, model="m", base_url=served.base_url, api_key="k", stream=True, **options)
    return list(stream), stream.record()


def test_the_first_fact_arrives_before_the_reply_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server does not end its reply before the fact has arrived; the record is that of a plain answer."""
    seen = threading.Event()
    reply = deal()
    with dripping([[events(reply, until="stake"), seen, events(reply, since="stake")]]) as (served, _):
        options: dict[str, Any] = {"model": "m", "base_url": served.base_url, "api_key": "k"}
        start = time.monotonic()
        stream = summarize(ARTICLE, stream=True, **options)
        early = [next(stream) for _ in range(4)]
        assert time.monotonic() - start < 10
        assert [fact.field for fact in early] == ["is_deal", "deal_type", "status", "amount"]
        seen.set()
        late = list(stream)
        record = stream.record()
    assert {fact.field for fact in late} >= {"stake", "headline"}
    assert not {fact.field for fact in early} & {fact.field for fact in late}
    assert (record.usage.requests, record.usage.prompt_tokens, record.usage.completion_tokens) == (1, 30, 5)
    with serve([completion(json.dumps(reply), prompt=3200)]) as served:
        plain = summarize(ARTICLE, model="m", base_url=served.base_url, api_key="k")
    beside = {"usage", "provenance"}
    assert record.model_dump(exclude=beside) == plain.model_dump(exclude=beside)


@pytest.mark.parametrize("then", ["another deal", "no deal"])
def test_what_a_broken_reply_said_is_taken_back(then: str) -> None:
    """The last fact of each field is the record's, also where the reply that follows says otherwise."""
    first = deal(stake=quote("30%", 3, voting=True), consideration={"answer": "cash", "sentence": 2})
    second = deal(amount=None) if then == "another deal" else deal(is_deal={"answer": False, "sentence": 2})
    broken = [events(first, until="people"), 0.3, None]
    with dripping([broken, [events(second)]]) as (served, _):
        facts, record = facts_of(served)
    told = [fact for fact in facts if fact.field in ("amount", "consideration")]
    assert {fact.field for fact in told if fact.value is not None} == {"amount", "consideration"}
    last = {fact.field: fact.value for fact in facts}
    for name in type(record).model_fields:
        assert last.get(name) == getattr(record, name) or not getattr(record, name) or name not in last
        assert name in last or not getattr(record, name) or name in _BESIDE
    assert (last["amount"], last["consideration"]) == (None, None)
    assert (record.amount, record.consideration) == (None, None)
    assert record.is_deal is (then == "another deal")
    assert record.usage.requests == 2


_BESIDE = {"findings", "certainty", "source", "provenance", "usage", "evidence"}


def test_a_reply_without_a_deal_tells_no_other_facts() -> None:
    """What is said beside a "no" never reaches a reader."""
    reply = deal(is_deal={"answer": False, "sentence": 2})
    with dripping([[events(reply, until="people"), 0.2, events(reply, since="people")]]) as (served, _):
        facts, record = facts_of(served)
    assert [(fact.field, fact.value) for fact in facts] == [("is_deal", False)]
    assert record.amount is None


def test_an_unsupported_figure_is_never_told() -> None:
    """Facts are grounded before they are told, as in the record."""
    reply = deal(amount=quote("about €2.2 billion", 2, basis="total", undisclosed=False))
    with dripping([[events(reply, until="people"), 0.2, events(reply, since="people")]]) as (served, _):
        facts, record = facts_of(served)
    assert "amount" not in {fact.field for fact in facts if fact.value is not None}
    assert record.amount is None


def test_a_stream_that_never_ends_well_raises() -> None:
    """The facts that came are followed by the error."""
    with dripping([[events(deal(), until="people"), 0.2, None]]) as (served, _):
        stream = summarize(ARTICLE, model="m", base_url=served.base_url, api_key="k", stream=True)
        facts = []
        with pytest.raises(errors.EndpointUnavailable):
            facts += [next(stream) for _ in range(100)]
        with pytest.raises(errors.EndpointUnavailable):
            stream.record()


def test_a_server_that_does_not_stream_gives_the_same_facts() -> None:
    """All facts are told when its answer has come."""
    with serve([completion(json.dumps(deal()), prompt=3200)]) as served:
        facts, record = facts_of(served)
    assert {fact.field for fact in facts} >= {"is_deal", "deal_type", "amount", "stake", "headline"}
    assert record.is_deal
