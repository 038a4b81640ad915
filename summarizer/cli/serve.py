"""``summarizer serve``: a page and a JSON API."""

from __future__ import annotations

from typing import Annotated

import typer
from typing_extensions import Unpack

from summarizer.cli.common import reporting
from summarizer.cli.options import ServeOptions, takes_group


@takes_group
def serve(
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Address to listen on. Any but the loopback needs a token.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65_535, help="Port to listen on; 0 takes any free one.")
    ] = 8765,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            help="Token that each request needs. Safer in SUMMARIZER_SERVE_TOKEN: other users can see a command line.",
        ),
    ] = None,
    allow_host: Annotated[
        list[str],
        typer.Option(
            metavar="NAME",
            help="Further name under which the server is reached, such as that of a proxy. Repeatable.",
        ),
    ] = [],  # noqa: B006 - typer copies it
    offer: Annotated[
        list[str],
        typer.Option(
            metavar="NAME", help="Further model that users may choose, named as for --model. Repeatable."
        ),
    ] = [],  # noqa: B006 - typer copies it
    queue: Annotated[
        int, typer.Option(metavar="N", min=0, help="Articles that may wait while others are read.")
    ] = 8,
    open: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in a browser.")] = False,
    **options: Unpack[ServeOptions],
) -> None:
    """Serve a page and a JSON API that summarise articles and reconcile reports (extra [serve]).

    Listens on the loopback only, unless --host says otherwise. Ctrl-C ends it.
    """
    with reporting():
        from summarizer.serve import server

        server.check_extra()
        key = server.checked_token(host, token)
        ready = server.prepare(
            server.service_of(options, offer, queue), host, port, token=key, names=allow_host
        )
        typer.echo(f"Serving on {ready.address} (Ctrl-C ends it)")
        if open:
            server.browse(ready.address, key)
        ready.run()
