"""What each rule is worth, measured without a model."""

from __future__ import annotations

from evals.cases import read_cases
from evals.rules import Measured, measure, report


def test_each_rule_is_measured() -> None:
    """A rule that tells the status of a case loses F where it is left out; one that never matches loses none."""
    case = next(case for case in read_cases() if case.name == "terminated-fee")
    found = {one.id: one for one in measure([case])}
    terminated = found["status.terminated"]
    assert (terminated.hits, terminated.precision) == (1, 1.0)
    assert terminated.change < 0
    assert found["deal_type.joint_venture"] == Measured("deal_type.joint_venture", 0, 0, 0, 0.0)
    assert "status.terminated" in report([terminated])
