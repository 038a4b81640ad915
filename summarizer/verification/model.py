"""What a verification returns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, computed_field

from summarizer.findings import Finding, Span


class Verification(BaseModel):
    """What the text says of each value of a record.

    Paths name the values (``amount.value``, ``people[0].name``). ``evidence`` has the places of the values
    that hold. ``checked`` lists every path that was looked up, ``unchecked`` those that a text cannot settle,
    each with the reason. A value that does not hold has a finding; ``ok`` is true where there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    findings: tuple[Finding, ...] = ()
    evidence: dict[str, tuple[Span, ...]] = {}
    checked: tuple[str, ...] = ()
    unchecked: dict[str, str] = {}

    @computed_field  # type: ignore[prop-decorator]
    @property
    def ok(self) -> bool:
        """Whether there are no findings."""
        return not self.findings
