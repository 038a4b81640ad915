"""A figure that the text does not hold never reaches a record, in whatever field and disguise a model gives it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from evals.loopback import fill
from summarizer import summarize
from summarizer.checks import walk
from summarizer.document import Zone, read_document
from summarizer.figures import Mention, find
from summarizer.llm.base import Profile
from summarizer.records.deal import DealFacts
from summarizer.records.values import FigureValue
from tests.conftest import ARTICLE, FakeModel

TEXT = ARTICLE.replace("Harrow Foods buys", "On 9 July 2030 Harrow Foods bought 12% of")
BODY = TEXT.partition("Related articles")[0]
TEASER = {"€": "€9.9 billion", "%": "12%", "": "9 July 2030"}
FIGURES = {
    "amount": ("€2.1 billion", "it will invest about €2.1 billion in Tidewell"),
    "valuation": ("€7 billion", "values Tidewell at more than €7 billion"),
    "stake": ("30%", "The deal gives Norrlund a 30% non-voting stake"),
    "announced_on": ("4 May 2031", "Norrlund Energy AB said on 4 May 2031"),
    "earlier.amount": ("€150 million", "Tidewell raised €150 million"),
    "earlier.valuation": ("€900 million", "at a valuation of €900 million in 2028"),
    "earlier.year": ("2028", "at a valuation of €900 million in 2028"),
}
"""Of each field the figure of the text, and the clause that states it."""


def key(mention: Mention) -> tuple[Any, ...]:
    return mention.kind, mention.value, mention.upper, mention.unit, mention.date


HELD = {key(mention) for mention in find(BODY)}


def sign(figure: str) -> str:
    return next((sign for sign in "€%" if sign in figure), "")


@st.composite
def disguised(draw: st.DrawFn, field: str) -> tuple[str, str]:
    """A figure that the body does not hold, and what the model quotes for it."""
    figure, clause = FIGURES[field]
    way = draw(st.sampled_from(["digit", "unit", "teaser", "neighbour"]))
    if way == "teaser":
        forged = TEASER[sign(figure)]
        return forged, draw(st.sampled_from([forged, clause.replace(figure, forged)]))
    if way == "neighbour":  # words of one sentence with a figure of another
        other = draw(st.sampled_from(sorted({f for f, _ in FIGURES.values()} - {figure})))
        return clause.replace(figure, other), clause.replace(figure, other)
    if way == "unit":
        swaps = [
            ("billion", "million"),
            ("million", "billion"),
            ("€", "$"),
            ("%", " basis points"),
            ("May", "June"),
            ("20", "19"),
        ]
        old, new = draw(st.sampled_from([swap for swap in swaps if swap[0] in figure]))
        forged = figure.replace(old, new)
    else:
        at = draw(st.sampled_from([match.start() for match in re.finditer(r"\d", figure)]))
        forged = figure[:at] + draw(st.sampled_from("123456789")) + figure[at + 1 :]
    if forged in BODY:
        forged = f"1{forged}"
    return forged, draw(st.sampled_from([forged, f"about {forged}", clause.replace(figure, forged)]))


def record_of(quotes: dict[str, str], prose: tuple[str, str], sentence: int, plan: str, trust: str) -> Any:
    """Read the text with a model that quotes these words for the figures."""

    def figure(name: str) -> dict[str, Any]:
        return {"quote": quotes[name], "sentence": sentence, "undisclosed": False}

    said: dict[str, Any] = {
        "is_deal": {"answer": True, "sentence": 2},
        **{name: figure(name) for name in ("amount", "valuation", "stake", "announced_on")},
        "earlier_deals": [
            {
                "description": {"quote": "Tidewell raised", "sentence": sentence},
                **{name: figure(f"earlier.{name}") for name in ("amount", "valuation", "year")},
            }
        ],
        "headline": f"Norrlund invests in Tidewell: {prose[0]}",
        "narrative": f"Norrlund takes a 30% stake in Tidewell. It is about {prose[1]}.",
    }
    model = FakeModel(
        lambda schema: {name: said.get(name, fill(part)) for name, part in schema["properties"].items()},
        profile=Profile(plan, trust=trust, concurrency=2, reasks=0),
    )
    return summarize(TEXT, model=model)


def figures_of(record: Any) -> Iterator[Mention]:
    for path, value in walk({name: getattr(record, name) for name in DealFacts.model_fields}):
        if isinstance(value, FigureValue):
            yield from find(getattr(value, "text", ""))
            assert value.evidence
            assert all(span.text in BODY for span in value.evidence), path
        elif path.endswith(".year"):
            yield from find(f"in {value}") if value else ()
    for prose in (record.headline, record.narrative):
        yield from find(prose or "")


FORGED = st.fixed_dictionaries({name: disguised(name) for name in [*FIGURES]})
PROSE = st.tuples(disguised("amount"), disguised("stake"))


@settings(max_examples=40)
@given(
    forged=FORGED,
    prose=PROSE,
    way=st.sampled_from([("whole", "model"), ("whole", "rules"), ("faceted", "model")]),
    sentence=st.integers(0, 14),
)
def test_no_figure_in_disguise_reaches_the_record(
    forged: dict[str, tuple[str, str]],
    prose: tuple[tuple[str, str], tuple[str, str]],
    way: tuple[str, str],
    sentence: int,
) -> None:
    quotes = {name: quote for name, (_, quote) in forged.items()}
    record = record_of(quotes, (prose[0][0], prose[1][0]), sentence, *way)
    assert {key(mention) for mention in figures_of(record)} <= HELD
    assert {"unsupported"} <= {finding.code for finding in record.findings}
    if way[1] == "model":  # where rules are trusted, what they read fills these
        assert (record.amount, record.valuation, record.stake, record.announced_on) == (None,) * 4
    for earlier in record.earlier_deals:
        assert (earlier.amount, earlier.valuation, earlier.year) == (None, None, None)


def test_the_figures_of_the_text_do_reach_it() -> None:
    """The same model with honest quotes, cited wrongly or not: else the property above would hold of an empty record."""
    quotes = {name: figure for name, (figure, _) in FIGURES.items()}
    record = record_of(quotes, ("€2.1 billion", "30%"), 2, "whole", "model")
    (earlier,) = record.earlier_deals
    found = [
        record.amount,
        record.valuation,
        record.stake,
        record.announced_on,
        earlier.amount,
        earlier.valuation,
    ]
    assert [value.text for value in found] == list(quotes.values())[:-1]
    assert earlier.year == 2028
    assert "€2.1 billion" in record.headline
    zones = {sentence.zone for sentence in read_document(TEXT).sentences if "Harrow" in sentence.text}
    assert zones == {Zone.TEASER}
