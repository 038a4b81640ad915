"""The HTTP client under the openai client: responses of a bounded size, and no redirect to another origin.

It overrides one method of the classes that the installed openai exports (over httpx in openai 2, httpx2 in
openai 3), so no type of either library is named here. aiohttp is the backend where it is installed: it takes
half the CPU time of the default one, and carried 1.3 times its requests a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

import openai

from summarizer.errors import EndpointError, EndpointUnavailable
from summarizer.settings import public_address

MAX_BYTES = 4 * 2**20
"""The largest response that is read, after decompression: about a million tokens."""
MAX_STREAM_BYTES = 16 * 2**20
"""The longest event stream that is read, after decompression: each token is an event of some hundred bytes."""
_MAX_ERROR_BYTES = 64 * 2**10  # of the body of an error, which is cut: only its first words are shown
_MAX_REDIRECTS = 3
_STORED = (
    "content-encoding",
    "content-length",
    "transfer-encoding",
)  # no longer true of the body as it is read
_GZIP_OR_ZLIB = 47  # wbits of zlib for either, told by their header
_LAST_CHUNK = (
    0.2  # seconds to wait for the end of a stream that has told all; then its connection is not kept
)

Feed = Callable[[bytes], bool]
"""Takes a chunk of an event stream; returns whether the rest is of no matter."""

_feed: ContextVar[Feed | None] = ContextVar("feed", default=None)


@contextlib.contextmanager
def fed(feed: Feed) -> Iterator[None]:
    """Have ``feed`` called with each chunk of an event stream that answers a request sent inside.

    The response's own body is then empty. ``feed`` must not raise.
    """
    token = _feed.set(feed)
    try:
        yield
    finally:
        _feed.reset(token)


class _Bounded:
    """Reads each response whole, up to ``MAX_BYTES``, and follows redirects within one origin only.

    Errors are an EndpointError, which the openai client raises as the cause of its APIConnectionError.
    """

    async def send(self, request: Any, **options: Any) -> Any:
        """Send a request and return its response, read and closed."""
        send: Any = super().send  # type: ignore[misc]
        options.update(stream=True, follow_redirects=False)
        for _ in range(_MAX_REDIRECTS):
            response = await send(request, **options)
            try:
                if response.next_request is None:
                    return await _read(response, request)
            finally:
                await response.aclose()
            request = _redirected(response, request)
        raise EndpointError(f"{public_address(str(request.url))} redirects too often. Check --base-url.")


class HttpxClient(_Bounded, openai.DefaultAsyncHttpxClient):
    """Over the openai client's default backend."""


class AiohttpClient(_Bounded, openai.DefaultAioHttpClient):
    """Over aiohttp. Raises RuntimeError where that, or in openai 2 httpx-aiohttp, is not installed."""


def bounded_client(*, trust_env: bool) -> Any:
    """Return a client, over aiohttp where it is installed. ``trust_env``: use the environment's proxies."""
    options: dict[str, Any] = {"trust_env": trust_env, "headers": {"Accept-Encoding": "gzip"}}
    try:
        return AiohttpClient(**options)
    except RuntimeError:
        return HttpxClient(**options)


def _redirected(response: Any, request: Any) -> Any:
    """The request to send next, where the same request may be sent to that address."""
    onward = response.next_request
    if onward.method == request.method and _origin(onward) == _origin(request):
        return onward
    raise EndpointError(
        f"{public_address(str(request.url))} answered {response.status_code} and redirects to "
        f"{public_address(str(onward.url))}. The request was not sent there. If that is the right server, "
        "set --base-url to its address."
    )


def _origin(request: Any) -> tuple[str, str]:
    parts = urlsplit(str(request.url))
    return parts.scheme, parts.netloc


async def _read(response: Any, request: Any) -> Any:
    """A response of the same type whose body is read and decompressed."""
    failed = response.status_code >= 400
    feed = _feed.get()
    if feed is not None and not failed and _is_stream(response):
        body = b""
        await _pass_on(response, feed)
    else:
        body = await _body(response, _MAX_ERROR_BYTES if failed else MAX_BYTES, cut=failed)
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in _STORED]
    return type(response)(response.status_code, headers=headers, content=body, request=request)


def _is_stream(response: Any) -> bool:
    return bool(response.headers.get("content-type", "").strip().lower().startswith("text/event-stream"))


async def _pass_on(response: Any, feed: Feed) -> None:
    """Pass the chunks of an event stream on as they come, until its reader has what it needs."""
    length = 0
    async with contextlib.aclosing(_chunks(response, MAX_STREAM_BYTES)) as chunks:
        async for chunk in chunks:
            length += len(chunk)
            if length > MAX_STREAM_BYTES:
                raise _too_long(response, MAX_STREAM_BYTES)
            if feed(chunk):
                # A response that is read to its end leaves its connection to the next request.
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(anext(chunks, None), _LAST_CHUNK)
                return


async def _body(response: Any, limit: int, *, cut: bool) -> bytes:
    """At most ``limit`` bytes of the body, decompressed; a longer one is cut, or is an error."""
    body = bytearray()
    async for chunk in _chunks(response, limit):
        body += chunk
    if len(body) > limit and not cut:
        raise _too_long(response, limit)
    return bytes(body[:limit])


async def _chunks(response: Any, limit: int) -> AsyncGenerator[bytes, None]:
    """The body as it comes, decompressed, up to one byte more than ``limit``."""
    where = public_address(str(response.request.url))
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise EndpointError(
            f"{where} answered with the content encoding {encoding[:40]!r}, but gzip was asked for."
        )
    inflate = None if encoding in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)
    room = limit + 1
    async for packed in response.aiter_raw():
        try:
            chunk = packed[:room] if inflate is None else inflate.decompress(packed, room)
        except zlib.error:
            raise EndpointUnavailable(f"{where} answered with damaged gzip data.") from None
        room -= len(chunk)
        yield chunk
        if room == 0:
            return


def _too_long(response: Any, limit: int) -> EndpointError:
    return EndpointError(
        f"{public_address(str(response.request.url))} answered with more than {limit // 2**20} MB, which no reply "
        "needs. Is that the address of a chat-completions API?"
    )
