"""The baseline: one plain instructor call for the same fields, as a good user of instructor would write it.

The model is asked for numbers as numbers and for no evidence; nothing is checked against the article.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from evals.cases import digest
from summarizer.figures import Qualifier
from summarizer.llm.replies import read_object
from summarizer.records.deal import Amount, DealSummary, EarlierDeal, Stake, Valuation
from summarizer.records.deal_terms import (
    AmountBasis,
    Consideration,
    DealStatus,
    DealType,
    PartyRole,
    PersonChange,
    ValuationBasis,
)
from summarizer.records.values import Day, Money, Phrase, Precision, Usage

SYSTEM = (
    "You extract structured facts about corporate deals from news articles. "
    "Use null where the article does not say."
)
ASK = "Extract the facts of the deal from this article:"
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
    narrative: str | None = Field(description="a summary of the deal in two short sentences")
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
    raw: str = ""


def messages(text: str) -> list[Any]:
    """The messages of the one call."""
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"{ASK}\n\n{text}"}]


def body(text: str, model: str) -> dict[str, Any]:
    """The body of the one call, as instructor sends it in JSON schema mode."""
    schema = {"name": PlainDeal.__name__, "schema": PlainDeal.model_json_schema()}
    return {
        "model": model,
        "messages": messages(text),
        "temperature": 0,
        "max_tokens": MAX_TOKENS,
        "response_format": {"type": "json_schema", "json_schema": schema},
    }


def read_reply(raw: str, usage: Usage) -> PlainReply:
    """Read a reply that was recorded; a JSON object inside a code fence counts as one."""
    try:
        found = read_object(raw, tuple(PlainDeal.model_fields)) or raw
        return PlainReply(PlainDeal.model_validate_json(found, strict=False), usage, raw=raw)
    except ValidationError as error:
        return PlainReply(None, usage, f"{type(error).__name__}: the reply does not meet the schema", raw)


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
                messages=messages(text),
                temperature=0,
                max_tokens=MAX_TOKENS,
                strict=False,
                max_retries=0,
            )
        except (InstructorRetryException, IncompleteOutputException, ValidationError) as error:
            said = f"{type(error).__name__}: the reply does not meet the schema"
        seconds = time.perf_counter() - start
    raw = (completions[-1].choices[0].message.content or "") if completions else ""
    return PlainReply(deal, _usage(completions, seconds), said, raw)


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


def reply_digest(text: str) -> str:
    """The digest under which a run file keeps the reply to a text."""
    return digest(SYSTEM, text)


def prompt_hash() -> str:
    """A digest of the fixed part of the prompt and of the schema."""
    return digest(SYSTEM, ASK, json.dumps(PlainDeal.model_json_schema(), sort_keys=True))


def as_record(deal: PlainDeal) -> DealSummary:
    """The same answers as a record, without evidence: it was not asked for."""
    said = deal.model_dump()
    for name, kind in (("amount", Amount), ("valuation", Valuation)):
        said[name] = _money(getattr(deal, name), kind)
    stake = deal.stake
    said["stake"] = stake and Stake(
        text=str(stake.percent), percent=_exact(stake.percent), qualifier=stake.qualifier, voting=stake.voting
    )
    said["announced_on"] = _day(deal.announced_on)
    for name in ("use_of_proceeds", "rationale", "concerns", "conditions"):
        said[name] = [Phrase(text=text) for text in getattr(deal, name)]
    said["earlier_deals"] = [
        EarlierDeal(
            description=earlier.description,
            year=earlier.year,
            amount=_money(earlier.amount, Money),
            valuation=_money(earlier.valuation, Money),
        )
        for earlier in deal.earlier_deals
    ]
    return DealSummary.model_validate(said)


def _exact(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _money(said: PlainMoney | None, kind: type[Money]) -> Any:
    if said is None or (said.value is None and said.qualifier is not Qualifier.UNDISCLOSED):
        return None
    text = f"{said.value} {said.currency}"
    basis = {"basis": said.basis} if isinstance(said, (PlainAmount, PlainValuation)) else {}
    return kind(
        text=text, value=_exact(said.value), currency=said.currency, qualifier=said.qualifier, **basis
    )


def _day(said: str | None) -> Day | None:
    found = re.match(r"\d{4}(-\d\d(-\d\d)?)?", said or "")
    if found is None:
        return None
    date = found.group()
    precision: Precision = "day" if len(date) == 10 else "month" if len(date) == 7 else "year"
    return Day(text=date, date=date, precision=precision)
