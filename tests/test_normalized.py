"""Words are found however a file or page writes them, and evidence is the source's own text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.document import Normalized, read_document, strip_invisible
from summarizer.figures import Kind
from summarizer.grounding.near import locate
from summarizer.inventory import fold, take_inventory
from summarizer.prompting import load

FORMS = [
    ("acqui-\nsition", "acquisition"),
    ("acqui-\r\n   sition", "acquisition"),
    ("acqui\u00adsition", "acquisition"),
    ("acqui\u00ad\nsition", "acquisition"),
    ("acqui‐\nsition", "acquisition"),
    ("Anglo-\nAmerican", "Anglo-American"),
    ("a 30-\nday stop", "a 30-day stop"),
    ("2030-\n2031", "2030-2031"),
    ("it fell -\nand rose", "it fell -\nand rose"),
    ("Cafe\u0301 N\u0303andu\u0301", "Café Ñandú"),
    ("A\u030angstro\u0308m, \u212bs", "Ångström, Ås"),
    ("q\u0303", "q\u0303"),
    ("e\u200b\u0301", "é"),
    ("\u1112\u1161\u11ab", "한"),
    ("\ufb01nance o\ufb03ce \ufb06", "finance office st"),
    ("Ｏｒｃｈａｒｄ ５", "Orchard 5"),
    ("Thames &amp; Trent", "Thames & Trent"),
    ("Thames &amp;amp; Trent", "Thames & Trent"),
    ("&pound;5m &#8364;6m &#x20AC;7m", "£5m €6m €7m"),
    ("AT&T; R&D &unknown; & &;", "AT&T; R&D &unknown; & &;"),
    ("Or\u200bchard\ufeff \u202eInc\u202c\u2069", "Orchard Inc"),
    ("Orchard\U000e0041\U000e007f\ufe0f", "Orchard"),
    ("Orchard\x00\x1b\x07\ud800", "Orchard"),
    ("a&shy;b&#8203;c&#769;", "abć"),
    ("no\u00a0break, tab\t“curly” – İ ẞ ²", "no\u00a0break, tab\t“curly” – İ ẞ ²"),
    ("", ""),
]
ODD = st.sampled_from(
    [
        *"aeé-& .;&\n\r\t",
        "&amp;",
        "amp;",
        "\u0301",
        "\u200b",
        "\u00ad",
        "-\n",
        "ﬁ",
        "\u1100\u1161",
        "İ",
        "&lt;",
    ]
)


@pytest.mark.parametrize(("source", "expected"), FORMS)
def test_the_same_words_have_the_same_form(source: str, expected: str) -> None:
    """Hyphens at line ends, accents, ligatures, entities and invisible characters are normalized, nothing else."""
    assert Normalized(source).text == expected
    assert Normalized(source, join_lines=False).joined().text == expected


@given(st.one_of(st.text(), st.lists(ODD, max_size=30).map("".join)))
def test_every_piece_leads_back_to_its_source(source: str) -> None:
    """Spans are in order, cover what they were made from, and give the same piece when normalized again."""
    normalized = Normalized(source)
    covered = 0
    for index, character in enumerate(normalized.text):
        start, end = normalized.span(index, index + 1)
        assert 0 <= start < end <= len(source)
        assert normalized.index(start) <= index < normalized.index(end) or normalized.index(end) == index + 1
        first, last = normalized.span(0, index + 1)
        assert (first, last) == (normalized.span(0, 1)[0], end)
        assert covered <= end
        covered = end
        if start == end - 1 and source[start].isascii():
            assert source[start] == character
    assert normalized.index(0) == 0
    assert normalized.index(len(source)) == len(normalized.text)
    assert normalized.slice(0, len(source)) == normalized.text
    offsets = [normalized.index(offset) for offset in range(len(source) + 1)]
    assert offsets == sorted(offsets)


@given(
    st.text(st.characters(codec="utf-8", max_codepoint=0x2FF, exclude_categories=["Cc", "Cf"]), max_size=40)
)
def test_composed_and_decomposed_text_are_alike(text: str) -> None:
    """NFC and NFD of Latin text normalize to the same."""
    composed = unicodedata.normalize("NFC", text)
    assert Normalized(unicodedata.normalize("NFD", text)).text == Normalized(composed).text


TEXT = (
    "Tanager Group said on 7 July 2031 that it has agreed the acqui-\nsition of Mer-\nidian Paper, once "
    "Cafe\u0301 N\u0303andu\u0301, from Thames &amp; Trent for about 4.2 bil-\nlion euros, of which a two-\nthirds "
    "share is cash. The o\ufb03ce of Al\u200bder\u00ad Mills, a Lar\u00adch-based \u202efirm\u202c, gets "
    "&pound;8.4&nbsp;million, it said."
)


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("the acquisition of Meridian Paper", "the acqui-\nsition of Mer-\nidian Paper"),
        ("Café Ñandú", "Cafe\u0301 N\u0303andu\u0301"),
        ("cafe\u0301 n\u0303andu\u0301", "Cafe\u0301 N\u0303andu\u0301"),
        ("Thames & Trent", "Thames &amp; Trent"),
        ("Thames &amp; Trent", "Thames &amp; Trent"),
        ("4.2 billion euros", "4.2 bil-\nlion euros"),
        ("two-thirds share", "two-\nthirds share"),
        ("office of Alder Mills", "o\ufb03ce of Al\u200bder\u00ad Mills"),
        ("Larch", "Lar\u00adch"),
        ("Larch-based firm", "Lar\u00adch-based \u202efirm"),
        ("£8.4 million", "&pound;8.4&nbsp;million"),
        ("ALDER\u200b MILLS", "Al\u200bder\u00ad Mills"),
    ],
)
def test_a_quotation_is_found_at_its_place(words: str, source: str) -> None:
    """What a model copies from the prompt, or writes in its own form, leads to the exact text of the source."""
    inventory = take_inventory(read_document(TEXT))
    place = locate(words, inventory, exact=True)
    assert place is not None
    sentence, start, end = place
    assert TEXT[start:end] == source
    assert sentence.start <= start < end <= sentence.end


@pytest.mark.parametrize(
    "words", ["acqui", "sition", "Meri", "Caf", "Cafe", "mp; Trent", "4.2 bil", "ice", "2 billion", ""]
)
def test_a_part_of_a_word_is_not_found(words: str) -> None:
    """A word that the source writes in pieces is still one word."""
    assert take_inventory(read_document(TEXT)).occurrences(words) == ()


def test_near_words_lead_to_the_source_too() -> None:
    """A quotation that leaves a word out is repaired to a span of the text as given."""
    place = locate(
        "acquisition of Meridian Paper, Café Ñandú, from Thames", take_inventory(read_document(TEXT))
    )
    assert place is not None
    assert TEXT[place[1] : place[2]] == TEXT[TEXT.index("acqui-") : TEXT.index(" &amp;")]


def test_figures_are_read_as_a_reader_sees_them() -> None:
    """Figures in pieces have their value, a readable text and the span of the source."""
    inventory = take_inventory(read_document(TEXT))
    money = [figure.mention for figure in inventory.figures if figure.mention.kind is Kind.MONEY]
    assert [(mention.text, mention.value, mention.unit) for mention in money] == [
        ("4.2 billion euros", 4_200_000_000, "EUR"),
        ("£8.4\u00a0million", 8_400_000, "GBP"),
    ]
    spans = [TEXT[mention.start : mention.end] for mention in money]
    assert spans == ["4.2 bil-\nlion euros", "&pound;8.4&nbsp;million"]
    assert money[0].hedge is not None
    assert TEXT[slice(*money[0].hedge)] == "about"


def test_no_invisible_character_reaches_a_prompt(tmp_path: Path) -> None:
    """Sentences are shown clean, on one line each; a template that prints the source is cleaned too."""
    text = "Orchard \u202ebuys\u202c Ash\u200b for\U000e0041 $5 million,\u2028it \r\nsaid\x0bon Monday &amp; in Lyon."
    sentences = read_document(text).shown
    article = load().render("article.j2", sentences=sentences)
    assert "Orchard buys Ash for $5 million" in article
    assert "on Monday & in Lyon." in article
    assert "\n".join(article.splitlines()) == article
    (tmp_path / "article.j2").write_text("{% for one in sentences %}{{ one.text }}{% endfor %}")
    raw = load(tmp_path).render("article.j2", sentences=sentences)
    assert raw == strip_invisible(raw)
    assert "&amp;" in raw


def test_folding_ignores_how_words_are_written() -> None:
    """Case, quotes, dashes, spaces and the forms of letters make no difference."""
    assert fold("“Cafe\u0301”\u00a0– O\ufb03ce ") == fold('"CAFÉ" - office') == '"café" - office'
