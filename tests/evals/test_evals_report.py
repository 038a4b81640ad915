from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from evals import report
from evals.cases import Case, CaseError, CaseFile, digest, file_model
from evals.gold_record import as_record
from evals.report.model import Report, names
from evals.runfile import Asked, Line, RunFile
from evals.scored import ScoredRun, score_run
from summarizer.records.deal import DealSummary
from summarizer.records.values import Usage

TEXT = (
    "Aldermoor buys Birchwick <script>alert(1)</script>\n\n"
    "Aldermoor pays $5 million for Birchwick, {{ 7*7 }} & more.\x1b[31m\u202eevil\n\n"
    "Also today: Cedarling sold for $9 million.\n"
)
RAW = '</pre><script>alert("raw")</script>{% endraw %}{{ 7*7 }}'


def _place(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


PAYS, BUYS = _place("Aldermoor pays $5 million for Birchwick"), _place("Aldermoor buys Birchwick")
GOLD: dict[str, Any] = {
    "is_deal": True,
    "parties": [
        {"name": "Aldermoor", "role": "acquirer", "evidence": [BUYS, PAYS]},
        {"name": "Birchwick", "role": "target", "evidence": [BUYS, PAYS]},
    ],
    "amount": {
        "text": "$5 million",
        "value": "5000000",
        "currency": "USD",
        "basis": None,
        "evidence": [PAYS],
    },
    "stake": None,
    "people": [],
}
WRONG: dict[str, Any] = {
    "parties": [
        {"name": "=Dunmarsh", "role": "adviser", "evidence": []},
        {"name": "Birchwick", "role": "target", "evidence": []},
    ],
    "amount": {"text": "$5 billion", "value": "5000000000", "currency": "USD", "evidence": []},
    "narrative": "Aldermoor pays $77 million.",
}


def make_case(name: str, *, text: str = TEXT, variant: str = "") -> Case:
    said = {"file": f"{name}.txt", "sha256": "0", "deal": name, "gold": GOLD}
    file: Any = file_model(DealSummary).model_validate(
        {**said, "forbidden": [_place("Also today: Cedarling sold for $9 million.")]}
    )
    about = CaseFile.model_validate({field: getattr(file, field) for field in CaseFile.model_fields})
    return Case(about, file.gold, text, forbidden=about.forbidden, variant=variant)


def answer(case: Case, *, error: str = "", **changes: Any) -> Line:
    """A line whose record is gold but for ``changes`` of its fields."""
    record = as_record(case.gold, case.schema, case.text).model_dump(mode="json")
    return Line(
        case=case.id,
        input=digest(case.text),
        gold=case.gold_digest,
        record=None if error else {**record, **changes},
        error=error,
        error_kind="Truncated" if error else "",
        replies=(Asked("p", "Who <b>buys</b>?", RAW),),
        usage=Usage(requests=2, prompt_tokens=100, cached_tokens=40, completion_tokens=7),
        seconds=1.5,
    )


def make_run(lines: Iterable[Line], cases: Iterable[Case], **about: Any) -> ScoredRun:
    header = {"format": 1, "system": "ours", "model": "tiny", "variants": [], "seed": 0, **about}
    return score_run(RunFile(header, tuple(lines)), cases)


@pytest.fixture(scope="module")
def built() -> Report:
    """Ours, with one case right, one wrong and one failed; and plain, which is wrong in the first."""
    cases = [make_case("alder"), make_case("birch"), make_case("cedar")]
    alder, birch, cedar = cases
    ours = [answer(alder), answer(birch, **WRONG), answer(cedar, error="The reply <i>broke off</i>.")]
    plain = [answer(alder, **WRONG), answer(birch), answer(cedar)]
    return report.build([make_run(ours, cases), make_run(plain, cases, system="plain")])


def cells(built: Report, table: str, heading: str) -> list[str]:
    found = built.table(table)
    assert found is not None
    return [str(cell) for row in found.rows if row.heading == heading for cell in row.cells]


def test_the_model_has_the_figures(built: Report) -> None:
    """Counts and rates of each run, with intervals, and each case with its errors."""
    assert [run.name for run in built.runs] == ["ours", "plain"]
    assert cells(built, "overall", "answers") == ["3", "3"]
    assert cells(built, "overall", "failed") == ["1", "0"]
    assert cells(built, "overall", "unsupported figures") == ["3", "3"]
    assert cells(built, "overall", "perfect records")[0].startswith("1 of 3 ")
    assert re.fullmatch(r"0\.\d{3} 0\.\d{3}–1\.000", cells(built, "overall", "F")[1])
    assert cells(built, "cases", "alder") == ["✓ 7/7", "4/9"]
    assert cells(built, "cases", "cedar")[0] == "failed 0/7"
    assert cells(built, "kinds", "SCALE") == ["1", "1"]


def test_each_value_stands_beside_its_gold(built: Report) -> None:
    """One row for each value of gold, and one for each that only an answer has."""
    birch = next(case for case in built.cases if case.name == "birch")
    rows = {leaf.path: leaf for leaf in birch.leaves}
    assert list(rows)[:3] == ["is_deal", "parties[0].name", "parties[0].role"]
    assert rows["parties[0].name"].gold == "Aldermoor"
    ours, plain = rows["amount"].cells
    assert ours is not None
    assert plain is not None
    assert (ours.kind, plain.result.value) == ("SCALE", "right")
    assert rows["amount"].places == (tuple(PAYS),)
    assert rows["amount"].cited == ((), (tuple(PAYS),))
    assert "parties[+].name" in rows


class _Page(HTMLParser):
    """What a browser would run, fetch or point to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        self.ids += [value for name in ("id",) if (value := said.get(name))]
        self.links += [value for name in ("href", "src") if (value := said.get(name))]
        assert not any(name.startswith("on") for name in said)


def test_the_page_runs_nothing_and_shows_all(built: Report) -> None:
    """No script, no address outside of it, all text escaped, each anchor once, the same bytes again."""
    made = report.html(built)
    page = _Page(made)
    assert not {"script", "iframe", "object", "form action"} & set(page.tags)
    assert len(page.ids) == len(set(page.ids))
    assert all(link == "data:," or link.removeprefix("#") in page.ids for link in page.links)
    assert "default-src 'none'" in made
    assert "{{ 7*7 }}" in made
    assert "49 &amp; more" not in made
    assert "\x1b" not in made
    assert "\u202e" not in made
    assert page.tags.count("svg") == 2
    assert "The reply &lt;i&gt;broke off&lt;/i&gt;." in made
    assert made == report.html(built)


def test_the_text_fits_a_terminal(built: Report) -> None:
    """Tables of up to 100 columns, and what failed."""
    said = report.text(built)
    assert max(map(len, said.splitlines())) <= 110
    assert "ours: ours on tiny, 3 cases of 3 deals, 3 answers" in said
    assert "FAILED\n\ncedar (ours): Truncated: The reply <i>broke off</i>." in said


def test_the_exports_read_again(built: Report) -> None:
    """JSON, CSV, JUnit and Markdown hold the same model, each escaped for its reader."""
    plain = json.loads(report.json(built))
    assert [case["name"] for case in plain["cases"]] == ["alder", "birch", "cedar"]
    rows = list(csv.DictReader(io.StringIO(report.csv(built))))
    wrong = [row for row in rows if row["run"] == "ours" and row["case"] == "birch" and row["kind"]]
    assert {row["kind"] for row in wrong} >= {"SCALE", "INVENTED", "OMITTED"}
    assert "'=Dunmarsh" in {row["found"] for row in rows}
    suites = ElementTree.fromstring(report.junit(built))  # noqa: S314 - our own
    assert [(s.get("failures"), s.get("errors")) for s in suites] == [("1", "1"), ("1", "0")]
    assert "amount: SCALE" in str(suites[0][1][0].text)
    note = report.markdown(built)
    assert "| F | 0." in note
    assert "\\<i\\>broke off" in note


def test_variants_stand_beside_their_originals() -> None:
    """F of the originals and of the altered texts, and the difference on the same cases."""
    cases = [make_case(name, variant=kind) for name in ("a", "b", "c") for kind in ("", "counterfactual")]
    lines = [answer(case, **(WRONG if case.variant else {})) for case in cases]
    built = report.build([make_run(lines, cases)])
    assert cells(built, "variants", "original") == ["1.000 1.000–1.000"]
    assert float(cells(built, "variants", "original minus this")[0].split()[0]) > 0.3
    assert cells(built, "overall", "remembered") == ["0"]


@pytest.mark.parametrize(
    ("abouts", "wanted"),
    [
        ([("ours", "a"), ("plain", "a")], ["ours", "plain"]),
        ([("ours", "a"), ("ours", "b")], ["a", "b"]),
        ([("ours", "a"), ("plain", "b"), ("ours", "b")], ["ours on a", "plain on b", "ours on b"]),
        ([("ours", "a"), ("ours", "a")], ["ours on a (1)", "ours on a (2)"]),
    ],
)
def test_runs_have_the_shortest_names_that_tell_them_apart(
    abouts: list[tuple[str, str]], wanted: list[str]
) -> None:
    runs = [ScoredRun(RunFile({"system": system, "model": model}, ()), ()) for system, model in abouts]
    assert names(runs) == wanted


def test_what_cannot_be_shown_together_is_refused() -> None:
    """No run, and runs with different texts of one case."""
    with pytest.raises(CaseError, match="no run to report"):
        report.build([])
    one, other = make_case("alder"), make_case("alder", text=f"{TEXT} ")
    with pytest.raises(CaseError, match="different gold or text of alder"):
        report.build([make_run([answer(one)], [one]), make_run([answer(other)], [other])])
