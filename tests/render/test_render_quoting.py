"""Quotations, and words made fit to show."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from summarizer.render.quoting import Quote, excerpt
from summarizer.render.safe import address, one_line, shortened

WORDS = st.lists(st.text(alphabet="abcdefgh$1%,日", min_size=1, max_size=12), min_size=1, max_size=40)


@given(WORDS, st.data(), st.integers(min_value=4, max_value=90))
def test_excerpt_fits_and_shows_the_mark(words: list[str], data: st.DataObject, width: int) -> None:
    """An excerpt is never wider than asked, and begins its first mark where the source has it."""
    text = " ".join(words)
    letters = [index for index, letter in enumerate(text) if letter != " "]
    start, last = sorted(data.draw(st.tuples(st.sampled_from(letters), st.sampled_from(letters))))
    end = last + 1
    cut = excerpt(Quote(1, text, ((start, end),)), width)
    assert len(cut.text) <= width
    shown = [cut.text[a:b] for a, b in cut.marks]
    assert all(0 <= a < b <= len(cut.text) for a, b in cut.marks)
    assert all(piece.rstrip("…") in text[start:end] for piece in shown)
    if end - start + 2 * 12 + 4 <= width:  # with the rest of the words at its ends, and both ellipses
        assert "".join(shown) == text[start:end]


@given(WORDS, st.integers(min_value=1, max_value=90))
def test_excerpt_is_made_of_the_source(words: list[str], width: int) -> None:
    """What stands between the ellipses of an excerpt stands so in the source."""
    text = " ".join(words)
    cut = excerpt(Quote(1, text, ()), width, cell_len)
    assert all(piece.strip() in text for piece in cut.text.split("…"))


def test_excerpt_keeps_distant_marks() -> None:
    """Two marks far apart are both kept where they fit, with an ellipsis between them."""
    text = "Brandt, " + "who has run the works for years, " * 6 + "becomes head of sales there."
    marks = ((0, 6), (text.index("head"), text.index("head") + len("head of sales")))
    cut = excerpt(Quote(3, text, marks), 60)
    assert cut.text.startswith("Brandt,")
    assert "head of sales" in cut.text
    assert [cut.text[a:b] for a, b in cut.marks] == ["Brandt", "head of sales"]


@given(st.text())
def test_one_line_is_safe(text: str) -> None:
    """No control character, line end or direction mark is left, whatever the text."""
    line = one_line(text)
    assert not [
        c for c in line if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in "\u202e\u2066\u200b"
    ]
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@example.org/v1?key=1#x", "https://example.org/v1"),
        ("http://localhost:8000/v1", "http://localhost:8000/v1"),
        ("embedded:tiny", "embedded:tiny"),
    ],
)
def test_address_hides_secrets(url: str, shown: str) -> None:
    """An address is shown without user, password and query."""
    assert address(url) == shown


def test_shortened() -> None:
    """A long text is cut at a word's end, a short one is left alone."""
    assert shortened("one two three", 10) == "one two …"
    assert shortened("one two", 10) == "one two"
    assert len(shortened("x" * 50, 10)) <= 10
