"""Words around a figure that say how firmly it is meant."""

import re

from .model import Qualifier
from .plain import SEP, words

_PHRASES = {
    Qualifier.ABOUT: """
        about, around, approximately, approx, approx., roughly, some, nearly, almost, close to, near, nearing,
        an estimated, estimated, estimated at, circa, ca., c., in the region of, in the range of,
        in the neighborhood of, in the neighbourhood of, on the order of, in the order of, virtually,
        practically, ~, ≈""",
    Qualifier.AT_LEAST: """
        more than, over, at least, a minimum of, minimum of, a minimum, no less than, not less than, no
        fewer than, not fewer than, upwards of, upward of, in excess of, exceeding, exceeds, exceed,
        exceeded, surpassing, surpasses, surpass, surpassed, above, north of, greater than, better than,
        higher than, past, beyond, topping, tops, topped, as little as, as low as, as few as, >, ≥, >=""",
    Qualifier.AT_MOST: """
        up to, as much as, as many as, as high as, at most, at the most, no more than, not more than,
        no higher than, less than, fewer than, lower than, under, below, a maximum of, maximum of, a maximum,
        not exceeding, not to exceed, capped at, south of, shy of, short of, <, ≤, <=""",
}
_HEDGES = {
    " ".join(phrase.split()): qualifier
    for qualifier, phrases in _PHRASES.items()
    for phrase in phrases.split(",")
}
_LONGEST = max(len(phrase.split()) for phrase in _HEDGES)
_LAST_WORDS = {phrase.split()[-1] for phrase in _HEDGES}
_SIGNS = "~≈<>≤≥"
_DEGREES = words("just only slightly well far significantly substantially somewhat somewhere")
# "up to a further $5 million", "nearly a 20% stake": words that may stand between.
_FILLERS = words("a an another further additional extra")
# But "talks about a $5 million deal" and "under a $5 million contract" hedge nothing.
_NO_FILLER = words("about around over under above below near some")
# "Turned over $5 million" is a verb's "over".
_OVER = words("turn turns turned turning hand hands handed handing take takes took taking carried rolled")
_OPENING = "(\"'“[-—"

_WORD = re.compile(r"[^ \n]+")
_TRAILING = re.compile(
    rf"{SEP}(or{SEP}(?:(?P<least>more|higher|above|better)|(?P<most>less|lower|fewer|below)|so|thereabouts)"
    rf"|at{SEP}(?:(?P<at_least>least)|(?P<at_most>(?:the{SEP})?most)))\b"
    r"|-(plus)\b| {1,4}(plus)(?= *(?:[.,;:)\n]|\Z))|(\+)(?!\w)",
    re.IGNORECASE | re.ASCII,
)


def before(text: str, start: int, floor: int) -> tuple[Qualifier, tuple[int, int]] | None:
    """Return the qualifier and the span of the hedge that ends at `start`, not reaching back over `floor`."""
    floor = max(floor, start - 48)
    near = text[floor:start].rstrip(" \n")
    last = near[max(near.rfind(" "), near.rfind("\n")) + 1 :].lower()
    if not last or not (last in _FILLERS or last[-1] in _SIGNS or last.lstrip(_OPENING) in _LAST_WORDS):
        return None  # as before most figures
    head = [(word.start(), word[0].lower()) for word in _WORD.finditer(text, floor, start)]
    filler = False
    while head and head[-1][1] in _FILLERS:
        head.pop()
        filler = True
    if not head or text.count("\n", head[-1][0], start) > 1:
        return None
    last_start, last = head[-1]
    end = last_start + len(last)
    if last[-1] in _SIGNS and not filler:
        sign = last[-2:] if last[-2:] in _HEDGES else last[-1]
        return _HEDGES[sign], (end - len(sign), end)
    if last.lstrip(_OPENING) not in _LAST_WORDS or (filler and last in _NO_FILLER):
        return None
    found = _phrase(head)
    if found is None:
        return None
    qualifier, first = found
    if last == "over" and first and head[first - 1][1] in _OVER:
        return None
    if first and (wider := _phrase(head[:first])):  # of "at least about" the bound says more
        qualifier, first = (wider[0] if qualifier is Qualifier.ABOUT else qualifier), wider[1]
    if first and head[first - 1][1] in _DEGREES:
        first -= 1
    begin, word = head[first]
    return qualifier, (begin + len(word) - len(word.lstrip(_OPENING)), end)


def after(text: str, end: int) -> tuple[Qualifier, tuple[int, int]] | None:
    """Return the qualifier and the span of "or more", "or so" or "plus" right after `end`."""
    match = _TRAILING.match(text, end)
    if match is None:
        return None
    if match["most"] or match["at_most"]:
        qualifier = Qualifier.AT_MOST
    elif match["least"] or match["at_least"] or match[1] is None:
        qualifier = Qualifier.AT_LEAST
    else:
        qualifier = Qualifier.ABOUT
    return qualifier, match.span(match.lastindex or 0)


def _phrase(head: list[tuple[int, str]]) -> tuple[Qualifier, int] | None:
    """Return the qualifier of the longest hedge that ends the list, and the index of its first word."""
    words = [word for _, word in head[-_LONGEST:]]
    for first in range(-len(words), 0):
        phrase = " ".join(words[first:]).lstrip(_OPENING)
        if phrase in _HEDGES:
            return _HEDGES[phrase], len(head) + first
    return None
