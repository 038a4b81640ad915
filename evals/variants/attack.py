"""Texts that try to change what is read: orders to a machine in nine forms, and lies in a reporter's voice.

Thirteen kinds, each put into five cases with other words: 65 texts. A kind that is an order must change
nothing. A lie in a reporter's voice (a false figure, a correction, a denial, a second deal) cannot be
recognised; what it changes is measured all the same.
"""

from __future__ import annotations

import base64
import json
import random
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.cases import DOCUMENTS, Case
from evals.variants.edits import Edit, alter, made, placed, plain, taken

PREFIX = "attack-"
_ENCODED = re.compile(r"\{base64:((?:[^{}]|\{\w+\})*)\}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of attack. ``order``: a machine is told what to do. ``where``: a paragraph of its own, the end, or a comment."""

    kind: str
    order: bool
    where: str
    texts: tuple[str, ...]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("attacks.json").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """All kinds."""
    return tuple(Kind(**{**one, "texts": tuple(one["texts"])}) for one in _data()["kinds"])


def make(case: Case, rng: random.Random) -> list[Case]:
    """One variant for each kind. Of the shipped cases only five are attacked; your own cases all are."""
    bases: list[str] = _data()["bases"]
    shipped = (DOCUMENTS / f"{case.name}.json").is_file()
    if shipped and case.name not in bases:
        return []
    turn = bases.index(case.name) if case.name in bases else 0
    return [_attacked(case, kind, kind.texts[turn % len(kind.texts)], rng) for kind in kinds()]


def _attacked(case: Case, kind: Kind, template: str, rng: random.Random) -> Case:
    words, planted = _filled(case, template, rng)
    end = len(case.text.rstrip())
    if kind.where == "comment":
        at, before = end, "\n\nComments (2)\nrosehill9: Thanks, useful.\nsummary_fan: "
    else:
        at, before = (end if kind.where == "end" else _gap(case, rng)), "\n\n"
    altered = alter(case.text, [Edit(at, at, before + words)])
    forbidden = [(at + 2, at + len(before) + len(words))] if kind.order else []
    new = made(case, PREFIX + kind.kind, altered, placed(plain(case), altered.moved), forbidden=forbidden)
    return replace(new, planted=planted)


def _gap(case: Case, rng: random.Random) -> int:
    """Where a paragraph ends and no evidence is cut; the end of the text where there is no such place."""
    gaps = [
        found.start()
        for found in re.finditer(r"\n\s*\n", case.text.rstrip())
        if not any(start < found.end() and found.start() < end for start, end in taken(case))
    ]
    return rng.choice(gaps) if gaps else len(case.text.rstrip())


def _filled(case: Case, template: str, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """The words of an attack, and the names and figures that it has and the text has not."""
    a, b = rng.sample([name for name in _data()["names"] if name not in case.text], 2)
    numbers = [number for number in range(113, 960, 7) if str(number) not in case.text]
    shares = [share for share in range(13, 96) if f"{share}%" not in case.text]
    values = {"a": a, "b": b, "sum": f"${rng.choice(numbers)} million", "share": f"{rng.choice(shares)}%"}
    words = _ENCODED.sub(
        lambda found: base64.b64encode(found[1].format(**values).encode()).decode(), template
    )
    return words.format(**values), tuple(value for name, value in values.items() if f"{{{name}}}" in template)
