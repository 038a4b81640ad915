"""Plain Pydantic schemas: what can be read from a text, with evidence by path, and what is refused by name."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal, Optional

import pytest
from pydantic import BaseModel

from evals.loopback import fill
from summarizer import errors, summarize, summarize_many
from summarizer.asking.fields import fields_of
from summarizer.batch.output import columns
from summarizer.llm.base import Profile
from tests.conftest import FakeModel

TEXT = """Alder Mills bought the Birch bakery on 3 March 2031, and paid in cash.

Alder Mills employs 1,200 people and owns 12.5% of Cedar Foods. The bakery cost $4.25 million.
It bakes rye bread and oat cakes. Shops in Norvik have 40 jobs; shops in Estby have none yet.
Dana Holt runs the bakery. The rivals were not amused.
"""


class Mood(enum.Enum):
    GLAD = "glad"
    CROSS = "cross"


class Shop(BaseModel):
    town: str
    jobs: int | None = None


class Note(BaseModel):
    """Every plain annotation."""

    buyer: str
    staff: int
    share: float
    price: Decimal
    in_cash: bool
    day: datetime.date
    tone: Literal["dry", "warm"]
    mood: Mood
    adviser: Optional[str] = None  # noqa: UP045 - as people write it
    products: list[str] = []
    shops: list[Shop] = []
    bakery: Shop | None = None


def quote(words: str, sentence: int) -> dict[str, Any]:
    return {"quote": words, "sentence": sentence}


SAID: dict[str, Any] = {
    "buyer": quote("Alder Mills", 1),
    "staff": quote("1,200 people", 2),
    "share": quote("12.5%", 2),
    "price": quote("$4.25 million", 3),
    "in_cash": {"answer": True, "sentence": 1},
    "day": quote("3 March 2031", 1),
    "tone": {"answer": "dry", "sentence": 4},
    "mood": {"answer": "cross", "sentence": 7},
    "adviser": None,
    "products": [quote("rye bread", 4), quote("oat cakes", 4)],
    "shops": [
        {"town": quote("Norvik", 5), "jobs": quote("40 jobs", 5)},
        {"town": quote("Estby", 5), "jobs": None},
        {"town": quote("Atlantis", 5), "jobs": quote("40 jobs", 5)},
    ],
    "bakery": {"town": quote("Norvik", 5), "jobs": None},
}
READ: dict[str, Any] = {
    "buyer": "Alder Mills",
    "staff": 1200,
    "share": 12.5,
    "price": Decimal(4_250_000),
    "in_cash": True,
    "day": datetime.date(2031, 3, 3),
    "tone": "dry",
    "mood": Mood.CROSS,
    "adviser": None,
    "products": ["rye bread", "oat cakes"],
    "shops": [Shop(town="Norvik", jobs=40), Shop(town="Estby")],
    "bakery": Shop(town="Norvik"),
}
EVIDENCE = {
    "buyer": "Alder Mills bought",
    "staff": "1,200 people",
    "share": "12.5%",
    "price": "$4.25 million",
    "in_cash": "paid in cash",
    "day": "3 March 2031",
    "tone": "rye bread",
    "mood": "not amused",
    "products[0]": "rye bread",
    "products[1]": "oat cakes",
    "shops[0].town": "Norvik",
    "shops[0].jobs": "40 jobs",
    "shops[1].town": "Estby",
    "bakery.town": "Norvik",
}


@pytest.mark.parametrize("plan", ["whole", "faceted"])
@pytest.mark.parametrize("trust", ["model", "rules"])
def test_plain_annotations_are_read_with_evidence_by_path(plan: str, trust: str) -> None:
    """In every plan: no rule knows anything of such a schema, so the model's answers stand."""
    model = FakeModel(
        lambda schema: {name: SAID.get(name, fill(part)) for name, part in schema["properties"].items()},
        profile=Profile(plan, trust=trust, concurrency=2, reasks=0),
    )
    record = summarize(TEXT, schema=Note, model=model)
    assert isinstance(record, Note)
    assert {name: getattr(record, name) for name in Note.model_fields} == READ
    assert set(record.evidence) == set(EVIDENCE)
    for path, words in EVIDENCE.items():
        (span,) = record.evidence[path]
        assert words in span.text
        assert TEXT[span.start : span.end] == span.text
    assert [(f.code, f.field, "Atlantis" in f.message) for f in record.findings] == [
        ("unsupported", "shops[2].town", True)
    ]


def test_a_batch_reads_plain_schemas_too() -> None:
    """They are checked before anything is spent, hashed into the keys, and have a column for each field."""
    model = FakeModel(lambda schema: SAID, profile=Profile("whole", trust="model", concurrency=1, reasks=0))
    (result,) = summarize_many([TEXT], schema=Note, model=model)
    assert result.record is not None
    assert result.record.staff == 1200
    assert columns(Note)[:3] == ["buyer", "staff", "share"]


def test_a_required_fact_that_the_text_does_not_state_is_an_error() -> None:
    """The error names the field, and how to declare that a text may leave it out."""
    model = FakeModel(
        lambda schema: {**SAID, "buyer": quote("Globex", 1)},
        profile=Profile("whole", trust="model", concurrency=1, reasks=0),
    )
    with pytest.raises(errors.UnsupportedClaims, match=r"buyer: the article does not state it.*\| None"):
        summarize(TEXT, schema=Note, model=model)


@pytest.mark.parametrize(
    "annotation",
    [
        dict[str, str],
        set[int],
        complex,
        bytes,
        datetime.datetime,
        int | str,
        tuple[int, str],
        list[list[str]],
        Any,
        Callable[[], int],
    ],
    ids=str,
)
def test_a_type_that_cannot_be_read_is_refused_by_name(annotation: Any) -> None:
    """The error names the class, the field, the type, and what to use instead; nothing is asked."""
    schema = type("Odd", (BaseModel,), {"__annotations__": {"thing": annotation}})
    model = FakeModel({})
    with pytest.raises(errors.SchemaError, match=r"Odd\.thing: .+ cannot be read from a text\. Use str, int"):
        summarize(TEXT, schema=schema, model=model)
    assert model.requests == []


def test_a_model_inside_itself_and_a_name_of_the_records_own_are_refused() -> None:
    tree = type("Tree", (BaseModel,), {"__annotations__": {"name": str, "branches": "list[Tree]"}})
    tree.model_rebuild(_types_namespace={"Tree": tree})
    with pytest.raises(errors.SchemaError, match=r"Tree\.branches"):
        fields_of(tree)
    taken = type("Taken", (BaseModel,), {"__annotations__": {"usage": str}})
    with pytest.raises(errors.SchemaError, match=r"Taken\.usage: every record has a field of this name"):
        fields_of(taken)
