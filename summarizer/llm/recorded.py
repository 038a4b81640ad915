"""An endpoint whose completions were made elsewhere and are looked up: the model behind batch files.

All else is the endpoint's own: how a request's body is formed, how a reply is read, sent back with what is
wrong, asked again with a larger limit, refused, and counted. So a body that is looked up here is, byte for
byte, the one that would have gone to a server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from openai.types.chat import ChatCompletion

from summarizer.errors import EndpointError
from summarizer.llm.base import Profile
from summarizer.llm.endpoint import Endpoint

if TYPE_CHECKING:
    import openai

# What asking again cannot mend: a request that the server does not take, is too large, or cannot be done.
_PERMANENT = frozenset({400, 413, 422})


@dataclass(frozen=True, slots=True)
class NoCompletion:
    """What a server said instead of a completion: its status (0 where there is none), code and words."""

    status_code: int
    code: str
    message: str

    @property
    def passes(self) -> bool:
        """Whether the same request may be answered another time: also where a key, quota or model was missing."""
        return self.status_code not in _PERMANENT


Lookup = Callable[[dict[str, Any]], "Mapping[str, Any] | NoCompletion"]
"""From a request's body to its completion as a server's JSON has it. May raise a SummarizerError of its own."""


@dataclass
class Recorded(Endpoint):
    """The model ``name``, its completions looked up by the bodies of their requests."""

    lookup: Lookup = field(kw_only=True, repr=False)

    async def complete(self, body: dict[str, Any]) -> ChatCompletion:
        """The recorded completion. Raises what the endpoint would raise for a recorded failure, but never waits."""
        found = self.lookup(body)
        if not isinstance(found, NoCompletion):
            return ChatCompletion.construct(**found)
        if found.passes:
            said = found.message or found.code or f"status {found.status_code}"
            raise EndpointError(
                f"{self.endpoint}: a request was not answered in several rounds, at last: {said}"
            )
        raise self._explain(cast("openai.APIStatusError", found), 1)


def recorded(name: str, profile: Profile, lookup: Lookup, *, label: str) -> Recorded:
    """Make the model ``name`` whose completions ``lookup`` finds; ``label`` is where records say it was served."""
    return Recorded(name, "", "", profile, label, lookup=lookup)
