"""``reconcile``: records of one deal from several sources become one dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from summarizer.dossiers.bearers import reconcile_parties, reconcile_people
from summarizer.dossiers.intervals import implied_value, interval_of
from summarizer.dossiers.lists import reconcile_earlier, reconcile_phrases
from summarizer.dossiers.model import DealDossier, DossierFinding, Reconciled, Side
from summarizer.dossiers.scalars import detail_words, figure_words, scalar_facts, words_of
from summarizer.dossiers.sources import Given, Reading, readings_of, records_of
from summarizer.errors import InputError

LISTS = ("use_of_proceeds", "rationale", "concerns", "conditions")


def reconcile(records: Iterable[Given]) -> DealDossier:
    """Reconcile what several sources say of one deal.

    ``records`` are DealSummary records, their JSON objects, rows of a batch, or dossiers. No model is asked.
    The result does not depend on their order; a record that is given twice counts once, and so do readings of
    one text.

    Each fact of each record is the consensus of its field, a claim beside it, or in a finding. Raises
    InputError where there is no record, or one is not the record of a deal.
    """
    found = records_of(records)
    if not found:
        raise InputError("There is no record to reconcile.")
    return _reconciled(readings_of(found))


def _reconciled(readings: tuple[Reading, ...]) -> DealDossier:
    deals = tuple(reading for reading in readings if reading.record.is_deal)
    scalars = scalar_facts(deals)
    parties, about_parties = reconcile_parties(deals)
    people, about_people = reconcile_people(deals)
    lists = {name: reconcile_phrases(name, deals) for name in LISTS}
    earlier, about_earlier = reconcile_earlier(deals)
    facts: dict[str, Any] = {name: fact for name, (fact, _) in scalars.items()}
    findings = [
        *(finding for _, found in scalars.values() for finding in found),
        *_derived(facts),
        *about_parties,
        *about_people,
        *(finding for _, found in lists.values() for finding in found),
        *about_earlier,
        *_single_sources(facts, deals),
        *_no_deals(readings),
    ]
    return DealDossier(
        is_deal=bool(deals),
        sources=tuple(reading.about for reading in readings),
        **facts,
        parties=parties,
        people=people,
        **{name: merged for name, (merged, _) in lists.items()},
        earlier_deals=earlier,
        findings=tuple(findings),
        records=tuple(reading.record for reading in readings),
    )


def _derived(facts: dict[str, Reconciled[Any] | None]) -> Iterator[DossierFinding]:
    """Compare the value that amount and stake imply with the valuation, as far as roundings and hedges reach."""
    amount, stake, valuation = (facts[name] for name in ("amount", "stake", "valuation"))
    if amount is None or stake is None or valuation is None:
        return
    paid, share, worth = (fact.consensus.value for fact in (amount, stake, valuation))
    stated = interval_of(worth)
    if stated is None or paid.currency != worth.currency or str(paid.basis) in ("per_share", "contingent"):
        return
    implied = implied_value(paid, share)
    if implied is None:
        return
    low, high = stated.widest
    before = str(worth.basis) == "pre_money"
    least, most = (end - paid.value if before else end for end in (implied.low, implied.high))
    if least <= high and low <= most:
        return
    message = (
        f"{figure_words(paid)} for {figure_words(share)} implies {_short(least)} to {_short(most)} {paid.currency or ''} "
        f"for the whole, and the valuation is {figure_words(worth)}."
    )
    yield DossierFinding(
        code="derived",
        field="valuation",
        message=" ".join(message.split()),
        sides=tuple(
            Side(value=figure_words(fact.consensus.value), sources=fact.consensus.sources)
            for fact in (amount, stake, valuation)
        ),
        evidence=amount.consensus.evidence[:1]
        + stake.consensus.evidence[:1]
        + valuation.consensus.evidence[:1],
    )


def _short(value: Any) -> str:
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if abs(value) >= size:
            return f"{float(value / size):.3g} {word}"
    return f"{value:,.0f}"


def _single_sources(
    facts: dict[str, Reconciled[Any] | None], readings: Sequence[Reading]
) -> Iterator[DossierFinding]:
    """Name the facts, and the details of facts, that one source alone states."""
    if len({reading.origin for reading in readings}) < 2:
        return
    for name, fact in facts.items():
        if fact is None:
            continue
        if len({claim.source for claim in fact.claims}) == 1:
            source = fact.claims[0].source
            told = f"Only {source} states the {name.replace('_', ' ')}."
            yield _single(name, told, source, fact)
        for part, sources in fact.consensus.details.items():
            if len(sources) == 1 and len(fact.claims) > 1:
                word = detail_words(part, getattr(fact.consensus.value, part))
                told = f"Only {sources[0]} calls the {name} {word}."
                yield _single(f"{name}.{part}", told, sources[0], fact)


def _single(field: str, message: str, source: str, fact: Reconciled[Any]) -> DossierFinding:
    return DossierFinding(
        code="single_source",
        field=field,
        message=message,
        sides=(Side(value=words_of(fact.consensus.value), sources=(source,)),),
        evidence=tuple(passage for passage in fact.consensus.evidence if passage.source == source),
    )


def _no_deals(readings: Sequence[Reading]) -> Iterator[DossierFinding]:
    none = [reading.source for reading in readings if not reading.record.is_deal]
    if none:
        yield DossierFinding(
            code="not_a_deal",
            field="is_deal",
            message=f"No deal is reported by {', '.join(none)}.",
            sides=(Side(value="no deal", sources=tuple(none)),),
        )
