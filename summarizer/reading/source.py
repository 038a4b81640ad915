"""What is read: the text of one article, or the address of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from summarizer.errors import ConfigurationError, InputError, InputTooLarge

MAX_BYTES = 50_000_000
"""The largest file or page that is read, in bytes after decompression. ``read_document`` limits the text."""

_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_USER = re.compile(r"//[^/?#@]*@")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of one article, where it is from, and what its page says of it.

    ``published`` is the page's own date, as YYYY-MM-DD where it gives a whole one. It is no evidence.
    """

    text: str
    id: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Url:
    """The http(s) address of an article. Passing one asks for the page to be fetched.

    A user name and password in the address are dropped: they are neither sent nor shown.
    Raises InputError where ``address`` is not an http(s) address.
    """

    address: str

    def __post_init__(self) -> None:
        address = self.address.strip()
        if not is_address(address):
            raise InputError(
                f"{self.address!r} is not an address. Give one that begins with http:// or https://."
            )
        object.__setattr__(self, "address", _USER.sub("//", address, count=1))

    def __str__(self) -> str:
        return self.address


def is_address(text: str) -> bool:
    """Whether a text is nothing but an http(s) address."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def too_large(name: str, limit: int = MAX_BYTES) -> NoReturn:
    """Raise InputTooLarge for the input ``name``; ``limit`` is in bytes."""
    raise InputTooLarge(
        f"{name} has over {limit // 1_000_000} MB, too much for one article. Give the article alone."
    )


def needs_web(what: str) -> NoReturn:
    """Raise ConfigurationError for a missing [web] extra. ``what`` is what needs it."""
    raise ConfigurationError(
        f"Reading {what} needs the [web] extra: pip install 'deal-summarizer[web]'. "
        "Without it, give the article as plain text."
    ) from None
