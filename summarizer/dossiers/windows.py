"""Records of the windows of one long text, merged into the record of the whole text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from summarizer.dossiers.merging import LISTS, reconcile_readings
from summarizer.dossiers.model import Consensus, DealDossier, Passage, Reconciled
from summarizer.dossiers.sources import Reading
from summarizer.errors import InputError
from summarizer.findings import Finding, Span
from summarizer.records.deal import DealSummary
from summarizer.records.deal_parties import Party
from summarizer.records.values import Usage

_SCALARS = ("deal_type", "status", "announced_on", "amount", "stake", "valuation", "consideration")
_EVIDENCE = 5  # spans of one fact


def merge_windows(records: Sequence[DealSummary], offsets: Sequence[int] | None = None) -> DealSummary:
    """Merge the records of the windows of one text, in the order of the text, into one record.

    ``offsets`` are where the windows begin in the whole text, in characters; they are added to every span. Without them
    the spans already refer to the whole text. Windows that report no deal add only their findings and usage. ``headline``
    and ``narrative`` are those of the window with the most facts; ``source``, ``provenance`` and ``certainty`` are left
    empty for the caller. Figures that contradict each other are a finding ``two_figures``.

    Raises InputError where there is no record, or ``offsets`` does not fit.
    """
    if not records:
        raise InputError("There is no window to merge.")
    if offsets is not None and len(offsets) != len(records):
        raise InputError(f"{len(records)} windows have {len(offsets)} offsets.")
    shifted = [
        _shift(record, offset) for record, offset in zip(records, offsets or [0] * len(records), strict=True)
    ]
    readings = tuple(
        Reading(source=f"{index:06}", origin=f"{index:06}", record=record)
        for index, record in enumerate(shifted)
    )
    dossier = reconcile_readings(readings, fullest=True)
    usage = sum((record.usage for record in records), Usage())
    return _record(dossier, shifted).model_copy(update={"usage": usage})


def _record(dossier: DealDossier, windows: Sequence[DealSummary]) -> DealSummary:
    facts: dict[str, Any] = {"is_deal": dossier.is_deal}
    evidence: dict[str, tuple[Span, ...]] = {}
    for name in _SCALARS:
        fact = getattr(dossier, name)
        if fact is None:
            continue
        spans = _spans(fact.consensus.evidence)
        facts[name] = _with_evidence(fact.consensus.value, spans)
        if facts[name] is fact.consensus.value and spans:
            evidence[name] = spans
    for name in (*LISTS, "earlier_deals"):
        facts[name] = tuple(_item(item.consensus) for item in _in_order(getattr(dossier, name)))
    facts["parties"] = tuple(
        Party(
            name=party.name,
            aliases=party.aliases,
            role=role.consensus.value,
            evidence=_spans(role.consensus.evidence),
        )
        for party in dossier.parties
        for role in party.roles
    )
    facts["people"] = tuple(_item(change.consensus) for person in dossier.people for change in person.changes)
    told = max((window for window in windows if window.is_deal), key=_facts_in, default=None)
    if told is not None:
        facts |= {"headline": told.headline, "narrative": told.narrative}
        evidence |= {
            name: spans for window in windows for name, spans in window.evidence.items() if name == "is_deal"
        }
    return DealSummary(**facts, evidence=evidence, findings=_findings(dossier, windows))


def _facts_in(record: DealSummary) -> int:
    scalars = sum(getattr(record, name) is not None for name in _SCALARS)
    return scalars + len(record.parties) + len(record.people)


def _in_order(items: Iterable[Reconciled[Any]]) -> list[Reconciled[Any]]:
    """Items in the order of the text."""
    return sorted(items, key=lambda item: min((p.start for p in item.consensus.evidence), default=0))


def _item(consensus: Consensus[Any]) -> Any:
    spans = _spans(consensus.evidence)
    value = _with_evidence(consensus.value, spans)
    figures = {
        name: _with_evidence(part, spans)
        for name in ("amount", "valuation")
        if isinstance(part := getattr(value, name, None), BaseModel)
    }
    return value.model_copy(update=figures) if figures else value


def _with_evidence(value: Any, spans: tuple[Span, ...]) -> Any:
    if isinstance(value, BaseModel) and "evidence" in type(value).model_fields:
        return value.model_copy(update={"evidence": spans})
    return value


def _spans(passages: Iterable[Passage]) -> tuple[Span, ...]:
    """The places in the order of the text, each once, without those that lie inside another."""
    kept: list[Span] = []
    for passage in sorted(passages, key=lambda p: (p.start, -p.end)):
        if not kept or passage.end > kept[-1].end:
            kept.append(Span(start=passage.start, end=passage.end, text=passage.text))
    return tuple(kept[:_EVIDENCE])


def _findings(dossier: DealDossier, windows: Sequence[DealSummary]) -> tuple[Finding, ...]:
    found = {finding for window in windows for finding in window.findings}
    for finding in dossier.findings:
        if finding.code in ("conflict", "superseded"):
            values = " and ".join(f"“{side.value}”" for side in finding.sides)
            found.add(
                Finding(
                    code="two_figures",
                    field=finding.field,
                    message=f"The text states {values} for one fact.",
                    evidence=_spans(finding.evidence),
                )
            )
    return tuple(
        sorted(found, key=lambda f: (f.evidence[0].start if f.evidence else -1, f.code, f.field, f.message))
    )


def _shift(value: Any, offset: int) -> Any:
    """Add ``offset`` to each span inside a value."""
    if not offset:
        return value
    if isinstance(value, Span):
        return value.model_copy(update={"start": value.start + offset, "end": value.end + offset})
    if isinstance(value, BaseModel):
        return value.model_copy(update={name: _shift(part, offset) for name, part in vars(value).items()})
    if isinstance(value, tuple):
        return tuple(_shift(part, offset) for part in value)
    if isinstance(value, dict):
        return {name: _shift(part, offset) for name, part in value.items()}
    return value
