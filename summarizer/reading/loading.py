"""From what a user has (a string, a file, bytes, an address) to the text of one article.

Line ends and spaces stay as they are: every offset of the record counts characters of this text.
"""

from __future__ import annotations

import re
from pathlib import Path

from summarizer.errors import InputError

from .encoding import declared_charset, decode
from .extract import from_html, from_pdf
from .source import MAX_BYTES, Source, Url, is_address, too_large

_COMMENT = r"<!--(?:(?!-->).)*-->\s*"
_HTML = re.compile(rf"\s*(?:<\?xml[^>]*>\s*)?(?:{_COMMENT})*<(?:!doctype\s+html|html)\b", re.I | re.S)
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HEAD = 4096  # characters in which a web page says that it is one


def load(source: str | Path | bytes | Url | Source, *, fetch: bool = False) -> Source:
    """Read an article.

    A Path is a file; bytes are the content of one. A Url is fetched; so is a string that is nothing but
    an http(s) address, if ``fetch`` is true. Any other string is the article itself, never a path. Web
    pages, PDF and fetching need the [web] extra. A Source has been read before.

    Raises InputError (NotText, InputTooLarge) where there is no article to be had, or where a string is
    an address and ``fetch`` is false; ConfigurationError where the extra is missing.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, Path):
        return load_path(source)
    if isinstance(source, bytes):
        return load_bytes(source)
    if isinstance(source, Url):
        return load_url(source)
    if is_address(source):
        url = Url(source)
        if fetch:
            return load_url(url)
        raise InputError(
            f"The text is only an address, and addresses are not fetched unless you ask for it. Pass "
            f"Url({url.address!r}) or fetch=True, or give the text of the article."
        )
    return _read(source, "text")


def load_path(path: Path) -> Source:
    """Read the file at ``path``: plain text in UTF-8, UTF-16 or Windows-1252, a web page, or a PDF."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder. Name the files in it, one by one or as {path}/*.txt.")
        if path.stat().st_size > MAX_BYTES:
            too_large(str(path))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # a pipe has no size to ask for
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the folder.") from None
    except PermissionError:
        raise InputError(f"{path} may not be read by this user. Change its permissions or copy it.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    return load_bytes(data, path.name)


def load_url(url: Url) -> Source:
    """Fetch the page at ``url`` and read it; see ``summarizer.reading.web`` for what is refused."""
    from .web import fetch  # late: ssl is slow to import

    page = fetch(url)
    return load_bytes(page.data, url.address, charset=page.charset)


def load_bytes(data: bytes, id: str = "text", *, charset: str | None = None) -> Source:
    """Read the content of a file. ``id`` names it in messages; ``charset`` is what the site said."""
    if len(data) > MAX_BYTES:
        too_large(id)
    if data[:_HEAD].lstrip().startswith(b"%PDF-"):
        return from_pdf(data, id)
    is_page = Path(id).suffix.lower() in _HTML_SUFFIXES
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if charset is None and (is_page or _HTML.match(head.decode("latin-1"))):
        charset = declared_charset(head)
    return _read(decode(data, id, charset), id, is_page=is_page)


def _read(text: str, id: str, *, is_page: bool = False) -> Source:
    """Take the article out of a text that is, or by its head says that it is, a web page."""
    return from_html(text, id) if is_page or _HTML.match(text[:_HEAD]) else Source(text, id)
