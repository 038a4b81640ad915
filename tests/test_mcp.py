"""The tools over the Model Context Protocol, through the SDK's own client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest

from summarizer import mcp_server
from tests.conftest import ANSWERS, ARTICLE, FakeModel

mcp = pytest.importorskip("mcp")


def call(tool: str, arguments: Mapping[str, Any]) -> tuple[bool, Any]:
    """Whether a tool failed, and what it returned."""

    async def go() -> tuple[bool, Any]:
        async with mcp.Client(mcp_server.make({"model": FakeModel(ANSWERS)})) as client:
            result = await client.call_tool(tool, dict(arguments))
            text = result.content[0].text
            return result.is_error, text if result.is_error else json.loads(text)

    return asyncio.run(go())


def test_an_article_becomes_a_record_with_evidence() -> None:
    """The same JSON as on the command line."""
    failed, said = call("summarize", {"article": ARTICLE})
    assert not failed
    (record,) = said["records"]
    assert record["is_deal"] is True
    span = record["amount"]["evidence"][0]
    assert ARTICLE[span["start"] : span["end"]] == span["text"]


@pytest.mark.parametrize("all_deals", [False, True])
def test_a_text_that_cannot_be_read_is_a_tool_error(all_deals: bool) -> None:
    """With the sentence that the package says, and no traceback."""
    failed, said = call("summarize", {"article": " ", "all_deals": all_deals})
    assert failed
    assert "The text is empty" in said
    assert "Traceback" not in said


def test_a_record_of_another_tool_is_checked() -> None:
    """A figure that the article does not hold is a finding."""
    failed, said = call("verify", {"record": {"price": "$7.77 billion"}, "article": ARTICLE})
    assert not failed
    assert said["findings"]


def test_records_of_several_articles_become_one_dossier() -> None:
    """Named as the client named them."""
    records = []
    for name in ("first", "second"):
        _, said = call("summarize", {"article": f"{ARTICLE}\nSeen by the {name} paper.", "name": name})
        records += said["records"]
    failed, said = call("reconcile", {"records": records})
    assert not failed
    (dossier,) = said["dossiers"]
    assert dossier["amount"]["consensus"]["sources"] == ["first", "second"]


def test_what_is_no_record_is_not_reconciled() -> None:
    """The tool says so instead of returning an empty list."""
    failed, said = call("reconcile", {"records": [{"price": 3}]})
    assert failed
    assert "Traceback" not in said
