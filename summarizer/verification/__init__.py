"""Verification of a record that anything extracted, against its text and without a model.

``leaves`` takes a record apart, ``figures`` and ``words`` look a single value up, ``run`` puts them together.
The package is not called ``verify``: importing a module of that name would hide ``summarizer.verify``.
"""

from .model import Verification
from .run import verify

__all__ = ["Verification", "verify"]
