"""How a model is asked follows from the size that its name tells."""

from __future__ import annotations

import pytest

from summarizer.llm.open import LARGE, SMALL, profile_of


@pytest.mark.parametrize(
    "name",
    [
        "qwen3:4b",
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        "Qwen/Qwen2.5-0.5B-Instruct",
        "llama3.2:1b",
        "gemma-3-4b-it",
    ],
)
def test_a_model_of_few_parameters_is_asked_a_field_at_a_time(name: str) -> None:
    assert profile_of(name) is SMALL


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4o-mini",
        "qwen3:8b",
        "mixtral-8x7b",
        "llama-3.1-70B",
        "my-model",
        "web2bot",
        "a4bit",
        "gpt-oss-120b",
    ],
)
def test_a_larger_model_and_one_of_unknown_size_get_one_request(name: str) -> None:
    assert profile_of(name) is LARGE
