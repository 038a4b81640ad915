"""Risk and coverage, calibration, and the fit of the weights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals import report
from evals.calibration import fit
from evals.calibration import report as fitted
from evals.gate import gate
from evals.report import charts
from evals.selective import Rated, rated, worth, worth_of
from summarizer.certainty import DOUBTS, HOW, SUPPORTS
from tests.evals.test_evals_report import answer, make_case, make_run, party


def facts(*said: tuple[float, bool], deals: int = 1) -> list[Rated]:
    return [
        Rated(f"deal {index % deals}", "amount", sure, (HOW[0],), right)
        for index, (sure, right) in enumerate(said)
    ]


def test_facts_in_a_right_order_are_as_good_as_the_best() -> None:
    """Where all that is wrong is least sure, the curve is the best one, and it never rises with coverage."""
    found = worth_of(facts(*((0.9, True),) * 6, (0.7, True), (0.6, True), (0.3, False), (0.2, False)))
    assert found is not None
    assert (found.facts, found.right, found.precision) == (10, 8, 0.8)
    assert found.at == found.best_at == 1.0
    assert found.aurc == pytest.approx(found.best_aurc)
    assert found.aurc == pytest.approx((1 / 9 + 2 / 10) / 10)
    precisions = [point.precision for point in found.points]
    assert precisions == sorted(precisions, reverse=True)
    assert [point.coverage for point in found.points] == pytest.approx([0.6, 0.7, 0.8, 0.9, 1.0])
    assert found.precision_at(0.9) == pytest.approx(8 / 9)


def test_a_wrong_order_is_worse_than_none() -> None:
    """What is wrong and surest has the most weight in the area under the curve."""
    found = worth_of(facts((0.9, False), (0.8, True), (0.7, True), (0.6, True)))
    assert found is not None
    assert found.aurc == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert found.best_aurc == pytest.approx(1 / 4 / 4)
    assert found.aurc > 1 - found.precision
    assert found.at < found.best_at


def test_facts_that_are_alike_count_as_on_average() -> None:
    """One certainty for all gives the precision of all at every coverage, in whatever order the facts come."""
    some = facts((0.5, True), (0.5, False), (0.5, True), (0.5, True))
    for order in (some, some[::-1]):
        found = worth_of(order)
        assert found is not None
        assert found.at == pytest.approx(0.75)
        assert found.precision_at(0.1) == pytest.approx(0.75)
        assert found.aurc == pytest.approx(0.25)
        assert len(found.points) == 1


def test_calibration_is_the_gap_between_sure_and_right() -> None:
    """Eight right of ten at 0.8 are calibrated; at 1.0, which is in the last bin, the gap is 0.2."""
    eight = [index < 8 for index in range(10)]
    calibrated = worth_of(facts(*((0.8, right) for right in eight)))
    boasting = worth_of(facts(*((1.0, right) for right in eight)))
    assert calibrated is not None
    assert boasting is not None
    assert calibrated.ece == pytest.approx(0)
    assert boasting.ece == pytest.approx(0.2)
    assert [(part.low, part.facts, part.precision) for part in boasting.bins] == [(0.9, 10, 0.8)]
    assert [(part.low, part.high) for part in calibrated.bins] == [(0.8, 0.9)]


def test_intervals_draw_whole_deals() -> None:
    """One deal tells nothing of the spread; of several, the interval holds the value and is the same each time."""
    said = ((0.9, True), (0.9, True), (0.8, False), (0.7, True), (0.4, False), (0.3, True))
    lone, several = worth_of(facts(*said)), worth_of(facts(*said, deals=3))
    assert lone is not None
    assert several is not None
    assert not lone.at_interval.known
    assert several.at_interval.low <= several.at <= several.at_interval.high
    assert several == worth_of(facts(*said, deals=3))


def test_nothing_to_rate_is_none() -> None:
    """No fact, or a run whose records say nothing of certainty, has no worth."""
    case = make_case()
    assert worth_of([]) is None
    assert worth(make_run([answer(case)], [case])) is None
    assert worth(make_run([answer(case, error="broke off")], [case])) is None


SURE = [
    {"field": "is_deal", "value": 0.9, "grounds": [HOW[3]]},
    {"field": "parties[0].name", "value": 0.3, "grounds": [HOW[5]]},
    {"field": "parties[0].role", "value": 0.3, "grounds": [HOW[4]]},
    {"field": "amount", "value": 0.8, "grounds": [HOW[0]]},
]


def test_leaves_take_the_certainty_of_what_they_are_part_of() -> None:
    """A part of a figure has the figure's certainty, what the record does not rate counts as 0, and the missing as nothing."""
    case = make_case()
    line = answer(case, parties=[party("Dunmarsh", "adviser"), party("Birchwick", "target")], certainty=SURE)
    found = {each.path: each for each in rated(make_run([line], [case]).scores)}
    assert found["amount.qualifier"].certainty == found["amount"].certainty == 0.8
    assert (found["parties[0].name"].certainty, found["parties[0].name"].right) == (0.3, False)
    assert (found["parties[1].name"].certainty, found["parties[1].name"].right) == (0.0, True)
    assert found["amount"].grounds == (HOW[0],)
    assert not [path for path in found if "gold" in path]


def test_every_form_of_the_report_shows_certainty_beside_runs_without() -> None:
    """Table, curve and JSON have a run with certainty beside an old one without; a run without any has none of it."""
    cases = [make_case("alder"), make_case("birch")]
    wrong = {"parties": [party("Dunmarsh", "adviser"), party("Birchwick", "target")]}
    new = make_run([answer(cases[0], certainty=SURE), answer(cases[1], **wrong, certainty=SURE)], cases)
    old = make_run([answer(case) for case in cases], cases, system="plain")
    text = report.text([new, old])
    assert max(map(len, text.splitlines())) <= 100
    for form in (text, report.markdown([new, old]).upper(), report.html([new, old]).upper()):
        assert "CERTAINTY" in form
        assert "RELIABILITY" in form
    assert "chart-curve" in report.html([new, old])
    first, second = report.summary([new, old])["runs"]
    assert second["certainty"] is None
    found = worth(new)
    assert found is not None
    assert first["certainty"]["precision"][2]["value"] == pytest.approx(found.at, abs=1e-4)
    assert first["certainty"]["points"][-1]["coverage"] == 1.0
    assert "CERTAINTY" not in report.text([old])
    assert "chart-curve" not in report.html([old])
    assert 'href="#certainty"' not in report.html([old])


def test_the_gate_knows_precision_at_a_coverage() -> None:
    """A bound on the surest 80% holds, fails, or has nothing to be measured on."""
    case = make_case()
    new, old = make_run([answer(case, certainty=SURE)], [case]), make_run([answer(case)], [case])
    assert gate(new, ["precision@80>=0.95", "ece<=1", "aurc<=0.1"]) == []
    assert gate(new, ["precision@80<=0.5"]) == ["precision@80 is 1, and should be at most 0.5."]
    assert "nothing to be measured on" in gate(old, ["precision@80>=0.95"])[0]


def test_a_curve_is_drawn_whatever_its_points() -> None:
    """A curve of one point, of none, and of none that is right are drawn."""
    drawn = str(charts.curves([[(1.0, 0.0)], []], "Curve & more", "odd", across="coverage", up="precision"))
    assert "Curve &amp; more" in drawn
    assert ">coverage</text>" in drawn
    assert drawn == str(
        charts.curves([[(1.0, 0.0)], []], "Curve & more", "odd", across="coverage", up="precision")
    )


def test_the_fit_finds_what_tells_right_from_wrong() -> None:
    """A doubt with which facts are wrong weighs more than one about which nothing is known, and a way with more right more."""
    many = [
        Rated(f"deal {deal}", "x", 0.0, (HOW[how], *([DOUBTS[0]] if doubt else [])), right)
        for deal in range(8)
        for how, doubt, right in (
            (0, False, True),
            (0, False, True),
            (1, False, deal % 2 == 0),
            (0, True, False),
        )
    ]
    weights = fit(many)
    assert list(weights) == [*HOW, *SUPPORTS, *DOUBTS]
    assert weights[HOW[0]] > weights[HOW[1]]
    assert weights[DOUBTS[0]] < weights[DOUBTS[1]] == pytest.approx(-0.69)
    assert weights[SUPPORTS[0]] == pytest.approx(0.69)
    assert weights[HOW[7]] == 0.0
    assert fit(many[::-1]) == weights


def test_the_fit_never_turns_a_doubt_around() -> None:
    """A doubt whose facts are all right comes to nothing, and a deal's facts have one vote however many they are."""
    lucky = [Rated(f"deal {n}", "x", 0.0, (HOW[0], DOUBTS[0]), True) for n in range(50)]
    lucky += [Rated(f"deal {n}", "x", 0.0, (HOW[0],), n % 2 == 0) for n in range(50)]
    assert fit(lucky)[DOUBTS[0]] <= 0
    one = [Rated("deal", "x", 0.0, (HOW[0],), True)]
    assert fit(one) == fit(one * 100)
    assert fit(one)[HOW[0]] == pytest.approx(0.69, abs=0.01)  # two of three votes


def test_the_report_of_the_fit_can_be_pasted() -> None:
    """The weights are printed as they stand in the source, with what each was fitted to."""
    some = [replace(fact, deal=f"deal {n}") for n, fact in enumerate(facts((0.0, True), (0.0, False)))]
    said = fitted(some, fit(some))
    source = said[said.index("{") : said.index("}") + 1]
    assert eval(source, {}) == fit(some)  # noqa: S307 - our own
    assert "ECE" in said
    assert fitted([], fit(some)).startswith("WEIGHTS")
