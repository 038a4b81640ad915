"""The settings that a project keeps in a file: ``summarizer.toml``, or ``[tool.summarizer]`` in pyproject.toml."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from summarizer.errors import ConfigurationError

_OWN, _SHARED = "summarizer.toml", "pyproject.toml"

_KEYS: dict[str, type] = {
    "model": str,
    "base_url": str,
    "api_key_env": str,
    "mode": str,
    "plan": str,
    "trust": str,
    "prompt_dir": str,
    "timeout": float,
    "deadline": float,
}
_FORMS = {str: "text in quotes", float: "a number above 0, in seconds"}


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """The settings of a file; ``path`` is None if there is no file."""

    path: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def load(given: str | Path | None = None) -> ProjectFile:
    """Read the file that is ``given``, else the nearest one of the current folder and those above it.

    Raises ConfigurationError where the given file cannot be read, and for what a file says and cannot mean.
    """
    if given is not None:
        path = Path(given).expanduser()
        try:
            return ProjectFile(path, _values(path, path.read_bytes()))
        except OSError as error:
            raise ConfigurationError(f"The settings file {path} cannot be read: {error.strerror}.") from None
    try:
        here = Path.cwd()
    except OSError:  # the current folder has been removed
        return ProjectFile()
    for folder in (here, *here.parents):
        for name in (_OWN, _SHARED):
            path = folder / name
            content = _content(path)
            if content is None or (name == _SHARED and b"summarizer" not in content):
                continue
            values = _values(path, content)
            if values or name == _OWN:
                return ProjectFile(path, values)
    return ProjectFile()


def _content(path: Path) -> bytes | None:
    try:
        if not path.is_file() or _planted(path):
            return None
        return path.read_bytes()
    except OSError:
        return None


def _planted(path: Path) -> bool:
    """Whether the file is another user's, in a folder where everybody may leave files, such as /tmp."""
    shared = bool(path.parent.stat().st_mode & stat.S_ISVTX)
    return shared and hasattr(os, "getuid") and path.stat().st_uid != os.getuid()


def _values(path: Path, content: bytes) -> dict[str, Any]:
    from summarizer import toml  # late, as it takes a while and many have no such file

    try:
        table = toml.loads(content.decode())
    except (toml.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {error}.") from None
    if path.name == _SHARED:
        tools = table.get("tool", {})
        table = tools.get("summarizer", {}) if isinstance(tools, dict) else {}
        if not isinstance(table, dict):
            raise ConfigurationError(f"{path}: tool.summarizer has to be a table: [tool.summarizer].")
    values = {}
    for key, value in table.items():
        values[key] = _checked(path, key, value)
    if "prompt_dir" in values:
        values["prompt_dir"] = str(path.parent / Path(values["prompt_dir"]).expanduser())
    return values


def _checked(path: Path, key: str, value: Any) -> Any:
    if key == "api_key":
        raise ConfigurationError(
            f"{path} holds an api_key. A key has no place in a file that is shared: put it into an environment "
            'variable, and name that: api_key_env = "MY_KEY".'
        )
    if key not in _KEYS:
        near = difflib.get_close_matches(key.lower().replace("-", "_"), _KEYS, n=2)
        hint = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(_KEYS)}."
        raise ConfigurationError(f"{path}: unknown key {key!r}. {hint}")
    kind = _KEYS[key]
    if kind is float and isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
        return float(value)
    if kind is str and isinstance(value, str) and value:
        return value
    raise ConfigurationError(f"{path}: {key} has to be {_FORMS[kind]}.")
