"""Open the model that the settings name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from summarizer.errors import ConfigurationError
from summarizer.llm.base import Model, Profile
from summarizer.settings import LOCAL, Settings

SMALL = Profile(plan="faceted", trust="rules", concurrency=1, reasks=0)
LARGE = Profile(plan="whole", trust="model", concurrency=4, reasks=1)
"""The profile of small models was settled by measurement on the embedded ones; every other model fills the record."""

_SMALL = 4.0  # billions of parameters
_SIZE = re.compile(r"(?<![a-z0-9.])(\d+(?:\.\d+)?)b(?![a-z0-9])")


def profile_of(model: str) -> Profile:
    """Return the profile for a model by the size in its name (``qwen3:4b``); without a size it is ``LARGE``."""
    size = _SIZE.search(model.lower())
    return SMALL if size is not None and float(size[1]) <= _SMALL else LARGE


def profile_for(settings: Settings) -> tuple[Profile, str]:
    """Return the profile of the model that the settings name, and why it has this one, in words."""
    if settings.embedded:
        size = None if settings.model.endswith(".gguf") else _SIZE.search(_embedded_name(settings.model))
        return SMALL, f"small profile: the embedded model{f', {size[1]}B' if size else ''}"
    profile, size = profile_of(settings.model), _SIZE.search(settings.model.lower())
    if size is None:
        return profile, "large profile: it is not known to be tiny, as its name tells no size"
    than = "up to" if profile is SMALL else "more than"
    named = "small" if profile is SMALL else "large"
    return profile, f"{named} profile: its name says {size[1]}B, {than} {_SMALL:g}B"


def _embedded_name(model: str) -> str:
    from summarizer.llm import weights

    return weights.find(named(model)).name.lower()


def open_model(settings: Settings, progress: Callable[[str, int, int], None] | None = None) -> Model:
    """Return the model that the settings name, ready to be asked.

    For the embedded model this finds or fetches the weights and starts the server. ``progress`` is called
    with the stage and the bytes done and in total; an exception that it raises ends the work.

    Raises ConfigurationError, or WeightsError if the weights are missing or damaged.
    """
    if settings.base_url is None:
        return _open_embedded(settings, progress)
    from summarizer.llm.endpoint import Endpoint  # late: openai and instructor take a second to import

    return Endpoint(
        settings.model,
        settings.base_url,
        settings.api_key,
        profile_for(settings)[0],
        timeout=settings.timeout,
        kind=settings.kind,
        fixed_mode=settings.mode,
    )


def _open_embedded(settings: Settings, progress: Callable[[str, int, int], None] | None) -> Model:
    from summarizer.llm import embedded, weights
    from summarizer.llm.embedded_endpoint import EmbeddedEndpoint

    embedded.check_installed()
    path = weights_path(settings.model, progress)
    report = progress or (lambda stage, done, total: None)
    running = embedded.start(path, progress=lambda *_: report("starting the model", 0, 0))
    name = path.stem if settings.model.endswith(".gguf") else weights.find(named(settings.model)).name
    return EmbeddedEndpoint(
        running.model,
        running.base_url,
        SecretStr(running.api_key),
        replace(SMALL, context=running.context),
        label=f"embedded:{name}",
        timeout=settings.timeout,
        kind="embedded",
        fixed_mode=settings.mode or "json_schema",  # enforced by llama.cpp's grammar: nothing to negotiate
        path=path,
        server=running,
    )


def named(model: str) -> str:
    """Return the catalogue name in ``local`` or ``local:NAME``."""
    from summarizer.llm import weights

    return model.partition(":")[2] or weights.DEFAULT.name


def weights_path(model: str, progress: Callable[[str, int, int], None] | None = None) -> Path:
    """Return the file of ``local``, ``local:NAME`` or ``local:FILE.gguf``, fetched into the cache if needed."""
    from summarizer.llm import weights

    if model != LOCAL and model.endswith(".gguf"):
        path = Path(model.partition(":")[2]).expanduser()
        if not path.is_file():
            raise ConfigurationError(f"The model file {path} does not exist.")
        return path
    return weights.ensure(weights.find(named(model)), progress)
