"""Results as files: JSON, CSV, Markdown and HTML, by the package's own renderers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from summarizer.batch.output import columns, flat, harmless
from summarizer.batch.results import Result
from summarizer.dossiers.model import DealDossier
from summarizer.records.deal import DealSummary
from summarizer.serve.types import Format

MEDIA = {
    Format.JSON: "application/json",
    Format.CSV: "text/csv; charset=utf-8",
    Format.MARKDOWN: "text/markdown; charset=utf-8",
    Format.HTML: "text/html; charset=utf-8",
}
_SUFFIXES = {Format.JSON: "json", Format.CSV: "csv", Format.MARKDOWN: "md", Format.HTML: "html"}


def file_name(stem: str, format: Format) -> str:
    """Return the name under which a browser saves a result."""
    return f"{stem}.{_SUFFIXES[format]}"


def records_as(records: Sequence[DealSummary], format: Format) -> str:
    """Write records in a form. JSON is an array."""
    if format is Format.CSV:
        return _table(records)
    if format is Format.HTML:
        from summarizer.render.html import page

        return page(list(records))
    if format is Format.MARKDOWN:
        from summarizer.render.markdown import render

        return "\n---\n\n".join(render(record, notebook=False) for record in records)
    return "[" + ",\n".join(record.model_dump_json(indent=2) for record in records) + "]"


def dossiers_as(dossiers: Sequence[DealDossier], texts: Sequence[str], format: Format) -> str:
    """Write dossiers as HTML or Markdown; ``texts`` are the articles in which claims are shown."""
    if format is Format.HTML:
        from summarizer.render.dossier_html import page

        return page(dossiers, texts)
    from summarizer.render.dossier_markdown import render

    return "\n---\n\n".join(render(one, notebook=False) for one in dossiers)


def _table(records: Sequence[DealSummary]) -> str:
    """One row a record, with the columns of a batch's CSV. Cells cannot be formulas of a spreadsheet."""
    names = columns(DealSummary)
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow(
        [
            "id",
            *names,
            "findings",
            "model",
            "endpoint",
            "plan",
            "prompt_hash",
            "schema_hash",
            "package_version",
        ]
    )
    for record in records:
        id = record.source.id if record.source is not None else ""
        cells = flat(Result(id, None, _json=record.model_dump_json()), names, {})
        rows.writerow("" if cell is None else harmless(cell) for cell in [cells[0], *cells[4:]])
    return out.getvalue()
