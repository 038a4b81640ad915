"""How far a deal has come, as far as the words of its report tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.cues import Cue, one_of
from summarizer.inventory import Inventory
from summarizer.records.deal_cues import CONSENTS, DECIDER, SURE_CONDITION
from summarizer.records.deal_lead import news
from summarizer.records.deal_terms import DealStatus

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
        r"(?:will|would) not (?:now )?(?:proceed|happen|go (?:ahead|through))",
        r"won['’]t (?:now )?(?:proceed|happen|go (?:ahead|through))",
        rf"(?:shelv|ditch|back(?:s|ed|ing)? out of|pull(?:s|ed|ing)? out of|gives? up|gave up|giving up|t(?:ears?|ore|orn|earing) up)\w* "
        rf"(?:on )?(?:(?:its|their|the|an?|plans?) )?(?:[\w’'.-]+ ){{0,3}}{_PLANNED}",
        r"(?:pull(?:s|ed|ing)? the plug|called? time|calls time) on",
        r"call(?:s|ed|ing)? it quits",
        r"(?:fell|fallen|falls|falling|came|come|comes) (?:apart|to nothing)",
        r"(?:fallen|falls|falling) through",
        r"unravel(?:s|ed|led|ling)?",
        r"(?:drop|dropp|abandon|end|quit)(?:s|ed|ing)? (?:its|their|the|his|her) (?:\w+ )?(?:pursuit|interest|quest|attempt|plans?)",
        r"lets? (?:[\w’'.$€£-]+ ){1,8}lapse",
        rf"{_PLANNED} (?:is|was) (?:now )?(?:dead|over|off)",
        rf"(?:has |have |was |been )(?:blocked|vetoed|prohibited) (?:[\w’'.-]+ ){{0,4}}{_PLANNED}",
    )
)
# What another than the two gives up, or another plan that is given up, ends no deal.
_ELSEWHERE = Cue(
    one_of(
        r"(?:another|other|third|earlier|previous|rival|one) (?:bidders?|suitors?|buyers?|offers?|bids?|attempts?|part(?:y|ies))",
        r"ipo",
        r"float(?:ation)?",
        r"(?:stock[- ]market |public )?listing",
    )
)
_IN_TALKS = Cue(
    one_of(
        rf"in (?:early |advanced |exclusive |preliminary )?{_TALKS}",
        rf"no {_TALKS}",
        r"(?:people|persons?|sources?|insiders?) (?:who (?:are|is) )?(?:familiar with|close to|briefed on|aware of|with knowledge)",
        r"could (?:buy|acquire|bid|offer)",
        r"may (?:buy|acquire|bid|offer)",
        r"is said to",
        r"pour(?:s|ed|ing)? cold water on",
        r"(?:being|been|was|were) (?:hawked|touted|shopped)",
        r"people (?:in the know|who know (?:[\w’'-]+ ){0,4}(?:thinking|plans?|matter|situation))",
        r"(?:private )?conversations? (?:\w+ ){0,6}about (?:buying|selling|a (?:sale|takeover|bid))",
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
        r"(?:first|second|final)-round (?:offers?|bids?)",
        r"(?:indicative|non-?binding|preliminary|initial|rival) (?:offers?|bids?|proposals?)",
        r"(?:offers?|bids?) (?:are|is) due",
        r"(?:citing|according to|told by) (?:[\w-]+ ){0,3}(?:people|persons|bankers|sources|insiders)",
        r"clos(?:es|ing) in on",
        r"(?:runs?|running|ran) the rule over",
        r"(?:may|might|could) (?:yet |still |also )?(?:table|launch|make|submit|lodge|bid|offer)",
        r"(?:hired|appointed|mandated|engaged|asked) (?:[\w’'.&-]+ ){1,5}to (?:find|seek|look for|explore|advise on|run|sell|sound out)",
        r"data room",
        r"suitors?",
        r"shortlist\w*",
        r"(?:an?|the) (?:auction|sale process) (?:of|for|is|has|that)",
        r"(?:run|runs|running|ran|start\w*|launch\w*|kick\w* off|hold|holds|holding) (?:an?|the) (?:auction|sale process)",
        r"(?:is|are|be|goes|put|puts) (?:\w+ )?(?:up for sale|on the block)",
        r"strategic (?:options|alternatives|review)",
        r"(?:sounded|sounding|sounds) out",
        r"(?:circling|eyeing|courting|wooing)",
    )
)
# Whatever the two have put their names to, they are not bound.
_UNBOUND = Cue(
    one_of(
        r"binds? (?:neither|nobody|no ?one|no party)",
        r"non-?binding (?:letter|agreement|memorandum|term sheet|heads)",
        r"not (?:legally )?binding",
        r"before (?:anything|a contract|contracts|a deal|an agreement) (?:can|could|may|is|are) (?:be )?signed",
        r"exclusivity (?:period|agreement|with)",
        r"exclusive (?:negotiations?|negotiating rights)",
    )
)
# It may come to nothing, wherever the text says so.
_UNSURE = Cue(
    one_of(
        rf"(?:no|not) (?:\w+ )?(?:certain(?:ty)?|assurances?|guarantees?) (?:[\w’'-]+ ){{0,6}}(?:{_PLANNED}|agree(?:d|ment)?|signed|emerge)",
        r"no (?:final |formal |firm )?(?:decisions?|offer|bid|agreement|deal) ha(?:s|ve) (?:yet )?been (?:taken|made|reached|signed|agreed|struck)",
        r"nothing (?:has been|is) (?:yet )?(?:signed|agreed|settled|decided)(?! off)",
        r"(?:may|might|could) (?:still |yet |also |well )?(?:come to nothing|decide against|(?:decide to )?(?:keep|retain) (?:it|the|its))",
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
_DEAL = r"(?:deal|transaction|acquisition|merger|sale|purchase|takeover|buyout|financing)"
_CLOSING_OF = r"(?:closing|completion|consummation)"
_WEEKDAY = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_JUST = r"today|yesterday|now|noon|midnight|last (?:night|week|month|monday|tuesday|wednesday|thursday|friday)|this (?:morning|week|afternoon|month)"
_CLOSED = Cue(
    one_of(
        r"(?<!to be )(?<!be )completed (?:[\w’'-]+ ){0,5}(?:purchases?|acquisitions?|sales?|mergers?|buyout|takeover|investment|transaction|deal)",
        r"(?:has |have |it |was |were |been )?completed (?:the|its|their|a|an|previously|sale|purchase|acquisition|merger)",
        r"(?:has|have|was|were|been|is) completed",
        r"completion of (?:the|its) \w+ (?:was|has)",
        rf"closed (?:the|its|their|on (?:the|its|an?)) (?:[\w’'-]+ ){{0,4}}(?:{_PLANNED}|financing|round|buyout|takeover)",
        rf"{_DEAL} (?:(?:has )?been (?:completed|finali[sz]ed|concluded|consummated|sealed)|(?:has )?closed(?! (?:in )?on ))",
        rf"{_DEAL} (?:(?:of|by|from|to) \S+ (?:\S+ )?){{0,2}}(?:was )?(?:closed|sealed|concluded|consummated|went through) (?:on (?:{_WEEKDAY})|{_JUST})",
        r"finali[sz]ed (?:the|its)",
        r"(?:said it|has) (?:acquired|bought|sold|purchased)",
        r"(?:took|taken|takes|assumed) (?:full |legal )?(?:ownership|possession)",
        rf"(?:keys|shares|block|stake|{_PLANNED}) (?:[\w’'-]+ ){{0,3}}(?:(?:was|were|has been|have been) (?:\w+ )?(?:handed over|transferred|settled|booked|paid for)|"
        r"(?:has |have )?(?:changed hands|went (?:over|through)|settled|gone through))",
        r"(?:hand(?:s|ed)?|got|gets?|took|takes?|receiv(?:es|ed)) (?:\w+ )?(?:the )?keys",
        r"keys (?:were |are |have been )?handed over",
        r"(?:paperwork|transfer|sale|purchase) (?:has |have )?(?:gone|went) through",
        rf"(?:wrap(?:s|ped) up|clos(?:es|ed)(?! (?:in )?on\b)|(?:complet|conclud)(?:es|ed)) (?:(?!(?:at|up|down|higher|lower|flat|after|before|on|in|by|with|to|from|as|for|of)\b)[^\s,;]+ ){{0,6}}?(?:round|financing|fundraising|raise|series [a-h]|{_PLANNED})\b(?! (?:talks|negotiations))",
        # "Ash and Elm complete merger"
        rf"(?<!to )(?<!will )(?<!would )(?<!could )(?<!can )(?<!may )(?<!might )(?<!must )(?<!should )(?<!not )(?<!the )(?<!is )complete (?:{_PLANNED}|buyout|takeover)",
        rf"{_PLANNED} (?:(?:of|by|from|to) \S+ (?:\S+ )?){{0,2}}(?:became effective|took effect|came into (?:effect|force))",
        r"(?:has|have) (?:now |formally |officially )?taken (?:over(?! as\b| from\b)|(?:full )?(?:control|charge) of(?! (?:the|its) (?:talks|bidding)))",
        rf"(?:announc(?:es|ed|ing)|confirm(?:s|ed|ing)|report(?:s|ed|ing)) (?:(?:the|its|their|successful|final|initial|first) ){{0,3}}{_CLOSING_OF} of",
        # "Handed over at completion yesterday"; what will be is not yet.
        r"(?:was|were|changed|has been|have been) (?:[\w-]+ ){0,4}(?:at|on|upon) (?:completion|closing)(?! of)",
        rf"(?:{_CLOSING_OF}|handover|hand-over|changeover) (?:(?:took place|occurred|happened|followed|came|was) )?(?:on (?:{_WEEKDAY})|{_JUST})",
        rf"(?:{_CLOSING_OF}|handover|hand-over|changeover) (?:of \S+ (?:\S+ )?)?(?:took place|occurred)",
        r"(?:money|funds|cash|proceeds) (?:(?:is|are) )?(?:now |already |safely )?in the bank",
        r"(?:wired|paid over|transferred) (?:the (?:money|cash|price|sum)|[^\s\d]{0,4}\d)",
        r"(?:the )?(?:money|cash|price|funds) (?:has|have|was|were) (?:been )?(?:paid|wired|transferred|handed over|changed hands|arrived|landed|cleared|come in|come through|gone through|reached)",
        rf"conclud(?:es|ed) (?:the|its|their) (?:[\w’'-]+ ){{0,4}}{_PLANNED}",
        r"(?:has|have) (?:[\w-]+ ){0,4}(?:raised|lifted|increased|boosted|doubled|trimmed|cut|reduced|built|taken) (?:its|their|his|her|an?) "
        r"(?:[\w.%-]+ ){0,4}(?:stake|holding|position|interest|shareholding)\b.{0,80}?\b(?:filings?|disclosure|notification|register)",
    )
)
_OWNED = Cue(
    one_of(
        r"(?:has|have) (?:now )?(?:belonged to|become (?:an? )?(?:[\w-]+ )?(?:part|unit|subsidiary|division|arm) of|joined forces)",
        r"(?:pass(?:es|ed)|went) to (?:[\w’'.&-]+ ){1,4}(?:on|at|last|yesterday|this)",
        r"took over (?:[\w’'.&-]+ ){0,6}(?:on|at) (?:monday|tuesday|wednesday|thursday|friday|midnight)",
        rf"{_PLANNED} (?:(?:of|by|from|to) \S+ ){{0,2}}(?:is|was) (?:now )?(?:done|through|complete|over the line)",
        r"(?:now|today) (?:belongs? to|(?:is |are )?(?:an? )?part of|owns all)",
        r"became (?:an? )?(?:[\w-]+ )?(?:part|unit|subsidiary|division) of",
        r"(?:is|are) the (?:new |sole )owners? of (?:[\w’'.&-]+ ){1,4}since",
        r"(?:is|are) now the (?:new |sole |full |outright )*owners? of",
        rf"(?<!will )(?<!would )belongs? to (?:[\w’'.&-]+ ){{1,5}}(?:as of|from|since) (?:{_JUST})",
        r"(?:is|are) (?:now|from today|since \w+) (?:an? )?(?:[\w-]+ )?(?:part|unit|subsidiary|division|arm|owned by|in the hands of)",
        rf"(?:from|since|as of|as from|effective) (?:{_JUST}|{_WEEKDAY})\b.{{0,120}}? (?<!will )(?<!would )(?:belongs? to|belonged|is part|has been part|owned)",
    )
)
# Whose a company has been for years tells of no completion.
_FOR_YEARS = Cue(
    r"\b(?:since|in|from|until|for) (?:\w+ )?(?:19|20)\d\d\b|\bfor (?:\w+ )?(?:years|decades|generations)\b"
)
_BOUGHT = Cue(
    one_of(
        r"(?:he|she|they|it|we|i|companies|has|have|had|we['’]ve|i['’]ve) (?:has |have |had )?(?:acquired|bought|sold|purchased) (?!by)",
        r"has been (?:acquired|bought|sold|purchased) by",
        r"taken ownership of",
    )
)
_CLOSE = r"(?:close|complete|be (?:completed|closed|finali[sz]ed|wrapped up|done|settled|through|sealed|concluded)|finish|wrap (?:it|things|the \w+) up|have it done|go through|take effect|conclude|settle|change hands)"
_CLOSING = (
    r"(?:closing|completion|close|consummation|settlement|handover|hand-over|switch|changeover|transfer)"
)
_FORESEEN = (
    r"(?:expected|due|planned|scheduled|slated|targeted|set|foreseen|pencil?led in|likely|some way off)"
)
_OFFICE = rf"(?:{DECIDER}|(?:antitrust|cartel|competition|merger|investment) (?:office|board|body|panel))"
_OUTSTANDING = Cue(
    one_of(
        rf"(?:expect(?:s|ed)?|due|set|scheduled|slated|planned|aims?|hopes?|plans?|on track|likely|intends?) (?:\w+ ){{0,4}}to {_CLOSE}",
        rf"(?:will|should|would|could|may) {_CLOSE} (?:in|by|on|at|before|after|early|late|later|next|this|during|within|once|when)",
        rf"{_CLOSING} (?:of \S+ (?:\S+ )?)?(?:is|are) {_FORESEEN}",
        r"(?:must|needs? to|ha(?:s|ve) (?:yet )?to) (?:also |first |still )?agree",
        rf"(?:in the hands of|(?:is|are|now|be) up to|in the court of|(?:is|are|lies|sits) (?:now |still )?(?:before|with)|await(?:s|ing)? (?:word from|an answer from|a ruling by)) (?:[\w’'-]+ ){{0,3}}?{_OFFICE}",
        r"(?:hurdle|obstacle|formality|condition|step)s? (?:left|remaining|outstanding|still to clear|to clear) (?:is|are)",
        rf"{_OFFICE} (?:will|would|must|is to|are to) (?:\w+ )?(?:decide|rule|vote|have (?:its|their) say|give)",
        rf"(?:decision|ruling|verdict|answer|word|opinion) (?:from|by|of) (?:[\w’'-]+ ){{0,3}}?{_OFFICE} (?:is|are) (?:now |still )?(?:due|expected|awaited|pending|outstanding)",
        r"(?:holders|shareholders|stockholders|members) (?:will|would|are to|must) be asked",
        r"(?:reckon|count|bank|plan|aim|hope|look)(?:s|ed|ing)? (?:on|for|to) (?:an? )?(?:closing|completion|completing|close|wrapping up)",
        rf"(?:once|until|unless|if|when|after) (?:[\w’'-]+ ){{0,3}}?{_OFFICE} (?:has |have )?(?:signs? off|signed off|says? yes|said yes|agrees?|agreed|waves? it through|waved it through)",
        rf"{DECIDER},? (?:who |which |that )?(?:is|are) (?:now |still )*(?:expected|due|set|scheduled|likely) to (?:{CONSENTS})",
        r"(?:closing|completion) (?:expected|due|planned|scheduled|targeted)",
        r"(?:deal|transaction|sale|merger|acquisition|takeover) (?:is|remains) (?:still )?pending",
        r"(?:deal|transaction|sale|merger|acquisition|takeover|contract|purchase) takes? effect (?:in|on|at|next)",
        r"(?:holders|shareholders|stockholders|investors|owners|members|they) (?:\w+ )?(?:(?:will|must|are to|have to|still have to) (?:\w+ )?(?:vote|approve)|vote (?:on|in|next|later|this))",
    )
)
_PROMISED = Cue(
    r"\b(?:agree(?:s|d)?|agreement|sign(?:s|ed)|letter of intent) (?:in principle )?(?:to|under which) (?:\w+ )?(?:buy|acquire|purchase|sell|merge|invest|take|be)\b"
)
_OPENING = 3  # sentences in which words of talks count


def status(inventory: Inventory, _facts: Mapping[str, Any]) -> DealStatus:
    """Read the status from its words: the rarer ones only where the text leads with them.

    A completion that is told behind an agreement to buy is another deal's. What is talked of or offered is a rumour
    as long as nothing is signed. A text without any such words reports the deal, so the deal is announced.
    """
    earlier = inventory.sentences_on_earlier
    lead = [s.text for s in inventory.leading() if s.number not in earlier]
    opening = [s.text for s in news(inventory, _OPENING) if s.number not in earlier]
    told = [s.text for s in inventory.sentences if not s.heading and s.number not in earlier]
    loose = any(map(_NOT_SIGNED.search, opening)) or any(map(_UNSURE.search, told))
    unsigned = loose and not any(map(_SIGNED.search, opening))
    talked_of = any(map(_IN_TALKS.search, opening))
    # Of a sale that is talked of, one bidder who leaves is no end.
    if any(map(_ends, opening if unsigned or talked_of else lead)):
        return DealStatus.TERMINATED
    if talked_of or any(map(_UNBOUND.search, lead)):
        return DealStatus.RUMOURED
    promised = next((place for place, text in enumerate(lead) if _PROMISED.search(text)), len(lead))
    if any(map(_closes, lead[: promised + 1])) or any(map(_BOUGHT.search, lead[:1])):
        return DealStatus.COMPLETED
    if unsigned:
        return DealStatus.RUMOURED
    outstanding = any(_OUTSTANDING.search(text) or SURE_CONDITION.search(text) for text in told)
    return DealStatus.PENDING if outstanding else DealStatus.ANNOUNCED


def _ends(sentence: str) -> bool:
    return _ENDED.search(sentence) is not None and _ELSEWHERE.search(sentence) is None


def _closes(sentence: str) -> bool:
    if _CLOSED.search(sentence):
        return True
    return _OWNED.search(sentence) is not None and _FOR_YEARS.search(sentence) is None
