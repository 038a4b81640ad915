"""The facts that a deal has once: figures, its date, its kind and how far it has come."""

from __future__ import annotations

from typing import Any

from summarizer.dossiers.facts import Kind, Option, Said, bare, reconcile_fact
from summarizer.dossiers.intervals import (
    compare_figures,
    interval_of,
    interval_of_mention,
    specificity,
)
from summarizer.dossiers.model import DossierFinding, Reconciled, Relation
from summarizer.dossiers.sources import Reading
from summarizer.figures import Kind as FigureKind
from summarizer.figures import Qualifier, agree, find, parse
from summarizer.records.deal_terms import Consideration, DealStatus, DealType
from summarizer.records.values import Day, Money, Percent

_HEDGES = {Qualifier.ABOUT: "about ", Qualifier.AT_LEAST: "at least ", Qualifier.AT_MOST: "up to "}
_STAGES = {
    DealStatus.RUMOURED: 0,
    DealStatus.ANNOUNCED: 1,
    DealStatus.PENDING: 1,
    DealStatus.COMPLETED: 2,
    DealStatus.TERMINATED: 2,
}


def figure_words(value: Money | Percent) -> str:
    """A figure as its text writes it, with its hedge, its basis and whether the stake votes."""
    words = [_HEDGES.get(value.qualifier, "") + value.text]
    words += [detail_words(part, getattr(value, part, None)) for part in ("basis", "voting")]
    return " ".join(filter(None, words))


def detail_words(part: str, detail: Any) -> str:
    """A basis, or whether a stake votes, in words: post-money, non-voting; nothing where it is not stated."""
    if part == "voting":
        return "" if detail is None else "voting" if detail else "non-voting"
    word = str(detail or "")
    return "" if word in ("unspecified", "per_share") else word.replace("_", "-")


def words_of(value: Any) -> str:
    """The value of any fact that a deal has once, in words."""
    if isinstance(value, (Money, Percent)):
        return figure_words(value)
    return value.text if isinstance(value, Day) else str(value.value).replace("_", " ")


def _basis(value: Any) -> Any:
    basis = getattr(value, "basis", None)
    return None if basis is None or str(basis) == "unspecified" else basis


def _states_both(new: Option[Any], old: Option[Any]) -> bool:
    """Whether the sources of a figure state the other one too, in the sentences that they give as evidence.

    "It raised its offer to $5.2 billion from $4.8 billion" replaces an earlier report of $4.8 billion.
    """
    percent = isinstance(old.value, Percent)
    sought = interval_of(old.value)
    kinds = (FigureKind.PERCENT,) if percent else (FigureKind.MONEY, FigureKind.PER_SHARE)
    for one in new.said:
        for span in one.evidence:
            for mention in find(span.text):
                stated = interval_of_mention(mention, percent=percent) if mention.kind in kinds else None
                if stated is not None and sought is not None and stated.meets(sought):
                    return True
    return False


AMOUNT: Kind[Any] = Kind(
    compare=compare_figures,
    rank=specificity,
    words=figure_words,
    supersedes=_states_both,
    details={"basis": _basis},
)
STAKE: Kind[Any] = Kind(
    compare=compare_figures,
    rank=specificity,
    words=figure_words,
    supersedes=_states_both,
    details={"voting": lambda value: value.voting},
)


def _iso(day: Day) -> str:
    """The date as far as the text gives it: ``--05-17`` for a day without its year."""
    if day.date:
        return day.date
    mention = parse(day.text) or next(iter(find(day.text)), None)
    return (mention.date if mention is not None else None) or ""


def _compare_days(a: Day, b: Day) -> Relation:
    first, second = _iso(a), _iso(b)
    if first == second:
        return Relation.SAME
    mentions = [m for day in (a, b) for m in find(day.text) if m.kind is FigureKind.DATE]
    if len(mentions) == 2 and agree(*mentions):
        return Relation.COMPATIBLE
    fine, coarse = sorted((first, second), key=len, reverse=True)
    within = bool(coarse) and fine.startswith(coarse)
    return Relation.COMPATIBLE if within else Relation.CONFLICT


DAY: Kind[Day] = Kind(
    compare=_compare_days,
    rank=lambda day: len(_iso(day)),
    words=lambda day: day.text,
)


def _compare_choices(a: Any, b: Any) -> Relation:
    if a is b:
        return Relation.SAME
    return Relation.COMPATIBLE if "other" in (a.value, b.value) else Relation.CONFLICT


CHOICE: Kind[Any] = Kind(
    compare=_compare_choices,
    rank=lambda choice: choice.value != "other",
    words=lambda choice: str(choice.value).replace("_", " "),
)


def _compare_stages(a: DealStatus, b: DealStatus) -> Relation:
    if a is b:
        return Relation.SAME
    # A deal moves on from one report to the next; of one that has closed and one that was called off, one is
    # wrong.
    return Relation.CONFLICT if _STAGES[a] == _STAGES[b] == 2 else Relation.COMPATIBLE


STATUS: Kind[DealStatus] = Kind(
    compare=_compare_stages,
    rank=lambda status: (_STAGES[status], status is DealStatus.PENDING),
    words=lambda status: status.value,
    first=True,
)

Scalar = tuple[Reconciled[Any] | None, list[DossierFinding]]


def scalar_facts(readings: tuple[Reading, ...]) -> dict[str, Scalar]:
    """Reconcile each fact that a deal has once; by its name in the record."""
    return {
        "deal_type": _field("deal_type", readings, CHOICE, DealType),
        "status": _field("status", readings, STATUS, DealStatus),
        "announced_on": _field("announced_on", readings, DAY, Day),
        "amount": _field("amount", readings, AMOUNT, Money),
        "stake": _field("stake", readings, STAKE, Percent),
        "valuation": _field("valuation", readings, AMOUNT, Money),
        "consideration": _field("consideration", readings, CHOICE, Consideration),
    }


def _field(name: str, readings: tuple[Reading, ...], kind: Kind[Any], type_: type) -> Scalar:
    said = []
    for reading in readings:
        value = getattr(reading.record, name)
        if isinstance(value, type_):
            evidence = getattr(value, "evidence", None) or reading.record.evidence.get(name, ())
            said.append(Said(reading, bare(value), tuple(evidence)))
    return reconcile_fact(name, said, kind)
