"""Texts as files and pages hold them: what a good reader answers is grounded, at its place in the text as given."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from summarizer import DealSummary, summarize
from summarizer.checks import walk
from summarizer.document import read_document
from summarizer.findings import Span
from summarizer.llm.base import Profile
from tests.conftest import FakeModel

READER = Profile(plan="whole", trust="model", concurrency=1, reasks=0)
PROSE = {"headline": None, "narrative": None}


def quoted(words: str, sentence: int = 1, **beside: Any) -> dict[str, Any]:
    return {"quote": words, "sentence": sentence, **beside}


def money(words: str, sentence: int = 1, basis: str = "unspecified") -> dict[str, Any]:
    return quoted(words, sentence, basis=basis, undisclosed=False)


def party(role: str, name: str, *aliases: str, sentence: int = 1) -> dict[str, Any]:
    return {"name": quoted(name, sentence), "aliases": list(aliases), "role": role}


def read(text: str, *, strict: bool = False, **answers: Any) -> DealSummary:
    """The record of a text of which a model says this; every span of it fits the text."""

    def reply(schema: dict[str, Any]) -> dict[str, Any]:
        empty = {
            name: [] if part.get("type") == "array" else None for name, part in schema["properties"].items()
        }
        return {**empty, "is_deal": {"answer": True, "sentence": 1}, **answers}

    record = summarize(text, model=FakeModel(reply, profile=READER), strict=strict)
    spans = [span for _, value in walk(dict(record)) for span in getattr(value, "evidence", ())]
    spans += [span for finding in record.findings for span in finding.evidence]
    spans += [span for of_field in record.evidence.values() for span in of_field]
    assert all(text[span.start : span.end] == span.text for span in spans)
    return record


def names(record: DealSummary) -> dict[str, str]:
    return {one.name: str(one.role) for one in record.parties}


def left_out(record: DealSummary) -> list[str]:
    return [f"{one.field}: {one.message}" for one in record.findings if one.code.startswith("unsupported")]


FORMS = [
    pytest.param(
        "Corvid Group said on 3 March 2032 that it has completed the pur-\nchase of Hol-\nlow Oak for about "
        "6.3 mil-\nlion euros in cash.",
        "Hollow Oak",
        ("6.3 million euros", "6300000", "EUR"),
        id="hyphens at line ends",
    ),
    pytest.param(
        "Corvid Group said on 3 March 2032 that it has completed the purchase of Anglo-\nSaxon Mills for £6.3 mil-\r\n"
        "lion in cash.",
        "Anglo-Saxon Mills",
        ("£6.3 million", "6300000", "GBP"),
        id="a hyphen of the name at a line end",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of \ufb01nance house Fluf\ufb01ngton Of\ufb01ce Supplies for $6.3 million.",
        "Fluffington Office Supplies",
        ("$6.3 million", "6300000", "USD"),
        id="ligatures",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of Bra\u0308u Cafe\u0301s N\u0303or for \u20ac6.3 million.",
        "Bräu Cafés Ñor",
        ("€6.3 million", "6300000", "EUR"),
        id="combining marks",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of Bräu Cafés Ñor for €6.3 million.",
        "Bra\u0308u Cafe\u0301s N\u0303or",
        ("€6.3 million", "6300000", "EUR"),
        id="combining marks in the answer",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of Weald &amp; Downs Ltd for &pound;6.3&nbsp;million.",
        "Weald & Downs Ltd",
        ("£6.3 million", "6300000", "GBP"),
        id="entities",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of Weald & Downs Ltd for £6.3 million.",
        "Weald &amp; Downs Ltd",
        ("£6.3 million", "6300000", "GBP"),
        id="entities in the answer",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of Wea\u00adld\u200b Downs for $6.\u200b3 million\u2060.",
        "Weald Downs",
        ("$6.3 million", "6300000", "USD"),
        id="invisible characters",
    ),
    pytest.param(
        "🎉 Corvid Group 👩\u200d🚀 has completed the purchase of 株式会社山 (Yama) for ¥6.3 billion 🎊!",
        "株式会社山",
        ("¥6.3 billion", "6300000000", "JPY"),
        id="emoji and ideographs",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of O’Brien–Hale “Mills” for $6.3 million.",
        'O\'Brien-Hale "Mills"',
        ("$6.3 million", "6300000", "USD"),
        id="typographic quotes and dashes",
    ),
    pytest.param(
        "Corvid Group has completed the purchase of Weald\u00a0Downs for $6.3\u202fmillion,\u2028it said.",
        "Weald Downs",
        ("$6.3 million", "6300000", "USD"),
        id="other blanks and line ends",
    ),
    pytest.param(
        "Ｃｏｒｖｉｄ Group has completed the purchase of Ｗｅａｌｄ Downs for $6.3 million.",
        "Weald Downs",
        ("$6.3 million", "6300000", "USD"),
        id="full width",
    ),
]


@pytest.mark.parametrize(("text", "target", "amount"), FORMS)
def test_words_are_found_however_they_are_written(
    text: str, target: str, amount: tuple[str, str, str]
) -> None:
    """Hyphens at line ends, ligatures, accents, entities and invisible characters lose no fact."""
    record = read(
        text,
        parties=[party("acquirer", "Corvid Group"), party("target", target)],
        amount=money(amount[0]),
        strict=True,
    )
    assert left_out(record) == []
    assert [str(one.role) for one in record.parties] == ["acquirer", "target"]
    assert record.parties[0].name in ("Corvid Group", "Ｃｏｒｖｉｄ Group")
    assert "&amp;" not in record.parties[1].name
    assert record.amount is not None
    assert (record.amount.value, record.amount.currency) == (Decimal(amount[1]), amount[2])


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            "Pell & Moss LLC and Ash, Vane & Co. have jointly bought Dale &amp; Fen Ltd from Rook &amp; Sons LLP for £2 million.",
            {
                "Pell & Moss LLC": "acquirer",
                "Ash, Vane & Co.": "acquirer",
                "Dale & Fen Ltd": "target",
                "Rook & Sons LLP": "seller",
            },
        ),
        (
            "Vane, Pell, Moss & Partners was bought by Dunmore Inc., L.P. Rook S.p.A. advised it.",
            {
                "Vane, Pell, Moss & Partners": "target",
                "Dunmore Inc.": "acquirer",
                "L.P. Rook S.p.A.": "adviser",
            },
        ),
        (
            "J. R. Ash Co. bought U.S. Tile Corp. from Vane.com.",
            {"J. R. Ash Co.": "acquirer", "U.S. Tile Corp.": "target", "Vane.com": "seller"},
        ),
        ("Ash! Tiles Inc. bought 3i Mills (Holdings) Ltd.", {"3i Mills (Holdings) Ltd": "target"}),
    ],
)
def test_names_with_marks_in_them_are_whole(text: str, parties: dict[str, str]) -> None:
    """An ampersand, a comma or a full stop inside of a name belongs to it."""
    record = read(text, parties=[party(role, name) for name, role in parties.items()], strict=True)
    assert names(record) == parties


@pytest.mark.parametrize(
    ("text", "name", "held"),
    [
        (
            "Ash Vale Mining (NYSE-A: AVMX) and Dunmore (LSE: DUN) merge.",
            "Ash Vale Mining (NYSE-A: AVMX)",
            "Ash Vale Mining",
        ),
        ("Ash Vale Mining (NASDAQ: AVM.O) buys Elm.", "Ash Vale Mining (NASDAQ: AVM.O)", "Ash Vale Mining"),
        ("Ash Vale Mining plc (AVM.L) buys Elm.", "Ash Vale Mining plc (AVM.L)", "Ash Vale Mining plc"),
        (
            "Ash Vale Mining (TSX: AVM, NYSE: AVMX) buys Elm.",
            "Ash Vale Mining (TSX: AVM, NYSE: AVMX)",
            "Ash Vale Mining",
        ),
        ("Ash Vale Mining <AVM.N> buys Elm.", "Ash Vale Mining <AVM.N>", "Ash Vale Mining"),
        ("Ash Vale (Holdings) Ltd buys Elm.", "Ash Vale (Holdings) Ltd", "Ash Vale (Holdings) Ltd"),
        ("Ash Vale (New Zealand) buys Elm.", "Ash Vale (New Zealand)", "Ash Vale (New Zealand)"),
        ("Ash Vale (AVM) buys Elm.", "Ash Vale", "Ash Vale"),
    ],
)
def test_a_ticker_is_no_part_of_a_name(text: str, name: str, held: str) -> None:
    """A reader who copies the ticker with the name has named the company all the same."""
    record = read(text, parties=[party("acquirer", name)], strict=True)
    assert names(record) == {held: "acquirer"}


def test_short_forms_are_aliases_of_the_fullest_form() -> None:
    """The name is the fullest form that the text uses; others are its aliases, each once, and none that it lacks."""
    text = (
        "Dunmore to buy Wren for $3 million\n\nDunmore Resources is set to buy Wren Tile Works. Dunmore said Wren Tile "
        "is a good firm. The shares of Wren rose."
    )
    record = read(
        text,
        parties=[
            party("acquirer", "Dunmore Resources", "Dunmore", "Dunmore Resources", "Dunmore plc", sentence=2),
            party("target", "Wren", "Wren Tile Works", "Wren Tile", sentence=1),
        ],
        amount=money("$3 million"),
    )
    assert [(one.name, one.aliases) for one in record.parties] == [
        ("Dunmore Resources", ("Dunmore",)),
        ("Wren Tile Works", ("Wren", "Wren Tile")),
    ]


def test_one_party_for_the_forms_of_one_name() -> None:
    """An alias that is given as a party of its own, in the same role, is no second party."""
    text = "Dunmore Resources is set to buy Wren Tile Works. Dunmore said Wren is a good firm."
    record = read(
        text,
        parties=[
            party("acquirer", "Dunmore", sentence=2),
            party("acquirer", "Dunmore Resources", "Dunmore"),
            party("target", "Wren Tile Works", "Wren"),
            party("target", "Wren", sentence=2),
        ],
    )
    assert [(one.name, one.aliases) for one in record.parties] == [
        ("Dunmore Resources", ("Dunmore",)),
        ("Wren Tile Works", ("Wren",)),
    ]


TABLES = [
    ("(in millions of US dollars)\nCash 310.5\nShares 90.5\nTotal 401.0", "401000000"),
    ("(in millions)\nCash $310.5\nShares 90.5\nTotal $401.0", "401000000"),
    ("US$ million\n\nCash 310.5\nShares 90.5\nTotal 401.0", "401000000"),
    ("(in thousands)\n\nCash $310.5\nTotal $401.0", "401000"),
]


@pytest.mark.parametrize(("table", "value"), TABLES)
def test_a_figure_under_a_scale_is_never_read_without_it(table: str, value: str) -> None:
    """Below "(in millions)", 401.0 is no 401 dollars: the amount is 401 million or nothing."""
    text = f"Dunmore buys Wren\n\nDunmore Inc. said that it has bought Wren Corp. The price was as follows.\n\n{table}\n"
    for sentence in read_document(text).sentences:
        for words in ("401.0", "$401.0", "Total 401.0", "Total $401.0"):
            if words in sentence.text:
                record = read(text, amount=money(words, sentence.number))
                assert record.amount is None or record.amount.value == Decimal(value)


BESIDE = [
    pytest.param(
        "Rio Alto said on Wednesday it would buy Arbor Metals for $2.3 billion in cash, or $5.10 a share. Arbor itself was "
        "formed only last year, by the $4.6 billion merger of Alken and Livia. Rio Alto has a market value of $50 billion.",
        {
            "deal_type": "acquisition",
            "parties": [("acquirer", "Rio Alto"), ("target", "Arbor Metals")],
            "amount": ("$2.3 billion", 1, "2300000000"),
            "earlier": ("the $4.6 billion merger of Alken and Livia", 2, "$4.6 billion", "4600000000"),
        },
        id="an earlier merger of the target",
    ),
    pytest.param(
        "Vantry said on 3 June 2032 that it has rejected offers from Cyra, of $8 a share in cash, and from Fenwick, of up to "
        "$466 million. Under a plan of April, anyone who buys more than 10% sets off an issue of new shares.",
        {
            "deal_type": "acquisition",
            "parties": [("target", "Vantry"), ("acquirer", "Cyra"), ("acquirer", "Fenwick")],
            "amount": ("up to $466 million", 1, "466000000"),
        },
        id="a rival bidder",
    ),
    pytest.param(
        "Lumen has raised EUR24 million in a round joined by its major investors, which brings the total to EUR51 million. In "
        "Norway a 2029 plan to buy the lender Insta Bank for EUR132 million failed.",
        {
            "deal_type": "funding_round",
            "parties": [("target", "Lumen")],
            "amount": ("EUR24 million", 1, "24000000"),
            "earlier": (
                "a 2029 plan to buy the lender Insta Bank for EUR132 million failed",
                2,
                "EUR132 million",
                "132000000",
            ),
        },
        id="a plan that failed",
    ),
    pytest.param(
        "Meanwhile, Dunmore Inc. chief Dana Rees got a 22% raise to $15.7 million in 2030. Dunmore Inc. agreed on Monday to buy "
        "Wren Corp. North America for $61 million in cash.",
        {
            "deal_type": "acquisition",
            "parties": [("acquirer", "Dunmore Inc."), ("target", "Wren Corp. North America")],
            "amount": ("$61 million", 2, "61000000"),
        },
        id="a salary before the deal",
    ),
    pytest.param(
        "In other news, Elm bought Oak for $90 million last week. Dunmore Inc. agreed on Monday to buy Wren Corp. for $61 million.",
        {
            "deal_type": "acquisition",
            "parties": [("acquirer", "Dunmore Inc."), ("target", "Wren Corp.")],
            "amount": ("$61 million", 2, "61000000"),
        },
        id="another deal before the deal",
    ),
]


@pytest.mark.parametrize(("text", "right"), BESIDE)
def test_what_is_named_beside_the_deal_changes_nothing(text: str, right: dict[str, Any]) -> None:
    """The reader's answers stand: no rule takes another deal's figure, name or type in their place."""
    amount, earlier = right["amount"], right.get("earlier")
    answers: dict[str, Any] = {
        "deal_type": {"answer": right["deal_type"], "sentence": 1},
        "parties": [party(role, name) for role, name in right["parties"]],
        "amount": money(amount[0], amount[1]),
    }
    if earlier:
        answers["earlier_deals"] = [
            {
                "description": quoted(earlier[0], earlier[1]),
                "year": None,
                "amount": quoted(earlier[2], earlier[1], undisclosed=False),
                "valuation": None,
            }
        ]
    record = read(text, strict=True, **answers)
    assert str(record.deal_type) == right["deal_type"]
    assert [(str(one.role), one.name) for one in record.parties] == right["parties"]
    assert record.amount is not None
    assert record.amount.value == Decimal(amount[2])
    assert (record.stake, record.valuation) == (None, None)
    assert [str(one.amount.value) for one in record.earlier_deals if one.amount] == (
        [earlier[3]] if earlier else []
    )


NOTES = "Dunmore buys {}. Dunmore pays $31 a share, or $135 million in all. The *price* is a 20% premium to the $26 close."


def _noted() -> DealSummary:
    return read(
        NOTES.format("Wren"),
        amount=money("$135 million", 2),
        concerns=[quoted("The *price* is a 20% premium to the $26 close", 3)],
        headline="Dunmore pays $31 a share, or $135 million in all.",
    )


def test_html_in_a_notebook_shows_dollars() -> None:
    """Mathematics needs two dollar signs in one run of text: each has an element of its own, and the whole opts out."""
    html = _noted()._repr_html_()
    assert 'class="deal-record tex2jax_ignore mathjax_ignore"' in html
    runs = re.split(r"<[^>]*>", re.sub(r"(?s)<style>.*?</style>", "", html))
    assert "$" in runs
    assert all(run == "$" for run in runs if "$" in run)
    assert "$135 million" in "".join(runs)
    assert "*price*" in "".join(runs)


def test_markdown_in_a_notebook_shows_dollars() -> None:
    """A notebook resolves the backslash, so each dollar sign stands in an element; asterisks are literal."""
    markdown = _noted()._repr_markdown_()
    assert markdown.count("$") == markdown.count("<span>\\$</span>") > 2
    assert "\\*price\\*" in markdown
    assert json.dumps(markdown)


def test_spans_are_those_of_the_text_as_given() -> None:
    """A span counts characters of the given text, whatever stands before it."""
    text = (
        "\ufeff👨\u200d👩\u200d👧 e\u0301 &amp; \ufb01 Dunmore has bought Wren &amp; Sons for $61 mil-\nlion."
    )
    record = read(text, parties=[party("target", "Wren & Sons")], amount=money("$61 million"), strict=True)
    (span,) = record.parties[0].evidence
    assert isinstance(span, Span)
    assert "Wren &amp; Sons for $61 mil-\nlion" in span.text
