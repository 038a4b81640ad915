"""The connections to an endpoint: one client for each event loop, closed when the loop ends."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import openai
from pydantic import SecretStr

from summarizer.llm.bounded import BoundedClient
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
            # A proxy from the environment cannot reach a server on this machine.
            http_client=BoundedClient(trust_env=not on_this_machine(self.base_url)),
        )
        # asyncio.run closes a loop's async generators before the loop: the only hook that a loop has.
        keeper = _keep(client)
        await keeper.__anext__()
        made = self._connected[id(loop)] = _Connected(loop, client, asyncio.Lock(), keeper)
        return made

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


_CLOSED = frozenset({"RemoteProtocolError", "ReadError", "WriteError", "CloseError"})  # of httpx and httpx2


def connection_failure(error: Exception) -> str:
    """Say what an error of the openai client means, to follow the endpoint's name."""
    if isinstance(error, openai.APITimeoutError):
        return "cannot be reached: it does not take the connection"
    if not isinstance(error, openai.APIConnectionError):
        return "answered with something that is not JSON; the address of an API usually ends in /v1"
    kind, words = type(error.__cause__).__name__, " ".join(str(error.__cause__).split())[:200]
    if "CERTIFICATE" in words.upper():
        return "cannot be reached: its certificate is not trusted here"
    if kind == "ConnectError":
        return "cannot be reached"
    if "illegal" in words:  # h11 on a line that is not HTTP
        return "does not answer in HTTP"
    if kind in _CLOSED:
        return "closed the connection before its answer was complete"
    return f"cannot be reached: {words or kind}".rstrip(".")
