"""The sentences in which a text tells its news: what it leads with, but for what only stands at the head of a page."""

from __future__ import annotations

import re

from summarizer.document import Sentence, Zone
from summarizer.inventory import NEWS, Inventory

# Places, days, names, numbers: "PORTO, 3 May 2031", "SMALL SHIPS LETTER, No. 12", "Our Bureau | Pune".
_HEAD_WORD = re.compile(r"\w[\w.'’-]*")
_SMALL_WORDS = frozenset({"of", "and", "in", "the", "for", "our", "de", "la", "a.m", "p.m"})
# "From today Ash belongs to Orchard" and "By noon it was sold" tell something.
_BYLINE = re.compile(
    r"(?:by|from|posted by|written by|reporting by) (?!(?:the|now|noon|then|today|yesterday|midnight|this|last|next|\w+day)\b)[^.]{0,60}\.?",
    re.IGNORECASE,
)
_TOP = 5  # lines above the running text
_ASIDE = re.compile(r"[(\[].*[)\]]", re.DOTALL)


def news(inventory: Inventory, count: int = NEWS) -> tuple[Sentence, ...]:
    """The first ``count`` sentences that tell something, the headline among them, other headings apart.

    Where a paper's name stands in the headline's place, the heading below it is the headline.
    """
    leading = [s for s in inventory.leading(2 * count) if s.zone is Zone.HEADLINE or not _is_head(s.text)]
    return (*_headings_below_a_name(inventory), *leading)[:count]


def _headings_below_a_name(inventory: Inventory) -> list[Sentence]:
    """The headings between a headline that only names a paper and the running text."""
    top = inventory.sentences[:_TOP]
    if not top or not _is_head(top[0].text):
        return []
    running = next(
        (at for at, s in enumerate(top) if s.zone is not Zone.HEADLINE and not s.heading), len(top)
    )
    return [s for s in top[1:running] if s.heading and not _is_head(s.text)][:1]


def _is_head(text: str) -> bool:
    names = all(map(_heads, _HEAD_WORD.findall(text)))
    return names or any(form.fullmatch(text) for form in (_BYLINE, _ASIDE))


def _heads(word: str) -> bool:
    """Whether a word may stand at the head of a page: with a capital, or small between such words."""
    word = word.rstrip(".'’-")
    return (
        len(word) < 2 or word[0].isupper() or word in _SMALL_WORDS or not any("a" <= c <= "z" for c in word)
    )
