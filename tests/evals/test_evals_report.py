from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from evals.report.figures import Estimate

from evals import report
from evals.cases import Case, CaseError, CaseFile, Conflict, digest, file_model
from evals.gold_record import as_record
from evals.report import charts, leaves, view
from evals.run import Line, RunFile
from evals.scored import ScoredRun, score_run
from evals.systems import Asked
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


PAYS = _place("Aldermoor pays $5 million for Birchwick")
BUYS = _place("Aldermoor buys Birchwick")
TEASER = _place("Also today: Cedarling sold for $9 million.")
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


def make_case(name: str = "alder", *, deal: str = "", variant: str = "", text: str = TEXT) -> Case:
    said = {"file": f"{name}.txt", "sha256": "0", "deal": deal or name, "forbidden": [TEASER], "gold": GOLD}
    file: Any = file_model(DealSummary).model_validate(said)
    about = CaseFile.model_validate({field: getattr(file, field) for field in CaseFile.model_fields})
    return Case(about, file.gold, text, variant=variant, forbidden=about.forbidden)


def answer(case: Case, *, repeat: int = 0, error: str = "", **changes: Any) -> Line:
    """A line whose record is gold but for ``changes`` of its fields."""
    record = as_record(case.gold, case.schema, case.text).model_dump(mode="json")
    return Line(
        case=case.id,
        repeat=repeat,
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


def party(name: str, role: str) -> dict[str, Any]:
    return {"name": name, "role": role, "evidence": []}


WRONG: dict[str, Any] = {
    "parties": [party("Dunmarsh", "adviser"), party("Birchwick", "target")],
    "amount": {"text": "$5 billion", "value": "5000000000", "currency": "USD", "evidence": []},
    "narrative": "Aldermoor pays $77 million.",
}


@pytest.fixture
def runs() -> list[ScoredRun]:
    """Ours, with one case right, one wrong and one failed; and plain, which is wrong in the first."""
    cases = [make_case("alder"), make_case("birch"), make_case("cedar")]
    alder, birch, cedar = cases
    error = "The reply <i>broke off</i>."
    ours = [answer(alder), answer(birch, **WRONG), answer(cedar, error=error)]
    plain = [answer(alder, **WRONG), answer(birch), answer(cedar)]
    return [make_run(ours, cases), make_run(plain, cases, system="plain")]


FORMS = (report.text, report.html, report.markdown, report.csv, report.junit)


def xml(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - our own


class Page(HTMLParser):
    """The elements of a page, and its text by the class or id of what it stands in."""

    VOID = frozenset({"meta", "link", "input", "wbr", "br", "path", "use"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, Mapping[str, str]]] = []
        self.elements: list[tuple[str, Mapping[str, str]]] = []
        self.words: list[tuple[str, tuple[str, ...], str]] = []  # tag, classes of all around, text
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        element = tag, {name: value or "" for name, value in attrs}
        self.elements.append(element)
        if tag not in self.VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        classes = tuple(name for _, attrs in self.open for name in attrs.get("class", "").split())
        self.words.append((self.open[-1][0] if self.open else "", classes, data))

    def text(self, name: str) -> str:
        """All text inside elements of a class."""
        return "".join(data for _, classes, data in self.words if name in classes)


def test_every_form_gives_the_same_bytes_for_equal_runs(runs: list[ScoredRun]) -> None:
    """Every form gives the same bytes for equal runs, with nothing kept from the first time."""
    again = [replace(run, scores=tuple(replace(one) for one in run.scores)) for run in runs]
    for form in FORMS:
        assert form(again) == form(runs)
    assert report.summary(again) == report.summary(runs)


def test_a_report_of_other_runs_is_not_that_of_the_last(runs: list[ScoredRun]) -> None:
    """A report of other runs is not that of the last ones."""
    assert report.text(runs) != report.text(runs[:1]) != report.text(runs[1:])


def test_summary_is_plain_json_with_rates_and_intervals(runs: list[ScoredRun]) -> None:
    """The summary survives JSON unchanged, and its rates are those of the scores."""
    found = report.summary(runs)
    assert json.loads(json.dumps(found)) == found
    ours = found["runs"][0]
    assert ours["name"] == "ours"
    assert ours["failed"] == 1
    assert (ours["perfect"], ours["lines"], ours["deals"]) == (1, 3, 3)
    f = ours["overall"]["rates"]["f"]
    assert f["value"] == pytest.approx(runs[0].counts.f, abs=1e-4)
    assert f["low"] <= f["value"] <= f["high"]
    assert ours["unsupported"] == sum(len(one.unsupported) for one in runs[0].scores) > 0
    assert (ours["prompt_tokens"], ours["cached_tokens"], ours["completion_tokens"]) == (300, 120, 21)
    assert ours["cost"] is None
    assert ours["seconds"] == 4.5


def test_groups_of_fields_sum_their_parts(runs: list[ScoredRun]) -> None:
    """A group of fields has the counts of all its parts, and stands before them in the order of the schema."""
    found = report.summary(runs)["fields"]
    names = [each["field"] for each in found]
    assert names.index("is_deal") < names.index("parties") < names.index("amount")
    group = next(each for each in found if each["field"] == "parties")
    parts = [each for each in found if each["field"].startswith("parties.")]
    assert group["group"]
    assert group["runs"][0]["facts"] == sum(part["runs"][0]["facts"] for part in parts)


def test_a_rate_of_nothing_is_none_and_shown_as_a_dash(runs: list[ScoredRun]) -> None:
    """A rate that nothing could be a share of is null, and a dash in words; a single deal with such facts has no interval."""
    field = next(each for each in report.summary(runs)["fields"] if each["field"] == "is_deal")
    assert field["runs"][0]["rates"]["hallucination"] == {"value": None, "low": None, "high": None}
    case = make_case()
    one = report.summary([make_run([answer(case)], [case])])["runs"][0]
    assert one["overall"]["rates"]["f"] == {"value": 1.0, "low": None, "high": None}
    lone = make_case("birch", deal="other")
    lone = replace(lone, gold=lone.gold.model_copy(update={"parties": ()}))
    mixed = report.summary([make_run([answer(case), answer(lone)], [case, lone])])
    parties = next(each for each in mixed["fields"] if each["field"] == "parties.name")
    assert parties["runs"][0]["rates"]["f"] == {"value": 1.0, "low": None, "high": None}
    line = next(line for line in report.text(runs).splitlines() if line.startswith("is_deal"))
    assert "–" in line.split()
    assert report.text([make_run([], [case])])


def test_runs_are_named_by_what_tells_them_apart() -> None:
    """Runs are named by system or model where that tells them apart, else by both, else with a number."""
    case = make_case()

    def named(*pairs: tuple[str, str]) -> list[str]:
        return view.names([make_run([answer(case)], [case], system=s, model=m) for s, m in pairs])

    assert named(("ours", "a"), ("plain", "a"), ("regex", "none")) == ["ours", "plain", "regex"]
    assert named(("ours", "a"), ("ours", "b")) == ["a", "b"]
    assert named(("ours", "a"), ("plain", "b")) == ["ours on a", "plain on b"]
    assert named(("ours", "a"), ("ours", "a")) == ["ours on a (1)", "ours on a (2)"]


def test_no_run_and_runs_with_different_gold_are_refused() -> None:
    """No run, and runs scored with different gold, are refused in every form, and the case is named."""
    case, other = make_case(), make_case(text=TEXT + " ")
    apart = [make_run([answer(each)], [each]) for each in (case, other)]
    for form in FORMS:
        with pytest.raises(CaseError, match="no run"):
            form([])
        with pytest.raises(CaseError, match="different gold or text of alder"):
            form(apart)


def test_text_fits_a_terminal_and_names_every_run(runs: list[ScoredRun]) -> None:
    """The text fits 100 columns, holds each table and the error of the failed case."""
    found = report.text([*runs, make_run([answer(make_case())], [make_case()], system="regex", model="none")])
    assert max(map(len, found.splitlines())) <= 100
    for words in ("OVERALL", "BY FIELD", "ERROR KINDS", "CASES", "regex", "SCALE", "hallucination", "ANLS*"):
        assert words in found
    assert "cedar (ours): Truncated: The reply <i>broke off</i>." in found
    assert "\x1b" not in found


def test_recorded_replies_cost_nothing_that_a_model_would(runs: list[ScoredRun]) -> None:
    """Seconds and tokens of a replay are not told as if a model had taken them; those of the other run are."""
    replayed = replace(runs[0], run=replace(runs[0].run, about={**runs[0].run.about, "recorded": True}))
    rows = [line.split() for line in report.text([replayed, *runs[1:]]).splitlines()]
    told = {" ".join(row[:-2]): row[-2:] for row in rows if "recorded" in row}
    assert set(told) >= {"seconds, median", "seconds, all", "prompt tokens", "tokens written"}
    assert all(first == "recorded" != second for first, second in told.values())


def test_runs_with_long_names_become_letters_in_the_text() -> None:
    """Runs with long names are letters in the columns of the text, three beside each other, with a legend."""
    case = make_case()
    some = [make_run([answer(case)], [case], model=f"a-model-of-long-name-{n}") for n in range(4)]
    found = report.text(some)
    assert "D: ours on a-model-of-long-name-3, 1 cases of 1 deals, 1 answers" in found
    assert re.search(r"^measure +A +B +C$", found, re.MULTILINE)
    assert re.search(r"^measure +D$", found, re.MULTILINE)


def test_the_page_runs_nothing_and_asks_for_nothing(runs: list[ScoredRun]) -> None:
    """The page has no script, no handler and no address but its own places, and its policy forbids them."""
    page = Page(report.html(runs))
    assert not {tag for tag, _ in page.elements} & {"script", "img", "iframe", "object", "base", "b>", "i>"}
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on")]
        for name in ("href", "src", "xlink:href"):
            address = attrs.get(name, "")
            assert address in ("", "data:,") or address.removeprefix("#") in ids
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert name not in attrs or attrs[name] in ids
    style = "".join(data for tag, _, data in page.words if tag == "style")
    assert "url(" not in style
    assert "@import" not in style
    policy = next(attrs["content"] for _, attrs in page.elements if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


def test_words_of_others_are_shown_and_not_obeyed(runs: list[ScoredRun]) -> None:
    """Articles, replies, errors and names of models stand on the page as they are, control characters made visible."""
    case = make_case()
    evil = '"><img src=x onerror=alert(1)></style>{{ 7*7 }}'
    page = Page(report.html([*runs, make_run([answer(case)], [case], model=evil, system=evil)]))
    shown = "".join(data for _, _, data in page.words)
    for words in (RAW, evil, "<script>alert(1)</script>", "{{ 7*7 }} & more", "The reply <i>broke off</i>."):
        assert words in shown
    assert "49" not in page.text("words")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "␛[31m\ufffdevil" in shown


def test_the_text_of_a_case_is_whole_and_its_marks_in_place(runs: list[ScoredRun]) -> None:
    """The text stands once a case, whole; evidence of gold and of each run and forbidden places are marked apart."""
    one = next(case for case in leaves.cases(runs) if case.id == "alder")
    from evals.report.page import pieces

    cut = list(pieces(one))
    assert "".join(piece.text for piece in cut) == TEXT
    by_class = {piece.text: piece.classes.split() for piece in cut}
    assert by_class["Aldermoor pays $5 million for Birchwick"] == ["g", "r0"]  # run 1 gives no evidence there
    assert by_class["Also today: Cedarling sold for $9 million."] == ["x"]
    page = report.html(runs)
    assert page.count("Also today: Cedarling") == 3


def test_a_place_outside_of_the_text_is_left_out() -> None:
    """Evidence that ends behind the text, or nowhere, does not break the page."""
    case = make_case()
    far = [{"start": 5, "end": 10**6, "text": "x"}, {"start": 9, "end": 2, "text": ""}]
    line = answer(case, amount={"text": "$5 million", "value": "5000000", "currency": "USD", "evidence": far})
    page = Page(report.html([make_run([line], [case])]))
    assert page.text("words").startswith("Aldermoor buys Birchwick <script>")


def test_a_wrong_leaf_has_its_kind_what_was_expected_and_what_was_found(runs: list[ScoredRun]) -> None:
    """The row of a wrong leaf shows the kind of error beside gold and answer."""
    page = report.html(runs)
    row = next(row for row in page.split("<tr") if "SCALE</span>" in row and "leaf" not in row)
    words = re.sub(r"<[^>]*>", "", row)
    assert "5,000,000 USD" in words
    assert "5,000,000,000 USD" in words


def test_items_of_one_gold_stand_in_one_row() -> None:
    """An item stands in the row of its gold wherever a record has it; one that gold lacks in a row of its own for all."""
    case = make_case()
    turned = [party("Birchwick", "target"), party("Dunmarsh", "adviser"), party("Aldermoor", "acquirer")]
    less = [party("Dunmarsh", "other"), party("Birchwick", "target")]
    some = [
        make_run([answer(case, parties=parties)], [case], model=str(n))
        for n, parties in enumerate((turned, less))
    ]
    (one,) = leaves.cases(some)
    rows = {leaf.path: [cell and (cell.result, cell.found) for cell in leaf.cells] for leaf in one.leaves}
    assert rows["parties[0].name"] == [("right", "Aldermoor"), ("missing", "")]
    assert rows["parties[1].name"] == [("right", "Birchwick"), ("right", "Birchwick")]
    assert rows["parties[+].name"] == [("invented", "Dunmarsh"), ("invented", "Dunmarsh")]
    paths = list(rows)
    assert paths.index("is_deal") < paths.index("parties[+].name") < paths.index("amount")
    assert rows["parties[+].role"] == [("invented", "adviser"), ("invented", "other")]
    assert [leaf.places for leaf in one.leaves if leaf.path == "parties[0].name"] == [
        (tuple(BUYS), tuple(PAYS))
    ]


def test_a_conflict_has_a_row_and_no_place_of_its_own() -> None:
    """A conflict of the text has a row after all fields, where it is told or missed, and no evidence of another field."""
    case = replace(make_case(), conflicts=(Conflict(field="amount", figures=("$5 million", "$9 million")),))
    told = as_record(case.gold, case.schema, case.text, conflicts=case.conflicts).model_dump(mode="json")
    some = [make_run([answer(case, **changes)], [case]) for changes in ({}, {"findings": told["findings"]})]
    (one,) = leaves.cases(some)
    missed, found = one.leaves[-1].cells
    assert one.leaves[-1].path == "conflict.amount"
    assert missed is not None
    assert found is not None
    assert (missed.kind, found.result, found.places) == ("CONFLICT_MISSED", "right", ())


def test_repeats_of_a_case_stand_side_by_side() -> None:
    """Each repeat of a case is a column of its own, in every form."""
    case = make_case()
    run = make_run([answer(case), answer(case, repeat=1, **WRONG)], [case])
    assert "#1" in Page(report.html([run])).text("leaves")
    assert {row["repeat"] for row in csv.DictReader(io.StringIO(report.csv([run])))} == {"0", "1"}
    assert [test.get("name") for test in xml(report.junit([run])).iter("testcase")] == [
        "alder",
        "alder #1",
    ]


def test_variants_are_compared_with_their_own_originals() -> None:
    """F of a variant stands beside that of the originals it was made from, and values remembered from them are counted."""
    alder, birch = make_case("alder"), make_case("birch")
    altered = [replace(case, variant="counterfactual") for case in (alder, birch)]
    cases = [alder, birch, *altered, make_case("cedar")]
    lines = [*map(answer, (alder, birch, cases[-1])), answer(altered[0], **WRONG), answer(altered[1])]
    found = report.summary([make_run(lines, cases)])
    original, variant = found["variants"]
    assert (original["variant"], original["lines"], variant["lines"]) == ("original", [3], [2])
    assert variant["drop"][0]["value"] == pytest.approx(1 - variant["f"][0]["value"])
    assert found["runs"][0]["counterfactuals"] == 2
    assert "original minus this" in report.text([make_run(lines, cases)])


def test_csv_has_a_row_for_each_leaf_and_no_formula() -> None:
    """CSV has one row for each answer and leaf, and no cell that a spreadsheet would take for a formula."""
    case = make_case()
    names = ("=HYPERLINK(0)", "+1", "-2", "@SUM(A1)", "\t=1", "＝1")
    run = make_run([answer(case, parties=[party(name, "other") for name in names])], [case], system="=cmd")
    rows = list(csv.reader(io.StringIO(report.csv([run]))))
    assert len(rows) == 1 + len(run.scores[0].outcomes)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert "'=HYPERLINK(0)" in {cell for row in rows for cell in row}
    assert not [cell for row in rows for cell in row if cell and cell[0] in "=+-@\t\r＝＋－＠"]


def test_csv_says_of_failed_cases_why(runs: list[ScoredRun]) -> None:
    """The leaves of a failed case are missing in CSV, each with the error."""
    rows = list(csv.DictReader(io.StringIO(report.csv(runs))))
    failed = [row for row in rows if row["case"] == "cedar" and row["run"] == "ours"]
    assert {row["result"] for row in failed} == {"missing", "absent"}
    assert {row["error"] for row in failed} == {"Truncated: The reply <i>broke off</i>."}


def test_junit_names_the_wrong_leaves(runs: list[ScoredRun]) -> None:
    """JUnit has a suite for each run; what is wrong fails with its leaves, what broke off is an error."""
    suites = list(xml(report.junit(runs)))
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors")) for s in suites] == [
        ("ours", "3", "1", "1"),
        ("plain", "3", "1", "0"),
    ]
    failure = suites[0].find("testcase[@name='birch']/failure")
    assert failure is not None
    assert "amount" in (failure.get("message") or "").split(", ")
    assert "amount: SCALE: expected 5,000,000 USD, found 5,000,000,000 USD" in (failure.text or "")
    error = suites[0].find("testcase[@name='cedar']/error")
    assert error is not None
    assert error.get("type") == "Truncated"


def test_junit_is_xml_whatever_the_words() -> None:
    """Characters that XML does not allow do not break the file."""
    case = make_case()
    run = make_run([answer(case, error="\x00\x0b\ufffe ]]> <&")], [case], system="\x01")
    error = xml(report.junit([run])).find(".//error")
    assert error is not None
    assert (error.text or "").endswith("]]> <&")


def test_markdown_tables_hold_whatever_the_words() -> None:
    """Every row of a Markdown table has as many cells as its head, and words of others stay words."""
    case = make_case("pi|pe_*")
    run = make_run([answer(case, error="a | b\n# no heading")], [case], model="m|<b>", system="s")
    found = report.markdown([run, make_run([answer(case)], [case])])
    tables = re.findall(r"(?:^\|.*\n)+", found, re.MULTILINE)
    assert len(tables) >= 3
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1
    assert "\n# no" not in found
    assert "<b>" not in found


def test_endpoints_are_shown_without_what_may_be_secret(runs: list[ScoredRun]) -> None:
    """User, password and query of an endpoint's address reach no form."""
    case = make_case()
    run = make_run([answer(case)], [case], endpoint="https://me:hush@example.org/v1?key=hush")
    assert all("hush" not in form([run]) for form in FORMS)
    assert "hush" not in json.dumps(report.summary([run]))
    assert "https://example.org/v1" in report.html([run])


def test_charts_take_the_colours_of_the_page() -> None:
    """A chart is one named SVG element whose colours and fonts are the page's, with letters as letters."""
    some = [[Estimate(0.5, 0.4, 0.6), Estimate()], [Estimate(0.25), Estimate(1.0, 1.0, 1.0)]]
    rows = ["amount <b>", "$\\frac{1}{0}$"]
    drawn = str(charts.dots(rows, some, "F & more", "one"))
    root = xml(drawn.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))
    assert root.get("role") == "img"
    assert [element.text for element in root.iter() if element.tag.endswith("title")] == ["F & more"]
    words = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert words[-2:] == rows
    assert {"var(--run-1)", "var(--run-2)", "currentColor"} <= set(
        re.findall(r"var\(--[\w-]+\)|currentColor", drawn)
    )
    assert not re.findall(r"#[0-9a-f]{6}\b", drawn)
    assert "DejaVu" not in drawn
    assert drawn == str(charts.dots(rows, some, "F & more", "one"))


def test_charts_of_one_page_share_no_identity() -> None:
    """Two charts of one page have no id in common, and each has only those that it refers to."""
    drawn = [str(charts.bars(["SCALE"], [[3], [0]], "Kinds", name)) for name in ("one", "two")]
    first, second = (set(re.findall(r' id="([^"]+)"', chart)) for chart in drawn)
    assert not first & second
    assert all(f"#{name}" in drawn[0] or name == "chart-one" for name in first)
    assert ">3</text>" in drawn[0]


def test_charts_have_no_more_runs_than_marks() -> None:
    """More runs than there are marks begin again with the first."""
    drawn = str(charts.bars(["SCALE"], [[n] for n in range(8)], "Kinds", "many"))
    assert "var(--run-6)" in drawn
    assert "var(--run-7)" not in drawn


def test_a_chart_holds_whatever_the_headings() -> None:
    """A chart with long, empty or foreign headings, or with nothing to count, is drawn all the same."""
    drawn = str(charts.bars(["a_field_" * 20, "", "契約\x00"], [[0, 0, 0]], "Kinds", "odd"))
    assert "a_field_a_field_a_field_a_fie…" in drawn
    assert "契約\ufffd" in drawn
