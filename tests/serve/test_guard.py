"""Who may ask: names of the host, origins, tokens, forms of other sites, sizes, and the headers of each response."""

from __future__ import annotations

import asyncio
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from summarizer.serve.api import make
from tests.conftest import ARTICLE
from tests.serve.serving import JSON, client_of, desk_with, served

TOKEN = "a-token-of-some-length"  # noqa: S105 - for tests
ARTICLES: dict[str, Any] = {"json": {"text": ARTICLE}}


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost:8765", True),
        ("LOCALHOST", True),
        ("127.0.0.1:1", True),
        ("[::1]:8765", True),
        ("news.example", True),
        ("attacker.example:8765", False),
        ("localhost.attacker.example", False),
        ("127.0.0.1.attacker.example", False),
        ("localhost@attacker.example", False),
        ("attacker.example#localhost", False),
        ("10.0.0.5", False),
        ("localhost:port", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_names_of_this_server_are_served(host: str, allowed: bool) -> None:
    """A name that was pointed at the loopback is refused, for the page and for the API."""
    client = client_of(desk_with(), hosts=["localhost", "127.0.0.1", "::1", "news.example"])
    for path in ("/", "/v1/models"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == (200 if allowed else 403)
        if not allowed:
            assert answer.json()["error"]["type"] == "WrongHost"


def test_a_server_that_others_reach_is_served_under_any_address_but_no_other_name() -> None:
    """An IP address cannot be pointed elsewhere."""
    client = client_of(desk_with(), hosts=["box"], any_address=True, token=TOKEN)
    statuses = [
        client.get("/", headers={"Host": host}).status_code
        for host in ("192.0.2.7:80", "[2001:db8::1]", "box", "other")
    ]
    assert statuses == [200, 200, 200, 403]


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://testserver", True),
        ("http://testserver:80", True),
        ("https://testserver", True),
        ("http://testserver:8080", False),
        ("http://attacker.example", False),
        ("http://testserver.attacker.example", False),
        ("null", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_requests_of_other_sites_are_refused(origin: str, allowed: bool) -> None:
    """A browser says where a request comes from."""
    answer = client_of(desk_with()).post("/v1/summaries", headers={"Origin": origin}, **ARTICLES)
    assert answer.status_code == (200 if allowed else 403)


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_form_of_another_site_can_send_is_refused(kind: str) -> None:
    """Neither text that looks like JSON nor a form without the header is taken."""
    answer = client_of(desk_with()).post(
        "/v1/summaries", content=b'{"text": "a"}', headers={"Content-Type": kind}
    )
    assert answer.status_code in (403, 415)


@pytest.mark.parametrize(
    "sent", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", TOKEN, "Bearer é"]
)
def test_the_api_needs_the_token(sent: str | None) -> None:
    """The page and its files hold no secret, so they are served without."""
    client = client_of(desk_with(), token=TOKEN)
    headers = {} if sent is None else {b"Authorization": sent.encode()}
    for answer in (
        client.get("/v1/models", headers=headers),
        client.post("/v1/summaries", headers=headers, **ARTICLES),
    ):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get("/", headers=headers).status_code == 200
    assert client.get("/v1/models", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/", "/page/app.js", "/v1/models", "/nothing", "/openapi.json", "/page/../api.py"]
)
def test_every_response_has_the_headers_that_protect(path: str) -> None:
    """No script but the page's own files, no frame, no guessing of types, no referrer."""
    headers = client_of(desk_with()).get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers.get_list("content-security-policy") == [headers["content-security-policy"]]


def test_the_page_has_no_inline_script_and_nothing_from_elsewhere() -> None:
    """All that it loads are files of its own, and none of these writes HTML."""
    client = client_of(desk_with())
    page = client.get("/").text
    assert "<script>" not in page
    assert "style=" not in page
    assert " on" not in page.split("<body>")[1].replace(" one", "").replace(" on ", "")
    for name in ("app", "article", "client", "dom", "dossier", "record"):
        code = client.get(f"/page/{name}.js")
        assert code.headers["content-type"].startswith("text/javascript")
        for unsafe in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "http:",
            "cdn",
        ):
            assert unsafe not in code.text
    assert "url(" not in client.get("/page/style.css").text


def test_the_example_is_the_one_of_the_readme() -> None:
    """One click away, and the same text."""
    with open("evals/documents/harbor-quay.txt", encoding="utf-8") as file:
        assert client_of(desk_with()).get("/page/example.txt").text == file.read()


def test_a_large_upload_is_refused_by_its_length_alone() -> None:
    """The response comes before the body."""
    with served(desk_with()) as address:
        parts = urlsplit(address)
        with socket.create_connection((parts.hostname, parts.port), 5) as connection:
            head = (
                f"POST /v1/summaries HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
            )
            connection.sendall(f"{head}Content-Length: 20000001\r\n\r\n".encode())
            answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 413")


def test_a_large_upload_without_a_length_is_refused_while_it_arrives() -> None:
    """No more than the limit is taken, however much would come; the queue has its place back."""
    service = desk_with(waiting=0)
    asked = 0
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b" " * 1_000_000, "more_body": True}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    for kind in (b"application/json", b"multipart/form-data; boundary=x"):
        asked = 0
        headers = [(b"host", b"testserver"), (b"content-type", kind), (b"x-summarizer", b"1")]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/v1/summaries",
            "query_string": b"",
            "headers": headers,
        }
        asyncio.run(make(service, hosts=["testserver"])(scope, receive, send))  # type: ignore[arg-type]
        assert asked <= 21
        service.queue.enter().leave()
    assert {one["status"] for one in sent if "status" in one} <= {413, 400}
    assert sent[0]["status"] == 413


def test_a_file_of_the_largest_size_is_never_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload is kept in memory and is gone with its request."""
    rolled: list[int] = []
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.rollover", lambda self: rolled.append(self.tell()))
    files = {"file": ("a.txt", b"Orchard buys Ash. " * 1_100_000)}
    answer = client_of(desk_with()).post("/v1/summaries", files=files, headers={"X-Summarizer": "1"})
    assert answer.status_code == 413
    assert "characters" in answer.json()["error"]["message"]
    assert rolled == []


def test_a_wrong_length_breaks_nothing() -> None:
    """A header that is no number is not trusted."""
    headers = {**JSON, "Content-Length": "many"}
    answer = client_of(desk_with()).post("/v1/summaries", content=b"{}", headers=headers)
    assert answer.status_code == 422
