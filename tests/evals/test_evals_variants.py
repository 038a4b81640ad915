from __future__ import annotations

import random
import re
from decimal import Decimal
from typing import Annotated, Any

import pytest
from evals.variants.figures import bonds_of, figures_of, revalued
from evals.variants.rewriting import calendar_for, dated, valued
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from evals.cases import Case, CaseFile, problems
from evals.gold import gold_model, labels
from evals.variants import KINDS, remembered, variants
from evals.variants.edits import Edit, alter
from summarizer.document import read_document
from summarizer.figures import find
from summarizer.records.deal import DealSummary
from summarizer.records.values import Copied, Money, Name, Percent, Value

TEXT = """Ostrander Foods to buy half-share in Pellowe & Sons

BRISTOL, 9 April 2033 - Ostrander Foods has agreed to pay about £44 million for 55% of Pellowe & Sons, a maker of oat milk. The deal values Pellowe at £80 million, the two said.

Pellowe sold an 8% smaller volume last year; sales fell to £92 million from £100 million. Ostrander will put the money into a second plant in Truro and pay £11 million of it at once.

Imogen Thackeray, who has led Pellowe since 2019, steps down as chief executive. Her place goes to Desmond Okoro of Ostrander. "We were never short of oats," Thackeray said. "We were short of tanks."

The purchase still needs the approval of the competition authority. PELLOWE'S lenders have been told.

Nobody at the plant in Bristol expects jobs to go, and the union has asked for a meeting in the coming weeks.

Read also:
Fjordmelk buys cheese maker for £61 million
"""


def _at(*quotes: str, text: str = TEXT) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for quote in quotes for m in re.finditer(re.escape(quote), text)]


def _money(text: str, value: str, *quotes: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "value": value, "currency": "GBP", "evidence": _at(*quotes or (text,)), **more}


GOLD: dict[str, Any] = {
    "is_deal": True,
    "deal_type": "majority_investment",
    "status": "pending",
    "announced_on": {"text": "9 April 2033", "date": "2033-04-09", "evidence": _at("9 April 2033")},
    "parties": [
        {
            "name": ["Ostrander Foods", "Ostrander"],
            "role": "acquirer",
            "evidence": _at("Ostrander Foods", "Ostrander will put"),
        },
        {
            "name": ["Pellowe & Sons", "Pellowe"],
            "role": "target",
            "evidence": _at("Pellowe & Sons", "values Pellowe"),
        },
    ],
    "amount": [
        _money("£44 million", "44000000", "about £44 million", qualifier="about", basis="total"),
        _money("£11 million", "11000000", basis="upfront"),
    ],
    "stake": {"text": "55%", "percent": "55", "evidence": _at("55% of Pellowe")},
    "valuation": _money("£80 million", "80000000"),
    "consideration": None,
    "people": [
        {
            "name": ["Imogen Thackeray", "Thackeray"],
            "change": "departs",
            "from_role": {"facts": ["chief executive", "Pellowe"]},
            "to_role": None,
            "evidence": _at(
                "Imogen Thackeray, who has led Pellowe since 2019, steps down as chief executive"
            ),
        },
        {
            "name": "Desmond Okoro",
            "change": "moves",
            "from_role": {"facts": ["Ostrander"]},
            "to_role": {"facts": ["her place"]},
            "evidence": _at("Her place goes to Desmond Okoro of Ostrander"),
        },
    ],
    "use_of_proceeds": [{"text": {"facts": ["second plant"]}, "evidence": _at("a second plant in Truro")}],
    "rationale": [],
    "concerns": [],
    "conditions": [
        {"text": {"facts": ["approval", "competition"]}, "evidence": _at("approval of the competition")}
    ],
    "earlier_deals": [],
}
FORBIDDEN = (_at("Read also:")[0][0], len(TEXT.rstrip()))


def _case(text: str, gold: dict[str, Any], schema: type[BaseModel] = DealSummary, **more: Any) -> Case:
    about = CaseFile(file="oats.txt", sha256="", deal="oats")
    return Case(about, gold_model(schema).model_validate(gold), text, schema, **more)


CASE = _case(TEXT, GOLD, forbidden=(FORBIDDEN,))


def _only(kind: str, case: Case = CASE, seed: int = 0) -> Case:
    (variant,) = variants(case, kind, seed=seed)
    return variant


def test_the_case_of_these_tests_is_proven() -> None:
    assert problems(CASE) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_proven_variants_and_the_same_ones_again(kind: str) -> None:
    """The same case and seed give the same bytes, another seed others; all prove against their texts."""
    made = variants(CASE, kind, seed=3)
    assert made
    assert [(each.id, each.text, each.gold_digest) for each in made] == [
        (each.id, each.text, each.gold_digest) for each in variants(CASE, kind, seed=3)
    ]
    for each in made:
        assert problems(each) == []
        assert each.variant.split("-")[0] == kind
        assert each.text != CASE.text
        assert each.about is CASE.about
    assert {each.text for seed in range(4) for each in variants(CASE, kind, seed=seed)} > {
        each.text for each in made
    }


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="no kind of variants 'sarcasm'; there are counterfactual"):
        variants(CASE, "sarcasm")


@settings(max_examples=15)
@given(seed=st.integers(0, 10_000))
def test_a_counterfactual_keeps_no_name_and_no_figure_and_all_arithmetic(seed: int) -> None:
    """Whatever the seed: nothing of the original is left in its place, and what was true of the figures is."""
    variant = _only("counterfactual", seed=seed)
    for name in ("Ostrander", "Pellowe", "Imogen", "Thackeray", "Desmond", "Okoro"):
        assert name.casefold() not in variant.text.casefold()
    before, after = ([m for m in find(text) if m.text != "half"] for text in (CASE.text, variant.text))
    assert len(before) == len(after)
    assert all((a.value, a.date) != (b.value, b.date) for a, b in zip(before, after, strict=True))
    gold = variant.gold
    amount, stake, valuation = gold.amount[0].value, gold.stake[0].percent, gold.valuation[0].value
    assert float(amount / stake * 100 / valuation) == pytest.approx(1, rel=0.05)
    assert stake > 50  # a majority stays one
    assert abs(gold.amount[1].value - amount / 4) < 1_000_000  # a quarter, in whole millions
    assert len({place.label.currency for place in labels(gold) if hasattr(place.label, "currency")}) == 1


def test_a_counterfactual_reads_like_the_original() -> None:
    """Short forms, possessives, CAPITALS and articles follow; what is no name and no figure stays."""
    variant = _only("counterfactual")
    buyer, target = variant.gold.parties
    assert buyer.name[0] == f"{buyer.name[1]} Foods"
    assert target.name[0].startswith(f"{target.name[1]} & ")
    assert f"{target.name[1].upper()}'S lenders" in variant.text
    leaver = variant.gold.people[0]
    assert leaver.name[0].endswith(f" {leaver.name[1]}")
    assert leaver.from_role[0].facts == ("chief executive", target.name[1])
    assert leaver.to_role == (None,)
    volume = re.search(r"sold (an?) (\d+)% smaller", variant.text)
    assert volume
    assert (volume[1] == "an") == (volume[2][0] == "8" or volume[2] in ("11", "18"))
    assert variant.gold.amount[0].basis == ("total",)
    assert "in Truro" in variant.text
    assert [variant.text[start:end].split()[0] for start, end in variant.forbidden] == ["Read"]


def test_what_is_remembered_is_found() -> None:
    """A record with the original's names and figures is told apart from one that was read."""
    variant = _only("counterfactual")
    read = DealSummary(headline=f"{variant.gold.parties[0].name[0]} pays {variant.gold.amount[0].text}")
    assert remembered(read, CASE, variant) == []
    known = DealSummary(
        headline="Ostrander pays $44 million", narrative="55% of PELLOWE & SONS, on 9 April 2033"
    )
    assert remembered(known, CASE, variant) == [
        "55%", "9 April 2033", "Ostrander", "Pellowe", "Pellowe & Sons", "£44 million",
    ]  # fmt: skip


def test_a_deletion_leaves_no_statement_of_its_fact() -> None:
    """The field is null or the item gone, its figure or name nowhere in the article; the rest stays."""
    made = {each.variant: each for seed in range(8) for each in variants(CASE, "deletion", seed=seed)}
    assert {"deletion-amount", "deletion-valuation", "deletion-people-1"} <= set(made)
    valuation = made["deletion-valuation"]
    assert valuation.gold.valuation == (None,)
    assert "80 million" not in valuation.text
    assert "oat milk.\n\nPellowe sold" in valuation.text
    assert valuation.gold.amount[0].value == 44_000_000
    person = made["deletion-people-1"]
    assert [
        item.name for item in person.gold.people
    ] == []  # "Her place goes to…" leans on the sentence before it
    assert "Thackeray" not in person.text
    assert "short of" not in person.text  # both halves of the quotation
    amount = made["deletion-amount"]
    assert amount.gold.amount == (None,)
    assert amount.gold.announced_on == (None,)  # it stood in the same sentence
    assert amount.gold.stake == (None,)
    assert [str(kind) for kind in amount.gold.deal_type if kind] != ["majority_investment"]


def test_a_deletion_keeps_what_other_places_state() -> None:
    """A party of whom only the name is left may be found or not; one with other evidence stays."""
    made = {each.variant: each for seed in range(8) for each in variants(CASE, "deletion", seed=seed)}
    for each in made.values():
        names = [item.name[-1] for item in each.gold.parties]
        assert names == ["Ostrander", "Pellowe"]
        assert any(not item.optional for item in each.gold.parties)


def test_a_share_goes_with_what_remains_of_all() -> None:
    """ "The other 45%" tells the 55% as well."""
    rest = "The founders keep the other 45%."
    case = _case(TEXT.replace("PELLOWE'S lenders have been told.", rest), GOLD)
    made = {each.variant: each for seed in range(8) for each in variants(case, "deletion", seed=seed)}
    assert rest not in made["deletion-stake"].text
    assert rest in made["deletion-valuation"].text


def test_nothing_is_deleted_from_a_text_too_short_for_it() -> None:
    text = "Ostrander Foods pays £44 million for Pellowe & Sons.\n"
    place = [(0, len(text) - 1)]
    money = {"text": "£44 million", "value": "44000000", "currency": "GBP", "evidence": place}
    assert variants(_case(text, {"is_deal": True, "amount": money}), "deletion") == []


@pytest.mark.parametrize("kind", ["noise", "attack"])
def test_what_is_put_in_is_forbidden_and_changes_no_gold(kind: str) -> None:
    """Without its forbidden places a text has the words of the original, once or twice, and no others."""
    original = " ".join(CASE.text[: FORBIDDEN[0]].split())
    for seed in range(6):
        for each in variants(CASE, kind, seed=seed):
            kept, end = "", 0
            for start, stop in each.forbidden:
                kept, end = kept + each.text[end:start] + " ", stop
            words = " ".join((kept + each.text[end:]).split())
            assert words.startswith(original)
            assert words.removeprefix(original).strip() in ("", " ".join(_body(CASE.text).split()))
            assert _values(each) == _values(CASE)


def _body(text: str) -> str:
    return text[text.index("BRISTOL") : FORBIDDEN[0]]


def _values(case: Case) -> Any:
    said = case.gold.model_dump(exclude_unset=True)
    return _without_places(said)


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_places(part) for key, part in node.items() if key != "evidence"}
    return [_without_places(part) for part in node] if isinstance(node, (list, tuple)) else node


def test_a_doubled_body_doubles_its_evidence() -> None:
    """Some noise has the article twice; each place of the body is then two."""
    doubled = [v for seed in range(12) if (v := _only("noise", seed=seed)).text.count("oat milk") > 1]
    assert doubled
    for each in doubled:
        (stake,) = each.gold.stake
        assert [each.text[start:end] for start, end in stake.evidence] == ["55% of Pellowe"] * 2


def test_attacks_stand_in_the_body_and_in_a_comment() -> None:
    body, comment = variants(CASE, "attack")
    assert (body.variant, comment.variant) == ("attack-body", "attack-comment")
    assert body.text.endswith(CASE.text[FORBIDDEN[0] :])
    assert comment.text.startswith(CASE.text.rstrip())


def test_a_hedged_deal_is_rumoured_and_its_other_facts_stay() -> None:
    """Two frames a case say that nothing is signed; a text that is rumoured already, or no deal, has none."""
    made = variants(CASE, "hedge")
    assert len(made) == 2
    for each in made:
        assert each.variant in ("hedge-reported", "hedge-denied", "hedge-talks")
        assert [str(status) for status in each.gold.status] == ["rumoured"]
        assert "signed" in each.text.split("BRISTOL")[0]
        changed = ("status", "announced_on")
        assert {k: v for k, v in _values(each).items() if k not in changed} == {
            k: v for k, v in _values(CASE).items() if k not in changed
        }
    assert variants(_case(TEXT, {**GOLD, "status": ["rumoured"]}), "hedge") == []
    assert variants(_case(TEXT, {"is_deal": False}), "hedge") == []


def test_a_hedge_takes_out_what_plainly_says_that_all_is_done() -> None:
    text = TEXT.replace(
        "PELLOWE'S lenders have been told.", "PELLOWE'S lenders confirmed that the deal has closed."
    )
    conditions = [{"text": {"facts": ["approval"]}, "evidence": _at("approval", text=text)}]
    case = _case(text, {**GOLD, "status": "completed", "conditions": conditions})
    for each in variants(case, "hedge"):
        assert "has closed" not in each.text
        assert each.variant != "hedge-talks"


class Plant(Value):
    """An item of another schema."""

    site: Annotated[str, Copied()]
    cost: Money | None = None


class Venture(BaseModel):
    """A schema that is no deal."""

    owner: Name | None = None
    share: Percent | None = None
    plants: tuple[Plant, ...] = ()


def test_variants_are_made_for_any_schema() -> None:
    """Names, figures and items are found by the form of the schema."""
    text = (
        "Hallbrook Mining owns 30% of the field.\n\nIt will spend $70 million on a plant at Point Marrow. The plant "
        "opens in 2031 and will be run by forty people.\n\nNeighbours are worried about the lorries. A hearing is "
        "planned for the spring. Until then nothing will be built.\n"
    )
    at = [(0, 39)], [(text.index("It will"), text.index(" The plant"))]
    cost = {"text": "$70 million", "value": "70000000", "currency": "USD", "evidence": at[1]}
    gold = {
        "owner": {"text": "Hallbrook Mining", "evidence": at[0]},
        "share": {"text": "30%", "percent": "30", "evidence": at[0]},
        "plants": [{"site": "Point Marrow", "cost": cost, "evidence": at[1]}],
    }
    case = _case(text, gold, Venture)
    assert problems(case) == []
    altered = _only("counterfactual", case)
    assert not re.search("Hallbrook|Marrow|30%|70 million|2031", altered.text)
    assert altered.gold.plants[0].cost[0].value != 70_000_000
    assert {each.variant for seed in range(4) for each in variants(case, "deletion", seed=seed)} >= {
        "deletion-share",
        "deletion-plants-1",
    }
    assert variants(case, "hedge") == []
    for kind in KINDS:
        assert all(problems(each) == [] for each in variants(case, kind))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("It paid $90 million, $35 million and $20 million: $145 million.", lambda v: v[0] + v[1] + v[2] == v[3]),
        ("It is 8.4 times the €50 million of EBITDA: €420 million.", lambda v: abs(v[0] * v[1] / v[2] - 1) < 0.03),
        ("Sales rose 16% to £38.4 million from £33.1 million.", lambda v: abs((1 + v[0] / 100) * v[2] / v[1] - 1) < 0.01),
        ("One holds 60% and the other 40%.", lambda v: v[0] + v[1] == 100),
        ("It buys 6.8 million shares at ¥2,350 a share, ¥16 billion.", lambda v: abs(v[0] * v[1] / v[2] - 1) < 0.04),
    ],
)  # fmt: skip
def test_sums_shares_growth_and_multiples_stay_true(text: str, held: Any) -> None:
    mentions = find(text)
    assert bonds_of(figures_of(mentions))
    for seed in range(5):
        new = revalued(mentions, random.Random(seed))
        values = [new[m.unit, m.value] for m in mentions if m.value is not None]
        assert held([float(value) for value in values])
        assert not set(values) & {m.value for m in mentions}


@pytest.mark.parametrize(
    "text",
    [
        "€1.234,5 million", "₹1,40,500", "half a billion dollars", "between $4 billion and $5 billion", "4½ dlrs",
        "two pence", "$5 to 7 billion", "A$17.20 a share", "12,500 shares", "6.4-billion-yen", "fifty-one percent",
    ],
)  # fmt: skip
def test_figures_are_written_anew_in_their_own_form(text: str) -> None:
    """What is written is read again as the new value, in the same currency."""
    mentions = find(text)
    values = revalued(mentions, random.Random(1))
    new = alter(text, [edit for m in mentions for edit in valued(text, m, values, {})]).text
    assert new != text
    assert [(m.unit, m.value, m.upper) for m in find(new)] == [
        (m.unit, values[m.unit, m.value], m.upper and values[m.unit, m.upper]) for m in mentions if m.value
    ]


@pytest.mark.parametrize(
    "text",
    ["14 May 2031", "May 31, 2031", "2031-05-14", "25/05/2031", "Q3 2025", "FY25", "31 December", "March 3rd", "April one"],
)  # fmt: skip
def test_dates_move_in_their_own_form(text: str) -> None:
    """A moved date is read as the moved day, never as the original."""
    for seed in range(5):
        mentions = find(text)
        shift = calendar_for(mentions, random.Random(seed))
        (read,) = find(alter(text, dated(text, mentions[0], shift)).text)
        assert read.date == shift.moved(mentions[0].date or "")
        assert read.date != mentions[0].date


@given(
    text=st.text(min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=8),
    new=st.text(max_size=5),
    place=st.tuples(st.integers(0, 60), st.integers(0, 60)),
)
def test_places_outside_of_edits_keep_their_words(
    text: str, cuts: list[int], new: str, place: tuple[int, int]
) -> None:
    """A range that no edit touches has the same words after any edits."""
    ends = sorted({min(cut, len(text)) for cut in cuts})
    edits = [Edit(a, b, new) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    altered = alter(text, edits)
    start, end = sorted(min(each, len(text)) for each in place)
    if start < end and not any(edit.start < end and start < edit.end for edit in edits):
        moved = altered.moved((start, end))
        assert moved
        assert altered.text[slice(*moved)] == text[start:end]
    for edit in altered.edits:
        assert altered.text[slice(*altered.put(edit))] == new


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at 2"):
        alter("abcdef", [Edit(0, 3, ""), Edit(2, 4, "")])


def test_a_variant_is_an_article_of_its_own() -> None:
    """The noise and the frames are read as what they are: the added places stand outside of the body."""
    noisy = _only("noise")
    document = read_document(noisy.text)
    assert not any(document.is_evidence(start) for start, _ in noisy.forbidden[-1:])
    assert Decimal(44_000_000) == noisy.gold.amount[0].value
