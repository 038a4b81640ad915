"""What answers the cases: the summariser, and two baselines that tell what its parts add.

``ours`` is ``summarizer.asummarize``. ``plain`` is one instructor call with a straightforward schema on the
same endpoint. ``regex`` is the summariser with a model that answers nothing: figures, roles and rules alone.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evals.cases import Case, CaseError, digest
from evals.loopback import emptiest_deal
from evals.plain import PlainReply
from evals.runfile import Asked, RunFile
from summarizer import asummarize, prompting
from summarizer.asking.identity import schema_hash
from summarizer.errors import ConfigurationError, InvalidReply, SummarizerError
from summarizer.llm.base import Model, Profile, Reply, Request, T
from summarizer.llm.replies import read_object
from summarizer.records.deal import DealSummary
from summarizer.records.values import Usage
from summarizer.settings import resolve

SYSTEMS = ("ours", "plain", "regex")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system answers to a text: a record or an error, what was asked for it, and what that cost."""

    record: BaseModel | None
    usage: Usage
    replies: tuple[Asked, ...] = ()
    error: str = ""
    error_kind: str = ""


def prompt_digest(request: Request[Any]) -> str:
    """A digest of everything that a request sends."""
    schema = json.dumps(request.draft.model_json_schema(), sort_keys=True)
    return digest(request.system, request.article, request.question, schema)


@dataclass
class Recorder:
    """A model that keeps what is asked of another one and what that answers."""

    model: Model
    kept: list[Asked] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.model, name)

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Pass the request on and keep the reply."""
        reply = await self.model.ask(request)
        raw = reply.raw or reply.draft.model_dump_json()
        self.kept.append(Asked(prompt_digest(request), request.question, raw))
        return reply


@dataclass
class Replayed:
    """A model that answers with recorded replies; what was never asked goes to ``model``, where there is one."""

    name: str
    endpoint: str
    mode: str
    profile: Profile
    replies: Mapping[str, str]  # by digest of the prompt
    model: Model | None = None

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Answer as recorded. Raises InvalidReply where this was never asked: prompts or code have changed."""
        raw = self.replies.get(prompt_digest(request))
        if raw is not None:
            found = read_object(raw, tuple(request.draft.model_json_schema()["properties"])) or raw
            draft = request.draft.model_validate_json(found, strict=False)
            return Reply(draft=draft, usage=Usage(requests=1), raw=raw)
        if self.model is not None:
            return await self.model.ask(request)
        raise InvalidReply(
            "No reply is recorded for a request: the prompts, the schema or the plan have changed since. "
            "Record the run anew, or give --reuse instead of --replay to have the model asked.",
            usage=Usage(),
        )


@dataclass(frozen=True, slots=True)
class Silent:
    """A model that knows nothing: no to every question of fact, null, or an empty list."""

    name: str = "none"
    endpoint: str = "none"
    mode: str = "none"
    profile: Profile = field(
        default_factory=lambda: Profile("faceted", trust="rules", concurrency=1, reasks=0)
    )

    async def ask(self, request: Request[T]) -> Reply[T]:
        """Answer nothing; yes only where the text is already known to have words of dealing."""
        nothing = emptiest_deal(request.draft.model_json_schema())
        return Reply(draft=request.draft.model_validate(nothing), usage=Usage())


@dataclass(frozen=True, slots=True)
class System:
    """One of ``SYSTEMS`` on a model. ``identity`` is what a run file says of it."""

    name: str
    identity: Mapping[str, Any]
    answer: Callable[[Case], Any]  # an async function: an Answer, or None while replies are missing


def open_system(
    name: str,
    *,
    model: str | None = None,
    base_url: str | None = None,
    plan: str | None = None,
    trust: str | None = None,
    prompt_dir: Path | None = None,
    schema: type[BaseModel] = DealSummary,
    recorded: RunFile | None = None,
    fill_in: bool = False,
) -> System:
    """Open a system. Raises CaseError for an unknown one, ConfigurationError for a model that is not there.

    ``recorded`` is a run whose replies are used; ``fill_in`` has the model asked what is not among them.
    """
    check_name(name)
    opened: Model
    if name == "plain":
        return _plain(model, base_url, None if fill_in else recorded)
    if name == "regex":
        opened = Silent()
    elif recorded is not None and not fill_in:
        said = recorded.about
        opened = Replayed(
            said["model"], said["endpoint"], said["mode"], profile_in(said["profile"]), recorded.replies
        )
    else:
        from summarizer.llm.open import open_model

        opened = open_model(resolve(model, base_url, None))
        if recorded is not None:
            opened = Replayed(
                opened.name, opened.endpoint, opened.mode, opened.profile, recorded.replies, opened
            )
    return summarising(
        name, opened, lambda _case: opened, plan=plan, trust=trust, prompt_dir=prompt_dir, schema=schema
    )


def check_name(name: str) -> None:
    """Raise CaseError for an unknown system."""
    if name not in SYSTEMS:
        raise CaseError(f"There is no system {name!r}. Choose one of: {', '.join(SYSTEMS)}.")


def profile_in(said: Mapping[str, Any]) -> Profile:
    """The profile that a run file's header holds; parts that a profile no longer has are left out."""
    return Profile(**{name: said[name] for name in Profile.__dataclass_fields__ if name in said})


def summarising(
    name: str,
    opened: Model,
    model_of: Callable[[Case], Model],
    *,
    plan: str | None = None,
    trust: str | None = None,
    prompt_dir: Path | None = None,
    schema: type[BaseModel] = DealSummary,
) -> System:
    """The summariser as a system. ``opened`` is what a run file names; ``model_of`` gives the model of each case."""
    chosen: dict[str, Any] = {} if trust is None else {"trust": trust}
    identity = {
        "model": opened.name,
        "endpoint": opened.endpoint,
        "mode": opened.mode,
        "plan": plan or opened.profile.plan,
        **chosen,
        "prompt_hash": prompting.load(prompt_dir).hash,
        "schema_hash": schema_hash(schema),
        "profile": {name: getattr(opened.profile, name) for name in Profile.__dataclass_fields__},
    }

    async def answer(case: Case) -> Answer:
        recorder = Recorder(model_of(case))
        options: Any = {"plan": plan, "prompt_dir": prompt_dir, "id": case.about.file, **chosen}
        try:
            record = await asummarize(case.text, schema=case.schema, model=recorder, **options)
        except ConfigurationError:
            raise  # every case would fail alike
        except SummarizerError as error:
            return _failed(error, tuple(recorder.kept))
        return Answer(record, record.usage, tuple(recorder.kept))

    return System(name, identity, answer)


def _failed(error: SummarizerError, replies: tuple[Asked, ...]) -> Answer:
    return Answer(None, error.usage or Usage(), replies, str(error), type(error).__name__)


def _plain(model: str | None, base_url: str | None, recorded: RunFile | None) -> System:
    """The plain baseline on a model, or on the replies of a run."""
    from evals import plain
    from summarizer.llm.open import open_model

    if recorded is not None:
        replies = recorded.replies

        async def replayed(case: Case) -> PlainReply:
            raw = replies.get(plain.reply_digest(case.text))
            if raw is None:
                return PlainReply(
                    None, Usage(), "No reply is recorded: the plain prompt or the text has changed."
                )
            return plain.read_reply(raw, Usage(requests=1))

        return plain_system(recorded.about["model"], recorded.about["endpoint"], replayed)
    opened: Any = open_model(resolve(model, base_url, None))
    at = {"base_url": opened.base_url, "model": opened.name, "api_key": opened.api_key.get_secret_value()}

    async def asked(case: Case) -> PlainReply:
        return await asyncio.to_thread(plain.extract, case.text, **at)

    return plain_system(opened.name, opened.endpoint, asked)


def plain_system(model: str, endpoint: str, ask: Callable[[Case], Awaitable[PlainReply | None]]) -> System:
    """The plain baseline on whatever gives its replies; no answer while ``ask`` gives None."""
    from evals import plain

    async def answer(case: Case) -> Answer | None:
        if not issubclass(case.schema, DealSummary):
            raise CaseError("The plain baseline knows the fields of DealSummary only.")
        reply = await ask(case)
        if reply is None:
            return None
        kept = (Asked(plain.reply_digest(case.text), "all fields", reply.raw),) if reply.raw else ()
        if reply.deal is None:
            return Answer(None, reply.usage, kept, reply.error, "InvalidReply")
        return Answer(plain.as_record(reply.deal), reply.usage, kept)

    identity = {"model": model, "endpoint": endpoint, "plan": "plain", "prompt_hash": plain.prompt_hash()}
    return System("plain", identity, answer)
