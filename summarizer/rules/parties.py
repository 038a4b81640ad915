"""Who buys what from whom, and who else has a part: names and words of dealing in the order in which they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from summarizer.document import Sentence
from summarizer.inventory import Inventory, fold
from summarizer.records.deal import Party
from summarizer.records.deal_terms import DealType, PartyRole

from .engine import letters, lowered, rules_of, shapes
from .names import is_common

PARTS = {"b": "acquirer", "t": "target", "s": "seller"}
_FIRST_SIGN = 0xE000  # of the private use area, in which each party has a sign
Dealing = Mapping[str, tuple[str, ...]]  # names by role, in the order of PARTS
_MOST = 250  # names that can be told apart
_LONGEST = 1000  # characters of a sentence that are read
_APPOSITION = re.compile(r"([\ue000-\ue0ff]), (?:the|an?|owners? of|based in) [^;,]{3,120}, ")


@lru_cache(maxsize=1)
def _telling() -> re.Pattern[str]:
    parts = (f"(?P<w{index}>{pattern})" for index, pattern in enumerate(letters().values()))
    return re.compile("|".join(parts), re.IGNORECASE)


def dealings(sentences: Iterable[str], names: Iterable[str]) -> Iterator[Dealing]:
    """Read the dealings that sentences tell among parties, which are known by their names and the beginnings of these."""
    sign, named = _signer(list(dict.fromkeys(names))[:_MOST])
    known = list(letters())
    for sentence in sentences:
        signed = _APPOSITION.sub(r"\1 ", sign(" ".join(sentence[:_LONGEST].split())))
        words = list(_telling().finditer(signed))
        told = "".join(known[int((word.lastgroup or "w0")[1:])] for word in words)
        for shape in shapes():
            for match in shape.finditer(told):
                places = {role: match.start(role) for role in match.groupdict() if match[role]}
                dealing = _dealing({role: words[at][0] for role, at in places.items()}, named)
                if dealing is not None:
                    yield dealing


def _dealing(signs: Mapping[str, str], named: Mapping[str, str]) -> Dealing | None:
    """Return one dealing, in which nobody has two roles; None where that leaves a role without a name."""
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for letter in [letter for letter in PARTS if letter in signs]:
        free = [sign for sign in signs[letter] if sign in named and sign not in taken]
        if not free:
            return None
        taken.update(free)
        found[PARTS[letter]] = tuple(named[sign] for sign in free)
    return found


def parties_told(sentences: Iterable[str], names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the names in each role of the first dealing that tells that role; later ones are more often of others."""
    found: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    for dealing in dealings(sentences, names):
        for role, of_role in dealing.items():
            free = tuple(name for name in of_role if taken.get(name, role) == role)
            if free and role not in found:
                found[role] = free
                taken.update(dict.fromkeys(free, role))
    return found


def reverses(sentence: str, roles: Mapping[str, str]) -> bool:
    """Return whether a sentence has a target buy an acquirer."""
    return any(
        (roles[buyer], roles[target]) == ("target", "acquirer")
        for dealing in dealings([sentence], roles)
        for buyer in dealing.get("acquirer", ())
        for target in dealing.get("target", ())
    )


def _signer(names: Sequence[str]) -> tuple[Callable[[str], str], dict[str, str]]:
    """Return a function that puts signs for names, and whose they are; a form of two names tells nothing."""
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
    """Yield a name and its beginnings: "Norrlund Energy AB", "Norrlund Energy", "Norrlund"."""
    words = name.split()
    for count in range(1, len(words) + 1):
        form = " ".join(words[:count]).rstrip(",")
        if count == len(words) or (len(form) > 2 and form[0].isupper() and not is_common(form)):
            yield form


class Parties:
    """The parties of an article; ``told`` has the names in each role as far as the words of its lead tell it."""

    def __init__(self, inventory: Inventory, names: Sequence[str], earlier: frozenset[int]) -> None:
        self._inventory, self._names = inventory, names
        self._now = [s for s in inventory.sentences if not s.heading and s.number not in earlier]
        leading = {sentence.number for sentence in inventory.leading()}
        self._lead = [sentence for sentence in self._now if sentence.number in leading]
        self.told = parties_told((sentence.text for sentence in self._lead), names)

    @property
    def asked(self) -> tuple[PartyRole, ...]:
        """The roles for which a model is asked: buyer and target, and others of which the text has a sign."""
        sold = re.compile("|".join(letters()[letter] for letter in "SQ"), re.IGNORECASE)
        return (
            PartyRole.ACQUIRER,
            PartyRole.TARGET,
            *((PartyRole.SELLER,) if any(sold.search(s.text) for s in self._now) else ()),
            *((PartyRole.PARTNER,) if any(self._matching("together")) else ()),
        )

    def all(self, answered: Sequence[Party], kind: DealType | None) -> tuple[Party, ...]:
        """Return the parties: those that a model answered, and those that words tell, under one role each."""
        bare = [party for party in answered if not is_common(party.name)]
        known = {party.role for party in bare}
        bare += [
            self._party(n, r) for r, told in self.told.items() if PartyRole(r) not in known for n in told
        ]
        together = kind in (DealType.PARTNERSHIP, DealType.JOINT_VENTURE)
        if together or kind is DealType.MERGER:
            bare = [*self._partners(), *bare]
        bare += [*self._advisers(), *(self._participants() if kind is DealType.FUNDING_ROUND else ())]
        told = self._roles([party.name for party in bare])
        kept: list[Party] = []
        for party in bare:
            role = PartyRole(told.get(party.name, party.role)) if party.role in PARTS.values() else party.role
            if role in (PartyRole.ACQUIRER, PartyRole.TARGET) and (together or kind is DealType.MERGER):
                role = PartyRole.PARTNER  # nobody buys, or no word tells who does
            name = f" {fold(party.name)} "
            if not any(
                name in f" {fold(other.name)} " or (role == other.role and f" {fold(other.name)} " in name)
                for other in kept
            ):
                kept.append(party.model_copy(update={"role": role}))
        return tuple(kept)

    def _roles(self, names: Sequence[str]) -> dict[str, str]:
        told = list(dealings((sentence.text for sentence in self._now), names))
        return {n: role for dealing in reversed(told) for role, of_role in dealing.items() for n in of_role}

    def _party(self, name: str, role: str, sentence: Sentence | None = None) -> Party:
        """Make a party, citing the first sentence that names it beside another one."""
        named = [place[0] for place in self._inventory.occurrences(name)]
        others = {n for told in self.told.values() for n in told} - {name}
        beside = [s for s in named if not s.heading and any(other in s.text for other in others)]
        cited = [sentence] if sentence is not None else [*beside, *named][:1]
        return Party(name=name, role=PartyRole(role), evidence=self._inventory.cite(cited))

    def _matching(self, field: str) -> Iterator[tuple[Sentence, re.Match[str]]]:
        sentences = self._now if field != "together" else self._lead
        for sentence in sentences:
            for rule in rules_of("parties", field):
                if (match := rule.search(lowered(sentence.text))) is not None:
                    yield sentence, match

    def _named_in(self, text: str) -> list[str]:
        """The names of a piece of text, in its order."""
        return sorted((name for name in self._names if name in text), key=text.find)

    def _advisers(self) -> Iterator[Party]:
        for sentence, match in self._matching("behind"):
            text = sentence.text[: match.start()].rstrip(" ,")
            if (before := self._named_in(text)) and text.endswith(before[-1]):
                yield self._party(before[-1], "adviser", sentence)

    def _participants(self) -> Iterator[Party]:
        """The investors whom a sentence on a round lists: "A and B took part", "with participation from A and B"."""
        for sentence, _ in self._matching("row"):
            yield from (self._party(name, "acquirer", sentence) for name in self._named_in(sentence.text))

    def _partners(self) -> Iterator[Party]:
        """The first two whom the first sentence with such words names."""
        for sentence, _ in self._matching("together"):
            two = self._named_in(sentence.text)[:2]
            if len(two) == 2:
                yield from (self._party(name, "partner", sentence) for name in two)
                return
