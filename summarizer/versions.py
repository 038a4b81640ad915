"""The version of the code that decides a record: part of its provenance and of every batch key."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_UNDECIDING = frozenset(
    {"batch", "cli", "doctor", "llm", "render", "serve", "stream", "verification", "watching"}
)
"""Folders, and modules by the first part of their name, that carry or show a record and decide nothing in it."""


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 of the package's modules and rules that read, ground and check: the first 16 hexadecimal digits.

    A batch that is resumed after any of them has changed asks again. Where the sources are not installed, it
    is made from the package's version.
    """
    return hash_of(Path(__file__).resolve().parent)


def hash_of(package: Path) -> str:
    """The hash of the deciding modules in a folder that holds the package's sources."""
    digest = hashlib.sha256()
    try:
        for path in sorted([*package.rglob("*.py"), *package.rglob("*.toml")]):
            name = path.relative_to(package)
            if name.parts[0].removesuffix(".py").partition("_")[0] not in _UNDECIDING:
                source = path.read_bytes().replace(b"\r\n", b"\n")  # a checkout may have other line ends
                digest.update(name.as_posix().encode() + b"\0" + source + b"\0")
    except OSError:
        from summarizer import __version__

        digest.update(__version__.encode())
    return digest.hexdigest()[:16]
