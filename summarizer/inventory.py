"""The figures of a document, each with its sentence and the role that the words near it tell.

One inventory is made for each article. The closed sets, the grounding and the checks all read it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from summarizer import dealings
from summarizer.before import is_earlier
from summarizer.cues import Cue, small
from summarizer.document import Document, Normalized, Sentence, Zone, addresses_reader
from summarizer.figures import Mention, find
from summarizer.findings import Span
from summarizer.names import names
from summarizer.roles import Role, roles_in
from summarizer.word_index import WordIndex

_ALIKE = {
    **dict.fromkeys("‘’‚‛ʼ′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("–—‐‑‒―−", "-"),
    **dict.fromkeys("\u00a0\u202f", " "),
}
_HYPHEN = re.compile(r"(?<=[^\W\d_])\\-(?=[^\W\d_])")  # of an escaped pattern
_PRONOUN = re.compile(r"^(?:\w+,? ){0,3}(?:he|she|his|her)\b", re.IGNORECASE)
_DIGIT_BEFORE = re.compile(r"\d[.,]")
_DIGIT_AFTER = re.compile(r"[.,]\d")
LEAD = 4  # sentences in which the figure that an article is about stands first
NEWS = 6  # sentences in which a report tells its news
_TOKEN = re.compile(r"\w+(?:[.,]\w+)*")


@dataclass(frozen=True, slots=True)
class Figure:
    """A mention in its sentence. ``role`` is None where the words near it tell none."""

    mention: Mention
    sentence: Sentence
    role: Role | None
    earlier: bool  # its clause tells of something before the deal that the article reports

    @property
    def before(self) -> str:
        """The words of its sentence before it, in small letters."""
        return small(self.sentence.text[: self.mention.start - self.sentence.start])


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
        found = []
        heading = ""
        by_sentence = self._by_sentence
        for sentence in self.sentences:
            if sentence.heading:
                heading = sentence.text
            mentions = by_sentence.get(sentence.number)
            if not mentions:
                continue
            roles = roles_in(sentence.text, sentence.start, mentions)
            if addresses_reader(sentence.text):
                roles = tuple(Role.OTHER for _ in mentions)
            earlier = is_earlier(sentence.text, heading, sentence.start, mentions)
            found += [
                Figure(mention, sentence, role, before)
                for mention, role, before in zip(mentions, roles, earlier, strict=True)
            ]
        return tuple(found)

    @cached_property
    def sentences_on_earlier(self) -> frozenset[int]:
        """The numbers of the sentences whose figures all tell of something before the deal of the article."""
        own = {figure.sentence.number for figure in self.figures if not figure.earlier}
        return frozenset(figure.sentence.number for figure in self.figures) - own

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the running text, told by their capitals; see ``summarizer.names``."""
        return names(sentence.text for sentence in self.sentences if not sentence.heading)

    @cached_property
    def parties(self) -> dict[dealings.Part, tuple[str, ...]]:
        """Who buys what from whom, as far as the words that the text leads with tell it; see ``summarizer.dealings``."""
        before = self.sentences_on_earlier
        running = (s.text for s in self.leading() if not s.heading and s.number not in before)
        return dealings.parties_told(running, self.names)

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

    def matching(self, pattern: re.Pattern[str] | Cue) -> Iterator[Sentence]:
        """The sentences, headings apart, that match ``pattern``, and the bullets under a heading that does."""
        heading: Sentence | None = None
        for sentence in self.sentences:
            if sentence.heading:
                heading = sentence
            elif pattern.search(sentence.text) or (
                heading is not None and self.is_bullet(sentence) and pattern.search(heading.text)
            ):
                yield sentence

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

    def about(self, name: str) -> tuple[Sentence, ...]:
        """The sentences on someone or something, headings apart.

        They hold the name or its last word, or go on with "he" or "she" in the same paragraph.
        """
        last = name.split()[-1]
        forms = {name, last} if len(last) > 3 and last[0].isupper() else {name}
        named = {
            s.number for form in forms for said in (form, f"{form}'s") for s, _, _ in self.occurrences(said)
        }
        found: list[Sentence] = []
        for sentence in self.sentences:
            goes_on = bool(found) and (found[-1].number, found[-1].block) == (
                sentence.number - 1,
                sentence.block,
            )
            if not sentence.heading and (
                sentence.number in named or (goes_on and _PRONOUN.search(sentence.text))
            ):
                found.append(sentence)
        return tuple(found)

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

    def is_bullet(self, sentence: Sentence) -> bool:
        """Whether the sentence is an item of a list with markers."""
        line = self.document.text.rfind("\n", 0, sentence.start) + 1
        return (
            re.fullmatch(r"\s*(?:[-*•–·▪◦]|\d{1,2}[.)])\s*", self.document.text[line : sentence.start])
            is not None
        )


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
    """Fold character for character: a letter that grows when lowered (İ) stays, lest offsets shift."""
    if text.isascii():
        return text.lower()
    for odd, plain in _ALIKE.items():
        text = text.replace(odd, plain)
    small = text.lower()
    return (
        small if len(small) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
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
