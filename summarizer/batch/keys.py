"""The key of an article in a journal: a hash of its text and of everything else that decides its record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

    from summarizer.llm.base import Model
    from summarizer.prompting import Prompts


@lru_cache(maxsize=1)
def deciding_versions() -> Mapping[str, str]:
    """Return the versions of the code that decides a record, by name. Each is part of every key.

    ``package`` is the major and minor version of the package, ``code`` the hash of the deciding modules.
    """
    from summarizer import __version__
    from summarizer.versions import code_hash

    return {"package": ".".join(__version__.split(".")[:2]), "code": code_hash()}


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything but the text that decides a record. Runs with equal setups share their records.

    ``versions`` names the code that decides a record, as ``deciding_versions`` returns it.
    """

    model: str
    endpoint: str
    plan: str
    trust: str
    prompt_hash: str
    schema_hash: str
    strict: bool
    max_windows: int | None
    versions: Mapping[str, str]

    @property
    def digest(self) -> bytes:
        """SHA-256 of the setup."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).digest()


def setup_of(
    model: Model,
    schema: type[BaseModel],
    prompts: Prompts,
    *,
    plan: str | None = None,
    trust: str | None = None,
    strict: bool = False,
    max_windows: int | None = None,
    versions: Mapping[str, str] | None = None,
) -> Setup:
    """Return the setup of a run on this model.

    ``plan`` and ``trust`` default to those of the model's profile, ``versions`` to ``deciding_versions()``.
    """
    from summarizer.asking.identity import schema_hash

    return Setup(
        model=model.name,
        endpoint=model.endpoint,
        plan=plan or model.profile.plan,
        trust=trust or model.profile.trust,
        prompt_hash=prompts.hash,
        schema_hash=schema_hash(schema),
        strict=strict,
        max_windows=max_windows,
        versions=dict(deciding_versions() if versions is None else versions),
    )


def item_key(text: str, setup: bytes) -> str:
    """Return the key of an article: SHA-256, in hexadecimal, of its text and of a setup's ``digest``.

    ``text`` is the article as extracted from a web page or PDF. The article's id is not part of the key: the
    same text under two ids is paid for once.
    """
    content = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return hashlib.sha256(setup + content).hexdigest()
