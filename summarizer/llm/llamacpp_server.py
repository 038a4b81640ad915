"""The server process of the embedded model. ``embedded.start`` runs it as a script; nothing imports it.

It reads one line of JSON settings from standard input, loads the model, and writes one line of JSON: the
``address`` and ``context`` of the server, or an ``error``. It exits when standard input ends, which happens
when the parent process ends for whatever reason. It imports nothing from this package, to start fast.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

_WATCHER = """
import os, sys
sys.stdin.buffer.read()
if os.getppid() == int(sys.argv[1]):
    os.kill(os.getppid(), 9)
"""


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C means
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # C code may print to standard output
    settings = json.loads(sys.stdin.readline())
    sys.path[:] = settings.pop("sys_path")
    try:
        with _exit_with_parent():
            server = _serve(**settings)
        address = server.listening_address
        reply = {"address": address, "context": _context(address, settings["key"])}
    except ImportError as error:
        reply = {"error": "import", "detail": str(error)}
    except Exception as error:
        reply = {"error": "load", "detail": str(error)}
    print(json.dumps(reply), file=answer, flush=True)
    sys.stdin.read()
    # A normal exit would wait for the requests in progress, whose replies nobody reads.
    os._exit(0)


@contextmanager
def _exit_with_parent() -> Iterator[None]:
    """Kill this process if standard input ends inside the block.

    xllamacpp holds the interpreter lock while it loads, so no thread of this process can watch.
    """
    watcher = subprocess.Popen(  # noqa: S603 - the interpreter that runs this script
        [sys.executable, "-I", "-S", "-c", _WATCHER, str(os.getpid())],
        stdin=sys.stdin,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        yield
    finally:
        watcher.kill()
        watcher.wait()


def _serve(*, path: str, key: str, context: int, threads: int | None, parallel: int) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = path
    params.hostnames = ["127.0.0.1"]
    params.port = 0  # any free port
    params.api_keys = [key]
    params.ui = False
    params.verbosity = 1  # errors only; the parent reads them if loading fails
    params.n_ctx = context
    # Slots do not share a prefix: four first requests about one article at once would read it four times.
    params.n_parallel = parallel
    params.kv_unified = True
    # Cached states of earlier articles, so that returning to one does not read it again. An article of 1,500
    # tokens takes about 45 MB with the 1.5B model; llama.cpp's default limit is 8 GB.
    params.cache_ram_mib = 512
    if threads is not None:
        params.cpuparams.n_threads = threads
        params.cpuparams_batch.n_threads = threads
    return xllamacpp.Server(params)


def _context(address: str, key: str) -> int:
    """Return the server's context in tokens. Asked from here, where the listener cannot be another process."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    try:
        connection.request("GET", "/props", headers={"Authorization": f"Bearer {key}"})
        return int(json.load(connection.getresponse())["default_generation_settings"]["n_ctx"])
    finally:
        connection.close()


if __name__ == "__main__":
    main()
