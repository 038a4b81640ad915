from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case, CaseError
from evals.run import read_run, run
from evals.scored import score_run
from evals.systems import Answer, Asked, System, open_system
from summarizer.records.values import Usage


class Counting:
    """A system that answers with the rules alone, counts what it is asked, and can be stopped."""

    def __init__(self, stop_after: int = 10**6) -> None:
        self.asked: list[str] = []
        self.stop_after = stop_after
        self.rules = open_system("regex")

    async def answer(self, case: Case) -> Answer:
        if len(self.asked) >= self.stop_after:
            raise KeyboardInterrupt
        self.asked.append(case.id)
        answer: Answer = await self.rules.answer(case)
        return answer

    @property
    def system(self) -> System:
        return System("ours", {"model": "none"}, self.answer)


@pytest.fixture
def cases(case: Case) -> list[Case]:
    return [replace(case, variant=name) for name in ("", "b", "c", "d")]


def test_a_run_goes_on_where_it_was_stopped(cases: list[Case], tmp_path: Path) -> None:
    """Stopped in the middle and with a torn line, a run goes on: no case twice, the same lines in the end."""
    whole = run(Counting().system, cases, tmp_path / "whole.jsonl")
    out = tmp_path / "run.jsonl"
    first = Counting(stop_after=2)
    with pytest.raises(KeyboardInterrupt):
        run(first.system, cases, out)
    with out.open("ab") as file:
        file.write(b'{"case": "harbor-quay~c", "inp')
    second = Counting()
    done = run(second.system, cases, out)
    assert first.asked + second.asked == [case.id for case in cases]
    for mine, theirs in zip(done.lines, whole.lines, strict=True):
        assert (mine.key, mine.input, mine.gold, mine.replies) == (
            theirs.key,
            theirs.input,
            theirs.gold,
            theirs.replies,
        )
        assert _facts(mine.record) == _facts(theirs.record)
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1 + len(cases)


def test_a_line_that_lacks_only_its_end_is_asked_again(cases: list[Case], tmp_path: Path) -> None:
    """Cut right before the end of a line, or in the first line, a run still ends with every case once."""
    out = tmp_path / "run.jsonl"
    run(Counting().system, cases, out)
    whole = out.read_bytes()
    out.write_bytes(whole[:-1])
    counting = Counting()
    assert len(run(counting.system, cases, out).lines) == len(cases)
    assert counting.asked == [cases[-1].id]
    out.write_bytes(whole[:20])
    assert len(run(Counting().system, cases, out).lines) == len(cases)


def test_repeats_and_concurrency_ask_each_as_often(cases: list[Case], tmp_path: Path) -> None:
    """Each case is asked once for each repeat, several at a time or not."""
    counting = Counting()
    done = run(counting.system, cases, tmp_path / "run.jsonl", repeats=2, concurrency=3)
    assert sorted(counting.asked) == sorted([case.id for case in cases] * 2)
    assert [line.key for line in done.lines] == sorted(
        (case.id, repeat) for case in cases for repeat in (0, 1)
    )


def test_a_file_of_another_run_is_not_gone_on_with(cases: list[Case], tmp_path: Path) -> None:
    """Another model or other texts: the file is refused and says what differs."""
    out = tmp_path / "run.jsonl"
    run(Counting().system, cases[:1], out)
    other = replace(Counting().system, identity={"model": "m"})
    with pytest.raises(CaseError, match=r"made otherwise \(model: none there, m now\)"):
        run(other, cases, out)
    changed = replace(cases[0], text=cases[0].text + " ")
    with pytest.raises(CaseError, match="another text of harbor-quay"):
        run(Counting().system, [changed], out)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("{}\n", "does not say what was run"),
        ('{"format": 1}\n{"case": 1}\n{"case": 2}\n', "line 2"),
    ],
)
def test_a_file_that_is_no_run_is_refused(content: str, said: str, tmp_path: Path) -> None:
    """An empty file, another JSON file and a damaged line are refused, with the line."""
    path = tmp_path / "run.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CaseError, match=said):
        read_run(path)
    with pytest.raises(CaseError, match="There is no run file"):
        read_run(tmp_path / "none.jsonl")


def test_an_article_that_fails_is_a_line_with_its_error(case: Case, tmp_path: Path) -> None:
    """A text that cannot be read costs its own line and no other."""
    empty = replace(case, text="   ", variant="empty")
    done = run(open_system("regex"), [case, empty], tmp_path / "run.jsonl")
    assert [(line.case, line.error_kind) for line in done.lines] == [
        ("harbor-quay", ""),
        ("harbor-quay~empty", "EmptyInput"),
    ]
    scored = score_run(done, [case, empty])
    assert scored.scores[1].counts.tp == 0
    assert scored.scores[1].counts.fn > 20


def test_a_run_made_with_other_gold_is_not_scored(case: Case, tmp_path: Path) -> None:
    """Scores are given only with the gold of the run, and only for known cases."""
    done = run(open_system("regex"), [case], tmp_path / "run.jsonl")
    other = replace(case, gold=case.gold.model_copy(update={"stake": (None,)}))
    with pytest.raises(CaseError, match="has changed since the run"):
        score_run(done, [other])
    with pytest.raises(CaseError, match="there is no such case"):
        score_run(done, [])


def test_recorded_replies_give_the_same_record_again(case: Case, tmp_path: Path) -> None:
    """A run replayed from its replies gives the same records without a model; other prompts are not covered."""
    first = tmp_path / "first.jsonl"
    done = run(open_system("regex"), [case], first)
    [line] = done.lines
    assert line.replies
    again = run(open_system("ours", recorded=done), [case], tmp_path / "again.jsonl")
    assert _facts(again.lines[0].record) == _facts(line.record)
    changed = replace(case, text=case.text.replace("€180 million", "€181 million"), variant="changed")
    lost = run(open_system("ours", recorded=done), [changed], tmp_path / "lost.jsonl")
    assert "Record the run anew" in lost.lines[0].error


def _facts(record: Any) -> dict[str, Any]:
    return {name: part for name, part in record.items() if name not in ("usage", "provenance")}


def test_the_replies_of_a_case_are_kept(case: Case, tmp_path: Path) -> None:
    """Each request is in the line, with its question and the reply as sent."""
    done = run(open_system("regex"), [case], tmp_path / "run.jsonl")
    questions = [asked.question for asked in done.lines[0].replies]
    assert any("Who is the buyer" in question for question in questions)
    assert set(json.loads(done.lines[0].replies[0].raw).values()) == {None}


def test_an_unknown_system_is_refused() -> None:
    """A system that is none says which there are."""
    with pytest.raises(CaseError, match="ours, plain, regex"):
        open_system("best")


def test_scoring_is_the_same_each_time(case: Case, tmp_path: Path) -> None:
    """The same run file gives the same outcomes again."""
    done = run(open_system("regex"), [case], tmp_path / "run.jsonl")
    assert score_run(done, [case]).scores == score_run(read_run(tmp_path / "run.jsonl"), [case]).scores


def test_the_rules_alone_answer_what_words_settle(case: Case) -> None:
    """The regex baseline has figures, and who buys what, and sentences and phrases by their words."""
    answer: Answer = asyncio.run(open_system("regex").answer(case))
    record: Any = answer.record
    assert record.stake.percent == 22
    assert [party.name for party in record.parties] == [
        "Harbor Quay",
        "Lindmark Cellworks",
        "Brandt & Ivarsen",
    ]
    assert [phrase.text.split()[0] for phrase in record.use_of_proceeds] == ["double", "open", "repay"]
    assert answer.usage == Usage(seconds=answer.usage.seconds)
    assert isinstance(answer.replies[0], Asked)
