"""Gold records: what a reader of the text alone may answer, and where the text says so.

A case holds expected values, evidence as character offsets, and the file name and SHA-256 of its text,
never the text. Where several answers are right, all are listed; None among them means that no answer is
right too. An ``optional`` item may be found or not.
"""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from summarizer.mentions import Kind, parse

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"  # gold of texts that are not part of the project
DOCUMENTS = HERE / "documents"  # texts of the project's own, with their gold beside them

Range = tuple[int, int]


class CaseError(Exception):
    """A case, or the text it belongs to, cannot be used; the message says what to do."""


class _Gold(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoldMoney(_Gold):
    """An amount: ``text`` as the source writes it (without hedge), and by hand what it is worth.

    Where the source keeps it back, ``value`` and ``currency`` are None.
    """

    text: str
    value: Decimal | None
    currency: str | None
    qualifier: tuple[str, ...] = ("exact",)
    basis: tuple[str | None, ...] = (None,)
    evidence: tuple[Range, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> GoldMoney:
        mention = parse(self.text)
        if mention is None or (mention.value, mention.unit or None) != (self.value, self.currency):
            raise ValueError(f"{self.text!r} is not {self.value} {self.currency}")
        return self


class GoldStake(_Gold):
    """A share in percentage points."""

    text: str
    percent: Decimal
    qualifier: tuple[str, ...] = ("exact",)
    voting: tuple[bool | None, ...] = (None,)
    evidence: tuple[Range, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> GoldStake:
        mention = parse(self.text, Kind.PERCENT)
        if mention is None or mention.value != self.percent:
            raise ValueError(f"{self.text!r} is not {self.percent} percent")
        return self


class GoldDay(_Gold):
    """A date, ISO 8601, as fine as the text has it."""

    text: str
    date: str
    evidence: tuple[Range, ...] = ()

    @model_validator(mode="after")
    def _agrees(self) -> GoldDay:
        mention = parse(self.text, Kind.DATE)
        if mention is None or mention.date != self.date:
            raise ValueError(f"{self.text!r} is not {self.date}")
        return self


class _Item(_Gold):
    optional: bool = False
    evidence: tuple[Range, ...] = ()


class GoldParty(_Item):
    """A party: the forms of its name, and the roles that are right."""

    names: tuple[str, ...]
    role: tuple[str, ...]


class GoldPerson(_Item):
    """A change of job; a role is given by words of which each begins a word of the answer."""

    names: tuple[str, ...]
    change: tuple[str, ...]
    from_role: tuple[str | None, ...] = (None,)
    to_role: tuple[str | None, ...] = (None,)


class GoldPhrase(_Item):
    """A phrase by its key facts: each a few words of which each begins a word of the answer."""

    facts: tuple[str, ...]


class GoldEarlier(_Item):
    """An earlier transaction; ``facts`` are words that tell it where it has no figure."""

    facts: tuple[str, ...] = ()
    year: int | None = None
    amount: GoldMoney | None = None
    valuation: GoldMoney | None = None


class Case(_Gold):
    """One text and its gold.

    ``deal`` names the source deal, which cases may share. In ``forbidden`` places stands nothing that
    belongs in a fact. Fields of the record that are not here are not scored.
    """

    file: str
    sha256: str
    deal: str
    deal_type: tuple[str | None, ...]
    status: tuple[str | None, ...]
    consideration: tuple[str | None, ...] = (None,)
    announced_on: GoldDay | None = None
    parties: tuple[GoldParty, ...] = ()
    amount: GoldMoney | None = None
    stake: GoldStake | None = None
    valuation: GoldMoney | None = None
    people: tuple[GoldPerson, ...] = ()
    use_of_proceeds: tuple[GoldPhrase, ...] = ()
    earlier_deals: tuple[GoldEarlier, ...] = ()
    forbidden: tuple[Range, ...] = ()

    @property
    def name(self) -> str:
        """The file's name without its suffix."""
        return Path(self.file).stem


def load_cases(folder: Path = CASES) -> tuple[Case, ...]:
    """Read every case of a folder, in order of file names. Raises CaseError."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise CaseError(f"{folder} holds no cases.")
    cases = []
    for path in paths:
        try:
            cases.append(Case.model_validate_json(path.read_bytes()))
        except ValidationError as error:
            raise CaseError(f"{path} is not a case: {error}") from error
    return tuple(cases)


def choose_cases(articles: Path | None, only: str = "") -> tuple[tuple[Case, ...], Path]:
    """Choose the cases whose name holds ``only``, and the folder of their texts (by default the shipped).

    Raises CaseError where there is none.
    """
    cases = load_cases(CASES if articles is not None else DOCUMENTS)
    chosen = tuple(case for case in cases if only in case.name)
    if not chosen:
        raise CaseError(
            f"No case has {only!r} in its name; there are {', '.join(case.name for case in cases)}."
        )
    return chosen, articles or DOCUMENTS


def read_text(case: Case, folder: Path) -> str:
    """Read the text of a case, line ends kept. Raises CaseError where it is missing or is another text."""
    path = folder / case.file
    if not folder.is_dir():
        raise CaseError(f"There is no folder {folder}. Give the folder that holds {case.file}.")
    if not path.is_file():
        raise CaseError(f"{folder} does not hold {case.file}, for which there is gold.")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != case.sha256:
        raise CaseError(
            f"{path} is not the text that was labelled: its SHA-256 is {digest}, not {case.sha256}."
        )
    return data.decode("utf-8")
