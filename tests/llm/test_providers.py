"""Each entry of the table of providers is enough: address, modes, messages. An added entry needs no other code."""

from __future__ import annotations

import pytest

from summarizer.llm import providers
from summarizer.llm.modes import AnswerSchema, RequestStyle, encode_request
from summarizer.llm.negotiation import begin
from summarizer.llm.providers import MODES, PROVIDERS, Provider
from summarizer.llm.statuses import Asked
from summarizer.settings import resolve

ADDED = Provider(
    "http://localhost:4321/v1",
    modes=("tools", "prompted"),
    named_tool=False,
    start="Start it with: added run.",
)
TABLE = {**PROVIDERS, "added": ADDED}
SCHEMA = AnswerSchema("Answers", {"type": "object", "properties": {"answer": {"type": "string"}}})
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "?"}], "max_tokens": 9}


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "PROVIDERS", TABLE)
    monkeypatch.setattr("summarizer.settings.PROVIDERS", TABLE)


@pytest.mark.parametrize("name", TABLE)
def test_an_entry_of_the_table_is_all_that_a_provider_needs(name: str) -> None:
    entry = TABLE[name]
    settings = resolve(f"{name}/m", api_key="k-secret")
    assert (settings.model, settings.base_url, settings.kind) == ("m", entry.base_url, name)
    assert resolve("m", entry.base_url, "k-secret").kind == name
    assert set(entry.modes) <= set(MODES)
    assert begin(str(entry.base_url), "m", name).style.mode == entry.modes[0]
    assert Asked("e", "m", name).start == entry.start
    choice = encode_request(REQUEST, SCHEMA, RequestStyle("tools"), name)["tool_choice"]
    assert isinstance(choice, dict) is entry.named_tool
