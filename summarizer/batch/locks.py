"""Lock files: one process at a time writes a journal or an output."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from summarizer.batch.own_files import lock_of
from summarizer.errors import ConfigurationError

_WAIT = 1.0  # seconds; a process that ends, or reads the status, holds the lock for a moment


def lock(path: Path, what: str) -> FileLock:
    """Lock a file for this process; ``what`` is ``journal`` or ``output``. Raises ConfigurationError.

    The lock is a file beside it, which the operating system releases when the process dies.
    """
    found = FileLock(lock_of(path), thread_local=False)
    try:
        found.acquire(timeout=_WAIT)
    except Timeout:
        raise ConfigurationError(
            f"Another process is using the {what} {path}. Wait for it, or choose another --{what}."
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"The {what} {path} cannot be locked: {error.strerror or error}. "
            f"Choose another --{what} in a local folder that you can write to."
        ) from error
    return found


def is_locked(path: Path) -> bool:
    """Tell whether a process holds the lock of a file."""
    found = FileLock(lock_of(path), thread_local=False)
    try:
        found.acquire(timeout=0)
    except (Timeout, OSError):
        return True
    found.release()
    return False
