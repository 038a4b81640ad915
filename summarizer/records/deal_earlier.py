"""The words that tell of a deal before the one that an article reports."""

from __future__ import annotations

import re

from summarizer.cues import NEAR, Cue, one_of, small

_YEAR = r"(?:19|20)\d\d"
_TIME = rf"(?:last (?:year|month|week|quarter)|a year earlier|the year before|the (?:previous|prior) year|(?:in|for|during|of) (?:\w+ )?{_YEAR})"
_FLOW = (
    r"(?:turned over|turnover|revenues?|profits?|earn(?:s|ed|ings)?|ebitda|loss(?:es)?|lost|income|net sales|sales of|sales were|in sales|"
    r"premiums|output|exports?|exported|produced|shipped|handled|carried|served|employed|grew|shrank|rose|fell|wrote (?:off|down))"
)
# What a sentence tells of results, of the stock market, of a suit or of a deal to come, that is no earlier deal.
_NOT_OF_DEALS = re.compile(
    rf"\b{_FLOW}\b(?:(?!\b(?:when|acquired|bought|sold|purchased|raised|invested|merged|paid)\b)[^,;]){{0,60}}?\b{_TIME}\b"
    rf"|\b{_TIME},? (?:[\w’'-]+ ){{0,3}}{_FLOW}\b"
    r"|\bvalued at [^,;]{0,40}? (?:on the (?:[\w-]+ )?(?:stock|market|exchange|bourse)|by the (?:stock )?market)\b"
    r"|\b(?:suit|lawsuit|complaint|claim|petition|report|warning|article|strike|election|results|accounts)\b[^,;]{0,30}? last (?:week|month|year)\b"
    r"|\b(?:the|this|that|their|its|any|proposed|planned) (?:takeover|merger|acquisition|round|purchase|funding) (?:would|will|could|might|should|can)\b"
    r"|\b(?:merger|takeover|acquisition|purchase|deal|sale|round)\b[^,;]{0,30}?\b(?:announced|unveiled|disclosed|reported|agreed|revealed|signed)\b[^,;]{0,20}? last (?:week|month)\b"
    r"|\braised (?:its |the |their )?(?:prices?|wages|rents?|guidance|forecasts?|outlook|dividends?|pay|fees|concerns?|questions?|eyebrows|doubts|hopes)\b"
    r"|\bpaid (?:off|back|down|[^,;]{0,40}? in (?:tax(?:es)?|wages|dividends?|rent|fines?|damages|interest|bonuses))\b"
    r"|\binvested [^,;]{0,40}? in (?:an?|its|the|new|two|three) (?:[\w-]+ ){0,2}(?:plants?|lines?|mills?|sites?|machin\w+|research|equipment|factor(?:y|ies)|warehouses?|depots?|stores?|offices?|fleets?|network)\b"
    r"|\b(?:is|are) (?:being |to be |now )+(?:sold|bought|acquired|merged|purchased)\b"
)


class _OfDeals(Cue):
    """A cue that does not see what a sentence tells of results, of a suit or of a deal to come."""

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first place of what is left of ``text`` that matches."""
        return super().search(_NOT_OF_DEALS.sub(lambda told: "–" * len(told[0]), small(text)))


_GOODS = r"(?:\w+ ){0,2}\W?[\d.,]+ (?!per ?cent|shares)"  # "sold 3 million tickets last year" is no deal
_TOOK_PART = r"(?:got|came|bought|went|moved) in(?:to)?"
_PICKED_UP = r"(?:snapped|picked|scooped|swallowed|mopped) up"
_SWALLOWED = r"(?:absorbed|swallowed|gobbled up|inherited)(?! (?:[\w-]+ ){0,2}(?:costs?|loss(?:es)?|shocks?|impact|increases?))"
_GOT_HOLD = (
    r"(?:(?:got|laid) (?:hold of|(?:its|their|his|her) hands on)|(?:fished|plucked|rescued|lifted|hauled) (?:[\w’'-]+ ){1,3}out of|"
    r"(?:came|passed|fell) (?:in|under)(?:to)? the (?:roof|wing|umbrella|hands|control) of|took (?:[\w’'.&-]+ ){1,4}private|"
    r"tried to (?:buy|acquire|take over|merge with))"
)
_NO = r"(?:rebuffed|rejected|refused|spurned|turned down)"
_DONE = one_of(
    r"acqui(?:red|sition|sitions)",
    r"bought",
    r"paid",
    r"purchase of",
    r"invest(?:ed|ment in)",
    r"raised",
    r"funding",
    r"rounds?",
    r"series [a-h]",
    r"merged",
    r"merger",
    r"purchased",
    _SWALLOWED,
    _GOT_HOLD,
    r"took (?:a|over|in|it|out)",
    r"takeover",
    rf"sold(?! {_GOODS})",
    r"(?:had|got|inherited) (?:it|them|the \w+) from",
    r"valued",
    r"valuing",
    r"spun (?:off|out)",
    r"last (?:buy|purchase|takeover|acquisition)",
    r"led (?:an?|the|its)",
    _TOOK_PART,
    _PICKED_UP,
    rf"(?:offer|bid|approach|talks) (?:\S+ ){{0,6}}(?:{_NO}|collapsed|failed|came to nothing)",
    rf"{_NO} (?:\S+ ){{0,3}}(?:offer|bid|approach|suitor)",
)
_BEFORE = one_of(
    r"previous(?:ly)?",
    r"earlier",
    r"last (?:year|month|round)",
    r"(?:years?|months?) (?:ago|before|back)",
    r"prior",
    r"former(?:ly)?",
    r"history",
    r"once (?:bought|sold|acquired|raised|paid|tried)",
    r"had (?:once|already)",
    r"(?:following|since|after) its",
    rf"(?:in|since|of|from|late|early|during|spring|summer|autumn|winter|back) (?:\w+ )?{_YEAR}",
    rf"^{_YEAR}",
)
_THEN = rf"\b(?:in|since|of|from|during|spring|summer|autumn|winter|early|late) (?:\w+ )?{_YEAR}\b"
_RESULTS = (
    rf"(?:{_FLOW}|staff|founded|bonds?|loans?|borrowed|lent|owed|budget|subsid(?:y|ies)|grants?|fines?|wrote)"
)
# "The remaining $5 million hangs on sales in 2030."
_TO_COME = rf"(?:will|would|expects?|expected|due|by {_YEAR}|remaining|balance|tranche|deferred|payable|h[ai]ngs? on|hinges? on|depends? on|targets?|forecasts?|if|aims?|hopes?|must)"
_SUM = (
    r"(?:[$€£¥₹]\s?\d|\b(?:million|billion|bn|crore|lakh|trillion)\b|\d[mb]n?\b|\b(?:chf|sek|nok|dkk|rs) ?\d)"
)
# A sum in a bare year, with no word of results or of what is to come: it changed hands before.
_PAID_THEN = rf"^(?!.*\b(?:{_RESULTS}|{_TO_COME})\b)(?=.*{_SUM})(?=.*{_THEN})"
_OF_A_YEAR = (
    rf"\b{_YEAR} (?:\w+ )?(?:purchase|acquisition|takeover|buyout|sale|merger|investment|round|deal)\b"
)
_PARTED = r"\b(?:let|handed|passed|hived|parted) (?:\S+ ){0,8}(?:go|off|over|out|to|with)\b"
_PARTED_THEN = rf"{_THEN}{NEAR}{_PARTED}|{_PARTED}{NEAR}{_THEN}"
# "The fund put in £3 million at the time."
_THEN_PAID = rf"\b(?:put in|paid|invested|raised) (?=.{{0,60}}?{_SUM}){NEAR}\b(?:at the time|back then)\b"
EARLIER = _OfDeals(
    rf"{_DONE}{NEAR}{_BEFORE}|{_BEFORE}{NEAR}{_DONE}|{_PAID_THEN}|{_OF_A_YEAR}|{_PARTED_THEN}|{_THEN_PAID}"
)
_ONCE = one_of(
    r"raised",
    r"bought",
    r"acquired",
    r"invested",
    r"sold",
    r"paid",
    r"put",
    r"took",
    r"merged",
    _SWALLOWED,
    _GOT_HOLD,
    r"funding",
    r"seed round",
    r"series [a-h]",
    r"spent",
    r"led (?:an?|the|its)",
    r"(?:had|got|inherited) (?:it|them) from",
    _TOOK_PART,
    _PICKED_UP,
)
_LAST_DEAL = r"\b(?:last|previous|latest|most recent|first|only other) (?:big |major |large )?(?:purchase|acquisition|takeover|buy|outing|round|funding|deal) (?:was|came|had been)\b"
SURE_EARLIER = _OfDeals(
    rf"{_ONCE}{NEAR}\b(?:in|since|of|during) (?:\w+ )?{_YEAR}\b|\b{_YEAR}\b{NEAR}{_ONCE}"
    rf"|{_PAID_THEN}(?=.*{_DONE})|{_OF_A_YEAR} of\b|{_PARTED_THEN}"
    rf"|{_LAST_DEAL}|{_THEN_PAID}"
)
