"""The words that call for a question about a deal: without them it is not asked."""

from __future__ import annotations

from summarizer.cues import Cue, one_of

_NEAR = r".{0,300}?"  # bounded: what is sought behind every word of an endless line takes for ever
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
_LURE = (
    r"(?:logic|thinking|reasoning|rationale|motive|prize|attraction|appeal|allure|draw|lure|pitch|bet|idea|aim|goal|purpose|"
    r"pay-?off|upside|point)"
)
_DEAL = (
    r"(?:deal|purchase|acquisition|takeover|merger|tie-up|link-up|combination|investment|alliance|move|transaction|buyout|"
    r"venture|partnership|union)"
)
# What is told of a deal's form, price and fate, not of its sense.
_FORMAL = (
    r"(?:(?:not|also|still|now|first|only) )?(?:be|close|complete|go|need|require|cost|value|fail|fall|lapse|take (?:effect|place)|"
    r"happen|have|face|hurt|harm|lead to|leave|raise|(?:\w+ )?at)\b"
)
_TO_DEAL = (
    r"to (?:buy|sell|acquire|raise|own|swap|close|complete|finish|wrap|be)"  # what everybody in a deal wants
)
_NOT_ITS_SENSE = r"(?:\w+ )?(?:values?|valuation|stake|seat|shares?|votes?|price|premium|say|holding|interest|month|year)\b"
RATIONALE = Cue(
    one_of(
        # Reasons by name.
        r"because",
        r"why (?!it matters)(?:is|are|was|were|does|did|do|now|the|it|he|she|they|we)",
        r"so that",
        r"in order to",
        r"(?:aims|aimed) (?:to|at|for)",
        r"goals?",
        r"rationale|logic|reasoning|motive",
        r"reasons? (?:for|why|is|was|behind)",
        rf"(?:the|its|their|another|one|other|real|main|big|chief) (?:\w+ )?{_LURE} (?:is|was|are|lies|for)",
        rf"(?:is|was|are|were) (?:the|another|part of the|an?) (?:\w+ )?{_LURE}",
        rf"^{_LURE}(?=:)",
        r"strateg(?:y|ic|ically)(?! (?:officer|review|options))",
        r"(?:chiefly|mainly|mostly|partly|largely|above all) (?:for|to|because)",
        r"(?:in a bid|in an effort|in a push|a move|as a way|the chance|a chance) to",
        r"matters (?:to|for|most)",
        # A wish.
        rf"(?:seeks|wants?|wanted|hopes|(?<!had )hoped|craves?|covets?|coveted|eyes|eyeing) (?!you\b|lie\b|{_TO_DEAL}\b)",
        r"(?:is|are|was|were|been) (?:after|hungry for|keen (?:on|to)|looking for)",
        r"(?:been trying|tried|struggled) (?:for \w+ \w+ )?to (?!buy|sell|win over)",
        r"(?:bets?|betting|wagers?|wagering) (?:on|that)",
        # What the buyer lacks.
        r"(?:need|needs|needed) (?!\w* ?(?:clearance|approval|consent|do\b))",
        r"lack|lacks|lacked|absent|scarce|scarcity|shortage",
        r"(?:ha[sd]|have) (?:no|nothing|never|neither|little) (?!(?:\w+ )?(?:comment|plans?|intention|designs)\b)(?:[\w’'-]+ ){0,5}(?:in|on|outside|abroad|there|at all|of its own|to sell|to offer|beyond|sold)",
        r"(?:which|that) (?:its own|the) (?:[\w’'-]+ ){1,4}(?:cannot|can’t|can't|could not|do not|does not|never)",
        r"but (?:nothing|never) \w+",
        r"catch(?:es|ing)? up",
        r"ahead of",
        r"short of (?!the |an? |\d)",
        r"(?:rather|quicker|faster|cheaper|easier|sooner) than (?:to )?(?:build|start|develop|wait|mak)\w*",
        # What it gets.
        r"allow(?:s|ed|ing)? (?:it|us|them|the|its|both)",
        r"enabl(?:e|es|ing)",
        r"help(?:s|ing)? (?:it|us|them|the|its)(?! of\b)",
        r"(?:access|entry|a way|a route|gateway|bridge|the key) (?:in)?to",
        r"foothold|toehold|beachhead|springboard|inroads?",
        r"(?:annual |yearly |cost )?(?:savings|saving) of|savings (?:from|by|through)|pencil(?:s|led)? in",
        r"would (?:dearly |very much |also )?(?:like|love) (?:the|its|their|to have|to own|to get)",
        r"belongs? (?:under one roof|together|in one hand)",
        r"gets? (?:its|their|hold of|an?) (?:first|own|only)|never (?:had|been able|got)",
        r"dry powder|war chest|firepower|(?:barely|only|less than|hardly) (?:an? |\w+ )?(?:third|half|quarter|fifth|tenth)? ?(?:is|has been|of it) (?:spent|invested|used)",
        r"(?:is|was|it[’']s) all about",
        r"open(?:s|ed|ing)? (?:up )?(?:[\w’'-]+ ){0,3}(?:doors?|way|path|gates?|markets|routes?)(?! of)",
        r"(?:push|move|break|drive|expansion|forays?)(?:es|s|ing|ed)? into",
        r"(?:sees?|saw|spots?|spotted) (?:\w+ ){0,2}(?:room|scope|potential|promise|value|chance|openings?)",
        rf"(?:giv(?:e|es|ing)|gave|brings?) (?:it|us|them|(?:[\w’'-]+ ){{0,2}}[\w-]{{3,}}) (?:an?|one|its|access|reach|room|more)\b(?! {_NOT_ITS_SENSE})",
        r"would (?:let|allow|make|bring|take) (?:it|us|them|the)",
        rf"the {_DEAL} (?:also )?(?:will|would|should|could|lets|allows|gives|brings|adds|makes|means|puts|takes(?! effect| place)|creates|widens|is meant|is designed|is intended) (?!{_FORMAL})",
        r"we (?:need|want|can|get|were absent)",
        r"gets? to (?!tell|say|know|keep|be\b)|cut out|do without|get hold of|lay (?:its |their )?hands on|get (?:its|their) hands on",
        r"mak(?:e|es|ing) (?:it|them|us|the \w+) (?:the|one of the|[\w’'-]+[’']s) (?:\w+[- ])?(?:largest|biggest|second|third|leader|leading|number|no\b)",
        r"add(?:s|ing|ed)? (?:[\w’'-]+ ){1,6}to (?:its|their|our|the (?:group|range|portfolio|line|menu))",
        r"opportunit\w+",
        r"in-house",
        # How the two go together.
        r"synerg\w+",
        r"complement\w*",
        r"(?:strengthen|bolster|broaden|widen|diversif|expand)\w*",
        r"(?:beef(?:s|ing)?|shor(?:e|es|ing)) up|round(?:s|ing)? out",
        r"(?:faster|further|future|stronger|its|their|our|drive|fuel|of|for|accelerate) growth(?! (?:fund|capital|equity|partners|investors?|led))",
        r"(?<!will )(?<!that )fits (?:\w+ )?(?:with|into|in|its|our|the)",
        r"combin(?:e|es|ed|ing|ation) (?:the|its|their|our|with|of)",
        r"(?:cross-sell|sell(?:ing)?) (?:\w+ ){1,6}(?:through|alongside|over the)",
        r"(?:economies of|more|needed|enough|gains?|build) scale(?! of)|critical mass|bargaining power|clout",
        r"(?:reduc|lessen|lower|cut|eas)\w* (?:its |their |our )?(?:reliance|dependence|exposure)",
        r"(?:spare|spares|sav(?:e|es|ing)|shav(?:e|es|ing)|trim|strip|squeeze)(?: out)? (?:[\w’'.$€£₹-]+ ){0,4}(?:costs?|a year|million|billion|from|off|by)",
        r"(?:cost|annual) savings",
        # What the buyer likes.
        r"(?:drawn|attracted|tempted|swayed|convinced|won over) (?:by|to)",
        r"w[io]ns? (?:him|her|us|them|it) over",
        r"(?:likes|liked|admires|admired) (?:the|its|their|that|what|how)|prizes|prized",
        r"(?:looks?|seems?|is|are) (?:a bargain|good value|undervalued|cheap)",
    )
)
# "The logic: …"; "For the buyer, the prize is …"
SURE_RATIONALE = Cue(
    rf"^(?:why(?: now)?|(?:the )?{_LURE}): "
    r"|\bfor (?:[\w’'&.-]+ ){0,3}?[\w’'&.-]+,? "
    rf"the (?:\w+ )?{_LURE} (?:is|was|lies)\b"
    r"|\b(?:an?|its|their|another|the) (?:\w+ )?(?:foothold|toehold|beachhead|springboard|gateway) (?:in|into|on|to|for)\b"
    r"|\bnever (?:\w+ )?had a (?:foothold|presence)\b"
    r"|\b(?:covets|has long (?:wanted|sought|coveted|eyed|been (?:after|looking for)))\b"
    r"|\b(?:is|are) after (?!all\b|tax|hours|that\b|which\b|years?\b|this\b|the (?:close|bell|vote|deal)\b|\d)"
    r"|\b(?:giv(?:es?|ing)|gave|gains?|offers?) (?:it|them|us|the (?:group|company|buyer|firm)) (?:\w+ )?(?:access|entry|reach|room to|a way|a route|scale|its first|their first)\b"
    r"|\bgets (?:its|their) first\b"
    r"|\b(?:this|deal|purchase|it|takeover|acquisition|merger) (?:will |would )?opens? (?:up )?(?:the|a) (?:door|way|path|route)s? (?:to|into|for)\b"
    r"|\bsees? (?:\w+ )?(?:room|scope|potential) (?:to|for|in)\b"
    r"|\bpencil(?:s|led)? in (?:\w+ ){0,3}savings\b|\bsavings of [^.;]{1,40}(?:a year|annually|per year)[^.;]{0,30}\b(?:pencil\w* in|expected|foreseen|planned|due|promised|by (?:19|20)\d\d)"
    r"|\b(?:it|this|the deal) (?:is|was) all about\b"
    r"|\b(?:full control|the (?:deal|purchase|acquisition|takeover|merger|combination)) (?:also |would |will )*(?:allows?|enables?|lets?|helps?|strengthens?|broadens?|complements?|bolsters?|expands?) (?:it|them|us|the|its|their|our)\b"
    r"|\bwould (?:dearly|very much) (?:like|love)\b"
    r"|\bbelongs? (?:under one roof|together)\b"
    r"|\bcomplement(?:s|ary)?\b|\bsynerg(?:y|ies)\b"
)
# Those who are asked about a deal that is not theirs seldom speak to praise it.
_OUTSIDER = (
    r"(?:analysts?|unions|union (?:delegate|leader|official|boss|chief|representative|secretary)|shop stewards?|brokers?|broking|economists?|professor|lecturer|academic|campaigners?|activists?|"
    r"councillors?|mayor|lawmakers?|senator|minority (?:share)?holders?|small shareholders|pensioners|"
    r"consumer (?:group|body|association|champion)|think-tank|watchdog|hedge fund|short[- ]seller|columnist|works council|rivals?|"
    r"competitors?|"
    r"(?:the|an?|\w+[’'])s? (?:[\w-]+ ){0,2}(?:union|guild|league|federation|cooperative|association)(?! (?:corp|inc|plc|ltd|bank|of)\b))"
)
CONCERN = Cue(
    one_of(
        # Doubts by name.
        r"(?<!no )(?<!not )concern(?:s|ed| that| over| about| for| is| among)",
        r"worr\w+",
        r"(?<!no )risk\w*",
        r"(?<!t )(?<!no )(?<!not )doubt(?:s|ed|ful|ers?)?",
        r"question(?:s|ed|ing)? (?:whether|the|why|how|if|over|about|remain|hang)|open question",
        r"fear\w*",
        r"uncertain\w*|unclear|unsure|not (?:so |quite |at all )?(?:sure|certain|clear|convinced|persuaded)",
        r"remains to be seen|jury is (?:still )?out|hard to see|wonder(?:s|ed|ing)?",
        r"qualms?|misgivings?|reservations|snags?|caveats?|drawbacks?|downsides?|pitfalls?|hitch|the (?:catch|rub)|bad news",
        r"(?:hard|close|closer) look",
        r"conflicts? of interest|culture clash|clash(?:es)?|distract\w+",
        # Those who doubt, and how they say it.
        r"critics?|criticis\w+|criticiz\w+|detractors|opponents|naysayers",
        r"scepti\w+|skepti\w+",
        r"antitrust|competition authorit\w+|scrutin\w+|regulators?",
        r"(?<!not )oppos(?:e|es|ed|ing|ition|ers?)",
        r"object(?:s|ed|ing|ions?)",
        r"challeng(?:e|es|ed|ing)",
        r"warn(?:s|ed|ings?)?|caution(?:s|ed|ary)",
        r"backlash|lawsuit|accus\w+|alleg(?:e|es|ed|ing|ations?)|petition\w*|boycott\w*|vowed to",
        r"refus\w+|veto\w*",
        r"un(?:convinced|impressed|happy|fair\w*|eas[ey]\w*|nerv\w+|settl\w+|popular)|ill at ease",
        r"wary|nervous\w*|anxi\w+|alarm(?:s|ed|ing)?|angr\w+|anger\w*|livid|furious|outrag\w+|irate",
        r"(?:dismay|disquiet|puzzl|baffl|resent|rankl|irk|upset|miff|dislik|disgruntl|displeas)\w*|eyebrows",
        r"(?:fret|fretted|grumbl|grous|scoff|sneer|fum|bristl|be?moan|lament|complain|protest|ba[lu]+k)(?:e|es|ed|s|ing|ting)?",
        r"(?:calls|called|dubbed|brands|branded|labell?ed) (?:it|this|(?:the|their) (?:deal|sale|bid|offer|plan|price|merger|purchase)) (?:an? |[\"“‘'])",
        rf"{_OUTSIDER}\b{_NEAR}(?:said|says|called|calls|reckon\w*|wrote|told|asks?|asked|argu\w+|thinks?|considers|considered|[\"“]\w)",
        rf"(?:said|says|according to) (?:[\w’'.,-]+ ){{0,9}}{_OUTSIDER}",
        # What may go wrong.
        r"overpa(?:y|ys|id|ying)|expensive|pricey|overpriced|steep|hefty|over the odds|(?:full|rich) price|eye-watering",
        r"too (?:low|high|little|much|dear|cheap|expensive|generous|mean|big|steep|rich)",
        r"(?:undervalu|short-?chang|opportunis)\w*|on the cheap|a steal|a giveaway",
        r"(?:burden|strain|saddle)\w*|stretch(?:es)? (?:its|the)|highly leveraged|indebted|debt-laden|debt (?:pile|load|mountain)",
        r"dilut\w+|water(?:s|ed|ing)? down",
        r"leaves? (?:no|little) (?:room|margin)",
        r"monopol\w+|dominan\w+|dearer|higher prices|(?:raise|push up|put up) prices|less (?:choice|competition)|creeping",
        r"(?:the two|the pair|they|together|combined|merged) (?:[\w’'-]+ ){0,6}\d[\d.]*(?:%| per ?cent) of (?!(?:the )?(?:enlarged|combined|merged|new|group|company|shares|joint))",
        r"under ?water|wip(?:e|es|ed|ing) out|out of pocket|(?:sees?|gets?|left with) nothing|at the expense of",
        r"(?:blow|harm|hurt|damag|threat|jeopardi|endanger|undermin|erod)\w*",
        r"still (?:depends?|relies|rely)",
        r"(?:contracts?|leases?|licen[cs]es?|permits?|concessions?|patents?)\b[^.;]{0,80} (?:runs? out|expires?|lapses?|to (?:lapse|expire|run out)|up for renewal|ends? (?:in|next))",
        r"(?:won[’']t|will not|would not|cannot|refuses? to) (?:\w+ )?(?:honou?r|guarantee|promise|commit|(?:give|offer) (?:\w+ ){0,3}(?:assurances?|guarantees?|promises?))",
        r"(?:finish(?:es)? off|kill(?:s|ed)? off|destroy\w*|drive \w+ out|squeez\w+ out)",
        r"(?:is|are|was|were) (?:\w+ )?against (?:it|the|this)",
        r"ignor(?:e|es|ed|ing)|load(?:s|ed|ing)? (?:[\w’'-]+ ){1,4}with [^.;]{0,20}(?:debt|borrowings|loans)",
        r"(?:be|are|is|feel) cross|(?:call|brand|dub)(?:s|ed)? (?:it|(?:the |its )?(?:price|terms|offer|bid|valuation|ratio)) (?:an? )?[\"“‘']\w+",
        r"as (?:steep|dear|pricey)|somebody has to|(?:debt|borrowings?)\b[^.;]{0,30} (?:rise|swell|grow|balloon)",
        r"(?:may|might) (?:never|not)(?! be (?:disclosed|named))",
        r"(?<!no )(?<!without )job (?:cuts|losses)",
    )
)
# "The worry: …"; "One caveat, from a rival: …"; "grumbled"; "feared that …"; "Growers are uneasy"
_TERMS = r"(?:price|terms|offer|bid|valuation|ratio|premium)"
SURE_CONCERN = Cue(
    r"^(?:the |one |an? |another |our )?(?:worry|worries|concerns?|risks?|catch|snags?|caveats?|fears?|grumbles?|drawbacks?|downsides?|doubts?|rub|hitch)"
    r"(?: we hear|, from [^:]{1,60})?: "
    r"|^the (?:\w+ )?(?:worry|concern|risk|catch|snag|caveat|fear|drawback|downside|rub|hitch)(?:, [^,]{1,40},)? (?:is|was|lies)\b"
    r"|(?<!stop )\b(?:grumbl|grous|scoff|sneer|frett|fum)(?:e|es|ed|ing|s)\b"
    rf"|\b(?:call|brand|dub|label+)(?:s|ed)? (?:(?:the|its|their) )?{_TERMS} (?:an? )?[\"“‘']"
    rf"|\b{_TERMS} (?:is|was|were|are|as|looks?|looked|seems?) (?:\w+ )?too (?:low|high|little|generous|dear|cheap|rich|mean|steep)\b"
    rf"|\b{_TERMS} (?:ignor\w+|overlook\w*|undervalu\w+|(?:does|do|did) not reflect|fail(?:s|ed)? to (?:reflect|recogni[sz]e)|takes? no account)\b"
    r"|\bundervalues\b|\bstr(?:ikes?|uck) (?:[\w’'-]+ ){1,5}as (?:steep|rich|high|dear|expensive|low|mean|cheap|pricey)\b"
    r"|\b(?:pay\w*|paid|at) an? (?:full|rich|steep|hefty|high) price\b"
    r"|\bcaution(?:s|ed) that (?!no\b|nothing\b|talks\b|the talks\b|a deal\b|terms\b|there\b|it (?:may|might|could)\b)"
    r"|\bleaves? (?:\w+ )?(?:no|little) (?:room|margin|slack|cushion|headroom)\b"
    r"|\b(?:are|is|remains?) (?!not |no )(?:\w+ )?(?:against (?:it|the (?:deal|sale|plan|merger|takeover|project))|opposed to)\b"
    r"|\bdoubt(?:s|ed)? (?:that|whether)\b|\bconflicts? of interest\b|\boverpa(?:id|ying)\b"
    r"|\b(?:worr(?:y|ies|ied)|fears?|feared|fretted|frets?|complain(?:s|ed)?|warn(?:s|ed)?) (?:[\w’'-]+ )?that\b"
    r"|\b(?:is|are|was|were|remains?|remained) (?:\w+ )?(?:livid|furious|uneasy|unconvinced|unimpressed|sceptical|skeptical|wary|dismayed)\b"
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
