"""The text of an article out of a web page or a PDF, by the libraries of the [web] extra."""

from __future__ import annotations

from typing import Any

from summarizer.errors import NotText

from .hidden import without_hidden
from .source import Source, needs_web


def from_html(html: str, id: str) -> Source:
    """Take the article out of a web page, without its menus, teasers, comments and hidden parts."""
    try:
        from trafilatura import bare_extraction
        from trafilatura.settings import Document as Page
    except ImportError:
        needs_web("a web page")
    _quiet("trafilatura")
    tree = without_hidden(html)
    found = None if tree is None else bare_extraction(tree, include_comments=False, with_metadata=True)
    if not isinstance(found, Page) or not found.text or not found.text.strip():
        raise NotText(f"No article was found in the web page {id}. Copy its text into a file, and give that.")
    return Source(found.text, id, found.title or None, found.sitename or None, found.date or None)


def from_pdf(data: bytes, id: str) -> Source:
    """Take the text out of a PDF, page by page and column by column."""
    try:
        from pdfminer.high_level import extract_pages
        from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError
        from pdfminer.pdfparser import PDFParser
        from pdfminer.psexceptions import PSException
    except ImportError:
        needs_web("a PDF")
    from io import BytesIO

    _quiet("pdfminer")
    try:
        information = PDFDocument(PDFParser(BytesIO(data))).info
        text = "\n".join(_page(layout) for layout in extract_pages(BytesIO(data)))
    except PDFEncryptionError:
        raise NotText(
            f"{id} is an encrypted PDF. Save a copy without a password, or copy its text into a file."
        ) from None
    except (*_DAMAGE, PSException) as error:
        raise NotText(f"{id} is a damaged PDF ({error}). Open it in a viewer and save its text.") from error
    if not text.strip():
        raise NotText(f"{id} is a PDF of pictures, without text. Run a text recognition (OCR) over it first.")
    return Source(text, id, _title(information))


_DAMAGE = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    AssertionError,
    RecursionError,
    OSError,
)


def _page(layout: Any) -> str:
    """The text boxes of a page in reading order, without white letters on the bare page."""
    from pdfminer.layout import LTChar, LTRect, LTTextBox, LTTextLine

    shades = [shape.bbox for shape in layout if isinstance(shape, LTRect) and shape.fill]

    def is_seen(char: Any) -> bool:
        if not isinstance(char, LTChar) or not _is_white(char.graphicstate.ncolor):
            return True
        return any(x0 <= char.x0 <= x1 and y0 <= char.y0 <= y1 for x0, y0, x1, y1 in shades)

    boxes = []
    for box in layout:
        if isinstance(box, LTTextBox):
            lines = [
                "".join(c.get_text() for c in line if is_seen(c))
                for line in box
                if isinstance(line, LTTextLine)
            ]
            boxes.append("".join(lines))
    return "\n".join(box for box in boxes if box.strip())


def _is_white(colour: Any) -> bool:
    """Whether a colour, one number for grey or three for red, green and blue, is white."""
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if len(parts) == 4:  # cyan, magenta, yellow, black: white is no ink
        return all(isinstance(part, (int, float)) and part <= 0.02 for part in parts)
    return bool(parts) and all(isinstance(part, (int, float)) and part >= 0.98 for part in parts)


def _title(information: list[dict[str, Any]]) -> str | None:
    from pdfminer.utils import decode_text

    for entry in information:
        title = entry.get("Title")
        if isinstance(title, bytes) and title.strip():
            return str(decode_text(title)).strip() or None
    return None


def _quiet(logger: str) -> None:
    """Keep an extractor's warnings off standard error, unless the program has set up logging."""
    import logging

    if not logging.getLogger(logger).handlers:
        logging.getLogger(logger).addHandler(logging.NullHandler())
