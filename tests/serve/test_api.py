"""The API: what it takes, returns and refuses, and what happens when the client or the model goes away."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
from typing import Any

import pytest

from summarizer import DealSummary, errors, summarize
from summarizer.llm.base import Reply, Request
from summarizer.reading.web import Page
from tests.conftest import ANSWERS, ARTICLE, FakeModel
from tests.serve.serving import EVENTS, JSON, client_of, desk_with, events_of
from tests.test_many_deals import DIGEST, STORIES, Reader

FORM = {"X-Summarizer": "1"}
OTHER = ARTICLE.replace("30%", "31%")


FRENCH = (
    "Le groupe a annoncé mercredi qu'il allait racheter une entreprise de batteries pour un montant qui n'est pas connu. "
    "Les salariés sont inquiets pour leurs emplois, et les syndicats ont demandé une réunion avec la direction."
)


class Broken(FakeModel):
    """Fails as it is told."""

    error: BaseException = errors.EndpointUnavailable("The model's server is gone. Start it again.")

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        raise self.error


def broken(error: BaseException) -> Broken:
    model = Broken(ANSWERS)
    model.error = error
    return model


def test_a_text_becomes_the_record_of_the_package() -> None:
    """The JSON is that of a call, and the offsets are those of the text that is returned."""
    answer = client_of(desk_with()).post("/v1/summaries", json={"text": ARTICLE}).json()
    record = DealSummary.model_validate(answer["records"][0])
    plain = summarize(ARTICLE, model=FakeModel(ANSWERS))
    assert record.model_dump(exclude={"usage"}) == plain.model_dump(exclude={"usage"})
    span = record.amount.evidence[0]  # type: ignore[union-attr]
    assert answer["article"]["text"][span.start : span.end] == span.text
    assert answer["views"] is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", ARTICLE),
        (
            "a.html",
            "<html><body><article>"
            + "".join(f"<p>{line}</p>" for line in ARTICLE.splitlines())
            + "</article></body></html>",
        ),
    ],
)
def test_a_file_is_read(name: str, content: str) -> None:
    """Text and HTML, under the name of the file alone."""
    files = {"file": (f"C:\\news\\{name}", content.encode())}
    answer = client_of(desk_with()).post("/v1/summaries", files=files, data={"view": "true"}, headers=FORM)
    assert answer.status_code == 200
    assert answer.json()["article"]["id"] == name
    assert answer.json()["records"][0]["amount"]["value"] == "2100000000"
    assert answer.json()["views"][0]["sections"]


def test_a_pdf_is_read() -> None:
    """A PDF is told by its content."""
    canvas = pytest.importorskip("reportlab.pdfgen.canvas")
    out = io.BytesIO()
    page = canvas.Canvas(out)
    for number, line in enumerate(ARTICLE.replace("€", "EUR ").splitlines()):
        page.drawString(40, 800 - 20 * number, line[:110])
    page.save()
    answer = client_of(desk_with()).post(
        "/v1/summaries", files={"file": ("a.pdf", out.getvalue())}, headers=FORM
    )
    assert "Norrlund Energy AB said" in answer.json()["article"]["text"]


def test_facts_are_streamed_as_the_package_streams_them() -> None:
    """The article, its turn, each fact, and the record, whose fields are the last facts."""
    answer = client_of(desk_with()).post("/v1/summaries", json={"text": ARTICLE}, headers=EVENTS)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    names = [name for name, _ in events if name != "progress"]
    facts = [(fact.field, fact.value) for fact in summarize(ARTICLE, model=FakeModel(ANSWERS), stream=True)]
    assert names == ["article", "queued", *["fact"] * len(facts), "record"]
    told = [data for name, data in events if name == "fact"]
    assert [data["field"] for data in told] == [field for field, _ in facts]
    record = events[-1][1]["records"][0]
    assert all(record[data["field"]] == data["value"] for data in told if data["value"] not in (None, []))


def test_a_view_has_places_for_each_fact_and_a_meaning_for_each_finding() -> None:
    """What the page highlights are places of the text."""
    answer = client_of(desk_with()).post("/v1/summaries", json={"text": ARTICLE, "view": True}).json()
    (view,), text = answer["views"], answer["article"]["text"]
    facts = {fact["label"]: fact for section in view["sections"] for fact in section["facts"]}
    ((start, end),) = facts["stake"]["places"]
    assert "30% non-voting stake" in text[start:end]
    (check,) = view["checks"]
    assert check["code"] == "outside_article"
    assert check["meaning"]
    assert "€9.9 billion" in text[slice(*check["places"][0])]


def test_all_deals_gives_a_record_for_each() -> None:
    """In the order of the text, and without facts before them."""
    request = {"text": DIGEST, "all_deals": True}
    answer = client_of(desk_with(Reader())).post("/v1/summaries", json=request, headers=EVENTS)
    *before, (name, data) = events_of(answer.text)
    assert name == "record"
    assert [one["amount"]["text"] for one in data["records"]] == [price for _, price in STORIES.values()]
    assert "fact" not in [name for name, _ in before]


@pytest.mark.parametrize(
    ("format", "start", "media"),
    [
        ("json", "[{", "application/json"),
        ("csv", "id,is_deal", "text/csv"),
        ("markdown", "## Norrlund", "text/markdown"),
        ("html", "<!doctype html>", "text/html"),
    ],
)
def test_records_are_written_in_each_format(format: str, start: str, media: str) -> None:
    """As a file to save, which this server never shows."""
    client = client_of(desk_with())
    records = client.post("/v1/summaries", json={"text": ARTICLE}).json()["records"]
    answer = client.post(f"/v1/exports?format={format}", json={"records": records})
    assert answer.text.startswith(start)
    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    if format != "json":
        direct = client.post(f"/v1/summaries?format={format}", json={"text": ARTICLE})
        assert direct.text.splitlines()[0] == answer.text.splitlines()[0]


def test_csv_has_no_formulas() -> None:
    """A spreadsheet evaluates no cell."""
    client = client_of(desk_with())
    record = client.post("/v1/summaries", json={"text": ARTICLE}).json()["records"][0]
    record["headline"] = "=HYPERLINK(1)"
    rows = list(
        csv.DictReader(io.StringIO(client.post("/v1/exports?format=csv", json={"records": [record]}).text))
    )
    assert rows[0]["headline"] == "'=HYPERLINK(1)"
    assert rows[0]["amount.value"] == "2100000000"


def test_reports_become_a_dossier() -> None:
    """Records and articles alike; an article that has a record is not read again."""
    model = FakeModel(ANSWERS)
    client = client_of(desk_with(model))
    record = client.post("/v1/summaries", json={"text": ARTICLE, "id": "a"}).json()["records"][0]
    before = len(model.requests)
    request = {"records": [record], "articles": [{"text": ARTICLE}], "view": True}
    assert len(client.post("/v1/dossiers", json=request).json()["dossiers"]) == 1
    assert len(model.requests) == before
    request["articles"] = [{"text": ARTICLE}, {"text": OTHER, "id": "b"}, {"text": " ", "id": "c"}]
    answer = client.post("/v1/dossiers", json=request).json()
    assert [source["id"] for source in answer["dossiers"][0]["sources"]] == ["a", "b"]
    assert [one["id"] for one in answer["failed"]] == ["c"]
    assert answer["views"][0]["conflicts"][0]["meaning"]
    page = client.post("/v1/dossiers?format=html", json=request)
    assert page.text.startswith("<!doctype html>")
    assert "Unions raised concerns" in page.text
    assert client.post("/v1/dossiers?format=markdown", json=request).text.startswith("## ")


@pytest.mark.parametrize(
    ("request_", "status", "message"),
    [
        ({"content": b"{", "headers": JSON}, 400, "not JSON"),
        ({"content": b'{"text": "\\ud800"}', "headers": JSON}, 400, "not JSON"),
        ({"json": {}}, 422, "either text or url"),
        ({"json": {"text": "a", "url": "https://a.example"}}, 422, "either text or url"),
        ({"json": {"text": "a", "colour": 1}}, 422, "colour"),
        ({"json": {"text": " "}}, 422, "empty"),
        ({"json": {"text": "https://a.example/news"}}, 422, "Send it as url"),
        ({"json": {"url": "ftp://a.example"}}, 422, "http://"),
        ({"json": {"text": "x" * 1_000_001}}, 413, "characters"),
        ({"json": {"text": "a", "model": "other"}}, 422, "Choose one of: fake"),
        ({"json": {"text": FRENCH}}, 422, "English"),
        ({"files": {"file": ("a.png", b"\x89PNG\r\n\x1a\n")}, "headers": FORM}, 415, "PNG"),
        ({"files": {"file": ("a.txt", "x"), "more": ("b.txt", "x")}, "headers": FORM}, 400, "Too many files"),
        ({"files": {"other": ("a.txt", "x")}, "headers": FORM}, 422, "file:"),
        ({"files": {"file": ("a.txt", "x")}, "data": {"all_deals": "maybe"}, "headers": FORM}, 422, "all_deals"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data", **FORM}}, 400, "form"),
        ({"content": b"x", "headers": {"Content-Type": "text/plain"}}, 415, "application/json"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused(request_: dict[str, Any], status: int, message: str) -> None:
    """With the right status, and a sentence that says what to do; the queue has its place back."""
    service = desk_with(waiting=0)
    client = client_of(service)
    for _ in range(2):
        answer = client.post("/v1/summaries", **request_)
        assert answer.status_code == status
        assert message in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://[::1]/", "http://169.254.169.254/latest", "http://10.0.0.1/"]
)
def test_private_addresses_are_not_fetched(address: str) -> None:
    """The package's own fetcher refuses them, so a visitor cannot look into the server's network."""
    answer = client_of(desk_with()).post("/v1/summaries", json={"url": address})
    assert answer.status_code == 422
    assert "not an address of the public internet" in answer.json()["error"]["message"]


def test_an_address_goes_through_the_fetcher_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it returns is read as a page, and named by its address."""
    lines = "".join(f"<p>{line}</p>" for line in ARTICLE.splitlines())
    page = Page(f"<html><body><article>{lines}</article></body></html>".encode(), "utf-8")
    fetched: list[str] = []
    monkeypatch.setattr("summarizer.reading.web.fetch", lambda url: fetched.append(url.address) or page)
    answer = (
        client_of(desk_with())
        .post("/v1/summaries", json={"url": "https://user:secret@news.example/deal"})
        .json()
    )
    assert fetched == [answer["article"]["id"]] == ["https://news.example/deal"]
    assert answer["records"][0]["stake"]["text"] == "30%"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.EndpointUnavailable("gone"), 502),
        (errors.AuthenticationError("no key"), 502),
        (errors.DeadlineExceeded("late"), 504),
        (errors.RateLimited("wait", retry_after=7), 503),
        (errors.ConfigurationError("wrong"), 500),
    ],
)
def test_a_dead_model_is_an_error_of_the_gateway(error: errors.SummarizerError, status: int) -> None:
    """With the package's sentence, as a response and as an event."""
    client = client_of(desk_with(broken(error)))
    answer = client.post("/v1/summaries", json={"text": ARTICLE})
    assert answer.status_code == status
    assert answer.json()["error"]["message"] == str(error)
    assert answer.headers.get("retry-after") == ("7" if status == 503 else None)
    name, data = events_of(client.post("/v1/summaries", json={"text": ARTICLE}, headers=EVENTS).text)[-1]
    assert (name, data["status"], data["message"]) == ("error", status, str(error))


def test_an_unexpected_error_tells_and_logs_nothing_of_the_article(caplog: pytest.LogCaptureFixture) -> None:
    """Its message may quote the text, so only its type and place are logged."""
    with caplog.at_level(logging.DEBUG):
        answer = client_of(desk_with(broken(ValueError(ARTICLE)))).post(
            "/v1/summaries", json={"text": ARTICLE}
        )
    assert answer.status_code == 500
    assert "Norrlund" not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name == "summarizer.serve"]
    assert len(ours) == 1
    assert ours[0].startswith("ValueError at ")
    assert not any("Tidewell" in record.getMessage() or record.exc_info for record in caplog.records)


def test_a_script_in_any_field_comes_back_as_text() -> None:
    """JSON is JSON, and the renderers escape: no export has an element of the article's making."""
    evil = "<script>alert(1)</script>"
    client = client_of(desk_with(FakeModel({**ANSWERS, "headline": evil})))
    answer = client.post(
        "/v1/summaries", json={"text": ARTICLE.replace("Tidewell", f"Tidewell {evil}"), "id": evil}
    )
    assert answer.headers["content-type"] == "application/json"
    record = answer.json()["records"][0]
    record["parties"][0]["name"] = evil
    record["findings"] = [{"code": evil, "field": evil, "message": evil, "evidence": []}]
    for path, format in (
        ("exports", "html"),
        ("dossiers", "html"),
        ("exports", "markdown"),
        ("dossiers", "markdown"),
    ):
        page = client.post(f"/v1/{path}?format={format}", json={"records": [record]})
        assert page.status_code == 200
        assert not re.search(r"(?<!\\)<script", page.text)
        assert "alert" in page.text


@pytest.mark.parametrize("value", ["1E+999999999", "NaN", "Infinity"])
def test_a_record_with_a_senseless_figure_is_refused(value: str) -> None:
    """It cannot make the server write a thousand million digits."""
    client = client_of(desk_with())
    record = client.post("/v1/summaries", json={"text": ARTICLE}).json()["records"][0]
    record["amount"]["value"] = value
    for path in ("exports?format=html", "dossiers?format=html"):
        assert client.post(f"/v1/{path}", json={"records": [record]}).status_code == 422


def test_the_models_are_listed() -> None:
    """The default first, with the limits of the queue."""
    answer = client_of(desk_with(waiting=5)).get("/v1/models").json()
    assert answer == {
        "models": [{"name": "fake", "embedded": False, "default": True}],
        "running": 1,
        "waiting": 5,
    }


def test_openapi_describes_each_route_and_its_errors() -> None:
    """The document says what is taken, what is returned, and in which forms."""
    document = client_of(desk_with()).get("/openapi.json").json()
    assert set(document["paths"]) == {"/v1/models", "/v1/summaries", "/v1/dossiers", "/v1/exports"}
    post = document["paths"]["/v1/summaries"]["post"]
    assert set(post["requestBody"]["content"]) == {"application/json", "multipart/form-data"}
    assert {"200", "400", "401", "403", "413", "415", "422", "502", "503"} <= set(post["responses"])
    assert "text/event-stream" in post["responses"]["200"]["content"]
    assert "$defs" not in json.dumps(document)


def test_an_unknown_path_is_an_error_in_json() -> None:
    """As every other error."""
    answer = client_of(desk_with()).get("/v2/summaries")
    assert answer.status_code == 404
    assert "/openapi.json" in answer.json()["error"]["message"]
    assert client_of(desk_with()).get("/v1/summaries").status_code == 405
