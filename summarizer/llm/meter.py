"""What the requests behind one reply cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.schema.values import Usage

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion


@dataclass
class Meter:
    """Counts requests, tokens and seconds; ``raw`` is the last reply as the server sent it."""

    requests: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    seconds: float = 0.0
    raw: str = ""

    def count(self, completion: ChatCompletion) -> None:
        """Add what a completion reports; a server that reports nothing adds nothing."""
        usage = completion.usage
        if usage is None:
            return
        self.prompt += usage.prompt_tokens or 0
        self.completion += usage.completion_tokens or 0
        details = usage.prompt_tokens_details
        self.cached += (details.cached_tokens or 0) if details is not None else 0

    @property
    def tokens(self) -> int:
        """All tokens, read and written."""
        return self.prompt + self.completion

    @property
    def usage(self) -> Usage:
        """The same for the record."""
        return Usage(
            requests=self.requests,
            prompt_tokens=self.prompt,
            cached_tokens=self.cached,
            completion_tokens=self.completion,
            seconds=round(self.seconds, 3),
        )
