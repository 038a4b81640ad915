"""The agreement of two annotators who labelled the same texts, and where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from evals.cases import Case, CaseError
from evals.gold_record import as_record
from evals.outcomes import GOOD, Counts, Outcome, count
from evals.score import score
from evals.tables import cut, table
from summarizer.asking.slots import Form, slots

_NO_ANSWER = "(no answer)"  # what the text does not say is an answer too, unlike a field that is not labelled


@dataclass(frozen=True, slots=True)
class Agreement:
    """Values by field, with A's gold as a prediction of B's; alpha of each field with a closed set of answers.

    ``differences`` are those values that A has and B has not, or otherwise; alpha is None where all answers
    are alike.
    """

    cases: int
    fields: dict[str, Counts]
    alpha: dict[str, float | None]
    differences: list[tuple[str, Outcome]]


def agreement(a: Sequence[Case], b: Sequence[Case]) -> Agreement:
    """Compare the gold of two annotators, on the texts and fields that both labelled.

    Raises CaseError where there is no text in common, or two texts of one name.
    """
    second = {case.id: case for case in b}
    pairs = [(case, second[case.id]) for case in a if case.id in second]
    if not pairs:
        raise CaseError("The two folders share no case. Give two that label the same texts.")
    found: list[tuple[str, Outcome]] = []
    for one, other in pairs:
        if one.text != other.text:
            raise CaseError(f"{one.id} has another text in each folder.")
        record = as_record(one.gold, one.schema, one.text, conflicts=one.conflicts)
        labelled = {slot.name for slot in slots(one.schema) if getattr(one.gold, slot.name) is not None}
        found += [(one.id, each) for each in score(other, record) if each.field.partition(".")[0] in labelled]
    names = dict.fromkeys(outcome.field for _, outcome in found)
    fields = {name: count(o for _, o in found if o.field == name) for name in names}
    closed = [
        s.name for s in slots(pairs[0][0].schema) if s.form in (Form.CHOICE, Form.YES_NO) and not s.many
    ]
    return Agreement(
        cases=len(pairs),
        fields={name: counts for name, counts in fields.items() if counts.facts},
        alpha={name: alpha([[_first(case, name) for case in pair] for pair in pairs]) for name in closed},
        differences=[(case, outcome) for case, outcome in found if outcome.result not in GOOD],
    )


def _first(case: Case, name: str) -> Hashable | None:
    answers = getattr(case.gold, name)
    return None if answers is None else (*answers, _NO_ANSWER)[0] or _NO_ANSWER


def alpha(units: Sequence[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha for nominal data: 1 is agreement, 0 what chance would give (Krippendorff 2011).

    Each unit has the values that its annotators gave, None for a missing one. None is returned where chance
    could not disagree. The only package for it is under the GPL, which this project cannot depend on.
    """
    totals: Counter[Hashable] = Counter()
    observed = 0.0
    for unit in units:
        values = [value for value in unit if value is not None]
        if len(values) > 1:
            tally = Counter(values)
            totals.update(tally)
            observed += (len(values) ** 2 - sum(n * n for n in tally.values())) / (len(values) - 1)
    n = totals.total()
    expected = n * n - sum(each * each for each in totals.values())
    return 1 - (n - 1) * observed / expected if expected else None


def text(found: Agreement) -> str:
    """An agreement for a terminal."""
    overall = sum(found.fields.values(), Counts())
    rows = [("all", overall), *found.fields.items()]
    alphas = [(name, "all alike" if value is None else f"{value:.2f}") for name, value in found.alpha.items()]
    said = [
        f"texts labelled by both: {found.cases}",
        table(("field", "F1", "values"), [(name, f"{one.f:.2f}", one.facts) for name, one in rows]),
        table(("closed set", "Krippendorff's alpha"), alphas),
        f"Differences: {len(found.differences)}",
    ]
    for case, one in found.differences:
        lines = (f"{case}: {one.path}", f"    A: {one.found or '–'}", f"    B: {one.gold or '–'}")
        said.append("\n".join(cut(line, 100) for line in lines))
    return "\n\n".join(said)
