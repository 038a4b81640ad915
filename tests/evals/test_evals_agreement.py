from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from evals.agreement import agreement, krippendorff_alpha, text
from evals.cases import Case, CaseError, CaseFile, Conflict
from evals.gold import gold_model
from evals.gold_record import as_record
from evals.outcomes import Result
from evals.score import score
from summarizer.figures import Qualifier
from summarizer.records.compile import record_type
from summarizer.records.deal import DealSummary
from summarizer.records.values import (
    Choice,
    Day,
    Money,
    Name,
    Percent,
    Phrase,
    Prose,
    Record,
    Value,
    Words,
    Year,
)


class Mood(Choice):
    CALM = "calm"
    URGENT = "urgent"


class Fee(Money):
    yearly: bool | None = None


class Tenant(Value):
    name: Words
    since: Year | None = None
    trade: Words | None = None
    rent: Fee | None = None
    agent: Name | None = None


class Letter(BaseModel):
    """A schema of a user's own, with every form of field."""

    subject: Prose | None = None
    urgent: bool = False
    mood: Mood | None = None
    sender: Name | None = None
    sent: Day | None = None
    raised: Percent | None = None
    total: Money | None
    wishes: tuple[Phrase, ...] = ()
    streets: tuple[Name, ...] = ()
    tenants: tuple[Tenant, ...]


LETTER = """Odile Brandt, 9 May 2031
Rents on Quill Street and Tallow Lane go up by 4.5% at once, to between €2 million and €3 million.
Hazel & Moss, florists on the corner since 2019, pay €12,000 a year through Pim Verhoeven.
Ms Moss asks us to mend the awning first and to wait with the rest."""


def at(words: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(re.escape(words), LETTER)]


def said(words: str, **more: Any) -> dict[str, Any]:
    return {"text": words, "evidence": at(words), **more}


FLORISTS: dict[str, Any] = {
    "name": ["Moss Florists", "Hazel & Moss"],
    "since": 2019,
    "trade": {"facts": ["florist", "corner"]},
    "rent": said("€12,000", value="12000", currency="EUR", yearly=True),
    "agent": said("Pim Verhoeven"),
    "evidence": at("Hazel & Moss, florists on the corner since 2019"),
}
GOLD: dict[str, Any] = {
    "subject": {"facts": ["rent", "up"]},
    "urgent": True,
    "mood": ["urgent", "calm"],
    "sender": said("Odile Brandt"),
    "sent": said("9 May 2031", date="2031-05-09"),
    "raised": said("4.5%", percent="4.5"),
    "total": said("between €2 million and €3 million", value="2000000", currency="EUR", qualifier="range"),
    "wishes": [
        {"text": {"facts": ["mend", "awning"]}, "evidence": at("asks us to mend the awning first")},
        {"text": {"facts": ["wait"]}, "evidence": at("to wait with the rest"), "optional": True},
    ],
    "streets": [said("Quill Street"), said("Tallow Lane")],
    "tenants": [FLORISTS],
}


def letter(*unlabelled: str, **changes: Any) -> Case:
    """A case of the letter; ``unlabelled`` fields have no label, others are as ``changes`` say."""
    about = {name: changes.pop(name) for name in ("file", "conflicts") if name in changes}
    labels = {name: label for name, label in {**GOLD, **changes}.items() if name not in unlabelled}
    gold = gold_model(Letter).model_validate(labels)
    file = CaseFile(file=about.get("file", "letter.txt"), sha256="", deal="letter")
    return Case(file, gold, LETTER, Letter, conflicts=about.get("conflicts", ()))


def record_of(case: Case, **more: Any) -> Any:
    return as_record(case.gold, case.schema, case.text, conflicts=case.conflicts, **more)


@pytest.mark.parametrize("optional", [False, True])
def test_gold_of_any_schema_is_a_record_that_is_all_right(optional: bool) -> None:
    """Gold as prediction scores 1.0 in every leaf, with evidence that holds, optional items in it or not."""
    outcomes = score(letter(), record_of(letter(), optional=optional))
    assert {outcome.result for outcome in outcomes} == {Result.TP}
    assert {outcome.evidence for outcome in outcomes} == {True, None}
    assert len(outcomes) == 19


def test_the_record_is_of_the_schema_and_its_figures_are_parsed() -> None:
    """An instance of the record type, with values as a run would build them, that survives JSON."""
    record: Any = record_of(letter())
    made: Any = record_type(Letter)
    assert isinstance(record, made)
    assert issubclass(made, Letter)
    assert issubclass(made, Record)
    assert made.model_validate(record.model_dump(mode="json")).model_dump() == record.model_dump()
    assert (record.total.value, record.total.upper) == (Decimal(2_000_000), Decimal(3_000_000))
    assert record.total.qualifier is Qualifier.RANGE
    assert (record.sent.date, record.sent.precision) == ("2031-05-09", "day")
    assert record.raised.percent == Decimal("4.5")
    assert record.tenants[0].rent.yearly is True
    assert [span.text for span in record.sender.evidence] == ["Odile Brandt"]


def test_words_are_those_of_the_evidence() -> None:
    """A name is the form that stands there, a phrase all of its evidence, other words the shortest that say the facts."""
    record = record_of(letter())
    assert record.tenants[0].name == "Hazel & Moss"
    assert record.tenants[0].trade == "florists on the corner"
    assert [wish.text for wish in record.wishes] == ["asks us to mend the awning first"]
    assert len(record_of(letter(), optional=True).wishes) == 2
    assert record.subject == "rent up"


def test_of_several_right_answers_the_first_is_given() -> None:
    """The first, even where that is no answer; what is not labelled stays empty."""
    assert record_of(letter()).mood is Mood.URGENT
    assert record_of(letter(total=[None, GOLD["total"]])).total is None
    unlabelled = record_of(letter("total", "urgent", "streets"))
    assert (unlabelled.total, unlabelled.urgent, unlabelled.streets) == (None, False, ())


def test_conflicts_are_findings() -> None:
    """A conflict of the gold is found in the record, with both figures."""
    case = letter(conflicts=(Conflict(field="total", figures=("€2 million", "€3 million")),))
    outcome = score(case, record_of(case))[-1]
    assert (outcome.field, outcome.result) == ("conflict.total", Result.TP)


def test_no_answer_where_the_schema_needs_one_is_refused() -> None:
    """The message says where, and what to do."""
    with pytest.raises(CaseError, match=r"urgent: gold has no answer, and Letter needs one\. Label it"):
        record_of(letter(urgent=None))
    with pytest.raises(CaseError, match=r"tenants\[0\]\.name: gold has no answer"):
        record_of(letter(tenants=[{**FLORISTS, "name": [None]}]))
    with pytest.raises(CaseError, match=r"tenants: Letter does not take what gold has \(Field required\)"):
        record_of(letter("tenants"))


def test_an_annotator_agrees_with_herself() -> None:
    """F1 is 1 in every field, and alpha says nothing of one text."""
    found = agreement([letter()], [letter()])
    assert (found.cases, found.overall.f, found.disagreements) == (1, 1.0, ())
    assert {one.f for one in found.fields.values()} == {1.0}
    assert found.alpha == {"urgent": None, "mood": None}


def test_every_shipped_case_agrees_with_itself(case: Case, perfect: DealSummary) -> None:
    """A deal's gold is a perfect prediction of itself too."""
    assert isinstance(perfect, DealSummary)
    assert agreement([case], [case]).overall.f == 1.0


def test_disagreement_is_counted_both_ways_and_listed() -> None:
    """A street that only one has costs precision one way and recall the other; another mood is shown as each has it."""
    a, b = letter(mood="calm"), letter(mood="urgent", streets=[said("Quill Street")])
    found = agreement([a], [b])
    streets = found.fields["streets"]
    assert (streets.a_on_b.precision, streets.a_on_b.recall) == (0.5, 1.0)
    assert (streets.b_on_a.precision, streets.b_on_a.recall) == (1.0, 0.5)
    assert streets.f == pytest.approx(2 / 3)
    assert found.fields["mood"].f == 0
    assert [(one.field, one.a, one.b) for one in found.disagreements] == [
        ("mood", "calm", "urgent"),
        ("streets", "Tallow Lane", ""),
    ]
    assert agreement([b], [a]).overall.f == found.overall.f


def test_a_disagreement_that_shows_one_way_only_is_listed() -> None:
    """Where one annotator takes both answers, the other's only one is right, and the first answer of the first is not."""
    found = agreement([letter(mood="calm")], [letter(mood=["urgent", "calm"])])
    assert found.fields["mood"].f == 0.5
    assert [(one.field, one.a, one.b) for one in found.disagreements] == [("mood", "calm", "urgent")]


def test_what_one_calls_optional_is_no_disagreement_with_leaving_it_out() -> None:
    """An optional item beside none is right; beside a required one it is half a disagreement."""
    without = letter(wishes=GOLD["wishes"][:1])
    assert agreement([letter()], [without]).overall.f == 1.0
    required = letter(wishes=[GOLD["wishes"][0], {**GOLD["wishes"][1], "optional": False}])
    assert agreement([letter()], [required]).fields["wishes"].f == pytest.approx((2 / 3 + 1) / 2)


def test_fields_that_one_did_not_label_are_not_compared() -> None:
    """A field counts where both labelled it, whichever way one looks."""
    for a, b in ((letter("total"), letter()), (letter(), letter("total"))):
        found = agreement([a], [b])
        assert found.overall.f == 1.0
        assert "total" not in found.fields


def test_alpha_takes_the_first_answer_and_no_answer_as_one() -> None:
    """Over several texts alpha is that of the first answers, with null among them."""
    moods: list[tuple[Any, Any]] = [
        ("calm", "calm"),
        ("urgent", ["urgent", "calm"]),
        ([None], [None]),
        ("calm", [None]),
    ]
    a, b = ([letter(file=f"{n}.txt", mood=pair[side]) for n, pair in enumerate(moods)] for side in (0, 1))
    by_hand = krippendorff_alpha([["c", "c"], ["u", "u"], ["-", "-"], ["c", "-"]])
    assert agreement(a, b).alpha["mood"] == by_hand
    assert by_hand == pytest.approx(1 - 7 * 2 / (64 - 9 - 4 - 9))


def _missing(row: str) -> list[str | None]:
    return [None if value == "." else value for value in row.split()]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"], 0.095),
        (["a a b b d c c c e d d a", "b a b b b c c c e d d d"], 0.692),
        (
            [
                *("1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3"),
                *(". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."),
            ],
            0.743,
        ),
    ],
)
def test_alpha_is_that_of_the_published_examples(rows: list[str], alpha: float) -> None:
    """The examples of Krippendorff (2011): two observers and two values, five values, four observers with gaps."""
    units = list(zip(*map(_missing, rows), strict=True))
    assert krippendorff_alpha(units) == pytest.approx(alpha, abs=0.0005)


def test_alpha_of_perfect_agreement_and_of_nothing() -> None:
    """1 where all agree on several values, None where there is one value or nobody to agree with."""
    assert krippendorff_alpha([["a", "a"], ["b", "b"]]) == 1.0
    assert krippendorff_alpha([["a", "a"], ["a", "a"]]) is None
    assert krippendorff_alpha([["a", None], ["b", None]]) is None
    assert krippendorff_alpha([]) is None


def test_texts_that_are_not_the_same_are_refused() -> None:
    """No text in common, or another text of the same name: refused with what to do."""
    with pytest.raises(CaseError, match=r"share no case\. Give two"):
        agreement([letter()], [letter(file="other.txt")])
    other = letter()
    with pytest.raises(CaseError, match="letter has another text in each folder"):
        agreement([letter()], [Case(other.about, other.gold, LETTER + "\n", Letter)])


def test_the_report_shows_figures_and_what_differs() -> None:
    """Overall and by field, alpha, texts of one side only, and each disagreement with both answers."""
    a, b = [letter(mood="calm"), letter(file="lone.txt")], [letter(mood="urgent", streets=[])]
    shown = text(agreement(a, b), width=40)
    assert shown.startswith("texts labelled by both: 1\nonly in A: lone\n")
    assert re.search(r"^streets +0\.00 +0\.00 +0\.00 +2 +0$", shown, re.MULTILINE)
    assert re.search(r"^urgent +all alike$", shown, re.MULTILINE)
    assert re.search(r"^mood +0\.00$", shown, re.MULTILINE)
    assert "Disagreements: 3\n  letter: mood\n    A: calm\n    B: urgent\n" in shown


def test_long_answers_are_cut() -> None:
    """A disagreement takes one line of the terminal for each answer."""
    wish = {"text": {"facts": LETTER.split()}, "evidence": [[0, len(LETTER)]]}
    shown = text(agreement([letter(wishes=[wish])], [letter(wishes=[])]), width=50)
    assert f"    A: {' '.join(LETTER.split())[:42]}…\n    B: –" in shown
