"""What the words near a figure say about its role: price, valuation, stake, revenue, fee and so on.

No model is asked. Each figure takes the role of the nearest telling words of its sentence that no other
figure of the same kind stands between; words behind a figure ("$3 million fee") beat equally near ones in
front of it, and words that lead up to the next figure ("…, a fee of $3 million") are that one's. A figure that
restates the one before ("or $3 million in all") plays its role. A figure with no telling words near it has no
role, and may then play any.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from summarizer.cues import small
from summarizer.figures import Kind, Mention


class Role(str, enum.Enum):
    """What a figure stands for in a text about business."""

    PRICE = "price"
    VALUATION = "valuation"
    RAISED = "raised"  # money raised in a funding round
    STAKE = "stake"
    CONTINGENT = "contingent"
    DEBT = "debt"
    FEE = "fee"
    RESULT = "result"  # revenue, profit and their like
    ASSETS = "assets"
    MARKET = "market"  # what the stock market or a whole industry is worth
    SPENDING = "spending"  # plans, budgets, capital expenditure, fines
    CHANGE = "change"  # a rise, a fall, a premium, a rate
    OTHER = "other"


_WORD = r"(?:[\w.’'&-]+ )"
_FLOW = r"(?:revenues?|sales|turnover|profits?|earnings|ebitda|loss(?:es)?|costs?|debts?|savings|synergies|fees?|damage)"
_AT = rf"(?:(?!{_FLOW}\b){_WORD}){{1,8}}at\b"  # "puts the whole of the Lyon firm at", not "puts its debt at"
_MONEY_ROLES: tuple[tuple[Role, str], ...] = (
    # "a deal valued at", "an offer worth": the price; "the company is valued at": its value.
    (
        Role.PRICE,
        r"(?:deal|transaction|purchase|acquisition|investment|offer|bid|buyout|takeover|merger|sale|agreement|stake|holding)"
        r"(?:,? (?:is|was|be|which is|that is|(?:that |which )?(?:could|may|might|would)|reportedly|said to be|being|currently|now)){0,4},? "
        r"(?:valued at|worth|for|of|totall?ing)|"
        r"(?:price|bill|sum|amount|deal|offer|bid|transaction|stake)(?: tag)? (?:(?:is|was|has been|being|to be) )?(?:put|pegged|estimated|reckoned|set|fixed) at\b|"
        r"\b(?:put|peg|set|estimat|valu)\w* (?:the|its|their|this) (?:\w+ ){0,3}"
        rf"(?:price|bill|sum|amount|stake|deal|transaction|purchase|acquisition|offer|bid|buyout|takeover|merger|sale)(?: tag)? {_WORD}{{0,6}}at\b|"
        r"(?:deal|transaction|headline|offer|purchase|contract) value",
    ),
    # "The shares added 3%, valuing it at": what the stock market says.
    (
        Role.MARKET,
        r"\b(?:pair|two|both|together|combined) (?:are|is) (?:now )?worth|\b(?:market|industry|sector|orders?|contracts?) (?:is|are|was|were) (?:now |then )?worth\b|share price|\bclosing price|\b(?:clos|end)(?:e|ed|ing)(?: (?:on )?\w+)?(?: [\d.]+ ?(?:%|per ?cent|pct))?(?: (?:higher|lower|up|down|firmer|weaker|flat|unchanged))? (?:of|at)\b|last traded|\b(?:shares|stock) (?:rose|fell|added|gained|lost|jumped|closed|ended|slid|climbed)\b[^.;]{0,40}(?:\bvalu\w+(?: \w+){0,3} at|\bworth)\b|[’']s (?:closing )?(?:close|prices?)\b[^.;]{0,60}(?:\bvalu\w+(?: \w+){0,3} at|\bworth)\b|"
        r"\bon the (?:[\w-]+ ){0,3}(?:stock ?market|stock exchange|exchange|bourse)\b|\bmarket (?:puts?|values?|valued|prices?|priced) (?:[\w.’'&-]+ ){1,8}at\b|\b(?:put|reckon|estimat|valu|peg)\w* the (?:[\w-]+ ){0,3}market (?:[\w-]+ ){0,3}at\b|"
        r"capitali[sz]ed at|\btrad(?:es|ed|ing) at|[’']s clos(?:e|ing)\b|(?:last night|yesterday)[’']s\b",
    ),
    (
        Role.RESULT,
        rf"{_FLOW} (?:(?:is|was|are|were) )?(?:put|estimated|reckoned|expected|forecast) at\b",
    ),
    (
        Role.VALUATION,
        r"\b(?:is|are|be|was|were) (?:now |then |thus )?worth|"
        rf"\b(?:reckon(?:s|ed)?|peg(?:s|ged|ging)?|put(?:s|ting)?|plac(?:es|ed|ing)|pric(?:es|ed|ing)|rat(?:es|ed|ing)|mark(?:s|ed|ing)|apprais(?:es|ed)|assess(?:es|ed)) {_AT}|\b(?:is|was|are|were|be|been|being) (?:\w+ )?(?:put|pegged|priced|marked|appraised|assessed) at\b|"
        r"(?:group|company|firm|business|insurer|bank|giant|maker|retailer|producer|operator|combination) (?:now )?worth|"
        rf"\b(?:mak(?:es?|ing)|made|leav(?:es?|ing)|left|creat(?:es?|ing)|form(?:s|ing)?) {_WORD}{{1,6}}worth\b|"
        rf"\b(?:an?|total|overall) (?!market |book |face |par |net |deal |transaction |purchase ){_WORD}value of|"
        r"valuations?|valued(?: the \w+| it)? at|valu(?:es|ed|ing)(?: [\w.’'&-]+){1,8} at\b|valu(?:es|ing)\b|(?:would|will|to) value|post-money|pre-money|"
        r"enterprise value|equity value|implied value|\bimpl(?:y|ies|ying)\b|(?:a|total) value of|worth of the company",
    ),
    (Role.MARKET, r"market (?:value|capitali[sz]ation|cap|size|opportunity)|industry worth|addressable"),
    (Role.FEE, r"(?:termination|break-?up|advisory|break) fees?|\bfees?\b"),
    (
        Role.CONTINGENT,
        r"earn-?outs?|contingent|milestones?|performance[- ](?:based|related) payments?|"
        r"\bif (?:it|one|either|they|that|targets|certain|the (?:deal|merger|other)|(?:sales|profits?|revenues?|earnings) (?:reach|meet|hit|exceed))\b",
    ),
    (
        Role.RESULT,
        r"revenues?|turnover|profits?|earnings|earned|ebitda|net income|operating income|net loss|losses|\bloss\b|"
        r"annual sales|\bsales of|in sales|(?:of|in) (?:\w+ )?sales\b|\bearns?\b|\bturn(?:s|ed|ing) over\b|\bgross(?:es|ed)\b|[’'] worth of (?!shares|stock|new)|sales (?:rose|fell|grew)|order book|(?<!in )\borders?\b(?! to)|run[- ]rate|bookings|backlog",
    ),
    (
        Role.DEBT,
        r"(?<!including )(?<!including its )(?<!including net )(?<!counting )(?<!with )\bdebts?\b(?! included| and all)|\bow(?:es|ed|ing)\b|\blen(?:d|ds|t|ding|ders?)\b|\bmortgages?\b|\boverdraft|\bassum(?:e|es|ed|ing|ption)\b|\bloans?\b|borrow\w*|credit (?:line|facility)|\bbonds?\b|\bnotes\b|liabilities|bank financing",
    ),
    (Role.ASSETS, r"\bassets?\b|under management|net worth|book value|deposits"),
    (
        Role.SPENDING,
        r"capital expenditures?|capex|\bgrants?\b|\bsubsid(?:y|ies)\b|spend(?:s|ing)?\b|spent\b|budgets?|\bfines?\b|penalt(?:y|ies)|settlement|salary|"
        r"compensation|\bpackages?\b|savings|synergies|dividends?|buybacks?|costs?\b|costing|charges?\b|write-?(?:off|down)s?",
    ),
    (
        Role.RAISED,
        r"\b(?:in|of) (?:fresh|new) (?:money|capital|funds?|cash|equity)\b|\b(?:pocket|bagg?|land|attract)(?:s|ed|ing)\b|\bsecur(?:es|ing)\b|\bsecured (?=(?:(?:about|over|nearly|up to|some|more than) )?[a-z]{0,3}[^a-z ])|\b(?:rak|t)(?:es|ed|ing) in\b|\btook in\b|\braked in\b|\brais(?:e|es|ed|ing)\b|funding|\bround\b|series [a-h]\b|financing",
    ),
    (
        Role.PRICE,
        r"invest(?:ment|ments|ing|ed|s)?\b|\bcommit(?:s|ted|ting)?\b|\bcontribut(?:es?|ed|ing)\b|\bchip(?:s|ped|ping)? in\b|\bput(?:s|ting)?(?: in)?\b|\bpour(?:s|ing|ed)?\b|pay(?:s|ing|ment)?\b|paid\b|purchase price|price tag|\bprice\b|"
        r"acquir(?:e|es|ed|ing)\b|acquisition|\bbuy(?:s|ing|out)?\b|\bbought\b|purchas(?:e|es|ed|ing)\b|takeover|"
        r"\bdeal\b|transaction|\boffer(?:s|ed)?\b|\bbid\b|\bsold\b|\bsale\b|\bsell(?:s|ing)?\b|consideration|"
        r"in cash|cash and stock|in stock|all-cash|all-stock|merger|injection|(?<!% )(?<!per cent )(?<!percent )stake|transfer|"
        r"\bwir(?:es|ed|ing)\b|\b(?:fork|shell|lay|laid)(?:s|ed|ing)? out\b|\b(?:stump|cough|pick|snap|scoop|mop)(?:p?s|p?ed|p?ing)? up\b|\bsplash(?:es|ed|ing)?\b|\bhand(?:s|ed|ing) over\b|"
        r"\bfetch(?:es|ed|ing)?\b|\bchang(?:es|ed|ing) hands\b|\bpart(?:s|ed|ing)? with\b|\boffload(?:s|ed|ing)?\b|\binject(?:s|ed|ing)?\b|\bplough(?:s|ed|ing)?\b|\btabled\b|\boutlay\b|\bcheque\b|\bbill\b|\btab\b",
    ),
)
_FLOW_OF = r"of (?:its |the |group |total |annual )*(?:[\w-]+[’']s )?(?:annual |total )?(?:revenue|sales|workforce|staff|employees|market|customers|users|profit|jobs|output|production|capacity|turnover|deposits|assets|traffic)"
_PERCENT_ROLES: tuple[tuple[Role, str], ...] = (
    (
        Role.CHANGE,
        r"\brose\b|\bris(?:e|es|ing)\b|\bf[ae]ll(?:s|ing|en)?\b|\bcuts?\b|\bgr(?:ew|ow|owth|own)\w*|increas\w+|decreas\w+|declin\w+|\bup\b|\bdown\b|premium|discount|"
        r"margins?|\boff (?:the|its|last)\b|\brates?\b|attrition|gain(?:ed|s)?\b|jump\w*|surg\w+|dropp?\w*|climb\w*|slip(?:s|ped|ping)?\b|slid(?:e|es|ing)?\b|slump\w*|tumbl\w*|plung\w*|soar\w*|leap(?:s|t|ed)?\b|\beased?\b|\bdip(?:s|ped)?\b|higher|lower|more than last|"
        r"turnover|"
        rf"{_FLOW_OF}|market share",
    ),
    (
        Role.STAKE,
        r"stakes?\b|ownership|\bowns?\b|\bowned\b|owning|interests?\b|holdings?\b|\bholds?\b|\bheld\b|"
        r"\btak(?:e|es|ing) (?=[\w.]+ ?(?:%|per ?cent|pct) of)|\b(?:its|their|remaining|other) (?=[\d.]+ ?(?:%|per ?cent|pct)(?!\w))|equity|\bcontrol\w*|shareholding|voting|of (?:the |its |all |total )?(?:\w+ ){0,3}(?:shares|stock|company|business|capital|firm|group|bank|maker|operator|chain|start-?up|venture|votes)\b|"
        r"\bacquir\w+|\bbuy\w*|\bbought\b|purchas\w+|\bsell\w*|\bsold\b|minority|majority",
    ),
)


def _compiled(pattern: str) -> re.Pattern[str]:
    """Look behind the first letter for the word boundary: by its letters a choice is passed over faster."""
    return re.compile(re.sub(r"\\b([a-z])", r"\1(?<!\\w.)", pattern))


_TABLES: dict[Kind, tuple[tuple[Role, re.Pattern[str]], ...]] = {
    kind: tuple((role, _compiled(pattern)) for role, pattern in table)
    for kind, table in ((Kind.MONEY, _MONEY_ROLES), (Kind.PERCENT, _PERCENT_ROLES))
}
_TABLES[Kind.PER_SHARE] = _TABLES[Kind.MONEY]
_PER_SHARE = (Role.MARKET, Role.RESULT, Role.SPENDING)  # a close, earnings, a dividend: else it is a price
_REACH = 90  # characters between a figure and the words that tell its role
_SENTENCE = 300  # characters of a sentence in front of a figure
_CLAUSE_END = re.compile(
    r"[;:!?]\s|,\s(?:while|whereas|but|although|after|compared|and\s(?:has|had|is|was))\b"
)

# "Acquired a maker of packages for about": what it was bought for, whatever it makes.
_SOLD_FOR = re.compile(
    r"(?:acqui(?:re|res|red|ring|sition)|tak(?:e|es|en|ing) over|takeover|buy|buys|buying|bought|purchas(?:e|es|ed|ing)|sell|sells|selling|sold|sale)\b[^;:]*"
    r"\bfor (?:an? )?(?:(?:aggregate|total|combined) )?(?:(?:cost|price|sum|total|amount) )?(?:of )?"
    r"(?:(?:about|around|approximately|some|nearly|almost|over|up to|more than|at least|just|under|only) )*$"
)
_HEDGES = (
    r"(?:(?:about|around|approximately|roughly|some|nearly|almost|over|up to|more than|less than|at least|at most|just|under|"
    r"only|as much as|an?|the|another|further|extra|cool|hefty|mere|whopping|tidy|reported|record|combined) )*"
)
_FOR = re.compile(rf"(?<!account )(?<!accounts )(?<!accounted )(?<!accounting )\bfor {_HEDGES}$")
_LARGE = re.compile(
    r"[a-z]*(?:illion|m|mn|bn|ln|tn|crore|lakh|cr)(?![a-z])|\d[,.]?\d{3}[,.]?\d{3}"
)  # not a price in a shop
# "Paid $9 apiece, or about $3 million in all": both say one thing, or are of one kind.
_UNIT = (
    r"(?:(?:metric |short |long )?ton(?:ne)?s?|barrels?|bbl|ounces?|oz|bushels?|kilos?|kilogram(?:me)?s?|kg|lit(?:re|er)s?|gallons?|pounds?|lbs?|"
    r"heads?|bags?|bales?|cases?|bottles?|boxes|box|tray|crates?|pints?|units?|pieces?|acres?|hectares?|(?:square|cubic|sq) (?:met(?:re|er)|foot|ft|m)|mwh|kwh|megawatt(?:[- ]hour)?s?|kw|kilowatt(?:[- ]hour)?s?|"
    r"passengers?|seats?|rooms?|beds?|nights?|tickets?|rides?|trips?|pupils?|patients?|customers?|users?|subscribers?|licen[cs]es?|devices?|cars?|vehicles?|containers?|teu|km|miles?|kilomet(?:re|er)s?|day|hour|week)"
)
# "$900 a tonne" is no sum that is paid in a deal.
_OF_A_UNIT = re.compile(rf"(?: ?/ ?| an? | per | each )(?:{_UNIT})(?![\w-])")
# "It brings the capital raised since then to": that of all rounds.
_SO_FAR = re.compile(
    r"\b(?:bring|brought|tak(?:e|ing)|took|lift|push|swell|mak|made)\w*\b[^.;]{0,60}?\b(?:raised|funding|financing|backing|capital|haul|war chest)\b[^.;]{0,60} (?:to|at)(?: date to)? "
    rf"{_HEDGES}$"
)
_SUM_SO_FAR = re.compile(
    r" (?:in total |altogether )?(?:to date|so far|over the years|since (?:19|20)\d\d|since (?:it was|its|the company[’']s) (?:founded|foundation|founding|launch|start|inception))\b"
)
# An outsider's guess: "Hill of Ash Research, who values the fleet at".
_WHO_VALUES = re.compile(
    rf"\bwho (?:himself |herself |themselves )?(?:values?|valued|puts?|prices?|priced|reckons?|estimates?|pegs?) [^.;]{{1,60}}? at (?:nearer |closer to |nearer to )?{_HEDGES}$"
)
_TAKEN_IN = re.compile(r"\b(?:rais(?:ed|ing)|taken in|took in|collected|attracted|pulled in)\b")
# "Its stock rose 4% to $31"
_QUOTE = re.compile(
    r"\b(?:shares|stock|units) (?:[\w-]+ ){0,2}(?:were|was|stood|rose|fell|added|gained|lost|jumped|climbed|slid|dropped|eased|firmed|changed hands|trade|traded|trading|closed|ended|opened|slipped|edged)"
    rf"\b(?:[^;:]{{0,40}} (?:at|to|by))? {_HEDGES}$"
)
_RESTATED = re.compile(
    rf"(?: (?:apiece|each|in cash|in all|all told))?(?:,? or|,? (?P<and>and)|,? ?\(|,? (?:or )?(?:equal|equivalent) to| ?[-–—/]) ?{_HEDGES}"
)
# "Sales of $9 million, against $7 million": the year before.
_COMPARED = re.compile(
    rf"[^.;:]{{0,40}}\b(?:against|up from|down from|compared (?:with|to)|versus|vs\.?) {_HEDGES}$"
)
_COMPARABLE = (Role.RESULT, Role.ASSETS, Role.MARKET, Role.DEBT, Role.SPENDING)
_OWN_WORDS = 5  # characters between a figure and words so near that they tell its own role
# Between telling words and the figure that they lead up to.
_LEADING_UP = re.compile(rf" ?(?:(?:of|at|to|for|as|is|was|worth|by|in|comes? to)\b)? ?{_HEDGES}")
# What somebody owns already is not what changes hands: "the family holds about 62%".
_HELD = re.compile(
    r"(?<!will )(?<!would )(?<!could )(?<!may )(?<!to )(?<!then )(?<!now )"
    r"(?:holds|owns|controls|has|had|already (?:holds|owns|has|controls)|owned|held|sits on|sat on|speaks for|"
    r"accounts for|accounting for|from|"
    # "Directors and officers holding 6%": they promise their votes
    r"(?:directors|officers|executives|managers|insiders|(?:share|stock|unit)?holders|owners|investors|funds|members|family|founders?|trustees)"
    r"(?: (?:who|that|which))?(?: together| jointly| between them| collectively)? (?:holding|owning|controlling|representing|with|of|speaking for|hold|own|control|represent|speak for)|"
    r"(?:undertakings|acceptances|promises|pledges|support)(?: to accept| to sell| to tender)? (?:cover|covering|for|from|of|by)(?: holders of| owners of)?) "
    r"(?:(?:about|around|approximately|some|nearly|almost|over|more than|just|under|a|an|the) )*$"
)
# Nor is what somebody keeps: "the founders hang on to the remaining 32%", "the other 40% stays with the state".
_KEPT = re.compile(
    rf"\b(?:keep|keeps|kept|keeping|retain|retains|retained|retaining|(?:hang|hangs|hanging|hung|hold|holds|holding|cling|clings) on to|left with|"
    rf"down to|roll(?:s|ing|ed)? over) {_WORD}{{0,3}}$"
)
_PROMISED_VOTES = re.compile(
    r"(?: of [^.;,]{1,50}?)?,? (?:(?:has|have) (?:already |also |now )*)?(?:promised|pledged|undertaken|committed|vowed|agreed to (?:back|support|vote|tender|accept))\b"
    r"|(?: of [^.;,]{1,50}?)?,? (?:(?:said (?:it|they) )?(?:will|would)|plans? to|intends? to|is to|are to) (?:\w+ )?(?:vote|oppose|reject|back|support|tender|accept)\b"
    r"| of (?:the |all )?votes(?: cast)?,? (?:[^.;]{0,60}? )?(?:must|have to|has to|need|needs|is needed|are needed|were|was)\b"
)
_STAYS = re.compile(
    r"(?: (?:stake|interest|holding|share))?,? (?:stays?|remains?|is (?:still )?(?:kept|held|owned))\b"
)
# What somebody ends with is: "lifts its holding from 5% to", "it would have", "walks away with".
_ENDS_WITH = re.compile(
    r"\b(?:lift|rais|increas|boost|tak|took|bring|brought|push|hik|build|grow|doubl|mov|step)\w*(?: up)? (?:its |their |his |her |the )?(?:[\w’'-]+ ){0,3}"
    r"(?:stake|holding|shareholding|interest|position|ownership|share|it|them)(?: in (?:[\w’'&.-]+ ){1,4}| |, ?)(?:from [\d.]+ ?(?:%|per ?cent|pct) )?to "
    rf"{_HEDGES}$"
    r"|\b(?:would|will|to|then|now) (?:then |now )?(?:have|has|hold|holds|own|owns|control|controls|sit on|sits on|speak for|command|get|receive|be given) "
    rf"{_HEDGES}$"
    rf"|\b(?:its|their) [\d.]+ ?(?:%|per ?cent|pct)(?: (?:of|in) {_WORD}{{1,4}}| )to {_HEDGES}$"
    r"|\b(?:end|wind|wound|walk|com|came|emerg)\w* (?:up |out |away )?(?:with|owning|holding) "
    rf"{_HEDGES}$"
    rf"|\b(?:pick|snap|scoop|mop|hoover|gobbl|swallow)\w* up (?:its |their )?{_HEDGES}$"
)
_FROM_OWN = re.compile(rf"(?: (?:of|in) {_WORD}{{1,4}}| )to {_HEDGES}\d")  # "its 24% of Ash to 100%"
# "The two would grind 40% of the county's flour": a share of a market, which no name and no word for a company follows.
_TOGETHER = re.compile(r"\b(?:pair|two|both|together|combined|merged|between them|duo|tie-up)\b")
_OF_A_MARKET = re.compile(
    r" of (?:the|all|its|every) (?!(?:[\w-]+ ){0,3}(?:company|firm|business|group|shares|stock|capital|equity|votes?|voting|bank|maker|operator|chain|venture|entity)\b)[a-z]"
)
_OF_A_FLOW = re.compile(rf" {_FLOW_OF}\b")
_OF_NAME = re.compile(r"\s+of\s+(?:the\s+)?[A-Z][\w&.-]*(?:\s[A-Z][\w&.-]*)*(?=[,.;:)]|\s(?![A-Z])|$)")


def roles_in(sentence: str, offset: int, mentions: Sequence[Mention]) -> tuple[Role | None, ...]:
    """Roles of the ``mentions`` of one ``sentence``, which begins at ``offset`` of the text, in their order."""
    words = small(sentence)
    # No telling word reaches over another figure of the kind.
    ends: dict[Kind, int] = {}
    lefts = []
    for mention in mentions:
        lefts.append(ends.get(mention.kind, 0))
        ends[mention.kind] = mention.end - offset
    starts: dict[Kind, int] = {}
    rights = []
    for mention in reversed(mentions):
        rights.append(starts.get(mention.kind, len(sentence)))
        starts[mention.kind] = mention.start - offset
    found: list[Role | None] = []
    last: dict[Kind, tuple[int, Role | None]] = {}  # of each kind the last figure's end, and its role
    for mention, left, right in zip(mentions, lefts, reversed(rights), strict=True):
        start, end = mention.start - offset, mention.end - offset
        hedge = min(mention.start, mention.hedge[0]) - offset if mention.hedge else start
        role, own = _role(sentence, words, (hedge, start, end), mention.kind, left, right)
        kind = Kind.MONEY if mention.kind is Kind.PER_SHARE else mention.kind
        before, of_last = last.get(kind, (0, None))
        if of_last is not None and not own and _is_again(words[before:start], of_last, role):
            role = of_last
        found.append(role)
        last[kind] = (end, role)
    return tuple(found)


def _is_again(between: str, of_last: Role, role: Role | None) -> bool:
    """Whether a figure plays the role of the one before by the words between, whatever farther words make it."""
    if of_last in _COMPARABLE and _COMPARED.search(between[-_REACH:]):
        return True
    restated = _RESTATED.fullmatch(between)
    # What an "and" puts on top may be of another kind.
    return restated is not None and (role is None or not restated["and"])


def _role(
    sentence: str, words: str, place: tuple[int, int, int], kind: Kind, left: int, right: int
) -> tuple[Role | None, bool]:
    """Return the role of a figure, and whether words right behind it tell it.

    ``place`` is where its hedge, or else itself, begins, where it begins, and where it ends.
    Telling words are looked for from ``left`` to ``right``. ``words`` is the sentence in small letters.
    """
    table = _TABLES.get(kind)
    hedge, start, end = place
    if table is None:
        return None, False
    before = words[max(left, start - _SENTENCE) : start]
    if kind is Kind.PERCENT and (told_of := _share(words, start, end)) is not None:
        return told_of, True
    if kind is Kind.MONEY and _is_aside(words, start, end):
        return Role.OTHER, True
    if kind is not Kind.PERCENT and _QUOTE.search(before) and not _LARGE.search(words, start, end):
        return Role.MARKET, True
    told = _SOLD_FOR.search(before) if kind is Kind.MONEY else None
    if told is not None and not _CLAUSE_END.search(told[0]):
        return Role.PRICE, False
    following = right if right < len(sentence) else None
    left, right = max(left, start - _REACH), min(right, end + _REACH)
    best: tuple[float, Role, bool] | None = None
    for role, pattern in table:
        for match in pattern.finditer(words, left, right):
            if match.end() <= start:
                gap, between = float(max(0, hedge - match.end())), sentence[match.end() : start]
                near = False
            # "Valuing Ash at" speaks of what follows it, and so does "a fee of" before another figure.
            elif match.start() >= end and not match[0].endswith((" at", " of", " worth", " for")):
                near = match.start() - end <= _OWN_WORDS
                if not near and following and _LEADING_UP.fullmatch(words, match.end(), following):
                    continue
                gap, between = match.start() - end - 3.0, sentence[end : match.start()]
            else:
                continue
            if _CLAUSE_END.search(between):
                gap += _REACH / 2
            if best is None or gap < best[0]:
                best = (gap, role, near)
    found, own = best[1:] if best is not None else (None, False)
    if kind is Kind.PER_SHARE and found not in _PER_SHARE:
        return Role.PRICE, own
    if found is None and kind is Kind.MONEY and _FOR.search(before) and _LARGE.search(words, start, end):
        return Role.PRICE, False
    if found is None and kind is Kind.PERCENT and _OF_NAME.match(sentence, end):
        return Role.STAKE, False
    return found, own


def _is_aside(words: str, start: int, end: int) -> bool:
    """Whether a sum is a price by the tonne, that of all rounds together, or what an outsider would pay."""
    before = words[max(0, start - _SENTENCE) : start]
    raised = _SUM_SO_FAR.match(words, end) and _TAKEN_IN.search(before)
    return bool(
        _OF_A_UNIT.match(words, end) or raised or _SO_FAR.search(before) or _WHO_VALUES.search(before)
    )


def _share(words: str, start: int, end: int) -> Role | None:
    """What a percentage is by the verb that governs it: a stake that changes hands, or one that does not."""
    before, behind = words[max(0, start - _REACH) : start], words[end : end + _REACH]
    if _OF_A_MARKET.match(behind) and _TOGETHER.search(before):
        return Role.OTHER
    if _ENDS_WITH.search(before) and not _OF_A_FLOW.match(behind):
        return Role.STAKE
    if before.endswith(("its ", "their ")) and _FROM_OWN.match(behind):
        return Role.OTHER
    if _HELD.search(before) or _KEPT.search(before) or _STAYS.match(behind) or _PROMISED_VOTES.match(behind):
        return Role.OTHER
    return None
