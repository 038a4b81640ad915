"""The embedded server: its life from the first need to the end of the process, and what it lets out."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.errors import ConfigurationError, WeightsError
from summarizer.llm import embedded, weights
from summarizer.llm.embedded import Running

ROOT = Path(__file__).parents[2]

# Stands in for xllamacpp in the server's process. What the "model file" says decides how loading goes.
FAKE = """
import json, os, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

def CommonParams():
    return SimpleNamespace(model=SimpleNamespace(), cpuparams=SimpleNamespace(n_threads=-1),
                           cpuparams_batch=SimpleNamespace(n_threads=-1))

class Server:
    def __init__(self, params):
        order = open(params.model.path).read()
        if "noise" in order:
            os.write(1, b"llama.cpp says hello\\n"); os.write(2, b"llama.cpp says hello\\n"); print("hello")
        if "strange" in order:
            os.write(2, b"0.00 E llama_model_load: error loading model: unknown architecture 'zorb'\\n")
            raise RuntimeError("Failed to init server, please check the input params.")
        if "mute" in order:
            raise RuntimeError("Failed to init server.")
        if "abort" in order:
            os.abort()
        if "slow" in order:
            time.sleep(60)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.headers["Authorization"] != f"Bearer {params.api_keys[0]}":
                    self.send_error(401)
                    return
                if self.path == "/hang":
                    time.sleep(60)
                told = {"pid": os.getpid(), "argv": sys.argv, "environ": dict(os.environ),
                        "threads": params.cpuparams.n_threads, "parallel": params.n_parallel,
                        "cache_ram_mib": params.cache_ram_mib,
                        "default_generation_settings": {"n_ctx": min(params.n_ctx, 8192)}}
                body = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        server = ThreadingHTTPServer((params.hostnames[0], params.port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.listening_address = f"http://127.0.0.1:{server.server_port}"
"""


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put a stand-in for xllamacpp first on the path, and stop its servers afterwards."""
    folder = tmp_path / "engine"
    folder.mkdir()
    (folder / "xllamacpp.py").write_text(FAKE)
    monkeypatch.syspath_prepend(str(folder))
    yield folder
    embedded.stop()


def model(tmp_path: Path, order: str = "") -> Path:
    path = tmp_path / "tiny.gguf"
    path.write_text("GGUF" + order)
    return path


def ask(running: Running, path: str = "/", key: str = "", body: object = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - http on loopback
        running.base_url.removesuffix("/v1") + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key or running.api_key}", "Content-Type": "application/json"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=300) as response:
        return json.load(response)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def assert_ends(pid: int) -> None:
    for _ in range(500):
        if not is_alive(pid):
            return
        time.sleep(0.02)
    raise AssertionError("the server outlives what started it")


def run_script(script: str, engine: Path, tmp_path: Path) -> subprocess.Popen[str]:
    """Start a Python process that has a server running as ``r``, in a process group of its own."""
    start = (
        "import json, os, sys, signal, threading, time\n"
        "from pathlib import Path\n"
        "from urllib.request import Request, urlopen\n"
        "from summarizer.llm import embedded\n"
        "def ask(r, path='/'):\n"
        "    address, headers = r.base_url.removesuffix('/v1'), {'Authorization': 'Bearer ' + r.api_key}\n"
        "    return json.load(urlopen(Request(address + path, headers=headers)))\n"
        f"r = embedded.start(Path({str(model(tmp_path))!r}))\n"
        "pid = ask(r)['pid']\n"
    )
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-c", start + script],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(engine)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


# serving


def test_serves_on_loopback_with_its_own_key(engine: Path, tmp_path: Path) -> None:
    """The server listens on loopback, and answers only with the key, which is new for each server."""
    running = embedded.start(model(tmp_path))
    assert running.base_url.startswith("http://127.0.0.1:")
    assert running.base_url.endswith("/v1")
    assert running.model == "tiny"
    with pytest.raises(urllib.error.HTTPError, match="401") as caught:
        ask(running, key="guess")
    caught.value.close()
    assert ask(running)["pid"] != os.getpid()
    assert embedded.start(model(tmp_path), context=100).api_key != running.api_key


def test_the_key_is_not_shown(engine: Path, tmp_path: Path) -> None:
    """The key stands neither in the server's arguments or environment, nor in the repr of Running."""
    running = embedded.start(model(tmp_path))
    told = ask(running)
    assert running.api_key not in json.dumps([told["argv"], told["environ"]])
    assert running.api_key not in repr(running)


def test_context_is_what_the_server_gives(engine: Path, tmp_path: Path) -> None:
    """The context that is told is the server's, which cuts it to what the model was trained for."""
    assert embedded.start(model(tmp_path), context=4096).context == 4096
    assert embedded.start(model(tmp_path), context=100_000).context == 8192


def test_threads_and_parallel_reach_the_engine(engine: Path, tmp_path: Path) -> None:
    """The number of threads is the engine's own choice unless given; so many requests go in parallel."""
    told = ask(embedded.start(model(tmp_path)))
    assert (told["threads"], told["parallel"]) == (-1, 1)
    told = ask(embedded.start(model(tmp_path), threads=3, parallel=2))
    assert (told["threads"], told["parallel"]) == (3, 2)


def test_the_server_is_a_good_neighbour(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its threads wait without spinning, unless the user says otherwise, and its cache has a limit."""
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    told = ask(embedded.start(model(tmp_path)))
    assert told["environ"]["OMP_WAIT_POLICY"] == "passive"
    assert 0 < told["cache_ram_mib"] <= 1024
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")
    told = ask(embedded.start(model(tmp_path), context=512))
    assert told["environ"]["OMP_WAIT_POLICY"] == "active"


def test_one_server_for_the_same_arguments(engine: Path, tmp_path: Path) -> None:
    """Threads that start the same model at once share one server; other settings have their own."""
    path = model(tmp_path)
    found: list[Running] = []
    threads = [threading.Thread(target=lambda: found.append(embedded.start(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({running.base_url for running in found}) == 1
    assert embedded.start(path, context=512).base_url != found[0].base_url


def test_progress_frames_a_start_only(engine: Path, tmp_path: Path) -> None:
    """Progress reports a start from nothing to the file's size, and says nothing when none is needed."""
    path = model(tmp_path)
    seen: list[tuple[str, int, int]] = []
    embedded.start(path, progress=lambda *report: seen.append(report))
    embedded.start(path, progress=lambda *report: seen.append(report))
    assert seen == [("loading", 0, 4), ("loading", 4, 4)]


def test_a_proxy_of_the_environment_is_not_asked(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that is set for the network does not stand between the process and its server."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert embedded.start(model(tmp_path)).context == 8192


def test_nothing_is_printed(engine: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What the engine prints, from Python or from C, reaches neither stdout nor stderr."""
    running = embedded.start(model(tmp_path, "noise"))
    assert ask(running)["pid"]
    embedded.stop()
    assert capfd.readouterr() == ("", "")


# what goes wrong


def test_a_missing_engine_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without xllamacpp the error names the extra that brings it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'deal-summarizer\[local\]'"):
        embedded.start(model(tmp_path))


def test_an_engine_that_does_not_load_says_why(engine: Path, tmp_path: Path) -> None:
    """An engine that lacks a system library is a matter of configuration, with the reason and the cure."""
    (engine / "xllamacpp.py").write_text("raise ImportError('libgomp.so.1: cannot open shared object file')")
    with pytest.raises(ConfigurationError, match=r"libgomp\.so\.1.*apt-get install libgomp1") as caught:
        embedded.start(model(tmp_path))
    assert not isinstance(caught.value, WeightsError)


def test_a_file_that_is_not_there_is_said(engine: Path, tmp_path: Path) -> None:
    """A missing file is named with the reason."""
    with pytest.raises(WeightsError, match=r"none\.gguf cannot be read: No such file"):
        embedded.start(tmp_path / "none.gguf")


@pytest.mark.parametrize("content", [b"", b"GG", b"<html>GGUF</html>", b"\x7fELF\0\0\0\0"])
def test_a_file_of_another_kind_is_refused(engine: Path, tmp_path: Path, content: bytes) -> None:
    """A file without the mark of GGUF is refused before any process starts."""
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="not a GGUF file"):
        embedded.start(path)


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("strange", "unknown architecture 'zorb'"),
        ("mute", "Failed to init server"),
        ("abort", f"ended by signal {signal.SIGABRT.value}"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_explained(
    engine: Path, tmp_path: Path, order: str, said: str
) -> None:
    """A model that llama.cpp refuses, or dies of, becomes an error with llama.cpp's words; we live on."""
    with pytest.raises(WeightsError, match=r"llama\.cpp cannot load .*tiny\.gguf: .*" + said):
        embedded.start(model(tmp_path, order))
    assert ask(embedded.start(model(tmp_path)))["pid"]


def test_a_server_that_died_is_replaced(engine: Path, tmp_path: Path) -> None:
    """If the server's process was ended from outside, the next need starts another."""
    path = model(tmp_path)
    pid = ask(embedded.start(path))["pid"]
    os.kill(pid, signal.SIGTERM)
    (ended,) = [process for process, _ in embedded._servers.values() if process.pid == pid]
    ended.wait(timeout=20)  # a process is gone for its parent only when the last of its threads is
    assert ask(embedded.start(path))["pid"] != pid


# the end


def test_stop_ends_the_server(engine: Path, tmp_path: Path) -> None:
    """After stop() the server's process is gone, and a new start serves again."""
    path = model(tmp_path)
    pid = ask(embedded.start(path))["pid"]
    embedded.stop()
    assert not is_alive(pid)
    assert ask(embedded.start(path))["pid"] != pid


@pytest.mark.parametrize(
    ("script", "code", "last_words"),
    [
        ("", 0, ""),
        ("sys.exit(7)", 7, ""),
        ("1 / 0", 1, "ZeroDivisionError"),
        ("threading.Thread(target=ask, args=(r, '/hang'), daemon=True).start(); time.sleep(0.2)", 0, None),
        ("os.kill(os.getpid(), 9)", -9, ""),
        ("os._exit(3)", 3, ""),
    ],
    ids=["end", "exit", "error", "busy", "killed", "_exit"],
)
def test_the_server_ends_with_the_process(
    engine: Path, tmp_path: Path, script: str, code: int, last_words: str | None
) -> None:
    """However the process ends, it ends at once with its own exit code, and the server is gone."""
    process = run_script(f"print(pid, flush=True)\n{script}", engine, tmp_path)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert_ends(int(out))
    if last_words is not None:
        assert (last_words in err.splitlines()[-1]) if last_words else err == ""


def test_ctrl_c_leaves_the_server_to_the_program(engine: Path, tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group of processes, but the program decides what becomes of the server."""
    script = (
        "try:\n    print(pid, flush=True)\n    time.sleep(30)\n"
        "except KeyboardInterrupt:\n    print(ask(r)['pid'])\n"
    )
    process = run_script(script, engine, tmp_path)
    assert process.stdout is not None
    pid = process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == (pid, "", 0)
    assert_ends(int(pid))


def test_ctrl_c_while_loading_leaves_no_server(engine: Path, tmp_path: Path) -> None:
    """Ctrl-C during a slow load comes through at once and ends the server that was to be."""
    script = (
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "before = time.monotonic()\n"
        f"try:\n    embedded.start(Path({str(tmp_path / 'slow.gguf')!r}))\n"
        "except KeyboardInterrupt:\n    print(time.monotonic() - before < 20, len(embedded._servers))\n"
    )
    (tmp_path / "slow.gguf").write_text("GGUF slow")
    out, err = run_script(script, engine, tmp_path).communicate(timeout=40)
    assert (out, err) == ("True 1\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_a_server_of_its_own(engine: Path, tmp_path: Path) -> None:
    """A forked child starts its own server, and its end leaves the parent's running."""
    script = (
        "child = os.fork()\n"
        "if child == 0:\n"
        f"    other = embedded.start(Path({str(tmp_path / 'tiny.gguf')!r}))\n"
        "    print(ask(other)['pid'] != pid, flush=True)\n"
        "    sys.exit(5)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), ask(r)['pid'] == pid)\n"
    )
    out, err = run_script(script, engine, tmp_path).communicate(timeout=40)
    assert (out, err) == ("True\n5 True\n", "")


# the real engine


@pytest.mark.live
def test_the_real_engine(capfd: pytest.CaptureFixture[str]) -> None:
    """llama.cpp loads the weights, keeps to a closed set, reports cached tokens, and stays quiet."""
    pytest.importorskip("xllamacpp", exc_type=ImportError)
    there = [state for state in map(weights.state, reversed(weights.CATALOGUE)) if state.verified]
    if not there:
        pytest.skip("no verified weights in the cache")
    running = embedded.start(weights.ensure(there[0].weights), context=1024)
    try:
        first, second = (_chat(running, question) for question in ("Which fruit is red?", "Which is yellow?"))
        assert json.loads(first["choices"][0]["message"]["content"])["fruit"] in {"apple", "banana"}
        assert second["usage"]["prompt_tokens_details"]["cached_tokens"] > 100
        assert running.context == 1024
    finally:
        embedded.stop()
    assert capfd.readouterr() == ("", "")


def _chat(running: Running, question: str) -> Any:
    fruit = {"type": "object", "properties": {"fruit": {"enum": ["apple", "banana"]}}, "required": ["fruit"]}
    body = {
        "messages": [{"role": "user", "content": f"{'An apple or a banana. ' * 20}\n{question}"}],
        "max_tokens": 20,
        "temperature": 0,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "fruit", "schema": fruit, "strict": True},
        },
    }
    return ask(running, "/v1/chat/completions", body=body)
