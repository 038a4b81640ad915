"""What requests cost: where a price is known, where it is not, and whose price goes first."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer import errors, prices, summarize
from summarizer.prices import OPENAI, load
from summarizer.records.values import Usage
from summarizer.render.text import render
from tests.conftest import ANSWERS, ARTICLE, FakeModel

HOSTED = "https://api.openai.com/v1"
SPENT = Usage(requests=1, prompt_tokens=1000, cached_tokens=600, completion_tokens=200)


def test_cached_tokens_have_a_price_of_their_own() -> None:
    """400 at the input price, 600 at that of the cache, 200 at that of the output, for a million each."""
    own = load({"m": {"input": 1, "cached": Decimal("0.1"), "output": 4}})
    assert own.priced(SPENT, "m", "http://x/v1").cost == Decimal("0.00126")
    dear = load({"m": {"input": 1, "output": 4}})
    assert dear.priced(SPENT, "m", "http://x/v1").cost == Decimal("0.0018")


@pytest.mark.parametrize(
    ("model", "endpoint", "cost"),
    [
        ("gpt-4o-mini", HOSTED, Decimal("0.000225")),
        ("gpt-4o-mini", "http://localhost:8000/v1", None),
        ("gpt-4o-mini", "https://api.openai.com.evil.example/v1", None),
        ("gpt-4o-mini-2024-07-18", HOSTED, None),
        ("unheard-of", HOSTED, None),
        ("m", "embedded:qwen", Decimal(0)),
    ],
)
def test_a_price_holds_at_its_providers_address_only(model: str, endpoint: str, cost: Decimal | None) -> None:
    """A name served elsewhere, a snapshot or an unknown model has no cost; the embedded model costs nothing."""
    assert load().priced(SPENT, model, endpoint).cost == cost


def test_a_server_that_does_not_count_has_no_cost() -> None:
    """Nothing counted is not nothing spent."""
    assert load().priced(Usage(requests=1), "gpt-4o", HOSTED).cost is None


def test_a_sum_is_known_where_all_of_it_is() -> None:
    """A request without a price makes the sum unknown; an empty start does not."""
    known = SPENT.model_copy(update={"cost": Decimal("0.5")})
    assert (Usage() + known + known).cost == Decimal(1)
    assert (known + SPENT).cost is None
    assert (SPENT + known).cost is None
    assert (Usage() + Usage()).cost is None


def test_the_shipped_prices_make_sense() -> None:
    """What is read from a cache is never dearer than what is read anew, nor is that dearer than what is written."""
    for price in OPENAI.values():
        assert 0 < price.cached < price.input < price.output
    assert prices.AS_OF


@pytest.mark.parametrize("kind", ["json", "toml"])
def test_a_file_of_prices(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By option or by environment; it goes before the shipped prices, and a change of it is seen."""
    path = tmp_path / f"prices.{kind}"
    text = {
        "json": '{"gpt-4o": {"input": 0.1, "output": 0.3}, "fake": {"input": 2, "output": 8}}',
        "toml": '[gpt-4o]\ninput = 0.1\noutput = 0.3\n["fake"]\ninput = 2\noutput = 8\n',
    }[kind]
    path.write_text(text, encoding="utf-8")
    assert load(path).priced(SPENT, "gpt-4o", HOSTED).cost == Decimal("0.00016")
    monkeypatch.setenv("SUMMARIZER_PRICES", str(path))
    record = summarize(ARTICLE, model=FakeModel(ANSWERS))
    assert record.usage.cost == record.usage.requests * Decimal("0.00028")
    path.write_text(text.replace("0.1", "0.11"), encoding="utf-8")
    assert load().priced(SPENT, "gpt-4o", HOSTED).cost == Decimal("0.00017")


BAD: list[tuple[Any, str]] = [
    ("not json", "is not JSON"),
    ("[1]", "a table by model name"),
    ('{"m": 3}', "input and output"),
    ('{"m": {"input": 1}}', "input and output"),
    ('{"m": {"input": 1, "output": 2, "outptu": 2}}', "input and output"),
    ('{"m": {"input": -1, "output": 2}}', "no price"),
    ('{"m": {"input": true, "output": 2}}', "no price"),
    ('{"m": {"input": "1", "output": 2}}', "no price"),
    ('{"m": {"input": NaN, "output": 2}}', "no price"),
]


@pytest.mark.parametrize(("text", "words"), BAD)
def test_prices_that_cannot_be_read_are_refused(
    text: str, words: str, tmp_path: Path, model: FakeModel
) -> None:
    """In one sentence that names the file, before anything is spent."""
    path = tmp_path / "prices.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.ConfigurationError, match=words) as caught:
        summarize(ARTICLE, model=model, prices=path)
    assert "prices.json" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert model.requests == []


def test_a_missing_file_of_prices_is_named(tmp_path: Path) -> None:
    """A mistyped path is an error, not a cost of None."""
    with pytest.raises(errors.ConfigurationError, match=r"no-such\.toml cannot be read"):
        load(tmp_path / "no-such.toml")


def test_the_cost_stands_beside_the_tokens(model: FakeModel) -> None:
    """In the text and, exact and as a string, in the JSON; a cost of 0 or None is not shown."""
    table = {"fake": {"input": "0.15", "output": 1}}
    with pytest.raises(errors.ConfigurationError):
        summarize(ARTICLE, model=model, prices=table)
    record = summarize(ARTICLE, model=model, prices={"fake": {"input": 2, "output": 8}})
    count = record.usage.requests
    assert json.loads(record.model_dump_json())["usage"]["cost"] == str(count * Decimal("0.00028"))
    assert f"US$ {(count * Decimal('0.00028')).normalize()}" in render(record)
    free = summarize(ARTICLE, model=model, prices={"fake": {"input": 0, "output": 0}})
    assert free.usage.cost == 0
    assert "US$" not in render(free)
    assert "US$" not in render(summarize(ARTICLE, model=model))
