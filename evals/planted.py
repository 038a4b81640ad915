"""Errors planted in right values, for ``summarizer.verify`` and, where it is installed, llmground.

``python -m evals.planted`` prints the tables of docs/verify.md: twenty errors made by hand
(``planted.json``), each in a small record about one of the documents, and errors made by rule from the
labelled values of the other documents. An error is caught where a verifier objects to a planted path; an
objection to the right record is a false alarm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple

from evals.cases import DOCUMENTS
from summarizer import verify

TRANSPOSED, SCALE, CURRENCY = "transposed digit", "millions for billions", "another currency"
SENTENCE, TWIN = "figure from another sentence", "name's near twin"

Record = dict[str, Any]


class Planted(NamedTuple):
    """A right record, the same with an error, and the paths at which the two differ or are read together."""

    kind: str
    document: str
    right: Record
    wrong: Record
    paths: tuple[str, ...]

    @property
    def text(self) -> str:
        """The article."""
        return (DOCUMENTS / f"{self.document}.txt").read_text(encoding="utf-8")

    def uncited(self) -> Planted:
        """The same error in a record that cites nothing."""
        right, wrong = (
            {
                name: {key: part for key, part in value.items() if key != "quote"}
                for name, value in record.items()
            }
            for record in (self.right, self.wrong)
        )
        return self._replace(right=right, wrong=wrong)


def _read() -> Iterator[Planted]:
    for kind, document, field, right, wrong in json.loads(
        Path(__file__).with_name("planted.json").read_text("utf-8")
    ):
        parts = (
            [f"{field}.{part}" for part in right if part != "quote"] if isinstance(right, dict) else [field]
        )
        yield Planted(kind, document, {field: right}, {field: wrong}, tuple(parts))


PLANTED = tuple(_read())


def values() -> Iterator[tuple[str, Any, str]]:
    """Right values of the labels, and wrong ones made of them: the kind, the value and the article."""
    seen = {planted.document for planted in PLANTED}
    for path in sorted(path for path in DOCUMENTS.glob("*.json") if path.stem not in seen):
        gold = json.loads(path.read_text(encoding="utf-8"))["gold"]
        text = path.with_suffix(".txt").read_bytes().decode()
        for words, number in _labelled(gold):
            yield f"right: {'name' if number is None else 'figure as written'}", words, text
            if number is not None:
                yield "right: number in full units", float(number), text
                yield "wrong: number, a thousand times too large", float(number) * 1000, text
            for kind, made in _mutated(words, number is None):
                if made not in text:
                    yield f"wrong: {kind}", made, text


def _labelled(gold: Record) -> Iterator[tuple[str, Any]]:
    """The figures and names of a label; a name has no number."""
    for field in ("amount", "valuation", "stake"):
        figure = gold.get(field)
        if isinstance(figure, dict) and re.search(r"\d", figure.get("text") or ""):
            yield figure["text"], figure.get("value") or figure.get("percent")
    for item in (*gold.get("parties", ()), *gold.get("people", ())):
        name = item["name"] if isinstance(item["name"], str) else item["name"][0]
        if isinstance(name, str):
            yield name, None


def _mutated(words: str, is_name: bool) -> Iterator[tuple[str, str]]:
    if is_name:
        yield TWIN, _swapped(words, r"[^\W\d_]", len(words) // 2 - 1)
        return
    yield TRANSPOSED, _swapped(words, r"\d", 0)
    yield SCALE, re.sub("billion|million", lambda m: "million" if m[0] == "billion" else "billion", words)
    if sign := {"$": "€", "€": "£", "£": "€"}.get(words[0]):
        yield CURRENCY, sign + words[1:]


def _swapped(words: str, pattern: str, start: int) -> str:
    """The words with the first two different neighbouring characters of a kind, from ``start`` on, swapped."""
    for at in range(max(0, start), len(words) - 1):
        pair = words[at : at + 2]
        if pair[0].lower() != pair[1].lower() and re.fullmatch(pattern * 2, pair):
            return words[:at] + pair[::-1] + words[at + 2 :]
    return words


Objections = Callable[[Record, str], set[str]]


def ours(record: Record, text: str) -> set[str]:
    """The paths to which ``summarizer.verify`` objects."""
    return {finding.field for finding in verify(record, text).findings}


def verifiers() -> dict[str, Objections]:
    """What is compared, by name and version."""
    systems: dict[str, Objections] = {f"verify {metadata.version('deal-summarizer')}": ours}
    try:
        library = import_module("llmground")
    except ImportError:
        return systems

    def objections(record: Record, text: str) -> set[str]:
        report = library.verify(record, text)
        return {result.path for result in (*report.ungrounded, *report.weak)}

    return {**systems, f"llmground {metadata.version('llmground')}": objections}


def main() -> None:
    """Print both tables as Markdown."""
    systems = verifiers()
    rows = {kind: [p for p in PLANTED if p.kind == kind] for kind in dict.fromkeys(p.kind for p in PLANTED)}
    rows["all twenty"] = list(PLANTED)
    rows[f"{SENTENCE}, nothing cited"] = [planted.uncited() for planted in rows[SENTENCE]]
    heads = [f"{name}: {part}" for name in systems for part in ("caught", "false alarms", "told apart")]
    _print("planted error", heads, [[kind, *_cells(part, systems)] for kind, part in rows.items()])
    print()
    counts: dict[str, list[int]] = {}
    for kind, value, text in values():
        row = counts.setdefault(kind, [0] * (1 + len(systems)))
        row[0] += 1
        for column, objections in enumerate(systems.values(), 1):
            row[column] += bool(objections({"field": value}, text))
    ordered = sorted(counts, key=lambda kind: kind.startswith("right"))
    _print(
        "value",
        ["number of them", *(f"{n} objects" for n in systems)],
        [[kind, *counts[kind]] for kind in ordered],
    )


def _cells(planted: Sequence[Planted], systems: dict[str, Objections]) -> Iterator[int]:
    for objections in systems.values():
        hits = [
            [bool(objections(record, p.text) & set(p.paths)) for record in (p.wrong, p.right)]
            for p in planted
        ]
        yield sum(wrong for wrong, _ in hits)
        yield sum(right for _, right in hits)
        yield sum(wrong and not right for wrong, right in hits)


def _print(corner: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    print(f"| {' | '.join([corner, *heads])} |\n{'|---' * (1 + len(heads))}|")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
