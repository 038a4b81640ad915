"""A model in process whose every answer, delay and fault is told by the article, and texts for it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch.store import Store
from summarizer.errors import (
    AuthenticationError,
    EndpointUnavailable,
    InvalidReply,
    QuotaExceeded,
    RateLimited,
    Refused,
)
from summarizer.llm.base import Profile, Reply, Request
from summarizer.records.values import Usage

from .answering import quoting
from .provider_folder import Folder

FAULTS: dict[str, Any] = {
    "refused": lambda: Refused("It refused.", attempts=1),
    "invalid": lambda: InvalidReply("No schema.", attempts=2, usage=Usage(requests=2, prompt_tokens=200)),
    "down": lambda: EndpointUnavailable("It is down.", attempts=4),
    "limited": lambda: RateLimited("Too many.", attempts=10),
    "key": lambda: AuthenticationError("The key was refused.", attempts=1),
    "quota": lambda: QuotaExceeded("Nothing left.", attempts=1),
    "bug": lambda: ZeroDivisionError("oops"),
}


def text(number: int, told: str = "") -> str:
    """An article about an invented deal; ``told`` names a fault, or what else the model is to do."""
    return (
        f"Alder Paper said on 4 May 2031 it will buy Birch Mills {number} for ${number + 1} million in cash. "
        f"The reference is {told or 'none'}."
    )


def texts(count: int, told: dict[int, str] | None = None) -> list[tuple[str, str]]:
    return [(f"a{n}", text(n, (told or {}).get(n, ""))) for n in range(count)]


@dataclass
class Scripted:
    """Answers with the amount and the date after ``seconds``; an article may name a fault. Counts what it is asked."""

    seconds: float = 0.0
    name: str = "scripted"
    endpoint: str = "test"
    mode: str = "json_schema"
    profile: Profile = field(
        default_factory=lambda: Profile(plan="whole", trust="model", concurrency=4, reasks=0)
    )
    asked: Counter[str] = field(default_factory=Counter)
    faults: dict[str, Any] = field(default_factory=lambda: dict(FAULTS))
    in_flight: int = 0
    most: int = 0

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        number = re.search(r"Birch Mills (\d+)", request.article)
        told = re.search(r"reference is (\w+)", request.article)
        assert number is not None
        assert told is not None
        self.asked[number[1]] += 1
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(30 if told[1] == "hang" else self.seconds)
        finally:
            self.in_flight -= 1
        if told[1] in self.faults:
            raise self.faults[told[1]]()
        draft = request.draft.model_validate(quoting(request.draft.model_json_schema(), int(number[1])))
        return Reply(draft, Usage(requests=1, prompt_tokens=100, completion_tokens=10))


@pytest.fixture
def model() -> Scripted:
    return Scripted()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    with Store(tmp_path / "journal.sqlite") as store:
        yield Folder(tmp_path, store)
