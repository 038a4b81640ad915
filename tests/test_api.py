"""What the package offers, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import summarizer
from summarizer.language import is_english


def test_the_public_names_are_pinned() -> None:
    """A name is added to or taken from the public API on purpose only, and each can be imported."""
    assert summarizer.__all__ == [
        *[
            "Ask",
            "Choice",
            "Day",
            "DealDossier",
            "DealGroup",
            "DealSummary",
            "Fact",
            "Finding",
            "Money",
            "Name",
        ],
        *[
            "Percent",
            "Phrase",
            "Prose",
            "Span",
            "SummarizerError",
            "Title",
            "Url",
            "Value",
            "Verification",
            "Words",
            "Year",
        ],
        *[
            "asummarize",
            "asummarize_all",
            "asummarize_many",
            "group",
            "reconcile",
            "summarize",
            "summarize_all",
            "summarize_many",
        ],
        *["verify", "__version__"],
    ]
    for name in summarizer.__all__:
        assert getattr(summarizer, name) is not None


def test_importing_is_cheap() -> None:
    """Neither openai nor instructor is imported before a model is asked."""
    code = (
        "import summarizer, sys; print([m for m in ('openai', 'instructor', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_english_is_told_from_other_languages() -> None:
    """Common words decide; short headlines in Latin letters count as English."""
    assert is_english("Orchard buys Ash for $5 million")
    assert is_english(
        "The company said that it will pay for the unit in cash, and that the deal is on track. " * 2
    )
    assert not is_english(
        "Die Firma teilte mit, dass sie den Kauf der Sparte mit Bargeld bezahlen wird. " * 3
    )
    assert not is_english(
        "L'entreprise a annoncé le rachat de la filiale pour une somme qui n'est pas connue. " * 3
    )
    assert not is_english("株式会社は買収を発表しました。")
