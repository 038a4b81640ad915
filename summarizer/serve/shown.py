"""Records and dossiers in words, as JSON for the page: what the HTML renderer shows, with places instead of quotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from summarizer.dossiers.model import DealDossier
from summarizer.findings import Finding
from summarizer.records.deal import DealSummary
from summarizer.render import dossier_view, view
from summarizer.render.meanings import MEANINGS


def record_shown(record: DealSummary) -> dict[str, Any]:
    """Return the view of a record. Each fact and finding has ``places``: pairs of start and end in the article."""
    made = view.view_of(record)
    places = {source.number: (source.start, source.end) for source in made.sources}

    def found(numbers: Iterable[int]) -> list[tuple[int, int]]:
        return [places[number] for number in sorted(set(numbers))]

    return {
        "headline": made.headline,
        "narrative": made.narrative,
        "verdict": made.verdict,
        "sections": [
            {
                "title": section.title,
                "facts": [
                    {
                        "label": fact.label,
                        "value": fact.value,
                        "note": fact.note,
                        "details": fact.details,
                        "doubt": fact.doubt,
                        "places": found([*(quote.number for quote in fact.quotes), *fact.also]),
                    }
                    for fact in section.facts
                ],
            }
            for section in made.sections
        ],
        "missing": made.missing,
        "checks": [
            {"message": check.message, **_about(finding), "places": found(check.numbers)}
            for check, finding in zip(made.checks, record.findings, strict=True)
        ],
        "footer": made.footer,
    }


def facts_shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the view of what is known of a record so far."""
    known = {name: value for name, value in facts.items() if value is not None}
    return record_shown(DealSummary.model_construct(**{"is_deal": True, **known}))


def dossier_shown(dossier: DealDossier) -> dict[str, Any]:
    """Return the view of a dossier."""
    made = asdict(dossier_view.view_of(dossier))
    for shown in (*made["conflicts"], *made["findings"]):
        shown["meaning"] = MEANINGS.get(shown["code"], "")
    for section in made["sections"]:
        for fact in section["facts"]:
            for claim in fact["claims"]:
                claim["relation_words"] = dossier_view.RELATIONS[claim["relation"]]
    return made


def _about(finding: Finding) -> dict[str, str]:
    about = finding.field.replace("_", " ")
    return {"code": finding.code, "field": about, "meaning": MEANINGS.get(finding.code, "")}
