"""The words that call for a question about a deal: without them it is not asked."""

from __future__ import annotations

from summarizer.cues import Cue, one_of

PROCEEDS = Cue(
    one_of(
        r"proceeds",
        r"capital (?:injection|infusion)",
        r"(?:fresh|new) (?:capital|funding|funds|money)",
        r"(?:money|funds?|funding|capital|investment|cash) (?:will|would|should|is to|are to|to|goes|pays)",
        r"(?:will|plans? to|intends? to|would|wants? to) use (?:the|this|that|its)",
        r"earmarked",
        r"to (?:fund|finance) (?:the|its|an?)",
        r"use of (?:funds|proceeds)",
    )
)
RATIONALE = Cue(
    one_of(
        r"because",
        r"why",
        r"so that",
        r"in order to",
        r"aims?",
        r"goals?",
        r"(?:seek|want|hope)s? (?!to (?:buy|sell|acquire|raise|own))",
        r"needs? (?!\w* ?(?:clearance|approval|consent))",
        r"allows?",
        r"enables?",
        r"help(?:s|ing)? (?:it|us|them|the|its)",
        r"strateg(?:y|ic|ically)(?! officer)",
        r"synerg\w+",
        r"complement\w*",
        r"strengthen\w*",
        r"expand\w*",
        r"broaden\w*",
        r"access to",
        r"growth",
        r"fits?",
        r"combin(?:e|es|ed|ing|ation) (?:the|its|their|our|with|of)",
        r"rationale",
        r"logic",
        r"reasons?",
        r"opportunit\w+",
        r"ahead of",
        r"catch(?:es|ing)? up",
        r"short of",
        r"(?:gives?|gave|would (?:let|give|allow|make|bring|take)) (?:it|us|them|the)",
        r"we (?:need|want|can|get)",
    )
)
CONCERN = Cue(
    one_of(
        r"concern\w*",
        r"worr\w+",
        r"risk\w*",
        r"doubt\w*",
        r"question(?:s|ed|ing)?",
        r"critics?",
        r"criticis\w+",
        r"criticiz\w+",
        r"scepti\w+",
        r"skepti\w+",
        r"antitrust",
        r"competition authorit\w+",
        r"scrutin\w+",
        r"regulators?",
        r"oppos\w+",
        r"object\w*",
        r"challeng(?:e|es|ed|ing)",
        r"warn\w*",
        r"fear\w*",
        r"uncertain\w*",
        r"unclear",
        r"caution\w*",
        r"backlash",
        r"lawsuit",
        r"un(?:convinced|impressed|happy|fair\w*)",
        r"disappoint\w*",
        r"dismay\w*",
        r"threat\w*",
        r"refus\w+",
        r"veto\w*",
        r"conflicts? of interest",
        r"overpa(?:y|ys|id|ying)",
        r"too (?:low|high|little|much|dear|cheap|expensive)",
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
_DEAL = r"(?:deal|transaction|sale|merger|acquisition|takeover|purchase|offer|bid|investment|tie-up)"
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
    rf"(?:is|are) (?:still |yet )to (?:{_CONSENTS}|be {_CONSENTED})",
    rf"{_DECIDER} (?:\w+ ){{0,3}}(?:has|have) (?:the last|the final|a) (?:word|say)",
    rf"{_DECIDER} (?:(?:would|will|must) (?:also |still |then |first )*(?:have (?:its|their|a) say|{_CONSENTS} on)|"
    r"(?:decides?|rules?|votes?) (?:in|on|by|next|this|later))",
    rf"(?:{_DECIDER}|(?:antitrust|cartel|competition|merger|investment) (?:office|board|body|panel)) (?:\S+ ){{0,4}}?(?:is|are) (?:still |now |currently )*"
    r"(?:looking (?:at|into)|reviewing|examining|studying|weighing|probing|vetting|scrutini[sz]ing|considering|assessing)",
    rf"(?:{_DEAL}|it|they) (?:still |also |now )*faces? (?:an? )?(?:[\w-]+ )?(?:scrutiny|review|vote|inquiry|probe|investigation)",
    r"reviews? (?:\w+ )?(?:runs? (?:until|to)|(?:is|are) (?:still )?(?:under way|underway|pending|open)|continues?)",
    r"(?:holders|shareholders|stockholders|members|they) (?:\w+ ){0,3}vote (?:in|on|next|later|this)",
    r"votes? (?:\w+ )?(?:are|is) (?:required|needed)",
    rf"before (?:\w+ ){{0,3}}(?:{_DEAL}|it|anything|they) (?:can|may|could) {_IT_CLOSES}",
    r"(?:offer|bid|deal) (?:lapses|falls) (?:unless|if)",
)
SURE_CONDITION = Cue(rf"{_SURE_CONDITIONS}|\bprovided that\b|, (?:provided|so long as|as long as) ")
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
_DONE = one_of(
    r"acqui(?:red|sition|sitions)",
    r"bought",
    r"paid",
    r"purchase of",
    r"invest(?:ed|ment in)",
    r"raised",
    r"funding",
    r"rounds?",
    r"merged",
    r"purchased",
    r"took a",
    r"takeover",
    r"sold",
    r"valued",
    r"valuing",
)
_BEFORE = one_of(
    r"previous(?:ly)?",
    r"earlier",
    r"last (?:year|month|round)",
    r"years? ago",
    r"months? ago",
    r"prior",
    r"former(?:ly)?",
    r"history",
    r"(?:following|since|after) its",
    r"(?:in|since|of|from|late|early|during) (?:\w+ )?(?:19|20)\d\d",
    r"^(?:19|20)\d\d",
)
EARLIER = Cue(rf"{_DONE}.*?{_BEFORE}|{_BEFORE}.*?{_DONE}")
_YEAR = r"(?:19|20)\d\d"
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
)
SURE_EARLIER = Cue(rf"{_ONCE}.*\b(?:in|since|of|during) (?:\w+ )?{_YEAR}\b|\b{_YEAR}\b.*{_ONCE}")
