"""A text becomes a document: its sentences, their zones and which repeat which."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from summarizer.errors import EmptyInput, InputTooLarge

from .layout import BLANK, Block, blocks_of, trim
from .normalized import Normalized
from .sentences import sentence_spans
from .stories import only_first, stories_of
from .zones import EVIDENCE, Passage, Zone, gives_orders, zones_of

MAX_CHARACTERS = 1_000_000
_WHOLE, _PART = 4, 8  # words from which a whole block, or a sentence of a new block, is a repeat
_LINE_BREAK = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_QUOTES = re.compile("[\"'“”„‟‘’‚‛«»]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, heading or list item.

    ``number`` counts from 1 over all sentences of the text. ``text`` is the source from ``start`` to
    ``end`` (characters, trimmed, without a list marker). ``block`` is the index of its paragraph, line or
    list item. ``heading`` marks a heading inside the body. ``repeat_of`` is the number of the earlier
    sentence that it repeats word for word. ``clean`` is the text as the model reads it: normalized, with
    blanks for line breaks; its offsets are its own.
    """

    number: int
    start: int
    end: int
    text: str
    zone: Zone
    block: int
    heading: bool
    repeat_of: int | None
    clean: str


@dataclass(frozen=True, slots=True)
class Document:
    """A source text, exactly as given, and its sentences in order. All offsets are those of ``text``."""

    text: str
    id: str
    sha256: str  # of the text in UTF-8
    title: str | None
    sentences: tuple[Sentence, ...]
    normalized: Normalized = field(repr=False, compare=False)
    stories: tuple[tuple[int, ...], ...] = ()  # of a text made of several: the sentence numbers of each

    @property
    def shown(self) -> tuple[Sentence, ...]:
        """What the model reads: headline and body, each sentence once, under their own numbers."""
        return tuple(s for s in self.sentences if s.zone in EVIDENCE and s.repeat_of is None)

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds the character at ``offset``, or None between sentences."""
        index = bisect_right(self.sentences, offset, key=lambda sentence: sentence.start) - 1
        if index < 0 or offset >= self.sentences[index].end:
            return None
        return self.sentences[index]

    def part(self, numbers: Collection[int]) -> Document:
        """The same document with only these sentences as evidence, each shown, also where it repeats one outside."""
        return replace(self, sentences=tuple(_in_part(s, numbers) for s in self.sentences))

    def is_evidence(self, offset: int) -> bool:
        """Whether the character at ``offset`` stands in a sentence of the body or the headline."""
        sentence = self.sentence_at(offset)
        return sentence is not None and sentence.zone in EVIDENCE


def _in_part(sentence: Sentence, numbers: Collection[int]) -> Sentence:
    if sentence.number not in numbers:
        return replace(sentence, zone=Zone.ELSEWHERE) if sentence.zone in EVIDENCE else sentence
    return replace(sentence, repeat_of=None) if sentence.repeat_of not in numbers else sentence


class _Piece(NamedTuple):
    """A sentence before its zone is known; its offsets are those of the normalized text with its lines."""

    start: int
    end: int
    block: int
    key: str  # its words, whatever their case, spacing and quotes
    words: int


def read_document(
    text: str, *, id: str = "", max_characters: int = MAX_CHARACTERS, every_story: bool = False
) -> Document:
    """Split ``text`` into sentences, mark their zones, and find repeats.

    Sentences and zones are those of the text without its invisible characters, entities resolved. Where the
    text is made of several stories, only the first is evidence, or all of them with ``every_story``. Raises
    EmptyInput where there is nothing but white space and invisible characters, and InputTooLarge beyond
    ``max_characters``.
    """
    if len(text) > max_characters:
        raise InputTooLarge(
            f"The text has {len(text):,} characters; at most {max_characters:,} are read as one article. "
            "Split it into its articles and give them one by one."
        )
    seen = Normalized(text, join_lines=False)  # with its lines, for the layout
    if not seen.text.strip(BLANK):
        raise EmptyInput("The text is empty, so there is nothing to summarise. Give the words of an article.")
    blocks = blocks_of(seen.text)
    pieces = [piece for index, block in enumerate(blocks) for piece in _pieces(seen.text, index, block)]
    members = _members(blocks, pieces)
    repeats = _repeats(pieces, members)
    passages = _passages(seen.text, blocks, pieces, members, repeats)
    zones = zones_of(passages)
    stories = stories_of(passages, zones)
    if not every_story:
        zones = only_first(stories, zones)
    headings = _headings(blocks, passages, zones)
    headline = next((index for index, zone in enumerate(zones) if zone is Zone.HEADLINE), None)
    title = None if headline is None else " ".join(passages[headline].text.split())
    normalized = seen.joined()
    spans = [seen.span(piece.start, piece.end) for piece in pieces]
    cleans = [_LINE_BREAK.sub(" ", normalized.slice(*span)) for span in spans]
    orders = _orders(cleans, pieces, zones)
    sentences = tuple(
        Sentence(
            number=index + 1,
            start=start,
            end=end,
            text=text[start:end],
            zone=Zone.ORDERS if index in orders else zones[piece.block],
            block=piece.block,
            heading=headings[piece.block],
            repeat_of=_number_repeated(piece, original, pieces, zones),
            clean=cleans[index],
        )
        for index, (piece, original, (start, end)) in enumerate(zip(pieces, repeats, spans, strict=True))
    )
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    in_story = tuple(tuple(index + 1 for block in story for index in members[block]) for story in stories)
    return Document(
        text=text,
        id=id,
        sha256=digest,
        title=title,
        sentences=sentences,
        normalized=normalized,
        stories=in_story,
    )


def _orders(cleans: Sequence[str], pieces: Sequence[_Piece], zones: Sequence[Zone]) -> set[int]:
    """Indices of the sentences that are written for a machine; what follows one in its block goes on with it."""
    orders: set[int] = set()
    blocks: set[int] = set()
    for index, piece in enumerate(pieces):
        if zones[piece.block] in EVIDENCE and (piece.block in blocks or gives_orders(cleans[index])):
            orders.add(index)
            blocks.add(piece.block)
    return orders


def _pieces(text: str, index: int, block: Block) -> list[_Piece]:
    pieces = []
    for span in sentence_spans(text, block.start, block.end):
        start, end = trim(text, *span)
        words = _QUOTES.sub("", text[start:end].casefold()).split()
        pieces.append(_Piece(start, end, index, " ".join(words), len(words)))
    return pieces


def _members(blocks: Sequence[Block], pieces: Sequence[_Piece]) -> list[list[int]]:
    """For each block, list the indices of its sentences."""
    members: list[list[int]] = [[] for _ in blocks]
    for index, piece in enumerate(pieces):
        members[piece.block].append(index)
    return members


def _repeats(pieces: Sequence[_Piece], members: Sequence[Sequence[int]]) -> list[int | None]:
    """For each sentence, find the earlier one with the same words; None where it is new.

    A few words ("Terms were not disclosed.") may be said of two things. They count as a repeat only where
    their whole block is one, and a very short block ("Outlook") only beside a block that is.
    """
    first: dict[str, int] = {}
    seen = [first.setdefault(piece.key, index) for index, piece in enumerate(pieces)]
    originals: list[int | None] = [None] * len(pieces)
    for indices in members:
        whole = all(seen[index] < index for index in indices)
        whole = whole and sum(pieces[index].words for index in indices) >= _WHOLE
        for index in indices:
            if seen[index] < index and (whole or pieces[index].words >= _PART):
                originals[index] = seen[index]
    for order, step in ((range(1, len(pieces)), -1), (range(len(pieces) - 2, -1, -1), 1)):
        for index in order:
            neighbour = originals[index + step]
            if originals[index] is None and neighbour is not None and len(members[pieces[index].block]) == 1:
                candidate = neighbour - step
                if 0 <= candidate < index and pieces[candidate].key == pieces[index].key:
                    originals[index] = candidate
    for index, original in enumerate(originals):
        # From top to bottom, so that a third copy points to the first even where it met the second.
        if original is not None and originals[original] is not None:
            originals[index] = originals[original]
    return originals


def _passages(
    text: str,
    blocks: Sequence[Block],
    pieces: Sequence[_Piece],
    members: Sequence[Sequence[int]],
    repeats: Sequence[int | None],
) -> list[Passage]:
    """Blocks as the zones see them."""
    passages = []
    for block, indices in zip(blocks, members, strict=True):
        leader = None
        if all(repeats[index] is not None for index in indices):
            leader = repeats[max(indices, key=lambda index: pieces[index].words)]
        passages.append(
            Passage(
                text=text[block.start : block.end],
                words=sum(pieces[index].words for index in indices),
                bullet=block.bullet,
                repeat_of=None if leader is None else pieces[leader].block,
            )
        )
    return passages


def _number_repeated(
    piece: _Piece, original: int | None, pieces: Sequence[_Piece], zones: Sequence[Zone]
) -> int | None:
    """Return the number of the repeated sentence; None where body repeats a teaser, which is not shown."""
    if original is None:
        return None
    if zones[piece.block] in EVIDENCE and zones[pieces[original].block] not in EVIDENCE:
        return None
    return original + 1


def _headings(blocks: Sequence[Block], passages: Sequence[Passage], zones: Sequence[Zone]) -> list[bool]:
    """Which blocks are headings of the body: short, unended lines with running text or a list below."""
    titles = [
        zone is Zone.BODY and passage.words <= 14 and (block.marked_heading or passage.is_title)
        for block, passage, zone in zip(blocks, passages, zones, strict=True)
    ]
    headings = [block.marked_heading for block in blocks]
    run = 0
    for index in range(len(blocks) - 2, -1, -1):
        run = run + 1 if titles[index] else 0
        # Of three short lines in a row only the last can be one: the others are a list or a table.
        headings[index] |= run == 1 or (run == 2 and not (index and titles[index - 1]))
    return headings
