"""Web addresses: fetched on request only, from public addresses only, within limits of time and size."""

from __future__ import annotations

import dataclasses
import gzip
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from summarizer import Url, summarize, summarize_many
from summarizer.errors import ConfigurationError, InputError, InputTooLarge, NotText
from summarizer.reading import Source, load, load_bytes, web
from summarizer.reading.web import Limits, fetch, is_public
from tests.test_reading import PAGE

pytest.importorskip("trafilatura")

WIRE = "It pays £5bn."


def on_loopback(address: str) -> bool:
    """Allow the one address that the tests serve on."""
    return address == "127.0.0.1"


def read(address: str, **options: object) -> Source:
    options = {"allow": on_loopback, **options}
    page = fetch(Url(address), **options)  # type: ignore[arg-type]
    return load_bytes(page.data, address, charset=page.charset)


# --- asking for it -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["https://example.org/a", " HTTP://example.org \n", "http://me:pw@example.org/"]
)
def test_a_string_is_never_fetched_unasked(text: str) -> None:
    """A string that is only an address is an error that says how to ask; it shows no password."""
    with pytest.raises(InputError, match=r"Url\('(?i:https?)://example\.org.*fetch=True") as caught:
        load(text)
    assert "pw" not in str(caught.value)


def test_many_articles_fetch_no_string_either() -> None:
    """In a batch the address is a failed row, and the others go on."""
    results = list(summarize_many(["http://127.0.0.1:9/"], model="m", base_url="http://127.0.0.1:9/v1"))
    assert [result.failure.kind for result in results if result.failure] == ["InputError"]


def test_a_url_is_an_address_without_its_password() -> None:
    """A Url is frozen, compares by its address, and refuses what is not http or https."""
    url = Url(" https://ann:secret@example.org/a@b ")
    assert url == Url("https://example.org/a@b")
    assert str(url) == url.address == "https://example.org/a@b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        url.address = "http://example.org"  # type: ignore[misc]
    for wrong in ("", "example.org", "ftp://example.org", "file:///etc/hostname", "http://a b", "http://"):
        with pytest.raises(InputError, match="http://"):
            Url(wrong)


def test_both_ways_of_asking_fetch(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Url and fetch=True fetch; with fetch=True any other string is still the article."""
    monkeypatch.setattr(web, "fetch", partial(fetch, allow=on_loopback))
    expected = Source("It pays £5bn.", f"{site}/wire")
    assert load(Url(f"{site}/wire")) == load(f"{site}/wire\n", fetch=True) == expected
    assert load("See http://example.org", fetch=True).text == "See http://example.org"
    with pytest.raises(InputError, match="answered 404"):
        summarize(f"{site}/gone", fetch=True, model="m", base_url="http://127.0.0.1:9/v1")


def test_fetching_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message names it."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ConfigurationError, match=r"a web address needs the \[web\] extra"):
        load(Url("http://127.0.0.1:9/"))


# --- what may be reached -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"],  # noqa: S104
        *["169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"],
        *[
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "fd12::1",
            "fec0::1",
            "ff02::1",
        ],
        *["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "2002:7f00:1::", "2001:0:7f00:1::"],
        *["64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2001:db8::1", "100::1"],
    ],
)
def test_an_address_that_is_not_public_is_known(address: str) -> None:
    """Private, loopback, link-local, shared, multicast, reserved and documentation addresses, and IPv4 in IPv6."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "64:ff9b::8.8.8.8"])
def test_a_public_address_is_known(address: str) -> None:
    """Addresses of the public internet pass, through NAT64 too."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_nothing_of_this_machine_is_reached(host: str) -> None:
    """However loopback is spelt, no connection is made."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        with pytest.raises(InputError, match=r"cannot be fetched|not an address of the public internet"):
            load(Url(f"http://{host}:{server.getsockname()[1]}/"))
        with pytest.raises(BlockingIOError):
            server.accept()


def test_one_private_address_among_others_refuses_the_host() -> None:
    """A host that also resolves to a private address is not fetched."""
    with pytest.raises(InputError, match=r"leads to 10\.0\.0\.1"):
        read(
            "http://news.example/", resolve=lambda host, port: ["93.184.215.14", "10.0.0.1"], allow=is_public
        )


def test_the_connection_is_made_to_the_address_that_was_checked(site: str) -> None:
    """A name is resolved once for each request, so that a second answer cannot lead elsewhere."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    address = site.replace("127.0.0.1", "News.Example")
    assert read(f"{address}/host", resolve=resolve).text == address.removeprefix("http://").lower()
    assert asked == ["news.example"]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/moved-to-another-host", r"leads to 127\.0\.0\.2"),
        ("/moved-to-a-file", "not http or https: file:///etc/hostname"),
        ("/moved-in-a-circle", "more than 5 times"),
    ],
)
def test_each_redirect_is_checked(site: str, path: str, told: str) -> None:
    """A redirect meets the same checks as the address, and there are only so many."""
    with pytest.raises(InputError, match=told):
        read(f"{site}{path}")
    assert read(f"{site}/moved").text == WIRE


def test_a_proxy_of_the_environment_is_not_used(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would resolve the host out of our sight; where one is set, a failure says what to do."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert read(f"{site}/wire").text == WIRE
    with pytest.raises(InputError, match="Proxies are not used"):
        read("http://127.0.0.1:9/")


# --- what comes back ---------------------------------------------------------------------------------


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        moves = {
            "/moved": "/wire",
            "/moved-to-a-file": "file:///etc/hostname",
            "/moved-to-another-host": f"http://127.0.0.2:{self.server.server_address[1]}/wire",
            "/moved-in-a-circle": "/moved-in-a-circle",
        }
        packed = gzip.compress(WIRE.encode())
        bodies: dict[str, tuple[str, bytes, dict[str, str]]] = {
            "/page": ("text/html; charset=windows-1252", PAGE.encode("cp1252"), {}),
            "/wide": ("text/html; charset=utf-16", PAGE.encode("utf-16-be"), {}),
            "/wire": ("text/plain; charset=iso-8859-1", WIRE.encode("latin-1"), {}),
            "/wrong": ("text/plain; charset=iso-8859-1", WIRE.encode(), {}),
            "/picture": ("image/png", b"\x89PNG\r\n\x1a\n", {}),
            "/long": ("text/plain", b"a" * 5000, {}),
            "/host": ("text/plain", self.headers["Host"].encode(), {}),
            "/packed": ("text/plain", packed, {"Content-Encoding": "gzip"}),
            "/packed-in-part": ("text/plain", packed[:-9], {"Content-Encoding": "gzip"}),
            "/bomb": ("text/plain", gzip.compress(bytes(5_000_000)), {"Content-Encoding": "gzip"}),
            "/unasked": ("text/plain", packed, {"Content-Encoding": "br"}),
            "/short": ("text/plain", b"abc", {"Content-Length": "9"}),
        }
        if self.path in moves:
            return self._answer(302, "text/plain", b"", {"Location": moves[self.path]})
        kind, body, headers = bodies.get(self.path, ("", b"", {}))
        return self._answer(200 if kind else 404, kind, body, headers)

    def _answer(self, status: int, kind: str, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        fields = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close", **headers}
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_extracted_in_the_encoding_that_the_site_names(site: str) -> None:
    """Windows-1252 and UTF-16 without a mark are read by the header; a wrong header is overruled."""
    for path in ("/page", "/wide"):
        found = read(f"{site}{path}")
        assert "£6.2 billion" in found.text
        assert found.title == "Larkfield buys Brenwick"
    assert read(f"{site}/wire").text == read(f"{site}/wrong").text == read(f"{site}/packed").text == WIRE


@pytest.mark.parametrize(
    ("path", "kind", "told"),
    [
        ("/gone", InputError, "answered 404 Not Found"),
        ("/picture", NotText, "PNG"),
        ("/packed-in-part", InputError, "before the page was complete"),
        ("/short", InputError, "before the page was complete"),
        ("/unasked", InputError, r"not asked for \(br\)"),
    ],
)
def test_a_site_that_gives_no_article_says_why(
    site: str, path: str, kind: type[InputError], told: str
) -> None:
    """Status, kind of content, compression and a page that is cut off are told apart."""
    with pytest.raises(kind, match=told):
        read(f"{site}{path}")


@pytest.mark.parametrize("path", ["/long", "/bomb"])
def test_a_page_is_no_larger_than_allowed_after_decompression(site: str, path: str) -> None:
    """A large page and a small one that grows are both stopped at the limit."""
    with pytest.raises(InputTooLarge):
        read(f"{site}{path}", limits=Limits(size=4000))
    assert len(fetch(Url(f"{site}/long"), allow=on_loopback, limits=Limits(size=5000)).data) == 5000


def test_an_address_that_cannot_be_read_says_why(site: str) -> None:
    """A closed port, an unknown host, a damaged address and a server without encryption are errors of input."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (
        f"http://127.0.0.1:{port}/",
        "http://[half",
        "http://host:port/",
        site.replace("http", "https"),
    ):
        with pytest.raises(InputError, match="cannot be fetched"):
            read(address)

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(InputError, match="the host is not known"):
        read("http://nowhere.example/", resolve=unknown)


def _silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait()


def _slow_headers(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not over.wait(0.02):
        connection.sendall(b"a")


def _endless_headers(connection: socket.socket, over: threading.Event) -> None:
    while not over.wait(0.001):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def _slow_body(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b"a")


@pytest.mark.parametrize(
    ("behaviour", "limits"),
    [
        (_silent, Limits(silence=0.2)),
        (_slow_headers, Limits(headers=0.2)),
        (_endless_headers, Limits(headers=0.2)),
        (_slow_body, Limits(total=0.3)),
    ],
)
def test_a_slow_site_is_given_up(
    behaviour: Callable[[socket.socket, threading.Event], None], limits: Limits
) -> None:
    """Silence, headers and the page as a whole have limits, also where a byte comes now and then."""
    over = threading.Event()

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            try:
                connection.recv(65_536)
                behaviour(connection, over)
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        begin = time.monotonic()
        try:
            with pytest.raises(InputError, match="timed out"):
                read(f"http://127.0.0.1:{server.getsockname()[1]}/", limits=limits)
            assert time.monotonic() - begin < 5
        finally:
            over.set()
            thread.join()
