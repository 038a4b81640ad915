"""The text of an article out of a web page or a PDF, by the libraries of the [web] extra."""

from __future__ import annotations

from summarizer.errors import NotText

from .source import Source, needs_web


def from_html(html: str, id: str) -> Source:
    """Take the article out of a web page, without its menus, teasers and comments."""
    try:
        from trafilatura import bare_extraction
        from trafilatura.settings import Document as Page
    except ImportError:
        needs_web("a web page")
    _quiet("trafilatura")
    found = bare_extraction(html, include_comments=False, with_metadata=True)
    if not isinstance(found, Page) or not found.text or not found.text.strip():
        raise NotText(f"No article was found in the web page {id}. Copy its text into a file, and give that.")
    return Source(found.text, id, found.title or None)


def from_pdf(data: bytes, id: str) -> Source:
    """Take the text out of a PDF, page by page."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError:
        needs_web("a PDF")
    from io import BytesIO

    _quiet("pypdf")
    locked = NotText(
        f"{id} is an encrypted PDF. Save a copy without a password, or copy its text into a file."
    )
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise locked
        text = "\n".join(page.extract_text() for page in reader.pages)
        title = reader.metadata.title if reader.metadata else None
    except DependencyError:  # a cipher that pypdf has no code for
        raise locked from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotText(f"{id} is a damaged PDF ({error}). Open it in a viewer and save its text.") from error
    if not text.strip():
        raise NotText(f"{id} is a PDF of pictures, without text. Run a text recognition (OCR) over it first.")
    return Source(text, id, title or None)


def _quiet(logger: str) -> None:
    """Keep an extractor's warnings off standard error, unless the program has set up logging."""
    import logging

    if not logging.getLogger(logger).handlers:
        logging.getLogger(logger).addHandler(logging.NullHandler())
