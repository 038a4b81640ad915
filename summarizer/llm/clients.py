"""The connections to an endpoint: one client for each event loop, closed with it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import openai
from pydantic import SecretStr

from summarizer.settings import on_this_machine

_CONNECT = 10.0  # seconds; how long an answer may take is the endpoint's business


@dataclass
class _Connected:
    loop: asyncio.AbstractEventLoop
    client: openai.AsyncOpenAI
    first: asyncio.Lock
    keeper: AsyncGenerator[None, None]


@dataclass
class Clients:
    """The clients of one endpoint, by event loop: none is used after its loop, and none is left open."""

    base_url: str
    api_key: SecretStr
    _connected: dict[int, _Connected] = field(default_factory=dict, repr=False)

    async def here(self) -> openai.AsyncOpenAI:
        """The client of the running loop."""
        return (await self._here()).client

    async def first(self) -> asyncio.Lock:
        """The lock of the running loop that the first request to the endpoint holds."""
        return (await self._here()).first

    async def _here(self) -> _Connected:
        loop = asyncio.get_running_loop()
        known = self._connected.get(id(loop))
        if known is not None and known.loop is loop:
            return known
        for key, other in list(self._connected.items()):  # whoever closed a loop has closed its connections
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
        # asyncio.run ends the generators of its loop before it closes it: the one hook that a loop has.
        keeper = _keep(client)
        await keeper.__anext__()
        made = self._connected[id(loop)] = _Connected(loop, client, asyncio.Lock(), keeper)
        return made

    def _http_client(self) -> Any:
        # A proxy from the environment cannot reach a server on this machine.
        return openai.DefaultAsyncHttpxClient(trust_env=False) if on_this_machine(self.base_url) else None

    async def close(self) -> None:
        """Close the running loop's connections."""
        known = self._connected.pop(id(asyncio.get_running_loop()), None)
        if known is not None:
            await known.keeper.aclose()


def _without_user(url: str) -> tuple[str, dict[str, str]]:
    """An address without user and password, which logs would show, and the header that says the same."""
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
        with contextlib.suppress(RuntimeError):  # its loop was closed in another way
            await client.close()


def what_broke(error: Exception) -> str:
    """Say what an error of the client means, behind the name of the endpoint."""
    if isinstance(error, openai.APITimeoutError):
        return "cannot be reached: it does not take the connection"
    if isinstance(error, openai.APIConnectionError):
        cause = str(error.__cause__)
        if "CERTIFICATE" in cause.upper():
            return "cannot be reached: its certificate is not trusted here"
        refused = type(error.__cause__).__name__ == "ConnectError"
        return "cannot be reached" if refused else "cannot be reached: it broke off the connection"
    return "answered with something that is not JSON; the address of an API usually ends in /v1"
