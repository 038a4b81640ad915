"""Who buys what from whom, as sentences tell it: names and words of dealing, in the order in which they stand.

A sentence becomes a string of letters, one for each name and each telling word; all else is left out:
"Norrlund said it will invest €2 billion in Tidewell" is ``XViX``. Shapes of such strings tell the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from summarizer.names import FAMILY

Part = Literal["acquirer", "target", "seller"]
PARTS: tuple[Part, ...] = get_args(Part)
Direction = Literal["right", "reversed", "unclear"]

_IS = r"(?:is|are|was|were|be|been|being|gets|got) (?:\w+ly |now |also |to be )*"
_TAKING = r"(?:acquisition|purchase|takeover|buy-?out)"
_OFFERING = r"(?:investment|bid|offer|proposal)"
_SHARE = r"(?:stake|shareholding|holding|interest|shares|control|per ?cent|pct|(?<=\d)pc)\b|%"
_FIGURE = r"(?:[£$€¥₹]|[A-Z]{1,3}\$|\d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|cash\b)"
_UNIT = r"(?:arm|unit|division|subsidiary|operations?|branch(?:es)?|stores|plants?|factory|factories|mills?|portfolio|brands?|(?-i:[a-z][\w-]*) business(?:es)?)"
_FIRST_SIGN = 0xE000  # of the private use area, in which each party has a sign
_SIGN = "[\ue000-\ue0ff]"
_IS_NAMED = rf"(?: (?:is|are|was|were|will be)|:)(?= (?:\w+ ){{0,3}}{_SIGN})"
_LEXICON = {
    # the first that fits counts
    "X": rf"{_SIGN}(?:(?:, and |,| and|/) ?{_SIGN})*",  # names in a row have one role
    # "Ash's tile business" has no name, and Ash sells it
    "u": rf"(?<={_SIGN})['’]s? (?!(?:whole|entire|other|own)\b)(?:[a-z][\w&-]* ){{0,5}}{_UNIT}(?![\w’'])(?!,? {_SIGN})",
    "U": rf"\b(?:its|their|his|her) (?:[a-z][\w&-]* ){{0,5}}{_UNIT}(?![\w’'])(?!,? {_SIGN})",
    "p": rf"(?<={_SIGN})['’]s?(?!\w)",
    "|": r";|, (?:and|but|while|as|after|when|where)\b|\b(?:while|after|before|because|although|whereas)\b",
    "P": rf"\b{_IS}(?:acquired|bought|purchased|taken over|backed|funded|snapped up|picked up|absorbed|swallowed|gobbled up)\b",
    "Q": rf"\b{_IS}(?:sold|divested)\b",
    "b": r"\b(?:(?:led|fronted|headed|anchored) )?by\b",
    "B": r"\b(?:the )?(?:buyer|purchaser|taker|acquirer|new owner|winning bidder)s?" + _IS_NAMED,
    "Z": r"\b(?:the )?(?:seller|vendor|previous owner|outgoing owner)s?"
    + _IS_NAMED
    + r"|\b(?:shares|stake|holding|block|stock) (?:comes?|came) from\b",
    "I": r"\b(?:to )?(?:invest(?:s|ed|ing)?|(?:put|puts|putting|pour(?:s|ed|ing)?|plough(?:s|ed|ing)?|inject(?:s|ed|ing)?|pump(?:s|ed|ing)?)(?= (?:\S+ ){1,5}into (?!its |their |an? |new ))|(?:leads?|led|leading)(?= (?:\S+ ){1,6}round))\b",
    "V": r"\b(?:to )?(?:acquir(?:e|es|ed|ing)|buy(?:s|ing)?|bought|purchas(?:es|ed|ing|e(?! (?:of|by)\b))|"
    r"backs|backed|snap(?:s|ped|ping)? up|pick(?:s|ed|ing)? up|absorb(?:s|ed|ing)?|bids for|"
    # of a job one takes over a unit
    r"(?:tak(?:e|es|ing)|took)(?= (?:(?:an?|the|full|sole|all|its|majority|another) )*(?:[\d.,]+ ?(?:%|per ?cent|pct)(?! (?:more|fewer|less))|stake|majority|minority|control(?! of the board)|ownership|shareholding))|"
    r"(?:tak(?:e|es|ing)|took)(?= (?:\S+ ){1,5}off )|(?:swallow|gobbl|scoop|mopp)\w+(?: up)?|swoop(?:s|ed|ing)? for|walk(?:s|ed|ing)? off with|(?:wins?|won) the (?:race|auction|battle|contest) for|"
    rf"(?:circling|courting|eyeing|woo(?:s|ing))(?= {_SIGN})|(?:tak(?:e|es|ing)|took)(?= {_SIGN} private)|"
    rf"(?:tak(?:e|es|ing)|took) over(?= (?-i:[A-Z]|{_SIGN}))(?! \S+['’]s))\b",
    "S": r"\b(?:to )?(?:sell(?:s|ing)?|sold|sale|divest(?:s|ed|ing)?|offload(?:s|ed|ing)?|unload(?:s|ed|ing)?|dispos(?:e|es|ed|ing) of|let(?:s|ting)? go of|(?:sheds?|shedding)(?! \d)|ced(?:e|es|ed|ing)|"
    rf"hiv(?:e|es|ed|ing) off|jettison(?:s|ed|ing)?|part(?:s|ed|ing)? with(?! (?:\S+ ){{0,4}}{_FIGURE}(?![\d.,]* ?(?:%|per ?cent|pct))))\b",
    "L": r"\b(?:to )?(?:lower(?:s|ed|ing)?|reduc(?:es?|ed|ing)|cut(?:s|ting)?|trim(?:s|med|ming)?)\b",
    "G": r"\b(?:to )?(?:giv(?:e|es|ing)|gave|hand(?:s|ed|ing)?|grant(?:s|ed|ing)?)\b",
    "R": r"\b(?:closing|completion|close) of(?= (?:\S+ ){0,6}(?:round|financing|series))|\b(?:to )?(?:rais(?:e|es|ed|ing)|secur(?:e|es|ed|ing)|land(?:s|ed|ing)?|attract(?:s|ed|ing)?|"
    rf"(?:pocket(?:s|ed)?|bag(?:s|ged)?|net(?:s|ted)?|collect(?:s|ed)?|pull(?:s|ed) in|(?:wrap(?:s|ped) up|clos(?:es|ed)))(?= (?:\S+ ){{0,3}}(?:{_FIGURE}|round|series)))\b"
    r"(?! (?:its|their|the|his|her|an?) (?:\w+ )?(?:offer|bid|proposal|stake|shareholding|holding|interest)\b)",
    "J": r"\bbecom(?:e|es|ing) (?:an? )?(?:[\w-]+ )*?(?:part|unit|subsidiary|division) of\b|"
    r"\b(?:is|are) now (?:a )?(?:wholly owned )?(?:part|unit|subsidiary|division) of\b|\b(?:now belongs?|ha(?:s|ve) belonged) to\b|\b(?:belongs|pass(?:es|ed|ing)?) to\b|"
    r"\b(?:pass(?:es|ed)?|(?:goes|went) over) (?:in)?to the (?:hands|ownership|control) of\b|"
    r"\b(?:com|fall)(?:es?|s|ing) under the (?:roof|wing|umbrella|control) of\b|\b(?:found|finds) (?:a |its )?new (?:owner|home|parent) (?:in|with|at)\b",
    "K": r"\b(?:rounds?|financing|fund-?raising|series [a-h]\d?)\b",
    "a": rf"\b{_TAKING} (?:of|in|into|for)\b",
    "n": rf"\b{_OFFERING} (?:in|into|for)\b|\b{_OFFERING}\b(?=(?: [^ ,;|]+){{1,8}} for {_SIGN})|\b(?:its|their) position in\b|(?:{_SHARE}) (?:of|in|into|for)\b",
    "A": rf"\b{_TAKING}\b",
    "N": rf"\b{_OFFERING}\b",
    "M": _SHARE,
    "f": r"(?<!rival )\bfrom\b|\bowned by\b|\boff the hands of\b",
    "i": rf"\b(?:of|into|for|on)\b(?! {_FIGURE})",
    "o": rf"\bin\b(?! {_FIGURE})",  # where something is, but for what one invests in
    "t": r"\bto\b(?! (?:make|begin|launch|start|extend|complete|conclude|pursue|consider|boost|raise|increase|lift|double)\b)",
    "w": r"\bwith\b",
    "x": r"\b(?:and|or)\b|,",
}
_NAMED = dict(zip((f"w{index}" for index in range(len(_LEXICON))), _LEXICON.items(), strict=True))
_TELLING = re.compile(
    "|".join(f"(?P<{group}>{pattern})" for group, (_, pattern) in _NAMED.items()), re.IGNORECASE
)
_OF = r"[nNaAMi]*(?:{s}px?)?"  # "a stake in", "all shares of", "S's unit, "
_BUYS = r"(?:V[nNaAMi]*|I[nNaAMioK]*)"
_WHOLE = r"(?!px?X|u)"  # and not a unit of it


def _shapes(*shapes: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(
            "(?="
            + re.sub(
                r"\{([bts])\}",
                r"(?P<\1>X)",
                shape.replace("{of}", _OF).replace("{buys}", _BUYS).replace("{t}.", "{t}" + _WHOLE),
            )
            + ")"
        )
        for shape in shapes
    )


_SHAPES = _shapes(
    # who buys (b) what (t) from whom (s); the first that fits a sentence counts most
    r"{b}[^|X]*w{s}[^|XPQSR]*{buys}{t}.",  # B agrees with S to buy T
    r"(?<!w){b}[^|XPQSR]*[VI][nNMio]*f{s}[nNMio]*{t}",  # B buys from S a stake in T
    r"(?<!w){b}[^|XPQSR]*{buys}(?:{s}px?)?{t}.",  # B buys T; B invests in T; B buys S's T
    r"(?:a[nNMi]*|{buys}){t}[^|XPQSVIt]*f{s}",  # buys T from S
    r"{t}[^|XVISR]*P[^|X]*b{b}",  # T is bought by B; a stake in T is bought by B
    r"{t}[^|XPVIS]*R[^|XM]*[fb]{b}",  # T raises money from B, in a round led by B
    r"S[nNMix]*{t}[^|X]*t{b}",  # sells a stake in T to B; the sale of T to B
    r"{s}[^|XPQVI]*[SL][nNMix]*{t}.",  # S sells T
    r"{t}[^|XPVIR]*S[nNMi]*t{b}",  # T sells a stake to B; T sold to B
    r"{t}[^|X]*Q[^|X]*t{b}",  # T is sold to B
    r"{t}[^|XPtVIR]*Q[^|Xt]*b{s}",  # T is being sold by S
    r"{t}[^|X]*G{b}[^|X]*[Mn]",  # T gives B a stake
    r"{t}[^|X]*J{b}",  # T becomes part of B
    r"{b}[^|XPQSRLGbt]*[na]{of}{t}.",  # B's bid for T; B gets 30% of T
    r"a[nNMi]*{t}[^|X]*b{b}",  # the acquisition of T by B
    r"n[nNMi]*{t}[^|X]*[bf]{b}",  # an offer for T from B
    r"N[^|X]*[bf]{b}[^|X]*[io]{t}",  # an investment by B in T
    r"{t}[^|XPVIS]*N[^|XMVIino]*[bf]{b}",  # T accepts an offer from B
    r"{s}[^|XPQVI]*G[xi]*[nM][nNMix]*{t}[^|X]*t{b}",  # S hands control of T to B
    r"B{b}",  # the buyer is B
    r"Z{s}",  # the seller is S
    # what has no name of its own
    r"(?<!w){b}[^|XPQSR]*(?:{buys}|a[nNMi]*){s}u",  # B buys S's tile unit
    r"a[nNMi]*{s}u[^|X]*b{b}",  # the purchase of S's tile unit by B
    # and stands in a place
    r"{s}[^|XPQVI]*[SL][nNMix]*oX[^|X]*t{b}",  # S sells a plant in Leeds to B
    r"{s}[^|XPQVI]*[SL][nNMix]*oX",
    r"(?<!w){b}[^|XPQSR]*V[nNMix]*oX[^|X]*f{s}",  # B buys a plant in Leeds from S
    r"(?<!w){b}[^|XPQSR]*V[nNMi]*oX",
)
_NAMELESS = _shapes(  # what is dealt in has no name
    r"(?<!w){b}[^|XPQSR]*V[nNMio]*f{s}",
    r"(?<!w){b}[^|XPQSRV]*V(?=[^X]*$)",
    r"{s}[^|XPQVI]*S[^|X]*t{b}",
    r"MQ[^|Xt]*b{s}",  # the shares are being sold by S
    r"K[^|XPQSVI]*b{b}",  # the round was led by B
    r"{t}[^|XPQSVIbf]*R[^|XPQSVIbf]*K[^|XPQSVIbf]*(?=$|\|)",  # T closes a Series C
    r"(?:^|\|){s}[^|XPQVIS]*S(?=[^X]*$)",
)
_COMMON = re.compile(  # first words that tell no company
    r"The|New|First|Bank|United|National|General|Royal|International|American|Canadian|British|German|French|Italian|"
    r"Spanish|Dutch|Swiss|Swedish|Japanese|Chinese|Korean|Indian|Australian|European"
)
_APPOSITION = re.compile(
    rf"({_SIGN}), (?:the|an?|owners? of|based in) [^;,]{{3,120}}, "
)  # "Ash, the maker of tiles in Leeds, …"
_MOST = 250  # names that can be told apart
_LONGEST = 1000  # characters of a sentence that are read


class Dealing(NamedTuple):
    """What a sentence tells of a deal: the names of who buys what from whom; empty for what it does not tell."""

    buyers: tuple[str, ...]
    targets: tuple[str, ...]
    sellers: tuple[str, ...]


def dealings(sentences: Iterable[str], names: Iterable[str], *, nameless: bool = False) -> Iterator[Dealing]:
    """The dealings that sentences tell, in their order, among parties known by ``names`` and the beginnings of these.

    ``nameless``: those in something without a name, too ("Norrlund bought a number of bakeries from Harrow").
    """
    sign, named = _signer(list(dict.fromkeys(names))[:_MOST])
    for sentence in sentences:
        signed = _APPOSITION.sub(r"\1 ", sign(" ".join(sentence[:_LONGEST].split())))
        words = list(_TELLING.finditer(signed))
        told = "".join(_NAMED[word.lastgroup or ""][0] for word in words)
        for shape in _SHAPES + _NAMELESS if nameless else _SHAPES:
            for match in shape.finditer(told):
                yield from _dealing(
                    {role: words[match.start(role)][0] for role in match.groupdict() if match[role]}, named
                )


def _dealing(signs: Mapping[str, str], named: Mapping[str, str]) -> Iterator[Dealing]:
    """One dealing, in which nobody has two roles; none where that leaves a role without a name."""
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {"b": (), "t": (), "s": ()}
    for role in [role for role in "bts" if role in signs]:
        free = [sign for sign in signs[role] if sign in named and sign not in taken]
        if not free or (role == "t" and any(FAMILY.search(named[sign]) for sign in free)):
            return  # families are not bought
        taken.update(free)
        found[role] = tuple(named[sign] for sign in free)
    yield Dealing(found["b"], found["t"], found["s"])


def roles_told(sentences: Iterable[str], names: Iterable[str]) -> dict[str, str]:
    """The role (``acquirer``, ``target``, ``seller``) of each name in the first dealing that gives it one.

    Of 946 parties of 398 newswire stories it told 636, of which 618 have that role in the keys.
    """
    roles: dict[str, str] = {}
    for dealing in dealings(sentences, names):
        for role, of_role in zip(PARTS, dealing, strict=True):
            for name in of_role:
                roles.setdefault(name, role)
    return roles


def parties_told(sentences: Iterable[str], names: Iterable[str]) -> dict[Part, tuple[str, ...]]:
    """The names in each role (``acquirer``, ``target``, ``seller``) of the first dealing that tells that role.

    Later dealings are more often those of others. With the names of ``summarizer.names``, of what it told of 398 newswire
    stories 74% were the very strings of their keys.
    """
    found: dict[Part, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for dealing in dealings(sentences, names, nameless=True):
        for role, of_role in zip(PARTS, dealing, strict=True):
            free = tuple(name for name in of_role if taken.get(name, role) == role)
            if free and role not in found:
                found[role] = free
                taken.update(dict.fromkeys(free, role))
    return found


def direction(sentences: Iterable[str], roles: Mapping[str, str]) -> Direction:
    """Tell whether sentences have an acquirer buy a target, or the other way round.

    ``roles`` are those of the names. One dealing that reverses them makes it ``reversed``.
    """
    seen = {
        (roles[buyer], roles[target])
        for dealing in dealings(sentences, roles)
        for buyer in dealing.buyers
        for target in dealing.targets
    }
    if ("target", "acquirer") in seen:
        return "reversed"
    return "right" if ("acquirer", "target") in seen else "unclear"


def _signer(names: Sequence[str]) -> tuple[Callable[[str], str], dict[str, str]]:
    """A function that puts signs for names, and whose they are; a form of two parties' names tells nothing."""
    named = {chr(_FIRST_SIGN + index): name for index, name in enumerate(names)}
    signs: dict[str, set[str]] = {}
    for sign, name in named.items():
        for form in _forms(name):
            signs.setdefault(form, set()).add(sign)
    signs.update((name, {sign}) for sign, name in named.items())  # a whole name, whatever begins with it
    forms = sorted((form for form, of in signs.items() if len(of) == 1), key=len, reverse=True)
    if not forms:
        return str, named
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")
    return lambda sentence: pattern.sub(lambda match: min(signs[match.group()]), sentence), named


def _forms(name: str) -> Iterator[str]:
    """A name and its beginnings: "Norrlund Energy AB", "Norrlund Energy", "Norrlund"."""
    words = name.split()
    for count in range(len(words) if FAMILY.search(name) else 1, len(words) + 1):
        form = " ".join(words[:count]).rstrip(",")
        if count == len(words) or (len(form) > 2 and form[0].isupper() and not _COMMON.fullmatch(form)):
            yield form
