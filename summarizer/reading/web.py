"""Fetch one page, from a public address only and within fixed limits.

The address may come from a third party, so a page of this machine or of the local network must not be
reachable through it. The host is resolved once, every address that it resolves to is checked, and the
connection is made to a checked address; the same holds for each redirect. Proxies of the environment are
not used: a proxy resolves the host itself, out of reach of the check.
"""

from __future__ import annotations

import io
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from importlib.util import find_spec
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import getproxies

from summarizer.errors import InputError

from .source import MAX_BYTES, Url, needs_web, too_large

_NAT64 = IPv6Network("64:ff9b::/96")  # its last four bytes are an IPv4 address
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"User-Agent": "deal-summarizer", "Accept": "text/html, */*;q=0.5", "Accept-Encoding": "gzip"}
_SAFE = "%/:?#[]@!$&'()*+,;=~"  # stays as the user wrote it; letters beyond ASCII are quoted


@dataclass(frozen=True, slots=True)
class Limits:
    """How much time, in seconds, and how many bytes one page may take."""

    silence: float = 30.0  # without a byte from the site
    headers: float = 30.0  # from the start of one request to the end of its headers
    total: float = 60.0  # for the page with all its redirects
    size: int = MAX_BYTES  # after decompression
    redirects: int = 5


class Page(NamedTuple):
    """The body of a page, and the charset that the site named."""

    data: bytes
    charset: str | None


Resolve = Callable[[str, int], Sequence[str]]
Allow = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    Private, loopback, link-local, multicast and reserved addresses are not, nor are IPv6 addresses that
    embed an IPv4 address in a form that no public site uses (IPv4-mapped, 6to4, Teredo).
    """
    ip = ip_address(address.partition("%")[0])
    if ip.version == 6 and ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    if ip.version == 6 and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip.is_site_local):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_link_local)


def resolve_host(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of ``host``, each once. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def fetch(
    url: Url, *, resolve: Resolve = resolve_host, allow: Allow = is_public, limits: Limits | None = None
) -> Page:
    """Fetch the page at ``url``, following redirects to public http(s) addresses.

    ``resolve`` and ``allow`` are for tests. Raises InputError, InputTooLarge, and ConfigurationError
    without the [web] extra.
    """
    if find_spec("trafilatura") is None:
        needs_web("a web address")
    limits = limits or Limits()
    end = time.monotonic() + limits.total
    target = url
    try:
        for _ in range(limits.redirects + 1):
            with closing(_connect(target, resolve, allow, limits, end)) as stream:
                response = _ask(target, stream, limits)
                stream.deadline = end
                if response.status not in _REDIRECTS or not response.headers["Location"]:
                    return _page(url, response, limits)
                location = response.headers["Location"]
            target = _follow(target, location)
    except (HTTPException, OSError, ValueError, zlib.error) as error:
        raise InputError(f"{url} cannot be fetched: {_reason(error)}. {_advice()}") from error
    raise InputError(f"{url} redirects more than {limits.redirects} times. Check the address in a browser.")


class _Stream(io.RawIOBase):
    """A connection as ``HTTPResponse`` reads it. No read goes on beyond ``deadline``."""

    def __init__(self, connection: socket.socket, silence: float, deadline: float) -> None:
        self.connection = connection
        self.silence = silence
        self.deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connection.settimeout(_left(self.silence, self.deadline))
        return self.connection.recv_into(buffer)

    def close(self) -> None:
        self.connection.close()
        super().close()


def _left(most: float, deadline: float) -> float:
    """Seconds until ``deadline``, at most ``most``. Raises TimeoutError where there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return min(most, left)


def _connect(url: Url, resolve: Resolve, allow: Allow, limits: Limits, end: float) -> _Stream:
    """Connect to an address of the host that was checked; no name is resolved after the check."""
    host, port, secure = _host(url)
    addresses = resolve(host, port)
    refused = [address for address in addresses if not allow(address)]
    if refused:
        raise InputError(
            f"{url} leads to {refused[0]}, which is not an address of the public internet, so it is not "
            "fetched. Save the page and give the file."
        )
    failure: OSError = OSError("the host has no address")
    for address in addresses:
        connection = None
        try:
            connection = socket.create_connection((address, port), _left(limits.silence, end))
            if secure:
                connection = ssl.create_default_context().wrap_socket(connection, server_hostname=host)
            return _Stream(connection, limits.silence, min(end, time.monotonic() + limits.headers))
        except OSError as error:
            failure = error
            if connection is not None:
                connection.close()
    raise failure


def _host(url: Url) -> tuple[str, int, bool]:
    """Return the host of an address, in ASCII, its port, and whether the connection is encrypted."""
    parts = urlsplit(url.address)
    if not parts.hostname:
        raise ValueError("the address names no host")
    secure = parts.scheme.lower() == "https"
    host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    return host, parts.port or (443 if secure else 80), secure


def _ask(url: Url, stream: _Stream, limits: Limits) -> HTTPResponse:
    """Send the request and read the headers of the response."""
    parts = urlsplit(url.address)
    path = quote(parts.path or "/", safe=_SAFE) + (
        f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    )
    host, port, secure = _host(url)
    named = f"[{host}]" if ":" in host else host
    headers = {"Host": named if port == (443 if secure else 80) else f"{named}:{port}", **_HEADERS}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    stream.connection.settimeout(limits.silence)
    stream.connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
    response = HTTPResponse(stream, method="GET")  # type: ignore[arg-type]
    response.begin()
    return response


def _follow(url: Url, location: str) -> Url:
    target = urljoin(url.address, quote(location.encode("latin-1"), safe=_SAFE))
    try:
        return Url(target)
    except InputError:
        raise InputError(f"{url} redirects to an address that is not http or https: {target}.") from None


def _page(url: Url, response: HTTPResponse, limits: Limits) -> Page:
    if response.status != 200:
        raise InputError(
            f"{url} answered {response.status} {response.reason}. If it wants a login, save the page in a "
            "browser and give the file."
        )
    return Page(_body(url, response, limits.size), response.headers.get_content_charset())


def _body(url: Url, response: HTTPResponse, size: int) -> bytes:
    """Read and decompress the body; both sides of the decompression are limited to ``size`` bytes."""
    coding = (response.headers["Content-Encoding"] or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise ValueError(f"the page is compressed in a way that was not asked for ({coding})")
    gzip = zlib.decompressobj(wbits=31) if coding != "identity" else None
    expected, received, data = response.length, 0, bytearray()
    while received != expected and (chunk := response.read1(65_536)):
        received += len(chunk)
        data += gzip.decompress(chunk, size + 1 - len(data)) if gzip else chunk
        if max(received, len(data)) > size:
            too_large(url.address, size)
    if received < (expected or 0) or (gzip and not gzip.eof):
        raise OSError("the connection was closed before the page was complete")
    return bytes(data)


def _reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return f"the host is not known ({error.strerror})"
    return str(error) or type(error).__name__


def _advice() -> str:
    if getproxies():
        return "Proxies are not used for fetching: where one is needed, save the page and give the file."
    return "Check the address and the network."
