"""Checks of a record as a whole, where it has the fields of a ``DealSummary``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from summarizer import policy
from summarizer.checks import arithmetic, same_party, same_role, type_against_stake
from summarizer.figures import Kind, Mention
from summarizer.findings import Finding
from summarizer.inventory import Inventory
from summarizer.records.deal import DealFacts
from summarizer.records.values import Money, Percent

from .leaves import fields_of

if TYPE_CHECKING:
    from summarizer.rules.hints import Hints

_CHECKS = (arithmetic, type_against_stake, same_party, same_role)
_FIGURES: dict[str, type[Money] | type[Percent]] = {"amount": Money, "valuation": Money, "stake": Percent}
_PARTS = {
    "amount": ("price", "raised", "contingent"),
    "valuation": ("valuation", "price"),
    "stake": ("stake",),
}


def record_findings(record: Any, found: Mapping[str, Mention], inventory: Inventory) -> list[Finding]:
    """What the checks of a deal see in a record; ``found`` has the figures that hold, by the path of their value."""
    given = fields_of(record)
    if given is None:
        return []
    paths = {name: path for name in _FIGURES if (path := _path(name, found)) is not None}
    figures = {name: found[path] for name, path in paths.items()}
    facts = dict(given) if isinstance(record, DealFacts) else _facts(given, figures, inventory)
    hints = policy.hints(inventory)
    findings = [finding for check in _CHECKS for finding in check(facts, inventory)]
    return findings + [
        finding
        for name, mention in figures.items()
        if (finding := _in_another_part(name, paths[name], mention, inventory, hints)) is not None
    ]


def _path(name: str, found: Mapping[str, Mention]) -> str | None:
    value = "percent" if name == "stake" else "value"
    return next((path for path in (f"{name}.{value}", f"{name}.value", name) if path in found), None)


def _facts(given: Mapping[str, Any], figures: Mapping[str, Mention], inventory: Inventory) -> dict[str, Any]:
    """The facts of a record of another make in the form that the checks read."""
    facts: dict[str, Any] = {
        "deal_type": str(getattr(given.get("deal_type"), "value", given.get("deal_type")))
    }
    for name, mention in figures.items():
        kind = _FIGURES[name]
        if mention.kind in kind.kinds:
            sentence = inventory.document.sentence_at(mention.start)
            evidence = inventory.cite([sentence] if sentence else [])
            facts[name] = kind.from_mention(mention, mention.qualifier, evidence)
    facts["parties"] = _items(given.get("parties"), ("name", "role"))
    facts["people"] = _items(given.get("people"), ("name", "change", "from_role", "to_role"))
    return facts


def _items(value: Any, names: Sequence[str]) -> list[SimpleNamespace]:
    """The items of a list that have a name, with these fields as strings."""
    items = []
    for item in value if isinstance(value, (list, tuple)) else ():
        given = fields_of(item) or {}
        if isinstance(given.get("name"), str):
            said = {name: str(getattr(given.get(name), "value", given.get(name) or "")) for name in names}
            items.append(SimpleNamespace(**said, evidence=()))
    return items


def _in_another_part(
    name: str, path: str, mention: Mention, inventory: Inventory, hints: Hints
) -> Finding | None:
    """Find a figure that the words of the text give another part, where they give another figure its part.

    Word rules tell the parts. They disagree only where every place of the figure tells another part.
    """
    alike = [f for f in hints.figures if _same(f.mention, mention)]
    parts = {figure.role for figure in alike}
    if mention.kind is Kind.PER_SHARE or None in parts or not parts or parts & {*_PARTS[name], "other"}:
        return None
    main = _PARTS[name][:2] if name == "amount" else _PARTS[name][:1]
    rivals = [
        f
        for f in hints.figures
        if f.role in main and f.mention.kind is mention.kind and not f.earlier and f not in alike
    ]
    if not rivals:
        return None
    part = next(iter(sorted(role for role in parts if role is not None)))
    message = (
        f"By the words near it {' '.join(mention.text.split())} is {_CALLED.get(part, part)}; "
        f"as {name} the text has {' '.join(rivals[0].mention.text.split())}."
    )
    evidence = inventory.cite([alike[0].sentence, rivals[0].sentence])
    return Finding(code="rules_disagree", field=path, message=message, evidence=evidence)


_CALLED = {"background": "a figure such as revenue, debt, a fee or a rate", "stake": "a stake"}


def _same(a: Mention, b: Mention) -> bool:
    return (a.kind, a.value, a.upper, a.unit) == (b.kind, b.value, b.upper, b.unit)
