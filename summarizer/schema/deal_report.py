"""Whether a text reports a deal, as far as its words tell.

A report leads with its news. A text whose headline and first sentences tell of no transaction is about something
else, whatever figures and old purchases follow. Small models were tried on this and say yes to nearly everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from summarizer.cues import Cue, small
from summarizer.dealings import parties_told
from summarizer.document import Sentence
from summarizer.inventory import Inventory
from summarizer.roles import Role
from summarizer.schema.deal_lead import news
from summarizer.schema.values import UNDECIDED, Undecided

_PROPERTY = (
    r"(?:stakes?|interests?|holdings?|shareholdings?|units?|business(?:es)?|divisions?|subsidiar(?:y|ies)|arms?|operations?|"
    r"compan(?:y|ies)|shares?|assets?|stock|brands?|stores?|plants?|rights|properties|chain|portfolio)"
)
_MONEY = r"[^\s\d]{0,4}\d[\d.,]*"
_BUYS = (
    r"(?<!customer )(?<!user )(?<!talent )(?<!client )(?<!data )(?<!land )acqui(?:re|res|red|ring|sition)|"
    r"complet\w+ (?:\w+[ -]){0,3}acquisitions|(?:buy|buys|buying|bought)(?!-| back| and hold)|buy-?out|purchas(?:e|es|ed|ing)|"
    r"take-?overs?|tak(?:e|es|ing|en) over|took over|tender offers?|bids? (?:for|to|of)|unsolicited bid|offers? (?:for|to buy)|"
    rf"offered {_MONEY}|(?:pay|pays|paying|paid) (?:about |up to |some |nearly |over )?{_MONEY} ?\w* ?\w* for the|exchang(?:e|es|ed) (?:shares|stock|cash)|"
    r"(?:assume[ds]?|gain\w*|tak(?:e|es|ing|en)|took|seek\w*|hand(?:s|ed|ing)?(?: over)?|ced(?:e|es|ed|ing)|wrest\w*) control|"
    r"(?:tak(?:e|es|ing|en)|took) (?:[\w’'.%,&-]+ ){1,6}off (?:its|their|his|her|the|\w+['’]s?) hands|letters? of intent|"
    r"snap(?:s|ped|ping)? up|swallow(?:s|ed|ing)? (?:up )?(?:its|the|a|rival)|swoops? (?:for|on)|(?:changes?|changed|changing) hands|"
    rf"(?:pick|scoop)(?:s|ed|ing)? up (?:[\w’'.%,-]+ ){{0,6}}{_PROPERTY}|"
    r"(?:pick|scoop)(?:s|ed|ing)? up (?:an? (?:further|additional) )?\d[\d.]* ?(?:%|per ?cent|pct)|has a new owner|"
    r"(?:hand(?:s|ed|ing)?|sign(?:s|ed|ing)?|turn(?:s|ed|ing)?|pass(?:es|ed|ing)?) over (?:[\w’'.%,-]+ ){0,4}"
    r"(?:branches|stores|shops|offices|plants?|clinics|hotels|mines?|factor(?:y|ies))\b[^.;]{0,60}? to|"
    r"(?:ha(?:s|ve)|it['’]s) (?:now )?belonged to|(?:now|today) belongs? to|will (?:\w+ )?belong (?:[\w-]+ ){0,4}to|"
    r"(?:ha(?:s|ve)|had) found (?:itself )?an? (?:new (?:home|owner)|buyer|taker)|"
    rf"(?:reliev(?:e|es|ed|ing)) (?:[\w’'.%,&-]+ ){{1,8}}of (?:its|their|his|her|an?|the) (?:\w+ ){{0,2}}(?:{_PROPERTY}|\d)"
)
_JOINS = (
    r"merg(?:e|es|ed|er|ers|ing)|joint venture|jointly (?:own|develop|build|run|operate|set up|form)\w*|tie-?ups?|ties? the knot|combin(?:e|es|ed|ing) with|"
    r"(?:fold|roll|fus|join|unit|br(?:ing|ought))\w* (?:together )?into one|(?:union|marriage|combination|partnership) of equals|"
    r"(?:to|will|would) become one(?: (?:company|group|business))?|amalgamat\w+"
)
_INVESTS = (
    r"stakes?|shareholdings?|invest(?:s|ed|ing|ment) (?:\W?[\d.]+ ?\w* )?(?:in|of|from|by)|(?:funding|financing|investment|seed|pre-seed|growth) rounds?|"
    r"(?:round|financing|raise|investment) (?:was |is |being )?led by|(?:leads?|led|leading|closes?|closed|closing) (?:\S+ ){0,4}(?:round|raise|financing)|"
    r"(?:seed|growth) (?:funding|financing|capital|money)|subscrib\w+ (?:to|for)|capital increase|"
    rf"series [a-h]|rais(?:e|es|ed|ing) (?:\w+ )?{_MONEY}|"
    rf"(?:puts?|putting|pour(?:s|ing|ed)?|inject\w*|pump(?:s|ing|ed)?|plough\w*|plow\w*)\b(?! together)[^,;:]{{0,60}}?{_MONEY}.{{0,40}}?\b(?:in|into)|"
    rf"(?:puts?|putting|pour(?:s|ing|ed)?|inject\w*|pump(?:s|ing|ed)?) in {_MONEY}|"
    r"(?:tak(?:e|es|ing|en)|took) (?:\w+ ){0,2}\d[\d.]* ?(?:%|per ?cent|pct) (?:in|ownership|interest|holding|of\b(?! (?:[\w-]+ ){0,2}(?:fund|portfolio|market|sales|revenue|profit|votes?|money|pay|fees)))|"
    r"(?:increas|rais|lift|boost|doubl|tripl|cut|halv|reduc|trim)\w* (?:its|their|his|her) (?:interest|holding|position) (?:in|of|at|to)"
)
_SELLS = (
    rf"divest\w*|spin-?off|carve-?out|offload(?:s|ed|ing)?|dispos(?:e|es|ed|ing) of|part(?:s|ed|ing)? with (?:its|the|their|a)|new owners?|"
    rf"(?:sell|sells|selling|sold|sales? of|disposal of) (?:[\w’'.%,-]+ ){{0,12}}{_PROPERTY}|"
    r"(?:agree\w*|agreement(?: in principle)?|decided|plans?|planned|intends?|help it|wants?|talks|deal|letter of intent|is|are) to sell|"
    r"(?:complet\w+|announced|proposed|planned|its) (?:the |its )?(?:previously[ -]announced )?(?:sale|disposal)s? of|"
    r"consider\w* (?:\w+ )?(?:to )?(?:the )?sale of|(?:complet\w+|said|says) (?:\w+ )?sold"
)
_STRONG = Cue(rf"\b(?:{_BUYS}|{_JOINS}|{_INVESTS}|{_SELLS})(?!\w)")
_WEAK = Cue(
    r"\b(?:deals?|transactions?|investments?|partner(?:s|ed|ship|ing)?|team(?:s|ed|ing)? up|alliance|bids?|offers?|exchang(?:e|es|ed)|"
    r"join(?:s|ed|ing)? forces|negotiations?|talks|tak(?:e|es|ing) on (?:its|the|their)|hand(?:s|ed|ing)? over (?:its|the|their)|"
    r"transfer(?:s|red|ring)?|back(?:ed|ing|ers?)|rounds?|owners?|ownership|shareholders?|belongs? to|ventures?|(?:is|are|be|becomes?|became|becoming|now) (?:now )?part of|(?:is|are) joining)\b"
)
_OTHER_NEWS = Cue(
    r"\b(?:unveil(?:s|ed|ing)?|launch(?:es|ed|ing)?|introduc(?:es|ed|ing)|recall(?:s|ed|ing)?|sue[sd]?|suing|(?:jury|court|judge|tribunal) (?:\w+ )?(?:orders?|ordered|awards?|awarded|rules|ruled|finds|found|upholds|upheld)|"
    r"(?:wins?|won|lands?|landed|awarded) (?:\S+ ){0,4}contract|(?:quarterly|annual|half-year|full-year|first-half) (?:results|profits?|earnings|sales|revenues?)|"
    r"(?:second|third|fourth|first)[- ]quarter (?:results|profits?|earnings|sales|revenues?))\b"
)
_PAST = Cue(
    r"\b(?:bought|acquired|raised|invest(?:ed|ment|ors)|took|purchase|funding|buying|takeover|merged)\b.*\b(?:in|since|during|of) (?:\w+ )?(?:19|20)\d\d\b|"
    r"\bsince\b.*\bfounded\b|(?:19|20)\d\d\b.*\bafter buying\b"
)
# Who is bought tells it of themselves.
_OURS = Cue(
    r"\b(?:we|my company|our company)(?:['’](?:re|ve)| are| have| has| were| was| will| is)? (?:now |just |today |also |been |be |being |finally )*"
    r"(?:part of|become (?:\w+ )?part|becoming part|join(?:ed|ing)? (?!forces)[\w’'-]+\b(?= |[.,])|acquired by|bought by|sold (?:\w+ )?to|merging|taken over)\b"
)
_OPINION = re.compile(r"(?:^|[^\w“\"‘'])i(?:['’](?:m|ve|d|ll))? [a-z]|\bin my (?:view|opinion|experience)\b")
_COLUMN = Cue(
    r"^(?:comment|opinion|column|viewpoint|editorial|op-?ed|commentary|letter|lex|leader)\b ?[:|–—-]|"
    r"\bthe (?:author|writer|columnist) (?:is|was|edits|teaches|runs|writes|has|works|owns)\b|\bis a (?:\w+ )?columnist\b"
)
_OF_DEALS = (Role.PRICE, Role.RAISED, Role.STAKE, Role.VALUATION)
_OPENING = 2  # sentences that tell what the news is
_QUOTED = Cue(r"[“\"]|\bsaid\b|\bsays\b")


def is_deal(inventory: Inventory, _facts: Mapping[str, Any]) -> bool | Undecided:
    """Yes where the text leads with a transaction, no where it is an opinion, opens with other news or tells of none.

    Not decided where the words are vague.
    """
    lead = _lead(inventory)
    opening = [sentence.text for sentence in lead[:_OPENING]]
    if not any(map(_STRONG.search, opening)) and any(map(_OTHER_NEWS.search, opening)):
        return False
    if any(_OURS.search(sentence.text) for sentence in lead):
        return True
    if any(_STRONG.search(sentence.text) for sentence in lead) or _is_told(lead, inventory):
        return not _is_opinion(inventory)
    return UNDECIDED if any(_WEAK.search(sentence.text) for sentence in lead) else False


def _is_told(lead: Sequence[Sentence], inventory: Inventory) -> bool:
    """Whether names and words of dealing tell who buys what."""
    running = (sentence.text for sentence in lead if not sentence.heading)
    return {"acquirer", "target"} <= parties_told(running, inventory.names).keys()


def _lead(inventory: Inventory) -> list[Sentence]:
    """What the text leads with, without what tells of a dated past."""
    return [s for s in news(inventory) if not _PAST.search(s.text)]


def _is_opinion(inventory: Inventory) -> bool:
    """Whether the text says that it is one, or somebody speaks for themselves and leads with no figure of a deal.

    Founders and newsletters say "I", too, outside of quotations and more than once; but they tell of one deal.
    """
    if any(_COLUMN.search(s.text) for s in inventory.sentences):
        return True
    lead = {s.number for s in _lead(inventory)}
    if any(f.role in _OF_DEALS and f.sentence.number in lead and not f.earlier for f in inventory.figures):
        return False
    own = [s for s in inventory.sentences if not _QUOTED.search(s.text)]
    return sum(len(_OPINION.findall(small(s.text))) for s in own) > 1
