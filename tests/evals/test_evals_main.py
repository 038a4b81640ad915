from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import main


@pytest.fixture(scope="module")
def run_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "rules.jsonl"
    assert main(["run", "--system", "regex", "--out", str(out), "--only", "re"]) == 0
    return out


def planted(run_file: Path, change: Any) -> Path:
    """The run with an error planted in each record."""
    header, *lines = run_file.read_text(encoding="utf-8").splitlines()
    said = [json.loads(line) for line in lines]
    for line in said:
        change(line["record"])
    path = run_file.with_name("planted.jsonl")
    path.write_text("\n".join([header, *map(json.dumps, said)]) + "\n", encoding="utf-8")
    return path


def test_a_run_prints_its_report(run_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second start asks nothing again and prints the same tables; score prints them too."""
    assert main(["run", "--system", "regex", "--out", str(run_file), "--only", "re"]) == 0
    first = capsys.readouterr()
    assert first.err == ""
    assert "retold-1" in first.out
    assert main(["score", str(run_file)]) == 0
    assert capsys.readouterr().out == first.out


def test_reports_are_written(run_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each form is a file that is named; the same run gives the same bytes."""
    forms = ("html", "json", "markdown", "csv", "junit")
    texts = []
    for turn in ("a", "b"):
        paths = {form: tmp_path / f"{turn}.{form}" for form in forms}
        wanted = [part for form, path in paths.items() for part in (f"--{form}", str(path))]
        assert main(["report", str(run_file), *wanted]) == 0
        texts.append([path.read_text(encoding="utf-8") for path in paths.values()])
    assert texts[0] == texts[1]
    assert all(texts[0])
    assert "a.html is written" in capsys.readouterr().err


def test_compare_and_gate_find_a_planted_regression(
    run_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without stakes, compare says what became wrong and the gate fails; the same run passes."""
    worse = planted(run_file, lambda record: record.update(stake=None))
    assert main(["compare", str(run_file), str(worse), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert main(["gate", str(worse), "--baseline", str(run_file), "--allow", "0"]) == 1
    assert capsys.readouterr().out
    assert main(["gate", str(run_file), "--baseline", str(run_file), "--allow", "0"]) == 0
    assert capsys.readouterr().out == "passed\n"


def test_gate_bounds(run_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bound that holds passes, one that does not is told, and none at all is refused."""
    assert main(["gate", str(run_file), "unsupported<=0", "precision[stake]>=0.1"]) == 0
    assert main(["gate", str(run_file), "f>=0.99"]) == 1
    assert "f" in capsys.readouterr().out
    assert main(["gate", str(run_file), "--only", "retold-1", "f>=0.01", "unsupported<=0"]) == 0
    assert main(["gate", str(run_file)]) == 2
    assert main(["gate", str(run_file), "beauty>=1"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--system", "regex"], "Name the run file with --out"),
        (["run", "--system", "regex", "--out", "x", "--variants", "rhyme"], "There are no variants rhyme"),
        (["run", "--system", "regex", "--out", "x", "--only", "nobody"], "No case has 'nobody' in its name"),
        (["run", "--system", "regex", "--out", "x", "--cases", "nowhere"], "There is no folder nowhere"),
        (["score", "nothing.jsonl"], "There is no run file nothing.jsonl"),
        (["schema", "--schema", "nowhere:Nothing"], "'nowhere:Nothing' cannot be imported"),
        (["check", "--articles", "nowhere"], "nowhere"),
        (
            ["label", "no.json", "--texts", "evals/documents", "--into", "{tmp}"],
            "no.json cannot be read: No such file",
        ),
    ],
)
def test_what_cannot_be_done_is_told(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Bad input gives one line that says what to do, and exit code 2."""
    assert main([argument.replace("{tmp}", str(tmp_path)) for argument in arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_typo_is_refused(run_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An option that there is not ends the command, also where bounds may stand anywhere."""
    for arguments in (["gate", str(run_file), "f>=0", "--basline", "x"], ["score", str(run_file), "--html"]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert "unrecognized arguments" in capsys.readouterr().err


def test_the_gold_is_checked(capsys: pytest.CaptureFixture[str]) -> None:
    """The checker proves the shipped cases, and says how many."""
    assert main(["check"]) == 0
    assert "all proved against their texts" in capsys.readouterr().out


def test_a_scorer_can_be_named(run_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--scorer`` puts a function in place of a field's scorer."""
    assert main(["score", str(run_file), "--scorer", "stake=evals.scorers:exact"]) == 0
    assert main(["score", str(run_file), "--scorer", "stake=evals.scorers:nothing"]) == 2
    assert "cannot be imported" in capsys.readouterr().err
    assert main(["score", str(run_file), "--scorer", "stake"]) == 2
    assert "Give FIELD=MODULE:FUNCTION" in capsys.readouterr().err


def test_the_form_of_a_case_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """``schema`` prints JSON Schema, of a schema of one's own too."""
    assert main(["schema", "--schema", "evals.acquisitions:AcquisitionSlots"]) == 0
    assert "acquired" in json.loads(capsys.readouterr().out)["$defs"]["AcquisitionSlotsGold"]["properties"]
