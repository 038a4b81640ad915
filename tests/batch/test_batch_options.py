"""The options of a batch that are parsed: budgets and prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from summarizer.batch.many import read_budget, read_price
from summarizer.batch.results import Budget
from summarizer.errors import ConfigurationError
from summarizer.prices import Price


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2.50usd", Budget(dollars=Decimal("2.50"))),
        ("$3", Budget(dollars=Decimal(3))),
        ("1,000 tokens", Budget(tokens=1000)),
        ("2m tokens", Budget(tokens=2_000_000)),
        ("500ktokens", Budget(tokens=500_000)),
    ],
)
def test_budgets_that_are_read(said: str, meant: Budget) -> None:
    """Money and tokens in the forms that people write."""
    assert read_budget(said) == meant


@pytest.mark.parametrize("said", ["", "5", "-1usd", "0tokens", "1eur", "usd", "1..2usd"])
def test_budgets_that_are_not(said: str) -> None:
    """What has no unit, or no sense, is refused."""
    with pytest.raises(ConfigurationError):
        read_budget(said)


@pytest.mark.parametrize("said", ["", "1", "1,2,3", "a,b", "-1,2", "nan,1"])
def test_prices_that_are_not(said: str) -> None:
    """A price is two amounts."""
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_price(said)
    assert read_price("0.15, 0.60") == Price(Decimal("0.15"), Decimal("0.15"), Decimal("0.60"))
