from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from evals.cases import Case
from evals.figures import misplaced, unsupported
from summarizer.findings import Span
from summarizer.records.deal import DealSummary, Valuation
from summarizer.records.values import Phrase


def test_a_faithful_record_has_only_figures_of_its_source(
    case: Case, perfect: DealSummary, text: str
) -> None:
    """Figures of values and prose that stand in the source are not reported, whatever their form."""
    prose = "They pay roughly €0.18bn for 22 percent; others paid EUR 64m in 2028. Sales: about €100 million."
    record = perfect.model_copy(update={"narrative": prose, "headline": "A €180m deal for 22pc"})
    assert unsupported(record, text) == []
    assert misplaced(record, text, case.forbidden) == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"narrative": "They pay €190 million."}, "narrative: €190 million"),
        ({"narrative": "They pay $180 million."}, "narrative: $180 million"),
        ({"narrative": "They pay €180 billion."}, "narrative: €180 billion"),
        ({"headline": "A stake of 23%"}, "headline: 23%"),
        ({"headline": "Lindmark runs 17 plants"}, "headline: 17"),
        ({"headline": "A round from 2027"}, "headline: 2027"),
        ({"rationale": (Phrase(text="a market of €9 billion"),)}, "rationale[0].text: €9 billion"),
    ],
)
def test_a_figure_without_support_is_reported(
    changes: dict[str, Any], path: str, perfect: DealSummary, text: str
) -> None:
    """A figure that the source does not hold is found in prose and in copied words, with its path."""
    assert path in unsupported(perfect.model_copy(update=changes), text)


@pytest.mark.parametrize(
    ("value", "currency"), [("180000001", "EUR"), ("180000", "EUR"), ("180000000", "USD")]
)
def test_a_value_has_to_be_exact(value: str, currency: str, perfect: DealSummary, text: str) -> None:
    """A value off by one unit, by a power of ten or in another currency is not in the source."""
    amount = perfect.amount
    assert amount is not None
    wrong = amount.model_copy(update={"value": Decimal(value), "currency": currency})
    found = unsupported(perfect.model_copy(update={"amount": wrong}), text)
    assert found == ["amount: €180 million"]


def test_a_year_of_an_item_is_checked(perfect: DealSummary, text: str) -> None:
    """A year that is a whole number has to stand in the source too."""
    deal = perfect.earlier_deals[0].model_copy(update={"year": 2027})
    found = unsupported(perfect.model_copy(update={"earlier_deals": (deal,)}), text)
    assert found == ["earlier_deals[0].year: 2027"]


def test_figures_and_evidence_of_forbidden_places_are_reported(
    case: Case, perfect: DealSummary, text: str
) -> None:
    """A figure that stands only in a teaser, and evidence in one, are found, though the source holds them."""
    start = text.index("€1.2 billion")
    span = Span(start=start, end=start + 12, text="€1.2 billion")
    value = Valuation(text="€1.2 billion", value=Decimal("1.2e9"), currency="EUR", evidence=(span,))
    record = perfect.model_copy(update={"valuation": value})
    assert unsupported(record, text) == []
    assert misplaced(record, text, case.forbidden) == [
        "valuation: €1.2 billion",
        "valuation.text: €1.2 billion",
        f"valuation: evidence at {start}",
    ]
