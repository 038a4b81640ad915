"""ANLS*: how near the tree of a record is to that of gold, by edits of its leaves.

Peer et al., "ANLS* -- A Universal Document Processing Metric for Generative Large Language Models", 2024
(arXiv 2402.03848). It stands beside our own scores for comparison with papers, and gates nothing: to it a
figure with one wrong digit is nearly right.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from evals import scorers
from evals.gold import Facts, GoldDay, GoldItem, GoldMoney, GoldPercent, scored_items
from evals.score import align
from summarizer.figures import Kind, parse
from summarizer.records.compile import Slot, slots
from summarizer.records.values import Day, Money, Name, Percent, Phrase

Tree = Any
"""A string or None (leaves), a dict or list of trees; in gold also a tuple, of which any one tree is right."""

_THRESHOLD = 0.5  # leaves that are less alike are worth nothing
_PAIR_FROM = 0.5  # a likeness of keys from which two items are about the same thing
_OPTIONAL = 0.99  # an optional item gives way to a required one that is as alike


def anls_star(gold: Any, record: Any) -> float:
    """ANLS* of a record against gold (an instance of ``gold_model`` of its schema), from 0 to 1.

    Fields count that gold labels; of items, fields that each required item labels. A figure is its value and
    unit, without hedge, basis and evidence; key facts are joined. Optional items count for nothing, found or
    not. Where nothing is labelled, 1.
    """
    wanted: dict[str, Tree] = {}
    found: dict[str, Tree] = {}
    schema: Any = type(record)
    for slot in slots(schema):
        labels, value = getattr(gold, slot.name), getattr(record, slot.name)
        if labels is None:
            continue
        if slot.many:
            wanted[slot.name], found[slot.name] = _lists(slot, labels, value or ())
        else:
            wanted[slot.name], found[slot.name] = _one_of(labels), _leaf(value)
    return tree_score(wanted, found)


def _lists(slot: Slot, labels: Sequence[Any], found: Sequence[Any]) -> tuple[list[Tree], list[Tree]]:
    """Both sides of a list as trees, without optional items and what the record has for them."""
    required = [label for label in labels if not getattr(label, "optional", False)]
    key = slot.key.name if slot.key else "text"
    others = [
        part.name
        for part in scored_items(slot)
        if part.name != key and all(getattr(label, part.name) is not None for label in required or labels)
    ]

    def wanted_tree(label: Any) -> Tree:
        if not slot.items:
            return _leaf(label)
        return {name: _one_of(getattr(label, name) or (None,)) for name in (key, *others)}

    def found_tree(item: Any) -> Tree:
        if not slot.items:
            return _leaf(item)
        leaves = {name: _leaf(getattr(item, name)) for name in (key, *others)}
        return {name: leaf for name, leaf in leaves.items() if leaf is not None}

    def alike(label: Any, item: Any) -> float:
        answers = [answer for answer in getattr(label, key) or () if answer is not None]
        near = max((scorers.words(answer, getattr(item, key)).value for answer in answers), default=0.0)
        if near < _PAIR_FROM:
            return 0.0
        if others:
            near = (near + tree_score(wanted_tree(label), found_tree(item))) / 2
        return near * (_OPTIONAL if label.optional else 1.0)

    if len(required) < len(labels):
        rows = align(labels, found, alike)
        found = [item for _, label, _, item in rows if item is not None and not (label and label.optional)]
    return [wanted_tree(label) for label in required], [found_tree(item) for item in found]


def _one_of(labels: Sequence[Any]) -> Tree:
    options = tuple(_leaf(label) for label in labels)
    return options if len(options) > 1 else options[0]


def _leaf(node: Any) -> Tree:
    """A value or its label as text; None where it says nothing."""
    if isinstance(node, enum.Enum):
        node = node.value
    if node in (None, "", "unspecified"):
        return None
    if isinstance(node, GoldItem):  # of a Name or a Phrase
        return _one_of(getattr(node, "text", None) or (None,))
    if isinstance(node, Facts):
        return " ".join(node.facts)
    if isinstance(node, (GoldMoney, Money)):
        upper = node.stated.upper if isinstance(node, GoldMoney) else node.upper
        return "undisclosed" if node.value is None else f"{_number(node.value, upper)} {node.currency}"
    if isinstance(node, (GoldPercent, Percent)):
        upper = node.stated.upper if isinstance(node, GoldPercent) else node.upper
        return None if node.percent is None else f"{_number(node.percent, upper)}%"
    if isinstance(node, GoldDay):
        return node.date
    if isinstance(node, Day):  # a day without its year has none in the record
        mention = parse(node.text, Kind.DATE)
        return node.date or (mention and mention.date) or node.text
    if isinstance(node, (Name, Phrase)):
        return node.text
    return str(node)


def _number(value: Decimal, upper: Decimal | None) -> str:
    return "-".join(f"{end.normalize():f}" for end in (value, upper) if end is not None)


def tree_score(gold: Tree, found: Tree) -> float:
    """ANLS* of two trees, from 0 to 1: the mean over the leaves of both; two trees without leaves score 1.

    As published, but for a key that only ``found`` has: it costs nothing where its value is None. (The
    authors' package 1.0.1 reads a list of strings against a string as "any one of"; say so with a tuple.)
    """
    return _mean(_compare(gold, found))


_Compared = tuple[list[float], int]
"""The scores of the leaves of two trees, and how many leaves there are to score."""


def _mean(compared: _Compared) -> float:
    scores, leaves = compared
    return sum(scores) / leaves if leaves else 1.0


def _compare(gold: Tree, found: Tree) -> _Compared:
    if isinstance(gold, tuple):
        return max((_compare(option, found) for option in gold), key=_mean)
    if gold is None:
        return [float(found in (None, {}, [], ""))], max(1, _leaves(found))
    if isinstance(gold, dict) and isinstance(found, dict):
        pairs = [_compare(gold.get(key), found.get(key)) for key in {**gold, **found}]
        return [score for scores, _ in pairs for score in scores], sum(leaves for _, leaves in pairs)
    if isinstance(gold, list) and isinstance(found, list):
        return _compare_lists(gold, found)
    if isinstance(gold, (dict, list)) or isinstance(found, (dict, list)) or found is None:
        return [0.0], max(_leaves(gold), _leaves(found))
    return [_similarity(str(gold), str(found))], 1


def _compare_lists(gold: Sequence[Tree], found: Sequence[Tree]) -> _Compared:
    """The best assignment of items; what is left on either side has leaves and no scores."""
    grid = [[_compare(wanted, item) for item in found] for wanted in gold]
    means = [[_mean(compared) for compared in row] for row in grid]
    rows, columns = linear_sum_assignment(means, maximize=True) if gold and found else ([], [])
    pairs = [grid[i][j] for i, j in zip(rows, columns, strict=True)]
    alone = [tree for i, tree in enumerate(gold) if i not in rows]
    alone += [tree for j, tree in enumerate(found) if j not in columns]
    scores = [score for each, _ in pairs for score in each]
    return scores, sum(leaves for _, leaves in pairs) + sum(map(_leaves, alone))


def _leaves(tree: Tree) -> int:
    if isinstance(tree, tuple):
        return max(map(_leaves, tree))
    if isinstance(tree, (dict, list)):
        return sum(map(_leaves, tree.values() if isinstance(tree, dict) else tree))
    return 1


def _similarity(gold: str, found: str) -> float:
    """The normalised Levenshtein similarity without case and spare white space; 0 below the threshold."""
    a, b = (" ".join(text.lower().split()) for text in (gold, found))
    longest = max(len(a), len(b))
    similarity = 1 - Levenshtein.distance(a, b) / longest if longest else 1.0
    return similarity if similarity >= _THRESHOLD else 0.0
