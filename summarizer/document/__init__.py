"""The source text as numbered sentences with exact offsets, zones and known repeats."""

from .normalized import Normalized, strip_invisible
from .read import MAX_CHARACTERS, Document, Sentence, read_document
from .zones import Zone, addresses_reader

__all__ = [
    "MAX_CHARACTERS",
    "Document",
    "Normalized",
    "Sentence",
    "Zone",
    "addresses_reader",
    "read_document",
    "strip_invisible",
]
