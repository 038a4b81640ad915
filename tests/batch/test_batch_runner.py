"""Many articles: order, isolation, resuming, one payment for one text, deadlines, budgets, and memory."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from summarizer import DealSummary, asummarize_many, summarize_many
from summarizer.batch import runner
from summarizer.batch.results import Progress, Result
from summarizer.batch.store import read_status
from summarizer.errors import (
    AuthenticationError,
    ConfigurationError,
    EndpointUnavailable,
    InputError,
    QuotaExceeded,
)
from summarizer.prices import Price
from summarizer.records.values import Usage

from .conftest import Scripted, text, texts


def test_each_article_once_and_in_order(model: Scripted) -> None:
    """Every article comes out once, in the order in which it went in, with its own record and id."""
    results = list(summarize_many(texts(40), model=model))
    assert [result.id for result in results] == [f"a{n}" for n in range(40)]
    for number, result in enumerate(results):
        assert isinstance(result.record, DealSummary)
        assert result.record.source is not None
        assert result.record.source.id == f"a{number}"
        assert result.record.amount is not None
        assert result.record.amount.value == (number + 1) * 1_000_000
    assert len({result.key for result in results}) == 40


def test_as_completed(model: Scripted) -> None:
    """Out of order, one slow article holds up none."""

    async def scenario() -> list[str]:
        seen = []
        results = asummarize_many(texts(20, {0: "hang"}), model=model, in_order=False)
        async for result in results:
            seen.append(result.id)
            if len(seen) == 19:
                break
        await results.aclose()  # type: ignore[attr-defined]
        return seen

    assert sorted(asyncio.run(scenario())) == sorted(f"a{n}" for n in range(1, 20))


def test_failures_are_results(model: Scripted) -> None:
    """What fails one article is a result with its kind and words, and the others go on."""
    told = {1: "refused", 3: "invalid", 5: "bug", 7: "down"}
    sources: list[Any] = [*texts(10, told), ("empty", " "), ("none", Path("no such file.txt"))]
    results = {result.id: result for result in summarize_many(sources, model=model)}
    kinds = {id: result.failure.kind for id, result in results.items() if result.failure}
    assert kinds == {
        "a1": "Refused",
        "a3": "InvalidReply",
        "a5": "ZeroDivisionError",
        "a7": "EndpointUnavailable",
        "empty": "EmptyInput",
        "none": "InputError",
    }
    assert results["a1"].failure.message == "It refused."
    assert results["a1"].record is None
    spent = results["a3"].usage
    assert (spent.requests, spent.prompt_tokens) == (2, 200)
    assert "This is a bug" in results["a5"].failure.message
    assert results["a9"].record is not None


def test_second_start_pays_nothing(model: Scripted, tmp_path: Path) -> None:
    """With a journal, what is done or failed comes out again and nothing is asked."""
    journal = tmp_path / "journal"
    first = list(summarize_many(texts(10, {4: "refused"}), model=model, journal=journal))
    asked = sum(model.asked.values())
    second = list(summarize_many(texts(10, {4: "refused"}), model=model, journal=journal))
    assert sum(model.asked.values()) == asked
    assert all(result.reused for result in second)
    assert [result.record for result in second] == [result.record for result in first]
    assert second[4].failure == first[4].failure
    assert sum(result.usage.requests for result in second) == 0


# A text for a column of the journal, as SQL, made from what stands there.
DAMAGE = {
    "cut JSON": ("record", "substr(record, 1, length(record) - 20)"),
    "no JSON": ("record", "'damaged'"),
    "empty": ("record", "''"),
    "no record": ("record", "NULL"),
    "a newline between two fields": ("record", "replace(record, '\",\"', '\",' || char(10) || '\"')"),
    "a newline at the end": ("record", "record || char(10)"),
    "a newline inside a text": ("record", "replace(record, 'Birch', 'Bi' || char(10) || 'rch')"),
    "another object": ("record", "'{}'"),
    "a choice that is none": ("record", 'replace(record, \'"value":"2\', \'"value":"x\')'),
    "a field too many": ("record", "'{\"extra\":1,' || substr(record, 2)"),
    "two records": ("record", "record || record"),
    "bytes that are no UTF-8": ("record", "CAST(x'7bff7d' AS TEXT)"),
    "a blob": ("record", "CAST(record AS BLOB)"),
    "an id that is no UTF-8": ("id", "CAST(x'61ff' AS TEXT)"),
    "a count that is no number": ("requests", "'many'"),
    "a count below zero": ("attempts", "'x'"),
    "a cost that is no number": ("cost", "'1,5'"),
}


@pytest.mark.parametrize("column_and_value", DAMAGE.values(), ids=DAMAGE)
def test_damaged_rows_are_asked_again(
    model: Scripted, tmp_path: Path, column_and_value: tuple[str, str]
) -> None:
    """A record of the journal that is damaged in any way is not published: it is asked again, and it alone."""
    journal = tmp_path / "journal"
    first = list(summarize_many(texts(3), model=model, journal=journal))
    column, value = column_and_value
    with contextlib.closing(sqlite3.connect(journal)) as db:
        db.execute(f"UPDATE items SET {column} = {value} WHERE key = ?", (first[1].key,))  # noqa: S608
        db.commit()
    again = list(summarize_many(texts(3), model=model, journal=journal))
    assert [result.reused for result in again] == [True, False, True]
    assert all("\n" not in (result.record_json or "") for result in again)
    facts = [result.record.model_dump(exclude={"usage"}) for result in again]
    assert facts == [result.record.model_dump(exclude={"usage"}) for result in first]
    assert all(result.reused for result in summarize_many(texts(3), model=model, journal=journal))


def test_retry_failed(model: Scripted, tmp_path: Path) -> None:
    """Under retry_failed what failed is asked again, once, also where two articles share the text."""
    journal = tmp_path / "journal"
    sources = [*texts(5, {2: "refused"}), ("again", text(2, "refused"))]
    list(summarize_many(sources, model=model, journal=journal))
    assert model.asked["2"] == 1
    results = list(summarize_many(sources, model=model, journal=journal, retry_failed=True))
    assert model.asked["2"] == 2
    assert [result.id for result in results if result.failure] == ["a2", "again"]
    model.faults.clear()
    results = list(summarize_many(sources, model=model, journal=journal, retry_failed=True))
    assert [result.failure for result in results] == [None] * 6
    assert model.asked["1"] == model.asked["4"]


@pytest.mark.parametrize("journaled", [True, False])
def test_one_text_is_paid_for_once(model: Scripted, tmp_path: Path, journaled: bool) -> None:
    """The same text under several ids is asked once, and each id has its record."""
    model.seconds = 0.01
    journal = tmp_path / "journal" if journaled else None
    same = [(f"same{n}", text(1)) for n in range(3)]
    results = list(summarize_many(same, model=model, journal=journal))
    assert [result.record.source.id for result in results] == ["same0", "same1", "same2"]
    assert [result.reused for result in results].count(False) == 1
    alone = Scripted()
    list(summarize_many(same[:1], model=alone))
    assert model.asked == alone.asked


def test_other_setup_is_asked_anew(model: Scripted, tmp_path: Path) -> None:
    """A record that another plan, prompt or strictness made is not taken for this one."""
    journal = tmp_path / "journal"
    for options in ({}, {"strict": True}, {"plan": "faceted"}):
        results = list(summarize_many(texts(2), model=model, journal=journal, **options))  # type: ignore[arg-type]
        assert not any(result.reused for result in results)


@pytest.mark.parametrize(("fault", "error"), [("key", AuthenticationError), ("quota", QuotaExceeded)])
def test_what_fails_all_ends_the_run(
    model: Scripted, tmp_path: Path, fault: str, error: type[Exception]
) -> None:
    """A refused key or an empty account ends the run; what was done is kept, and the one it hit is asked again."""
    journal = tmp_path / "journal"
    sources = texts(50, {6: fault})
    done: list[Result] = []
    with pytest.raises(error):
        done.extend(summarize_many(sources, model=model, journal=journal, concurrency=2))
    assert {result.id for result in done} >= {f"a{n}" for n in range(6)}
    assert len(done) < 20
    model.faults.clear()
    asked = dict(model.asked)
    results = list(summarize_many(sources, model=model, journal=journal))
    assert len(results) == 50
    assert all(result.failure is None for result in results)
    for result in done:
        assert model.asked[result.id[1:]] == asked[result.id[1:]]


def test_deadline(model: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """An article that is not done in time fails alone, and says after how long."""
    monkeypatch.setattr(runner, "_GRACE", 0.01)
    results = list(summarize_many(texts(4, {1: "hang"}), model=model, deadline=0.2))
    assert [getattr(result.failure, "kind", "") for result in results] == ["", "DeadlineExceeded", "", ""]
    assert "0.2 s" in results[1].failure.message  # type: ignore[union-attr]


def test_concurrency_is_a_cap(model: Scripted) -> None:
    """Never more articles are in flight than allowed."""
    model.seconds = 0.005
    list(summarize_many(texts(60), model=model, concurrency=5))
    assert model.most == 5
    with pytest.raises(ConfigurationError, match="1 or more"):
        list(summarize_many(texts(1), model=model, concurrency=0))


def test_window_is_bounded(model: Scripted) -> None:
    """The input is read only a little ahead of what was taken out, so memory does not grow with it."""
    read = 0

    def endless() -> Iterator[tuple[str, str]]:
        nonlocal read
        while True:
            read += 1
            yield f"a{read}", text(read)

    results = summarize_many(endless(), model=model, concurrency=2)
    for _ in range(10):
        next(results)
    time.sleep(0.3)
    assert read < 10 + 4 * 2 + 40
    results.close()  # type: ignore[attr-defined]
    before = read
    time.sleep(0.1)
    assert read <= before + 1


def test_asynchronous_input(model: Scripted) -> None:
    """An asynchronous iterable is read as it comes, and what it raises comes out after what was in flight."""

    async def sources() -> AsyncIterator[tuple[str, str]]:
        for item in texts(5):
            await asyncio.sleep(0)
            yield item
        raise InputError("The input broke.")

    seen: list[str] = []

    async def scenario() -> None:
        async for result in asummarize_many(sources(), model=model):
            seen.append(result.id)

    with pytest.raises(InputError, match="broke"):
        asyncio.run(scenario())
    assert seen == [f"a{n}" for n in range(5)]


def test_ids_of_articles_without(model: Scripted, tmp_path: Path) -> None:
    """Without an id, an article goes by its path or its position; a single text is refused as a list."""
    path = tmp_path / "one.txt"
    path.write_text(text(1))
    results = list(summarize_many([text(0), path, text(2).encode()], model=model))
    assert [result.id for result in results] == ["1", path.as_posix(), "3"]
    with pytest.raises(InputError, match="takes an iterable"):
        list(summarize_many(text(0), model=model))  # type: ignore[arg-type]


def test_inside_a_running_loop(model: Scripted) -> None:
    """The sync face works where an event loop runs already, as in a notebook."""

    async def cell() -> int:
        return len(list(summarize_many(texts(3), model=model)))

    assert asyncio.run(cell()) == 3


def test_progress_is_told(model: Scripted, tmp_path: Path) -> None:
    """After each article the progress is told: done, failed, what came from the journal, what was spent."""
    told: list[tuple[int, int, int, int]] = []

    def tell(progress: Progress) -> None:
        told.append((progress.done, progress.failed, progress.reused, progress.tokens))

    journal = tmp_path / "journal"
    list(summarize_many(texts(3), model=model, journal=journal, progress=tell))
    per_article = told[0][3]
    assert per_article > 0
    assert told[-1] == (3, 0, 0, 3 * per_article)
    list(summarize_many(texts(4, {3: "refused"}), model=model, journal=journal, progress=tell))
    assert told[-1] == (3, 1, 3, 0)


def test_budget_in_tokens(model: Scripted, tmp_path: Path) -> None:
    """The batch ends before the budget is spent, and a higher one goes on with the same journal."""
    model.seconds = 0.002
    journal = tmp_path / "journal"
    each = next(summarize_many(texts(1), model=model)).usage
    cost = each.prompt_tokens + each.completion_tokens
    results = list(summarize_many(texts(60), model=model, journal=journal, budget=f"{cost * 20}tokens"))
    assert 12 <= len(results) <= 20
    asked = sum(model.asked.values())
    again = list(summarize_many(texts(60), model=model, journal=journal, budget=f"{cost * 12}tokens"))
    assert all(result.reused for result in again)
    assert sum(model.asked.values()) == asked
    results = list(summarize_many(texts(60), model=model, journal=journal, budget=f"{cost * 100}tokens"))
    assert len(results) == 60
    assert read_status(journal).spent.requests == 60 * each.requests


def test_budget_in_money(model: Scripted) -> None:
    """Money needs a price; with one the cost is on each record, and the batch ends in time."""
    with pytest.raises(ConfigurationError, match="price of a token"):
        list(summarize_many(texts(20), model=model, budget="1usd", concurrency=1))
    price = Price(Decimal(1000), Decimal(1000), Decimal(2000))
    results = list(summarize_many(texts(20), model=model, budget="1usd", price=price, concurrency=1))
    each = results[0].record.usage.cost
    assert each == results[0].usage.cost == Decimal("0.12") * results[0].usage.requests
    assert len(results) == int(1 / each)


def test_an_article_that_fails_uncounted_leaves_the_sum_known(model: Scripted) -> None:
    """A budget in money outlives an article that no completion came for: nothing was counted, nothing is owed."""
    model.faults["lost"] = lambda: EndpointUnavailable("Lost.", attempts=4, usage=Usage(requests=4))
    results = list(
        summarize_many(texts(4, {1: "lost"}), model=model, budget="1usd", price="1,2", concurrency=1)
    )
    assert [result.failure is None for result in results] == [True, False, True, True]
    assert results[1].usage.cost == 0


def test_templates_are_read_once(model: Scripted, tmp_path: Path) -> None:
    """One edited while a batch runs changes none of its rows: they share a key with those before."""
    template = tmp_path / "whole.j2"
    template.write_text("Read with care.", encoding="utf-8")
    systems: list[str] = []

    def edit(request: Any) -> None:
        systems.append(request.system)
        template.write_text("Read in haste.", encoding="utf-8")

    results = list(summarize_many(texts(3), model=model, prompt_dir=tmp_path, on_request=edit, concurrency=1))
    assert set(systems) == {"Read with care."}
    assert len({result.record.provenance.prompt_hash for result in results}) == 1


def test_a_mistyped_option_is_refused() -> None:
    """As Python does for any function."""
    with pytest.raises(
        TypeError, match=r"summarize_many\(\) got an unexpected keyword argument 'concurency'"
    ):
        list(summarize_many(texts(1), concurency=3))  # type: ignore[call-arg]


def test_blocking_input_holds_up_nothing(model: Scripted) -> None:
    """Articles in flight are finished while the input keeps the reader waiting."""
    go_on = threading.Event()

    def sources() -> Iterator[tuple[str, str]]:
        yield from texts(3)
        go_on.wait(20)
        yield "last", text(99)

    results = summarize_many(sources(), model=model)
    assert [next(results).id for _ in range(3)] == ["a0", "a1", "a2"]
    go_on.set()
    assert [result.id for result in results] == ["last"]
