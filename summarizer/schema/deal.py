"""The record of a corporate deal: the first user of the value types, and no special case."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from summarizer.cues import Cue
from summarizer.inventory import Figure
from summarizer.mentions import Kind, Qualifier
from summarizer.schema import (
    deal_cues,
    deal_earlier,
    deal_kind,
    deal_parties,
    deal_people,
    deal_phrases,
    deal_report,
    deal_sense,
    deal_status,
)
from summarizer.schema import deal_rules as rules
from summarizer.schema.deal_parties import Party
from summarizer.schema.deal_people import Person
from summarizer.schema.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    ValuationBasis,
)
from summarizer.schema.values import (
    Ask,
    Day,
    Evidence,
    Money,
    Percent,
    Phrase,
    Record,
    Value,
    Words,
    Year,
)


class Amount(Money):
    """What is paid in the deal. ``basis`` tells an upfront payment from a total, or a price per share."""

    kinds = (Kind.MONEY, Kind.PER_SHARE)

    basis: AmountBasis = AmountBasis.UNSPECIFIED

    @classmethod
    def from_figure(cls, figure: Figure, qualifier: Qualifier, evidence: Evidence) -> Amount:
        """Build the amount; its basis is read from the words near it."""
        money = Money.from_figure(figure, qualifier, evidence)
        return cls(**money.__dict__, basis=rules.amount_basis(figure))


class Valuation(Money):
    """What the deal values the company at."""

    basis: ValuationBasis = ValuationBasis.UNSPECIFIED

    @classmethod
    def from_figure(cls, figure: Figure, qualifier: Qualifier, evidence: Evidence) -> Valuation:
        """Build the valuation; its basis is read from the words near it."""
        money = Money.from_figure(figure, qualifier, evidence)
        return cls(**money.__dict__, basis=rules.valuation_basis(figure))


class Stake(Percent):
    """The share that changes hands. ``voting`` is False for non-voting shares, None where nothing is said."""

    voting: bool | None = None

    @classmethod
    def from_figure(cls, figure: Figure, qualifier: Qualifier, evidence: Evidence) -> Stake:
        """Build the stake; whether it votes is read from the words near it."""
        percent = Percent.from_figure(figure, qualifier, evidence)
        return cls(**percent.__dict__, voting=rules.voting(figure))


class EarlierDeal(Value):
    """A transaction before the one that the text reports."""

    description: Words
    year: Year | None = None
    amount: Annotated[Money | None, Ask(roles=("price", "raised"))] = None
    valuation: Annotated[Money | None, Ask(roles=("valuation",))] = None


class DealFacts(BaseModel):
    """The facts of a deal, in the order of the record; their descriptions are the questions."""

    model_config = ConfigDict(frozen=True)

    is_deal: Annotated[
        bool,
        Ask(first=True, decide=deal_report.is_deal),
        Field(
            description="Does this article report a corporate deal: one company buying, merging with, "
            "investing in, or selling a company, unit or stake?"
        ),
    ] = False
    headline: Annotated[
        str | None,
        Ask(length=180, fallback=rules.compose),
        Field(description="a headline for this deal, one sentence"),
    ] = None
    narrative: Annotated[
        str | None,
        Ask(length=420, fallback=rules.compose),
        Field(description="a summary of this deal in two short sentences"),
    ] = None
    deal_type: Annotated[
        DealType | None,
        Ask(decide=deal_kind.deal_type),
        Field(description="What kind of deal is it?"),
    ] = None
    status: Annotated[
        DealStatus | None,
        Ask(decide=deal_status.status),
        Field(description="Which words fit this deal?"),
    ] = None
    announced_on: Annotated[
        Day | None, Ask(decide=rules.announced_on), Field(description="On what day was the deal announced?")
    ] = None
    parties: Annotated[
        tuple[Party, ...],
        Ask(
            choices={
                PartyRole.SELLER: Cue(
                    r"\b(?:sell(?:s|ing|er|ers)?|sold|sale|divest\w*|spin|unit of|from its parent)\b"
                ),
                PartyRole.PARTNER: Cue(
                    r"\b(?:partners with|partnered|partnership|joint venture|consortium|co-?invest\w*|participat\w+|alongside)\b"
                ),
                PartyRole.ADVISER: Cue(r"\b(?:advis[eo]rs?|advis(?:ed|ing)|counsel)\b"),
                PartyRole.OTHER: Cue(r"[^\s\S]"),
            },
            limit=3,
            length=70,
            known=deal_parties.roles_read,
            refine=deal_parties.refine_parties,
        ),
        Field(description="Who is the buyer or investor, and which company does it buy or invest in?"),
    ] = ()
    amount: Annotated[
        Amount | None,
        Ask(roles=("price", "raised"), decide=rules.amount),
        Field(description="What amount is paid or invested in this deal?"),
    ] = None
    stake: Annotated[
        Stake | None,
        Ask(roles=("stake",), told=True, refine=rules.refine_stake),
        Field(description="What percentage stake does the buyer or investor get?"),
    ] = None
    valuation: Annotated[
        Valuation | None,
        Ask(roles=("valuation",), told=True),
        Field(description="What total value, or valuation, does the deal give the company?"),
    ] = None
    consideration: Annotated[
        Consideration | None,
        Ask(decide=rules.consideration),
        Field(description="Is the price paid in cash or in stock?"),
    ] = None
    people: Annotated[
        tuple[Person, ...],
        Ask(
            cue=deal_people.PERSON_CHANGE,
            support=deal_people.PERSON_CHANGE,
            also=deal_people.people_told,
            settled=deal_people.told_with_a_job,
            limit=4,
            length=80,
            refine=deal_people.refine_people,
        ),
        Field(description="Which people change jobs in connection with this deal?"),
    ] = ()
    use_of_proceeds: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_cues.PROCEEDS,
            decide=deal_phrases.use_of_proceeds,
            limit=5,
            length=120,
            refine=rules.refine_proceeds,
        ),
        Field(description="What will the money be used for?"),
    ] = ()
    rationale: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_sense.RATIONALE,
            each=True,
            sure=deal_sense.SURE_RATIONALE,
            unless=deal_sense.NO_REASON,
            limit=3,
        ),
        Field(description="Does this sentence tell why the buyer or investor makes this deal?"),
    ] = ()
    concerns: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_sense.CONCERN,
            each=True,
            sure=deal_sense.SURE_CONCERN,
            unless=deal_sense.NO_CONCERN,
            limit=3,
        ),
        Field(description="Does this sentence name a concern, a risk or a doubt about the deal?"),
    ] = ()
    conditions: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_cues.CONDITION,
            each=True,
            sure=deal_cues.SURE_CONDITION,
            limit=3,
            refine=deal_phrases.refine_conditions,
        ),
        Field(description="Does this sentence name something that must still happen before the deal closes?"),
    ] = ()
    earlier_deals: Annotated[
        tuple[EarlierDeal, ...],
        Ask(
            cue=deal_earlier.EARLIER,
            each=True,
            sure=deal_earlier.SURE_EARLIER,
            limit=4,
            refine=rules.refine_earlier,
        ),
        Field(
            description="Does this sentence tell of an earlier deal or funding round, made before the deal "
            "that the article reports?"
        ),
    ] = ()


class DealSummary(Record, DealFacts):
    """The facts of one corporate deal, each with the places of the source that state it.

    Frozen. Amounts are exact Decimals in currency units, shares are in percentage points, dates ISO 8601.
    A fact that the text does not support is absent here and present in ``findings``.
    """

    def _repr_html_(self) -> str:
        """Show the record in a notebook, escaped."""
        from summarizer.render.html import fragment

        return fragment(self)

    def _repr_markdown_(self) -> str:
        """Show the record as Markdown, escaped."""
        from summarizer.render.markdown import render

        return render(self)

    def __rich__(self) -> Any:
        """Show the record in a terminal."""
        from summarizer.render.text import renderable

        return renderable(self)
