from __future__ import annotations

import pytest

from evals.cases import Case, read_cases
from evals.gold_record import as_record
from summarizer.records.deal import DealSummary


@pytest.fixture(scope="session")
def case() -> Case:
    return next(case for case in read_cases() if case.name == "harbor-quay")


@pytest.fixture(scope="session")
def text(case: Case) -> str:
    return case.text


@pytest.fixture
def perfect(case: Case) -> DealSummary:
    """The record that a perfect run gives: gold as prediction."""
    record = as_record(case.gold, case.schema, case.text)
    assert isinstance(record, DealSummary)
    return record
