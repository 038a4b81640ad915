"""Requests made from the OpenAPI document: none is answered with what the document does not say, or with a 500."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.serve.serving import client_of, desk_with

pytestmark = pytest.mark.slow
TOKEN = "a-token-of-some-length"  # noqa: S105 - for tests


@pytest.mark.parametrize(
    "method", ["GET /v1/models", "POST /v1/summaries", "POST /v1/dossiers", "POST /v1/exports"]
)
def test_every_answer_is_documented(method: str) -> None:
    """Status, content type and body are those of the document, and what it excludes is refused."""
    schemathesis = pytest.importorskip("schemathesis")  # here, as it takes a second to import
    from schemathesis.specs.openapi import checks

    not_in_the_document = [
        checks.positive_data_acceptance,  # whether a text is an article, and whether an object is a record
        checks.unsupported_method,  # a body that another site can send is refused before the path is looked at
    ]
    client = client_of(desk_with(), token=TOKEN)
    verb, path = method.split()
    operation = schemathesis.openapi.from_dict(client.get("/openapi.json").json())[path][verb]
    statuses = set()

    @given(case=operation.as_strategy())
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case: Any) -> None:
        response = case.call(app=client.app, headers={"Authorization": f"Bearer {TOKEN}"})
        statuses.add(response.status_code)
        case.validate_response(response, excluded_checks=not_in_the_document)

    check()
    assert statuses & {200, 422}
