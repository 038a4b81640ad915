"""What the words near a figure say about its role: price, valuation, stake, revenue, fee and so on.

No model is asked. Each figure takes the role of the nearest telling words of its sentence that no other
figure of the same kind stands between; words behind a figure ("$3 million fee") beat equally near ones in
front of it. A figure with no telling words near it has no role, and may then play any.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from summarizer.cues import Cue, small
from summarizer.mentions import Kind, Mention


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


_MONEY_ROLES: tuple[tuple[Role, str], ...] = (
    # "a deal valued at", "an offer worth": the price; "the company is valued at": its value.
    (
        Role.PRICE,
        r"(?:deal|transaction|purchase|acquisition|investment|offer|bid|buyout|takeover|merger|sale|agreement)"
        r"(?:,? (?:is|was|which is|that is|reportedly|said to be|being|currently|now)){0,4},? "
        r"(?:valued at|worth|for|of|totall?ing)",
    ),
    # "The shares added 3%, valuing it at": what the stock market says.
    (
        Role.MARKET,
        r"\b(?:pair|two|both|together|combined) (?:are|is) (?:now )?worth|share price|\bclosing price|\bclos(?:e|ed|ing) (?:of|at)\b|last traded|\b(?:shares|stock) (?:rose|fell|added|gained|lost|jumped|closed|ended|slid|climbed)\b[^.;]{0,40}\bvalu\w+(?: \w+){0,3} at",
    ),
    (
        Role.VALUATION,
        r"\b(?:is|are|be|was|were) (?:now |then |thus )?worth|\b(?:reckons|pegs|puts|prices|rates|marks) (?:[\w-]+ ){1,5}at\b|(?:group|company|firm|business|insurer|bank|giant|maker|retailer|producer|operator|combination) (?:now )?worth|\bpric(?:es|ing) (?:\w+ ){1,4}at\b|valuations?|valued(?: the \w+| it)? at|valu(?:es|ing)(?: [\w.’'-]+){1,5} at\b|valu(?:es|ing)\b|(?:would|will|to) value|post-money|pre-money|"
        r"enterprise value|equity value|implied value|(?:a|total) value of|worth of the company",
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
        r"annual sales|\bsales of|in sales|sales (?:rose|fell|grew)|run[- ]rate|bookings|backlog",
    ),
    (
        Role.DEBT,
        r"\bdebts?\b|\bassum(?:e|es|ed|ing|ption)\b|\bloans?\b|borrow\w*|credit (?:line|facility)|\bbonds?\b|\bnotes\b|liabilities|bank financing",
    ),
    (Role.ASSETS, r"\bassets?\b|under management|net worth|book value|deposits"),
    (
        Role.SPENDING,
        r"capital expenditures?|capex|spend(?:s|ing)?\b|spent\b|budgets?|\bfines?\b|penalt(?:y|ies)|settlement|salary|"
        r"compensation|\bpackages?\b|savings|synergies|dividends?|buybacks?|costs?\b|charges?\b|write-?(?:off|down)s?",
    ),
    (Role.RAISED, r"\brais(?:e|es|ed|ing)\b|funding|\bround\b|series [a-h]\b|financing"),
    (
        Role.PRICE,
        r"invest(?:ment|ments|ing|ed|s)?\b|\bput(?:s|ting)?(?: in)?\b|\bpour(?:s|ing|ed)?\b|pay(?:s|ing|ment)?\b|paid\b|purchase price|price tag|\bprice\b|"
        r"acquir(?:e|es|ed|ing)\b|acquisition|\bbuy(?:s|ing|out)?\b|\bbought\b|purchas(?:e|es|ed|ing)\b|takeover|"
        r"\bdeal\b|transaction|\boffer(?:s|ed)?\b|\bbid\b|\bsold\b|\bsale\b|\bsell(?:s|ing)?\b|consideration|"
        r"in cash|cash and stock|in stock|all-cash|all-stock|merger|injection|(?<!% )(?<!per cent )(?<!percent )stake|transfer",
    ),
)
_PERCENT_ROLES: tuple[tuple[Role, str], ...] = (
    (
        Role.CHANGE,
        r"\brose\b|\bris(?:e|es|ing)\b|\bf[ae]ll(?:s|ing|en)?\b|\bcuts?\b|\bgr(?:ew|ow|owth|own)\w*|increas\w+|decreas\w+|declin\w+|\bup\b|\bdown\b|premium|discount|"
        r"margins?|\brates?\b|attrition|gain(?:ed|s)?\b|jump\w*|surg\w+|dropp?\w*|climb\w*|higher|lower|more than last|"
        r"turnover|of (?:its |the )?(?:revenue|sales|workforce|staff|employees|market|customers|users|profit|jobs)|market share",
    ),
    (
        Role.STAKE,
        r"stakes?\b|ownership|\bowns?\b|\bowned\b|owning|interests?\b|holdings?\b|\bholds?\b|\bheld\b|"
        r"\btak(?:e|es|ing) (?=[\w.]+ ?(?:%|per ?cent|pct) of)|\b(?:its|their|remaining|other) (?=[\d.]+ ?(?:%|per ?cent|pct)(?!\w))|equity|\bcontrol\w*|shareholding|voting|of (?:the |its |all |total )?(?:\w+ ){0,3}(?:shares|stock|company|business|capital)|"
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
# What somebody owns already is not what changes hands: "the family holds about 62%".
_HELD = re.compile(
    r"(?<!will )(?<!would )(?<!could )(?<!may )(?<!to )(?<!then )(?:holds|owns|controls|has|already (?:holds|owns|has|controls)|owned|held) "
    r"(?:(?:about|around|approximately|some|nearly|almost|over|more than|just|under|a|an|the) )*$"
)
_PAST = Cue(
    r"\b(?:previous(?:ly)?(?![ -](?:announced|reported|disclosed|agreed|proposed|planned))|earlier (?:deal|round|investment|funding|acquisition|this year|in|stake)|last year|years? ago|"
    r"months? ago|a year earlier|prior (?:round|funding|investment|deal)|former(?:ly)?|past (?:deal|round)s?|"
    r"(?:most recent|last|latest) (?:funding|round|valuation)|history)\b"
)
_DONE = Cue(
    r"\b(?:raised|acquired|bought|invested|sold|purchased?|merged|paid|took|funding|round|acquisition|backed|led)\b"
)
_AHEAD = Cue(r"\b(?:will|would|expect\w*|plans?|due|agreed|agrees|options?|until)\b")
_BACKGROUND = Cue(r"\b(?:background|history|previous|earlier|past)\b")


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
    return tuple(
        _role(sentence, words, mention.start - offset, mention.end - offset, mention.kind, left, right)
        for mention, left, right in zip(mentions, lefts, reversed(rights), strict=True)
    )


def _role(sentence: str, words: str, start: int, end: int, kind: Kind, left: int, right: int) -> Role | None:
    """Return the role of the figure from ``start`` to ``end``; telling words are looked for from ``left`` to ``right``.

    ``words`` is the sentence in small letters.
    """
    table = _TABLES.get(kind)
    if table is None:
        return None
    before = words[max(left, start - _SENTENCE) : start]
    if kind is Kind.PERCENT and _HELD.search(before):
        return Role.OTHER
    told = _SOLD_FOR.search(before) if kind is Kind.MONEY else None
    if told is not None and not _CLAUSE_END.search(told[0]):
        return Role.PRICE
    left, right = max(left, start - _REACH), min(right, end + _REACH)
    best: tuple[float, Role] | None = None
    for role, pattern in table:
        for match in pattern.finditer(words, left, right):
            if match.end() <= start:
                gap, between = float(start - match.end()), sentence[match.end() : start]
            # "Valuing Ash at" speaks of what follows it.
            elif match.start() >= end and not match[0].endswith(" at"):
                gap, between = match.start() - end - 3.0, sentence[end : match.start()]
            else:
                continue
            if _CLAUSE_END.search(between):
                gap += _REACH / 2
            if best is None or gap < best[0]:
                best = (gap, role)
    found = best[1] if best is not None else None
    if kind is Kind.PER_SHARE and found not in _PER_SHARE:
        return Role.PRICE
    return found


def is_earlier(sentence: str, heading: str, mentions: Sequence[Mention]) -> bool:
    """Whether a sentence tells of a transaction before the one that its article reports.

    Signs: a word such as "previously", or a finished transaction in a bare year ("raised … in 2031"), or a
    year under a heading such as "Background". A full date is no sign: news gives the day of its own deal.
    """
    if _DONE.search(sentence) is None:
        return False
    if _PAST.search(sentence):
        return True
    bare_year = any(mention.kind is Kind.DATE and len(mention.date or "") == 4 for mention in mentions)
    return (bare_year and not _AHEAD.search(sentence)) or (
        bool(mentions) and _BACKGROUND.search(heading) is not None
    )
