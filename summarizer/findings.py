"""What the checks saw: frozen values with a code and a sentence."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Span(BaseModel):
    """A place in the source: characters ``start`` to ``end`` of the text as given, and those characters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str


class Finding(BaseModel):
    """One thing that a check saw.

    ``code`` is stable and short (``unsupported``, ``two_figures`` …), ``field`` the path of the field
    in the record (``people[0].to_role``), ``message`` one sentence for a reader.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    field: str
    message: str
    evidence: tuple[Span, ...] = ()
