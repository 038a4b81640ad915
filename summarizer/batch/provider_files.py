"""Files in the format of the OpenAI Batch API: requests are written, results are read line by line.

OpenAI, Azure and ``vllm run-batch`` use it: https://platform.openai.com/docs/api-reference/batch
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from summarizer.batch.store import Store
from summarizer.errors import InputError
from summarizer.llm.completion import read_completion
from summarizer.llm.recorded import NoCompletion

URL = "/v1/chat/completions"
REQUESTS = 50_000  # maximum in one file
BYTES = 200_000_000  # maximum size of one file: OpenAI's limit of 200 MB
_LONGEST = 50_000_000  # maximum bytes of a result line


def request_hash(body: str) -> bytes:
    """Return the hash of a request's body as written in the file: 16 bytes of SHA-256."""
    return sha256(body.encode()).digest()[:16]


def custom_id(hash: bytes, sending: int) -> str:
    """Return the id under which a request is sent; ``read_id`` is the inverse."""
    return f"{hash.hex()}-{sending}"


def read_id(id: str) -> tuple[bytes, int] | None:
    """Return the hash and the sending number of an id; None if it is not ours."""
    digits, _, sending = id.partition("-")
    try:
        hash = bytes.fromhex(digits)
    except ValueError:
        return None
    return (hash, int(sending)) if len(hash) == 16 and sending.isascii() and sending.isdigit() else None


@dataclass
class RequestWriter:
    """Writes requests into files of a folder, at most ``requests`` and ``size`` bytes in each.

    The files are called ``.part`` until ``publish`` renames them, so that no file of an incomplete round is
    sent.
    """

    folder: Path
    store: Store
    url: str = URL
    requests: int = REQUESTS
    size: int = BYTES
    _open: IO[bytes] | None = None
    _number: int = 0
    _count: int = 0
    _bytes: int = 0
    _parts: list[Path] = field(default_factory=list)

    def add(self, hash: bytes, body: str) -> None:
        """Write one request: its hash, and its body as JSON."""
        # The length is needed before the file is chosen, and the sending number has one digit.
        length = len(self._line(custom_id(hash, 1), body))
        if self._open is None or self._count >= self.requests or self._bytes + length > self.size:
            self._next()
        assert self._open is not None  # noqa: S101 - for the type checker
        line = self._line(custom_id(hash, self.store.send(hash, self._number)), body)
        self._open.write(line)
        self._count += 1
        self._bytes += len(line)

    def finish(self) -> None:
        """Close the last file; ``publish`` renames all of them once the transaction is committed."""
        if self._open is None:
            return
        self._open.flush()
        os.fsync(self._open.fileno())
        self._open.close()
        self._open = None
        self.store.add_file(
            self._number, self._parts[-1].with_suffix(".jsonl").name, self._count, self._bytes
        )

    def abandon(self) -> None:
        """Delete the files."""
        if self._open is not None:
            with suppress(OSError):  # a full disk was reported where it first occurred
                self._open.close()
            self._open = None
        for part in self._parts:
            part.unlink(missing_ok=True)

    def _line(self, id: str, body: str) -> bytes:
        head = json.dumps({"custom_id": id, "method": "POST", "url": self.url})
        return f'{head[:-1]}, "body": {body}}}\n'.encode()

    def _next(self) -> None:
        self.finish()
        self._number = self.store.next_number()
        self._count = self._bytes = 0
        part = self.folder / f"requests-{self._number:04}.part"
        path = part.with_suffix(".jsonl")
        if path.exists():
            raise InputError(f"{path} exists and is not of this export. Move it, or choose another folder.")
        part.unlink(missing_ok=True)
        self._parts.append(part)
        self._open = part.open("xb")


def publish(folder: Path, store: Store) -> list[Path]:
    """Rename the stored files of a folder that are still called ``.part``, and return them.

    Also completes an export that was killed between the commit and this.
    """
    paths = [folder / file.name for file in store.files()]
    waiting = [path for path in paths if path.with_suffix(".part").exists()]
    for path in waiting:
        os.replace(path.with_suffix(".part"), path)
    return waiting


def read_results(path: Path, store: Store, counts: Counter[str]) -> None:
    """Store the results of a file, and count its lines by kind.

    The kinds: ``answered``, of which ``cut`` (reached the token limit) and ``refused``; ``failed``, of which
    ``expired``; ``known`` (read before), ``foreign`` (not of this export), ``unreadable``. Raises InputError
    if the file cannot be read.
    """
    with store.transaction():
        for line in _lines(path):
            counts.update(_read_line(line, store))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while line := file.readline(_LONGEST):
                if line.strip():
                    yield line
    except FileNotFoundError:
        raise InputError(f"There is no file {path}. Check the name and the folder.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error


def _read_line(line: bytes, store: Store) -> tuple[str, ...]:
    try:
        result = json.loads(line)
    except (ValueError, RecursionError):
        return ("unreadable",)
    if not isinstance(result, dict) or not isinstance(result.get("custom_id"), str):
        return ("unreadable",)
    known = read_id(result["custom_id"])
    request = store.find(known[0]) if known is not None else None
    if known is None or request is None or not 1 <= known[1] <= request.sendings:
        return ("foreign",)
    hash, sending = known
    store.mark_returned(hash, sending)
    answer = answer_of(result)
    if isinstance(answer, NoCompletion):
        if not store.fail(hash, sending, answer):
            return ("known",)
        return ("failed", "expired") if "expired" in answer.code else ("failed",)
    if not store.answer(hash, answer):
        return ("known",)
    completion = read_completion(answer)
    if completion is not None and completion.finish_reason == "length":
        return ("answered", "cut")
    if completion is not None and (completion.finish_reason == "content_filter" or completion.refusal):
        return ("answered", "refused")
    return ("answered",)


def answer_of(result: Mapping[str, Any]) -> Mapping[str, Any] | NoCompletion:
    """Return the completion of a result line, or why there is none."""
    response = _mapping(result.get("response"))
    body = _mapping(response.get("body"))
    status = response.get("status_code")
    if status == 200 and read_completion(body) is not None:
        return body
    code, message = _reason(result.get("error")) or _reason(body) or ("", "")
    if not message:
        message = "the reply is not a chat completion" if status == 200 else "no reason given"
    return NoCompletion(status if isinstance(status, int) else 0, code, " ".join(message.split()))


def _reason(error: Any) -> tuple[str, str] | None:
    """Return the code and message of an error: an object, one inside another (an API's error body), or a text."""
    if isinstance(error, str):
        return "", error
    error = _mapping(error)
    inner = error.get("error")
    if inner:
        return _reason(inner)
    if not error.get("code") and not error.get("message"):
        return None
    return str(error.get("code") or ""), str(error.get("message") or error.get("code"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
