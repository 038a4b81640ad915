"""The views of a dossier: every claim with its sentence, links into the articles, and hostile words kept as words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from evals import dossiers as evals
from summarizer import DealDossier, DealSummary, reconcile
from summarizer.render import dossier_html, dossier_markdown, dossier_text

DEALS = {deal["deal"]: deal for deal in evals.load()}
ATTRIBUTES = {
    *(
        "class",
        "id",
        "href",
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "role",
        "aria-label",
        "tabindex",
    ),
    *("width", "height", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "text-anchor"),
}
TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "nav",
        "article",
        "section",
        "figure",
        "figcaption",
    ),
    *("h2", "h3", "p", "div", "span", "ul", "ol", "li", "b", "a", "mark", "blockquote"),
    *("svg", "line", "circle", "text", "tspan"),
}


class Reader(HTMLParser):
    """Collects tags, attributes, links, ids and text, and notes tags left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.marked: dict[str, str] = {}
        self.open: list[tuple[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= values.keys()
        self.links += [values["href"]] if "href" in values else []
        self.ids += [values["id"]] if "id" in values else []
        if tag != "meta":
            self.open.append((tag, values.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "style":
            return
        self.text += data
        for tag, id in self.open:
            if tag == "mark" and id:
                self.marked[id] = self.marked.get(id, "") + data


def read(html: str) -> Reader:
    reader = Reader(html)
    assert not reader.open
    return reader


def dossier(name: str) -> DealDossier:
    return reconcile(DEALS[name]["records"])


def texts(name: str) -> list[str]:
    return [report["text"] for report in DEALS[name]["reports"]]


@pytest.mark.parametrize("name", DEALS)
def test_each_claim_opens_its_sentence(name: str) -> None:
    """With the articles at hand, each quotation links to the mark that holds it; without them nothing links."""
    reader = read(dossier_html.page(dossier(name), texts(name)))
    assert len(set(reader.ids)) == len(reader.ids)
    places = [link[1:] for link in reader.links]
    assert places
    assert set(places) <= set(reader.ids)
    for claim in (
        claim for record in DEALS[name]["records"] for claim in (record.amount, record.stake) if claim
    ):
        assert any(claim.text in marked for marked in reader.marked.values())
    assert not read(dossier_html.page(dossier(name))).links


def test_the_page_shows_both_sides_of_each_conflict() -> None:
    """The conflicts stand on top, each side with its sources and sentences; each chart has a row for each figure."""
    html = dossier_html.page(dossier("contradicting"))
    conflicts = html[html.index("<h3>Conflicts</h3>") : html.index("<h3>Reported figures</h3>")]
    for words in (
        "€5.3 billion",
        "about €6 billion",
        "[2] halvik-2.txt",
        "Half of the price is paid in shares.",
    ):
        assert words in conflicts
    assert re.findall(r'aria-label="(.*?)"', html) == ["amount by source"]
    assert html.count('class="open off"') == 1
    assert html.count('class="dot on"') == 2


def test_the_timeline_has_earlier_deals_the_deal_and_people() -> None:
    html = dossier_html.page(dossier("retold"))
    timeline = html[html.index("<h3>Timeline</h3>") :]
    order = ("<b>2028</b>", "<b>4 May 2031</b>", "Iona Pell")
    places = [timeline.index(words) for words in order]
    assert places == sorted(places)
    assert timeline.count("<circle") == 2


def test_several_dossiers_make_one_page() -> None:
    every = [dossier(name) for name in DEALS]
    reader = read(dossier_html.page(every, [text for name in DEALS for text in texts(name)]))
    assert len(set(reader.ids)) == len(reader.ids)
    assert reader.links[: len(every)] == [f"#d{index}" for index in range(len(every))]


@pytest.mark.parametrize("name", DEALS)
def test_nothing_from_elsewhere(name: str) -> None:
    html = dossier_html.page(dossier(name), texts(name))
    for forbidden in ("<script", "src=", "url(", "@import", "http://", "https://", 'href="/', "style="):
        assert forbidden not in html
    assert "default-src 'none'" in html


def test_dollars_are_no_mathematics_in_a_notebook() -> None:
    """Each dollar sign has an element of its own, in a chart too."""
    html = dossier("corrected")._repr_html_()
    assert "$" not in re.sub(r"<span>\$</span>|<tspan>\$</tspan>", "", html)
    assert not re.search(r"(?<!\\)\$", dossier("corrected")._repr_markdown_())


@pytest.fixture
def attack(hostile: DealSummary) -> tuple[DealDossier, str]:
    """A dossier of two records in which every word is an attack, and the text that both cite."""
    text = hostile.parties[0].evidence[0].text
    key = hashlib.sha256(text.encode()).hexdigest()
    assert hostile.source is not None
    assert hostile.amount is not None
    source = hostile.source.model_copy(update={"sha256": key})
    other = hostile.amount.model_copy(
        update={"value": hostile.amount.value * 3 if hostile.amount.value else None}
    )
    first = hostile.model_copy(update={"source": source})
    return reconcile([first, hostile.model_copy(update={"amount": other})]), text


def test_hostile_words_stay_words_in_html(attack: tuple[DealDossier, str]) -> None:
    made, text = attack
    reader = read(dossier_html.page([made, made], [text]))
    assert reader.tags <= TAGS
    assert reader.attributes <= ATTRIBUTES
    assert all(link.startswith("#") for link in reader.links)
    assert "<script>alert(1)</script> <b>b</b> & &lt;" in reader.text
    assert not [c for c in reader.text if c not in "\n\t" and not c.isprintable()]


def test_hostile_words_stay_words_in_markdown_and_text(attack: tuple[DealDossier, str]) -> None:
    made, _ = attack
    markdown = dossier_markdown.render(made, notebook=False)
    html = str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))
    tags = ("h2", "h3", "p", "ul", "li", "em", "strong")
    assert set(re.findall(r"<(/?\w+)", html)) <= {slash + tag for slash in ("", "/") for tag in tags}
    text = dossier_text.render(made, 60)
    assert "\x1b" not in text
    assert "[bold]loud[/bold]" in text
    assert all(len(line) <= 62 for line in text.splitlines() if "\ufffd" not in line)


@pytest.mark.parametrize(
    "render", [dossier_text.render, lambda made: dossier_markdown.render(made, notebook=False)]
)
def test_each_source_is_shown_with_its_claim(render: Callable[[DealDossier], str]) -> None:
    shown = render(dossier("contradicting"))
    for words in ("€5.3 billion", "about €6 billion", "conflicts", "halvik-2.txt", "disputed", "60%"):
        assert words in shown


def test_a_dossier_of_no_deal_says_so() -> None:
    none = reconcile([DealSummary(is_deal=False)])
    for shown in (dossier_text.render(none), dossier_markdown.render(none), dossier_html.page(none)):
        assert "None of these sources reports a corporate deal." in shown
