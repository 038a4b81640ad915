from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from summarizer import DealSummary, Money, Name, summarize
from summarizer.asking.slots import slots
from summarizer.certainty import (
    BY_WORDS,
    CHOSEN_FIGURE,
    COPIED,
    CUED,
    DECIDED,
    DOUBTFUL,
    DOUBTS,
    GATE,
    HOW,
    IN_LEAD,
    JUDGED,
    LEFT_OUT,
    OBJECTED,
    SEVERAL,
    SUPPORTS,
    WEIGHTS,
    probability,
)
from summarizer.findings import Finding
from summarizer.inventory import Inventory
from summarizer.plans.narrow_certainty import certainties
from summarizer.policy import hints
from summarizer.records.values import Certainty
from tests.conftest import ANSWERS, ARTICLE, VAGUE, FakeModel


def grounds_of(record: Any) -> dict[str, tuple[str, ...]]:
    return {each.field: each.grounds for each in record.certainty}


def leaves(record: DealSummary) -> set[str]:
    """The paths of all that a record states, prose aside."""
    found = set()
    for name in slots(DealSummary):
        value = getattr(record, name.name)
        if value is None or name.name in ("headline", "narrative"):
            continue
        for index, part in enumerate(value if name.many else (value,)):
            at = f"{name.name}[{index}]" if name.many else name.name
            inner = [item.name for item in name.items if getattr(part, item.name) is not None]
            found |= {f"{at}.{each}" for each in inner} or {at}
    return found


def test_every_fact_has_a_number_and_how_it_was_found(model: FakeModel) -> None:
    """Each fact of a record has one certainty, from 0 to 1, whose first ground is how it was found; prose has none."""
    record = summarize(ARTICLE, model=model)
    assert {each.field for each in record.certainty} == leaves(record)
    assert len(record.certainty) == len(leaves(record))
    for each in record.certainty:
        assert each.grounds[0] in HOW
        assert set(each.grounds[1:]) <= {*SUPPORTS, *DOUBTS}
        assert each.value == probability(each.grounds)
        assert 0 < each.value < 1


def test_how_a_fact_was_found_is_told() -> None:
    """What code read, what the model decided and what was copied are told apart, with where it stands."""
    grounds = grounds_of(summarize(ARTICLE, model=FakeModel(ANSWERS)))
    assert grounds["amount"] == (BY_WORDS, IN_LEAD)
    assert grounds["status"] == (DECIDED,)
    assert grounds["parties[0].name"] == (COPIED, IN_LEAD)
    assert grounds["parties[1].role"] == (JUDGED, IN_LEAD)
    assert grounds["people[0].change"][0] == DECIDED
    assert grounds["conditions[0]"] == (CUED,)


def test_a_figure_that_the_model_chose_is_told_apart(inventory: Inventory) -> None:
    """A figure of a schema that no rule knows was chosen by the model."""

    class Own(BaseModel):
        worth: Money | None = None
        owner: Name | None = None

    record = summarize(ARTICLE, schema=Own, model=FakeModel({"worth": "€7 billion", "owner": "Norrlund"}))
    assert grounds_of(record) == {"worth": (CHOSEN_FIGURE, IN_LEAD), "owner": (COPIED, IN_LEAD)}


def test_doubts_of_the_checks_and_of_the_whole(inventory: Inventory) -> None:
    """A finding on a fact, what was left out of its field, and a text that only the model takes for a deal lower it."""
    asked = slots(DealSummary)
    record = summarize(ARTICLE, model=FakeModel(ANSWERS))
    facts = {slot.name: getattr(record, slot.name) for slot in asked}
    findings = (
        Finding(code="role_clash", field="parties[1]", message="…"),
        Finding(code="unsupported", field="people[4].name", message="…"),
        Finding(code="two_figures", field="amount", message="…"),
    )
    found = {
        each.field: each for each in certainties(asked, facts, {}, findings, inventory, hints(inventory))
    }
    plain = {each.field: each for each in certainties(asked, facts, {}, (), inventory, hints(inventory))}
    lowered = {field for field in found if found[field].grounds != plain[field].grounds}
    assert all(found[field].value <= plain[field].value for field in found)
    assert found["parties[1].role"].value < plain["parties[1].role"].value
    assert lowered == {field for field in found if field.startswith(("parties[1]", "people["))}
    assert OBJECTED in found["parties[1].role"].grounds
    assert LEFT_OUT in found["people[0].name"].grounds
    vague = grounds_of(summarize(VAGUE, model=FakeModel(ANSWERS)))
    assert vague["is_deal"] == (JUDGED,)
    assert all(GATE in grounds for field, grounds in vague.items() if field != "is_deal")


def test_the_weights_are_whole_and_point_the_right_way() -> None:
    """Every ground has a weight, no support lowers and no doubt raises; what is likely right is over even odds."""
    assert set(WEIGHTS) == {*HOW, *SUPPORTS, *DOUBTS}
    assert all(WEIGHTS[support] >= 0 for support in SUPPORTS)
    assert all(WEIGHTS[doubt] <= 0 for doubt in DOUBTS)
    assert probability([BY_WORDS, IN_LEAD, SEVERAL]) > DOUBTFUL > probability([CUED])
    assert probability([BY_WORDS], dict.fromkeys(HOW, 0.0)) == 0.5


@pytest.mark.parametrize(
    ("path", "inside"),
    [("people[1]", True), ("people", True), ("people[1].name", True), ("people[11]", False)],
)
def test_a_part_of_a_fact_is_under_it(path: str, inside: bool) -> None:
    """Paths are compared by their steps and not by their letters."""
    assert Certainty(field="people[1].name", value=0.5).under(path) is inside
