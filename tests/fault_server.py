"""A chat-completions server on loopback that answers as scripted, request by request, and counts.

A script is a list of answers, or a profile: a function from a request to its answer, which has the quirks that
a real server documents.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One scripted answer, and how it goes wrong on its way.

    ``drop`` closes the connection without any; ``cut`` resets it after so many bytes of the body; ``drip``
    sends a byte and then waits so many seconds, each time; ``hang`` waits so many seconds before anything.
    ``raw`` is sent instead of ``body``, as it is; ``endless`` repeats it in chunks until the client goes.
    ``counts``: the server counts the tokens of the prompt, where there are more than the body says.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    cut: int | None = None
    drip: float = 0.0
    hang: float = 0.0
    raw: bytes | None = None
    endless: bool = False
    counts: bool = False


def completion(
    content: str | None,
    *,
    finish: str = "stop",
    usage: bool = True,
    refusal: str | None = None,
    calls: Sequence[str] = (),
    prompt: int | None = None,
    **message: Any,
) -> Answer:
    """A chat completion; ``calls`` are the arguments of tool calls, ``prompt`` the tokens that were read.

    Without ``prompt`` they are 300, or as many as the server counts.
    """
    read = 300 if prompt is None else prompt
    said: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refusal, **message}
    if calls:
        said["tool_calls"] = [
            {"id": str(at), "type": "function", "function": {"name": "Answers", "arguments": call}}
            for at, call in enumerate(calls)
        ]
    body: dict[str, Any] = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": finish, "message": said}],
    }
    if usage:
        body["usage"] = {
            "prompt_tokens": read,
            "completion_tokens": 10,
            "total_tokens": read + 10,
            "prompt_tokens_details": {"cached_tokens": min(read, 60)},
        }
    return Answer(body=body, counts=usage and prompt is None)


def counted(answer: Answer, request: Mapping[str, Any]) -> Answer:
    """The answer with the tokens of the request's prompt, where it counts them."""
    if not answer.counts:
        return answer
    characters = sum(len(str(message["content"])) for message in request["messages"])
    read = max(answer.body["usage"]["prompt_tokens"], characters // 4)
    usage = {**answer.body["usage"], "prompt_tokens": read, "total_tokens": read + 10}
    return replace(answer, body={**answer.body, "usage": usage})


def error(status: int, message: str = "no", code: str | None = None, **headers: str) -> Answer:
    """An error as OpenAI words it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": {"message": message, "code": code, "type": "x"}}, named)


def http_date(seconds: float) -> str:
    """Retry-After as a date, so many seconds from now."""
    return formatdate(time.time() + seconds, usegmt=True)


Request = dict[str, Any]
Script = Sequence[Answer] | Callable[[Request], Answer]


@dataclass
class Profile:
    """A server with the quirks of a real one: what it refuses, what it ignores, how much it reads.

    It fills the schema where it knows one, with the first that each property allows, and else ``says`` the
    same. ``refuses`` maps a mode to the error it is answered with; in the modes that are in ``ignores`` the
    reply is ``astray`` unless the schema stands in the prompt. A prompt longer than ``context`` tokens is an
    error, or with ``cuts`` is cut in silence.
    """

    says: str = '{"answer": "yes"}'
    astray: str = "Well, I would say yes."
    refuses: dict[str, Answer] = field(default_factory=dict)
    ignores: tuple[str, ...] = ()
    context: int | None = None
    cuts: bool = False
    key: str | None = None
    models: tuple[str, ...] = ("m",)
    listing: dict[str, Any] = field(default_factory=dict)
    other: dict[str, Any] = field(default_factory=dict)
    """Bodies of other paths, such as llama.cpp's /props."""

    def __call__(self, request: Request) -> Answer:
        mode = mode_of(request)
        if mode in self.refuses:
            return self.refuses[mode]
        sent = " ".join(str(message["content"]) for message in request["messages"])
        count = len(sent) // 4
        if self.context and count > self.context and not self.cuts:
            said = f"This model's maximum context length is {self.context} tokens, {count} were sent"
            return error(400, said, "context_length_exceeded")
        reply = json.dumps(filled(schema)) if (schema := schema_of(request)) else self.says
        if mode in self.ignores:
            reply = self.says if "of this form" in sent else self.astray
        prompt = min(count, self.context or count)
        if mode == "tools":
            return completion(None, calls=[reply], finish="tool_calls", prompt=prompt)
        return completion(reply, prompt=prompt)


def mode_of(request: Request) -> str:
    """The mode that a request is in."""
    if "tools" in request:
        return "tools"
    return str(request.get("response_format", {}).get("type", "prompted"))


def schema_of(request: Request) -> Any:
    """The schema that the server is to enforce, if any."""
    if "tools" in request:
        return request["tools"][0]["function"]["parameters"]
    return request.get("response_format", {}).get("json_schema", {}).get("schema")


def filled(schema: Any) -> Any:
    """The first thing that a schema allows."""
    if "anyOf" in schema:
        return filled(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {name: filled(part) for name, part in schema["properties"].items()}
    return {"array": [], "integer": 0, "boolean": False, "null": None}.get(schema.get("type"), "")


UNKNOWN_FORMAT = "This response_format type is unavailable now"
OLLAMA = Profile(ignores=("json_schema",))
LMSTUDIO = Profile(
    refuses={"json_object": error(400, "'response_format.type' must be 'json_schema' or 'text'")}
)
VLLM = Profile(
    refuses={"tools": error(400, '"auto" tool choice requires --enable-auto-tool-choice')},
    context=2048,
    listing={"max_model_len": 2048},
)
NO_SCHEMA = Profile(refuses={"json_schema": error(400, UNKNOWN_FORMAT)})
WORDS_ONLY = Profile(
    refuses={
        "json_schema": error(400, UNKNOWN_FORMAT),
        "json_object": error(400, UNKNOWN_FORMAT),
        "tools": error(500, "tools param requires --jinja flag"),
    },
    says='Sure!\n```json\n{"answer": "yes"}\n```',
)
SMALL_CONTEXT = replace(OLLAMA, ignores=(), context=2048, cuts=True)


@dataclass
class Served:
    """The server's address, the completions that were asked of it, their keys, and all paths.

    ``other`` maps further paths to what a GET of them is answered.
    """

    base_url: str
    requests: list[Request]
    keys: list[str]
    paths: list[str]
    other: dict[str, Answer] = field(default_factory=dict)


@contextmanager
def serve(script: Script) -> Iterator[Served]:
    """Answer the nth request with the nth of the script, and with its last when it is used up."""
    served = Served("", [], [], [])
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else a body waits 40 ms for its headers to be acknowledged

        def do_GET(self) -> None:
            served.paths.append(self.path)
            self.answer(served.other.get(self.path) or self.listed())

        def listed(self) -> Answer:
            profile = script if isinstance(script, Profile) else Profile()
            if profile.key and self.headers.get("Authorization") != f"Bearer {profile.key}":
                return error(401, "Incorrect API key")
            if self.path in profile.other:
                return Answer(body=profile.other[self.path])
            if self.path != "/v1/models":
                return error(404)
            return Answer(body={"data": [{"id": name, **profile.listing} for name in profile.models]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not self.path.endswith("/chat/completions"):
                return self.answer(error(404))
            served.requests.append(json.loads(body))
            served.keys.append(self.headers.get("Authorization", ""))
            key = script.key if isinstance(script, Profile) else None
            if key and served.keys[-1] != f"Bearer {key}":
                return self.answer(error(401, f"Incorrect API key: {served.keys[-1]}"))
            if callable(script):
                answer = script(served.requests[-1])
            else:
                answer = script[min(len(served.requests), len(script)) - 1]
            return self.answer(counted(answer, served.requests[-1]))

        def answer(self, answer: Answer) -> None:
            over.wait(answer.hang)
            if answer.drop:
                self.close_connection = True
                return
            raw = isinstance(answer.body, str)
            sent = answer.body.encode() if raw else json.dumps(answer.body).encode()
            sent = sent if answer.raw is None else answer.raw
            self.send_response(answer.status)
            self.send_header(
                "Content-Type", answer.headers.get("Content-Type", "text/html" if raw else "application/json")
            )
            if answer.endless:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(len(sent)))
            for name, value in answer.headers.items():
                if name != "Content-Type":
                    self.send_header(name, value)
            self.end_headers()
            try:
                self.send(answer, sent)
            except OSError:  # the one who asked has gone
                self.close_connection = True

        def send(self, answer: Answer, sent: bytes) -> None:
            if answer.cut is not None:
                self.wfile.write(sent[: answer.cut])
                self.wfile.flush()
                linger = struct.pack("ii", 1, 0)  # closing sends a reset
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.shutdown(socket.SHUT_RD)
                self.close_connection = True
                return
            while answer.endless and not over.is_set():
                self.wfile.write(b"%x\r\n%s\r\n" % (len(sent), sent))
            if not answer.drip:
                self.wfile.write(sent)
                return
            for byte in sent:
                self.wfile.write(bytes([byte]))
                if over.wait(answer.drip):
                    return

        def log_message(self, *_args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    served.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield served
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
