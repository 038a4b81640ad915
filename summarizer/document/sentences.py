"""Where one sentence of English prose ends and the next begins. Linear in the text, offsets exact.

Why an own splitter: sentencex panics on white space beyond ASCII and cuts "approx. $5 million" in two,
nupunkt needs Python 3.11 and joins "on Friday.Then it", syntok takes 14 ms for 1,000 words. On 2,216
sentences of newswire and articles this one and sentencex differ 26 times; this one is right in over 20.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# One match is a run of stops, the quotes, brackets and note marks that close after it, and white space.
# Nothing after a `+` or `*` can fail, so the expression never backs up and stays linear.
_STOP = re.compile(r"""([.!?…。！？]+)((?:["'”’»)\]]|\[\d{1,3}\])*)(\s*)""")
_LAST_TOKEN = re.compile(r"""[^\s("'“‘«\[/—–]*\Z""")
_NEXT_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.)*[^\W\d_]{1,3}")  # U.S   a.m   S.p.A   Ph.D
_FINAL = re.compile(r"""[.!?…。！？]["'”’»)\]]*\Z""")
_LOOK_BACK = 32  # characters; no abbreviation is longer
LONGEST = 1000  # characters of a sentence
# Where a longer sentence is cut, best first; never beside a digit, so that no figure is cut in two.
_CLAUSE_ENDS = tuple(
    map(re.compile, (r"[;:](?= \D)", r",(?= [^\W\d])", r"(?<=[^\W\d]{3})(?= [^\W\d]{4})", r"(?= )"))
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A full stop after one of these never ends a sentence.
_NEVER_LAST = _words(
    "mr mrs ms messrs dr prof gen sen rep gov hon capt lt col sgt rev mt chas wm vs cf viz ca approx "
    "incl excl e.g i.e"
)
# A full stop after one of these ends a sentence only before a word of _STARTERS.
_ABBREVIATIONS = _words(
    "inc corp ltd co cos plc llc bros assn dept intl mfg jr sr st ave blvd dist univ etc est avg "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla "
    "ore pa penn tenn tex va vt wash wis wyo ont que ft ph.d"
)
# A full stop after one of these does not end a sentence before a figure ("No. 5", "Sept. 5", "Rs. 500").
_BEFORE_FIGURES = _words("no nos rs fig figs art sec para p pp vol ch max min est avg ca eur usd gbp inr")
_STARTERS = _words(
    "a an the this that these those there it its he she they we you his her their our who what when "
    "where why how in on at by for from with under after before as while if although though since until "
    "because despite once during through both all some many most several each neither either another "
    "such but and or so also then yet still however meanwhile moreover furthermore besides therefore "
    "thus instead earlier later today yesterday last next now no not only one two three mr mrs ms dr "
    "shares terms analysts officials separately according"
)
_COMPANY_ENDINGS = _words("inc corp ltd co plc llc com net org io ai js")


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of ``text[start:end]``, trimmed.

    A sentence of more than ``LONGEST`` characters is cut at clauses, or at blanks where it has none: a fact
    carries its sentence as evidence, and one sentence may be a whole page.
    """
    for first, last in _spans(text, start, end):
        while last - first > LONGEST:
            cut = _clause_end(text, first, first + LONGEST)
            yield first, cut
            first = cut
            while first < last and text[first].isspace():
                first += 1
        if first < last:
            yield first, last


def _clause_end(text: str, first: int, limit: int) -> int:
    for pattern in _CLAUSE_ENDS:
        ends = [match.end() for match in pattern.finditer(text, first + LONGEST // 2, limit)]
        if ends:
            return ends[-1]
    return limit


def _spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield ``(start, end)`` of each sentence in ``text[start:end]``; only white space is left out."""
    first = start
    for stop in _STOP.finditer(text, start, end):
        if stop.end() == end:
            break
        cut = _cut(text, first, stop)
        if cut is not None:
            yield first, cut
            first = stop.end() if cut == stop.end(2) else cut
    if first < end:
        yield first, end


def ends_sentence(text: str) -> bool:
    """Whether ``text`` closes with a full stop, an exclamation or question mark, quotes aside."""
    return _FINAL.search(text, max(0, len(text) - 8)) is not None


def _cut(text: str, first: int, stop: re.Match[str]) -> int | None:
    """Where to cut at this stop: after its closing quotes, or None where the sentence goes on."""
    marks, closers, gap = stop[1], stop[2], stop[3]
    follower = text[stop.end()]
    if marks[-1] in "。！？":
        return stop.end(2)
    if follower.islower() or follower in ",;:%)]}&":
        return None
    word = _NEXT_WORD.match(text, stop.end())
    next_word = word[0] if word else ""
    if next_word.lower() in _COMPANY_ENDINGS:  # "Yahoo! Inc", "Example.Com"
        return None
    token = _token_before(text, first, stop.start())
    if not gap and not _missing_space(token, next_word, closers):
        return None
    if marks == "." and not closers and not _full_stop_ends(text, token, stop, next_word):
        return None
    if not gap and closers == '"' and text.count('"', first, stop.start()) % 2 == 0:
        return stop.end(1)  # an opening quote that lost the space before it: 'on Friday."We are glad'
    return stop.end(2)


def _token_before(text: str, first: int, position: int) -> str:
    token = _LAST_TOKEN.search(text[max(first, position - _LOOK_BACK) : position])
    return token[0] if token else ""


def _missing_space(token: str, next_word: str, closers: str) -> bool:
    """Whether "Friday.Then" are two sentences whose space was lost, and not an address or a name."""
    if len(next_word) < 2 or not next_word[0].isupper() or not (next_word[1:].islower()):
        return next_word in ("A", "I") and (token[-1:].islower() and len(token) > 2)
    if "@" in token or "://" in token or token.lower().startswith("www."):
        return False
    if closers or token[-1:].isdigit() or token[-1:] in "%)”’":
        return True
    return (token[-1:].islower() and len(token) > 1) or next_word.lower() in _STARTERS


def _full_stop_ends(text: str, token: str, stop: re.Match[str], next_word: str) -> bool:
    """Whether the full stop after ``token`` ends the sentence, and not just an abbreviation."""
    lower = token.lower()
    if lower in _NEVER_LAST:
        return False
    follower = text[stop.end()]
    if follower.isdigit() or follower in "$€£¥₹":
        if lower in _BEFORE_FIGURES:
            return False
        return lower not in _ABBREVIATIONS and not _is_initials(token)
    if lower in _ABBREVIATIONS or _is_initials(token):
        starts = next_word.lower() in _STARTERS
        # "J. A. Doe": a lone letter with its own full stop is one more initial, not the article "A".
        return starts and not (len(next_word) == 1 and text.startswith(".", stop.end() + 1))
    return True


def _is_initials(token: str) -> bool:
    if len(token) == 1:
        return token.isupper()
    return "." in token and _INITIALS.fullmatch(token) is not None
