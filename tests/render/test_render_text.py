"""The text view: what a person at a terminal reads."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict
from rich.cells import cell_len
from rich.console import Console

from summarizer.figures import Qualifier
from summarizer.findings import Span
from summarizer.records.deal import Amount, DealSummary, Stake, Valuation
from summarizer.records.deal_terms import AmountBasis, ValuationBasis
from summarizer.records.values import (
    Certainty,
    Choice,
    Money,
    Name,
    Percent,
    Phrase,
    Value,
    Words,
    record_type,
)
from summarizer.render.text import render, renderable

Make = Callable[..., DealSummary]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def block(text: str, title: str) -> list[str]:
    """The lines under a section's title."""
    lines = text.splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith(title))
    rest = lines[start + 1 :]
    return rest[: rest.index("")] if "" in rest else rest


def test_facts_in_words(deal: Make) -> None:
    """Each fact stands in words beside its label, with its hedge, its parsed form, and its choice."""
    terms = "\n".join(block(render(deal()), "Terms"))
    for label, value in (
        ("type", "minority investment"),
        ("status", "pending"),
        ("announced", r"12 May 2031  \(2031-05-12\)"),
        ("amount", r"about \$2.1 billion  \(USD 2,100,000,000\)"),
        ("stake", "30%, non-voting"),
        ("valuation", r"at least \$7 billion  \(USD 7,000,000,000\)"),
        ("paid in", "cash"),
    ):
        assert re.search(rf"^  {label} +{value}", terms, re.MULTILINE), label


def test_quotation_shows_the_words_of_the_fact(deal: Make) -> None:
    """Under a fact stands its source's number and words, cut to the line around the words that state it."""
    terms = block(render(deal()), "Terms")
    stake = next(index for index, line in enumerate(terms) if line.startswith("  stake"))
    assert re.fullmatch(r" +\[1\] “… .*30% non-voting stake in Calder.* …”", terms[stake + 1])


def test_hedged_source_is_quoted_first(deal: Make) -> None:
    """Of two places for an amount, the one that hedges it as the record does is quoted, the other numbered."""
    terms = block(render(deal()), "Terms")
    amount = next(index for index, line in enumerate(terms) if line.startswith("  amount"))
    assert "about $2.1 billion" in terms[amount + 1]
    assert terms[amount + 1].endswith("also [3]")


def test_figure_written_otherwise_is_found(deal: Make) -> None:
    """A figure's words in its source are found by value, so another spelling of it is shown too."""
    said = "After months of talks that nobody would confirm the two sides met and settled on USD 2,100 million at last."
    span = Span(start=0, end=len(said), text=said)
    amount = Amount(text="$2.1 billion", value=Decimal("2.1E9"), currency="USD", evidence=(span,))
    lines = block(render(deal(amount=amount), 60), "Terms")
    amount_line = next(index for index, line in enumerate(lines) if line.startswith("  amount"))
    assert "USD 2,100 million" in lines[amount_line + 1]


def test_people(deal: Make) -> None:
    """A person's line says what changes, and from which job to which."""
    people = block(render(deal()), "People")
    assert re.match(r"  moves +Ilse Brandt: chief executive → head of automation at Norrholm$", people[0])
    assert re.match(r"  stays +Ilse Brandt: seat on Calder's board$", people[2])
    assert "“Brandt keeps a seat on Calder's board.”" in people[3]


def test_verbatim_sentence_is_not_said_twice(deal: Make) -> None:
    """A fact that is a whole sentence of the source shows that sentence once, with its number."""
    concerns = block(render(deal()), "Concerns")
    assert " ".join(" ".join(concerns).split()).startswith("• Some analysts warned")
    assert concerns[-1].endswith("[7]")
    assert not any("“" in line for line in concerns)


def test_earlier_deal_has_its_figures(deal: Make) -> None:
    """An earlier deal shows its year, amount and valuation."""
    text = " ".join(" ".join(block(render(deal()), "Earlier deals")).split())
    assert (
        "year: 2029 · amount: $300 million (USD 300,000,000) · valuation: $1.1 billion (USD 1,100,000,000)"
        in text
    )


def test_absent_facts_share_a_line(deal: Make) -> None:
    """What was not found is named in one sentence, and has no line of its own."""
    text = render(deal(stake=None, people=()))
    assert "Not found: stake, people, rationale, conditions." in text
    assert "None" not in text
    assert "People" not in text


def test_undisclosed_is_not_absent(deal: Make) -> None:
    """An amount that the text withholds is called undisclosed."""
    said = "Terms were not disclosed."
    span = Span(start=0, end=len(said), text=said)
    amount = Amount(text="not disclosed", qualifier=Qualifier.UNDISCLOSED, evidence=(span,))
    text = render(deal(amount=amount))
    assert re.search(r"^  amount +undisclosed$", text, re.MULTILINE)
    assert "amount" not in next(line for line in text.splitlines() if line.startswith("Not found"))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (
            Amount(text="$3 million", value=Decimal("3E6"), currency="USD", basis=AmountBasis.UPFRONT),
            "$3 million, upfront",
        ),
        (
            Amount(text="$3 a share", value=Decimal("3.50"), currency="USD", basis=AmountBasis.PER_SHARE),
            "$3 a share  (USD 3.50)",
        ),
        (Amount(text="$3", value=Decimal(3), currency="USD", basis=AmountBasis.PER_SHARE), "$3, per share"),
        (Amount(text="5 million", value=Decimal("5E6")), "5 million  (currency not stated: 5,000,000)"),
        (
            Amount(
                text="$1 to 2 billion",
                value=Decimal("1E9"),
                upper=Decimal("2E9"),
                currency="USD",
                qualifier=Qualifier.RANGE,
            ),
            "$1 to 2 billion  (USD 1,000,000,000 to 2,000,000,000)",
        ),
        (
            Amount(text="$9 million", value=Decimal("9E6"), currency="USD", qualifier=Qualifier.AT_MOST),
            "up to $9 million",
        ),
    ],
)
def test_amounts(deal: Make, value: Amount, words: str) -> None:
    """An amount shows its basis and its parsed value, and invents neither."""
    assert words in render(deal(amount=value))


def test_stake_and_valuation_extras(deal: Make) -> None:
    """A stake in words gets its number, and a valuation its basis."""
    stake = Stake(text="a third", percent=Decimal("33.3"), voting=True)
    valuation = Valuation(
        text="$4 million", value=Decimal("4E6"), currency="USD", basis=ValuationBasis.PRE_MONEY
    )
    text = render(deal(stake=stake, valuation=valuation))
    assert "a third, voting  (33.3%)" in text
    assert "$4 million, pre-money" in text


def test_findings_are_plain(deal: Make) -> None:
    """A finding shows its sentence, code, field and source; without findings the view says that too."""
    text = " ".join(render(deal()).split())
    assert (
        "The text gives two figures for this: $7 billion and $6.8 billion. (two_figures: valuation) [2]"
        in text
    )
    assert block(render(deal(findings=())), "Checks") == ["  No findings."]


def test_no_deal(deal: Make) -> None:
    """A text without a deal gets one plain sentence, its findings, and no facts."""
    text = render(DealSummary(findings=deal().findings))
    assert text.startswith("No corporate deal was found in this text.\n")
    assert "two_figures" in text
    assert "Terms" not in text
    assert "Not found" not in text


def test_every_number_is_in_the_sources(deal: Make) -> None:
    """Each number that a fact bears stands once among the sources, with the characters and the words there."""
    text = render(deal(), 120)
    sources = "\n".join(block(text, "Sources"))
    listed = re.findall(r"^  \[(\d+)\] (\d+)–(\d+)", sources, re.MULTILINE)
    assert [int(number) for number, _, _ in listed] == list(range(1, 9))
    assert set(re.findall(r"\[(\d+)\]", text)) == {number for number, _, _ in listed}
    assert [int(start) for _, start, _ in listed] == sorted(int(start) for _, start, _ in listed)


def test_last_line_says_what_it_cost_and_no_secret(deal: Make) -> None:
    """The view ends with the model, its address without user, key or password, and what the record cost."""
    last = " ".join(render(deal(), 120).rstrip().rpartition("\n\n")[2].split())
    assert last.startswith(
        "model tiny-model, at http://example.org:8000/v1 · 14 requests · 21,034 tokens read (19,200 cached)"
    )
    assert "38.2 s · 8 places cited" in last
    assert not re.search("someone|pass-word|abc123", last)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 300])
def test_lines_keep_to_the_width(deal: Make, hostile: DealSummary, width: int) -> None:
    """No line is wider than asked, or than 120 columns, and none ends in blanks."""
    for record in (deal(), hostile):
        for line in render(record, width).splitlines():
            assert cell_len(line) <= min(width, 120), line
            assert line == line.rstrip()


def test_no_colour_unless_asked(deal: Make) -> None:
    """Without colour there is no escape sequence; with it the same words, and those of the fact stand out."""
    plain, coloured = render(deal()), render(deal(), color=True)
    assert "\x1b" not in plain
    assert ANSI.sub("", coloured) == plain
    assert re.search(r"\x1b\[1;33m30% non-voting\x1b\[0m", coloured)


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_terminals_without_colour(
    deal: Make, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dumb terminal gets no escape sequences, and under NO_COLOR none of them is a colour."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = io.StringIO()
    Console(file=out, force_terminal=True, width=80).print(renderable(deal()))
    codes = set(re.findall(r"\x1b\[([0-9;]*)m", out.getvalue()))
    assert codes <= (set() if "TERM" in environment else {"0", "1", "2", "1;2"})


def test_hostile_words_are_shown_and_not_obeyed(hostile: DealSummary) -> None:
    """No control character of an article reaches the terminal, and rich markup in it is literal."""
    for text in (render(hostile), ANSI.sub("", render(hostile, color=True))):
        assert not [c for c in text if c != "\n" and not c.isprintable()]
        assert "[bold]loud[/bold] :smile:" in text
        assert "\ufffd[31mred" in text


class Mood(Choice):
    GLAD = "glad"
    NOT_SURE = "not_sure", "unsure"


class Visit(Value):
    town: Words
    mood: Mood
    fee: Money | None = None
    paid: bool | None = None


class Tour(BaseModel):
    model_config = ConfigDict(frozen=True)

    band: Name | None = None
    mood: Mood | None = None
    summary: str | None = None
    share: Percent | None = None
    songs: tuple[Phrase, ...] = ()
    visits: tuple[Visit, ...] = ()
    encore: bool | None = None


def make_tour(**fields: Any) -> BaseModel:
    return record_type(Tour)(**fields)


def test_any_schema() -> None:
    """A record of one's own schema shows every kind of value under its field's name, with its sources."""
    said = "The Quiet Hours play Aldby for $4,000 and give 5% of it away."
    span = Span(start=10, end=10 + len(said), text=said)
    fee = Money(text="$4,000", value=Decimal(4000), currency="USD", evidence=(span,))
    text = render(
        make_tour(
            band=Name(text="The Quiet Hours", evidence=(span,)),
            mood=Mood.NOT_SURE,
            summary="A band plays.",
            share=Percent(text="5%", percent=Decimal(5), evidence=(span,)),
            songs=(Phrase(text="play Aldby", evidence=(span,)), Phrase(text="give 5%", evidence=(span,))),
            visits=(Visit(town="Aldby", mood=Mood.GLAD, fee=fee, paid=False, evidence=(span,)),),
        ),
        100,
    )
    facts = "\n".join(block(text, "Facts"))
    for label, value in (
        ("band", "The Quiet Hours"),
        ("mood", "not sure  (inferred from the text)"),
        ("summary", "A band plays.  (generated, not quoted)"),
        ("share", "5%"),
        ("songs", "play Aldby"),
    ):
        assert re.search(rf"^  {label} +{re.escape(value)}$", facts, re.MULTILINE), label
    assert facts.count("songs") == 1
    visits = block(text, "Visits")
    assert re.match(r"  glad +Aldby$", visits[0])
    assert "fee: $4,000 (USD 4,000) · paid: no" in visits[1]
    assert "Not found: encore." in text
    assert "10–71" in text


def test_empty_record_of_any_schema() -> None:
    """A record of one's own schema without a single fact says so."""
    assert render(make_tour()).startswith("None of the requested facts was found in this text.")


def test_doubtful_facts_are_marked(deal: Make) -> None:
    """A fact under the line of doubt says how sure it is, and which part of it where others are surer; others say nothing."""
    sure = (
        Certainty(field="amount", value=0.93),
        Certainty(field="stake", value=0.618),
        Certainty(field="parties[0].name", value=0.9),
        Certainty(field="parties[0].role", value=0.55),
        Certainty(field="parties[1].name", value=0.71),
        Certainty(field="parties[1].role", value=0.4),
    )
    lines = render(deal(certainty=sure)).splitlines()
    marked = [line for line in lines if "% sure" in line]
    assert len(marked) == 3
    assert next(line for line in lines if "Norrholm AB" in line and "acquirer" in line).endswith(
        "? role 55% sure"
    )
    assert next(line for line in lines if "target" in line).endswith("Calder Robotics  ? 40% sure")
    assert any("30%" in line and line.endswith("? 62% sure") for line in marked)
    assert not [line for line in render(deal()).splitlines() if "sure" in line]
    narrow = [line.strip() for line in render(deal(certainty=sure), width=34).splitlines()]
    assert "? role 55% sure" in narrow, "a mark that does not fit stands on a line of its own"
