from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from evals.gold import DOCUMENTS, Case, GoldMoney, load_cases, read_text
from summarizer.findings import Span
from summarizer.schema.deal import Amount, DealSummary, EarlierDeal, Party, Person, Stake, Valuation
from summarizer.schema.values import Day, Money, Phrase

Spans = Sequence[tuple[int, int]]


@pytest.fixture(scope="session")
def case() -> Case:
    return load_cases(DOCUMENTS)[0]


@pytest.fixture(scope="session")
def text(case: Case) -> str:
    return read_text(case, DOCUMENTS)


@pytest.fixture
def perfect(case: Case, text: str, record_of: Callable[[Case, str], DealSummary]) -> DealSummary:
    return record_of(case, text)


@pytest.fixture(scope="session")
def record_of() -> Callable[[Case, str], DealSummary]:
    """Make the record that a perfect run gives for a case: gold as prediction."""
    return _record_of


def _record_of(case: Case, text: str) -> DealSummary:
    def spans(places: Spans) -> tuple[Span, ...]:
        return tuple(Span(start=start, end=end, text=text[start:end]) for start, end in places)

    def money(kind: type[Money], gold: GoldMoney | None) -> Any:
        if gold is None:
            return None
        basis = {"basis": gold.basis[0]} if gold.basis[0] else {}
        return kind(
            text=gold.text,
            value=gold.value,
            currency=gold.currency,
            qualifier=gold.qualifier[0],
            evidence=spans(gold.evidence),
            **basis,
        )

    day, stake = case.announced_on, case.stake
    return DealSummary(
        is_deal=True,
        deal_type=case.deal_type[0],
        status=case.status[0],
        consideration=case.consideration[0],
        announced_on=day and Day(text=day.text, date=day.date, precision="day", evidence=spans(day.evidence)),
        parties=tuple(
            Party(name=party.names[0], role=party.role[0], evidence=spans(party.evidence))
            for party in case.parties
        ),
        amount=money(Amount, case.amount),
        stake=stake
        and Stake(
            text=stake.text,
            percent=stake.percent,
            qualifier=stake.qualifier[0],
            voting=stake.voting[0],
            evidence=spans(stake.evidence),
        ),
        valuation=money(Valuation, case.valuation),
        people=tuple(
            Person(
                name=person.names[0],
                change=person.change[0],
                from_role=person.from_role[0],
                to_role=person.to_role[0],
                evidence=spans(person.evidence),
            )
            for person in case.people
            if not person.optional
        ),
        use_of_proceeds=tuple(
            Phrase(text=text[start:end], evidence=spans([(start, end)]))
            for phrase in case.use_of_proceeds
            for start, end in phrase.evidence[:1]
        ),
        earlier_deals=tuple(
            EarlierDeal(
                description=text[slice(*deal.evidence[0])],
                year=deal.year,
                amount=money(Money, deal.amount),
                valuation=money(Money, deal.valuation),
                evidence=spans(deal.evidence),
            )
            for deal in case.earlier_deals
        ),
    )
