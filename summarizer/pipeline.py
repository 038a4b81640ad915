"""The straight line: text ─ document ─ mentions ─ prompt ─ model ─ grounding ─ checks ─ record."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypedDict, TypeVar, cast, overload

from pydantic import BaseModel
from typing_extensions import Unpack

from summarizer import grounding, prompting
from summarizer.checks import RULES, check_prose, walk, whole_sentences
from summarizer.document import read_document
from summarizer.errors import (
    ConfigurationError,
    ContextExceeded,
    NotEnglish,
    SummarizerError,
    UnsupportedClaims,
)
from summarizer.findings import Finding
from summarizer.inventory import Figure, Inventory, take_inventory
from summarizer.language import is_english
from summarizer.llm.base import Model, Request
from summarizer.llm.deadline import within
from summarizer.reading import Source, load
from summarizer.schema.compile import (
    Form,
    Question,
    Slot,
    draft_model,
    name_question,
    questions,
    record_type,
    row_question,
    schema_hash,
    settled_by_words,
    slots,
)
from summarizer.schema.deal import DealSummary
from summarizer.schema.values import UNDECIDED, Provenance, SourceInfo, Usage
from summarizer.settings import Settings, resolve

Progress = Callable[[str, int, int], None]
"""Told what is being done: the stage, and how much of how much (0 of 0 where that is not known)."""

T = TypeVar("T")
R = TypeVar("R", bound=BaseModel)

_PLANS = ("single", "faceted")
_REACHING = ("base_url", "api_key", "config", "timeout", "deadline")  # the options that settings are made of
_REPLY_TOKENS = 1500  # kept free in the context for the question and the reply
_LEFT_OUT = ("unsupported", "unsupported_figure", "unsupported_prose")


class Options(TypedDict, total=False):
    """What ``summarize`` and ``asummarize`` take beside the source and the schema."""

    model: str | Model | None
    base_url: str | None
    api_key: str | None
    config: str | Path | None
    timeout: float | None
    deadline: float | None
    plan: str | None
    prompt_dir: str | Path | None
    strict: bool
    id: str | None
    progress: Progress | None


@overload
def summarize(source: str | Path | bytes, **options: Unpack[Options]) -> DealSummary: ...
@overload
def summarize(source: str | Path | bytes, *, schema: type[R], **options: Unpack[Options]) -> R: ...
def summarize(
    source: str | Path | bytes, *, schema: type[BaseModel] = DealSummary, **options: Unpack[Options]
) -> Any:
    """Read one article and return its record.

    - ``source``: the text itself, a ``Path``, undecoded bytes, or a URL (needs the ``[web]`` extra).
    - ``schema``: any Pydantic model made of the value types; ``DealSummary`` where not given.
    - ``model``, ``base_url``, ``api_key``: an OpenAI-compatible endpoint; without them the environment
      (``SUMMARIZER_MODEL`` …), else the embedded model. ``model`` may also be an object with the methods
      of ``summarizer.llm.base.Model``.
    - ``timeout``, ``deadline``: seconds for one request, and for the article as a whole.
    - ``config``: the project file, where it is not the nearest ``summarizer.toml`` or ``pyproject.toml``.
    - ``plan``: ``single`` or ``faceted``; the model's profile chooses where not given.
    - ``prompt_dir``: a folder whose templates go before the shipped ones.
    - ``strict``: raise UnsupportedClaims instead of leaving out what the text does not support.
    - ``id``: a name for the source; ``progress``: called with each stage.

    Returns an instance of ``schema`` that also has ``findings``, ``source``, ``provenance`` and ``usage``.
    Raises the errors of ``summarizer.errors``. Works inside a running event loop too, which it blocks;
    there, ``asummarize`` is the better choice.
    """
    return in_background(asummarize(source, schema=schema, **options))


@overload
async def asummarize(source: str | Path | bytes, **options: Unpack[Options]) -> DealSummary: ...
@overload
async def asummarize(source: str | Path | bytes, *, schema: type[R], **options: Unpack[Options]) -> R: ...
async def asummarize(
    source: str | Path | bytes, *, schema: type[BaseModel] = DealSummary, **options: Unpack[Options]
) -> Any:
    """Read one article and return its record; ``summarize`` says the rest."""
    progress = options.get("progress")
    started = time.perf_counter()
    tell = progress or _silent
    asked = slots(schema)  # a schema or plan that cannot work is refused before anything is spent
    settings, plan, prompts = choose(options)
    tell("reading the article", 0, 0)
    text = await asyncio.to_thread(load, source)
    inventory = _inventory(text, options.get("id"))
    if settings is not None:
        opened = await asyncio.to_thread(open_shared, settings, progress)
    else:
        opened = cast(Model, options.get("model"))
    run = _Run(inventory, prompts, opened, plan or opened.profile.plan, tell)
    run.guard_context()
    with within(settings.deadline if settings else options.get("deadline")):
        try:
            await run.fill(asked)
        except SummarizerError as error:  # what the requests before it cost was paid for too
            error.usage = run.usage + (error.usage or Usage(requests=error.attempts))
            raise
    return run.record(
        schema, asked, strict=options.get("strict", False), seconds=time.perf_counter() - started
    )


def choose(options: Options) -> tuple[Settings | None, str | None, prompting.Prompts]:
    """Settle what the options leave open: the settings (None for a model given as an object), plan and prompts.

    The plan is None where the model's profile is to choose. Raises ConfigurationError.
    """
    model, settings = options.get("model"), None
    if model is None or isinstance(model, str):
        given = {name: options.get(name) for name in _REACHING}
        settings = resolve(model, **given)  # type: ignore[arg-type]
    plan = options.get("plan") or (settings.plan if settings else None)
    if plan is not None and plan not in _PLANS:
        raise ConfigurationError(f"There is no plan {plan!r}. Choose one of: {', '.join(_PLANS)}.")
    return (
        settings,
        plan,
        prompting.load(options.get("prompt_dir") or (settings.prompt_dir if settings else None)),
    )


def _silent(_stage: str, _done: int, _total: int) -> None:
    return None


def _inventory(given: Source, id: str | None) -> Inventory:
    document = read_document(given.text, id=id or given.id)
    inventory = take_inventory(document)
    if not is_english(given.text):
        raise NotEnglish(
            "The text does not seem to be English. Figures, hedges and roles are read in English only: give an English text."
        )
    return inventory


_models: dict[Settings, Model] = {}
_models_lock = threading.Lock()


def open_shared(settings: Settings, progress: Progress | None) -> Model:
    """The model of these settings: one for the process, so that its connections and its server are shared."""
    from summarizer.llm.open import open_model

    with _models_lock:
        if settings not in _models:
            _models[settings] = open_model(settings, progress)
        return _models[settings]


@dataclass
class _Run:
    """One article on its way through the model."""

    inventory: Inventory
    prompts: prompting.Prompts
    model: Model
    plan: str
    tell: Progress
    facts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    system: str = ""
    article: str = ""
    step: int = 0
    steps: int = 0  # requests of the faceted plan, as far as they can be foreseen

    def __post_init__(self) -> None:
        self.system = self.prompts.render("system.j2")
        self.article = self.prompts.render("article.j2", sentences=self.inventory.sentences)

    def guard_context(self) -> None:
        """Refuse an article that cannot fit, before anything is sent."""
        context = self.model.profile.context
        needed = len(self.article) // 4 + _REPLY_TOKENS
        if context is not None and needed > context:
            raise ContextExceeded(
                f"The article needs about {needed:,} tokens, and {self.model.name} reads {context:,} at a time. "
                "Give a shorter text, or a model with a longer context."
            )

    async def fill(self, asked: Sequence[Slot]) -> None:
        """Settle every field: by code where the words decide, else by the model, in as few steps as the plan has."""
        facts = [slot for slot in asked if slot.form is not Form.PROSE]
        gates = [slot for slot in facts if slot.ask.first]
        late = [slot for slot in facts if slot.form is Form.CHOICE and slot.ask.decide is not None]
        early = [slot for slot in facts if slot not in gates and slot not in late]
        prose = [slot for slot in asked if slot.form is Form.PROSE]
        if self.plan == "single":
            await self._ask(self._open_questions([*gates, *early, *late]))
        else:
            await self._ask(self._open_questions(gates))
            if any(self.facts.get(slot.name) is False for slot in gates):
                return
            gate = asyncio.Semaphore(self.model.profile.concurrency)
            left = self._open_questions(early)
            items = [one.slot.form is Form.ITEMS for one in left]
            self.steps = self.step + len(left) + sum(items) + bool(prose)
            work = [
                self._ask_items(one, gate) if by_name else self._ask([one], gate)
                for one, by_name in zip(left, items, strict=True)
            ]
            await asyncio.gather(*work)
        if any(self.facts.get(slot.name) is False for slot in gates):
            self.facts = {slot.name: False for slot in gates}
            self.findings = []
            return
        self._refine(early)
        undecided = self._open_questions(late)
        if self.plan == "faceted":
            await self._ask(undecided)
        if prose:
            await self._write(prose)

    def _open_questions(self, wanted: Sequence[Slot]) -> list[Question]:
        """The questions left after code has settled what it can."""
        left: list[Question] = []
        for slot in wanted:
            if slot.ask.decide is not None:
                decided = slot.ask.decide(self.inventory, self.facts)
                if decided is not UNDECIDED:
                    self.facts[slot.name] = self._settle(slot, decided)
                    continue
            for asked in questions(slot, self.inventory):
                label = settled_by_words(asked)
                if label is not None:
                    self.facts[slot.name] = grounding.figure_value(slot, asked.options[label], self.inventory)
                elif slot.name not in self.facts:
                    left.append(asked)
        return left

    def _settle(self, slot: Slot, decided: Any) -> Any:
        if isinstance(decided, Figure):
            return grounding.figure_value(slot, [decided], self.inventory)
        return decided

    async def _ask(self, asked: Sequence[Question], gate: asyncio.Semaphore | None = None) -> None:
        """Put the questions to the model in one request, and ground what it answers."""
        if not asked:
            return
        draft = await self._fill_draft(asked, gate)
        for one in asked:
            grounded = grounding.ground(one, draft, self.inventory)
            before = self.facts.get(one.slot.name)
            several = isinstance(before, tuple) and isinstance(grounded.value, tuple)
            self.facts[one.slot.name] = before + grounded.value if several else grounded.value
            self.findings += grounded.findings

    async def _ask_items(self, asked: Question, gate: asyncio.Semaphore) -> None:
        """Ask for the names first, then for the rest of those that the text bears out, beside its sentences on them."""
        naming = name_question(asked)
        named = grounding.ground(naming, await self._fill_draft([naming], gate), self.inventory)
        items = grounding.named_items(asked, named.value, self.inventory)
        self.findings += [*named.findings, *items.findings]
        self.facts[asked.slot.name] = items.value
        key = asked.slot.key
        names = [getattr(item, key.name) for item in items.value] if key is not None else []
        row = row_question(asked, {name: self.inventory.about(name)[:4] for name in names})
        if row is not None:
            grounded = grounding.ground(row, await self._fill_draft([row], gate), self.inventory)
            self.facts[asked.slot.name] = grounded.value
            self.findings += grounded.findings

    async def _fill_draft(self, asked: Sequence[Question], gate: asyncio.Semaphore | None) -> BaseModel:
        left = self.model.profile.reasks

        def complain(draft: Any) -> Sequence[str]:
            nonlocal left
            if left <= 0:
                return ()
            left -= 1
            return grounding.complaints(asked, draft, self.inventory)

        request: Request[Any] = Request(
            system=self.system,
            article=self.article,
            question=self.prompts.render("questions.j2", questions=[_shown(q) for q in asked]),
            draft=draft_model(asked, cite=self.model.profile.cite, complain=complain if left else None),
            max_tokens=min(4000, 100 + 300 * len(asked)),
        )
        async with gate or asyncio.Semaphore():
            self._tell_step(f"asking: {asked[0].key.replace('_', ' ')}" if len(asked) == 1 else "asking")
            reply = await self.model.ask(request)
        self.usage += reply.usage
        return cast(BaseModel, reply.draft)

    def _tell_step(self, stage: str) -> None:
        self.step += 1
        self.steps = max(self.steps, self.step) if self.steps else 0
        self.tell(stage, self.step if self.steps else 0, self.steps)

    def _refine(self, done: Sequence[Slot]) -> None:
        for slot in done:
            if slot.ask.refine is not None and self.facts.get(slot.name) is not None:
                self.facts[slot.name] = slot.ask.refine(self.inventory, self.facts[slot.name], self.facts)

    async def _write(self, prose: Sequence[Slot]) -> None:
        """Have the prose written, keep what stands up to the source, and compose what is left empty."""
        pieces = [Question(slot, slot.name, slot.text) for slot in prose]
        wanted = [_shown(piece) for piece in pieces]
        request = Request(
            system=self.system,
            article=self.article,
            question=self.prompts.render("prose.j2", wanted=wanted, facts=fact_lines(self.facts)),
            draft=draft_model(pieces, cite=False),
            max_tokens=80 + sum(slot.ask.length for slot in prose) // 3,
        )
        self._tell_step("writing the summary")
        reply = await self.model.ask(request)
        self.usage += reply.usage
        for slot in prose:
            text = whole_sentences(str(getattr(reply.draft, slot.name) or ""), slot.ask.length)
            kept, findings = check_prose(slot.name, text, self.facts, self.inventory)
            if kept is None and slot.ask.fallback is not None:
                kept = slot.ask.fallback(self.facts)
            self.facts[slot.name] = kept
            self.findings += findings

    def record(self, schema: type[BaseModel], asked: Sequence[Slot], *, strict: bool, seconds: float) -> Any:
        """Check the facts and make the record."""
        from summarizer import __version__

        empty = {slot.name: () if slot.many else None for slot in asked}
        facts: dict[str, Any] = {**empty, **self.facts}
        findings = list(self.findings)
        for rule in RULES:
            findings += rule(facts, self.inventory)
        for finding in findings:
            if finding.code == "unsupported_figure":
                facts = _without(facts, finding.field)
        left_out = [finding for finding in findings if finding.code in _LEFT_OUT]
        if strict and left_out:
            said = " ".join(f"{finding.field}: {finding.message}" for finding in left_out)
            raise UnsupportedClaims(
                f"The text does not support what the model said. {said}", findings=findings
            )
        document = self.inventory.document
        made = record_type(schema)
        return made(
            **{name: value for name, value in facts.items() if name in made.model_fields},
            findings=tuple(findings),
            source=SourceInfo(
                id=document.id,
                sha256=document.sha256,
                title=document.title,
                characters=len(document.text),
                sentences=len(document.sentences),
            ),
            provenance=Provenance(
                model=self.model.name,
                endpoint=self.model.endpoint,
                mode=self.model.mode,
                plan=self.plan,
                prompt_hash=self.prompts.hash,
                schema_hash=schema_hash(schema),
                package_version=__version__,
            ),
            usage=self.usage.model_copy(update={"seconds": round(seconds, 3)}),
        )


def _shown(asked: Question) -> dict[str, Any]:
    return {"name": asked.key, "text": asked.text, "sentences": asked.sentences, "rows": asked.rows}


def fact_lines(facts: Mapping[str, Any]) -> list[str]:
    """The facts found so far, a line each, for the one who writes the prose."""
    lines = []
    for name, value in facts.items():
        parts = value if isinstance(value, tuple) else (value,)
        for part in parts[:3]:
            if isinstance(part, BaseModel):
                said = [
                    str(getattr(leaf, "label", leaf))
                    for key in ("name", "text", "role", "change", "from_role", "to_role", "description")
                    if (leaf := vars(part).get(key))
                ]
                lines.append(f"{name.replace('_', ' ')}: {', '.join(said)}")
    return lines


def _without(facts: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The facts without what stands at a path: a field becomes None, an item's figure too, an item of a list goes."""
    gone = [value for at, value in walk(facts) if at == path]
    return {name: _strip(value, gone) for name, value in facts.items()}


def _strip(value: Any, gone: Sequence[BaseModel]) -> Any:
    if any(value is one for one in gone):
        return None
    if isinstance(value, tuple):
        return tuple(part for part in (_strip(part, gone) for part in value) if part is not None)
    if isinstance(value, BaseModel):
        update = {
            name: None
            for name in type(value).model_fields
            if any(getattr(value, name) is one for one in gone)
        }
        return value.model_copy(update=update) if update else value
    return value


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """An event loop in a thread of its own, so that ``summarize`` also works where a loop runs already."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="summarizer", daemon=True).start()
    return loop


def in_background(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in the package's own loop and wait for it."""
    future = asyncio.run_coroutine_threadsafe(work, _loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()  # Ctrl-C ends the request that is under way
        raise
