from __future__ import annotations

import json
from typing import Any

import pytest

from evals import bench
from evals.plain import PlainDeal, extract
from evals.tables import table
from summarizer.records.deal import DealFacts
from summarizer.records.values import Usage
from tests.fault_server import completion, serve

pytestmark = pytest.mark.slow

REPLY: dict[str, Any] = {
    **dict.fromkeys(PlainDeal.model_fields),
    "is_deal": True,
    **{
        name: []
        for name in (
            "parties",
            "people",
            "use_of_proceeds",
            "rationale",
            "concerns",
            "conditions",
            "earlier_deals",
        )
    },
    "amount": {"value": 180e6, "currency": "EUR", "qualifier": "about", "basis": "unspecified"},
}


def test_the_plain_model_asks_for_the_same_fields() -> None:
    """The baseline has the fields of the deal, in the same order."""
    assert list(PlainDeal.model_fields) == list(DealFacts.model_fields)


def test_the_plain_call_is_one_request_in_json_schema_mode() -> None:
    """One request with the article and the schema; the reply and its tokens come back."""
    with serve([completion(json.dumps(REPLY), prompt=500)]) as served:
        reply = extract("Kettle buys Ponder.", base_url=served.base_url, model="m", api_key="k")
    assert reply.deal is not None
    assert reply.deal.amount is not None
    assert reply.deal.amount.value == 180e6
    assert (reply.usage.requests, reply.usage.prompt_tokens, reply.usage.cached_tokens) == (1, 500, 60)
    assert reply.usage.completion_tokens == 10
    assert len(served.requests) == 1
    assert "Kettle buys Ponder." in served.requests[0]["messages"][-1]["content"]
    assert served.requests[0]["response_format"]["type"] == "json_schema"


def test_a_plain_reply_that_fails_is_not_asked_for_again() -> None:
    """A reply that does not meet the schema costs one request, and is told."""
    with serve([completion('{"is_deal": "perhaps"}')]) as served:
        reply = extract("Kettle buys Ponder.", base_url=served.base_url, model="m", api_key="k")
    assert reply.deal is None
    assert "does not meet the schema" in reply.error
    assert reply.usage.requests == len(served.requests) == 1


def test_the_article_has_as_many_words_as_wanted() -> None:
    """Texts are joined and cut to the length; a sentence that comes again is another one."""
    text = bench.article_of(["One deal was made. Two were not.", "Three were closed."], words=40)
    assert len(text.split()) == 40
    sentences = [part.strip() for part in text.split(".") if len(part.split()) > 2]
    assert len(set(sentences)) == len(sentences)
    assert text.startswith("One deal was made. Two were not.\n\nThree were closed.")


def test_the_short_measurements_run(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model, the bench gives positive times for our own work, the import and the help."""
    monkeypatch.setattr(bench, "WORDS", 300)
    monkeypatch.setattr(bench, "LINES", (23, 46))
    measured = bench.bench({"harbor-quay": text}, model=None, repeat=1)
    assert min(measured["help_ms"], measured["import_ms"], measured["interpreter_ms"]) > 0
    assert measured["own_ms"] > 0
    assert "runs" not in measured
    assert "import summarizer" in bench.report(measured)
    assert json.loads(json.dumps(measured)) == measured


def test_ratios_set_ours_against_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both orders are run for each article; seconds and tokens are summed and divided."""

    def run(system: str, seconds: float, usage: Usage) -> Any:
        return lambda name, order, text, model: bench.Run(name, system, order, seconds, usage)

    ours = Usage(requests=8, prompt_tokens=9000, cached_tokens=8000, completion_tokens=150)
    plain = Usage(requests=1, prompt_tokens=2010, cached_tokens=10, completion_tokens=600)
    monkeypatch.setattr(bench, "_ours", run("ours", 15.0, ours))
    monkeypatch.setattr(bench, "_plain", run("plain", 30.0, plain))
    runs = bench.beside_plain({"a": "text", "b": "text"}, "local", lambda line: None)
    assert [(each.system, each.order) for each in runs[:4]] == [
        ("ours", "ours first"),
        ("plain", "ours first"),
        ("plain", "plain first"),
        ("ours", "plain first"),
    ]
    assert bench.ratios(runs) == {"seconds": 0.5, "read": 0.5, "written": 0.25}
    assert bench.totals(runs, "ours")["requests"] == 32


def test_a_table_lines_up() -> None:
    """The first column stands to the left, numbers to the right."""
    assert table(("field", "n"), [("stake", 5), ("a", 12)]) == "field   n\n-----  --\nstake   5\na      12"
