"""A chat completion as servers send it, read from any JSON.

What is plausible is read: content as a list of parts, content or arguments as an object. Token counts that
cannot be right are dropped with a warning. Anything else is not a completion.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_log = logging.getLogger(__name__)

MAX_COUNT = 10**9  # of tokens


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token counts as the server reports them. ``cached`` is None where it reports none."""

    prompt: int
    completion: int
    cached: int | None = None
    reasoning: int = 0

    @property
    def total(self) -> int:
        """Tokens read and written."""
        return self.prompt + self.completion


@dataclass(frozen=True, slots=True)
class Completion:
    """The first choice of a chat completion.

    ``texts`` are the candidate replies: the arguments of each tool call, or else the content alone.
    ``reasoning`` is what the server sends as the model's thoughts, apart from the content. ``tokens`` is None
    where the server reports no usage.
    """

    content: str
    texts: tuple[str, ...]
    reasoning: str = ""
    finish_reason: str = ""
    refusal: str = ""
    tokens: Tokens | None = None


def read_completion(body: Any) -> Completion | None:
    """Return the completion that a response body holds, or None where it holds none."""
    try:
        choice = body["choices"][0]
        message = choice["message"]
        parts = content_parts(message.get("content"))
    except (LookupError, TypeError, AttributeError, ValueError, RecursionError):
        return None
    content = "".join(parts)
    return Completion(
        content=content,
        texts=_arguments(message.get("tool_calls")) or (content,),
        reasoning=_text(message.get("reasoning_content")) or _text(message.get("reasoning")),
        finish_reason=_text(choice.get("finish_reason")),
        refusal=_text(message.get("refusal")),
        tokens=_tokens(body.get("usage")),
    )


def content_parts(content: Any) -> list[str]:
    """The texts of a content: a string, an object, or a list of parts. Raises ValueError for another type."""
    if content is None:
        return []
    if isinstance(content, str):
        return [content]
    if isinstance(content, list):
        return [_part(part) for part in content]
    if isinstance(content, dict):  # the server has read the JSON already
        return [json.dumps(content)]
    raise ValueError("content of another type")


def _part(part: Any) -> str:
    if isinstance(part, str):
        return part
    if not isinstance(part, dict):
        raise ValueError("a part of another type")
    text = part.get("text")
    return _text(text.get("value") if isinstance(text, dict) else text)


def _arguments(calls: Any) -> tuple[str, ...]:
    """The arguments of each tool call, as JSON."""
    functions = (
        [call.get("function") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    )
    found = [function.get("arguments") for function in functions if isinstance(function, dict)]
    return tuple(_argument(one) for one in found)


def _argument(found: Any) -> str:
    try:
        return json.dumps(found) if isinstance(found, dict) else _text(found)
    except RecursionError:
        return ""


def _tokens(usage: Any) -> Tokens | None:
    if not isinstance(usage, dict):
        return None
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    wrong = [value for value in (prompt, completion) if value is not None and not is_count(value)]
    if wrong:
        _log.warning("The server's token counts are ignored: %s is not a number of tokens.", _shown(wrong[0]))
        return None
    cached = _detail(usage, "prompt_tokens_details", "cached_tokens")
    reasoning = _detail(usage, "completion_tokens_details", "reasoning_tokens")
    return Tokens(int(prompt or 0), int(completion or 0), cached, reasoning or 0)


def is_count(value: Any) -> bool:
    """Whether a JSON value is a whole number of tokens."""
    if isinstance(value, float):
        return value.is_integer() and 0 <= value <= MAX_COUNT
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT


def _detail(usage: Mapping[str, Any], group: str, name: str) -> int | None:
    details = usage.get(group)
    value = details.get(name) if isinstance(details, dict) else None
    return int(value) if value is not None and is_count(value) else None


def _shown(value: Any) -> str:
    return str(value)[:20] if isinstance(value, (int, float, str)) else type(value).__name__


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
