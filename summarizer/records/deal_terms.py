"""The closed sets of a deal: each member is its value, the words by which a small model knows it, and its definition.

The definitions are the codebook's. ``evals/GUIDELINE.md`` tells a human labeller the same.
"""

from __future__ import annotations

from summarizer.records.values import Choice


class DealType(Choice):
    """The kind of transaction."""

    ACQUISITION = (
        "acquisition",
        "acquisition of a whole company",
        "one side buys a whole company, a business, a portfolio or all remaining shares; also a bid or offer for all of it",
    )
    MERGER = (
        "merger",
        "",
        "two companies become one, or one's shares are exchanged for shares of the combined company; a merger of equals",
    )
    MAJORITY_INVESTMENT = (
        "majority_investment",
        "purchase of a majority stake",
        "an investor gets 50% or more of a company, or ends with that, but not with all of it",
    )
    MINORITY_INVESTMENT = (
        "minority_investment",
        "purchase of a minority stake",
        "one investor, or a few named ones, end with less than 50% of a company, outside a named round",
    )
    FUNDING_ROUND = (
        "funding_round",
        "",
        "a company raises new money in a named round (seed, Series B) or from several investors at once",
    )
    JOINT_VENTURE = ("joint_venture", "", "two or more owners set up, or hold together, a new company")
    DIVESTITURE = (
        "divestiture",
        "sale of a unit",
        "a group parts with a unit, brand or division, and the article tells it as the group's sale",
    )
    PARTNERSHIP = ("partnership", "", "companies agree to work together and nobody buys a share")
    OTHER = ("other", "", "a transaction that is none of these")


class DealStatus(Choice):
    """How far the transaction has come."""

    RUMOURED = (
        "rumoured",
        "a rumour or talks",
        "nothing is signed: talks, unnamed sources, a considered bid, a denial",
    )
    ANNOUNCED = (
        "announced",
        "announced or agreed",
        "made public by a party, and no approval, vote, permit or other step is named as outstanding",
    )
    PENDING = (
        "pending",
        "waiting for approval",
        "agreed or offered, and the article names what is still outstanding: an approval, a vote, acceptances, a "
        "permit, the closing. A bid that the board rejects still stands",
    )
    COMPLETED = (
        "completed",
        "closed and completed",
        "it has closed: the shares, the business or the money have changed hands",
    )
    TERMINATED = ("terminated", "called off", "called off, blocked, withdrawn or lapsed")

    @property
    def stage(self) -> int:
        """A deal that one part of a text calls agreed and another outstanding is outstanding."""
        return list(type(self)).index(self)


class PartyRole(Choice):
    """What a party does in the deal."""

    ACQUIRER = (
        "acquirer",
        "buyer or investor",
        "buys, bids or invests; each investor of a round, the lead among them; each of several bidders",
    )
    TARGET = (
        "target",
        "bought or invested in",
        "the company, unit or asset that is bought or invested in, or that raises the money; of a joint venture, the "
        "new company",
    )
    SELLER = ("seller", "", "the owner who sells: a parent, a fund, a family")
    PARTNER = (
        "partner",
        "",
        "one of two or more equals: both sides of a merger of equals, the founders of a joint venture, companies "
        "that work together",
    )
    ADVISER = ("adviser", "", "a bank or law firm that advises or finances a party")
    OTHER = (
        "other",
        "",
        "a company or fund with another part of its own in this deal, such as an owner who rolls over its shares; rare",
    )


class AmountBasis(Choice):
    """What an amount covers."""

    UPFRONT = ("upfront", "", "the part paid at closing, where more may follow")
    CONTINGENT = ("contingent", "", "an earn-out, or another part that depends on results")
    TOTAL = (
        "total",
        "",
        "the article calls it total, whole, overall or altogether, or gives its parts or a price per share beside it",
    )
    PER_SHARE = ("per_share", "", "a price for one share")
    UNSPECIFIED = ("unspecified", "", "the article does not say: a sum that stands alone")


class ValuationBasis(Choice):
    """What a valuation counts."""

    PRE_MONEY = ("pre_money", "", "the article says before the new money")
    POST_MONEY = ("post_money", "", "the article says post-money, or after or including the investment")
    ENTERPRISE = ("enterprise", "", "enterprise value, or including debt")
    EQUITY = ("equity", "", "equity value, or the value of all shares")
    UNSPECIFIED = ("unspecified", "", "the article does not say")


class Consideration(Choice):
    """What the price is paid in."""

    CASH = ("cash", "", "money only: the article says cash")
    STOCK = ("stock", "", "shares only: all-share, stock-for-stock")
    MIXED = ("mixed", "cash and stock", "cash together with shares or notes")
    OTHER = ("other", "", "something else: assets, debt, services")


class PersonChange(Choice):
    """What happens to a person's job."""

    APPOINTED = ("appointed", "", "gets a job or a promotion, and no move between companies is told")
    DEPARTS = ("departs", "", "leaves a job, or the company, and no new job is told")
    MOVES = ("moves", "moves to another company", "goes from one company to another")
    JOINS_BOARD = ("joins_board", "takes a seat on a board", "takes or keeps a seat on a board")
    STAYS = ("stays", "", "is said to keep the job")
