"""A record as HTML, as a fragment or a complete page. Without scripts and external resources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape
from pydantic import BaseModel

from summarizer.render.quoting import Quote, excerpt
from summarizer.render.view import ALL_CLEAR, NOT_QUOTED, Check, Fact, Section, Source, View, view_of

_QUOTED = 160  # maximum characters of a quotation
# Notebooks render text between two of these as mathematics, but not across elements. Some ignore the classes.
MATHEMATICS = re.compile(r"[$\\]")

# Text inherits its colour, so it is readable in a dark notebook on a light desktop.
STYLE = Markup("""<style>
.deal-record { --faint: color-mix(in srgb, currentColor 70%, transparent);
  --line: color-mix(in srgb, currentColor 22%, transparent); --mark: #ffe08a; --marked: #111;
  --accent: #0b5c7a; --warn: #9a5b00; font: 15px/1.5 system-ui, sans-serif; color: inherit;
  max-width: 52rem; text-align: left; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  .deal-record { --mark: #6b5300; --marked: #fff; --accent: #6cc3e6; --warn: #e5a947; } }
.deal-record h2 { font-size: 1.35em; line-height: 1.25; margin: .2em 0 .4em; }
.deal-record h3 { font-size: 1em; margin: 1.4em 0 .4em; color: var(--accent);
  border-bottom: 1px solid var(--line); }
.deal-record p { margin: .4em 0; }
.deal-record .faint { color: var(--faint); font-size: .88em; }
.deal-record dl, .deal-record ul, .deal-record ol { margin: 0; padding: 0; list-style: none; }
.deal-record dl { display: grid; grid-template-columns: minmax(5.5em, max-content) minmax(0, 1fr);
  column-gap: 1.2em; }
.deal-record dt { color: var(--faint); font-weight: normal; padding: .15em 0; }
.deal-record dd { margin: 0; padding: .15em 0; }
.deal-record ul > li { padding: .15em 0 .15em 1.1em; text-indent: -1.1em; }
.deal-record ul > li > * { text-indent: 0; }
.deal-record ul > li::before { content: "•"; display: inline-block; width: 1.1em; text-indent: 0; }
.deal-record .warn::before { content: "!"; color: var(--warn); font-weight: bold; }
.deal-record .doubt { color: var(--warn); font-size: .88em; white-space: nowrap; }
.deal-record blockquote { margin: .1em 0 .3em; padding: 0 0 0 .7em; border-left: 2px solid var(--line);
  color: var(--faint); font-size: .88em; }
.deal-record mark { background: var(--mark); color: var(--marked); padding: 0 .1em; border-radius: 2px; }
.deal-record ol { font-size: .88em; }
.deal-record ol > li { display: grid; grid-template-columns: 2.4em minmax(0, 1fr); padding: .1em 0; }
.deal-record summary { cursor: pointer; font-weight: bold; color: var(--accent); margin-top: 1.4em; }
</style>""")

_PAGE = Markup("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
{style}
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 2rem auto; padding: 0 1rem; max-width: 52rem; background: #fff; color: #1c2024; }}
.deal-record + .deal-record {{ margin-top: 3rem; padding-top: 2rem; border-top: 3px double var(--line); }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171a; color: #e6e9ec; }} }}
@media print {{ body {{ margin: 0; }} }}
</style>
</head>
<body>
{body}
</body>
</html>
""")


def fragment(record: BaseModel) -> str:
    """Return the record as one ``<article>`` with its style, for a notebook or another page."""
    return str(Markup("{}\n{}").format(STYLE, _article(view_of(record))))


def page(record: BaseModel | Sequence[BaseModel]) -> str:
    """Return a complete HTML document with one or more records."""
    views = [view_of(one) for one in ([record] if isinstance(record, BaseModel) else record)]
    first = views[0] if len(views) == 1 else None
    title = (first.headline or first.verdict or first.origin or "Summary") if first else "Summaries"
    return str(_PAGE.format(title=title, style=STYLE, body=joined(_article(view) for view in views)))


def _article(view: View) -> Markup:
    """Return the record as one element, with no words of the article in its attributes."""
    article = Markup('<article class="deal-record tex2jax_ignore mathjax_ignore">\n{}\n</article>')
    return Markup(MATHEMATICS.sub(r"<span>\g<0></span>", str(article.format(joined(_parts(view))))))  # noqa: S704


def _parts(view: View) -> Iterator[Markup]:
    if view.origin:
        yield _faint(view.origin)
    if view.headline or view.verdict:
        yield Markup("<h2>{}</h2>").format(view.headline or view.verdict)
    if view.narrative:
        yield Markup("<p>{}</p>").format(view.narrative)
    if view.headline or view.narrative:
        yield _faint(NOT_QUOTED)
    for section in view.sections:
        yield Markup("<h3>{}</h3>").format(section.title)
        yield _section(section)
    if view.missing:
        yield _faint(f"Not found: {', '.join(view.missing)}.")
    yield Markup("<h3>Checks</h3>")
    if view.checks:
        yield Markup("<ul>{}</ul>").format(joined(map(_check, view.checks)))
    else:
        yield _faint(ALL_CLEAR)
    if view.sources:
        yield Markup("<details><summary>Sources</summary>\n<ol>{}</ol></details>").format(
            joined(map(_source, view.sources))
        )
    if view.footer:
        yield _faint(" · ".join(view.footer))


def _section(section: Section) -> Markup:
    if not any(fact.label for fact in section.facts):
        items = (Markup("<li>{}</li>").format(_fact(fact)) for fact in section.facts)
        return Markup("<ul>{}</ul>").format(joined(items))
    rows = (Markup("<dt>{}</dt><dd>{}</dd>").format(fact.label, _fact(fact)) for fact in section.facts)
    return Markup("<dl>{}</dl>").format(joined(rows))


def _fact(fact: Fact) -> Markup:
    parts = [escape(fact.value)]
    if fact.note:
        parts.append(Markup(' <span class="faint">({})</span>').format(fact.note))
    if fact.doubt:
        parts.append(Markup(' <span class="doubt">? {}</span>').format(fact.doubt))
    if fact.also and not fact.quotes:
        parts.append(Markup(' <span class="faint">{}</span>').format(_numbers(fact.also)))
    if fact.details:
        parts.append(Markup('<div class="faint">{}</div>').format(" · ".join(fact.details)))
    for quote in fact.quotes:
        also = f" also {_numbers(fact.also)}" if fact.also and quote is fact.quotes[-1] else ""
        words = marked(excerpt(quote, _QUOTED))
        parts.append(Markup("<blockquote>[{}] “{}”{}</blockquote>").format(quote.number, words, also))
    return Markup("").join(parts)


def _check(check: Check) -> Markup:
    about = f"({check.about}) {_numbers(check.numbers)}".strip()
    return Markup('<li class="warn">{} <span class="faint">{}</span></li>').format(check.message, about)


def _source(source: Source) -> Markup:
    where = Markup('<span class="faint">characters {}–{}</span>').format(source.start, source.end)
    return Markup("<li><span>[{}]</span><span>“{}” {}</span></li>").format(source.number, source.text, where)


def marked(quote: Quote) -> Markup:
    """Return a quotation with its marks."""
    parts, at = [], 0
    for start, end in quote.marks:
        parts += [escape(quote.text[at:start]), Markup("<mark>{}</mark>").format(quote.text[start:end])]
        at = end
    return Markup("").join([*parts, escape(quote.text[at:])])


def _numbers(numbers: Sequence[int]) -> str:
    return " ".join(f"[{number}]" for number in numbers)


def _faint(text: str) -> Markup:
    return Markup('<p class="faint">{}</p>').format(text)


def joined(parts: Iterator[Markup] | Sequence[Markup]) -> Markup:
    """Return the parts, each on lines of its own."""
    return Markup("\n").join(parts)
