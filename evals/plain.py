"""The baseline: one plain instructor call for the same fields, as a good user of instructor would write it.

The model is asked for numbers as numbers and for no evidence; nothing is checked against the article.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from summarizer.mentions import Qualifier
from summarizer.schema.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    PersonChange,
    ValuationBasis,
)
from summarizer.schema.values import Usage

SYSTEM = (
    "You extract structured facts about corporate deals from news articles. "
    "Use null where the article does not say."
)
MAX_TOKENS = 1500


class PlainMoney(BaseModel):
    """An amount of money."""

    value: float | None = Field(description="in full currency units, for example 2500000 for 2.5 million")
    currency: str | None = Field(description="ISO 4217 code")
    qualifier: Qualifier


class PlainAmount(PlainMoney):
    """What is paid."""

    basis: AmountBasis


class PlainValuation(PlainMoney):
    """What the company is valued at."""

    basis: ValuationBasis


class PlainStake(BaseModel):
    """The share that changes hands."""

    percent: float | None
    qualifier: Qualifier
    voting: bool | None


class PlainParty(BaseModel):
    """A party of the deal."""

    name: str
    role: PartyRole


class PlainPerson(BaseModel):
    """Someone whose job changes with the deal."""

    name: str
    change: PersonChange
    from_role: str | None
    to_role: str | None


class PlainEarlierDeal(BaseModel):
    """A transaction before the one that is reported."""

    description: str
    year: int | None
    amount: PlainMoney | None
    valuation: PlainMoney | None


class PlainDeal(BaseModel):
    """The fields of ``DealFacts``, in its order."""

    is_deal: bool = Field(description="does the article report a corporate deal?")
    headline: str | None = Field(description="one sentence")
    narrative: str | None = Field(description="a summary of the deal in two to four sentences")
    deal_type: DealType | None
    status: DealStatus | None
    announced_on: str | None = Field(description="ISO 8601 date")
    parties: list[PlainParty] = Field(description="the companies that take part in the deal")
    amount: PlainAmount | None = Field(description="what is paid or invested in this deal")
    stake: PlainStake | None = Field(description="the stake that the buyer or investor gets, in percent")
    valuation: PlainValuation | None = Field(description="the value that the deal gives the company")
    consideration: Consideration | None
    people: list[PlainPerson] = Field(description="people who change jobs in connection with the deal")
    use_of_proceeds: list[str] = Field(description="what the money will be used for")
    rationale: list[str] = Field(description="why the buyer or investor makes this deal")
    concerns: list[str] = Field(description="concerns, risks or doubts about the deal")
    conditions: list[str] = Field(description="what must still happen before the deal closes")
    earlier_deals: list[PlainEarlierDeal] = Field(description="earlier deals or funding rounds")


@dataclass(frozen=True, slots=True)
class PlainReply:
    """What the call gave: the filled model, or why there is none, and what it cost."""

    deal: PlainDeal | None
    usage: Usage
    error: str = ""


def extract(text: str, *, base_url: str, model: str, api_key: str) -> PlainReply:
    """Make the one call: JSON schema mode, temperature 0, no re-ask. ``usage.seconds`` is its wall time."""
    import instructor
    import openai
    from instructor.core.exceptions import IncompleteOutputException, InstructorRetryException

    completions: list[Any] = []
    deal, said = None, ""
    with openai.OpenAI(base_url=base_url, api_key=api_key, max_retries=0, timeout=600) as connection:
        client = instructor.from_openai(connection, mode=instructor.Mode.JSON_SCHEMA)
        client.on("completion:response", completions.append)
        start = time.perf_counter()
        try:
            deal = client.chat.completions.create(
                model=model,
                response_model=PlainDeal,
                messages=[
                    {"role": "system", "content": SYSTEM},
                    {
                        "role": "user",
                        "content": f"Extract the facts of the deal from this article:\n\n{text}",
                    },
                ],
                temperature=0,
                max_tokens=MAX_TOKENS,
                strict=False,
                max_retries=0,
            )
        except (InstructorRetryException, IncompleteOutputException, ValidationError) as error:
            said = f"{type(error).__name__}: the reply does not meet the schema"
        seconds = time.perf_counter() - start
    return PlainReply(deal, _usage(completions, seconds), said)


def _usage(completions: list[Any], seconds: float) -> Usage:
    counted = Usage(seconds=round(seconds, 3))
    for completion in completions:
        usage = completion.usage
        details = getattr(usage, "prompt_tokens_details", None)
        counted += Usage(
            requests=1,
            prompt_tokens=getattr(usage, "prompt_tokens", 0),
            cached_tokens=getattr(details, "cached_tokens", None) or 0,
            completion_tokens=getattr(usage, "completion_tokens", 0),
        )
    return counted
