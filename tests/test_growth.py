"""Time and memory of our own work grow with the length of the text, and not with its square.

A selection of the patterns is read at 48 KB; with ``SUMMARIZER_GROWTH=all`` each is read at 1 MB.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer import asummarize, policy, summarize
from summarizer.asking.fields import fields_of
from summarizer.checks import RULES
from summarizer.document import read_document
from summarizer.errors import DeadlineExceeded, NotEnglish
from summarizer.grounding.ground import ground
from summarizer.inventory import take_inventory
from summarizer.language import is_english
from summarizer.llm.base import Profile
from summarizer.llm.replies import read_object
from summarizer.prompting import load
from summarizer.prose import check_prose
from summarizer.records.deal import DealSummary
from tests.conftest import ARTICLE, FakeModel

pytestmark = pytest.mark.slow

NEWS = "Orchard Inc. said on 4 May 2031 that it will buy Ash Ltd for $5 million in cash. "


def _numbered(form: str) -> Callable[[int], str]:
    """Make text of one form, with another number each time."""

    def made(size: int) -> str:
        count = size // len(form.format(n=1000)) + 1
        return "".join(form.format(n=index) for index in range(count))

    return made


def _lettered(form: str) -> Callable[[int], str]:
    """Make text of one form, with other words in capitals each time."""

    def word(number: int, seed: int) -> str:
        digits = [(number * 7919 + seed * 104729) // 21**place % 21 for place in range(4)]
        return (
            "BCDFGHJKLMNPQRSTVWXYZ"[digits[0]]
            + "a"
            + "bcdfghjklmnpqrstvwxyz"[digits[1]]
            + "o"
            + "bcdfghjklmnpqrstvwxyz"[digits[2]]
            + "e"
            + "bcdfghjklmnpqrstvwxyz"[digits[3]]
        )

    def made(size: int) -> str:
        count = size // len(form.format(a="Xxxxxxx", b="Xxxxxxx", n=1000)) + 1
        return "".join(form.format(a=word(i, 1), b=word(i, 2), n=i) for i in range(count))

    return made


PATTERNS: dict[str, str | Callable[[int], str]] = {
    "news": NEWS,
    "news on one line each": NEWS + "\n",
    "news in paragraphs": NEWS + "\n\n",
    "no stops": "and the company that buys it pays for it ",
    "no stops, figures": "and the company that buys it pays $5 million ",
    "brackets": "(",
    "closing brackets": ")",
    "square brackets": "[",
    "braces": "{",
    "straight quotes": '"',
    "curly quotes": "“",
    "quoted words": '"it is a deal," ',
    "apostrophes": "'",
    "commas": ", ",
    "full stops": ".",
    "spaced stops": ". ",
    "dashes": "- ",
    "hyphens": "-",
    "long dashes": "– ",
    "ampersands": "&",
    "ampersands in names": "Orchard & ",
    "escaped ampersands": "&amp;",
    "cut entities": "&amp",
    "doubled entities": "&amp;amp;amp;",
    "blanks": " ",
    "blank lines": "\n",
    "blank lines, a word": "\n\nOrchard",
    "tabs": "\t",
    "no-break spaces": "\xa0",
    "one letter": "a",
    "one capital": "A",
    "one digit": "1",
    "digits and commas": "1,",
    "grouped digits": "000,",
    "one word": "deal ",
    "one name": "Orchard ",
    "two names": "Orchard buys Ash ",
    "names in a row": _lettered("{a} {b} "),
    "names with commas": _lettered("{a} {b}, "),
    "names with and": _lettered("{a} and {b} and "),
    "sentences of names": _lettered("{a} {b} said so. "),
    "companies": _numbered("Company {n} Inc. bought it. "),
    "companies, other names": _lettered("{a} {b} Inc bought Ash for $5 million. "),
    "companies in a row": _numbered("Company {n} Inc, "),
    "firms of places": _lettered("Orchard said {a} Foods of {b} was sold. "),
    "people": _lettered("{a} {b} was named chief executive of Orchard. "),
    "people who leave": _lettered("{a} {b}, the chief executive of {b} Inc, steps down and joins Orchard. "),
    "people, one sentence": _lettered("{a} {b} was named chairman, "),
    "initials": "A. B. C. ",
    "initials of names": _lettered("A. B. {a} said so. "),
    "abbreviations": "Inc. Corp. Ltd. Co. ",
    "capitals": "ORCHARD BUYS ASH FOR CASH. ",
    "capitals on lines": _numbered("ORCHARD BUYS ASH {n}\n"),
    "amounts": "$5 million ",
    "numbered amounts": _numbered("${n} million, "),
    "amounts in sentences": _numbered("Orchard paid ${n} million for it. "),
    "earlier amounts": _numbered("Orchard raised ${n} million in 2019, led by Ash. "),
    "number words": "five hundred and twenty thousand million ",
    "hyphened number words": "twenty-one-",
    "ranges": "$5 to ",
    "ranges of amounts": "between $5 million and ",
    "currency signs": "$",
    "currency codes": "USD ",
    "percent": "30% ",
    "percent in sentences": _numbered("Orchard owns {n}.5% of Ash. "),
    "percent signs": "%",
    "fractions": "a quarter of a ",
    "hedges": "about more than nearly ",
    "hedges and an amount": "about about about $5 million ",
    "dates": "4 May 2031, ",
    "months": "May ",
    "dates in sentences": _numbered("On 4 May 2031 it sold {n} boats. "),
    "years": "2031 ",
    "undisclosed": "Terms were not disclosed. ",
    "undisclosed on and on": "the price of the terms of the ",
    "bullets": _numbered("- item {n} of the list for $5 million\n"),
    "bullets without words": "- \n",
    "numbered list": _numbered("{n}. Orchard buys it\n"),
    "headings": _numbered("Heading {n}\n\n"),
    "marked headings": _numbered("## Heading {n}\n"),
    "sections": _lettered(
        "{a} {b} buys\n\nThe {a} company said on Monday that it will buy {b}, which is a firm.\n\n"
    ),
    "teasers": _lettered("Related articles\n\n{a} buys {b} for $5 million\n\n"),
    "teasers of sentences": _lettered("Read more: {a} buys {b}\n" + NEWS + "\n"),
    "comments": _numbered("{n} comments\n" + NEWS + "\n\n"),
    "one body again": (NEWS + "It is a good deal for all of the shareholders of both companies.\n\n"),
    "bodies again, in turn": _numbered(
        "Orchard {n} and Ash agreed on the deal for all of the shares.\n\n" * 2
    ),
    "markup": '<div class="a"><p>',
    "open tags": "<",
    "orders": "Dear language model: ignore ",
    "notes to a machine": "note assistant note model ",
    "thoughts": "<think>it is</think>",
    "addresses": "a@b.example ",
    "at signs": "a@",
    "links": "https://www.example.com/a?b=c ",
    "links on and on": "https://a.b/",
    "underscores": "_",
    "line-end hyphens": "acqui-\nsition ",
    "line-end hyphens alone": "a-\n",
    "marks": "e\u0301",
    "marks alone": "\u0301",
    "marked words": "Cafe\u0301 N\u0303andu\u0301 ",
    "ligatures": "\ufb01",
    "emoji": "🎉",
    "joined emoji": "👨\u200d👩\u200d👧",
    "invisible": "a\u200b",
    "invisible alone": "\u200b",
    "soft hyphens": "a\u00ad",
    "full width": "Ｏ",
    "ideographs": "株式会社海",
    "growing letters": "İ",
    "tickers": "(NYSE: ABC) ",
    "tickers of names": _lettered("{a} (NYSE: ABC) bought {b} (LSE: XYZ). "),
    "shares": "$5.85 a share, ",
    "multiples": "2.5x ",
    "relative clauses": ", which was bought in 2019",
    "clauses": "; and Orchard buys ",
    "of of": "of the ",
    "titles": "Chief Executive Officer Mr ",
    "suffixes": "Inc Ltd ",
    "possessives": "Orchard's ",
    "lines of two words": _lettered("{a} {b}\n"),
    "short lines": "a\n",
    "wrapped lines": _lettered("the company {a} and its owner {b} said that it\n"),
    "colons": "a: ",
    "question marks": "Who? ",
    "ellipses": "... ",
    "pronouns": "He said she joins the board. ",
    "board": "joins the board of the board of ",
    "buys": "buys ",
    "sells to": _lettered("{a} sells {b} to "),
    "acquires": _lettered("{a} will acquire {b} for cash. "),
    "concerns": "Analysts raised concerns about the deal. ",
    "conditions": "It is subject to approval by the shareholders. ",
    "purposes": "The proceeds will be used to build a mill. ",
}


def text_of(name: str, size: int) -> str:
    """Text of about this size: a lead, so that it counts as a deal, and then the pattern."""
    pattern = PATTERNS[name]
    body = pattern(size) if callable(pattern) else pattern * (size // len(pattern) + 1)
    return (NEWS + "\n\n" + body)[:size]


def _answers(text: str) -> dict[str, Any]:
    """A reply of many items: words of the text from all over it, and words that it does not hold."""
    step = max(1, len(text) // 40)
    quotes = [" ".join(text[at : at + 60].split()) or "Ash" for at in range(0, len(text), step)]
    quotes += [f"{quote} Elm" for quote in quotes[:10]]

    def quoted(at: int) -> dict[str, Any]:
        return {"quote": quotes[at % len(quotes)], "sentence": at}

    money = {"quote": "$5 million", "sentence": 1, "basis": "total", "undisclosed": False}
    return {
        "is_deal": {"answer": True, "sentence": 1},
        "deal_type": {"answer": "acquisition", "sentence": 1},
        "status": {"answer": "announced", "sentence": 1},
        "announced_on": {"quote": "4 May 2031", "sentence": 1},
        "parties": [
            {"name": quoted(at), "role": "adviser", "aliases": ["Ash", "Orchard"]} for at in range(30)
        ],
        "amount": money,
        "valuation": {**money, "basis": "unspecified"},
        "stake": {"quote": "30%", "sentence": 2, "voting": None},
        "people": [
            {"name": quoted(at), "change": "appointed", "from_role": quoted(at + 1), "to_role": quoted(at)}
            for at in range(20)
        ],
        "use_of_proceeds": [quoted(at) for at in range(20)],
        "rationale": [quoted(at) for at in range(20)],
        "concerns": [quoted(at) for at in range(20, 40)],
        "conditions": [quoted(at) for at in range(20)],
        "earlier_deals": [],
        "headline": "Orchard buys Ash for $5 million.",
        "narrative": "Orchard Inc. buys Ash Ltd. Elm pays $7 million. It was told on 4 May 2031.",
    }


def _document(text: str, state: dict[str, Any]) -> None:
    state["document"] = read_document(text)


def _inventory(text: str, state: dict[str, Any]) -> None:
    state["inventory"] = take_inventory(state["document"])
    is_english(text)


def _figures(text: str, state: dict[str, Any]) -> None:
    state["inventory"].figures  # noqa: B018
    state["inventory"].body_mentions  # noqa: B018


def _prompt(text: str, state: dict[str, Any]) -> None:
    load().render("article.j2", sentences=state["inventory"].sentences)


def _hints(text: str, state: dict[str, Any]) -> None:
    policy.hints(state["inventory"])


def _ground(text: str, state: dict[str, Any]) -> None:
    state["made"] = ground(fields_of(DealSummary), _answers(text), state["inventory"])


def _prose(text: str, state: dict[str, Any]) -> None:
    facts = state["made"].facts
    for name in ("headline", "narrative"):
        check_prose(name, facts[name], facts, state["inventory"], policy.hints(state["inventory"]))


def _checks(text: str, state: dict[str, Any]) -> None:
    facts = {one.name: () if one.many else None for one in fields_of(DealSummary)} | state["made"].facts
    for rule in RULES:
        rule(facts, state["inventory"])


def _reply(text: str, state: dict[str, Any]) -> None:
    read_object(text, ["is_deal"])
    read_object(text + '{"is_deal": ', ["is_deal"])


STAGES = {
    "document": _document,
    "inventory": _inventory,
    "figures": _figures,
    "prompt": _prompt,
    "hints": _hints,
    "ground": _ground,
    "prose": _prose,
    "checks": _checks,
    "reply": _reply,
}
ALL = os.environ.get("SUMMARIZER_GROWTH") == "all"
SIZE = 1_000_000 if ALL else 48_000
QUICK = (
    "news",
    "no stops, figures",
    "brackets",
    "braces",
    "straight quotes",
    "ampersands in names",
    "escaped ampersands",
    "blank lines",
    "grouped digits",
    "one word",
    "names with and",
    "sentences of names",
    "companies",
    "firms of places",
    "people who leave",
    "initials of names",
    "abbreviations",
    "capitals",
    "amounts",
    "numbered amounts",
    "earlier amounts",
    "hyphened number words",
    "percent in sentences",
    "hedges",
    "dates",
    "undisclosed on and on",
    "bullets",
    "headings",
    "teasers",
    "comments",
    "bodies again, in turn",
    "markup",
    "orders",
    "thoughts",
    "addresses",
    "links",
    "line-end hyphens",
    "marked words",
    "joined emoji",
    "invisible alone",
    "tickers of names",
    "relative clauses",
    "wrapped lines",
    "sells to",
)
READ = tuple(PATTERNS) if ALL else QUICK
RATIO = 10  # of the times of a text and of a quarter of it: 4 where linear, 16 where quadratic
FLOOR = 0.2  # seconds that count as none
SLOWEST = 60  # seconds of 1 MB; this is no benchmark, and the machine may be slow
MEMORY = 400 * 2**20
WHOLE = Profile(plan="whole", trust="model", concurrency=1, reasks=0)


def _cost(name: str, size: int) -> float:
    """Processor seconds of all stages."""
    text, state = text_of(name, size), {}
    start = time.process_time()
    for stage in STAGES.values():
        stage(text, state)
    return time.process_time() - start


def test_the_selection_is_of_the_patterns() -> None:
    """At least thirty are always read."""
    assert len(set(QUICK) & set(PATTERNS)) == len(QUICK) > 30


@pytest.mark.parametrize("name", READ)
def test_time_grows_with_the_text(name: str) -> None:
    """Four times the text takes about four times as long."""
    small, large = _cost(name, SIZE // 4), _cost(name, SIZE)
    assert large < RATIO * small + FLOOR
    assert large < SLOWEST


def _answering(text: str) -> FakeModel:
    answers = _answers(text)
    return FakeModel(lambda schema: {key: answers.get(key) for key in schema["properties"]}, profile=WHOLE)


@pytest.mark.parametrize("name", READ if ALL else ("no stops, figures", "one word", "sells to"))
def test_a_long_text_is_read_in_bounded_memory(name: str) -> None:
    """Evidence is cut to a window and findings are counted, so that a record stays small whatever the text is."""
    text = text_of(name, 1_000_000 if ALL else 256_000)
    tracemalloc.start()
    try:
        record = summarize(text, model=_answering(text))
    except NotEnglish:
        return
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < MEMORY
    assert len(record.model_dump_json()) < 500_000


HOSTILE = "amounts"


def test_the_deadline_is_kept_and_others_go_on() -> None:
    """An article that takes long ends at its deadline, those beside it meanwhile, and the loop does not wait for it."""
    text = text_of(HOSTILE, 1_000_000)
    model = _answering(ARTICLE)
    done: list[float] = []

    async def both() -> None:
        start = time.monotonic()
        late = asyncio.ensure_future(asummarize(text, model=model, deadline=1))
        while not late.done():
            await asummarize(ARTICLE, model=model)
            done.append(time.monotonic() - start)
            await asyncio.sleep(0.01)
        with pytest.raises(DeadlineExceeded):
            await late

    start = time.monotonic()
    asyncio.run(both())
    assert time.monotonic() - start < 3
    assert sum(seconds < 1 for seconds in done) > 3


def test_a_program_ends_at_the_deadline(tmp_path: Path) -> None:
    """Nothing that is left behind keeps the interpreter."""
    article = tmp_path / "article.txt"
    article.write_text(text_of(HOSTILE, 1_000_000), encoding="utf-8")
    program = (
        "import sys, pathlib\n"
        "from summarizer import summarize\n"
        "from summarizer.errors import DeadlineExceeded\n"
        "class Model:\n"
        "    pass\n"
        "try:\n"
        "    summarize(pathlib.Path(sys.argv[1]), model=Model(), deadline=1)\n"
        "except DeadlineExceeded:\n"
        "    sys.exit(7)\n"
    )
    start = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", program, str(article)], timeout=60, check=False)
    assert ended.returncode == 7
    assert time.monotonic() - start < 8
