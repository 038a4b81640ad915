"""The options that ``summarize`` and its kin take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict

from summarizer import prices, prompting, tracing
from summarizer.llm.base import Model
from summarizer.plans.run import Progress
from summarizer.watching import OnError, OnReply, OnRequest


class ConnectionOptions(TypedDict, total=False):
    """Which model reads, where it is, and how long it may take: what settings are made of."""

    model: str | Model | None
    base_url: str | None
    api_key: str | None
    config: str | Path | None
    timeout: float | None
    deadline: float | None


class ReadingOptions(TypedDict, total=False):
    """How an article is read by it, and who watches."""

    plan: str | None
    trust: str | None
    prompt_dir: str | Path | prompting.Prompts | None
    strict: bool
    max_windows: int | None
    on_request: OnRequest | None
    on_reply: OnReply | None
    on_error: OnError | None
    trace: tracing.Trace
    prices: prices.Given


class CommonOptions(ConnectionOptions, ReadingOptions, total=False):
    """What one article and many are asked with alike."""


class Options(CommonOptions, total=False):
    """What ``summarize`` and ``asummarize`` take beside the source, the schema and ``stream``."""

    id: str | None
    progress: Progress | None
    fetch: bool


def check_names(function: str, options: Mapping[str, Any], known: type[Any]) -> None:
    """Raise TypeError for an option that is not known: Python does not check against a TypedDict."""
    for name in options:
        if name not in known.__annotations__:
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}")
