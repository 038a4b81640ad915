"""Ask a small model narrow questions, one for each field that code has not settled by the words of the article.

The questions offer closed sets made from the article: its figures of the right kind, its sentences to judge. Grounding
of the answers is in ``grounding.facets``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel

from summarizer.certainty import certainties
from summarizer.checks import check_prose, whole_sentences
from summarizer.facts import fact_lines
from summarizer.findings import Finding
from summarizer.grounding import facets as grounding
from summarizer.inventory import Figure, fold
from summarizer.llm.base import Request
from summarizer.plans.run import Run
from summarizer.plans.whole import together
from summarizer.records.compile import (
    Form,
    Question,
    Slot,
    name_question,
    questions,
    row_question,
    settled_by_words,
    slots,
)
from summarizer.records.drafts import draft_model
from summarizer.records.values import UNDECIDED, Certainty


@dataclass
class Faceted:
    """The plan for a schema on one article."""

    run: Run
    schema: type[BaseModel]
    put: dict[str, Question] = field(default_factory=dict)  # what the model is asked, by field
    system: str = ""
    how: dict[str, str] = field(default_factory=dict)  # of a text read in windows: nothing is rated there

    def __post_init__(self) -> None:
        self.system = self.run.prompts.render("system.j2")

    async def fill(self) -> None:
        """Settle every field: by code where the words decide, else by the model."""
        await self._fill(slots(self.schema))

    def certainty(self, facts: dict[str, Any], findings: Sequence[Finding]) -> tuple[Certainty, ...]:
        """Rate each fact by how it was found."""
        return certainties(slots(self.schema), facts, self.put, findings, self.run.inventory)

    async def _fill(self, asked: Sequence[Slot]) -> None:
        facts = [slot for slot in asked if slot.form is not Form.PROSE]
        gates = [slot for slot in facts if slot.ask.first]
        late = [slot for slot in facts if slot.form is Form.CHOICE and slot.ask.decide is not None]
        early = [slot for slot in facts if slot not in gates and slot not in late]
        prose = [slot for slot in asked if slot.form is Form.PROSE]
        first = await self._open(gates)
        if any(self.run.facts.get(slot.name) is False for slot in gates):
            return  # code has said no
        await self._ask(first)
        if any(self.run.facts.get(slot.name) is False for slot in gates):
            return
        gate = asyncio.Semaphore(self.run.model.profile.concurrency)
        left = await self._open(early)
        items = [one.slot.form is Form.ITEMS for one in left]
        self.run.steps = self.run.step + len(left) + sum(items) + bool(prose)
        work = [
            self._ask_items(one, gate) if by_name else self._ask([one], gate)
            for one, by_name in zip(left, items, strict=True)
        ]
        await together(work)
        if any(self.run.facts.get(slot.name) is False for slot in gates):
            for slot in facts:
                self.run.put(slot.name, False if slot in gates else None)
            self.run.facts = {slot.name: False for slot in gates}
            self.run.findings = []
            return
        await self.run.own_work(lambda: self._refine(early))
        undecided = await self._open(late)
        await self._ask(undecided)
        if prose:
            # In the schema's order: that in which answers came would make another prompt of each run. Whole sentences
            # are left out: the model has them before it.
            told = {
                s.name: self.run.facts[s.name]
                for s in facts
                if s.name in self.run.facts and s.form is not Form.EACH
            }
            await self._write(prose, told)

    async def _open(self, wanted: Sequence[Slot]) -> list[Question]:
        return await self.run.own_work(lambda: self._open_questions(wanted))

    def _open_questions(self, wanted: Sequence[Slot]) -> list[Question]:
        """The questions left after code has settled what it can."""
        left: list[Question] = []
        words_first = self.run.model.profile.words_first
        for slot in wanted:
            if slot.ask.decide is not None:
                decided = slot.ask.decide(self.run.inventory, self.run.facts)
                if decided is not UNDECIDED:
                    self.run.put(slot.name, self._settle(slot, decided))
                    continue
            named = grounding.told_names(slot, self.run.inventory)
            if named is not None:
                self.run.put(slot.name, named)
                continue
            known = slot.ask.known(self.run.inventory) if words_first and slot.ask.known is not None else ()
            for asked in questions(slot, self.run.inventory):
                label = settled_by_words(asked, self.run.inventory)
                if words_first and label is None and _told(asked, known):
                    continue
                if label is not None:
                    self.run.put(
                        slot.name, grounding.figure_value(slot, asked.options[label], self.run.inventory)
                    )
                elif slot.form is Form.EACH and (words_first or not asked.sentences):
                    told = (*asked.sure, *asked.sentences)
                    self.run.put(slot.name, grounding.sentence_items(asked, told, self.run.inventory))
                elif slot.name not in self.run.facts:
                    left.append(asked)
                    self.put[slot.name] = asked
            if known and slot.name not in self.run.facts and all(one.slot is not slot for one in left):
                self.run.facts[slot.name] = ()  # for ``refine`` to fill
        return left

    def _settle(self, slot: Slot, decided: Any) -> Any:
        if isinstance(decided, Figure):
            return grounding.figure_value(slot, [decided], self.run.inventory)
        return decided

    async def _ask(self, asked: Sequence[Question], gate: asyncio.Semaphore | None = None) -> None:
        """Put the questions to the model in one request, and ground what it answers."""
        if not asked:
            return
        draft = await self._fill_draft(asked, gate)
        for one in asked:
            grounded = grounding.ground(one, draft, self.run.inventory)
            before = self.run.facts.get(one.slot.name)
            several = isinstance(before, tuple) and isinstance(grounded.value, tuple)
            self.run.put(one.slot.name, before + grounded.value if several else grounded.value)
            self.run.findings += grounded.findings

    async def _ask_items(self, asked: Question, gate: asyncio.Semaphore) -> None:
        """Ask for the names first, then for the rest of those that the text bears out, beside its sentences on them."""
        ask = asked.slot.ask
        told = ask.also(self.run.inventory) if ask.also is not None else ()
        names: list[str] = []
        if told and self.run.model.profile.words_first:
            self.run.steps -= 1  # it was foreseen
        else:
            naming = name_question(asked)
            named = grounding.ground(naming, await self._fill_draft([naming], gate), self.run.inventory)
            names = [name.text for name in named.value]
            self.run.findings += named.findings
        for name in told:
            if not any(fold(name) in fold(other) or fold(other) in fold(name) for other in names):
                names.append(name)
        items = grounding.named_items(asked, names, self.run.inventory)
        self.run.findings += items.findings
        self.run.put(asked.slot.name, items.value)
        key = asked.slot.key
        settled = [
            fold(name) for name in (ask.settled(self.run.inventory) if ask.settled is not None else ())
        ]
        names = [getattr(item, key.name) for item in items.value] if key is not None else []
        names = [name for name in names if fold(name) not in settled]
        row = row_question(asked, {name: self.run.inventory.about(name)[:4] for name in names})
        if row is None:
            self.run.steps -= 1  # it was foreseen
        else:
            grounded = grounding.ground(row, await self._fill_draft([row], gate), self.run.inventory)
            self.run.put(asked.slot.name, grounded.value)
            self.run.findings += grounded.findings

    async def _fill_draft(self, asked: Sequence[Question], gate: asyncio.Semaphore | None) -> BaseModel:
        request: Request[Any] = Request(
            system=self.system,
            article=self.run.article,
            question=self.run.prompts.render("questions.j2", questions=[_shown(q) for q in asked]),
            draft=draft_model(asked),
            max_tokens=min(4000, 100 + 300 * len(asked)),
            about=", ".join(question.key for question in asked),
            complain=lambda draft: grounding.complaints(asked, draft, self.run.inventory),
        )
        async with gate or asyncio.Semaphore():
            stage = f"asking: {asked[0].key.replace('_', ' ')}" if len(asked) == 1 else "asking"
            reply = await self.run.ask(request, stage)
        return cast(BaseModel, reply.draft)

    def _refine(self, done: Sequence[Slot]) -> None:
        for slot in done:
            if slot.ask.refine is not None and self.run.facts.get(slot.name) is not None:
                self.run.put(
                    slot.name, slot.ask.refine(self.run.inventory, self.run.facts[slot.name], self.run.facts)
                )

    async def _write(self, prose: Sequence[Slot], told: Mapping[str, Any]) -> None:
        """Have the prose written, keep what stands up to the source, and compose what is left empty."""
        pieces = [Question(slot, slot.name, slot.text) for slot in prose]
        wanted = [_shown(piece) for piece in pieces]
        request = Request(
            system=self.system,
            article=self.run.article,
            question=self.run.prompts.render("prose.j2", wanted=wanted, facts=fact_lines(told)),
            draft=draft_model(pieces),
            max_tokens=80 + sum(slot.ask.length for slot in prose) // 3,
            about=", ".join(slot.name for slot in prose),
        )
        reply = await self.run.ask(request, "writing the summary")
        for slot in prose:
            text = whole_sentences(str(getattr(reply.draft, slot.name) or ""), slot.ask.length)
            kept, findings = check_prose(slot.name, text, self.run.facts, self.run.inventory)
            if kept is None and slot.ask.fallback is not None:
                kept = slot.ask.fallback(self.run.facts)
            self.run.put(slot.name, kept)
            self.run.findings += findings


def _told(asked: Question, known: Collection[str]) -> bool:
    """Whether a question is left to words: of members that code reads, or of several figures in one role, none in the lead.

    A small model takes whatever figure it is offered, and such figures are most often of something else.
    """
    if asked.slot.form is Form.FIGURE:
        return asked.slot.ask.told
    return bool(known) and all(member in known for member in asked.options.values())


def _shown(asked: Question) -> dict[str, Any]:
    return {"name": asked.key, "text": asked.text, "sentences": asked.sentences, "rows": asked.rows}
