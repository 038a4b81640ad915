"""Where the source holds words that a model copied: letter for letter, or the source's own words for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from summarizer.document import Sentence
from summarizer.inventory import Inventory, fold

_NEAR = 80.0  # of 100: how alike copied words and the source's own have to be
_SHARE = 0.75  # of the longer words of a copy have to stand in one sentence
_TOKEN = re.compile(r"\w+(?:[.,]\w+)*")
_SMALL = re.compile(
    r"\b(?:a|an|the|of|to|in|for|and|or|on|at|by|with|is|are|will|be|its|their|from|as|that)\b"
)


def locate(words: str, inventory: Inventory, *, exact: bool = False) -> tuple[Sentence, int, int] | None:
    """Where the text holds these words: the sentence, and the start and end of the source's own words.

    Letter for letter first; then, unless ``exact``, the nearest words of
    one sentence, where every number of the copy stands in it too.
    """
    words = words.strip().strip("\"'“”‘’ ").rstrip(";,:")
    found = list(inventory.occurrences(words)) or list(inventory.occurrences(words.rstrip(".")))
    if found:
        return min(found, key=lambda place: (place[0].heading, place[1]))
    return None if exact else _nearest(words, inventory)


def _nearest(words: str, inventory: Inventory) -> tuple[Sentence, int, int] | None:
    folded = fold(words)
    tokens = set(_TOKEN.findall(folded))
    numbers = {token for token in tokens if any(c.isdigit() for c in token)}
    content = {token for token in tokens - numbers if not _SMALL.fullmatch(token)}
    if not content:
        return None
    best: tuple[float, Sentence] | None = None
    for sentence in inventory.sentences:
        there = inventory.tokens[sentence.number]
        if sentence.heading or not numbers <= there:
            continue
        share = sum(token in there for token in content) / len(content)
        if share >= _SHARE and (best is None or share > best[0]):
            best = (share, sentence)
    if best is None:
        return None
    sentence = best[1]
    first, last = inventory.folded_bounds(sentence)
    alignment = fuzz.partial_ratio_alignment(folded, inventory.folded[first:last], score_cutoff=_NEAR)
    if alignment is None or len(folded) > last - first + 20:
        # The words are of this sentence in another order: the sentence says it in its own.
        return (sentence, sentence.start, sentence.end) if best[0] >= 0.9 else None
    start, end = _whole_words(inventory, sentence, alignment.dest_start, alignment.dest_end, tokens)
    kept = set(_TOKEN.findall(inventory.folded, start, end))
    start, end = inventory.document.normalized.span(start, end)
    return (sentence, start, end) if numbers <= kept else (sentence, sentence.start, sentence.end)


def _whole_words(
    inventory: Inventory, sentence: Sentence, start: int, end: int, tokens: set[str]
) -> tuple[int, int]:
    """Fit a piece of a sentence to whole words, and drop words at its ends that the copy does not have.

    ``start`` and ``end`` count from the sentence, those returned from the beginning of the folded text.
    """
    first, last = inventory.folded_bounds(sentence)
    start, end = first + start, first + end
    words = [
        match
        for match in _TOKEN.finditer(inventory.folded, first, last)
        if match.end() > start and match.start() < end
    ]
    while len(words) > 1 and words[-1].group() not in tokens:
        words.pop()
    while len(words) > 1 and words[0].group() not in tokens:
        words.pop(0)
    return words[0].start(), words[-1].end()


def locate_near(
    words: str, sentences: Sequence[Sentence], inventory: Inventory
) -> tuple[Sentence, int, int] | None:
    """Where the copied words of an item's field stand: near the item's name, else anywhere, else their beginning."""
    for sentence in sentences:
        if (place := _in_sentence(words, sentence, inventory)) is not None:
            return place
    place = locate(words, inventory)
    if place is not None and place[2] - place[1] <= 1.5 * len(words):
        return place
    parts = words.split()  # "chief executive of Harbor" where the text has "Harbor's chief executive"
    for length in range(len(parts) - 1, 0, -1):
        beginning = " ".join(parts[:length])
        if _SMALL.search(f" {parts[length - 1].lower()} ") or len(beginning) < 3:
            continue
        for sentence in sentences:
            if (place := _in_sentence(beginning, sentence, inventory)) is not None:
                return place
    return None


def _in_sentence(words: str, sentence: Sentence, inventory: Inventory) -> tuple[Sentence, int, int] | None:
    return next((place for place in inventory.occurrences(words) if place[0].number == sentence.number), None)


def naming(name: str, inventory: Inventory) -> list[Sentence]:
    """Sentences that hold a name, or the last word of a name of several: body before headline and headings."""
    last = name.split()[-1]
    found: dict[int, Sentence] = {}
    for words in (name, last) if len(last) > 3 and last[0].isupper() else (name,):
        for sentence, _, _ in inventory.occurrences(words):
            found.setdefault(sentence.number, sentence)
    return sorted(found.values(), key=lambda s: (s.heading or s.zone.value == "headline", s.number))
