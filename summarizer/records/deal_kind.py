"""What kind of deal it is, as far as the words of its report tell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from summarizer.cues import one_of, small
from summarizer.document import Sentence
from summarizer.figures import Kind
from summarizer.inventory import Figure, Inventory
from summarizer.records.deal_lead import news
from summarizer.records.deal_rules import consideration
from summarizer.records.deal_terms import Consideration, DealType
from summarizer.records.values import UNDECIDED, Undecided
from summarizer.roles import Role

_MERGES = one_of(
    r"(?:would|will|to|agreed? to) (?:\w+ )?merge(?! into)",
    r"merg(?:e|es|ed|ing|er) with",
    r"merger (?:of|between)",
    r"all-(?:share|stock) (?:deal|merger|tie-up|combination)",
    r"share-for-share",
    r"(?:fold|roll|fus|join|unit|br(?:ing|ought)|merg|combin)\w* (?:together )?into (?:one|a single)",
    r"(?:under|into|become|becoming|form|forming|create) (?:one|a single|the same) (?:roof|company|group|business|firm)",
    r"(?:become|becoming|becomes) one(?: (?:company|group|business|firm))?(?= |$)",
    r"(?:union|marriage|combination) of equals",
    r"ties? the knot",
    r"combin(?:e|es|ed|ing) (?:their (?:businesses|companies|operations)|to (?:form|create))",
    r"amalgamat\w+",
)
# Shares of one for shares of the other: "0.87 of a Fjord share for each of theirs".
_SWAP = (
    r"\b(?:0?\.\d+|\d+(?:\.\d+)?|half|a (?:half|third|quarter)|one|two|three) (?:new |ordinary )?(?:of an? |of )?(?:[\w’'.&-]+ ){0,4}?"
    r"(?:shares?|stock|units?|paper) (?:for|in exchange for|in return for) (?:each|every)\b"
)
_TOGETHER = one_of(
    r"partner(?:s|ed|ship|ing)?(?! at)",
    r"team(?:s|ed|ing)? up",
    r"join(?:s|ed|ing)? forces",
    r"alliance",
    r"co-?operat\w+",
    r"collaborat\w+",
    r"tie-?ups?",
)
# Words of working together that need the denial of a purchase beside them.
_WORKING = one_of(
    r"work(?:ing)? together",
    r"jointly",
    r"joint (?:team|project|programme|program)",
    r"(?:commercial|supply|distribution|licen[cs]ing) (?:agreement|pact|deal)",
)
# What one pays for a licence buys no company.
_PACT = one_of(
    r"(?:commercial|supply|distribution|marketing|licen[cs](?:e|ing)) (?:agreement|pact|deal|accord)",
    r"(?:exclusive|worldwide|global) licen[cs]e",
)
# Nobody gets a share of anybody: whatever is told of buying is denied.
_NO_PURCHASE = one_of(
    r"(?:neither|nobody|no ?one|none) (?:[\w’'-]+ ){0,5}?(?:buy|buys|buying|bought|tak(?:es|ing)|acquir\w+|invest\w*|swap\w*)",
    r"no (?:shares?|stakes?|equity|stock|company|ownership)\b(?: or \w+)? (?:\w+ ){0,3}?(?:chang\w+|swapped|exchanged|involved|bought|sold|issued|taken)(?! by)",
    r"no (?:money|cash)\b(?: or \w+)? (?:is |will |are )?chang\w+",
    r"without (?:buying|taking|swapping|acquiring|exchanging) (?:[\w’'-]+ ){0,3}?(?:shares?|stakes?|equity|stock)",
    r"(?:not|nor) (?:buying|taking|acquiring|swapping) (?:[\w’'-]+ ){0,3}?(?:shares?|stakes?|equity|stock)",
)
_ROUND = one_of(
    r"series [a-h]",
    r"(?:seed|pre-seed|funding|financing|fundraising|investment) rounds?",
    r"(?:round|financing|raise) (?:was |is |being )?(?:led|fronted|anchored|headed) by",
    r"(?:leads?|led|leading) (?:\S+ ){0,4}round",
)
# Shares that somebody held before bring the company no new money.
_FROM_HOLDER = one_of(
    r"shares? (?:will |would |all )?(?:c[ao]me|coming|bought|acquired|purchased) from",
    r"no new (?:shares?|stock|money|capital)",
    r"(?:buy|buys|buying|bought) (?:the )?(?:shares?|stake) (?:from|of|held by)",
    r"secondary (?:sale|deal|purchase|transaction)",
)
_JOINTLY = one_of(
    r"joint venture",
    r"jointly (?:own|hold|develop|build|run|operate)",
    # "Jointly owned by" tells of whoever owns what is sold, too.
    r"(?:jointly|equally|commonly)[ -](?:owned|held|controlled) (?:[\w-]+ ){0,2}(?:company|firm|entity|business|venture|subsidiary|unit)",
    r"co-owned (?:company|firm|entity|business|subsidiary)",
    # "Ash will hold 60% and Elm the balance"
    r"(?:will|would|is to|are to) (?:own|hold|have|take|control) (?:about )?[\d.]+ ?(?:%|per ?cent|pct)(?: of (?:the |it\b|its )?(?:[\w-]+ ){0,4}?)?,? ?(?:and|with|while) (?:[\w’'.&-]+ ){1,4}?(?:(?:will |would )?(?:own|hold|take|get|have|hav|hold|own|tak)(?:ing|s)? )?the (?:balance|rest|remainder|other [\d.]+)",
    r"(?:owned|held|split) (?:in )?(?:50[-:/]50|fifty-fifty|equal (?:parts|shares)|equally)",
    r"(?:common|shared|joint) (?:company|firm|entity|subsidiary)",
    r"50[-:/]50 (?:company|venture|firm)",
    r"(?:set(?:s|ting)? up|found(?:ing)?|start(?:ing)?|open(?:ing)?) (?:house|shop|an? (?:new )?(?:company|firm|business)) together",
    r"(?:are|will|would|together|to) (?:founding|found|setting up|set up|establish(?:ing)?) an? (?:new )?(?:joint |common )?(?:company|firm|business)\b(?! (?:in|at) which)",
    r"new (?:company|firm|venture|entity)\b.{0,60}? (?:owned|held) (?:[\w%]+ ){0,3}?by (?:both|the two|each)",
    r"(?:each|both) (?:partner |side |company |of them )?(?:will |would |to )?(?:owns?|holds?|holding|owning|tak(?:e|es|ing)) (?:half|50)",
)
# A part of one that there is already is bought or sold.
_IN_VENTURE = r"\b(?:stake|share|half|interest|holding|part|%|per ?cent|pct|out) (?:of|in) (?:the|their|its|an?|\w+['’]s?) (?:[\w-]+ ){0,3}(?:joint venture|jointly[ -](?:owned|held))|\b(?:sell|sold|buy|bought|acquir|purchas)\w* (?:[\w’'-]+ ){0,4}(?:joint venture|jointly[ -](?:owned|held))"
_CONTROL = r"(?:tak|took|gain|assum|hand|ced|sell|sold|acquir|buy|bought|wrest|get|got|giv|win|won|seiz)\w* (?:over )?(?:majority )?control\b"
# A share that is first told far behind a lead that speaks of none is of something else: of a market, of votes.
_SHARES = (
    r"\b(?:stake|shareholding)s?\b|\b(?:its|a|the|their) (?:interest|holding)\b|\b(?:the|its|all|new|\w+['’]s?) shares\b|"
    r"\b(?:per ?cent|pct)\b|%|\b(?:half|third|quarter|majority|minority) (?:of|in)\b"
)
_GETS = r"(?:buy|buys|buying|bought|tak(?:e|es|en|ing)|took|acquir(?:e|es|ed|ing)|pick(?:s|ed|ing)? up|get|gets|getting)"
_FAR = 10  # sentences among which one may tell who of several buyers gets how much
_MOST = r"(?:two[- ]thirds|three[- ](?:quarters|fifths)|four[- ]fifths|most)"
# A type and its words; the first that a text leads with holds.
_TYPES = (
    (DealType.FUNDING_ROUND, _ROUND),
    (
        DealType.MERGER,
        r"\bmerg(?:e|es|ed|ing)\b|\bmerger\b(?! (?:authorit|control|regulat|review|watchdog|clearance|guideline|rule))",
    ),
    (
        DealType.MINORITY_INVESTMENT,
        r"\bminority (?:stake|investment|interest|(?:share)?holding|shareholder|owner|investor)\b",
    ),
    (
        DealType.MAJORITY_INVESTMENT,
        rf"\b(?:majority|controlling) (?:stake|investment|interest|(?:share)?holding|shareholder|owner|investor)\b|\b{_CONTROL}|\b{_GETS} (?:about |some |nearly )?{_MOST} of\b",
    ),
    (
        DealType.MINORITY_INVESTMENT,
        one_of(
            r"(?:buy|buys|buying|bought|tak(?:e|es|en|ing)|took|acquir(?:e|es|ed|ing)|pick(?:s|ed|ing)? up|get|gets|getting|build(?:s|ing)?|built) "
            r"(?:an? )?(?:[\w.-]+ ){0,2}(?:stake|shareholding|holding) in",
            r"(?:buy|buys|buying|bought) into",
            rf"{_GETS} (?:about |some |nearly |almost )?(?:a|one)[- ](?:third|quarter|fifth|sixth|eighth|tenth|slice|sliver|toehold|foothold) (?:of|in)",
            r"becom(?:e|es|ing) an? (?:[\w-]+ )?shareholder",
        ),
    ),
    (
        DealType.FUNDING_ROUND,
        one_of(
            r"fresh equity",
            r"venture capitalists?",
            r"new money for",
            r"rais(?:e|es|ed|ing) (?:\S+ ){1,4}from (?:\S+ )?(?:funds|investors|backers)",
        ),
    ),
    (
        DealType.DIVESTITURE,
        one_of(
            r"divest\w*",
            r"carve-?out",
            r"spin-?off",
            r"(?:hiv(?:e|es|ed|ing)|spin(?:s|ning)?|spun) off",
            r"(?:sell|sells|selling|sold|sale of|offload\w*|dispos(?:e|es|ed|ing|al) of|part(?:s|ed|ing)? with|shed|sheds|shedding) "
            r"(?:its|their|the \w+ (?:unit|division|arm|business))",
            r"(?:hand|sign|turn|pass)(?:s|es|ed|ing)? over (?:\d+|its|their|\w+) (?:[\w-]+ ){0,3}?(?:branches|stores|shops|offices|plants?|clinics|hotels|mines?|factor(?:y|ies))",
        ),
    ),
    (
        DealType.ACQUISITION,
        one_of(
            r"acquir(?:e|es|ed|ing)",
            r"acquisition of",
            r"buy(?:s|ing)?",
            r"bought",
            r"buy-?out",
            r"takeover",
            r"(?:hawked|touted|shopped) (?:around )?to",
            r"for (?:the whole|all) of",
            r"(?:tak(?:e|es|ing|en)|took) (?:it |them )?(?:over|private)",
            r"purchas(?:e|es|ed|ing)",
            r"(?:snap|pick|scoop|gobbl|swallow)(?:s|p?ed|p?ing)? up",
            r"swallow(?:s|ed|ing)?",
            r"(?:bid|offer)s? for (?:all|the whole|its shares|each|every)",
            r"(?:weigh|prepar|consider|tabl|launch|lodg|mull|mak|made|plan|explor|ready|submit|plot)\w* (?:an?|its|their) (?:[\w-]+ ){0,3}(?:offer|approach) (?:for|to buy)(?! (?:[\w.%’'-]+ ){0,4}(?:stake|shares|holding|interest|%))",
            r"bids? for",
            r"(?:hostile|unsolicited|tender|exchange|takeover) (?:bid|offer)",
            r"(?:tak(?:e|es|ing|en)|took) (?:[\w’'.%,&-]+ ){1,6}off (?:its|their|his|her|the|\w+['’]s?) hands",
            r"(?:chang(?:e|es|ed|ing)) hands",
            r"(?:now|has|have|will(?: soon)?) belong(?:s|ed)? to",
            r"(?:from|since|as of|as from) (?:today|yesterday|now|midnight|last (?:night|week)|this (?:morning|week|month)|(?:mon|tues|wednes|thurs|fri)day)\b[^.;]{0,120}? belongs? to",
            r"belongs? to (?:[\w’'.&-]+ ){1,5}(?:as of|from|since) (?:today|yesterday|now|midnight|this (?:morning|week|month))",
            r"(?:is|are|be|become|becomes|becoming|now) (?:now )?(?:an? )?(?:[\w-]+ )?(?:part|unit|subsidiary|division) of",
            r"(?:new|under (?:its|their)) (?:owner|ownership)",
            r"gets? (?:its|their|his|her) hands on",
            r"under the wing of",
            r"(?:is|are) (?:now )?the (?:new |sole |full )*owners? of",
            # "Gets Ash for $5 million", "lands Ash in a $5 million deal"
            r"(?:gets?|lands?|landed|nabs?|nabbed|bags?|bagged|clinch(?:es|ed)?) (?:(?!contracts?|orders?|loans?|jobs?|grants?|licen[cs]es?|tenders?|deals?|approval)[\w’'.&-]+ ){1,5}(?:for|in an?) (?:about |some |nearly )?[^\s\d]{0,4}\d+",
            r"(?:falls?|fell|fallen) (?:in)?to (?:[\w’'.&-]+ ){1,6}(?:for|in an?) (?:about |some |nearly )?[^\s\d]{0,4}\d+",
            r"(?:go|goes|going|went) to (?:[\w’'.&-]+ ){1,6}for (?:about |some |nearly )?[^\s\d]{0,4}\d+",
        ),
    ),
)


def deal_type(inventory: Inventory, facts: Mapping[str, Any]) -> DealType | Undecided:
    """Read the type from the stake first, then from the words that the text leads with, then from who deals in what."""
    earlier = inventory.sentences_on_earlier
    leading = [sentence for sentence in news(inventory) if sentence.number not in earlier]
    lead = small(" ".join(sentence.text for sentence in leading))
    told = small(" ".join(s.text for s in inventory.sentences if not s.heading and s.number not in earlier))
    if re.search(_JOINTLY, lead) and not re.search(_IN_VENTURE, lead):
        return DealType.JOINT_VENTURE
    no_cash = consideration(inventory, facts) in (Consideration.STOCK, None)
    if re.search(_MERGES, lead) or (no_cash and re.search(_SWAP, lead)):
        return DealType.MERGER
    stake = facts.get("stake")
    if _is_parted(inventory, {sentence.number for sentence in news(inventory, _FAR)}):
        return DealType.ACQUISITION
    share = stake.percent if stake is not None and stake.upper is None else None
    if share is not None and (_in_lead(stake, leading) or re.search(_SHARES, lead)):
        return _of_share(share, lead, told)
    bought = stake is not None or getattr(facts.get("amount"), "value", None) is not None
    denied = stake is None and re.search(_NO_PURCHASE, told)
    # Whoever pays a licence fee works together with somebody, too.
    if denied and re.search(rf"{_TOGETHER}|{_WORKING}", lead if bought else told):
        return DealType.PARTNERSHIP
    for found, pattern in _TYPES:
        if re.search(pattern, lead):
            return found
    if share is not None:
        return _of_share(share, lead, told)
    if stake is None and re.search(_PACT, lead):
        return DealType.PARTNERSHIP
    if re.search(_TOGETHER, lead) and not bought:
        return DealType.PARTNERSHIP
    return _of_figures_and_parties(inventory, {sentence.number for sentence in leading})


def _of_share(share: Decimal, lead: str, told: str) -> DealType:
    if share < 50:
        fresh = re.search(_ROUND, lead) and not re.search(_FROM_HOLDER, told)
        return DealType.FUNDING_ROUND if fresh else DealType.MINORITY_INVESTMENT
    return DealType.MAJORITY_INVESTMENT if share < 100 else DealType.ACQUISITION


def _is_parted(inventory: Inventory, leading: set[int]) -> bool:
    """Whether one sentence shares out the whole among three or more buyers: "45%, 35% and the last 20%"."""
    shares: dict[int, list[Figure]] = {}
    for figure in inventory.figures:
        if figure.mention.kind is Kind.PERCENT and figure.sentence.number in leading:
            shares.setdefault(figure.sentence.number, []).append(figure)
    return any(
        len(parts) > 2
        and parts[0].role is Role.STAKE
        and sum(part.mention.value or 0 for part in parts) == 100
        and not any(part.role is Role.CHANGE for part in parts)
        for parts in shares.values()
    )


def _in_lead(stake: Any, leading: Sequence[Sentence]) -> bool:
    """Whether one of these sentences states the stake; one without evidence was not read from the text."""
    starts = {sentence.start for sentence in leading}
    return not stake.evidence or any(span.start in starts for span in stake.evidence)


def _of_figures_and_parties(inventory: Inventory, leading: set[int]) -> DealType | Undecided:
    """The type that a figure in the lead or the parties tell where no word does."""
    figures = [f for f in inventory.figures if f.sentence.number in leading and not f.earlier]
    if any(f.role is Role.RAISED for f in figures):
        return DealType.FUNDING_ROUND
    a_share = any(f.mention.kind is Kind.PER_SHARE and f.role is Role.PRICE for f in figures)
    if a_share or {"acquirer", "target"} <= inventory.parties.keys():
        return DealType.ACQUISITION
    return UNDECIDED
