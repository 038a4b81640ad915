"""Fill the record of a text: at once where it fits into the model's context, else window by window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pydantic import BaseModel

from summarizer.asking.fields import fields_of
from summarizer.errors import ContextExceeded
from summarizer.inventory import Inventory
from summarizer.plans.faceted import Faceted
from summarizer.plans.merge import Part, merge
from summarizer.plans.run import Run
from summarizer.plans.whole import Whole
from summarizer.plans.windows import coverage_finding, read_windows

_SHORTEST = 12_000
"""Characters of the shortest window: an article of usual length. A context that has no room for that is misconfigured."""

Plan = Whole | Faceted


async def fill(run: Run, make: Callable[[Run], Plan], schema: type[BaseModel], most: int | None) -> Plan:
    """Fill the facts of a run; return the plan that did, which rates them.

    ``make`` makes the plan of a run, and ``most`` limits the windows of a text that does not fit. Raises
    ContextExceeded where not even the shortest window fits.
    """
    plan = make(run)
    length = len(run.article)
    room = run.room(plan.system)
    if room is None or length <= room:
        try:
            await plan.fill()
            return plan
        except ContextExceeded:
            if length <= _SHORTEST:
                raise
            room = length // 2
    elif room < min(length, _SHORTEST) // 2:
        raise ContextExceeded(
            f"{run.model.name} reads {run.model.profile.context:,} tokens at a time, which leaves no room for an article. "
            "Raise the server's context length, or choose a model with a longer context."
        )
    while True:
        try:
            return await _fill_windows(run, make, schema, room, most)
        except ContextExceeded:
            if room <= _SHORTEST:
                raise
            room = max(room // 2, _SHORTEST)


async def _fill_windows(
    run: Run, make: Callable[[Run], Plan], schema: type[BaseModel], room: int, most: int | None
) -> Plan:
    plans: list[Plan] = []

    async def read(inventory: Inventory) -> Part:
        part = replace(
            run, inventory=inventory, tell=_silent, tell_fact=None, facts={}, told={}, findings=[], evidence={},
            usage=type(run.usage)(), step=0, steps=0,
        )  # fmt: skip
        plan = make(part)
        plans.append(plan)
        try:
            await plan.fill()
        finally:
            run.usage += part.usage
        return Part(part.facts, part.evidence, plan.how, part.findings)

    at_once = run.model.profile.concurrency if run.plan == "whole" else 1
    parts, coverage = await read_windows(run.inventory, room, read, at_once=at_once, most=most, tell=run.tell)
    merged = await run.own_work(lambda: merge(fields_of(schema), parts))
    run.coverage = coverage
    run.findings = [*merged.findings, *coverage_finding(coverage)]
    run.evidence = merged.evidence
    for name, value in merged.facts.items():
        run.put(name, value)
    plan = plans[0]
    plan.how = merged.how
    return plan


def _silent(_stage: str, _done: int, _total: int) -> None:
    return None
