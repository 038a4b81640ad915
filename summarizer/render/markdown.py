"""A record as Markdown, with the words of the article escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from summarizer.render.quoting import Quote, excerpt
from summarizer.render.view import ALL_CLEAR, NOT_QUOTED, Fact, view_of

_QUOTED = 160  # maximum characters of a quotation
# $ starts mathematics in notebooks, and bare addresses become links.
_INLINE = re.compile(r"([\\`*_{}\[\]<>|~$&#@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_LEADING = re.compile(r"^(\d*)(?:(?<=\d)(?=[.)])|(?<!\d)(?=[-+=]))")


def render(record: BaseModel, *, notebook: bool = True) -> str:
    """Return the record as CommonMark.

    With ``notebook``, each dollar sign is put into an element, because notebooks look for mathematics after
    they resolve escapes.
    """
    view = view_of(record)
    lines = [f"## {escaped(view.headline or view.verdict)}"] if view.headline or view.verdict else []
    if view.narrative:
        lines += ["", escaped(view.narrative)]
    if view.headline or view.narrative:
        lines += ["", f"*{NOT_QUOTED}*"]
    for section in view.sections:
        lines += ["", f"### {escaped(section.title)}", ""]
        for fact in section.facts:
            lines += _fact(fact)
    if view.missing:
        lines += ["", f"*Not found: {escaped(', '.join(view.missing))}.*"]
    lines += ["", "### Checks", ""]
    for check in view.checks:
        lines.append(f"- {escaped(check.message)} ({inline(check.about)}){_numbers(check.numbers)}")
    if not view.checks:
        lines.append(ALL_CLEAR)
    if view.sources:
        lines += ["", "### Sources", ""]
        lines += [f"- \\[{s.number}\\] {s.start}–{s.end}: “{inline(s.text)}”" for s in view.sources]
    about = [part for part in (view.origin, *view.footer) if part]
    if about:
        lines += ["", f"*{escaped(' · '.join(about))}*"]
    text = "\n".join(lines).strip("\n") + "\n"
    return text.replace("\\$", "<span>\\$</span>") if notebook else text


def _fact(fact: Fact) -> Iterator[str]:
    label = f"**{escaped(fact.label)}:** " if fact.label else ""
    note = f" ({inline(fact.note)})" if fact.note else ""
    doubt = f" — *? {inline(fact.doubt)}*" if fact.doubt else ""
    yield f"- {label}{escaped(fact.value)}{note}{doubt}{_numbers(fact.also if not fact.quotes else ())}"
    if fact.details:
        yield f"  - {escaped(' · '.join(fact.details))}"
    for quote in fact.quotes:
        also = f" also{_numbers(fact.also)}" if fact.also and quote is fact.quotes[-1] else ""
        yield f"  - \\[{quote.number}\\] “{marked(excerpt(quote, _QUOTED))}”{also}"


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f" \\[{number}\\]" for number in numbers)


def marked(quote: Quote) -> str:
    """Escape the quotation and set its marks in bold, except inside a word."""
    text, out, at = quote.text, "", 0
    for start, end in quote.marks:
        inside_word = text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()
        stars = "" if inside_word else "**"
        out += inline(text[at:start]) + stars + inline(text[start:end]) + stars
        at = end
    return out + inline(text[at:])


def escaped(text: str) -> str:
    """Escape text for any position in a line."""
    return _LEADING.sub(r"\1\\", inline(text))


def inline(text: str) -> str:
    """Make ``text`` literal inside a line."""
    return _INLINE.sub(r"\\\1", text)
