"""What the words near a figure say of it: its role, and whether it tells of an earlier deal.

Each figure takes the role of the nearest telling words of its sentence that no other figure of its kind stands
between. A figure without such words has no role.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.document import Sentence, addresses_reader
from summarizer.figures import Kind, Mention, is_rounding_of
from summarizer.inventory import LEAD, Inventory

from .engine import first, lowered, rules_of

_REACH = 90  # characters between a figure and the words that tell its role
_BEHIND = 3.0  # characters by which words behind a figure count as nearer
_FIELDS = {Kind.MONEY: "money", Kind.PER_SHARE: "money", Kind.PERCENT: "percent"}
_OF_SHARES = ("market", "result", "spending")  # a close, earnings, a dividend; else it is a price
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
        roles = roles_in(sentence.text, sentence.start, mentions)
        if addresses_reader(sentence.text):
            roles = tuple("other" for _ in mentions)
        earlier = are_earlier(sentence.text, sentence.start, mentions)
        found += map(ToldFigure, mentions, [sentence] * len(mentions), roles, earlier)
    return tuple(found)


def roles_in(sentence: str, offset: int, mentions: Sequence[Mention]) -> tuple[str | None, ...]:
    """Return the roles of the figures of a sentence, which begins at ``offset`` of the text."""
    text = lowered(sentence)
    return tuple(_role(text, sentence, offset, mention, mentions) for mention in mentions)


def _role(text: str, sentence: str, offset: int, mention: Mention, mentions: Sequence[Mention]) -> str | None:
    field = _FIELDS.get(mention.kind)
    if field is None:
        return None
    start, end = mention.start - offset, mention.end - offset
    alike = [
        (m.start - offset, m.end - offset) for m in mentions if m.kind is mention.kind and m is not mention
    ]
    left = max([start - _REACH, 0, *(other for _, other in alike if other <= start)])
    right = min([end + _REACH, len(text), *(other for other, _ in alike if other >= end)])
    marked = [f"{t[left:start]}#{t[start:end]}#{t[end:right]}" for t in (text, sentence)]
    if (role := _marked(f"{field}.at", marked)) is not None:
        return role
    hedge = mention.hedge[0] - offset if mention.hedge else start
    role = _nearest(field, text, (min(hedge, start), start, end), left, right)
    if mention.kind is Kind.PER_SHARE and role not in _OF_SHARES:
        return "price"
    return role if role is not None else _marked(f"{field}.else", marked)


def _marked(field: str, marked: Sequence[str]) -> str | None:
    """Read a role from the words right beside a figure."""
    rules = rules_of("figures", field)
    return next((rule.value for rule in rules if rule.pattern.search(marked[rule.cased])), None)


def _nearest(field: str, text: str, place: tuple[int, int, int], left: int, right: int) -> str | None:
    """Read a role from the nearest telling words; ``place`` is where the hedge and the figure begin, and its end."""
    hedge, start, end = place
    best: tuple[float, str] | None = None
    for rule in rules_of("figures", field):
        for match in rule.pattern.finditer(text, left, right):
            if match.end() <= start:
                gap = float(max(0, hedge - match.end()))
            elif match.start() >= end and not match[0].endswith((" at", " of", " worth", " for")):
                gap = match.start() - end - _BEHIND
            else:
                continue
            if best is None or gap < best[0]:
                best = gap, rule.value
    return best[1] if best is not None else None


# A clause on one of the parties: "Ash, which raised $3 million in 2029, …". What it says is said of no other clause.
_ASIDE = re.compile(
    r",\s(?:which|who|whose|where|when|having|set up|founded)\b[^,;]*(?:,(?=\d)[^,;]*)*(?=[,;.]|$)"
)


def are_earlier(sentence: str, offset: int, mentions: Sequence[Mention]) -> tuple[bool, ...]:
    """Return for each figure of a sentence whether it tells of a transaction before the one that is reported."""
    text = lowered(sentence)
    asides = [match.span() for match in _ASIDE.finditer(text)]
    main = text
    for start, end in asides:
        main = main[:start] + " " * (end - start) + main[end:]
    rules = rules_of("figures", "earlier")
    if first(rules, {"figure": [main]}):
        return (True,) * len(mentions)
    told = [(start, end) for start, end in asides if first(rules, {"figure": [text[start:end]]})]
    return tuple(any(start <= m.start - offset < end for start, end in told) for m in mentions)


def choose(figures: Sequence[ToldFigure], field: str, inventory: Inventory) -> ToldFigure | None:
    """Return the figure that fills a field; None where no figure has its role, or several leave a doubt.

    It is the first sum that the text leads with, in its finest form; what is paid for a share counts only where there is
    no sum. Else it is the first sum of the text; of percentages and prices per share all must be one figure.
    """
    told = [figure for figure in figures if figure.role in ROLES[field] and not figure.earlier]
    kinds = (Kind.PERCENT,) if field == "stake" else (Kind.MONEY,)
    if field == "amount" and not told:
        return next((f for f in figures if f.mention.kind is Kind.UNDISCLOSED and not f.earlier), None)
    sums = [
        figure for figure in told if figure.mention.kind in kinds and not figure.near(12).startswith("each")
    ]
    lead = {sentence.number for sentence in inventory.leading(LEAD)}
    leading = next((figure for figure in sums if figure.sentence.number in lead), None)
    if leading is not None:
        return next((f for f in sums if is_rounding_of(leading.mention, f.mention)), leading)
    if field == "valuation" or (sums and field == "amount"):
        return next(iter(sums), None)
    same = sums or (told if field == "amount" else [])
    return next((f for f in same if all(_is_form_of(other.mention, f.mention) for other in same)), None)


def _is_form_of(coarse: Mention, fine: Mention) -> bool:
    """Return whether both are one figure, the second no coarser than the first."""
    same = (coarse.kind, coarse.value, coarse.upper, coarse.unit) == (
        fine.kind,
        fine.value,
        fine.upper,
        fine.unit,
    )
    return same or is_rounding_of(coarse, fine)


def alike(figures: Sequence[ToldFigure], chosen: ToldFigure) -> list[ToldFigure]:
    """Return the chosen figure and those with its value and its role."""
    mention = chosen.mention
    return [chosen] + [
        figure
        for figure in figures
        if figure is not chosen
        and (figure.role, figure.earlier) == (chosen.role, chosen.earlier)
        and _is_form_of(figure.mention, mention)
        and figure.mention.value == mention.value
    ]
