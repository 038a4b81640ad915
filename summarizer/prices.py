"""What requests cost: a few prices of a known date, and the user's own before them.

The user's prices are a table by model name, as the provenance of a record has it, in US dollars for a million
tokens: in a JSON or TOML file (``prices=`` or SUMMARIZER_PRICES) or as a mapping::

    ["my-model"]
    input = 0.40
    cached = 0.10    # prompt tokens read from the provider's cache; as input where left out
    output = 1.60

The built-in prices apply to the provider's own address only: another server of a model with the same name
may have other prices. An unknown price gives a cost of None, never a guess; the embedded model costs 0.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import ConfigurationError
from summarizer.records.values import Usage

VARIABLE = "SUMMARIZER_PRICES"

_MILLION = 1_000_000
_EMBEDDED = "embedded:"


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens: of the prompt, of the prompt from a cache, of the reply."""

    input: Decimal
    cached: Decimal
    output: Decimal

    def of(self, usage: Usage) -> Decimal:
        """What the tokens cost. Servers count the cached ones among those of the prompt."""
        cached = min(usage.cached_tokens, usage.prompt_tokens)
        fresh = usage.prompt_tokens - cached
        spent = fresh * self.input + cached * self.cached + usage.completion_tokens * self.output
        return spent / _MILLION


AS_OF = "2026-03"
"""When the prices below were seen: a month; where two sources disagreed, or there was but one, there is none."""

OPENAI_HOST = "api.openai.com"
OPENAI: Mapping[str, Price] = {
    # Standard rates of https://openai.com/api/pricing for prompts up to 272,000 tokens, which no article
    # reaches. Names without a date only: an older snapshot may have another price.
    name: Price(Decimal(input), Decimal(cached), Decimal(output))
    for name, input, cached, output in (
        ("gpt-4o", "2.50", "1.25", "10.00"),
        ("gpt-4o-mini", "0.15", "0.075", "0.60"),
        ("gpt-4.1", "2.00", "0.50", "8.00"),
        ("gpt-4.1-mini", "0.40", "0.10", "1.60"),
        ("gpt-4.1-nano", "0.10", "0.025", "0.40"),
        ("gpt-5", "1.25", "0.125", "10.00"),
        ("gpt-5-mini", "0.25", "0.025", "2.00"),
        ("gpt-5-nano", "0.05", "0.005", "0.40"),
        ("gpt-5.4", "2.50", "0.25", "15.00"),
        ("gpt-5.4-mini", "0.75", "0.075", "4.50"),
    )
}

Given = str | Path | Mapping[str, Any] | None
"""The user's prices: a file, or a table as such a file holds."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The user's prices, and ours where they have none."""

    own: Mapping[str, Price]

    def priced(self, usage: Usage, model: str, endpoint: str, *, failed: bool = False) -> Usage:
        """The same usage with what it cost at this endpoint, or None where that is not known.

        Tokens that were not counted cost nothing where the request ``failed``; else the server does not
        count.
        """
        return usage.model_copy(update={"cost": self._cost(usage, model, endpoint, failed=failed)})

    def _cost(self, usage: Usage, model: str, endpoint: str, *, failed: bool) -> Decimal | None:
        price = self.own.get(model)
        if price is None and endpoint.startswith(_EMBEDDED):
            return Decimal(0)
        if price is None and urlsplit(endpoint).hostname == OPENAI_HOST:
            price = OPENAI.get(model)
        counted = usage.prompt_tokens or usage.completion_tokens
        return price.of(usage) if price is not None and (counted or failed) else None


def load(given: Given = None) -> Prices:
    """Read the user's prices: as given, else the file that SUMMARIZER_PRICES names, else none.

    Raises ConfigurationError where they cannot be read.
    """
    source = given if given is not None else os.environ.get(VARIABLE) or None
    if source is None:
        return Prices({})
    if isinstance(source, Mapping):
        return Prices(_table(source, "The prices"))
    path = Path(source).expanduser()
    try:
        state = path.stat()
        return _read(path, state.st_mtime_ns, state.st_size)
    except OSError as error:
        raise ConfigurationError(
            f"The file of prices {path} cannot be read: {error.strerror}. Check {VARIABLE} (prices=)."
        ) from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Prices:
    # The time and the size make a changed file another key, and a batch read it once.
    where = f"The file of prices {path}"
    try:
        text = path.read_text(encoding="utf-8")
        table = _toml(text) if path.suffix.lower() == ".toml" else json.loads(text, parse_float=Decimal)
    except ValueError as error:
        raise ConfigurationError(f"{where} is not {path.suffix[1:].upper() or 'JSON'}: {error}.") from error
    return Prices(_table(table, where))


def _toml(text: str) -> Any:
    from summarizer import toml  # late, as it takes a while and few have such a file

    return toml.loads(text, parse_float=Decimal)


def _table(table: Any, where: str) -> dict[str, Price]:
    if not isinstance(table, Mapping):
        raise ConfigurationError(f"{where}: a table by model name is needed, each with input and output.")
    return {str(name): _price(price, f"{where}: {name!r}") for name, price in table.items()}


def _price(given: Any, where: str) -> Price:
    if isinstance(given, Price):
        return given
    if not isinstance(given, Mapping) or not {"input", "output"} <= given.keys() <= {
        "input",
        "cached",
        "output",
    }:
        raise ConfigurationError(
            f"{where} needs input and output, and may have cached: US dollars for a million tokens."
        )
    rates = {name: _rate(rate, f"{where}, {name}") for name, rate in given.items()}
    return Price(rates["input"], rates.get("cached", rates["input"]), rates["output"])


def _rate(given: Any, where: str) -> Decimal:
    number = isinstance(given, (int, float, Decimal)) and not isinstance(given, bool)
    rate = Decimal(str(given)) if number else Decimal("NaN")
    if not (rate.is_finite() and rate >= 0):
        raise ConfigurationError(f"{where}: {given!r} is no price. Give US dollars for a million tokens.")
    return rate
