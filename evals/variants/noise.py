"""What stands around an article on a page: other stories, an advert, comments, the article once more."""

from __future__ import annotations

import random

from evals.cases import Case
from evals.gold import Range
from evals.variants.edits import Edit, alter, breaks, made, placed, plain
from evals.variants.filler import Filler
from summarizer.document import Zone, read_document

_DOUBLED = 0.4  # how often the body follows once more
_TOPS = ("Related articles", "More stories", "You may also like", "Recommended for you")
_LINKS = ("Read also: ", "Related: ", "See also: ")
_ADVERTS = (
    "Get the Deal Desk briefing\nThe five transactions that matter, every morning before seven. Free for 30 days, then "
    "{price} a month. Sign up now",
    "Advertisement\nCompare brokers in two minutes: no fees on your first ten trades. Terms apply.",
    "Subscribe today\nUnlimited reading for {price} a month in the first year. Cancel at any time.",
)


def make(case: Case, rng: random.Random) -> list[Case]:
    """One variant, with one teaser in the body where there is a place for it."""
    filler = Filler(case, rng)
    edits: list[tuple[Edit, int]] = []
    if gaps := breaks(case):
        start, end = rng.choice(gaps)
        gap = case.text[start:end]
        edits.append((Edit(start, start, gap + rng.choice(_LINKS) + filler.teasers(1)[0]), len(gap)))
    size = len(case.text.rstrip())
    tail = "\n\n" + _tail(filler, rng)
    second = _second(case) if rng.random() < _DOUBLED else None
    body = "\n\n" + case.text[slice(*second)] if second else ""
    edits.append((Edit(size, len(case.text), tail + body + "\n"), 2))
    altered = alter(case.text, [edit for edit, _ in edits])
    zones = [(start + gap, end) for edit, gap in edits for start, end in [altered.put(edit)]]
    copied = zones[-1][1] - 1 - (second[1] - second[0]) if second else 0
    zones[-1] = (zones[-1][0], copied - 2 if second else zones[-1][1] - 1)

    def move(place: Range) -> list[Range]:
        now = altered.kept(place)
        if second and second[0] <= place[0] and place[1] <= second[1]:
            now.append((place[0] - second[0] + copied, place[1] - second[0] + copied))
        return now

    zones += [now for place in case.forbidden if second for now in move(place)[1:]]
    return [made(case, "noise", altered, placed(plain(case), move), forbidden=zones)]


def _tail(filler: Filler, rng: random.Random) -> str:
    blocks = [
        "\n".join([rng.choice(_TOPS), *(f"{title}\n{filler.summary()}" for title in filler.teasers(3))]),
        filler.told(rng.choice(_ADVERTS).replace("{price}", rng.choice(("$9", "€7", "£6")))),
    ]
    rng.shuffle(blocks)
    return "\n\n".join([*blocks, "\n".join(["Comments (2)", *filler.comments(2)])])


def _second(case: Case) -> Range | None:
    """The body of the article, where the text has it only once and nothing else in it."""
    sentences = read_document(case.text).sentences
    if any(each.repeat_of for each in sentences):
        return None
    body = [each for each in sentences if each.zone is Zone.BODY]
    return (body[0].start, body[-1].end) if body else None
