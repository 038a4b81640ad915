"""The embedded server: how it starts, ends, dies and restarts, and what it reveals."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openai
import pytest

from summarizer import summarize_many
from summarizer.errors import ConfigurationError, ModelProcessDied, WeightsError
from summarizer.llm import embedded, weights
from summarizer.llm.base import Request
from summarizer.llm.embedded import Running
from summarizer.llm.embedded_endpoint import EmbeddedEndpoint
from summarizer.llm.open import open_model
from summarizer.settings import resolve
from tests.llm.conftest import DEAL, Pick

ROOT = Path(__file__).parents[2]

# Stands in for xllamacpp in the server's process. What the "model file" says decides how loading goes.
FAKE = """
import ctypes, json, os, sys, threading, time
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
            open(params.model.path + ".pid", "w").write(str(os.getpid()))
            ctypes.PyDLL(None).sleep(60)  # as the real engine, it holds the interpreter lock

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
                self.reply(told)

            def do_POST(self):
                if "CRASH" in self.rfile.read(int(self.headers["Content-Length"])).decode():
                    os.kill(os.getpid(), 9)
                message = {"role": "assistant", "content": '{"answer": "yes"}'}
                choice = {"index": 0, "message": message, "finish_reason": "stop"}
                self.reply({"id": "1", "object": "chat.completion", "created": 1, "model": "tiny",
                            "choices": [choice]})

            def reply(self, told):
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


def kill(running: Running) -> None:
    running.process.kill()
    running.process.wait(timeout=20)


def pid_of(file: Path) -> int:
    """Return the process id that the slow engine writes when it begins to load."""
    for _ in range(500):
        if file.exists() and file.read_text():
            return int(file.read_text())
        time.sleep(0.02)
    raise AssertionError("loading did not begin")


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


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("OPENAI_API_KEY", "k", False),
        ("SUMMARIZER_API_KEY", "k", False),
        ("azure_api_key", "k", False),
        ("AWS_SECRET_ACCESS_KEY", "k", False),
        ("HF_TOKEN", "k", False),
        ("PGPASSWORD", "k", False),
        ("GOOGLE_APPLICATION_CREDENTIALS", "k", False),
        ("SSH_AUTH_SOCK", "k", False),
        ("DATABASE_URL", "postgres://user:word@host/db", False),
        ("HTTPS_PROXY", "http://user:word@proxy:3128", False),
        ("OMP_NUM_THREADS", "3", True),
        ("LD_PRELOAD_PATHS", "/opt/lib", True),
    ],
)
def test_the_server_gets_no_secrets(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, kept: bool
) -> None:
    """Keys, tokens and passwords of the environment stay in this process; settings of the engine are passed."""
    monkeypatch.setenv(name, value)
    assert embedded._environment().get(name) == (value if kept else None)


def test_the_server_starts_with_that_environment(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own environment holds no key."""
    monkeypatch.setenv("OPENAI_API_KEY", "k-123")
    assert "k-123" not in json.dumps(ask(embedded.start(model(tmp_path)))["environ"])


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
    """Progress reports a start from nothing to the file's size, and nothing when the server runs already."""
    path = model(tmp_path)
    seen: list[tuple[str, int, int]] = []
    embedded.start(path, progress=lambda *report: seen.append(report))
    assert list(dict.fromkeys(seen)) == [("loading", 0, 4), ("loading", 4, 4)]
    assert seen[-1] == ("loading", 4, 4)
    seen.clear()
    embedded.start(path, progress=lambda *report: seen.append(report))
    assert seen == []


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
    (ended,) = [running for running in embedded._servers.values() if running.process.pid == pid]
    ended.process.wait(timeout=20)  # a process is gone for its parent only when the last of its threads is
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
    """Ctrl-C during a slow load raises at once and ends the server that was loading."""
    script = (
        "threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "before = time.monotonic()\n"
        f"try:\n    embedded.start(Path({str(tmp_path / 'slow.gguf')!r}))\n"
        "except KeyboardInterrupt:\n    print(time.monotonic() - before < 5, len(embedded._servers))\n"
    )
    (tmp_path / "slow.gguf").write_text("GGUF slow")
    out, err = run_script(script, engine, tmp_path).communicate(timeout=40)
    assert (out, err) == ("True 1\n", "")
    assert_ends(pid_of(tmp_path / "slow.gguf.pid"))


@pytest.mark.slow
@pytest.mark.parametrize("command", ["summarize -", "batch article.txt -o out.jsonl", "doctor"])
def test_ctrl_c_ends_a_command_that_loads(engine: Path, tmp_path: Path, command: str) -> None:
    """Each command that is loading the model exits within seconds of Ctrl-C, and so does the server."""
    (tmp_path / "slow.gguf").write_text("GGUF slow")
    (tmp_path / "article.txt").write_text(DEAL)
    process = subprocess.Popen(
        [sys.executable, "-m", "summarizer", *command.split(), "--model", f"local:{tmp_path / 'slow.gguf'}"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(engine)])},
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    process.stdin.write(DEAL)
    process.stdin.close()
    process.stdin = None
    pid = pid_of(tmp_path / "slow.gguf.pid")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=15)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert_ends(pid)


def test_a_loading_server_ends_with_the_process(engine: Path, tmp_path: Path) -> None:
    """A process that is killed while the model loads takes the loading server with it."""
    (tmp_path / "slow.gguf").write_text("GGUF slow")
    process = run_script(f"embedded.start(Path({str(tmp_path / 'slow.gguf')!r}))", engine, tmp_path)
    pid = pid_of(tmp_path / "slow.gguf.pid")
    process.kill()
    process.communicate(timeout=10)
    assert_ends(pid)


def test_progress_can_end_the_loading(engine: Path, tmp_path: Path) -> None:
    """An exception that progress raises comes through and leaves no server."""
    path = model(tmp_path, "slow")

    def progress(stage: str, done: int, total: int) -> None:
        if Path(f"{path}.pid").exists():
            raise LookupError("no longer wanted")

    with pytest.raises(LookupError, match="no longer wanted"):
        embedded.start(path, progress=progress)
    assert_ends(pid_of(Path(f"{path}.pid")))


# a server that dies


def opened(path: Path) -> EmbeddedEndpoint:
    found = open_model(resolve(f"local:{path}"))
    assert isinstance(found, EmbeddedEndpoint)
    return found


def question(text: str = "") -> Request[Pick]:
    return Request("system", text, "question", Pick)


def test_a_server_that_died_between_requests_is_restarted(
    engine: Path, tmp_path: Path, no_waiting: None
) -> None:
    """The request after a death is answered, in the same event loop and in another."""
    endpoint = opened(model(tmp_path))

    async def ask_kill_ask() -> None:
        assert (await endpoint.ask(question())).draft.answer == "yes"
        first = endpoint.running
        kill(first)
        assert (await endpoint.ask(question())).draft.answer == "yes"
        assert endpoint.running is not first
        await endpoint.close()

    asyncio.run(ask_kill_ask())
    assert asyncio.run(endpoint.ask(question())).draft.answer == "yes"


def test_a_second_death_says_how_it_ended(engine: Path, tmp_path: Path, no_waiting: None) -> None:
    """A request that kills the server kills its replacement too; then the error names the signal."""
    endpoint = opened(model(tmp_path))
    for _ in range(2):  # the next request is told at once, and loads nothing
        with pytest.raises(ModelProcessDied, match=r"died again.*signal 9 \(SIGKILL\).*memory"):
            asyncio.run(endpoint.ask(question("CRASH")))
    embedded.stop()
    assert asyncio.run(endpoint.ask(question())).draft.answer == "yes"


def test_a_death_long_after_the_last_is_the_first_again(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that dies once in a while is restarted each time."""
    monkeypatch.setattr(embedded, "_RESTART_WINDOW", 0.0)
    for _ in range(3):
        kill(embedded.start(model(tmp_path)))
    assert embedded.start(model(tmp_path)).is_alive


def test_a_second_death_ends_the_batch(engine: Path, tmp_path: Path, no_waiting: None) -> None:
    """A batch ends with the error; it does not go on to fail article after article."""
    articles = [f"{DEAL} CRASH", DEAL, DEAL + DEAL]
    with pytest.raises(ModelProcessDied, match="SIGKILL") as caught:
        list(summarize_many(articles, model=f"local:{model(tmp_path)}"))
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-9, r"signal 9 \(SIGKILL\)\. Is there enough free memory\?"),
        (-11, r"signal 11 \(SIGSEGV\)\.$"),
        (-99, r"signal 99\.$"),
        (3, r"exited with code 3\."),
        (0xC0000005, r"exited with code 0xc0000005\."),
    ],
)
def test_a_cause_of_death_is_named(code: int, words: str) -> None:
    """The cause is the signal with its name, or the exit code."""
    process: Any = SimpleNamespace(wait=lambda: code)
    assert re.search(words, embedded._cause_of_death(process))


def test_another_program_on_the_port_gets_nothing(engine: Path, tmp_path: Path, no_waiting: None) -> None:
    """A program that takes the port of a dead server receives no byte, even on a connection that it accepts."""
    endpoint = opened(model(tmp_path))
    port = int(endpoint.running.base_url.rpartition(":")[2].removesuffix("/v1"))

    async def ask_with_thief() -> bytes:
        client = await endpoint._clients.here()  # the check that the server is alive has passed
        kill(endpoint.running)
        received = bytearray()

        async def steal(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            received.extend(await reader.read(65536))
            writer.close()

        thief = await asyncio.start_server(steal, "127.0.0.1", port)
        with pytest.raises(openai.APIConnectionError) as caught:
            await client.post("/chat/completions", body={"text": DEAL}, cast_to=object)
        assert "process has died" in str(caught.value.__cause__)
        assert (await endpoint.ask(question(DEAL))).draft.answer == "yes"
        await endpoint.close()
        thief.close()
        return bytes(received)

    assert asyncio.run(ask_with_thief()) == b""


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
