"""One article on its way through the model: what is asked in which order, and the record that comes of it.

The plan ``single`` asks for all facts in one request, ``faceted`` for each field in one of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel

from summarizer import grounding, prompting
from summarizer.certainty import certainties
from summarizer.checks import RULES, check_prose, whole_sentences
from summarizer.errors import ContextExceeded, UnsupportedClaims
from summarizer.facts import Fact, fact_lines, without
from summarizer.findings import Finding
from summarizer.inventory import Figure, Inventory, fold
from summarizer.llm.base import Model, Request
from summarizer.schema.compile import (
    Form,
    Question,
    Slot,
    name_question,
    questions,
    record_type,
    row_question,
    schema_hash,
    settled_by_words,
)
from summarizer.schema.drafts import draft_model
from summarizer.schema.values import UNDECIDED, Provenance, SourceInfo, Usage
from summarizer.watching import Watched

Progress = Callable[[str, int, int], None]
"""Told what is being done: the stage, and how much of how much (0 of 0 where that is not known)."""

PLANS = ("single", "faceted")

_REPLY_TOKENS = 1500  # kept free in the context for the question and the reply
_LEFT_OUT = ("unsupported", "unsupported_figure", "unsupported_prose")


@dataclass
class Run:
    """One article on its way through the model."""

    inventory: Inventory
    prompts: prompting.Prompts
    watched: Watched
    plan: str
    tell: Progress
    tell_fact: Callable[[Fact], None]
    facts: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    put: dict[str, Question] = field(default_factory=dict)  # what the model is asked, by field
    usage: Usage = field(default_factory=Usage)
    system: str = ""
    article: str = ""
    step: int = 0
    steps: int = 0  # requests of the faceted plan, as far as they can be foreseen

    def __post_init__(self) -> None:
        self.system = self.prompts.render("system.j2")
        self.article = self.prompts.render("article.j2", sentences=self.inventory.sentences)

    @property
    def model(self) -> Model:
        """The model that is asked."""
        return self.watched.model

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
        first = self._open_questions(gates)
        if any(self.facts.get(slot.name) is False for slot in gates):
            return  # code has said no
        if self.plan == "single":
            await self._ask([*first, *self._open_questions([*early, *late])])
        else:
            await self._ask(first)
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
            await _together(work)
        if any(self.facts.get(slot.name) is False for slot in gates):
            for slot in facts:
                self._put(slot.name, False if slot in gates else None)
            self.facts = {slot.name: False for slot in gates}
            self.findings = []
            return
        self._refine(early)
        undecided = self._open_questions(late)
        if self.plan == "faceted":
            await self._ask(undecided)
        if prose:
            # In the schema's order: that in which answers came would make another prompt of each run. Whole sentences
            # are left out: the model has them before it.
            told = {
                s.name: self.facts[s.name] for s in facts if s.name in self.facts and s.form is not Form.EACH
            }
            await self._write(prose, told)

    def _open_questions(self, wanted: Sequence[Slot]) -> list[Question]:
        """The questions left after code has settled what it can."""
        left: list[Question] = []
        words_first = self.model.profile.words_first
        for slot in wanted:
            if slot.ask.decide is not None:
                decided = slot.ask.decide(self.inventory, self.facts)
                if decided is not UNDECIDED:
                    self._put(slot.name, self._settle(slot, decided))
                    continue
            named = grounding.told_names(slot, self.inventory)
            if named is not None:
                self._put(slot.name, named)
                continue
            known = slot.ask.known(self.inventory) if words_first and slot.ask.known is not None else ()
            for asked in questions(slot, self.inventory):
                label = settled_by_words(asked, self.inventory)
                if words_first and label is None and _told(asked, known):
                    continue
                if label is not None:
                    self._put(slot.name, grounding.figure_value(slot, asked.options[label], self.inventory))
                elif slot.form is Form.EACH and (words_first or not asked.sentences):
                    told = (*asked.sure, *asked.sentences)
                    self._put(slot.name, grounding.sentence_items(asked, told, self.inventory))
                elif slot.name not in self.facts:
                    left.append(asked)
                    self.put[slot.name] = asked
            if known and slot.name not in self.facts and all(one.slot is not slot for one in left):
                self.facts[slot.name] = ()  # for ``refine`` to fill
        return left

    def _put(self, name: str, value: Any) -> None:
        """Hold a fact, and tell it where it says something, or something else than before."""
        before = self.facts.get(name)
        self.facts[name] = value
        if value != before and not (_empty(value) and _empty(before)):
            self.tell_fact(Fact(name, value))

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
            self._put(one.slot.name, before + grounded.value if several else grounded.value)
            self.findings += grounded.findings

    async def _ask_items(self, asked: Question, gate: asyncio.Semaphore) -> None:
        """Ask for the names first, then for the rest of those that the text bears out, beside its sentences on them."""
        ask = asked.slot.ask
        told = ask.also(self.inventory) if ask.also is not None else ()
        names: list[str] = []
        if told and self.model.profile.words_first:
            self.steps -= 1  # it was foreseen
        else:
            naming = name_question(asked)
            named = grounding.ground(naming, await self._fill_draft([naming], gate), self.inventory)
            names = [name.text for name in named.value]
            self.findings += named.findings
        for name in told:
            if not any(fold(name) in fold(other) or fold(other) in fold(name) for other in names):
                names.append(name)
        items = grounding.named_items(asked, names, self.inventory)
        self.findings += items.findings
        self._put(asked.slot.name, items.value)
        key = asked.slot.key
        settled = [fold(name) for name in (ask.settled(self.inventory) if ask.settled is not None else ())]
        names = [getattr(item, key.name) for item in items.value] if key is not None else []
        names = [name for name in names if fold(name) not in settled]
        row = row_question(asked, {name: self.inventory.about(name)[:4] for name in names})
        if row is None:
            self.steps -= 1  # it was foreseen
        else:
            grounded = grounding.ground(row, await self._fill_draft([row], gate), self.inventory)
            self._put(asked.slot.name, grounded.value)
            self.findings += grounded.findings

    async def _fill_draft(self, asked: Sequence[Question], gate: asyncio.Semaphore | None) -> BaseModel:
        request: Request[Any] = Request(
            system=self.system,
            article=self.article,
            question=self.prompts.render("questions.j2", questions=[_shown(q) for q in asked]),
            draft=draft_model(asked, cite=self.model.profile.cite),
            max_tokens=min(4000, 100 + 300 * len(asked)),
            about=", ".join(question.key for question in asked),
            complain=lambda draft: grounding.complaints(asked, draft, self.inventory),
        )
        async with gate or asyncio.Semaphore():
            self._tell_step(f"asking: {asked[0].key.replace('_', ' ')}" if len(asked) == 1 else "asking")
            reply = await self.watched.ask(request)
        self.usage += reply.usage
        return cast(BaseModel, reply.draft)

    def _tell_step(self, stage: str) -> None:
        self.step += 1
        self.steps = max(self.steps, self.step) if self.steps else 0
        self.tell(stage, self.step if self.steps else 0, self.steps)

    def _refine(self, done: Sequence[Slot]) -> None:
        for slot in done:
            if slot.ask.refine is not None and self.facts.get(slot.name) is not None:
                self._put(slot.name, slot.ask.refine(self.inventory, self.facts[slot.name], self.facts))

    async def _write(self, prose: Sequence[Slot], told: Mapping[str, Any]) -> None:
        """Have the prose written, keep what stands up to the source, and compose what is left empty."""
        pieces = [Question(slot, slot.name, slot.text) for slot in prose]
        wanted = [_shown(piece) for piece in pieces]
        request = Request(
            system=self.system,
            article=self.article,
            question=self.prompts.render("prose.j2", wanted=wanted, facts=fact_lines(told)),
            draft=draft_model(pieces, cite=False),
            max_tokens=80 + sum(slot.ask.length for slot in prose) // 3,
            about=", ".join(slot.name for slot in prose),
        )
        self._tell_step("writing the summary")
        reply = await self.watched.ask(request)
        self.usage += reply.usage
        for slot in prose:
            text = whole_sentences(str(getattr(reply.draft, slot.name) or ""), slot.ask.length)
            kept, findings = check_prose(slot.name, text, self.facts, self.inventory)
            if kept is None and slot.ask.fallback is not None:
                kept = slot.ask.fallback(self.facts)
            self._put(slot.name, kept)
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
                facts = without(facts, finding.field)
        left_out = [finding for finding in findings if finding.code in _LEFT_OUT]
        if strict and left_out:
            said = " ".join(f"{finding.field}: {finding.message}" for finding in left_out)
            raise UnsupportedClaims(
                f"The text does not support what the model said. {said}", findings=findings
            )
        for name, value in facts.items():
            self._put(name, value)
        document = self.inventory.document
        made = record_type(schema)
        return made(
            **{name: value for name, value in facts.items() if name in made.model_fields},
            findings=tuple(findings),
            certainty=certainties(asked, facts, self.put, findings, self.inventory),
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


def _told(asked: Question, known: Collection[str]) -> bool:
    """Whether a question is left to words: of members that code reads, or of several figures in one role, none in the lead.

    A small model takes whatever figure it is offered, and such figures are most often of something else.
    """
    if asked.slot.form is Form.FIGURE:
        return asked.slot.ask.told
    return bool(known) and all(member in known for member in asked.options.values())


def _shown(asked: Question) -> dict[str, Any]:
    return {"name": asked.key, "text": asked.text, "sentences": asked.sentences, "rows": asked.rows}


def _empty(value: Any) -> bool:
    return value is None or value == ()


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all at once. Where one fails the others are ended, as nobody would read their answers."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
