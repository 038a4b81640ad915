"""Names in running text that may be those of parties, told by their capitals alone; no list of companies is kept.

Headings are not read: where every word has a capital, none tells a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_SUFFIXES = _words(
    "Inc Incorporated Corp Corporation Ltd Limited Plc PLC plc LLC LLP L.P. LP AG SA S.A. SE SpA Spa S.p.A. AB ASA AS A/S Oy Oyj "
    "NV N.V. BV B.V. GmbH KG KGaA KK K.K. Bhd Pty Sarl Sdn Pte Holding Holdings Co"
)
_LINKS = _words("of de du del della di da la le van von der den y et und")
_TITLES = _words(
    "Chair Chairman Chairwoman Chairperson President Director Managing Chief Executive Officer Founder Co-founder Financier "
    "Investor Businessman Entrepreneur Industrialist Billionaire Mr Mrs Ms Dr Sir Dame Lord Mayor Governor Minister Senator Analyst Analysts "
    "Spokesman Spokeswoman Spokesperson Takeover Publisher Developer Rival Parent Buyout Competitor"
)
_OPENERS = _words(  # begin sentences, and no name
    "The A An It Its He She They Their His Her We Our You I In On At By To From For With Under Over After Before But And Or As If "
    "When While Where Since Until Although However Because Both Each All Some Most Many Several Other Another One Two Three Four "
    "Five Six Seven Eight Nine Ten This That These Those There Here Such No Not Nor Neither Either Also Separately Earlier Later "
    "Last Next Now Then Today Yesterday Tomorrow Terms Share Shares Shareholders Stockholders Holders Directors Official Officials "
    "Source Sources Company Companies According Upon Following Early Late Investors Talks Buying Selling About What Why How Who Which Whose Nobody Nothing Out So Even Still Between Besides Today Key Price Sellers Legal"
)
_COMMON = _words(  # no name without other words
    "Group Family Founders Owners Management Class Series Wall Street Board Bank Banks Court State Federal Government Ministry Department District County Securities "
    "Commission Exchange SEC FTC FCC CEO CFO COO CTO AI IPO IT EBITDA ESG M&A Q1 Q2 Q3 Q4 H1 H2 EU UK U.K U.K. US U.S U.S. USA U.S.A. "
    "January Jan February Feb March Mar April Apr May June Jun July Jul August Aug September Sept Sep October Oct November Nov "
    "December Dec Monday Mon Tuesday Tues Tue Wednesday Wed Thursday Thu Friday Fri Saturday Sat Sunday Sun "
    "North South East West Northern Southern Eastern Western Central New Nordic Baltic Pacific Hawaii Hawaiian Scandinavian "
    "Europe European Asia Asian Africa African America American Americas Latin Britain British England English Scotland Scottish Wales "
    "Welsh Irish Ireland France French Germany German Spain Spanish Portugal Portuguese Italy Italian Netherlands Dutch Belgium Belgian "
    "Luxembourg Switzerland Swiss Austria Austrian Liechtenstein Sweden Swedish Denmark Danish Norway Norwegian Finland Finnish Iceland "
    "Icelandic Poland Polish Czech Czechia Slovak Slovakia Slovenia Slovenian Hungary Hungarian Romania Romanian Bulgaria Bulgarian "
    "Croatia Croatian Serbia Serbian Bosnia Bosnian Albania Albanian Macedonia Macedonian Montenegro Montenegrin Greece Greek Cyprus "
    "Cypriot Malta Maltese Turkey Turkish Estonia Estonian Latvia Latvian Lithuania Lithuanian Russia Russian Ukraine Ukrainian Belarus "
    "Belarusian Moldova Moldovan Georgia Georgian Armenia Armenian Azerbaijan Azerbaijani Kazakhstan Kazakh Uzbekistan Uzbek Mongolia "
    "Mongolian Japan Japanese China Chinese Korea Korean Taiwan Taiwanese Thailand Thai Vietnam Vietnamese Malaysia Malaysian Indonesia "
    "Indonesian Philippines Philippine Filipino Singapore Singaporean India Indian Pakistan Pakistani Bangladesh Bangladeshi Lanka Lankan "
    "Nepal Nepalese Australia Australian Zealand Zealander Canada Canadian Mexico Mexican Brazil Brazilian Argentina Argentine Argentinian "
    "Chile Chilean Peru Peruvian Colombia Colombian Venezuela Venezuelan Ecuador Ecuadorian Bolivia Bolivian Uruguay Uruguayan Paraguay "
    "Paraguayan Panama Panamanian Guatemala Guatemalan Cuba Cuban Jamaica Jamaican Israel Israeli Saudi Arabia Arabian Emirati Qatar "
    "Qatari Kuwait Kuwaiti Bahrain Bahraini Oman Omani Jordan Jordanian Lebanon Lebanese Iraq Iraqi Iran Iranian Egypt Egyptian Morocco "
    "Moroccan Tunisia Tunisian Algeria Algerian Libya Libyan Nigeria Nigerian Ghana Ghanaian Kenya Kenyan Uganda Ugandan Tanzania "
    "Tanzanian Ethiopia Ethiopian Rwanda Rwandan Senegal Senegalese Ivorian Cameroon Cameroonian Zambia Zambian Zimbabwe Zimbabwean "
    "Botswana Namibia Namibian Mozambique Mozambican Angola Angolan Mauritius Mauritian Gulf Iberian "
    "Hong Kong London Paris Tokyo Chicago Texas California Florida York United States Kingdom Delaware and of "
    "A B C D E F G HK NZ S R CHF EUR USD GBP JPY SEK NOK DKK INR Rs Euro Euros Dollar Dollars"
)
_STATES = _words(
    "Alabama Alaska Arizona Arkansas California Colorado Connecticut Delaware Florida Georgia Idaho Illinois Indiana Iowa Kansas "
    "Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana Nebraska Nevada Ohio Oklahoma "
    "Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Washington Wisconsin Wyoming Ontario Quebec Alberta Manitoba "
    "Saskatchewan Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Mass Md Mich Minn Mo Miss Mont Neb Nev Okla Ore Pa Tenn "
    "Tex Va Vt Wash Wis Wyo Ont"
)
_TRADES = _words(  # behind "and", part of the name before it
    "Loan Investment Investments Gas Mfg Manufacturing Sons Company Co Partners Trust Associates Brothers Trading Development "
    "Exploration Technology Services Rubber Chemical Chemicals Paper Steel Engineering Electric Oil Power Light Marine Insurance "
    "Retail Resources Sales Finance Casualty"
)
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_](?:[\w&'’+/-]|\.(?=\w))*|\S")
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}")  # "N.J."
_POSSESSIVE = re.compile(r"['’]s?$")
_OF_PLACE = re.compile(r"\S+-(?:based|quoted|listed|owned)")  # "London-based"
_IN = re.compile(r"\b(?:of|in|at|near)\s$")
_STATE = re.compile(r", [A-Z][\w.]*(?: [A-Z]\w+)?(?:[,.]|$| (?:for|to|from|and)\b)")
_US_STATE = re.compile(
    rf", (?:{'|'.join(sorted(_STATES, key=len, reverse=True))}|(?:[A-Z]\.){{2}})(?![\w’'])"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
# "BASEL and OSAKA, 27 January 2031 – ", "Leeds (Reuters) - ": where and when a report was written.
_DATELINE = re.compile(
    rf"(?:[^\W\da-z][^a-z–—;:]*(?: (?:and|de|do|da) [^a-z–—;:]+)?(?:,? \(?{_MONTH}[^–—;:]{{0,20}}|,? \d{{1,2}} {_MONTH}[^–—;:]{{0,20}}|,? \([A-Z]\w+\))?"
    rf"|[^\W\da-z][^–—;:]{{1,50}}?,? (?:{_MONTH}[a-z]*\.? \d{{1,2}}|\d{{1,2}} {_MONTH}[a-z]*)[^–—;:]{{0,10}}?|[^\W\da-z]\w+ \([A-Z]\w+\)) ?(?:[–—]|--?) ?(?=[A-Z“\"])"
)
_ARTICLE = re.compile(r"\b(?:the|a|an|The|A|An)\s$")
_KIND = re.compile(
    r" (?:[a-z-]+ )?(?:group|company|firm|house|concern|business|family|families|bank|fund|giant|\w+(?:maker|er|or)s?)\b"
)
_MAKES = r"(?:[\w-]*makers?|producer|operator|retailer|lender|brewer|lessor|developer|supplier|distributor|manufacturer|carrier|airline|miner|grower|refiner|publisher|broadcaster|insurer|builder|start-?up|utility|peer|rival)"
# Words between a place and the kind of a company are no verbs: "Norrlund bought tile maker Elm" names a buyer.
_NO_VERB = (
    r"(?!(?:\w+s|\w+ed|to|in|into|of|by|and|or|but|for|with|from|at|on|as|that|the|an?|may|might|can|could|would|will|should|must|not|"
    r"bought|sold|took|won|got|made|held|led|met|paid|put|went|came|began|lost|beat|saw|found|let|cut|told|gave|kept)\b)"
)
# "Prague private equity house Elm", "Norfolk cider maker": where somebody is, or what is made there.
_PLACED = re.compile(
    rf" (?:{_NO_VERB}[a-z][\w-]* ){{0,3}}(?:(?:house|firm|group|company|fund|giant|bank|conglomerate|investor) [A-Z]|{_MAKES}\b)"
)
FAMILY = re.compile(r" (?:family|brothers|sisters|siblings)(?!\w)")  # behind a surname: they own as one
_LONGER = re.compile(r"[^\W\d_]{4,}")
_STOPS = '.!?;:”"'
_OF_SOMETHING = _words(
    "Bank Trust Union Commission Court University Ministry Department Federation Chamber Government"
)
_BEFORE = 6  # characters in which such a word stands before a name
_LONGEST = 8  # words of a name


def names(sentences: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the order of the text, with single blanks, without short forms of earlier ones.

    A name ends behind a company's suffix or "family" and before ``'s``; "and" stands in one where it joins a trade ("Ash Savings and Loan
    Association") or two single words before a suffix. Titles, days, nations, places and words that begin sentences are none.
    """
    found: list[str] = []
    running = (" ".join(sentence.split()) for sentence in sentences)
    told = list(
        dict.fromkeys(name for sentence in running if not _is_title(sentence) for name in _of(sentence))
    )
    known = frozenset(told)
    edges: set[str] = set()  # how the names so far begin and end
    for name in dict.fromkeys(_without_place(name, known) for name in told):
        if name not in edges:
            found.append(name)
            if not FAMILY.search(name):  # a firm may bear the name of its family
                edges.update(_beginnings(name))
                edges.update(_endings(name))
    return tuple(found)


def _beginnings(name: str) -> Iterator[str]:
    """The first words of a name, up to all of them."""
    words = name.split(" ")
    return (" ".join(words[:count]) for count in range(1, len(words) + 1))


def _endings(name: str) -> Iterator[str]:
    """The last words of a name, up to all of them."""
    words = name.split(" ")
    return (" ".join(words[-count:]) for count in range(1, len(words) + 1))


def _is_title(sentence: str) -> bool:
    """Whether each longer word has a capital, so that none tells a name: "Ash and Elm End Talks"."""
    longer = _LONGER.findall(sentence)
    return len(longer) > 3 and sentence[-1] not in _STOPS and all(word[0].isupper() for word in longer)  # fmt: skip


def _without_place(name: str, told: Set[str]) -> str:
    """Of "Ash Foods of Leeds" the name is Ash Foods where the text also speaks of Ash or of Ash Foods."""
    bare, of, _ = name.partition(" of ")
    alone = of and " " in bare and bare.split()[-1] not in _OF_SOMETHING
    return bare if alone and any(beginning in told for beginning in _beginnings(bare)) else name


def is_company(name: str) -> bool:
    """Whether a name ends as those of companies do: "Kettle Foods Inc"."""
    words = name.split()
    return len(words) > 1 and (words[-1] in _SUFFIXES or words[-1].rstrip(".,") in _SUFFIXES)


def _of(sentence: str) -> Iterator[str]:
    dateline = _DATELINE.match(sentence)
    tokens = list(_TOKEN.finditer(sentence, dateline.end() if dateline is not None else 0))
    index = 0
    while index < len(tokens):
        if not _capital(tokens[index][0]):
            index += 1
            continue
        end = _end(tokens, index)
        first = index
        while first < end and (
            tokens[first][0] in _OPENERS | _TITLES or _OF_PLACE.fullmatch(tokens[first][0])
        ):
            first += 1
        while index < first < end and tokens[first][0] in _LINKS:  # "directors of Ash"
            first += 1
        index = end
        if first == end or _OF_PLACE.fullmatch(tokens[end - 1][0]):
            continue
        start, stop = tokens[first].start(), tokens[end - 1].end()
        name = _POSSESSIVE.sub("", sentence[start:stop])
        if _US_STATE.match(sentence, stop) and " of " in name:
            name = name[: name.rindex(" of ")]  # "Ash Loan Association of Marsh, Ohio"
        if " " not in name and not is_common(name) and (kin := FAMILY.match(sentence, stop)) is not None:
            yield name + kin[0]
        elif len(name) > 1 and not is_common(name) and not _is_place(sentence, start, stop):
            yield name


def is_common(name: str) -> bool:
    """Whether each word of a name is a nation, a place, a day or a kind of company, so that it is nobody's: "Danish"."""
    return not name.endswith(" Government") and all(
        word in _COMMON or word in _SUFFIXES or word in _STATES or _INITIALS.fullmatch(word)
        for word in name.split()
    )


def _is_place(sentence: str, start: int, end: int) -> bool:
    """Whether it stands as places do: "of Paramus, N.J.", "the Leeds group"."""
    before = sentence[max(0, start - _BEFORE) : start]
    if " " not in sentence[start:end] and _PLACED.match(sentence, end):
        return True
    if _ARTICLE.search(before) and " " not in sentence[start:end]:
        return bool(_KIND.match(sentence, end))
    if _US_STATE.match(sentence, end) and " of " not in sentence[start:end]:
        return not is_company(sentence[start:end])
    return bool(_IN.search(before) and _STATE.match(sentence, end))


def _end(tokens: list[re.Match[str]], start: int) -> int:
    """Behind the last token of the name that begins at ``start``."""
    at = start
    while at < min(len(tokens), start + _LONGEST):
        word = tokens[at][0]
        if at > start and not _follows(tokens, at):
            return at  # a comma or a full stop stands between
        if _capital(word):
            at += 1
            ends = word in _SUFFIXES and not (at < len(tokens) and tokens[at][0] in _SUFFIXES)
            if ends or _POSSESSIVE.search(word) or _OF_PLACE.fullmatch(word):
                return at
        elif (close := _bracket(tokens, at)) is not None:
            at = close
        elif at + 1 < len(tokens) and _capital(tokens[at + 1][0]) and _links(tokens, at):
            at += 1
        else:
            return at
    return at


def _follows(tokens: list[re.Match[str]], at: int) -> bool:
    return tokens[at].start() == tokens[at - 1].end() + 1


def _bracket(tokens: list[re.Match[str]], at: int) -> int | None:
    """Behind a bracket inside a name: "Ash (New Zealand) Ltd"."""
    if tokens[at][0] != "(":
        return None
    for close in range(at + 2, min(at + 4, len(tokens) - 1)):
        if tokens[close][0] == ")" and tokens[close + 1][0] in _SUFFIXES | {"Holding", "Group"}:
            return close + 1
    return None


def _links(tokens: list[re.Match[str]], at: int) -> bool:
    """Whether a small word stands inside a name, before a capital."""
    word, before, after = tokens[at][0], tokens[at - 1][0], tokens[at + 1][0]
    if word == "&":
        return True
    if before in _SUFFIXES and before != "Holding":
        return False
    if word != "and":
        return word in _LINKS
    if after in _TRADES:
        return True
    alone = at < 2 or not (_capital(tokens[at - 2][0]) and _follows(tokens, at - 1))
    return alone and any(token[0] in _SUFFIXES for token in tokens[at + 2 : at + 4])


def _capital(word: str) -> bool:
    return word[0].isupper() or (word[0].isdigit() and word[-1].isupper())
