"""Have a model read the digest and the filing, and count what is right.

``python -m evals texts`` reads them with ``summarize_all`` and ``summarize``; ``--batch DIR`` through batch
files; ``--replay FILE`` with recorded replies, which ``--out FILE`` keeps.

The gold has, for each deal, the right answers of a field; of a list of names, every form of each. A field
that it leaves out has to be empty where it is a figure, and is not scored where it is not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
import tracemalloc
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from evals.batch import Waiting, open_folder
from evals.cases import CaseError
from evals.runfile import Asked
from evals.systems import Recorder, Replayed
from evals.texts.filing import filing
from summarizer import DealSummary, asummarize, asummarize_all
from summarizer.llm.base import Model
from summarizer.llm.modes import RequestStyle
from summarizer.llm.open import LARGE
from summarizer.llm.recorded import MODE, recorded

FOLDER = Path(__file__).resolve().parent
FIGURES = ("amount", "stake", "valuation")
NAMES = ("digest", "filing")
CONTEXT = 16_384  # tokens; small enough that the filing is read in windows


def text_of(name: str) -> str:
    """The text of one of ``NAMES``."""
    return filing() if name == "filing" else (FOLDER / "digest.txt").read_text(encoding="utf-8")


def gold_of(name: str) -> list[dict[str, Any]]:
    """The deals of a text, in its order."""
    gold: list[dict[str, Any]] = json.loads((FOLDER / "gold.json").read_text(encoding="utf-8"))[name]
    return gold


def figure(value: Any) -> str:
    """A figure as the gold writes it: ``640000000 GBP``, ``9.8``, ``undisclosed``, or nothing."""
    if value is None:
        return ""
    if getattr(value, "qualifier", "") == "undisclosed":
        return "undisclosed"
    number = value.value if hasattr(value, "value") else value.percent
    return f"{number.normalize():f} {getattr(value, 'currency', None) or ''}".strip()


def wrong_fields(record: DealSummary, gold: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """The fields that are wrong, with what the record has, and how many are scored."""
    found: dict[str, Any] = {name: figure(getattr(record, name)) for name in FIGURES}
    right: dict[str, bool] = {name: found[name] in gold.get(name, [""]) for name in FIGURES}
    for name in ("deal_type", "status"):
        found[name] = getattr(record, name)
        right[name] = found[name] in gold[name]
    for role in ("acquirer", "target", "seller", "partner"):
        if role in gold:
            found[role] = [party.name for party in record.parties if party.role == role]
            right[role] = _same(found[role], gold[role])
    found["people"] = [person.name for person in record.people]
    right["people"] = _same(found["people"], [[name] for name in gold.get("people", ())])
    return {name: found[name] for name, good in right.items() if not good}, len(right)


def _same(names: Sequence[str], forms: Iterable[Sequence[str]]) -> bool:
    wanted = [{form.casefold() for form in one} for one in forms]
    return len(names) == len(wanted) and all(any(name.casefold() in one for name in names) for one in wanted)


def foreign(records: Sequence[DealSummary], text: str) -> int:
    """The evidence of a record that stands in the story of another deal: the paragraphs that a record cites most."""
    starts = [at for at in range(len(text)) if at == 0 or text[at - 2 : at] == "\n\n"]

    def paragraph(at: int) -> int:
        return max(index for index, start in enumerate(starts) if start <= at)

    cited = [
        [paragraph(start) for start in _starts(record.model_dump(exclude={"findings"}))] for record in records
    ]
    homes = {max(set(places), key=places.count) for places in cited if places}
    return sum(
        place in homes and place != max(set(places), key=places.count) for places in cited for place in places
    )


def _starts(value: Any) -> Iterable[int]:
    """Where each piece of evidence in a dumped record begins."""
    if isinstance(value, dict):
        if value.keys() == {"start", "end", "text"}:
            yield value["start"]
        else:
            for part in value.values():
                yield from _starts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _starts(part)


async def read(name: str, model: Model) -> list[DealSummary]:
    """The records of a text."""
    if name == "filing":
        return [await asummarize(text_of(name), model=model, id=f"{name}.txt")]
    return await asummarize_all(text_of(name), model=model, id=f"{name}.txt")


def table(name: str, records: Sequence[DealSummary], gold: Sequence[Mapping[str, Any]]) -> str:
    """What is right, and each field that is not."""
    lines, right, scored = [], 0, 0
    for number, wanted in enumerate(gold, 1):
        if number > len(records):
            lines.append(f"  deal {number}: missing")
            scored += 6
            continue
        wrong, of = wrong_fields(records[number - 1], wanted)
        scored, right = scored + of, right + of - len(wrong)
        lines += [
            f"  deal {number}: {field} is {value!r}, not one of {wanted.get(field, [])}"
            for field, value in wrong.items()
        ]
    source = records[0].source if records else None
    windows = (
        f", {source.windows_read} of {source.windows} windows read" if source and source.windows > 1 else ""
    )
    mixed = f", {foreign(records, text_of(name))} facts of another deal" if len(gold) > 1 else ""
    requests = sum(record.usage.requests for record in records)
    head = f"{name}: {len(records)} of {len(gold)} deals, {right} of {scored} fields right{mixed}{windows}, "
    return "\n".join([f"{head}{requests} requests", *lines])


def run(options: argparse.Namespace) -> int:
    """The command. Returns 1 where a field is wrong or a deal is missing."""
    names = [name for name in NAMES if options.only in name]
    if not names:
        raise CaseError(f"--only is one of: {', '.join(NAMES)}.")
    folder = None if options.batch is None else open_folder(options.batch)
    kept = _kept(options.replay) if options.replay else {}
    good, asked = True, []
    for name in names:
        recorder = Recorder(_model_of(name, options, folder, kept))
        started = time.perf_counter()
        tracemalloc.start()
        try:
            records = asyncio.run(read(name, recorder))
        except Waiting:
            continue
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        asked += recorder.kept
        print(table(name, records, gold_of(name)))
        print(f"  {time.perf_counter() - started:.1f} s, {peak / 1e6:.0f} MB of Python objects at most")
        matched = [wrong_fields(*pair)[0] for pair in zip(records, gold_of(name), strict=False)]
        good = good and len(records) == len(gold_of(name)) and not any(matched)
    if folder is not None:
        folder.write()
        print(*folder.next_steps(), sep="\n")
    if options.out is not None:
        options.out.write_text("".join(json.dumps(asdict(one)) + "\n" for one in asked), encoding="utf-8")
    return 0 if good else 1


def _kept(path: Path) -> dict[str, str]:
    lines = [Asked(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return {line.prompt: line.raw for line in lines}


def _model_of(name: str, options: argparse.Namespace, folder: Any, kept: Mapping[str, str]) -> Model:
    profile = replace(LARGE, context=options.context)
    if kept:
        return Replayed("recorded", "recorded", MODE, profile, kept)
    if folder is None:
        from summarizer.llm.open import open_model
        from summarizer.settings import resolve

        return open_model(resolve(options.model, options.base_url, None))
    named, style = options.model or "recorded", asdict(RequestStyle(MODE))
    model = recorded(named, "batch files", "other", style, lambda body: folder.look_up(name, body))
    model.profile = profile
    return model
