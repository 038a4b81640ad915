"""The closed sets: the record, the draft, the codebook and the labellers' guideline name the same members."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from summarizer.asking.codebook import codebook
from summarizer.asking.drafts import draft_of
from summarizer.asking.fields import Field, Form, fields_of
from summarizer.figures import Qualifier
from summarizer.records.deal import DealSummary

GUIDELINE = Path(__file__).parents[2] / "evals" / "GUIDELINE.md"


def closed_sets(fields: Sequence[Field], path: str = "") -> Iterator[tuple[str, list[str]]]:
    for one in fields:
        if one.form is Form.CHOICE:
            yield path + one.name, [label for label, _ in one.members]
        yield from closed_sets(one.fields, f"{path}{one.name}.")


SETS = dict(closed_sets(fields_of(DealSummary)))


def enum_at(schema: dict[str, Any], path: str, root: dict[str, Any]) -> list[str]:
    """The members that a JSON schema allows at a path."""
    node: Any = schema
    for name in [*path.split("."), ""]:
        while "properties" not in node and "enum" not in node:
            if "$ref" in node:
                node = root["$defs"][node["$ref"].rpartition("/")[2]]
            elif "items" in node:
                node = node["items"]
            else:
                node = next(part for key in ("anyOf", "allOf") for part in node.get(key, ()))
        node = (
            node["properties"][name if name in node["properties"] else "answer"]
            if "enum" not in node
            else node
        )
    return list(node["enum"])


def in_guideline() -> dict[str, list[str]]:
    """The table of closed sets in the guideline."""
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", GUIDELINE.read_text(encoding="utf-8"), re.MULTILINE)
    return {path: re.findall(r"`(\w+)`", members) for path, members in rows}


def test_the_guideline_has_every_closed_set_and_no_other() -> None:
    assert {"qualifier": [str(q.value) for q in Qualifier], **SETS} == in_guideline()


@pytest.mark.parametrize("path", SETS)
def test_record_draft_and_codebook_have_the_same_members(path: str) -> None:
    record = DealSummary.model_json_schema(mode="serialization")
    draft = draft_of(DealSummary).model_json_schema()
    assert enum_at(record, path, record) == enum_at(draft, path, draft) == SETS[path]
    depth, name = path.count("."), path.rpartition(".")[2]
    told = [line for line in codebook(DealSummary) if (line.depth, line.name) == (depth, name)]
    assert SETS[path] in [[member.name for member in line.members] for line in told]
    assert all(member.meaning for line in told for member in line.members)
