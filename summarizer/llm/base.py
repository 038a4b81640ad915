"""The seam: a request goes in, a filled draft comes out. One method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from summarizer.records.values import Usage

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Profile:
    """How a model is best asked.

    ``plan`` is ``whole`` (one request for the record) or ``faceted`` (one for each field, over the same
    cached prefix). ``trust`` is ``model``, or ``rules`` where the word rules are to be trusted more than the
    model; a faceted plan then asks narrow questions that code makes from the article. ``concurrency``:
    requests of one article at a time. ``reasks``: times that a draft is sent back with what is wrong.
    ``context`` is in tokens, or None where it is not known.
    """

    plan: str
    trust: str
    concurrency: int
    reasks: int
    context: int | None = None


@dataclass(frozen=True, slots=True)
class Request(Generic[T]):
    """One request: a static ``system`` part, the ``article``, then the ``question``, in this order.

    ``draft`` is the model to fill, ``max_tokens`` the limit of the reply. ``about`` names the fields that are
    asked for, for those who watch; the model is not told. ``complain`` says of a filled draft what it claims
    and the source does not hold, a sentence each: for a model that sends a draft back (``profile.reasks``).
    ``on_part`` is called on the event loop with the reply so far, again and again, by a model whose server
    streams; with an empty text before a reply begins, also where one that broke off begins anew. A model need
    not call it.
    """

    system: str
    article: str
    question: str
    draft: type[T]
    max_tokens: int = 400
    about: str = ""
    complain: Callable[[T], Sequence[str]] | None = field(default=None, repr=False, compare=False)
    on_part: Callable[[str], None] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A filled draft, what it cost (re-asks included), and the reply as the server sent it.

    ``usage.requests`` is the number of attempts behind it: transport retried, drafts sent back.
    """

    draft: T
    usage: Usage
    raw: str = ""


class Model(Protocol):
    """Anything that fills drafts."""

    @property
    def name(self) -> str:
        """The model's name for the provenance."""

    @property
    def endpoint(self) -> str:
        """Where it is served, for the provenance."""

    @property
    def mode(self) -> str:
        """How it is held to the schema, for the provenance."""

    @property
    def profile(self) -> Profile:
        """How it is best asked."""

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Fill the draft. Raises an EndpointError or a ConfigurationError."""
