"""How a schema is shown where no server enforces it."""

from __future__ import annotations

from typing import Literal

from summarizer.llm.modes import form
from summarizer.records.drafts import Draft


class _Inner(Draft):
    sentence_1: Literal["yes", "no"]


class _Asked(Draft):
    buyer: str | None
    price: Literal["$5 million", "€6 million"]
    names: list[str]
    judged: _Inner
    year: int


def test_a_schema_is_shown_as_the_form_of_an_answer() -> None:
    """Small models that were shown the schema itself answered with it; every closed set stays in sight."""
    assert form(_Asked.model_json_schema()) == (
        '{"buyer": "..." or null, "price": "$5 million" or "€6 million", "names": ["...", ...], '
        '"judged": {"sentence_1": "yes" or "no"}, "year": a number}'
    )
