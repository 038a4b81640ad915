"""Which model answers, where, and with which key: argument, then environment, then project file, then default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from summarizer import project_file
from summarizer.errors import ConfigurationError
from summarizer.llm.providers import MODES, PROVIDERS, provider
from summarizer.project_file import ProjectFile

LOCAL = "local"
PLANS = ("whole", "faceted")
"""``whole``: one request fills the record. ``faceted``: one request for each field."""

TRUSTS = ("model", "rules")
"""Whose reading goes into the record where the model's answer and the word rules differ."""

TIMEOUT = 600.0
"""Default timeout of one request, in seconds."""
DEADLINE = 900.0
"""Seconds for one article on a server; the embedded model has no limit, since nobody else waits for it."""

_LOCAL_KEY = "not-needed"  # the openai client wants some key; servers on this machine ask for none

ARGUMENT = "an argument"

_ARGUMENT, _ENVIRONMENT, _FILE, _AMBIENT, _NOWHERE = 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """A model and how it is reached. ``base_url`` is None for the embedded model.

    ``kind`` is a key of PROVIDERS, ``embedded``, or ``other``: what the server is, as far as it is known.
    ``mode`` is one of MODES, or None to detect it. ``timeout`` and ``deadline`` are in seconds, for
    one request and for one article. ``origins`` says of each value where it comes from.
    """

    model: str
    base_url: str | None
    api_key: SecretStr
    kind: str = "other"
    mode: str | None = None
    timeout: float = TIMEOUT
    deadline: float | None = None
    plan: str | None = None
    trust: str | None = None
    prompt_dir: str | None = None
    origins: tuple[tuple[str, str], ...] = field(default=(), compare=False)

    @property
    def embedded(self) -> bool:
        """Whether the model runs on this machine by our own doing."""
        return self.base_url is None

    def origin(self, name: str) -> str:
        """Say where a value comes from, in words."""
        return dict(self.origins).get(name, "the default")

    def __repr__(self) -> str:
        where = "" if self.base_url is None else f", base_url={public_address(self.base_url)!r}"
        return f"Settings(model={self.model!r}{where}, kind={self.kind!r})"


def public_address(url: str) -> str:
    """Return an address without what may be secret in it: user, password and query."""
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        return url
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True, slots=True)
class _Found:
    value: Any = None
    rank: int = _NOWHERE
    origin: str = "the default"


def resolve(
    model: str | None = None,
    base_url: str | None = None,
    api_key: str | SecretStr | None = None,
    *,
    mode: str | None = None,
    timeout: float | None = None,
    deadline: float | None = None,
    plan: str | None = None,
    trust: str | None = None,
    config: str | Path | None = None,
) -> Settings:
    """Settle the model from arguments, then SUMMARIZER_*, then the project file, then OPENAI_*, then the default.

    ``config`` names the project file; without it, the nearest one is read. Raises ConfigurationError where an
    address lacks its model, a hosted service its key, or a value cannot be meant.
    """
    file = project_file.load(config)

    def find(name: str, given: Any) -> _Found:
        return _find(name, given, file)

    wanted, address = find("model", model), find("base_url", base_url)
    found = {
        "mode": find("mode", mode),
        "timeout": find("timeout", timeout),
        "deadline": find("deadline", deadline),
        "plan": find("plan", plan),
        "trust": find("trust", trust),
    }
    common: dict[str, Any] = {
        "mode": _one_of("mode", found["mode"], MODES),
        "timeout": _seconds("timeout", found["timeout"]) or TIMEOUT,
        "plan": _one_of("plan", found["plan"], PLANS),
        "trust": _one_of("trust", found["trust"], TRUSTS),
        "prompt_dir": file.values.get("prompt_dir"),
    }
    limit = _seconds("deadline", found["deadline"])
    local = wanted.value == LOCAL or str(wanted.value or "").startswith(f"{LOCAL}:")
    if local and address.rank < _ARGUMENT:
        origins = _origins(model=wanted, **found)
        return Settings(
            wanted.value, None, SecretStr(""), "embedded", deadline=limit, origins=origins, **common
        )
    prefix, name = _split(wanted.value, address if address.rank >= wanted.rank else None)
    if (
        prefix and address.rank < wanted.rank
    ):  # a provider named here stands before an address from farther off
        address = _Found(PROVIDERS[prefix].base_url, wanted.rank, "the name of its provider")
    if address.value is None and os.environ.get("OPENAI_BASE_URL") and prefix in (None, "openai"):
        address = _Found(os.environ["OPENAI_BASE_URL"], _AMBIENT, "OPENAI_BASE_URL")
    if address.value is None:
        if name is None:
            origins = _origins(model=wanted, **found)
            return Settings(LOCAL, None, SecretStr(""), "embedded", deadline=limit, origins=origins, **common)
        address = _known_address(name, api_key, file)
    if name is None:
        raise ConfigurationError(
            f"The address {public_address(address.value)} is set but no model. "
            "Name one with --model or SUMMARIZER_MODEL."
        )
    url = _checked_url(str(address.value))
    kind = prefix if prefix and not provider(prefix).hosted else kind_of(url)
    key = _key(api_key, file, url, kind)
    return Settings(
        name,
        url,
        SecretStr(key.value),
        kind,
        deadline=limit or DEADLINE,
        origins=_origins(model=wanted, base_url=address, api_key=key, **found),
        **common,
    )


def kind_of(url: str) -> str:
    """Tell what serves an address: a known service or the usual port of a local server; else ``other``."""
    parts = urlsplit(url)
    for kind, entry in PROVIDERS.items():
        known = urlsplit(entry.base_url or "")
        if parts.hostname and parts.hostname == known.hostname and entry.hosted:
            return kind
        if on_this_machine(url) and not entry.hosted and parts.port == known.port:
            return kind
    return "other"


def on_this_machine(url: str) -> bool:
    """Whether an address is of the loopback."""
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def _find(name: str, given: Any, file: ProjectFile) -> _Found:
    if given is not None and given != "":
        return _Found(given, _ARGUMENT, ARGUMENT)
    variable = f"SUMMARIZER_{name.upper()}"
    if os.environ.get(variable):
        return _Found(os.environ[variable], _ENVIRONMENT, variable)
    if file.values.get(name) is not None:
        return _Found(file.values[name], _FILE, str(file.path))
    return _Found()


def _checked_url(url: str) -> str:
    """The base URL without a trailing slash. Raises ConfigurationError, which shows no password or query."""
    shown = public_address(url.rpartition("@")[2] if "://" not in url else url)
    if not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"The address {shown!r} has to begin with http:// or https://.")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise ConfigurationError(
            f"The address {shown} has a query or a fragment, which a base URL cannot have. Give the part before it. "
            "A key goes into SUMMARIZER_API_KEY, and an API version into the path of the server's OpenAI-compatible API."
        )
    url = url.rstrip("/")
    if url.endswith("/chat/completions"):
        raise ConfigurationError(
            f"The address {shown} is that of one operation. Give the part before /chat/completions."
        )
    return url


def _origins(**found: _Found) -> tuple[tuple[str, str], ...]:
    return tuple((name, one.origin) for name, one in found.items())


def _one_of(name: str, found: _Found, known: tuple[str, ...]) -> str | None:
    if found.value is not None and found.value not in known:
        raise ConfigurationError(
            f"There is no {name} {found.value!r} (from {found.origin}). Choose one of: {', '.join(known)}."
        )
    return found.value  # type: ignore[no-any-return]


def _seconds(name: str, found: _Found) -> float | None:
    if found.value is None:
        return None
    try:
        seconds = float(found.value)
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 < seconds < float("inf"):
        raise ConfigurationError(f"{name} (from {found.origin}) has to be a number of seconds above 0.")
    return seconds


def _split(model: str | None, address: _Found | None) -> tuple[str | None, str | None]:
    """Provider and name of ``provider/name`` or ``provider:name``; a tag (``qwen3:8b``) stays in the name.

    Where an address is given, ``openai/`` is part of the name: openai/gpt-oss-20b on a vLLM, openai/gpt-4o at
    OpenRouter.
    """
    if model is None:
        return None, None
    for separator in ("/", ":"):
        prefix, found, name = model.partition(separator)
        if not (found and prefix in PROVIDERS and name):
            continue
        at = str(address.value) if address and address.value else None
        if separator == "/" and prefix == "openai" and at and kind_of(at) != "openai":
            continue
        return prefix, name
    return None, model


def _known_address(name: str, api_key: str | SecretStr | None, file: ProjectFile) -> _Found:
    """OpenAI's address for a bare name, where there is a key that is meant for it."""
    if not (_find("api_key", api_key, file).value or os.environ.get("OPENAI_API_KEY")):
        raise ConfigurationError(
            f"No address is known for the model {name!r}. Give --base-url (base_url=), or name its provider, "
            f"as in ollama/{name}; for the embedded model say local."
        )
    return _Found(PROVIDERS["openai"].base_url, _NOWHERE, "the default, as there is a key")


def _key(api_key: str | SecretStr | None, file: ProjectFile, url: str, kind: str) -> _Found:
    found = _find("api_key", api_key, file)
    named = file.values.get("api_key_env")
    if found.value is None and named:
        if not os.environ.get(named):
            raise ConfigurationError(
                f"{file.path} names the variable {named} for the key, but it is not set."
            )
        found = _Found(os.environ[named], _FILE, f"{named}, which {file.path} names")
    if found.value is None:
        # The key of one hosted service is not sent to another.
        variable = provider(kind_of(url)).key_variable
        if os.environ.get("OPENAI_BASE_URL", "").rstrip("/") == url:
            variable = "OPENAI_API_KEY"
        if variable and os.environ.get(variable):
            found = _Found(os.environ[variable], _AMBIENT, variable)
    if found.value is None:
        if provider(kind).hosted:
            raise ConfigurationError(f"{kind} needs a key. Set SUMMARIZER_API_KEY, or give --api-key.")
        return _Found(_LOCAL_KEY, _NOWHERE, "none")
    key = _plain(found.value)
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise ConfigurationError(
            f"The key from {found.origin} holds characters that no key has: copy it anew, without quotes or blanks."
        )
    return _Found(key, found.rank, found.origin)


def _plain(key: str | SecretStr) -> str:
    return (key.get_secret_value() if isinstance(key, SecretStr) else key).strip()
