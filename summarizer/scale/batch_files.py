"""The files of the OpenAI Batch form: requests out, results in, a line at a time.

As OpenAI, Azure and ``vllm run-batch`` read and write them: https://platform.openai.com/docs/api-reference/batch
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from summarizer.errors import InputError
from summarizer.llm.completion import read_completion
from summarizer.llm.recorded import NoCompletion
from summarizer.scale.ledger import Ledger, custom_id, read_id

URL = "/v1/chat/completions"
REQUESTS = 50_000  # of one file, at most
BYTES = 200_000_000  # of one file, at most: OpenAI says 200 MB
_LONGEST = 50_000_000  # characters of a result line that can still be one


@dataclass
class Writer:
    """Writes requests into files of a folder, at most ``requests`` and ``size`` bytes in each.

    The files bear their names only when all of them are whole, so that none is sent of a round that broke off.
    """

    folder: Path
    ledger: Ledger
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
        # Its length is known before the file that it goes to: the number of a sending has one digit.
        length = len(self._line(custom_id(hash, 1), body))
        if self._open is None or self._count >= self.requests or self._bytes + length > self.size:
            self._next()
        assert self._open is not None  # noqa: S101 - for the type checker
        line = self._line(custom_id(hash, self.ledger.send(hash, self._number)), body)
        self._open.write(line)
        self._count += 1
        self._bytes += len(line)

    def finish(self) -> list[Path]:
        """Give the files their names, and return them."""
        self._close()
        done = [part.with_suffix(".jsonl") for part in self._parts]
        for part, path in zip(self._parts, done, strict=True):
            os.replace(part, path)
        self._parts = []
        return done

    def abandon(self) -> None:
        """Take away what has been written since the last ``finish``."""
        if self._open is not None:
            with suppress(OSError):  # a full disk was reported where it first showed
                self._open.close()
            self._open = None
        for part in self._parts:
            part.unlink(missing_ok=True)

    def _line(self, id: str, body: str) -> bytes:
        head = json.dumps({"custom_id": id, "method": "POST", "url": self.url})
        return f'{head[:-1]}, "body": {body}}}\n'.encode()

    def _next(self) -> None:
        self._close()
        self._number = self.ledger.next_number()
        self._count = self._bytes = 0
        part = self.folder / f"requests-{self._number:04}.part"
        if part.with_suffix(".jsonl").exists():
            raise InputError(
                f"{part.with_suffix('.jsonl')} exists, and was not written by this export. Move it, or name another folder."
            )
        part.unlink(missing_ok=True)
        self._parts.append(part)
        self._open = part.open("xb")

    def _close(self) -> None:
        if self._open is None:
            return
        self._open.flush()
        os.fsync(self._open.fileno())
        self._open.close()
        self._open = None
        name = self._parts[-1].with_suffix(".jsonl").name
        self.ledger.add_file(self._number, name, self._count, self._bytes)


def read_results(path: Path, ledger: Ledger, counts: Counter[str]) -> None:
    """Enter a file of results into the ledger, and count what its lines are.

    The counts: ``answered``, of which ``cut`` (met their limit of tokens) and ``refused``; ``failed``, of
    which ``expired``; ``known`` (answered or settled before), ``foreign`` (not of this folder),
    ``unreadable``. Raises InputError where the file cannot be read.
    """
    with ledger.transaction():
        for line in _lines(path):
            for what in _enter(line, ledger):
                counts[what] += 1


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


def _enter(line: bytes, ledger: Ledger) -> tuple[str, ...]:
    try:
        result = json.loads(line)
    except (ValueError, RecursionError):
        return ("unreadable",)
    if not isinstance(result, dict) or not isinstance(result.get("custom_id"), str):
        return ("unreadable",)
    known = read_id(result["custom_id"])
    asked = ledger.find(known[0]) if known is not None else None
    if known is None or asked is None or not 1 <= known[1] <= asked.sendings:
        return ("foreign",)
    hash, sending = known
    ledger.mark_returned(hash, sending)
    answer = answer_of(result)
    if isinstance(answer, NoCompletion):
        if not ledger.fail(hash, sending, answer):
            return ("known",)
        return ("failed", "expired") if "expired" in answer.code else ("failed",)
    if not ledger.answer(hash, answer):
        return ("known",)
    completion = read_completion(answer)
    if completion is not None and completion.finish_reason == "length":
        return ("answered", "cut")
    if completion is not None and (completion.finish_reason == "content_filter" or completion.refusal):
        return ("answered", "refused")
    return ("answered",)


def answer_of(result: Mapping[str, Any]) -> Mapping[str, Any] | NoCompletion:
    """What a result line holds: a completion, or why there is none."""
    response = _mapping(result.get("response"))
    body = _mapping(response.get("body"))
    status = response.get("status_code")
    if status == 200 and read_completion(body) is not None:
        return body
    code, message = _reason(result.get("error")) or _reason(body) or ("", "")
    if not message:
        message = "a reply that is not a chat completion" if status == 200 else "no reason given"
    return NoCompletion(status if isinstance(status, int) else 0, code, " ".join(message.split()))


def _reason(error: Any) -> tuple[str, str] | None:
    """Code and words of an error: an object, one wrapped in another (an API's error body), or words alone."""
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
