"""The ways to hold a model to a schema, as they go over the wire, and how a reply in each is read.

``json_schema`` (the server enforces it), ``tools`` (the arguments of a function), ``json_object`` (JSON of any
form) and ``prompted`` (words only). In the last two the schema stands in the prompt, and in the first two as
well where a server turned out not to enforce it. Every reply is validated here again, in every mode.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from summarizer.llm.replies import thinks
from summarizer.settings import MODES

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

ROOM_TO_THINK = 8192
"""Tokens that a model which shows its thoughts may write before its answer."""

_ORDERS: dict[str, tuple[str, ...]] = {
    # LM Studio answers 400 to json_object; Ollama's tools depend on the template of each model.
    "lmstudio": ("json_schema", "tools", "prompted"),
    "ollama": ("json_schema", "json_object", "tools", "prompted"),
}
_STRICT = {"openai", "openrouter"}  # who takes strict, and demands the schema subset for it
_MOST_PROPERTIES, _MOST_LABELS, _MOST_CHARACTERS = 100, 500, 15_000  # limits of that subset
_FORM = "Answer with one JSON object and nothing else, of this form:\n"
_TOOL = "Record the answers to the questions about the article."


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model at an endpoint is spoken to: what negotiation finds out.

    ``shown``: the schema stands in the prompt as well. ``thinks``: replies begin with thoughts and need room.
    ``limit``: the name of the parameter for the longest reply. ``temperature``: it may be set.
    """

    mode: str
    shown: bool = False
    thinks: bool = False
    limit: str = "max_tokens"
    temperature: bool = True


def order(kind: str) -> tuple[str, ...]:
    """The modes to try with an endpoint of this kind, the likeliest first."""
    return _ORDERS.get(kind, MODES)


def dress(request: Mapping[str, Any], manner: Manner, kind: str) -> dict[str, Any]:
    """Put a request into the form that goes over the wire.

    ``request`` has the keys of a chat completion in json_schema mode, as instructor makes it.
    """
    wire = dict(request)
    format = wire.pop("response_format")["json_schema"]
    name, schema = format["name"], format["schema"]
    strict = kind in _STRICT and _within_limits(schema)
    sent = _subset(schema) if strict else schema
    if manner.mode == "json_schema":
        wire["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": name, "schema": sent, **({"strict": True} if strict else {})},
        }
    elif manner.mode == "tools":
        function = {"name": name, "description": _TOOL, "parameters": sent}
        wire["tools"] = [
            {"type": "function", "function": {**function, **({"strict": True} if strict else {})}}
        ]
        named = {"type": "function", "function": {"name": name}}
        wire["tool_choice"] = "required" if kind == "lmstudio" else named  # LM Studio knows words only
        if strict:
            wire["parallel_tool_calls"] = False
    elif manner.mode == "json_object":
        wire["response_format"] = {"type": "json_object"}
    if manner.shown or manner.mode in ("json_object", "prompted"):
        wire["messages"] = _with_schema(wire["messages"], schema)
    limit = wire.pop("max_tokens")
    wire[manner.limit] = limit + ROOM_TO_THINK if manner.thinks else limit
    if not manner.temperature:
        wire.pop("temperature", None)
    return wire


def spoken(completion: ChatCompletion) -> list[str]:
    """What a completion says: the arguments of its tool calls, else its content."""
    message = completion.choices[0].message
    calls = [getattr(call, "function", None) for call in message.tool_calls or ()]
    return [call.arguments or "" for call in calls if call is not None] or [message.content or ""]


def shows_thoughts(completion: ChatCompletion) -> bool:
    """Whether the model thought before it answered, in any of the places where servers put that."""
    message = completion.choices[0].message
    extra = message.model_extra or {}
    if extra.get("reasoning_content") or extra.get("reasoning") or thinks(message.content or ""):
        return True
    details = completion.usage.completion_tokens_details if completion.usage else None
    return bool(details is not None and details.reasoning_tokens)


def form(schema: Mapping[str, Any]) -> str:
    """A JSON schema as the form of an answer: small models, shown the schema itself, answer with that."""
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


def _with_schema(messages: list[dict[str, Any]], schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The messages with the schema behind the first question, so that what stands before it stays cached."""
    said = _FORM + form(schema)
    first = next(at for at, message in enumerate(messages) if message["role"] == "user")
    question = {**messages[first], "content": f"{messages[first]['content']}\n\n{said}"}
    return [*messages[:first], question, *messages[first + 1 :]]


def _subset(node: Any) -> Any:
    """The schema without the bounds that strict servers do not take; they guard small models from repetition."""
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
    """Whether a schema is small enough for strict; a larger one is sent as a wish, and validated here."""
    properties, labels = _names(schema)
    characters = sum(len(str(name)) for name in (*properties, *labels))
    return (
        len(properties) <= _MOST_PROPERTIES and len(labels) <= _MOST_LABELS and characters <= _MOST_CHARACTERS
    )


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
