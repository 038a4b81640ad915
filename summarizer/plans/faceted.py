"""Ask a small model narrow questions, one for each field that the hints have not settled.

The questions offer closed sets made from the article; see ``plans.narrow``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel

from summarizer import policy
from summarizer.asking.slots import Form, Slot, slots
from summarizer.facts import fact_lines
from summarizer.findings import Finding
from summarizer.llm.base import Request
from summarizer.plans.compose import compose
from summarizer.plans.narrow import Question, draft_model, questions
from summarizer.plans.narrow_certainty import certainties
from summarizer.plans.narrow_ground import complaints, ground
from summarizer.plans.run import Run
from summarizer.plans.whole import together
from summarizer.prose import check_prose, whole_sentences
from summarizer.records.values import Certainty


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
        """Fill every field: from the hints where they settle it, else by the model."""
        asked = slots(self.schema)
        gates = [slot for slot in asked if slot.ask.first]
        prose = [slot for slot in asked if slot.form is Form.PROSE]
        settled = await self.run.own_work(lambda: policy.settled(self.schema, self.run.hints))
        await self._ask([one for slot in gates for one in self._open(slot, settled)])
        if any(self.run.facts.get(slot.name) is False for slot in gates):
            return
        rest = [slot for slot in asked if slot not in gates and slot not in prose]
        left = [one for slot in rest for one in self._open(slot, settled)]
        self.run.steps = self.run.step + len(left) + bool(prose)
        gate = asyncio.Semaphore(self.run.model.profile.concurrency)
        await together(self._ask([one], gate) for one in left)
        for name, value in policy.merged(self.schema, self.run.facts, self.run.hints).items():
            self.run.put(name, value)
        if prose:
            await self._write(prose, [slot.name for slot in rest])

    def certainty(self, facts: dict[str, Any], findings: Sequence[Finding]) -> tuple[Certainty, ...]:
        """Rate each fact by how it was found."""
        return certainties(slots(self.schema), facts, self.put, findings, self.run.inventory, self.run.hints)

    def _open(self, slot: Slot, settled: Mapping[str, Any]) -> Sequence[Question]:
        """The questions of a slot; none where it is settled."""
        if slot.name in settled:
            self.run.put(slot.name, settled[slot.name])
            return ()
        left = questions(slot, self.run.inventory, policy.members(self.schema, slot.name, self.run.hints))
        if left:
            self.put[slot.name] = left[0]
        if slot.many:
            self.run.facts.setdefault(slot.name, ())
        return left

    async def _ask(self, asked: Sequence[Question], gate: asyncio.Semaphore | None = None) -> None:
        """Put the questions to the model in one request, and ground what it answers."""
        if not asked:
            return
        draft = await self._fill_draft(asked, gate)
        for one in asked:
            grounded = ground(one, draft, self.run.inventory)
            before = self.run.facts.get(one.slot.name)
            several = isinstance(before, tuple) and isinstance(grounded.value, tuple)
            self.run.put(one.slot.name, before + grounded.value if several else grounded.value)
            self.run.findings += grounded.findings

    async def _fill_draft(self, asked: Sequence[Question], gate: asyncio.Semaphore | None) -> BaseModel:
        request: Request[Any] = Request(
            system=self.system,
            article=self.run.article,
            question=self.run.prompts.render("questions.j2", questions=[_shown(q) for q in asked]),
            draft=draft_model(asked),
            max_tokens=min(4000, 100 + 300 * len(asked)),
            about=", ".join(question.key for question in asked),
            complain=lambda draft: complaints(asked, draft, self.run.inventory),
        )
        async with gate or asyncio.Semaphore():
            stage = f"asking: {asked[0].key.replace('_', ' ')}" if len(asked) == 1 else "asking"
            reply = await self.run.ask(request, stage)
        return cast(BaseModel, reply.draft)

    async def _write(self, prose: Sequence[Slot], names: Sequence[str]) -> None:
        """Have the prose written, keep what stands up to the source, and compose what is left empty."""
        run = self.run
        # In the schema's order: that in which answers came would make another prompt of each run.
        told = {name: run.facts[name] for name in names if name in run.facts}
        pieces = [Question(slot, slot.name, slot.text) for slot in prose]
        request = Request(
            system=self.system,
            article=run.article,
            question=run.prompts.render(
                "prose.j2", wanted=[_shown(piece) for piece in pieces], facts=fact_lines(told)
            ),
            draft=draft_model(pieces),
            max_tokens=80 + sum(slot.ask.length for slot in prose) // 3,
            about=", ".join(slot.name for slot in prose),
        )
        reply = await run.ask(request, "writing the summary")
        for slot in prose:
            text = whole_sentences(str(getattr(reply.draft, slot.name) or ""), slot.ask.length)
            kept, findings = check_prose(slot.name, text, run.facts, run.inventory, run.hints)
            run.put(slot.name, kept if kept is not None else compose(run.facts))
            run.findings += findings


def _shown(asked: Question) -> dict[str, Any]:
    return {"name": asked.key, "text": asked.text, "sentences": (), "rows": {}}
