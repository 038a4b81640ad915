"""The live line, drawn without a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from summarizer.render.progress import _Line


def drawn(line: _Line, width: int = 80) -> str:
    console = Console(width=width, file=io.StringIO())
    with console.capture() as capture:
        console.print(line)
    return capture.get()


@pytest.mark.parametrize("width", [40, 60, 120])
def test_one_line(width: int) -> None:
    """Whatever the stage, the name and the width, it is one line that fits and shows the seconds."""
    line = _Line("3/9 " + "folder/" * 30 + "article.txt")
    for told in (
        ("asking: \x1b[2J amount\n", 2, 7),
        ("joining", 400_000_000, 1_117_320_768),
        ("waiting", 0, 0),
    ):
        line.tell(*told)
        text = drawn(line, width).rstrip("\n")
        assert "\n" not in text
        assert "\x1b" not in text
        assert len(text) <= width
        assert text.rstrip().endswith("0 s")


def test_bytes_have_a_bar() -> None:
    """Where bytes are counted there is a bar with megabytes, elsewhere a plain count or none."""
    line = _Line("")
    line.tell("joining", 400_000_000, 1_117_320_768)
    assert "joining the weights" in drawn(line)
    assert "400 of 1117 MB" in drawn(line)
    line.tell("asking: stake", 3, 12)
    assert "asking: stake 3/12" in drawn(line)
    line.tell("starting the model", 0, 0)
    assert "0/0" not in drawn(line)
