"""What code can read of a deal without a model: kind, status, bases, changes of job, and what cues ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from summarizer.cues import Cue, small
from summarizer.document import Sentence, Zone
from summarizer.findings import Span
from summarizer.inventory import Figure, Inventory
from summarizer.mentions import Kind
from summarizer.roles import Role
from summarizer.schema import deal_status
from summarizer.schema.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    ValuationBasis,
)
from summarizer.schema.values import UNDECIDED, Undecided

_LEAD = 6  # sentences

PROCEEDS = Cue(
    r"\b(?:proceeds|capital (?:injection|infusion)|(?:fresh|new) (?:capital|funding|funds|money)|"
    r"(?:money|funds?|funding|capital|investment|cash) (?:will|would|should|is to|are to|to|goes|pays)|"
    r"(?:will|plans? to|intends? to|would|wants? to) use (?:the|this|that|its)|earmarked|to (?:fund|finance) (?:the|its|an?)|"
    r"use of (?:funds|proceeds))\b"
)
RATIONALE = Cue(
    r"\b(?:because|why|so that|in order to|aims?|goals?|(?:seek|want|hope)s? (?!to (?:buy|sell|acquire|raise|own))|needs? (?!\w* ?(?:clearance|approval|consent))|"
    r"allows?|enables?|help(?:s|ing)? (?:it|us|them|the|its)|strateg(?:y|ic|ically)(?! officer)|synerg\w+|complement\w*|"
    r"strengthen\w*|expand\w*|broaden\w*|access to|growth|fits?|combin(?:e|es|ed|ing|ation) (?:the|its|their|our|with|of)|"
    r"rationale|logic|reasons?|opportunit\w+|ahead of|catch(?:es|ing)? up|short of|"
    r"(?:gives?|gave|would (?:let|give|allow|make|bring|take)) (?:it|us|them|the)|we (?:need|want|can|get))\b"
)
CONCERN = Cue(
    r"\b(?:concern\w*|worr\w+|risk\w*|doubt\w*|question(?:s|ed|ing)?|critics?|criticis\w+|criticiz\w+|scepti\w+|skepti\w+|antitrust|competition authorit\w+|"
    r"scrutin\w+|regulators?|oppos\w+|object\w*|challeng(?:e|es|ed|ing)|warn\w*|fear\w*|uncertain\w*|unclear|caution\w*|backlash|lawsuit|"
    r"un(?:convinced|impressed|happy|fair\w*)|disappoint\w*|dismay\w*|threat\w*|refus\w+|veto\w*|conflicts? of interest|overpa(?:y|ys|id|ying)|"
    r"too (?:low|high|little|much|dear|cheap|expensive))\b"
)
CONDITION = Cue(
    r"\b(?:subject to|conditional (?:on|upon)|conditioned (?:on|upon)|conditions?|contingent (?:on|upon)|approv\w+|clearance|"
    r"if approved|pending|regulatory|closing requires|must (?:first )?(?:be|win|obtain|receive)|vote(?:s|d)? (?:on|for)|laps(?:e|es)|"
    r"(?:dropped|withdrawn|void|off) (?:if|unless))\b"
)
_CONSENT = (
    r"(?:approv(?:al|als|ed|es?)|clearances?|clear(?:ed|s)|consents?|permission|permit|green light|sign-?off)"
)
SURE_CONDITION = Cue(
    r"\b(?:subject to|conditional (?:up)?on|conditioned (?:up)?on|contingent (?:up)?on|"
    rf"(?:needs?|requires?|awaits?|awaiting|pending|until|once|when|after|if|subject to getting|seek(?:s|ing)?) (?:[\w’'-]+ ){{0,6}}{_CONSENT}|"
    rf"{_CONSENT} (?:from|by|of) (?:[\w’'-]+ ){{0,6}}(?:is|are) (?:needed|required|expected|pending|outstanding)|"
    r"must (?:still |first )?(?:be )?(?:approve|approved|clear|cleared|consent|vote)|(?:holders|shareholders|members) (?:\w+ ){0,3}vote (?:in|on|next|later|this))\b"
)
VALUED = Cue(
    r"\b(?:valu(?:e|es|ed|ing|ations?)|worth|(?:pre|post)-?\s?money|capitali[sz]ation|pric(?:es|ing) (?:\S+ ){1,4}at)\b"
)
_DONE = (
    r"\b(?:acqui(?:red|sition|sitions)|bought|purchase of|invest(?:ed|ment in)|raised|funding|rounds?|merged|purchased|took a|takeover|"
    r"sold|valued|valuing)\b"
)
_BEFORE = (
    r"\b(?:previous(?:ly)?|earlier|last (?:year|month|round)|years? ago|months? ago|prior|former(?:ly)?|history|"
    r"(?:following|since|after) its|(?:in|since|of|from|late|early|during) (?:\w+ )?(?:19|20)\d\d|^(?:19|20)\d\d)\b"
)
EARLIER = Cue(rf"{_DONE}.*?{_BEFORE}|{_BEFORE}.*?{_DONE}")


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


def amount_basis(figure: Figure) -> AmountBasis:
    """Read the basis of an amount from its form and the words near it."""
    if figure.mention.kind is Kind.PER_SHARE:
        return AmountBasis.PER_SHARE
    near = _near(figure)
    if re.search(r"\bup-?front\b", near):
        return AmountBasis.UPFRONT
    if figure.role is Role.CONTINGENT:
        return AmountBasis.CONTINGENT
    if re.search(r"\btotal\b|\baltogether\b|\bin all\b|\bcombined\b", near):
        return AmountBasis.TOTAL
    return AmountBasis.UNSPECIFIED


def valuation_basis(figure: Figure) -> ValuationBasis:
    """Read the basis of a valuation from the words near it."""
    near = _near(figure)
    for basis, pattern in (
        (
            ValuationBasis.POST_MONEY,
            r"post-?\s?money|including the (?:new |fresh )?(?:money|cash|funds|capital|investment)|"
            r"after the (?:new |fresh )?(?:money|cash|capital increase|round|investment|financing)",
        ),
        (
            ValuationBasis.PRE_MONEY,
            r"pre-?\s?money|before the (?:new |fresh )?(?:money|cash|capital increase|round)",
        ),
        (ValuationBasis.ENTERPRISE, r"enterprise val|including debt|assumed debt"),
        (ValuationBasis.EQUITY, r"equity val"),
    ):
        if re.search(pattern, near):
            return basis
    return ValuationBasis.UNSPECIFIED


def voting(figure: Figure) -> bool | None:
    """Whether the stake votes, where the words near it say so."""
    near = _near(figure, 40)
    if re.search(r"non-?\s?voting|without (?:any )?vot(?:e|es|ing)", near):
        return False
    return True if re.search(r"\bvoting (?:stake|shares|rights|power|stock|interest)", near) else None


def deal_type(inventory: Inventory, facts: Mapping[str, Any]) -> DealType | Undecided:
    """Read the type from the stake first, then from the words that the text leads with."""
    lead = small(" ".join(s.text for s in inventory.leading(_LEAD)))
    if re.search(r"\bjoint venture\b", lead):
        return DealType.JOINT_VENTURE
    if re.search(_MERGES, lead):
        return DealType.MERGER
    stake = facts.get("stake")
    if stake is not None and stake.percent is not None and stake.upper is None:
        share: Decimal = stake.percent
        if share < 50:
            return (
                DealType.FUNDING_ROUND
                if re.search(r"\bseries [a-h]\b", lead)
                else DealType.MINORITY_INVESTMENT
            )
        return DealType.MAJORITY_INVESTMENT if share < 100 else DealType.ACQUISITION
    for found, pattern in (
        (DealType.FUNDING_ROUND, r"\bseries [a-h]\b|\b(?:seed|funding|financing) round\b"),
        (DealType.MERGER, r"\bmerg(?:e|es|ed|er|ing)\b"),
        (DealType.MINORITY_INVESTMENT, r"\bminority (?:stake|investment|interest|shareholding)\b"),
        (
            DealType.MAJORITY_INVESTMENT,
            r"\b(?:majority|controlling) (?:stake|investment|interest|shareholding)\b",
        ),
        (
            DealType.DIVESTITURE,
            r"\bdivest\w*|\bcarve-?out\b|\bspin-?off\b|\b(?:sell|sells|sold|sale of) its\b",
        ),
        (
            DealType.ACQUISITION,
            r"\b(?:acquire|acquires|acquired|acquiring|acquisition of|buy|buys|bought|takeover|purchased?)\b",
        ),
    ):
        if re.search(pattern, lead):
            return found
    bought = facts.get("stake") is not None or getattr(facts.get("amount"), "value", None) is not None
    return DealType.PARTNERSHIP if re.search(_TOGETHER, lead) and not bought else UNDECIDED


_MERGES = (
    r"\b(?:would|will|to|agreed? to) (?:\w+ )?merge\b(?! into)|\bmerg(?:e|es|ed|ing|er) with\b|\bmerger (?:of|between)\b|"
    r"\ball-(?:share|stock) (?:deal|merger|tie-up|combination)\b|\bshare-for-share\b"
)
_TOGETHER = r"\bpartner(?:s|ed|ship|ing)?\b(?! at)|\bteam(?:s|ed|ing)? up\b|\bjoin(?:s|ed|ing)? forces\b|\balliance\b|\bcooperat\w+"


def consideration(inventory: Inventory, _facts: Mapping[str, Any]) -> Consideration | None:
    """Read what the price is paid in; None where the text does not say."""
    text = small(" ".join(s.text for s in inventory.sentences if not s.heading))
    cash = re.search(
        r"\b(?:all-cash|in cash|cash (?:deal|transaction|offer|consideration|purchase|and stock|and shares)|for cash)\b",
        text,
    )
    stock = re.search(
        r"\b(?:all-(?:stock|share)|in (?:its )?(?:stock|shares)|cash and (?:stock|shares)|stock(?:-for-stock| swap| deal| transaction)|"
        r"share(?:-for-share| swap| exchange)|exchange of (?:stock|shares)|shares of (?:its )?common stock for each)\b",
        text,
    )
    if cash and stock:
        return Consideration.MIXED
    if cash or stock:
        return Consideration.CASH if cash else Consideration.STOCK
    return None


_ANNOUNCED = Cue(
    r"\b(?:announc\w+|said|says|agreed|signed|unveil\w+|disclosed|revealed|confirmed|reported)\b"
)
_BESIDE = 60  # characters between a date and a word of announcing

# Places before a date: "LONDON (Agency), ", "PORTO, Portugal, ", "Toronto and Saskatoon, ".
_DATELINE = re.compile(
    r"(?:[A-Z][\w.'’-]*(?:,? (?:and )?[A-Z][\w.'’-]*){0,5},? ?(?:\([\w ]+\))?,? ?[-–—]* ?)?"
)
_AFTER_DATELINE = re.compile(r"(?:, \d{4})? ?(?:[-–—.:|/(]|$)")


def announced_on(inventory: Inventory, _facts: Mapping[str, Any]) -> Figure | None:
    """Read the first date, finer than a year, beside a word of announcing; a dateline counts too."""
    lead = inventory.leading(_LEAD)
    opening = next((sentence for sentence in lead if sentence.zone is Zone.BODY), None)
    for figure in inventory.figures:
        date = figure.mention.date or ""
        if figure.mention.kind is not Kind.DATE or figure.earlier or len(date) == 4:
            continue
        if figure.sentence == opening and _in_dateline(figure):
            return figure
        start = figure.mention.start - figure.sentence.start
        if figure.sentence in lead and _ANNOUNCED.search(
            figure.sentence.text[max(0, start - _BESIDE) : start + _BESIDE]
        ):
            return figure
    return None


def _in_dateline(figure: Figure) -> bool:
    """Whether only places stand before a date, and something that ends a dateline behind it."""
    start = figure.mention.start - figure.sentence.start
    before, behind = figure.sentence.text[:start], figure.sentence.text[start + len(figure.mention.text) :]
    ended = not before or before.isupper() or _AFTER_DATELINE.match(behind)
    return bool(ended and _DATELINE.fullmatch(before))


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
    of_both = [
        re.match(r"\s+of\s+the\s+(?:combined|merged|enlarged|new|resulting)\b", words) for words in behind
    ]
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
