"""The embedded model: llama.cpp with the OpenAI API on a loopback port of its own choosing.

It runs in a process of its own, started at the first need, shared by all threads, and ended with this
process, however this one ends. Loaded into this process, as was tried, it holds the interpreter's lock while
it loads (2 to 10 s without a sign of progress or an answer to Ctrl-C), waits for ever at exit if a request
is under way, and would not survive a fork. A key that only this process knows keeps other users of the
machine out.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from summarizer.errors import ConfigurationError, WeightsError

CONTEXT = 16384
_SERVER = Path(__file__).with_name("llamacpp_server.py")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready; ``context`` is the tokens of one request, prompt and reply together."""

    base_url: str
    model: str
    context: int
    api_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Settings:
    path: Path
    context: int
    threads: int | None
    parallel: int


_lock = threading.Lock()
_servers: dict[_Settings, tuple[subprocess.Popen[str], Running]] = {}


def start(
    path: Path,
    *,
    context: int = CONTEXT,
    threads: int | None = None,
    parallel: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> Running:
    """Serve the GGUF file at ``path`` and return the server, ready; the same one for the same arguments.

    ``context`` is in tokens, and cut to what the model was trained for; ``threads`` is chosen by llama.cpp
    where None; ``parallel`` is how many requests are worked on at once, all in that context. ``progress`` is
    called with ``("loading", 0, size)`` and ``("loading", size, size)`` around a start, which takes seconds.

    Raises ConfigurationError if xllamacpp is not installed or does not run here, WeightsError if the file is
    missing, is not a GGUF file, or cannot be loaded.
    """
    settings = _Settings(path.resolve(), context, threads, parallel)
    with _lock:
        if settings in _servers:
            process, running = _servers[settings]
            if process.poll() is None:
                return running
            _end(_servers.pop(settings)[0])  # it died, so what is left of it is cleared away
        size = _check_file(settings.path)
        if progress:
            progress("loading", 0, size)
        process, running = _servers[settings] = _launch(settings)
        if progress:
            progress("loading", size, size)
        return running


def check_installed() -> None:
    """Raise ConfigurationError if xllamacpp is not installed: worth knowing before weights are fetched."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigurationError(
            "The embedded model needs xllamacpp, which is not installed. Install it with: "
            "pip install 'deal-summarizer[local]'. Or name a model on another server: --base-url and --model."
        )


def stop() -> None:
    """End every server of this process, and give their memory back."""
    with _lock:
        for process, _ in _servers.values():
            _end(process)
        _servers.clear()


def _launch(settings: _Settings) -> tuple[subprocess.Popen[str], Running]:
    check_installed()
    key = secrets.token_urlsafe(32)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(  # noqa: S603 - our own script, by the interpreter that runs us
            # -I: the folder of the script is no place to import from.
            [sys.executable, "-I", str(_SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            # Threads that wait for each other by spinning lose most of the time as soon as anything else
            # uses a core: 1.3 to 1.9 tokens/s written, against 8 to 11 with this, and no less when alone.
            env={"OMP_WAIT_POLICY": "passive", **os.environ},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            # Through the pipe: other users can read a process's arguments, and its environment is inherited.
            reply = _exchange(process, _as_message(settings, key))
            if "address" not in reply:
                raise _why_not(settings, reply, process, log)
            context = _context_of(reply["address"], key)
        except BaseException:
            _end(process)
            raise
    return process, Running(f"{reply['address']}/v1", settings.path.stem, context, key)


def _as_message(settings: _Settings, key: str) -> dict[str, Any]:
    return {
        "sys_path": [str(entry) for entry in sys.path],
        "key": key,
        "path": str(settings.path),
        "context": settings.context,
        "threads": settings.threads,
        "parallel": settings.parallel,
    }


def _exchange(process: subprocess.Popen[str], message: dict[str, Any]) -> dict[str, Any]:
    try:
        print(json.dumps(message), file=process.stdin, flush=True)
        line = cast("IO[str]", process.stdout).readline()
    except BrokenPipeError:
        line = ""
    return json.loads(line) if line else {}


def _why_not(
    settings: _Settings, reply: dict[str, Any], process: subprocess.Popen[str], log: IO[str]
) -> ConfigurationError:
    if reply.get("error") == "import":
        hint = " (Debian and Ubuntu: apt-get install libgomp1)" if "libgomp" in reply["detail"] else ""
        return ConfigurationError(f"xllamacpp is installed, but does not load here: {reply['detail']}{hint}")
    log.seek(0)
    said = log.read()
    known = re.search(r"error loading model: (.+)", said) or re.search(r" E (.+)", said)
    detail = known.group(1) if known else reply.get("detail") or _how_it_ended(process)
    return WeightsError(f"llama.cpp cannot load {settings.path}: {detail}")


def _how_it_ended(process: subprocess.Popen[str]) -> str:
    code = process.wait()
    if code < 0:
        return f"its process was ended by signal {-code}. Is there enough free memory?"
    return f"its process ended with code {code}."


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()  # it has no state to save
    process.communicate()


def _check_file(path: Path) -> int:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        size = path.stat().st_size
    except OSError as error:
        raise WeightsError(f"The model file {path} cannot be read: {error.strerror}.") from error
    if magic != b"GGUF":
        raise WeightsError(f"{path} is not a GGUF file, the kind that llama.cpp reads.")
    return size


def _context_of(address: str, key: str) -> int:
    url = f"{address}/props"  # http on loopback
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {key}"})  # noqa: S310 - as said
    # No proxy of the environment stands between this process and its own server.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as response:
        return int(json.load(response)["default_generation_settings"]["n_ctx"])


def _forget_in_child() -> None:
    # A forked child has its parent's servers in its books, but they end when the parent does.
    global _lock
    _lock = threading.Lock()  # the parent's may be held by a thread that the child does not have
    for process, _ in _servers.values():
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.poll()  # not the child's child: this marks it as gone, so that nobody warns about it
    _servers.clear()


atexit.register(stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
