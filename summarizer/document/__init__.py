"""The source text as numbered sentences with exact offsets, zones and known repeats."""

from .read import MAX_CHARACTERS, Document, Sentence, read_document
from .zones import Zone

__all__ = ["MAX_CHARACTERS", "Document", "Sentence", "Zone", "read_document"]
