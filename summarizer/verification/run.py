"""``verify``: look up every value of a record in a text."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from summarizer.document import Sentence, read_document
from summarizer.errors import InputError
from summarizer.figures import Kind, Mention, find
from summarizer.findings import Finding, Span
from summarizer.grounding.quotes import find_quote
from summarizer.inventory import Inventory, take_inventory
from summarizer.records.deal import DealFacts, DealSummary

from . import figures, words
from .figures import Sought, sentence_of
from .leaves import UNIT_KEYS, Cited, Leaf, fields_of, is_own, leaves
from .model import Verification
from .record_checks import record_findings

_MAIN = frozenset(
    {"text", "name", "quote", "description", "value"}
)  # what the evidence beside it has to hold
_MOST_SPANS = 3


def verify(record: Any, text: str, schema: type[BaseModel] | None = None) -> Verification:
    """Look up in ``text`` what any tool extracted from it; no model is asked.

    ``record`` is a Pydantic model, a dataclass, a mapping or a list of these, nested as they like; where it
    cites evidence (spans in characters of ``text``, or quotations), a value has to stand there. ``schema`` is
    the Pydantic model that a mapping is an instance of: it tells free text from closed sets. JSON of a
    ``DealSummary`` needs none.

    Raises InputError where the record has another form or does not fit the schema, EmptyInput and
    InputTooLarge for the text.
    """
    given = _with_schema(record, schema)
    if fields_of(given) is None and not isinstance(given, (list, tuple)):
        raise InputError(
            f"A record is a Pydantic model, a dataclass, a mapping or a list of these, not {type(record).__name__}."
        )
    check = _Check(take_inventory(read_document(text)))
    for leaf in leaves(given):
        check.look_up(leaf)
    check.findings += record_findings(given, check.mentions, check.inventory)
    return Verification(
        findings=tuple(check.findings),
        evidence=check.evidence,
        checked=tuple(check.checked),
        unchecked=check.unchecked,
    )


def _with_schema(record: Any, schema: type[BaseModel] | None) -> Any:
    if not isinstance(record, Mapping):
        return record
    if schema is None:
        if not (is_own(record) and DealFacts.model_fields.keys() <= record.keys()):
            return record
        schema = DealSummary
    try:
        return schema.model_validate(dict(record))
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"]) or "the record"
        raise InputError(f"The record does not fit {schema.__name__}: {at}: {first['msg']}.") from error


class _Check:
    """The state of one verification."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.findings: list[Finding] = []
        self.evidence: dict[str, tuple[Span, ...]] = {}
        self.checked: list[str] = []
        self.unchecked: dict[str, str] = {}
        self.mentions: dict[str, Mention] = {}  # the figures that hold, by the path of their value
        self._cited: dict[Cited, tuple[int, int] | None] = {}
        self._currencies: set[str] = set()

    def look_up(self, leaf: Leaf) -> None:
        for each in leaf.beside:
            self._resolve(each)
        spans = [place for each in leaf.cited if (place := self._resolve(each)) is not None]
        why = self._beyond_checking(leaf)
        if why:
            self.unchecked[leaf.path] = why
            return
        sought = figures.sought_in(leaf)
        if sought is not None:
            self._figure(leaf, sought, spans)
        elif not isinstance(leaf.value, str):
            self.unchecked[leaf.path] = f"a value of type {type(leaf.value).__name__} is not looked up"
        else:
            self._words(leaf, " ".join(leaf.value.split()), spans)

    def _beyond_checking(self, leaf: Leaf) -> str:
        value = leaf.value
        if isinstance(value, bool):
            return "a yes or no is judged, not quoted"
        if leaf.closed or isinstance(value, enum.Enum):
            return "a member of a closed set is judged, not quoted"
        if not isinstance(value, str):
            return ""
        if leaf.key.lower() in UNIT_KEYS:
            return "read together with the figure beside it"
        if words.has_no_value(value):
            return "it says that there is no value"
        if not leaf.typed and not leaf.prose and words.is_code(value):
            return "it looks like a member of a closed set; a schema tells"
        return ""

    # evidence

    def _resolve(self, cited: Cited) -> tuple[int, int] | None:
        if cited not in self._cited:
            self._cited[cited] = self._place(cited)
        return self._cited[cited]

    def _place(self, cited: Cited) -> tuple[int, int] | None:
        self.checked.append(cited.path)
        source = self.inventory.document.text
        if cited.start is not None and cited.end is not None:
            there = source[cited.start : cited.end]
            if not 0 <= cited.start < cited.end <= len(source) or cited.text not in (None, there):
                said = (
                    f', but the text there is "{_short(there)}"'
                    if there
                    else ", which the text does not have"
                )
                message = f"The evidence is said to stand at {cited.start} to {cited.end}{said}."
                self._found("bad_span", cited.path, message)
                return None
            if not self.inventory.document.is_evidence(cited.start):
                message = "The evidence is no part of the article: a teaser, a comment or the like."
                self._found("outside_article", cited.path, message)
                return None
            self.evidence[cited.path] = (self.inventory.span(cited.start, cited.end),)
            return cited.start, cited.end
        place = find_quote(cited.text or "", 0, self.inventory)
        if place is None:
            self._missing_words(cited.path, cited.text or "")
            return None
        self.evidence[cited.path] = (self.inventory.span(place.start, place.end),)
        return place.start, place.end

    def _sentences(self, spans: Iterable[tuple[int, int]]) -> list[Sentence]:
        spans = list(spans)
        return [
            sentence
            for sentence in self.inventory.document.sentences
            if any(start < sentence.end and sentence.start < end for start, end in spans)
        ]

    # figures

    def _figure(self, leaf: Leaf, sought: Sought, spans: Sequence[tuple[int, int]]) -> None:
        inventory = self.inventory
        body = inventory.body_mentions
        cited = self._sentences(spans)
        numbers = {sentence.repeat_of or sentence.number for sentence in cited}
        equal = [m for m in body if figures.equal(sought, m)]
        if not equal and sought.date:
            equal = figures.with_year(sought, body)
        at = [(sentence_of(m, inventory), m.start, m.end) for m in equal]
        at = at or list(figures.bare_numbers(sought, inventory))
        if not at:
            if figures.may_be_counted(sought):
                self.unchecked[leaf.path] = "a small number may be counted, not quoted"
                return
            self.checked.append(leaf.path)
            miss = figures.explain(sought, numbers, inventory)
            self._found(miss.code, leaf.path, miss.message, *(self._around(m.start) for m in miss.mentions))
            return
        self.checked.append(leaf.path)
        here = [place for place in at if not cited or place[0].number in numbers]
        other = self._quoted_otherwise(leaf, sought, spans)
        if not here or other:
            said = f'its evidence says "{other}"' if other else "it does not stand in its evidence"
            message = f"The record says {sought.shown}; {said}. The text has it elsewhere."
            self._found("not_in_evidence", leaf.path, message, inventory.span(at[0][0].start, at[0][0].end))
            return
        self.evidence[leaf.path] = tuple(inventory.span(start, end) for _, start, end in here[:_MOST_SPANS])
        if equal:
            self.mentions[leaf.path] = equal[0]

    def _quoted_otherwise(self, leaf: Leaf, sought: Sought, spans: Sequence[tuple[int, int]]) -> str:
        """The figure of a narrow quotation, where it has figures of the kind that is sought and none is that one."""
        texts = [self.inventory.document.text[start:end] for start, end in spans]
        texts += [leaf.said] if leaf.said else []
        kinds = {*sought.kinds, Kind.DATE} if 1000 < (sought.value or 0) < 3000 else sought.kinds
        for quoted in texts:
            there = [m for m in find(quoted) if m.kind in kinds]
            if there and not any(self._same(sought, m) for m in there) and not sought.date:
                said = next((m for m in there if m.kind in (Kind.MONEY, Kind.PERCENT)), there[0])
                return " ".join(said.text.split())
        return ""

    def _same(self, sought: Sought, quoted: Mention) -> bool:
        """Whether a quotation states what is sought; its own words may leave the country of the currency open."""
        if figures.equal(sought, quoted):
            return True
        alike = (m for m in self.inventory.body_mentions if m.text == quoted.text)
        return any(figures.equal(sought, mention) for mention in alike)

    # words

    def _words(self, leaf: Leaf, said: str, spans: Sequence[tuple[int, int]]) -> None:
        inventory = self.inventory
        cited = self._sentences(spans)
        found = words.places(said, cited, inventory)
        moved = bool(found) and all(place.moved for place in found) and leaf.key.lower() in _MAIN
        if moved and not words.names_in_part(said, cited, inventory):
            self.checked.append(leaf.path)
            message = f'"{_short(said)}" does not stand in its evidence. The text has it elsewhere.'
            self._found("not_in_evidence", leaf.path, message, self._around(found[0].start))
            return
        if found:
            self.checked.append(leaf.path)
            self.evidence[leaf.path] = tuple(inventory.span(p.start, p.end) for p in found[:_MOST_SPANS])
            return
        if leaf.prose or words.is_long(said):
            self._prose(leaf, said)
            return
        self.checked.append(leaf.path)
        for mention in find(said):
            if mention.kind is not Kind.UNDISCLOSED:
                sought = figures.of_mention(mention)
                if not any(figures.equal(sought, m) for m in inventory.body_mentions):
                    miss = figures.explain(sought, (), inventory)
                    around = (self._around(m.start) for m in miss.mentions)
                    self._found(miss.code, leaf.path, miss.message, *around)
                    return
        sentence = words.put_shortly(said, cited, inventory)
        if sentence is not None:
            self.evidence[leaf.path] = (inventory.span(sentence.start, sentence.end),)
            return
        self._missing_words(leaf.path, said)

    def _prose(self, leaf: Leaf, said: str) -> None:
        if not words.names_something(said):
            self.unchecked[leaf.path] = "prose without figures and names"
            return
        self.checked.append(leaf.path)
        why = words.unsupported_part(said, self.inventory)
        if why is not None:
            self._found("unsupported_prose", leaf.path, f"{why[0].upper()}{why[1:]}.")

    def _missing_words(self, path: str, said: str) -> None:
        if words.stands_outside(said, self.inventory):
            message = f'"{_short(said)}" stands only outside the article: in a teaser, a comment or the like.'
            self._found("outside_article", path, message)
            return
        near = words.nearest(said, self.inventory)
        if near is None:
            self._found("not_in_text", path, f'The text does not say "{_short(said)}".')
            return
        span = self.inventory.span(*near)
        shown = " ".join(span.text.split())
        message = f'The text does not say "{_short(said)}"; the nearest is "{shown}".'
        self._found("near_words", path, message, span)

    # findings

    def _around(self, offset: int) -> Span:
        sentence = self.inventory.document.sentence_at(offset)
        return self.inventory.span(*((sentence.start, sentence.end) if sentence else (offset, offset + 1)))

    def _found(self, code: str, path: str, message: str, *evidence: Span) -> None:
        self.findings.append(Finding(code=code, field=path, message=message, evidence=evidence))


def _short(said: str) -> str:
    said = " ".join(said.split())
    return said if len(said) <= 120 else f"{said[:117]}..."
