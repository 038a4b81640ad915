"""An endpoint whose completions were made elsewhere and are looked up: the model behind batch files.

All else is the endpoint's own: how a request's body is formed, how a reply is read, sent back with what is
wrong, asked again with a larger limit or in another manner, refused, and counted. So a body that is looked up
here is, byte for byte, the one that would have gone to a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from openai import APIStatusError
from pydantic import SecretStr

from summarizer.errors import EndpointError
from summarizer.llm import negotiation
from summarizer.llm.endpoint import Endpoint
from summarizer.llm.modes import RequestStyle
from summarizer.llm.negotiation import Negotiation
from summarizer.llm.open import LARGE
from summarizer.llm.transport import OnPart, Transport
from summarizer.settings import public_address

if TYPE_CHECKING:
    from summarizer.settings import Settings

MODE = "json_schema"
# Retrying does not help: the server rejects the request, or it is too large.
_PERMANENT = frozenset({400, 413, 415, 422})


@dataclass(frozen=True, slots=True)
class NoCompletion:
    """What a server said instead of a completion: its status (0 where there is none), code and words."""

    status: int
    code: str
    said: str

    @property
    def passes(self) -> bool:
        """Whether the same request may be answered another time: also where a key, quota or model was missing."""
        return self.status not in _PERMANENT


Lookup = Callable[[dict[str, Any]], "Mapping[str, Any] | NoCompletion"]
"""From a request's body to its completion, as a server's JSON has it. May raise what stops the article."""


@dataclass
class _Shelf(Transport):
    """The way to completions that are looked up."""

    lookup: Lookup = field(kw_only=True, repr=False)

    async def fetch(self, wire: dict[str, Any], on_part: OnPart | None = None) -> Any:
        """The recorded completion. A recorded failure is told as a server would tell it, but never waited for."""
        found = self.lookup(wire)
        if not isinstance(found, NoCompletion):
            return found
        if found.passes:
            said = found.said or found.code or f"status {found.status}"
            raise EndpointError(
                f"{self.asked.endpoint} did not answer in several rounds, at last: {said.rstrip('.')}."
            )
        answer: Any = SimpleNamespace(status_code=found.status, headers={}, request=None)
        raise APIStatusError(found.said, response=answer, body={"code": found.code, "message": found.said})


@dataclass
class Recorded(Endpoint):
    """A model whose completions are looked up. ``first_style`` is how each article is asked at first.

    Call ``begin`` before each article: what the replies of one teach about the manner is not used for the
    next, so that an article is asked the same whatever was read before it.
    """

    lookup: Lookup = field(kw_only=True, repr=False)
    first_style: RequestStyle = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._transport = _Shelf(
            self._transport.asked, self.timeout, self._clients, self.throttle, lookup=self.lookup
        )
        self.begin()

    def begin(self) -> None:
        """Forget what was learnt from the last article."""
        style = replace(
            self.first_style, stream="none"
        )  # nothing to watch, and the bodies stay the recorded ones
        self._negotiation = Negotiation(self.base_url, self.name, self.kind, style, fixed=True)
        self._transport.read_whole = 0


def known_manner(settings: Settings) -> dict[str, Any]:
    """How the endpoint of these settings is asked, as far as earlier requests have taught; as JSON takes it."""
    found = negotiation.begin(settings.base_url or "", settings.model, settings.kind).style
    return asdict(found if found.mode == MODE else RequestStyle(MODE))


def recorded(name: str, base_url: str, kind: str, manner: Mapping[str, Any], lookup: Lookup) -> Recorded:
    """Make a model; ``base_url`` is where it is served, for the records, and ``manner`` from ``known_manner``."""
    return Recorded(
        name,
        public_address(base_url),
        SecretStr(""),
        LARGE,
        kind=kind,
        fixed_mode=MODE,
        lookup=lookup,
        first_style=RequestStyle(**manner),
    )
