"""The words that tell why a deal is made, and what speaks against it."""

from __future__ import annotations

from summarizer.cues import NEAR, Cue, one_of
from summarizer.records.deal_cues import SURE_CONDITION

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
_NOT_TO_DEAL = r"to (?!buy|sell|acquire|raise|own|swap|close|complete|finish|wrap|be\b)"
_NOT_ITS_SENSE = r"(?:\w+ )?(?:values?|valuation|stake|seat|shares?|votes?|price|premium|say|holding|interest|month|year|capitali[sz]ation|cap|listing)\b"
_FEW = r"(?:barely|only|just|hardly|scarcely|under|less than|fewer than|a mere|no more than|not even)"
_BY_NAME = r"(?:[\w’'.&-]+[’'](?:s )?|its |their |our )"
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
        r"(?<!no )reasons? (?:for|why|is|was|behind)",
        rf"(?:sought|pursued|pushed for|proposed|agreed|struck|made|did|is doing|are doing) (?:the|this|its) {_DEAL} (?:partly |mainly |chiefly )?{_NOT_TO_DEAL}",
        r"well (?:placed|positioned) to",
        r"(?:at (?:a|one)|in (?:one|a single)|with one) (?:stroke|go|stride|step|swoop|leap|bound)",
        r"(?:to|would|will|helps?) secur(?:e|es) (?:an?|the|its|more|new|fresh|future|supplies|supply|access|long\S*)",
        rf"(?:this|that|it|the {_DEAL}) (?:also |will |would )*(?:secures?|doubles?|unlocks?|deepens?|widens?|strengthens?|rounds out|frees?) (?:[\w’'-]+ ){{0,3}}(?:for|our|its|their|us|to|of|in)",
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
        r"(?:need|needs|needed) (?!\w* ?(?:clearance|approval|consent|do\b)|\d|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\b)",
        r"lack|lacks|lacked|absent|scarce|scarcity|shortage",
        r"(?:ha[sd]|have|but|and|with) (?:next to nothing|almost (?:no|nothing|none)|hardly any\w*|barely any\w*|no (?:decent|proper|real|serious|modern) \w+)",
        rf"(?:gets?|earns?|makes?|draws?|takes?|derives?|does) {_FEW} (?:an? )?[\w.-]+(?:%| per ?cent)? of (?:[\w’'.,€$£-]+ ){{0,5}}(?:sales|revenues?|turnover|income|profits?|business|trade)",
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
        rf"(?:giv(?:e|es|ing)|gave|brings?) (?:it|us|them|(?:[\w’'-]+ ){{0,2}}[\w-]{{3,}}) (?:an?|one|its|access|reach|room|more|another|extra|two|three|four|five|six|ten|dozens|control)\b(?! {_NOT_ITS_SENSE})",
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
        rf"(?:reduc|lessen|lower|cut|eas|diminish|loosen)\w* (?:the |(?:[\w’'.&-]+ )?{_BY_NAME})?(?:heavy |great )?(?:reliance|dependence|dependency|exposure) (?:up)?(?:on|to)",
        r"(?:spare|spares|sav(?:e|es|ing)|shav(?:e|es|ing)|trim|strip|squeeze)(?: out)? (?:[\w’'.$€£₹-]+ ){0,4}(?:costs?|a year|million|billion|from|off|by)",
        r"(?:cost|annual) savings",
        # What the buyer likes.
        r"(?:drawn|attracted|tempted|swayed|convinced|won over) (?:by|to)",
        r"w[io]ns? (?:him|her|us|them|it) over",
        r"(?:likes|liked|admires|admired) (?:the\b|its\b|their\b|that\b|what\b|how\b|[\w’'.&-]+[’']s\b)(?=.)|prizes|prized",
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
        r"(?:antitrust|competition|regulatory) (?:concern|worr|issue|problem|trouble|hurdle|risk|fear|headwind|challenge)\w*|scrutin\w+",
        r"(?<!not )oppos(?:e|es|ed|ing|ition|ers?)",
        r"object(?:s|ed|ing|ions?)",
        r"challeng(?:e|es|ed|ing)",
        r"warn(?:s|ed|ings?)?|caution(?:s|ed|ary)",
        r"backlash|lawsuit|accus\w+|alleg(?:e|es|ed|ing|ations?)|petition\w*|boycott\w*|vowed to",
        r"refus\w+|veto(?:es)?",
        r"un(?:convinced|impressed|happy|fair\w*|eas[ey]\w*|nerv\w+|settl\w+|popular)|ill at ease",
        r"wary|nervous\w*|anxi\w+|alarm(?:s|ed|ing)?|angr\w+|anger\w*|livid|furious|outrag\w+|irate",
        r"(?:dismay|disquiet|puzzl|baffl|resent|rankl|irk|upset|miff|dislik|disgruntl|displeas)\w*|eyebrows",
        r"(?:fret|fretted|grumbl|grous|scoff|sneer|fum|bristl|be?moan|lament|complain|protest|ba[lu]+k)(?:e|es|ed|s|ing|ting)?",
        r"(?:calls|called|dubbed|brands|branded|labell?ed) (?:it|this|(?:the|their) (?:deal|sale|bid|offer|plan|price|merger|purchase)) (?:an? |[\"“‘'])",
        rf"{_OUTSIDER}\b{NEAR}(?:said|says|called|calls|reckon\w*|wrote|told|asks?|asked|argu\w+|thinks?|considers|considered|[\"“]\w)",
        rf"(?:said|says|according to) (?:[\w’'.,-]+ ){{0,9}}{_OUTSIDER}",
        # What may go wrong.
        r"(?:left with|leave (?:[\w’'-]+ ){1,6}with) (?:an? single|only|just|one|no|nothing|fewer)",
        r"(?:push|driv|send|rais|forc|put)\w* up (?:[\w’'-]+ ){0,2}(?:prices|rates|fares|fees|premiums|bills|costs|rents|charges)",
        r"(?:prices|rates|fares|fees|premiums|bills|rents|charges) (?:[\w’'-]+ ){0,3}(?:would|will|could|may|might) (?:rise|go up|climb|increase|jump|soar)",
        r"(?:run|control|own|hold|have|command|sell|supply) (?:\w+ ){0,3}out of (?:every )?(?:\d+|three|four|five|six|seven|eight|nine|ten|twelve|twenty)",
        r"(?:\d[\d,]*|hundreds|dozens|scores|thousands|half)(?: of)?(?: the| its| our)?(?: \d[\d,]*)? (?:jobs|posts|positions) (?:to (?:go|be cut|be lost|disappear)|(?:are |is )?at (?:risk|stake)|(?:would|will|could|may|might) (?:go|be (?:cut|lost|axed|shed)|disappear)|in danger|under threat)",
        r"owes? (?:\w+ )?[\w.]+ times|(?:net )?debts? (?:of|at|is|was|stands at|equals|comes to|amounts to) (?:[\w.]+ ){0,3}times",
        r"(?:shareholders|investors|holders|members|customers|clients|staff|workers|voters) (?:[\w’'-]+ ){0,4}(?:would|will|may|might) (?:not |never |hardly )?(?:choke|gag|stomach|swallow|revolt|walk|flee|desert|stand for|put up with)",
        r"show(?:s|n|ed)? (?:[\w’'-]+ ){1,4}the door",
        r"(?:faces?|facing|landed with|foot|left with) (?:an? |the )?(?:\w+ ){0,3}(?:bill|shortfall|headwinds?|write-?downs?|write-?offs?|losses|overcapacity)",
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
# What is told of the news, of the market or of why a name is withheld.
_NEWS = one_of(
    r"not to be (?:named|identified|quoted)|declin\w+ to be (?:named|identified)|on condition of anonymity",
    r"in the hands of (?:the )?regulators",
)
# A bidder that was sent away, or an office that asked for more, had its own reasons.
_ANOTHERS = one_of(
    r"(?:we|he|she|they|it|family|board|founders?|owners?) (?:had )?(?:turned down|rejected|rebuffed|refused|sent away|said no to) (?:an?|one|several|two|other|earlier)",
    r"(?:bureau|regulators?|watchdog|authority|commission|tribunal|court|union|analysts?|ministry) (?:had )?(?:wants?|wanted|needed)",
    r"want(?:s|ed)? (?:out|at least|more than)|only wanted|(?:would|might|should) have wanted",
    r"that(?: is|[’']s) why",
    r"(?:use|used|uses|using|spend|put) (?:[\w’'-]+ ){0,3}proceeds",
)
NO_REASON = Cue(rf"{SURE_CONDITION.pattern}|{_NEWS}|{_ANOTHERS}")
NO_CONCERN = Cue(rf"{SURE_CONDITION.pattern}|{_NEWS}")
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
