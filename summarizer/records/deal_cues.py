"""The words that call for a question about a deal: without them it is not asked."""

from __future__ import annotations

from summarizer.cues import Cue, one_of

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
CONSENT = (
    r"(?:approv(?:al|als|ed|es?)|clearances?|clear(?:ed|s)|consents?|permission|permits?|green light|sign-?off|blessing|"
    r"go-ahead|nod|say-so|assent|thumbs-up|verdict|ruling|vote)"
)
DECIDER = (
    r"(?:regulators?|watchdogs?|authorit(?:y|ies)|commission|tribunal|courts?|bureau|agency|ministry|minister|cabinet|government|"
    r"parliament|council|central bank|supervisors?|holders|shareholders|stockholders|unitholders|bondholders|creditors|members|"
    r"landlord|brussels|washington)"
)
# What those say who have a word in it, as verbs.
CONSENTS = (
    r"(?:approve|clear|consent|vote|sign(?: it)? off|agree|convince|bless|rule|decide|pass(?! on)|have (?:its|their|a|his|her) say|"
    rf"weigh in|wave|nod|pronounce|endorse|back (?:it|the)|say yes|(?:give|grant) (?:\w+ ){{0,2}}{CONSENT})"
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
    rf"hinges? on|hangs? on|rests? on|turns? on|wait(?:s|ing)? (?:for|on)) (?:[\w’'-]+ ){{0,6}}{CONSENT}",
    rf"{CONSENT} (?:from|by|of) (?:[\w’'-]+ ){{0,6}}(?:is|are) (?:still |also |yet )*(?:needed|required|expected|pending|outstanding|awaited|missing)",
    rf"(?:what|all that|all) (?:still |now )*(?:remains|is (?:still )?(?:missing|needed|left|outstanding|lacking|wanted)) (?:is|are) (?:[\w’'-]+ ){{0,4}}{CONSENT}",
    rf"{CONSENT} (?:from|by|of) (?:[\w’'-]+ ){{0,6}}(?:remains?|is all that (?:is|remains)|(?:has|have) (?:still |yet )to (?:come|arrive|be given))",
    rf"(?:must|needs? to|ha(?:s|ve) (?:still |yet )?to) (?:also |still |first )?(?:{CONSENTS}|be {_CONSENTED})",
    rf"(?:is|are) (?:still |yet )to (?:{CONSENTS}|be {_CONSENTED})(?! through the)",
    rf"{DECIDER} (?:\w+ ){{0,3}}(?:has|have) (?:the last|the final|a) (?:word|say)",
    rf"{DECIDER} (?:(?:would|will|must) (?:also |still |then |first )*(?:have (?:its|their|a) say|{CONSENTS} on)|"
    r"(?:decides?|rules?|votes?) (?:in|on|by|next|this|later))",
    rf"(?:{DECIDER}|(?:antitrust|cartel|competition|merger|investment) (?:office|board|body|panel)) (?:\S+ ){{0,4}}?(?:is|are) (?:still |now |currently )*"
    r"(?:looking (?:at|into)|reviewing|examining|studying|weighing|probing|vetting|scrutini[sz]ing|considering|assessing)",
    rf"(?:{_TRANSACTION}|it|they) (?:still |also |now )*faces? (?:an? )?(?:[\w-]+ )?(?:scrutiny|review|vote|inquiry|probe|investigation)",
    r"reviews? (?:\w+ )?(?:runs? (?:until|to)|(?:is|are) (?:still )?(?:under way|underway|pending|open)|continues?)",
    r"(?:holders|shareholders|stockholders|members|they) (?:\w+ ){0,3}vote (?:in|on|next|later|this)",
    r"votes? (?:\w+ )?(?:are|is) (?:required|needed)",
    rf"before (?:\w+ ){{0,3}}(?:{_TRANSACTION}|it|anything|they) (?:can|may|could) {_IT_CLOSES}",
    rf"{_TRANSACTION} (?:lapses|falls(?: through)?|is off|dies|fails) (?:unless|if)",
    r"(?:hinges?|hangs?|depends?|rests?|turns?) on (?:[\w’'-]+ ){0,6}licen[cs]es?",
    rf"(?:ha(?:s|ve)|needs?) (?:still |yet )?to (?:get (?:past|by)|clear|win over|satisfy|persuade) (?:[\w’'-]+ ){{0,3}}?{DECIDER}",
    rf"(?:{_TRANSACTION}|it) (?:is|are) (?:now |still )?before (?:[\w’'-]+ ){{0,3}}?{DECIDER}",
    r"(?:needs?|requires?) (?:[\w’'-]+ ){1,5}to (?:agree|consent|approve|sign off|vote|say yes)",
    rf"(?:not|neither|cannot|nothing|never)\b[^.;]{{0,40}} without (?:[\w’'-]+ ){{0,5}}{CONSENT}",
    rf"(?:once|until|before|unless) (?:[\w’'-]+ ){{1,9}}?(?:(?:has|have) (?:given|granted|issued|signed|accepted|backed|voted|{_CONSENTED})\b|(?:gives?|grants?|issues?) (?:\w+ ){{0,2}}(?:{CONSENT}|licen[cs]es?|agreement))",
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
