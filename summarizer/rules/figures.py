"""What the words near a figure say of it: its role, and whether it tells of an earlier deal.

Each figure takes the role of the nearest telling words of its sentence that no other figure of its kind
stands between. A figure without such words has no role.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.document import Sentence, addresses_reader
from summarizer.figures import Kind, Mention, is_rounding_of
from summarizer.inventory import LEAD, Inventory

from .engine import first, lowered, rules_of

_REACH = 90  # characters between a figure and the words that tell its role
_FIELDS = {Kind.MONEY: "money", Kind.PER_SHARE: "money", Kind.PERCENT: "percent"}
ROLES = {"amount": ("price", "raised"), "stake": ("stake",), "valuation": ("valuation",)}
"""The roles of the figures that may fill a field."""


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A figure of the text with what the words near it say; ``role`` is None where they say nothing."""

    mention: Mention
    sentence: Sentence
    role: str | None
    earlier: bool

    def near(self, reach: int) -> str:
        """The words of its sentence up to ``reach`` characters before and behind it, in lower case."""
        start, end = self.mention.start - self.sentence.start, self.mention.end - self.sentence.start
        text = self.sentence.text
        return lowered(text[max(0, start - reach) : start] + " " + text[end : end + reach])


def told_figures(inventory: Inventory) -> tuple[ToldFigure, ...]:
    """Read every figure that may be cited, in order."""
    found: list[ToldFigure] = []
    for sentence in inventory.sentences:
        mentions = inventory.mentions_in(sentence)
        if not mentions:
            continue
        earlier = first(rules_of("figures", "earlier"), {"figure": [lowered(sentence.text)]}) is not None
        roles = roles_in(sentence.text, sentence.start, mentions)
        if addresses_reader(sentence.text):
            roles = ("other",) * len(mentions)
        found += [ToldFigure(one, sentence, role, earlier) for one, role in zip(mentions, roles, strict=True)]
    return tuple(found)


def roles_in(sentence: str, offset: int, mentions: Sequence[Mention]) -> tuple[str | None, ...]:
    """Return the roles of the figures of a sentence, which begins at ``offset`` of the text."""
    text = lowered(sentence)
    return tuple(_role(text, offset, mention, mentions) for mention in mentions)


def _role(text: str, offset: int, mention: Mention, mentions: Sequence[Mention]) -> str | None:
    field = _FIELDS.get(mention.kind)
    if field is None:
        return None
    start, end = mention.start - offset, mention.end - offset
    hedge = min(mention.hedge[0] - offset, start) if mention.hedge else start
    others = [m for m in mentions if m.kind is mention.kind and m is not mention]
    left = max([start - _REACH, 0, *(m.end - offset for m in others if m.end - offset <= start)])
    right = min([end + _REACH, len(text), *(m.start - offset for m in others if m.start - offset >= end)])
    best, role = _REACH, None
    for rule in rules_of("figures", field):
        for match in rule.any.finditer(text, left, right):
            if match.end() <= start:
                gap = max(0, hedge - match.end())
            elif match.start() >= end and not match[0].endswith((" at", " of", " worth", " for")):
                gap = match.start() - end
            else:
                continue
            if gap < best:
                best, role = gap, rule.value
    return "price" if mention.kind is Kind.PER_SHARE and role != "background" else role


def choose(figures: Sequence[ToldFigure], field: str, inventory: Inventory) -> ToldFigure | None:
    """Return the figure that fills a field; None where no figure has its role, or several shares leave a doubt.

    It is the first sum that the text leads with, in its finest form, else the first sum of the text; what is
    paid for a share counts only where there is no sum.
    """
    told = [figure for figure in figures if figure.role in ROLES[field] and not figure.earlier]
    if field == "amount" and not told:
        return next((f for f in figures if f.mention.kind is Kind.UNDISCLOSED and not f.earlier), None)
    kind = Kind.PERCENT if field == "stake" else Kind.MONEY
    sums = [
        figure for figure in told if figure.mention.kind is kind and not figure.near(12).startswith("each")
    ]
    sums = sums or (told if field == "amount" else [])
    lead = {sentence.number for sentence in inventory.leading(LEAD)}
    leading = [figure for figure in sums if figure.sentence.number in lead]
    if field == "stake" and not leading and len({figure.mention.value for figure in sums}) > 1:
        return None
    if field == "stake" and not sums:
        # A lone percentage of the lead that the words near it do not make something else.
        bare = [f for f in figures if f.mention.kind is kind and f.role is None and not f.earlier]
        wide = {sentence.number for sentence in inventory.leading()}
        leading = [f for f in bare if f.sentence.number in wide]
        leading = leading if len({f.mention.value for f in leading}) == 1 else []
    chosen = next(iter(leading or sums), None)
    return chosen and next((f for f in sums if is_rounding_of(chosen.mention, f.mention)), chosen)
