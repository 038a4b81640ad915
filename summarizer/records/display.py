"""How a record shows itself in a notebook or terminal. ``render`` depends on records, so it is looked up late."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Displayed:
    """A mixin that shows a record through ``summarizer.render``, which is imported when a record is shown."""

    def _repr_html_(self) -> str:
        return str(_renderer("html").fragment(self))

    def _repr_markdown_(self) -> str:
        return str(_renderer("markdown").render(self))

    def __rich__(self) -> Any:
        return _renderer("text").renderable(self)


def _renderer(form: str) -> Any:
    return import_module(f"summarizer.render.{form}")
