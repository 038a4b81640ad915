"""Server-sent events of a streamed completion: whatever way they are cut and written, they say the same."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.llm.completion import Completion, Tokens, read_completion
from summarizer.llm.events import Events, Incomplete, is_events, read_events
from summarizer.llm.replies import begun

USAGE = {"prompt_tokens": 30, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 20}}
REPLY = '{"answer": "yes – sí"}'


def chunk(finish: str | None = None, **delta: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def sent(*events: Any, end: str = "\n\n") -> bytes:
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in events]
    return "".join(f"data: {text}{end}" for text in texts).encode()


def read(body: bytes, size: int = 1 << 20) -> Completion | None:
    events = Events()
    for at in range(0, len(body), size):
        if events.feed(body[at : at + size]):
            break
    return read_completion(events.completion())


PIECES = [chunk(role="assistant", content=""), *(chunk(content=one) for one in REPLY), chunk("stop")]
PLAIN = [*PIECES, {"choices": [], "usage": USAGE}, "[DONE]"]
WRITTEN = {
    "line feeds": sent(*PLAIN),
    "carriage returns and line feeds": sent(*PLAIN, end="\r\n\r\n"),
    "carriage returns": sent(*PLAIN, end="\r\r"),
    "comments": b": OPENROUTER PROCESSING\n\n" + sent(*PLAIN, end="\n\n: keep-alive\n\n"),
    "other fields": b"retry: 5\n" + sent(*PLAIN).replace(b"data:", b"event: message\nid: 7\ndata:"),
    "no space": sent(*PLAIN).replace(b"data: ", b"data:"),
    "data on several lines": sent(*PLAIN).replace(b'{"choices"', b'{\ndata: "choices"'),
    "byte order mark": b"\xef\xbb\xbf" + sent(*PLAIN),
    "no empty line at the end": sent(*PLAIN).rstrip(),
    "no [DONE]": sent(*PLAIN[:-1]),
    "something behind [DONE]": sent(*PLAIN, "so long"),
    "usage in the last piece": sent(*PIECES[:-1], {**chunk("stop"), "usage": USAGE}, "[DONE]"),
    "usage so far in each piece": sent(
        *({**one, "usage": {"prompt_tokens": 30, "completion_tokens": 1}} for one in PIECES),
        *PLAIN[-2:],
    ),
    "null usage, and other choices": sent(
        *({**one, "usage": None} for one in PIECES[:-1]),
        {"choices": [{"index": 1, "delta": {"content": "no"}, "finish_reason": "length"}]},
        *PLAIN[-3:],
    ),
}


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_stream_says_what_a_plain_answer_says(body: bytes, size: int) -> None:
    """In every way to write events, and however they are cut into chunks."""
    assert read(body, size) == Completion(
        content=REPLY, texts=(REPLY,), finish_reason="stop", tokens=Tokens(30, 5, 20)
    )


@given(st.lists(st.integers(0, 2000), max_size=12))
def test_where_a_stream_is_cut_does_not_matter(cuts: list[int]) -> None:
    """Also in the middle of a character or of a line end."""
    body = WRITTEN["carriage returns and line feeds"]
    events = Events()
    places = sorted({0, len(body), *(cut for cut in cuts if cut < len(body))})
    for start, end in itertools.pairwise(places):
        events.feed(body[start:end])
    assert read_completion(events.completion()) == read(body)


@pytest.mark.parametrize("numbered", [True, False])
def test_arguments_of_tool_calls(numbered: bool) -> None:
    """Arguments come in pieces, by the number of their call, or without one after the call's id."""

    def piece(at: int, text: str, **more: Any) -> dict[str, Any]:
        number = {"index": at} if numbered else {}
        return chunk(tool_calls=[{**number, "function": {"arguments": text}, **more}])

    one = [piece(0, "", id="a"), piece(0, '{"answer":'), piece(0, ' "yes"}')]
    two = [piece(1, '{"answer"', id="b"), piece(1, ': "no"}')]
    events = Events()
    events.feed(sent(*one))
    assert events.text == '{"answer": "yes"}'
    events.feed(sent(*two, chunk("tool_calls"), "[DONE]"))
    completion = read_completion(events.completion())
    assert completion is not None
    assert completion.texts == ('{"answer": "yes"}', '{"answer": "no"}')
    assert completion.finish_reason == "tool_calls"


def test_what_comes_beside_the_content() -> None:
    """Thoughts and a refusal come in pieces too, and content may be a list of parts."""
    pieces = [chunk(reasoning_content="Well"), chunk(reasoning_content=", well."), chunk(refusal="No")]
    parts = chunk(content=[{"type": "text", "text": REPLY}])
    completion = read(sent(*pieces, parts, chunk("stop")))
    assert completion is not None
    assert (completion.reasoning, completion.refusal, completion.content) == ("Well, well.", "No", REPLY)
    whole = {"choices": [{"message": {"content": REPLY}, "finish_reason": "stop"}]}
    assert read(sent(whole)) == Completion(REPLY, (REPLY,), finish_reason="stop")


@pytest.mark.parametrize(
    "body",
    [
        sent(PIECES[1], {"error": {"message": "out of memory", "code": 500}}, PIECES[2]),
        sent(PIECES[1], {**chunk("error"), "error": {"message": "out of memory", "code": 500}}),
        sent(PIECES[1]) + b'event: error\ndata: {"message": "out of memory", "code": 500}\n\n',
        sent(PIECES[1]) + b'error: {"message": "out of memory", "code": 500}\n\n',
    ],
)
def test_an_error_in_the_stream_is_its_outcome(body: bytes) -> None:
    """In each of the forms that servers use; nothing behind it is read."""
    assert read_events(body.decode()) == {"error": {"message": "out of memory", "code": 500}}


@pytest.mark.parametrize("events", [[], PIECES[:1], PIECES[:5]])
def test_a_stream_that_breaks_off_is_incomplete(events: list[Any]) -> None:
    """Without a reason to finish or [DONE], the reply is not complete, however much of it has come."""
    with pytest.raises(Incomplete):
        read(sent(*events).rstrip())
    with pytest.raises(ValueError, match="not a chunk"):
        read(sent(*events, '{"choices": [{"ind').rstrip())


@pytest.mark.parametrize(
    "data",
    [
        "Hello",
        "[1]",
        "7",
        "null",
        '{"choices": 7}',
        '{"choices": [7]}',
        '{"choices": [{"delta": {"content": 7}}]}',
        '{"choices": [{"index": 0, "delta": {"tool_calls": [7]}}]}',
        "[" * 100_000,
        "{",
    ],
)
def test_what_is_not_a_chunk_is_an_error(data: str) -> None:
    """Whatever JSON a server sends, it ends in a ValueError and not in another exception."""
    events = Events()
    assert events.feed(sent(PIECES[1], data, PIECES[2]))
    with pytest.raises(ValueError, match="not a chunk"):
        events.completion()


def test_no_choices() -> None:
    """A stream without a choice is not a completion."""
    assert read(sent({"choices": []}, "[DONE]")) is None


def test_reading_is_linear() -> None:
    """A line without end in small chunks, and many short lines, take time in proportion to their length."""

    def seconds(size: int) -> float:
        start = time.perf_counter()
        read(b"data: " + b" " * size + b"\n\n" + sent("[DONE]"), 16)
        read(b":\n" * (size // 2) + sent("[DONE]"), 16)
        return time.perf_counter() - start

    seconds(10_000)
    assert seconds(400_000) < 40 * max(seconds(40_000), 0.005)


@pytest.mark.parametrize(
    ("text", "object_"),
    [
        ("", ""),
        ("Sure! Here", ""),
        ('```json\n{"a": 1, "b', '{"a": 1, "b'),
        ('<think>{"a": 1, maybe', ""),
        ('<think>{"a": 1}</think>\n{"b": 2', '{"b": 2'),
        ('{"a": "<think>', '{"a": "<think>'),
        ("{", ""),
    ],
)
def test_the_object_that_a_reply_has_begun(text: str, object_: str) -> None:
    """It stands behind thoughts, fences and chatter."""
    assert begun(text) == object_


def test_a_body_that_looks_like_events() -> None:
    """A stream that is not declared as one is recognised by its first characters."""
    assert all(map(is_events, ["data: {}", ": hello", "event: x\ndata: y", "\n\ndata:{}"]))
    assert not any(map(is_events, ['{"data": 1}', "<html>", "", "database: down"]))
