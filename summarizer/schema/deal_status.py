"""How far a deal has come, as far as the words of its report tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.cues import Cue
from summarizer.inventory import Inventory
from summarizer.schema.deal_terms import DealStatus

_TALKS = r"(?:talks|discussions|negotiations)"
_PLANNED = r"(?:merger|acquisition|takeover|sale|buyout|bid|offer|deal|transaction|purchase|proposal|investment|agreement)"
_ENDED = Cue(
    rf"\b(?:(?:has|have|was|were|been) terminated|(?<!may )(?<!can )(?<!could )terminat(?:e|es|ed|ing) (?:\w+ ){{0,2}}(?:{_TALKS}|{_PLANNED}|letter|plans?)|"
    rf"(?<!may )(?<!can )(?<!could )terminat(?:e|es|ed|ing) (?:the|their|its|an?)|call(?:s|ed|ing)? off|scrap(?:s|ped|ping)?|abandon(?:s|ed|ing)?|"
    rf"with(?:drew|drawn|draws|drawing)|to withdraw|walk(?:s|ed|ing)? away|broke off|broken (?:off|down)|collapsed|fell through|"
    rf"ended? (?:its |their |the )?(?:\w+ )?{_TALKS}|{_TALKS}\b.{{0,80}}? (?:have |has |were )?ended|"
    rf"(?:deal|merger|talks) (?:is|was|were|has been|have been) (?:cancel\w+|off)|cancel(?:s|led|ed|ling)? (?:the|its|their)|"
    rf"(?:drops?|dropped|dropping) (?:its|the|their|plans for an?) (?:\w+ )?{_PLANNED}|(?:deal|bid|offer) (?:has )?lapsed|"
    rf"will not (?:proceed|go (?:ahead|through)))\b"
)
_IN_TALKS = Cue(
    rf"\b(?:in (?:early |advanced |exclusive |preliminary )?{_TALKS}|no {_TALKS}|people familiar with|could (?:buy|acquire|bid|offer)|"
    r"may (?:buy|acquire|bid|offer)|is said to|rumou?r\w*|denied|denies|not for sale)\b"
)
_NOT_SIGNED = Cue(
    rf"\b(?:{_TALKS} (?:with|about|on|over|for|are|continue)|(?:h[eo]ld|holds|holding|continu\w+|start\w+|began|begun|resum\w+) (?:\w+ ){{0,3}}{_TALKS}|negotiating|"
    rf"discuss(?:ing|ed) (?:\w+ ){{0,5}}(?:{_PLANNED}|possibility)|weigh(?:s|ing) (?:an?|the)|explor(?:es|ing)|mulling|stud(?:ies|ying) (?:an?|the)|"
    rf"consider(?:s|ing)? (?:an?|the|buying|selling|acquiring|making|whether)|(?:possible|potential|preliminary) (?:\w+ )?{_PLANNED}|"
    r"(?:seek(?:s|ing)?|plans?|intends?|wants?|hopes?|looking|prepar(?:es|ing|ed)) to (?:\w+ )?(?:buy|sell|acquire|boost|raise its|seek|make|bid|increase)|"
    r"seeking (?:a |an )?(?:\w+ )?(?:buyer|control|bids|offers)|interested in (?:buying|acquiring)|unsolicited|approached|"
    r"sources said|reportedly (?:\w+ )?(?:considering|exploring|seeking|planning|preparing|weighing|interested|in|near|close)|speculation|declined (?:\w+ )?comment|reject(?:s|ed|ing|ion)|rebuff\w*|spurn\w*|turn(?:s|ed) down|not (?:to )?accept|"
    rf"received (?:an? |several )?(?:\w+ )?(?:proposals?|offers?|bids?)|(?:near|nears|nearing|close to) (?:an? )?(?:{_PLANNED}|buying|acquiring|agreeing))\b"
)
_SIGNED = Cue(
    r"\b(?:agree(?:s|d)?(?! to (?:enter|hold|start|begin|discuss|negotiate))|sign(?:s|ed)|agreement (?:to|under|for|in principle)|definitive|"
    r"letter of intent|will (?:acquire|buy|purchase|merge|invest)|is (?:buying|acquiring|investing|selling)|announced (?:a|an|the|its|that)|subject to|"
    r"approv(?:e|es|ed|al))\b"
)
_CLOSED = Cue(
    r"\b(?:(?<!to be )(?<!be )completed (?:[\w’'-]+ ){0,5}(?:purchases?|acquisitions?|sales?|mergers?|buyout|takeover|investment|transaction|deal)|"
    r"(?:has |have |it |was |were |been )?completed (?:the|its|their|a|an|previously|sale|purchase|acquisition|merger)|"
    r"(?:has|have|was|were|been|is) completed|completion of (?:the|its) \w+ (?:was|has)|closed (?:the|its|on)|"
    r"(?:deal|transaction|acquisition|merger|sale) (?:has )?(?:closed|been (?:completed|finali[sz]ed))|finali[sz]ed (?:the|its)|"
    r"(?:said it|has) (?:acquired|bought|sold|purchased))\b"
)
_BOUGHT = Cue(
    r"\b(?:(?:he|she|they|it|companies|has|have|had) (?:has |have |had )?(?:acquired|bought|sold|purchased) (?!by)|"
    r"has been (?:acquired|bought|sold|purchased) by|taken ownership of)\b"
)
_OUTSTANDING = Cue(
    r"\b(?:subject to (?:\w+ ){0,4}(?:approval|review|clearance|condition)\w*|await(?:s|ing) (?:\w+ ){0,3}(?:approval|clearance)|"
    r"expect(?:s|ed)? (?:\w+ ){0,4}to (?:close|complete|be completed)|(?:deal|transaction|sale|merger|acquisition) (?:is|remains) pending|"
    r"if (?:it is )?approved|pending (?:\w+ ){0,2}approval|"
    r"(?:holders|shareholders|investors|owners|members) (?:\w+ )?(?:will|must|are to|have to|still have to) (?:\w+ )?(?:vote|approve))\b"
)
# A status, in how many leading sentences its words count, and the words; the first that is found holds.
_STATUS: tuple[tuple[DealStatus, int, Cue], ...] = (
    (DealStatus.TERMINATED, 6, _ENDED),
    (DealStatus.RUMOURED, 3, _IN_TALKS),
    (DealStatus.COMPLETED, 6, _CLOSED),
    (DealStatus.COMPLETED, 1, _BOUGHT),
)
_UNSIGNED_LEAD = 3


def status(inventory: Inventory, _facts: Mapping[str, Any]) -> DealStatus:
    """Read the status from its words: the rarer ones only where the text leads with them.

    What is talked of or offered is a rumour as long as nothing is signed. A text without any such words reports
    the deal, so the deal is announced.
    """
    earlier = {figure.sentence.number for figure in inventory.figures if figure.earlier}

    def leads(words: Cue, count: int) -> bool:
        return any(words.search(s.text) for s in inventory.leading(count) if s.number not in earlier)

    for found, count, words in _STATUS:
        if leads(words, count):
            return found
    if leads(_NOT_SIGNED, _UNSIGNED_LEAD) and not leads(_SIGNED, _UNSIGNED_LEAD):
        return DealStatus.RUMOURED
    told = (s.text for s in inventory.sentences if not s.heading and s.number not in earlier)
    return DealStatus.PENDING if any(map(_OUTSTANDING.search, told)) else DealStatus.ANNOUNCED
