"""The sentences in which a text tells its news: what it leads with, but for what only stands at the head of a page."""

from __future__ import annotations

import re

from summarizer.document import Sentence, Zone
from summarizer.inventory import NEWS, Inventory

# Places, days, names, numbers: "PORTO, 3 May 2031", "SMALL SHIPS LETTER, No. 12", "Our Bureau | Pune".
_HEAD = re.compile(
    r"(?:[^a-z]|\b[a-z]\b|(?<!\w)[A-Z][\w.'’-]*|\b(?:of|and|in|the|for|our|de|la|a\.m|p\.m)\b)*"
)
_BYLINE = re.compile(r"(?:by|from|posted by|written by|reporting by) (?!the\b)[^.]{0,60}\.?", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[].*[)\]]", re.DOTALL)


def news(inventory: Inventory, count: int = NEWS) -> tuple[Sentence, ...]:
    """The first ``count`` sentences that tell something, the headline among them, other headings apart."""
    leading = inventory.leading(2 * count)
    return tuple(s for s in leading if s.zone is Zone.HEADLINE or not _is_head(s.text))[:count]


def _is_head(text: str) -> bool:
    return any(form.fullmatch(text) for form in (_HEAD, _BYLINE, _ASIDE))
