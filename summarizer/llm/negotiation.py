"""Finds out which style of request an endpoint takes, and remembers it in the cache folder.

Nothing is probed: the first request is sent in the most likely style, and the server's error message decides
the next one. Only a style other than the most likely one is written down. It expires after a week, so that an
updated server is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from summarizer.errors import ContextExceeded, Refused, SummarizerError
from summarizer.llm.modes import RequestStyle
from summarizer.llm.providers import MODES, provider
from summarizer.llm.weights import cache_dir
from summarizer.settings import public_address

_FORGOTTEN_AFTER = 7 * 24 * 3600.0  # seconds
_ABOUT_LIMIT = re.compile(r"max_completion_tokens", re.IGNORECASE)
_ABOUT_TEMPERATURE = re.compile(r"temperature", re.IGNORECASE)
_ABOUT_STREAM = re.compile(r"\bstream|include.?usage", re.IGNORECASE)
_ABOUT_STREAM_OPTIONS = re.compile(r"stream.?options|include.?usage", re.IGNORECASE)
_ABOUT_MODE = re.compile(
    r"response.?format|json.?(schema|object|mode)|\bschema|\btools?\b|tool.?(choice|use|call)|grammar|guided|"
    r"structured|function.call|parallel_tool",
    re.IGNORECASE,
)


@dataclass
class Negotiation:
    """The style for one endpoint and model, as far as it is known. ``fixed``: it is given, not negotiated."""

    base_url: str
    model: str
    kind: str
    style: RequestStyle
    fixed: bool = False
    confirmed: bool = False
    _refused: set[str] = field(default_factory=set)

    def about_style(
        self, status: int, said: str, explained: SummarizerError, *, streamed: bool = False
    ) -> bool:
        """Whether an error answer is about the style of the request, not about the request itself.

        ``streamed``: the request asked for a stream.
        """
        if isinstance(explained, (ContextExceeded, Refused)) or self.kind == "embedded":
            return False
        if status == 500:  # transient, unless the server never took a request of this style
            return not self.confirmed and _ABOUT_MODE.search(said) is not None
        if status == 404 and "support" not in said.lower():
            return False
        words = [_ABOUT_LIMIT, _ABOUT_TEMPERATURE, _ABOUT_MODE, *([_ABOUT_STREAM] if streamed else [])]
        return status in (400, 404, 405, 415, 422, 501) and any(word.search(said) for word in words)

    def refused(self, style: RequestStyle, said: str, *, streamed: bool = False) -> bool:
        """Record that ``style`` was refused with these words; return whether there is another to try."""
        if style != self.style:  # another worker has recorded it already
            return True
        if streamed and _ABOUT_STREAM.search(said):
            plain = style.stream == "usage" and _ABOUT_STREAM_OPTIONS.search(said)
            return self._turn(replace(style, stream="plain" if plain else "none"))
        if _ABOUT_LIMIT.search(said) and style.limit == "max_tokens":
            return self._turn(replace(style, limit="max_completion_tokens", thinks=True))
        if _ABOUT_TEMPERATURE.search(said) and style.temperature:
            return self._turn(replace(style, temperature=False))
        if self.fixed or not _ABOUT_MODE.search(said):
            return False
        self._refused.add(style.mode)
        left = [mode for mode in provider(self.kind).modes if mode not in self._refused]
        if not left:
            self._refused.clear()
        return bool(left) and self._turn(replace(style, mode=left[0]))

    def _turn(self, style: RequestStyle) -> bool:
        self.style, self.confirmed = style, False
        return True

    def answered(self, style: RequestStyle) -> None:
        """Record that a request in ``style`` was answered, and remember it for the next run."""
        if style == self.style and not self.confirmed:
            self.confirmed = True
            self._refused.clear()
            self._remember()

    def invalid(self, style: RequestStyle) -> None:
        """Record that a reply did not meet its schema: from now on the schema is in the prompt as well."""
        if style == self.style and not style.shown and style.mode in ("json_schema", "tools"):
            self._learn(replace(style, shown=True))

    def thinking(self, style: RequestStyle) -> None:
        """Record that the model shows its thoughts: from now on it gets room for them."""
        if style == self.style and not style.thinks:
            self._learn(replace(style, thinks=True))

    def _learn(self, style: RequestStyle) -> None:
        if not self.fixed or self.kind != "embedded":
            self.style = style
            self._remember()

    def _remember(self) -> None:
        if self.fixed:
            return
        path = _path(self.base_url, self.model)
        if self.style == RequestStyle(provider(self.kind).modes[0]):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return
        note = {"address": public_address(self.base_url), "model": self.model, "learnt": time.time()}
        # If the folder cannot be written to, the next run spends a request or two more.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, json.dumps({**note, **asdict(self.style)}, indent=1))


def begin(base_url: str, model: str, kind: str, mode: str | None = None) -> Negotiation:
    """Begin with the remembered style, else with the most likely one; a given ``mode`` is the only one used."""
    default = RequestStyle(mode or provider(kind).modes[0])
    known = None if mode else _recall(base_url, model)
    return Negotiation(base_url, model, kind, known or default, fixed=mode is not None)


def _path(base_url: str, model: str) -> Path:
    digest = hashlib.sha256(f"{base_url}\n{model}".encode()).hexdigest()
    return cache_dir() / "endpoints" / f"{digest[:24]}.json"


def _recall(base_url: str, model: str) -> RequestStyle | None:
    try:
        note = json.loads(_path(base_url, model).read_bytes())
        if not 0 <= time.time() - float(note["learnt"]) < _FORGOTTEN_AFTER or note["mode"] not in MODES:
            return None
        return RequestStyle(
            mode=note["mode"],
            shown=bool(note["shown"]),
            thinks=bool(note["thinks"]),
            limit="max_completion_tokens" if note["limit"] == "max_completion_tokens" else "max_tokens",
            temperature=bool(note["temperature"]),
            stream=note["stream"] if note.get("stream") in ("plain", "none") else "usage",
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # nothing usable is remembered


def _write(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".json")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
