"""The record of a corporate deal: the first user of the value types, and no special case."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from summarizer.figures import Kind
from summarizer.records.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    PersonChange,
    ValuationBasis,
)
from summarizer.records.display import Displayed
from summarizer.records.values import (
    Ask,
    Day,
    Money,
    Percent,
    Phrase,
    Prose,
    Record,
    Title,
    Value,
    Words,
    Year,
)


class Party(Value):
    """A company or group of the deal, named as the text names it."""

    name: Annotated[
        Words,
        Field(
            description="The fullest form of the name that the article uses, without ticker, title or description"
        ),
    ]
    aliases: Annotated[
        tuple[Words, ...],
        Field(description="The other forms of the name that the article uses, short ones too; not pronouns"),
    ] = ()
    role: Annotated[PartyRole, Field(description="What it does in this deal")]


class Person(Value):
    """Someone whose job changes with the deal, or who takes or keeps a seat on a board."""

    name: Annotated[
        Words,
        Ask(question="name of the person"),
        Field(description="The person's name without title, as full as the article has it"),
    ]
    change: Annotated[PersonChange, Field(description="What happens to the job")] = PersonChange.APPOINTED
    from_role: Annotated[
        Title | None,
        Ask(question="job so far"),
        Field(
            description="The job held until now and its company, short, in the article's words. Null where the article tells none"
        ),
    ] = None
    to_role: Annotated[
        Title | None,
        Ask(question="new job"),
        Field(
            description="The job, or the board seat, held from now on. For stays: the job that is kept, and from_role is "
            "null. Null where the article tells none"
        ),
    ] = None


class Amount(Money):
    """What is paid in the deal. ``basis`` tells an upfront payment from a total, or a price per share."""

    kinds = (Kind.MONEY, Kind.PER_SHARE)

    basis: Annotated[AmountBasis, Field(description="What the figure covers")] = AmountBasis.UNSPECIFIED


class Valuation(Money):
    """What the deal values the company at."""

    basis: Annotated[ValuationBasis, Field(description="What the figure counts")] = ValuationBasis.UNSPECIFIED


class Stake(Percent):
    """The share that changes hands. ``voting`` is False for non-voting shares, None where nothing is said."""

    voting: Annotated[
        bool | None,
        Field(
            description="False for non-voting shares, true for voting ones; null where the article does not say"
        ),
    ] = None


class EarlierDeal(Value):
    """A transaction before the one that the text reports."""

    description: Annotated[
        Words, Field(description="The clause that tells of it: who did what, to whom, up to a whole sentence")
    ]
    year: Annotated[
        Year | None, Field(description="The year in which it was made; null where the article gives none")
    ] = None
    amount: Annotated[Money | None, Field(description="What was paid or raised in it")] = None
    valuation: Annotated[Money | None, Field(description="What it valued the company at")] = None


class DealFacts(BaseModel):
    """The facts of a deal, in the order of the record; their descriptions are the questions."""

    model_config = ConfigDict(frozen=True)

    is_deal: Annotated[
        bool,
        Ask(
            first=True,
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
        Ask(length=180, question="a headline for this deal, one sentence"),
        Field(
            description="One sentence that tells the deal: who, what, whom, for how much. At most 25 words"
        ),
    ] = None
    narrative: Annotated[
        Prose | None,
        Ask(length=420, question="a summary of this deal in two short sentences"),
        Field(description="Two to four sentences that sum up this deal and what is uncertain about it"),
    ] = None
    deal_type: Annotated[
        DealType | None,
        Ask(question="What kind of deal is it?"),
        Field(
            description="The kind of transaction, by what changes hands in it, whatever the article calls it"
        ),
    ] = None
    status: Annotated[
        DealStatus | None,
        Ask(question="Which words fit this deal?"),
        Field(
            description="How far this deal has come when the article is written. The latest news in it counts"
        ),
    ] = None
    announced_on: Annotated[
        Day | None,
        Ask(question="On what day was the deal announced?"),
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
            limit=3,
            length=70,
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
        Ask(question="Is the price paid in cash or in stock?"),
        Field(
            description='What the price is paid in, where the article says so. Null where it does not: "invests", "puts in" '
            'and "pays" alone tell nothing'
        ),
    ] = None
    people: Annotated[
        tuple[Person, ...],
        Ask(
            limit=4,
            length=80,
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
            limit=5,
            length=120,
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
            limit=3,
            question="Why does the buyer or investor make this deal?",
        ),
        Field(
            description="Why the buyer, investor or partners make this deal: what they get, expect or save by it. One item for "
            "each reason, quoted as the clause that states it"
        ),
    ] = ()
    concerns: Annotated[
        tuple[Phrase, ...],
        Ask(
            limit=3,
            question="Which concerns, risks or doubts about the deal are named?",
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
            limit=3,
            question="What must still happen before the deal closes?",
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
            limit=4,
            question="Which deals or funding rounds were made before the deal that the article reports?",
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
