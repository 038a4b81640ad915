"""The figures of a document, each with its sentence, and where words stand in it.

One inventory is made for each article. The closed sets, the grounding and the checks all read it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer.document import Document, Normalized, Sentence, Zone
from summarizer.figures import Mention, find
from summarizer.findings import Span
from summarizer.word_index import WordIndex

_ALIKE = {
    **dict.fromkeys("‘’‚‛ʼ′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("–—‐‑‒―−", "-"),
    **dict.fromkeys("\u00a0\u202f", " "),
}
_HYPHEN = re.compile(r"(?<=[^\W\d_])\\-(?=[^\W\d_])")  # of an escaped pattern
_DIGIT_BEFORE = re.compile(r"\d[.,]")
_DIGIT_AFTER = re.compile(r"[.,]\d")
LEAD = 4  # sentences in which the figure that an article is about stands first
NEWS = 6  # sentences in which a report tells its news
_TOKEN = re.compile(r"\w+(?:[.,]\w+)*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A mention in its sentence."""

    mention: Mention
    sentence: Sentence


@dataclass(frozen=True)
class Inventory:
    """A document, its sentences as evidence, and its figures."""

    document: Document
    mentions: tuple[Mention, ...]  # all of the text, teasers and comments too

    def part(self, numbers: Collection[int]) -> Inventory:
        """The same text with only these sentences as evidence."""
        part = Inventory(self.document.part(numbers), self.mentions)
        part.__dict__["folded"] = self.folded  # of the whole text: folded once for all parts
        return part

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What may be cited: body and headline, each once."""
        return self.document.shown

    @cached_property
    def citable(self) -> frozenset[int]:
        """The numbers of these sentences."""
        return frozenset(sentence.number for sentence in self.sentences)

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The figures that stand in sentences that may be cited, in order."""
        return tuple(Figure(mention, s) for s in self.sentences for mention in self.mentions_in(s))

    def leading(self, count: int = NEWS) -> tuple[Sentence, ...]:
        """What a report leads with: its first ``count`` sentences, the headline among them, other headings apart."""
        return tuple(s for s in self.sentences if s.zone is Zone.HEADLINE or not s.heading)[:count]

    def _mentions_by_sentence(self) -> dict[int, list[Mention]]:
        grouped: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            sentence = self.document.sentence_at(mention.start)
            if sentence is not None and sentence.number in self.citable:
                grouped.setdefault(sentence.number, []).append(mention)
        return grouped

    @cached_property
    def _by_sentence(self) -> dict[int, list[Mention]]:
        return self._mentions_by_sentence()

    @cached_property
    def body_mentions(self) -> tuple[Mention, ...]:
        """The mentions that stand in sentences that may be cited, in order."""
        return tuple(mention for mentions in self._by_sentence.values() for mention in mentions)

    def mentions_in(self, sentence: Sentence) -> Sequence[Mention]:
        """The mentions of one sentence that may be cited, in order."""
        return self._by_sentence.get(sentence.number, ())

    def words_at(self, start: int, end: int) -> str:
        """The words of a place of the source as a reader sees them: broken words joined, with single blanks."""
        return " ".join(self.document.normalized.slice(start, end).split())

    @cached_property
    def folded(self) -> str:
        """The normalized text with quotes and dashes of one kind, in lower case, character for character.

        Its offsets are those of ``document.normalized``, which leads back to the source.
        """
        return _fold_each(self.document.normalized.text)

    def folded_bounds(self, sentence: Sentence) -> tuple[int, int]:
        """Where a sentence begins and ends in ``folded``."""
        index = self.document.normalized.index
        return index(sentence.start), index(sentence.end)

    @cached_property
    def tokens(self) -> dict[int, frozenset[str]]:
        """For each sentence that may be cited, its words."""
        return {
            sentence.number: frozenset(_TOKEN.findall(self.folded, *self.folded_bounds(sentence)))
            for sentence in self.sentences
        }

    @cached_property
    def quotable(self) -> tuple[Sentence, ...]:
        """The sentences that may be cited in the order in which a quotation is looked for: headings last."""
        return tuple(sorted(self.sentences, key=lambda sentence: sentence.heading))

    @cached_property
    def word_index(self) -> WordIndex:
        """The words of the ``quotable`` sentences; its offsets are those of ``folded``."""
        return WordIndex(self.folded, [self.folded_bounds(sentence) for sentence in self.quotable])

    @cached_property
    def in_index(self) -> dict[int, int]:
        """For the number of each sentence that may be cited, its index in ``quotable``."""
        return {sentence.number: index for index, sentence in enumerate(self.quotable)}

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of all these sentences."""
        return frozenset().union(*self.tokens.values())

    def occurrences(self, words: str) -> tuple[tuple[Sentence, int, int], ...]:
        """Where ``words`` stand in sentences that may be cited: the sentence, start and end.

        White space, quotes, dashes, case, invisible characters and the way an accent, a ligature or an
        entity is written may differ, and a hyphen inside a word may be missing; letters and digits may not
        differ. A match never begins or ends inside a word or a number. The offsets are those of the source.
        """
        folded = fold(words)
        if folded not in self._found:
            self._found[folded] = tuple(self._occurrences(folded))
        return self._found[folded]

    @cached_property
    def _found(self) -> dict[str, tuple[tuple[Sentence, int, int], ...]]:
        return {}

    def _occurrences(self, folded: str) -> Iterator[tuple[Sentence, int, int]]:
        if not folded:
            return
        # The edges are checked by hand: a pattern that begins with letters is searched many times faster.
        pattern = r"\s+".join(map(re.escape, folded.split(" ")))
        for match in re.finditer(_HYPHEN.sub("-?", pattern), self.folded):
            if _inside(self.folded, *match.span()):
                continue
            start, end = self.document.normalized.span(*match.span())
            sentence = self.document.sentence_at(start)
            if sentence is not None and sentence.number in self.citable and end <= sentence.end:
                yield sentence, start, end

    def span(self, start: int, end: int) -> Span:
        """The span of the source from ``start`` to ``end``."""
        return Span(start=start, end=end, text=self.document.text[start:end])

    def cite(self, sentences: Iterable[Sentence], limit: int = 3) -> tuple[Span, ...]:
        """Spans of these sentences, each once, in text order, the first ``limit``."""
        unique = {sentence.number: sentence for sentence in sentences}
        ordered = [unique[number] for number in sorted(unique)]
        return tuple(self.span(sentence.start, sentence.end) for sentence in ordered[:limit])

    def is_headline(self, sentence: Sentence) -> bool:
        """Whether a sentence is a headline, and no first sentence of a text that has none."""
        return sentence.zone is Zone.HEADLINE and sentence.text[-1] not in '.!?"”'


def take_inventory(document: Document) -> Inventory:
    """Find every figure of the document, as a reader sees it.

    The offsets of a mention are those of the source, its text is normalized: "4.2 billion" for "4.2 bil-" and
    "lion" on two lines.
    """
    mentions = find(document.normalized.text)
    if document.normalized.text != document.text:
        mentions = tuple(_in_source(mention, document.normalized) for mention in mentions)
    return Inventory(document, mentions)


def _in_source(mention: Mention, normalized: Normalized) -> Mention:
    start, end = normalized.span(mention.start, mention.end)
    hedge = normalized.span(*mention.hedge) if mention.hedge else None
    return replace(mention, start=start, end=end, hedge=hedge)


def fold(words: str) -> str:
    """Words normalized as a document is, with quotes and dashes of one kind, lower case, single blanks."""
    return " ".join(_fold_each(Normalized(words).text).split())


def _fold_each(text: str) -> str:
    """Fold character for character: a letter that grows when lowered (İ) stays, so that offsets do not shift."""
    if text.isascii():
        return text.lower()
    for odd, plain in _ALIKE.items():
        text = text.replace(odd, plain)
    lowered = text.lower()
    return (
        lowered
        if len(lowered) == len(text)
        else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _inside(text: str, start: int, end: int) -> bool:
    """Whether a piece of a text begins or ends inside a word or a number."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if text[start].isalnum() and before and (_is_word(before[-1]) or _DIGIT_BEFORE.fullmatch(before)):
        return True
    return (
        text[end - 1].isalnum()
        and bool(after)
        and (_is_word(after[0]) or bool(_DIGIT_AFTER.fullmatch(after)))
    )


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
