"""The drafts that the model fills, for the deal and for a schema of one's own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from summarizer.inventory import Inventory
from summarizer.records.deal import DealSummary
from summarizer.records.drafts import doubting, draft_model
from tests.test_compile import Own, ask


def test_a_draft_refuses_what_is_outside_its_closed_set(inventory: Inventory) -> None:
    """A figure that the article does not hold cannot be parsed into a draft, whatever the server let through."""
    draft = draft_model([q for q in ask(Own, inventory) if q.slot.name == "price"])
    assert draft.model_validate({"price": None})
    with pytest.raises(ValidationError):
        draft.model_validate({"price": "€2.2 billion"})


@pytest.mark.parametrize("schema", [Own, DealSummary])
def test_the_schema_of_a_draft_is_flat(schema: type[BaseModel], inventory: Inventory) -> None:
    """No reference, default or const reaches a grammar engine, and each object's properties are all required."""
    sent = draft_model(ask(schema, inventory)).model_json_schema()
    text = json.dumps(sent)
    for word in ("$ref", "$defs", '"default"', '"const"'):
        assert word not in text

    def objects(node: Any) -> Any:
        if isinstance(node, dict):
            if node.get("type") == "object":
                yield node
            for part in node.values():
                yield from objects(part)
        elif isinstance(node, list):
            for part in node:
                yield from objects(part)

    found = list(objects(sent))
    assert found
    for node in found:
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_a_complaint_becomes_a_validation_error(inventory: Inventory) -> None:
    """What the source does not hold is the reason that a re-ask is given."""
    who = [q for q in ask(Own, inventory) if q.slot.name == "who"]
    draft = doubting(draft_model(who), lambda filled: [f"no {filled.who}"])
    with pytest.raises(ValidationError, match="no Nobody"):
        draft.model_validate({"who": "Nobody"})
