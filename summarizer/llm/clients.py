"""The connections to an endpoint: one client for each event loop, closed when the loop ends."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import openai
from pydantic import SecretStr

from summarizer.llm.bounded import bounded_client
from summarizer.llm.events import Incomplete
from summarizer.settings import on_this_machine

_CONNECT = 10.0  # seconds; the transport limits the whole request


@dataclass
class _Connected:
    loop: asyncio.AbstractEventLoop
    client: openai.AsyncOpenAI
    first: asyncio.Lock
    keeper: AsyncGenerator[None, None]


@dataclass
class Clients:
    """The clients of one endpoint, by event loop. None is used after its loop has ended, and none stays open."""

    base_url: str
    api_key: SecretStr
    _connected: dict[int, _Connected] = field(default_factory=dict, repr=False)

    async def here(self) -> openai.AsyncOpenAI:
        """The client of the running loop."""
        return (await self._here()).client

    async def first(self) -> asyncio.Lock:
        """The running loop's lock for the first request, which finds out what the endpoint takes."""
        return (await self._here()).first

    async def _here(self) -> _Connected:
        loop = asyncio.get_running_loop()
        known = self._connected.get(id(loop))
        if known is not None and known.loop is loop:
            return known
        for key, other in list(self._connected.items()):  # a closed loop's connections are closed
            if other.loop.is_closed():
                self._connected.pop(key, None)
        url, headers = _without_user(self.base_url)
        client = openai.AsyncOpenAI(
            base_url=url,
            default_headers=headers,
            api_key=self.api_key.get_secret_value(),
            timeout=openai.Timeout(None, connect=_CONNECT),
            max_retries=0,
            http_client=self._http_client(),
        )
        # asyncio.run closes a loop's async generators before the loop: the only hook that a loop has.
        keeper = _keep(client)
        await keeper.__anext__()
        made = self._connected[id(loop)] = _Connected(loop, client, asyncio.Lock(), keeper)
        return made

    def _http_client(self) -> Any:
        # A proxy from the environment cannot reach a server on this machine.
        return bounded_client(trust_env=not on_this_machine(self.base_url))

    async def close(self) -> None:
        """Close the running loop's connections."""
        known = self._connected.pop(id(asyncio.get_running_loop()), None)
        if known is not None:
            await known.keeper.aclose()


def _without_user(url: str) -> tuple[str, dict[str, str]]:
    """Split an address into one without user and password, which logs would show, and the header for those."""
    parts = urlsplit(url)
    if parts.username is None:
        return url, {}
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return bare, {"Authorization": f"Basic {base64.b64encode(user.encode()).decode()}"}


async def _keep(client: openai.AsyncOpenAI) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        with contextlib.suppress(RuntimeError):  # the loop was closed in another way
            await client.close()


# Names of errors of httpx, httpx2 and aiohttp, whichever are installed.
_REFUSED = frozenset({"ConnectError", "ClientConnectorError", "ClientConnectorDNSError"})
_NOT_HTTP = frozenset({"BadStatusLine", "BadHttpMessage"})
_CLOSED = frozenset(
    {
        "RemoteProtocolError",
        "ReadError",
        "WriteError",
        "ClientPayloadError",
        "ServerDisconnectedError",
        "ClientOSError",
    }
)


def connection_failure(error: Exception) -> str:
    """Say what an error of the openai client means, to follow the endpoint's name."""
    if isinstance(error, Incomplete):
        return "ended its stream before its answer was complete"
    if not isinstance(error, openai.APIConnectionError):
        return "answered with something that is not JSON; the address of an API usually ends in /v1"
    causes = list(_causes(error))
    kinds = {type(cause).__name__ for cause in causes}
    words = " ".join(" ".join(map(str, causes)).split())
    if "CERTIFICATE" in words.upper():
        return "cannot be reached: its certificate is not trusted here"
    if "[SSL" in words:
        return "cannot be reached: TLS failed. Many local servers take http:// only"
    if kinds & _REFUSED:
        return "cannot be reached"
    if kinds & _NOT_HTTP or "illegal" in words:  # h11's word for what is not HTTP
        return "does not answer in HTTP"
    if kinds & _CLOSED:
        return "closed the connection before its answer was complete"
    if isinstance(error, openai.APITimeoutError):
        return "cannot be reached: it does not take the connection"
    return f"cannot be reached: {words[:200] or 'no reason given'}".rstrip(".")


def _causes(error: BaseException) -> Iterator[BaseException]:
    while error.__cause__ is not None:
        error = error.__cause__
        yield error
