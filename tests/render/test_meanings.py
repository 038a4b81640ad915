"""What findings mean for a reader."""

from __future__ import annotations

import re
from pathlib import Path

import summarizer
from summarizer.render.meanings import MEANINGS


def test_each_code_of_a_finding_has_a_meaning() -> None:
    """A new check comes with a sentence for those who read its findings."""
    package = Path(summarizer.__file__).parent
    code = re.compile(r"Finding\(\s*(?:code=)?\"(\w+)\"")
    files = [path for path in package.rglob("*.py") if "verification" not in path.parts]
    codes = {found for path in files for found in code.findall(path.read_text("utf-8"))}
    assert len(codes) > 15
    assert codes <= set(MEANINGS)
