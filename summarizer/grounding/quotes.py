"""Find quoted words in the source.

Words are looked up letter for letter but for case, quotation marks, dashes and white space: in the cited sentence
first, then in every other sentence that may be evidence. What is not found so is looked up as a sequence of words and
numbers, so that hyphenation, lost punctuation and an elision ("…") do no harm. Nothing is matched by likeness: a
quotation with another number, or another word, is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from summarizer.document import Sentence
from summarizer.inventory import Inventory, fold

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[%$€£¥₹₩]")
_ELISION = re.compile(r"\s*(?:\.\.\.+|…|\[…\]|\[\.\.\.\])\s*")
_MOST_PARTS = 4  # of a quotation with elisions


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quotation stands: ``start`` to ``end`` of the source, in ``sentence``.

    ``moved`` says that it is not in the sentence that was cited, ``repaired`` that its words differ in hyphenation,
    punctuation or an elision.
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
    parts = [tokens for part in _ELISION.split(words)[:_MOST_PARTS] if (tokens := _tokens(part))]
    if not parts or sum(map(len, parts)) < 2:
        return None
    for sentence in sorted(inventory.sentences, key=lambda s: _rank(s, s.start, cited)):
        spans = _spans(sentence, inventory)
        place = _in_order(parts, spans)
        if place is not None:
            start, end = place
            return Place(sentence, start, end, moved=bool(cited) and sentence.number != cited, repaired=True)
    return None


def _tokens(words: str) -> list[str]:
    return _TOKEN.findall(fold(words))


def _spans(sentence: Sentence, inventory: Inventory) -> list[tuple[str, int, int]]:
    """The tokens of a sentence, each with its place in the source."""
    source = inventory.document.normalized.span
    bounds = inventory.folded_bounds(sentence)
    return [
        (match.group(), *source(match.start(), match.end()))
        for match in _TOKEN.finditer(inventory.folded, *bounds)
    ]


def _in_order(
    parts: Sequence[Sequence[str]], spans: Sequence[tuple[str, int, int]]
) -> tuple[int, int] | None:
    """Where the parts stand one behind the other, each without a gap."""
    begin: int | None = None
    at = 0
    for part in parts:
        found = next(_positions(part, spans, at), None)
        if found is None:
            return None
        begin = spans[found][1] if begin is None else begin
        at = found + len(part)
    return None if begin is None else (begin, spans[at - 1][2])


def _positions(part: Sequence[str], spans: Sequence[tuple[str, int, int]], at: int) -> Iterator[int]:
    for index in range(at, len(spans) - len(part) + 1):
        if all(spans[index + step][0] == token for step, token in enumerate(part)):
            yield index


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
    wanted = {token for token in _tokens(words) if token not in _FUNCTION_WORDS}
    there = {token for sentence in sentences for token, _, _ in _spans(sentence, inventory)}
    return bool(wanted) and wanted <= there
