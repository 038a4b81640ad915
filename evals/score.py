"""A record against its gold, leaf by leaf.

Not scored: ``headline`` and ``narrative`` (their figures are; see ``evals.figures``), and ``rationale``,
``concerns`` and ``conditions``, on which readers of one text do not agree well enough.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from evals import scorers
from evals.gold import Case, GoldEarlier, GoldMoney, GoldParty, GoldPerson, GoldPhrase, GoldStake
from evals.outcomes import Outcome, Result
from evals.scorers import Score
from summarizer.mentions import find

G = TypeVar("G")
F = TypeVar("F")
Says = Callable[[str], bool]

_RIGHT_FROM = 0.8  # a score from which an answer counts as right
_PAIR_FROM = 0.5  # a likeness from which two items are about the same thing
_OPTIONAL = 0.99  # an optional item gives way to a required one that is as alike


def score(case: Case, record: Any, source: str) -> list[Outcome]:
    """Score a record of a deal (any object with its fields). ``source`` is the text that was read."""
    evidence = _Evidence(source)
    return [
        _leaf("deal_type", case.deal_type, record.deal_type),
        _leaf("status", case.status, record.status),
        _leaf("consideration", case.consideration, record.consideration),
        _leaf("announced_on", [case.announced_on], record.announced_on, scorers.day),
        *_parties(case.parties, record.parties, evidence),
        *_money("amount", case.amount, record.amount, evidence),
        *_stake(case.stake, record.stake, evidence),
        *_money("valuation", case.valuation, record.valuation, evidence),
        *_people(case.people, record.people, evidence),
        *_phrases("use_of_proceeds", case.use_of_proceeds, record.use_of_proceeds, evidence),
        *_earlier(case.earlier_deals, record.earlier_deals, evidence),
    ]


def nothing(case: Case) -> list[Outcome]:
    """Score a run that failed: every fact of gold is missing."""
    return score(case, _Empty(), "")


class _Empty:
    parties = people = use_of_proceeds = earlier_deals = ()

    def __getattr__(self, name: str) -> None:
        return None


def _leaf(
    field: str, gold: Sequence[G | None], found: F | None, judge: Callable[[G, F], Score] = scorers.exact
) -> Outcome:
    """Score one leaf against every answer that is right; None among them is the answer that there is none."""
    answers = [answer for answer in gold if answer is not None]
    said = " or ".join(_shown(answer) for answer in answers)
    if found is None:
        if answers and len(answers) == len(gold):
            return Outcome(field, Result.FN, said, kind="OMITTED")
        return Outcome(field, Result.TN, said)
    if not answers:
        return Outcome(field, Result.FA, found=_shown(found), kind="INVENTED")
    best = max((judge(answer, found) for answer in answers), key=lambda each: each.value)
    if best.value >= _RIGHT_FROM:
        return Outcome(field, Result.TP, said, _shown(found), best.value)
    return Outcome(field, Result.FD, said, _shown(found), best.value, best.kind)


def _part(
    of: str, gold: Any, found: Any, name: str, judge: Callable[[Any, Any], Score] = scorers.exact
) -> Outcome:
    """Score one attribute of an item, whose gold lists right answers; either item may be None."""
    return _leaf(f"{of}.{name}", getattr(gold, name, ()), _attribute(found, name), judge)


def _attribute(found: Any, name: str) -> Any:
    """Take an attribute: of an enum's member the value, and None where nothing is specified."""
    value = getattr(found, name, None)
    value = value.value if isinstance(value, enum.Enum) else value
    return None if value == "unspecified" else value


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if getattr(value, "value", None) is not None and hasattr(value, "currency"):
        return f"{value.value:,f} {value.currency}"
    for name in ("text", "name", "description"):
        if getattr(value, name, None):
            return str(getattr(value, name))
    return str(value)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Whether the spans of a fact state it, in a given source."""

    source: str

    def mark(self, outcome: Outcome, gold: Any, found: Any, says: Says) -> Outcome:
        """Add to a right outcome whether all spans of ``found`` are at gold's places, and one ``says`` it."""
        if outcome.result is not Result.TP:
            return outcome
        spans = found.evidence
        whole = all(self.source[span.start : span.end] == span.text for span in spans)
        placed = all(
            any(span.start < end and start < span.end for start, end in gold.evidence) for span in spans
        )
        holds = whole and placed and any(says(span.text) for span in spans)
        return replace(outcome, evidence=holds, kind="" if holds else "WRONG_EVIDENCE")


def _states(value: Any) -> Says:
    """Whether words parse again to a figure of this value."""
    return lambda words: any(mention.value == value for mention in find(words))


def _names(name: str | None) -> Says:
    """Whether words hold a name, or the last word of it."""
    last = scorers.normal_name(name or "").rpartition(" ")[2]
    return lambda words: f" {last} " in f" {scorers.normal_name(words)} "


def _money(field: str, gold: GoldMoney | None, found: Any, evidence: _Evidence) -> list[Outcome]:
    value = _leaf(f"{field}.value", [gold], found, scorers.money)
    return [
        evidence.mark(value, gold, found, _states(_attribute(found, "value"))),
        _leaf(f"{field}.currency", [gold.currency if gold else None], _attribute(found, "currency")),
        _part(field, gold, found, "qualifier"),
        _part(field, gold, found, "basis"),
    ]


def _stake(gold: GoldStake | None, found: Any, evidence: _Evidence) -> list[Outcome]:
    share = _leaf("stake.percent", [gold], found, scorers.percent)
    return [
        evidence.mark(share, gold, found, _states(_attribute(found, "percent"))),
        _part("stake", gold, found, "qualifier"),
        _part("stake", gold, found, "voting"),
    ]


def _parties(gold: Sequence[GoldParty], found: Sequence[Any], evidence: _Evidence) -> Iterator[Outcome]:
    """Score parties: one leaf for each, its name in its role."""

    def alike(wanted: GoldParty, party: Any) -> float:
        named = scorers.name(wanted.names, party.name).value
        return (3 * named + (_attribute(party, "role") in wanted.role)) / 4 * _weight(wanted)

    roles = {role for wanted in gold for role in wanted.role}
    for wanted, party in _align(gold, found, alike):
        name, role = _attribute(party, "name"), str(_attribute(party, "role"))
        if wanted is None:
            yield Outcome(f"party.{role}", Result.FA, found=name, kind="INVENTED")
        elif party is None or role in wanted.role:
            if not wanted.optional:
                outcome = _leaf(f"party.{wanted.role[0]}", [wanted.names], name, scorers.name)
                yield evidence.mark(outcome, wanted, party, _names(name))
        elif wanted.optional:
            yield Outcome(f"party.{role}", Result.FA, found=name, kind="INVENTED")
        else:
            kind = "ROLE_SWAP" if role in roles else "WRONG"
            yield Outcome(
                f"party.{wanted.role[0]}", Result.FD, wanted.names[0], f"{name} as {role}", kind=kind
            )


def _people(gold: Sequence[GoldPerson], found: Sequence[Any], evidence: _Evidence) -> Iterator[Outcome]:
    def leaves(wanted: GoldPerson | None, person: Any) -> list[Outcome]:
        name = _attribute(person, "name")
        named = _leaf("people.name", [wanted.names if wanted else None], name, scorers.name)
        return [
            evidence.mark(named, wanted, person, _names(name)),
            _part("people", wanted, person, "change"),
            _part("people", wanted, person, "from_role", scorers.fact),
            _part("people", wanted, person, "to_role", scorers.fact),
        ]

    return _items(gold, found, leaves, _by_key)


def _phrases(
    field: str, gold: Sequence[GoldPhrase], found: Sequence[Any], evidence: _Evidence
) -> Iterator[Outcome]:
    def leaves(wanted: GoldPhrase | None, phrase: Any) -> list[Outcome]:
        words = _attribute(phrase, "text")
        outcome = _leaf(field, [wanted.facts if wanted else None], words, scorers.facts)
        return [evidence.mark(outcome, wanted, phrase, lambda text: words in text)]

    return _items(gold, found, leaves, _by_key)


def _earlier(gold: Sequence[GoldEarlier], found: Sequence[Any], evidence: _Evidence) -> Iterator[Outcome]:
    def leaves(wanted: GoldEarlier | None, deal: Any) -> list[Outcome]:
        year = wanted.year if wanted else None
        outcomes = [_leaf("earlier_deals.year", [year], _attribute(deal, "year"))]
        for name in ("amount", "valuation"):
            money, amount = getattr(wanted, name, None), getattr(deal, name, None)
            outcome = _leaf(f"earlier_deals.{name}", [money], amount, scorers.money)
            outcomes.append(evidence.mark(outcome, money, amount, _states(_attribute(amount, "value"))))
        if wanted is None and not any(outcome.result is Result.FA for outcome in outcomes):
            outcomes.append(Outcome("earlier_deals", Result.FA, found=_shown(deal), kind="INVENTED"))
        return outcomes

    def alike(wanted: GoldEarlier, deal: Any, outcomes: Sequence[Outcome]) -> float:
        # Whatever tells one deal from others: its year, a figure, or its words.
        words = scorers.facts(wanted.facts, deal.description).value if wanted.facts else 0.0
        return max(words, *(outcome.score for outcome in outcomes))

    return _items(gold, found, leaves, alike)


def _by_key(_wanted: Any, _item: Any, outcomes: Sequence[Outcome]) -> float:
    """How alike two items are: their first leaf is the key and half of it, the others are the other half."""
    key, *others = (1.0 if outcome.result is Result.TN else outcome.score for outcome in outcomes)
    if key < _PAIR_FROM:
        return 0.0
    return (key + sum(others) / len(others)) / 2 if others else key


def _weight(wanted: Any) -> float:
    return _OPTIONAL if wanted.optional else 1.0


def _items(
    gold: Sequence[G],
    found: Sequence[Any],
    leaves: Callable[[G | None, Any], list[Outcome]],
    alike: Callable[[G, Any, Sequence[Outcome]], float],
) -> Iterator[Outcome]:
    """Score two lists by the leaves of their pairs; an optional item counts for nothing, found or not."""

    def likeness(wanted: G, item: Any) -> float:
        return alike(wanted, item, leaves(wanted, item)) * _weight(wanted)

    for wanted, item in _align(gold, found, likeness):
        if not getattr(wanted, "optional", False):
            yield from leaves(wanted, item)


def _align(
    gold: Sequence[G], found: Sequence[F], alike: Callable[[G, F], float]
) -> list[tuple[G | None, F | None]]:
    """Pair two lists so that the sum of likeness is greatest; an item that is like no other stays alone."""
    matrix = [[alike(wanted, item) for item in found] for wanted in gold]
    rows, columns = linear_sum_assignment(matrix, maximize=True) if gold and found else ([], [])
    paired = {
        int(i): int(j) for i, j in zip(rows, columns, strict=True) if matrix[i][j] >= _PAIR_FROM * _OPTIONAL
    }
    pairs: list[tuple[G | None, F | None]] = [
        (wanted, found[paired[i]] if i in paired else None) for i, wanted in enumerate(gold)
    ]
    taken = set(paired.values())
    return pairs + [(None, item) for j, item in enumerate(found) if j not in taken]
