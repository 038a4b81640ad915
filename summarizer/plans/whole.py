"""Have a model fill the draft of a schema: the whole of it in one request, or one request for each field.

The request begins with what is the same for every article: who the model is, and the codebook of the schema.
Then comes the article. No rule decides, narrows or overrules an answer; where trust is with the rules,
``policy`` says how the two meet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from summarizer import policy
from summarizer.asking.codebook import codebook
from summarizer.asking.drafts import as_answers, draft_of
from summarizer.asking.fields import Field, Form, fields_of
from summarizer.certainty import rate
from summarizer.findings import Finding
from summarizer.grounding.ground import Grounding, complaints, ground
from summarizer.llm.base import Request
from summarizer.plans.run import Run, refusals
from summarizer.prompting import Prompts
from summarizer.prose import check_prose
from summarizer.records.values import Certainty, record_type

_TOKENS = 4000  # of the longest reply; a longer one is asked for once more with a higher limit


@dataclass
class Whole:
    """The plan for a schema on one article."""

    run: Run
    schema: type[BaseModel]
    early: dict[str, Any] = field(default_factory=dict)  # facts of the reply that is being written
    shown: set[str] = field(default_factory=set)  # its fields that are complete, and were looked at
    how: dict[str, str] = field(default_factory=dict)  # how each answer was grounded, by path

    @property
    def system(self) -> str:
        """The static part of the prompt."""
        return _system(self.run.prompts, self.schema)

    async def fill(self) -> None:
        """Fill every field."""
        if self.run.plan == "whole":
            self._keep(await self._ask(()))
        else:
            await self._ask_each()
        if self.run.trust == "rules":
            self._settle(await self.run.own_work(lambda: policy.settled(self.schema, self.run.hints)))

    async def _ask_each(self) -> None:
        """One request for each field. Where the first field is a gate and says no, the others are not asked."""
        names = [one.name for one in self._ordered()]
        gates = [one.name for one in self._ordered() if one.gate]
        self.run.steps = len(names)
        for name in gates:
            self._keep(await self._ask((name,)))
        if any(self.run.facts.get(name) is False for name in gates):
            return
        slots = asyncio.Semaphore(self.run.model.profile.concurrency)

        async def one(name: str) -> None:
            async with slots:
                self._keep(await self._ask((name,)))

        await together(one(name) for name in names if name not in gates)

    def _ordered(self) -> list[Field]:
        return sorted(fields_of(self.schema), key=lambda one: one.form is Form.PROSE)

    async def _ask(self, names: tuple[str, ...]) -> Grounding:
        """Put the draft of these fields, or of all, to the model; what it claims without support goes back once."""
        run = self.run
        seen: list[tuple[Any, Grounding]] = []  # the last draft that was checked

        def grounded(draft: Any) -> Grounding:
            return self._ground(as_answers(draft), names)

        def complain(draft: Any) -> Sequence[str]:
            made = grounded(draft)
            seen[:] = [(draft, made)]
            return [*complaints(made.findings), *self._refused(made, names)]

        reply = await run.ask(
            Request(
                system=self.system,
                article=run.article,
                question=run.prompts.render("fill.j2", names=names),
                draft=draft_of(self.schema, names),
                max_tokens=_TOKENS,
                about=", ".join(names) or "the record",
                complain=complain,
                on_part=None if names or not run.streams else self._emit,
            ),
            f"asking: {names[0].replace('_', ' ')}" if names else "asking",
        )
        if seen and seen[0][0] is reply.draft:
            return seen[0][1]
        return await run.own_work(lambda: grounded(reply.draft))

    def _emit(self, text: str) -> None:
        """Emit each fact whose part of a reply is complete: all but the last key of what has come so far.

        These facts are not held. The reply may yet break off, say the same field again, or be sent back, and
        is validated and kept as a whole at its end; what it then says otherwise is emitted again.
        """
        if not text:  # a reply begins, perhaps anew
            self.early.clear()
            self.shown.clear()
            return
        try:
            so_far = from_json(text, allow_partial="trailing-strings")
        except ValueError:
            return
        fields = {one.name: one for one in fields_of(self.schema)}
        for name in list(so_far)[:-1] if isinstance(so_far, dict) else ():
            if name in fields and name not in self.shown and not self._no_record(fields.values()):
                self.shown.add(name)
                self._emit_field(name, so_far[name])

    def _emit_field(self, name: str, said: Any) -> None:
        try:
            draft = draft_of(self.schema, (name,)).model_validate({name: said})
        except ValidationError:
            return  # the whole reply is validated at its end
        for field_name, value in self._ground(as_answers(draft), (name,)).facts.items():
            self.early[field_name] = value
            self.run.emit(field_name, value)

    def _no_record(self, fields: Iterable[Field]) -> bool:
        """Whether the reply that is being written says that the article reports nothing of the kind."""
        return any(one.gate and self.early.get(one.name) is False for one in fields)

    def _ground(self, answers: Mapping[str, Any], names: tuple[str, ...]) -> Grounding:
        wanted = [one for one in fields_of(self.schema) if not names or one.name in names]
        made = ground(wanted, answers, self.run.inventory)
        if any(one.gate and made.facts.get(one.name) is False for one in wanted):
            _empty_but(made, [one for one in wanted if one.gate])
            return made
        for one in wanted:
            prose = made.facts.get(one.name)
            if one.form is Form.PROSE and prose:
                known = {**self.early, **self.run.facts, **made.facts} if names else made.facts
                made.facts[one.name], found = check_prose(one.name, prose, known, self.run.inventory)
                made.findings += found
        return made

    def _refused(self, made: Grounding, names: tuple[str, ...]) -> list[str]:
        """What the schema's own validators have against the facts."""
        if names or made.findings:
            return []
        fields = {one.name: one for one in fields_of(self.schema)}
        given = {k: v for k, v in made.facts.items() if not (v is None and not fields[k].optional)}
        try:
            record_type(self.schema)(**given)
        except ValidationError as error:
            return [f"{said}. Read the article again." for said in refusals(error)]
        return []

    def _keep(self, made: Grounding) -> None:
        self.run.findings += made.findings
        self.run.evidence |= made.evidence
        self.how |= made.how
        for name, value in made.facts.items():
            self.run.put(name, value)

    def _settle(self, hints: Mapping[str, Any]) -> None:
        """Let answers and hints meet."""
        settled, findings = policy.settle(self.run.facts, hints)
        self.run.findings += findings
        for name, value in settled.items():
            self.run.put(name, value)

    def certainty(self, facts: dict[str, Any], findings: Sequence[Finding]) -> tuple[Certainty, ...]:
        """Rate each fact by how it was grounded and what the checks say of it."""
        return rate(self.how, facts, findings)


@lru_cache(maxsize=64)
def _system(prompts: Prompts, schema: type[BaseModel]) -> str:
    """The static part of the prompt, rendered once for each schema."""
    return prompts.render("whole.j2", codebook=codebook(schema))


def _empty_but(made: Grounding, gates: Sequence[Field]) -> None:
    """Keep nothing but the gates: a text that reports nothing of the kind has no facts."""
    kept = {one.name for one in gates}
    made.findings.clear()
    made.facts = {name: value for name, value in made.facts.items() if name in kept}
    for by_path in (made.evidence, made.how):
        for path in [path for path in by_path if path not in kept]:
            del by_path[path]


async def together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all at once. Where one fails the others are cancelled, as nobody would read their answers."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
