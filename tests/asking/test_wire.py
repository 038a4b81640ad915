"""What goes over the wire for each article: one request, the same schema, and the same beginning."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evals.cases import read_cases
from summarizer import DealSummary, summarize
from summarizer.asking.codebook import codebook
from tests.fault_server import completion, serve

TEXTS = [case.text for case in read_cases()[:10]]
REPLY: dict[str, Any] = {
    "is_deal": {"answer": True, "sentence": 1},
    **dict.fromkeys(
        ("deal_type", "status", "announced_on", "amount", "stake", "valuation", "consideration", "headline")
    ),
    **{name: [] for name in ("parties", "people", "use_of_proceeds", "rationale", "concerns")},
    **{name: [] for name in ("conditions", "earlier_deals")},
    "narrative": "It is told in plain words.",
}


@pytest.fixture(scope="module")
def sent() -> list[dict[str, Any]]:
    """The bodies of the requests for ten articles."""
    with serve(lambda _: completion(json.dumps(REPLY), prompt=9000)) as served:
        for text in TEXTS:
            record = summarize(text, base_url=served.base_url, model="m")
            assert record.usage.requests == 1
            assert record.narrative == REPLY["narrative"]
        return [dict(body) for body in served.requests]


def test_each_article_takes_one_request_with_the_same_schema(sent: list[dict[str, Any]]) -> None:
    """The facts and the prose are filled at once, in a draft whose bytes a server has seen before."""
    assert len(sent) == len(TEXTS) == 10
    (schema,) = {json.dumps(body["response_format"]) for body in sent}
    properties = list(json.loads(schema)["json_schema"]["schema"]["properties"])
    assert properties[-2:] == ["headline", "narrative"]
    assert sorted(properties) == sorted(REPLY)


def test_the_codebook_is_the_prefix_of_every_request(sent: list[dict[str, Any]]) -> None:
    """Instructions and codebook come first and are the same bytes; the article and the question follow."""
    assert len({json.dumps(body["messages"][0]) for body in sent}) == 1
    prefix = sent[0]["messages"][0]["content"]
    for line in codebook(DealSummary):
        assert f"- {line.name} ({line.answer}): {line.description}." in prefix
        assert all(f"{member.name}: {member.meaning}" in prefix for member in line.members if member.meaning)
    for body, text in zip(sent, TEXTS, strict=True):
        words = text.split()[:5]
        first, *others = (message["content"] for message in body["messages"])
        assert " ".join(words) not in " ".join(first.split())
        assert " ".join(words[:3]) in " ".join(" ".join(others).split())
