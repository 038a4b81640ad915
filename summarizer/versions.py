"""What decides a record beside the article, the model and the settings: a hash of the code that reads and checks."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

_DECIDE_NOTHING = frozenset(
    {"batch", "cli", "llm", "render", "scale", "serve"}
)  # folders, and modules named like cli_batch


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 of the package's modules that read, ground and check, in hexadecimal, the first 16 digits.

    A batch that is resumed after any of them has changed asks again. Where the sources are not installed, it is the
    package's version.
    """
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    try:
        for path in sorted(here.rglob("*.py")):
            name = path.relative_to(here)
            if name.parts[0].removesuffix(".py").partition("_")[0] not in _DECIDE_NOTHING:
                digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    except OSError:
        from summarizer import __version__

        digest.update(__version__.encode())
    return digest.hexdigest()[:16]
