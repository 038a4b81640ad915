"""Facts one by one: what is told, in which order, and what closing, errors and loops do."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import BaseModel

from summarizer import DealSummary, Fact, Name, asummarize, errors, summarize
from summarizer.llm.base import Profile, Reply, Request
from tests.conftest import ANSWERS, ARTICLE, FACETED, VAGUE, FakeModel
from tests.test_pipeline import Slots

SEVERAL = Profile(plan="faceted", trust="rules", concurrency=4, reasks=0)


class Unhurried(FakeModel):
    """Lets the event loop turn, as a model over a network does."""

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        await asyncio.sleep(0.02)
        return await super().ask(request)


@dataclass
class Stalling(FakeModel):
    """Answers so many requests, then lets the rest wait, or fails one; says when it was asked and cancelled."""

    answered: int = 1
    failing: bool = False
    stalled: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        if len(self.requests) < self.answered:
            return await super().ask(request)
        self.requests.append(request)
        if self.failing and len(self.requests) == self.answered + 2:
            raise errors.EndpointUnavailable("gone", attempts=1)
        self.stalled.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError("nobody cancelled it")


def settled(facts: list[Fact]) -> dict[str, Any]:
    """What a reader holds at the end, who lets a later fact take the place of an earlier one."""
    return {fact.field: fact.value for fact in facts}


def test_facts_come_while_others_are_still_asked() -> None:
    """Each is told as soon as it is grounded, and not at the end."""
    model = Unhurried(ANSWERS)
    asked_when_told: dict[str, int] = {}
    for fact in summarize(ARTICLE, model=model, stream=True):
        assert isinstance(fact, Fact)
        asked_when_told.setdefault(fact.field, len(model.requests))
    assert asked_when_told["is_deal"] <= asked_when_told["amount"] < asked_when_told["headline"]
    assert asked_when_told["amount"] < len(model.requests)


@pytest.mark.parametrize("answers", [ANSWERS, {"is_deal": "no"}, {**ANSWERS, "headline": "Norrlund pays $1"}])
@pytest.mark.parametrize("plan", ["faceted", "whole"])
def test_the_last_fact_of_each_field_is_that_of_the_record(answers: dict[str, Any], plan: str) -> None:
    """Whoever keeps the latest fact of each field has the record; what was taken back is None or empty."""
    article = VAGUE if answers == {"is_deal": "no"} else ARTICLE
    stream = summarize(article, model=FakeModel(answers), plan=plan, stream=True)
    facts = settled(list(stream))
    record = stream.record()
    held = {name: getattr(record, name) for name in type(record).model_fields}
    for name, value in facts.items():
        assert held[name] == value or (held[name] == () and value is None)
    told = {name for name, value in facts.items() if value is not None and value != ()}
    assert told == {name for name in DealSummary.model_fields if held[name]} - {
        "findings",
        "certainty",
        "source",
        "provenance",
        "usage",
    } | {"is_deal"}


def test_the_record_is_that_of_a_call_without_a_stream(model: FakeModel) -> None:
    """Streaming changes nothing in what is found, and the record can be asked for at once."""
    plain = summarize(ARTICLE, model=model)
    streamed = summarize(ARTICLE, model=model, stream=True).record()
    assert streamed.model_dump(exclude={"usage"}) == plain.model_dump(exclude={"usage"})


def test_a_schema_of_ones_own_is_streamed() -> None:
    """The fields are those of the schema."""
    model = FakeModel({"buyers": ["Norrlund", "Globex"], "prices": ["€2.1 billion"]})
    with summarize(ARTICLE, schema=Slots, model=model, stream=True) as stream:
        facts = settled(list(stream))
    assert set(facts) == {"buyers", "prices"}
    assert stream.record().buyers == list(facts["buyers"])


def test_async_facts(model: FakeModel) -> None:
    """``async for`` gives the same facts, and the record is awaited."""

    async def read() -> tuple[list[Fact], DealSummary]:
        stream = asummarize(ARTICLE, model=model, stream=True)
        facts = [fact async for fact in stream]
        return facts, await stream.record()

    facts, record = asyncio.run(read())
    assert facts == list(summarize(ARTICLE, model=model, stream=True))
    assert record.amount == settled(facts)["amount"]


def test_a_stream_works_inside_a_running_loop(model: FakeModel) -> None:
    """A notebook has a loop of its own."""

    async def read() -> list[Fact]:
        return list(summarize(ARTICLE, model=model, stream=True))

    assert "amount" in settled(asyncio.run(read()))


def test_nothing_is_done_before_the_first_fact_is_asked_for(model: FakeModel) -> None:
    """A stream that nobody reads costs nothing, and can be closed."""
    stream = summarize(ARTICLE, model=model, stream=True)
    stream.close()
    assert model.requests == []
    assert list(stream) == []


@pytest.mark.parametrize("how", ["close", "with", "drop"])
def test_an_early_end_cancels_what_is_under_way(how: str) -> None:
    """The request that waits is cancelled at once, and no further one is sent."""
    model = Stalling(ANSWERS)
    stream = summarize(ARTICLE, model=model, stream=True)
    assert next(stream).field == "is_deal"
    assert model.stalled.wait(5)
    if how == "close":
        stream.close()
    elif how == "with":
        with stream:
            pass
    else:
        del stream
        gc.collect()
    assert model.cancelled.wait(5)
    assert len(model.requests) == 2
    if how != "drop":
        assert list(stream) == []
        with pytest.raises(errors.SummarizerError, match="closed before its end"):
            stream.record()


def test_cancelling_who_waits_cancels_the_request() -> None:
    """As with any coroutine: a timeout around the loop ends the work."""
    model = Stalling(ANSWERS)

    async def read() -> None:
        async with asummarize(ARTICLE, model=model, stream=True) as stream:
            async for _ in stream:
                pass

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(asyncio.wait_for(read(), 0.5))
    assert model.cancelled.is_set()
    assert len(model.requests) == 2


def test_errors_come_out_of_the_iterator(model: FakeModel) -> None:
    """After the facts that were found; asking for the record raises it again."""
    model.answers = {**ANSWERS, "buyer_or_investor": "Globex"}
    stream = summarize(ARTICLE, model=model, strict=True, stream=True)
    facts = []
    with pytest.raises(errors.UnsupportedClaims, match="Globex"):
        facts += [next(stream) for _ in range(100)]
    with pytest.raises(StopIteration):
        next(stream)
    with pytest.raises(errors.UnsupportedClaims, match="Globex"):
        stream.record()


def test_settings_that_cannot_work_are_refused_by_the_first_fact(model: FakeModel) -> None:
    """The error is that of a call without a stream."""
    with pytest.raises(errors.ConfigurationError, match="whole, faceted"):
        next(summarize(ARTICLE, model=model, plan="double", stream=True))


class Names(BaseModel):
    """Three names, which are asked for side by side."""

    buyer: Name | None = None
    seller: Name | None = None
    owner: Name | None = None


def test_one_failed_request_ends_the_others() -> None:
    """Requests of one article that run side by side do not outlive the one that failed."""
    model = Stalling(ANSWERS, profile=SEVERAL, failing=True)
    start = time.perf_counter()
    with pytest.raises(errors.EndpointUnavailable):
        summarize(ARTICLE, schema=Names, model=model)
    assert model.cancelled.is_set()
    assert time.perf_counter() - start < 5


def test_streams_may_run_side_by_side() -> None:
    """Two that are read in turns do not mix."""
    one = summarize(ARTICLE, model=FakeModel(ANSWERS), stream=True)
    two = summarize("Orchard bought Ash.", model=FakeModel({"is_deal": "yes"}, profile=FACETED), stream=True)
    assert {next(one).field, next(two).field} == {"is_deal"}
    assert one.record().amount is not None
    assert two.record().amount is None
