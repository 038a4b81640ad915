"""Counts what the requests behind one reply cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from summarizer.records.values import Usage

if TYPE_CHECKING:
    from summarizer.llm.completion import Completion


@dataclass
class Meter:
    """Counts requests, tokens and seconds; ``raw`` is the last reply as the server sent it."""

    requests: int = 0
    prompt: int = 0
    cached: int = 0
    completion: int = 0
    seconds: float = 0.0
    raw: str = ""

    def count(self, completion: Completion) -> None:
        """Add the tokens that a completion reports, if any."""
        tokens = completion.tokens
        if tokens is None:
            return
        self.prompt += tokens.prompt
        self.completion += tokens.completion
        self.cached += tokens.cached or 0

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt + self.completion

    @property
    def usage(self) -> Usage:
        """The same as the record's usage."""
        return Usage(
            requests=self.requests,
            prompt_tokens=self.prompt,
            cached_tokens=self.cached,
            completion_tokens=self.completion,
            seconds=round(self.seconds, 3),
        )
