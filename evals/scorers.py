"""How right one answer is: a score from 0 to 1, and the kind of error where it is not right."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from rapidfuzz.distance import JaroWinkler

from evals.figures import mentions_of
from evals.gold import Facts, GoldDay, GoldMoney, GoldPercent
from summarizer.records.values import Day, Money, Percent

_ABOUT = Decimal("0.05")  # how far "about" reaches, as a share of the figure
_GONE = Decimal("0.10")  # a figure this far off, as a share, is worth nothing
_LEGAL = frozenset(
    {"inc", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "plc"}
    | {"ag", "sa", "se", "gmbh", "nv", "bv", "ab", "oy", "spa"}
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 1; ``kind`` is the kind of error, empty where there is none."""

    value: float
    kind: str = ""


RIGHT = Score(1.0)


def figure(gold: Any, found: Any) -> Score:
    """Score a figure by the kind of its label."""
    if isinstance(gold, GoldMoney) and isinstance(found, Money):
        return money(gold, found)
    if isinstance(gold, GoldPercent) and isinstance(found, Percent):
        return percent(gold, found)
    if isinstance(gold, GoldDay) and isinstance(found, Day):
        return day(gold, found)
    return Score(0.0, "WRONG")


def money(gold: GoldMoney, found: Money) -> Score:
    """Right where the amounts overlap at the precision of the text; else half, falling to 0 at 10% off."""
    if gold.value is None or found.value is None:
        return RIGHT if gold.value is found.value else Score(0.0, "WRONG")
    if found.currency != gold.currency:
        return Score(0.0, "CURRENCY")
    if _other_basis(getattr(gold, "basis", (None,)), getattr(found, "basis", None)):
        return Score(0.0, "BASIS")
    slack = (gold.stated.step or Decimal(0)) / 2
    if "about" in gold.qualifier:
        slack = max(slack, abs(gold.value) * _ABOUT)
    slack += abs(found.value) * _ABOUT if found.qualifier == "about" else Decimal(0)
    if (
        found.value - slack <= (gold.stated.upper or gold.value)
        and gold.value <= (found.upper or found.value) + slack
    ):
        return RIGHT
    off = abs(found.value - gold.value) / abs(gold.value) if gold.value else _GONE
    near = float(max(Decimal(0), 1 - off / _GONE)) / 2
    return Score(near, "SCALE" if _is_scale(found.value, gold.value) else "WRONG")


def _other_basis(gold: Sequence[str | None], found: str | None) -> bool:
    """Whether a stated basis is none of gold's; a price per share is never a sum, even where gold names no basis."""
    said = None if found in (None, "unspecified") else str(found)
    if said is None:
        return set(gold) == {"per_share"}
    return said not in gold and (None not in gold or said == "per_share")


def _is_scale(found: Decimal, gold: Decimal) -> bool:
    """Whether one is about 1,000 or a power of it times the other."""
    if found <= 0 or gold <= 0:
        return False
    thousands = math.log10(found / gold) / 3
    return round(thousands) != 0 and abs(thousands - round(thousands)) < 0.01


def percent(gold: GoldPercent, found: Percent) -> Score:
    """Right within half a unit of the last digit that the text states."""
    if found.percent is None:
        return Score(0.0, "WRONG")
    reach = (gold.stated.step or Decimal(0)) / 2
    return RIGHT if abs(found.percent - gold.percent) <= reach else Score(0.0, "WRONG")


def day(gold: GoldDay, found: Day) -> Score:
    """Right at gold's precision; half where it is coarser, or finer than the text."""
    date = found.date or ""
    if date == gold.date or (not date and gold.date.startswith("--") and found.precision == "day"):
        return RIGHT
    if date and gold.date.startswith(date):
        return Score(0.5, "WRONG")
    if date.startswith(gold.date) or date.endswith(gold.date.removeprefix("-")):
        return Score(0.5, "OVERPRECISE")
    return Score(0.0, "WRONG")


def states(words: str, found: Any) -> bool:
    """Whether words parse again to the figure that was found, or hold it where it is written without a digit."""
    if found.text and not any(map(str.isdigit, found.text)) and found.text in words:
        return True
    if isinstance(found, Day):
        return any(
            found.date is None or (mention.date or "").startswith(found.date)
            for mention in mentions_of(words)
        )
    value = found.percent if isinstance(found, Percent) else found.value
    return any(mention.value == value for mention in mentions_of(words))


def words(gold: str | Facts, found: str) -> Score:
    """Score words: against key facts by the share of them that is there, else as a name."""
    return facts(gold.facts, found) if isinstance(gold, Facts) else name((gold,), found)


def name(gold: Sequence[str], found: str) -> Score:
    """Right where it is one of gold's names but for case, accents and legal form; 0.8 where nearly one."""
    said = normal_name(found)
    names = [normal_name(alias) for alias in gold]
    if said in names:
        return RIGHT
    near = max((JaroWinkler.similarity(said, alias) for alias in names), default=0.0)
    return Score(0.8) if near >= 0.92 else Score(0.0, "WRONG")


@lru_cache(maxsize=4096)
def normal_name(text: str) -> str:
    """Small letters, no accents, possessives, punctuation or legal form."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = _WORD.findall(re.sub(r"['’]s\b", "", plain))
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return " ".join(words)


def exact(gold: object, found: object) -> Score:
    """Right where both are the same: members of closed sets, yes and no, years."""
    return RIGHT if found == gold else Score(0.0, "WRONG")


def facts(gold: Sequence[str], found: str) -> Score:
    """Score words by the share of gold's key facts in them; each word of a fact begins one of theirs."""
    there = _WORD.findall(found.casefold())

    def holds(fact: str) -> bool:
        return all(any(word.startswith(part) for word in there) for part in _WORD.findall(fact.casefold()))

    share = sum(map(holds, gold)) / len(gold)
    return RIGHT if share == 1 else Score(share, "WRONG")
