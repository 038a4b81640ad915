"""Turn a filled draft into facts: each quotation becomes the source's own words, each figure is parsed from them.

What the source does not hold is not a fact. It becomes a finding, and a complaint for the one re-ask.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from summarizer.asking.fields import Field, Form
from summarizer.certainty import CHOSEN, EXACT, REPAIRED, SHORT
from summarizer.document import Sentence
from summarizer.figures import Kind, Mention, Qualifier, bare_number, find, parse
from summarizer.findings import Finding, Span
from summarizer.grounding.parties import is_again, joined, under_fullest_name, without_ticker
from summarizer.grounding.quotes import Place, find_quote, holds_content
from summarizer.inventory import Inventory, fold
from summarizer.records.values import Money, Name, Phrase

_NOTHING = frozenset(
    {"", "null", "none", "n/a", "unknown", "not stated", "not specified", "not disclosed in the article"}
)


@dataclass
class Grounding:
    """The facts of one draft: ``facts`` by field, and by path the ``evidence`` and ``how`` each was found."""

    inventory: Inventory
    facts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    evidence: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)


def ground(fields: Iterable[Field], answers: Mapping[str, Any], inventory: Inventory) -> Grounding:
    """Ground the answers of a filled draft. Prose is taken as it is; ``verify`` checks it."""
    made = Grounding(inventory)
    for one in fields:
        if one.name in answers:
            made.facts[one.name] = _value(one, answers[one.name], one.name, made)
    return made


def complaints(findings: Iterable[Finding]) -> list[str]:
    """What to tell the model of claims that were left out, a sentence each."""
    return [
        f"{finding.field}: {finding.message.removesuffix(_LEFT_OUT)}. Quote the article letter for letter, "
        "or leave the fact out."
        for finding in findings
    ]


_LEFT_OUT = ", so it was left out."


def _value(one: Field, answer: Any, path: str, made: Grounding) -> Any:
    if not one.many:
        return _single(one, answer, path, made)
    values: list[Any] = []
    for part in answer or ():
        at = f"{path}[{len(values)}]"
        value = _single(one, part, at, made)
        if value is None:
            continue
        twin = next(
            (i for i, other in enumerate(values) if _same(value, other) or is_again(value, other)), None
        )
        if twin is None:
            values.append(value)
            continue
        if not _same(value, values[twin]):
            values[twin] = joined(values[twin], value)
        _forget(at, made)
    return tuple(values)


def _same(a: Any, b: Any) -> bool:
    """Whether two items say the same, wherever the article says it."""
    if hasattr(a, "evidence") and type(a) is type(b):
        return bool(a.model_copy(update={"evidence": ()}) == b.model_copy(update={"evidence": ()}))
    return bool(a == b)


def _forget(path: str, made: Grounding) -> None:
    for kept in (made.evidence, made.how):
        for at in [at for at in kept if at == path or at.startswith((f"{path}.", f"{path}["))]:
            del kept[at]


def _single(one: Field, answer: Any, path: str, made: Grounding) -> Any:
    if answer is None:
        return None
    if one.form is Form.PROSE:
        return " ".join(answer.split()) or None
    if one.form in (Form.FLAG, Form.CHOICE):
        return _choice(one, answer, path, made)
    if one.form is Form.GROUP:
        return _group(one, answer, path, made)
    if isinstance(answer, str):
        answer = {"quote": answer, "sentence": 0}
    if fold(answer["quote"]).strip(" .") in _NOTHING:
        return None
    place = find_quote(answer["quote"], answer["sentence"], made.inventory)
    if one.form is Form.QUOTE:
        return _words(one, answer, place, path, made)
    return _figure(one, answer, place, path, made)


def _choice(one: Field, answer: Any, path: str, made: Grounding) -> Any:
    if isinstance(answer, Mapping):
        sentence = _citable(answer["sentence"], made.inventory)
        if sentence is not None:
            made.evidence[path] = made.inventory.cite([sentence])
        answer = answer["answer"]
    made.how[path] = CHOSEN
    return answer if one.form is Form.FLAG else dict(one.members)[answer]


def _citable(number: int, inventory: Inventory) -> Sentence | None:
    if number not in inventory.citable:
        return None
    return inventory.document.sentences[number - 1]


def _words(one: Field, answer: Mapping[str, Any], place: Place | None, path: str, made: Grounding) -> Any:
    if place is None:
        cited = _citable(answer["sentence"], made.inventory)
        if not (one.brief and cited and holds_content(answer["quote"], [cited], made.inventory)):
            _unsupported(answer, path, made)
            return None
        text, spans, how = " ".join(answer["quote"].split()), made.inventory.cite([cited]), SHORT
    else:
        text, spans, how = _source(place, made), made.inventory.cite([place.sentence]), _how(place)
    made.how[path] = how
    if one.type in (Name, Phrase):
        return one.type(text=text, evidence=spans)
    made.evidence[path] = spans
    return text


def _source(place: Place, made: Grounding) -> str:
    return made.inventory.words_at(place.start, place.end)


def _how(place: Place) -> str:
    return REPAIRED if place.moved or place.repaired else EXACT


def _unsupported(answer: Mapping[str, Any], path: str, made: Grounding, why: str = "") -> None:
    quote = " ".join(answer["quote"].split())
    shown = quote if len(quote) <= 120 else f"{quote[:117]}..."
    why = why or "does not stand in the article"
    made.findings.append(Finding(code="unsupported", field=path, message=f'"{shown}" {why}{_LEFT_OUT}'))


def _group(one: Field, answer: Mapping[str, Any], path: str, made: Grounding) -> Any:
    """Ground a nested model; without the words that name an item there is no item."""
    inner: dict[str, Any] = {}
    key = one.key
    for each in one.fields:
        part = answer.get(each.name)
        if each is key and isinstance(part, Mapping):
            part = {**part, "quote": without_ticker(part["quote"])}
        inner[each.name] = _value(each, part, f"{path}.{each.name}", made)
    if (key is not None and inner[key.name] is None and (key.required or one.many)) or not any(
        value not in (None, ()) for value in inner.values()
    ):
        _forget(path, made)
        return None
    if one.plain:
        return inner
    spans = _item_evidence(one, answer, path, made)
    for each in one.fields:  # an item of the value types carries the evidence of its words
        if each.plain:
            made.evidence.pop(f"{path}.{each.name}", None)
            for at in [at for at in made.evidence if at.startswith(f"{path}.{each.name}[")]:
                del made.evidence[at]
    missing = [each.name for each in one.fields if each.required and inner[each.name] is None]
    if missing:
        _forget(path, made)
        return None
    given = {name: value for name, value in inner.items() if value is not None}
    return under_fullest_name(one.type(**given, evidence=spans))


def _item_evidence(one: Field, answer: Mapping[str, Any], path: str, made: Grounding) -> tuple[Span, ...]:
    """Where an item is stated: the cited sentences that hold a word of its name, and the places of its quotations."""
    inventory = made.inventory
    found: dict[int, Span] = {}
    for each in one.fields:
        if each.many:
            continue
        for span in made.evidence.get(f"{path}.{each.name}", ()):
            found.setdefault(span.start, span)
    said = answer.get(one.key.name) if one.key is not None else None
    if isinstance(said, Mapping):
        cited = _citable(said["sentence"], inventory)
        names = [said["quote"], *(part for part in answer.get("aliases") or () if isinstance(part, str))]
        if cited is not None and any(
            holds_content(word, [cited], inventory) for n in names for word in n.split()
        ):
            for span in inventory.cite([cited]):
                found.setdefault(span.start, span)
    return tuple(found[start] for start in sorted(found))[:3]


_KINDS: Mapping[Form, tuple[Kind, ...]] = {
    Form.YEAR: (Kind.DATE,),
    Form.DATE: (Kind.DATE,),
    Form.NUMBER: (Kind.MONEY, Kind.PER_SHARE, Kind.PERCENT, Kind.MULTIPLE, Kind.SHARES),
}


def _figure(one: Field, answer: Mapping[str, Any], place: Place | None, path: str, made: Grounding) -> Any:
    """Parse a figure from the place of its quotation, or from the one place that has its value in another form."""
    kinds = one.type.kinds if one.form is Form.FIGURE else _KINDS[one.form]
    if answer.get("undisclosed") and place is not None and not _mentions_at(place, kinds, made.inventory):
        return _undisclosed(one, answer, place, path, made)
    mention = _mention(answer, place, kinds, made.inventory)
    if mention is None and one.form is Form.NUMBER and place is not None:
        return _bare_number(one, answer, place, path, made)
    if mention is None:
        why = "" if place is None else _why_none(place, made.inventory)
        _unsupported(answer, path, made, why)
        return None
    exact = place is not None and not place.moved and not place.repaired
    made.how[path] = EXACT if exact else REPAIRED
    if one.form is Form.FIGURE:
        return _as_value(one, answer, mention, path, made)
    value = _as_plain(one, mention)
    if value is None:
        _unsupported(
            answer, path, made, f"does not state a {'full date' if one.form is Form.DATE else 'number'}"
        )
        return None
    sentence = made.inventory.document.sentence_at(mention.start)
    made.evidence[path] = made.inventory.cite([sentence] if sentence else [])
    return value


def _mention(
    answer: Mapping[str, Any], place: Place | None, kinds: tuple[Kind, ...], inventory: Inventory
) -> Mention | None:
    if place is not None:
        there = _mentions_at(place, kinds, inventory)
        values = {(m.kind, m.value, m.upper, m.unit, m.date) for m in there}
        return there[0] if len(values) == 1 else _only(answer, there)
    said = [m for m in find(answer["quote"]) if m.kind in kinds and _has_value(m)]
    if len(said) != 1 or parse(answer["quote"]) is None:
        return None
    equal = [m for m in inventory.body_mentions if _equal(m, said[0])]
    return min(equal, key=lambda m: (not _in(m, answer["sentence"], inventory), m.start), default=None)


def _why_none(place: Place, inventory: Inventory) -> str:
    unread = _mentions_at(place, (Kind.UNREAD,), inventory)
    if unread:
        return f"holds a figure that has no value, because {unread[0].reason}"
    return "holds no figure of the kind that is asked for, or several"


def _only(answer: Mapping[str, Any], there: Sequence[Mention]) -> Mention | None:
    """The one mention that a quotation of several words is about: the first of its own kind where the others differ."""
    kinds = {mention.kind for mention in there}
    return there[0] if there and len(kinds) == len(there) else None


def _mentions_at(place: Place, kinds: tuple[Kind, ...], inventory: Inventory) -> list[Mention]:
    """The figures of a quotation: those inside of it, else the one that it is a part of."""
    here = [
        m for m in inventory.mentions_in(place.sentence) if m.kind in kinds and (_has_value(m) or m.reason)
    ]
    inside = [m for m in here if place.start <= m.start and m.end <= place.end]
    return inside or [m for m in here if m.start <= place.start and place.end <= m.end]


def _has_value(mention: Mention) -> bool:
    return mention.value is not None or mention.date is not None


def _equal(a: Mention, b: Mention) -> bool:
    return (a.kind, a.value, a.upper, a.unit, a.date) == (b.kind, b.value, b.upper, b.unit, b.date)


def _in(mention: Mention, number: int, inventory: Inventory) -> bool:
    sentence = inventory.document.sentence_at(mention.start)
    return sentence is not None and sentence.number == number


def _as_value(one: Field, answer: Mapping[str, Any], mention: Mention, path: str, made: Grounding) -> Any:
    """Build the value. The same value elsewhere in the body adds its evidence, and its hedge where this has none."""
    inventory = made.inventory
    same = [mention, *(m for m in inventory.body_mentions if m is not mention and _equal(m, mention))]
    hedges = [m.qualifier for m in same if m.qualifier is not Qualifier.EXACT]
    plain = mention.qualifier is Qualifier.EXACT and mention.kind is not Kind.DATE
    qualifier = hedges[0] if hedges and plain else mention.qualifier
    sentences = [s for m in same if (s := inventory.document.sentence_at(m.start)) is not None]
    own, rest = sentences[:1], sorted(sentences[1:], key=lambda s: s.number)
    beside = {each.name: _beside(each, answer.get(each.name)) for each in one.fields}
    if mention.kind is Kind.PER_SHARE and "basis" in beside:
        beside["basis"] = "per_share"
    return one.type.from_mention(
        mention,
        qualifier,
        inventory.cite([*own, *rest[:2]]),
        **{k: v for k, v in beside.items() if v is not None},
    )


def _beside(each: Field, answer: Any) -> Any:
    if answer is None or each.form is Form.FLAG:
        return answer
    return dict(each.members)[answer]


def _undisclosed(one: Field, answer: Mapping[str, Any], place: Place, path: str, made: Grounding) -> Any:
    """Words that keep a figure back; they hold no figure of their own."""
    if not issubclass(one.type, Money) or any(character.isdigit() for character in _source(place, made)):
        _unsupported(answer, path, made, "does not keep a figure back")
        return None
    made.how[path] = _how(place)
    return one.type(
        text=_source(place, made),
        qualifier=Qualifier.UNDISCLOSED,
        evidence=made.inventory.cite([place.sentence]),
    )


def _as_plain(one: Field, mention: Mention) -> Any:
    """A figure as the number or date that a plain annotation asks for; None where it states no such thing."""
    if one.form is Form.NUMBER:
        value = mention.value
        if (
            value is None
            or mention.upper is not None
            or (one.type is int and value != value.to_integral_value())
        ):
            return None
        return one.type(value)
    date = mention.date or ""
    if one.form is Form.YEAR:
        return int(date[:4]) if date[:4].isdigit() else None
    try:
        return datetime.date.fromisoformat(date) if len(date) == 10 else None
    except ValueError:
        return None


def _bare_number(one: Field, answer: Mapping[str, Any], place: Place, path: str, made: Grounding) -> Any:
    """A number without a unit, in digits: "1,200 employees"."""
    value = bare_number(_source(place, made))
    if value is None or (one.type is int and value != value.to_integral_value()):
        _unsupported(answer, path, made, "does not state a number")
        return None
    made.how[path] = _how(place)
    made.evidence[path] = made.inventory.cite([place.sentence])
    return one.type(value)
