"""A text longer than the model's context is read window by window, and its record is that of the whole text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest

from summarizer import DealSummary, errors, summarize
from summarizer.document import read_document
from summarizer.inventory import take_inventory
from summarizer.llm.base import Profile, Reply, Request
from summarizer.plans.windows import split
from summarizer.records.values import Usage

TITLE = "Alder Foods agrees to buy Birch Mills"
LEAD = "LEEDS, 4 March 2031 - Alder Foods has agreed to buy Birch Mills, the two companies said on Tuesday."
PRICE = "Under the agreement Alder will pay £412 million in cash for the whole of Birch."
AGAIN = "The board of Birch recommends the offer of £412 million to the shareholders of the company."
PERSON = "Ines Farrow, finance chief of Birch, will become its managing director after the closing."
RUMOUR = "An early report in the market had put the offer for Birch at £390 million instead."
FILLER = "The board reviewed the history of the mill and the weather of the season at length."
NAMED = "Birch has milled flour for bread, cakes and biscuits since its founders came to the valley."


def long_text(*told: str, filler: int = 250) -> str:
    """A text that tells each of these sentences after pages of others."""
    pages = [
        "\n\n".join(f"{FILLER[:-1]}, part {page}-{i}." for i in range(filler)) for page in range(len(told))
    ]
    return "\n\n".join([TITLE, LEAD, *(part for pair in zip(pages, told, strict=True) for part in pair)])


@dataclass
class Reader:
    """Quotes what it finds in the sentences that it is shown; fails above ``limit`` characters as a server would."""

    context: int | None = 6000
    limit: int = 10**9
    plan: str = "whole"
    name: str = "reader"
    endpoint: str = "test"
    mode: str = "json_schema"
    shown: list[str] = field(default_factory=list)

    @property
    def profile(self) -> Profile:
        return Profile(self.plan, trust="model", concurrency=2, reasks=0, context=self.context)

    async def ask(self, request: Request[Any]) -> Reply[Any]:
        if len(request.article) > self.limit:
            raise errors.ContextExceeded("The prompt does not fit.", attempts=1)
        self.shown.append(request.article)
        answers: dict[str, Any] = {"is_deal": {"answer": "Birch" in request.article, "sentence": 1}}
        for number, sentence in re.findall(r"^\[(\d+)\] (.*)$", request.article, re.M):
            at = {"sentence": int(number)}
            if "Alder Foods" in sentence:
                answers["parties"] = [
                    {"name": {"quote": "Alder Foods", **at}, "aliases": [], "role": "acquirer"},
                    {"name": {"quote": "Birch Mills", **at}, "aliases": ["Birch"], "role": "target"},
                ]
            if "agreed to buy" in sentence or "regulators" in sentence:
                answers["status"] = {"answer": "pending" if "regulators" in sentence else "announced", **at}
            for price in re.findall(r"£\d+ million", sentence):
                answers["amount"] = {"quote": price, **at, "basis": "total", "undisclosed": False}
            if "Ines Farrow" in sentence:
                answers["people"] = [
                    {
                        "name": {"quote": "Ines Farrow", **at},
                        "change": "appointed",
                        "from_role": None,
                        "to_role": {"quote": "managing director", **at},
                    }
                ]
        return Reply(request.draft.model_validate_json(json.dumps(answers)), Usage(requests=1))


def read(text: str, model: Any, **options: Any) -> DealSummary:
    return summarize(text, model=model, **options)


def test_terms_on_pages_far_apart_reach_one_record() -> None:
    """With offsets of the whole text, one entry for each party, and the windows counted."""
    text = long_text(PRICE, AGAIN, PERSON)
    record = read(text, Reader())
    assert record.amount is not None
    assert record.amount.value == 412_000_000
    assert [text[span.start : span.end] for span in record.amount.evidence] == [PRICE, AGAIN]
    assert [(party.name, str(party.role)) for party in record.parties] == [
        ("Alder Foods", "acquirer"),
        ("Birch Mills", "target"),
    ]
    assert [person.name for person in record.people] == ["Ines Farrow"]
    assert record.source is not None
    assert record.source.windows > 3


def test_the_furthest_status_holds() -> None:
    """Most windows have the lead, which says agreed; one tells what is outstanding."""
    text = long_text(PRICE, "Birch said that the sale needs the consent of regulators.", AGAIN)
    assert read(text, Reader()).status == "pending"


def test_windows_without_figure_or_name_are_skipped_and_counted() -> None:
    """Only windows with a figure or a name of the deal are put to the model; a finding says so."""
    model = Reader()
    record = read(long_text(PRICE, PERSON, filler=500), model)
    assert record.source is not None
    assert record.source.windows_read == len(model.shown) < record.source.windows
    assert all("Birch" in shown or "£" in shown for shown in model.shown)
    (finding,) = [finding for finding in record.findings if finding.code == "partly_read"]
    assert "no figure and no name" in finding.message


@pytest.mark.parametrize("most", [1, 2])
def test_the_number_of_windows_can_be_limited(most: int) -> None:
    """What is beyond the limit is not read, and a finding says so."""
    model = Reader()
    record = read(long_text(NAMED, PRICE, PERSON), model, max_windows=most)
    assert len(model.shown) == most
    assert any("beyond the limit" in finding.message for finding in record.findings)


def test_max_windows_has_to_be_positive() -> None:
    """Zero windows are no reading."""
    with pytest.raises(errors.ConfigurationError, match="max_windows"):
        read(LEAD, Reader(), max_windows=0)


def test_figures_that_differ_between_windows_are_told() -> None:
    """The one that more sentences state is kept; the other is a finding."""
    record = read(long_text(PRICE, RUMOUR, AGAIN), Reader())
    assert record.amount is not None
    assert record.amount.text == "£412 million"
    (finding,) = [finding for finding in record.findings if finding.code == "windows_disagree"]
    assert finding.field == "amount"
    assert "£390 million" in finding.message


def test_a_server_that_reads_less_than_it_says_gets_smaller_windows() -> None:
    """A model whose context is not known is asked for the whole text first."""
    model = Reader(context=None, limit=25_000)
    record = read(long_text(PRICE, AGAIN), model)
    assert record.amount is not None
    assert record.source is not None
    assert record.source.windows > 1


def test_an_article_of_usual_length_is_not_split() -> None:
    """A context that has no room for it is misconfigured, and the error of the server says so."""
    with pytest.raises(errors.ContextExceeded):
        read(long_text(PRICE, filler=50), Reader(context=None, limit=1000))


def test_a_text_that_fits_is_read_at_once() -> None:
    """One window, one request."""
    model = Reader()
    record = read(f"{TITLE}\n\n{LEAD}\n\n{PRICE}", model)
    assert len(model.shown) == 1
    assert record.source is not None
    assert (record.source.windows, record.source.windows_read) == (1, 1)


@pytest.mark.parametrize("characters", [800, 3000, 20_000])
def test_windows_cover_every_sentence(characters: int) -> None:
    """Each sentence that is shown is in a window, windows overlap, and each has the headline at hand."""
    inventory = take_inventory(read_document(long_text(PRICE, AGAIN)))
    windows = split(inventory, characters)
    assert {number for window in windows for number in window} == set(inventory.citable)
    first = inventory.sentences[0]
    assert all(first.number in window for window in windows)
    for before, after in pairwise(windows):
        assert set(before) & set(after)
