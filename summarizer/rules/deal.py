"""What words tell of a deal as a whole: whether there is one, its type, status, day, price, stake and value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, cast

from summarizer.document import Sentence, Zone
from summarizer.figures import Kind, Qualifier
from summarizer.inventory import Inventory
from summarizer.records.deal import Amount, Stake, Valuation
from summarizer.records.deal_terms import AmountBasis, Consideration, DealStatus, DealType, ValuationBasis
from summarizer.records.values import Day, FigureValue

from .engine import first, lowered, rules_of
from .figures import ToldFigure, alike, choose

_OPENING = 3  # sentences
_FIRST = 2
_LEAD = 6
_HALF, _WHOLE = Decimal(50), Decimal(100)
Zones = Mapping[str, Sequence[str]]
V = TypeVar("V", bound=FigureValue)


def zones_of(inventory: Inventory, earlier: frozenset[int]) -> Zones:
    """Return the zones in which rules are sought, in lower case, without the sentences on earlier deals."""
    now = [sentence for sentence in news(inventory) if sentence.number not in earlier]
    texts = [lowered(sentence.text) for sentence in now]
    body = [s for s in inventory.sentences if not s.heading and s.number not in earlier]
    return {
        "first": texts[:_FIRST],
        "opening": texts[:_OPENING],
        "lead": texts[:_LEAD],
        "text": [lowered(sentence.text) for sentence in body],
    }


_HEAD_WORD = re.compile(r"\w[\w.'’-]*")
_LINKS = frozenset({"of", "and", "in", "the", "for", "our", "de", "la", "a.m", "p.m"})


def news(inventory: Inventory) -> list[Sentence]:
    """Return what a report leads with: headline and text, without lines of names and dates alone."""
    leading = inventory.leading(2 * _LEAD)
    return [
        s for s in leading if s.zone is Zone.HEADLINE or not all(map(_is_head, _HEAD_WORD.findall(s.text)))
    ]


def _is_head(word: str) -> bool:
    word = word.rstrip(".'’-")
    return len(word) < 2 or not word[0].islower() or word in _LINKS


def is_deal(zones: Zones, parties: Mapping[str, Sequence[str]]) -> bool | None:
    """Return whether the text reports a deal; None where its words are vague."""
    opening = {**zones, "opening": zones["first"]}
    told = first(rules_of("deal", "is_deal"), opening)
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
    """Return the type: by the surest words, then by the stake, then by other words, figures and parties."""
    rules = rules_of("deal", "deal_type")
    told = first([rule for rule in rules if rule.sure], zones)
    if told is None and stake is not None and stake.percent is not None and stake.upper is None:
        told = _of_share(stake.percent, zones)
    told = told or first([rule for rule in rules if not rule.sure], zones)
    if told is None:
        leading = [f for f in figures if f.sentence.number in lead and not f.earlier]
        if any(figure.role == "raised" for figure in leading):
            told = DealType.FUNDING_ROUND
        elif {"acquirer", "target"} <= parties.keys():
            told = DealType.ACQUISITION
    return None if told is None else DealType(told)


def _of_share(share: Decimal, zones: Zones) -> DealType:
    if share >= _HALF:
        return DealType.MAJORITY_INVESTMENT if share < _WHOLE else DealType.ACQUISITION
    rules = [rule for rule in rules_of("deal", "deal_type") if rule.value == "funding_round"]
    return DealType.FUNDING_ROUND if first(rules, zones) else DealType.MINORITY_INVESTMENT


def status(zones: Zones) -> DealStatus:
    """Return how far the deal has come; a text without any words for it has just announced it."""
    return DealStatus(first(rules_of("deal", "status"), zones) or "announced")


def consideration(zones: Zones) -> Consideration | None:
    """Return what the price is paid in; None where the text does not say."""
    told = {rule.value for rule in rules_of("deal", "consideration") if rule.holds(zones[rule.where])}
    return Consideration("mixed" if len(told) > 1 else told.pop()) if told else None


def amount(figures: Sequence[ToldFigure], inventory: Inventory) -> Amount | None:
    """Return what is paid."""

    def basis(figure: ToldFigure) -> AmountBasis:
        if figure.mention.kind is Kind.PER_SHARE:
            return AmountBasis.PER_SHARE
        return AmountBasis(_near("amount_basis", figure) or "unspecified")

    return _value(Amount, "amount", figures, inventory, lambda figure: {"basis": basis(figure)})


def valuation(figures: Sequence[ToldFigure], inventory: Inventory) -> Valuation | None:
    """Return what the deal values the company at."""

    def basis(figure: ToldFigure) -> dict[str, Any]:
        return {"basis": ValuationBasis(_near("valuation_basis", figure) or "unspecified")}

    return _value(Valuation, "valuation", figures, inventory, basis)


def stake(figures: Sequence[ToldFigure], inventory: Inventory) -> Stake | None:
    """Return the share that changes hands."""

    def voting(figure: ToldFigure) -> dict[str, Any]:
        return {"voting": {"yes": True, "no": False}.get(_near("voting", figure) or "")}

    return _value(Stake, "stake", figures, inventory, voting)


def _near(field: str, figure: ToldFigure) -> str | None:
    return first(rules_of("deal", field), {"near": [figure.near(50)]})


def _value(
    kind: type[V],
    field: str,
    figures: Sequence[ToldFigure],
    inventory: Inventory,
    more: Callable[[ToldFigure], dict[str, Any]],
) -> V | None:
    """Build the value of a field from the figure that fills it; other places of the figure lend hedge and basis."""
    chosen = choose(figures, field, inventory)
    if chosen is None:
        return None
    same = alike(figures, chosen)
    hedges = [figure.mention.qualifier for figure in same if figure.mention.qualifier is not Qualifier.EXACT]
    told = [more(figure) for figure in same]
    best = next((one for one in told if str(*one.values()) not in ("unspecified", "None")), told[0])
    evidence = inventory.cite(figure.sentence for figure in same)
    qualifier = hedges[0] if hedges else chosen.mention.qualifier
    return cast(V, kind.from_mention(chosen.mention, qualifier, evidence, **best))


_BESIDE = 90  # characters between a date and a word of announcing
_PLACES = re.compile(r"(?:[A-Z][\w.'’-]*(?:,? (?:and )?|/)?)*(?:\([\w ]+\))?,? ?[-–—]* ?")
_BEHIND_DATELINE = re.compile(r" ?(?:[-–—.:|/(]|$)")
_TOP = 3  # lines at the top, of which one may be a byline


def announced_on(
    figures: Sequence[ToldFigure], inventory: Inventory, lead: frozenset[int]
) -> FigureValue | None:
    """Return the first date, finer than a year, in a dateline or beside a word of announcing."""
    days = [
        f for f in figures if f.mention.kind is Kind.DATE and not f.earlier and len(f.mention.date or "") != 4
    ]
    top = {sentence.number for sentence in inventory.sentences[:_TOP]} | lead
    leading = (day for day in days if day.sentence.number in top)
    found = next((day for day in leading if _is_dateline(day) or _is_announced(day)), None)
    if found is None:
        return None
    return Day.from_mention(found.mention, found.mention.qualifier, inventory.cite([found.sentence]))


def _is_announced(day: ToldFigure) -> bool:
    start = day.mention.start - day.sentence.start
    beside = lowered(day.sentence.text[max(0, start - _BESIDE) : start + _BESIDE])
    return any(rule.search(beside) for rule in rules_of("deal", "announced_on"))


def _is_dateline(day: ToldFigure) -> bool:
    """Return whether only places stand before a date, and a line or a dateline ends behind it."""
    before, _, behind = day.sentence.text.partition(day.mention.text)
    return bool(_PLACES.fullmatch(re.split(r" ?[|·•] ?", before)[-1]) and _BEHIND_DATELINE.match(behind))
