"""The Markdown view, read back by a Markdown parser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from summarizer.records.deal import DealSummary
from summarizer.records.values import Certainty
from summarizer.render.markdown import render

Make = Callable[..., DealSummary]


def to_html(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown))


def test_facts_and_sources(deal: Make) -> None:
    """A reader sees the headline, each fact with its quotation and number, and the sources."""
    html = to_html(render(deal(), notebook=False))
    assert "<h2>Norrholm takes a 30% stake in Calder Robotics</h2>" in html
    assert "<strong>amount:</strong> about $2.1 billion (USD 2,100,000,000)" in html
    assert re.search(r"\[1\] “.*<strong>about \$2.1 billion</strong> for a 30%.*” also \[3\]", html)
    assert re.search(r"<h3>Sources</h3>\n<ul>\n<li>\[1\] 0–\d+: “GOTHENBURG", html)
    assert "Not found: rationale, conditions." in html


def test_notebook_takes_dollars_for_dollars(deal: Make) -> None:
    """Every dollar sign is escaped, lest a notebook takes what is between two for mathematics."""
    assert not re.search(r"(?<!\\)\$", render(deal()))


def test_hostile_words_stay_words(hostile: DealSummary) -> None:
    """Words of an article make no element of their own, and all of them can be read."""
    html = to_html(render(hostile, notebook=False))
    assert set(re.findall(r"<(/?\w+)", html)) <= {
        f"{slash}{tag}" for slash in ("", "/") for tag in ("h2", "h3", "p", "ul", "li", "em", "strong")
    }
    assert html.count("<h2>") == 1
    assert (
        "**stars** _under_ `code` [link](http://evil.example) ![img](x.png) | cell | $x^2$ ~~gone~~" in html
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "&amp;lt;" in html


@pytest.mark.parametrize(
    "text", ["1. one", "12) two", "- dash", "+ plus", "# head", "> quote", "---", "=== ", "    code"]
)
def test_leading_marks_are_literal(deal: Make, text: str) -> None:
    """A value that begins like a list, a heading, a rule or a quotation is a paragraph all the same."""
    html = to_html(render(deal(narrative=text, headline=text)))
    assert f"<p>{text.strip().replace('>', '&gt;')}</p>" in html


def test_no_deal() -> None:
    """A text without a deal is a heading that says so."""
    assert render(DealSummary()).startswith("## No corporate deal was found in this text.\n")


def test_notebook_hook(deal: Make) -> None:
    """A notebook is given this view."""
    assert deal()._repr_markdown_() == render(deal())


def test_doubtful_facts_are_marked(deal: Make) -> None:
    """A fact under the line of doubt says how sure it is."""
    shown = render(
        deal(certainty=(Certainty(field="amount", value=0.5), Certainty(field="stake", value=0.9)))
    )
    assert [line for line in shown.splitlines() if "sure" in line] == [
        next(line for line in shown.splitlines() if line.startswith("- **amount:**"))
    ]
    assert "*? 50% sure*" in shown
