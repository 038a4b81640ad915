"""Inputs that version 0.1.0 got wrong, kept outside the project: set KNOWN_CASES to the folder that has cases.json.

The figures are parsed. The texts are read by a model that answers as a good reader would, by quoting; what is tested is
that code makes the right record of it, with spans that fit the text as given.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evals.loopback import emptiest_deal
from summarizer import DealSummary, summarize
from summarizer.figures import find
from summarizer.llm.base import Profile
from tests.conftest import FakeModel

FOLDER = os.environ.get("KNOWN_CASES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="KNOWN_CASES does not name the folder of cases.json")
CASES: dict[str, Any] = (
    json.loads((Path(FOLDER) / "cases.json").read_text(encoding="utf-8"))
    if FOLDER
    else {"figures": [], "texts": []}
)
TEXTS = {one["id"]: one["text"] for one in CASES["texts"]}
WHOLE = Profile("whole", trust="model", concurrency=1, reasks=0)

# What a good reader quotes: parties by role (the aliases behind the name), figures, and choices.
READ: dict[str, dict[str, Any]] = {
    "A02": {
        "parties": {"acquirer": ["Varga Tools"], "target": ["Elm Fasteners"]},
        "amount": "50 MUSD",
        "consideration": "mixed",
        "earlier": "$18.5MM",
        "right": {"amount": ("50000000", "USD"), "consideration": "mixed", "earlier": "18500000"},
    },
    "A03": {
        "parties": {"acquirer": ["Tidewell Lenses"], "target": ["Marlow Optics|Marlow"]},
        "amount": "£23.5 million",
        "right": {"amount": ("23500000", "GBP"), "qualifier": "exact"},
    },
    "A04": {
        "parties": {"acquirer": ["Ridgeway Steel"], "target": ["Corbel Castings"]},
        "amount": "a quarter of a billion pounds",
        "earlier": "three-quarters of a million pounds",
        "right": {"amount": ("250000000", "GBP"), "earlier": "750000"},
    },
    "A05": {
        "parties": {"acquirer": ["Kestrel Foods"], "target": ["Brightwater Dairies"]},
        "amount": "$320 million",
        "stake": "22%",
        "right": {"amount": ("320000000", "USD"), "stake": "22"},
    },
    "A06": {
        "parties": {"acquirer": ["Tanager Group"], "target": ["Meridian Paper"]},
        "amount": "4.2 billion euros",
        "right": {"amount": ("4200000000", "EUR"), "stake": None},
    },
    "A08": {
        "parties": {"acquirer": ["Orchard Inc."], "target": ["Tallis Corp."]},
        "amount": "550.0",
        "right": {"not_amount": "550"},
    },
    "A09": {
        "parties": {"acquirer": ["Orchard Inc."], "target": ["Tallis Corp. North America"]},
        "amount": "$61 million",
        "consideration": "cash",
        "right": {"amount": ("61000000", "USD"), "stake": None, "announced_on": None},
    },
    "A11": {
        "parties": {"acquirer": ["Żabka Foods"], "target": ["Café Ñandú"], "seller": ["株式会社海|Umi Corp"]},
        "amount": "€7 million",
        "right": {"amount": ("7000000", "EUR"), "stake": None},
    },
    "A15": {
        "parties": {"acquirer": ["Pine Valley Media"], "target": ["Larch Radio"]},
        "amount": "$135 million",
        "right": {"amount": ("135000000", "USD"), "notebook": True},
    },
    "A17": {
        "parties": {
            "acquirer": ["Marsh & Dunne LLC", "Orr, Patel & Co."],
            "target": ["Thames & Trent Ltd"],
            "seller": ["Hollis & Crane LLP"],
        },
        "amount": "£8.4 million",
        "right": {"amount": ("8400000", "GBP")},
    },
    "A20": {
        "parties": {"acquirer": ["Inkwell Media"], "target": ["Quill Studios"]},
        "amount": "$120 million",
        "status": "rumoured",
        "right": {"amount": ("120000000", "USD"), "qualifier": "at_least", "status": "rumoured"},
    },
    "A21": {
        "parties": {"acquirer": ["Grupo Sierra"], "target": ["Agua Norte"]},
        "amount": "Mex$3 million",
        "right": {"amount": ("3000000", "MXN")},
    },
    "A24": {
        "parties": {"acquirer": ["Elm Partners"], "target": ["Oak Mills"], "seller": ["Oak family"]},
        "amount": "$30 million",
        "stake": "two-thirds",
        "deal_type": "majority_investment",
        "right": {"amount": ("30000000", "USD"), "stake": "66.67"},
    },
    "B02": {
        "parties": {"acquirer": ["Ramsgate Resources|Ramsgate"], "target": ["Sparrow Resources|Sparrow"]},
        "amount": "$2.4 billion",
        "right": {"amount": ("2400000000", "USD"), "stake": None, "aliases": ["Ramsgate", "Sparrow"]},
    },
    "B03": {
        "parties": {"partner": ["Cobalt Vale Mining (NYSE-A: CVXM)", "Mount Ridge Resources (NYSE-A: MTRR)"]},
        "amount": "$1.5 billion",
        "consideration": "stock",
        "right": {
            "amount": ("1500000000", "USD"),
            "names": ["Cobalt Vale Mining", "Mount Ridge Resources"],
        },
    },
    "B05": {
        "parties": {"acquirer": ["Rio Verde"], "target": ["Arcadia Lithium|Arcadia"]},
        "amount": "$6.7 billion",
        "consideration": "cash",
        "earlier": "$10.6 billion",
        "right": {"amount": ("6700000000", "USD"), "earlier": "10600000000"},
    },
    "C01": {
        "parties": {"acquirer": ["Cyrus Therapeutics", "Fenpack"], "target": ["Vantor Pharma|Vantor"]},
        "amount": "$466 million",
        "status": "rumoured",
        "right": {"amount": ("466000000", "USD"), "qualifier": "at_most", "stake": None, "valuation": None},
    },
    "C02": {
        "parties": {"target": ["Lumar"]},
        "amount": "EUR24 million",
        "deal_type": "funding_round",
        "right": {"amount": ("24000000", "EUR"), "names": ["Lumar"]},
    },
    "C03": {
        "parties": {"acquirer": ["Permeta funds"], "target": ["Altrium Nutrition|Altrium"]},
        "amount": "C$751 million",
        "stake": "75 percent",
        "valuation": "C$1.1 billion",
        "status": "pending",
        "right": {
            "amount": ("751000000", "CAD"),
            "qualifier": "about",
            "stake": "75",
            "valuation": "1100000000",
        },
    },
}


def _quoted(words: str | None, **more: Any) -> Any:
    return None if words is None else {"quote": words, "sentence": 1, **more}


def _answers(read: dict[str, Any], schema: Any) -> dict[str, Any]:
    """The reply of a reader who knows the right quotations, but cites the first sentence for each."""
    parties = [
        {"name": _quoted(names.split("|")[0]), "aliases": names.split("|")[1:], "role": role}
        for role, group in read["parties"].items()
        for names in group
    ]
    earlier = read.get("earlier")
    return {
        **emptiest_deal(schema),
        "is_deal": {"answer": True, "sentence": 1},
        "deal_type": {"answer": read.get("deal_type", "acquisition"), "sentence": 1},
        "status": {"answer": read.get("status", "announced"), "sentence": 1},
        "parties": parties,
        "amount": _quoted(read["amount"], basis="unspecified", undisclosed=False),
        "stake": _quoted(read.get("stake"), voting=None),
        "valuation": _quoted(read.get("valuation"), basis="enterprise", undisclosed=False),
        "consideration": {"answer": read["consideration"], "sentence": 1}
        if "consideration" in read
        else None,
        "earlier_deals": [
            {
                "description": _quoted(earlier),
                "year": None,
                "amount": _quoted(earlier, undisclosed=False),
                "valuation": None,
            }
        ]
        if earlier
        else [],
    }


def _spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"start", "end", "text"} <= set(value):
            yield value
        for part in value.values():
            yield from _spans(part)
    elif isinstance(value, list):
        for part in value:
            yield from _spans(part)


def _record(case: str, **changes: str) -> DealSummary:
    text = TEXTS[case]
    for old, new in changes.items():
        text = text.replace(old, new)
    model = FakeModel(lambda schema: _answers(READ[case], schema), profile=WHOLE)
    record = summarize(text, model=model)
    for span in _spans(record.model_dump(mode="json")):
        assert text[span["start"] : span["end"]] == span["text"]
    return record


@pytest.mark.parametrize(("form", "right"), CASES["figures"])
def test_figures(form: str, right: Any) -> None:
    """Each figure is read whole, with its currency, or not at all."""
    found = find(f"They paid {form} for it.")
    wanted = right if isinstance(right, list) else [right]
    assert len(found) == len(wanted)
    for mention, one in zip(found, wanted, strict=True):
        value = one.get("value", one.get("percent"))
        assert round(mention.value or Decimal(-1), 2) == Decimal(value)
        if "currency" in one:
            assert (mention.unit or None) == one["currency"]
        if "qualifier" in one:
            assert mention.qualifier == one["qualifier"]


@pytest.mark.parametrize("case", sorted(TEXTS))
def test_texts(case: str) -> None:
    """What a good reader quotes becomes the right record."""
    right, record = READ[case]["right"], _record(case)
    assert record.is_deal
    if "amount" in right:
        assert record.amount is not None
        assert (record.amount.value, record.amount.currency) == (
            Decimal(right["amount"][0]),
            right["amount"][1],
        )
    if "not_amount" in right and record.amount is not None:
        assert record.amount.value != Decimal(right["not_amount"])
    if "qualifier" in right:
        assert record.amount is not None
        assert record.amount.qualifier == right["qualifier"]
    for name in ("stake", "valuation"):
        if name in right:
            value = getattr(record, name)
            number = (
                None if value is None else getattr(value, "percent", None) or getattr(value, "value", None)
            )
            wanted = right[name] and Decimal(right[name])
            assert (number and round(number, 2)) == wanted
    if "earlier" in right:
        assert [one.amount.value for one in record.earlier_deals if one.amount] == [Decimal(right["earlier"])]
    quoted = [names.split("|")[0] for group in READ[case]["parties"].values() for names in group]
    assert [party.name for party in record.parties] == right.get("names", quoted)
    if "aliases" in right:
        assert [alias for party in record.parties for alias in party.aliases] == right["aliases"]
    if "announced_on" in right:
        assert record.announced_on is None


@pytest.mark.parametrize("mark", ["¹", "*", "[3]"])
def test_other_footnote_marks(mark: str) -> None:
    """A mark behind the scale word changes nothing."""
    record = _record("A05", **{"million1": f"million{mark}", "22%2": f"22%{mark}"})
    assert record.amount is not None
    assert record.amount.value == 320_000_000
    assert record.stake is not None
    assert record.stake.percent == 22
