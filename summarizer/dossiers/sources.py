"""The records of a dossier in an order of their own, each under a name that tells it from the others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from summarizer.dossiers.model import DealDossier, DossierSource, Passage
from summarizer.errors import InputError
from summarizer.findings import Span
from summarizer.records.deal import DealSummary

Given = DealSummary | DealDossier | Mapping[str, Any]
"""A record, a dossier (which stands for its records), the JSON object of either, or a row of a batch."""

_NO_FACTS = frozenset({"usage", "provenance", "certainty", "findings"})


@dataclass(frozen=True)
class Reading:
    """A record under the name of its source. Readings of one text have the same ``origin``."""

    source: str
    origin: str
    record: DealSummary

    @property
    def about(self) -> DossierSource:
        """What the dossier says of the source."""
        info = self.record.source
        if info is None:
            return DossierSource(id=self.source)
        return DossierSource(
            id=self.source,
            title=info.title,
            outlet=info.outlet,
            published=info.published,
            sha256=info.sha256,
            characters=info.characters,
        )

    def passages(self, evidence: Iterable[Span]) -> tuple[Passage, ...]:
        """The same places, with the source's name."""
        return tuple(
            Passage(source=self.source, start=span.start, end=span.end, text=span.text) for span in evidence
        )


def records_of(given: Iterable[Given]) -> list[DealSummary]:
    """Return the records that are given, in whatever form. Raises InputError where one is none."""
    found: list[DealSummary] = []
    for index, one in enumerate(given, 1):
        if isinstance(one, DealSummary):
            found.append(one)
        elif isinstance(one, DealDossier):
            found += one.records
        elif isinstance(one, Mapping):
            found += _parsed(one, f"Record {index}")
        else:
            raise InputError(
                f"Record {index} is {type(one).__name__}. Give a DealSummary or its JSON object."
            )
    return found


def _parsed(given: Mapping[str, Any], name: str) -> list[DealSummary]:
    if isinstance(given.get("records"), Sequence) and "is_deal" in given:
        return [record for one in given["records"] for record in _parsed(one, name)]
    fields = given["record"] if isinstance(given.get("record"), Mapping) else given
    if "is_deal" not in fields:
        raise InputError(f"{name} is not the record of a deal: it has no field 'is_deal'.")
    try:
        return [DealSummary.model_validate(fields)]
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(map(str, first["loc"]))
        raise InputError(f"{name} is not the record of a deal: {at}: {first['msg']}.") from None


def readings_of(records: Iterable[DealSummary]) -> tuple[Reading, ...]:
    """Return each different record once, sorted, under the name of its source.

    Names are the ids of the sources. Where several records have one, each gets a part of its hash behind it.
    """
    hashed = {_hash(record): record for record in records}
    names = {key: _name(record, key) for key, record in hashed.items()}
    often = Counter(names.values())
    readings = [
        Reading(
            source=names[key] if often[names[key]] == 1 else f"{names[key]} #{key[:6]}",
            origin=(record.source and record.source.sha256) or key,
            record=record,
        )
        for key, record in hashed.items()
    ]
    return tuple(sorted(readings, key=lambda reading: reading.source))


def _name(record: DealSummary, key: str) -> str:
    return record.source.id if record.source is not None and record.source.id else f"record {key[:8]}"


def _hash(record: DealSummary) -> str:
    """Identify what a record says and of which text; what it cost does not count."""
    return hashlib.sha256(record.model_dump_json(exclude=set(_NO_FACTS)).encode()).hexdigest()
