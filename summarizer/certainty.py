"""How sure a record is of each of its facts: a number with its grounds, from what was seen on the way.

Pure, and without a model. The grounds are of the pipeline, so they hold for any schema: how a fact was found, where
and how often the text states it, what the checks say of it. The number is a sum of log odds, one for each ground
(logistic regression), whose weights were fitted to recorded runs of the evals. Prose has none: no gold tells when it is right.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from summarizer.figures import Mention, agree, is_rounding_of
from summarizer.findings import Finding, Span
from summarizer.inventory import LEAD, Inventory
from summarizer.records.compile import Form, Question, Slot
from summarizer.records.values import Certainty, FigureValue, Value
from summarizer.roles import Role

HOW = (
    _BY_WORDS := "settled by the words near the figure",
    _AGREED := "chosen by the model, and the words near the figure agree",
    _CHOSEN := "chosen by the model, and the words near the figure do not tell",
    _DECIDED := "decided by code from the words of the text",
    _JUDGED := "decided by the model",
    _COPIED := "copied from the text",
    _SURE := "a sentence taken for its words",
    _CUED := "a sentence with words that may tell it",
    _TOLD := "a sentence that the model said yes to",
    EXACT := "quoted exactly",
    REPAIRED := "quoted with other punctuation, or from another sentence than the cited one",
    SHORT := "put shortly in the words of the cited sentence",
    CHOSEN := "chosen by the model from a closed set",
)
"""How a fact was found: the first ground of each. The last four are those of whole drafts."""

SUPPORTS = (
    _LEAD := "in the headline or the first sentences",
    _SEVERAL := "stated in several sentences",
)
"""Grounds to be surer."""

DOUBTS = (
    _RIVALS := "the text has another figure for it",
    _NAMED := "the checks object to it",
    _LEFT_OUT := "other answers for it were left out",
    _ALL_TAKEN := "the model said yes to every sentence",
    _TWICE := "the same sentence states something else",
    _GATE := "only the model says that the text is about this at all",
    _RULES := "the rules read the text otherwise",
)
"""Grounds to be less sure."""

# Fitted to the development half; evals/NOTES.md has the figures. Three grounds, of
# figures and sentences that a model is asked to judge, do not occur there any more, and keep what they had when they did.
# Those of whole drafts are from recorded replies of a large model to eleven of these cases: of 171 facts that were quoted exactly
# 99% were right, of 73 that were chosen all. Its doubts were too few to fit, and are those of the small model.
WEIGHTS: Mapping[str, float] = {
    "settled by the words near the figure": 2.00,
    "chosen by the model, and the words near the figure agree": -0.35,
    "chosen by the model, and the words near the figure do not tell": 0.69,
    "decided by code from the words of the text": 2.78,
    "decided by the model": 1.53,
    "copied from the text": 1.94,
    "a sentence taken for its words": 2.85,
    "a sentence with words that may tell it": 0.70,
    "a sentence that the model said yes to": 1.46,
    "in the headline or the first sentences": 1.15,
    "stated in several sentences": 0.21,
    "the text has another figure for it": -0.52,
    "the checks object to it": -0.44,
    "other answers for it were left out": -0.39,
    "the model said yes to every sentence": -0.53,
    "the same sentence states something else": -0.34,
    "only the model says that the text is about this at all": -0.17,
    "quoted exactly": 4.0,
    "quoted with other punctuation, or from another sentence than the cited one": 0.0,
    "put shortly in the words of the cited sentence": 0.0,
    "chosen by the model from a closed set": 4.3,
    "the rules read the text otherwise": -1.0,
}

DOUBTFUL = 0.8
"""Where doubt begins. Of the 771 facts of the evals' 39 cases, those under it are right in 70%, the others in 92%."""

_OF_DROPPED = (
    "unsupported",
    "unsupported_figure",
    "unsupported_prose",
)  # findings on what is not in the record


def certainties(
    asked: Sequence[Slot],
    facts: Mapping[str, Any],
    put: Mapping[str, Question],
    findings: Sequence[Finding],
    inventory: Inventory,
) -> tuple[Certainty, ...]:
    """Say of each fact how sure it is, in the order of the schema.

    ``put`` has the questions that were put to the model, by field; a field without one was settled by code.
    """
    found = []
    gated = [slot.name for slot in asked if slot.ask.first and slot.name in put]
    for slot in asked:
        value = facts.get(slot.name)
        if slot.form is Form.PROSE or value is None:
            continue
        whole = [_GATE] if gated and slot.name not in gated else []
        if any(f.code == "unsupported" and _under(f.field, slot.name) for f in findings):
            whole.append(_LEFT_OUT)
        for index, part in enumerate(value if slot.many else (value,)):
            at = f"{slot.name}[{index}]" if slot.many else slot.name
            for path, grounds in _of_value(slot, at, part, put.get(slot.name), facts, inventory):
                said = (*grounds, *_objections(path, findings), *whole)
                found.append(Certainty(field=path, value=probability(said), grounds=said))
    return tuple(found)


def probability(grounds: Collection[str], weights: Mapping[str, float] = WEIGHTS) -> float:
    """Give the share of right facts among those with these grounds, to the hundredth."""
    return round(1 / (1 + math.exp(-sum(weights[ground] for ground in grounds))), 2)


Found = Iterator[tuple[str, list[str]]]
"""The path of each fact, with how it was found and where it stands."""


def _of_value(
    slot: Slot, path: str, value: Any, put: Question | None, facts: Mapping[str, Any], inventory: Inventory
) -> Found:
    if slot.form in (Form.CHOICE, Form.YES_NO):
        yield path, [_DECIDED if put is None else _JUDGED]
    elif slot.form is Form.FIGURE:
        yield path, _of_figure(slot, value, put is None, inventory)
    elif slot.form is Form.EACH:
        yield from _of_sentence(slot, path, value, put, facts)
    elif slot.key is not None:
        yield from _of_item(slot, slot.key, path, value, inventory)
    else:  # a Name or a Phrase
        yield path, [_COPIED, *_places(value.evidence, inventory)]


def _of_figure(slot: Slot, value: FigureValue, by_code: bool, inventory: Inventory) -> list[str]:
    roles = {Role(role) for role in slot.ask.roles}
    places = {span.start for span in value.evidence}
    words = getattr(value, "text", "")
    kin = [f for f in inventory.figures if f.mention.kind in type(value).kinds]
    chosen = [f for f in kin if f.mention.text == words and f.sentence.start in places]
    rivals = [f for f in kin if f.role in roles and not f.earlier]
    agreed = any(figure.role in roles for figure in chosen)
    grounds = [_BY_WORDS if by_code else _AGREED if agreed else _CHOSEN, *_places(value.evidence, inventory)]
    if chosen and any(_differs(figure.mention, chosen[0].mention) for figure in rivals):
        grounds.append(_RIVALS)
    return grounds


def _differs(a: Mention, b: Mention) -> bool:
    return not (agree(a, b) or is_rounding_of(a, b) or is_rounding_of(b, a))


def _of_sentence(
    slot: Slot, path: str, value: Value, put: Question | None, facts: Mapping[str, Any]
) -> Found:
    # Where the sentence stands is no ground: the lead tells what happened, and what is asked of sentences is why.
    span = value.evidence[0]
    told = put is not None and any(sentence.start == span.start for sentence in put.sentences)
    sure = slot.ask.sure is not None and slot.ask.sure.search(value.evidence[0].text)
    grounds = [_TOLD if told else _SURE if sure else _CUED]
    if told and put is not None and len(put.sentences) > 1:
        taken = {each.evidence[0].start for each in facts[slot.name]}
        grounds += [_ALL_TAKEN] if all(sentence.start in taken for sentence in put.sentences) else []
    if any(span.start in _starts(other) for name, other in facts.items() if name != slot.name):
        grounds.append(_TWICE)
    if slot.key is None:
        yield path, grounds
    for item in slot.items:
        if getattr(value, item.name) is not None:
            yield f"{path}.{item.name}", grounds


def _starts(value: Any) -> set[int]:
    """Where the places of a list of facts begin; nothing for a single value, which may well share a sentence."""
    parts = value if isinstance(value, tuple) else ()
    return {span.start for part in parts for span in getattr(part, "evidence", ())}


def _of_item(slot: Slot, key: Slot, path: str, value: Value, inventory: Inventory) -> Found:
    about = inventory.about(getattr(value, key.name))
    places = _places([*value.evidence, *(inventory.span(s.start, s.end) for s in about)], inventory)
    for item in slot.items:
        part = getattr(value, item.name)
        if part is None:
            continue
        at = f"{path}.{item.name}"
        if item.form is Form.FIGURE:
            yield at, _of_figure(item, part, False, inventory)
        elif item.form in (Form.CHOICE, Form.YES_NO):
            yield at, [_JUDGED if item.ask.decide is None else _DECIDED, *places]
        else:
            yield at, [_COPIED, *places]


def _places(spans: Sequence[Span], inventory: Inventory) -> list[str]:
    starts = {span.start for span in spans}
    lead = any(s.start in starts for s in inventory.leading(LEAD))
    return [*([_LEAD] if lead else []), *([_SEVERAL] if len(starts) > 1 else [])]


def _objections(path: str, findings: Sequence[Finding]) -> list[str]:
    """Whether a finding is about this fact; another figure for it is a ground of its own."""
    quiet = (*_OF_DROPPED, "two_figures")
    return (
        [_NAMED] if any(f.code not in quiet and f.field and _under(path, f.field) for f in findings) else []
    )


def _under(path: str, field: str) -> bool:
    return path == field or path.startswith((f"{field}.", f"{field}["))


_UNSEEN = frozenset(
    {REPAIRED, SHORT}
)  # no such fact was in the recorded replies, so there is no number for one


def rate(
    how: Mapping[str, str], facts: Mapping[str, Any], findings: Sequence[Finding]
) -> tuple[Certainty, ...]:
    """Rate the facts of a whole draft: ``how`` each was grounded, by path, and what the findings say of it.

    A fact that was repaired or put shortly gets no number.
    """
    found = []
    for path, ground in how.items():
        if ground not in _UNSEEN and _holds(facts, path):
            said = (ground, *_doubts(path, findings))
            found.append(Certainty(field=path, value=probability(said), grounds=said))
    return tuple(found)


def _holds(facts: Mapping[str, Any], path: str) -> bool:
    """Whether the record has a fact at a path; one that a check took out has none."""
    name = path.partition("[")[0].partition(".")[0]
    return facts.get(name) not in (None, ())


def _doubts(path: str, findings: Sequence[Finding]) -> Iterator[str]:
    codes = {finding.code for finding in findings if finding.field and _under(path, finding.field)}
    if "two_figures" in codes:
        yield _RIVALS
    if "rules_disagree" in codes:
        yield _RULES
    if codes - {*_OF_DROPPED, "two_figures", "rules_disagree"}:
        yield _NAMED
    field = path.partition("[")[0].partition(".")[0]
    if any(f.code == "unsupported" and _under(f.field, field) for f in findings):
        yield _LEFT_OUT
