"""Plan ``whole`` over HTTP in each mode: what is sent, and what comes of each kind of fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evals.loopback import emptiest_deal
from summarizer import DealSummary, errors, summarize
from summarizer.asking.drafts import draft_of
from summarizer.settings import MODES
from tests.fault_server import Answer, Request, Served, completion, error, mode_of, schema_of, serve

from .conftest import DEAL, endpoint

pytestmark = pytest.mark.usefixtures("no_waiting")

SCHEMA = draft_of(DealSummary).model_json_schema()
QUOTED = {"quote": "$3 million", "sentence": 1, "basis": "total", "undisclosed": False}
RIGHT = {**emptiest_deal(SCHEMA), "amount": QUOTED}
INVENTED = {**RIGHT, "amount": {**QUOTED, "quote": "$9 billion"}}
JSON = json.dumps(RIGHT)

IN_EACH_MODE = pytest.mark.parametrize("mode", MODES)


def said(text: str, mode: str, **how: Any) -> Answer:
    """A reply with this text where the mode has it: in the content, or in the arguments of a tool call."""
    return completion(None, calls=[text], **how) if mode == "tools" else completion(text, **how)


def read(served: Served, mode: str, folder: Path) -> DealSummary:
    config = folder / f"{mode}.toml"
    config.write_text(f'mode = "{mode}"\n', encoding="utf-8")
    return summarize(DEAL, model="m", base_url=served.base_url, api_key="k", config=config)


Make = Callable[[str], Answer]

# The first answer, and how many requests it takes to the record.
OVERCOME: dict[str, tuple[Make, int]] = {
    "no fault": (lambda mode: said(JSON, mode), 1),
    "a fence": (lambda mode: said(f"Sure:\n```json\n{JSON}\n```", mode), 1),
    "thoughts": (lambda mode: said(f"<think>Is it {{x}}?</think>{JSON}", mode), 1),
    "a field left out": (
        lambda mode: said(json.dumps({"is_deal": RIGHT["is_deal"], "amount": QUOTED}), mode),
        1,
    ),
    "bare values": (lambda mode: said(json.dumps({**RIGHT, "amount": "$3 million"}), mode), 1),
    "a field too many": (lambda mode: said(json.dumps({**RIGHT, "mood": "good"}), mode), 1),
    "no JSON": (lambda mode: said("I would rather not.", mode), 2),
    "half of the JSON": (lambda mode: said(JSON[:-20], mode), 2),
    "cut short": (lambda mode: said(JSON[:-20], mode, finish="length"), 2),
    "nothing": (lambda mode: completion(None), 2),
    "another object": (lambda mode: said('{"other": 1}', mode), 2),
    "an empty object": (lambda mode: said("{}", mode), 2),
    "a field of another type": (lambda mode: said(json.dumps({**RIGHT, "parties": 7}), mode), 2),
    "a choice that is none": (
        lambda mode: said(json.dumps({**RIGHT, "deal_type": {"answer": "loan", "sentence": 1}}), mode),
        2,
    ),
    "two answers": (lambda mode: said(JSON + json.dumps(INVENTED), mode), 2),
    "a figure that the article lacks": (lambda mode: said(json.dumps(INVENTED), mode), 2),
    "500": (lambda mode: error(500), 2),
    "429": (lambda mode: error(429, retry_after="0"), 2),
    "no answer": (lambda mode: Answer(drop=True), 2),
    "HTML": (lambda mode: Answer(body="<html>busy</html>"), 2),
}

# An answer for ever, the error, and the number of requests.
FATAL: dict[str, tuple[Make, type[errors.SummarizerError], int]] = {
    "no JSON": (lambda mode: said("I would rather not.", mode), errors.InvalidReply, 3),
    "another object": (lambda mode: said('{"other": 1}', mode), errors.InvalidReply, 3),
    "cut short": (lambda mode: said(JSON[:-20], mode, finish="length"), errors.Truncated, 2),
    "refusal": (lambda mode: completion(None, refusal="I will not"), errors.Refused, 1),
    "content filter": (lambda mode: completion("", finish="content_filter"), errors.Refused, 1),
    "500": (lambda mode: error(500), errors.EndpointUnavailable, 4),
    "401": (lambda mode: error(401), errors.AuthenticationError, 1),
    "quota": (lambda mode: error(429, code="insufficient_quota"), errors.QuotaExceeded, 1),
    "the mode is refused": (lambda mode: error(400, f"{mode} is not a grammar"), errors.EndpointError, 1),
    "a prompt that was cut": (lambda mode: said(JSON, mode, prompt=300), errors.ContextExceeded, 1),
}


@IN_EACH_MODE
@pytest.mark.parametrize(("first", "requests"), OVERCOME.values(), ids=OVERCOME.keys())
def test_a_fault_that_passes_costs_a_request_and_no_fact(
    mode: str, first: Make, requests: int, tmp_path: Path
) -> None:
    """The record is that of a good reply; each request is in the mode that is set, and is counted."""
    with serve([first(mode), said(JSON, mode)]) as served:
        record = read(served, mode, tmp_path)
    assert [mode_of(request) for request in served.requests] == [mode] * requests
    assert record.usage.requests == requests
    assert record.amount is not None
    assert (record.amount.value, record.amount.text) == (Decimal(3_000_000), "$3 million")
    assert "$3 million" in record.amount.evidence[0].text
    assert record.provenance is not None
    assert (record.provenance.plan, record.provenance.trust, record.provenance.mode) == (
        "whole",
        "model",
        mode,
    )


@IN_EACH_MODE
@pytest.mark.parametrize(("answer", "kind", "requests"), FATAL.values(), ids=FATAL.keys())
def test_a_fault_that_stays_is_a_typed_error(
    mode: str, answer: Make, kind: type[errors.SummarizerError], requests: int, tmp_path: Path
) -> None:
    """It says what the article cost, and no more requests are sent than that kind of fault is worth."""
    with serve([answer(mode)]) as served, pytest.raises(errors.SummarizerError) as caught:
        read(served, mode, tmp_path)
    assert type(caught.value) is kind
    assert caught.value.usage.requests == len(served.requests) == requests


@IN_EACH_MODE
def test_what_stays_unsupported_is_left_out(mode: str, tmp_path: Path) -> None:
    """It is sent back once, with the words that are missing; then the record has a finding in its place."""
    with serve([said(json.dumps(INVENTED), mode)]) as served:
        record = read(served, mode, tmp_path)
    assert len(served.requests) == 2
    assert "$9 billion" in str(served.requests[1]["messages"][-1]["content"])
    assert record.amount is None
    assert "amount" in {finding.field for finding in record.findings}


@pytest.mark.parametrize("mode", ["json_object", "prompted"])
def test_without_a_schema_the_prompt_shows_the_form(mode: str, tmp_path: Path) -> None:
    """Each property of the draft stands in the first question."""
    with serve([said(JSON, mode)]) as served:
        read(served, mode, tmp_path)
    (request,) = served.requests
    assert all(json.dumps(name) in request["messages"][1]["content"] for name in SCHEMA["properties"])


KINDS = pytest.mark.parametrize("kind", ["openai", "openrouter", "vllm", "llamacpp", "ollama", "other"])
ENFORCED = pytest.mark.parametrize("mode", ["json_schema", "tools"])
# What OpenAI's strict mode, the grammars of vLLM and llama.cpp, and Ollama all take.
KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "anyOf", "enum"}


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    for one in [*inner, *([schema["items"]] if "items" in schema else [])]:
        yield from nodes(one)


def depth(schema: dict[str, Any]) -> int:
    """Levels of nested objects."""
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    inner += [schema["items"]] if "items" in schema else []
    return (schema.get("type") == "object") + max(map(depth, inner), default=0)


def sent_with(kind: str, mode: str, article: str = DEAL) -> Request:
    """The body that a server of this kind gets; a loopback address alone would tell none."""
    with serve([said(JSON, mode)]) as served:
        model = endpoint(served, kind=kind, fixed_mode=mode)
        summarize(article, model=model)
    (request,) = served.requests
    return request


@KINDS
@ENFORCED
def test_the_schema_is_one_that_every_server_takes(kind: str, mode: str) -> None:
    """Every object is closed and all of its properties required; no keyword is outside the common subset."""
    schema = schema_of(sent_with(kind, mode))
    for node in nodes(schema):
        assert node.keys() <= KEYWORDS
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
        assert ("type" in node) != ("anyOf" in node)
    assert (schema["type"], depth(schema) <= 5) == ("object", True)


@KINDS
@ENFORCED
def test_strict_is_set_where_it_is_known(kind: str, mode: str) -> None:
    """OpenAI and OpenRouter hold a model to the schema only with it; other servers may not know it."""
    request = sent_with(kind, mode)
    held = request["tools"][0]["function"] if mode == "tools" else request["response_format"]["json_schema"]
    strict = kind in ("openai", "openrouter")
    assert held.get("strict") is (True if strict else None)
    assert request.get("parallel_tool_calls") is (False if strict and mode == "tools" else None)
    if mode == "tools":
        assert request["tool_choice"] == {"type": "function", "function": {"name": held["name"]}}


@IN_EACH_MODE
def test_all_but_the_article_is_the_same_for_every_article(mode: str) -> None:
    """The schema and the static part are byte-identical, so that servers compile and cache them once."""
    one, two = (sent_with("other", mode, text) for text in (DEAL, DEAL.replace("Orchard", "Garden")))
    assert one["messages"][0] == two["messages"][0]
    assert one["messages"][1] != two["messages"][1]
    for request in (one, two):
        del request["messages"]
    assert json.dumps(one) == json.dumps(two)
