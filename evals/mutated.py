"""Errors made by rule from the labelled values of the documents, for ``summarizer.verify`` and llmground.

``python -m evals.mutated`` prints the second table of docs/verify.md. The documents of ``evals.planted`` are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from evals.planted import CURRENCY, DOCUMENTS, PLANTED, SCALE, TRANSPOSED, TWIN, verifiers


class Value(NamedTuple):
    """A value, right or wrong, of one document."""

    kind: str
    value: Any
    text: str


def labelled() -> Iterator[tuple[str, Any, str]]:
    """Figures and names that the labels give: the words, the number (None for a name), and the article."""
    seen = {planted.document for planted in PLANTED}
    for path in sorted(DOCUMENTS.glob("*.json")):
        if path.stem in seen:
            continue
        gold = json.loads(path.read_text(encoding="utf-8"))["gold"]
        with path.with_suffix(".txt").open(encoding="utf-8", newline="") as file:
            text = file.read()
        for field in ("amount", "valuation", "stake"):
            figure = gold.get(field)
            if isinstance(figure, dict) and re.search(r"\d", figure.get("text") or ""):
                yield figure["text"], figure.get("value") or figure.get("percent"), text
        for item in (*gold.get("parties", ()), *gold.get("people", ())):
            name = item["name"] if isinstance(item["name"], str) else item["name"][0]
            if isinstance(name, str):
                yield name, None, text


def values() -> Iterator[tuple[bool, Value]]:
    """The right values, and those made wrong of them that the article does not have by chance."""
    for words, number, text in labelled():
        yield True, Value("name" if number is None else "figure as written", words, text)
        if number is None:
            wrong = {TWIN: _swapped(words, r"[^\W\d_]", len(words) // 2 - 1)}
        else:
            yield True, Value("number in full units", float(number), text)
            yield False, Value("number, a thousand times too large", float(number) * 1000, text)
            sign = {"$": "€", "€": "£", "£": "€"}.get(words[0])
            wrong = {
                TRANSPOSED: _swapped(words, r"\d", 0),
                SCALE: re.sub(
                    "billion|million", lambda m: "million" if m[0] == "billion" else "billion", words
                ),
                CURRENCY: sign + words[1:] if sign else words,
            }
        for kind, made in wrong.items():
            if made not in text:
                yield False, Value(kind, made, text)


def _swapped(words: str, pattern: str, start: int) -> str:
    """The words with the first two neighbouring characters of a kind, from ``start`` on, in each other's place."""
    for at in range(max(0, start), len(words) - 1):
        pair = words[at : at + 2]
        if pair[0].lower() != pair[1].lower() and re.fullmatch(pattern * 2, pair):
            return words[:at] + pair[::-1] + words[at + 2 :]
    return words


def main() -> None:
    """Print how many values of each kind are objected to: all should be where they are wrong, none where right."""
    systems = verifiers()
    counts: dict[tuple[bool, str], list[int]] = {}
    for right, each in values():
        row = counts.setdefault((right, each.kind), [0] * (1 + len(systems)))
        row[0] += 1
        for column, objections in enumerate(systems.values(), 1):
            row[column] += bool(objections({"field": each.value}, each.text))
    print("| value | number of them | " + " | ".join(f"{name} objects" for name in systems) + " |")
    print("|---" * (2 + len(systems)) + "|")
    for right in (False, True):
        for (is_right, kind), row in counts.items():
            if is_right is right:
                print(f"| {'right' if right else 'wrong'}: {kind} | " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main()
