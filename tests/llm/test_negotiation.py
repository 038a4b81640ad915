"""What an endpoint can do is found out by asking it, costs what it has to, and is remembered."""

from __future__ import annotations

import asyncio
import json
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from summarizer import errors
from summarizer.llm.base import Reply, Request
from summarizer.llm.endpoint import Endpoint
from summarizer.llm.modes import ROOM_TO_THINK, AnswerSchema, RequestStyle, encode_request
from summarizer.llm.providers import MODES, provider
from summarizer.records.drafts import Draft
from tests.fault_server import (
    LMSTUDIO,
    NO_SCHEMA,
    OLLAMA,
    UNKNOWN_FORMAT,
    VLLM,
    WORDS_ONLY,
    Answer,
    Profile,
    Script,
    Served,
    completion,
    error,
    mode_of,
    serve,
)

from .conftest import GOOD, PROFILE, Pick, endpoint

pytestmark = pytest.mark.usefixtures("no_waiting")


@pytest.fixture
def cache() -> Path:
    return Path(os.environ["SUMMARIZER_CACHE"]) / "endpoints"


def ask(model: Endpoint, times: int = 1) -> list[Reply[Pick]]:
    async def run() -> list[Reply[Pick]]:
        try:
            work = [
                model.ask(Request("sys", "An article.", "Question: yes?", Pick, 50)) for _ in range(times)
            ]
            return await asyncio.gather(*work)
        finally:
            await model.close()

    return asyncio.run(run())


def modes(served: Served) -> list[str]:
    return [mode_of(request) for request in served.requests]


@pytest.mark.parametrize(
    ("profile", "kind", "first", "later"),
    [
        (Profile(), "other", ["json_schema"], ["json_schema"]),
        (NO_SCHEMA, "other", ["json_schema", "tools"], ["tools"]),
        (NO_SCHEMA, "ollama", ["json_schema", "json_object"], ["json_object"]),
        (
            replace(LMSTUDIO, refuses={**LMSTUDIO.refuses, **NO_SCHEMA.refuses}),
            "lmstudio",
            ["json_schema", "tools"],
            ["tools"],
        ),
        (VLLM, "vllm", ["json_schema"], ["json_schema"]),
        (OLLAMA, "ollama", ["json_schema", "json_schema"], ["json_schema"]),
        (WORDS_ONLY, "other", ["json_schema", "tools", "json_object", "prompted"], ["prompted"]),
    ],
)
def test_the_mode_is_found_out_once(profile: Profile, kind: str, first: list[str], later: list[str]) -> None:
    """The first article's requests find the mode; another run, with the memory of the first, asks once."""
    with serve(profile) as served:
        (reply,) = ask(endpoint(served, kind=kind))
        assert reply.draft.answer == "yes"
        assert modes(served) == first
        assert reply.usage.requests == len(first)
        served.requests.clear()
        ask(endpoint(served, kind=kind))
        assert modes(served) == later


def test_a_schema_that_is_not_enforced_is_shown() -> None:
    """Where a server ignores the schema, the re-ask and all later requests have it in the prompt too."""
    with serve(OLLAMA) as served:
        model = endpoint(served)
        ask(model, 2)
        assert model.style == RequestStyle("json_schema", shown=True)
    shown = ["of this form" in str(request["messages"]) for request in served.requests]
    assert shown == [False, True, True]
    assert '"answer": "yes" or "no"' in served.requests[-1]["messages"][1]["content"]


def test_many_at_once_find_out_once() -> None:
    """Of twenty that start together one finds out what the server takes; the others wait for it."""
    with serve(NO_SCHEMA) as served:
        assert len(ask(endpoint(served), 20)) == 20
    assert modes(served) == ["json_schema"] + ["tools"] * 20


def test_a_server_that_changed_is_learnt_anew(cache: Path) -> None:
    """What was remembered and is refused now makes room for what works, also for a mode that once did not."""
    no_tools = replace(NO_SCHEMA, refuses={"tools": error(400, "tools are not supported")})
    now: list[Profile] = [NO_SCHEMA]
    with serve(lambda request: now[0](request)) as served:
        ask(endpoint(served))
        assert len(list(cache.iterdir())) == 1
        now[0] = no_tools
        served.requests.clear()
        ask(endpoint(served))
        assert modes(served) == ["tools", "json_schema"]
        assert list(cache.iterdir()) == []  # back to what is tried first: nothing to remember


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"mode": "x"}', "null", '{"learnt": "soon"}', "[" * 10_000, "\0"]
)
def test_a_broken_memory_is_ignored(cache: Path, broken: str) -> None:
    """Whatever stands in the file, the mode is found out again and the file is written anew."""
    with serve(NO_SCHEMA) as served:
        ask(endpoint(served))
        (path,) = cache.iterdir()
        path.write_text(broken)
        served.requests.clear()
        ask(endpoint(served))
        assert modes(served) == ["json_schema", "tools"]
        assert json.loads(path.read_text())["mode"] == "tools"


def test_what_was_remembered_is_forgotten_after_a_week(cache: Path) -> None:
    """A server that has learnt something since is found out."""
    with serve(NO_SCHEMA) as served:
        ask(endpoint(served))
        (path,) = cache.iterdir()
        note = json.loads(path.read_text())
        path.write_text(json.dumps({**note, "learnt": time.time() - 8 * 24 * 3600}))
        served.requests.clear()
        ask(endpoint(served))
        assert modes(served) == ["json_schema", "tools"]
    assert "k-secret" not in path.read_text()


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root writes everywhere")
def test_a_cache_that_cannot_be_written_costs_nothing_but_a_request(cache: Path) -> None:
    """A read-only cache folder is no error."""
    cache.parent.chmod(0o500)
    with serve(NO_SCHEMA) as served:
        assert ask(endpoint(served))[0].draft.answer == "yes"
    cache.parent.chmod(0o700)


def test_a_cache_that_is_a_file_costs_nothing_but_a_request(cache: Path) -> None:
    """A cache folder that cannot be made is no error."""
    cache.write_text("in the way")
    with serve(NO_SCHEMA) as served:
        assert ask(endpoint(served))[0].draft.answer == "yes"


@pytest.mark.parametrize("mode", MODES)
def test_a_closed_set_survives_in_every_mode(mode: str) -> None:
    """A reply outside the set is sent back, and what is given in the end is of the set."""
    wrong, right = '{"answer": "perhaps"}', '<think>hm</think> {"answer": "no"}'
    said: dict[bool, Answer] = {
        True: completion(None, calls=[wrong]) if mode == "tools" else completion(wrong),
        False: completion(None, calls=[right]) if mode == "tools" else completion(right),
    }
    with serve([said[True], said[False]]) as served:
        (reply,) = ask(endpoint(served, fixed_mode=mode))
    assert reply.draft.answer == "no"
    assert modes(served) == [mode, mode]
    assert "perhaps" in str(served.requests[1]["messages"])


def test_a_mode_that_is_given_is_not_left() -> None:
    """With a fixed mode the server's refusal is the answer, after one request."""
    with serve(NO_SCHEMA) as served, pytest.raises(errors.EndpointError, match="unavailable now"):
        ask(endpoint(served, fixed_mode="json_schema"))
    assert len(served.requests) == 1


def test_the_embedded_model_is_asked_as_ever() -> None:
    """No probe, no schema in the prompt, no room, whatever it says."""
    script: Script = [completion("<think>hm"), completion("x"), error(400, UNKNOWN_FORMAT)]
    with serve(script) as served:
        model = endpoint(served, kind="embedded", fixed_mode="json_schema")
        model.profile = replace(PROFILE, reasks=0)
        for _ in script:
            with pytest.raises(errors.EndpointError):
                ask(model)
        assert model.style == RequestStyle("json_schema")
    first = served.requests[0]
    assert sorted(first) == ["max_tokens", "messages", "model", "response_format", "temperature"]
    assert first["messages"][1]["content"] == "An article.\n\nQuestion: yes?"
    assert (first["max_tokens"], "strict" in str(first)) == (50, False)
    assert len(served.requests) == 3


def test_a_reasoning_model_gets_room() -> None:
    """Names of parameters are learnt from the refusal, and thoughts that met the limit are given more room."""
    refused = error(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    )
    cold = error(400, "Unsupported value: 'temperature' does not support 0 with this model.")
    with serve([refused, cold, GOOD, GOOD]) as served:
        ask(endpoint(served))
        assert served.requests[2]["max_completion_tokens"] == 50 + ROOM_TO_THINK
        assert "temperature" not in served.requests[2]
        assert "max_tokens" not in served.requests[2]
        ask(endpoint(served))
        assert len(served.requests) == 4


@pytest.mark.parametrize(
    "thought",
    [
        completion("<think>The article", finish="length"),
        completion("", finish="length", reasoning_content="The article"),
        completion("", finish="length", reasoning="The article"),
    ],
)
def test_thoughts_that_meet_the_limit_get_room(thought: Answer) -> None:
    """A reply that ends in its thoughts is asked for once more with room, and later ones have it at once."""
    with serve([thought, GOOD, GOOD]) as served:
        model = endpoint(served)
        ask(model)
        ask(model)
    assert [request["max_tokens"] for request in served.requests] == [
        50,
        150 + ROOM_TO_THINK,
        50 + ROOM_TO_THINK,
    ]


class Bounded(Draft):
    answer: Literal["yes", "no"] | None


def encoded(schema: dict[str, Any], mode: str, kind: str) -> dict[str, Any]:
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}]
    request = {"model": "m", "messages": messages, "max_tokens": 9, "temperature": 0}
    return encode_request(request, AnswerSchema("Answers", schema), RequestStyle(mode), kind)


def test_strict_is_sent_where_it_is_taken_and_within_its_subset() -> None:
    """OpenAI gets strict without bounds that it refuses; others get the bounds that guard small models."""
    schema = {
        "type": "object",
        "properties": {
            "maxLength": {"type": "string", "maxLength": 5},
            "b": {"type": "array", "maxItems": 2, "items": {}},
        },
        "required": ["maxLength", "b"],
        "additionalProperties": False,
    }
    sent = encoded(schema, "json_schema", "openai")["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["schema"]["properties"] == {
        "maxLength": {"type": "string"},
        "b": {"type": "array", "items": {}},
    }
    other = encoded(schema, "json_schema", "other")["response_format"]["json_schema"]
    assert other == {"name": "Answers", "schema": schema}
    tool = encoded(schema, "tools", "openai")
    assert tool["tools"][0]["function"]["strict"] is True
    assert tool["parallel_tool_calls"] is False
    assert tool["tool_choice"]["function"]["name"] == "Answers"
    assert encoded(schema, "tools", "lmstudio")["tool_choice"] == "required"


def test_a_schema_too_large_for_strict_is_sent_as_a_wish() -> None:
    """Beyond the subset's limits a strict schema would be refused."""
    schema = {"type": "object", "properties": {"a": {"enum": [str(n) for n in range(600)]}}}
    assert "strict" not in str(encoded(schema, "json_schema", "openai"))


def test_lm_studio_is_never_asked_for_json_object() -> None:
    """It answers 400 to that mode."""
    assert "json_object" not in provider("lmstudio").modes
    assert set(provider("vllm").modes) == set(MODES)


def test_the_drafts_schema_is_within_the_strict_subset() -> None:
    """Every object lists all of its properties as required and takes no other; nothing is a reference."""
    schema = Bounded.model_json_schema()
    assert schema["required"] == ["answer"]
    assert schema["additionalProperties"] is False
    assert "$ref" not in str(schema)
