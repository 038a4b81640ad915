"""Who buys whom, as sentences tell it: parties and words of dealing, in the order in which they stand.

A sentence becomes a string of letters, one for each party and each telling word; all else is left out:
"Norrlund said it will invest €2 billion in Tidewell" is ``BViT``. Shapes of such strings tell the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

Direction = Literal["right", "reversed", "unclear"]

_IS = r"(?:is|are|was|were|be|been|being|gets|got) (?:\w+ly |now |also |to be )*"
_NOUN = r"(?:acquisition|purchase|takeover|buy-?out|investment|bid|offer)"
_SHARE = r"(?:stake|shareholding|holding|interest|shares|control|per ?cent|(?<=\d)pc)\b|%"
_SIGNS = {"①": "B", "②": "T", "③": "O"}  # stand for the parties in a sentence
_LEXICON = {
    # the first that fits counts
    "|": r";|, (?:and|but|while|as|after|when|where)\b|\b(?:while|after|before|because|although|whereas)\b",
    "P": rf"\b{_IS}(?:acquired|bought|purchased|taken over|backed|funded|snapped up|picked up|absorbed)\b",
    "Q": rf"\b{_IS}(?:sold|divested)\b",
    "b": r"\b(?:led )?by\b",
    "V": r"\b(?:to )?(?:acquir(?:e|es|ed|ing)|buy(?:s|ing)?|bought|purchas(?:es|ed|ing|e(?! (?:of|by)\b))|invest(?:s|ed|ing)?|"
    r"backs|backed|snap(?:s|ped|ping)? up|pick(?:s|ed|ing)? up|absorb(?:s|ed|ing)?|bids for|"
    # of a job one takes over a unit, and one leads much else
    r"(?:tak(?:e|es|ing)|took) over(?= (?-i:[A-Z①②③]))(?! \S+['’]s)|(?:leads?|led|leading)(?= (?:\S+ ){1,6}round))\b",
    "S": r"\b(?:to )?(?:sell(?:s|ing)?|sold|sale|divest(?:s|ed|ing)?|offload(?:s|ed|ing)?)\b",
    "G": r"\b(?:to )?(?:giv(?:e|es|ing)|gave|hand(?:s|ed|ing)?|grant(?:s|ed|ing)?)\b",
    "R": r"\b(?:to )?(?:rais(?:e|es|ed|ing)|secur(?:e|es|ed|ing)|land(?:s|ed|ing)?|attract(?:s|ed|ing)?)\b",
    "J": r"\bbecom(?:e|es|ing) (?:an? )?(?:\w+ )?(?:part|unit|subsidiary|division) of\b",
    "n": rf"(?:\b{_NOUN}|{_SHARE}) (?:of|in|into|for)\b",
    "N": rf"\b{_NOUN}\b",
    "M": _SHARE,
    "f": r"\bfrom\b",
    "i": r"\b(?:of|in|into|for|on)\b",
    "t": r"\bto\b",
    "x": r"\b(?:and|or|with)\b|,",
}
_NAMED = dict(zip((f"w{index}" for index in range(len(_LEXICON))), _LEXICON.items(), strict=True))
_TELLING = re.compile(
    "[①②③]|" + "|".join(f"(?P<{group}>{pattern})" for group, (_, pattern) in _NAMED.items()), re.IGNORECASE
)
_X = "[BTO]"  # a party: the buyer, the target, or another
_SHAPES = tuple(
    re.compile("(?=" + shape.replace("{b}", f"(?P<b>{_X})").replace("{t}", f"(?P<t>{_X})") + ")")
    for shape in (
        r"{t}[^|BTOVSR]*P[^|BTO]*b{b}",  # T is bought by B; a stake in T is bought by B
        r"{b}[^|BTOPQSR]*V[nNMi]*(?:f[BTO][nNMi]*)?{t}",  # B buys T; B invests in T; B buys from O a stake in T
        r"{t}[^|BTOPVS]*R[^|BTOM]*[fb]{b}",  # T raises money from B, in a round led by B
        r"S[nNMi]*{t}[^|BTO]*t{b}",  # O sells a stake in T to B; the sale of T to B
        r"{t}[^|BTOPVR]*S[nNMi]*t{b}",  # T sells a stake to B; T sold to B
        r"{t}[^|BTO]*Q[^|BTO]*t{b}",  # T is sold to B
        r"{t}[^|BTO]*G{b}[^|BTO]*[Mn]",  # T gives B a stake
        r"{t}[^|BTO]*J{b}",  # T becomes part of B
        r"{b}[^|BTOPQSRbft]*n[nNMi]*{t}",  # B's bid for T; B gets 30% of T
        r"n[nNMi]*{t}[^|BTO]*[bf]{b}",  # the acquisition of T by B
        r"N[^|BTO]*[bf]{b}[^|BTO]*i{t}",  # an investment by B in T
        r"{t}[^|BTOPVS]*N[^|BTOMVin]*[bf]{b}",  # T accepts an offer from B
    )
)
_COMMON = {
    "The",
    "New",
    "First",
    "Bank",
    "United",
    "National",
    "General",
    "American",
    "Royal",
    "International",
}


def direction(sentences: Iterable[str], parties: Iterable[Any]) -> Direction:
    """Tell whether sentences have the acquirer buy the target, or the other way round.

    ``parties`` have a ``name`` and a ``role``; they are known by their names and the beginnings of these. One
    sentence that reverses them makes it ``reversed``.
    """
    signed = _signer(parties)
    seen = set()
    for sentence in sentences:
        told = "".join(map(_letter, _TELLING.finditer(signed(" ".join(sentence.split())))))
        seen |= {match.group("b", "t") for shape in _SHAPES for match in shape.finditer(told)}
    if ("T", "B") in seen:
        return "reversed"
    return "right" if ("B", "T") in seen else "unclear"


def _letter(match: re.Match[str]) -> str:
    return _NAMED[match.lastgroup][0] if match.lastgroup else _SIGNS[match.group()]


def _signer(parties: Iterable[Any]) -> Callable[[str], str]:
    """A function that puts signs for the parties; a form of two parties' names tells nothing."""
    signs: dict[str, set[str]] = {}
    for party in parties:
        sign = {"acquirer": "①", "target": "②"}.get(str(party.role), "③")
        for form in _forms(party.name):
            signs.setdefault(form, set()).add(sign)
    forms = sorted((form for form, of in signs.items() if len(of) == 1), key=len, reverse=True)
    if not forms:
        return lambda sentence: sentence
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    return lambda sentence: pattern.sub(lambda match: min(signs[match.group()]), sentence)


def _forms(name: str) -> Iterator[str]:
    """A name and its beginnings: "Norrlund Energy AB", "Norrlund Energy", "Norrlund"."""
    words = name.split()
    for count in range(1, len(words) + 1):
        form = " ".join(words[:count]).rstrip(",")
        if count == len(words) or (len(form) > 2 and form[0].isupper() and form not in _COMMON):
            yield form
