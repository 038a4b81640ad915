"""Finds out what an endpoint can do, by a few small requests. For ``summarizer doctor`` only.

What a server does not tell is None, not an error. Errors of the requests themselves are the endpoint's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from summarizer.errors import ContextExceeded, EndpointError, SummarizerError
from summarizer.llm import deadline
from summarizer.llm.completion import is_count
from summarizer.llm.endpoint import Endpoint
from summarizer.llm.modes import AnswerSchema, encode_request
from summarizer.llm.providers import PROVIDERS, provider
from summarizer.llm.replies import read_object
from summarizer.settings import public_address

LONG_TEXT = 16_000
"""Characters of the text that tests the context length: about 3,500 tokens, a long article."""

_CONTEXT_SAID = re.compile(
    r"(?:context length (?:is|of)|context size \(|n_ctx\D{1,10}|context window of)\s*(\d[\d,]*)",
    re.IGNORECASE,
)
_SYSTEM = "You answer briefly."
_IMPOSSIBLE = AnswerSchema(
    "Answers",
    {
        "type": "object",
        "properties": {"answer": {"type": "string", "enum": ["heron-7"]}},
        "required": ["answer"],
        "additionalProperties": False,
    },
)
_LONG_TEXT_TIMEOUT = 90.0  # seconds


@dataclass(frozen=True, slots=True)
class Listing:
    """The models that a server lists (none where it lists none), and its rows about them."""

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
    """Ask for the list of models. Raises the endpoint's error where it cannot be reached or refuses the key."""
    body = await endpoint.look_up("/models")
    found = body.get("data") if isinstance(body, Mapping) else None
    rows = tuple(one for one in found if isinstance(one, Mapping)) if isinstance(found, list) else ()
    return Listing(tuple(one["id"] for one in rows if isinstance(one.get("id"), str)), rows)


def lists(listed: Listing, name: str) -> bool:
    """Whether the server lists the model."""
    return any(_same(one, name) for one in listed.models)


async def enforces(endpoint: Endpoint) -> bool | None:
    """Whether the server enforces the schema: asks for an answer that only the schema knows.

    None where the mode does not promise it.
    """
    style = replace(endpoint.style, shown=False)
    if style.mode not in ("json_schema", "tools"):
        return None
    asked = _request(endpoint, "Is a heron a bird? Answer in JSON, with yes or no as the answer.", 60)
    try:
        completion = await endpoint.complete(encode_request(asked, _IMPOSSIBLE, style, endpoint.kind))
    except EndpointError:
        return False
    return any(read_object(text, ["answer"]) == '{"answer": "heron-7"}' for text in completion.texts)


async def repeat(endpoint: Endpoint) -> Repeated:
    """Ask for the same thing three times, the first with another seed."""
    answers: list[str] = []
    written, seconds, prompt = 0, 0.0, 0
    cached: int | None = None
    # The other seed first: a prompt that is read anew may differ in the last digits from one that is cached.
    for seed in (8, 7, 7):
        asked = _request(endpoint, "Name ten animals, at random, in one line.", 40)
        wire = _in_words(endpoint, asked)  # a schema leaves nothing to chance
        wire["seed"] = seed
        if "temperature" in wire:
            wire["temperature"] = 1
        start = time.perf_counter()
        completion = await endpoint.complete(wire)
        seconds += time.perf_counter() - start
        answers.append(f"{completion.reasoning}{completion.content}")
        tokens = completion.tokens
        if tokens is not None:
            written += tokens.completion
            prompt, cached = tokens.prompt, tokens.cached
    same, other = answers[1] == answers[2], answers[0] == answers[1]
    seeded = None if same and other else same
    return Repeated(seeded, cached, prompt, written / seconds if written and seconds else None)


async def stated_context(endpoint: Endpoint, listed: Listing) -> int | None:
    """The context in tokens that the server states for the model, where it has a place to state it."""
    if endpoint.profile.context is not None:
        return endpoint.profile.context
    for row in listed.rows:
        if _same(row.get("id"), endpoint.name):
            stated = row.get("max_model_len") or row.get("context_length")  # vLLM, OpenRouter
            if is_count(stated) and stated:
                return int(stated)
    if provider(endpoint.kind).hosted:
        return None
    root = "{0.scheme}://{0.netloc}".format(urlsplit(public_address(endpoint.base_url)))
    for place in (entry.context for entry in PROVIDERS.values() if entry.context):
        try:
            parent = (await endpoint.look_up(root + place.path))[place.parent]
            stated = (_of(parent, place.model_key, endpoint.name) if place.model_key else parent)[place.field]
        except (SummarizerError, LookupError, TypeError):
            continue  # this server states it elsewhere, or nowhere
        if is_count(stated) and stated:
            return int(stated)
    return None


async def tried_context(endpoint: Endpoint) -> tuple[int | None, str]:
    """Send a long text, and tell the context from what comes back: its tokens where known, and what happened.

    What happened is ``whole`` (it was read), ``cut`` (in silence), ``refused``, ``uncounted`` or ``slow``.
    """
    sentence = "The mill by the river ground corn for the bakers of the town, and the miller kept the books. "
    text = (sentence * (LONG_TEXT // len(sentence) + 1))[:LONG_TEXT]
    asked = _request(endpoint, f"{text}\n\nIs there a mill in this text? Answer in one word.", 5)
    wire = _in_words(endpoint, asked)
    with deadline.within(_LONG_TEXT_TIMEOUT):
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
    counted = completion.tokens is not None and completion.tokens.prompt
    return (counted, "whole") if counted else (None, "uncounted")


def _of(rows: Any, key: str, name: str) -> Any:
    """The row of a model."""
    return [row for row in rows if _same(row[key], name)][0]  # noqa: RUF015 - no row is a LookupError


def _same(one: Any, other: str) -> bool:
    """Whether two names are of one model; Ollama names one without a tag with :latest."""
    return isinstance(one, str) and one.removesuffix(":latest") == other.removesuffix(":latest")


def _request(endpoint: Endpoint, question: str, limit: int) -> dict[str, Any]:
    return {
        "model": endpoint.name,
        "messages": [{"role": "system", "content": _SYSTEM}, {"role": "user", "content": question}],
        "temperature": 0,
        "max_tokens": limit,
    }


def _in_words(endpoint: Endpoint, asked: dict[str, Any]) -> dict[str, Any]:
    """The body of a request without a schema."""
    style = replace(endpoint.style, mode="prompted", shown=False)
    return {**encode_request(asked, _IMPOSSIBLE, style, endpoint.kind), "messages": asked["messages"]}
