"""Reads an article about a corporate deal into a typed record whose facts show where the article says so."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.batch.many import asummarize_many as asummarize_many
    from summarizer.batch.many import summarize_many as summarize_many
    from summarizer.dossiers import DealDossier as DealDossier
    from summarizer.dossiers import DealGroup as DealGroup
    from summarizer.dossiers import group as group
    from summarizer.dossiers import reconcile as reconcile
    from summarizer.errors import SummarizerError as SummarizerError
    from summarizer.facts import Fact as Fact
    from summarizer.findings import Finding as Finding
    from summarizer.findings import Span as Span
    from summarizer.many_deals import asummarize_all as asummarize_all
    from summarizer.many_deals import summarize_all as summarize_all
    from summarizer.pipeline import asummarize as asummarize
    from summarizer.pipeline import summarize as summarize
    from summarizer.reading import Url as Url
    from summarizer.records.deal import DealSummary as DealSummary
    from summarizer.records.values import Ask as Ask
    from summarizer.records.values import Choice as Choice
    from summarizer.records.values import Day as Day
    from summarizer.records.values import Money as Money
    from summarizer.records.values import Name as Name
    from summarizer.records.values import Percent as Percent
    from summarizer.records.values import Phrase as Phrase
    from summarizer.records.values import Prose as Prose
    from summarizer.records.values import Title as Title
    from summarizer.records.values import Value as Value
    from summarizer.records.values import Words as Words
    from summarizer.records.values import Year as Year
    from summarizer.verification import Verification as Verification
    from summarizer.verification import verify as verify

__version__ = "0.1.0"

_HOME = {
    "Ask": "records.values",
    "Choice": "records.values",
    "Day": "records.values",
    "DealDossier": "dossiers",
    "DealGroup": "dossiers",
    "DealSummary": "records.deal",
    "Fact": "facts",
    "Finding": "findings",
    "Money": "records.values",
    "Name": "records.values",
    "Percent": "records.values",
    "Phrase": "records.values",
    "Prose": "records.values",
    "Span": "findings",
    "SummarizerError": "errors",
    "Title": "records.values",
    "Url": "reading",
    "Value": "records.values",
    "Verification": "verification",
    "Words": "records.values",
    "Year": "records.values",
    "asummarize": "pipeline",
    "asummarize_all": "many_deals",
    "asummarize_many": "batch.many",
    "group": "dossiers",
    "reconcile": "dossiers",
    "summarize": "pipeline",
    "summarize_all": "many_deals",
    "summarize_many": "batch.many",
    "verify": "verification",
}

__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> Any:
    # Late, so that `import summarizer` and `summarizer --help` open at once.
    if name in _HOME:
        return getattr(import_module(f"summarizer.{_HOME[name]}"), name)
    raise AttributeError(f"module 'summarizer' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
