"""Words of others made fit to show: one line, and nothing that a terminal or a reader's eye would obey."""

from __future__ import annotations

import re
import shlex
import unicodedata
from urllib.parse import urlsplit

# Soft hyphens, zero-width and direction marks: invisible, and able to show a text in another order.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


def one_line(text: str) -> str:
    """Put ``text`` on one line, with runs of white space as one blank.

    Each control character (an escape sequence begins with one) becomes U+FFFD: seen, and not obeyed.
    """
    text = " ".join(_INVISIBLE.sub("", text).split())
    if text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)


def shortened(text: str, limit: int) -> str:
    """Cut ``text`` at a word's end to at most ``limit`` characters, with an ellipsis for what is gone."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rpartition(" ")[0].rstrip(" ,;:") + " …"


def address(url: str) -> str:
    """Return a web address without what may be secret in it: user, password and query. Other words stay."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


_PASSWORD = re.compile(r"(?<=://)[^/?#\s@]*(?:@[^/?#\s@]*)*@")


def without_password(text: str) -> str:
    """Return a text without the user and password of each web address in it."""
    return _PASSWORD.sub("", text)


def quote(argument: str) -> str:
    """Quote an argument for a shell so that a terminal obeys nothing in it: a file name may hold escape codes.

    What cannot be shown is written byte by byte in the ``$'...'`` of bash, zsh and ksh.
    """
    if argument.isprintable():
        return shlex.quote(argument)
    return "$'" + "".join(map(_escaped, argument)) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    # Three octal digits at most, so that a digit may follow.
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def visible(text: str) -> str:
    """Return a text of several lines without invisible characters, and with each control character as U+FFFD."""
    text = _INVISIBLE.sub("", text)
    return "".join(
        "\ufffd" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs") else c for c in text
    )
