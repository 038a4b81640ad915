"""What makes two requests the same one: the text, and everything else that decides its record."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import BaseModel

    from summarizer.llm.base import Model
    from summarizer.prompting import Prompts


@dataclass(frozen=True, slots=True)
class Setup:
    """All that decides a record beside the text. Two runs with equal setups share what they paid for.

    ``version`` is the package's major and minor number: releases that differ in the third number alone give
    the same records.
    """

    model: str
    endpoint: str
    plan: str
    trust: str
    code_hash: str
    prompt_hash: str
    schema_hash: str
    strict: bool
    version: str

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
) -> Setup:
    """Return the setup of a run on this model; ``plan`` and ``trust`` are the model's own where they are None."""
    from summarizer import __version__, versions
    from summarizer.schema.compile import schema_hash

    return Setup(
        model=model.name,
        endpoint=model.endpoint,
        plan=plan or model.profile.plan,
        trust=trust or model.profile.trust,
        code_hash=versions.code_hash(),
        prompt_hash=prompts.hash,
        schema_hash=schema_hash(schema),
        strict=strict,
        version=".".join(__version__.split(".")[:2]),
    )


def item_key(text: str, setup: bytes) -> str:
    """SHA-256, in hexadecimal, of a text and of a setup's ``digest``.

    ``text`` is the article as it is read, after a web page or PDF was taken apart. An article's id is no
    part of the key: the same text under two ids is paid for once.
    """
    content = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return hashlib.sha256(setup + content).hexdigest()
