"""Full disks and closed pipes: a clean message, the right exit code, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fault_server import serve

from .answering import Answering, command
from .conftest import text

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="limits and devices of POSIX"),
]

ARTICLES = 24
PATIENCE = 240


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [json.dumps({"id": f"a{n}", "text": text(n)}) for n in range(ARTICLES)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows))
    return tmp_path


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of its own with room for a few articles, for who may mount one."""
    place = tmp_path_factory.mktemp("disk")
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=160k", "tmpfs", place], check=False).returncode
    ):
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run([shutil.which("umount") or "umount", place], check=False)


def batch(base_url: str, *arguments: str | Path, **how: Any) -> subprocess.CompletedProcess[str]:
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "timeout": PATIENCE, **how}
    return subprocess.run(command(base_url, *arguments), check=False, **how)  # type: ignore[no-any-return]


def check_resumable(
    folder: Path, done: subprocess.CompletedProcess[str], output: Path, server: Answering
) -> None:
    """The run ended with code 3, in words; the next one asks only for what was in flight."""
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert "Exception ignored" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("summarizer: To resume: summarizer batch "), done.stderr
    assert not output.exists()


@pytest.mark.parametrize(
    ("form", "limit"), [("jsonl", 60_000), ("jsonl", 100_000), ("csv", 60_000), ("parquet", 100_000)]
)
def test_both_files_meet_the_limit(folder: Path, form: str, limit: int) -> None:
    """Where neither journal nor output can grow, the run says so, names the command, and goes on with room."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="needs the [parquet] extra")
    import resource

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    server = Answering()
    output = folder / f"out.{form}"
    with serve(server) as served:
        given = (folder / "in.jsonl", "-o", output)
        check_resumable(folder, batch(served.base_url, *given, preexec_fn=limited), output, server)
        again = batch(served.base_url, *given, "--quiet")
        assert (again.returncode, again.stderr) == (0, "")
    assert max(server.asked.values()) <= 2


def test_a_full_disk(folder: Path, small_disk: Path) -> None:
    """The same on a disk that is full for both files at once."""
    server = Answering()
    output = small_disk / "out.jsonl"
    with serve(server) as served:
        done = batch(served.base_url, folder / "in.jsonl", "-o", output)
        check_resumable(folder, done, output, server)
    assert "disk" in done.stderr or "No space" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("journal", [False, True])
def test_standard_output_that_is_full(folder: Path, journal: bool) -> None:
    """Rows that cannot be printed end the run with code 3 and one reason, and no complaint of Python at exit."""
    server = Answering()
    kept = ("--journal", folder / "journal") if journal else ()
    with serve(server) as served, open("/dev/full", "w") as full:
        done = batch(served.base_url, folder / "in.jsonl", "-o", "-", "--quiet", *kept, stdout=full)
    assert done.returncode == 3
    said = done.stderr.splitlines()
    assert said[0].startswith("summarizer: The output cannot be written: No space left on device.")
    assert ("in the journal" in said[0], "To resume: " in said[-1]) == (journal, journal)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_other_commands_on_a_full_output(folder: Path) -> None:
    """The same for words that a command prints."""
    server = Answering()
    with serve(server) as served:
        assert batch(served.base_url, folder / "in.jsonl", "-o", folder / "out.jsonl").returncode == 0
        for arguments in (
            ["--status", "-o", folder / "out.jsonl"],
            ["export", folder / "in.jsonl", "-o", folder / "e"],
        ):
            with open("/dev/full", "w") as full:
                line = [sys.executable, "-m", "summarizer", "batch", *map(str, arguments)]
                line += ["--model", "m", "--base-url", served.base_url]
                done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
            assert done.returncode == 3
            assert done.stderr == "summarizer: Standard output cannot be written: No space left on device.\n"


@pytest.mark.parametrize("journal", [False, True])
@pytest.mark.parametrize("in_order", [False, True])
def test_a_reader_that_goes_away(folder: Path, journal: bool, in_order: bool) -> None:
    """With ``| head -1`` the run ends soon and quietly with code 1, and what is done stays in the journal."""
    server = Answering(0.05)
    kept = ["--journal", str(folder / "journal")] if journal else []
    with serve(server) as served:
        arguments = command(
            served.base_url, folder / "in.jsonl", "-o", "-", "--quiet", "--concurrency", "2", *kept
        )
        arguments += [] if in_order else ["--as-completed"]
        with subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert json.loads(process.stdout.readline())["record"]
            process.stdout.close()
            said = process.stderr.read()
            assert process.wait(timeout=PATIENCE) == 1
        assert said == ""
        assert len(server.asked) < ARTICLES
        if journal:
            status = batch(served.base_url, "--status", *kept)
            assert "standard output was closed" in status.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("where", ["/dev/full", "closed pipe"])
def test_a_log_that_cannot_be_written(folder: Path, where: str) -> None:
    """Where standard error cannot be written the batch is done all the same, with its own code."""
    reading, writing = os.pipe()
    os.close(reading)
    server = Answering()
    with serve(server) as served, os.fdopen(writing, "w") as pipe, open("/dev/full", "w") as full:
        log = full if where == "/dev/full" else pipe
        done = batch(served.base_url, folder / "in.jsonl", "-o", folder / "out.jsonl", stderr=log)
    assert done.returncode == 0
    assert len((folder / "out.jsonl").read_text().splitlines()) == ARTICLES


def test_standard_output_that_is_closed(folder: Path) -> None:
    """Without a standard output, ``-o -`` is refused in a sentence."""
    done = batch(
        "http://127.0.0.1:9/v1", folder / "in.jsonl", "-o", "-", preexec_fn=lambda: os.close(1), stdout=None
    )
    assert done.returncode == 2
    assert done.stderr == "summarizer: Standard output is closed. Choose a file with --output.\n"
