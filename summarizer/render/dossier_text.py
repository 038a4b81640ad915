"""A dossier in a terminal: each fact, below it the claims of the sources with their sentences."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from summarizer.dossiers.model import DealDossier, Relation
from summarizer.render.dossier_view import (
    RELATIONS,
    DossierView,
    ShownClaim,
    ShownFact,
    ShownFinding,
    ShownQuote,
    ShownSection,
    view_of,
)
from summarizer.render.quoting import excerpt

_NARROWEST, _WIDEST, _LABELS = 40, 120, 18
_MARK = "not dim bold yellow"
_STYLES = {Relation.CONFLICT: "bold red", Relation.SUPERSEDED: "yellow", Relation.NOT_COMPARABLE: "yellow"}


def renderable(dossier: DealDossier) -> RenderableType:
    """Return the dossier as something that a rich Console prints at its width, up to 120 columns."""
    return _Page(view_of(dossier))


def render(dossier: DealDossier, width: int = 80) -> str:
    """Return the dossier as plain text of ``width`` columns."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(renderable(dossier))
    return capture.get()


@dataclass(frozen=True, slots=True)
class _Page:
    view: DossierView

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(_NARROWEST, min(options.max_width, _WIDEST))
        yield from _Writer(console, width, len(self.view.sources)).page(self.view)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes lines of at most ``width`` columns. Everything is a rich Text, so no word is taken for markup."""

    console: Console
    width: int
    sources: int

    def page(self, view: DossierView) -> Iterator[Text]:
        yield from self.block(Text(view.title, "bold"))
        yield from self.block(Text(view.verdict or view.summary, "dim"))
        for source in view.sources:
            title = f"  {source.title}" if source.title else ""
            yield from self.block(Text.assemble(source.name, (title, "dim")), Text(f"  [{source.number}] "))
        for section in view.sections:
            yield from self.section(section)
        yield from self.findings("Conflicts", view.conflicts)
        yield from self.findings("Other findings", view.findings)

    def block(self, text: Text, head: Text | None = None, indent: int = 0) -> Iterator[Text]:
        """Wrap ``text`` behind ``head``; further lines stand as far in as its end or ``indent``."""
        head = head or Text(" " * indent)
        for line in text.wrap(self.console, max(20, self.width - head.cell_len)):
            line.rstrip()
            yield Text.assemble(head, line)
            head = Text(" " * head.cell_len)

    def title(self, title: str) -> Iterator[Text]:
        yield Text()
        yield Text(title, "bold cyan")

    def section(self, section: ShownSection) -> Iterator[Text]:
        yield from self.title(section.title)
        labels = [cell_len(fact.label) for fact in section.facts]
        column = max((length for length in labels if length <= _LABELS), default=0)
        for fact in section.facts:
            yield from self.fact(fact, 4 if section.listed else column + 4, listed=section.listed)

    def fact(self, fact: ShownFact, indent: int, *, listed: bool) -> Iterator[Text]:
        head = Text("  • " if listed else f"  {fact.label}".ljust(indent))
        if head.cell_len > indent:
            yield head
            head = Text(" " * indent)
        value = Text(fact.value, "bold" if not listed else "")
        if fact.note:
            value.append(f"  ({fact.note})", "dim not bold")
        value.append(f"  {_numbers(fact.sources)}", "dim not bold")
        if fact.disputed:
            value.append("  disputed", "bold red")
        yield from self.block(value, head)
        for credit in fact.credits:
            yield from self.block(Text(credit, "dim"), indent=indent)
        for claim in fact.claims if not listed or len(fact.claims) > 1 else ():
            yield from self.claim(claim, fact, indent + 2)

    def claim(self, claim: ShownClaim, fact: ShownFact, indent: int) -> Iterator[Text]:
        relation = RELATIONS[claim.relation]
        head = Text(" " * indent + f"[{claim.source}] ")
        if claim.words != fact.value or relation or not claim.quotes:
            line = Text(claim.words)
            if relation:
                line.append(f"  {relation}", _STYLES.get(claim.relation, "dim"))
            yield from self.block(line, head)
            head = Text(" " * head.cell_len)
        for quote in claim.quotes:
            yield self.quote(quote, head)
            head = Text(" " * head.cell_len)

    def quote(self, shown: ShownQuote, head: Text) -> Text:
        cut = excerpt(shown.quote, max(20, self.width - head.cell_len - 2), cell_len)
        words = Text(cut.text)
        for start, end in cut.marks:
            words.stylize(_MARK, start, end)
        return Text.assemble(head, "“", words, "”", style="dim", no_wrap=True)

    def findings(self, title: str, findings: Sequence[ShownFinding]) -> Iterator[Text]:
        if not findings:
            return
        yield from self.title(title)
        for finding in findings:
            message = Text.assemble(finding.message, (f"  ({finding.code} {finding.field})", "dim"))
            yield from self.block(message, Text("  ! ", "bold yellow"))


def _numbers(numbers: Sequence[int]) -> str:
    return " ".join(f"[{number}]" for number in numbers)
