"""Which model answers."""

from __future__ import annotations

import pytest

from summarizer.errors import ConfigurationError
from summarizer.settings import resolve

NAMES = ("SUMMARIZER_MODEL", "SUMMARIZER_BASE_URL", "SUMMARIZER_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_named_means_the_embedded_model() -> None:
    """Without argument and environment the embedded model answers."""
    assert resolve().embedded


def test_an_argument_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An argument beats SUMMARIZER_*, which beats OPENAI_*."""
    monkeypatch.setenv("SUMMARIZER_MODEL", "env-model")
    monkeypatch.setenv("SUMMARIZER_BASE_URL", "http://env/v1")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://openai-env/v1")
    settings = resolve()
    assert (settings.model, settings.base_url) == ("env-model", "http://env/v1")
    settings = resolve("arg-model", "http://arg/v1/")
    assert (settings.model, settings.base_url) == ("arg-model", "http://arg/v1")


@pytest.mark.parametrize("text", ["ollama/qwen3:8b", "ollama:qwen3:8b"])
def test_a_provider_stands_for_its_address_and_a_tag_stays(text: str) -> None:
    """Both separators name the provider, and the tag behind the model's name is part of it."""
    settings = resolve(text)
    assert (settings.model, settings.base_url) == ("qwen3:8b", "http://localhost:11434/v1")


def test_a_tag_is_not_a_provider() -> None:
    """qwen3:8b with an address is a model with a tag."""
    assert resolve("qwen3:8b", "http://h/v1").model == "qwen3:8b"


def test_a_key_is_not_sent_to_another_service(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_API_KEY goes to OpenAI or OPENAI_BASE_URL, and to nobody else."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert resolve("openai/gpt-x").api_key == "sk-secret"
    assert resolve("m", "http://elsewhere/v1").api_key != "sk-secret"


def test_a_key_is_never_shown() -> None:
    """The repr of settings holds no key."""
    assert "sk-secret" not in repr(resolve("m", "http://h/v1", "sk-secret"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("some-model", None, None), "--base-url"),
        ((None, "http://h/v1", None), "--model"),
        (("m", "h:8000/v1", None), "http://"),
        (("openai/gpt-x", None, None), "key"),
    ],
)
def test_what_is_missing_is_named(arguments: tuple[str | None, ...], words: str) -> None:
    """A setting that cannot work is refused with what to give."""
    with pytest.raises(ConfigurationError, match=words):
        resolve(*arguments)
