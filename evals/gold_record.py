"""Gold as a record: what a perfect run would give, of the schema's own record type and made of its own values.

It is scored by the scorer's own test, and by the agreement of two annotators, where one's gold is a
prediction of the other's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from evals import scorers
from evals.cases import CaseError, Conflict
from evals.gold import Facts, GoldDay, GoldMoney, Label, own_fields, scored_items
from summarizer.asking.slots import Form, Slot, slots
from summarizer.figures import Kind, Qualifier, parse
from summarizer.findings import Finding, Span
from summarizer.records.values import Day, Money, Percent, record_type

_NOTHING = (None, "", "unspecified")


def as_record(
    gold: Any,
    schema: type[BaseModel],
    text: str,
    *,
    conflicts: Sequence[Conflict] = (),
    optional: bool = False,
) -> Any:
    """Give the record that answers as ``gold`` does: of each label the first right answer, with its places in ``text``.

    ``gold`` is an instance of the schema's gold model, ``conflicts`` become findings, and ``optional`` items
    are in it only where asked for. Where gold has key facts for words, the answer is in the words of its
    evidence. A field that gold does not label stays empty. Raises CaseError where gold has no answer and the
    schema needs one.
    """
    found = [
        Finding(
            code="two_figures", field=each.field, message=f"The text says {' and also '.join(each.figures)}."
        )
        for each in conflicts
    ]
    return _Writer(text, optional).filled(record_type(schema), slots(schema), gold, "", findings=tuple(found))


@dataclass(frozen=True, slots=True)
class _Writer:
    text: str
    optional: bool

    def filled(self, kind: type[BaseModel], parts: Sequence[Slot], gold: Any, path: str, **more: Any) -> Any:
        """Fill a record or an item from its gold; ``more`` are fields that are no slots."""
        said = dict(more)
        for part in parts:
            at = f"{path}{part.name}"
            value = self._slot(part, getattr(gold, part.name), said.get("evidence", ()), at)
            if value is not None or part.optional:
                said[part.name] = value
            elif getattr(gold, part.name) is not None and not _may_be_empty(kind, part):
                raise CaseError(
                    f"{at}: gold has no answer, and {kind.__name__} needs one. Label it, or let the schema leave it empty."
                )
        try:
            return kind(**said)
        except ValidationError as error:
            where = ", ".join(path + ".".join(str(step) for step in each["loc"]) for each in error.errors())
            raise CaseError(
                f"{where}: {kind.__name__} does not take what gold has ({error.errors()[0]['msg']})."
            ) from error

    def _slot(self, slot: Slot, gold: Any, spans: tuple[Span, ...], path: str) -> Any:
        if gold is None:
            return None
        if slot.many:
            wanted = [item for item in gold if self.optional or not getattr(item, "optional", False)]
            return tuple(
                self._node(slot, item, spans, f"{path}[{index}]") for index, item in enumerate(wanted)
            )
        if slot.form is Form.WORDS and slot.type is str:
            return _words(gold, spans)
        return self._node(slot, (*gold, None)[0], spans, path)

    def _node(self, slot: Slot, answer: Any, spans: tuple[Span, ...], path: str) -> Any:
        if answer is None:
            return None
        if slot.form is Form.FIGURE:
            return self._figure(slot.type, answer)
        if isinstance(answer, Label):
            places = self._spans(answer)
            if slot.items:
                return self.filled(slot.type, scored_items(slot), answer, f"{path}.", evidence=places)
            return slot.type(text=_words(answer.text or (), places) or "", evidence=places)  # type: ignore[attr-defined]
        if isinstance(answer, (Facts, str)) and slot.form in (Form.WORDS, Form.PROSE):
            return _words((answer,), spans)
        return answer

    def _figure(self, kind: Any, label: Any) -> Any:
        """Build the value as the schema's base kinds read it, and add the first answer to each field of its own."""
        mention: Any = parse(label.text, Kind.DATE) if isinstance(label, GoldDay) else label.stated
        base = next(base for base in (Money, Percent, Day) if issubclass(kind, base))
        qualifier = (*getattr(label, "qualifier", ()), Qualifier.EXACT)[0]
        value = base.from_mention(mention, qualifier, self._spans(label))
        own = {name: (*getattr(label, name), None)[0] for name in own_fields(kind)}
        stated = {
            name: answer
            for name, answer in own.items()
            if answer is not None or kind.model_fields[name].is_required()
        }
        if isinstance(label, GoldMoney):  # a form alone does not tell whose crowns they are
            stated["currency"] = label.currency
        return kind(**{**value.__dict__, **stated})

    def _spans(self, label: Label) -> tuple[Span, ...]:
        return tuple(Span(start=start, end=end, text=self.text[start:end]) for start, end in label.evidence)


def _words(answers: Sequence[Any], spans: Sequence[Span]) -> str | None:
    """Answer with the first right answer, as the evidence has it.

    A name is the first of its forms that stands there. Key facts are the evidence that states them all, or
    themselves where none does.
    """
    first = (*answers, None)[0]
    if not isinstance(first, Facts):
        forms = (f for f in answers if isinstance(f, str) and any(f in span.text for span in spans))
        return next(forms, first)
    texts = [*(span.text for span in spans), " … ".join(span.text for span in spans)]
    stated = (words for words in texts if scorers.facts(first.facts, words).value == 1)
    return next(stated, " ".join(first.facts))


def _may_be_empty(kind: type[BaseModel], slot: Slot) -> bool:
    info = kind.model_fields[slot.name]
    return not info.is_required() and info.get_default(call_default_factory=True) in _NOTHING
