"""The closed sets of a deal: each member is its value and the words by which a model knows it."""

from __future__ import annotations

from summarizer.schema.values import Choice


class DealType(Choice):
    """The kind of transaction."""

    ACQUISITION = "acquisition", "acquisition of a whole company"
    MERGER = "merger"
    MAJORITY_INVESTMENT = "majority_investment", "purchase of a majority stake"
    MINORITY_INVESTMENT = "minority_investment", "purchase of a minority stake"
    FUNDING_ROUND = "funding_round"
    JOINT_VENTURE = "joint_venture"
    DIVESTITURE = "divestiture", "sale of a unit"
    PARTNERSHIP = "partnership"
    OTHER = "other"


class DealStatus(Choice):
    """How far the transaction has come."""

    RUMOURED = "rumoured", "a rumour or talks"
    ANNOUNCED = "announced", "announced or agreed"
    PENDING = "pending", "waiting for approval"
    COMPLETED = "completed", "closed and completed"
    TERMINATED = "terminated", "called off"


class PartyRole(Choice):
    """What a party does in the deal."""

    ACQUIRER = "acquirer", "buyer or investor"
    TARGET = "target", "bought or invested in"
    SELLER = "seller"
    PARTNER = "partner"
    ADVISER = "adviser"
    OTHER = "other"


class AmountBasis(Choice):
    """What an amount covers."""

    UPFRONT = "upfront"
    CONTINGENT = "contingent"
    TOTAL = "total"
    PER_SHARE = "per_share"
    UNSPECIFIED = "unspecified"


class ValuationBasis(Choice):
    """What a valuation counts."""

    PRE_MONEY = "pre_money"
    POST_MONEY = "post_money"
    ENTERPRISE = "enterprise"
    EQUITY = "equity"
    UNSPECIFIED = "unspecified"


class Consideration(Choice):
    """What the price is paid in."""

    CASH = "cash"
    STOCK = "stock"
    MIXED = "mixed", "cash and stock"
    OTHER = "other"


class PersonChange(Choice):
    """What happens to a person's job."""

    APPOINTED = "appointed"
    DEPARTS = "departs"
    MOVES = "moves", "moves to another company"
    JOINS_BOARD = "joins_board", "takes a seat on a board"
    STAYS = "stays"
