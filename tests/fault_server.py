"""A chat-completions server on loopback that answers as scripted, request by request, and counts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """One scripted answer; ``drop`` closes the connection without any."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False


def completion(
    content: str | None, *, finish: str = "stop", usage: bool = True, refusal: str | None = None
) -> Answer:
    body: dict[str, Any] = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
            }
        ],
    }
    if usage:
        body["usage"] = {
            "prompt_tokens": 100,
            "completion_tokens": 10,
            "total_tokens": 110,
            "prompt_tokens_details": {"cached_tokens": 60},
        }
    return Answer(body=body)


def error(status: int, message: str = "no", code: str | None = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"error": {"message": message, "code": code, "type": "x"}}, named)


@dataclass
class Served:
    """The server's address and the requests that reached it."""

    base_url: str
    requests: list[dict[str, Any]]
    keys: list[str]


@contextmanager
def serve(script: Sequence[Answer]) -> Iterator[Served]:
    """Answer the nth request with the nth of the script, and with its last when it is used up."""
    requests: list[dict[str, Any]] = []
    keys: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append(json.loads(body))
            keys.append(self.headers.get("Authorization", ""))
            answer = script[min(len(requests), len(script)) - 1]
            if answer.drop:
                self.close_connection = True
                return
            raw = isinstance(answer.body, str)
            sent = answer.body.encode() if raw else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "text/html" if raw else "application/json")
            self.send_header("Content-Length", str(len(sent)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_address[1]}/v1", requests, keys)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
