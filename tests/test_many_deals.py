"""A text that reports several deals gives a record for each, and their facts do not mix."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from summarizer import DealSummary, summarize, summarize_all
from summarizer.llm.base import Profile, Reply, Request
from summarizer.records.values import Usage
from tests.conftest import FakeModel

STORIES = {
    "Alder": ("Birch", "£412 million"),
    "Cedar": ("Dogwood", "$95 million"),
    "Elm": ("Fir", "€1.2 billion"),
}
DIGEST = "The week in deals\n\n" + "\n\n".join(
    f"{buyer} to buy {target}\n\n{buyer} has agreed to buy {target} for {price}, it said on 4 March 2031. "
    f"The chair of {target} called the offer of {buyer} fair and said that it had come at the right time."
    for buyer, (target, price) in STORIES.items()
)


@dataclass
class Reader:
    """Lists the stories by their buyers, and fills a record with everything that it is shown."""

    profile: Profile = field(default_factory=lambda: Profile("whole", "model", concurrency=2, reasks=0))
    name: str = "reader"
    endpoint: str = "test"
    mode: str = "json_schema"
    stories: tuple[str, ...] = tuple(STORIES)
    shown: list[str] = field(default_factory=list)

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        self.shown.append(request.article)
        lines = re.findall(r"^\[(\d+)\] (.*)$", request.article, re.M)
        answers: dict[str, Any]
        if request.about == "the deals":
            answers = {
                "deals": [
                    {"deal": f"{buyer} buys", "sentences": [int(n) for n, said in lines if buyer in said]}
                    for buyer in self.stories
                ]
            }
        else:
            answers = {"is_deal": {"answer": "buy" in request.article, "sentence": 1}, "parties": []}
            for number, said in lines:
                at = {"sentence": int(number)}
                for buyer in STORIES:
                    if f"{buyer} has agreed" in said:
                        party = {"name": {"quote": buyer, **at}, "aliases": [], "role": "acquirer"}
                        answers["parties"].append(party)
                for price in re.findall(r"[£$€][\d.]+ [mb]illion", said)[:1]:
                    answers.setdefault(
                        "amount", {"quote": price, **at, "basis": "total", "undisclosed": False}
                    )
        return Reply(request.draft.model_validate_json(json.dumps(answers)), Usage(requests=1))


def test_each_deal_of_a_digest_has_a_record_of_its_own() -> None:
    """In order, from its own sentences alone, with offsets of the whole text."""
    model = Reader()
    records = summarize_all(DIGEST, model=model)
    assert [record.parties[0].name for record in records] == list(STORIES)
    for record, (_, price) in zip(records, STORIES.values(), strict=True):
        assert len(record.parties) == 1
        assert record.amount is not None
        assert record.amount.text == price
        for span in record.amount.evidence:
            assert DIGEST[span.start : span.end] == span.text
        assert not [finding for finding in record.findings if finding.code == "outside_article"]
    assert [record.usage.requests for record in records] == [2, 1, 1]
    assert len(model.shown) == 4


@pytest.mark.parametrize("listed", [(), ("Alder",)], ids=["none", "one"])
def test_a_text_with_one_deal_gives_the_record_of_summarize(listed: tuple[str, ...]) -> None:
    """The facts are equal; only the cost of listing is added."""
    text = DIGEST[: DIGEST.index("Cedar")].strip()
    (record,) = summarize_all(text, model=Reader(stories=listed))
    alone = summarize(text, model=Reader())
    apart = {"usage"}
    assert record.model_dump(exclude=apart) == alone.model_dump(exclude=apart)
    assert record.usage.requests == alone.usage.requests + 1


def test_a_text_without_a_deal_gives_nothing() -> None:
    """An empty list, and no error."""
    assert (
        summarize_all("The mill will open on Sunday, its owners said on Friday.", model=Reader(stories=()))
        == []
    )


def test_sentences_that_are_not_there_are_no_deal() -> None:
    """Numbers that a model makes up are left out."""

    class Inventing(Reader):
        async def ask(self, request: Request[Any]) -> Reply[Any]:
            if request.about != "the deals":
                return await super().ask(request)
            deals = {"deals": [{"deal": "x", "sentences": [97, 98]}, {"deal": "y", "sentences": []}]}
            return Reply(request.draft.model_validate(deals), Usage(requests=1))

    assert len(summarize_all(DIGEST, model=Inventing())) == 1


def test_a_model_that_asks_narrow_questions_reads_story_by_story() -> None:
    """It is not asked to list the deals."""
    model = FakeModel({"is_deal": "yes"}, profile=Profile("faceted", trust="rules", concurrency=1, reasks=0))
    records = summarize_all(DIGEST, model=model)
    assert [record.amount.text for record in records if record.amount] == [p for _, p in STORIES.values()]
    assert isinstance(records[0], DealSummary)
    assert all(request.about != "the deals" for request in model.requests)
