from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from summarizer.figures import Qualifier
from summarizer.findings import Finding, Span
from summarizer.records.deal import Amount, DealSummary, EarlierDeal, Party, Person, Stake, Valuation
from summarizer.records.deal_terms import Consideration, DealStatus, DealType, PartyRole, PersonChange
from summarizer.records.values import Day, Money, Phrase, Provenance, SourceInfo, Usage

SENTENCES = (
    "GOTHENBURG, 12 May 2031 - Norrholm AB said on Monday it had agreed to pay about $2.1 billion for a 30% "
    "non-voting stake in Calder Robotics, the maker of warehouse arms that has been courted by three of its "
    "larger rivals since the spring.",
    "The investment values Calder at more than $7 billion, according to two people briefed on the terms.",
    "Norrholm confirmed the $2.1 billion price in a filing.",
    "Calder's chief executive Ilse Brandt will leave to become head of automation at Norrholm.",
    "Brandt keeps a seat on Calder's board.",
    "The money will be used to build a second plant in Malmo and to hire 400 engineers.",
    "Some analysts warned that Calder's other customers may walk away once a rival's money is in the house.",
    "In 2029 Calder raised $300 million from Vantor Capital at a valuation of $1.1 billion.",
)
TEXT = "\n\n".join(SENTENCES) + "\n"


def place(number: int) -> Span:
    """The span of a sentence, counted from 1."""
    start = TEXT.index(SENTENCES[number - 1])
    return Span(start=start, end=start + len(SENTENCES[number - 1]), text=SENTENCES[number - 1])


def dollars(text: str, value: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "value": Decimal(value), "currency": "USD", **more}


def make_deal(**changes: Any) -> DealSummary:
    earlier = place(8)
    fields: dict[str, Any] = {
        "is_deal": True,
        "headline": "Norrholm takes a 30% stake in Calder Robotics",
        "narrative": "Norrholm AB pays about $2.1 billion for a 30% stake. Calder's chief executive moves.",
        "deal_type": DealType.MINORITY_INVESTMENT,
        "status": DealStatus.PENDING,
        "announced_on": Day(text="12 May 2031", date="2031-05-12", precision="day", evidence=(place(1),)),
        "parties": (
            Party(name="Norrholm AB", role=PartyRole.ACQUIRER, evidence=(place(1),)),
            Party(name="Calder Robotics", role=PartyRole.TARGET, evidence=(place(1),)),
        ),
        "amount": Amount(
            **dollars("$2.1 billion", "2100000000.0", qualifier=Qualifier.ABOUT),
            evidence=(place(3), place(1)),
        ),
        "stake": Stake(text="30%", percent=Decimal(30), voting=False, evidence=(place(1),)),
        "valuation": Valuation(
            **dollars("$7 billion", "7E9", qualifier=Qualifier.AT_LEAST), evidence=(place(2),)
        ),
        "consideration": Consideration.CASH,
        "people": (
            Person(
                name="Ilse Brandt",
                change=PersonChange.MOVES,
                from_role="chief executive",
                to_role="head of automation at Norrholm",
                evidence=(place(4),),
            ),
            Person(
                name="Ilse Brandt",
                change=PersonChange.STAYS,
                to_role="seat on Calder's board",
                evidence=(place(5),),
            ),
        ),
        "use_of_proceeds": (
            Phrase(text="build a second plant in Malmo", evidence=(place(6),)),
            Phrase(text="hire 400 engineers", evidence=(place(6),)),
        ),
        "concerns": (Phrase(text=SENTENCES[6], evidence=(place(7),)),),
        "earlier_deals": (
            EarlierDeal(
                description=SENTENCES[7],
                year=2029,
                amount=Money(**dollars("$300 million", "3E8"), evidence=(earlier,)),
                valuation=Money(**dollars("$1.1 billion", "1.1E9"), evidence=(earlier,)),
                evidence=(earlier,),
            ),
        ),
        "findings": (
            Finding(
                code="two_figures",
                field="valuation",
                message="The text gives two figures for this: $7 billion and $6.8 billion.",
                evidence=(place(2),),
            ),
        ),
        "source": SourceInfo(
            id="calder.txt", sha256="ab" * 32, title=None, characters=len(TEXT), sentences=8
        ),
        "provenance": Provenance(
            model="tiny-model",
            endpoint="http://someone:pass-word@example.org:8000/v1?key=abc123",
            mode="json_schema",
            plan="faceted",
            prompt_hash="0" * 16,
            schema_hash="0" * 16,
            package_version="0.1.0",
        ),
        "usage": Usage(
            requests=14, prompt_tokens=21034, cached_tokens=19200, completion_tokens=411, seconds=38.2
        ),
    }
    return DealSummary(**{**fields, **changes})


@pytest.fixture
def deal() -> Callable[..., DealSummary]:
    """A function that makes the record of an invented deal, with some fields changed."""
    return make_deal


HOSTILE = (
    "\x1b[31mred\x1b[0m \x07 \x9b2J [bold]loud[/bold] :smile: <script>alert(1)</script> <b>b</b> & &lt; "
    "**stars** _under_ `code` [link](http://evil.example) ![img](x.png) | cell | $x^2$ ~~gone~~ \\ {{ x }} {% y %} "
    "\u202etxt.exe\u202c\n# heading\n\n- item\n> quote\n1. one\n```\nfence\n"
)


@pytest.fixture
def hostile(deal: Callable[..., DealSummary]) -> DealSummary:
    """A record in which every word that comes from an article or a model is an attack."""
    span = Span(start=0, end=len(HOSTILE), text=HOSTILE)
    return deal(
        headline=HOSTILE,
        narrative=HOSTILE,
        parties=(Party(name=HOSTILE, role=PartyRole.ACQUIRER, evidence=(span,)),),
        amount=Amount(**dollars(HOSTILE, "1"), evidence=(span,)),
        people=(Person(name=HOSTILE, from_role=HOSTILE, to_role="# x", evidence=(span,)),),
        rationale=(Phrase(text="- dash", evidence=(span,)), Phrase(text="1. one", evidence=(span,))),
        concerns=(Phrase(text=HOSTILE, evidence=(span,)),),
        earlier_deals=(EarlierDeal(description=HOSTILE, evidence=(span,)),),
        findings=(Finding(code="unsupported", field=HOSTILE, message=HOSTILE, evidence=(span,)),),
        source=SourceInfo(id=HOSTILE, sha256="0" * 64, title=HOSTILE, characters=1, sentences=1),
    )
