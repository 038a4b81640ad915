"""The record of a corporate deal: the first user of the value types, and no special case."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from summarizer.cues import Cue
from summarizer.figures import Kind, Qualifier
from summarizer.inventory import Figure
from summarizer.records import (
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
from summarizer.records import deal_rules as rules
from summarizer.records.deal_parties import Party
from summarizer.records.deal_people import Person
from summarizer.records.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    ValuationBasis,
)
from summarizer.records.display import Displayed
from summarizer.records.values import (
    Ask,
    Day,
    Evidence,
    Money,
    Percent,
    Phrase,
    Prose,
    Record,
    Value,
    Words,
    Year,
)


class Amount(Money):
    """What is paid in the deal. ``basis`` tells an upfront payment from a total, or a price per share."""

    kinds = (Kind.MONEY, Kind.PER_SHARE)

    basis: Annotated[AmountBasis, Field(description="What the figure covers")] = AmountBasis.UNSPECIFIED

    @classmethod
    def from_figure(cls, figure: Figure, qualifier: Qualifier, evidence: Evidence) -> Amount:
        """Build the amount; its basis is read from the words near it."""
        money = Money.from_figure(figure, qualifier, evidence)
        return cls(**money.__dict__, basis=rules.amount_basis(figure))


class Valuation(Money):
    """What the deal values the company at."""

    basis: Annotated[ValuationBasis, Field(description="What the figure counts")] = ValuationBasis.UNSPECIFIED

    @classmethod
    def from_figure(cls, figure: Figure, qualifier: Qualifier, evidence: Evidence) -> Valuation:
        """Build the valuation; its basis is read from the words near it."""
        money = Money.from_figure(figure, qualifier, evidence)
        return cls(**money.__dict__, basis=rules.valuation_basis(figure))


class Stake(Percent):
    """The share that changes hands. ``voting`` is False for non-voting shares, None where nothing is said."""

    voting: Annotated[
        bool | None,
        Field(
            description="False for non-voting shares, true for voting ones; null where the article does not say"
        ),
    ] = None

    @classmethod
    def from_figure(cls, figure: Figure, qualifier: Qualifier, evidence: Evidence) -> Stake:
        """Build the stake; whether it votes is read from the words near it."""
        percent = Percent.from_figure(figure, qualifier, evidence)
        return cls(**percent.__dict__, voting=rules.voting(figure))


class EarlierDeal(Value):
    """A transaction before the one that the text reports."""

    description: Annotated[
        Words, Field(description="The clause that tells of it: who did what, to whom, up to a whole sentence")
    ]
    year: Annotated[
        Year | None, Field(description="The year in which it was made; null where the article gives none")
    ] = None
    amount: Annotated[
        Money | None, Ask(roles=("price", "raised")), Field(description="What was paid or raised in it")
    ] = None
    valuation: Annotated[
        Money | None, Ask(roles=("valuation",)), Field(description="What it valued the company at")
    ] = None


class DealFacts(BaseModel):
    """The facts of a deal, in the order of the record; their descriptions are the questions."""

    model_config = ConfigDict(frozen=True)

    is_deal: Annotated[
        bool,
        Ask(
            first=True,
            decide=deal_report.is_deal,
            question="Does this article report a corporate deal: one company buying, merging with, "
            "investing in, or selling a company, unit or stake?",
        ),
        Field(
            description="True where the article's news is one corporate transaction between named or described parties: a "
            "purchase, sale, merger, investment, funding round, joint venture or partnership, also one that is "
            "only talked about, denied, rejected or called off. False for earnings, lawsuits, opinion, product "
            "news and market reports, whatever deals they mention in passing; then every other field is null or "
            "empty. Of several deals of equal weight, as in a digest, the record is of the one told first; the "
            "others are left out of it"
        ),
    ] = False
    headline: Annotated[
        Prose | None,
        Ask(length=180, fallback=rules.compose, question="a headline for this deal, one sentence"),
        Field(
            description="One sentence that tells the deal: who, what, whom, for how much. At most 25 words"
        ),
    ] = None
    narrative: Annotated[
        Prose | None,
        Ask(length=420, fallback=rules.compose, question="a summary of this deal in two short sentences"),
        Field(description="Two to four sentences that sum up this deal and what is uncertain about it"),
    ] = None
    deal_type: Annotated[
        DealType | None,
        Ask(decide=deal_kind.deal_type, question="What kind of deal is it?"),
        Field(
            description="The kind of transaction, by what changes hands in it, whatever the article calls it"
        ),
    ] = None
    status: Annotated[
        DealStatus | None,
        Ask(decide=deal_status.status, question="Which words fit this deal?"),
        Field(
            description="How far this deal has come when the article is written. The latest news in it counts"
        ),
    ] = None
    announced_on: Annotated[
        Day | None,
        Ask(decide=rules.announced_on, question="On what day was the deal announced?"),
        Field(
            description="The day on which this deal was made public. Quote the date alone, with its year where the article "
            'gives one; the date of a dateline counts. Null for a weekday, "today" or "last week". For a deal '
            "that has closed or was called off: the day on which it was first announced, where the article gives it, "
            "else the day of that news"
        ),
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
            question="Who is the buyer or investor, and which company does it buy or invest in?",
        ),
        Field(
            description="Each company, fund, family or group that has a part in this deal, once for each part. There may be "
            "several buyers, sellers, partners and advisers. Left out: regulators, governments that only approve, "
            "rivals, customers, lenders, comparisons, sources, earlier owners, parties of other deals, and groups "
            "without a name of their own. People only where they buy or sell themselves"
        ),
    ] = ()
    amount: Annotated[
        Amount | None,
        Ask(
            roles=("price", "raised"),
            decide=rules.amount,
            question="What amount is paid or invested in this deal?",
        ),
        Field(
            description="What is paid for what changes hands in this deal, or invested in it. Of several figures for the same "
            "payment the total goes before a price per share or a part of it, an exact figure before a rounded "
            "one, the latest agreed price before an earlier one. Where the deal was called off: the price that was "
            "agreed. Rumoured: the price that is talked about. Never a fee, break-up fee, debt, revenue, profit, "
            "market value, fund size, the worth of assets, or what another deal or an earlier round cost. Where "
            "the article says that the price is kept back, quote those words. Null where it says nothing of a price"
        ),
    ] = None
    stake: Annotated[
        Stake | None,
        Ask(
            roles=("stake",),
            told=True,
            refine=rules.refine_stake,
            question="What percentage stake does the buyer or investor get?",
        ),
        Field(
            description="The share of the target that the buyer or investor gets in this deal, or ends with where only that "
            "is told. In a merger: the share of the combined company that the first-named side's holders get, where the "
            "article gives it as a percentage. Never what the buyer held before, what others keep, a premium, a growth rate, "
            "or the share of holders who agreed. Null where a whole company is bought and no percentage is given"
        ),
    ] = None
    valuation: Annotated[
        Valuation | None,
        Ask(
            roles=("valuation",),
            told=True,
            question="What total value, or valuation, does the deal give the company?",
        ),
        Field(
            description="What this deal values the whole company at, where the article says it values, is worth, valuation or "
            "enterprise value. Not the price itself unless the article calls it the value of the company, not the "
            "market value before the deal, not the valuation of an earlier round. An enterprise value that is given as the "
            "price is both amount and valuation"
        ),
    ] = None
    consideration: Annotated[
        Consideration | None,
        Ask(decide=rules.consideration, question="Is the price paid in cash or in stock?"),
        Field(
            description='What the price is paid in, where the article says so. Null where it does not: "invests", "puts in" '
            'and "pays" alone tell nothing'
        ),
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
            question="Which people change jobs in connection with this deal?",
        ),
        Field(
            description="Each named person whose job changes with this deal, who takes or keeps a board seat, or who is said "
            "to stay in the job. One item for each change: a chief who moves and keeps a board seat has two. Not "
            "people who are only quoted or described"
        ),
    ] = ()
    use_of_proceeds: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_cues.PROCEEDS,
            decide=deal_phrases.use_of_proceeds,
            limit=5,
            length=120,
            refine=rules.refine_proceeds,
            question="What will the money be used for?",
        ),
        Field(
            description="What the money paid or raised will be used for, by the target or the seller. One item for each use, "
            "quoted as a short phrase that names the use alone"
        ),
    ] = ()
    rationale: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_sense.RATIONALE,
            each=True,
            sure=deal_sense.SURE_RATIONALE,
            unless=deal_sense.NO_REASON,
            limit=3,
            question="Does this sentence tell why the buyer or investor makes this deal?",
        ),
        Field(
            description="Why the buyer, investor or partners make this deal: what they get, expect or save by it. One item for "
            "each reason, quoted as the clause that states it"
        ),
    ] = ()
    concerns: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_sense.CONCERN,
            each=True,
            sure=deal_sense.SURE_CONCERN,
            unless=deal_sense.NO_CONCERN,
            limit=3,
            question="Does this sentence name a concern, a risk or a doubt about the deal?",
        ),
        Field(
            description="Doubts, risks, criticism or opposition that the article reports of this deal, by whomever: unions, "
            "analysts, rivals, regulators, holders, a board that rejects it. One item for each separate "
            "concern, quoted as the clause that states it best; figures, arguments and repetitions that support a "
            "concern are not items of their own. Not: outstanding approvals as such, boilerplate, what is said of "
            "other deals"
        ),
    ] = ()
    conditions: Annotated[
        tuple[Phrase, ...],
        Ask(
            cue=deal_cues.CONDITION,
            each=True,
            sure=deal_cues.SURE_CONDITION,
            limit=3,
            refine=deal_phrases.refine_conditions,
            question="Does this sentence name something that must still happen before the deal closes?",
        ),
        Field(
            description="What must still happen before this deal closes: approvals, votes, financing, a minimum of acceptances, "
            "due diligence. One item for each, quoted as the clause that states it. An expected date is none. Where the deal was "
            "called off: what had been outstanding"
        ),
    ] = ()
    earlier_deals: Annotated[
        tuple[EarlierDeal, ...],
        Ask(
            cue=deal_earlier.EARLIER,
            each=True,
            sure=deal_earlier.SURE_EARLIER,
            limit=4,
            refine=rules.refine_earlier,
            question="Does this sentence tell of an earlier deal or funding round, made before the deal "
            "that the article reports?",
        ),
        Field(
            description="Transactions of these parties before this deal: an earlier round, purchase, sale, stake, offer or "
            "failed attempt. Not deals between others, not plans, not steps of this deal"
        ),
    ] = ()


class DealSummary(Displayed, Record, DealFacts):
    """The facts of one corporate deal, each with the places of the source that state it.

    Frozen. Amounts are exact Decimals in currency units, shares are in percentage points, dates ISO 8601.
    A fact that the text does not support is absent here and present in ``findings``.
    """
