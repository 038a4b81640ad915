"""Lists from several records: near-duplicates become one item, each with its sources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from rapidfuzz import fuzz

from summarizer.dossiers.facts import Kind, Said, bare, reconcile_fact
from summarizer.dossiers.intervals import compare_figures
from summarizer.dossiers.model import AGREE, DossierFinding, Reconciled, Relation
from summarizer.dossiers.scalars import figure_words
from summarizer.dossiers.sources import Reading
from summarizer.records.deal import EarlierDeal
from summarizer.records.values import Money, Phrase

T = TypeVar("T")

_ALIKE = 88  # of 100: near-duplicates, with the words in any order
_SAME_EVENT = 75  # for descriptions whose year and figures agree
_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*")
_NEGATIONS = frozenset({"not", "no", "never", "without", "nor", "t"})
_SHORT = frozenset({"the", "a", "an", "of", "to", "in", "on", "and", "for", "its", "it", "will", "is", "be"})


@lru_cache(maxsize=65536)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


@lru_cache(maxsize=65536)
def _content(text: str) -> frozenset[str]:
    return frozenset(_words(text)) - _SHORT


@lru_cache(maxsize=65536)
def _firm(text: str) -> frozenset[str]:
    """The words by which two phrases differ in what they say, however alike they are: numbers and negations."""
    return frozenset(word for word in _words(text) if word[0].isdigit() or word in _NEGATIONS)


def phrases_match(a: str, b: str) -> bool:
    """Whether one of two phrases repeats the other, or holds all of it."""
    if _firm(a) != _firm(b):
        return False
    few, many = sorted((_content(a), _content(b)), key=len)
    if len(few) > 1 and few <= many:
        return True
    return fuzz.token_sort_ratio(" ".join(_words(a)), " ".join(_words(b))) >= _ALIKE


def _compare_phrases(a: Phrase, b: Phrase) -> Relation:
    return Relation.SAME if a == b else Relation.COMPATIBLE


PHRASE: Kind[Phrase] = Kind(
    compare=_compare_phrases,
    rank=lambda phrase: len(_content(phrase.text)),
    words=lambda phrase: phrase.text,
)


def reconcile_phrases(
    name: str, readings: Sequence[Reading]
) -> tuple[tuple[Reconciled[Phrase], ...], list[DossierFinding]]:
    """Merge one list of phrases of all records."""
    said = [
        Said(reading, bare(phrase), phrase.evidence)
        for reading in readings
        for phrase in getattr(reading.record, name)
    ]
    return _merge(name, said, PHRASE, lambda p: p.text, lambda a, b: phrases_match(a.text, b.text))


def _earlier_words(deal: EarlierDeal) -> str:
    parts = [deal.description, str(deal.year or "")]
    parts += [figure_words(money) for money in (deal.amount, deal.valuation) if money is not None]
    return ", ".join(part for part in parts if part)


def _agree(a: Money | None, b: Money | None) -> bool | None:
    """Whether two figures agree; None where one is not there."""
    return None if a is None or b is None else compare_figures(a, b) in AGREE


def _earlier_match(a: EarlierDeal, b: EarlierDeal) -> bool:
    if a.year and b.year and a.year != b.year:
        return False
    agreed = [_agree(a.amount, b.amount), _agree(a.valuation, b.valuation)]
    alike = fuzz.token_set_ratio(a.description.casefold(), b.description.casefold())
    if False in agreed:  # the same event, told with other figures: a conflict, if all else is the same
        return bool(a.year) and a.year == b.year and alike >= _SAME_EVENT
    if True in agreed and (a.year == b.year or alike >= _SAME_EVENT / 1.5):
        return True
    same_year = a.year is not None and a.year == b.year
    return phrases_match(a.description, b.description) or (same_year and alike >= _SAME_EVENT)


def _compare_earlier(a: EarlierDeal, b: EarlierDeal) -> Relation:
    if a == b:
        return Relation.SAME
    agreed = (_agree(a.amount, b.amount), _agree(a.valuation, b.valuation))
    years = bool(a.year and b.year and a.year != b.year)
    return Relation.CONFLICT if False in agreed or years else Relation.COMPATIBLE


EARLIER: Kind[EarlierDeal] = Kind(
    compare=_compare_earlier,
    rank=lambda deal: (
        sum(part is not None for part in (deal.year, deal.amount, deal.valuation)),
        len(_content(deal.description)),
    ),
    words=_earlier_words,
    wordings={
        "year": lambda deal: deal.year,
        "amount": lambda deal: deal.amount,
        "valuation": lambda deal: deal.valuation,
    },
)


def reconcile_earlier(
    readings: Sequence[Reading],
) -> tuple[tuple[Reconciled[EarlierDeal], ...], list[DossierFinding]]:
    """Merge the earlier deals of all records."""
    said = [
        Said(reading, _bare_deal(deal), deal.evidence)
        for reading in readings
        for deal in reading.record.earlier_deals
    ]
    return _merge("earlier_deals", said, EARLIER, _earlier_words, _earlier_match)


def _bare_deal(deal: EarlierDeal) -> EarlierDeal:
    figures = {name: bare(getattr(deal, name)) for name in ("amount", "valuation")}
    return bare(deal).model_copy(update=figures)


def _merge(
    name: str,
    said: Iterable[Said[T]],
    kind: Kind[T],
    text: Callable[[T], str],
    same: Callable[[T, T], bool],
) -> tuple[tuple[Reconciled[T], ...], list[DossierFinding]]:
    """Put each item beside the first that it is the same as, the fullest items first."""
    options: dict[Any, list[Said[T]]] = {}
    for one in said:
        options.setdefault(one.value, []).append(one)
    ordered = sorted(options, key=lambda value: (kind.rank(value), text(value)), reverse=True)
    groups: list[list[T]] = []
    sharing: defaultdict[str, set[int]] = defaultdict(set)  # groups by the words of their items
    for value in ordered:
        words = _content(text(value))
        near = sorted({index for word in words for index in sharing[word]})
        found = next((index for index in near if all(same(value, other) for other in groups[index])), None)
        if found is None:
            found = len(groups)
            groups.append([])
        groups[found].append(value)
        for word in words:
            sharing[word].add(found)
    merged: list[Reconciled[T]] = []
    findings: list[DossierFinding] = []
    for index, group in enumerate(groups):
        reconciled, more = reconcile_fact(
            f"{name}[{index}]", [one for value in group for one in options[value]], kind
        )
        if reconciled is not None:
            merged.append(reconciled)
        findings += [one for one in more if one.code == "conflict"]
    order = sorted(merged, key=lambda one: (-len(one.consensus.sources), *_place(one)))
    return tuple(order), findings


def _place(item: Reconciled[Any]) -> tuple[str, int, str]:
    """Where the first source that has an item tells of it, so that a list keeps the order of its text."""
    first = item.claims[0]
    return first.source, first.evidence[0].start if first.evidence else 0, repr(first.value)
