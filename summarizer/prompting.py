"""Templates: find, check, render, hash.

Templates are Jinja2 files in a folder; ``prompt_dir`` overrides the shipped ones file by file. The
article is a variable of a template and never a template, and rendering is sandboxed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from summarizer.document import strip_invisible
from summarizer.errors import PromptError

VARIABLES: Mapping[str, frozenset[str]] = {
    "system.j2": frozenset(),
    "article.j2": frozenset({"sentences"}),
    "questions.j2": frozenset({"questions"}),
    "prose.j2": frozenset({"wanted", "facts"}),
    "whole.j2": frozenset({"codebook"}),
    "fill.j2": frozenset({"names"}),
    "deals.j2": frozenset(),
}
"""Each template and the variables that it is given."""


@dataclass(frozen=True)
class Prompts:
    """The templates of one run."""

    sources: tuple[tuple[str, str], ...]

    @property
    def hash(self) -> str:
        """SHA-256 of all templates, in hexadecimal, the first 16 digits."""
        digest = hashlib.sha256()
        for name, source in self.sources:
            digest.update(f"{name}\0{source}\0".encode())
        return digest.hexdigest()[:16]

    def render(self, name: str, **variables: Any) -> str:
        """Render one template with exactly the variables that are its own."""
        return str(_templates(self.sources)[name].render(**variables)).strip()


class _Sandbox(ImmutableSandboxedEnvironment):
    def getattr(self, obj: Any, attribute: str) -> Any:
        """Hand out words and numbers, which can do no harm, without the questions that the sandbox asks."""
        value = None if attribute.startswith("_") else getattr(obj, attribute, None)
        return value if isinstance(value, (str, int)) else super().getattr(obj, attribute)


_CONTROL_TOKEN = re.compile(
    r"<(?=\||/?(?:start_of_turn|end_of_turn|bos|eos|s|sep|pad|unk|think|tool_call|tool_response)>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])",
    re.IGNORECASE,
)


def _harmless(value: Any) -> Any:
    """Keep invisible characters out of prompts, and break up what a chat template takes for a token of its own."""
    return _CONTROL_TOKEN.sub(r"\g<0> ", strip_invisible(value)) if isinstance(value, str) else value


@lru_cache(maxsize=16)
def _templates(sources: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    environment = _Sandbox(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_harmless,
    )
    templates = {}
    for name, source in sources:
        try:
            asked = meta.find_undeclared_variables(environment.parse(source))
            templates[name] = environment.from_string(source)
        except TemplateError as error:
            raise PromptError(f"The template {name} cannot be read: {error}.") from error
        unknown = sorted(asked - VARIABLES[name])
        if unknown:
            known = ", ".join(sorted(VARIABLES[name])) or "none"
            raise PromptError(
                f"The template {name} names {', '.join(unknown)}, which it is not given. Its variables: {known}."
            )
    return templates


def load(prompt_dir: str | Path | Prompts | None = None) -> Prompts:
    """Read the templates, those of ``prompt_dir`` before the shipped ones. Raises PromptError.

    Templates that were read before are returned as they are: what reads many articles reads these once.
    """
    if isinstance(prompt_dir, Prompts):
        return prompt_dir
    if prompt_dir is None:
        return _load_shipped()
    override = Path(prompt_dir)
    if not override.is_dir():
        raise PromptError(
            f"{override} is not a folder. prompt_dir has to hold templates such as questions.j2."
        )
    return _read([override, _shipped()])


@lru_cache(maxsize=1)
def _load_shipped() -> Prompts:
    return _read([_shipped()])


def _read(folders: Sequence[Path]) -> Prompts:
    """Read each template from the first folder that has it; the last is expected to have all."""
    sources = []
    for name in VARIABLES:
        path = next((folder / name for folder in folders if (folder / name).is_file()), folders[-1] / name)
        try:
            sources.append((name, path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise PromptError(
                f"The template {path} cannot be read: {error}. Reinstall the package."
            ) from error
    prompts = Prompts(tuple(sources))
    _templates(prompts.sources)
    return prompts


def _shipped() -> Path:
    """The folder of the shipped templates: in the package when installed, beside it in a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_prompts"
    return installed if installed.is_dir() else here.parent / "prompts"
