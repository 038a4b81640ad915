"""The ways to hold a model to a schema: how a request of each mode is encoded and how its reply is read.

``json_schema``: the server enforces the schema. ``tools``: the reply is the arguments of a function.
``json_object``: any JSON. ``prompted``: words only. The last two put the schema into the prompt; so do the
first two where the server turned out not to enforce it. Every reply is validated here, in every mode.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel

from summarizer.llm.completion import Completion
from summarizer.llm.providers import provider
from summarizer.llm.replies import thinks

ROOM_TO_THINK = 8192
"""Tokens that a model which shows its thoughts may write before its answer."""

_MAX_PROPERTIES, _MAX_LABELS, _MAX_CHARACTERS = 100, 500, 15_000  # limits of that subset
_FORM = "Answer with one JSON object and nothing else, of this form:\n"
_TOOL = "Record the answers to the questions about the article."


@dataclass(frozen=True, slots=True)
class RequestStyle:
    """How requests to one model at one endpoint are encoded: what negotiation finds out.

    ``shown``: the schema is in the prompt as well. ``thinks``: replies begin with thoughts and need room.
    ``limit``: the name of the parameter that limits the reply. ``temperature``: it may be set. ``stream``:
    how a reply is streamed where somebody watches it: with its ``usage``, ``plain``, or not at all
    (``none``).
    """

    mode: str
    shown: bool = False
    thinks: bool = False
    limit: str = "max_tokens"
    temperature: bool = True
    stream: str = "usage"


@dataclass(frozen=True)
class AnswerSchema:
    """The JSON schema of an answer, and what is derived from it, each computed once."""

    name: str
    schema: dict[str, Any]

    @cached_property
    def strict(self) -> dict[str, Any] | None:
        """The schema in the subset that strict servers take, or None where it is too large for that."""
        return _subset(self.schema) if _within_limits(self.schema) else None

    @cached_property
    def prompt(self) -> str:
        """The schema in words, for the prompt."""
        return _FORM + form(self.schema)


_schemas: WeakKeyDictionary[type[BaseModel], AnswerSchema] = WeakKeyDictionary()


def answer_schema(draft: type[BaseModel]) -> AnswerSchema:
    """The schema of a draft, made once for each class."""
    known = _schemas.get(draft)
    if known is None:
        known = _schemas[draft] = AnswerSchema(draft.__name__, draft.model_json_schema())
    return known


def encode_request(
    request: Mapping[str, Any], answer: AnswerSchema, style: RequestStyle, kind: str
) -> dict[str, Any]:
    """Return the body of a chat-completions request.

    ``request`` has the model, messages, temperature and max_tokens. ``kind`` is what serves the endpoint.
    """
    wire = dict(request)
    strict = answer.strict if provider(kind).strict else None
    held: dict[str, Any] = {} if strict is None else {"strict": True}
    sent = answer.schema if strict is None else strict
    if style.mode == "json_schema":
        shape = {"name": answer.name, "schema": sent, **held}
        wire["response_format"] = {"type": "json_schema", "json_schema": shape}
    elif style.mode == "tools":
        function = {"name": answer.name, "description": _TOOL, "parameters": sent, **held}
        wire["tools"] = [{"type": "function", "function": function}]
        named = {"type": "function", "function": {"name": answer.name}}
        wire["tool_choice"] = named if provider(kind).named_tool else "required"
        if strict is not None:
            wire["parallel_tool_calls"] = False
    elif style.mode == "json_object":
        wire["response_format"] = {"type": "json_object"}
    if style.shown or style.mode in ("json_object", "prompted"):
        wire["messages"] = _with_schema(wire["messages"], answer.prompt)
    limit = wire.pop("max_tokens")
    wire[style.limit] = limit + ROOM_TO_THINK if style.thinks else limit
    if not style.temperature:
        wire.pop("temperature", None)
    return wire


def streamed(wire: Mapping[str, Any], style: RequestStyle) -> dict[str, Any]:
    """The body that asks for the same as a stream."""
    counted = {"stream_options": {"include_usage": True}} if style.stream == "usage" else {}
    return {**wire, "stream": True, **counted}


def shows_thoughts(completion: Completion) -> bool:
    """Whether the model thought before it answered, in any of the places where servers show that."""
    reported = completion.tokens.reasoning if completion.tokens else 0
    return bool(completion.reasoning or reported or thinks(completion.content))


def form(schema: Mapping[str, Any]) -> str:
    """A JSON schema as an example of its answer: small models that are shown a schema answer with the schema."""
    if "anyOf" in schema:
        return " or ".join(form(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(json.dumps(label, ensure_ascii=False) for label in schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        parts = (
            f"{json.dumps(name, ensure_ascii=False)}: {form(part)}"
            for name, part in schema["properties"].items()
        )
        return "{" + ", ".join(parts) + "}"
    if kind == "array":
        return f"[{form(schema['items'])}, ...]"
    return {"string": '"..."', "null": "null", "boolean": "true or false"}.get(str(kind), "a number")


def _with_schema(messages: list[dict[str, Any]], prompt: str) -> list[dict[str, Any]]:
    """The messages with the schema after the first question, so that the prefix before it stays cached."""
    first = next(at for at, message in enumerate(messages) if message["role"] == "user")
    question = {**messages[first], "content": f"{messages[first]['content']}\n\n{prompt}"}
    return [*messages[:first], question, *messages[first + 1 :]]


def _subset(node: Any) -> Any:
    """The schema without length limits, which strict servers do not take; they keep small models from repeating."""
    if isinstance(node, list):
        return [_subset(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _subset(part) for name, part in value.items()} if key == "properties" else _subset(value)
        for key, value in node.items()
        if key not in ("maxLength", "maxItems")
    }


def _within_limits(schema: Any) -> bool:
    """Whether a schema is small enough for strict mode; a larger one is sent without it, and validated here."""
    properties, labels = _names(schema)
    characters = sum(len(str(name)) for name in (*properties, *labels))
    return len(properties) <= _MAX_PROPERTIES and len(labels) <= _MAX_LABELS and characters <= _MAX_CHARACTERS


def _names(node: Any) -> tuple[list[str], list[Any]]:
    """All property names and all members of enums."""
    if isinstance(node, list):
        inner = [_names(part) for part in node]
    elif isinstance(node, dict):
        inner = [_names(part) for key, part in node.items() if key not in ("properties", "enum")]
        named = node.get("properties", {})
        inner += [(list(named), list(node.get("enum", ())))]
        inner += [_names(part) for part in named.values()]
    else:
        return [], []
    return [name for names, _ in inner for name in names], [label for _, labels in inner for label in labels]
