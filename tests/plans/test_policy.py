"""Where answers and hints meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evals.loopback import fill
from summarizer import summarize
from summarizer.findings import Span
from summarizer.llm.base import Profile
from summarizer.mentions import Qualifier
from summarizer.policy import settle
from summarizer.schema.deal import Amount
from summarizer.schema.deal_terms import DealStatus
from tests.conftest import ARTICLE, FakeModel

PLACE = Span(start=0, end=2, text="$5")
FIVE = Amount(text="$5", value=Decimal(5), currency="USD", evidence=(PLACE,))
NINE = Amount(text="$9", value=Decimal(9), currency="USD")


@pytest.mark.parametrize("trust", ["model", "rules"])
@pytest.mark.parametrize(
    ("answer", "hint", "said"),
    [
        (NINE, FIVE, "The record has $9; the rules read $5."),
        (None, FIVE, "The record has none; the rules read $5."),
        (DealStatus.PENDING, DealStatus.COMPLETED, "The record has pending; the rules read completed."),
        (True, False, "The record has yes; the rules read no."),
    ],
)
def test_a_hint_that_differs_is_a_finding_and_fills_only_where_rules_are_trusted(
    answer: Any, hint: Any, said: str, trust: str
) -> None:
    settled, findings = settle({"field": answer}, {"field": hint}, trust)
    assert settled == ({"field": hint} if trust == "rules" else {})
    assert [(f.code, f.field, f.message) for f in findings] == [("rules_disagree", "field", said)]
    assert findings[0].evidence == getattr(hint, "evidence", ())


@pytest.mark.parametrize("trust", ["model", "rules"])
@pytest.mark.parametrize(
    ("answers", "hints"),
    [
        ({"field": FIVE}, {"field": FIVE.model_copy(update={"qualifier": Qualifier.ABOUT, "text": "five"})}),
        ({"field": DealStatus.PENDING}, {"field": DealStatus.PENDING}),
        ({"field": FIVE}, {}),
        ({"field": ()}, {"field": (FIVE,)}),  # no rule reads a whole list
        ({"is_deal": False, "field": None}, {"field": FIVE}),  # nothing is told of a deal that there is not
    ],
)
def test_where_a_hint_agrees_or_does_not_count_nothing_is_said(answers: Any, hints: Any, trust: str) -> None:
    assert settle(answers, hints, trust) == ({}, [])


@pytest.mark.parametrize("plan", ["whole", "faceted"])
def test_the_models_answer_stands_where_it_is_trusted(plan: str) -> None:
    said = {
        "is_deal": {"answer": True, "sentence": 2},
        "status": {"answer": "completed", "sentence": 2},
        "amount": {"quote": "€7 billion", "sentence": 3},
    }
    records = {
        trust: summarize(
            ARTICLE,
            model=FakeModel(
                lambda schema: {
                    name: said.get(name, fill(part)) for name, part in schema["properties"].items()
                },
                profile=Profile(plan, trust=trust, concurrency=2, reasks=0),
            ),
            plan=plan if trust == "model" else "whole",
        )
        for trust in ("model", "rules")
    }
    assert (records["model"].status, records["model"].amount.text) == ("completed", "€7 billion")
    assert records["model"].announced_on is None
    ruled = records["rules"]
    assert (ruled.status, ruled.amount.text, ruled.announced_on.text) == (
        "pending",
        "€2.1 billion",
        "4 May 2031",
    )
    disagreed = {finding.field for finding in ruled.findings if finding.code == "rules_disagree"}
    assert {"status", "amount", "announced_on"} <= disagreed
    assert "the rules read the text otherwise" in next(
        c.grounds for c in ruled.certainty if c.field == "amount"
    )
