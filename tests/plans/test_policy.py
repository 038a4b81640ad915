"""Where answers and hints meet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evals.loopback import fill
from summarizer import summarize
from summarizer.figures import Qualifier
from summarizer.findings import Span
from summarizer.llm.base import Profile
from summarizer.policy import settle
from summarizer.records.deal import Amount
from summarizer.records.deal_terms import DealStatus
from tests.conftest import ARTICLE, FakeModel

PLACE = Span(start=0, end=2, text="$5")
FIVE = Amount(text="$5", value=Decimal(5), currency="USD", evidence=(PLACE,))
NINE = Amount(text="$9", value=Decimal(9), currency="USD")


@pytest.mark.parametrize(
    ("answer", "hint", "said"),
    [
        (NINE, FIVE, "The rules read $5, which replaces the model's answer: $9."),
        (None, FIVE, "The rules read $5, which replaces the model's answer: none."),
        (
            DealStatus.PENDING,
            DealStatus.COMPLETED,
            "The rules read completed, which replaces the model's answer: pending.",
        ),
        (True, False, "The rules read no, which replaces the model's answer: yes."),
    ],
)
def test_a_hint_that_differs_fills_the_field_and_is_a_finding(answer: Any, hint: Any, said: str) -> None:
    settled, findings = settle({"field": answer}, {"field": hint})
    assert settled == {"field": hint}
    assert [(f.code, f.field, f.message) for f in findings] == [("rules_disagree", "field", said)]
    assert findings[0].evidence == getattr(hint, "evidence", ())


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
def test_where_a_hint_agrees_or_does_not_count_nothing_is_said(answers: Any, hints: Any) -> None:
    assert settle(answers, hints) == ({}, [])


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
    assert "rules_disagree" not in {finding.code for finding in records["model"].findings}
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
