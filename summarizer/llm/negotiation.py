"""What is found out about an endpoint and its model, and remembered in the cache folder for the next run.

Nothing is probed: the first request that an article needs is sent in the likeliest manner, and what the server
says against it tells the next one. Only what differs from the likeliest is written down, and forgotten after a
week, so that a server that has learnt something is found out.
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
from summarizer.llm.modes import Manner, order
from summarizer.llm.weights import cache_dir
from summarizer.settings import MODES, public_address

_FORGOTTEN_AFTER = 7 * 24 * 3600.0  # seconds
_ABOUT_LIMIT = re.compile(r"max_completion_tokens", re.IGNORECASE)
_ABOUT_TEMPERATURE = re.compile(r"temperature", re.IGNORECASE)
_ABOUT_MODE = re.compile(
    r"response.?format|json.?(schema|object|mode)|\bschema|\btools?\b|tool.?(choice|use|call)|grammar|guided|"
    r"structured|function.call|parallel_tool",
    re.IGNORECASE,
)


@dataclass
class Negotiation:
    """The manner for one endpoint and model, as far as it is known. ``fixed``: it is given and not looked for."""

    base_url: str
    model: str
    kind: str
    manner: Manner
    fixed: bool = False
    confirmed: bool = False
    _refused: set[str] = field(default_factory=set)

    def concerned(self, status: int, said: str, explained: SummarizerError) -> bool:
        """Whether an answer that is no completion speaks of the manner of the request, not of the request."""
        if isinstance(explained, (ContextExceeded, Refused)) or self.kind == "embedded":
            return False
        if status == 500:  # it passes, unless the server never took a request like this
            return not self.confirmed and _ABOUT_MODE.search(said) is not None
        if status == 404 and "support" not in said.lower():
            return False
        words = (_ABOUT_LIMIT, _ABOUT_TEMPERATURE, _ABOUT_MODE)
        return status in (400, 404, 405, 415, 422, 501) and any(word.search(said) for word in words)

    def refused(self, manner: Manner, said: str) -> bool:
        """Take in that a request in ``manner`` was refused with these words; return whether another is worth a try."""
        if manner != self.manner:  # another worker has been told already
            return True
        if _ABOUT_LIMIT.search(said) and manner.limit == "max_tokens":
            return self._turn(replace(manner, limit="max_completion_tokens", thinks=True))
        if _ABOUT_TEMPERATURE.search(said) and manner.temperature:
            return self._turn(replace(manner, temperature=False))
        if self.fixed or not _ABOUT_MODE.search(said):
            return False
        self._refused.add(manner.mode)
        left = [mode for mode in order(self.kind) if mode not in self._refused]
        if not left:
            self._refused.clear()
        return bool(left) and self._turn(replace(manner, mode=left[0]))

    def _turn(self, manner: Manner) -> bool:
        self.manner, self.confirmed = manner, False
        return True

    def answered(self, manner: Manner) -> None:
        """Take in that a request in ``manner`` was answered, and remember it for the next run."""
        if manner == self.manner and not self.confirmed:
            self.confirmed = True
            self._refused.clear()
            self._remember()

    def broken(self, manner: Manner) -> None:
        """Take in that a reply did not meet its schema: from now on the schema is shown as well."""
        if manner == self.manner and not manner.shown and manner.mode in ("json_schema", "tools"):
            self._learn(replace(manner, shown=True))

    def thinking(self, manner: Manner) -> None:
        """Take in that the model shows thoughts: from now on it gets room for them."""
        if manner == self.manner and not manner.thinks:
            self._learn(replace(manner, thinks=True))

    def _learn(self, manner: Manner) -> None:
        if not self.fixed or self.kind != "embedded":
            self.manner = manner
            self._remember()

    def _remember(self) -> None:
        if self.fixed:
            return
        path = _path(self.base_url, self.model)
        if self.manner == Manner(order(self.kind)[0]):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return
        note = {"address": public_address(self.base_url), "model": self.model, "learnt": time.time()}
        # A folder that cannot be written costs a request or two in the next run, and nothing now.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, json.dumps({**note, **asdict(self.manner)}, indent=1))


def begin(base_url: str, model: str, kind: str, mode: str | None = None) -> Negotiation:
    """Begin with what is remembered, else with the likeliest; with ``mode`` only that one is used."""
    likeliest = Manner(mode or order(kind)[0])
    known = None if mode else _recall(base_url, model)
    return Negotiation(base_url, model, kind, known or likeliest, fixed=mode is not None)


def forget(base_url: str, model: str) -> None:
    """Forget what is remembered of an endpoint and its model."""
    with contextlib.suppress(OSError):
        _path(base_url, model).unlink(missing_ok=True)


def _path(base_url: str, model: str) -> Path:
    digest = hashlib.sha256(f"{base_url}\n{model}".encode()).hexdigest()
    return cache_dir() / "endpoints" / f"{digest[:24]}.json"


def _recall(base_url: str, model: str) -> Manner | None:
    try:
        note = json.loads(_path(base_url, model).read_bytes())
        if not 0 <= time.time() - float(note["learnt"]) < _FORGOTTEN_AFTER or note["mode"] not in MODES:
            return None
        return Manner(
            mode=note["mode"],
            shown=bool(note["shown"]),
            thinks=bool(note["thinks"]),
            limit="max_completion_tokens" if note["limit"] == "max_completion_tokens" else "max_tokens",
            temperature=bool(note["temperature"]),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None  # nothing there, or nothing that can be used: it is found out again


def _write(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".json")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
