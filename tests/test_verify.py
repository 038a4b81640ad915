"""``verify``: records of any make against a text, without a model."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pytest
from pydantic import BaseModel

import summarizer
from evals.planted import PLANTED, SENTENCE, Planted, ours
from summarizer import DealSummary, Verification, verify
from summarizer.errors import EmptyInput, InputError
from summarizer.findings import Span
from summarizer.records.deal import Amount, Party
from summarizer.records.deal_terms import PartyRole

TEXT = """Alder Paper buys into Birch Mills

OSLO, 12 June 2031 - Alder Paper said it will pay $14.3 billion for 49% of Birch Mills, a maker of cardboard. \
The deal values Birch at more than $29 billion, or 12 times earnings.

Dana Harlow, who runs Birch Mills, becomes chair of the advisory board on 1 July. Birch has 1,250 employees at three \
plants, and sales of $870 million. It raised between $200 million and $300 million in 2026.

"We have looked at Birch for years," said Marcus Vane, finance chief of Alder Paper.

Read also:
Tarn Power sells its last hydro plants for $1.2 billion
"""


def codes(record: Any, text: str = TEXT) -> dict[str, str]:
    """Each path with a finding, and the finding's code."""
    return {finding.field: finding.code for finding in verify(record, text).findings}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: f"{planted.kind}-{planted.document}")
def test_a_planted_error_is_caught_and_the_right_value_holds(planted: Planted) -> None:
    """Five kinds of error, four of each, beside the right values."""
    assert ours(planted.wrong, planted.text) & set(planted.paths)
    found = verify(planted.right, planted.text)
    assert found.ok
    assert set(found.evidence) >= {planted.paths[0]}


def test_the_planted_errors_are_of_five_kinds() -> None:
    """The comparison counts four of each."""
    kinds = [planted.kind for planted in PLANTED]
    assert {kinds.count(kind) for kind in kinds} == {4}
    assert len(set(kinds)) == 5
    assert SENTENCE in kinds


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("amount", "$14.3 billion", "$14.3 billion"),
        ("amount", "US$14.3bn", "$14.3 billion"),
        ("amount", "14.3 billion dollars", "$14.3 billion"),
        ("amount", "14.3 billion", "$14.3 billion"),
        ("amount", "14,300,000,000", "$14.3 billion"),
        ("amount", 14_300_000_000, "$14.3 billion"),
        ("amount", 14.3e9, "$14.3 billion"),
        ("amount", Decimal("14300000000"), "$14.3 billion"),
        ("amount_usd", 14.3e9, "$14.3 billion"),
        ("amount_billions", 14.3, "$14.3 billion"),
        ("amount_usd_bn", 14.3, "$14.3 billion"),
        ("amountUsdMillions", 14300, "$14.3 billion"),
        ("price", {"value": 14.3e9, "currency": "USD"}, "$14.3 billion"),
        ("price", {"value": 14.3, "unit": "billion", "currency": "$"}, "$14.3 billion"),
        ("raised", "$200 million to $300 million", "between $200 million and $300 million"),
        ("raised", {"value": 200e6, "upper": 300e6, "currency": "USD"}, None),
        ("share", "49%", "49%"),
        ("share", "49 per cent", "49%"),
        ("share", 49, "49%"),
        ("share", 0.49, "49%"),
        ("share_percent", 49.0, "49%"),
        ("share", {"value": 49, "unit": "percent"}, "49%"),
        ("multiple", "12x", "12 times"),
        ("staff", 1250, "1,250"),
        ("plants", 3, "three"),
        ("year", 2026, "2026"),
        ("signed", "2031-06-12", "12 June 2031"),
        ("signed", "2031-06-12T00:00:00Z", "12 June 2031"),
        ("signed", datetime.date(2031, 6, 12), "12 June 2031"),
        ("signed", datetime.datetime(2031, 6, 12, 9, 30), "12 June 2031"),
        ("signed", "June 12, 2031", "12 June 2031"),
        ("signed", "2031-06", "12 June 2031"),
        ("starts", "2031-07-01", "1 July"),
        ("buyer", "Alder Paper", "Alder Paper"),
        ("buyer", "ALDER PAPER", "Alder Paper"),
        ("role", "chair of the advisory board", "chair of the advisory board"),
        ("role", "finance chief, Alder Paper", None),
        ("why", "“We have looked at Birch for years”", "We have looked at Birch for years"),
    ],
)
def test_a_value_holds_in_whatever_form_it_has(field: str, value: Any, place: str | None) -> None:
    """Numbers, dates, names and quotations of any type are found, with the place where they stand."""
    found = verify({field: value}, TEXT)
    assert found.findings == ()
    assert found.ok
    (path, *_) = found.checked
    first = found.evidence[path][0]
    assert TEXT[first.start : first.end] == first.text
    if place is not None:
        assert place in first.text or first.text in place


@pytest.mark.parametrize(
    ("field", "value", "code", "said"),
    [
        ("amount", "$14.3 million", "other_scale", "the text says $14.3 billion"),
        ("amount", 14_300_000, "other_scale", "The record says 14.3 million; the text says $14.3 billion"),
        ("amount_millions", 14.3, "other_scale", "the text says $14.3 billion"),
        ("amount", "€14.3 billion", "other_unit", "the text says $14.3 billion"),
        ("amount_eur", 14.3e9, "other_unit", "EUR 14.3 billion; the text says $14.3 billion"),
        ("amount", "14.3 billion yen", "other_unit", "the text says $14.3 billion"),
        ("amount", "$49", "other_unit", "the text says 49%"),
        ("amount", "$13.4 billion", "near_figure", "the nearest in the text is $14.3 billion"),
        ("amount", 14_400_000_000, "near_figure", "$14.3 billion"),
        ("amount", "$14 billion", "rounded", "the text says $14.3 billion, which it rounds"),
        ("amount", "$14.32 billion", "overprecise", "the text says only $14.3 billion"),
        ("amount", "$77 million", "not_in_text", "does not state $77 million"),
        ("amount", "$1.2 billion", "outside_article", "outside the article"),
        ("share", "94%", "near_figure", "49%"),
        ("share", 61.5, "not_in_text", "61.5"),
        ("signed", "2031-06-21", "near_figure", "12 June 2031"),
        ("signed", "2031-12-06", "near_figure", "12 June 2031"),
        ("signed", datetime.date(2030, 6, 12), "near_figure", "12 June 2031"),
        ("starts", "2033-07-01", "overprecise", "the text says only 1 July"),
        ("raised_on", "2026-03-04", "overprecise", "the text says only 2026"),
        ("staff", 1520, "not_in_text", "1,520"),
        ("buyer", "Adler Paper", "near_words", 'the nearest is "Alder Paper"'),
        ("chief", "Diana Harlow", "near_words", 'the nearest is "Dana Harlow"'),
        ("chief", "Marcus Harlow", "not_in_text", "Marcus Harlow"),
        ("seller", "Quillon Forestry", "not_in_text", "Quillon Forestry"),
        ("seller", "Tarn Power", "outside_article", "outside the article"),
        ("terms", "an investment of $41 billion", "not_in_text", "$41 billion"),
        ("sum", "Alder Paper will pay $13.4 billion for nearly half of the shares in Birch Mills in one go.", "unsupported_prose", "$13.4 billion"),
        ("sum", "The long talks ended when Alder Paper and the Quillon family agreed on a price for the mills.", "unsupported_prose", "Quillon"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_a_finding_that_tells_what_the_text_holds(
    field: str, value: Any, code: str, said: str
) -> None:
    """The code says how the value is wrong, and the message what the text holds instead."""
    found = verify({field: value}, TEXT)
    (finding,) = found.findings
    assert (finding.code, finding.field) == (code, field)
    assert said in finding.message
    assert not found.ok
    assert field in found.checked
    assert field not in found.evidence
    for span in finding.evidence:
        assert TEXT[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "value", [True, False, "pending", "minority_investment", "ALL_CASH", "n/a", "unknown", 2, float("nan")]
)
def test_what_a_text_cannot_settle_is_listed_as_unchecked(value: Any) -> None:
    """Judgements, members of closed sets and small counts are neither right nor wrong."""
    found = verify({"field": value}, TEXT)
    assert found.ok
    assert list(found.unchecked) == ["field"]
    assert found.checked == ()


@pytest.mark.parametrize("value", [None, "", "  ", [], {}])
def test_what_is_empty_is_neither_checked_nor_unchecked(value: Any) -> None:
    """There is nothing to look up."""
    assert verify({"field": value}, TEXT) == Verification()


class Chief(BaseModel):
    name: str
    role: str = "chair"


class Deal(BaseModel):
    buyer: str
    kind: Literal["Minority stake", "Takeover"]
    price: float
    chiefs: list[Chief]


@dataclass
class Sale:
    buyer: str
    price: float
    chiefs: list[dict[str, str]]


@pytest.mark.parametrize(
    "record",
    [
        Deal(buyer="Adler Paper", kind="Takeover", price=14.3e9, chiefs=[Chief(name="Dana Harlov")]),
        Sale(buyer="Adler Paper", price=14.3e9, chiefs=[{"name": "Dana Harlov"}]),
        {"buyer": "Adler Paper", "price": 14.3e9, "chiefs": ({"name": "Dana Harlov"},)},
    ],
    ids=["pydantic", "dataclass", "dict"],
)
def test_records_of_every_make_have_the_same_paths(record: Any) -> None:
    """The paths are those of the record's own fields."""
    assert codes(record) == {"buyer": "near_words", "chiefs[0].name": "near_words"}
    assert "price" in verify(record, TEXT).evidence


def test_a_schema_tells_free_text_from_a_closed_set() -> None:
    """One small word is looked up where the schema calls it a string, and a Literal is not."""
    record = Deal(
        buyer="Alder Paper", kind="Minority stake", price=14.3e9, chiefs=[Chief(name="Dana Harlow")]
    )
    for given, schema in ((record, None), (record.model_dump(), Deal)):
        found = verify(given, TEXT, schema)
        assert found.ok
        assert list(found.unchecked) == ["kind"]
        assert "chiefs[0].role" in found.evidence
    assert "chiefs[0].role" in verify(record.model_dump(), TEXT).unchecked


SENTENCES = {
    "price": "Alder Paper said it will pay $14.3 billion for 49% of Birch Mills",
    "value": "The deal values Birch at more than $29 billion",
}


def span(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


@pytest.mark.parametrize(
    "evidence",
    [
        SENTENCES["price"],
        [SENTENCES["price"]],
        span(SENTENCES["price"]),
        [span(SENTENCES["price"])],
        [{"start": span("$14.3 billion")["start"], "end": span("$14.3 billion")["end"]}],
        [Span(**span(SENTENCES["price"]))],
    ],
    ids=["quotation", "quotations", "span", "spans", "offsets", "models"],
)
@pytest.mark.parametrize("key", ["evidence", "quote"])
def test_a_figure_has_to_stand_in_the_evidence_that_the_record_gives(evidence: Any, key: str) -> None:
    """A figure of another sentence is one of the text, and still wrong."""
    record = {"value": 14.3e9, "currency": "USD", key: evidence}
    assert codes({"amount": record}) == {}
    found = verify({"amount": {**record, "value": 29e9}}, TEXT)
    assert [(f.code, f.field) for f in found.findings] == [("not_in_evidence", "amount.value")]
    assert "$14.3 billion" in found.findings[0].message


def test_a_figure_has_to_be_the_one_that_is_quoted_beside_it() -> None:
    """Also where both stand in the text, and in one sentence."""
    record = {"text": "$200 million", "value": 300e6, "currency": "USD"}
    text = "Alder raised $200 million from its owners and $300 million from a bank, said Dana Harlow."
    assert codes(record, text) == {"value": "not_in_evidence"}


@pytest.mark.parametrize(
    ("evidence", "code", "path"),
    [
        ([{"start": 0, "end": 11, "text": "Birch Mills"}], "bad_span", "party.evidence[0]"),
        ([{"start": 9_000, "end": 9_011, "text": "Alder Paper"}], "bad_span", "party.evidence[0]"),
        ([{"start": 11, "end": 0, "text": "Alder Paper"}], "bad_span", "party.evidence[0]"),
        ("Alder Paper walks away from Birch", "not_in_text", "party.evidence"),
        ([span("Tarn Power")], "outside_article", "party.evidence[0]"),
        ([span("Birch has 1,250 employees")], "not_in_evidence", "party.name"),
    ],
)
def test_evidence_is_checked_too(evidence: Any, code: str, path: str) -> None:
    """Spans have to hold what they are said to hold, and quotations have to stand in the article."""
    found = verify({"party": {"name": "Alder Paper", "evidence": evidence}}, TEXT)
    assert (path, code) in [(finding.field, finding.code) for finding in found.findings]


QUOTES = {"price_quote": SENTENCES["price"], "valuation_evidence": [SENTENCES["value"]]}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"price": 14.3e9, "valuation": 29e9, **QUOTES}, {}),
        ({"price": 29e9, "valuation": 29e9, **QUOTES}, {"price": "not_in_evidence"}),
        ({"price": 14.3e9, "valuation": "$870 million", **QUOTES}, {"valuation": "not_in_evidence"}),
        ({"price": 14.3e9, "staff": 1250, "quote": SENTENCES["price"]}, {}),
        ({"price": 14.3e9, "staff": 1250, "quote": "Nobody gave up"}, {"quote": "not_in_text"}),
        ({"price": 14.3e9, "signed": "2031-07-01", "quote": SENTENCES["price"]}, {}),
        ({"price": 29e9, "buyer": "Alder Paper", "quote": SENTENCES["price"]}, {"price": "not_in_evidence"}),
    ],
)
def test_evidence_binds_the_figure_that_it_belongs_to(
    record: dict[str, Any], expected: dict[str, str]
) -> None:
    """Its own field, or the only figure; one quotation beside several figures may be that of any of them."""
    assert codes(record) == expected


def test_the_evidence_of_any_record_of_ours_is_by_path() -> None:
    """Plain annotations have their evidence in one mapping."""
    record = {
        "price": 29e9,
        "findings": [],
        "provenance": None,
        "usage": {},
        "evidence": {"price": [span(SENTENCES["price"])]},
    }
    assert codes(record) == {"price": "not_in_evidence"}
    assert codes({**record, "price": 14.3e9}) == {}


def summary(**changes: Any) -> DealSummary:
    quoted = Span(**span(SENTENCES["price"]))
    amount = Amount(text="$14.3 billion", value=Decimal("14300000000"), currency="USD", evidence=(quoted,))
    party = Party(name="Alder Paper", role=PartyRole.ACQUIRER, evidence=(quoted,))
    return DealSummary(**{"is_deal": True, "amount": amount, "parties": (party,), **changes})


@pytest.mark.parametrize("as_json", [False, True])
def test_our_own_records_are_verified_as_objects_and_as_json(as_json: bool) -> None:
    """What they carry beside their facts is left out, and closed sets are not looked up."""

    def given(record: DealSummary) -> Any:
        return json.loads(record.model_dump_json()) if as_json else record

    found = verify(given(summary()), TEXT)
    assert found.ok
    assert {"amount.value", "amount.text", "parties[0].name"} <= found.evidence.keys()
    assert {"is_deal", "parties[0].role", "amount.qualifier"} <= found.unchecked.keys()
    wrong = summary(amount=summary().amount.model_copy(update={"value": Decimal("14300000")}))  # type: ignore[union-attr]
    assert codes(given(wrong)) == {"amount.value": "other_scale"}
    prose = summary(headline="Alder Paper buys into Birch Mills for $19 billion")
    assert codes(given(prose)) == {"headline": "unsupported_prose"}


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"amount": "$14.3 billion", "stake": "49%", "valuation": "$870 million"}, "arithmetic"),
        ({"amount": 14.3e9, "stake": 49, "deal_type": "acquisition"}, "type_against_stake"),
        ({"parties": [{"name": "Alder Paper", "role": role} for role in ("acquirer", "target")]}, "role_clash"),
        (
            {"people": [{"name": "Dana Harlow", "from_role": "chair of the advisory board", "to_role": "chair of the advisory board"}]},
            "same_role",
        ),
        ({"amount": "$29 billion"}, "rules_disagree"),
    ],
)  # fmt: skip
def test_a_record_with_the_fields_of_a_deal_is_checked_as_a_whole(record: dict[str, Any], code: str) -> None:
    """The checks of our own records look for fields by name."""
    assert code in [finding.code for finding in verify(record, TEXT).findings]


def test_a_record_that_agrees_with_itself_passes() -> None:
    """The right figures of a deal raise none of these."""
    record = {
        "amount": "$14.3 billion",
        "stake": "49%",
        "valuation": "$29 billion",
        "deal_type": "minority_investment",
    }
    assert verify(record, TEXT).ok


def test_what_is_no_record_or_no_text_is_refused() -> None:
    """The errors are those of the package."""
    with pytest.raises(InputError, match="A record is"):
        verify("Alder Paper", TEXT)
    with pytest.raises(InputError, match=r"does not fit Deal: buyer"):
        verify({"kind": "Takeover"}, TEXT, Deal)
    with pytest.raises(EmptyInput):
        verify({"buyer": "Alder Paper"}, " \n")


def test_a_list_is_a_record() -> None:
    """Paths of its items begin with their index."""
    assert codes([{"buyer": "Alder Paper"}, {"buyer": "Adler Paper"}]) == {"[1].buyer": "near_words"}


def test_verify_stays_a_function_however_often_it_is_imported() -> None:
    """No module of the package has its name."""
    assert summarizer.verify is verify
    assert callable(summarizer.verify)
    assert {"verify", "Verification"} <= set(summarizer.__all__)


ODD = [10**5000, Decimal("1e999999"), "9" * 5000, "x" * 50_000, "[" * 500, "€", "\ud800", 1e308, -5, "1e400"]


@pytest.mark.parametrize("value", ODD, ids=map(str, range(len(ODD))))
def test_odd_values_do_no_harm(value: Any) -> None:
    """Whatever a record holds, there is an answer, and it is one line."""
    for finding in verify({"field": value, "currency": value}, TEXT).findings:
        assert len(finding.message) < 500
