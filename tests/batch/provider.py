"""A provider of batches that answers files of requests as it is told, in the form that they give results in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.conftest import ANSWERS, answer

Line = dict[str, Any]


def fill(body: Mapping[str, Any], answers: Mapping[str, Any] = ANSWERS) -> str:
    """The content of a good reply: the schema of the request, filled from a table."""
    schema = body["response_format"]["json_schema"]["schema"]
    return json.dumps(
        {name: _cited(answer(answers, name, part), part) for name, part in schema["properties"].items()}
    )


def _cited(value: Any, part: Mapping[str, Any]) -> Any:
    """The answer with sentence numbers where the schema asks for them."""
    inner = part.get("items", part)
    options = inner.get("anyOf", [inner])
    if not any("sentences" in one.get("properties", {}) for one in options) or value is None:
        return value
    if isinstance(value, list):
        return [{"answer": one, "sentences": []} if isinstance(one, str) else one for one in value]
    return {"answer": value, "sentences": []} if isinstance(value, str) else value


def good(request: Line, content: str | None = None, **message: Any) -> Line:
    """The line of a result with a completion."""
    tokens = len(json.dumps(request["body"]["messages"])) // 4
    body = {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": request["body"]["model"],
        "choices": [
            {
                "index": 0,
                "finish_reason": message.pop("finish_reason", "stop"),
                "message": {
                    "role": "assistant",
                    "content": fill(request["body"]) if content is None else content,
                    **message,
                },
            }
        ],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 10, "total_tokens": tokens + 10},
    }
    return line(request, {"status_code": 200, "request_id": "r", "body": body})


def line(request: Line, response: Any, error: Any = None) -> Line:
    return {"id": "batch_req_1", "custom_id": request["custom_id"], "response": response, "error": error}


def read(path: Path) -> list[Line]:
    return [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines()]


def answer_file(requests: Path, results: Path, how: Callable[[int, Line], Line | None] | None = None) -> Path:
    """Answer each request of a file, backwards as providers keep no order; ``how`` gets its number too."""
    lines = [(how or _good)(number, request) for number, request in enumerate(read(requests))]
    written = [json.dumps(one) for one in reversed(lines) if one is not None]
    results.write_text("".join(f"{one}\n" for one in written), encoding="utf-8")
    return results


def _good(_number: int, request: Line) -> Line:
    return good(request)
