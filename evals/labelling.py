"""From quotations to offsets: a case as it is written by hand becomes a case file.

By hand, ``evidence`` and ``forbidden`` are quotations from the text; every occurrence counts (a doubled
body states a fact twice), white space and line ends aside. ``{"from": "…", "to": "…"}`` quotes a longer
stretch by its first and last words.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from evals.cases import CaseError
from evals.gold import Range


def case_of(labels: Path, texts: Path) -> str:
    """The case file for hand-written labels, as JSON. Raises CaseError where a quotation does not stand there."""
    try:
        said = json.loads(labels.read_bytes())
    except OSError as error:
        raise CaseError(
            f"{labels} cannot be read: {error.strerror}. Check the name and the folder."
        ) from error
    except ValueError as error:
        raise CaseError(f"{labels} is not JSON: {error}.") from error
    if not isinstance(said, dict) or not isinstance(said.get("file"), str):
        raise CaseError(f'{labels} needs "file", the name of its text.')
    source = texts / said["file"]
    if not source.is_file():
        raise CaseError(f"{source} is missing. Give the folder that holds it.")
    data = source.read_bytes()
    found = _resolved(said, data.decode("utf-8"), str(labels))
    case = {"file": said["file"], "sha256": hashlib.sha256(data).hexdigest(), **found}
    return _written(case) + "\n"


def _resolved(node: Any, text: str, at: str) -> Any:
    if isinstance(node, dict):
        return {
            name: sorted({place for quote in part for place in _places(quote, text, f"{at}: {name}")})
            if name in ("evidence", "forbidden")
            else _resolved(part, text, f"{at}: {name}")
            for name, part in node.items()
        }
    if isinstance(node, list):
        return [_resolved(part, text, f"{at}[{index}]") for index, part in enumerate(node)]
    return node


def _places(quote: Any, text: str, at: str) -> list[Range]:
    if isinstance(quote, dict):
        pattern = f"{_loose(quote['from'])}.*?{_loose(quote['to'])}"
    elif isinstance(quote, str):
        pattern = _loose(quote)
    else:  # offsets already
        return [(quote[0], quote[1])]
    found = [match.span() for match in re.finditer(pattern, text, re.DOTALL)]
    if not found:
        raise CaseError(f"{at}: {quote!r} does not stand in the text. Copy the words as they are there.")
    return found


def _loose(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _written(node: Any, indent: str = "") -> str:
    """JSON with short objects and lists on one line, which makes a case readable."""
    flat = json.dumps(node, ensure_ascii=False)
    if len(flat) + len(indent) <= 110 or not isinstance(node, (dict, list)):
        return flat
    inner = indent + " "
    if isinstance(node, dict):
        parts = [f"{json.dumps(name)}: {_written(part, inner)}" for name, part in node.items()]
        return "{\n" + ",\n".join(inner + part for part in parts) + "\n" + indent + "}"
    return "[\n" + ",\n".join(inner + _written(part, inner) for part in node) + "\n" + indent + "]"
