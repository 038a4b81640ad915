"""Shared by all tests: an article about invented companies, and a model that answers what it is told."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from evals.loopback import fill
from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory
from summarizer.llm.base import Profile, Reply, Request
from summarizer.records.values import Usage

# A shell that runs the tests in the background has them ignore Ctrl-C, and their children too: tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Other work on the machine is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ARTICLE = """Norrlund Buys Into Tidewell

Norrlund Energy AB said on 4 May 2031 it will invest about €2.1 billion in Tidewell, a maker of tidal turbines.
The deal gives Norrlund a 30% non-voting stake and values Tidewell at more than €7 billion.
Mira Castellan, chief executive of Tidewell, will join Norrlund to lead its marine division. She will keep a seat on the board of Tidewell.
Jonas Pell, the finance chief, has been named interim chief executive.
Tidewell will use the proceeds to build a second plant and to hire engineers.
Unions raised concerns about jobs at the old yard.
The transaction is subject to approval by regulators in Lisbon.
Tidewell raised €150 million at a valuation of €900 million in 2028.
Revenue of Tidewell was €310 million last year.

Related articles
Harrow Foods buys Pellet Mills for €9.9 billion
"""
# Its lead has no word of a transaction but a vague one, so the model is asked first whether it reports a deal.
VAGUE = (
    "Norrlund and Tidewell have a deal, people in the north heard.\n"
    "The weather was cold. The wind was strong. Few ships sailed. The harbour was quiet. Dusk came early.\n"
    "Snow fell. The ferry was late. Gulls cried. A bell rang. Somebody sang. Nobody heard it. Lamps were lit. The tide turned.\n\n"
) + ARTICLE.partition("\n\n")[2]


FACETED = Profile(plan="faceted", trust="rules", concurrency=1, reasks=0)


@dataclass
class FakeModel:
    """Fills each draft from a table by property, or from a function of the JSON schema; keeps the requests."""

    answers: Mapping[str, Any] | Callable[[dict[str, Any]], Any]
    profile: Profile = FACETED
    name: str = "fake"
    endpoint: str = "test"
    mode: str = "json_schema"
    requests: list[Request[Any]] = field(default_factory=list)

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        self.requests.append(request)
        schema = request.draft.model_json_schema()
        if callable(self.answers):
            filled = self.answers(schema)
        else:
            filled = {name: answer(self.answers, name, part) for name, part in schema["properties"].items()}
        draft = request.draft.model_validate_json(json.dumps(filled))
        return Reply(draft, Usage(requests=1, prompt_tokens=100, cached_tokens=60, completion_tokens=10))


def answer(answers: Mapping[str, Any], name: str, part: dict[str, Any]) -> Any:
    """The answer of a table, in the form that is asked for: names of people, or people with their jobs."""
    if name != "people" or name not in answers:
        return answers.get(name, fill(part))
    names = answers[name]
    if part["type"] == "object":
        return {row: JOBS[row] for row in part["properties"]}
    if part["items"]["type"] == "object":
        return [{"name_of_the_person": one, **JOBS[one.replace(" ", "_")]} for one in names]
    return names


NAMED = ["Mira Castellan", "Jonas Pell"]
JOBS = {
    "Mira_Castellan": {"job_so_far": "chief executive of Tidewell", "new_job": "lead its marine division"},
    "Jonas_Pell": {"job_so_far": "finance chief", "new_job": "interim chief executive"},
}

ANSWERS: dict[str, Any] = {
    "is_deal": "yes",
    "buyer_or_investor": "Norrlund Energy AB",
    "bought_or_invested_in": "Tidewell",
    "people": NAMED,
    "use_of_proceeds": ["build a second plant", "hire engineers"],
    "headline": "Norrlund invests about €2.1 billion in Tidewell",
    "narrative": "Norrlund takes a 30% stake in Tidewell. The deal values Tidewell at more than €7 billion.",
}


@pytest.fixture(autouse=True)
def _no_memory(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What one test finds out about an endpoint is not remembered for the next; weights are for live tests."""
    if request.node.get_closest_marker("live") is None:
        monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def inventory() -> Inventory:
    return take_inventory(read_document(ARTICLE, id="norrlund"))


@pytest.fixture
def model() -> FakeModel:
    return FakeModel(ANSWERS)
