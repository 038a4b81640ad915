"""The lists of the record: sentences that rules pick, earlier deals, and the phrases of what money is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import islice, takewhile

from summarizer.document import Sentence
from summarizer.figures import Kind
from summarizer.findings import Span
from summarizer.inventory import Inventory
from summarizer.records.deal import EarlierDeal
from summarizer.records.values import Money, Phrase

from .engine import lowered, rules_of
from .figures import ToldFigure

_LIMITS = {"rationale": 3, "concerns": 4, "conditions": 3, "earlier_deals": 4}
_FEWEST_WORDS = 4  # of a sentence that tells enough
_CLAUSES = re.compile(r"(?<=[,;])\s+(?:and|but)\s+|(?<=;)\s+")


def sentences(field: str, inventory: Inventory) -> list[Sentence]:
    """Return the first sentences that the rules of a list pick."""
    rules = rules_of("lists", field)
    picked = (
        sentence
        for sentence in inventory.sentences
        if not sentence.heading
        and not inventory.is_headline(sentence)
        and len(sentence.text.split()) >= _FEWEST_WORDS
        and any(rule.search(lowered(sentence.text)) for rule in rules)
    )
    return list(islice(picked, _LIMITS[field]))


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
    inventory: Inventory, figures: Sequence[ToldFigure], own: Sequence[int]
) -> tuple[EarlierDeal, ...]:
    """Return what sentences tell of deals before this one, with the year, price and value that each states.

    ``own`` is where the sentences begin that tell of this one.
    """
    found = []
    for sentence in sentences("earlier_deals", inventory):
        if sentence.start in own:
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
_END = re.compile(r"[.;](?:\s|$)|$")
_MARK = re.compile(r"\s*(?:[-*•–·▪◦]|\d{1,2}[.)])\s*")
_NO = re.compile(r"\b(?:no|not|never)\b")
_ITEMS = re.compile(
    r",? (?:and|as well as) (?:to |for |on )?(?![A-Z])|, (?:to |for |on )?(?!which|who|including|such|mostly|mainly)"
)


def _is_item(inventory: Inventory, sentence: Sentence) -> bool:
    """Return whether a sentence has the mark of a list before it."""
    line = inventory.document.text.rfind("\n", 0, sentence.start) + 1
    return _MARK.fullmatch(inventory.document.text, line, sentence.start) is not None


def use_of_proceeds(inventory: Inventory, skipped: frozenset[int]) -> tuple[Phrase, ...]:
    """Return the phrases behind words such as "will use the proceeds to", or the bullets that such words open."""
    rules = rules_of("lists", "use_of_proceeds")
    found = []
    for index, sentence in enumerate(inventory.sentences):
        matches = (rule.search(lowered(sentence.text)) for rule in rules)
        match = next((one for one in matches if one is not None), None)
        if match is None or sentence.number in skipped or _NO.search(match.string, 0, match.end()):
            continue
        rest = sentence.text[match.end() :]
        if not rest.strip(" :") or rest.endswith(":"):
            items = takewhile(partial(_is_item, inventory), inventory.sentences[index + 1 :])
            found += [Phrase(text=one.text.rstrip(" .;,"), evidence=inventory.cite([one])) for one in items]
            continue
        pieces = [one.strip(' .,;:”"') for one in _ITEMS.split(_END.split(rest, maxsplit=1)[0])]
        if any(len(piece) > _LONGEST for piece in pieces):
            return ()
        found += [Phrase(text=piece, evidence=inventory.cite([sentence])) for piece in pieces if piece]
    return tuple(found)
