"""Result files: ids, and whatever a line may contain."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.batch.provider_files import custom_id, read_id, read_results, request_hash
from summarizer.errors import InputError

from .provider import read
from .provider_folder import Folder, articles


def test_ids_tell_the_content_and_the_sending() -> None:
    """An id is read back as it was made, is short enough for every provider, and others are not taken for one."""
    hash = request_hash('{"model": "m"}')
    assert read_id(custom_id(hash, 2)) == (hash, 2)
    assert len(custom_id(hash, 3)) <= 64
    half = hash.hex()
    for foreign in ("", "request-1", half, f"{half}-", f"{half}-x", f"{half[:-2]}-1", "-1"):
        assert read_id(foreign) is None


def test_a_result_file_that_is_not_there_is_named(folder: Folder) -> None:
    """A mistyped name is told as one."""
    with pytest.raises(InputError, match=r"no file .*resluts"):
        folder.take(folder.path / "resluts.jsonl")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["response", "error", "status_code", "body", "choices"]
NAMES += ["message", "content", "refusal", "finish_reason"]


def _shaped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(NAMES), inner, max_size=4) | st.lists(inner, max_size=2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    result=st.dictionaries(st.sampled_from(NAMES), st.recursive(JSON, _shaped, max_leaves=12), max_size=4),
    cut=st.integers(0, 400),
)
def test_no_line_of_results_breaks_the_import(folder: Folder, result: dict[str, Any], cut: int) -> None:
    """Whatever stands in a line, cut anywhere: it is counted as something, and the next round can be made."""
    files = folder.store.files()
    requests = folder.path / files[0].name if files else folder.round(articles(1)).files[0]
    id = read(requests)[0]["custom_id"]
    path = folder.path / "odd.jsonl"
    path.write_bytes(json.dumps({"custom_id": id, **result}).encode()[: cut or None])
    counts: Counter[str] = Counter()
    read_results(path, folder.store, counts)
    assert sum(counts.values()) >= 1
    folder.round(articles(1))
