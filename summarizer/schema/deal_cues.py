"""The words that call for a question about a deal: without them it is not asked."""

from __future__ import annotations

from summarizer.cues import Cue, one_of

NEAR = r".{0,300}?"  # bounded: what is sought behind every word of an endless line takes for ever
_MONEY = r"(?:money|cash|funds|funding|proceeds|capital|investment|credits|sum|windfall)"
PROCEEDS = Cue(
    one_of(
        r"proceeds",
        r"use of funds",
        r"capital (?:injection|infusion)",
        rf"{_MONEY} (?:and \w+ )?(?:will|would|should|is to|are to|is meant|are meant|to|goes|go|pays)(?! come| be raised)",
        rf"(?:spend|use|put|pass|pour|plough|plow|channel|invest|steer|devote)(?:s|ing)? (?:[\w’'-]+ ){{0,4}}{_MONEY} (?:on|to|into|for|towards?)",
        r"(?:will|plans? to|intends? to|would|wants? to|means? to) (?:use|spend) (?:the|this|that|its)",
        r"(?:will|would|is to|are to|should) (?:go|be (?:used|spent|put|ploughed|plowed|poured|invested)) (?:on|to|in|into|towards?|for)",
        r"(?:the rest|half|most|much|a third|a quarter) (?:of (?:it|that|this|the \w+) )?(?:will go|would go|goes|is to go|is meant)",
        r"(?:round|raise|haul|cheque|check|loan) (?:will|would|should|is to) (?:help|let|allow|fund|finance|pay|go|bankroll)",
        r"earmarked",
        r"set aside for",
        r"to (?:fund|finance|bankroll) (?:the|its|an?)",
        r"(?:to|will|would) (?:pay (?:down|off)|repay|retire) (?:[\w’'.-]+ ){0,5}(?:debts?|loans?|borrowings|bonds?|notes)",
        r"paying (?:down|off)",
        r"what(?:’s|'s| is)? (?:the )?(?:money|cash|funds) (?:is |are )?for",
        r"^what(?: is|’s|'s)?(?: it)? for(?=[:?])",
    )
)
_CONSENT = (
    r"(?:approv(?:al|als|ed|es?)|clearances?|clear(?:ed|s)|consents?|permission|permits?|green light|sign-?off|blessing|"
    r"go-ahead|nod|say-so|assent|thumbs-up|verdict|ruling|vote)"
)
_DECIDER = (
    r"(?:regulators?|watchdogs?|authorit(?:y|ies)|commission|tribunal|courts?|bureau|agency|ministry|minister|cabinet|government|"
    r"parliament|council|central bank|supervisors?|holders|shareholders|stockholders|unitholders|bondholders|creditors|members|"
    r"landlord|brussels|washington)"
)
# What those say who have a word in it, as verbs.
_CONSENTS = (
    r"(?:approve|clear|consent|vote|sign(?: it)? off|agree|convince|bless|rule|decide|pass(?! on)|have (?:its|their|a|his|her) say|"
    rf"weigh in|wave|nod|pronounce|endorse|back (?:it|the)|say yes|(?:give|grant) (?:\w+ ){{0,2}}{_CONSENT})"
)
_CONSENTED = (
    r"(?:approved|cleared|convinced|consulted|heard|let|allowed|waved|signed off|granted|given|obtained|met|satisfied|won|"
    r"passed|blessed|ratified)"
)
_TRANSACTION = r"(?:deal|transaction|sale|merger|acquisition|takeover|purchase|offer|bid|investment|tie-up)"
_IT_CLOSES = r"(?:close|complete|proceed|go (?:ahead|through)|be (?:closed|completed|signed|sealed|concluded|finali[sz]ed))"
_SURE_CONDITIONS = one_of(
    r"subject to",
    r"conditional (?:up)?on",
    r"conditioned (?:up)?on",
    r"contingent (?:up)?on",
    rf"(?:needs?|requires?|awaits?|awaiting|pending|until|once|when|after|if|subject to getting|seek(?:s|ing)?|calls? for|depends? on|"
    rf"hinges? on|hangs? on|rests? on|turns? on|wait(?:s|ing)? (?:for|on)) (?:[\w’'-]+ ){{0,6}}{_CONSENT}",
    rf"{_CONSENT} (?:from|by|of) (?:[\w’'-]+ ){{0,6}}(?:is|are) (?:needed|required|expected|pending|outstanding|awaited|missing)",
    rf"(?:must|needs? to|ha(?:s|ve) (?:still |yet )?to) (?:also |still |first )?(?:{_CONSENTS}|be {_CONSENTED})",
    rf"(?:is|are) (?:still |yet )to (?:{_CONSENTS}|be {_CONSENTED})(?! through the)",
    rf"{_DECIDER} (?:\w+ ){{0,3}}(?:has|have) (?:the last|the final|a) (?:word|say)",
    rf"{_DECIDER} (?:(?:would|will|must) (?:also |still |then |first )*(?:have (?:its|their|a) say|{_CONSENTS} on)|"
    r"(?:decides?|rules?|votes?) (?:in|on|by|next|this|later))",
    rf"(?:{_DECIDER}|(?:antitrust|cartel|competition|merger|investment) (?:office|board|body|panel)) (?:\S+ ){{0,4}}?(?:is|are) (?:still |now |currently )*"
    r"(?:looking (?:at|into)|reviewing|examining|studying|weighing|probing|vetting|scrutini[sz]ing|considering|assessing)",
    rf"(?:{_TRANSACTION}|it|they) (?:still |also |now )*faces? (?:an? )?(?:[\w-]+ )?(?:scrutiny|review|vote|inquiry|probe|investigation)",
    r"reviews? (?:\w+ )?(?:runs? (?:until|to)|(?:is|are) (?:still )?(?:under way|underway|pending|open)|continues?)",
    r"(?:holders|shareholders|stockholders|members|they) (?:\w+ ){0,3}vote (?:in|on|next|later|this)",
    r"votes? (?:\w+ )?(?:are|is) (?:required|needed)",
    rf"before (?:\w+ ){{0,3}}(?:{_TRANSACTION}|it|anything|they) (?:can|may|could) {_IT_CLOSES}",
    r"(?:offer|bid|deal) (?:lapses|falls) (?:unless|if)",
    rf"(?:once|until|before|unless) (?:[\w’'-]+ ){{1,9}}?(?:(?:has|have) (?:given|granted|issued|signed|accepted|backed|voted|{_CONSENTED})\b|(?:gives?|grants?|issues?) (?:\w+ ){{0,2}}(?:{_CONSENT}|licen[cs]es?|agreement))",
    r"(?:shares|votes|holders|shareholders|stockholders|members)\b[^.;]{0,40} (?:must|ha(?:s|ve) to|needs? to) (?:first |also )?(?:be (?:in favour|in favor|tendered|handed in|cast|on board)|come in|say yes|accept|tender|turn up)",
    r"(?:goes|go|put|is put|comes|come) to (?:an? |the )?(?:\w+ )?(?:vote|ballot)",
)
# "Still to come: …", "Outstanding: …" at the head of a line.
_STILL_TO_DO = (
    r"^(?:(?:what(?: is|’s|'s) )?(?:still |yet )(?:to (?:come|do|clear|happen|follow)|missing|needed|outstanding|open|pending)|"
    r"outstanding|to do|hurdles?(?: left)?|what(?: is|’s|'s) left|remaining (?:steps|hurdles)|next steps|(?:closing )?conditions|awaiting|awaited|needs): "
)
SURE_CONDITION = Cue(
    rf"{_SURE_CONDITIONS}|{_STILL_TO_DO}|\bprovided that\b|, (?:provided|so long as|as long as) "
)
CONDITION = Cue(  # what leaves no doubt is a sign, too
    SURE_CONDITION.pattern
    + "|"
    + one_of(
        r"conditions?",
        r"approv\w+",
        r"clearance",
        r"if approved",
        r"pending",
        r"regulatory",
        r"closing requires",
        r"must (?:first )?(?:be|win|obtain|receive)",
        r"vote(?:s|d)? (?:on|for)",
        r"laps(?:e|es)",
        r"(?:dropped|withdrawn|void|off) (?:if|unless)",
    )
)
_GOODS = r"(?:\w+ ){0,2}\W?[\d.,]+ (?!per ?cent|shares)"  # "sold 3 million tickets last year" is no deal
_TOOK_PART = r"(?:got|came|bought|went|moved) in(?:to)?"
_PICKED_UP = r"(?:snapped|picked|scooped|swallowed|mopped) up"
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
    r"took (?:a|over|in|it|out)",
    r"takeover",
    rf"sold(?! {_GOODS})",
    r"(?:had|got|inherited) (?:it|them|the \w+) from",
    r"valued",
    r"valuing",
    r"spun (?:off|out)",
    r"led (?:an?|the|its)",
    _TOOK_PART,
    _PICKED_UP,
    rf"(?:offer|bid|approach|talks) (?:\S+ ){{0,6}}(?:{_NO}|collapsed|failed|came to nothing)",
    rf"{_NO} (?:\S+ ){{0,3}}(?:offer|bid|approach|suitor)",
)
_YEAR = r"(?:19|20)\d\d"
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
_RESULTS = r"(?:turned over|turnover|revenues?|profits?|earned|earnings|ebitda|losses|staff|founded|sales of)"
_SUM = (
    r"(?:[$€£¥₹]\s?\d|\b(?:million|billion|bn|crore|lakh|trillion)\b|\d[mb]n?\b|\b(?:chf|sek|nok|dkk|rs) ?\d)"
)
# A sum in a bare year, with no word of results or of what is to come: it changed hands before.
_PAID_THEN = (
    rf"^(?!.*\b(?:{_RESULTS}|will|would|expects?|expected|due|by {_YEAR})\b)(?=.*{_SUM})(?=.*{_THEN})"
)
_OF_A_YEAR = (
    rf"\b{_YEAR} (?:\w+ )?(?:purchase|acquisition|takeover|buyout|sale|merger|investment|round|deal)\b"
)
_PARTED = r"\b(?:let|handed|passed|hived|parted) (?:\S+ ){0,8}(?:go|off|over|out|to|with)\b"
_PARTED_THEN = rf"{_THEN}{NEAR}{_PARTED}|{_PARTED}{NEAR}{_THEN}"
# "The fund put in £3 million at the time."
_THEN_PAID = rf"\b(?:put in|paid|invested|raised) (?=.{{0,60}}?{_SUM}){NEAR}\b(?:at the time|back then)\b"
EARLIER = Cue(
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
SURE_EARLIER = Cue(
    rf"{_ONCE}{NEAR}\b(?:in|since|of|during) (?:\w+ )?{_YEAR}\b|\b{_YEAR}\b{NEAR}{_ONCE}"
    rf"|{_PAID_THEN}(?=.*{_DONE})|{_OF_A_YEAR} of\b|{_PARTED_THEN}"
    rf"|{_LAST_DEAL}|{_THEN_PAID}"
)
