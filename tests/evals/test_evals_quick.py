from __future__ import annotations

from collections.abc import Sequence

import pytest

from evals import quick
from evals.__main__ import main
from evals.cases import Case, CaseFile, read_cases
from evals.loopback import Loopback
from evals.outcomes import Outcome, Result
from evals.quick import CASES, Way, report
from evals.runfile import Line, RunFile
from evals.scored import CaseScore, ScoredRun
from evals.systems import open_system
from summarizer.settings import PLANS, TRUSTS


def way(plan: str, right: int, seconds: float, *, failed: bool = False, trust: str = "model") -> Way:
    """A way in which so many of 100 leaves are right."""
    outcomes = [Outcome("status", "status", Result.TP if n < right else Result.FD) for n in range(100)]
    line = Line(case="c", input="i", gold="g", seconds=seconds, error="Timeout" if failed else "")
    case = Case(CaseFile(file="c.txt", sha256="", deal="c"), None, "")
    return Way(plan, trust, ScoredRun(RunFile({}, (line,)), (CaseScore(case, line, None, tuple(outcomes)),)))


def test_the_cases_are_short_ones_of_the_development_half() -> None:
    """All eight are shipped, of the half that may be looked at, and of at most 250 words."""
    found = [case for case in read_cases() if case.name in CASES]
    assert (len(found), {case.about.split for case in found}) == (8, {"development"})
    assert max(len(case.text.split()) for case in found) <= 250


def test_the_run_file_names_a_trust_that_was_chosen() -> None:
    assert open_system("regex", trust="rules").identity["trust"] == "rules"
    assert "trust" not in open_system("regex").identity


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            [way("a", 90, 3.0), way("b", 80, 1.0)],
            "--plan a --trust model suits m: F 0.90 at 3.0 s an article",
        ),
        ([way("a", 90, 3.0), way("b", 90, 1.0)], "--plan b --trust model suits m"),
        ([way("a", 95, 3.0, trust="rules"), way("b", 80, 1.0)], "--plan a --trust rules suits m"),
        ([way("a", 99, 3.0, failed=True), way("b", 80, 1.0)], "--plan b --trust model suits m"),
        ([way("a", 0, 3.0, failed=True)], "m answered no case: `summarizer doctor`"),
    ],
)
def test_the_last_sentence_names_the_way_that_suits(found: Sequence[Way], said: str) -> None:
    """The best F, or where several are as good the fastest of them; one that always fails is none."""
    assert said in report(found, "m")


def test_quick_prints_one_table_for_an_endpoint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row for each plan and trust with its requests, then the sentence; no run file is written."""
    monkeypatch.setattr(quick, "CASES", sorted(CASES)[:2])
    with Loopback().running() as server:
        assert main(["run", "--quick", "--model", "m", "--base-url", server.address]) == 0
        asked = server.requests
    header, _, *rows, _, last = capsys.readouterr().out.rstrip().splitlines()
    assert " ".join(header.split()) == "plan trust F core F requests tokens in tokens out s / article failed"
    assert len(rows) == len(PLANS) * len(TRUSTS)
    assert sum(int(row.split()[4]) for row in rows) == asked
    assert "suits m: F" in last
