"""Checks each request before a route sees it, and adds the headers that protect the page.

- ``Host`` has to be a name of this server: a page of another site whose name was pointed here is refused (DNS rebinding).
- ``Origin``, where a browser sends it, has to be this server's own, so other sites cannot send requests (CSRF).
- A body is JSON, or a form with the header ``X-Summarizer``: what a form of another site cannot send.
- With a token, the API needs it; it is compared in constant time.
- A body is limited while it arrives.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from summarizer.serve.failures import Refusal, refusal_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _CONTENT.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PORTS = {"http": 80, "https": 443}


class Guard:
    """An ASGI application around another.

    ``hosts`` are the names of this server. ``any_address``: an IP address as ``Host`` is as good, since it
    cannot be pointed elsewhere. ``limit`` is the largest body in bytes.
    """

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], *, any_address: bool, token: str | None, limit: int
    ) -> None:
        self._app = app
        self._hosts = {host.lower() for host in hosts}
        self._any_address = any_address
        self._token = token
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = list(message.get("headers", ()))
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-cache"))
                message = {**message, "headers": [*headers, *_HEADERS]}
            await send(message)

        try:
            self._check(scope)
            await self._app(scope, self._limited(receive), send_guarded)
        except Exception as error:  # whatever it is, its message may quote an article: it is not logged
            refusal = refusal_of(error)
            if not started:
                await respond(refusal, send_guarded)

    def _check(self, scope: Scope) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if not self._is_ours(host):
            raise Refusal(
                403,
                "WrongHost",
                f"This server is not called {host[:200]!r}. Use the address that it printed, or start it with --allow-host.",
            )
        origin = headers.get(b"origin")
        if origin is not None and not _same(origin.decode("latin-1").lower(), host):
            raise Refusal(
                403, "WrongOrigin", "Requests of other sites are refused. Open the page of this server."
            )
        if not scope["path"].startswith("/v1/"):
            return
        authorization = headers.get(b"authorization", b"")
        if self._token is not None and not hmac.compare_digest(
            authorization, f"Bearer {self._token}".encode()
        ):
            raise Refusal(
                401, "TokenNeeded", "Send the server's token: Authorization: Bearer TOKEN.", challenge=True
            )
        if scope["method"] == "POST":
            self._check_body(headers)

    def _is_ours(self, host: str) -> bool:
        name = urlsplit(f"//{host}").hostname if _parses(host) else None
        if name is None:
            return False
        return name in self._hosts or (self._any_address and _is_address(name))

    def _check_body(self, headers: dict[bytes, bytes]) -> None:
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind == b"multipart/form-data":
            if not (b"x-summarizer" in headers or self._token is not None):
                raise Refusal(403, "HeaderNeeded", "Send files with the header X-Summarizer: 1.")
        elif kind != b"application/json":
            raise Refusal(
                415,
                "WrongContentType",
                "Send JSON (Content-Type: application/json) or a file (multipart/form-data).",
            )
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > self._limit:
            raise self._too_large()

    def _limited(self, receive: Receive) -> Receive:
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise self._too_large()
            return message

        return limited

    def _too_large(self) -> Refusal:
        return Refusal(
            413, "TooLarge", f"Send at most {self._limit // 1_000_000} MB: one article, or a part of it."
        )


async def respond(refusal: Refusal, send: Send) -> None:
    """Send a refusal as a response."""
    headers = [(name.lower().encode(), value.encode()) for name, value in refusal.headers.items()]
    headers.append((b"content-length", str(len(refusal.body)).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body})


def _parses(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        return (
            parts.hostname is not None and parts.netloc == host and (parts.port or 1) > 0 and "@" not in host
        )
    except ValueError:
        return False


def _same(origin: str, host: str) -> bool:
    """Whether an origin is that of a ``Host``. Behind a proxy the scheme may differ, so only the standard ports do not count."""
    try:
        parts = urlsplit(origin)
        own = urlsplit(f"{parts.scheme}://{host}")
        ports = [part.port or _PORTS.get(parts.scheme) for part in (parts, own)]
    except ValueError:
        return False
    return parts.hostname is not None and parts.hostname == own.hostname and ports[0] == ports[1]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
