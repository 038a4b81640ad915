from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from evals.compare_text import as_json, text

from evals.cases import Case, CaseError, CaseFile
from evals.compare import Comparison, compare, leaves
from evals.gate import METRICS, gate
from evals.outcomes import Outcome, Result
from evals.run import Line, RunFile
from evals.score import score
from evals.scored import CaseScore, ScoredRun
from summarizer.records.deal import DealSummary
from summarizer.records.values import Usage

FIELDS = ("status", "amount", "stake", "valuation")


def leaf(field: str, result: Result = Result.TP) -> Outcome:
    found = {Result.TP: "five", Result.FD: "six", Result.FA: "six"}.get(result, "")
    gold = "five" if result in (Result.TP, Result.FD, Result.FN) else ""
    return Outcome(field, field, result, gold, found, float(result is Result.TP))


def line(
    name: str,
    outcomes: Iterable[Outcome],
    deal: str = "",
    repeat: int = 0,
    gold: str = "g",
    seconds: float = 2.0,
    **more: Any,
) -> CaseScore:
    case = Case(CaseFile(file=f"{name}.txt", sha256="", deal=deal or name), gold=None, text="")
    usage = Usage(prompt_tokens=90, completion_tokens=10)
    error = more.pop("error", "")
    said = Line(case=name, repeat=repeat, input="i", gold=gold, usage=usage, seconds=seconds, error=error)
    return CaseScore(case, said, None, tuple(outcomes), **more)


def scored(*scores: CaseScore, model: str = "m") -> ScoredRun:
    return ScoredRun(RunFile({"system": "ours", "model": model}, tuple(one.line for one in scores)), scores)


def all_right(deals: int, copies: int = 1, **more: Any) -> ScoredRun:
    return with_errors(deals, copies, {}, **more)


def with_errors(deals: int, copies: int, errors: Mapping[str, Iterable[int]], **more: Any) -> ScoredRun:
    """A run on ``copies`` cases of each deal; ``errors`` has for a field the numbers of the cases that miss it."""
    missed = {field: set(cases) for field, cases in errors.items()}
    return scored(
        *(
            line(
                f"case-{n:02}",
                (leaf(f, Result.FN if n in missed.get(f, ()) else Result.TP) for f in FIELDS),
                deal=f"deal-{n % deals}",
                **more,
            )
            for n in range(deals * copies)
        )
    )


def verdicts(comparison: Comparison) -> dict[str, str]:
    return {one.field: one.verdict for one in comparison.fields}


def test_a_run_beside_itself_differs_in_nothing() -> None:
    """No difference, no change, and the verdict says that no deal differs."""
    run = with_errors(8, 2, {"amount": [1, 2]})
    found = compare(run, run)
    assert str(found.overall) == "cannot distinguish (no deal differs)"
    assert found.overall.difference == 0
    assert (found.overall.interval.low, found.overall.interval.high) == (0, 0)
    assert not found.became_right + found.became_wrong
    assert (found.lines, found.deals) == (16, 8)


def test_a_difference_that_all_deals_show_is_named_for_what_it_is() -> None:
    """A gain in one field over eight deals holds overall and in that field only, and is a loss the other way round."""
    worse, better = with_errors(8, 1, {"amount": range(8)}), all_right(8)
    found = compare(worse, better)
    assert verdicts(found) == {**dict.fromkeys(FIELDS, "cannot distinguish"), "amount": "better"}
    assert found.overall.verdict == "better"
    assert found.overall.interval.low > 0
    amount = next(one for one in found.fields if one.field == "amount")
    assert (amount.f, amount.p.p) == ((0.0, 1.0), 2 / 2**8)
    back = compare(better, worse)
    assert verdicts(back)["amount"] == back.overall.verdict == "worse"
    assert back.overall.difference == -found.overall.difference


@pytest.mark.parametrize("copies", [1, 10])
def test_three_deals_tell_nothing_apart(copies: int) -> None:
    """However many cases are made of three deals, they cannot show p under 0.25, and the verdict says so."""
    found = compare(with_errors(3, copies, {"amount": range(3 * copies)}), all_right(3, copies))
    assert str(found.overall) == "cannot distinguish (3 deals cannot show p under 0.25)"
    assert "cannot distinguish (3 deals cannot show p under 0.25)" in text(found)


def test_a_difference_in_few_of_many_deals_is_told_as_such() -> None:
    """Deals that are the same in both runs do not help to tell them apart."""
    found = compare(with_errors(20, 1, {"amount": [0]}), all_right(20))
    assert str(found.overall) == "cannot distinguish (1 deal that differs cannot show p under 1)"


def test_many_fields_ask_for_more_evidence_in_each() -> None:
    """What one field alone would show (p = 0.031) does not hold among four that could show it; alone it does."""
    errors = {"amount": range(6), "stake": [0, 1, 2, 6, 7, 8], "status": [0, 1, 2, 6, 7, 8]}
    other = {"stake": [3, 4, 5, 9, 10, 11], "status": [3, 4, 5, 9, 10, 11]}
    several = compare(with_errors(12, 1, errors), with_errors(12, 1, other))
    amount = next(one for one in several.fields if one.field == "amount")
    assert (amount.p.p, amount.adjusted) == (2 / 64, 6 / 64)
    assert str(amount) == "cannot distinguish"
    assert verdicts(compare(with_errors(12, 1, {"amount": range(6)}), all_right(12)))["amount"] == "better"


def test_an_invention_where_there_is_nothing_is_worse() -> None:
    """Nothing to find and nothing found is no error: who invents there loses by it."""
    rest = [leaf("status")]
    a = scored(*(line(f"c{n}", [*rest, leaf("stake", Result.TN)]) for n in range(8)))
    b = scored(*(line(f"c{n}", [*rest, leaf("stake", Result.FA)]) for n in range(8)))
    found = compare(a, b)
    stake = next(one for one in found.fields if one.field == "stake")
    assert (stake.f, stake.verdict) == ((1.0, 0.0), "worse")
    assert {change.b for change in found.became_wrong} == {"six"}
    assert compare(a, a).fields[-1].field == "status"  # a field without facts is no row


def test_what_became_right_and_wrong_is_listed() -> None:
    """Each change says case, field, gold and what both runs have; seconds and tokens are those of the pairs."""
    a = scored(line("one", [leaf("status"), leaf("amount", Result.FD)]), line("two", [leaf("status")]))
    b = scored(
        line("one", [leaf("status", Result.FN), leaf("amount")], seconds=6.0),
        line("three", [leaf("status")], seconds=50.0),
        model="other",
    )
    found = compare(a, b)
    (right,), (wrong,) = found.became_right, found.became_wrong
    assert (right.case, right.field, right.path, right.gold, right.a, right.b) == (
        *("one", "amount", "amount"),
        *("five", "six", "five"),
    )
    assert (wrong.field, wrong.a, wrong.b) == ("status", "five", "")
    assert (found.only_a, found.only_b) == (("two",), ("three",))
    assert (found.seconds.a, found.seconds.b, found.seconds.ratio) == (2.0, 6.0, 3.0)
    assert (found.tokens.a, found.tokens.ratio) == (100, 1.0)


def test_repeats_are_paired_with_their_own() -> None:
    """A repeat that only one run has is named and left out."""
    a = scored(line("one", [leaf("status")]), line("one", [leaf("status", Result.FN)], repeat=1))
    found = compare(a, scored(line("one", [leaf("status")])))
    assert (found.lines, found.only_a, found.became_right) == (1, ("one (repeat 2)",), ())


def test_runs_with_other_gold_or_no_common_case_are_refused() -> None:
    """Refused, with the case and what to do."""
    a = scored(line("one", [leaf("status")]))
    with pytest.raises(CaseError, match=r"other gold .* of one\. .* run one of them again"):
        compare(a, scored(line("one", [leaf("status")], gold="h")))
    with pytest.raises(CaseError, match=r"share no case: one has one, the other two\. Run both"):
        compare(a, scored(line("two", [leaf("status")])))


Change = Callable[[DealSummary], Mapping[str, Any]]


def beside(case: Case, perfect: DealSummary, change: Change) -> Comparison:
    """The perfect record, and the same with a change."""
    altered = perfect.model_copy(update=dict(change(perfect)))
    return compare(*(scored(line(case.name, score(case, record))) for record in (perfect, altered)))


def test_the_order_of_items_is_no_change(case: Case, perfect: DealSummary) -> None:
    """Items are known by what they are, not by their place."""
    lists = ("parties", "people", "use_of_proceeds", "earlier_deals")
    found = beside(case, perfect, lambda record: {name: getattr(record, name)[::-1] for name in lists})
    assert not found.became_right + found.became_wrong
    assert all(one.difference == 0 for one in found.fields)


def test_an_item_that_is_lost_takes_its_own_leaves_only(case: Case, perfect: DealSummary) -> None:
    """Without the first party the others move up, and only what is lost of the first is a change."""
    found = beside(case, perfect, lambda record: {"parties": record.parties[1:]})
    first = perfect.parties[0]
    assert [(one.field, one.a, one.b) for one in found.became_wrong] == [
        ("parties.name", first.name, ""),
        ("parties.role", first.role.value, ""),
    ]
    assert not found.became_right


def test_an_invented_item_is_a_change(case: Case, perfect: DealSummary) -> None:
    """An item too many in b became wrong, and is right again the other way round."""
    more = perfect.parties[0].model_copy(update={"name": "Marrow & Pike"})
    found = beside(case, perfect, lambda record: {"parties": (more, *record.parties)})
    assert [one.b for one in found.became_wrong] == ["Marrow & Pike", more.role.value]
    assert {one.gold for one in found.became_wrong} == {""}


def test_items_of_one_name_stay_apart(case: Case, perfect: DealSummary) -> None:
    """Each leaf has a key of its own, where the record names an item several times."""
    thrice = perfect.model_copy(update={"parties": perfect.parties * 3, "people": ()})
    outcomes = score(case, thrice)
    assert len(leaves(outcomes)) == len(outcomes)


def test_the_table_fits_a_terminal_and_says_what_holds() -> None:
    """No line is over 100 columns, long words are cut, and the figures are there."""
    long = "earlier_deals.valuation.qualifier"
    worse = scored(
        *(line(f"c{n}", [leaf("status"), Outcome(long, long, Result.FN, "w " * 90)]) for n in range(8)),
        model="n",
    )
    right = scored(
        *(line(f"c{n}", [leaf("status"), Outcome(long, long, Result.TP, "w", "w")]) for n in range(8))
    )
    said = text(compare(right, worse), most=3)
    assert max(map(len, said.splitlines())) == 100
    assert "B against A: worse" in said
    assert "A: ours on m\nB: ours on n" in said
    assert "Became wrong: 8 leaves" in said
    assert "  and 5 more" in said
    assert "seconds: 16.0 in A, 16.0 in B (B / A = 1.00)" in said
    replayed = replace(right, run=replace(right.run, about={**right.run.about, "recorded": True}))
    said_of_it = text(compare(replayed, worse), most=3)
    assert "seconds:" not in said_of_it
    assert "replies were replayed" in said_of_it
    assert f"{long}  1.00  0.00" in said
    assert "the same" in said  # status


def test_the_table_says_for_how_many_fields_p_is_adjusted() -> None:
    """Fields that no p under 0.05 could come of are marked, and not counted."""
    said = text(
        compare(with_errors(9, 1, {"amount": range(9), "stake": range(6), "status": [0]}), all_right(9))
    )
    assert "p is adjusted for 2 fields that can show p under 0.05" in said
    assert "cannot distinguish *\n" in said
    assert "* too few deals differ" in said
    assert "p = 0.004" in said
    assert "p < 0.001" in text(compare(with_errors(20, 1, {"amount": range(20)}), all_right(20)))


def test_json_is_the_same_each_time() -> None:
    """The comparison as JSON has no value that JSON lacks, and the same bytes again."""
    a, b = with_errors(9, 2, {"amount": [0, 3, 5], "stake": [1]}), with_errors(9, 2, {"stake": [4, 8]})
    once, again = (json.dumps(as_json(compare(a, b)), allow_nan=False) for _ in range(2))
    assert once == again
    assert json.loads(once)["overall"]["verdict"] == "cannot distinguish"
    one_deal = as_json(compare(all_right(1), all_right(1)))
    assert one_deal["overall"]["interval"] is None


RUN = scored(
    line(
        "one",
        [leaf("status"), leaf("amount"), leaf("parties.name", Result.FD)],
        seconds=10,
        unsupported=("x",),
    ),
    line("two", [leaf("status"), leaf("stake", Result.TN), leaf("parties.role")], seconds=30, anls=0.5),
    line(
        "three",
        [leaf("amount", Result.FA), leaf("status", Result.FN), leaf("parties", Result.TN)],
        seconds=2,
        error="Timeout",
    ),
)


@pytest.mark.parametrize(
    ("bound", "missed"),
    [
        ("f>=0.6", ""),
        ("f>=0.7", "f is 0.6667, and should be at least 0.7."),
        (" f >= 0.7 ", "f is 0.6667, and should be at least 0.7."),
        ("precision[amount]>=0.9", "precision[amount] is 0.5, and should be at least 0.9."),
        ("recall[parties]>=0.5", ""),
        ("recall[parties]>=0.6", "recall[parties] is 0.5, and should be at least 0.6."),
        ("hallucination<=0.1", "hallucination is 0.3333, and should be at most 0.1."),
        ("abstention>=.5", ""),
        ("hallucination[parties]<=0", ""),
        ("omission<=0.1", "omission is 0.1667, and should be at most 0.1."),
        ("unsupported<=0", "unsupported is 1, and should be at most 0."),
        ("misplaced<=0", ""),
        ("failed<=0", "failed is 1, and should be at most 0."),
        ("seconds<=13", "seconds is 14, and should be at most 13."),
        ("tokens<=100", ""),
        ("perfect>=0.3", ""),
        ("perfect>=0.5", "perfect is 0.3333, and should be at least 0.5."),
        ("anls>=0.2", "anls is 0.1667, and should be at least 0.2."),
        ("grounded>=0.95", "grounded has nothing to be measured on, and should be at least 0.95."),
        (
            "hallucination[status]<=1",
            "hallucination[status] has nothing to be measured on, and should be at most 1.",
        ),
    ],
)
def test_a_bound_that_is_missed_says_by_how_much(bound: str, missed: str) -> None:
    """What a bound says is so or is told; what cannot be measured does not pass."""
    assert gate(RUN, [bound], None) == ([missed] if missed else [])


@pytest.mark.parametrize("bound", ["f", "f>0.8", "f>=high", "", "accuracy>=0.5", "f[>=0.5"])
def test_a_bound_that_cannot_be_read_names_the_metrics(bound: str) -> None:
    """Refused with every metric that there is."""
    with pytest.raises(CaseError, match=", ".join(METRICS)):
        gate(RUN, [bound], None)


def test_a_bound_on_what_is_not_there_is_refused() -> None:
    """An unknown field is refused with those there are; what is not counted by field, with what is."""
    with pytest.raises(CaseError, match=r"no field 'price'\. It has: status, amount, parties.name"):
        gate(RUN, ["f[price]>=0.5"], None)
    with pytest.raises(CaseError, match=r"seconds is not counted by field\. These are: f, soft_f"):
        gate(RUN, ["seconds[amount]<=5"], None)


def test_a_run_is_no_loss_against_itself() -> None:
    """Nothing became wrong, so nothing fails, with no case allowed."""
    assert gate(RUN, ["f>=0.6"], RUN, allow=0) == []


def test_a_loss_that_every_deal_shows_fails() -> None:
    """Where the deals are enough, the verdict of the comparison is the failure."""
    said = gate(with_errors(10, 1, {"stake": range(10)}), [], all_right(10))
    assert said[0].startswith("overall F is 0.857 and was 1.000 in the baseline, p = 0.00195 over 10 deals")


def test_a_planted_regression_fails_where_deals_are_few() -> None:
    """Three deals show no verdict; that eight of their cases lost the amount and none gained anything does."""
    said = gate(with_errors(3, 5, {"amount": range(8)}), [], all_right(3, 5))
    assert [one.partition(":")[0] for one in said] == ["all fields", "amount"]
    assert "8 cases lost leaves that were right in the baseline and 0 gained some" in said[1]


def test_fields_with_few_changes_do_not_hide_one_with_many() -> None:
    """Fields in which too few cases changed to show anything do not count among the tests."""
    errors = {"amount": range(7), "stake": [8], "status": [9], "valuation": [10]}
    said = gate(with_errors(3, 5, errors), [], all_right(3, 5))
    assert [one.partition(":")[0] for one in said] == ["all fields", "amount"]


def flickering(seed: int, share: float) -> ScoredRun:
    """Thirty cases of ten deals, of which each leaf is wrong by chance."""
    chance = random.Random(seed)
    return with_errors(10, 3, {field: [n for n in range(30) if chance.random() < share] for field in FIELDS})


def test_noise_passes() -> None:
    """Two answers of one model that errs by chance, in one leaf of five, are no loss: at most one pair of twenty."""
    failed = [gate(flickering(2 * n, 0.2), [], flickering(2 * n + 1, 0.2)) for n in range(40)]
    assert sum(map(bool, failed)) <= 2


def test_a_planted_regression_is_found_in_noise() -> None:
    """Among the same flips a field that is lost everywhere is named, and no other."""
    noisy = flickering(1, 0.2)
    without = scored(
        *(
            line(
                one.line.case,
                [leaf("amount", Result.FN) if o.field == "amount" else o for o in one.outcomes],
                deal=one.case.about.deal,
            )
            for one in noisy.scores
        )
    )
    said = gate(without, [], flickering(0, 0.2))
    assert any(one.startswith("amount: ") for one in said)
    assert not any(one.startswith(("status", "stake", "valuation")) for one in said)


def test_one_case_that_fails_is_no_proof_but_is_not_allowed_without_noise() -> None:
    """One case may lose all of its leaves by chance; where there is no chance, it is named."""
    broken = with_errors(8, 1, {field: [3] for field in FIELDS})
    assert gate(broken, [], all_right(8)) == []
    assert gate(broken, [], all_right(8), allow=1) == []
    (said,) = gate(broken, [], all_right(8), allow=0)
    assert (
        "1 case has a leaf that was right in the baseline and is wrong (0 allowed): case-03 status was five"
        in said
    )


def test_gains_do_not_pay_for_losses_without_noise() -> None:
    """With ``allow`` a case that lost a leaf counts, whatever it and others gained."""
    a, b = with_errors(8, 1, {"amount": [0, 1]}), with_errors(8, 1, {"stake": [0, 2]})
    assert gate(b, [], a) == []
    assert len(gate(b, [], a, allow=1)) == 1
    assert gate(b, [], a, allow=2) == []


def test_a_baseline_on_other_gold_is_refused() -> None:
    """The gate compares like with like or not at all."""
    with pytest.raises(CaseError, match="other gold"):
        gate(all_right(2), [], all_right(2, gold="other"))


def test_a_run_of_other_cases_is_gated_on_what_it_shares() -> None:
    """A few cases may be held against a baseline of many."""
    few: Sequence[CaseScore] = all_right(8).scores[:2]
    assert gate(scored(*few), [], with_errors(8, 1, {"stake": [5]}), allow=0) == []
