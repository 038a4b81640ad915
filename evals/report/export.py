"""A report for other programs and for notes: JSON, Markdown, CSV and JUnit XML."""

from __future__ import annotations

import csv as csv_writer
import io
import json as json_writer
import re
from collections.abc import Iterator
from dataclasses import asdict
from xml.etree import ElementTree

from evals.report.cases import Answer, CaseView
from evals.report.model import Report, Table
from evals.report.text import failures, summary
from summarizer.render.safe import one_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~$&#@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")  # the first characters of a formula in a spreadsheet
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ABOUT = ("run", "case", "deal", "variant", "repeat")
_LEAF = ("field", "path", "result", "kind", "score", "evidence", "gold", "found", "error")


def json(report: Report) -> str:
    """Everything that the other forms show; rates are from 0 to 1, and null where there is nothing to measure."""
    return json_writer.dumps(asdict(report), indent=1, ensure_ascii=False) + "\n"


def markdown(report: Report) -> str:
    """The tables as GitHub-flavoured Markdown, with text from elsewhere escaped."""
    names = [_escaped(run.name) for run in report.runs]
    lines = ["# Report of the evals", ""]
    lines += [f"- **{name}**: {_escaped(summary(run))}" for name, run in zip(names, report.runs, strict=True)]
    for one in report.tables:
        lines += ["", f"## {one.title}", "", *_table(one, names)]
        lines += ["", f"*{_escaped(one.note)}*"] if one.note else []
    failed = [f"- {_escaped(case)} ({names[run]}): {_escaped(said)}" for case, run, said in failures(report)]
    lines += ["", "## Failed", "", *failed] if failed else []
    return "\n".join(lines) + "\n"


def _table(one: Table, names: list[str]) -> Iterator[str]:
    several = one.columns is not None and len(names) > 1
    head = [one.corner, *(["run"] if several else []), *(one.columns or names)]
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---|' * several}{'--:|' * (len(head) - 1 - several)}"
    for row in one.rows:
        cells = [f"{'· ' if row.inner else ''}{_escaped(row.heading)}"]
        cells += [names[row.run or 0]] if several else []
        cells += [_escaped(f"{c.text} ({c.interval})" if c.interval else c.text) for c in row.cells]
        yield f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def csv(report: Report) -> str:
    """One row for each answer and value; a case that failed misses all its values.

    A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
    """
    out = io.StringIO()
    writer = csv_writer.writer(out, lineterminator="\n")
    writer.writerow((*_ABOUT, *_LEAF))
    for case in report.cases:
        for index, answer in enumerate(case.answers):
            about = (report.runs[answer.run].name, case.name, case.deal, case.variant, answer.repeat)
            error = f"{answer.error_kind}: {answer.error}" if answer.error else ""
            for leaf in case.leaves:
                if (cell := leaf.cells[index]) is None:
                    continue
                held = {None: "", True: "yes", False: "no"}[cell.evidence]
                said = (cell.field, leaf.path, cell.result.value, cell.kind, f"{cell.score:g}", held)
                writer.writerow(map(_guarded, (*about, *said, leaf.gold, cell.found, error)))
    return out.getvalue()


def _guarded(value: object) -> str:
    text = one_line(str(value))
    return f"'{text}" if _FORMULA.match(text) else text


def junit(report: Report) -> str:
    """JUnit XML: a suite for each run, in it a test for each answer, whose failure names the wrong values."""
    root = ElementTree.Element("testsuites", name="evals")
    for index, run in enumerate(report.runs):
        suite = ElementTree.SubElement(root, "testsuite", name=_xml(run.name))
        tests = [(c, i, a) for c in report.cases for i, a in enumerate(c.answers) if a.run == index]
        suite.set("tests", str(len(tests)))
        suite.set("failures", str(sum(not a.perfect and not a.error for _, _, a in tests)))
        suite.set("errors", str(sum(bool(a.error) for _, _, a in tests)))
        suite.set("time", f"{sum(a.seconds for _, _, a in tests):.3f}")
        for case, at, answer in tests:
            title = f"{case.id} #{answer.repeat}" if answer.repeat else case.id
            said = {"classname": _xml(run.name), "name": _xml(title), "time": f"{answer.seconds:.3f}"}
            _result(ElementTree.SubElement(suite, "testcase", said), case, at, answer)
    ElementTree.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _result(test: ElementTree.Element, case: CaseView, index: int, answer: Answer) -> None:
    """Add to a test why it is not passed."""
    if answer.error:
        said = {"type": _xml(answer.error_kind), "message": _xml(answer.error)}
        ElementTree.SubElement(test, "error", said).text = _xml(answer.error)
    elif not answer.perfect:
        lines = list(_complaints(case, index, answer))
        message = ", ".join(dict.fromkeys(line.partition(":")[0] for line in lines))
        failure = ElementTree.SubElement(test, "failure", type="wrong", message=_xml(message))
        failure.text = _xml("\n".join(lines))


def _complaints(case: CaseView, index: int, answer: Answer) -> Iterator[str]:
    for leaf in case.leaves:
        cell = leaf.cells[index]
        if cell is not None and cell.result in ("wrong", "missing", "invented"):
            said = f"expected {leaf.gold or 'nothing'}, found {cell.found or 'nothing'}"
            yield one_line(f"{leaf.path}: {cell.kind or cell.result.value}: {said}")
    yield from (one_line(f"unsupported: {said}") for said in answer.unsupported)
    yield from (one_line(f"from a forbidden place: {said}") for said in answer.misplaced)


def _xml(text: str) -> str:
    """Text without the characters that XML 1.0 does not allow."""
    return _NOT_XML.sub("\ufffd", text)
