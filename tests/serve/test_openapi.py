"""Requests made from the OpenAPI document: none is answered with what the document does not say, or with a 500."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.serve.serving import client_of, desk_with

schemathesis = pytest.importorskip("schemathesis")
from schemathesis.specs.openapi import checks  # noqa: E402

pytestmark = pytest.mark.slow
TOKEN = "a-token-of-some-length"  # noqa: S105 - for tests
NOT_IN_THE_DOCUMENT = [
    checks.positive_data_acceptance,  # whether a text is an article, and whether an object is a record
    checks.unsupported_method,  # a body that another site can send is refused before the path is looked at
]
app = client_of(desk_with(), token=TOKEN).app
schema = schemathesis.openapi.from_dict(client_of(desk_with()).get("/openapi.json").json())


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_documented(case: Any) -> None:
    """Status, content type and body are those of the document, and what it excludes is refused."""
    response = case.call(app=app, headers={"Authorization": f"Bearer {TOKEN}"})
    case.validate_response(response, excluded_checks=NOT_IN_THE_DOCUMENT)
