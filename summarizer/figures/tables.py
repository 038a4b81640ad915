"""The parts of a text whose figures are "in millions", as a line above a table says."""

import re
from collections.abc import Iterator

_SCALE = r"(?:(?i:thousands?|millions?|billions?)|'?000s?)"
_SIGN = r"(?:[A-Za-z]{0,3}[$€£¥₹]|[A-Z]{3})"
_SUBJECT = r"(?i:figures|amounts|numbers|values|sums|prices|dollars|euros|pounds|stated|expressed|unaudited)"
_LINE = r"(?<![^\n])[ \t*|]{0,9}"
_LINE_END = r"[.:*| \t]{0,9}(?=\n)"
_STATEMENT = re.compile(
    # "(in millions of US dollars, except per share data)"
    rf"\((?:[^()\n]{{0,60}}\W)?(?i:in) (?:[^()\n]{{0,30}}\W)?{_SCALE}(?!\w)[^()\n]{{0,80}}\)"
    # "($ millions)", "(€m)", "(USD 000)"
    rf"|\({_SIGN} ?(?:in )?(?:{_SCALE}|mn|mln|bn|[mMbBkK])\)"
    # a line: "Amounts in thousands of euros:", "In millions", "US$'000"
    rf"|{_LINE}(?:[^\n.()]{{0,40}}\b{_SUBJECT}\b[^\n.()]{{0,40}} )?(?i:in) (?:{_SIGN} ?)?{_SCALE}(?: of [^\n.()0-9]{{1,40}})?{_LINE_END}"
    rf"|{_LINE}{_SIGN} ?(?:in )?{_SCALE}{_LINE_END}"
)
_PROSE_END = re.compile(r"[a-z]{3}(?<!Corp)[.!?](?=\s|\Z)")


def regions(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of `text` in which a figure without a scale has that of its table.

    A part begins behind the words that state the scale, and ends where prose begins again.
    """
    done = 0
    for statement in _STATEMENT.finditer(text):
        start = statement.end()
        if start < done:
            continue
        prose = _PROSE_END.search(text, start)
        done = len(text)
        if prose is not None:
            line = text.rfind("\n", start, prose.start())
            done = prose.end() if line < 0 else line
        yield start, done
