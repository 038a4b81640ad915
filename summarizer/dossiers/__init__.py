"""Several records of one deal become one dossier: pure code, no model is asked.

- ``reconcile(records) -> DealDossier``: what the sources agree on, and each source's claim beside it.
- ``group(records) -> tuple[DealGroup, ...]``: which of many records report the same deal.
- ``dossiers(records)``: a dossier for each deal of a mixed heap of records.
- ``merge_windows(records, offsets=None) -> DealSummary``: the records of the windows of one long text as one record,
  with spans that refer to the whole text.
"""

from summarizer.dossiers.grouping import DealGroup, group
from summarizer.dossiers.many import dossiers
from summarizer.dossiers.merging import reconcile
from summarizer.dossiers.model import DealDossier
from summarizer.dossiers.windows import merge_windows

__all__ = ["DealDossier", "DealGroup", "dossiers", "group", "merge_windows", "reconcile"]
