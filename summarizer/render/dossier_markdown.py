"""A dossier as Markdown for a memo, with the words of the sources escaped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from summarizer.dossiers.model import DealDossier
from summarizer.render.dossier_view import RELATIONS, ShownFact, ShownFinding, view_of
from summarizer.render.markdown import escaped, inline, marked
from summarizer.render.quoting import excerpt

_QUOTED = 200  # characters of one quotation


def render(dossier: DealDossier, *, notebook: bool = True) -> str:
    """Return the dossier as CommonMark; ``notebook`` as in ``summarizer.render.markdown.render``."""
    view = view_of(dossier)
    lines = [f"## {escaped(view.title)}", "", f"*{escaped(view.verdict or view.summary)}*"]
    lines += _findings("Conflicts", view.conflicts)
    for section in view.sections:
        lines += ["", f"### {escaped(section.title)}", ""]
        for fact in section.facts:
            lines += _fact(fact, listed=section.listed)
    lines += _findings("Other findings", view.findings)
    lines += ["", "### Sources", ""]
    for source in view.sources:
        title = f": {inline(source.title)}" if source.title else ""
        lines.append(f"- \\[{source.number}\\] {inline(source.name)}{title}")
    text = "\n".join(lines).strip("\n") + "\n"
    return text.replace("\\$", "<span>\\$</span>") if notebook else text


def _fact(fact: ShownFact, *, listed: bool) -> Iterator[str]:
    label = f"**{escaped(fact.label)}:** " if fact.label else ""
    note = f" ({inline(fact.note)})" if fact.note else ""
    disputed = " — **disputed**" if fact.disputed else ""
    yield f"- {label}{escaped(fact.value)}{note}{_numbers(fact.sources)}{disputed}"
    if fact.credits:
        yield f"  - {escaped(' · '.join(fact.credits))}"
    for claim in fact.claims if not listed or len(fact.claims) > 1 else ():
        relation = RELATIONS[claim.relation]
        words = inline(claim.words) if claim.words != fact.value or relation or not claim.quotes else ""
        told = f"{words} ({relation})" if relation else words
        quotes = " ".join(f"“{marked(excerpt(shown.quote, _QUOTED))}”" for shown in claim.quotes)
        yield f"  - \\[{claim.source}\\] {': '.join(filter(None, (told, quotes)))}"


def _findings(title: str, findings: Sequence[ShownFinding]) -> Iterator[str]:
    if findings:
        yield from ("", f"### {title}", "")
        for finding in findings:
            yield f"- {escaped(finding.message)} ({inline(finding.code)} {inline(finding.field)})"


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f" \\[{number}\\]" for number in numbers)
