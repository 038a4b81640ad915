"""Rounds of batch files: nothing is lost, nothing is asked twice, and the records are those of any other engine."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest
from pydantic import SecretStr

from summarizer import DealSummary, asummarize
from summarizer.batch.items import Item
from summarizer.batch.keys import item_key, setup_of
from summarizer.batch.rounds import Asking
from summarizer.batch.store import SENDINGS, RequestState
from summarizer.errors import SchemaError
from summarizer.llm.endpoint import Endpoint
from summarizer.llm.open import LARGE
from summarizer.prompting import load
from tests.conftest import ARTICLE
from tests.fault_server import Answer, completion, serve

from .provider import Line, fill, good, line, read
from .provider_folder import Folder, articles


def test_rounds_end_in_records(folder: Folder) -> None:
    """One request for each article, and then every article is a record; nothing is asked twice."""
    items = articles(4)
    first = folder.round(items)
    assert (first.articles, first.asked) == ({"waiting": 4}, {"new": 4})
    assert folder.take(*map(folder.answered, first.files)) == {"answered": 4}
    last = folder.round(items)
    assert (last.articles, last.asked, last.files) == ({"done": 4}, {}, [])
    sent = folder.sent()
    assert len({one["custom_id"] for one in sent}) == len(sent) == 4
    assert {(one["method"], one["url"]) for one in sent} == {("POST", "/v1/chat/completions")}


def test_bodies_and_records_are_those_of_the_endpoint(folder: Folder) -> None:
    """Each body in the files, of a re-ask and of a larger limit too, is what reaches a server; so is the record."""
    odd = [("no JSON", "stop"), ("{", "length")]
    script: list[Answer] = []

    def how(number: int, request: Line) -> Line:
        content, finish = odd[len(script)] if len(script) < len(odd) else (fill(request["body"]), "stop")
        script.append(completion(content, finish=finish, usage=False))
        return good(request, content, finish_reason=finish)

    item = Item("a", ARTICLE)
    with serve(script) as served:
        folder.asking = Asking("m", served.base_url, DealSummary)
        while (done := folder.round([item])).files:
            folder.take(folder.answered(done.files[0], how))
        model = Endpoint("m", served.base_url, SecretStr("k"), LARGE)

        async def direct() -> DealSummary:
            try:
                return await asummarize(ARTICLE, model=model, plan="whole", id="a")
            finally:
                await model.close()

        record = asyncio.run(direct())
    assert [one["body"] for one in folder.sent()] == served.requests
    limits = [request["max_tokens"] for request in served.requests]
    assert (len(limits), limits[2]) == (3, 3 * limits[1])
    (result,) = folder.results
    assert result.key == item_key(ARTICLE, setup_of(model, DealSummary, load(), plan="whole").digest)
    kept = json.loads(result.record_json or "")
    timed = {"seconds": record.usage.seconds, "prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0}
    kept["usage"].update(timed)
    assert kept == {
        **record.model_dump(mode="json"),
        "usage": {**record.usage.model_dump(mode="json"), **timed},
    }


def test_whatever_a_provider_does_every_article_is_accounted_for(folder: Folder) -> None:
    """Missing, failed, expired, doubled, foreign, cut and empty results: each counted, each article done or failed."""
    items = articles(40)
    faults = _faults()
    total: Counter[str] = Counter()
    rounds = 0
    done = folder.round(items)
    while done.files and rounds < 20:
        for path in done.files:
            results = folder.answered(path, lambda number, request: next(faults)(request))
            text = results.read_text(encoding="utf-8")
            if not text:  # a file without any result is still out
                text = folder.answered(path).read_text(encoding="utf-8")
            rounds += 1
            foreign = json.dumps({**json.loads(text.splitlines()[0]), "custom_id": "request-7"})
            results.write_text(text + text.splitlines()[0] + "\n" + foreign + '\n{"id": "batch_re', "utf-8")
            total += folder.take(results)
        total["missing"] += folder.store.retry_missing()
        done = folder.round(items)
    assert not done.files
    assert done.articles["waiting"] == 0
    assert done.articles["done"] + done.articles["failed"] == 40
    assert done.articles["done"] > 25
    assert total["foreign"] == total["unreadable"] == rounds
    assert total["known"] >= rounds
    assert min(total[what] for what in ("answered", "failed", "expired", "cut", "refused", "missing")) > 0
    sent = Counter(one["custom_id"].partition("-")[0] for one in folder.sent())
    assert max(sent.values()) == SENDINGS
    assert folder.store.count(RequestState.FAILED) > 0


def _faults() -> Iterator[Any]:
    sevenths = itertools.cycle([True, *[False] * 6])
    bodies = [
        good,
        lambda request: None,
        good,
        lambda request: line(request, None, {"code": "batch_expired", "message": "too late"}),
        good,
        lambda request: line(request, {"status_code": 500, "body": {"error": {"message": "oops"}}}),
        lambda request: (
            line(request, {"status_code": 400, "body": None}, "bad request")
            if next(sevenths)
            else good(request)
        ),
        lambda request: good(request, "not JSON"),
        good,
        lambda request: good(request, "{", finish_reason="length"),
        lambda request: line(request, {"status_code": 200, "body": {"choices": []}}),
        lambda request: good(request, None, refusal="I will not") if next(sevenths) else good(request),
        lambda request: {**good(request), "response": "ok"},
    ]
    while True:
        yield from bodies


def test_importing_twice_or_by_halves_changes_nothing(folder: Folder) -> None:
    """A result that is read again is known, and the files and rows that follow are the same."""
    items = articles(3)
    (requests,) = folder.round(items).files
    results = folder.answered(requests, lambda n, request: good(request) if n else _expired(request))
    half = folder.path / "half.jsonl"
    half.write_text(results.read_text(encoding="utf-8").partition("\n")[0], encoding="utf-8")
    assert folder.take(half, results, results) == {"answered": 2, "failed": 1, "expired": 1, "known": 4}
    second = folder.round(items)
    assert (second.articles, second.asked) == ({"done": 2, "waiting": 1}, {"again": 1})
    # The old file says again that a request expired; it has been sent anew, and that counts.
    assert folder.take(results) == {"known": 3}
    assert folder.round(items).files == []
    assert folder.store.retry_missing() == 0


def _expired(request: Line) -> Line:
    return line(request, None, {"code": "batch_expired", "message": "too late"})


def test_a_late_answer_to_an_earlier_sending_is_taken(folder: Folder) -> None:
    """What was thought lost and sent again may still come: it is paid for, so it is used."""
    (requests,) = folder.round(articles(1)).files
    folder.take(folder.answered(requests, lambda n, request: _expired(request)))
    (again,) = folder.round(articles(1)).files
    assert read(again)[0]["custom_id"].endswith("-2")
    assert folder.take(folder.answered(requests)) == {"answered": 1}
    assert folder.take(folder.answered(again)) == {"known": 1}


def test_only_files_that_came_back_lack_results(folder: Folder) -> None:
    """A file of which nothing has been seen is still out; in one that came back, what is missing is asked again."""
    folder.limits = {"requests": 2}
    first, second = folder.round(articles(4)).files
    folder.take(folder.answered(first, lambda number, request: good(request) if number else None))
    assert folder.store.retry_missing() == 1
    assert [file.returned for file in folder.store.files()] == [True, False]
    done = folder.round(articles(4))
    assert done.asked == {"again": 1}
    assert done.articles == {"done": 1, "waiting": 3}
    assert folder.take(folder.answered(second)) == {"answered": 2}


@pytest.mark.parametrize(
    ("said", "sendings", "kind", "words"),
    [
        (
            {"status_code": 400, "body": {"error": {"message": "maximum context length"}}},
            1,
            "ContextExceeded",
            "too long",
        ),
        (
            {"status_code": 400, "body": {"error": {"message": "bad schema"}}},
            1,
            "EndpointError",
            "bad schema",
        ),
        ({"status_code": 503, "body": {}}, SENDINGS, "EndpointError", "no reason given"),
        (
            {"status_code": 404, "body": {"error": {"message": "no model m"}}},
            SENDINGS,
            "EndpointError",
            "no model m",
        ),
    ],
)
def test_what_keeps_failing_becomes_a_failed_row(
    folder: Folder, said: dict[str, Any], sendings: int, kind: str, words: str
) -> None:
    """A request that cannot work is not sent again, another one a few times; then the row says why."""
    rounds = 0
    while (done := folder.round(articles(1))).files:
        rounds += 1
        folder.take(folder.answered(done.files[0], lambda number, request: line(request, said)))
    assert rounds == sendings
    assert done.articles == {"failed": 1}
    failure = folder.results[0].failure
    assert failure is not None
    assert failure.kind == kind
    assert words in failure.message


def test_the_same_text_is_asked_once(folder: Folder) -> None:
    """Two articles of one text share their requests and the record."""
    items = [Item("a", ARTICLE), Item("b", ARTICLE)]
    done = folder.round(items)
    assert (done.articles, done.asked) == ({"waiting": 2}, {"new": 1})


def test_an_article_that_cannot_be_read_fails_alone(folder: Folder) -> None:
    """A text in another language is a failed row at once, and the others go into the file."""
    german = "Die Firma teilte mit, dass sie den Kauf der Sparte mit Bargeld bezahlen wird. " * 5
    done = folder.round([Item("de", german), *articles(1)])
    assert done.articles == {"failed": 1, "waiting": 1}


def test_a_round_that_breaks_off_leaves_no_files(folder: Folder) -> None:
    """Ctrl-C in the middle: no file is there to be sent, and the next start writes the same ones."""

    def broken() -> Iterator[Item]:
        yield from articles(3)
        raise KeyboardInterrupt

    folder.limits = {"requests": 2}
    with pytest.raises(KeyboardInterrupt):
        folder.round(broken())  # type: ignore[arg-type]
    assert not list(folder.path.glob("requests-*"))
    assert folder.round(articles(3)).asked == {"new": 3}
    assert [one["custom_id"][-2:] for one in folder.sent()] == ["-1"] * 3


def test_a_kill_before_the_files_are_renamed_loses_none(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the commit and the renaming: the next start renames the files, and asks nothing twice."""
    with monkeypatch.context() as killed:
        killed.setattr("summarizer.batch.rounds.publish", Mock(side_effect=[[], KeyboardInterrupt]))
        with pytest.raises(KeyboardInterrupt):
            folder.round(articles(3))
    assert not folder.sent()
    done = folder.round(articles(3))
    assert (done.articles, done.asked) == ({"waiting": 3}, {})
    assert len(folder.sent()) == 3


def test_files_are_split_by_number_and_by_size(folder: Folder) -> None:
    """No file holds more requests or bytes than a provider takes, and each request is whole in one of them."""
    folder.limits = {"requests": 3}
    assert [len(read(path)) for path in folder.round(articles(7)).files] == [3, 3, 1]
    others = [Item(item.id, item.source.replace("Lisbon", "Porto")) for item in articles(5)]
    folder.limits = {"size": 60_000}
    files = folder.round(others).files
    assert len(files) > 1
    assert sum(len(read(path)) for path in files) == 5
    assert all(path.stat().st_size <= 60_000 for path in files)
    assert [file.bytes for file in folder.store.files()][-len(files) :] == [
        path.stat().st_size for path in files
    ]


def test_a_schema_that_cannot_work_is_refused_before_anything_is_written(folder: Folder) -> None:
    """The error names the field, and the folder stays empty."""
    from pydantic import BaseModel

    class Wrong(BaseModel):
        price: dict[str, int]

    folder.asking = Asking("m", "http://127.0.0.1:1/v1", Wrong)
    with pytest.raises(SchemaError, match="price"):
        folder.round(articles(1))
    assert not list(folder.path.glob("requests-*"))


def test_what_a_server_does_not_take_is_asked_in_another_manner(folder: Folder) -> None:
    """A model that wants max_completion_tokens is asked anew so, of every article alike, and ends in a record."""
    words = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."

    def how(_number: int, request: Line) -> Line:
        if "max_tokens" in request["body"]:
            return line(
                request, {"status_code": 400, "body": {"error": {"message": words, "code": "unsupported"}}}
            )
        return good(request)

    items = articles(3)
    while (done := folder.round(items)).files:
        folder.take(*(folder.answered(path, how) for path in done.files))
    assert done.articles == {"done": 3}
    named = ["max_tokens" in one["body"] for one in folder.sent()]
    assert named == [True] * 3 + [False] * 3


def test_an_article_is_asked_the_same_whatever_was_read_before(folder: Folder) -> None:
    """A reply that shows thoughts, or breaks the form, changes nothing for the next article: no reply is lost."""
    items = articles(4)
    (requests,) = folder.round(items).files

    def how(number: int, request: Line) -> Line:
        return (
            good(request, "no JSON")
            if number == 1
            else good(request, reasoning_content="hm" if number == 0 else None)
        )

    folder.take(folder.answered(requests, how))
    second = folder.round(items)
    assert (second.articles, second.asked) == ({"done": 3, "waiting": 1}, {"new": 1})
    folder.take(*map(folder.answered, second.files))
    assert folder.round(items).articles == {"done": 4}
    sent = [one["custom_id"] for one in folder.sent()]
    assert len(set(sent)) == len(sent) == 5
