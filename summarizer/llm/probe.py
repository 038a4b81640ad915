"""What an endpoint can do, found out by a few small requests: for ``summarizer doctor`` only.

Nothing here raises for what a server does not know: the answer is then None. Errors of the requests themselves
are those of the endpoint.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from summarizer.errors import ContextExceeded, EndpointError, SummarizerError
from summarizer.llm import deadline
from summarizer.llm.endpoint import Endpoint
from summarizer.llm.modes import dress, spoken
from summarizer.llm.replies import read_object
from summarizer.settings import public_address

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

LONG_TEXT = 16_000
"""Characters of the text with which a context is tried: about 3,500 tokens, a long article."""

_CONTEXT_SAID = re.compile(
    r"(?:context length (?:is|of)|context size \(|n_ctx\D{1,10}|context window of)\s*(\d[\d,]*)",
    re.IGNORECASE,
)
_SYSTEM = "You answer briefly."
_IMPOSSIBLE = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["heron-7"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
_PATIENCE = 90.0  # seconds for the long text


@dataclass(frozen=True, slots=True)
class Listing:
    """The models that a server names, empty where it names none, and what it says of each."""

    models: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Repeated:
    """Three short answers, two of one seed: what they show.

    ``seeded`` is None where all were the same. ``cached`` of ``prompt`` tokens were not read anew, None where
    the server does not say. ``rate`` is in tokens a second, None where they are not counted.
    """

    seeded: bool | None
    cached: int | None
    prompt: int
    rate: float | None


async def listing(endpoint: Endpoint) -> Listing:
    """Ask for the list of models. Raises the endpoint's error where it is not reachable, or refuses the key."""
    body = await endpoint.look_up("/models")
    found = body.get("data") if isinstance(body, Mapping) else None
    rows = tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()
    return Listing(tuple(str(one.get("id")) for one in rows), rows)


def lists(listed: Listing, name: str) -> bool:
    """Whether the server names the model."""
    return any(_same(one, name) for one in listed.models)


async def enforces(endpoint: Endpoint) -> bool | None:
    """Whether the server holds the model to the schema: it asks for what only the schema knows.

    None where the mode promises nothing of the kind.
    """
    manner = replace(endpoint.manner, shown=False)
    if manner.mode not in ("json_schema", "tools"):
        return None
    asked = _request(endpoint, "Is a heron a bird? Answer in JSON, with yes or no as the answer.", 60)
    asked["response_format"]["json_schema"]["schema"] = _IMPOSSIBLE
    try:
        completion = await endpoint.complete(dress(asked, manner, endpoint.kind))
    except EndpointError:
        return False
    said = spoken(completion)
    return any(read_object(one, ["answer"]) == '{"answer": "heron-7"}' for one in said)


async def repeat(endpoint: Endpoint) -> Repeated:
    """Ask for the same thing three times, the last with another seed."""
    answers: list[str] = []
    written, seconds, prompt = 0, 0.0, 0
    cached: int | None = None
    for seed in (7, 7, 8):
        asked = _request(endpoint, "Name ten animals, at random, in one line.", 40)
        wire = dress(asked, replace(endpoint.manner, mode="prompted", shown=False), endpoint.kind)
        wire["messages"] = asked["messages"]  # in words: a schema leaves nothing to chance
        wire["seed"] = seed
        if "temperature" in wire:
            wire["temperature"] = 1
        start = time.perf_counter()
        completion = await endpoint.complete(wire)
        seconds += time.perf_counter() - start
        answers.append(_all_said(completion))
        usage = completion.usage
        if usage is not None:
            written += usage.completion_tokens or 0
            prompt = usage.prompt_tokens or 0
            details = usage.prompt_tokens_details
            cached = details.cached_tokens if details is not None else None
    same, other = answers[0] == answers[1], answers[0] == answers[2]
    seeded = None if same and other else same
    return Repeated(seeded, cached, prompt, written / seconds if written and seconds else None)


async def stated_context(endpoint: Endpoint, listed: Listing) -> int | None:
    """The context in tokens that the server states for the model, where it has a place to state it."""
    if endpoint.profile.context is not None:
        return endpoint.profile.context
    for row in listed.rows:
        if _same(row.get("id"), endpoint.name):
            stated = row.get("max_model_len") or row.get("context_length")  # vLLM, OpenRouter
            if isinstance(stated, int):
                return stated
    if endpoint.kind in ("openai", "openrouter"):
        return None
    root = "{0.scheme}://{0.netloc}".format(urlsplit(public_address(endpoint.base_url)))
    places: tuple[tuple[str, Callable[[Any], Any]], ...] = (
        ("/props", lambda body: body["default_generation_settings"]["n_ctx"]),  # llama.cpp
        ("/api/ps", lambda body: _of(body["models"], "name", endpoint.name)["context_length"]),  # Ollama
        ("/api/v0/models", lambda body: _of(body["data"], "id", endpoint.name)["loaded_context_length"]),
    )
    for path, read in places:
        try:
            return int(read(await endpoint.look_up(root + path)))
        except (SummarizerError, LookupError, TypeError, ValueError):
            continue  # this server states it elsewhere, or nowhere
    return None


async def tried_context(endpoint: Endpoint) -> tuple[int | None, str]:
    """Send a long text, and tell the context from what comes back: its tokens where known, and what happened.

    What happened is ``whole`` (it was read), ``cut`` (in silence), ``refused``, ``uncounted`` or ``slow``.
    """
    sentence = "The mill by the river ground corn for the bakers of the town, and the miller kept the books. "
    text = (sentence * (LONG_TEXT // len(sentence) + 1))[:LONG_TEXT]
    asked = _request(endpoint, f"{text}\n\nIs there a mill in this text? Answer in one word.", 5)
    wire = dress(asked, replace(endpoint.manner, mode="prompted", shown=False), endpoint.kind)
    wire["messages"] = asked["messages"]
    with deadline.within(_PATIENCE):
        try:
            completion = await endpoint.complete(wire)
        except ContextExceeded as error:
            said = _CONTEXT_SAID.search(str(error))
            if said:
                return int(said[1].replace(",", "")), "refused"
            cut = re.search(r"read only ([\d,]+) tokens", str(error))
            return (int(cut[1].replace(",", "")), "cut") if cut else (None, "refused")
        except EndpointError:
            return None, "slow"
    counted = completion.usage is not None and completion.usage.prompt_tokens
    return (int(counted), "whole") if counted else (None, "uncounted")


def _of(rows: Any, key: str, name: str) -> Any:
    """The row of a model."""
    return [row for row in rows if _same(row[key], name)][0]  # noqa: RUF015 - no row is a LookupError


def _same(one: Any, other: str) -> bool:
    """Whether two names are of one model; Ollama names one without a tag with :latest."""
    return str(one).removesuffix(":latest") == other.removesuffix(":latest")


def _request(endpoint: Endpoint, question: str, limit: int) -> dict[str, Any]:
    return {
        "model": endpoint.name,
        "messages": [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": question}],
        "temperature": 0,
        "max_tokens": limit,
        "response_format": {"type": "json_schema", "json_schema": {"name": "Answers", "schema": {}}},
    }


def _all_said(completion: ChatCompletion) -> str:
    message = completion.choices[0].message
    extra = message.model_extra or {}
    return f"{extra.get('reasoning_content') or extra.get('reasoning') or ''}{message.content or ''}"
