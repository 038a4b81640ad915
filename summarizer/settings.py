"""Which model answers, where, and with which key: argument, then environment, then default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from summarizer.errors import ConfigurationError

LOCAL = "local"
_LOCAL_KEY = "not-needed"  # the openai client wants some key; servers on this machine ask for none

PROVIDERS: dict[str, str] = {
    "openai": "https://api.openai.com/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "ollama": "http://localhost:11434/v1",
    "vllm": "http://localhost:8000/v1",
    "llamacpp": "http://localhost:8080/v1",
    "lmstudio": "http://localhost:1234/v1",
}
"""The prefix of a model string, and the address that it stands for."""

_HOSTED = {"openai", "openrouter"}


@dataclass(frozen=True, slots=True)
class Settings:
    """A model and where it is served. ``base_url`` is None for the embedded model."""

    model: str
    base_url: str | None
    api_key: str = field(repr=False)

    @property
    def embedded(self) -> bool:
        """Whether the model runs inside this process."""
        return self.base_url is None


def resolve(model: str | None = None, base_url: str | None = None, api_key: str | None = None) -> Settings:
    """Settle the model from arguments, then the environment, then the default, which is the embedded one.

    Raises ConfigurationError where an address lacks its model, or a hosted service its key.
    """
    env = os.environ
    model = model or env.get("SUMMARIZER_MODEL") or None
    if model is not None and (model == LOCAL or model.startswith(f"{LOCAL}:")) and base_url is None:
        return Settings(model, None, "")
    provider, name = _split(model)
    url = base_url or (PROVIDERS[provider] if provider else None)
    url = url or env.get("SUMMARIZER_BASE_URL") or env.get("OPENAI_BASE_URL") or None
    key = api_key or env.get("SUMMARIZER_API_KEY") or None
    openai_key = env.get("OPENAI_API_KEY") or None
    if url is None:
        if name is None:
            return Settings(LOCAL, None, "")
        if key is None and openai_key is None:
            raise ConfigurationError(
                f"No address is known for the model {name!r}. Give --base-url (base_url=), or name its provider, "
                f"as in ollama/{name}; for the embedded model say local."
            )
        url = PROVIDERS["openai"]
    if name is None:
        raise ConfigurationError(
            f"The address {url} is set but no model. Name one with --model or SUMMARIZER_MODEL."
        )
    if not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"The address {url!r} has to begin with http:// or https://.")
    # The key of one hosted service is not sent to another.
    if key is None and (
        url.startswith(PROVIDERS["openai"]) or (env.get("OPENAI_BASE_URL") and url == env["OPENAI_BASE_URL"])
    ):
        key = openai_key
    if key is None and provider in _HOSTED:
        raise ConfigurationError(f"{provider} needs a key. Set SUMMARIZER_API_KEY, or give --api-key.")
    return Settings(name, url.rstrip("/"), key or _LOCAL_KEY)


def _split(model: str | None) -> tuple[str | None, str | None]:
    """Provider and name of ``provider/name`` or ``provider:name``; a tag (``qwen3:8b``) stays in the name."""
    if model is None:
        return None, None
    for separator in ("/", ":"):
        provider, found, name = model.partition(separator)
        if found and provider in PROVIDERS and name:
            return provider, name
    return None, model
