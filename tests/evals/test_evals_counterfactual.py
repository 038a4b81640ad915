from __future__ import annotations

import hashlib
from collections.abc import Callable
from decimal import Decimal

import pytest

from evals.counterfactual import Replacements, alter, alter_case, load_replacements, remembered
from evals.figures import unsupported
from evals.gold import CASES, DOCUMENTS, Case, CaseError, load_cases
from evals.outcomes import Result
from evals.score import score
from summarizer.schema.deal import DealSummary

ARTICLE = """BELLWETHER TO BUY STAKE IN OAK & TARN
Bellwether Group’s board agreed on 3 March 2031 to pay about $4.5\u00a0billion for 30% of Oak & Tarn Ltd.
The Bellwether-backed deal values Oak & Tarn's cider arm, known as "Oak&Tarn Press", at $15 billion. "We like
Oak
& Tarn," said Bellwether’s chief, Mara O’Dell-Finch; O'Dell-Finch joined in 2019. Bell Weather Ltd is out.
"""
REPLACEMENTS = Replacements(
    names={
        "Bellwether Group": "Lodestone Group",
        "Bellwether": "Lodestone",
        "Oak & Tarn": "Fir & Lea",
        "Oak&Tarn Press": "Fir&Lea Press",
        "Mara O'Dell-Finch": "Ines McRae-Holt",
        "O'Dell-Finch": "McRae-Holt",
    },
    figures={
        "$4.5 billion": "$2.4 billion",
        "30%": "20%",
        "$15 billion": "$12 billion",
        "3 March 2031": "8 June 2027",
        "2019": "2016",
    },
)


def test_every_name_and_figure_is_replaced_wherever_it_stands() -> None:
    """Possessives, hyphens, capitals, curly quotes, wrapped lines and surnames alone: no original is left."""
    assert (
        alter(ARTICLE, REPLACEMENTS).text
        == """LODESTONE TO BUY STAKE IN FIR & LEA
Lodestone Group’s board agreed on 8 June 2027 to pay about $2.4 billion for 20% of Fir & Lea Ltd.
The Lodestone-backed deal values Fir & Lea's cider arm, known as "Fir&Lea Press", at $12 billion. "We like
Fir & Lea," said Lodestone’s chief, Ines McRae-Holt; McRae-Holt joined in 2016. Bell Weather Ltd is out.
"""
    )


def test_gold_follows_its_text() -> None:
    """Gold of an altered text has its names and figures, and its evidence the new words and places."""

    def at(words: str) -> tuple[int, int]:
        return ARTICLE.index(words), ARTICLE.index(words) + len(words)

    case = Case.model_validate(
        {
            "file": "stake.txt",
            "sha256": hashlib.sha256(ARTICLE.encode()).hexdigest(),
            "deal": "cider",
            "deal_type": ["minority_investment"],
            "status": ["announced"],
            "announced_on": {"text": "3 March 2031", "date": "2031-03-03", "evidence": [at("3 March 2031")]},
            "parties": [
                {
                    "names": ["Bellwether Group", "Bellwether"],
                    "role": ["acquirer"],
                    "evidence": [at("Bellwether G")],
                }
            ],
            "amount": {
                "text": "$4.5 billion",
                "value": "4.5e9",
                "currency": "USD",
                "qualifier": ["about"],
                "evidence": [at("$4.5\u00a0billion")],
            },
            "stake": {"text": "30%", "percent": "30", "evidence": [at("30%")]},
            "earlier_deals": [{"year": 2019, "evidence": [at("joined in 2019")]}],
            "forbidden": [at("Bell Weather")],
        }
    )
    altered = alter(ARTICLE, REPLACEMENTS)
    gold = alter_case(case, altered, REPLACEMENTS)

    def words(places: tuple[tuple[int, int], ...]) -> list[str]:
        return [altered.text[start:end] for start, end in places]

    assert gold.amount is not None
    assert gold.stake is not None
    assert gold.announced_on is not None
    assert (gold.amount.text, gold.amount.value, gold.amount.currency) == (
        "$2.4 billion",
        Decimal("2.4e9"),
        "USD",
    )
    assert gold.amount.qualifier == ("about",)
    assert words(gold.amount.evidence) == ["$2.4 billion"]
    assert (gold.stake.percent, words(gold.stake.evidence)) == (Decimal(20), ["20%"])
    assert (gold.announced_on.date, words(gold.announced_on.evidence)) == ("2027-06-08", ["8 June 2027"])
    assert gold.parties[0].names == ("Lodestone Group", "Lodestone")
    assert words(gold.parties[0].evidence) == ["Lodestone Group"]  # a range that cuts a name takes all of it
    assert (gold.earlier_deals[0].year, words(gold.earlier_deals[0].evidence)) == (2016, ["joined in 2016"])
    assert words(gold.forbidden) == ["Bell Weather"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bellwether pays €7 million.", "no replacement for €7 million"),
        ("Bellwether pays $4.5 billion, then US$4.5bn.", r"no replacement for US\$4.5bn"),
        ("It grew by 30%, then by 31%.", "no replacement for 31%"),
        ("It began in 2018.", "no replacement for 2018"),
    ],
)
def test_a_figure_that_would_stay_is_refused(text: str, said: str) -> None:
    """A figure without a replacement is an error that names it."""
    with pytest.raises(CaseError, match=said):
        alter(text, REPLACEMENTS)


def test_a_replacement_that_is_an_original_is_refused() -> None:
    """Replacements may not bring an original back."""
    crossed = Replacements(names={"Bellwether": "Lodestone", "Lodestone": "Bellwether"}, figures={})
    with pytest.raises(CaseError, match="is itself an original"):
        alter("Bellwether grows.", crossed)


def test_the_altered_example_scores_as_the_original(
    case: Case, text: str, record_of: Callable[[Case, str], DealSummary]
) -> None:
    """Gold and text are altered alike: gold as prediction of the altered example is right in every leaf."""
    replacements = load_replacements(case.deal)
    altered = alter(text, replacements)
    gold = alter_case(case, altered, replacements)
    record = record_of(gold, altered.text)
    outcomes = score(gold, record, altered.text)
    assert {outcome.result for outcome in outcomes} == {Result.TP, Result.TN}
    assert not any(outcome.kind for outcome in outcomes)
    assert unsupported(record, altered.text) == []
    assert remembered(record, replacements) == []


def test_what_is_remembered_is_found(case: Case, text: str, perfect: DealSummary) -> None:
    """A record that answers the original to an altered text is wrong, unsupported and remembered."""
    replacements = load_replacements(case.deal)
    altered = alter(text, replacements)
    gold = alter_case(case, altered, replacements)
    wrong = {outcome.field for outcome in score(gold, perfect, altered.text) if outcome.kind}
    assert {"amount.value", "stake.percent", "valuation.value", "party.acquirer", "people.name"} <= wrong
    assert "amount: €180 million" in unsupported(perfect, altered.text)
    assert {"€180 million", "22%", "Harbor Quay", "Annika Tervo"} <= set(remembered(perfect, replacements))


GOLD = [*load_cases(CASES), *load_cases(DOCUMENTS)]


@pytest.mark.parametrize("case", GOLD, ids=lambda case: case.name)
def test_replacements_keep_the_arithmetic_true(case: Case) -> None:
    """Amount ÷ stake stands to the valuation as it did, within 2%, and every figure is another one."""
    replacements = load_replacements(case.deal)
    gold = alter_case(case, alter("", replacements), replacements)

    def implied(each: Case) -> float:
        assert each.amount is not None
        assert each.stake is not None
        assert each.valuation is not None
        assert each.amount.value is not None
        assert each.valuation.value is not None
        return float(each.amount.value * 100 / each.stake.percent / each.valuation.value)

    assert implied(gold) == pytest.approx(implied(case), rel=0.02)
    for before, after in (
        (case.amount, gold.amount),
        (case.stake, gold.stake),
        (case.valuation, gold.valuation),
    ):
        assert before is not None
        assert after is not None
        assert before.text != after.text
        assert before.qualifier == after.qualifier
    for old, new in zip(case.earlier_deals, gold.earlier_deals, strict=True):
        assert old.year is None or old.year != new.year
    assert not {name for party in case.parties for name in party.names} & {
        name for party in gold.parties for name in party.names
    }
