"""Finds the one JSON object that a reply means, behind fences, thoughts and chatter.

A reply that can be read in two ways, or that ends before its object does, is not read at all: it can be asked
for again, whereas half an answer or the wrong one cannot be recognised later. Reading takes time linear in
the length of the reply.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

_TAGS = "think|thinking|thought|reasoning"
_OPEN = rf"<(?:{_TAGS})>|\[THINK\]"
_CLOSE = rf"</(?:{_TAGS})>|\[/THINK\]"
_NEXT = re.compile(rf"(?P<open>{_OPEN})|(?P<close>{_CLOSE})|\{{(?=\s*[\"}}])", re.IGNORECASE)
_CLOSED = re.compile(_CLOSE, re.IGNORECASE)
_BEGUN = re.compile(r"\{\s*[\"}]")
_THINKING = re.compile(rf"\s*(?:{_OPEN})", re.IGNORECASE)
_MAX_BROKEN = 16  # begun objects that are not JSON; a thoughtful reply has a few, a hostile one thousands


def read_object(text: str, keys: Collection[str]) -> str | None:
    """Return the reply's object as JSON, or None where there is none, or more than one that may be meant.

    ``keys`` are the properties that were asked for. An object with all of them is preferred to one with some,
    which is returned so that the validation can say what is missing. One with none of them is chatter.
    """
    try:
        return _read(text, keys)
    except (RecursionError, ValueError):  # nested a thousand deep, or a number beyond all floats
        return None


def _read(text: str, keys: Collection[str]) -> str | None:
    whole = _decoded(text.strip())
    if isinstance(whole, str):  # some servers encode arguments twice
        return _read(whole, keys)
    objects = [whole] if isinstance(whole, dict) else _outermost(text)
    objects = [_unwrapped(one, keys) for one in objects]
    full = [one for one in objects if all(key in one for key in keys)]
    some = full or [one for one in objects if any(key in one for key in keys)]
    if not some or any(one != some[0] for one in some[1:]):
        return None
    return json.dumps(some[0], allow_nan=False)


def _unwrapped(one: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """The arguments of a tool call written into the reply, as Qwen does where its server does not read them."""
    inner = one.get("arguments", one.get("parameters"))
    inner = _decoded(inner) if isinstance(inner, str) else inner
    if isinstance(inner, dict) and isinstance(one.get("name"), str) and len(one) == 2:
        return inner if keys and all(key in inner for key in keys) else one
    return one


def begun(text: str) -> str:
    """The object that a reply has begun, behind thoughts and chatter; empty where it has begun none."""
    thinking = _THINKING.match(text)
    closed = _CLOSED.search(text, thinking.end()) if thinking else None
    if thinking and closed is None:
        return ""
    brace = _BEGUN.search(text, closed.end() if closed else 0)
    return text[brace.start() :] if brace else ""


def thinks(text: str) -> bool:
    """Whether a reply shows its thoughts."""
    return re.search(_OPEN, text, re.IGNORECASE) is not None or _CLOSED.search(text) is not None


def _outermost(text: str) -> list[dict[str, Any]]:
    """The objects of a text that are in no other object; none where one is begun and not ended."""
    found: list[dict[str, Any]] = []
    at = broken = 0
    while (sign := _NEXT.search(text, at)) is not None:
        at = sign.end()
        if sign["open"]:
            closed = _CLOSED.search(text, at)
            if closed is None:  # cut while it was thinking
                return found
            at = closed.end()
        elif sign["close"]:  # the opening tag was at the end of the prompt: everything before was thoughts
            found.clear()
        else:
            one, end = _decode(text, sign.start())
            if one is not None:
                found.append(one)
                at = end
                continue
            # What is inside a broken object is not the answer. Only thoughts may hold broken objects.
            broken += 1
            closed = _CLOSED.search(text, at) if broken <= _MAX_BROKEN else None
            if closed is None:
                return []
            found.clear()
            at = closed.end()
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


# A line end inside a string is not JSON, but there is only one way to read it.
_decoder = json.JSONDecoder(strict=False, parse_constant=_refuse)


def _decode(text: str, start: int) -> tuple[dict[str, Any] | None, int]:
    try:
        value, end = _decoder.raw_decode(text, start)
    except (ValueError, RecursionError):  # ValueError also for integers of thousands of digits
        return None, start
    return value, end


def _decoded(text: str) -> Any:
    try:
        return _decoder.decode(text)
    except (ValueError, RecursionError):
        return None
