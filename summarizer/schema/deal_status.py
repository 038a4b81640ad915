"""How far a deal has come, as far as the words of its report tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.cues import Cue, one_of
from summarizer.inventory import Inventory
from summarizer.schema.deal_cues import SURE_CONDITION
from summarizer.schema.deal_terms import DealStatus

_TALKS = r"(?:talks|discussions|negotiations)"
_PLANNED = r"(?:merger|acquisition|takeover|sale|buyout|bid|offer|deal|transaction|purchase|proposal|investment|agreement)"
_ENDED = Cue(
    one_of(
        r"(?:has|have|was|were|been) terminated",
        rf"(?<!may )(?<!can )(?<!could )terminat(?:e|es|ed|ing) (?:\w+ ){{0,2}}(?:{_TALKS}|{_PLANNED}|letter|plans?)",
        r"(?<!may )(?<!can )(?<!could )terminat(?:e|es|ed|ing) (?:the|their|its|an?)",
        r"call(?:s|ed|ing)? off",
        r"scrap(?:s|ped|ping)?",
        r"abandon(?:s|ed|ing)?",
        r"with(?:drew|drawn|draws|drawing)",
        r"to withdraw",
        r"walk(?:s|ed|ing)? away",
        r"broke off",
        r"broken (?:off|down)",
        r"collapsed",
        r"fell through",
        rf"ended? (?:its |their |the )?(?:\w+ )?{_TALKS}",
        rf"{_TALKS}\b.{{0,80}}? (?:have |has |were )?ended",
        r"(?:deal|merger|talks) (?:is|was|were|has been|have been) (?:cancel\w+|off)",
        r"cancel(?:s|led|ed|ling)? (?:the|its|their)",
        rf"(?:drops?|dropped|dropping) (?:its|the|their|plans for an?) (?:\w+ )?{_PLANNED}",
        r"(?:deal|bid|offer) (?:has )?lapsed",
        r"will not (?:proceed|go (?:ahead|through))",
    )
)
_IN_TALKS = Cue(
    one_of(
        rf"in (?:early |advanced |exclusive |preliminary )?{_TALKS}",
        rf"no {_TALKS}",
        r"people familiar with",
        r"could (?:buy|acquire|bid|offer)",
        r"may (?:buy|acquire|bid|offer)",
        r"is said to",
        r"rumou?r\w*",
        r"denied",
        r"denies",
        r"not for sale",
    )
)
_NOT_SIGNED = Cue(
    one_of(
        rf"{_TALKS} (?:with|about|on|over|for|are|continue)",
        rf"(?:h[eo]ld|holds|holding|continu\w+|start\w+|began|begun|resum\w+) (?:\w+ ){{0,3}}{_TALKS}",
        r"negotiating",
        rf"discuss(?:ing|ed) (?:\w+ ){{0,5}}(?:{_PLANNED}|possibility)",
        r"weigh(?:s|ing) (?:an?|the)",
        r"explor(?:es|ing)",
        r"mulling",
        r"stud(?:ies|ying) (?:an?|the)",
        r"consider(?:s|ing)? (?:an?|the|buying|selling|acquiring|making|whether)",
        rf"(?:possible|potential|preliminary) (?:\w+ )?{_PLANNED}",
        r"(?:seek(?:s|ing)?|plans?|intends?|wants?|hopes?|looking|prepar(?:es|ing|ed)) to (?:\w+ )?(?:buy|sell|acquire|boost|raise its|seek|make|bid|increase)",
        r"seeking (?:a |an )?(?:\w+ )?(?:buyer|control|bids|offers)",
        r"interested in (?:buying|acquiring)",
        r"unsolicited",
        r"approached",
        r"sources said",
        r"reportedly (?:\w+ )?(?:considering|exploring|seeking|planning|preparing|weighing|interested|in|near|close)",
        r"speculation",
        r"declined (?:\w+ )?comment",
        r"reject(?:s|ed|ing|ion)",
        r"rebuff\w*",
        r"spurn\w*",
        r"turn(?:s|ed) down",
        r"not (?:to )?accept",
        r"received (?:an? |several )?(?:\w+ )?(?:proposals?|offers?|bids?)",
        rf"(?:near|nears|nearing|close to) (?:an? )?(?:{_PLANNED}|buying|acquiring|agreeing)",
    )
)
_SIGNED = Cue(
    one_of(
        r"agree(?:s|d)?(?! to (?:enter|hold|start|begin|discuss|negotiate))",
        r"sign(?:s|ed)",
        r"agreement (?:to|under|for|in principle)",
        r"definitive",
        r"letter of intent",
        r"will (?:acquire|buy|purchase|merge|invest)",
        r"is (?:buying|acquiring|investing|selling)",
        r"announced (?:a|an|the|its|that)",
        r"subject to",
        r"approv(?:e|es|ed|al)",
    )
)
_CLOSED = Cue(
    one_of(
        r"(?<!to be )(?<!be )completed (?:[\w’'-]+ ){0,5}(?:purchases?|acquisitions?|sales?|mergers?|buyout|takeover|investment|transaction|deal)",
        r"(?:has |have |it |was |were |been )?completed (?:the|its|their|a|an|previously|sale|purchase|acquisition|merger)",
        r"(?:has|have|was|were|been|is) completed",
        r"completion of (?:the|its) \w+ (?:was|has)",
        r"closed (?:the|its|on)",
        r"(?:deal|transaction|acquisition|merger|sale) (?:has )?(?:closed|been (?:completed|finali[sz]ed))",
        r"finali[sz]ed (?:the|its)",
        r"(?:said it|has) (?:acquired|bought|sold|purchased)",
    )
)
_BOUGHT = Cue(
    one_of(
        r"(?:he|she|they|it|companies|has|have|had) (?:has |have |had )?(?:acquired|bought|sold|purchased) (?!by)",
        r"has been (?:acquired|bought|sold|purchased) by",
        r"taken ownership of",
    )
)
_CLOSE = r"(?:close|complete|be (?:completed|closed|finali[sz]ed|wrapped up)|finish|go through|take effect|conclude)"
_CLOSING = r"(?:closing|completion|close|consummation)"
_OUTSTANDING = Cue(
    one_of(
        rf"(?:expect(?:s|ed)?|due|set|scheduled|slated|planned|aims?|hopes?|plans?|on track|likely|intends?) (?:\w+ ){{0,4}}to {_CLOSE}",
        rf"(?:will|should|would|could|may) {_CLOSE} (?:in|by|on|at|before|after|early|late|later|next|this|during|within|once|when)",
        rf"{_CLOSING} (?:of \S+ (?:\S+ )?)?(?:is|are) (?:expected|due|planned|scheduled|slated|targeted|set|foreseen)",
        r"(?:must|needs? to|ha(?:s|ve) (?:yet )?to) (?:also |first |still )?agree",
        r"(?:closing|completion) (?:expected|due|planned|scheduled|targeted)",
        r"(?:deal|transaction|sale|merger|acquisition|takeover) (?:is|remains) (?:still )?pending",
        r"(?:deal|transaction|sale|merger|acquisition|takeover|contract|purchase) takes? effect (?:in|on|at|next)",
        r"(?:holders|shareholders|stockholders|investors|owners|members|they) (?:\w+ )?(?:(?:will|must|are to|have to|still have to) (?:\w+ )?(?:vote|approve)|vote (?:on|in|next|later|this))",
    )
)
_PROMISED = Cue(
    r"\b(?:agree(?:s|d)?|agreement|sign(?:s|ed)|letter of intent) (?:in principle )?(?:to|under which) (?:\w+ )?(?:buy|acquire|purchase|sell|merge|invest|take|be)\b"
)
_LEAD = 6  # sentences in which words of an end or a completion count
_OPENING = 3  # and those of talks


def status(inventory: Inventory, _facts: Mapping[str, Any]) -> DealStatus:
    """Read the status from its words: the rarer ones only where the text leads with them.

    A completion that is told behind an agreement to buy is another deal's. What is talked of or offered is a rumour
    as long as nothing is signed. A text without any such words reports the deal, so the deal is announced.
    """
    earlier = inventory.sentences_on_earlier
    lead = [s.text for s in inventory.leading(_LEAD) if s.number not in earlier]
    opening = [s.text for s in inventory.leading(_OPENING) if s.number not in earlier]
    if any(map(_ENDED.search, lead)):
        return DealStatus.TERMINATED
    if any(map(_IN_TALKS.search, opening)):
        return DealStatus.RUMOURED
    promised = next((place for place, text in enumerate(lead) if _PROMISED.search(text)), len(lead))
    if any(map(_CLOSED.search, lead[: promised + 1])) or any(map(_BOUGHT.search, lead[:1])):
        return DealStatus.COMPLETED
    if any(map(_NOT_SIGNED.search, opening)) and not any(map(_SIGNED.search, opening)):
        return DealStatus.RUMOURED
    told = (s.text for s in inventory.sentences if not s.heading and s.number not in earlier)
    outstanding = any(_OUTSTANDING.search(text) or SURE_CONDITION.search(text) for text in told)
    return DealStatus.PENDING if outstanding else DealStatus.ANNOUNCED
