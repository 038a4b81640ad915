"""From bytes to text: the encoding of a file or page, told by its marks, its own words or its site."""

from __future__ import annotations

import codecs
import re

from summarizer.errors import NotText

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
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_UTF16 = re.compile(r"\s*utf-?16-?(?:le|be)?\s*", re.IGNORECASE)
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
# What Windows-1252 makes of other encodings: a capital inside a word, a sign inside it or before an accent,
# an accent before a digit ("Û5bn" was "€5bn").
_SIGN = "[¢£¤¥¦§¨¬¯±²³¶¸¹¼½¾ƒ†‡ˆ‰‚„]"
_MISREAD = re.compile(rf"[a-zß-ÿ][À-Þ][a-zß-ÿ]|[^\W\d_]{_SIGN}[^\W\d_]|{_SIGN}[À-ÿ]|[À-ÿŒœŠšŽžŸ]\d")
# The accented letters of French, German and Swedish, Spanish and Portuguese, Italian, Danish, Icelandic.
_ACCENTS = ("àâäæçéèêëîïôœùûüÿ", "äöüßåéè", "áàâãçéêíñóôõúü", "àèéìíòóùç", "æøåéäöü", "áðéíóúýþæö")
_FEW = 0.03  # of the letters of an English text may be accented in any way, in foreign names


def decode(data: bytes, name: str, charset: str | None = None) -> str:
    """Decode text: by its byte-order mark, as UTF-8, as ``charset`` (what a site says), as Windows-1252.

    UTF-16 without a mark is read where ``charset`` names it or the text begins with a tag.

    Raises NotText for what is not text, and for an encoding that could only be guessed; ``name`` is for
    its message.
    """
    wide = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    wide = wide or _unmarked_utf16(data, charset)
    if wide:
        try:
            return data.decode(wide)
        except UnicodeDecodeError:
            raise NotText(f"{name} begins like {wide} text but is damaged. Save it as UTF-8.") from None
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


def declared_charset(head: bytes) -> str | None:
    """Return the charset that a ``<meta>`` tag in the head of a page names, or None."""
    found = _META_CHARSET.search(head)
    return found[1].decode("latin-1") if found else None


def _unmarked_utf16(data: bytes, charset: str | None) -> str | None:
    """Return the byte order of UTF-16 that has no mark, or None for anything else.

    The zero bytes of its spaces, digits and Latin letters tell the order. Without any, the text is not
    UTF-16, whatever the site says.
    """
    head = data[:1024]
    named = charset is not None and _UTF16.fullmatch(charset)
    if not named and head[:2] not in (b"<\0", b"\0<"):
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even == odd:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


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
