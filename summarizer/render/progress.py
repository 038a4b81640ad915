"""A live progress line: the stage, a bar if bytes are counted, and the elapsed seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from summarizer.render.safe import one_line

Tell: TypeAlias = Callable[[str, int, int], None]
"""Called with the stage, and how much is done of how much; 0 of 0 if that is not known."""

_BYTES = 1 << 20  # only bytes are counted in such numbers
_BAR = 24  # columns
_STAGES = {
    "joining": "joining the weights",
    "downloading": "downloading the weights",
    "verifying": "checking the weights",
    "waiting": "waiting for another process that is preparing the weights",
}


@contextmanager
def live(console: Console, label: str = "") -> Iterator[Tell]:
    """Show the line during the block and erase it afterwards; ``label`` follows the stage.

    The yielded function may be called from any thread.
    """
    line = _Line(label)
    with Live(
        line,
        console=console,
        transient=True,
        refresh_per_second=8,
        redirect_stdout=False,
        redirect_stderr=False,
    ):
        yield line.tell


@dataclass
class _Line:
    label: str
    stage: str = "starting"
    done: int = 0
    total: int = 0
    began: float = field(default_factory=time.monotonic)
    spinner: Spinner = field(default_factory=lambda: Spinner("dots", style="cyan"))

    def tell(self, stage: str, done: int, total: int) -> None:
        self.stage, self.done, self.total = _STAGES.get(stage, stage), done, total

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        seconds = Text(f"{time.monotonic() - self.began:.0f} s", "dim", no_wrap=True)
        counted = self.total >= _BYTES and self.done > 0
        count = f" {self.done}/{self.total}" if self.total and self.total < _BYTES else ""
        stage = Text(one_line(self.stage + count), overflow="ellipsis", no_wrap=True)
        if self.label:
            stage.append(f"  {one_line(self.label)}", "dim")
        line = Table.grid(padding=(0, 1))
        if counted:
            size = Text(f"{self.done / 1e6:.0f} of {self.total / 1e6:.0f} MB", no_wrap=True)
            line.add_row(self.spinner, stage, ProgressBar(self.total, self.done, width=_BAR), size, seconds)
        else:
            line.add_row(self.spinner, stage, seconds)
        yield line
