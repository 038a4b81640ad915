"""Find quoted words in the source.

Words are looked up letter for letter but for case, quotation marks, dashes and white space: in the cited
sentence first, then in every other sentence that may be evidence. What is not found so is looked up as a
sequence of words and numbers, so that hyphenation, lost punctuation and an elision ("…") do no harm. Nothing
is matched by likeness: a quotation with another number, or another word, is not found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.document import Sentence
from summarizer.inventory import Inventory, fold
from summarizer.word_index import tokens_of

_ELISION = re.compile(r"\s*(?:\.\.\.+|…|\[…\]|\[\.\.\.\])\s*")
_MOST_PARTS = 4  # of a quotation with elisions


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands: ``start`` to ``end`` of the source, in ``sentence``.

    ``moved`` says that it is not in the sentence that was cited, ``repaired`` that its words differ in
    hyphenation, punctuation or an elision.
    """

    sentence: Sentence
    start: int
    end: int
    moved: bool = False
    repaired: bool = False


def find_quote(quote: str, cited: int, inventory: Inventory) -> Place | None:
    """Return the place of a quotation, or None where no sentence that may be evidence holds it.

    ``cited`` is the number of the sentence that the model named; 0 where it named none.
    """
    words = quote.strip().strip("\"'“”‘’«» ").rstrip(";,:")
    for form in dict.fromkeys((words, words.rstrip("."))):
        if found := inventory.occurrences(form):
            sentence, start, end = min(found, key=lambda place: _rank(place[0], place[1], cited))
            return Place(sentence, start, end, moved=bool(cited) and sentence.number != cited)
    return _by_tokens(words, cited, inventory)


def _rank(sentence: Sentence, start: int, cited: int) -> tuple[bool, bool, int]:
    return sentence.number != cited, sentence.heading, start


def _by_tokens(words: str, cited: int, inventory: Inventory) -> Place | None:
    """The sentence that has the words of a quotation one behind the other: the cited one, else the first."""
    parts = [tokens for part in _ELISION.split(words)[:_MOST_PARTS] if (tokens := tokens_of(fold(part)))]
    if not parts or sum(map(len, parts)) < 2:
        return None
    index, here = inventory.word_index, inventory.in_index.get(cited)
    found = index.find_in(parts, here) if here is not None else None
    found = found or index.find(parts)
    if found is None:
        return None
    sentence = inventory.quotable[found.passage]
    start, end = inventory.document.normalized.span(found.start, found.end)
    return Place(sentence, start, end, moved=bool(cited) and sentence.number != cited, repaired=True)


_FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "for",
        "and",
        "or",
        "on",
        "at",
        "by",
        "with",
        "is",
        "are",
        "was",
        "were",
        "will",
        "be",
        "its",
        "their",
        "his",
        "her",
        "from",
        "as",
        "that",
    ]
)


def holds_content(words: str, sentences: Sequence[Sentence], inventory: Inventory) -> bool:
    """Whether these sentences hold every content word and number of ``words``, in any order and case."""
    wanted = {token for token in tokens_of(fold(words)) if token not in _FUNCTION_WORDS}
    index = inventory.word_index
    there = frozenset[str]().union(
        *(index.words_in(inventory.in_index[s.number]) for s in sentences if s.number in inventory.in_index)
    )
    return bool(wanted) and wanted <= there
