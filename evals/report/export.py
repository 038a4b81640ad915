"""A report for other programs and for notes: Markdown, CSV and JUnit XML."""

from __future__ import annotations

import csv as csv_writer
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from xml.etree import ElementTree

from evals.report.figures import Figures
from evals.report.leaves import Answer, CaseView
from evals.report.tabular import Row, Table, Value, every
from summarizer.render.safe import one_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~$&#@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # what a spreadsheet takes for the beginning of a formula
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WRONG = ("wrong", "missing", "invented")

COLUMNS = (
    "run",
    "case",
    "deal",
    "variant",
    "repeat",
    "field",
    "path",
    "result",
    "kind",
    "score",
    "evidence",
    "expected",
    "found",
    "error",
)


def markdown(found: Figures, cases: Sequence[CaseView]) -> str:
    """The tables as GitHub-flavoured Markdown, with the words of others escaped."""
    names = [_escaped(run.name) for run in found.runs]
    lines = ["# Report of the evals", ""]
    lines += [
        f"- **{name}**: {_escaped(run.label)}, {run.cases} cases of {run.deals} deals, {run.lines} answers"
        for name, run in zip(names, found.runs, strict=True)
    ]
    for one in every(found, cases):
        lines += ["", f"## {one.title}", "", *_table(one, names)]
        lines += ["", f"*{_escaped(one.note)}*"] if one.note else []
    failed = [
        f"- {_escaped(case.id)} ({names[answer.run]}): {_escaped(f'{answer.error_kind}: {answer.error}')}"
        for case in cases
        for answer in case.answers
        if answer.error
    ]
    lines += ["", "## Failed", "", *failed] if failed else []
    return "\n".join(lines) + "\n"


def _table(one: Table, names: Sequence[str]) -> Iterator[str]:
    several = one.columns is not None and len(names) > 1
    head = [one.corner, *(["run"] if several else []), *(one.columns or names)]
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---|' * several}{'--:|' * (len(head) - 1 - several)}"
    for row in one.rows:
        cells = [
            _row_heading(row),
            *([names[row.run or 0]] if several else []),
            *map(_cell, row.cells),
        ]
        yield f"| {' | '.join(cells)} |"


def _cell(value: Value) -> str:
    return _escaped(f"{value.text} ({value.interval})" if value.interval else value.text)


def _row_heading(row: Row) -> str:
    if row.inner and row.run is not None:
        return f"· {_escaped(row.heading)}"
    return _escaped(row.heading)


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def csv(names: Sequence[str], cases: Sequence[CaseView]) -> str:
    """One row for each answer and leaf, with the columns ``COLUMNS``; a case that failed misses all its leaves.

    Cells that a spreadsheet would take for a formula begin with an apostrophe (OWASP, CSV injection).
    """
    out = io.StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in cases:
        for index, answer in enumerate(case.answers):
            writer.writerows(_rows(names[answer.run], case, index, answer))
    return out.getvalue()


def _rows(name: str, case: CaseView, index: int, answer: Answer) -> Iterator[list[str]]:
    about = [name, case.name, case.deal, case.variant, str(answer.repeat)]
    error = f"{answer.error_kind}: {answer.error}" if answer.error else ""
    for leaf in case.leaves:
        cell = leaf.cells[index]
        if cell is None:
            continue
        held = "" if cell.evidence is None else "yes" if cell.evidence else "no"
        said = [
            leaf.field,
            leaf.path,
            cell.result,
            cell.kind,
            f"{cell.score:g}",
            held,
            leaf.gold,
            cell.found,
            error,
        ]
        yield [_guarded(text) for text in (*about, *said)]


def _guarded(text: str) -> str:
    text = one_line(text)
    return f"'{text}" if _FORMULA.match(text) else text


def junit(names: Sequence[str], cases: Sequence[CaseView]) -> str:
    """JUnit XML: a suite for each run, in it a test for each answer, whose failure names the leaves that are wrong."""
    root = ElementTree.Element("testsuites", name="evals")
    for run, name in enumerate(names):
        answers = [(case, index, a) for case in cases for index, a in enumerate(case.answers) if a.run == run]
        about = {
            "name": _xml(name),
            "tests": len(answers),
            "failures": sum(not a.perfect and not a.error for _, _, a in answers),
            "errors": sum(bool(a.error) for _, _, a in answers),
            "skipped": 0,
            "time": f"{sum(a.seconds for _, _, a in answers):.3f}",
        }
        suite = ElementTree.SubElement(root, "testsuite", {key: str(value) for key, value in about.items()})
        for case, index, answer in answers:
            said = {
                "classname": _xml(name),
                "name": _xml(_title(case, answer)),
                "time": f"{answer.seconds:.3f}",
            }
            _complain(ElementTree.SubElement(suite, "testcase", said), case, index, answer)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _title(case: CaseView, answer: Answer) -> str:
    return f"{case.id} #{answer.repeat}" if answer.repeat else case.id


def _complain(test: ElementTree.Element, case: CaseView, index: int, answer: Answer) -> None:
    """Add to a test why it is not passed."""
    if answer.error:
        error = ElementTree.SubElement(
            test, "error", type=_xml(answer.error_kind), message=_xml(answer.error)
        )
        error.text = _xml(answer.error)
    elif not answer.perfect:
        said = list(_complaints(case, index, answer))
        names = dict.fromkeys(line.partition(":")[0] for line in said)
        failure = ElementTree.SubElement(test, "failure", type="wrong", message=_xml(", ".join(names)))
        failure.text = _xml("\n".join(said))


def _complaints(case: CaseView, index: int, answer: Answer) -> Iterable[str]:
    for leaf in case.leaves:
        cell = leaf.cells[index]
        if cell is not None and cell.result in _WRONG:
            yield one_line(
                f"{leaf.path}: {cell.kind or cell.result}: expected {leaf.gold or 'nothing'}, found {cell.found or 'nothing'}"
            )
    yield from (one_line(f"unsupported: {said}") for said in answer.unsupported)
    yield from (one_line(f"from a forbidden place: {said}") for said in answer.misplaced)


def _xml(text: str) -> str:
    """Words without the characters that XML 1.0 does not allow."""
    return _NOT_XML.sub("\ufffd", text)
