"""What words tell of a deal as a whole: whether there is one, its type, status, day, price, stake and value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

from summarizer.figures import Kind
from summarizer.inventory import Inventory
from summarizer.records.deal import Amount, Stake, Valuation
from summarizer.records.deal_terms import AmountBasis, Consideration, DealStatus, DealType, ValuationBasis
from summarizer.records.values import Day, FigureValue

from .engine import first, lowered, rules_of
from .figures import ToldFigure, choose

_OPENING = 2  # sentences
_LEAD = 6
_TOP = 3  # lines, of which one may be a dateline
_YEAR = 4  # characters of a date that is a year alone
_HALF, _WHOLE = Decimal(50), Decimal(100)
Zones = Mapping[str, Sequence[str]]
_Part = Callable[[ToldFigure], Any]  # reads a part of a value from the words near a figure
V = TypeVar("V", bound=FigureValue)


def zones_of(inventory: Inventory, earlier: frozenset[int]) -> Zones:
    """Return the zones in which rules are sought, in lower case, without the sentences on earlier deals."""
    texts = [lowered(s.text) for s in inventory.leading(2 * _LEAD) if s.number not in earlier]
    body = [s for s in inventory.sentences if not s.heading and s.number not in earlier]
    return {
        "opening": texts[:_OPENING],
        "lead": texts[:_LEAD],
        "text": [lowered(sentence.text) for sentence in body],
    }


def is_deal(zones: Zones, parties: Mapping[str, Sequence[str]]) -> bool | None:
    """Return whether the text reports a deal; None where its words are vague."""
    told = first(rules_of("deal", "is_deal"), zones)
    if told == "maybe" or told is None:
        return True if {"acquirer", "target"} <= parties.keys() else None if told else False
    return told == "yes"


def deal_type(
    zones: Zones,
    figures: Sequence[ToldFigure],
    lead: frozenset[int],
    stake: Stake | None,
    parties: Mapping[str, Any],
) -> DealType | None:
    """Return the type: by its words, else by figures and parties; a share tells more than words of buying."""
    told = first(rules_of("deal", "deal_type"), zones)
    share = stake.percent if stake is not None and stake.upper is None else None
    if told in (None, "acquisition") and share is not None and share < _WHOLE:
        told = "majority_investment" if share >= _HALF else "minority_investment"
    if told is None:
        leading = [f for f in figures if f.sentence.number in lead and not f.earlier]
        if any(figure.role == "raised" for figure in leading):
            told = DealType.FUNDING_ROUND
        elif {"acquirer", "target"} <= parties.keys():
            told = DealType.ACQUISITION
    return None if told is None else DealType(told)


def status(zones: Zones, *, outstanding: bool) -> DealStatus:
    """Return how far the deal has come; a text without any words for it has just announced it."""
    told = first(rules_of("deal", "status"), zones)
    return DealStatus(told or ("pending" if outstanding else "announced"))


def consideration(zones: Zones) -> Consideration | None:
    """Return what the price is paid in; None where the text does not say."""
    told = {rule.value for rule in rules_of("deal", "consideration") if rule.holds(zones[rule.where])}
    return Consideration("mixed" if len(told) > 1 else told.pop()) if told else None


def amount(figures: Sequence[ToldFigure], inventory: Inventory) -> Amount | None:
    """Return what is paid."""

    def basis(figure: ToldFigure) -> AmountBasis:
        return AmountBasis.PER_SHARE if figure.mention.kind is Kind.PER_SHARE else AmountBasis.UNSPECIFIED

    return _value(Amount, "amount", figures, inventory, basis=basis)


def valuation(figures: Sequence[ToldFigure], inventory: Inventory) -> Valuation | None:
    """Return what the deal values the company at."""

    def basis(figure: ToldFigure) -> ValuationBasis | None:
        told = _near("valuation_basis", figure)
        return ValuationBasis(told) if told else None

    return _value(Valuation, "valuation", figures, inventory, basis=basis)


def stake(figures: Sequence[ToldFigure], inventory: Inventory) -> Stake | None:
    """Return the share that changes hands."""
    return _value(
        Stake, "stake", figures, inventory, voting=lambda figure: False if _near("voting", figure) else None
    )


def _near(field: str, figure: ToldFigure) -> str | None:
    return first(rules_of("deal", field), {"near": [figure.near(50)]})


def _value(
    kind: type[V], field: str, figures: Sequence[ToldFigure], inventory: Inventory, **parts: _Part
) -> V | None:
    """Build the value of a field from the figure that fills it; ``parts`` read more from the words near it."""
    chosen = choose(figures, field, inventory)
    if chosen is None:
        return None
    more = {name: part for name, read in parts.items() if (part := read(chosen)) is not None}
    evidence = inventory.cite([chosen.sentence])
    return cast(V, kind.from_mention(chosen.mention, chosen.mention.qualifier, evidence, **more))


def announced_on(figures: Sequence[ToldFigure], inventory: Inventory, lead: frozenset[int]) -> Day | None:
    """Return the first date, finer than a year, that the text leads with."""
    top = {sentence.number for sentence in inventory.sentences[:_TOP]} | lead
    days = (f for f in figures if f.mention.kind is Kind.DATE and not f.earlier and f.sentence.number in top)
    found = next((day for day in days if len(day.mention.date or "") != _YEAR), None)
    if found is None:
        return None
    return Day.from_mention(found.mention, found.mention.qualifier, inventory.cite([found.sentence]))
