"""A dossier as HTML: a fragment for notebooks and a page of its own. No scripts, nothing from the network."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from summarizer.dossiers.model import DealDossier, Relation
from summarizer.render.charts import marks_of, scale_chart
from summarizer.render.dossier_style import PAGE, STYLE
from summarizer.render.dossier_view import (
    RELATIONS,
    DossierView,
    ShownClaim,
    ShownFact,
    ShownFinding,
    ShownQuote,
    ShownSection,
    ShownSource,
    view_of,
)
from summarizer.render.highlights import Article, article_of
from summarizer.render.html import MATHEMATICS, joined, marked
from summarizer.render.html import STYLE as RECORD_STYLE
from summarizer.render.quoting import excerpt
from summarizer.render.safe import one_line
from summarizer.render.timeline import timeline_of
from summarizer.render.wording import figure

_QUOTED = 220  # characters of one quotation
_CHART = re.compile(r"(<svg.*?</svg>)", re.DOTALL)
_CHARTED = ("amount", "valuation", "stake")

Articles = dict[int, Article]


def fragment(dossier: DealDossier) -> str:
    """Return the dossier as one ``<article>`` with its style, for a notebook."""
    return str(Markup("{}{}\n{}").format(RECORD_STYLE, STYLE, _article(dossier, {}, 0)))


def page(dossiers: DealDossier | Sequence[DealDossier], texts: Iterable[str] = ()) -> str:
    """Return a whole HTML document of one dossier or several.

    ``texts`` are the articles that are at hand: a claim links to its sentence in the text whose SHA-256 the
    record has.
    """
    several = [dossiers] if isinstance(dossiers, DealDossier) else list(dossiers)
    known = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}
    parts = [_article(dossier, known, index) for index, dossier in enumerate(several)]
    title = one_line(several[0].title) or "Dossier" if len(several) == 1 else "Dossiers"
    contents = _contents(several) if len(several) > 1 else ""
    body = Markup("{}{}").format(contents, joined(parts))
    return str(PAGE.format(title=title, record_style=RECORD_STYLE, style=STYLE, body=body))


def _contents(dossiers: Sequence[DealDossier]) -> Markup:
    entries = (
        Markup('<li><a href="#d{}">{}</a></li>').format(index, one_line(dossier.title) or "No deal")
        for index, dossier in enumerate(dossiers)
    )
    return Markup('<nav class="deal-record"><h2>{} dossiers</h2><ul>{}</ul></nav>\n').format(
        len(dossiers), joined(list(entries))
    )


def _article(dossier: DealDossier, texts: dict[str, str], index: int) -> Markup:
    view = view_of(dossier)
    articles: Articles = {}
    for source, record in zip(view.sources, dossier.records, strict=True):
        if source.sha256 in texts:
            articles[source.number] = article_of(record, texts[source.sha256], f"d{index}s{source.number}")
    parts = joined(list(_Writer(dossier, view, articles, index).parts()))
    whole = Markup(
        '<article class="deal-record dossier tex2jax_ignore mathjax_ignore" id="d{}">\n{}\n</article>'
    )
    return _without_mathematics(whole.format(index, parts))


def _without_mathematics(html: Markup) -> Markup:
    """Put each sign that begins mathematics in a notebook into an element of its own, also inside the charts."""
    pieces = _CHART.split(str(html))
    pieces[::2] = [MATHEMATICS.sub(r"<span>\g<0></span>", piece) for piece in pieces[::2]]
    pieces[1::2] = [MATHEMATICS.sub(r"<tspan>\g<0></tspan>", piece) for piece in pieces[1::2]]
    return Markup("".join(pieces))  # noqa: S704 - parts of what was escaped


class _Writer:
    """Writes one dossier. Attributes hold numbers and the code's own words; text of others is escaped."""

    def __init__(self, dossier: DealDossier, view: DossierView, articles: Articles, index: int) -> None:
        self.dossier, self.view, self.articles, self.index = dossier, view, articles, index

    def parts(self) -> Iterator[Markup]:
        view = self.view
        yield Markup("<h2>{}</h2>").format(view.title)
        yield Markup('<p class="faint">{}</p>').format(view.verdict or view.summary)
        yield self.sources()
        if view.conflicts:
            yield Markup("<h3>Conflicts</h3>")
            yield from (self.conflict(finding) for finding in view.conflicts)
        yield from self.charts()
        for section in view.sections:
            yield Markup("<h3>{}</h3>").format(section.title)
            yield self.section(section)
        yield from timeline_of(self.dossier, {source.name: source.number for source in view.sources})
        if view.findings:
            yield Markup("<h3>Other findings</h3>")
            items = (Markup('<li class="warn">{}</li>').format(finding.message) for finding in view.findings)
            yield Markup("<ul>{}</ul>").format(joined(list(items)))
        for number, article in sorted(self.articles.items()):
            name = view.sources[number - 1].name
            yield Markup('<section class="text" id="{}"><h3>[{}] {}</h3>{}</section>').format(
                article.anchor, number, name, article.body
            )

    def sources(self) -> Markup:
        return Markup('<ol class="sources">{}</ol>').format(
            joined([self.source(s) for s in self.view.sources])
        )

    def source(self, source: ShownSource) -> Markup:
        article = self.articles.get(source.number)
        name = (
            Markup('<a href="#{}">{}</a>').format(article.anchor, source.name)
            if article
            else escape(source.name)
        )
        title = Markup(' <span class="faint">{}</span>').format(source.title) if source.title else ""
        return Markup("<li><span>[{}]</span><span>{}{}</span></li>").format(source.number, name, title)

    def section(self, section: ShownSection) -> Markup:
        facts = (self.fact(fact, listed=section.listed) for fact in section.facts)
        return Markup('<div class="facts">{}</div>').format(joined(list(facts)))

    def fact(self, fact: ShownFact, *, listed: bool) -> Markup:
        label = Markup('<div class="label">{}</div>').format(fact.label) if fact.label else ""
        note = Markup('<div class="faint">{}</div>').format(fact.note) if fact.note else ""
        credits = Markup("").join(Markup('<div class="faint">{}</div>').format(line) for line in fact.credits)
        disputed = Markup(' <span class="tag off">disputed</span>') if fact.disputed else ""
        support = Markup('<div class="faint">{} of {} sources</div>').format(
            len(fact.sources), len(self.view.sources)
        )
        consensus = Markup('<div class="consensus">{}<div class="value">{}{}</div>{}{}{}</div>').format(
            label, fact.value, disputed, note, support, credits
        )
        claims = Markup("").join(self.claim(claim, fact) for claim in fact.claims)
        kind = " listed" if listed else ""
        return Markup('<div class="fact{}">{}<ul class="claims">{}</ul></div>').format(
            kind, consensus, claims
        )

    def claim(self, claim: ShownClaim, fact: ShownFact) -> Markup:
        relation = RELATIONS[claim.relation]
        words = (
            Markup("<b>{}</b>").format(claim.words) if claim.words != fact.value or relation else Markup("")
        )
        tag = (
            Markup(' <span class="tag {}">{}</span>').format(_tag(claim.relation), relation)
            if relation
            else ""
        )
        quotes = Markup("").join(map(self.quote, claim.quotes))
        return Markup('<li class="{}"><span class="number">[{}]</span> <div>{}{}{}</div></li>').format(
            _tag(claim.relation), claim.source, words, tag, quotes
        )

    def quote(self, shown: ShownQuote) -> Markup:
        words = marked(excerpt(shown.quote, _QUOTED))
        article = self.articles.get(shown.quote.number)
        target = article.target(shown.start) if article is not None else None
        if target is not None:
            words = Markup('<a href="#{}">{}</a>').format(target, words)
        return Markup("<blockquote>“{}”</blockquote>").format(words)

    def conflict(self, finding: ShownFinding) -> Markup:
        sides = Markup("").join(
            Markup('<div class="side"><div class="value">{}</div><div class="faint">{}</div>{}</div>').format(
                side.value,
                ", ".join(f"[{number}] {self.view.sources[number - 1].name}" for number in side.sources),
                Markup("").join(map(self.quote, side.quotes)),
            )
            for side in finding.sides
        )
        return Markup(
            '<div class="conflict"><div class="label">{}</div><div class="sides">{}</div></div>'
        ).format(finding.field.replace("_", " "), sides)

    def charts(self) -> Iterator[Markup]:
        """A chart for each figure that the sources report differently."""
        drawn = []
        for name in _CHARTED:
            fact = getattr(self.dossier, name)
            labels = {
                claim.source: f"[{self._number(claim.source)}] {figure(claim.value)[0]}"
                for claim in (fact.claims if fact is not None else ())
            }
            marks = marks_of(fact, labels) if fact is not None else []
            if len({mark.interval for mark in marks}) > 1:
                unit = getattr(fact.consensus.value, "currency", "%") or ""
                drawn.append(
                    Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(
                        name.capitalize(), scale_chart(f"{name} by source", marks, unit)
                    )
                )
        if drawn:
            yield Markup("<h3>Reported figures</h3>")
            yield joined(drawn)
            yield Markup(
                '<p class="faint">Dot: the figure. Bar: a hedge or a range. Thin line: what it may be the rounding of.</p>'
            )

    def _number(self, source: str) -> int:
        return next(n for n, one in enumerate(self.dossier.sources, 1) if one.id == source)


def _tag(relation: Relation) -> str:
    if relation in (Relation.CONFLICT, Relation.SUPERSEDED, Relation.NOT_COMPARABLE):
        return "off"
    return "on"
