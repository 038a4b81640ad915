"""One plain sentence from the facts of a deal, where none of the model's prose stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KINDS = {
    "acquisition": "acquisition of",
    "merger": "merger with",
    "majority_investment": "majority investment in",
    "minority_investment": "minority investment in",
    "funding_round": "investment in",
    "joint_venture": "joint venture with",
    "divestiture": "purchase of",
    "partnership": "partnership with",
}
_HEDGES = {"about": "about ", "at_least": "more than ", "at_most": "up to "}
_FIGURES = (("stake", ", a stake of {}"), ("amount", " for {}"), ("valuation", ", at a value of {}"))


def compose(facts: Mapping[str, Any]) -> str | None:
    """Return the sentence; None where the facts name no target."""
    names: dict[str, list[str]] = {}
    for party in facts.get("parties") or ():
        names.setdefault(str(getattr(party, "role", "")), []).append(party.name)
    buyers, targets = (", ".join(names.get(role, ())) for role in ("acquirer", "target"))
    if not targets:
        return None
    kind = _KINDS.get(str(facts.get("deal_type")), "deal with")
    sentence = f"{buyers}: {kind} {targets}" if buyers else f"Deal for {targets}"
    for name, form in _FIGURES:
        value = facts.get(name)
        if value is not None and value.qualifier.value != "undisclosed":
            sentence += form.format(_HEDGES.get(value.qualifier.value, "") + " ".join(value.text.split()))
    return sentence + "."
