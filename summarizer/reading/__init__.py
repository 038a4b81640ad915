"""From what a user has to the text of one article: files, bytes, web pages, PDF, addresses."""

from .encoding import decode
from .loading import load, load_bytes, load_path
from .source import MAX_BYTES, Source, Url, is_address

__all__ = ["MAX_BYTES", "Source", "Url", "decode", "is_address", "load", "load_bytes", "load_path"]
