"""A chat-completions server on loopback for the benches, which answers each request after a delay by filling its schema.

It costs as little as it can, so that what is measured is the client, in another process.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_NUMBERED = re.compile(r"^\[\d+\] (.+)$", re.MULTILINE)
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def fill(schema: Mapping[str, Any], words: str | None = None, defs: Mapping[str, Any] | None = None) -> Any:
    """An answer that a JSON schema allows.

    With ``words`` the plainest: the first of each closed set, one item in a list, the words where it asks for
    text. Without, the emptiest: null, the last of each closed set, no item, no text. ``defs`` are what its
    references lead to, where it does not hold them itself.
    """
    defs = schema.get("$defs", defs)
    if "$ref" in schema:
        return fill((defs or {})[schema["$ref"].rpartition("/")[2]], words, defs)
    if "anyOf" in schema:
        return None if words is None else fill(schema["anyOf"][0], words, defs)
    if "enum" in schema:
        return schema["enum"][-1 if words is None else 0]
    if "const" in schema:
        return schema["const"]
    if schema["type"] == "object":
        return {name: fill(part, words, defs) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [] if words is None else [fill(schema["items"], words, defs)]
    return {"string": words or "", "integer": 1, "number": 1, "boolean": True, "null": None}[schema["type"]]


def emptiest_deal(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The emptiest answer that a schema allows, but for that the article reports a deal."""
    filled: dict[str, Any] = fill(schema)
    return {**filled, "is_deal": "yes"} if filled.get("is_deal") == "no" else filled


def words_of(article: str) -> str:
    """The first words of the longest sentence, numbered or plain, which grounding will find again."""
    longest = max(_NUMBERED.findall(article) or article.splitlines(), key=len)
    return " ".join(longest.split()[:6])


@lru_cache(maxsize=1024)
def _content(schema: str, words: str | None) -> str:
    read = json.loads(schema)
    return json.dumps(emptiest_deal(read) if words is None else fill(read, words))


def completion(body: Mapping[str, Any], *, empty: bool = False) -> dict[str, Any]:
    """A completion whose content fits the schema of a request: the plainest deal, or the emptiest."""
    text = "\n".join(str(message["content"]) for message in body["messages"])
    schema = json.dumps(body["response_format"]["json_schema"]["schema"])
    content = _content(schema, None if empty else words_of(text))
    tokens = {"prompt_tokens": len(text) // 4, "completion_tokens": len(content) // 4}
    message = {"role": "assistant", "content": content}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {**tokens, "total_tokens": sum(tokens.values())},
    }


@dataclass
class Loopback:
    """The server: answers after ``delay`` seconds, with ``empty`` as emptily as the schema allows; counts ``requests``."""

    delay: float = 0.0
    empty: bool = False
    address: str = ""
    requests: int = 0

    async def start(self) -> asyncio.Server:
        """Listen on a free port, which ``address`` tells then."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, limit=1 << 24, backlog=1024)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        return server

    @contextmanager
    def running(self) -> Iterator[Loopback]:
        """Serve from a thread of its own."""
        ready, done = threading.Event(), threading.Event()

        async def serve() -> None:
            server = await self.start()
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.02)
            server.close()

        thread = threading.Thread(target=asyncio.run, args=(serve(),))  # which cancels what is still served
        thread.start()
        ready.wait()
        try:
            yield self
        finally:
            done.set()
            thread.join()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError), closing(writer):  # until the client has gone
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = _LENGTH.search(head)
                body = json.loads(await reader.readexactly(int(length[1]))) if length else {}
                until = time.perf_counter() + self.delay
                if "messages" in body:
                    self.requests += 1
                    status, said = b"200 OK", completion(body, empty=self.empty)
                else:
                    status, said = b"404 Not Found", {"error": {"message": "only chat completions"}}
                sent = json.dumps(said).encode()
                await asyncio.sleep(max(0.0, until - time.perf_counter()))
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    % (status, len(sent), sent)
                )
                await writer.drain()
