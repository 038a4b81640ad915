"""A server that reads our articles: it counts how often each is asked, and may fail some."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evals.loopback import emptiest_deal
from tests.fault_server import Answer, Request, completion, schema_of


def command(base_url: str, *arguments: str | Path) -> list[str]:
    """The arguments of a process that runs ``summarizer batch`` on a server."""
    batch = [sys.executable, "-m", "summarizer", "batch", *map(str, arguments)]
    return [*batch, "--model", "m", "--base-url", base_url, "--api-key", "sk-secret"]


@dataclass
class Answering:
    """Fills any schema, after ``seconds``; ``asked`` counts requests by the number in the article."""

    seconds: float = 0.0
    asked: Counter[int] = field(default_factory=Counter)
    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Answer:
        sent = " ".join(str(message["content"]) for message in request["messages"])
        found = re.search(r"Birch Mills (\d+)", sent)
        assert found is not None
        filled = quoting(schema_of(request), int(found[1]))
        with self._lock:
            self.requests += 1
            self.asked[int(found[1])] += 1
        time.sleep(self.seconds)
        return completion(json.dumps(filled), prompt=len(sent) // 4)


def quoting(schema: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The emptiest answer about an article of ours, but for that it is a deal, its amount and its date."""
    filled = emptiest_deal(schema)
    if "amount" in filled:
        filled["amount"] = {
            "quote": f"${number + 1} million",
            "sentence": 1,
            "basis": "total",
            "undisclosed": False,
        }
    if "announced_on" in filled:
        filled["announced_on"] = {"quote": "4 May 2031", "sentence": 1}
    return filled
