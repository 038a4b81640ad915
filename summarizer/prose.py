"""Keep only those sentences of generated prose that the source and the record support."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from summarizer.checks import FIGURES, Facts, mention_of
from summarizer.figures import Kind, Mention, find, may_be
from summarizer.findings import Finding
from summarizer.inventory import Inventory, fold
from summarizer.records.values import Money, Percent

if TYPE_CHECKING:
    from summarizer.rules.hints import Hints

_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’]?\s+(?=[A-Z0-9$€£\"“])")
_ABBREVIATED = re.compile(r"\b(?:Inc|Corp|Co|Ltd|Mr|Mrs|Ms|Dr|U\.S|U\.K|vs|St|No)\.$")
_CAPITALISED = re.compile(r"\b[A-Z][\w’'&-]*")
_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def check_prose(
    name: str, prose: str, facts: Facts, inventory: Inventory, hints: Hints | None = None
) -> tuple[str | None, list[Finding]]:
    """Keep the sentences of generated text that the source and the record support; report the others.

    Every figure has to be one of the body's, and where the words near it make it the price, the valuation
    or the stake, the record's; every name and number has to stand in the body; and buyer and target may
    not change places. Without ``hints`` nothing is held against a sentence that only word rules tell.
    """
    kept: list[str] = []
    findings: list[Finding] = []
    for sentence in split_prose(prose):
        why = why_unsupported(sentence, facts, inventory, hints)
        if why is None:
            kept.append(sentence)
        else:
            message = f"A generated sentence was left out: {why}."
            findings.append(Finding(code="unsupported_prose", field=name, message=message))
    return " ".join(kept) or None, findings


def whole_sentences(prose: str, limit: int) -> str:
    """Generated text without white space to spare, and without a last sentence that its limit cut off."""
    text = " ".join(prose.split())
    if len(text) < limit - 8 or text.endswith((".", "!", "?", '"', "”")):
        return text
    return " ".join(split_prose(text)[:-1])


def split_prose(prose: str) -> list[str]:
    """Sentences of generated text."""
    sentences: list[str] = []
    for part in _SENTENCE.split(prose.strip()):
        if sentences and _ABBREVIATED.search(sentences[-1]):
            sentences[-1] += " " + part
        elif part:
            sentences.append(part)
    return sentences


def why_unsupported(
    sentence: str, facts: Facts, inventory: Inventory, hints: Hints | None = None
) -> str | None:
    """Return why the source and the record do not support a sentence; None if they do."""
    mentions = find(sentence)
    held = inventory.body_mentions
    roles = hints.roles_in(sentence, mentions) if hints else (None,) * len(mentions)
    for mention, role in zip(mentions, roles, strict=True):
        if mention.kind is Kind.UNDISCLOSED:
            continue
        if not any(_equal(mention, other) for other in held):
            return f"the article does not hold {mention.text}"
        field = "amount" if role == "price" else role if role in FIGURES else None
        value = facts.get(field) if field else None
        if isinstance(value, (Money, Percent)):
            said = mention_of(value, inventory)
            if said is not None and said.kind is mention.kind and not _equal(mention, said):
                return f"it gives {mention.text} as the {field}, which the record has as {value.text}"
    covered = [(mention.start, mention.end) for mention in mentions]
    words = inventory.words
    for match in _NUMBER.finditer(sentence):
        if not any(start <= match.start() < end for start, end in covered) and match.group() not in words:
            return f"the article does not hold {match.group()}"
    capitals = [match.start() for match in _CAPITALISED.finditer(sentence)]
    titled = 2 * len(capitals) > len(sentence.split())
    for match in _CAPITALISED.finditer(sentence):
        word = fold(match.group()).removesuffix("'s").strip("'-")
        if match.start() > 0 and not _known(word, words) and not (titled and _kin(word, words)):
            return f"the article does not hold the name {match.group()}"
    if hints is None:
        return None
    parts = {party.name: str(party.role) for party in facts.get("parties") or () if hasattr(party, "role")}
    return "it has the target buying the buyer" if hints.reverses(sentence, parts) else None


def _known(word: str, words: frozenset[str]) -> bool:
    if word in words or word.removesuffix("s") in words or f"{word}s" in words:
        return True
    parts = [part for part in re.split(r"[-&']", word) if part]
    return bool(parts) and all(part in words for part in parts)


def _kin(word: str, words: frozenset[str]) -> bool:
    """Whether the source has a word of the same stem: in a title, "Invests" is no name where it has "investing"."""
    stem = word[: max(4, len(word) - 3)]
    return len(word) > 5 and any(other.startswith(stem) for other in words)


def _equal(a: Mention, b: Mention) -> bool:
    if a.kind is Kind.DATE:
        return b.kind is Kind.DATE and bool(a.date) and (b.date or "").startswith(a.date or "")
    if a.kind is Kind.UNREAD:
        return b.kind is Kind.UNREAD and fold(a.text) == fold(b.text)
    return a.kind is b.kind and may_be(a, b.unit, b.text) and (a.value, a.upper) == (b.value, b.upper)
