"""Find the deals of a text that reports several: for each, the sentences that tell of it.

Each deal is then read from its own sentences alone, so that facts of different deals cannot mix.
"""

from __future__ import annotations

from pydantic import Field

from summarizer.inventory import Inventory
from summarizer.llm.base import Request
from summarizer.plans.run import Run
from summarizer.plans.windows import split
from summarizer.records.drafts import Draft

_TOKENS = 4000


class _Deal(Draft):
    deal: str
    sentences: list[int]


class _Deals(Draft):
    deals: list[_Deal] = Field(default_factory=list)


async def list_deals(run: Run) -> list[tuple[int, ...]]:
    """Ask the model for the deals of a text: the sentence numbers of each, in the order of the text.

    A text longer than the model's context is listed window by window; what two windows list of the sentences
    that both have is one deal.
    """
    system = run.prompts.render("deals.j2")
    room = run.room(system)
    if room is None or len(run.article) <= room:
        return await _list(run, run.inventory, system)
    found: list[tuple[int, ...]] = []
    for window in split(run.inventory, room):
        for numbers in await _list(run, run.inventory.part(window), system):
            twin = next((i for i, other in enumerate(found) if len({*other} & {*numbers}) > 1), None)
            if twin is None:
                found.append(numbers)
            else:
                found[twin] = tuple(sorted({*found[twin], *numbers}))
    return found


async def _list(run: Run, inventory: Inventory, system: str) -> list[tuple[int, ...]]:
    reply = await run.ask(
        Request(
            system=system,
            article=run.prompts.render("article.j2", sentences=inventory.sentences),
            question="List the deals of this text. Answer with one JSON object.",
            draft=_Deals,
            max_tokens=_TOKENS,
            about="the deals",
        ),
        "listing the deals",
    )
    found = [tuple(sorted(inventory.citable.intersection(deal.sentences))) for deal in reply.draft.deals]
    return list(dict.fromkeys(numbers for numbers in found if numbers))


def told_stories(inventory: Inventory) -> list[tuple[int, ...]]:
    """The stories of a text whose titles set them apart, for a model that cannot list deals."""
    citable = inventory.citable
    found = [tuple(number for number in story if number in citable) for story in inventory.document.stories]
    return [numbers for numbers in found if numbers]
