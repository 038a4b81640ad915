"""The identity of a schema: part of a record's provenance and of every batch key."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from summarizer.asking.fields import Field, fields_of, is_plain
from summarizer.asking.slots import described


@lru_cache(maxsize=64)
def schema_hash(schema: type[BaseModel]) -> str:
    """SHA-256 of what a schema asks, in drafts and in narrow questions: the first 16 hexadecimal digits."""
    said = [*map(_described, fields_of(schema)), [] if is_plain(schema) else described(schema)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _described(one: Field) -> list[Any]:
    kind = getattr(one.type, "__name__", str(one.type))
    marks = [one.many, one.optional, one.required, one.plain, one.copied, one.brief, one.gate, one.length]
    inner = [_described(each) for each in one.fields]
    return [one.name, one.description, one.form.name, kind, marks, one.meanings, inner]
