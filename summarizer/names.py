"""Names in running text that may be those of parties, told by their capitals alone; no list of companies is kept.

Headings are not read: where every word has a capital, none tells a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w&'’+/-]|\.(?=\w))*|[&,;:()\"“”<>]|\S")
_SUFFIX = re.compile(
    r"(?:Inc|INc|Incorporated|Corp|Corporation|Ltd|Limited|Plc|PLC|plc|LLC|LLP|L\.P\.|LP|AG|SA|S\.A\.|SE|SpA|Spa|AB|ASA|AS|A/S|Oy|Oyj|NV|N\.V\.|"
    r"BV|B\.V\.|GmbH|KG|KGaA|KK|K\.K\.|Bhd|Pty|Sarl|Sdn|Pte|Holdings?|Co)\b"
)
_LINKS = frozenset(
    {"of", "de", "du", "del", "della", "di", "da", "la", "le", "van", "von", "der", "den", "y", "et", "und"}
)
_TITLE = re.compile(
    r"(?:Chair(?:man|woman|person)?|President|Director|Managing|Chief|Executive|Officer|Founder|Co-founder|Financier|Investor|Businessman|"
    r"Entrepreneur|Industrialist|Billionaire|Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Minister|Senator|Analysts?|Spokes(?:man|woman|person)|"
    r"Takeover|Publisher|Developer|Rival|Parent|Buyout|Competitor)"
)
_OPENER = re.compile(  # words that begin sentences, and no name
    r"(?:The|A|An|It|Its|He|She|They|Their|His|Her|We|Our|You|I|In|On|At|By|To|From|For|With|Under|Over|After|Before|But|And|Or|As|If|When|"
    r"While|Where|Since|Until|Although|However|Because|Both|Each|All|Some|Most|Many|Several|Other|Another|One|Two|Three|Four|Five|Six|Seven|"
    r"Eight|Nine|Ten|This|That|These|Those|There|Here|Such|No|Not|Nor|Neither|Either|Also|Separately|Earlier|Later|Last|Next|Now|Then|Today|"
    r"Yesterday|Tomorrow|Terms|Shares?|Shareholders|Stockholders|Holders|Directors|Officials?|Sources?|Company|Companies|"
    r"According|Upon|Following|Early|Late|Investors?|Talks|Buying|Selling|Under)"
)
_ALONE = re.compile(  # words that are no name alone
    r"(?:Group|Class|Series|Wall|Street|Board|Banks?|Court|State|Federal|Government|Ministry|Department|District|County|"
    r"Securities|Commission|Exchange|SEC|FTC|FCC|CEO|CFO|COO|CTO|AI|IPO|IT|EBITDA|ESG|M&A|Q[1-4]|H[12]|EU|UK|U\.K\.?|US|U\.S\.?|USA|U\.S\.A\.?|"
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|"
    r"Mon(?:day)?|Tues?(?:day)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?|"
    r"North|South|East|West|Northern|Southern|Eastern|Western|Central|New|European?|Asian?|Africa[n]?|America[n]?|British|Britain|English|England|"
    r"Scottish|Scotland|Irish|Ireland|French|France|German[sy]?|Germany|Spanish|Spain|Portuguese|Portugal|Italian|Italy|Dutch|Netherlands|Belgian|Belgium|"
    r"Swiss|Switzerland|Austrian?|Swedish|Sweden|Danish|Denmark|Norwegian|Norway|Finnish|Finland|Polish|Poland|Greek|Greece|Turkish|Turkey|"
    r"Russian?|Japan(?:ese)?|Chin(?:a|ese)|Korean?|Indian?|Australian?|Canad(?:a|ian)|Mexic(?:o|an)|Brazil(?:ian)?|Israel[i]?|Saudi|Nordic|Baltic|Pacific|"
    r"Hawaii(?:an)?|Hong|Kong|Singapore|London|Paris|Tokyo|Chicago|Texas|California|Florida|York|United|States|Kingdom|Delaware|and|of)"
)
_MONEY = re.compile(r"(?:US|A|C|HK|NZ|S|R|CHF|EUR|USD|GBP|JPY|SEK|NOK|DKK|INR|Rs|Euros?|Dollars?)")
_LONGEST = 8  # words of a name


def names(sentences: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order of the text, with single blanks, without short forms of earlier ones.

    A name ends behind a company's suffix and before ``'s``; "and" joins two words before a suffix ("Frost and Sullivan
    Inc"). Titles, days, nations and words that begin sentences are cut off.
    """
    found: list[str] = []
    for name in dict.fromkeys(name for sentence in sentences for name in _in(" ".join(sentence.split()))):
        if not any(
            f" {longer} ".startswith(f" {name} ") or f" {longer} ".endswith(f" {name} ") for longer in found
        ):
            found.append(name)
    return tuple(found)


def is_company(name: str) -> bool:
    """Whether a name ends as those of companies do: "Kettle Foods Inc"."""
    return len(words := name.split()) > 1 and _SUFFIX.fullmatch(words[-1].rstrip(".,")) is not None


def _in(sentence: str) -> Iterator[str]:
    words = list(_WORD.finditer(sentence))
    index = 0
    while index < len(words):
        if not _capital(words[index][0]):
            index += 1
            continue
        end = _end(words, index)
        first = index
        while first < end and _DROPPED.fullmatch(words[first][0]):
            first += 1
        if first < end:
            name = sentence[words[first].start() : words[end - 1].end()]
            name = re.sub(r"['’]s?$", "", name)
            alone = all(
                _ALONE.fullmatch(word) or _SUFFIX.fullmatch(word) or _MONEY.fullmatch(word)
                for word in name.split()
            )
            if (
                len(name) > 1
                and not alone
                and not _OF_PLACE.fullmatch(words[end - 1][0])
                and not _placed(sentence, words[first].start(), words[end - 1].end())
            ):
                yield name
        index = max(end, index + 1)


_OF_PLACE = re.compile(r"\S+-(?:based|quoted|listed|owned)")  # "London-based"
_IN = re.compile(r"\b(?:of|in|at|near|based in)\s$")
_STATE = re.compile(r", (?:[A-Z][\w.]*)(?: [A-Z]\w+)?(?:,|\.|$| (?:for|to|from|and)\b)")


def _placed(sentence: str, start: int, end: int) -> bool:
    """Whether it is a place: "of Paramus, N.J."."""
    return bool(_IN.search(sentence[:start]) and _STATE.match(sentence, end))


def _end(words: list[re.Match[str]], start: int) -> int:
    """Where the name that begins at a word ends."""
    at = start
    while at < len(words) and at - start < _LONGEST:
        word = words[at][0]
        if at > start and words[at].start() != words[at - 1].end() + 1 and words[at - 1][0] not in "()":
            return at  # a full stop or a comma, or no blank, stands between
        if _capital(word):
            at += 1
            if re.search(r"['’]s?$", word) or _OF_PLACE.fullmatch(word):
                return at
            if _SUFFIX.fullmatch(word) and not (at < len(words) and _SUFFIX.fullmatch(words[at][0])):
                return at
            continue
        if word == "(" and at + 3 < len(words) and _capital(words[at + 1][0]) and _capital(words[at + 3][0]):
            close = next((i for i in range(at + 2, min(at + 5, len(words))) if words[i][0] == ")"), None)
            if close is not None and close + 1 < len(words) and _capital(words[close + 1][0]):
                at = close + 1
                continue
        after = words[at + 1][0] if at + 1 < len(words) else ""
        if (
            (word in _LINKS and _capital(after) and not _SUFFIX.fullmatch(words[at - 1][0]))
            or (word == "&" and _capital(after))
            or (word == "and" and _capital(after) and _joined(words, at))
        ):
            at += 1
        else:
            return at
    return at


_GENERIC = re.compile(
    r"(?:Loan|Investments?|Gas|Mfg|Manufacturing|Sons|Company|Co|Partners|Trust|Associates|Brothers|Trading|Development|Exploration|Technology|"
    r"Services|Rubber|Chemicals?|Paper|Steel|Engineering|Electric|Oil|Power|Light|Marine|Insurance|Retail|Resources|Sales|Finance|Casualty)"
)


def _joined(words: list[re.Match[str]], at: int) -> bool:
    """Whether "and" stands inside a name: before a word of trades, or between one word and another with a suffix."""
    if _SUFFIX.fullmatch(words[at - 1][0]) and words[at - 1][0] != "Holding":
        return False
    if _GENERIC.fullmatch(words[at + 1][0]):
        return True
    if at >= 2 and _capital(words[at - 2][0]) and words[at - 2].end() + 1 == words[at - 1].start():
        return False
    behind = [word[0] for word in words[at + 2 : at + 4]]
    return any(_SUFFIX.fullmatch(word) for word in behind)


def _capital(word: str) -> bool:
    return word[:1].isupper() or (word[:1].isdigit() and word[-1:].isalpha() and word[-1:].isupper())


_DROPPED = re.compile(f"{_OPENER.pattern}|{_TITLE.pattern}")
