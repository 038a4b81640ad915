"""Prints records to standard output in the requested format."""

from __future__ import annotations

import sys
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel


class Format(str, Enum):
    """The output format."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"
    HTML = "html"


class Printer:
    """Prints each record at once if the format allows it, else all of them in ``finish``.

    ``single``: there is one article, so JSON is an object instead of an array.
    """

    def __init__(self, format: Format, *, single: bool) -> None:
        self.format = format
        self.single = single
        self._kept: list[BaseModel] = []
        self._printed = 0
        reconfigure = getattr(sys.stdout, "reconfigure", None)
        if reconfigure is not None:  # text falls back to question marks; the other formats are always UTF-8
            reconfigure(encoding=None if format is Format.TEXT else "utf-8", errors="replace")

    def add(self, record: BaseModel) -> None:
        """Print a record, or keep it for ``finish``."""
        if self.format in (Format.JSON, Format.HTML):
            self._kept.append(record)
        elif self.format is Format.JSONL:
            _write(record.model_dump_json())
        elif self.format is Format.MARKDOWN:
            from summarizer.render.markdown import render

            _write(("\n---\n\n" if self._printed else "") + render(record, notebook=False).rstrip("\n"))
        else:
            self._print_text(record)
        self._printed += 1

    def _print_text(self, record: BaseModel) -> None:
        from rich.console import Console

        from summarizer.render.text import renderable

        console = Console(highlight=False)
        if self._printed:
            console.print()
            console.rule(style="dim")
            console.print()
        console.print(renderable(record))
        sys.stdout.flush()

    def finish(self) -> None:
        """Print the records that were kept."""
        if self.format is Format.JSON:
            objects = ",\n".join(record.model_dump_json(indent=2) for record in self._kept)
            if not self.single:
                _write(f"[{objects}]")
            elif objects:
                _write(objects)
        elif self.format is Format.HTML and self._kept:
            from summarizer.render.html import page

            _write(page(self._kept).rstrip("\n"))


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
