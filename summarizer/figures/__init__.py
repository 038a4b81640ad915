"""Every money amount, percentage, date, multiple, per-share price and share count of an English text.

Each is parsed exactly and knows its place. Imports nothing else of the package.
"""

from .compare import agree, is_rounding_of, may_be
from .finder import bare_number, find, parse
from .model import Kind, Mention, Qualifier

__all__ = [
    "Kind",
    "Mention",
    "Qualifier",
    "agree",
    "bare_number",
    "find",
    "is_rounding_of",
    "may_be",
    "parse",
]
