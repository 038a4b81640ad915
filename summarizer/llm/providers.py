"""What is known of each server and service, in one table. To add a provider, add an entry to ``PROVIDERS``.

Imports nothing of the package, so that settings can read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MODES = ("json_schema", "tools", "json_object", "prompted")
"""The structured-output modes, from the strictest."""


@dataclass(frozen=True, slots=True)
class ContextField:
    """Where a server states its context length: a GET path outside its OpenAI-compatible API, and a field.

    The field is in the object ``parent``, or, where ``model_key`` is set, in that row of the list ``parent``
    whose ``model_key`` is the model.
    """

    path: str
    parent: str
    field: str
    model_key: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A server on this machine, or a hosted service (one with a ``key_variable``)."""

    base_url: str | None = None
    """The default address."""
    key_variable: str | None = None
    """The environment variable in which the service's own tools look for the key."""
    modes: tuple[str, ...] = MODES
    """The structured-output modes in order of preference."""
    strict: bool = False
    """Whether it takes ``strict`` schemas, in a subset of JSON Schema."""
    named_tool: bool = True
    """Whether ``tool_choice`` may name a function; else it is ``required``."""
    start: str = "Is the server running, and is the address right?"
    """What to do if it does not answer."""
    fetch: str | None = None
    """The command that downloads ``{model}``."""
    raise_context: str | None = None
    """How to raise the context length to 16,384 tokens."""
    context: ContextField | None = None
    """Where it states its context length, if not in its list of models."""
    report_cached: str = ""
    """How to make it report cached tokens."""

    @property
    def hosted(self) -> bool:
        """Whether it is a hosted service, which needs a key."""
        return self.key_variable is not None


UNKNOWN = Provider()
"""Any other OpenAI-compatible server, and the embedded model."""

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        "openai": Provider("https://api.openai.com/v1", "OPENAI_API_KEY", strict=True),
        "openrouter": Provider("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", strict=True),
        "ollama": Provider(
            "http://localhost:11434/v1",
            modes=("json_schema", "json_object", "tools", "prompted"),  # tools depend on the model's template
            start="Start it with: ollama serve.",
            fetch="ollama pull {model}",
            raise_context="start it with OLLAMA_CONTEXT_LENGTH=16384 ollama serve",
            context=ContextField("/api/ps", "models", "context_length", model_key="name"),
        ),
        "vllm": Provider(
            "http://localhost:8000/v1",
            start="Start it with: vllm serve MODEL.",
            raise_context="start it with vllm serve --max-model-len 16384",
            report_cached="vllm serve reports it with --enable-prompt-tokens-details.",
        ),
        "llamacpp": Provider(
            "http://localhost:8080/v1",
            start="Start it with: llama-server -m FILE.gguf.",
            raise_context="start it with llama-server -c 16384",
            context=ContextField("/props", "default_generation_settings", "n_ctx"),
        ),
        "lmstudio": Provider(
            "http://localhost:1234/v1",
            modes=("json_schema", "tools", "prompted"),  # it answers 400 to json_object
            named_tool=False,
            start="Start its server in LM Studio under Developer, or with: lms server start.",
            fetch="lms get {model}",
            raise_context="load the model with lms load MODEL --context-length 16384",
            context=ContextField("/api/v0/models", "data", "loaded_context_length", model_key="id"),
        ),
    }
)
"""By the prefix of a model string, as in ``ollama/qwen3:8b``."""


def provider(kind: str) -> Provider:
    """Return the entry for a kind of server: a key of ``PROVIDERS``, ``embedded`` or ``other``."""
    return PROVIDERS.get(kind, UNKNOWN)
