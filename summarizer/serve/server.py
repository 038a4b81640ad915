"""Starts the server: which models it offers, where it listens, and who may use it."""

from __future__ import annotations

import logging
import os
import socket
import threading
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from summarizer.errors import ConfigurationError, SummarizerError
from summarizer.llm import embedded
from summarizer.llm.loading import load_in_thread
from summarizer.options import Options
from summarizer.pipeline import choose, open_shared
from summarizer.serve.queue import WorkQueue
from summarizer.serve.work import OfferedModel, Service
from summarizer.settings import DEADLINE, Settings

if TYPE_CHECKING:
    import uvicorn

TOKEN_VARIABLE = "SUMMARIZER_SERVE_TOKEN"  # noqa: S105 - a name, no token
_SHORTEST_TOKEN = 16
_AT_A_TIME = 4  # articles on a server; the embedded model reads one
log = logging.getLogger("summarizer.serve")


def check_extra() -> None:
    """Raise ConfigurationError where the extra is not installed."""
    if any(find_spec(name) is None for name in ("fastapi", "uvicorn", "python_multipart")):
        raise ConfigurationError("The server needs the [serve] extra: pip install 'deal-summarizer[serve]'.")


def service_of(options: Mapping[str, Any], others: Sequence[str], waiting: int) -> Service:
    """Return the models on offer, the one that the options name first. Raises ConfigurationError where one cannot work."""
    offers = []
    for name in (options.get("model"), *others):
        # An article of the embedded model has no time limit by itself, but here others wait for it.
        given = {**options, "model": name}
        limit = _settings(given).deadline or DEADLINE
        given["deadline"] = limit
        settings = _settings(given)
        if settings.embedded:
            embedded.check_installed()
        offers.append(OfferedModel(name or settings.model, settings.embedded, given))
    running = 1 if any(offer.embedded for offer in offers) else _AT_A_TIME
    return Service(offers, WorkQueue(running, waiting))


def _settings(options: Mapping[str, Any]) -> Settings:
    settings = choose(cast(Options, options))[0]
    assert settings is not None, "models of the command line have names"  # noqa: S101
    return settings


def checked_token(host: str, token: str | None) -> str | None:
    """Return the token, of the argument or the environment. Raises ConfigurationError where it is missing or weak."""
    token = token or os.environ.get(TOKEN_VARIABLE) or None
    if token is None and not is_loopback(host):
        raise ConfigurationError(
            f"Others can reach {host}, so a token is needed: set {TOKEN_VARIABLE}, for example to the output of "
            "python -c 'import secrets; print(secrets.token_urlsafe())'."
        )
    if token is not None and (len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable()):
        raise ConfigurationError(f"The token needs at least {_SHORTEST_TOKEN} printable ASCII characters.")
    return token


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises ConfigurationError where the port is taken or the host is not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            f"The server cannot listen on port {port} of {host}: {why}. Choose another with --port; "
            "--port 0 takes any free one."
        ) from error


@dataclass(frozen=True)
class Prepared:
    """A server that is bound to its port and not yet started."""

    server: uvicorn.Server
    listening: socket.socket
    address: str

    def run(self) -> None:
        """Serve until the process is interrupted. Raises KeyboardInterrupt at the end."""
        with self.listening:
            self.server.run(sockets=[self.listening])


def prepare(
    service: Service, host: str, port: int, *, token: str | None = None, names: Sequence[str] = ()
) -> Prepared:
    """Bind a server to its port. ``names`` are further names of the host. Raises ConfigurationError."""
    import uvicorn

    from summarizer.serve.api import make
    from summarizer.serve.guard import LOOPBACK

    listening = bind(host, port)
    outside = not is_loopback(host)
    own = {*LOOPBACK, host, *names, *([socket.gethostname()] if outside else ())}
    app = make(
        service, hosts=own, any_address=outside, token=token, warm_up=lambda: _warm_up(service.offers[0])
    )

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            service.close()  # else it would wait for the articles that are read
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=200,
        ws="none",
    )
    return Prepared(Server(config), listening, _address(host, listening.getsockname()[1]))


def browse(address: str, token: str | None) -> None:
    """Open the page in a browser, which hands the token to it in the fragment: that is sent to no server."""
    shown = f"{address}#token={quote(token)}" if token else address
    threading.Thread(target=webbrowser.open, args=(shown,), daemon=True).start()


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)  # noqa: S104 - compared
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


async def _warm_up(offer: OfferedModel) -> None:
    """Start the default model before the first article comes. What fails is told to that article."""
    if not isinstance(offer.options.get("model"), str | None):
        return  # an object is ready
    settings = _settings(offer.options)
    try:
        await load_in_thread(lambda progress: open_shared(settings, progress), None)
    except SummarizerError as error:
        log.warning("%s", error)
