"""What a batch writes is never taken as its input, and never written over an input."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import command
from summarizer.batch.input_files import find_files
from summarizer.batch.items import check_inputs, count_inputs, read_inputs
from summarizer.batch.own_files import OwnFiles, is_own_table
from summarizer.errors import InputError

from .conftest import Scripted, text

TABLE = "".join(json.dumps({"id": f"t{n}", "text": text(n)}) + "\n" for n in range(3))
FORMATS = ["jsonl", "csv", "parquet"]


@pytest.fixture
def news(here: Path) -> Path:
    """A folder with an article and a table."""
    (here / "news").mkdir()
    (here / "news" / "a.txt").write_text(text(50))
    (here / "news" / "t.jsonl").write_text(TABLE)
    return here / "news"


def batch(model: Scripted, *inputs: str, output: str, journal: str | None = None, **options: Any) -> int:
    given = {"model": model, "journal": Path(journal or f"{output}.journal"), **options}
    return command.run(command.Job(inputs, output, None, None, given, "line", True, "AGAIN"))


def ids(path: str) -> list[str]:
    return [json.loads(line)["id"] for line in Path(path).read_text().splitlines()]


def same(link: Path, target: Path) -> None:
    """No link at all: the output is named as the input is."""


# Where the output lies, how it comes to be the file of an input, and what names that input.
OVERWRITES: dict[str, tuple[str, Callable[[Path, Path], None], str]] = {
    "the file itself": ("news/t.jsonl", same, "news/t.jsonl"),
    "by another path": ("news/../news/t.jsonl", same, "news/t.jsonl"),
    "in a folder": ("news/t.jsonl", same, "news"),
    "in a folder above": ("news/t.jsonl", same, "."),
    "by a pattern": ("news/t.jsonl", same, "news/*.jsonl"),
    "by a deep pattern": ("news/t.jsonl", same, "**/*.jsonl"),
    "a hard link, named": ("out.jsonl", os.link, "news/t.jsonl"),
    "a hard link, in a folder": ("out.jsonl", os.link, "news"),
    "a hard link, by a pattern": ("out.jsonl", os.link, "news/*"),
    "a hard link with another ending": ("out.csv", os.link, "news"),
    "a symbolic link, named": ("out.jsonl", os.symlink, "news/t.jsonl"),
    "a symbolic link, in a folder": ("out.jsonl", os.symlink, "news"),
}


@pytest.mark.parametrize("case", OVERWRITES.values(), ids=OVERWRITES)
def test_an_input_is_never_overwritten(
    news: Path, model: Scripted, case: tuple[str, Callable[[str, str], None], str]
) -> None:
    """An output that is the file of an input, by whatever name or link, is refused; nothing is asked or written."""
    output, link, given = case
    link("news/t.jsonl", output) if link is not same else None
    before = sorted(news.parent.rglob("*"))
    with pytest.raises(InputError, match=r"input.*Choose another output") as caught:
        batch(model, "news/a.txt", given, output=output)
    assert caught.value.exit_code == 2
    assert (news / "t.jsonl").read_text() == TABLE
    assert not model.asked
    assert sorted(news.parent.rglob("*")) == before


@pytest.mark.parametrize("beside", ["out.jsonl.part", "out.jsonl.lock", "j", "j.lock", "j-wal", "j-shm"])
@pytest.mark.parametrize("given", ["news/a.txt", "news", "news/*"])
@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_no_file_beside_the_output_overwrites_an_input(
    news: Path, model: Scripted, beside: str, given: str, link: Callable[[Path, str], None]
) -> None:
    """The part, the locks and the journal are written too: none of them may be a link to an input."""
    link(news / "a.txt", beside)
    with pytest.raises(InputError, match="input"):
        batch(model, given, output="out.jsonl", journal="j")
    assert (news / "a.txt").read_text() == text(50)
    assert not model.asked


@pytest.mark.parametrize(
    "journal",
    ["out.jsonl", "./out.jsonl", "news/../out.jsonl", "link", "out.jsonl.part", "out.jsonl.lock"],
)
@pytest.mark.parametrize("exists", [False, True])
def test_the_journal_is_not_the_output(news: Path, model: Scripted, journal: str, exists: bool) -> None:
    """A journal that is the output, its part or its lock is refused before anything is written."""
    os.symlink("out.jsonl", "link")
    if exists:
        Path("out.jsonl").write_text("of before")
    with pytest.raises(InputError, match=r"would be both .* and .*--journal"):
        batch(model, "news", output="out.jsonl", journal=journal)
    assert not exists or Path("out.jsonl").read_text() == "of before"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("given", ["news", ".", "news/*", "**/*", "news/*.*"])
def test_output_inside_the_input_folder(news: Path, model: Scripted, form: str, given: str) -> None:
    """With the output inside the folder that is read, each further run reads the same articles, and pays nothing."""
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="needs the [parquet] extra")
    output = f"news/rows.{form}"
    assert batch(model, given, output=output) == 0
    first, asked = Path(output).read_bytes(), sum(model.asked.values())
    for _ in range(2):
        assert batch(model, given, output=output) == 0
        assert sum(model.asked.values()) == asked
        assert Path(output).read_bytes() == first
    assert count_inputs([given], OwnFiles(Path(output), Path(f"{output}.journal"))) == 4


def test_outputs_of_other_runs_are_no_input(news: Path, model: Scripted) -> None:
    """The output, part, journal and locks that other runs left in the folder are left out too."""
    pytest.importorskip("pyarrow", reason="needs the [parquet] extra")
    for form in FORMATS:
        assert batch(model, "news/a.txt", "news/t.jsonl", output=f"news/rows.{form}") == 0
        (news / f"stopped.{form}.part").write_text("half a row")
    for given in ("news", "news/*"):
        found = [item.id for item in read_inputs([given])]
        assert found == ["news/a.txt", "t0", "t1", "t2"]


def test_a_journal_of_any_name_is_no_input(news: Path, model: Scripted) -> None:
    """A journal inside the folder is no input, whatever it is called."""
    for _ in range(2):
        assert batch(model, "news/*", output="out.jsonl", journal="news/state.txt") == 0
        assert ids("out.jsonl") == ["news/a.txt", "t0", "t1", "t2"]


def test_a_stopped_run_inside_the_folder_goes_on(news: Path, model: Scripted) -> None:
    """After a run that ended early the part and the journal in the folder are no input."""
    (news / "b.txt").write_text(text(51, "key"))
    assert batch(model, "news/*", output="news/rows.jsonl") == 3
    assert (news / "rows.jsonl.part").exists()
    model.faults.clear()
    assert batch(model, "news/*", output="news/rows.jsonl") == 0
    assert ids("news/rows.jsonl") == ["news/a.txt", "news/b.txt", "t0", "t1", "t2"]


def test_an_empty_output_is_no_input(news: Path, model: Scripted) -> None:
    """An empty file in the place of the output holds nothing to lose."""
    (news / "rows.jsonl").touch()
    assert batch(model, "news", output="news/rows.jsonl") == 0


@pytest.mark.parametrize(
    ("name", "content", "own"),
    [
        ("rows.jsonl", '{"id":"a","key":null,"record":null,"error":{"kind":"X"}}\n', True),
        ("rows.jsonl", '{"id":"q \\" q","key":"%s","record":{"is_deal":true}}' % ("0f" * 32), True),
        ("requests-0001.jsonl", '{"custom_id": "%s-1", "method": "POST"}' % ("0f" * 16), True),
        ("r1.jsonl", '{"id": "batch_1", "custom_id": "%s-2", "response": {}}' % ("0f" * 16), True),
        ("rows.csv", "id,key,error_kind,error_message,headline\n", True),
        ("in.jsonl", '{"id":"a","key":"k","record":{"text":"An article."}}', False),
        ("in.jsonl", '{"id":"a","text":"An article."}', False),
        ("in.jsonl", '{"custom_id": "7", "text": "An article."}', False),
        ("in.csv", "id,key,text\n", False),
        ("in.csv", "", False),
        ("in.txt", '{"id":"a","key":null,"record":null,"error":{"kind":"X"}}', False),
    ],
)
def test_own_tables_are_known_by_their_form(here: Path, name: str, content: str, own: bool) -> None:
    """Rows of ours and lines of batch files are told from tables of others, which stay inputs."""
    Path(name).write_text(content)
    assert is_own_table(Path(name)) is own
    assert [found.path.name for found in find_files(".")] == ([] if own else [name])
    assert [found.path.name for found in find_files(name)] == [name]


def test_an_own_output_that_is_named_is_refused_as_a_table(news: Path, model: Scripted) -> None:
    """Who names an earlier output as an input is told that it has no field with articles."""
    assert batch(model, "news", output="rows.jsonl") == 0
    with pytest.raises(InputError, match="no field 'text'"):
        check_inputs(["rows.jsonl"])
