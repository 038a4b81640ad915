"""Makes untrusted text safe to show: on one line, without control or invisible characters."""

from __future__ import annotations

import re
import shlex
import unicodedata
from urllib.parse import urlsplit

# Soft hyphens, zero-width and direction marks, which can hide or reorder text.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


def one_line(text: str) -> str:
    """Put ``text`` on one line and collapse its white space.

    Control characters, with which escape sequences start, become U+FFFD.
    """
    text = " ".join(_INVISIBLE.sub("", text).split())
    if text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)


def shortened(text: str, limit: int) -> str:
    """Shorten ``text`` to at most ``limit`` characters, at a word boundary, with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rpartition(" ")[0].rstrip(" ,;:") + " …"


def address(url: str) -> str:
    """Return a web address without user, password and query, which may be secret; other text as it is."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


_PASSWORD = re.compile(r"(?<=://)[^/?#\s@]*(?:@[^/?#\s@]*)*@")


def without_password(text: str) -> str:
    """Remove the user and password from each web address in a text."""
    return _PASSWORD.sub("", text)


def quote(argument: str) -> str:
    """Quote an argument for a shell, safe to print: a file name may contain escape sequences.

    Unprintable characters are written as bytes in the ``$'...'`` syntax of bash, zsh and ksh.
    """
    if argument.isprintable():
        return shlex.quote(argument)
    return "$'" + "".join(map(_escaped, argument)) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    # Three octal digits, so that a digit may follow.
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


def visible(text: str) -> str:
    """Return a text of several lines without invisible characters, and with each control character as U+FFFD."""
    text = _INVISIBLE.sub("", text)
    return "".join(
        "\ufffd" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs") else c for c in text
    )
