"""Which model answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from summarizer.errors import ConfigurationError
from summarizer.llm.providers import PROVIDERS
from summarizer.settings import public_address, resolve


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours, and a folder of its own without a project file above it."""
    for name in list(os.environ):
        if name.startswith(("SUMMARIZER_", "OPENAI_", "OPENROUTER_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


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
    assert resolve("openai/gpt-x").api_key.get_secret_value() == "sk-secret"
    assert resolve("m", "http://elsewhere/v1").api_key.get_secret_value() != "sk-secret"
    with pytest.raises(ConfigurationError, match="openrouter needs a key"):
        resolve("openrouter/meta/llama")
    monkeypatch.setenv("OPENROUTER_API_KEY", "or-secret")
    assert resolve("openrouter/meta/llama").api_key.get_secret_value() == "or-secret"


def test_a_key_is_never_shown() -> None:
    """The repr of settings holds no key, nor what else an address may hold."""
    shown = repr(resolve("m", "http://me:pass-word@h/v1", "sk-secret"))
    assert "http://h/v1" in shown
    assert "secret" not in shown
    assert "pass-word" not in shown
    assert public_address("http://me:pass-word@h:1/v1?token=t") == "http://h:1/v1"


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


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://me:pass-word@h/v1?key=t-secret", "has a query or a fragment"),
        ("http://h/v1#t-secret", "has a query or a fragment"),
        ("http://h/v1/chat/completions/", "part before /chat/completions"),
        ("ftp://me:pass-word@h/v1", "begin with http:// or https://"),
        ("me:pass-word@h/v1", "begin with http:// or https://"),
    ],
)
def test_an_address_that_is_no_base_url_is_refused(url: str, words: str) -> None:
    """The error says what to give, and shows neither password nor query."""
    with pytest.raises(ConfigurationError, match=words) as caught:
        resolve("m", url)
    assert "pass-word" not in str(caught.value)
    assert "t-secret" not in str(caught.value)


@pytest.mark.parametrize("provider", ["ollama", "vllm", "llamacpp", "lmstudio"])
def test_a_local_server_needs_no_key(provider: str) -> None:
    """Each has its usual port and gets a dummy key, since the client wants one."""
    for separator in "/:":
        settings = resolve(f"{provider}{separator}some/model:7b")
        assert (settings.model, settings.base_url) == ("some/model:7b", PROVIDERS[provider].base_url)
        assert settings.kind == provider
        assert settings.api_key.get_secret_value()


@pytest.mark.parametrize(
    ("model", "url", "name", "kind"),
    [
        ("openai/gpt-oss-20b", "http://gpu:8000/v1", "openai/gpt-oss-20b", "other"),
        ("openai/gpt-4o", "https://openrouter.ai/api/v1", "openai/gpt-4o", "openrouter"),
        ("openai/gpt-x", "https://api.openai.com/v1", "gpt-x", "openai"),
        ("vllm/openai/gpt-oss-20b", "http://gpu:9/v1", "openai/gpt-oss-20b", "vllm"),
        ("qwen3:8b", "http://localhost:11434/v1", "qwen3:8b", "ollama"),
        ("m", "http://127.0.0.1:1234/v1", "m", "lmstudio"),
        ("local", "http://h/v1", "local", "other"),
    ],
)
def test_a_name_beside_an_address(model: str, url: str, name: str, kind: str) -> None:
    """A publisher's name stays whole beside an address; the provider of a local server is cut off and remembered."""
    settings = resolve(model, url, "k")
    assert (settings.model, settings.base_url, settings.kind) == (name, url, kind)


def test_each_place_goes_before_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Argument, SUMMARIZER_*, project file, OPENAI_BASE_URL."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://ambient/v1")
    assert resolve("m").base_url == "http://ambient/v1"
    (tmp_path / "summarizer.toml").write_text(
        'model = "file-model"\nbase_url = "http://file/v1"\ndeadline = 50\ntimeout = 7.5\n'
    )
    settings = resolve()
    assert (settings.model, settings.base_url) == ("file-model", "http://file/v1")
    assert (settings.deadline, settings.timeout) == (50, 7.5)
    assert settings.origin("model").endswith("summarizer.toml")
    monkeypatch.setenv("SUMMARIZER_MODEL", "env-model")
    monkeypatch.setenv("SUMMARIZER_DEADLINE", "60")
    assert (resolve().model, resolve().deadline) == ("env-model", 60)
    assert resolve().base_url == "http://file/v1"
    assert resolve("mine", deadline=70).deadline == 70


def test_a_provider_goes_before_an_address_from_farther_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """--model ollama/x means Ollama, whatever address the environment has for other models."""
    monkeypatch.setenv("SUMMARIZER_BASE_URL", "http://env/v1")
    assert resolve("ollama/x").base_url == PROVIDERS["ollama"].base_url
    monkeypatch.setenv("SUMMARIZER_MODEL", "ollama/x")
    assert resolve().base_url == "http://env/v1"
    monkeypatch.setenv("SUMMARIZER_MODEL", "local:0.5b")
    assert resolve().embedded


def test_the_nearest_file_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A pyproject.toml without our table is passed over; the next folder up is looked at."""
    (tmp_path / "pyproject.toml").write_text('[tool.summarizer]\nmodel = "ollama/up"\nplan = "whole"\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text('[project]\ndependencies = ["deal-summarizer"]\n')
    monkeypatch.chdir(inner)
    assert (resolve().model, resolve().plan) == ("up", "whole")
    (inner / "summarizer.toml").write_text('model = "ollama/near"\nprompt_dir = "prompts"\n')
    assert (resolve().model, resolve().prompt_dir) == ("near", str(inner / "prompts"))
    other = tmp_path / "other.toml"
    other.write_text('model = "ollama/other"')
    assert resolve(config=other).model == "other"


def test_a_key_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file names the variable that holds the key, never the key."""
    file = tmp_path / "summarizer.toml"
    file.write_text('model = "m"\nbase_url = "http://h/v1"\napi_key_env = "MY_KEY"\n')
    with pytest.raises(ConfigurationError, match="MY_KEY"):
        resolve()
    monkeypatch.setenv("MY_KEY", "k-mine\n")
    assert resolve().api_key.get_secret_value() == "k-mine"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('modell = "m"', "Did you mean model"),
        ('base-url = "m"', "Did you mean base_url"),
        ("zzz = 1", "There are: model"),
        ('api_key = "sk-1"', "api_key_env"),
        ("deadline = 0", "above 0"),
        ("timeout = true", "above 0"),
        ("model = 3", "text in quotes"),
        ('mode = "xml"', "json_schema, tools"),
        ("model =", "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, words: str) -> None:
    """Unknown keys get a suggestion, and a key in a file is refused without being shown."""
    (tmp_path / "summarizer.toml").write_text(content)
    with pytest.raises(ConfigurationError, match=words) as caught:
        resolve()
    assert "sk-1" not in str(caught.value)


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    """--config with a wrong path says so."""
    with pytest.raises(ConfigurationError, match="cannot be read"):
        resolve(config=tmp_path / "none.toml")


@pytest.mark.parametrize("key", ["sk-a b", "sk-“x”", "sk\x00"])
def test_a_key_that_cannot_be_one_is_refused_unseen(key: str) -> None:
    """A key with a blank or a curly quote in it is refused before any client stumbles over it."""
    with pytest.raises(ConfigurationError, match="characters that no key has") as caught:
        resolve("m", "http://h/v1", key)
    assert key not in str(caught.value)
