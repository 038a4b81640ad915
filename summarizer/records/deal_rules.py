"""What code reads of a deal without a model: its type, day, bases and consideration; and what it leaves out of answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.cues import Cue, one_of, small
from summarizer.document import Sentence, Zone
from summarizer.figures import Kind
from summarizer.findings import Span
from summarizer.inventory import Figure, Inventory
from summarizer.records import deal_status
from summarizer.records.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    ValuationBasis,
)
from summarizer.records.values import UNDECIDED, Undecided
from summarizer.roles import Role


def undecided(_inventory: Inventory, _facts: Mapping[str, Any]) -> Undecided:
    """Leave the field to the model."""
    return UNDECIDED


def _near(figure: Figure, reach: int = 50) -> str:
    """The words of its sentence up to ``reach`` characters before and behind a figure, in small letters."""
    sentence, mention = figure.sentence, figure.mention
    start, end = mention.start - sentence.start, mention.end - sentence.start
    return small(sentence.text[max(0, start - reach) : start] + " " + sentence.text[end : end + reach])


def amount(inventory: Inventory, _facts: Mapping[str, Any]) -> Figure | Undecided | None:
    """Of a text without a figure that may be the price: undisclosed, where it says so, else nothing."""
    figures = [f for f in inventory.figures if not f.earlier]
    prices = [f for f in figures if f.mention.kind in (Kind.MONEY, Kind.PER_SHARE)]
    if any(f.role in (Role.PRICE, Role.RAISED, None) for f in prices):
        return UNDECIDED
    return next((f for f in figures if f.mention.kind is Kind.UNDISCLOSED), None)


# What is paid when the deal closes; the rest comes later, or never.
_AT_ONCE = re.compile(
    r"\bup-?front\b|\b(?:chang(?:es?|ing) hands|(?:is |to be |will be )?(?:paid|payable|due)|falls due|down) (?:at|on|upon) (?:completion|closing|signing)\b"
)


def amount_basis(figure: Figure) -> AmountBasis:
    """Read the basis of an amount from its form and the words near it."""
    if figure.mention.kind is Kind.PER_SHARE:
        return AmountBasis.PER_SHARE
    near = _near(figure)
    if _AT_ONCE.search(near):
        return AmountBasis.UPFRONT
    if figure.role is Role.CONTINGENT:
        return AmountBasis.CONTINGENT
    if re.search(r"\btotal\b|\baltogether\b|\bin all\b|\ball told\b|\bcombined\b", near):
        return AmountBasis.TOTAL
    return AmountBasis.UNSPECIFIED


_VALUED_AS = (
    (
        ValuationBasis.POST_MONEY,
        r"post-?\s?money|including the (?:new |fresh )?(?:money|cash|funds|capital|investment)|"
        r"after the (?:new |fresh )?(?:money|cash|capital increase|round|investment|financing)|"
        r"(?:new|fresh) (?:money|cash|funds|capital) (?:included|counted in|and all)|counting (?:in )?the (?:new |fresh )?(?:money|cash)",
    ),
    (
        ValuationBasis.PRE_MONEY,
        r"pre-?\s?money|before the (?:new |fresh )?(?:money|cash|capital increase|round)",
    ),
    (
        ValuationBasis.ENTERPRISE,
        r"enterprise val|assumed debt|debt (?:included|and all)|(?:including|inclusive of|counting|counting in|with) (?:its |net |the )*debt",
    ),
    (ValuationBasis.EQUITY, r"equity val"),
)


def valuation_basis(figure: Figure) -> ValuationBasis:
    """Read the basis of a valuation from the words near it."""
    near = _near(figure)
    for basis, words in _VALUED_AS:
        if re.search(words, near):
            return basis
    return ValuationBasis.UNSPECIFIED


def voting(figure: Figure) -> bool | None:
    """Whether the stake votes, where the words near it say so."""
    near = _near(figure, 60)
    if re.search(r"non-?\s?voting|\bwithout (?:any |a )?vot|\b(?:no|nor any) vot(?:e|es|ing)\b", near):
        return False
    return True if re.search(r"\bvoting (?:stake|shares|rights|power|stock|interest)", near) else None


_CASH = Cue(
    one_of(
        r"all-cash",
        r"in cash",
        r"cash (?:deal|transaction|offer|consideration|purchase|and stock|and shares)",
        r"(?:for|all|pays?|paid|paying) cash",
        r"cash (?:bid|payment|price|component|element|portion|half)",
        r"cash (?:on|at|upon) (?:completion|closing|signing|delivery|the table|the nail)",
    )
)
_STOCK = Cue(
    one_of(
        r"all-(?:stock|share|paper)",
        r"in (?:its )?(?:stock|shares)",
        r"cash and (?:[\w.]+ ){0,6}(?:stock|shares?)",
        r"stock(?:-for-stock| swap| deal| transaction)",
        r"share(?:-for-share| swap| exchange)",
        r"exchange of (?:stock|shares)",
        r"shares of (?:its )?common stock for each",
        r"(?:shares?|stock) (?:in \S+ |of \S+ )?(?:for|in exchange for) (?:each|every)",
        r"exchange ratio",
        r"swap(?:s|ped|ping)? (?:[\w’'-]+ ){0,4}(?:shares|stock)",
        r"in (?:new|newly issued|its own|their own) (?:\w+ )?(?:shares|stock|paper)",
        r"(?:rest|remainder|balance|half|part|paid|partly|wholly|entirely) (?:\w+ ){0,3}in (?:[\w’'-]+ ){0,3}(?:shares|stock|paper)",
    )
)


# "It has $40 million in cash and no debt" tells of no price.
_HOARD = re.compile(
    r"\b(?:has|had|holds|sits on|sat on|hoard of|pile of|reserves of) (?:(?:about|some|around|nearly|over|more than) )?[a-z]{0,3}[$€£¥₹]?[\d.,]+ ?(?:[a-z]+ ){0,3}in cash\b"
)


def consideration(inventory: Inventory, _facts: Mapping[str, Any]) -> Consideration | None:
    """Read what the price is paid in; None where the text does not say."""
    earlier = inventory.sentences_on_earlier
    text = " ".join(s.text for s in inventory.sentences if not s.heading and s.number not in earlier)
    text = _HOARD.sub(" ", small(text))
    cash, stock = _CASH.search(text), _STOCK.search(text)
    if cash and stock:
        return Consideration.MIXED
    if cash or stock:
        return Consideration.CASH if cash else Consideration.STOCK
    return None


_ANNOUNCED = Cue(
    r"\b(?:announc\w+|said|says|agreed|signed|unveil\w+|disclosed|revealed|confirmed|reported|told|posted|published|updated|outlined|launched|struck|issued|emerged|filed|filing|notice|statement|"
    r"made (?:public|known)|let (?:it )?be known|(?:came|come|comes) to light|(?:made|went|its) \w+ public)\b"
)
# Behind the lead: the day on which the deal was first told of, in so many words.
_FIRST_TOLD = Cue(
    r"\b(?:announc(?:ed|ing)|unveil(?:ed|ing)|made public|(?:came|come) to light|first (?:reported|disclosed|told|mooted)|struck the (?:deal|bargain)|signed)\b"
)
_MADE_PUBLIC = re.compile(
    r"\b(?:(?:first )?(?:made (?:public|known)|announced|unveiled|disclosed)|(?:offer|bid|tender)\b[^,.;]{0,60}? (?:put|made|launched|tabled))\b[^,.;]{0,50}? on $"
)
_BYLINE = 3  # lines at the top among which one may tell who wrote when
_BESIDE = 90  # characters between a date and a word of announcing

# Places before a date: "LONDON (Agency), ", "PORTO, Portugal, ", "Toronto and Saskatoon, ".
_DATELINE = re.compile(
    r"(?:[A-Z][\w.'’-]*(?:(?:,? (?:and )?|/)[A-Z][\w.'’-]*){0,5},? ?(?:\([\w ]+\))?,? ?[-–—]* ?)?"
)
_HEAD_PARTS = re.compile(r" ?[|·•] ?")
_AFTER_DATELINE = re.compile(r"(?:, \d{4})? ?(?:[-–—.:|/(]|$)")


def announced_on(inventory: Inventory, _facts: Mapping[str, Any]) -> Figure | None:
    """Read the first date, finer than a year, beside a word of announcing; a dateline counts too."""
    lead = {*inventory.leading(), *inventory.sentences[:_BYLINE]}
    opening = next((sentence for sentence in inventory.leading() if sentence.zone is Zone.BODY), None)
    days = [
        figure
        for figure in inventory.figures
        if figure.mention.kind is Kind.DATE and not figure.earlier and len(figure.mention.date or "") != 4
    ]
    top = inventory.sentences[:_BYLINE]
    if (before := _first_told(days, inventory)) is not None:
        return before
    for figure in days:
        if figure.sentence == opening and _in_dateline(figure):
            return figure
        if figure.sentence in top and _is_dateline(figure):
            return figure
        if figure.sentence in lead and _ANNOUNCED.search(_beside(figure)):
            return figure
    return next((f for f in days if not f.sentence.heading and _FIRST_TOLD.search(_beside(f))), None)


def _first_told(days: Sequence[Figure], inventory: Inventory) -> Figure | None:
    """The day on which the lead says that the deal, which has since come to an end or another turn, was made public."""
    lead = inventory.leading()
    return next(
        (
            figure
            for figure in days
            if figure.sentence in lead
            and _MADE_PUBLIC.search(figure.sentence.text[: figure.mention.start - figure.sentence.start])
        ),
        None,
    )


def _beside(figure: Figure) -> str:
    """The words of its sentence near a date."""
    start = figure.mention.start - figure.sentence.start
    return figure.sentence.text[max(0, start - _BESIDE) : start + _BESIDE]


def _is_dateline(figure: Figure) -> bool:
    """Whether a line holds places and a date alone: "Lima/Oslo, 3 May 2031"."""
    line, _, behind = figure.sentence.text.partition(figure.mention.text)
    before = _HEAD_PARTS.split(line)[-1]  # "THE SALT LETTER | No. 9 | Graz, 3 May 2031"
    behind = _HEAD_PARTS.split(behind)[0]
    return (
        not behind.strip(" .:-–—")
        and before[:1].isupper()
        and bool(_DATELINE.fullmatch(before))
        and not before.isupper()
    )


def _in_dateline(figure: Figure) -> bool:
    """Whether only places stand before a date, and something that ends a dateline behind it."""
    start = figure.mention.start - figure.sentence.start
    before, behind = figure.sentence.text[:start], figure.sentence.text[start + len(figure.mention.text) :]
    ended = not before or before.isupper() or _AFTER_DATELINE.match(behind)
    return bool(ended and _DATELINE.fullmatch(before))


# Whoever founds a company gets a stake in what is new.
_FOUNDED = Cue(
    r"\bjoint venture\b|\bjointly[ -](?:own|held)|\b(?:set(?:s|ting)? up|found(?:s|ing)?|establish(?:es|ing)?|form(?:s|ing)?|creat(?:e|es|ing)) (?:an? )(?:new |joint |common )*(?:venture|company|firm|business)\b"
)


def _lead(inventory: Inventory) -> str:
    return " ".join(sentence.text for sentence in inventory.leading())


def refine_stake(inventory: Inventory, stake: Any, facts: Mapping[str, Any]) -> Any:
    """Leave out a share of the buyer, or of the company that a merger makes: neither is a stake in what is bought."""
    buyers = [party.name for party in facts.get("parties") or () if party.role is PartyRole.ACQUIRER]
    behind = [
        inventory.document.text[figure.mention.end : figure.mention.end + 60]
        for figure in inventory.figures
        if figure.mention.text == stake.text
    ]
    firsts = [
        name.split()[0] for name in buyers if name.split()
    ]  # "of Valdorra" is of Valdorra Resources Ltd
    of_buyer = [
        any(re.match(rf"\s+of\s+(?:the\s+)?{re.escape(first)}(?!\w)", words) for first in firsts)
        for words in behind
    ]
    made = "combined|merged|enlarged|resulting" + ("" if _FOUNDED.search(_lead(inventory)) else "|new")
    of_both = [re.match(rf"\s+of\s+the\s+(?:{made})\b", words) for words in behind]
    return None if (of_buyer and all(of_buyer)) or (of_both and all(of_both)) else stake


def refine_earlier(inventory: Inventory, earlier: Sequence[Any], facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """Leave out a sentence that states a term of the deal itself, and the one that the text leads with."""
    terms = [facts.get(name) for name in ("amount", "stake", "valuation")]
    own = {span.start for term in terms if term is not None for span in term.evidence}
    own |= {sentence.start for sentence in inventory.leading(1)}
    return tuple(deal for deal in earlier if not any(span.start in own for span in deal.evidence))


def refine_proceeds(
    inventory: Inventory, phrases: Sequence[Any], _facts: Mapping[str, Any]
) -> tuple[Any, ...]:
    """Of phrases that are items of bulleted lists, keep those of the first list, and complete it.

    One list answers one question: where half of its items were named, the others belong to the answer.
    """
    if deal_status.status(inventory, _facts) is DealStatus.TERMINATED:
        return ()  # no deal, no proceeds
    kept: list[Any] = []
    first: tuple[Sentence, ...] = ()
    for phrase in phrases:
        bullets = _list_of(inventory, phrase.evidence[0])
        first = first or bullets
        if not bullets or bullets == first:
            kept.append(phrase)
    starts = {phrase.evidence[0].start for phrase in kept}
    named = [sentence for sentence in first if sentence.start in starts]
    if len(named) < 2 or 2 * len(named) < len(first):
        return tuple(kept)
    own = {sentence.start for sentence in first}
    whole = [type(kept[0])(text=s.text, evidence=inventory.cite([s])) for s in first]
    return (*(phrase for phrase in kept if phrase.evidence[0].start not in own), *whole)


def _list_of(inventory: Inventory, span: Span) -> tuple[Sentence, ...]:
    """The items of the bulleted list that a place stands in; nothing where it stands in none."""
    order = inventory.sentences
    index = next((i for i, s in enumerate(order) if s.start <= span.start < s.end), None)
    if index is None or not inventory.is_bullet(order[index]):
        return ()
    start = end = index
    while start > 0 and inventory.is_bullet(order[start - 1]):
        start -= 1
    while end + 1 < len(order) and inventory.is_bullet(order[end + 1]):
        end += 1
    return order[start : end + 1]


_VERB = {
    DealType.ACQUISITION: "acquisition of",
    DealType.MERGER: "merger with",
    DealType.MAJORITY_INVESTMENT: "majority investment in",
    DealType.MINORITY_INVESTMENT: "minority investment in",
    DealType.FUNDING_ROUND: "investment in",
    DealType.JOINT_VENTURE: "joint venture with",
    DealType.DIVESTITURE: "purchase of",
    DealType.PARTNERSHIP: "partnership with",
}
_HEDGE = {"about": "about ", "at_least": "more than ", "at_most": "up to "}


def compose(facts: Mapping[str, Any]) -> str | None:
    """One plain sentence from the facts; None where the parties are not known."""
    parties = facts.get("parties") or ()
    buyers = [p.name for p in parties if p.role is PartyRole.ACQUIRER]
    targets = [p.name for p in parties if p.role is PartyRole.TARGET]
    if not targets:
        return None
    kind = _VERB.get(facts.get("deal_type") or DealType.OTHER, "deal with")
    said = f"{', '.join(buyers)}: {kind} {', '.join(targets)}" if buyers else f"Deal for {', '.join(targets)}"
    for name, form in (
        ("stake", ", a stake of {}"),
        ("amount", " for {}"),
        ("valuation", ", at a value of {}"),
    ):
        value = facts.get(name)
        if value is not None and value.qualifier.value != "undisclosed":
            said += form.format(_HEDGE.get(value.qualifier.value, "") + " ".join(value.text.split()))
    return said + "."
