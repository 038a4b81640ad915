"""Whether the prose of a record says what its source and its facts say, judged by rules alone.

Figures and names have to stand in the source, stated figures have to be the record's, and buyer and target
have to stand on the right sides of the verb. What is claimed without figures or names takes a judge model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evals.figures import Claim, claims
from evals.outcomes import ratio
from evals.scorers import normal_name
from summarizer.before import is_earlier
from summarizer.checks import split_prose
from summarizer.dealings import Direction, direction
from summarizer.figures import Kind, Mention, find, is_rounding_of
from summarizer.records.compile import Form, slots
from summarizer.roles import Role, roles_in


@dataclass(frozen=True, slots=True)
class Narrative:
    """What the prose of one record is worth.

    ``figures`` counts its different figures and dates, ``names`` its different names, each with how many of them
    are supported. ``agrees`` is the share of stated amounts, stakes and valuations that are the record's; None
    where the prose states none. ``direction`` is ``reversed`` where a sentence has the target buy the buyer,
    ``unclear`` where none tells. ``lost`` are the figures and names without support.
    """

    figures: int
    figures_supported: int
    names: int
    names_supported: int
    agrees: float | None
    direction: Direction
    lost: tuple[str, ...] = ()

    @property
    def supported(self) -> float:
        """The share of figures and names that are supported; 1 where there are none."""
        whole = self.figures + self.names
        return ratio(self.figures_supported + self.names_supported, whole) if whole else 1.0


def read_narrative(record: Any, source: str) -> Narrative | None:
    """Judge the prose fields of a record by its source; None where there is no prose.

    Supported is a figure that the source holds, in this or in a finer form (hedges allow for nothing), or that the
    record declares to be worked out (in a finding on arithmetic); and a name whose words stand in the source one
    after the other.
    """
    prose = {name: text for name in _prose(record) if (text := getattr(record, name))}
    sentences = [sentence for text in prose.values() for sentence in split_prose(text)]
    if not sentences:
        return None
    said = [(sentence, find(sentence)) for sentence in sentences]
    worked_out = [f.message for f in getattr(record, "findings", ()) if f.code == "arithmetic"]
    there = _read(source)
    figures = dict(_figures(said, there, find(" ".join(worked_out))))
    names = dict(_names(said, there))
    return Narrative(
        figures=len(figures),
        figures_supported=sum(figures.values()),
        names=len(names),
        names_supported=sum(names.values()),
        agrees=_agrees(record, said),
        direction=direction(sentences, {p.name: str(p.role) for p in getattr(record, "parties", ())}),
        lost=tuple(words for words, held in [*figures.items(), *names.items()] if not held),
    )


def _prose(record: Any) -> list[str]:
    schema: Any = type(record)
    return [slot.name for slot in slots(schema) if slot.form is Form.PROSE]


_Read = tuple[str, Sequence[Mention]]
"""A sentence and its figures."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class _Source:
    """What there is in a source to find again: figures, numbers, words, and words that can only be names."""

    mentions: Sequence[Mention]
    numbers: frozenset[str]
    words: str
    names: frozenset[str]


@lru_cache(maxsize=64)  # repeats and other systems are judged by the same text
def _read(source: str) -> _Source:
    names = frozenset(name for sentence in split_prose(source) for name in _inner_names(sentence))
    return _Source(find(source), frozenset(_NUMBER.findall(source)), f" {normal_name(source)} ", names)


def _figures(
    said: Iterable[_Read], source: _Source, worked_out: Sequence[Mention]
) -> Iterator[tuple[str, bool]]:
    """Each figure, date and bare number of the sentences, and whether it is supported."""
    held = [*source.mentions, *worked_out]
    for sentence, mentions in said:
        for mention in mentions:
            if mention.kind is not Kind.UNDISCLOSED:
                yield mention.text, any(_restates(mention, other) for other in held)
        for match in _NUMBER.finditer(sentence):
            if not _inside(match.start(), mentions):
                yield match.group(), match.group() in source.numbers


def _restates(mention: Mention, other: Mention) -> bool:
    """Whether prose states a figure of the source: the same, a rounding of it, or a date without its year."""
    if mention.kind is Kind.DATE and (mention.date or "").startswith("--"):
        return (other.date or "").endswith((mention.date or "")[1:])
    return Claim("", mention, loose=False).held_by(other) or is_rounding_of(mention, other)


def _inside(place: int, mentions: Sequence[Mention]) -> bool:
    return any(mention.start <= place < mention.end for mention in mentions)


_WORD = re.compile(r"[^\W_][\w&]*(?:[.'’-](?!s\b)\w+)*")
_LOWER_END = re.compile(r"(?:-[a-z]\w*)+$")  # Lisbon-based
_NO_NAME = re.compile(  # titles, and words that begin many sentences and headlines
    r"mr|mrs|ms|dr|sir|ceo|cfo|coo|cto|chief|executive|officer|president|vice|chair\w*|managing|director|(?:co-)?founder|"
    r"partner|head|minister|senior|general|manager|ipo|i|an?|the|this|that|these|those|its?|he|she|they|their|his|her|we|our|"
    r"both|each|all|some|many|who|which|what|there|here|in|on|at|by|for|from|of|to|with|under|after|before|as|if|when|while|"
    r"but|and|or|not?|is|are|was|were|will|be|deal|terms|transaction|investors|shareholders|analysts|regulators|unions|critics|company|companies|"
    r"executives|proceeds|funds?|money|giant|maker|group|firm|startup|bank",
    re.IGNORECASE,
)
_SUBJECT = re.compile(  # follows a name at the beginning of a sentence, and hardly another word
    r"(?:['’]s\b|\s+(?:will|would|has|is|was|to|said|says|agree[sd]?|plans?|acquire[sd]?|buys?|bought|purchase[sd]?|"
    r"invest(?:s|ed)?|takes?|took|pays?|paid|sells?|sold|raise[sd]?|merge[sd]?|gets?|gains?|secure[sd]?|backs|backed|leads?|led)\b)",
    re.IGNORECASE,
)


def _names(said: Sequence[_Read], source: _Source) -> Iterator[tuple[str, bool]]:
    """Each name of the sentences, and whether the source has it, but for case, accents and legal form."""
    known = source.names | {name for sentence, _ in said for name in _inner_names(sentence)}
    for sentence, mentions in said:
        for name in _names_in(sentence, mentions, known):
            yield name, f" {normal_name(name)} " in source.words


def _inner_names(sentence: str) -> Iterator[str]:
    """Words that can only be names: capitalised though they neither begin the sentence nor stand in a headline."""
    words = [match.group() for match in _WORD.finditer(sentence)]
    if not _titled(sentence):
        yield from (_LOWER_END.sub("", word) for word in words[1:] if word[0].isupper())


def _titled(sentence: str) -> bool:
    words = [match.group() for match in _WORD.finditer(sentence) if match.group()[0].isalpha()]
    return 2 * sum(word[0].isupper() for word in words) > len(words)


def _names_in(sentence: str, mentions: Sequence[Mention], known: Set[str]) -> list[str]:
    """Runs of capitalised words outside figures.

    Where any word is capitalised (at the beginning, in a headline), those that are names elsewhere or have a
    subject's verb behind them.
    """
    titled = _titled(sentence)
    names: list[str] = []
    end = -1
    for index, match in enumerate(_WORD.finditer(sentence)):
        word, start = _LOWER_END.sub("", match.group()), match.start()
        if not word[0].isupper() or _NO_NAME.fullmatch(word) or _inside(start, mentions):
            continue
        if (
            (titled or index == 0)
            and word not in known
            and not _SUBJECT.match(sentence, start + len(word))
            and (titled or not _named_next(sentence, match.end()))
        ):
            continue
        if sentence[end:start] in (" ", " & ") and names:
            names[-1] += sentence[end:start] + word
        else:
            names.append(word)
        end = start + len(word)
    return names


def _named_next(sentence: str, end: int) -> bool:
    following = _WORD.match(sentence, end + 1)
    return following is not None and following.group()[0].isupper()


_FIELD_OF = {
    Role.PRICE: "amount",
    Role.RAISED: "amount",
    Role.VALUATION: "valuation",
    Role.STAKE: "stake",
}


def _agrees(record: Any, said: Iterable[_Read]) -> float | None:
    """The share of figures, told as amount, stake or valuation by the words near them, that are the record's.

    Figures that the record has elsewhere, other currencies and bases, and sentences on earlier deals state nothing.
    """
    prose = _prose(record)
    facts = [claim for claim in claims(record) if claim.path not in prose]
    own = {claim.path: claim for claim in facts if claim.path in _FIELD_OF.values()}
    a_share = str(getattr(getattr(record, "amount", None), "basis", "")) == "per_share"
    verdicts = []
    for sentence, mentions in said:
        earlier = is_earlier(sentence, "", 0, mentions)
        for mention, role, before in zip(mentions, roles_in(sentence, 0, mentions), earlier, strict=True):
            if before:
                continue
            name = _FIELD_OF.get(role) if role else None
            fact = own.get(name) if name else None
            if fact is None or mention.unit != fact.mention.unit:
                continue
            if name == "amount" and a_share != (mention.kind is Kind.PER_SHARE):
                continue
            if _states(mention, fact):
                verdicts.append(True)
            elif not any(_states(mention, other) for other in facts):
                verdicts.append(False)
    return ratio(sum(verdicts), len(verdicts)) if verdicts else None


def _states(mention: Mention, fact: Claim) -> bool:
    """Whether prose states a figure of the record; what it is a rounding of is told by the words of the source."""
    return any(_restates(mention, other) for other in (fact.mention, *find(fact.mention.text)))
