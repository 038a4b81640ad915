"""Pages and helpers that the tests of documents share."""

from __future__ import annotations

from summarizer.document import Document, Sentence, Zone, read_document, strip_invisible
from summarizer.document.layout import BLANK

HEADLINE = "Larkfield to Buy Brenwick Mills in Cash Deal"
LEAD = (
    "Larkfield Inc. said on Monday that it agreed to buy Brenwick Mills for $6.2 billion in cash, "
    "a step that gives the paper maker its first plants in Norway and two thousand new customers there."
)
SECOND = "Terms include a fee of $140 million, to be paid if either board changes its mind before the spring."
THIRD = (
    "Ann Doyle, who has run Brenwick Mills for nine years, will join the board of Larkfield after the sale."
)
BODY = [HEADLINE, LEAD, "Terms of the Sale", SECOND, THIRD]
TEASER_TITLE = "Osprey Foods sells its dairy arm for $3 billion"
TEASER_TEXT = "Osprey Foods has sold its dairy arm for $3 billion to a fund from Lisbon, it said last week."
OTHER_TITLE = "Why timber prices fell by 12% this year"
OTHER_TEXT = "Timber prices fell by 12% this year as builders in four countries put off their new houses."
COMMENT = "They pay far too much for it! My guess is that $9 billion were asked for at first."


def page(*blocks: str) -> str:
    return "\n".join(blocks)


def zone_of(document: Document, words: str) -> Zone:
    """Return the zone of the first sentence that holds the words."""
    return next(s.zone for s in document.sentences if words in s.text)


def texts(sentences: tuple[Sentence, ...]) -> list[str]:
    return [s.text for s in sentences]


def visible(text: str) -> str:
    """Return the text without invisible characters, and without blanks at its edges."""
    return strip_invisible(text).strip(BLANK)


def split(text: str) -> list[str]:
    return texts(read_document(text).sentences)
