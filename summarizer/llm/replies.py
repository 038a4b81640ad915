"""The one JSON object that a reply means, behind fences, thoughts and chatter; or none.

A reply that can be read in two ways, or ends before its object does, is not read at all: what was asked can
be asked again, and half an answer, or the wrong one, cannot be told from a right one later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

_TAGS = "think|thinking|thought|reasoning"
_OPEN = rf"<(?:{_TAGS})>|\[THINK\]"
_CLOSE = rf"</(?:{_TAGS})>|\[/THINK\]"
_NEXT = re.compile(rf"(?P<open>{_OPEN})|(?P<close>{_CLOSE})|(?P<brace>\{{)", re.IGNORECASE)
_CLOSED = re.compile(_CLOSE, re.IGNORECASE)
_BEGUN = re.compile(r"\{\s*\"")


def read_object(text: str, keys: Collection[str]) -> str | None:
    """Return the reply's object as JSON, or None where there is none, or more than one that may be meant.

    ``keys`` are the properties that were asked for. An object with all of them goes before one with some,
    which is returned for the validation to say what is missing; one with none of them is chatter.
    """
    try:
        return _read(text, keys)
    except RecursionError:  # no answer is nested a thousand deep
        return None


def _read(text: str, keys: Collection[str]) -> str | None:
    whole = _decoded(text.strip())
    if isinstance(whole, str):  # some servers encode arguments twice
        return _read(whole, keys)
    objects = [whole] if isinstance(whole, dict) else _outermost(text)
    full = [one for one in objects if all(key in one for key in keys)]
    some = full or [one for one in objects if any(key in one for key in keys)]
    if not some or any(one != some[0] for one in some[1:]):
        return None
    return json.dumps(some[0])


def thinks(text: str) -> bool:
    """Whether a reply shows its thoughts."""
    return re.search(_OPEN, text, re.IGNORECASE) is not None or _CLOSED.search(text) is not None


def _outermost(text: str) -> list[dict[str, Any]]:
    """The objects of a text that stand in no other; none at all where one is begun and not ended."""
    found: list[dict[str, Any]] = []
    at = 0
    while (sign := _NEXT.search(text, at)) is not None:
        at = sign.end()
        if sign["open"]:
            closed = _CLOSED.search(text, at)
            if closed is None:  # cut while it was thinking
                return found
            at = closed.end()
        elif sign["close"]:  # the opening tag stood at the end of the prompt: all of it was thoughts
            found.clear()
        else:
            one, end = _decode(text, sign.start())
            if one is not None:
                found.append(one)
                at = end
            elif _BEGUN.match(text, sign.start()):
                # What stands inside a broken object is not the answer; only thoughts may be broken.
                closed = _CLOSED.search(text, at)
                if closed is None:
                    return []
                found.clear()
                at = closed.end()
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


# Line ends inside a string are no JSON, but there is only one way to read them.
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
