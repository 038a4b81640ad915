"""How far two annotators agree who labelled the same texts, and where they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Case, CaseError
from evals.gold_record import as_record
from evals.outcomes import Counts, Outcome, Result, count
from evals.score import score
from evals.tables import table
from summarizer.records.compile import Form, slots

_NO_ANSWER = "(no answer)"  # what the text does not say is an answer too, unlike a field that is not labelled


@dataclass(frozen=True, slots=True)
class Agreed:
    """Leaves counted both ways: A's gold as a prediction of B's, and B's of A's."""

    a_on_b: Counts
    b_on_a: Counts

    @property
    def f(self) -> float:
        """F1 between the annotators, the mean of both ways."""
        return (self.a_on_b.f + self.b_on_a.f) / 2


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A leaf on which the annotators differ; empty where one has nothing there."""

    case: str
    field: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """F1 by field and overall, alpha by closed-set field (None where all answers are the same), and what differs.

    ``cases`` is how many texts both labelled; ``only_a`` and ``only_b`` are the others.
    """

    cases: int
    overall: Agreed
    fields: Mapping[str, Agreed]
    alpha: Mapping[str, float | None]
    disagreements: tuple[Disagreement, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


def agreement(a: Sequence[Case], b: Sequence[Case]) -> Agreement:
    """Tell how far the gold of two annotators agrees, on the texts and fields that both labelled.

    Optional items are in no prediction, and right where they are one: careful readers dispute them. Raises CaseError
    where there is no text in common, or two texts of one name.
    """
    first, second = ({case.id: case for case in cases} for cases in (a, b))
    shared = [name for name in first if name in second]
    if not shared:
        raise CaseError("The two folders share no case. Give two that label the same texts.")
    for name in shared:
        if first[name].text != second[name].text:
            raise CaseError(
                f"{name} has another text in each folder. Agreement is on one text: label it anew."
            )
    pairs = [(first[name], second[name]) for name in shared]
    ways = [(_outcomes(of_a, of_b), _outcomes(of_b, of_a)) for of_a, of_b in pairs]
    a_on_b, b_on_a = ([outcome for way in ways for outcome in way[side]] for side in (0, 1))
    names = dict.fromkeys(outcome.field for outcome in (*a_on_b, *b_on_a))
    fields = {name: Agreed(*(_count(way, name) for way in (a_on_b, b_on_a))) for name in names}
    return Agreement(
        cases=len(pairs),
        overall=Agreed(count(a_on_b), count(b_on_a)),
        fields={name: one for name, one in fields.items() if one.a_on_b.facts or one.b_on_a.facts},
        alpha=_alphas(pairs),
        disagreements=tuple(
            said for (of_a, _), way in zip(pairs, ways, strict=True) for said in _disagreements(of_a.id, *way)
        ),
        only_a=tuple(sorted(first.keys() - second.keys())),
        only_b=tuple(sorted(second.keys() - first.keys())),
    )


def _outcomes(predicted: Case, gold: Case) -> list[Outcome]:
    """One annotator's gold as a prediction of the other's, on the fields that both labelled."""
    record = as_record(predicted.gold, predicted.schema, predicted.text, conflicts=predicted.conflicts)
    return [
        outcome
        for outcome in score(gold, record)
        if getattr(predicted.gold, outcome.field.partition(".")[0], ()) is not None
    ]


def _count(outcomes: Sequence[Outcome], field: str) -> Counts:
    return count(outcome for outcome in outcomes if outcome.field == field)


def _disagreements(case: str, a_on_b: Sequence[Outcome], b_on_a: Sequence[Outcome]) -> Iterator[Disagreement]:
    """Leaves that A's gold has otherwise than B's; of a field that shows none, those that are seen the other way."""
    good = (Result.TP, Result.TN)
    seen = set()
    for outcome in a_on_b:
        if outcome.result not in good:
            seen.add(outcome.field)
            yield Disagreement(case, outcome.field, a=outcome.found, b=outcome.gold)
    for outcome in b_on_a:
        if outcome.result not in good and outcome.field not in seen:
            yield Disagreement(case, outcome.field, a=outcome.gold, b=outcome.found)


def _alphas(pairs: Sequence[tuple[Case, Case]]) -> dict[str, float | None]:
    """Alpha of every field with a closed set of answers: of several right answers the first."""
    closed = [
        slot.name
        for slot in slots(pairs[0][0].schema)
        if slot.form in (Form.CHOICE, Form.YES_NO) and not slot.many
    ]
    return {
        name: krippendorff_alpha([[_first(getattr(case.gold, name)) for case in pair] for pair in pairs])
        for name in closed
    }


def _first(answers: Sequence[Hashable] | None) -> Hashable | None:
    if answers is None:
        return None
    return _NO_ANSWER if not answers or answers[0] is None else answers[0]


def krippendorff_alpha(units: Sequence[Sequence[Hashable | None]]) -> float | None:
    """Give Krippendorff's alpha for nominal data: 1 is agreement, 0 what chance would give (Krippendorff 2011).

    Each unit has the values that its annotators gave; None is a value that is missing. None is returned where chance
    could not disagree: fewer than two different values in all.
    """
    paired = [[value for value in unit if value is not None] for unit in units]
    totals: Counter[Hashable] = Counter()
    observed = 0.0
    for values in paired:
        if len(values) < 2:
            continue
        totals.update(values)
        tally = Counter(values)
        differing = len(values) ** 2 - sum(n * n for n in tally.values())
        observed += differing / (len(values) - 1)
    n = totals.total()
    expected = n * n - sum(each * each for each in totals.values())
    return 1 - (n - 1) * observed / expected if expected else None


def text(found: Agreement, width: int = 100) -> str:
    """Show an agreement in a terminal, in lines of up to ``width`` characters."""
    rows = [("overall", found.overall), *found.fields.items()]
    said = [
        f"texts labelled by both: {found.cases}",
        *(
            f"only in {side}: {', '.join(names)}"
            for side, names in (("A", found.only_a), ("B", found.only_b))
            if names
        ),
        "",
        table(
            ("field", "F1", "A on B", "B on A", "facts of A", "facts of B"),
            (
                (
                    name,
                    *(f"{f:.2f}" for f in (one.f, one.a_on_b.f, one.b_on_a.f)),
                    *(way.tp + way.fd + way.fn for way in (one.b_on_a, one.a_on_b)),
                )
                for name, one in rows
            ),
        ),
        "",
        table(
            ("closed set", "Krippendorff's alpha"),
            ((name, "all alike" if alpha is None else f"{alpha:.2f}") for name, alpha in found.alpha.items()),
        ),
        "",
        f"Disagreements: {len(found.disagreements)}",
    ]
    for one in found.disagreements:
        said += [
            f"  {one.case}: {one.field}",
            *(_line(side, value, width) for side, value in (("A", one.a), ("B", one.b))),
        ]
    return "\n".join(said)


def _line(side: str, value: str, width: int) -> str:
    line = f"    {side}: {' '.join(value.split()) or '–'}"
    return line if len(line) <= width else f"{line[: width - 1]}…"
