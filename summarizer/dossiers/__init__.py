"""Several records of one deal become one dossier: pure code, no model is asked.

- ``reconcile(records) -> DealDossier``: what the sources agree on, and each source's claim beside it.
- ``group(records) -> tuple[DealGroup, ...]``: which of many records report the same deal.
- ``dossiers(records)``: a dossier for each deal of a mixed heap of records.
"""

from summarizer.dossiers.grouping import DealGroup, group
from summarizer.dossiers.many import dossiers
from summarizer.dossiers.merging import reconcile
from summarizer.dossiers.model import DealDossier

__all__ = ["DealDossier", "DealGroup", "dossiers", "group", "reconcile"]
