"""The bench on a loopback server: the same requests for all systems, and what a process holds on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from evals import bench_endpoint
from evals.loopback import fill, loopback, words_of
from tests.conftest import ARTICLE


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with loopback() as address:
        yield address


def test_a_schema_is_filled_with_what_it_allows() -> None:
    """The first of a closed set, one item of a list, the words given."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            "is_deal": {"enum": ["yes", "no"], "type": "string"},
            "names": {"type": "array", "items": {"type": "string"}},
            "price": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        },
    }
    assert fill(schema, "two words") == {"is_deal": "yes", "names": ["two words"], "price": None}
    assert words_of("[1] Short.\n[2] One two three four five six seven.") == "One two three four five six"


def test_the_server_answers_chat_completions_and_nothing_else(url: str) -> None:
    """In a process of its own, over one connection after another; a lost client does not end it."""
    asked = {
        "model": "m",
        "messages": [{"role": "user", "content": "[1] Orchard bought Ash. " + "x" * 400}],
        "response_format": {"json_schema": {"schema": {"type": "object", "properties": {}}}},
    }
    sent = Request(f"{url}/chat/completions", json.dumps(asked).encode())  # noqa: S310 - http on loopback
    with urlopen(sent) as answer:  # noqa: S310 - as above
        completion = json.load(answer)
    assert completion["choices"][0]["message"]["content"] == "{}"
    assert completion["usage"]["prompt_tokens"] > 100
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{url}/models")  # noqa: S310 - as above


def test_all_systems_send_the_same_requests(url: str) -> None:
    """Each has a median on the clock and on the processor, as multiples of the bare client's."""
    rows = bench_endpoint.overhead(url, ARTICLE, 1)
    assert [row["system"] for row in rows] == [
        "openai",
        "instructor",
        "ours",
        "ours, whole articles, a request",
    ]
    assert (rows[0]["ratio"], rows[0]["cpu_ratio"]) == (1, 1)
    assert all(row["ms"] > 0 and row["cpu_ms"] > 0 for row in rows)


def test_what_the_process_holds_is_told_on_the_way(url: str) -> None:
    """Memory, files and threads at a tenth, a quarter, half and all of the articles."""
    held = bench_endpoint.in_a_row(url, 4)
    assert [row["articles"] for row in held] == [1, 2, 4]
    assert all(row["mb"] > 10 and row["threads"] >= 1 for row in held)
    assert held[-1]["files"] <= held[0]["files"] + 1


def test_the_report_is_two_tables() -> None:
    """One for requests, one for articles in a row."""
    said = bench_endpoint.report(
        {
            "systems": [{"system": "ours", "ms": 2.5, "ratio": 1.25, "cpu_ms": 2.0, "cpu_ratio": 1.5}],
            "in_a_row": [{"articles": 1000, "seconds": 9.0, "mb": 101.25, "files": 8, "threads": 4}],
        }
    )
    assert "ours" in said
    assert said.splitlines()[2].split() == ["ours", "2.50", "1.25", "2.00", "1.50"]
    assert said.splitlines()[-1].split() == ["1,000", "9.0", "101.2", "8", "4"]
