from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from evals.anls import anls_star
from evals.cases import Case, CaseError, case_schema, choose, problems, read_cases
from evals.gold import GoldMoney, GoldPercent, gold_model
from evals.gold_record import as_record
from evals.labelling import case_of
from evals.score import score
from evals.variants import variants
from summarizer.records.deal import DealSummary

TEXT = "Brenwick buys 30% of Larkfield for about $6.2 million.\n\nMore: Osprey sells for $9 million.\n"
LABELS: dict[str, Any] = {
    "file": "brenwick.txt",
    "deal": "brenwick",
    "gold": {
        "is_deal": True,
        "deal_type": "minority_investment",
        "status": ["announced", "completed"],
        "announced_on": None,
        "parties": [
            {"name": ["Brenwick"], "role": "acquirer", "evidence": ["Brenwick buys"]},
            {"name": "Larkfield", "role": "target", "evidence": ["of Larkfield"]},
        ],
        "amount": {
            "text": "$6.2 million",
            "value": "6200000",
            "currency": "USD",
            "qualifier": "about",
            "evidence": ["about $6.2 million"],
        },
        "stake": {"text": "30%", "percent": "30", "evidence": ["30% of Larkfield"]},
        "valuation": None,
        "consideration": None,
        "people": [],
        "use_of_proceeds": [],
        "rationale": [],
        "concerns": [],
        "conditions": [],
        "earlier_deals": [],
    },
    "forbidden": ["More: Osprey sells for $9 million."],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "brenwick.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "hand").mkdir()
    hand = tmp_path / "hand" / "brenwick.json"
    hand.write_text(json.dumps(LABELS), encoding="utf-8")
    (tmp_path / "brenwick.json").write_text(case_of(hand, tmp_path), encoding="utf-8")
    return tmp_path


def changed(folder: Path, change: Any) -> Path:
    path = folder / "brenwick.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    change(said)
    path.write_text(json.dumps(said), encoding="utf-8")
    return folder


def test_quotations_become_offsets_that_prove_the_gold(folder: Path) -> None:
    """Hand-written labels become a case whose every place states what it is for."""
    [case] = read_cases(folder)
    [amount] = case.gold.amount
    assert [case.text[start:end] for start, end in amount.evidence] == ["about $6.2 million"]
    assert problems(case) == []


def test_a_quotation_that_is_not_there_is_refused(folder: Path) -> None:
    """A quotation that the text does not hold is named, with the file and the field."""
    hand = folder / "hand" / "brenwick.json"
    hand.write_text(json.dumps({**LABELS, "forbidden": ["More: Ospray"]}), encoding="utf-8")
    with pytest.raises(
        CaseError, match=r"brenwick\.json: forbidden: 'More: Ospray' does not stand in the text"
    ):
        case_of(hand, folder)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda case: case["gold"].update(price=None), "gold.price: there is no such field"),
        (lambda case: case["gold"]["amount"].update(value="620000"), "'$6.2 million' is read as 6200000"),
        (lambda case: case["gold"].update(status="done"), "gold.status"),
        (lambda case: case.update(sha256="0" * 64), "is not the text that was labelled"),
        (lambda case: case.update(file="other.txt"), "is missing, for which brenwick.json has gold"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_file_and_place(
    folder: Path, change: Any, said: str
) -> None:
    """An unknown field, a wrong figure, another text, no text: each is refused with what and where."""
    with pytest.raises(CaseError) as caught:
        read_cases(changed(folder, change))
    assert said in str(caught.value)
    assert "brenwick" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda case: case["gold"]["amount"].update(evidence=[[0, 8]]),
            "amount: “Brenwick” at [0, 8] does not state it",
        ),
        (
            lambda case: case["gold"]["amount"].update(evidence=[[56, 88]]),
            "amount: [56, 88] is in a forbidden place",
        ),
        (lambda case: case["gold"]["stake"].update(evidence=[]), "stake: no evidence"),
        (
            lambda case: case["gold"]["stake"].update(evidence=[[5, 900]]),
            "stake: [5, 900] is outside the text",
        ),
        (
            lambda case: case["gold"]["parties"][0].update(name=["Brennick"]),
            "'Brennick' does not stand in the text",
        ),
        (lambda case: case["gold"].pop("people"), "people: no label"),
        (
            lambda case: case.update(conflicts=[{"field": "amount", "figures": ["$7 million"]}]),
            "'$7 million'",
        ),
    ],
)
def test_gold_that_its_text_does_not_bear_out_is_found(folder: Path, change: Any, said: str) -> None:
    """The checker names the path of each label that its text does not bear out."""
    [case] = read_cases(changed(folder, change))
    assert any(said in problem for problem in problems(case)), problems(case)


def test_gold_is_not_bound_by_what_our_parser_reads() -> None:
    """A share in words and a silence in unusual words are labelled as people read them; digits have to parse."""
    share = GoldPercent(text="a quarter", percent=Decimal(25))
    assert (share.stated.value, share.stated.text) == (25, "a quarter")
    assert GoldMoney(text="keep it to ourselves", value=None, currency=None).stated.kind == "undisclosed"
    with pytest.raises(ValueError, match="'5 tenths' is read as no figure"):
        GoldPercent(text="5 tenths", percent=Decimal(50))


def test_whose_dollars_a_bare_sign_means_is_the_annotators_to_say() -> None:
    """A "$" may be any country's dollars in gold, but no dollar that the figure names is another."""
    assert GoldMoney(text="$6.85", value=Decimal("6.85"), currency="AUD").currency == "AUD"
    for text, currency in (("$6.85", "EUR"), ("US$6.85", "AUD"), ("A$6.85", "USD")):
        with pytest.raises(ValueError, match=r"is read as 6\.85"):
            GoldMoney(text=text, value=Decimal("6.85"), currency=currency)


def test_a_place_states_a_figure_in_words_only_where_the_words_stand(folder: Path) -> None:
    """The checker asks for the label's words where they cannot be read."""

    def change(case: dict[str, Any]) -> None:
        case["gold"]["amount"] = {
            "text": "keep it dark",
            "value": None,
            "currency": None,
            "evidence": [[0, 8]],
        }

    [case] = read_cases(changed(folder, change))
    assert any("amount: “Brenwick” at [0, 8] does not state it" in said for said in problems(case))


def test_the_shipped_cases_are_proved_against_their_texts() -> None:
    """Every shipped case stands up to the checker, and both halves have cases."""
    cases = read_cases()
    assert [said for case in cases for said in problems(case)] == []
    assert len(cases) >= 32
    halves = [case.about.split for case in cases]
    assert min(halves.count("locked"), halves.count("development")) >= 16


def test_no_shipped_text_is_one_of_the_known_articles() -> None:
    """Texts that are not part of the project have gold here, and their bytes are not."""
    known = [json.loads(path.read_text(encoding="utf-8")) for path in Path("evals/cases").glob("*.json")]
    shipped = {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in Path("evals/documents").glob("*.txt")
    }
    assert len(known) == 3
    assert not shipped & {said["sha256"] for said in known}


def test_cases_are_chosen_by_name_and_half(folder: Path) -> None:
    """A choice that leaves nothing says what there is."""
    cases = read_cases(folder)
    assert [case.name for case in choose(cases, "wick")] == ["brenwick"]
    with pytest.raises(CaseError, match="No case has 'osprey' in its name; there are brenwick"):
        choose(cases, "osprey")
    with pytest.raises(CaseError, match="No case has locked"):
        choose(cases, split="locked")


def test_the_form_of_a_case_is_published() -> None:
    """The JSON Schema of a case file names the fields of the record."""
    said = json.loads(case_schema())
    assert set(said["required"]) == {"file", "sha256", "deal", "gold"}
    assert "amount" in said["$defs"]["DealSummaryGold"]["properties"]


def test_other_gold_or_text_has_another_digest(folder: Path) -> None:
    """A run is tied to text and gold by a digest of both."""
    [case] = read_cases(folder)
    other = gold_model(DealSummary).model_validate(
        {**case.gold.model_dump(exclude_unset=True), "stake": None}
    )
    assert Case(case.about, other, case.text).gold_digest != case.gold_digest
    assert Case(case.about, case.gold, case.text + " ").gold_digest != case.gold_digest


def test_other_forms_of_a_name_are_not_scored(case: Case, perfect: DealSummary) -> None:
    """Gold may hold aliases of whoever has a name; no score changes, and a typo is still refused."""
    said = case.gold.model_dump(exclude_unset=True)
    said["parties"][0]["aliases"] = ["Harbor Quay", "Quay"]
    told = replace(case, gold=type(case.gold).model_validate(said))
    assert score(told, perfect) == score(case, perfect)
    assert anls_star(told.gold, perfect) == anls_star(case.gold, perfect)
    assert as_record(told.gold, told.schema, told.text).parties == perfect.parties
    assert problems(told) == []
    for variant in variants(told, "deletion") + variants(told, "counterfactual"):
        assert problems(variant) == []
    said["parties"][0]["alias"] = said["parties"][0].pop("aliases")
    with pytest.raises(ValidationError, match="alias"):
        type(case.gold).model_validate(said)


def test_an_alias_that_the_text_does_not_hold_is_a_problem(case: Case) -> None:
    """Aliases are proved against the text like any label."""
    said = case.gold.model_dump(exclude_unset=True)
    said["parties"][0]["aliases"] = ["Nobody Ltd"]
    told = replace(case, gold=type(case.gold).model_validate(said))
    assert any("Nobody Ltd" in problem for problem in problems(told))
