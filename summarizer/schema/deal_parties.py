"""The parties of a deal: one for a name, under its bare name, and the investors that a round's sentence lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from summarizer.cues import Cue
from summarizer.dealings import roles_told
from summarizer.document import Sentence, Zone
from summarizer.inventory import Inventory, fold
from summarizer.schema.deal_kind import deal_type
from summarizer.schema.deal_terms import DealType, PartyRole
from summarizer.schema.values import Value, Words

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
_DATED = re.compile(r"\b(?:19|20)\d\d\b")  # an earlier round


class Party(Value):
    """A company or group of the deal, named as the text names it."""

    name: Words
    role: PartyRole


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
    # Before the rest: a partner of the deal may well be the one who buys, and the words are surer of that.
    dealing = [party for party in bare if party.role in _DEALING]
    bare = [*dealing, *_told(inventory, dealing), *(party for party in bare if party not in dealing)]
    bare += [one for one in _advisers(inventory) if all(fold(one.name) != fold(party.name) for party in bare)]
    told = roles_told((sentence.text for sentence in inventory.sentences), (party.name for party in bare))
    kept: list[Party] = []
    for party in bare:
        role = party.role
        if (
            role in _DEALING and party.name in told
        ):  # words are surer of who buys from whom than a small model
            role = PartyRole(told[party.name])
        elif role in _OF_TWO and kind is DealType.MERGER:
            role = PartyRole.PARTNER  # which of the two takes the other over, no word tells
        if role in _OF_TWO and kind in (DealType.PARTNERSHIP, DealType.JOINT_VENTURE):
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
        if sentence.heading or not _ADVISES.search(text):
            continue
        for name in inventory.names:
            at = text.find(name)
            if at >= 0 and _ADVISES.match(text, at + len(name)):
                yield Party(name=name, role=PartyRole.ADVISER, evidence=inventory.cite([sentence]))


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
