"""Where a company is and what it does, as the words directly around its name tell it; no model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from summarizer.inventory import Inventory
from summarizer.records.values import Phrase

# Words with capitals, and behind a comma those of a state or a country: "Napa, Calif.".
_PLACE = r"(?P<told>[A-Z][\w.]+(?: [A-Z][\w.]+){0,2}(?:, (?:[A-Z]\.)+|, [A-Z][a-z]+\b\.?(?: [A-Z][a-z]+)?)?)"
_NATION = r"(?P<told>(?:(?:South|West|East|North|New) )?(?:[A-Z]\w+(?:an|ish|ese|nch|tch)|German|Swiss|U\.S\.|U\.K\.))"
_SEATED = r"(?:based|located|headquartered) (?:in|at|near) "
_FIRM = r"(?:companies|company|concern|firm|group|chain|unit|business|subsidiary|division|operations?)\b"
_PLACE_BEFORE = (
    rf"{_PLACE}-based (?:[\w,-]+ ){{0,6}}?",
    rf"\b(?:its|the|a|an|with|by|of) {_NATION}(?: [a-z-]+){{0,3}} (?:{_FIRM}|affiliate|insurer|maker|bank|retailer)?,? ?",
)
_PLACE_BEHIND = (
    rf",? (?:of|in) {_PLACE}",
    rf"(?:, |,? which is |,? is )?{_SEATED}{_PLACE}",
    rf",? (?:is )?an? (?:[a-z-]+ )?{_PLACE}-based\b",
    rf", an? {_NATION} [a-z]",
    rf",? [^.;]{{0,60}}?\b{_SEATED}{_PLACE}",
)
_OWNED = (
    r"(?:(?:largest|biggest|private|privately|closely|publicly|wholly|owned|held|leading|major|large|small|regional|"
    r"diversified|[\w-]+-(?:based|held|owned|quoted))\s)*"
)
_MAKER = r"(?:maker|manufacturer|producer|supplier|distributor|provider|publisher|developer|operator|marketer|retailer|seller) of "
_MAKES = (
    r"(?:makes|manufactures|produces|develops|distributes|markets|provides|operates|sells|supplies|publishes|designs|runs|"
    r"(?:is )?engaged in|speciali[sz]\w+ in|owns and operates)"
    r"(?: and (?:makes|sells|markets|distributes|services|operates))? "
)
_WHAT = (  # up to where something else is told
    r"(?P<told>[a-z][^.;:]*?)(?=[.;:]|, [A-Z]|, (?:and|said|which|will|has|had|for|from|with|is|to|in)\b|"
    r" (?:to|in|from|with|at|through|used|based|under|which|that|said|has|had|as)\b|,? and (?:had|has|is|was|employs)\b)"
)
_BUSINESS_BEHIND = (
    rf",? (?:is )?(?:an? |the )(?:[\w.,-]+ ){{0,5}}?{_MAKER}{_WHAT}",
    rf",? (?:which |that |and )?(?:also )?{_MAKES}{_WHAT}",
    rf",? (?:is )?(?:an?|(?:one of )?the) {_OWNED}(?P<told>(?:[a-z-]+ ){{0,3}}[a-z-]+) {_FIRM}",
)
_ABBREVIATED = len("Calif.")  # characters of the longest short form of a state


def place(inventory: Inventory, names: Sequence[str]) -> tuple[Phrase, ...]:
    """The place of the first of these companies that the text tells one of: "of Napa, Calif.", "Leeds-based", "Swiss"."""
    return _told(inventory, names, _PLACE_BEFORE, _PLACE_BEHIND)


def business(inventory: Inventory, names: Sequence[str]) -> tuple[Phrase, ...]:
    """The business of the first of these companies that the text tells one of: what it makes, or what kind of firm it is."""
    return _told(inventory, names, (), _BUSINESS_BEHIND)


def _told(
    inventory: Inventory, names: Sequence[str], before: Sequence[str], behind: Sequence[str]
) -> tuple[Phrase, ...]:
    for form in (form for name in names for form in _forms(" ".join(name.split()))):
        patterns = [rf"{one}(?:the )?{re.escape(form)}" for one in before]
        patterns += [rf"\b{re.escape(form)}(?: (?:Inc|Corp|Co|Ltd|Plc))?{one}" for one in behind]
        for sentence in inventory.sentences:
            words = " ".join(sentence.text.split())
            match = next((found for one in patterns if (found := re.search(one, words)) is not None), None)
            if match is not None:
                told = match["told"].rstrip(",")
                if len(told.split()[-1]) > _ABBREVIATED:
                    told = told.rstrip(".")  # of the sentence, and not of "Calif."
                return (Phrase(text=told, evidence=inventory.cite([sentence])),)
    return ()


def _forms(name: str) -> Iterable[str]:
    """A name, its first two words, and its first: "Ash Savings Association", "Ash Savings", "Ash"."""
    return dict.fromkeys((name, " ".join(name.split()[:2]), re.split(r"[ -]", name)[0]))
