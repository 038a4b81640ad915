"""A chat-completions server on loopback, in a process of its own, that answers at once with a small reply.

It costs as little as it can, so that what is measured is the client: the JSON schema of a request is filled
with the first of each closed set, one item in a list, and words of the article.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

_NUMBERED = re.compile(r"^\[\d+\] (.+)$", re.MULTILINE)
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def fill(schema: Mapping[str, Any], words: str) -> Any:
    """The plainest answer that a schema without references allows; ``words`` where it asks for text."""
    if "anyOf" in schema:
        return fill(schema["anyOf"][0], words)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: fill(part, words) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [fill(schema["items"], words)]
    return {"string": words, "integer": 1, "number": 1, "boolean": True, "null": None}[schema["type"]]


def words_of(article: str) -> str:
    """The first words of the longest numbered sentence, which grounding will find again."""
    longest = max(_NUMBERED.findall(article), key=len)
    return " ".join(longest.split()[:6])


@contextmanager
def loopback() -> Iterator[str]:
    """Start the server, yield its address, and end it."""
    command = [sys.executable, "-m", "evals.loopback"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own module
        try:
            assert server.stdout is not None  # noqa: S101 - it is a pipe
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        finally:
            server.terminate()


@lru_cache(maxsize=1024)
def _answer(schema: str, words: str) -> str:
    return json.dumps(fill(json.loads(schema), words))


def _completion(body: Mapping[str, Any]) -> bytes:
    text = "\n".join(str(message["content"]) for message in body["messages"])
    schema = json.dumps(body["response_format"]["json_schema"]["schema"])
    content = _answer(schema, words_of(text))
    tokens = {"prompt_tokens": len(text) // 4, "completion_tokens": len(content) // 4}
    message = {"role": "assistant", "content": content}
    return json.dumps(
        {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": body["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {**tokens, "total_tokens": sum(tokens.values())},
        }
    ).encode()


async def _serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = json.loads(await reader.readexactly(int(length.group(1)))) if length else {}
            found = "messages" in body
            said = _completion(body) if found else b'{"error": {"message": "only chat completions"}}'
            writer.write(
                b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (b"200 OK" if found else b"404 Not Found", len(said), said)
            )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()  # the client has gone


async def _serve() -> None:
    server = await asyncio.start_server(_serve_one, "127.0.0.1", 0, limit=1 << 24)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
