"""The embedded model: llama.cpp behind the OpenAI API, on a free loopback port.

The server is a child process. It starts on first use, all threads share it, and it ends with this process.
Loading llama.cpp into this process was tried: it holds the interpreter lock while it loads (2 to 10 s without
progress or Ctrl-C), hangs at exit if a request is in progress, and does not survive a fork. A random key that
only the two processes know keeps other users of the machine out.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from summarizer.errors import ConfigurationError, ModelProcessDied, WeightsError

CONTEXT = 16384
_SERVER = Path(__file__).with_name("llamacpp_server.py")
_TICK = 0.1  # seconds between two progress reports while the model loads
_RESTART_WINDOW = 600.0  # seconds; a second death within them is not followed by a restart
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"://[^/\s]*@")  # a URL with a password


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready. ``context`` is in tokens, prompt and reply together."""

    base_url: str
    model: str
    context: int
    api_key: str = field(repr=False)
    process: subprocess.Popen[str] = field(repr=False, compare=False)

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs. While it does, no other program can listen on its port."""
        return self.process.poll() is None


@dataclass(frozen=True, slots=True)
class _Settings:
    path: Path
    context: int
    threads: int | None
    parallel: int


_lock = threading.Lock()
_servers: dict[_Settings, Running] = {}
_deaths: dict[_Settings, tuple[Running, float]] = {}  # the last server that died and was replaced, and when


def start(
    path: Path,
    *,
    context: int = CONTEXT,
    threads: int | None = None,
    parallel: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> Running:
    """Serve the GGUF file at ``path`` and return the server once it is ready.

    The same arguments return the same server. A server that has died is replaced once in ten minutes.

    ``context`` is in tokens, and capped at what the model was trained for. ``threads`` defaults to
    llama.cpp's choice. ``parallel`` is the number of requests processed at once, all within that context.
    ``progress`` is called with ``("loading", 0, size)`` until the model is loaded, then with ``("loading",
    size, size)``; an exception that it raises ends the loading.

    Raises ConfigurationError if xllamacpp is not installed or does not run here, WeightsError if the file is
    missing, is not a GGUF file or cannot be loaded, and ModelProcessDied if the server died again.
    """
    settings = _Settings(path.resolve(), context, threads, parallel)
    report = progress or (lambda stage, done, total: None)
    with _lock:
        if settings in _servers:
            if _servers[settings].is_alive:
                return _servers[settings]
            _count_death(settings)
            _end(_servers[settings].process)
        size = _check_file(settings.path)
        report("loading", 0, size)
        _servers[settings] = _launch(settings, lambda: report("loading", 0, size))
        report("loading", size, size)
        return _servers[settings]


def check_installed() -> None:
    """Raise ConfigurationError if xllamacpp is not installed. Cheap, so call it before fetching weights."""
    if importlib.util.find_spec("xllamacpp") is None:
        raise ConfigurationError(
            "The embedded model needs xllamacpp, which is not installed. Install it with: "
            "pip install 'deal-summarizer[local]'. Or use a model on another server: --base-url and --model."
        )


def stop() -> None:
    """End all servers of this process."""
    with _lock:
        for running in _servers.values():
            _end(running.process)
        _servers.clear()
        _deaths.clear()


def _count_death(settings: _Settings) -> None:
    """Note that a server died. Raises ModelProcessDied if another one died shortly before."""
    dead, now = _servers[settings], time.monotonic()
    previous, when = _deaths.get(settings, (None, 0.0))
    if previous is dead:  # counted before, but the restart failed
        return
    if previous is not None and now - when < _RESTART_WINDOW:
        raise ModelProcessDied(
            f"The embedded model's process died, was restarted and died again: {_cause_of_death(dead.process)} "
            "Try a smaller model (--model local:0.5b), or a model on another server (--base-url)."
        )
    _deaths[settings] = (dead, now)


def _launch(settings: _Settings, still_wanted: Callable[[], None]) -> Running:
    check_installed()
    key = secrets.token_urlsafe(32)
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(  # noqa: S603 - our own script, run by our own interpreter
            [sys.executable, "-I", str(_SERVER)],  # -I: import nothing from the script's folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            # Other users can read a process's arguments, so the key goes through the pipe.
            reply = _exchange(process, _message(settings, key), still_wanted)
            if "address" not in reply:
                raise _load_error(settings, reply, process, log)
        except BaseException:
            _end(process)
            raise
    return Running(f"{reply['address']}/v1", settings.path.stem, reply["context"], key, process)


def _environment() -> dict[str, str]:
    """Return this process's environment without keys, tokens and passwords."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not _SECRET_NAME.search(name) and not _SECRET_VALUE.search(value)
    }
    # OpenMP threads that spin while they wait are slow as soon as anything else uses a core: 1.3 to 1.9
    # tokens/s generated, against 8 to 11 with passive waiting, which is no slower on an idle machine.
    return {"OMP_WAIT_POLICY": "passive", **inherited}


def _message(settings: _Settings, key: str) -> dict[str, Any]:
    return {
        "sys_path": [str(entry) for entry in sys.path],
        "key": key,
        "path": str(settings.path),
        "context": settings.context,
        "threads": settings.threads,
        "parallel": settings.parallel,
    }


def _exchange(
    process: subprocess.Popen[str], message: dict[str, Any], still_wanted: Callable[[], None]
) -> dict[str, Any]:
    """Send the settings and return the reply, empty if the process died. ``still_wanted`` may raise to give up."""
    lines: list[str] = []

    def read() -> None:
        lines.append(cast("IO[str]", process.stdout).readline())

    reader = threading.Thread(target=read, name="summarizer-loading", daemon=True)
    reader.start()
    try:
        with contextlib.suppress(OSError):  # it died at once: the reader tells
            print(json.dumps(message), file=process.stdin, flush=True)
        reader.join(_TICK)
        while reader.is_alive():
            still_wanted()
            reader.join(_TICK)
    except BaseException:
        process.kill()
        raise
    finally:
        reader.join()
    return json.loads(lines[0]) if lines and lines[0] else {}


def _load_error(
    settings: _Settings, reply: dict[str, Any], process: subprocess.Popen[str], log: IO[str]
) -> ConfigurationError:
    if reply.get("error") == "import":
        hint = " (Debian and Ubuntu: apt-get install libgomp1)" if "libgomp" in reply["detail"] else ""
        return ConfigurationError(
            f"xllamacpp is installed but cannot be imported here: {reply['detail']}{hint}"
        )
    log.seek(0)
    output = log.read()
    known = re.search(r"error loading model: (.+)", output) or re.search(r" E (.+)", output)
    detail = known.group(1) if known else reply.get("detail") or _cause_of_death(process)
    return WeightsError(f"llama.cpp cannot load {settings.path}: {detail}")


def _cause_of_death(process: subprocess.Popen[str]) -> str:
    code = process.wait()
    if code >= 0:
        return f"it exited with code {code if code < 256 else hex(code)}."  # Windows: 0xc0000005 and the like
    try:
        name = f" ({signal.Signals(-code).name})"
    except ValueError:
        name = ""
    memory = " Is there enough free memory?" if name == " (SIGKILL)" else ""
    return f"it was ended by signal {-code}{name}.{memory}"


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()  # it has no state to save
    process.communicate()


def _check_file(path: Path) -> int:
    """Return the size of a GGUF file in bytes."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
        size = path.stat().st_size
    except OSError as error:
        raise WeightsError(f"The model file {path} cannot be read: {error.strerror}.") from error
    if magic != b"GGUF":
        raise WeightsError(f"{path} is not a GGUF file, the format that llama.cpp reads.")
    return size


def _forget_after_fork() -> None:
    # The servers belong to the parent process and end with it.
    global _lock
    _lock = threading.Lock()  # a thread of the parent may hold the old one
    for running in _servers.values():
        for pipe in (running.process.stdin, running.process.stdout):
            if pipe is not None:
                pipe.close()
        running.process.poll()  # not a child of this process: marks it as ended, so that Popen does not warn
    _servers.clear()
    _deaths.clear()


atexit.register(stop)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
