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
from summarizer.inventory import NEWS, Inventory
from summarizer.records.deal_lead import news
from summarizer.records.values import UNDECIDED, Undecided
from summarizer.roles import Role

_PROPERTY = (
    r"(?:stakes?|interests?|holdings?|shareholdings?|units?|business(?:es)?|divisions?|subsidiar(?:y|ies)|arms?|operations?|"
    r"compan(?:y|ies)|shares?|assets?|stock|brands?|stores?|plants?|rights|properties|chain|portfolio)"
)
_MONEY = r"[^\s\d]{0,4}\d[\d.,]*"
_SUM = rf"(?:{_MONEY} ?(?:(?:hundred |thousand )?(?:million|billion|trillion|crore|lakh)s?|mn?|bn|tn|b)\b|\d+(?:,\d{{3}}){{2,}})"  # no fare and no fee
_BUYS = (
    r"(?<!customer )(?<!user )(?<!talent )(?<!client )(?<!data )(?<!land )acqui(?:re|res|red|ring|sition)|"
    r"complet\w+ (?:\w+[ -]){0,3}acquisitions|(?:buy|buys|buying|bought)(?!-| back| and hold)|buy-?out|purchas(?:e|es|ed|ing)|"
    r"take-?overs?|tak(?:e|es|ing|en) over|took over|tender offers?|bids? (?:for|to|of)|unsolicited bid|offers? (?:for|to buy)|"
    rf"offered {_MONEY}|(?:pay|pays|paying|paid) (?:[\w’'.&-]+ ){{0,5}}{_SUM} (?:[\w-]+ ){{0,4}}for(?! \d| \w+ing\b| (?:the |an? |its )?(?:\w+ )?(?:work|repairs?|fuel|damages?|lease|delays?|breach|supply|fines?)\b)|exchang(?:e|es|ed) (?:shares|stock|cash)|"
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
    r"merg(?:e|es|ed|er|ers|ing)|joint venture|jointly (?:own|develop|build|run|operate|set up|form)\w*|tie-?ups?|(?:ties?|tied|tying) the knot|(?:become|becoming|form|forming) (?:one|a single) (?:company|group|business|firm)|"
    r"(?:co-?operation|partnership|alliance) (?:pact|agreement|accord|deal)|(?:strategic|commercial|\w+-year) (?:partnership|alliance|co-?operation)|combin(?:e|es|ed|ing) with|"
    r"(?:fold|roll|fus|join|unit|br(?:ing|ought))\w* (?:together )?into one|(?:union|marriage|combination|partnership) of equals|"
    r"(?:to|will|would) become one(?: (?:company|group|business))?|amalgamat\w+"
)
_INVESTS = (
    r"stakes?|shareholdings?|invest(?:s|ed|ing|ment) (?:\W?[\d.]+ ?\w* )?(?:in|of|from|by)|(?:funding|financing|investment|seed|pre-seed|growth) rounds?|"
    rf"(?:collect|pocket|bag|land|secur|net)(?:s|e[sd]?|t?ed|ged|t?ing|ging)? (?:\w+ ){{0,2}}{_SUM} (?:\S+ ){{0,5}}(?:in (?:seed|fresh|new|equity|venture|funding)|from (?:investors|backers|venture))|"
    rf"bank(?:s|ed) (?:\w+ )?{_SUM}|becom(?:e|es|ing) (?:the|an?) (?:[\w-]+ ){{0,3}}(?:shareholder|owner|investor)(?: of| in)|(?:toehold|slice) (?:of|in)|(?:each|both) (?:will )?(?:owns?|holds?|takes?) half|(?:tak(?:e|es|ing)|took|buy|buys|buying|bought) (?:about )?(?:two[- ]thirds|three[- ]quarters|a (?:third|quarter|fifth|tenth)) of(?! (?:\w+ ){{0,2}}(?:pay|sales|revenue|profit|market|votes?|time))|"
    r"(?:round|financing|raise|investment) (?:was |is |being )?(?:led|fronted|anchored|headed) by|(?:leads?|led|leading|closes?|closed|closing) (?:\S+ ){0,4}(?:round|raise|financing)|"
    r"(?:seed|growth) (?:funding|financing|capital|money)|subscrib\w+ (?:to|for)|capital increase|"
    rf"series [a-h]|rais(?:e|es|ed|ing) (?:\w+ )?{_MONEY}|"
    rf"(?:puts?|putting|pour(?:s|ing|ed)?|inject\w*|pump(?:s|ing|ed)?|plough\w*|plow\w*)\b(?! together)[^,;:]{{0,60}}?{_MONEY}.{{0,40}}?\b(?:in|into)|"
    rf"(?:puts?|putting|pour(?:s|ing|ed)?|inject\w*|pump(?:s|ing|ed)?) in {_MONEY}|"
    r"(?:tak(?:e|es|ing|en)|took) (?:\w+ ){0,2}\d[\d.]* ?(?:%|per ?cent|pct) (?:in|ownership|interest|holding|of\b(?! (?:[\w-]+ ){0,2}(?:fund|portfolio|market|sales|revenue|profit|votes?|money|pay|fees)))|"
    r"(?:increas|rais|lift|boost|doubl|tripl|cut|halv|reduc|trim)\w* (?:its|their|his|her) (?:interest|holding|position) (?:in|of|at|to)"
)
_SELLS = (
    rf"divest\w*|spin-?off|carve-?out|offload(?:s|ed|ing)?|dispos(?:e|es|ed|ing) of|part(?:s|ed|ing)? with (?:its|the|their|a)|new owners?|"
    r"(?:find(?:ing)?|found|seek\w*|look\w* for|sought) (?:an? )?(?:new )?buyers?|(?:shed|sheds|shedding) (?:its|the|their) (?:\w+ ){0,3}(?:arm|unit|business|division|brands?|stores)|"
    rf"(?:go|goes|going|went) to (?:[\w’'.&-]+ ){{1,6}}for (?:about |some |nearly )?{_SUM}|gets? (?:its|their) hands on|under the wing of|"
    rf"(?:sell|sells|selling|sold|sales? of|disposal of) (?:(?!(?:in|at|through|via|across|by|on)\b)[\w’'.%,-]+ ){{0,12}}{_PROPERTY}|"
    r"(?:transfer|ced|assign|yield)(?:s|e|es|ed|red|ring|ing)? (?:over )?(?:about |some )?\d[\d.]* ?(?:%|per ?cent|pct)|farm(?:s|ed|ing)? (?:out|down)|"
    r"(?:agree\w*|agreement(?: in principle)?|decided|plans?|planned|intends?|help it|wants?|talks|deal|letter of intent|is|are) to sell|"
    r"(?:complet\w+|announced|proposed|planned|its) (?:the |its )?(?:previously[ -]announced )?(?:sale|disposals?) of|"
    r"consider\w* (?:\w+ )?(?:to )?(?:the )?sale of|(?:complet\w+|said|says) (?:\w+ )?sold"
)
_STRONG = Cue(rf"\b(?:{_BUYS}|{_JOINS}|{_INVESTS}|{_SELLS})(?!\w)")
_GOODS = (
    r"(?:aircraft|planes?|jets?|helicopters?|trains?|locomotives?|buses|trucks|vans?|bikes|cars|vehicles|ships|ferries|tankers|"
    r"turbines|panels|tonnes|tons|barrels|bushels|homes|flats|tickets|doses)"
)
_WORKS = (
    r"(?:plants?|factor(?:y|ies)|lines?|furnaces?|mills?|sites?|equipment|machin\w+|research|staff|people|technolog\w+|network|capacity|"
    r"infrastructure|marketing|stores|depots?|fleet|training|housing|offices?|warehouses?|software|campus|laborator(?:y|ies)|centres?|centers?)"
)
# What sounds like a dealing and is none: a job, an idiom, goods, works of one's own, a fund's own money, debt.
_NO_DEALING = re.compile(
    r"\b(?:"
    r"(?:tak(?:e|es|ing|en)|took) over (?:as|the (?:role|job|post|helm|reins|wheel|chair)|from (?:him|her|the current|\w+ \w+,? who)|on \d|in (?:january|february|march|april|may|june|july|august|september|october|november|december))|"
    r"in a bid to|at stake|high[- ]stakes|stakes (?:are|were|is) (?:\w+ )?high|on offer(?: for| to)?|"
    rf"(?:buy|buys|buying|bought|purchas(?:e|es|ed|ing)|order(?:s|ed|ing)?|sell|sells|selling|sold) (?:[\w-]+ ){{0,2}}(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|a dozen|dozens of|hundreds of|thousands of|an?) (?:million )?(?:[\w-]+ ){{0,3}}{_GOODS}|"
    rf"(?:invest|pour|put|plough|plow|pump|sink|sank|sunk)\w*\b[^.;]{{0,40}}?\b(?:in|into|of) (?:(?:its|their|an?|new|more|two|three|the|\w+ing|expanded|extra|\w+[’']s) )?(?:[\w-]+ ){{0,3}}{_WORKS}|"
    rf"(?:rais(?:e|es|ed|ing)|clos(?:e|es|ed|ing)|launch(?:es|ed)?)\b[^.;]{{0,60}}? (?:its|a|the|their) (?:[\w-]+ ){{0,4}}fund\b(?! to (?:buy|acquire))|"
    rf"(?:closes|closed|closing) (?:[\w-]+ ){{0,2}}fund\b|"
    r"(?:sell|sells|selling|sold|sale of|rais(?:e|es|ed|ing)|issu(?:e|es|ed|ing)|plac(?:e|es|ed|ing))\b[^.;]{0,50}? (?:bonds?|notes|gilts|debentures)|"
    r"(?:listing|ipo|flotation|float|offering)\b[^.;]{0,30}? rais(?:e|es|ed|ing)|rais(?:e|es|ed|ing)\b[^.;]{0,50}? (?:ipo|flotation|listing|initial public offering)|"
    r"investors (?:\w+ )?bid for"
    r")\b"
)
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
_MOVES = (
    r"(?:rises?|rose|climb(?:s|ed)?|falls?|fell|drop(?:s|ped)?|grows?|grew|jump(?:s|ed)?|slip(?:s|ped)?|slump(?:s|ed)?|slid|slides?|surg(?:es|ed)|"
    r"gain(?:s|ed)|lost|ease[sd]?|tumble[sd]?|edge[sd]?|doubled|halved|(?:were|was|are|is) (?:up|down))"
)
_RISES = Cue(  # results, markets, prices
    rf"\b(?:(?:profits?|sales|revenues?|earnings|turnover|fares|prices|rents|inflation|stocks|index|indices|markets?|orders|losses) (?:[\w%.]+ ){{0,2}}{_MOVES})\b"
)
_REPORTS = Cue(  # jobs, courts, listings
    r"\b(?:(?:names?|named|appoint(?:s|ed)?|hires|hired|promotes|promoted) (?:[\w’'.-]+ ){1,5}(?:as |to (?:lead|run|head|be)|(?:its )?(?:new )?(?:chief|chair|head|director|president|boss))|"
    r"(?:steps?|stepping|stepped) down|(?:cuts?|cutting|axes?|sheds?|shedding|lays? off|laid off) (?:[\w,]+ ){0,3}(?:jobs|posts|workers|staff)|"
    r"(?:fine[sd]?|sentence[sd]?|jail(?:s|ed)?) (?:[\w’'.-]+ ){1,5}(?:for|over|after|[^\s\d]?\d)|(?:began|begins?|start(?:s|ed)?) trading|makes? (?:its|a) (?:market |stock market )?debut|"
    r"initial public offering|(?:sells|sold|issues|issued|places|placed|prices|priced) (?:[^\s]+ ){0,4}bonds?)\b"
)
_OTHER = (_OTHER_NEWS, _RISES, _REPORTS)
_PAST = Cue(
    r"\b(?:bought|acquired|raised|invest(?:ed|ment|ors)|took|purchase|funding|buying|takeover|merged)\b.*\b(?:in|since|during|of) (?:\w+ )?(?:19|20)\d\d\b|"
    r"\b(?:19|20)\d\d (?:acquisition|purchase|takeover|deal|merger|buy-?out)\b|"
    r"\bsince\b.*\bfounded\b|(?:19|20)\d\d\b.*\bafter buying\b"
)
# Who is bought tells it of themselves.
_OURS = Cue(
    r"\b(?:we|my company|our company)(?:['’](?:re|ve)| are| have| has| were| was| will| is)? (?:now |just |today |also |been |be |being |finally )*"
    r"(?:part of|become (?:\w+ )?part|becoming part|join(?:ed|ing)? (?!forces)[\w’'-]+\b(?= |[.,])|acquired by|bought by|sold (?:\w+ )?to|merging|taken over)\b|\b(?:bought|acquired|has taken over|is buying|is acquiring) us\b(?! (?:time|some|a|lunch|out of))"
)
_OPINION = re.compile(r"(?:^|[^\w“\"‘'])i(?:['’](?:m|ve|d|ll))? [a-z]|\bin my (?:view|opinion|experience)\b")
_COLUMN = Cue(
    r"^(?:comment|opinion|column|viewpoint|editorial|op-?ed|commentary|letter|lex|leader)\b ?[:|–—-]|"
    r"\bthe (?:author|writer|columnist) (?:is|was|edits|teaches|runs|writes|has|works|owns|holds|does not (?:own|hold))\b|\bis a (?:\w+ )?columnist\b"
)
_OF_DEALS = (Role.PRICE, Role.RAISED, Role.STAKE, Role.VALUATION)
_FAR = 12  # and a tale that comes to it late
_ADVICE = Cue(r"\b(?:should|ought|could|would|might|may|if)\b")
_OPENING = 2  # sentences that tell what the news is
_QUOTED = Cue(r"[“\"]|\bsaid\b|\bsays\b")


def is_deal(inventory: Inventory, _facts: Mapping[str, Any]) -> bool | Undecided:
    """Yes where the text leads with a transaction, no where it is an opinion, opens with other news or tells of none.

    Not decided where the words are vague.
    """
    lead = _lead(inventory)
    opening = [sentence.text for sentence in lead[:_OPENING]]
    told = _is_told(lead, inventory)
    if not any(map(_is_strong, opening)) and any(cue.search(s) for cue in _OTHER for s in opening):
        return False
    if opening and _RISES.search(opening[0]) and not _is_strong(opening[0]) and not told:
        return False  # customers buy, too
    if any(_OURS.search(sentence.text) for sentence in lead):
        return True
    if told or any(_is_strong(sentence.text) for sentence in lead):
        return not _is_opinion(inventory)
    if _is_told(_lead(inventory, _FAR), inventory):
        return not _is_opinion(inventory)
    return UNDECIDED if any(_WEAK.search(_of_dealing(sentence.text)) for sentence in lead) else False


def _is_strong(sentence: str) -> bool:
    return _STRONG.search(_of_dealing(sentence)) is not None


def _of_dealing(sentence: str) -> str:
    """The sentence without the words that only sound like a transaction."""
    kept, end = "", 0
    for match in _NO_DEALING.finditer(small(sentence)):
        kept, end = f"{kept}{sentence[end : match.start()]}–", match.end()
    return kept + sentence[end:]


def _is_told(lead: Sequence[Sentence], inventory: Inventory) -> bool:
    """Whether names and words of dealing tell who buys what."""
    running = (_of_dealing(sentence.text) for sentence in lead if not sentence.heading)
    return {"acquirer", "target"} <= parties_told(running, inventory.names).keys()


def _lead(inventory: Inventory, count: int = NEWS) -> list[Sentence]:
    """What the text leads with, without what tells of a dated past."""
    return [s for s in news(inventory, count) if not _PAST.search(s.text)]


def _is_opinion(inventory: Inventory) -> bool:
    """Whether the text says that it is one, or somebody speaks for themselves and leads with no figure of a deal.

    Founders and newsletters say "I", too, outside of quotations and more than once; but they tell of one deal.
    """
    if any(_COLUMN.search(s.text) for s in inventory.sentences):
        return True
    leading = _lead(inventory)
    if _is_told([s for s in leading if not _ADVICE.search(s.text)], inventory):
        return False
    lead = {s.number for s in leading}
    if any(f.role in _OF_DEALS and f.sentence.number in lead and not f.earlier for f in inventory.figures):
        return False
    own = [s for s in inventory.sentences if not _QUOTED.search(s.text)]
    return sum(len(_OPINION.findall(small(s.text))) for s in own) > 1
