"""The connections to an endpoint: one client for each event loop, closed with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

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
        client = openai.AsyncOpenAI(
            base_url=self.base_url,
            api_key=self.api_key.get_secret_value(),
            timeout=openai.Timeout(None, connect=_CONNECT),
            max_retries=0,
            # A proxy from the environment cannot reach a server on this machine.
            http_client=openai.DefaultAsyncHttpxClient(trust_env=False)
            if on_this_machine(self.base_url)
            else None,
        )
        # asyncio.run ends the generators of its loop before it closes it: the one hook that a loop has.
        keeper = _keep(client)
        await keeper.__anext__()
        made = self._connected[id(loop)] = _Connected(loop, client, asyncio.Lock(), keeper)
        return made

    async def close(self) -> None:
        """Close the running loop's connections."""
        known = self._connected.pop(id(asyncio.get_running_loop()), None)
        if known is not None:
            await known.keeper.aclose()


async def _keep(client: openai.AsyncOpenAI) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        with contextlib.suppress(RuntimeError):  # its loop was closed in another way
            await client.close()
