"""A streamed chat completion: its server-sent events are read as they come and put together into one completion.

The completion has the form of an answer that is not streamed, so ``completion`` reads both. Reading takes
time linear in the length of the stream, however it is cut into chunks.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

from summarizer.llm.completion import content_parts

_LINE_END = re.compile(r"\r\n|\n|\r")
_EVENTS = re.compile(r"\s*(?:data|event|id|retry)?:")
_DONE = "[DONE]"
_TEXTS = ("reasoning_content", "reasoning", "refusal")  # of a delta, beside its content


class Incomplete(ValueError):
    """The stream ended before the reply did."""


class Events:
    """The events of one response. ``begun``: there was one; ``done``: the rest is of no matter."""

    def __init__(self) -> None:
        self.begun = self.done = False
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
        self._line: list[str] = []  # the pieces of a line whose end has not come yet
        self._returned = False  # the last character was a carriage return, whose line feed may follow
        self._event = ""
        self._data: list[str] = []
        self._reply = _Reply()
        self._damage: ValueError | None = None

    @property
    def text(self) -> str:
        """The reply so far: the arguments of its first tool call, or else its content."""
        return self._reply.text

    def feed(self, chunk: bytes) -> bool:
        """Read a chunk; return whether the stream is done. What is wrong with it ``completion`` tells."""
        if not self.done:
            self._read(self._decoder.decode(chunk))
        return self.done

    def completion(self) -> dict[str, Any]:
        """What the stream amounts to: a completion, or the error that a server sent in it.

        Raises ValueError where an event is no JSON object, and Incomplete where the reply was not finished.
        """
        if not self.done:  # the last event may lack the empty line behind it
            self._read("\n\n")
        if self._damage is not None:
            raise self._damage
        if self._reply.error is not None:
            return {"error": self._reply.error}
        if not self.done and not self._reply.finish_reason:
            raise Incomplete("the stream ended before the reply did")
        return self._reply.completion()

    def _read(self, text: str) -> None:
        if self._returned and text:
            text, self._returned = text.removeprefix("\n"), False
        if "\n" not in text and "\r" not in text:
            self._line.append(text)
            return
        self._returned = text.endswith("\r")
        lines = _LINE_END.split("".join((*self._line, text)))
        self._line = [lines.pop()]
        for line in lines:
            self._take(line)
            if self.done:
                return

    def _take(self, line: str) -> None:
        """Read a line: a field, a comment, or the empty line that ends an event."""
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if line == "":
            self._end_event()
        elif name == "event":
            self._event = value
        elif name in ("data", "error"):  # llama.cpp has sent its errors in a field of that name
            self._event = "error" if name == "error" else self._event
            self._data.append(value)

    def _end_event(self) -> None:
        data, event = "\n".join(self._data).strip(), self._event
        self._data, self._event = [], ""
        if not data:
            return
        self.begun = True
        if data == _DONE:
            self.done = True
            return
        try:
            read = json.loads(data)
            self._reply.add({"error": read.get("error", read)} if event == "error" else read)
        except (ValueError, AttributeError, TypeError, RecursionError):
            self._damage = ValueError("an event is not a chunk of a chat completion")
        self.done = self._damage is not None or self._reply.error is not None


class _Reply:
    """The first choice of a completion, put together from its chunks."""

    def __init__(self) -> None:
        self.finish_reason = ""
        self.error: Any = None
        self._choices = 0
        self._content: list[str] = []
        self._beside: dict[str, list[str]] = {name: [] for name in _TEXTS}
        self._calls: dict[int, list[str]] = {}  # the pieces of the arguments of each tool call
        self._usage: Any = None

    @property
    def text(self) -> str:
        return "".join(next(iter(self._calls.values()), self._content))

    def add(self, chunk: dict[str, Any]) -> None:
        """Add a chunk. Raises ValueError, AttributeError or TypeError where it cannot be one."""
        if chunk.get("error"):
            self.error = chunk["error"]
            return
        self._usage = chunk.get("usage") or self._usage  # of all so far, where each chunk has one
        for choice in chunk.get("choices") or ():
            if choice.get("index") in (0, None):
                self._choices = 1
                self.finish_reason = choice.get("finish_reason") or self.finish_reason
                self._add_delta(choice.get("delta") or choice.get("message") or {})

    def _add_delta(self, delta: dict[str, Any]) -> None:
        self._content += content_parts(delta.get("content"))
        for name, texts in self._beside.items():
            if isinstance(delta.get(name), str):
                texts.append(delta[name])
        for call in delta.get("tool_calls") or ():
            arguments = (call.get("function") or {}).get("arguments") or ""
            pieces = self._calls.setdefault(self._place(call), [])
            pieces.append(arguments if isinstance(arguments, str) else json.dumps(arguments))

    def _place(self, call: dict[str, Any]) -> int:
        """Which of the tool calls a piece belongs to; some servers number none, and give only the first piece an id."""
        index = call.get("index")
        if isinstance(index, int):
            return index
        return len(self._calls) if call.get("id") or not self._calls else max(self._calls)

    def completion(self) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": "".join(self._content) or None}
        message |= {name: "".join(texts) for name, texts in self._beside.items() if texts}
        if self._calls:
            message["tool_calls"] = [
                {"type": "function", "function": {"arguments": "".join(pieces)}}
                for pieces in self._calls.values()
            ]
        choice = {"index": 0, "finish_reason": self.finish_reason, "message": message}
        return {"choices": [choice] * self._choices, "usage": self._usage}


def is_events(text: str) -> bool:
    """Whether a body that is not declared as an event stream looks like one."""
    return _EVENTS.match(text) is not None


def read_events(text: str) -> dict[str, Any]:
    """Put a whole event stream together; raises as ``Events.completion`` does."""
    events = Events()
    events.feed(text.encode())
    return events.completion()
