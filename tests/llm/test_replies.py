"""The reader of replies: the object that is meant, or none; never another, and never an exception."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.llm.replies import read_object, thinks

WANTED = {"answer": "yes", "why": {"a": [1, None, {"b": "}"}]}}
JSON = json.dumps(WANTED)
KEYS = ("answer", "why")


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"  {JSON}\n",
        f"```json\n{json.dumps(WANTED, indent=2)}\n```",
        f"Sure! Here it is:\n```\n{JSON}\n```\nAnything else?",
        f'<think>They want JSON, like {{"answer": 1}} or {{</think>\n{JSON}',
        f'We need {{"answer": "no", "why": {{}}}}? No. {{"broken": \n</think>\n\n{JSON}',
        f"[THINK]hm[/THINK]{JSON}",
        f"An object {{}} or {{x}}: {JSON} {{",
        f"{JSON}\n{JSON}",
        f"[{JSON}]",
        json.dumps(JSON),
        f'{{"name": "Answers", "arguments": {JSON}}}.\n\n',
        f'<tool_call>{{"name": "Answers", "arguments": {json.dumps(JSON)}}}</tool_call>',
    ],
)
def test_the_object_is_found(text: str) -> None:
    """Fences, thoughts (also without their first tag), chatter, repetition and double encoding are seen through."""
    assert json.loads(read_object(text, KEYS) or "null") == WANTED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I cannot help with that.",
        "null",
        "[1, 2]",
        f"<think>{JSON}",
        JSON[:-1],
        f'{JSON} or rather {{"answer": "no", "why": null}}',
        f'{{"outer": {JSON}, oops}}',
        f'{{"outer": {JSON}',
        '{"type": "object", "properties": {"answer": {}}}',
        '{"answer": NaN, "why": 1}',
        '{"name": "Answers", "arguments": {"x": 1}}',
        "[" * 100_000,
        '{"answer": ' * 100_000,
        '{"answer": ' + "9" * 5000 + "}",
        '"' + "\\" * 3,
    ],
)
def test_what_is_not_clear_is_not_read(text: str) -> None:
    """No object, half of one, two different ones, and one inside a broken one are all none."""
    assert read_object(text, KEYS) is None


def test_a_part_of_what_was_asked_is_left_to_the_validation() -> None:
    """One property of two is returned, so that the re-ask can say which is missing; the whole object goes first."""
    assert read_object('Well: {"answer": "yes"}', KEYS) == '{"answer": "yes"}'
    assert json.loads(read_object(f'First {{"answer": "no"}}, then {JSON}', KEYS) or "") == WANTED


def test_a_line_end_inside_a_string_is_read() -> None:
    """Small models write line ends as they are; there is one way to read them."""
    assert read_object('{"answer": "a\nb", "why": 1}', KEYS) == '{"answer": "a\\nb", "why": 1}'


def test_thoughts_are_seen() -> None:
    """A reply that shows its thoughts tells that its model needs room for them."""
    assert thinks("<think>hm")
    assert thinks("hm</think>{}")
    assert not thinks(JSON)


REPEATED = [
    *("{", "{ ", '{"', '{"a":', '{"a":{', "{}", '{"a":1}', '{"answer":1,"why":2}', "{{}}", '{"</think>":'),
    *(
        "<think>",
        "</think>",
        "<think></think>",
        '<think>{"',
        '{"a</think>',
        '{"a":"b</think>',
        "[THINK]{",
        "{<think>",
    ),
    *('"', "\\", '\\"', "[", "[{", "<", "</", "a{b", '{"answer": ', "{\n", "<think>{}</think>{"),
]


@pytest.mark.parametrize("unit", REPEATED)
def test_reading_takes_time_linear_in_the_reply(unit: str) -> None:
    """Eight times the text takes no more than about eight times as long, whatever is repeated in it."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        times = []
        for _ in range(3):
            start = time.process_time()
            read_object(text, KEYS)
            thinks(text)
            times.append(time.process_time() - start)
        return min(times)

    small = max(seconds(2**15), 0.002)
    assert seconds(2**18) < 25 * small


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
objects = st.dictionaries(st.text(min_size=1).map(lambda key: f"k_{key}"), values, min_size=1, max_size=4)
chatter = st.text() | st.sampled_from(
    [
        "```json\n",
        "\n```",
        "<think>",
        "</think>",
        "{",
        "}",
        '{"',
        '"',
        "[",
        "{}",
        '{"x": 1}',
        "<think>{</think>",
        "\\",
    ]
)


@given(chatter, objects, chatter, st.integers(min_value=0), st.booleans())
def test_never_a_wrong_object(before: str, wanted: dict[str, Any], after: str, cut: int, ascii: bool) -> None:
    """Chatter around JSON, cut anywhere: the object, or nothing."""
    text = before + json.dumps(wanted, ensure_ascii=ascii) + after
    for said in (text, text[: cut % (len(text) + 1)]):
        read = read_object(said, list(wanted))
        assert read is None or json.loads(read) == wanted


@given(objects, st.sampled_from(["", "Sure:\n", "```json\n", "<think>so {x}</think>", "thoughts</think>"]))
def test_usual_chatter_loses_nothing(wanted: dict[str, Any], before: str) -> None:
    """Behind what models usually say, the object is always found."""
    assert json.loads(read_object(before + json.dumps(wanted) + "\n```", list(wanted)) or "null") == wanted


@given(st.text(), st.lists(st.text()))
def test_no_text_is_an_exception(text: str, keys: list[str]) -> None:
    """Whatever a server says, reading it ends."""
    read_object(text, keys)
