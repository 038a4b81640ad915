"""The types of a dossier: what several sources say of one deal, and where they agree."""

from __future__ import annotations

from enum import Enum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from summarizer.findings import Span
from summarizer.records.deal import Amount, DealSummary, EarlierDeal, Person, Stake, Valuation
from summarizer.records.deal_terms import Consideration, DealStatus, DealType, PartyRole
from summarizer.records.values import Day, Phrase

T = TypeVar("T")


class Relation(str, Enum):
    """How a claim relates to the consensus, or one claim to another."""

    SAME = "same"
    ROUNDING = "rounding"  # one figure is the other, rounded
    COMPATIBLE = "compatible"  # both can be true: a hedge, a range, a coarser date, an earlier stage
    SUPERSEDED = "superseded"  # another source states this value and reports a different one as current
    NOT_COMPARABLE = "not_comparable"  # another currency or basis, or kept back
    CONFLICT = "conflict"


AGREE = frozenset({Relation.SAME, Relation.ROUNDING, Relation.COMPATIBLE})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Passage(Span):
    """A place in the text of one source."""

    source: str


class Claim(_Frozen, Generic[T]):
    """What one source states. The value's own ``evidence`` is empty: it is here."""

    value: T
    source: str
    evidence: tuple[Span, ...] = ()
    relation: Relation = Relation.SAME


class Consensus(_Frozen, Generic[T]):
    """The most specific value with the most support.

    ``sources`` are those whose claims agree with it. ``details`` credits parts of the value that only some of
    them state, such as ``{"basis": ("a.txt",)}``.
    """

    value: T
    sources: tuple[str, ...]
    evidence: tuple[Passage, ...] = ()
    details: dict[str, tuple[str, ...]] = {}


class Reconciled(_Frozen, Generic[T]):
    """One fact: its consensus, and each source's claim in the order of the sources."""

    consensus: Consensus[T]
    claims: tuple[Claim[T], ...]

    @property
    def differing(self) -> tuple[Claim[T], ...]:
        """The claims that do not agree with the consensus."""
        return tuple(claim for claim in self.claims if claim.relation not in AGREE)


class DossierParty(_Frozen):
    """A company or group: the form of its name that most sources use, the other forms, and its part in the deal."""

    name: str
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...]
    roles: tuple[Reconciled[PartyRole], ...]


class DossierPerson(_Frozen):
    """A person under the fullest form of the name, with each change of job."""

    name: str
    aliases: tuple[str, ...] = ()
    sources: tuple[str, ...]
    changes: tuple[Reconciled[Person], ...]


class Side(_Frozen):
    """One side of a conflict: a value in words, and the sources that state it."""

    value: str
    sources: tuple[str, ...]


class DossierFinding(_Frozen):
    """Something that a reader of the dossier should know.

    Codes: ``conflict`` (values that cannot all be true), ``superseded`` (a source states an earlier value and
    the current one), ``not_comparable``, ``single_source``, ``derived`` (a computed figure that does not
    fit), ``ambiguous_name`` (a short name that may be any of several), ``not_a_deal`` (a source reports no
    deal), ``different_deals`` (the sources may not report the same deal).
    """

    code: str
    field: str
    message: str
    sides: tuple[Side, ...] = ()
    evidence: tuple[Passage, ...] = ()


class DossierSource(_Frozen):
    """One source: its name in the dossier, and what is known of it. ``published`` is ISO 8601, as fine as it is known."""

    id: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    sha256: str | None = None
    characters: int | None = None


class DealDossier(_Frozen):
    """What several sources say of one deal.

    Frozen. ``records`` are the records it was made from, so a dossier can itself be reconciled with more
    records.
    """

    is_deal: bool
    sources: tuple[DossierSource, ...]
    deal_type: Reconciled[DealType] | None = None
    status: Reconciled[DealStatus] | None = None
    announced_on: Reconciled[Day] | None = None
    parties: tuple[DossierParty, ...] = ()
    amount: Reconciled[Amount] | None = None
    stake: Reconciled[Stake] | None = None
    valuation: Reconciled[Valuation] | None = None
    consideration: Reconciled[Consideration] | None = None
    people: tuple[DossierPerson, ...] = ()
    use_of_proceeds: tuple[Reconciled[Phrase], ...] = ()
    rationale: tuple[Reconciled[Phrase], ...] = ()
    concerns: tuple[Reconciled[Phrase], ...] = ()
    conditions: tuple[Reconciled[Phrase], ...] = ()
    earlier_deals: tuple[Reconciled[EarlierDeal], ...] = ()
    findings: tuple[DossierFinding, ...] = ()
    records: tuple[DealSummary, ...] = Field(default=(), repr=False)

    @property
    def title(self) -> str:
        """The parties of the deal in one line: ``Alder Foods – Birch Mills``."""
        principal = (PartyRole.ACQUIRER, PartyRole.PARTNER, PartyRole.TARGET)
        names = [
            party.name
            for role in principal
            for party in self.parties
            if any(each.consensus.value is role for each in party.roles)
        ]
        return " – ".join(dict.fromkeys(names))

    def _repr_html_(self) -> str:
        from summarizer.render.dossier_html import fragment

        return fragment(self)

    def _repr_markdown_(self) -> str:
        from summarizer.render.dossier_markdown import render

        return render(self)

    def __rich__(self) -> Any:
        from summarizer.render.dossier_text import renderable

        return renderable(self)
