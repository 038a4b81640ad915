"""Evals of any model through batch files: requests of all cases go out, and replies are put beside them.

The files of one folder are all the state there is. ``requests-0001.jsonl`` holds the requests of the first
round in the form of OpenAI's Batch API, and any ``results*.jsonl`` holds replies to them, a line each::

    {"custom_id": "harbor-quay.r1", "response": {"status_code": 200, "body": {…a chat completion…}}}
    {"custom_id": "harbor-quay.r1", "content": "…the text of the reply…"}
    {"custom_id": "harbor-quay.r1", "content": {"is_deal": true, …}}

The first form is the provider's, the other two are for replies that are recorded by hand. Each pass takes
every case as far as its replies go, and writes what is missing (first questions, re-asks, follow-ups) into
the next file.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evals import plain
from evals.cases import Case, CaseError
from evals.systems import Answer, System, check_name, plain_system, summarising
from summarizer.batch.provider_files import URL, answer_of
from summarizer.batch.store import SENDINGS
from summarizer.llm.providers import PROVIDERS
from summarizer.llm.recorded import MODE, NoCompletion, known_manner, recorded
from summarizer.records.deal import DealSummary
from summarizer.records.values import Usage
from summarizer.settings import resolve

if TYPE_CHECKING:
    from pydantic import BaseModel

    from summarizer.llm.recorded import Recorded

RUN = "run.jsonl"
"""The run file in the folder, where no other is named."""

_ENDPOINT = "batch files"  # where a model is served that is named in free words
_NO_KEY = "none-is-sent"
_ID = re.compile(r"(?P<case>.+)\.r(?P<round>\d+)(?:-\d+)?")
_FILE = re.compile(r"requests-(\d{4,})\.jsonl")


class Waiting(BaseException):
    """A reply is not there yet. No Exception: nothing on the way up is to log it or to try again."""


@dataclass
class BatchFolder:
    """The requests and replies of a folder, and the requests of the next round. Made by ``open_folder``.

    ``sent`` has the ids of each request by case and fingerprint of its body, the latest attempt last.
    """

    path: Path
    round: int = 1
    sent: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # by id: the name of the file that holds the request
    replies: dict[str, Mapping[str, Any] | NoCompletion] = field(default_factory=dict)
    new: list[dict[str, Any]] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)  # ids that a case waits for

    def look_up(self, case: str, body: Mapping[str, Any]) -> Mapping[str, Any] | NoCompletion:
        """The completion of a case's request, or why there is none after several attempts.

        Raises Waiting where the reply is not there. A request that is new, or that failed for now, goes into
        the next file.
        """
        ids = self.sent.setdefault((case, _fingerprint(body)), [])
        found = [self.replies[id] for id in ids if id in self.replies]
        for reply in found:
            if not isinstance(reply, NoCompletion):
                return reply
        if len(found) == len(ids):
            failed = found[-1] if found else None
            if isinstance(failed, NoCompletion) and not (failed.passes and len(ids) < SENDINGS):
                return failed
            ids.append(self._add(case, body))
        self.waiting.update(id for id in ids if id not in self.replies)
        raise Waiting

    def write(self) -> None:
        """Write the requests of the next round, if there are any; the file appears whole or not at all."""
        if not self.new:
            return
        path = self.path / self._name
        part = path.with_suffix(".part")
        part.write_text("".join(json.dumps(line) + "\n" for line in self.new), encoding="utf-8")
        os.replace(part, path)
        self.new = []

    def next_steps(self) -> list[str]:
        """What is to be done next, a line for each file of requests that lacks replies."""
        counts = Counter(self.files[id] for id in self.waiting)
        steps = [
            f"{self.path / name}: {count} {'request' if count == 1 else 'requests'} without a reply; "
            f"put the replies beside it as {name.replace('requests', 'results')} and run this command again."
            for name, count in sorted(counts.items())
        ]
        foreign = sorted(self.replies.keys() - self.files.keys())
        if foreign:
            steps.append(
                f"{len(foreign)} of the results have a custom_id that no request has, such as {foreign[0]!r}."
            )
        return steps

    @property
    def _name(self) -> str:
        return f"requests-{self.round:04}.jsonl"

    def _add(self, case: str, body: Mapping[str, Any]) -> str:
        id, turn = f"{case}.r{self.round}", 1
        while id in self.files:  # a case may ask several questions in one round
            turn += 1
            id = f"{case}.r{self.round}-{turn}"
        self.files[id] = self._name
        self.new.append({"custom_id": id, "method": "POST", "url": URL, "body": body})
        return id


def open_folder(path: Path) -> BatchFolder:
    """Read the requests and results of a folder, and make one that is missing.

    Raises CaseError for a line that cannot be read.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CaseError(f"The folder {path} cannot be made: {error.strerror or error}.") from error
    folder = BatchFolder(path)
    for file in sorted(path.glob("requests-*.jsonl")):
        named = _FILE.fullmatch(file.name)
        if named is None:
            continue
        folder.round = max(folder.round, int(named[1]) + 1)
        for where, line in _lines(file):
            id = line["custom_id"]
            found = _ID.fullmatch(id)
            if found is None or not isinstance(line.get("body"), dict):
                raise CaseError(
                    f"{where}: this is no request of the evals. Restore the file, or use a new folder."
                )
            folder.sent.setdefault((found["case"], _fingerprint(line["body"])), []).append(id)
            folder.files[id] = file.name
    for file in sorted(path.glob("results*.jsonl")):
        for where, line in _lines(file):
            folder.replies[line["custom_id"]] = _reply(line, where)
    return folder


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lines of a file that have a ``custom_id``, each with its place in words."""
    for number, text in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not text.strip():
            continue
        where = f"{path}, line {number}"
        try:
            line = json.loads(text)
        except ValueError as error:
            raise CaseError(f"{where}: this is not JSON ({error}). Each line holds one object.") from error
        if not isinstance(line, dict) or not isinstance(line.get("custom_id"), str):
            raise CaseError(f'{where}: this has no "custom_id". Copy it from the request.')
        yield where, line


def _reply(line: Mapping[str, Any], where: str) -> Mapping[str, Any] | NoCompletion:
    """The completion of a result line, in any of the three forms."""
    if "content" in line:
        content = line["content"]
        if not isinstance(content, (str, dict)):
            raise CaseError(f'{where}: "content" is neither a text nor an object.')
        said = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        message = {"role": "assistant", "content": said}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return {
            "id": line["custom_id"],
            "object": "chat.completion",
            "created": 0,
            "model": "",
            "choices": [choice],
        }
    if "response" not in line and "error" not in line:
        raise CaseError(
            f'{where}: this has neither "content" nor "response". Give the text of the reply as "content".'
        )
    return answer_of(line)


def _fingerprint(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def batch_system(
    name: str,
    folder: BatchFolder,
    *,
    model: str | None,
    base_url: str | None = None,
    plan: str | None = None,
    trust: str | None = None,
    prompt_dir: Path | None = None,
    schema: type[BaseModel] = DealSummary,
) -> System:
    """A system whose model answers through batch files; it has no answer while a reply is missing.

    ``model`` names the model in any words ("large general model"), or as for the summariser where its batch
    files go to a provider (``openai/NAME``, or a name with ``base_url``). Raises CaseError,
    ConfigurationError.
    """
    check_name(name)
    if name == "regex":
        raise CaseError("The system regex asks no model. Run it without --batch.")
    if not model:
        raise CaseError(
            "Name the model that will answer with --model, for example --model 'large general model'."
        )
    named, served, kind, manner = _served(model, base_url)

    def model_of(case: Case) -> Recorded:
        return recorded(named, served, kind, manner, lambda body: folder.look_up(case.id, body))

    if name == "plain":
        return _plain(folder, named, served)
    first = recorded(named, served, kind, manner, lambda body: folder.look_up("", body))
    system = summarising(name, first, model_of, plan=plan, trust=trust, prompt_dir=prompt_dir, schema=schema)

    async def answer(case: Case) -> Answer | None:
        try:
            found: Answer = await system.answer(case)
        except Waiting:
            return None
        return found

    return System(name, system.identity, answer)


def _served(model: str, base_url: str | None) -> tuple[str, str, str, dict[str, Any]]:
    """The name that is sent, the address for the records, and how such a server is spoken to."""
    if base_url is None and model.partition("/")[0] not in PROVIDERS:
        return model, _ENDPOINT, "other", {"mode": MODE}
    settings = resolve(model, base_url, _NO_KEY)
    return settings.model, settings.base_url or _ENDPOINT, settings.kind, known_manner(settings)


def _plain(folder: BatchFolder, model: str, endpoint: str) -> System:
    async def reply(case: Case) -> plain.PlainReply | None:
        try:
            found = folder.look_up(case.id, plain.body(case.text, model))
        except Waiting:
            return None
        if isinstance(found, NoCompletion):
            return plain.PlainReply(None, Usage(requests=1), found.said or found.code)
        return plain.read_reply(found["choices"][0]["message"]["content"] or "", _usage(found))

    return plain_system(model, endpoint, reply)


def _usage(completion: Mapping[str, Any]) -> Usage:
    spent = completion.get("usage") or {}
    return Usage(
        requests=1,
        prompt_tokens=spent.get("prompt_tokens") or 0,
        cached_tokens=(spent.get("prompt_tokens_details") or {}).get("cached_tokens") or 0,
        completion_tokens=spent.get("completion_tokens") or 0,
    )
