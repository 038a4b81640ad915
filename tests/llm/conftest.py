"""One question over HTTP: its draft, its good answer, and an endpoint that asks without waiting between tries."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import SecretStr

from summarizer.llm import transport as module
from summarizer.llm.base import Profile
from summarizer.llm.endpoint import Endpoint
from summarizer.records.drafts import Draft
from tests.fault_server import Served, completion

PROFILE = Profile(plan="whole", trust="model", concurrency=1, reasks=1)
GOOD = completion('{"answer": "yes"}')
DEAL = (
    "Orchard Foods said on Monday it will buy Ash Mills for $3 million. Ash Mills makes flour in the north."
)


class Pick(Draft):
    answer: Literal["yes", "no"]


def endpoint(served: Served, **options: Any) -> Endpoint:
    return Endpoint("m", served.base_url, SecretStr("k-secret"), PROFILE, **{"timeout": 20, **options})


@pytest.fixture
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_backoff", lambda state: 0.0)
