"""Unusual JSON around a reply, through every command: read where plausible, else an endpoint error."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from summarizer.cli.main import app
from summarizer.llm.completion import read_completion
from tests.batch.provider import answer_file, line, read
from tests.fault_server import Answer, completion, counted, filled, schema_of, serve

from .conftest import DEAL

pytestmark = pytest.mark.usefixtures("no_waiting")

Shape = Callable[[Any], Any]
NAN, INFINITY = float("nan"), float("inf")


def message(**parts: Any) -> Shape:
    """Replace parts of the message."""

    def shape(body: Any) -> Any:
        body["choices"][0]["message"].update(parts)
        return body

    return shape


def content(change: Callable[[str], Any]) -> Shape:
    """Give the content another form."""

    def shape(body: Any) -> Any:
        said = body["choices"][0]["message"]
        said["content"] = change(said["content"])
        return body

    return shape


def call(change: Callable[[str], Any]) -> Shape:
    """Move the content into the arguments of a tool call."""

    def shape(body: Any) -> Any:
        said = body["choices"][0]["message"]
        said["tool_calls"] = [{"id": 1, "function": {"arguments": change(said["content"])}}]
        said["content"] = None
        return body

    return shape


def top(**parts: Any) -> Shape:
    """Replace parts of the body."""
    return lambda body: {**body, **parts}


def usage(**counts: Any) -> Shape:
    """Replace token counts."""
    return lambda body: {**body, "usage": {**body["usage"], **counts}}


READ: dict[str, Shape] = {
    "content as a list of parts": content(lambda text: [{"type": "text", "text": text}]),
    "content in two parts": content(lambda text: [{"text": text[:9]}, {"text": text[9:]}]),
    "content as a list of strings": content(lambda text: [text]),
    "content as parts with values": content(lambda text: [{"type": "text", "text": {"value": text}}]),
    "content behind a thought": content(
        lambda text: [{"type": "thinking", "thinking": [{"text": "hm"}]}, {"type": "text", "text": text}]
    ),
    "content as an object": content(json.loads),
    "arguments as text": call(str),
    "arguments as an object": call(json.loads),
    "tool_calls of another type": message(tool_calls="none"),
    "tool_calls of other types": message(tool_calls=[1, None, {"function": 3}]),
    "refusal of another type": message(refusal=False),
    "reasoning of another type": message(reasoning_content=["hm"]),
    "usage of another type": top(usage=[1]),
    "usage as text": top(usage="many"),
    "usage with floats": usage(prompt_tokens=5000.0, completion_tokens=10.5),
    "usage with strings": usage(prompt_tokens="300", completion_tokens="ten"),
    "usage with NaN": usage(prompt_tokens=NAN),
    "usage without end": usage(prompt_tokens=INFINITY, completion_tokens=10**30),
    "usage below zero": usage(prompt_tokens=-5),
    "usage far too low": usage(prompt_tokens=30),
    "usage with nulls": usage(prompt_tokens=None, completion_tokens=None, total_tokens=None),
    "usage with booleans": usage(prompt_tokens=True),
    "usage with odd details": usage(
        prompt_tokens_details=[1], completion_tokens_details={"reasoning_tokens": "x"}
    ),
    "ids of other types": top(id=1, created="now", model=None, object=3, system_fingerprint=[]),
    "an error that is null": top(error=None),
    "finish_reason of another type": lambda body: {
        **body,
        "choices": [{**body["choices"][0], "finish_reason": 3, "index": "0", "logprobs": 1}],
    },
}
REFUSED: dict[str, Shape] = {
    "null": lambda body: None,
    "a number": lambda body: 7,
    "text": lambda body: "hello",
    "a list": lambda body: [body],
    "an empty object": lambda body: {},
    "choices null": top(choices=None),
    "choices missing": lambda body: {"id": "1"},
    "choices empty": top(choices=[]),
    "choices as an object": lambda body: {**body, "choices": body["choices"][0]},
    "choices as text": top(choices="yes"),
    "choices as a number": top(choices=1),
    "a choice of another type": top(choices=["yes"]),
    "a choice that is null": top(choices=[None]),
    "message missing": top(choices=[{"index": 0}]),
    "message null": top(choices=[{"message": None}]),
    "message as text": top(choices=[{"message": "yes"}]),
    "message as a list": top(choices=[{"message": []}]),
    "content as a number": message(content=14.3),
    "content as a boolean": message(content=True),
    "content as a list of numbers": message(content=[1, 2]),
    "an error in words": lambda body: {"error": "the queue is full"},
    "an error with a code of another type": lambda body: {"error": {"code": [1], "message": "no", "type": 7}},
    "an error with a float for a code": lambda body: {"error": {"code": 402.5, "message": {"a": 1}}},
    "an error with a digit that is none": lambda body: {"error": {"code": "²", "message": "no"}},
    "an error as a list": lambda body: {"error": [{"message": "no"}]},
    "details of a framework": lambda body: {"detail": [{"loc": ["body"], "msg": "no"}]},
}
DEEP = {
    "deep nesting": b'{"choices":' + b"[" * 100_000,
    "deep content": b'{"choices":[{"message":{"content":' + b"[" * 900 + b"]" * 900 + b"}}]}",
    "a deep error": b'{"error":{"code":' + b"[" * 900 + b"]" * 900 + b',"message":"no"}}',
    "a huge number": b'{"choices":[' + b"9" * 5000 + b"]}",
    "not UTF-8": b'{"choices": "\xff"}',
}
JSON = {"Content-Type": "application/json"}


def scripted(shape: Shape | bytes) -> Callable[[dict[str, Any]], Answer]:
    """A server that answers well, but in this shape."""
    if isinstance(shape, bytes):
        return lambda request: Answer(raw=shape, headers=JSON)

    def answer(request: dict[str, Any]) -> Answer:
        said = json.dumps(filled(schema_of(request))) if schema_of(request) else "ok"
        body = counted(completion(said), request).body
        return Answer(raw=json.dumps(shape(body)).encode(), headers=JSON)

    return answer


def summarize(url: str, _folder: Path) -> tuple[int, str]:
    at = ["--base-url", url, "--model", "m"]
    result = CliRunner().invoke(app, ["summarize", "-", *at], input=DEAL)
    return result.exit_code, result.output


def doctor(url: str, _folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["doctor", "--base-url", url, "--model", "m"])
    return result.exit_code, result.output


def batch(url: str, folder: Path) -> tuple[int, str]:
    (folder / "a.jsonl").write_text(json.dumps({"id": "a", "text": DEAL}) + "\n", encoding="utf-8")
    at = ["--base-url", url, "--model", "m", "-o", str(folder / "rows.jsonl")]
    result = CliRunner().invoke(app, ["batch", "run", str(folder / "a.jsonl"), *at])
    rows = folder / "rows.jsonl"
    return result.exit_code, result.output + (rows.read_text(encoding="utf-8") if rows.exists() else "")


Command = Callable[[str, Path], tuple[int, str]]


def runs(shapes: Mapping[str, Shape | bytes]) -> pytest.MarkDecorator:
    """Every shape through ``summarize``, and every sixth through ``doctor`` and ``batch``: one function reads all."""
    rows = [(summarize, name) for name in shapes]
    rows += [(command, name) for name in list(shapes)[::6] for command in (doctor, batch)]
    ids = [f"{name}-{command.__name__}" for command, name in rows]
    return pytest.mark.parametrize(("command", "shape"), [(run, shapes[name]) for run, name in rows], ids=ids)


@runs(READ)
def test_a_plausible_shape_is_read(command: Command, shape: Shape, tmp_path: Path) -> None:
    """The answer is used, and token counts that cannot be right discard nothing."""
    with serve(scripted(shape)) as served:
        code, output = command(served.base_url, tmp_path)
    assert (code, "internal" in output) == (0, False), output


@runs({**REFUSED, **DEEP})
def test_any_other_shape_is_an_endpoint_error(command: Command, shape: Shape | bytes, tmp_path: Path) -> None:
    """The exit code is 4, or 1 for a batch with a failed row, and no message calls it an internal error."""
    with serve(scripted(shape)) as served:
        code, output = command(served.base_url, tmp_path)
    assert code == (1 if command is batch else 4), output
    assert "internal" not in output
    assert served.base_url in output


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("an error in words", "the queue is full"),
        ("an error with a code of another type", "answered 500: no"),
        ("an error as a list", "no"),
        ("details of a framework", "no"),
    ],
)
def test_the_words_of_an_error_with_200_are_shown(shape: str, words: str, tmp_path: Path) -> None:
    """What a server says instead of a completion is passed on."""
    with serve(scripted(REFUSED[shape])) as served:
        assert words in summarize(served.base_url, tmp_path)[1]


@pytest.mark.parametrize("shape", [*READ.values(), *REFUSED.values()], ids=[*READ, *REFUSED])
def test_batch_import_takes_every_shape(
    shape: Shape, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a result file a plausible shape becomes a row or the next request, any other one a failed row."""
    monkeypatch.chdir(tmp_path)
    for name in ("MODEL", "BASE_URL", "API_KEY"):
        monkeypatch.delenv(f"SUMMARIZER_{name}", raising=False)
    Path("a.jsonl").write_text(json.dumps({"id": "a", "text": DEAL}) + "\n", encoding="utf-8")

    def run(*arguments: str | Path) -> Any:
        return CliRunner().invoke(app, ["batch", *map(str, arguments)])

    def shaped(_number: int, request: dict[str, Any]) -> dict[str, Any]:
        asked = request["body"]
        good = counted(completion(json.dumps(filled(schema_of(asked)))), asked).body
        return line(request, {"status_code": 200, "request_id": "r", "body": shape(good)})

    assert run("export", "a.jsonl", "-o", "out", "--model", "openai/gpt-x").exit_code == 0
    out = Path("out")
    for round in range(1, 6):
        requests = out / f"requests-{round:04}.jsonl"
        if not requests.exists():
            break
        result = run("import", answer_file(requests, out / f"r{round}.jsonl", shaped))
        assert result.exit_code in (0, 1), result.output
        assert "internal" not in result.output

    (row,) = read(out / "rows.jsonl")
    assert (row["record"] is None) is (shape in REFUSED.values())
    assert "internal" not in str(row["error"])


def test_odd_token_counts_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A count that is no number of tokens is ignored with a warning; a missing one without."""
    body: Mapping[str, Any] = completion("{}").body
    for count in (-5, "300", NAN, 1.5, True, [1]):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            found = read_completion({**body, "usage": {"prompt_tokens": count}})
        assert found is not None
        assert found.tokens is None
        assert "is not a number of tokens" in caplog.text
    caplog.clear()
    found = read_completion({**body, "usage": {"prompt_tokens": 300.0}})
    assert found is not None
    assert found.tokens is not None
    assert (found.tokens.prompt, found.tokens.completion, caplog.text) == (300, 0, "")
