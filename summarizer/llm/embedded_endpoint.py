"""The endpoint of the embedded model: any other endpoint, plus care for the server's process.

A dead process is restarted before the next request. Nothing is sent over a connection unless the process is
alive after the connection was made: a port that a dead process leaves free may be taken by another program,
which must get neither the key nor the article.
"""

from __future__ import annotations

import asyncio
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from typing import Any

import openai
from pydantic import SecretStr

from summarizer.llm import embedded
from summarizer.llm.bounded import HttpxClient
from summarizer.llm.clients import Clients, _Connected
from summarizer.llm.endpoint import Endpoint
from summarizer.llm.loading import load_in_thread
from summarizer.llm.transport import OnPart, Transport


@dataclass
class EmbeddedEndpoint(Endpoint):
    """The model that ``server`` serves from the GGUF file ``path``."""

    _clients: _Clients = field(init=False, repr=False)
    path: Path = field(kw_only=True, repr=False)
    server: InitVar[embedded.Running] = field(kw_only=True)

    def __post_init__(self, server: embedded.Running) -> None:
        super().__post_init__()
        self._clients = _Clients(self.base_url, self.api_key, path=self.path, running=server)
        self._transport = _Transport(self._transport.asked, self.timeout, self._clients, self.throttle)

    @property
    def running(self) -> embedded.Running:
        """The server that the last request went to; another one after a restart."""
        return self._clients.running


class _Transport(Transport):
    clients: _Clients

    async def fetch(self, wire: dict[str, Any], on_part: OnPart | None = None) -> Any:
        running = self.clients.running
        try:
            return await super().fetch(wire, on_part)
        except openai.APIConnectionError:
            # A process that dies closes its sockets first. Wait until its end shows, so that a retry restarts
            # it.
            for _ in range(20):
                if not running.is_alive:
                    break
                await asyncio.sleep(0.1)
            raise


@dataclass
class _Clients(Clients):
    path: Path = field(kw_only=True, repr=False)
    running: embedded.Running = field(kw_only=True, repr=False)

    async def _here(self) -> _Connected:
        if not self.running.is_alive:
            self.running = await load_in_thread(
                lambda progress: embedded.start(self.path, progress=progress), None
            )
            self.base_url, self.api_key = self.running.base_url, SecretStr(self.running.api_key)
        known = self._connected.get(id(asyncio.get_running_loop()))
        if known is not None and known.client.api_key != self.running.api_key:
            await self.close()
        return await super()._here()

    def _http_client(self) -> Any:
        running = self.running

        async def check(event: str, _info: dict[str, Any]) -> None:
            if event.endswith("send_request_headers.started") and not running.is_alive:
                raise ConnectionError("the embedded model's process has died")

        async def check_before_sending(request: Any) -> None:
            request.extensions["trace"] = check

        return HttpxClient(trust_env=False, event_hooks={"request": [check_before_sending]})
