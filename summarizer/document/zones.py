"""Which blocks of a scraped page are the article, and which are teasers, navigation and comments.

Only a short line of its own opens a zone; a sentence with the word "related" in it never does. In doubt
text is left out: a figure from a teaser would become a wrong fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from .layout import SIGN_OFF
from .sentences import ends_sentence


class Zone(str, Enum):
    """The part of a page that a sentence stands in. Only body and headline sentences are evidence."""

    BODY = "body"
    HEADLINE = "headline"
    TEASER = "teaser"
    NAVIGATION = "navigation"
    COMMENT = "comment"
    ORDERS = "orders"  # a sentence that tells a language model what to do
    ELSEWHERE = "elsewhere"  # a sentence that this reading leaves out: of another window, or on another deal


EVIDENCE = frozenset({Zone.BODY, Zone.HEADLINE})

# These expressions meet a line in lower case, without apostrophes, its punctuation as single spaces.
_STORIES = "(?:articles?|stor(?:y|ies)|news|posts?|content|coverage|reading|reads|videos?)"
_OPENING = re.compile(
    # One link: what follows is the title of a story, seldom its summary.
    "(?P<link>read (?:more|also|next)|(?:also|must) read|see also|up next|dont miss)"
    f"|(?P<teasers>related(?: {_STORIES})?|(?:recommended|suggested)(?: {_STORIES}| for you)?"
    f"|(?:similar|other|more|further|sponsored|promoted) {_STORIES}"
    "|you (?:may|might)(?: also)? (?:like|enjoy|be interested in)"
    f"|(?:(?:most )?(?:popular|read|viewed|shared)|trending|latest|top|featured)(?: {_STORIES}| now)?"
    "|editors? (?:picks?|choices?)|(?:from )?around the web|what to read next|in other news)"
    "|(?P<comments>(?:(?:reader |user )?comments|responses|discussion) \\d+"
    "|(?:no|\\d+) (?:comments?|responses|replies)(?: yet)?|(?:reader |user |view |show |see )?comments"
    "|(?:leave|add|post|write) (?:a|your) (?:reply|comment)|join the (?:discussion|conversation))"
    "|(?P<links>related (?:\\w+ ){0,4}(?:recommendations|topics|tags|links|categories|searches)"
    "|(?:(?:popular|hot) )?(?:topics|tags|categories)|trending (?:topics|tags)|quick links)"
    # These head a section of an article as well ("More on the terms"): a title must follow.
    "|(?P<perhaps>more (?:from|on|about|in) .{1,48})"
)
_NAVIGATION = re.compile(
    "home(?:page)?|(?:main )?menu|search|newsletter|close|print|email|save|bookmark|copy link|donate"
    "|share(?: (?:this|on|via) .{1,40}| this)?|advertise?ment|advertising"
    "|(?:story|article) continues below.{0,40}"
    "|(?:subscribe|sign up|register|sign in|log ?in|log ?out)(?: now| here| today| (?:to|for) .{1,60})?"
    "|skip to (?:main )?(?:content|navigation)|listen to this article|back to top"
    "|(?:load|show|view|see) (?:more|all)(?: \\w+)?|(?:next|previous)(?: (?:article|post|page))?"
    "|follow us(?: .{1,40})?|(?:contact|about) us|terms (?:of (?:use|service)|and conditions)"
    "|(?:privacy|cookies?) (?:policy|notice|settings|preferences)|(?:accept|reject|manage)(?: all)? cookies"
    "|(?:we|this (?:web)?site) uses? cookies.{0,200}|copyright .{1,120}|.{0,80}all rights reserved"
    "|\\d{1,2} min(?:ute)?s?(?: read)?|filed under .{1,60}"
)
_NOT_WORD = re.compile(r"[\W_]+")
# These need the punctuation: "Read more: …", "Home > Business", "0/500", "© 2031 …".
_ONE_LINE_TEASER = re.compile(
    rf"(?:read (?:more|also|next)|(?:also|must) read|related(?: {_STORIES})?|see also|recommended|up next"
    r"|don['’]?t miss|editor['’]?s pick) ?[:|»>–—] ?\S",
    re.IGNORECASE,
)
_ONE_LINE_NAVIGATION = re.compile(
    r"home ?[>»›/|] ?\S.{0,200}|0 ?/ ?\d{2,5}|(?:©|\(c\)) .{1,120}", re.IGNORECASE
)

_LONGEST_MARKER = 80  # characters
_ENOUGH = 40  # words of article before a marker; with fewer it may belong to the head of the page
_LEAST_SHARE = 0.2  # of all words; in a short text as little as this is enough
_RETURN = 3  # blocks of prose in a row, below the titles, that are the article again


_MACHINE = "(?:language models?|llms?|ai (?:models?|assistants?|systems?|agents?)|chat ?bots?|assistants?)"
_ORDERS = re.compile(
    rf"\b(?:note|notice|message|attention|instructions?|dear|hey|to)\b[^.]{{0,30}}\b{_MACHINE}\b[^.:]{{0,40}}[:!–—].{{0,300}}"
    r"\b(?:ignore|disregard|forget|state|say|answer|reply|respond|output|print|write|report|return|treat)\b"
    r"|\b(?:ignore|disregard|forget) (?:\w+ ){0,3}(?:(?:above|previous|prior|preceding|foregoing|earlier) "
    r"(?:texts?|instructions?|articles?|sentences?|prompts?|content)|rest of (?:the|this) (?:text|article|page|document)|"
    r"instructions|prompts?)\b|\byou are (?:now )?an? (?:automated |ai |large )?(?:ai|language model|assistant|chatbot|summari[sz]er|bot)\b"
    rf"|^\W*(?:{_MACHINE}|system|user)\s*[,:]|\bsystem prompt\b|\bnew (?:task|instructions?)\s*:|\banswer with (?:nothing|only|just)\b"
    r"|</?(?:system|assistant|user|article|prompt|context|instructions?)>|\[/?inst\]|<\|im_",
    re.DOTALL,
)
_SIGNS_OF_ORDERS = re.compile(
    r"ignore|disregard|forget|model|assistant|chat|llm|\bai\b|inst|<|prompt|system|user|task|answer|you are an?"
)


def gives_orders(sentence: str) -> bool:
    """Whether a sentence tells a language model what to do: nobody who reports on a deal writes that."""
    small = sentence.lower()
    return _SIGNS_OF_ORDERS.search(small) is not None and _ORDERS.search(small) is not None


_QUOTED = re.compile(r"[“\"„«][^”\"“»]{0,400}[”\"“»]")
_ADDRESS = re.compile(
    rf"\b(?:you|your|please)\b|\bdear (?:reader|{_MACHINE})s?\b|\bsummari[sz]|\bignore\b"
    rf"|\b(?:{_MACHINE}|systems?|readers?|machines?|parsers?)(?: \w+)? ?(?::|\b(?:should|must|shall|need to|are to)\b)"
    r"|\b(?:correct|right|true) (?:value|answer|figure)\b|\b(?:the|this|said) (?:field|answer)\b"
)


def addresses_reader(sentence: str) -> bool:
    """Whether a sentence speaks, outside quotation marks, to a reader or a machine, or of the record to be made.

    It may be harmless, so it is evidence as any other sentence; but no rule reads a fact from it.
    """
    return _ADDRESS.search(_QUOTED.sub(" ", sentence).lower()) is not None


class Passage(NamedTuple):
    """A block as the zones see it; ``repeat_of`` is the index of the earlier block with the same words."""

    text: str
    words: int
    bullet: bool
    repeat_of: int | None

    @property
    def is_title(self) -> bool:
        """Whether it looks like a headline: short, and not ended like a sentence."""
        text = self.text
        return (
            not self.bullet
            and self.words <= 20
            and len(text) <= 160
            and text[-1] not in ",;:"
            and (text[-1] == "?" or not ends_sentence(text))
            and any(character.isalpha() for character in text)
        )

    @property
    def is_prose(self) -> bool:
        """Whether it is running text: a whole sentence, or something long that was cut off."""
        return self.words >= 25 or (self.words >= 6 and ends_sentence(self.text) and not self.is_title)

    @property
    def is_content(self) -> bool:
        """Whether articles are made of it, and not the heads of pages (byline, date, tags)."""
        return self.is_prose or (self.bullet and self.words >= 4)


def zones_of(passages: Sequence[Passage]) -> list[Zone]:
    """Give each block its zone; a repeated block has that of its first occurrence."""
    singles = [_single(passage, last=passage is passages[-1]) for passage in passages]
    openings = [_opening(passages, index) for index in range(len(passages))]
    total = sum(p.words for p in passages if p.repeat_of is None)
    for trusting in (True, False):
        zones = _Walk(passages, singles, openings, total, trusting=trusting).zones()
        kept = sum(p.words for p, z in zip(passages, zones, strict=True) if z in EVIDENCE and p.is_content)
        if kept >= min(_ENOUGH, _LEAST_SHARE * total):
            break
    if not any(zone in EVIDENCE for zone in zones):
        return [Zone.BODY] * len(passages)  # a text of nothing but markers is all there is to read
    return zones


class _Walk:
    """One pass from top to bottom.

    ``trusting`` is False in the second pass, when the first left nothing of an article: then the first
    prose after a marker is the article again.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        singles: Sequence[Zone | None],
        openings: Sequence[str | None],
        total: int,
        *,
        trusting: bool,
    ) -> None:
        self._passages = passages
        self._singles = singles
        self._openings = openings
        self._enough = min(_ENOUGH, _LEAST_SHARE * total)
        self._trusting = trusting
        self._runs = _prose_runs(passages)
        self._state = Zone.BODY
        self._read = 0  # words of article so far
        self._headline_open = True
        self._last_copy: int | None = None  # once the body was left: the last block that repeats some of it
        self._titles = 0  # needed before the text can return to the body
        self._run_needed = _RETURN
        self._commented = False  # after comments nothing but a copy of the body leads back

    def zones(self) -> list[Zone]:
        zones: list[Zone] = []
        for index, (passage, single, opening) in enumerate(
            zip(self._passages, self._singles, self._openings, strict=True)
        ):
            if single is not None:
                zones.append(single)
            elif passage.repeat_of is not None:
                zones.append(zones[passage.repeat_of])
                self._follow_copy(index, zones[-1])
            elif opening is not None:
                zones.append(self._open(index, opening))
            else:
                zones.append(self._read_on(index))
        return zones

    def _open(self, index: int, opening: str) -> Zone:
        early = not self._trusting or self._read < self._enough
        zone = {"comments": Zone.COMMENT, "links": Zone.NAVIGATION}.get(opening, Zone.TEASER)
        if zone is Zone.COMMENT and early:
            return Zone.NAVIGATION  # a counter beside the byline
        self._state = zone
        self._commented |= zone is Zone.COMMENT
        self._titles = 0 if early else 1 if opening == "link" else 2
        self._run_needed = 1 if not self._trusting else 2 if early else _RETURN
        if self._last_copy is None:
            self._last_copy = _last_copy(self._passages, index)
        return zone

    def _follow_copy(self, index: int, zone: Zone) -> None:
        """Enter the zone of the first occurrence, where a copy of the page goes on from here."""
        if self._last_copy is None:
            return
        if zone not in EVIDENCE:
            self._state = zone
        elif _goes_on(self._passages, index):
            self._state = Zone.BODY
        elif self._state is Zone.BODY and index >= self._last_copy:
            # The copy is over. What is new below it has no marker and is not the article.
            self._state, self._titles, self._run_needed = Zone.TEASER, 0, _RETURN

    def _read_on(self, index: int) -> Zone:
        passage = self._passages[index]
        if self._state in (Zone.TEASER, Zone.NAVIGATION):
            if not self._commented and self._titles <= 0 and self._runs[index] >= self._run_needed:
                self._state = Zone.BODY
            self._titles -= 1
        if self._state is not Zone.BODY:
            return self._state
        first, self._headline_open = self._headline_open, False
        if first and passage.is_title and passage.words > 1 and index + 1 < len(self._passages):
            return Zone.HEADLINE
        self._read += passage.words if passage.is_content else 0
        return Zone.BODY


def _opening(passages: Sequence[Passage], index: int) -> str | None:
    """Return which kind of zone this line opens, if any."""
    passage = passages[index]
    if passage.bullet or len(passage.text) > _LONGEST_MARKER:
        return None
    found = _OPENING.fullmatch(_plain(passage.text))
    if found is None:
        return None
    if found.lastgroup == "perhaps" and not (
        passage.is_title and index + 1 < len(passages) and passages[index + 1].is_title
    ):
        return None
    return found.lastgroup


def _single(passage: Passage, *, last: bool) -> Zone | None:
    """Return the zone of a line that stands for itself and opens nothing."""
    text = passage.text
    if passage.words <= 30 and not passage.bullet and len(text) <= 300:
        if _ONE_LINE_TEASER.match(text):
            return Zone.TEASER
        if _ONE_LINE_NAVIGATION.fullmatch(text) or (last and SIGN_OFF.fullmatch(text)):
            return Zone.NAVIGATION
        plain = _plain(text)
        # "Next:" leads to what follows it, and is not the button.
        known = _NAVIGATION.fullmatch(plain) is not None and not text.endswith(":")
        return Zone.NAVIGATION if known or not plain else None
    return None if any(character.isalnum() for character in text) else Zone.NAVIGATION


def _plain(text: str) -> str:
    return _NOT_WORD.sub(" ", text.lower().replace("'", "").replace("’", "")).strip()


def _prose_runs(passages: Sequence[Passage]) -> list[int]:
    """For each block, count the blocks of new prose that stand in a row from it on."""
    runs = [0] * (len(passages) + 1)
    for index in range(len(passages) - 1, -1, -1):
        passage = passages[index]
        if passage.repeat_of is None and passage.is_prose:
            runs[index] = runs[index + 1] + 1
    return runs


def _goes_on(passages: Sequence[Passage], index: int) -> bool:
    """Whether the next block repeats what came next the first time, markers and other lines left out."""
    here = passages[index].repeat_of
    below = passages[index + 1].repeat_of if index + 1 < len(passages) else None
    return here is not None and below is not None and 0 < below - here <= 3


def _last_copy(passages: Sequence[Passage], left: int) -> int:
    """Return the index of the last block that repeats some of the article before ``left``, or -1."""
    for index in range(len(passages) - 1, left, -1):
        original = passages[index].repeat_of
        if original is not None and original < left and passages[index].is_content:
            return index
    return -1
