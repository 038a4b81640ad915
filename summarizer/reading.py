"""From what a user has (a string, a file, bytes, an address) to the text of one article.

Line ends and spaces stay as they are: every offset of the record counts characters of this text.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from summarizer.errors import ConfigurationError, InputError, InputTooLarge, NotText

if TYPE_CHECKING:
    from urllib.request import OpenerDirector

MAX_BYTES = 50_000_000  # of a file or a page; a text has a limit of its own
TIMEOUT = 30.0  # seconds without a byte from the site, and twice that for the whole page

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_USER = re.compile(r"//[^/@]*@")  # a name and password in an address stay out of records and messages
_COMMENT = r"<!--(?:(?!-->).)*-->\s*"
_HTML = re.compile(rf"\s*(?:<\?xml[^>]*>\s*)?(?:{_COMMENT})*<(?:!doctype\s+html|html)\b", re.I | re.S)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_HEAD = 4096  # characters in which a web page says that it is one

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a rich-text document (RTF)"),
    (b"SQLite format 3", "a SQLite database"),
    (b"PAR1", "a Parquet table"),
)
_ZIPPED = (
    (b"word/", "a Word document"),
    (b"xl/", "an Excel workbook"),
    (b"ppt/", "a PowerPoint presentation"),
    (b"application/epub", "an EPUB book"),
    (b"opendocument", "an OpenDocument file"),
)
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\v\f\r\x1b") + b"\x7f"
# Encodings that a page may name; Python knows others that are not of text, or are slow to decode.
_TEXT_ENCODING = re.compile(r"iso8859-\d+|cp\d+|koi8-\w|gb\w+|big5\w*|euc_\w+|shift_jis\w*|mac-roman")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
# What Windows-1252 makes of other encodings: a capital inside a word, a sign inside it or before an accent,
# an accent before a digit ("Û5bn" was "€5bn").
_SIGN = "[¢£¤¥¦§¨¬¯±²³¶¸¹¼½¾ƒ†‡ˆ‰‚„]"
_MISREAD = re.compile(rf"[a-zß-ÿ][À-Þ][a-zß-ÿ]|[^\W\d_]{_SIGN}[^\W\d_]|{_SIGN}[À-ÿ]|[À-ÿŒœŠšŽžŸ]\d")
# The accented letters of French, German and Swedish, Spanish and Portuguese, Italian, Danish, Icelandic.
_ACCENTS = ("àâäæçéèêëîïôœùûüÿ", "äöüßåéè", "áàâãçéêíñóôõúü", "àèéìíòóùç", "æøåéäöü", "áðéíóúýþæö")
_FEW = 0.03  # of the letters of an English text may be accented in any way, in foreign names


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one article, where it is from, and its title where an extractor gave one."""

    text: str
    id: str
    title: str | None = None


def load(source: str | Path | bytes | Source) -> Source:
    """Read an article.

    A Path is a file; bytes are the content of one. A string that is nothing but an http(s) address is
    fetched; any other string is the article itself, never a path. Web pages and PDF need the [web] extra.
    A Source has been read before.

    Raises InputError (NotText, InputTooLarge) where there is no article to be had, and
    ConfigurationError where the extra is missing.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, Path):
        return load_path(source)
    if isinstance(source, bytes):
        return load_bytes(source)
    if is_address(source):
        return _load_url(source.strip())
    if _HTML.match(source[:_HEAD]):
        return _from_html(source, "text")
    return Source(source, "text")


def is_address(text: str) -> bool:
    """Whether a text is nothing but an http(s) address."""
    return bool(_URL.fullmatch(text.strip()))


def load_path(path: Path) -> Source:
    """Read the file at ``path``: plain text in UTF-8, UTF-16 or Windows-1252, a web page, or a PDF."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder. Name the files in it, one by one or as {path}/*.txt.")
        if path.stat().st_size > MAX_BYTES:
            _too_large(str(path))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # a pipe has no size to ask for
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the folder.") from None
    except PermissionError:
        raise InputError(f"{path} may not be read by this user. Change its permissions or copy it.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    return load_bytes(data, path.name)


def load_bytes(data: bytes, id: str = "text", *, charset: str | None = None) -> Source:
    """Read the content of a file. ``id`` names it in messages; ``charset`` is what the site said."""
    if len(data) > MAX_BYTES:
        _too_large(id)
    if data[:_HEAD].lstrip().startswith(b"%PDF-"):
        return _from_pdf(data, id)
    head = data[:_HEAD].removeprefix(codecs.BOM_UTF8)
    if Path(id).suffix.lower() in _HTML_SUFFIXES or _HTML.match(head.decode("latin-1")):
        declared = _META_CHARSET.search(head)
        return _from_html(
            decode(data, id, charset or (declared[1].decode("latin-1") if declared else None)), id
        )
    return Source(decode(data, id, charset), id)


def decode(data: bytes, name: str, charset: str | None = None) -> str:
    """Decode text: by its byte-order mark, as UTF-8, as ``charset`` (what a site says), as Windows-1252.

    Raises NotText for what is not text, and for an encoding that could only be guessed; ``name`` is for
    its message.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                raise NotText(
                    f"{name} begins like {encoding} text but is damaged. Save it as UTF-8."
                ) from None
    kind = _kind_of(data)
    if kind:
        raise NotText(f"{name} is {kind}, not text. Save its words as a plain text file (.txt).")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _decode_declared(data, charset)
        if text is not None:
            return text
        if _UTF8.search(data):
            raise NotText(
                f"{name} is damaged UTF-8 text, first at byte {error.start}. Save it again."
            ) from None
        return _decode_western(data, name)


def _kind_of(data: bytes) -> str | None:
    """Name what binary data is; None for what may be text."""
    for magic, kind in _KINDS:
        if data.startswith(magic):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return next((kind for inside, kind in _ZIPPED if inside in data[:8192]), "a ZIP archive")
    sample = data[:65_536]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > max(8, len(sample) // 50):
        return "binary data, or UTF-16 without its byte-order mark"
    return None


def _decode_western(data: bytes, name: str) -> str:
    """Decode Windows-1252, of which Latin-1 is a part, where that gives words of a western language.

    By our own rules: statistics were tried, and read a pound sign as the letter Ł.
    """
    refusal = NotText(f"The encoding of {name} cannot be told for certain. Save it as UTF-8.")
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise refusal from None
    accented = [character for character in text.lower() if character > "\x7f" and character.isalpha()]
    of_one_language = max(sum(map(accents.count, accented)) for accents in _ACCENTS)
    letters = sum(map(str.isalpha, text))
    if _MISREAD.search(text) or (len(accented) > _FEW * letters and of_one_language < 0.95 * len(accented)):
        raise refusal
    return text


def _decode_declared(data: bytes, charset: str | None) -> str | None:
    """Decode in the encoding that a page or site names; None where it names none, or a wrong one."""
    if charset is None:
        return None
    try:
        encoding = codecs.lookup(charset).name
        if encoding in ("ascii", "iso8859-1"):
            encoding = "cp1252"  # as browsers do
        return data.decode(encoding) if _TEXT_ENCODING.fullmatch(encoding) else None
    except (LookupError, ValueError):
        return None


def _from_html(html: str, id: str) -> Source:
    """Take the article out of a web page, without its menus, teasers and comments."""
    try:
        from trafilatura import bare_extraction
        from trafilatura.settings import Document as Page
    except ImportError:
        _needs_web("a web page")
    _quiet("trafilatura")
    found = bare_extraction(html, include_comments=False, with_metadata=True)
    if not isinstance(found, Page) or not found.text or not found.text.strip():
        raise NotText(f"No article was found in the web page {id}. Copy its text into a file, and give that.")
    return Source(found.text, id, found.title or None)


def _from_pdf(data: bytes, id: str) -> Source:
    """Take the text out of a PDF, page by page."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError
    except ImportError:
        _needs_web("a PDF")
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


def _too_large(name: str) -> NoReturn:
    raise InputTooLarge(
        f"{name} has over {MAX_BYTES // 1_000_000} MB, too much for one article. Give the article alone."
    )


def _needs_web(what: str) -> NoReturn:
    raise ConfigurationError(
        f"Reading {what} needs the [web] extra: pip install 'deal-summarizer[web]'. "
        "Without it, give the article as plain text."
    ) from None


def _load_url(url: str) -> Source:
    """Fetch one page and read it.

    Not by trafilatura's own download: that tries again without checking the certificate where the check
    fails, and does not say why it failed.
    """
    import time
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.parse import quote
    from urllib.request import Request

    url = _USER.sub("//", url, count=1)
    headers = {"User-Agent": "deal-summarizer", "Accept": "text/html, */*;q=0.5"}
    begin = time.monotonic()
    data = bytearray()
    try:
        # Only letters beyond ASCII are quoted; the rest is as the user wrote it.
        request = Request(quote(url, safe="%/:?#[]@!$&'()*+,;=~"), headers=headers)  # noqa: S310  http by _URL
        with _opener().open(request, timeout=TIMEOUT) as response:
            while len(data) <= MAX_BYTES and (chunk := response.read1(65_536)):
                data += chunk
                if time.monotonic() - begin > 2 * TIMEOUT:
                    raise TimeoutError(f"not done after {2 * TIMEOUT:.0f} s")
            charset = response.headers.get_content_charset()
    except HTTPError as error:
        error.close()
        advice = "If it wants a login, save the page in a browser and give the file."
        raise InputError(f"{url} answered {error.code} {error.reason}. {advice}") from None
    except (HTTPException, OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise InputError(f"{url} cannot be fetched: {reason}. Check the address and the network.") from error
    return load_bytes(bytes(data), url, charset=charset)


def _opener() -> OpenerDirector:
    """Make an opener for http and https alone, so that no redirect leads to a file or another protocol."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler(),
        request.HTTPHandler(),
        request.HTTPSHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPRedirectHandler(),
        request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener
