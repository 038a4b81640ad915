"""From settings to a model that answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from summarizer.errors import ConfigurationError
from summarizer.llm.base import Model, Profile
from summarizer.settings import LOCAL, Settings

SMALL = Profile(plan="faceted", trust="rules", concurrency=1, reasks=0, words_first=True)
LARGE = Profile(plan="whole", trust="model", concurrency=4, reasks=1)
"""The profile of small models was settled by measurement on the embedded ones; every other model fills the record."""

_SMALL = 4.0  # thousand millions of parameters
_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])")


def profile_of(model: str) -> Profile:
    """How a model is best asked, by the size that its name tells (``qwen3:4b``); one that tells none is a large one."""
    size = _SIZE.search(model.lower())
    return SMALL if size is not None and float(size[1]) <= _SMALL else LARGE


def open_model(settings: Settings, progress: Callable[[str, int, int], None] | None = None) -> Model:
    """Make the model ready: the embedded one is joined, checked and started at its first use."""
    from summarizer.llm.endpoint import Endpoint  # late: openai and instructor take a second to import

    if settings.base_url is not None:
        return Endpoint(
            settings.model,
            settings.base_url,
            settings.api_key,
            profile_of(settings.model),
            timeout=settings.timeout,
            kind=settings.kind,
            fixed_mode=settings.mode,
        )
    from summarizer.llm import embedded, weights

    embedded.check_installed()
    path = weights_path(settings.model, progress)
    if progress is not None:
        progress("starting the model", 0, 0)
    running = embedded.start(path)
    profile = replace(SMALL, context=running.context)
    name = path.stem if settings.model.endswith(".gguf") else weights.find(named(settings.model)).name
    return Endpoint(
        running.model,
        running.base_url,
        SecretStr(running.api_key),
        profile,
        label=f"embedded:{name}",
        timeout=settings.timeout,
        kind="embedded",
        fixed_mode=settings.mode or "json_schema",  # llama.cpp's grammar holds: nothing is to be found out
    )


def named(model: str) -> str:
    """The name behind ``local`` or ``local:name``."""
    from summarizer.llm import weights

    return model.partition(":")[2] or weights.DEFAULT.name


def weights_path(model: str, progress: Callable[[str, int, int], None] | None = None) -> Path:
    """The file of ``local``, ``local:NAME`` or ``local:FILE.gguf``, joined into the cache if need be."""
    from summarizer.llm import weights

    if model != LOCAL and model.endswith(".gguf"):
        path = Path(model.partition(":")[2]).expanduser()
        if not path.is_file():
            raise ConfigurationError(f"The model file {path} does not exist.")
        return path
    return weights.ensure(weights.find(named(model)), progress)
