"""The batch key: what decides a record is part of it, so that one output never mixes records of two programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from summarizer import summarize_many
from summarizer.batch import keys
from summarizer.batch.keys import Setup, deciding_versions, item_key
from summarizer.versions import hash_of

from .conftest import Scripted, text

SETUP = Setup(*("m", "e", "whole", "model", "p", "s", False, None), versions={"package": "0.1", "code": "c"})


@pytest.mark.parametrize(
    "change",
    [{"strict": True}, {"max_windows": 2}]
    + [{"versions": {"package": "0.1", **more}} for more in ({}, {"code": "x"}, {"code": "c", "new": "x"})]
    + [{name: "x"} for name in ("model", "endpoint", "plan", "trust", "prompt_hash", "schema_hash")],
)
def test_each_part_of_the_setup_is_part_of_the_key(change: dict[str, Any]) -> None:
    """The same text and setup give the same key; another text or any other part of the setup does not."""
    key = item_key("text", SETUP.digest)
    assert key == item_key("text", replace(SETUP).digest)
    assert len({key, item_key("texts", SETUP.digest), item_key("text", replace(SETUP, **change).digest)}) == 3


def test_key_of_a_lone_surrogate() -> None:
    """A text that UTF-8 cannot encode has a key all the same."""
    assert item_key("\ud800", SETUP.digest) != item_key("?", SETUP.digest)


@pytest.mark.parametrize("name", sorted(deciding_versions()))
def test_records_of_other_rules_are_not_reused(
    model: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A journal written by another version of any deciding module is asked anew, whole."""
    options: dict[str, Any] = {"model": model, "journal": tmp_path / "journal"}
    articles = [(f"a{n}", text(n)) for n in range(3)]
    with monkeypatch.context() as earlier:
        earlier.setattr(keys, "deciding_versions", lambda: {**deciding_versions(), name: "earlier"})
        list(summarize_many(articles, **options))
    asked = sum(model.asked.values())
    assert not any(result.reused for result in summarize_many(articles, **options))
    assert sum(model.asked.values()) == 2 * asked
    assert all(result.reused for result in summarize_many(articles, **options))


@pytest.mark.parametrize(
    "module", ["rules", "policy.py", "facts.py", "checks.py", "figures", "grounding", "plans"]
)
def test_the_rules_are_hashed_from_their_source(tmp_path: Path, module: str) -> None:
    """A changed line in a module that reads or settles a fact changes the version of the rules."""
    import shutil

    package = Path(keys.__file__).parents[1]
    copy = tmp_path / "summarizer"
    shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = hash_of(copy)
    assert before == deciding_versions()["code"]
    (copy / "batch" / "items.py").write_text("# how articles are found decides no record\n")
    assert hash_of(copy) == before
    path = copy / module
    path = next(path.glob("[a-z]*.py")) if path.is_dir() else path
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert hash_of(copy) != before
