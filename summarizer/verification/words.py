"""Look up the names, phrases and prose of a record in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from summarizer.document import Sentence
from summarizer.figures import find
from summarizer.grounding.quotes import Place, find_quote, holds_content
from summarizer.inventory import Inventory, fold
from summarizer.prose import split_prose, why_unsupported

_LONG = 14  # words from which a string that the text does not hold counts as prose
_NEAR = 72.0  # of 100: how alike words and the nearest of the text have to be
_MOST_WORDS = 14  # of a string for which the nearest words are looked for
_CODE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_WORD = re.compile(r"[^\W_]+(?:[.,'’&-]+[^\W_]+)*")
_NO_VALUE = frozenset(
    {"none", "null", "n/a", "na", "unknown", "not stated", "not specified", "not mentioned"}
)
_SMALL = frozenset({"a", "an", "the", "of", "and", "for", "in", "at", "de", "von", "van", "&"})


def has_no_value(words: str) -> bool:
    """Whether a string says that there is nothing: "n/a", "unknown"."""
    return fold(words).strip(" .") in _NO_VALUE


def is_code(words: str) -> bool:
    """Whether a string has the form of a member of a closed set: one small word, or words joined by "_"."""
    return _CODE.fullmatch(words) is not None


def places(words: str, cited: Sequence[Sentence], inventory: Inventory) -> list[Place]:
    """Where a quotation stands: in the cited sentences, or where it stands in none of them, elsewhere."""
    found = [find_quote(words, sentence.number, inventory) for sentence in cited]
    here = [place for place in found if place is not None and not place.moved]
    if here:
        return here
    if exact := inventory.occurrences(words.strip().strip("\"'“”‘’ ")):
        return [Place(sentence, start, end, moved=bool(cited)) for sentence, start, end in exact[:3]]
    place = find_quote(words, 0, inventory)
    if place is None:
        return []
    return [Place(place.sentence, place.start, place.end, moved=bool(cited), repaired=place.repaired)]


def put_shortly(words: str, cited: Sequence[Sentence], inventory: Inventory) -> Sentence | None:
    """The sentence that has every content word of a string that is no bare name; None where there is none."""
    if is_name(words):
        return None
    ordered = sorted(inventory.sentences, key=lambda s: s not in cited)
    return next((s for s in ordered if holds_content(words, [s], inventory)), None)


def is_name(words: str) -> bool:
    """Whether all of its words but "of" and the like begin with a capital or a digit."""
    tokens = [token for token in _WORD.findall(words) if token.lower() not in _SMALL]
    return bool(tokens) and all(token[0].isupper() or token[0].isdigit() for token in tokens)


def names_in_part(words: str, cited: Sequence[Sentence], inventory: Inventory) -> bool:
    """Whether a cited sentence uses a part of a name, as "Harlow" for "Dana Harlow"."""
    if not is_name(words):
        return False
    parts = {token for token in _WORD.findall(fold(words)) if len(token) > 3}
    return any(parts & set(_WORD.findall(fold(sentence.text))) for sentence in cited)


def is_long(words: str) -> bool:
    """Whether a string is too long to be expected in the text word for word."""
    return len(words.split()) >= _LONG


def names_something(prose: str) -> bool:
    """Whether prose holds a figure or a name, which is all of it that can be checked."""
    if find(prose) or any(character.isdigit() for character in prose):
        return True
    return any(
        match.group()[0].isupper() and match.start() > 0
        for sentence in split_prose(prose)
        for match in _WORD.finditer(sentence)
    )


def unsupported_part(prose: str, inventory: Inventory) -> str | None:
    """Return why the text does not support the prose; None if all its figures and names are in the text."""
    reasons = (why_unsupported(sentence, {}, inventory) for sentence in split_prose(prose))
    return next((why for why in reasons if why is not None), None)


def nearest(words: str, inventory: Inventory) -> tuple[int, int] | None:
    """The place of the most similar words of the body: about as many words, of one sentence."""
    wanted = fold(words)
    count = len(_WORD.findall(wanted))
    if not 0 < count <= _MOST_WORDS:
        return None
    best: tuple[float, int, int] | None = None
    for sentence in inventory.sentences:
        tokens = list(_WORD.finditer(inventory.folded, *inventory.folded_bounds(sentence)))
        for length in {max(1, count - 1), count, count + 1}:
            for first, last in zip(tokens, tokens[length - 1 :], strict=False):
                start, end = first.start(), last.end()
                score = fuzz.ratio(
                    wanted, inventory.folded[start:end], score_cutoff=best[0] if best else _NEAR
                )
                if score >= _NEAR and (best is None or score > best[0]):
                    best = (score, start, end)
    return inventory.document.normalized.span(best[1], best[2]) if best else None


def stands_outside(words: str, inventory: Inventory) -> bool:
    """Whether words stand in a sentence that is no evidence: a teaser, a comment or the like."""
    wanted = f" {' '.join(_WORD.findall(fold(words)))} "
    return bool(wanted.strip()) and any(
        wanted in f" {' '.join(_WORD.findall(fold(sentence.text)))} "
        for sentence in inventory.document.sentences
        if not inventory.document.is_evidence(sentence.start)
    )
