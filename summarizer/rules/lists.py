"""The lists of the record: sentences that rules pick, earlier deals, and the phrases of what money is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from summarizer.document import Sentence
from summarizer.figures import Kind
from summarizer.findings import Span
from summarizer.inventory import Inventory
from summarizer.records.deal import EarlierDeal
from summarizer.records.values import Money, Phrase

from .engine import Rule, lowered, rules_of
from .figures import ToldFigure

_LIMITS = {"rationale": 3, "concerns": 4, "conditions": 3, "earlier_deals": 4}
_FEWEST_WORDS = 4  # of a sentence that tells enough
_CLAUSES = re.compile(r"(?<=[,;])\s+(?:and|but)\s+|(?<=;)\s+")


def sentences(field: str, inventory: Inventory) -> list[Sentence]:
    """Return the first sentences that the rules of a list pick, and the bullets under a heading that they pick."""
    rules = rules_of("lists", field)
    found: list[Sentence] = []
    heading = False
    for sentence in inventory.sentences:
        if sentence.heading:
            heading = _matches(rules, sentence)
        elif (
            (_matches(rules, sentence) or (heading and inventory.is_bullet(sentence)))
            and len(sentence.text.split()) >= _FEWEST_WORDS
            and not sentence.text.endswith(":")
            and not inventory.is_headline(sentence)
        ):
            found.append(sentence)
    return found[: _LIMITS[field]]


def _matches(rules: Sequence[Rule], sentence: Sentence) -> bool:
    return any(rule.search(lowered(sentence.text)) for rule in rules)


def phrases(field: str, inventory: Inventory) -> tuple[Phrase, ...]:
    """Return the sentences of a list as phrases: its clauses apart where a rule picks each of several."""
    found = []
    for sentence in sentences(field, inventory):
        clauses = _CLAUSES.split(sentence.text) if field == "conditions" else []
        rules = rules_of("lists", field)
        told = [clause for clause in clauses if any(rule.search(lowered(clause)) for rule in rules)]
        for text in told if len(told) > 1 else [sentence.text]:
            found.append(Phrase(text=text.rstrip(",;"), evidence=inventory.cite([sentence])))
    return tuple(found)


def earlier_deals(
    inventory: Inventory, figures: Sequence[ToldFigure], own: Mapping[str, Sequence[Span]]
) -> tuple[EarlierDeal, ...]:
    """Return what sentences tell of deals before this one, with the year, price and value that each states."""
    taken = {span.start for spans in own.values() for span in spans}
    found = []
    for sentence in sentences("earlier_deals", inventory):
        if sentence.start in taken:
            continue
        evidence = inventory.cite([sentence])
        here = [figure for figure in figures if figure.sentence.number == sentence.number]
        years = [f.mention.date or "" for f in here if f.mention.kind is Kind.DATE]
        found.append(
            EarlierDeal(
                description=sentence.text,
                year=next((int(year[:4]) for year in years if not year.startswith("--")), None),
                amount=_money(here, ("price", "raised"), evidence),
                valuation=_money(here, ("valuation",), evidence),
                evidence=evidence,
            )
        )
    return tuple(found)


def _money(figures: Sequence[ToldFigure], roles: Sequence[str], evidence: tuple[Span, ...]) -> Money | None:
    told = next((f for f in figures if f.role in roles and f.mention.kind is Kind.MONEY), None)
    if told is None:
        return None
    return Money.from_mention(told.mention, told.mention.qualifier, evidence)


_LONGEST = 200  # characters of a phrase; a longer one was cut in the wrong place
_END = re.compile(r"[.;](?:\s|$)|,? (?:\w+ ){0,3}(?:said|says|added)\b")
_ITEMS = re.compile(
    r",? (?:and|as well as) (?:to |for |on )?(?![A-Z])|, (?:to |for |on )?(?!which|who|including|such|mostly|mainly)"
)
_LEAD_IN = re.compile(r"\s*(?:for|to|on|into|in|towards?)\s+")


def use_of_proceeds(inventory: Inventory, skipped: frozenset[int]) -> tuple[Phrase, ...]:
    """Return the phrases behind words such as "will use the proceeds to", or the bullets that such words open."""
    found = []
    order = [s for s in inventory.sentences if s.number not in skipped]
    for index, sentence in enumerate(order):
        for start, end in _pieces(order, index, inventory):
            text = inventory.document.text[start:end]
            if len(text) > _LONGEST:
                return ()
            found.append(
                Phrase(
                    text=text,
                    evidence=inventory.cite([s for s in order if s.start <= start < s.end] or [sentence]),
                )
            )
    return tuple(found)


def _pieces(order: Sequence[Sentence], index: int, inventory: Inventory) -> Iterator[tuple[int, int]]:
    sentence = order[index]
    text = sentence.text
    match = next(
        (m for rule in rules_of("lists", "use_of_proceeds") if (m := rule.search(lowered(text)))), None
    )
    if match is None or re.search(r"\b(?:no|not|never)\b", lowered(text[: match.end()])):
        return
    rest = text[match.end() :]
    if not rest.strip(" :") or rest.rstrip().endswith(":"):
        for item in order[index + 1 :]:
            if not inventory.is_bullet(item):
                return
            yield item.start, item.start + len(item.text.rstrip(" .;,"))
        return
    if sentence.heading:
        return
    end = _END.search(rest)
    left, stop = 0, end.start() if end is not None else len(rest)
    for cut in [*_ITEMS.finditer(rest[:stop]), None]:
        right = cut.start() if cut is not None else stop
        lead = _LEAD_IN.match(rest, left)
        left = lead.end() if lead is not None else left + len(rest[left:]) - len(rest[left:].lstrip(" :"))
        piece = rest[left:right].rstrip(' .,;”"')
        if piece:
            yield sentence.start + match.end() + left, sentence.start + match.end() + left + len(piece)
        left = cut.end() if cut is not None else right
