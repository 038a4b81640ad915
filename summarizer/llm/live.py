"""Shows a reply to its watcher while it is written, as often as it can be looked at without holding up other work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from summarizer.llm.events import Events
from summarizer.llm.replies import begun

_PAUSE = 0.05  # seconds between two looks at a reply
_SHARE = (
    4  # the pause is at least so many times what the last look took, as a look reads the reply from its start
)


class Live:
    """One streamed response. ``on_part`` is called with the reply so far, and before it begins with an empty text.

    It is called by the event loop, which logs what it raises: the reply does not depend on who watches it.
    """

    def __init__(self, on_part: Callable[[str], None]) -> None:
        self._on_part = on_part
        self._events = Events()
        self._shown = ""
        self._pause = _PAUSE
        self._next: asyncio.TimerHandle | None = None
        on_part("")

    @property
    def begun(self) -> bool:
        """Whether the response was streamed at all."""
        return self._events.begun

    def feed(self, chunk: bytes) -> bool:
        """Read a chunk of the response; return whether the rest is of no matter."""
        done = self._events.feed(chunk)
        if self._next is None and not done:
            self._next = asyncio.get_running_loop().call_later(self._pause, self._show)
        return done

    def completion(self) -> dict[str, Any]:
        """The completion, or the server's error; raises as ``Events.completion`` does."""
        return self._events.completion()

    def close(self) -> None:
        """Show nothing more."""
        if self._next is not None:
            self._next.cancel()

    def _show(self) -> None:
        self._next = None
        start = time.perf_counter()
        text = begun(self._events.text)
        if text != self._shown:
            self._shown = text
            self._on_part(text)
        self._pause = max(_PAUSE, _SHARE * (time.perf_counter() - start))
