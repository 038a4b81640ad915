"""A mixed heap of records as dossiers: one for each deal."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.dossiers.grouping import DealGroup, group
from summarizer.dossiers.merging import reconcile
from summarizer.dossiers.model import DealDossier, DossierFinding, Side
from summarizer.dossiers.sources import Given


def dossiers(records: Iterable[Given]) -> tuple[DealDossier, ...]:
    """Group records by deal and reconcile each group; sources that report no deal are left out.

    A dossier has a finding ``different_deals`` for each other group that may report the same deal.
    """
    return tuple(_dossier(one) for one in group(records) if one.is_deal)


def _dossier(one: DealGroup) -> DealDossier:
    made = reconcile(one.records)
    unsure = tuple(
        DossierFinding(
            code="different_deals",
            field="",
            message=f"{possible.source} may report the same deal ({possible.reason}); it has a dossier of its own.",
            sides=(Side(value="the other dossier", sources=()),),
        )
        for possible in one.unsure
    )
    return made.model_copy(update={"findings": (*made.findings, *unsure)}) if unsure else made
