"""Cases: a text, and the gold record of a deal that it reports.

A case is a JSON file beside its text, or one that names a text which is not part of the project::

    {"file": "harbor-quay.txt", "sha256": "…", "deal": "harbor-quay", "split": "development",
     "gold": {"is_deal": true, "amount": {"text": "€180 million", "value": "180000000", …}, …}}

``python -m evals schema`` prints the JSON Schema of such a file, ``python -m evals check`` proves each file
against its text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from evals.gold import (
    Facts,
    GoldDay,
    GoldFigure,
    GoldMoney,
    GoldPercent,
    Label,
    Range,
    gold_model,
    in_currency,
    labels,
)
from summarizer.asking.slots import Form, slots
from summarizer.errors import BAD_INPUT
from summarizer.figures import find
from summarizer.records.deal import DealSummary

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"  # gold of texts that are not part of the project
DOCUMENTS = HERE / "documents"  # texts of the project's own, with their gold beside them

Split = Literal["development", "locked"]


class CaseError(Exception):
    """A case, or the text it belongs to, cannot be used; the message says where and what to do."""

    exit_code = BAD_INPUT


class Conflict(BaseModel):
    """A field for which the text gives several figures, and those figures as it writes them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str
    figures: tuple[str, ...]


class CaseFile(BaseModel):
    """What a case file holds beside its gold.

    ``deal`` names the source deal, which cases may share: they are one cluster in the statistics. Work is
    done on the development half; the locked half is only measured. In ``forbidden`` places (teasers,
    comments, noise) stands nothing that belongs in a fact.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    sha256: str
    deal: str
    split: Split = "development"
    tags: tuple[str, ...] = ()
    note: str = ""
    conflicts: tuple[Conflict, ...] = ()
    forbidden: tuple[Range, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One text with its gold; ``variant`` names what was done to both, and is empty for the original.

    ``planted`` are names and figures that an attack has put into the text.
    """

    about: CaseFile
    gold: Any  # an instance of the schema's gold model
    text: str
    schema: type[BaseModel] = DealSummary
    variant: str = ""
    forbidden: tuple[Range, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    planted: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return Path(self.about.file).stem

    @property
    def id(self) -> str:
        """The name, with the variant where there is one."""
        return f"{self.name}~{self.variant}" if self.variant else self.name

    @property
    def gold_digest(self) -> str:
        """A digest of text and gold: runs are compared only where it is the same."""
        return digest(self.text, self.gold.model_dump_json(exclude_unset=True), *map(repr, self.conflicts))


def digest(*parts: str) -> str:
    """SHA-256 of the parts, shortened to 16 digits."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@lru_cache(maxsize=16)
def file_model(schema: type[BaseModel]) -> type[CaseFile]:
    """The model of a case file of a schema."""
    made: Any = create_model("CaseFileWithGold", __base__=CaseFile, gold=(gold_model(schema), ...))
    made.__doc__ = CaseFile.__doc__
    return made


def read_cases(
    folder: Path | None = None, texts: Path | None = None, schema: type[BaseModel] = DealSummary
) -> list[Case]:
    """Read the cases of ``folder`` (by default the shipped ones) in order of names, with their texts.

    The texts are in ``texts``, by default in the folder itself. Raises CaseError.
    """
    folder = folder or DOCUMENTS
    if not folder.is_dir():
        raise CaseError(f"There is no folder {folder}. Give the folder that holds the cases.")
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise CaseError(f"{folder} holds no cases (files NAME.json).")
    return [_read(path, texts or folder, schema) for path in paths]


def _read(path: Path, texts: Path, schema: type[BaseModel]) -> Case:
    try:
        file: Any = file_model(schema).model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise CaseError(_complaint(path, error)) from error
    text = _text(path, file, texts)
    about = CaseFile.model_validate({name: getattr(file, name) for name in CaseFile.model_fields})
    return Case(about, file.gold, text, schema, forbidden=about.forbidden, conflicts=about.conflicts)


def _complaint(path: Path, error: ValidationError) -> str:
    """What is wrong with a file: each place in it, and what stands there."""
    said = []
    for one in error.errors()[:5]:
        at = ".".join(str(part) for part in one["loc"]) or "the file"
        what = (
            "there is no such field"
            if one["type"] == "extra_forbidden"
            else one["msg"].removeprefix("Value error, ")
        )
        said.append(f"{at}: {what}")
    more = f" (and {error.error_count() - 5} more)" if error.error_count() > 5 else ""
    return f"{path} is not a case: {'; '.join(said)}{more}. `python -m evals schema` prints the form."


def _text(path: Path, file: CaseFile, texts: Path) -> str:
    source = texts / file.file
    if not source.is_file():
        raise CaseError(
            f"{source} is missing, for which {path.name} has gold. Give the folder that holds it."
        )
    data = source.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        raise CaseError(
            f"{source} is not the text that was labelled in {path.name}: its SHA-256 is {found}, not {file.sha256}. "
            "Restore the text, or label it anew."
        )
    return data.decode("utf-8")


def choose(cases: Iterable[Case], only: str = "", split: str = "") -> list[Case]:
    """Choose the cases whose name holds ``only`` and that are of the split. Raises CaseError where there is none."""
    cases = list(cases)
    chosen = [case for case in cases if only in case.name and split in ("", case.about.split)]
    if not chosen:
        named = ", ".join(case.name for case in cases)
        wanted = " ".join(part for part in (f"{only!r} in its name" if only else "", split) if part)
        raise CaseError(f"No case has {wanted}; there are {named}.")
    return chosen


def problems(case: Case) -> list[str]:
    """Prove the gold of a case against its text; what cannot be, in words. An empty list is what it should be."""
    return [
        f"{case.id}: {said}"
        for check in (_unlabelled, _misplaced, _unread, _conflicting)
        for said in check(case)
    ]


def _unlabelled(case: Case) -> list[str]:
    wanted = [slot.name for slot in slots(case.schema) if slot.form is not Form.PROSE]
    if getattr(case.gold, "is_deal", None) == (False,):
        return []
    return [
        f"{name}: no label; null or [] where the text has none"
        for name in wanted
        if getattr(case.gold, name) is None
    ]


def _misplaced(case: Case) -> list[str]:
    """Places outside the text or in forbidden zones, and places that do not state the label."""
    said = []
    for place in labels(case.gold):
        label = place.label
        if not label.evidence:
            said.append(f"{place.path}: no evidence")
        for start, end in label.evidence:
            if not 0 <= start < end <= len(case.text):
                said.append(f"{place.path}: [{start}, {end}] is outside the text")
            elif any(start < right and left < end for left, right in case.forbidden):
                said.append(f"{place.path}: [{start}, {end}] is in a forbidden place")
            elif not _states(label, case.text[start:end]):
                quoted = " ".join(case.text[start:end].split())
                said.append(f"{place.path}: “{quoted[:60]}” at [{start}, {end}] does not state it")
    return said


def _states(label: Label, words: str) -> bool:
    """Whether words state a figure; of other labels, at least one place does (see ``_unread``)."""
    if isinstance(label, GoldFigure) and label.in_words and _folded(label.text) in _folded(words):
        return True  # which our parser need not be able to read
    if isinstance(label, GoldMoney):
        return any(m.value == label.value and in_currency(m, label.currency or "") for m in find(words))
    if isinstance(label, GoldPercent):
        return any(m.value == label.percent for m in find(words))
    if isinstance(label, GoldDay):
        return any((m.date or "").startswith(label.date) for m in find(words))
    return True


def _unread(case: Case) -> list[str]:
    """Words and texts of labels that do not stand in the text."""
    whole = _folded(case.text)
    said = []
    for place in labels(case.gold):
        label = place.label
        if isinstance(label, (GoldFigure, GoldDay)):
            if _folded(label.text) not in whole:
                said.append(f"{place.path}: {label.text!r} does not stand in the text")
            continue
        near = _folded(" ".join(case.text[start:end] for start, end in label.evidence))
        names = [answer for answer in getattr(label, "name", None) or () if isinstance(answer, str)]
        if names and label.evidence and not any(_folded(name) in near for name in names):
            said.append(f"{place.path}: no place of its evidence names it")
        for name in type(label).model_fields:
            answers = getattr(label, name)
            if not isinstance(answers, tuple) or name == "evidence":
                continue
            for answer in answers:
                if isinstance(answer, str) and type(answer) is str and _folded(answer) not in whole:
                    said.append(f"{place.path}.{name}: {answer!r} does not stand in the text")
                elif isinstance(answer, Facts):
                    lost = [fact for fact in answer.facts if not _begins(fact, near)]
                    said += [f"{place.path}.{name}: {fact!r} does not stand in its evidence" for fact in lost]
    return said


def _begins(fact: str, words: str) -> bool:
    return all(any(word.startswith(part) for word in words.split()) for part in _folded(fact).split())


def _folded(text: str) -> str:
    kept = "".join(c if c.isalnum() or c in "%$€£¥₹.," else " " for c in text.casefold())
    return " ".join(word.strip(".,") for word in kept.split())


def _conflicting(case: Case) -> list[str]:
    whole = _folded(case.text)
    return [
        f"conflicts: {figure!r} does not stand in the text, or is no figure"
        for conflict in case.conflicts
        for figure in conflict.figures
        if _folded(figure) not in whole or not find(figure)
    ]


def check(cases: Sequence[Case], tell: Callable[[str], None]) -> bool:
    """Tell every problem of every case; True where there is none."""
    found = [said for case in cases for said in problems(case)]
    for said in found:
        tell(said)
    return not found


def case_schema(schema: type[BaseModel] = DealSummary) -> str:
    """The JSON Schema of a case file."""
    return json.dumps(file_model(schema).model_json_schema(), indent=1)
