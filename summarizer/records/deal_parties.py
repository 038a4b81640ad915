"""The parties of a deal: one for a name, under its bare name, and the investors that a round's sentence lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from summarizer.cues import Cue
from summarizer.dealings import roles_told
from summarizer.document import Sentence, Zone
from summarizer.inventory import Inventory, fold
from summarizer.names import is_common
from summarizer.records.deal_kind import deal_type
from summarizer.records.deal_terms import DealType, PartyRole
from summarizer.records.values import Value, Words

_TOOK_PART = Cue(
    r"\b(?:participat\w+|took part|tak(?:e|es|ing) part|also invested|joined (?:the|in the) (?:round|financing|funding)|"
    r"(?:was |were )?joined by|alongside|co-?invest(?:ed|ors?)|other investors|also (?:backed|joined|put))\b"
)
_RAISES = Cue(r"\bseries [a-h]\b|\b(?:seed|funding|financing|investment) round\b|\brais(?:e|es|ed|ing)\b")
_ROUND = Cue(r"\b(?:round|series [a-h]|financing|funding|raise|backers?|investors?|shareholders?)\b")
_CAPITALS = r"[A-Z][\w&'’.-]*"
_NAMED = re.compile(rf"{_CAPITALS}(?: (?:of |de |& )?{_CAPITALS})*")
_OPENERS = re.compile(
    r"^(?:(?:New|Existing|Other|Also|Both|The|Current|Previous|Earlier|Return(?:ing)?|Several|Joined|Participants|Investors?|Backers?|Series [A-H])\b ?)+"
)
_BASED = re.compile(r"^\S+-(?:based|listed|owned|backed)\b ?")
_OF_TWO = (PartyRole.ACQUIRER, PartyRole.TARGET)
_DEALING = (*_OF_TWO, PartyRole.SELLER)
_ADVISES = re.compile(
    r"(?:, [^,;.]{3,60},)? (?:(?:is|was|are|were|has|have|been|also) )*(?:advis(?:ed|es|ing)\b(?! (?:that|against|people|clients|investors to))|"
    r"act(?:s|ed|ing)? (?:for|as (?:\w+ )?(?:counsel|advis[eo]r))\b|(?:(?:legal|financial|sole|lead) )*(?:counsel|advis[eo]rs?) to\b)"
)
# "Advised by Ash & Co", "Legal counsel: Ash & Co": a row of names follows.
_ADVISED_BY = re.compile(
    r"\badvised by |\b(?:[Cc]ounsel|[Aa]dvis[eo]rs?)(?: (?:to|for) [^:.;]{3,60})?(?: (?:is|are|was|were)|:) "
)
_BEFORE_NAME = r"(?:(?:the|an?|its|[a-z][\w-]*) ){0,6}"  # "the buyout firm "
_IN_A_ROW = re.compile(rf"(?:, and|,| and| with) {_BEFORE_NAME}")
_ONE_OF_ROW = re.compile(_BEFORE_NAME)
_OWN = Cue(r"\bown(?:ers?|ed|s)?\b")
# Between a company and its owner, and between an owner and its company.
_OWNED_BY = re.compile(
    rf"(?:['’]s? (?:\w+ ){{0,2}}owners?,? {_BEFORE_NAME}|,? (?:(?:which|is|has|been|was|currently|now|wholly|fully) )*owned (?:since [\w ]{{3,20}} )?by {_BEFORE_NAME})"
)
_OWNS = re.compile(
    r",? (?:(?:the|an?|which|current|present|sole|has|have|who|is|are|family) )*(?:owners? of|own|owns|owned) (?:all of |the whole of )?(?:the )?"
)
_JOINS = Cue(
    r"\b(?:joint venture|jointly[ -]owned|partnership|partner(?:s|ing)? (?:with|to)|team(?:s|ed|ing)? up|join(?:s|ed|ing)? forces|join hands|"
    r"alliance|licen[cs](?:e|ing) (?:agreement|deal|pact)|set(?:ting)? up|collaborat\w+|co-?operat\w+)\b"
)
_MERGES = Cue(r"\bmerg(?:e|es|ed|ing|er)\b|\bcombin(?:e|es|ed|ing|ation)\b|\bunion of\b")
_OF_BOTH = re.compile(r"\b(?:merger|union|combination|tie-up) (?:of|between) ")
_WHOLE = (DealType.ACQUISITION, DealType.DIVESTITURE)  # who owns what changes hands sells it
_TOGETHER = (DealType.PARTNERSHIP, DealType.JOINT_VENTURE)
_DATED = re.compile(r"\b(?:19|20)\d\d\b")  # an earlier round


class Party(Value):
    """A company or group of the deal, named as the text names it."""

    name: Annotated[
        Words,
        Field(
            description="The fullest form of the name that the article uses, without ticker, title or description"
        ),
    ]
    aliases: Annotated[
        tuple[Words, ...],
        Field(description="The other forms of the name that the article uses, short ones too; not pronouns"),
    ] = ()
    role: Annotated[PartyRole, Field(description="What it does in this deal")]


def roles_read(inventory: Inventory) -> frozenset[PartyRole]:
    """The roles whose parties the words tell: advisers always, buyer and target where they tell both."""
    both = {PartyRole.ACQUIRER, PartyRole.TARGET}
    return frozenset({PartyRole.ADVISER} | (both if both <= inventory.parties.keys() else set()))


def refine_parties(
    inventory: Inventory, parties: Sequence[Party], facts: Mapping[str, Any]
) -> tuple[Party, ...]:
    """Keep one party for a name, in the first role given; a name inside a longer one of the same role goes.

    Of "the buyout house Ondaro Equity" the name is what is in capitals.
    """
    kind = deal_type(inventory, facts)
    if any(_RAISES.search(sentence.text) for sentence in inventory.leading()):
        parties = [*parties, *_participants(inventory)]
    bare = [party.model_copy(update={"name": _bare_name(party.name)}) for party in parties]
    bare = [party for party in bare if " of " in party.name or not is_common(party.name)]
    # Before the rest: a partner of the deal may well be the one who buys, and the words are surer of that.
    dealing = [party for party in bare if party.role in _DEALING]
    bare = [*dealing, *_told(inventory, dealing), *(party for party in bare if party not in dealing)]
    if kind in _TOGETHER:
        bare = _with_partners(bare, list(_partners(inventory, _JOINS)))
    elif kind is DealType.MERGER and len(dealing) < len(_OF_TWO):
        bare = _with_partners(bare, list(_partners(inventory, _MERGES)))
    if kind in _WHOLE and not any(party.role is PartyRole.SELLER for party in bare):
        bare = [*_owner(inventory, [p.name for p in bare if p.role is PartyRole.TARGET]), *bare]
    bare += [one for one in _advisers(inventory) if all(fold(one.name) != fold(party.name) for party in bare)]
    before = inventory.sentences_on_earlier  # who sells now has bought then
    running = (sentence.text for sentence in inventory.sentences if sentence.number not in before)
    told = roles_told(running, (party.name for party in bare))
    kept: list[Party] = []
    for party in bare:
        role = party.role
        if (
            role in _DEALING and party.name in told
        ):  # words are surer of who buys from whom than a small model
            role = PartyRole(told[party.name])
        elif role in _OF_TWO and kind is DealType.MERGER:
            role = PartyRole.PARTNER  # which of the two takes the other over, no word tells
        if role in _OF_TWO and kind in _TOGETHER:
            role = PartyRole.PARTNER  # nobody buys, and nobody is bought
        party = party.model_copy(update={"role": role})
        name = fold(party.name)
        if any(
            f" {name} " in f" {fold(other.name)} "  # Orchard, where Orchard Ltd has a role already
            or (party.role == other.role and _short_for(name, fold(other.name)))
            for other in kept
        ):
            continue
        kept.append(party)
    return tuple(kept)


def _told(inventory: Inventory, known: Sequence[Party]) -> Iterator[Party]:
    """Those whom the words make buyer, target or seller, where nobody is known as such."""
    names = [fold(party.name) for party in known]
    taken = {party.role for party in known}
    for role, told in inventory.parties.items():
        if PartyRole(role) in taken:
            continue
        for name in told:
            if not any(_short_for(fold(name), other) for other in names):
                yield Party(
                    name=name, role=PartyRole(role), evidence=inventory.cite(_telling(inventory, name))
                )


def _telling(inventory: Inventory, name: str) -> list[Sentence]:
    """The first sentence of the running text that names a party of the deal beside another; else the first that names it."""
    others = [other for told in inventory.parties.values() for other in told if other != name]
    beside = {place[0].number for other in others for place in inventory.occurrences(other)}
    named = [place[0] for place in inventory.occurrences(name)]
    both = [
        sentence
        for sentence in named
        if sentence.number in beside and sentence.zone is Zone.BODY and not sentence.heading
    ]
    return [*both, *named][:1]


_LINK = re.compile(r"&|and|of|for|the|de|la|le|du|di|da|del|von|van|der|für|et|y")
_APPOSITION = re.compile(r",\s+(?:an?|the|its|which|who)\s.*", re.DOTALL)


def _bare_name(name: str) -> str:
    """What follows the last plain word; the name itself where nothing does, or no word is plain."""
    name = _APPOSITION.sub("", name)
    words = list(re.finditer(r"\S+", name))
    plain = [i for i, word in enumerate(words) if word[0].islower() and not _LINK.fullmatch(word[0])]
    behind = words[plain[-1] + 1 :] if plain else []
    first = next((word for word in behind if not _LINK.fullmatch(word[0])), None)
    return name[first.start() :] if first is not None else name


def _advisers(inventory: Inventory) -> Iterator[Party]:
    """Those that a sentence tells to advise, or to act for, a side of the deal."""
    for sentence in inventory.sentences:
        text = " ".join(sentence.text.split())
        if sentence.heading or not (_ADVISES.search(text) or _ADVISED_BY.search(text)):
            continue
        found = [
            name
            for name in inventory.names
            if (at := text.find(name)) >= 0 and _ADVISES.match(text, at + len(name))
        ]
        for match in _ADVISED_BY.finditer(text):
            found += _row(inventory, text, match.end())
        for name in dict.fromkeys(found):
            yield Party(name=name, role=PartyRole.ADVISER, evidence=inventory.cite([sentence]))


def _row(inventory: Inventory, text: str, at: int) -> Iterator[str]:
    """The names that stand one after the other from ``at`` on, "and" or commas between them."""
    link = _ONE_OF_ROW.match(text, at)
    while link is not None:
        name = next((name for name in inventory.names if text.startswith(name, link.end())), None)
        if name is None:
            return
        yield name
        link = _IN_A_ROW.match(text, link.end() + len(name))


def _owner(inventory: Inventory, targets: Sequence[str]) -> Iterator[Party]:
    """Who owns what is bought, where a sentence tells it: "Ash's owner, the buyout firm Elm", "Ash, owned by Elm"."""
    forms = [form for target in targets for form in {target, target.split()[0]} if len(form) > 2]
    for sentence in inventory.matching(_OWN):  # few: each is searched for every name of the text
        text = " ".join(sentence.text.split())
        for form in forms:
            at = text.find(form)
            if at < 0:
                continue
            for name in inventory.names:
                where = text.find(name)
                if where < 0 or name.startswith(form):
                    continue
                owned = where > at and _OWNED_BY.fullmatch(text, at + len(form), where)
                if owned or (where < at and _OWNS.fullmatch(text, where + len(name), at)):
                    yield Party(name=name, role=PartyRole.SELLER, evidence=inventory.cite([sentence]))
                    return


def _partners(inventory: Inventory, words: Cue) -> Iterator[Party]:
    """The two whom the first sentence with such ``words`` names before them, or with "with": "Ash and the miner Elm are setting up"."""
    for sentence in inventory.leading():
        text = " ".join(sentence.text.split())
        cue = words.search(text)
        if sentence.heading or cue is None:
            continue
        named = sorted((at, name) for name in inventory.names if (at := text.find(name)) >= 0)
        behind = text.find(" with ", cue.start())
        partner = next(_row(inventory, text, behind + len(" with ")), None) if behind >= 0 else None
        before = [name for at, name in named if at < cue.start()]
        both = _OF_BOTH.search(text)
        two = [before[0], partner] if before and partner is not None else before[:2]
        if both is not None and len(row := list(_row(inventory, text, both.end()))) > 1:
            two = row[:2]
        if len(two) == 2:
            for name in two:
                yield Party(name=name, role=PartyRole.PARTNER, evidence=inventory.cite([sentence]))
            return


def _with_partners(parties: Sequence[Party], partners: Sequence[Party]) -> list[Party]:
    """Those partners first that are not known yet; what is named as if two were one ("Ash and Elm") goes."""
    names = [fold(partner.name) for partner in partners]
    first = [name.split()[0] for name in names]
    single = [
        p
        for p in parties
        if not (len(names) == 2 and all(f" {word} " in f" {fold(p.name)} " for word in first))
    ]
    new = [p for p in partners if not any(_short_for(fold(p.name), fold(other.name)) for other in single)]
    return [*new, *single]


def _short_for(short: str, long: str) -> bool:
    return f" {short} " in f" {long} " or f" {long} " in f" {short} "


def _participants(inventory: Inventory) -> Iterator[Party]:
    """The companies that a sentence on a funding round lists as taking part: a model names one, and a round has many."""
    for sentence in inventory.sentences:
        match = _TOOK_PART.search(sentence.text)
        if match is None or not _ROUND.search(sentence.text) or _DATED.search(sentence.text):
            continue
        # "A and B took part" lists them before its verb, "with participation from A and B" behind it.
        behind = re.match(
            r"[^.;]*?\b(?:from|by|participation of|alongside|investors|include\w*|:)\b",
            sentence.text[match.start() :],
        )
        words = sentence.text[match.start() :] if behind else sentence.text[: match.start()]
        for found in _NAMED.finditer(words):
            name = _BASED.sub("", _OPENERS.sub("", found[0])).rstrip(".")
            if len(name) > 2 and not name.isdigit():
                yield Party(name=name, role=PartyRole.ACQUIRER, evidence=inventory.cite([sentence]))
