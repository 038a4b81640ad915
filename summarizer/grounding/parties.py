"""One company, one name: items with a ``name`` and ``aliases`` are put under the fullest form that the text uses."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel

from summarizer.inventory import fold

_SYMBOL = r"[A-Z0-9][A-Z0-9.]{0,9}"
# "(NYSE: ABC)", "(TSX: ABC, NYSE-A: ABCX)", "<ABC.N>": where a share is traded is no part of its company's
# name.
_TICKER = re.compile(
    rf"\s*[(\[<](?:[A-Z][A-Za-z -]{{1,15}}:\s?{_SYMBOL}(?:[,;/]\s?)?)+[)\]>]$"
    r"|\s*[(\[<][A-Z0-9]{1,6}\.[A-Z]{1,3}[)\]>]$"
)


def without_ticker(name: str) -> str:
    """Return a name without the ticker in brackets behind it."""
    return _TICKER.sub("", name) or name


def under_fullest_name(item: Any) -> Any:
    """Return an item under the longest of its names that holds the given one; the others are its aliases, each once."""
    if not _has_aliases(item):
        return item
    forms = {fold(form): form for form in (*reversed(item.aliases), item.name)}
    name = max((f for f in forms.values() if _holds(f, item.name)), key=lambda f: (len(f), f == item.name))
    aliases = tuple(form for key, form in reversed(forms.items()) if key != fold(name))
    if (name, aliases) == (item.name, item.aliases):
        return item
    return item.model_copy(update={"name": name, "aliases": aliases})


def is_again(item: Any, other: Any) -> bool:
    """Whether two items are one company in one role: the name of one is an alias of the other."""
    if not (_has_aliases(item) and type(item) is type(other)) or _rest(item) != _rest(other):
        return False
    known = {fold(alias) for alias in item.aliases}, {fold(alias) for alias in other.aliases}
    return fold(item.name) in known[1] or fold(other.name) in known[0] or fold(item.name) == fold(other.name)


def joined(item: Any, other: Any) -> Any:
    """Return two items that are one company as one, with the evidence of both."""
    evidence = {span.start: span for span in (*other.evidence, *item.evidence)}
    update = {
        "aliases": (*item.aliases, other.name, *other.aliases),
        "evidence": tuple(evidence[start] for start in sorted(evidence))[:3],
    }
    return under_fullest_name(item.model_copy(update=update))


def _has_aliases(item: Any) -> bool:
    return isinstance(item, BaseModel) and {"name", "aliases", "evidence"} <= type(item).model_fields.keys()


def _rest(item: BaseModel) -> dict[str, Any]:
    """What an item says beside its names."""
    return {
        name: getattr(item, name)
        for name in type(item).model_fields
        if name not in ("name", "aliases", "evidence")
    }


def _holds(longer: str, name: str) -> bool:
    """Whether the words of a name stand in a row in a longer one."""
    return f" {fold(name)} " in f" {fold(longer)} "
