"""The HTML views, read back by an HTML parser."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser

from summarizer.records.deal import DealSummary
from summarizer.records.values import Certainty
from summarizer.render.html import fragment, page

Make = Callable[..., DealSummary]
TAGS = {
    *("article", "style", "h2", "h3", "p", "ul", "ol", "li", "dl", "dt", "dd", "div", "span"),
    *("blockquote", "mark", "details", "summary"),
}
PAGE_TAGS = TAGS | {"html", "head", "meta", "title", "body"}


class Reader(HTMLParser):
    """Collects tags, attributes, marked words and text, and notes tags left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self.open[-1] if self.open else "", data))

    @property
    def text(self) -> str:
        return "".join(data for tag, data in self.texts if tag != "style")


def test_facts_and_marks(deal: Make) -> None:
    """The fragment holds each fact, and in its quotation the words that state it are marked."""
    read = Reader(fragment(deal()).replace("<span>$</span>", "$"))
    assert not read.open
    assert set(read.tags) <= TAGS
    assert "about $2.1 billion (USD 2,100,000,000)" in read.text
    marked = [data for tag, data in read.texts if tag == "mark"]
    assert {"Norrholm AB", "about $2.1 billion", "30% non-voting", "head of automation at Norrholm"} <= set(
        marked
    )
    assert "No findings" not in read.text


def test_hostile_words_stay_words(hostile: DealSummary) -> None:
    """Words of an article make no element and no attribute, and all of them can be read."""
    for html, tags in ((fragment(hostile), TAGS), (page(hostile), PAGE_TAGS)):
        read = Reader(html)
        assert not read.open
        assert set(read.tags) <= tags
        assert read.attributes <= {"class", "lang", "charset", "name", "content", "http-equiv"}
        assert "<script>alert(1)</script> <b>b</b> & &lt;" in read.text
        assert not [c for c in read.text if c != "\n" and not c.isprintable()]


def test_nothing_from_elsewhere(deal: Make) -> None:
    """The page names no other file, has no script, and forbids both."""
    html = page(deal())
    for forbidden in ("<script", "src=", "href=", "url(", "@import"):
        assert forbidden not in html
    assert "default-src 'none'" in html


def test_style_is_scoped(deal: Make) -> None:
    """The fragment's style speaks of nothing outside of it, in light and in dark."""
    style = "".join(data for tag, data in Reader(fragment(deal())).texts if tag == "style")
    rules = [line.strip() for line in style.splitlines() if "{" in line]
    assert rules
    assert all(rule.startswith((".deal-record", "@media (prefers-color-scheme: dark)")) for rule in rules)


def test_page_of_several(deal: Make) -> None:
    """A page holds one record or several, in order, with one style."""
    read = Reader(page([deal(headline="First"), deal(headline="Second"), DealSummary()]))
    assert read.tags.count("article") == 3
    assert read.tags.count("style") == 2  # the records' and the page's
    headings = [data for tag, data in read.texts if tag == "h2"]
    assert headings == ["First", "Second", "No corporate deal was found in this text."]


def test_page_has_the_headline_as_title(deal: Make) -> None:
    """The page of one record has its headline as title."""
    assert ("title", "Norrholm takes a 30% stake in Calder Robotics") in Reader(page(deal())).texts


def test_notebook_hook(deal: Make) -> None:
    """A notebook is given the fragment."""
    assert deal()._repr_html_() == fragment(deal())


def test_doubtful_facts_are_marked(deal: Make) -> None:
    """A fact under the line of doubt says how sure it is, in a colour of its own."""
    shown = fragment(
        deal(certainty=(Certainty(field="amount", value=0.5), Certainty(field="stake", value=0.9)))
    )
    assert shown.count('class="doubt"') == 1
    assert '<span class="doubt">? 50% sure</span>' in shown
