from __future__ import annotations

import hashlib
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import main
from evals.articles import as_line, report, run_articles
from evals.bench import Canned
from evals.gold import CASES, DOCUMENTS, Case, CaseError, GoldMoney, choose_cases, load_cases, read_text
from summarizer import summarize
from summarizer.errors import EndpointUnavailable
from summarizer.schema.deal import DealSummary
from summarizer.schema.values import Usage


def test_a_perfect_run_is_reported_as_such(case: Case, perfect: DealSummary) -> None:
    """The table gives counts, evidence, and what was spent; no complaint follows it."""
    spent = Usage(requests=7, prompt_tokens=900, cached_tokens=600, completion_tokens=80)
    runs = run_articles(
        [case], DOCUMENTS, lambda text, **options: perfect.model_copy(update={"usage": spent})
    )
    said = report(runs)
    row = next(line.split() for line in said.splitlines() if line.startswith("harbor-quay"))
    assert row[2:6] == ["0", "0", "0", "1.00"]
    assert row[-4:] == ["7", "900", "600", "80"]
    assert "precision 1.000, recall 1.000, F 1.000" in said
    assert "does not hold: 0\n" in said
    assert "harbor-quay:" not in said


def test_every_mistake_is_told_with_its_article(case: Case, perfect: DealSummary) -> None:
    """Below the tables stands what is wrong, missing, invented or unsupported, and what was expected."""
    assert perfect.amount is not None
    wrong = {
        "amount": perfect.amount.model_copy(update={"value": Decimal(180_000)}),
        "consideration": "cash",
        "valuation": None,
        "headline": "A deal of €9 billion",
    }
    runs = run_articles([case], DOCUMENTS, lambda text, **options: perfect.model_copy(update=wrong))
    said = report(runs)
    assert "harbor-quay: amount.value: wrong, SCALE: 180,000 EUR (expected 180,000,000 EUR)" in said
    assert "harbor-quay: consideration: invented, INVENTED: cash" in said
    assert "harbor-quay: valuation.value: missing, OMITTED (expected 800,000,000 EUR)" in said
    assert "harbor-quay: not in the source: headline: €9 billion" in said
    assert "does not hold: 2\n" in said


def test_options_and_altered_texts_reach_the_summariser(case: Case, text: str, perfect: DealSummary) -> None:
    """The counterfactual run reads a text without the original names; remembered ones are counted."""
    seen: list[tuple[str, dict[str, Any]]] = []

    def answer(text: str, **options: Any) -> DealSummary:
        seen.append((text, options))
        return perfect

    runs = run_articles([case], DOCUMENTS, answer, counterfactual=True, plan="single")
    assert "Harbor Quay" not in seen[0][0]
    assert seen[0][1] == {"id": "harbor-quay.txt", "plan": "single"}
    assert "remembered, not read:" in report(runs)
    assert "harbor-quay: remembered: Annika Tervo" in report(runs)


def test_a_failed_article_is_a_row(case: Case) -> None:
    """An article that fails misses all of its facts, and the error is told."""

    def fail(text: str, **options: Any) -> DealSummary:
        raise EndpointUnavailable("the server is away")

    runs = run_articles([case], DOCUMENTS, fail)
    assert "harbor-quay: EndpointUnavailable: the server is away" in report(runs)
    assert "F 0.000" in report(runs)
    assert json.loads(as_line(runs[0]))["record"] is None


def test_the_pipeline_runs_end_to_end_and_its_line_is_json(case: Case) -> None:
    """A run of the real pipeline with a canned model states no figure that the source does not hold."""
    runs = run_articles([case], DOCUMENTS, summarize, model=Canned())
    assert (runs[0].unsupported, runs[0].misplaced) == ((), ())
    said = json.loads(as_line(runs[0]))
    assert said["record"]["source"]["id"] == "harbor-quay.txt"
    assert {outcome["result"] for outcome in said["outcomes"]} >= {"right"}


def test_a_text_that_is_missing_or_another_is_refused(case: Case, tmp_path: Path) -> None:
    """Folder, file and digest are checked, and the error says which of them is wrong."""
    with pytest.raises(CaseError, match="There is no folder"):
        read_text(case, tmp_path / "nowhere")
    with pytest.raises(CaseError, match=r"does not hold harbor-quay\.txt"):
        read_text(case, tmp_path)
    (tmp_path / case.file).write_text("Another text.", encoding="utf-8")
    with pytest.raises(CaseError, match="is not the text that was labelled"):
        read_text(case, tmp_path)


def test_the_gold_of_unshipped_texts_is_whole() -> None:
    """Every case can be read, and has a digest, both parties, and evidence for its price."""
    cases = load_cases(CASES)
    assert len(cases) == 3
    for each in cases:
        assert len(bytes.fromhex(each.sha256)) == 32
        assert each.amount is not None
        assert each.amount.evidence
        assert {role for party in each.parties for role in party.role} >= {"acquirer", "target"}
        for start, end in (*each.amount.evidence, *each.forbidden):
            assert 0 <= start < end


def test_gold_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    """A value that its own text does not give, and an unknown field, are errors of the case."""
    with pytest.raises(ValueError, match="is not 8E"):
        GoldMoney.model_validate({"text": "€9 million", "value": "8e6", "currency": "EUR"})
    (tmp_path / "case.json").write_text('{"file": "a.txt", "colour": "red"}', encoding="utf-8")
    with pytest.raises(CaseError, match="colour"):
        load_cases(tmp_path)
    with pytest.raises(CaseError, match="holds no cases"):
        load_cases(tmp_path / "nowhere")


def test_the_shipped_gold_cites_its_text(case: Case, text: str) -> None:
    """The digest is that of the shipped text, and the evidence of every figure is the figure."""
    assert hashlib.sha256(text.encode()).hexdigest() == case.sha256
    for figure in (case.amount, case.stake, case.valuation, case.announced_on, case.earlier_deals[0].amount):
        assert figure is not None
        assert [text[start:end] for start, end in figure.evidence] == [figure.text]


def test_cases_are_chosen_by_name() -> None:
    """The shipped cases without a folder, the labelled ones with one; a name that fits none is told."""
    (shipped,), folder = choose_cases(None)
    assert (shipped.name, folder) == ("harbor-quay", DOCUMENTS)
    some, folder = choose_cases(Path("articles"), "002")
    assert ([case.name[:4] for case in some], folder) == (["002_"], Path("articles"))
    with pytest.raises(CaseError, match="there are harbor-quay"):
        choose_cases(None, "nobody")


def test_a_missing_folder_is_told_and_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command line says in a sentence what to give, and its exit code is that of bad input."""
    assert main(["run", "--articles", str(tmp_path)]) == 2
    assert "does not hold" in capsys.readouterr().err
    assert main(["run", "--acquisitions", str(tmp_path)]) == 2
    assert "does not hold docs/ID" in capsys.readouterr().err


def test_an_unreachable_model_is_told_and_ends_with_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run whose model is wrongly named writes its lines, tells the error, and ends with 1."""
    for name in ("SUMMARIZER_BASE_URL", "OPENAI_BASE_URL", "SUMMARIZER_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    out = tmp_path / "runs.jsonl"
    assert main(["run", "--model", "nobody-knows", "--out", str(out)]) == 1
    assert "ConfigurationError" in capsys.readouterr().out
    assert json.loads(out.read_text(encoding="utf-8"))["case"] == "harbor-quay"


def test_another_folder_serves_the_same_text(case: Case, text: str, tmp_path: Path) -> None:
    """A text is found by its name and digest, wherever it lies."""
    shutil.copy(DOCUMENTS / case.file, tmp_path)
    assert read_text(case, tmp_path) == text
