"""The words in which English tells a change of job, as patterns: who goes, comes, stays, and what names a job."""

from __future__ import annotations

import re

UPPER = "[A-ZÀ-ÖØ-ÞĆČĐŁŃŐŚŞŠŰŹŻŽİ]"
TOKEN = rf"{UPPER}(?:\.(?:-?{UPPER}\.)*|[\w-]*(?:[’'](?!s\b)\w+)?)"
TITLE = (
    r"(?:Chief|Executive|Officer|Financial|Operating|Technology|Finance|Operations|Managing|General|Regional|Vice|Vice-[Pp]resident|"
    r"Senior|Deputy|Interim|Director|Manager|President|Chair(?:man|woman)?|Co-?[Ff]ounder|Founder|Partner|Head|Boss|C[EFIMORT]O|MD|"
    r"Mr|Ms|Mrs|Dr|Sir|Dame|Mayor|Commissioner|Minister|Senator|Judge|Professor|Analyst|Spokes(?:man|woman|person))\b\.?"
)
NO_NAME = (
    rf"(?:{TITLE}|The|His|Her|Its|Our|Into?|On|From|By|For|After|Since|With|Under|As|At|But|And|Yet|Then|Also|When|While|Meanwhile|Today|Yesterday|Tomorrow|Now|Here|Out|Last|Next|This|That|My|We|I|Both|Asked|According|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December) "
)
NAME = re.compile(
    rf"(?<![\w’'-])(?P<title>(?:{TITLE} )*)(?P<name>(?!{NO_NAME})"
    rf"{TOKEN} (?:(?:de|da|del|der|di|la|le|van|von|al|bin) ){{0,2}}(?!{TITLE}){TOKEN}(?: (?!{TITLE}){TOKEN}){{0,2}})(?![\w’'-])"
)
HEAD = (
    r"(?i:(?:(?:vice|co)-)?(?:chief(?: \w+){1,2}? officer|chief executive|managing director|c[efimort]o|md|executive chair(?:man|woman)?|"
    r"vice[ -]president|president|chair(?:man|woman|person)?(?: emeritus)?|director|general manager|manager|chief|head|boss|founder|"
    r"partner|lead|officer|treasurer|secretary|counsel|advis[eo]r|executive|principal|editor|designer|engineer|scientist|architect)\b)"
)
STOP = r"(?!(?:and|but|who|which|while|on|from|after|when|at|in|until|till|under|will|is|has|as|to|once|since|with|by)\b)"
FIELD = r"(?: (?:of|for) (?:(?:the|its|his|her|their|our|a|all) )?(?:" + STOP + r"[\w’'&-]+(?: |\b)){1,4})?"
JOB = rf"(?:{STOP}[\w’'&-]+ ){{0,3}}?{HEAD}(?: {HEAD})*{FIELD}"
OWNER = rf"(?:(?:the|an?|its|his|her|their|our|my|{UPPER}[\w-]*(?: {UPPER}[\w-]*)*['’]s?) )*"
ANY_JOB = re.compile(rf"{OWNER}(?P<job>{JOB})")
AND_JOB = re.compile(rf" and {OWNER}{JOB}")  # "founder and chief executive of Ash"
TITLE_BEFORE = re.compile(
    rf"(?:^|[\s’'])(?P<job>(?:(?:finance|sales|operations|marketing|product|technology|investment|strategy|research|deputy|interim) )?"
    rf"{HEAD}(?: {HEAD})*(?:(?! of (?:\w+ ){{0,2}}years){FIELD}(?=,))?)(?: of (?:\w+ ){{0,2}}years)?,? $",
    re.I,
)
LEAD = r"(?:lead|head|run|chair|oversee|manage|direct)\b"
LED = r"(?:lead|leads|led|head|heads|headed|run|runs|ran|oversees?|oversaw|manage[sd]?|looks? after|looked after)\b"
DUTY = re.compile(rf"(?:who|where s?he|where they) (?:\w+ ){{0,3}}?(?P<job>{LED} [^,;]+)", re.I)
HIRED_FOR = re.compile(rf"(?:hired|recruited|brought in|appointed|named) [^,;]*?\bto (?P<job>{LEAD} [^,;]+)")
SO_FAR = re.compile(
    r"(?:(?:until|till|up to) (?:now|recently|(?:last|this) \w+|(?:January|February|March|April|May|June|July|August|September|October|November|December))|until|till|hitherto|so far|to date|previously|formerly|most recently|now|currently|at present|today)\b",
    re.I,
)
ASIDE = re.compile(r", (?!and\b|but\b|while\b|then\b)(?P<aside>\d\d|[^,;:]{3,90}?)(?=,|[.;:]?$)")

HELPS = re.compile(
    r"(?:(?:who|is|are|was|were|has|had|have|been|be|being|will|would|to|now|then|also|soon|meanwhile|both|set|due|expected|agreed|promised|pledged|plans?|intends?|poised|slated|scheduled|going(?= to )|am|there|himself|herself) )*"
)
LEAVES = re.compile(
    r"(?:step(?:s|ped|ping)? (?:down|aside|back|away)|st(?:an|oo)ds? down|standing down|resign\w*|retir(?:e|es|ed|ing)\b|depart(?:s|ed|ing)?\b|"
    r"(?:leav(?:e|es|ing)|left)\b(?! (?:no|little|room|open|it|us|them|the door)\b)|quit\w*|exit\w*|g(?:i|a)v(?:e|es|ing) up|relinquish\w*|vacat\w+|clear(?:s|ed|ing)? (?:his|her|their) desk|"
    r"part(?:s|ed|ing)? (?:company|ways)|(?:says?|said|saying|bids?|bidding) (?:goodbye|farewell)|mov(?:e|es|ed|ing) on\b|call(?:s|ed|ing)? it a day|"
    r"(?:los(?:e|es|ing)|lost) (?:his|her|their) (?:job|post|seat|place|role)\b|(?:tak(?:e|es|ing)|took) (?:early retirement|(?:his|her|their) leave)\b|"
    r"walk(?:s|ed|ing)? away|go(?:es|ing)(?=(?: (?:too|once|when|after|with immediate effect|at the end|as soon)\b|[.,;]|$))|"
    r"(?:does |do |wo|is|does|do)?n[o’']t (?:be )?(?:com(?:e|ing) (?:along|over|across|with)|mak(?:e|ing) the (?:move|switch|journey)|"
    r"(?:stay|remain)(?:ing)?(?: on)?(?=(?: (?:with|at|beyond)\b|[.,;:]|$))|part of)\b|"
    r"bow(?:s|ed|ing)? out|mak(?:e|es|ing) way|go(?=(?: (?:once|when|after|at|in|on|by|as soon)\b|[.,]|$))(?! on (?:to|with)\b)|"
    r"hand(?:s|ed|ing)? (?:over|on|in|the|his|her)|pass(?:es|ed|ing)? (?:on|the))"
)
ELSEWHERE_NEXT = re.compile(
    r"\bto (?:join|take up|work (?:for|at|with|on)|contribute (?:\w+ )?to)\b"
)  # whoever leaves
OUSTED = re.compile(  # behind "is"
    r"(?:out|off|gone)(?= (?:after|at the end|by|with immediate effect|too|for good|once|when)\b|[.,;:]|$)|"
    r"(?:ousted|dismissed|fired|sacked|removed|pushed out|forced out|let go|shown the door|made redundant)\b"
)
STAYS = re.compile(
    rf"(?:remain(?:s|ed|ing)?|stay(?:s|ed|ing)?)(?= (?:on|as|at|in|with|for|under|through|beyond|until|till|put|aboard|to (?:lead|run|head|manage)|{OWNER}{JOB})\b|[.,;]|$)|"
    r"(?:continu(?:e|es|ing)|carr(?:y|ies|ying) on|go(?:es|ing)? on(?! to\b))(?= (?:as|in (?:charge|his|her|the|that)|at the (?:helm|head|top)|to (?:lead|run|head|manage)|(?:lead|runn|head|manag)ing)\b)|"
    r"carr(?:y|ies|ying) on(?=(?: (?:at|under|with)\b|[.,;]|$))|kept on\b|retained (?=as\b)|not going anywhere|going nowhere|"
    r"ke(?:ep|eps|pt|eping)(?= (?:his|her|their|the|a|on|running|leading|heading|managing)\b)|(?:retain(?:s|ing)?|h(?:olds?|angs?) on to) (?=(?:his|her|their)\b)"
)
TAKES_JOB = re.compile(
    r"(?:becom(?:e|es|ing)|became|tak(?:e|es|ing) (?:over|charge|the (?:helm|reins))|"
    r"took (?:over|charge|the helm)|succeed\w*|replac\w+|serv(?:e|es|ing)|act(?:s|ing)? as|step(?:s|ped|ping)? (?:up|in)|"
    r"(?:go|goes|going|went|mov(?:e|es|ed|ing)|kicked) (?:upstairs|up)|rises?|(?:put )?in charge of|responsible for|assum(?:e|es|ed|ing)|inherits?|"
    r"(?:tak(?:e|es|ing)|took) (?:on|up)|gets? the (?:job|post|role|top job))\b"
)
MADE = re.compile(
    r"(?:appointed|named|promoted|elevated|made|hired|recruited|elected|installed|chosen|picked)\b"
)
CROSSES = re.compile(
    r"(?:(?:mov|shift|switch|transfer|transition)(?:e|es|s|ed|ing|red|ring)?\b(?! up)|cross(?:es|ed|ing)? (?:over|to|the)|go(?:es|ing)? (?:over|across)|decamp(?:s|ed|ing)?|relocat(?:e|es|ed|ing)|follow(?:s|ed|ing)? (?:him|her|them|the (?:business|unit|company|team))|defect\w*|"
    r"join(?:s|ed|ing)?\b|com(?:e|es|ing) (?:over|across|aboard|on board|from))"
)
AT = re.compile(
    r"\b(?:at|of|in|with|from|joins?|joined|joining|(?:mov|shift|switch|transfer|cross|com|go)\w* (?:over |across )?to) (?:the )?$",
    re.I,
)
SEAT = re.compile(
    r"(?:tak(?:e|es|ing)|took|gets?|getting|given|receiv\w+|assumes?|fills?|ha(?:s|ve)|ke(?:ep|eps|pt)|retain\w*)(?: up)? (?P<seat>(?:an?|one|the|his|her) "
    r"(?:[\w’'-]+ ){0,2}?(?:seat|chair|place)(?: (?:on|at) [^,;.]*?\bboard(?: of directors)?\b)?)"
)
BOARD = re.compile(r"(?:[\w’'-]+ )?\bboard\b(?: of directors| seat)?")
NEW = re.compile(
    rf"\b(?:as|to be|will be|am now|is(?= {OWNER}(?:new|next) )|to become|to serve as|becom(?:e|es|ing)|became|(?:nam|appoint|elect|mad)ed?(?: as)?|(?:remain|stay)(?:s|ing)?|(?:promoted|elevated|rises?|risen|(?:mov|step)(?:es?|s|ing|ping)? up)(?: from [^,;.]{{3,40}}?)? to) {OWNER}(?:(?:new|next) )?(?P<job>{JOB})"
)
DUTIES = re.compile(
    rf"\b(?:(?:to|will|would)(?: help)? (?:then |now |also )?(?={LEAD})|(?:be|put|takes?|taking) (?=in charge of)|(?:be|becomes?) (?=responsible for))"
    rf"(?P<job>(?:{LEAD}|in charge of|responsible for) [^,;.]+)"
)
OLD = re.compile(
    rf"\b(?:as|of|up|from|over|relinquish\w*|vacat\w+|hands?|handed|leav\w+) {OWNER}(?P<job>{JOB})"
)

TO_THE_NEXT = re.compile(
    rf"(?:\b(?:the|its|his|her|their|our|whose) (?:new|next|incoming|future) (?:{JOB}) (?:is|will be|is to be)|"
    r"\b(?:in|into|to fill) (?:his|her|their) (?:place|shoes|stead|seat|post|chair) (?:comes?|steps?|moves?|goes|is|will be)|"
    r"\b(?:his|her|their|whose|the) (?:successor|replacement)\b[^,;.]{0,50} (?:is|will be|becomes)|"
    r"\b(?:place|post|seat|job|role|running|leadership|chair|baton|reins|helm|mantle)\b (?:goes|passes|went|passed|falls|is passed|is to go|will (?:go|pass|fall)) to(?: (?:an? |some(?:one|body) )[^,;.:]{3,60}[:,])?|"
    r", which (?:goes|passes|will (?:go|pass)) to|\b(?:^|and |, )in comes?|"
    r"\b(?:replac|succeed|follow)ing (?:him|her|them) (?:is|will be)|\b(?:stepping (?:in|up|into [^,;.]{3,40})|taking (?:over|charge|(?:his|her|their) place|the (?:helm|reins|chair))|"
    r"in charge|at the (?:helm|top|head)|at its head)(?: of [^,;.]{3,40})? (?:is|will be|comes|steps)|"
    r"\b(?:hand|pass)(?:s|es|ed|ing)?\b[^;.]{0,70}? to|\bmak(?:e|es|ing) way for|"
    r"\b(?:running|leading|heading|chairing) (?:it|[^,;.]{3,40}) (?:is|will be)|\bin the person of|\b(?:replaced|succeeded|followed)(?: as [^,;.]{3,40})? by|\bto be (?:led|run|headed) by|\bwill be (?:led|run|headed) by) $",
    re.I,
)  # fmt: skip
WON = re.compile(
    r"\b(?:lur(?:e|ed|es|ing)|poach\w*|hir(?:e|ed|es|ing)|recruit\w*|appoint\w*|nominat\w*|nam(?:e|es|ed|ing)|promot\w+|install\w*|picked|chosen|tapped|br(?:ought|ings?|inging) in) $",
    re.I,
)
NEXT = re.compile(r"(?:;|,? (?:and|but)|, (?:then|before))(?: (?:also|then|later|but|in turn))* ")
ELSEWHERE = re.compile(rf"\b(?:at|of|with|for) (?:the )?(?:[\w-]+ )*?{UPPER}")
NO_PERSON = re.compile(
    rf"{TITLE}$|"
    r"\b(?:Series|Class|Tier|Phase|Round) (?:[A-Z]|\d)\b|\b(?:Funds?|Management|Group|Holdings?|Capital|Partners|Ventures?|Bank|Inc|Corp|"
    r"Corporation|Company|Ltd|Limited|plc|GmbH|AG|SA|Systems|Board|Street|Industries|Foods|Energy|AI|IT|TV|UK|US|II|III|PLC|LLP|LLC|Technolog(?:y|ies)|Software|Labs?|Networks?|Solutions|Securities|Invest(?:ments?|ors?)|Pharma\w*|Therapeutics|Motors|Airlines|Logistics|Materials|Instruments|Credit|Mills|Chemicals?|Resources|Minerals|Trust|Insurance|Works|Family|University|Commission|Court|Council|Ministry|Union|Market|Exchange|Kingdom|States|Kong)\b"
)  # fmt: skip

PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\b")
UNREAL = re.compile(r"(?:was|were|had been) (?:to|due to|set to|expected to) have\b|was to\b")
PAST = re.compile(
    r"(?:has |had )?(?:joined|became|took|left|was|moved|stepped|served|ran|led)\b.* (?:in|since) (?:\w+ )?(?:19|20)\d\d\b"
)
OF_A_JOB = re.compile(
    rf"\b(?:post|job|role|position|seat|chair|helm|place|reins|desk|baton|board|management|{HEAD})\b"
)
AFTER_JOB = re.compile(
    r"(?<!looks)(?<!looked) (?:for \w+ (?:years?|months?)|since|from|on|under|until|after|when|once|while)\b.*"
)
TO_COMPANY = re.compile(
    rf"\b(?:cross|mov|com|switch)\w* over\b|\b(?:over|to|joins?|joined|joining) (?:the )?{UPPER}"
)
GIVES = re.compile(r"hand|pass|g[ia]v|relinquish|vacat")
TO_BECOME = re.compile(rf"\bto (?:become|be) {OWNER}(?P<job>{JOB})")
BEFORE = (
    160  # characters before a name that may hand it a job; a longer look would make long lists of names slow
)
PRONOUN = re.compile(r"(?:^|, (?:and|but|while|though) )(?:[Hh]e|[Ss]he) ")
FIRST_PERSON = re.compile(r"^(?:Now |Today )?I(?:[’'](?:m|ll|ve))? ")
DIRECTOR = re.compile(r"\b(?:director|board)\b")
FROM_HIM = re.compile(
    r"\b(?:(?:his|her|their|whose) (?:successor|replacement)|which goes|which will go|(?:job|post|role|seat|chair|reins|helm|baton) (?:goes|passes|falls|will go|is to go)|from (?:him|her|them)|(?:his|her|their) (?:place|post|seat|job|role)|(?:him|her)\b)",
    re.I,
)
LEADS = re.compile(rf"\b(?P<job>{LEAD} [^,;.]+)")
JOINS_BOARD = re.compile(
    r"(?:join(?:s|ed|ing)?|com(?:e|es|ing) on(?:to)?|sits? on|(?:elected|appointed|named) to) (?:the |its )?(?:[\w’']+ ){0,3}?board\b"
)
SAYS = re.compile(
    r"\b(?:said|says?|saying|told|tells|added|adds|called|calls|argue[sd]?|thinks?|thought|believe[sd]?|warn(?:s|ed)|note[sd]?|insist(?:s|ed)?|wants?|wanted|hope[sd]?|refuse[sd]?|declin\w+)\b|[:“”\"]|\b(?:19|20)\d\d\b"
)
HELD = re.compile(rf"(?:was|is|has been|had been) {OWNER}(?P<job>{JOB})")
NEW_BOSS = re.compile(rf"\b(?:new|next|incoming|future) (?P<job>{JOB}) (?:is|will be|is to be) $")
WILL_BE = re.compile(r"\b(?:will|to) be |\bam now ")
IS_NEW = re.compile(rf"{OWNER}(?:new|next) {JOB}")
SOON_TO_BECOME = re.compile(r"(?:[\w’'-]+ ){1,6}to become ")
AND_ALIKE = re.compile(r"(?:and|as well as|along with|,|both|the|its|his|her|their|our|Mr|Ms|Mrs|Dr|\.| )+")
SAME_JOB = re.compile(r"\bsame (?:job|post|position|role|title)\b")
OURS = re.compile(r"\b(?:our|my|I,) $", re.I)
THERE = re.compile(rf"\bthere\b|\b(?:at|with) {UPPER}|\b{UPPER}[\w-]*[’']s\b")
OUT_GOES = re.compile(
    r"\b(?:out goes|(?:(?:also )?(?:leaving|departing|going|retiring|stepping down|bowing out)(?: [^,;.]{3,40})?|gone) (?:is|are|will be)) (?:the |its |their )?$",
    re.I,
)
KEEPS_IT = re.compile(r"(?:ke\w+|retain\w*|h\w+ on to) (?:his|her|their|the|a|on)\b")
SURNAME = re.compile(rf"(?:(?:Mr|Ms|Mrs|Dr|Sir|Dame)\.? )?(?P<surname>{TOKEN}) (?=[a-z])")
SO_DOES = re.compile(r"\b(?:so|as) (?:do(?:es)?|will|is|are) (?:the |its |their )?$", re.I)
REPLACING = re.compile(r"\b(?:replaces|(?:replac|succeed)ing|succeeds|tak(?:es|ing) over from) $")
AS_JOB = re.compile(rf"as (?={OWNER}{JOB})")
# "Shipbuilder Ash Yards": a company, whatever its name.
COMPANY_BEFORE = re.compile(
    r"\b(?:[\w-]*(?:maker|builder)|(?:private[- ]equity|investment|law|accountancy) (?:house|firm)|company|firm|group|bank|retailer|producer|operator|insurer|lender|broker(?:age)?|"
    r"consultancy|supplier|distributor|manufacturer|developer|start-?up|fund|airline|utility|brewer|miner|charity|agency|union|newspaper) $",
    re.I,
)
# "He was previously head of sales at Ash", "she comes from Ash, where she was head of sales".
WAS_BEFORE = re.compile(
    rf"(?:was|is|has been|had been|served|worked) (?:previously|formerly|most recently|until (?:now|recently)|before that|before) (?:as )?{OWNER}(?P<job>{JOB})|"
    rf"(?:joins?|comes?|came|joined|moves?|arrives) from [^,;.]{{3,40}}, where s?he (?:was|had been|has been|served as|worked as) {OWNER}(?P<post>{JOB})|"
    rf"(?:previously|formerly|most recently) (?:was|served as|worked as) {OWNER}(?P<role>{JOB})"
)
AT_COMPANY = re.compile(rf"(?: [\w&-]+){{0,4}}? ?(?:at|with|for) (?:the )?(?:[a-z-]+ ){{0,3}}{UPPER}")
GOES_ON = re.compile(r"(?:; |, and )s?he ")
TEAM = re.compile(
    r"join(?:s|ed|ing)? (?P<owner>(?:the |its |[\w&.’'-]+['’]s? ))(?P<job>(?:[\w-]+ ){0,2}?(?:committee|(?:management|leadership|executive) team|management board))\b"
)
AT_ONCE = re.compile(r"\w+(?:[.,;:]|$| (?:in|at|on|when|once|after|next|this|too|for good|as soon)\b)")
