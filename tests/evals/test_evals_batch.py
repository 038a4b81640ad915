from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.__main__ import main
from evals.batch import open_folder
from evals.loopback import fill
from evals.runfile import read_run
from summarizer.llm.open import LARGE
from summarizer.settings import PLANS

NAME = "large general model"
ONLY = "harbor-quay"

Form = Callable[[str, dict[str, Any]], dict[str, Any]]


def by_provider(id: str, said: dict[str, Any]) -> dict[str, Any]:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": json.dumps(said)},
    }
    usage = {"prompt_tokens": 9000, "completion_tokens": 100, "total_tokens": 9100}
    body = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [choice],
        "usage": usage,
    }
    return {"id": "b", "custom_id": id, "response": {"status_code": 200, "body": body}, "error": None}


def as_text(id: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"custom_id": id, "content": f"Here it is:\n```json\n{json.dumps(said)}\n```"}


def as_object(id: str, said: dict[str, Any]) -> dict[str, Any]:
    return {"custom_id": id, "content": said}


FORMS: dict[str, Form] = {"provider": by_provider, "text": as_text, "object": as_object}


def run(folder: Path, *more: str) -> int:
    return main(["run", "--batch", str(folder), "--model", NAME, "--only", ONLY, *more])


def requests_of(folder: Path, round: int) -> list[dict[str, Any]]:
    lines = (folder / f"requests-{round:04}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def put(folder: Path, name: str, *lines: object) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.writelines((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)


def answered(request: dict[str, Any], form: Form = as_object) -> dict[str, Any]:
    """A reply that fills the request's schema."""
    schema = request["body"]["response_format"]["json_schema"]["schema"]
    return form(request["custom_id"], fill(schema, "Lindmark Cellworks"))


def finish(folder: Path, *more: str, form: Form = as_object) -> Path:
    """Answer every request of every round until the run file is complete."""
    for round in range(1, 12):
        assert run(folder, *more) in (0, 1)
        if not (folder / f"requests-{round:04}.jsonl").exists():
            return folder / "run.jsonl"
        replies = [answered(request, form) for request in requests_of(folder, round)]
        put(folder, f"results-{round:04}.jsonl", *replies)
    raise AssertionError("the run does not end")


@pytest.mark.parametrize("system", ["ours", "plain"])
@pytest.mark.parametrize("form", FORMS)
def test_a_run_is_completed_by_replies_in_any_form(system: str, form: str, tmp_path: Path) -> None:
    """The provider's results, the text of a reply and its object all lead to a complete run file."""
    done = read_run(finish(tmp_path, "--system", system, "--note", "by hand", form=FORMS[form]))
    [line] = done.lines
    assert line.case == ONLY
    assert line.record is not None
    assert line.replies
    assert (line.usage.prompt_tokens >= 9000) is (form == "provider")
    assert done.about["note"] == "by hand"
    assert done.label == f"{system} on {NAME}"


@pytest.mark.parametrize("plan", PLANS)
def test_a_run_does_not_depend_on_the_plan(plan: str, tmp_path: Path) -> None:
    """Every plan comes to its end, whatever it asks in how many rounds."""
    done = read_run(finish(tmp_path, "--plan", plan))
    assert done.about["plan"] == plan
    assert [line.error for line in done.lines] == [""]


def test_the_requests_are_those_of_a_provider(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line has what OpenAI's Batch API reads, under an id that names the case and the round."""
    assert run(tmp_path, "--system", "plain") == 0
    [request] = requests_of(tmp_path, 1)
    body = request.pop("body")
    assert request == {"custom_id": f"{ONLY}.r1", "method": "POST", "url": "/v1/chat/completions"}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["response_format"]["type"] == "json_schema"
    assert body["max_tokens"]
    assert body["model"] == NAME
    said = capsys.readouterr().out
    assert f"{tmp_path / 'requests-0001.jsonl'}: 1 request without a reply" in said
    assert "results-0001.jsonl and run this command again" in said
    assert "0 of 1 cases are complete" in said


def test_the_same_command_again_changes_nothing(tmp_path: Path) -> None:
    """Without new replies no file is written, and a complete run file stays as it is."""
    for _ in range(3):
        assert run(tmp_path) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["requests-0001.jsonl", "run.jsonl"]
    out = finish(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert run(tmp_path) == 0
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    out.unlink()
    assert finish(tmp_path) == out  # the folder alone holds the run


def test_a_case_waits_for_its_own_replies_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of several cases those whose replies are there go on; the others are still waited for."""
    several = ["run", "--batch", str(tmp_path), "--model", NAME, "--system", "plain", "--only", "retold"]
    assert main(several) == 0
    first, *others = requests_of(tmp_path, 1)
    put(tmp_path, "results-0001.jsonl", answered(first))
    capsys.readouterr()
    assert main(several) == 0
    said = capsys.readouterr().out
    assert f"{len(others)} requests without a reply" in said
    assert f"1 of {len(others) + 1} cases are complete" in said
    assert not (tmp_path / "requests-0002.jsonl").exists()


def test_a_reply_outside_the_schema_is_asked_again_with_what_is_wrong(tmp_path: Path) -> None:
    """Ours sends it back in the next round; the plain baseline has one call, and the case fails."""
    for system, rounds in (("ours", 2), ("plain", 1)):
        folder = tmp_path / system
        run(folder, "--system", system)
        put(folder, "results-0001.jsonl", {"custom_id": f"{ONLY}.r1", "content": {"amount": "a lot"}})
        assert run(folder, "--system", system) == (0 if rounds == 2 else 1)
        assert (folder / "requests-0002.jsonl").exists() is (rounds == 2)
    [again] = requests_of(tmp_path / "ours", 2)
    assert again["custom_id"] == f"{ONLY}.r2"
    assert len(again["body"]["messages"]) > 2
    [line] = read_run(tmp_path / "plain" / "run.jsonl").lines
    assert line.error_kind == "InvalidReply"


def test_a_request_that_failed_for_now_is_sent_three_times(tmp_path: Path) -> None:
    """An expired request goes out again under a new id, and fails the case in the end; any reply counts."""
    expired = {"response": None, "error": {"code": "batch_expired", "message": "This request expired."}}
    for round in (1, 2, 3):
        assert run(tmp_path, "--system", "plain") == 0
        [request] = requests_of(tmp_path, round)
        assert request["custom_id"] == f"{ONLY}.r{round}"
        put(tmp_path, f"results-{round:04}.jsonl", {"custom_id": request["custom_id"], **expired})
    assert run(tmp_path, "--system", "plain") == 1
    [line] = read_run(tmp_path / "run.jsonl").lines
    assert line.error == "This request expired."
    put(tmp_path, "results-0002.jsonl", answered({**request, "custom_id": f"{ONLY}.r2"}))
    (tmp_path / "run.jsonl").unlink()
    assert run(tmp_path, "--system", "plain") == 0


@pytest.mark.parametrize("system", ["ours", "plain"])
def test_a_replay_needs_no_model(system: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The run file replays to the same records, with system and profile from its header; gate passes."""
    out = finish(tmp_path / "batch", "--system", system, "--note", "by hand", form=as_text)
    again = tmp_path / "again.jsonl"
    assert main(["run", "--replay", str(out), "--only", ONLY, "--out", str(again)]) == 0
    first, second = read_run(out), read_run(again)
    for was, now in zip(first.lines, second.lines, strict=True):
        assert was.record is not None
        assert now.record is not None
        assert _facts(was.record) == _facts(now.record)
    assert second.about["system"] == system
    assert second.about["note"] == "by hand"
    assert second.about.get("profile") == first.about.get("profile")
    if system == "ours":
        assert second.about["profile"]["reasks"] == LARGE.reasks
    assert main(["gate", str(again), "f>=0", "--baseline", str(out), "--allow", "0"]) == 0
    assert main(["compare", str(out), str(again)]) == 0
    assert "Became wrong: 0 values" in capsys.readouterr().out


def _facts(record: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in record.items() if name not in ("usage", "provenance")}


def test_variants_go_through_batch_files(tmp_path: Path) -> None:
    """Variants are asked under ids of their own."""
    run(tmp_path, "--system", "plain", "--variants", "attack")
    ids = [request["custom_id"] for request in requests_of(tmp_path, 1)]
    assert f"{ONLY}.r1" in ids
    assert any(id.startswith(f"{ONLY}~attack") for id in ids)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1: this is not JSON"),
        ({"content": "x"}, 'this has no "custom_id"'),
        ({"custom_id": "x"}, 'has neither "content" nor "response"'),
        ({"custom_id": "x", "content": 3}, '"content" is neither a text nor an object'),
    ],
)
def test_a_result_that_cannot_be_read_is_told(
    line: object, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file, the line and what to do; nothing is asked."""
    put(tmp_path, "results-0001.jsonl", line)
    assert run(tmp_path) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "requests-0001.jsonl").exists()


def test_a_result_of_another_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A custom_id that was never sent is named."""
    put(tmp_path, "results-0001.jsonl", {"custom_id": "stranger.r1", "content": "x"})
    assert run(tmp_path) == 0
    assert "no request has, such as 'stranger.r1'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name the model that will answer with --model"),
        (["--model", "m", "--system", "regex"], "Run it without --batch"),
        (["--model", "m", "--repeats", "2"], "--batch does not go with"),
        (["--model", "m", "--system", "best"], "There is no system"),
    ],
)
def test_what_batch_files_cannot_do_is_refused(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run without a model, of rules alone or with repeats is refused with what to do."""
    assert main(["run", "--batch", str(tmp_path), "--only", ONLY, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_torn_write_leaves_no_file_of_requests(tmp_path: Path) -> None:
    """A file of requests is there whole or not at all, and a leftover part is no round."""
    (tmp_path / "requests-0001.part").write_text("{", encoding="utf-8")
    assert open_folder(tmp_path).round == 1
