"""A record in a terminal: facts in columns, each above the quotations that support it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.text import Text

from summarizer.render.quoting import Quote, excerpt
from summarizer.render.view import ALL_CLEAR, NOT_QUOTED, Check, Fact, Section, Source, View, view_of

_NARROWEST, _WIDEST = 40, 120
_LABELS = 18  # columns; a longer label gets its own line
_CONTEXT = 12  # columns that a quotation has to add to a value that is a quotation itself
_MARK = "not dim bold yellow"


def renderable(record: BaseModel) -> RenderableType:
    """Return the record as a renderable of rich, up to 120 columns wide."""
    return _Page(view_of(record))


def render(record: BaseModel, width: int | None = None, color: bool = False) -> str:
    """Return the record as text of ``width`` columns (default 80), with ANSI colours if ``color``."""
    console = Console(
        file=io.StringIO(),
        width=width or 80,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=False,
        force_jupyter=False,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(renderable(record))
    return capture.get()


@dataclass(frozen=True, slots=True)
class _Page:
    view: View

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = max(_NARROWEST, min(options.max_width, _WIDEST))
        yield from _Writer(console, width).page(self.view)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Makes lines of at most ``width`` columns.

    Everything is a rich Text, so no word of an article is taken for markup.
    """

    console: Console
    width: int

    def page(self, view: View) -> Iterator[Text]:
        if view.origin:
            yield from self.block(Text(view.origin, "dim"))
            yield Text()
        yield from self.block(Text(view.headline or view.verdict, "bold"))
        if view.narrative:
            yield from self.block(Text(view.narrative))
        if view.headline or view.narrative:
            yield from self.block(Text(NOT_QUOTED, "dim"))
        labels = [cell_len(fact.label) for section in view.sections for fact in section.facts]
        column = max((length for length in labels if length <= _LABELS), default=0)
        for section in view.sections:
            yield from self.section(section, column)
        if view.missing:
            yield Text()
            yield from self.block(Text(f"Not found: {', '.join(view.missing)}.", "dim"))
        yield from self.checks(view.checks)
        if view.sources:
            yield from self.title("Sources", "  with the characters of the text, start–end")
            for source in view.sources:
                yield from self.source(source, len(str(len(view.sources))))
        if view.footer:
            yield Text()
            yield from self.block(Text(" · ".join(view.footer), "dim"))

    def block(self, text: Text, head: Text | None = None, indent: int = 0) -> Iterator[Text]:
        """Wrap ``text`` behind ``head``; further lines stand as far in as its end or ``indent``."""
        head = head or Text(" " * indent)
        room = self.width - max(head.cell_len, indent)
        for line in text.wrap(self.console, room):
            line.rstrip()
            yield Text.assemble(head, line)
            head = Text(" " * max(head.cell_len, indent))

    def title(self, title: str, note: str = "") -> Iterator[Text]:
        yield Text()
        yield from self.block(Text.assemble((title, "bold cyan"), (note, "dim")))

    def section(self, section: Section, column: int) -> Iterator[Text]:
        yield from self.title(section.title)
        labelled = any(fact.label for fact in section.facts)
        for fact in section.facts:
            yield from self.fact(fact, column + 4 if labelled else 4, bulleted=not labelled)

    def fact(self, fact: Fact, indent: int, *, bulleted: bool) -> Iterator[Text]:
        head = Text("  • " if bulleted else f"  {fact.label}".ljust(indent))
        if head.cell_len > indent:
            yield head
            head = Text(" " * indent)
        quotes, also = self.telling(fact, self.width - indent)
        value = Text(fact.value)
        if fact.note:
            value.append(f"  ({fact.note})", "dim")
        mark = Text(f"  ? {fact.doubt}" if fact.doubt else "", "yellow")
        beside = value.cell_len + mark.cell_len <= self.width - indent
        if beside:
            value.append(mark)
        if also and not quotes:
            value.append(f"  {_numbers(also)}", "dim")
        yield from self.block(value, head)
        if fact.doubt and not beside:
            yield from self.block(Text(f"? {fact.doubt}", "yellow"), indent=indent)
        if fact.details:
            yield from self.block(Text(" · ".join(fact.details), "dim"), indent=indent)
        for quote in quotes:
            yield self.quote(quote, indent, also if quote is quotes[-1] else ())

    def telling(self, fact: Fact, room: int) -> tuple[Sequence[Quote], Sequence[int]]:
        """Return the quotations that say more than the value does, and the numbers of the rest."""
        if not fact.verbatim or cell_len(fact.value) + _CONTEXT <= room - 6:
            return fact.quotes, fact.also
        return (), sorted({*fact.also, *(quote.number for quote in fact.quotes)})

    def quote(self, quote: Quote, indent: int, also: Sequence[int]) -> Text:
        tail = f"  also {_numbers(also)}" if also else ""
        head = f"[{quote.number}] "
        shown = excerpt(quote, self.width - indent - len(head) - len(tail) - 2, cell_len)
        words = Text(shown.text)
        for start, end in shown.marks:
            words.stylize(_MARK, start, end)
        return Text.assemble(" " * indent, head, "“", words, "”", tail, style="dim", no_wrap=True)

    def checks(self, checks: Sequence[Check]) -> Iterator[Text]:
        yield from self.title("Checks")
        if not checks:
            yield Text(f"  {ALL_CLEAR}", "dim")
        for check in checks:
            message = Text(check.message)
            message.append(f"  ({check.about})", "dim")
            if check.numbers:
                message.append(f"  {_numbers(check.numbers)}", "dim")
            yield from self.block(message, Text("  ! ", "bold yellow"))

    def source(self, source: Source, digits: int) -> Iterator[Text]:
        text = Text.assemble((f"{source.start}–{source.end}  ", "dim"), f"“{source.text}”")
        yield from self.block(text, Text(f"  [{source.number}] ".ljust(digits + 5), "dim"))


def _numbers(numbers: Sequence[int]) -> str:
    return " ".join(f"[{number}]" for number in numbers)
