"""From files, bytes, web pages and addresses to the text of an article."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals import extraction
from summarizer import reading
from summarizer.errors import ConfigurationError, InputError, InputTooLarge, NotText
from summarizer.reading import Source, decode, load, load_path

ARTICLE = (
    "Larkfield’s board said “yes”: it buys Société Brenwick of Lyon for £6.2 billion – in cash – and the "
    "fund keeps 40% of the paper mill. Nothing else of the terms was said by either of the two firms.\r\n"
)
PAGE = """<!DOCTYPE html><html><head><title>Larkfield buys Brenwick</title></head><body>
<nav><a href="/">Home</a> <a href="/deals">Deals</a></nav>
<article><h1>Larkfield buys Brenwick</h1>
<p>Larkfield Inc. said on Monday that it agreed to buy Brenwick Mills for £6.2 billion in cash, a step that
gives the paper maker its first plants in Norway and two thousand new customers.</p>
<p>Terms include a fee of $140 million, to be paid if either board changes its mind before the spring.</p>
</article><footer>All rights reserved</footer></body></html>"""


def pdf(*lines: str) -> bytes:
    """Return a PDF of one page that shows the lines."""
    shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = f"BT /F1 12 Tf 50 700 Td {shown} ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    begin = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    out += b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % begin
    return bytes(out)


def word_document() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return file.getvalue()


# --- what is given -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [ARTICLE, "article.txt", "/etc/hostname", "", "  a\r\nb\rc\u2028d  ", "<p>no page</p>"]
)
def test_a_string_is_the_article_itself(text: str) -> None:
    """A string is never taken for a path, and comes back as it was given."""
    assert load(text) == Source(text=text, id="text", title=None)


def test_a_text_that_begins_with_an_address_is_a_text() -> None:
    """Only a string that is nothing but an address is fetched."""
    text = "https://larkfield.example/news says that Brenwick was sold."
    assert load(text).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_a_file_is_read_in_its_encoding_with_its_line_ends(encoding: str, tmp_path: Path) -> None:
    """UTF-8, marked UTF-16 and UTF-32, and Windows-1252 are told apart; no character is changed."""
    path = tmp_path / "deal.txt"
    path.write_bytes(ARTICLE.encode(encoding))
    assert load(path) == load_path(path) == Source(text=ARTICLE, id="deal.txt", title=None)
    assert load(ARTICLE.encode(encoding)).text == ARTICLE


def test_latin_1_is_read_with_its_pound_signs() -> None:
    """Old English text with a few signs and accents is read as Western, not as what statistics say."""
    text = "Larkfield pays £5bn for Brenwick, ½ of it in cash.\nMr José Roe of Zürich agreed.\n"
    assert decode(text.encode("latin-1"), "wire") == text


@pytest.mark.parametrize(
    "text",
    [
        "Le groupe a annoncé l'achat de sa sœur, ce qui élève sa part à près de la moitié.",
        "Die Gesellschaft übernimmt das Werk für sechs Milliarden. Größere »Änderungen« sind nicht nötig.",
        "La compañía anunció la adquisición de la fábrica. ¿Qué dirá el señor Núñez? ¡Él aún no lo sabrá!",
        "Koncernen køber fabrikken for seks milliarder, og ændringer venter på næste år.",
        "Bolaget köper bruket för sex miljarder, och några ändringar väntas inte före nästa år.",
    ],
)
def test_a_western_text_in_windows_1252_is_read(text: str) -> None:
    """Many accents are accepted where they are those of one language."""
    assert decode(text.encode("cp1252"), "press") == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=60))
def test_utf_8_comes_back_unchanged(text: str) -> None:
    """Any text without control characters survives the way through UTF-8 with a mark."""
    assert decode(text.encode("utf-8-sig"), "any") == text


FOREIGN = {
    "shift_jis": "会社は製紙会社を六十億円で買収すると発表した。社長は変更はないと述べた。",
    "gbk": "公司宣布以六十亿元收购造纸厂。董事长表示不会有任何变化。这是今年最大的一笔交易。",
    "euc_kr": "회사는 제지 회사를 육십억 원에 인수한다고 발표했다. 사장은 변화가 없을 것이라고 말했다.",
    "cp1251": "Компания объявила о покупке производителя бумаги за шесть миллиардов рублей.",
    "cp1253": "Η εταιρεία ανακοίνωσε την εξαγορά της χαρτοβιομηχανίας έναντι έξι δισεκατομμυρίων ευρώ.",
    "cp1250": "Společnost oznámila převzetí výrobce papíru za šest miliard korun. Změny nečeká.",
    "iso8859_2": "Spółka ogłosiła przejęcie producenta papieru za sześć miliardów złotych. Tak.",
    "cp1254": "Şirket, kâğıt üreticisini altı milyar liraya satın aldığını açıkladı. Değişmez.",
    "mac_roman": "Larkfield’s board agreed to the deal, it said. The firm’s mills are in Norway.",
    "cp850": "Larkfield paid £5bn for it.",
    "cp437": "The price of Société Brenwick was not given by any of the two.",
}


@pytest.mark.parametrize("encoding", FOREIGN)
def test_an_encoding_that_could_only_be_guessed_is_refused(encoding: str) -> None:
    """No text is turned into other letters silently: the message says to save it as UTF-8."""
    with pytest.raises(NotText, match=r"story\.txt.*UTF-8"):
        decode(FOREIGN[encoding].encode(encoding), "story.txt")


@pytest.mark.parametrize(
    "data",
    [
        ARTICLE.encode()[:-60] + b"\xe2\x80",
        ARTICLE.encode() + b"\xff",
        b"\xff\xfea",
        ARTICLE.encode("utf-16-le"),
    ],
    ids=["cut off", "stray byte", "half of UTF-16", "UTF-16 without a mark"],
)
def test_damaged_text_is_refused(data: bytes) -> None:
    """Broken UTF-8 or UTF-16 is not read as something else."""
    with pytest.raises(NotText, match="wire"):
        decode(data, "wire")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(40), "JPEG"),
        (b"\x7fELF" + bytes(40), "program"),
        (b"\x1f\x8b\x08" + bytes(40), "gzip"),
        (word_document(), "Word"),
        (b"PK\x03\x04" + bytes(40), "ZIP"),
        (b"\xd0\xcf\x11\xe0" + bytes(40), "Office"),
        (b"{\\rtf1 Larkfield}", "RTF"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_what_is_not_text_is_named(data: bytes, kind: str) -> None:
    """Binary data is refused with what it seems to be, and what to do."""
    with pytest.raises(NotText, match=rf"deal\.bin is .*{kind}.*plain text"):
        decode(data, "deal.bin")


def test_a_few_control_characters_do_not_make_a_text_binary() -> None:
    """Newswire text closes with control characters, and stays text."""
    assert decode(b"Larkfield sold it.\n Wire\x03\x1a", "wire") == "Larkfield sold it.\n Wire\x03\x1a"


# --- files that cannot be read -----------------------------------------------------------------------


def test_a_missing_file_a_folder_and_a_locked_file_say_what_to_do(tmp_path: Path) -> None:
    """Each message names the path."""
    with pytest.raises(InputError, match=r"no file .*gone\.txt"):
        load(tmp_path / "gone.txt")
    with pytest.raises(InputError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "a\0b")


def test_a_file_without_permission_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message tells of permissions."""

    def locked(*_: object, **__: object) -> None:
        raise PermissionError

    path = tmp_path / "locked.txt"
    path.write_text("Larkfield")
    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(InputError, match=r"locked\.txt may not be read"):
        load(path)


def test_a_file_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size alone decides."""
    path = tmp_path / "large.txt"
    path.touch()
    os.truncate(path, reading.MAX_BYTES + 1)
    monkeypatch.setattr(Path, "open", None)
    with pytest.raises(InputTooLarge, match=r"large\.txt has over 50 MB"):
        load(path)


def test_bytes_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes from a pipe have the limit of a file."""
    monkeypatch.setattr("summarizer.reading.loading.MAX_BYTES", 10)
    with pytest.raises(InputTooLarge):
        load(b"eleven byte")


# --- web pages and PDF -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "module"), [(PAGE.encode(), "trafilatura"), (pdf("Larkfield"), "pdfminer.high_level")]
)
def test_without_the_extra_the_message_names_it(
    source: bytes, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A web page or PDF without its extractor is a matter of configuration."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError, match=r"pip install 'deal-summarizer\[web\]'"):
        load(source)


@pytest.mark.parametrize(
    "source",
    [
        PAGE,
        PAGE.encode(),
        b"\xef\xbb\xbf\n<!-- saved --><!-- twice -->\n" + PAGE.encode(),
        PAGE.encode("utf-16"),
    ],
    ids=["string", "bytes", "marked", "UTF-16"],
)
def test_the_article_is_taken_out_of_a_web_page(source: str | bytes) -> None:
    """A page is known by its first lines; the text has the article without the menus."""
    pytest.importorskip("trafilatura")
    found = load(source)
    assert found.title == "Larkfield buys Brenwick"
    assert "£6.2 billion in cash" in found.text
    assert "Terms include a fee of $140 million" in found.text
    assert "Home" not in found.text


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "shift_jis"])
def test_a_page_is_read_in_the_encoding_that_it_names(charset: str) -> None:
    """The page's own word counts before any guess, so a pound stays a pound."""
    pytest.importorskip("trafilatura")
    page = PAGE.replace("<head>", f'<head><meta charset="{charset}">')
    if charset == "shift_jis":
        page = page.replace("£", "¥").replace("Norway", "ノルウェー").replace("¥", "円")
    found = load(page.encode(charset))
    assert ("円6.2 billion" if charset == "shift_jis" else "£6.2 billion") in found.text


@pytest.mark.parametrize("order", ["le", "be"])
@pytest.mark.parametrize("told", ["mark", "header", "meta", "nothing"])
def test_a_page_in_utf_16_is_read(order: str, told: str) -> None:
    """Its mark, the site's header, or the zero bytes beside its first tag tell UTF-16 and its byte order."""
    pytest.importorskip("trafilatura")
    page = PAGE.replace("<head>", '<head><meta charset="utf-16">') if told == "meta" else PAGE
    data = ("\ufeff" * (told == "mark") + page).encode(f"utf-16-{order}")
    found = reading.load_bytes(data, "site", charset="utf-16" if told == "header" else None)
    assert "£6.2 billion in cash" in found.text
    assert found.title == "Larkfield buys Brenwick"


def test_plain_text_in_utf_16_is_read_where_the_site_says_so() -> None:
    """A header that names UTF-16 is followed for UTF-16 alone, not for UTF-8 or an empty body."""
    for charset in ("utf-16", "UTF-16LE", "utf-16be"):
        data = ARTICLE.encode(f"utf-16-{charset[-2:].lower() if charset[-2:].isalpha() else 'le'}")
        assert reading.load_bytes(data, "wire", charset=charset).text == ARTICLE
        assert reading.load_bytes(ARTICLE.encode(), "wire", charset=charset).text == ARTICLE
    assert reading.load_bytes(b"", "wire", charset="utf-16").text == ""


def test_a_page_without_an_article_is_refused(tmp_path: Path) -> None:
    """An empty page is an error with a way out."""
    pytest.importorskip("trafilatura")
    path = tmp_path / "empty.html"
    path.write_text("<p></p>")
    with pytest.raises(NotText, match=r"No article .* empty\.html"):
        load(path)


def test_hostile_page_heads_take_no_time() -> None:
    """The search for the head of a page is linear, whatever comments a text begins with."""
    text = "<!---->" * 100_000 + "<!--" * 1000
    assert load(text).text == text


def test_the_text_is_taken_out_of_a_pdf() -> None:
    """A PDF gives its lines; its id is the file's name."""
    pytest.importorskip("pdfminer")
    found = reading.load_bytes(pdf("Larkfield Inc. buys Brenwick", "for $6.2 billion in cash."), "deal.pdf")
    assert [line for line in found.text.split("\n") if line][:2] == [
        "Larkfield Inc. buys Brenwick",
        "for $6.2 billion in cash.",
    ]
    assert found.id == "deal.pdf"


def test_a_pdf_without_text_is_refused() -> None:
    """Scanned, encrypted and damaged PDF each say what to do."""
    pytest.importorskip("pdfminer")
    with pytest.raises(NotText, match="OCR"):
        load(pdf())
    with pytest.raises(NotText, match="damaged"):
        load(b"%PDF-1.7 nothing else")
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    file = io.BytesIO()
    locked = canvas.Canvas(file, encrypt="secret")
    locked.drawString(50, 50, "Larkfield buys Brenwick")
    locked.save()
    with pytest.raises(NotText, match="encrypted"):
        load(file.getvalue())


@pytest.mark.parametrize("made", [*extraction.pages(), *extraction.pdfs()], ids=lambda made: made.name)
def test_pages_and_pdfs_keep_the_article_and_nothing_around_it(made: extraction.Made) -> None:
    """Every paragraph is evidence; boilerplate, comments of readers and hidden words are not."""
    is_pdf = made.data.startswith(b"%PDF")
    source = reading.load_bytes(made.data, "a.pdf" if is_pdf else "a.html")
    assert extraction.kept(made, source) == (len(extraction.PARAGRAPHS), 0)
    assert source.title == extraction.TITLE
    if not is_pdf:
        assert (source.outlet, source.published) == (extraction.OUTLET, extraction.DATE)


@pytest.mark.parametrize(
    "hidden",
    [
        *extraction.hidden_ways(),
        '<div style="opacity: 0"><p>{}</p></div>',
        '<p style="font-size: 0">{}</p>',
        '<p style="COLOR : White ; background: #FFF">{}</p>',
        '<p style="height:0;overflow:hidden">{}</p>',
        "<noscript><p>{}</p></noscript>",
    ],
)
def test_hidden_words_of_a_page_are_not_read(hidden: str) -> None:
    """However they are hidden, and the words around them stay."""
    page = PAGE.replace(
        "</h1>", f"</h1><style>.zz9{{display:none}}</style>{hidden.format(extraction.HIDDEN)}", 1
    )
    text = load(page).text
    assert "Zorvex" not in text
    assert "£6.2 billion in cash" in text


@pytest.mark.parametrize(
    "shown",
    [
        '<p style="color:#fff;background:#123">{}</p>',
        '<div style="background-color:black"><p style="color:white">{}</p></div>',
        '<p style="font-size:10px">{}</p>',
        '<p style="color:#333">{}</p>',
        '<p style="opacity:0.9">{}</p>',
        '<p style="left:-9px">{}</p>',
    ],
)
def test_words_that_a_reader_sees_are_read(shown: str) -> None:
    """White on a dark ground, small letters and grey ones are no hiding places."""
    said = "The directors of both companies recommend the offer to their shareholders, they said in a joint statement."
    page = PAGE.replace("</article>", f"{shown.format(said)}</article>", 1)
    assert said in load(page).text
