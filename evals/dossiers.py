"""Dossiers of invented deals: several short reports each, their records, and what the dossier must say.

``python -m evals dossiers`` reconciles and groups the records, and scores agreements and conflicts that are
found, sources that are credited, and pairs that are grouped. No model is asked. ``--bench`` times it on many
records.

A file in ``evals/dossiers/`` holds ``reports`` and ``gold``. A record is written with quotations from its text, and the
figures are parsed from it, as the package does::

    {"deal": "mill", "reports": [{"id": "a.txt", "text": "…", "record": {"amount": "about $40 million", …}}],
     "gold": {"agreed": {"stake": ["a.txt", "b.txt"]}, "conflicts": {"amount": [["a.txt"], ["b.txt"]]}, …}}
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations
from pathlib import Path
from typing import Any

from summarizer.dossiers import DealDossier, group, reconcile
from summarizer.figures import find
from summarizer.findings import Span
from summarizer.records.deal import DealSummary

GOLD = Path(__file__).resolve().parent / "dossiers"
_FIGURES = ("amount", "stake", "valuation", "announced_on")
_LISTS = ("use_of_proceeds", "rationale", "concerns", "conditions")


def build(id: str, text: str, facts: Mapping[str, Any]) -> DealSummary:
    """Make a record from quotations of a text; each fact gets the sentence that holds it as evidence.

    A figure is its quotation, or ``{"quote": …}`` with what else it has; a member of a closed set is its
    name, or ``[name, quotation]``. Raises ValueError where the text lacks one.
    """
    record: dict[str, Any] = {"is_deal": True, "evidence": {}}
    for name, value in facts.items():
        if name in _FIGURES:
            record[name] = _figure(text, value, day=name == "announced_on")
        elif name == "parties":
            record[name] = [
                {
                    "name": party[0],
                    "role": party[1],
                    "aliases": party[2:],
                    "evidence": [_sentence(text, party[0])],
                }
                for party in value
            ]
        elif name == "people":
            record[name] = [{**person, "evidence": [_sentence(text, person["name"])]} for person in value]
        elif name in _LISTS:
            record[name] = [{"text": words, "evidence": [_sentence(text, words)]} for words in value]
        elif name == "earlier_deals":
            record[name] = [_earlier(text, deal) for deal in value]
        elif isinstance(value, list):
            record[name], quote = value
            record["evidence"][name] = [_sentence(text, quote)]
        else:
            record[name] = value
    record["source"] = {
        "id": id,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "title": None,
        "characters": len(text),
        "sentences": text.count("."),
    }
    return DealSummary.model_validate(record)


def _earlier(text: str, deal: Mapping[str, Any]) -> dict[str, Any]:
    figures = {name: _figure(text, deal[name]) for name in ("amount", "valuation") if name in deal}
    return {**deal, **figures, "evidence": [_sentence(text, deal["description"])]}


def _figure(text: str, given: str | Mapping[str, Any], *, day: bool = False) -> dict[str, Any]:
    stated = {"quote": given} if isinstance(given, str) else dict(given)
    quote = stated.pop("quote")
    span = _sentence(text, quote)
    start = text.index(quote)
    mention = next(m for m in find(text) if m.start < start + len(quote) and m.end > start)
    value: dict[str, Any] = {"text": mention.text, "evidence": [span], **stated}
    if day:
        date = mention.date or ""
        partial = date.startswith("--")
        precision = "day" if partial or len(date) == 10 else "month" if len(date) == 7 else "year"
        return {**value, "date": None if partial else date, "precision": precision}
    if mention.unit == "%":
        return {**value, "percent": mention.value, "upper": mention.upper, "qualifier": mention.qualifier}
    value |= {"value": mention.value, "upper": mention.upper, "qualifier": mention.qualifier}
    return {**value, "currency": mention.unit or None}


def _sentence(text: str, quote: str) -> dict[str, Any]:
    at = text.find(quote)
    if at < 0:
        raise ValueError(f"The text does not hold {quote!r}.")
    start = max(text.rfind(mark, 0, at) + len(mark) if mark in text[:at] else 0 for mark in (". ", "\n"))
    ends = [end for mark in (". ", "\n") if (end := text.find(mark, at + len(quote))) >= 0]
    end = min(ends, default=len(text) - 1) + 1
    return Span(start=start, end=end, text=text[start:end]).model_dump()


def load(folder: Path = GOLD) -> list[dict[str, Any]]:
    """Read the gold dossiers, by name; each has its ``records`` beside its ``reports``."""
    deals = []
    for path in sorted(folder.glob("*.json")):
        deal = json.loads(path.read_text(encoding="utf-8"))
        deal["records"] = [build(one["id"], one["text"], one["record"]) for one in deal["reports"]]
        deals.append(deal)
    return deals


def score(dossier: DealDossier, gold: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """Count, by measure, what is right and what there is.

    ``agreed``: facts whose consensus has exactly the sources of the gold. ``conflicts``: conflicts found with
    all sides and their sources. ``not_invented``: conflicts of the dossier that the gold has too.
    ``details``: parts of a figure credited to the right sources. ``names``: parties and people that are one
    entry under all their names. ``superseded``: earlier values that a later report replaces.
    """
    found = {f.field: {side.sources for side in f.sides} for f in dossier.findings if f.code == "conflict"}
    wanted = {name: {tuple(side) for side in sides} for name, sides in gold.get("conflicts", {}).items()}
    replaced = {f.field for f in dossier.findings if f.code == "superseded"}
    names = [{party.name, *party.aliases} for party in dossier.parties]
    names += [{person.name, *person.aliases} for person in dossier.people]
    facts = {name: fact for name in gold.get("agreed", {}) if (fact := getattr(dossier, name)) is not None}
    return {
        "agreed": _count(
            (name in facts and facts[name].consensus.sources == tuple(sources))
            for name, sources in gold.get("agreed", {}).items()
        ),
        "values": _count(
            getattr(dossier, name).consensus.value.text == text
            for name, text in gold.get("values", {}).items()
        ),
        "details": _count(
            getattr(dossier, path.partition(".")[0]).consensus.details.get(path.partition(".")[2], ())
            == tuple(sources)
            for path, sources in gold.get("details", {}).items()
        ),
        "conflicts": _count(found.get(name) == sides for name, sides in wanted.items()),
        "not_invented": _count([name in wanted for name in found] or [True]),
        "superseded": _count(name in replaced for name in gold.get("superseded", ())),
        "names": _count(set(forms) in names for forms in gold.get("names", ())),
        "entries": _count([len(names) == gold["entries"]] if "entries" in gold else []),
        "items": _count(
            len(getattr(dossier, name)) == number for name, number in gold.get("items", {}).items()
        ),
    }


def _count(right: Iterable[bool]) -> tuple[int, int]:
    marks = list(right)
    return sum(marks), len(marks)


def pairwise(groups: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the pairs of sources that are in one group."""
    found, wanted = (
        {pair for one in sets for pair in combinations(sorted(one), 2)} for sets in (groups, gold)
    )
    both = len(found & wanted)
    precision = both / len(found) if found else 1.0
    recall = both / len(wanted) if wanted else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if both else 0.0


def report(folder: Path = GOLD) -> str:
    """Score all gold dossiers; the table that the command prints."""
    deals = load(folder)
    rows = {deal["deal"]: score(reconcile(deal["records"]), deal["gold"]) for deal in deals}
    measures = list(next(iter(rows.values())))
    lines = ["  ".join(["deal".ljust(14), *(name.rjust(12) for name in measures)])]
    for name, found in rows.items():
        lines.append("  ".join([name.ljust(14), *(_cell(found[measure]) for measure in measures)]))
    sums = {m: tuple(map(sum, zip(*(found[m] for found in rows.values()), strict=True))) for m in measures}
    lines.append("  ".join(["all".ljust(14), *(_cell(sums[measure]) for measure in measures)]))
    groups = [
        one.sources for one in group(chain.from_iterable(deal["records"] for deal in deals)) if one.is_deal
    ]
    gold = [[one["id"] for one in deal["reports"]] for deal in deals]
    precision, recall, f1 = pairwise(groups, gold)
    lines.append(
        f"grouping of {sum(map(len, gold))} reports: pairs P {precision:.2f}  R {recall:.2f}  F1 {f1:.2f}"
    )
    return "\n".join(lines)


def _cell(counted: Sequence[int]) -> str:
    return (f"{counted[0]} of {counted[1]}" if counted[1] else "-").rjust(12)


def many(number: int, deals: Sequence[Mapping[str, Any]], seed: int = 0) -> list[DealSummary]:
    """Make ``number`` records: the gold deals over and over, each time with other names."""
    rng = random.Random(seed)  # noqa: S311 - seeded, not secret
    syllables = [
        "al",
        "ber",
        "cor",
        "dun",
        "el",
        "fen",
        "gar",
        "hol",
        "ith",
        "jor",
        "kel",
        "lun",
        "mor",
        "nar",
        "os",
        "pel",
        "quin",
        "ros",
        "sal",
        "tor",
        "ul",
        "ven",
        "wil",
        "yar",
        "zet",
    ]
    records: list[DealSummary] = []
    for index in range(number):
        deal = deals[index % len(deals)]
        new = {
            word: "".join(rng.choices(syllables, k=3)).title()
            for word in sorted(
                {word for one in deal["records"] for party in one.parties for word in party.name.split()}
            )
        }
        for report in deal["reports"]:
            text = json.dumps({"text": report["text"], "record": report["record"]}, ensure_ascii=False)
            for word, other in new.items():
                text = text.replace(word, other)
            made = json.loads(text)
            records.append(build(f"{index}-{report['id']}", made["text"], made["record"]))
            if len(records) == number:
                return records
    return records


def bench(sizes: Sequence[int] = (1000, 10000)) -> str:
    """Time grouping and reconciling on many records; the cost of each record should not grow."""
    deals = load()
    lines = ["   records  groups   group s   reconcile s   ms a record"]
    for size in sizes:
        records = many(size, deals)
        start = time.perf_counter()
        groups = group(records)
        grouped = time.perf_counter()
        for one in groups:
            reconcile(one.records)
        end = time.perf_counter()
        lines.append(
            f"{size:>10,} {len(groups):>7,} {grouped - start:>9.2f} {end - grouped:>13.2f} {(end - start) / size * 1000:>13.2f}"
        )
    return "\n".join(lines)


def run(options: argparse.Namespace) -> int:
    """``python -m evals dossiers``."""
    print(bench() if options.bench else report())
    return 0
