"""Which mentions can state one fact, and which is a rounding of which."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.figures import Kind, Mention, agree, is_rounding_of, parse


def mention(text: str) -> Mention:
    parsed = parse(text) or parse(text, Kind.MULTIPLE)
    assert parsed is not None, text
    return parsed


ROUNDINGS = [
    # coarse, fine, is it a rounding
    ("$8 billion", "$7.6 billion", True),
    ("$8 billion", "$8.4 billion", True),
    ("$8 billion", "$8.40 billion", True),
    ("$8 billion", "$8.5 billion", True),  # a tie goes either way
    ("$8 billion", "$7.5 billion", True),
    ("$8 billion", "$7.49 billion", False),
    ("$8 billion", "$8.51 billion", False),
    ("$8 billion", "$7,600,000,000", True),
    ("$7.6 billion", "$7.63 billion", True),
    ("$7.6 billion", "$7.68 billion", False),
    ("$7.6 billion", "$8 billion", False),  # the other way round
    ("$7.6 billion", "$7.6 billion", False),  # no finer
    ("$7.6 billion", "$7.2 billion", False),
    ("24.3 mln dlrs", "24.8 mln dlrs", False),
    ("$8 billion", "€7.6 billion", False),
    ("$8", "$7.60 a share", False),
    ("$36", "35 1/2 dlrs", True),
    ("51%", "51.2%", True),
    ("51%", "50.5%", True),
    ("51%", "49.9%", False),
    ("12x", "11.7 x", True),
    ("2 mln shares", "1,834,000 shares", True),
    ("2 mln shares", "2,834,000 shares", False),
    ("$5-7 billion", "$5.2-6.8 billion", True),
    ("$5-7 billion", "$5.2-7.8 billion", False),
    ("$5-7 billion", "$5.2 billion", False),
    ("2025", "June 2025", False),
]


@pytest.mark.parametrize(("coarse", "fine", "expected"), ROUNDINGS)
def test_is_rounding_of(coarse: str, fine: str, expected: bool) -> None:
    """A figure rounds to another within half of the other's last stated digit, and only to a coarser one."""
    assert is_rounding_of(mention(coarse), mention(fine)) is expected


AGREE = [
    ("$6.4 billion", "$6.4 billion"),
    ("$6.4 billion", "6,400 mln dlrs"),
    ("$6.4 billion", "$6,400,000,000"),
    ("$6 billion", "$6.4 billion"),
    ("about $15 billion", "$14.8 billion"),
    ("about $15 billion", "$14.25 billion"),
    ("about $15 billion", "about $14.4 billion"),
    ("nearly 52%", "51.2%"),
    ("more than $6 billion", "$6 billion"),
    ("more than $6 billion", "$6.4 billion"),
    ("at least $6.4 billion", "up to $6.4 billion"),
    ("$5-7 billion", "$6.4 billion"),
    ("$5-7 billion", "$7 billion"),
    ("$5-7 billion", "$6-9 billion"),
    ("between 20% and 25%", "20%"),
    ("fifty-one percent", "51%"),
    ("half a billion dollars", "500 mln dlrs"),
    ("$54.20 per share", "54.20 dlrs a share"),
    ("64 cents a share", "$0.64 per share"),
    ("undisclosed sum", "terms were not disclosed"),
    ("June 13, 2025", "2025-06-13"),
    ("June 13, 2025", "June 2025"),
    ("June 13, 2025", "2025"),
    ("June 13, 2025", "June 13"),
    ("June 2025", "June 13"),
    ("Q3 2025", "2025"),
]
DISAGREE = [
    ("$14.8 billion", "$14.3 billion"),
    ("51%", "49%"),
    ("about 52%", "50.5%"),
    ("about $15 billion", "$14.2 billion"),
    ("$6.4 billion", "$6.4 million"),
    ("$6.4 billion", "$6.5 billion"),
    ("$6.4 billion", "€6.4 billion"),
    ("$6.4 billion", "C$6.4 billion"),
    ("$12", "$12 a share"),
    ("51%", "51x"),
    ("more than $6 billion", "$7 billion"),
    ("more than $6.0 billion", "$6.2 billion"),
    ("up to $6 billion", "$5 billion"),
    ("more than $6.0 billion", "about $6.1 billion"),
    ("$5-7 billion", "$7.5 billion"),
    ("$5-7 billion", "$8-9 billion"),
    ("undisclosed sum", "$5 million"),
    ("June 13, 2025", "June 14, 2025"),
    ("June 13, 2025", "July 2025"),
    ("June 13, 2025", "2024"),
    ("June 13", "2025"),
    ("June 13", "June 14"),
]


@pytest.mark.parametrize(
    ("a", "b", "expected"), [(*p, True) for p in AGREE] + [(*p, False) for p in DISAGREE]
)
def test_agree(a: str, b: str, expected: bool) -> None:
    """Equal, rounded, hedged and overlapping figures agree, in either order; near misses never do."""
    assert agree(mention(a), mention(b)) is expected
    assert agree(mention(b), mention(a)) is expected


def test_neighbouring_digits_never_agree() -> None:
    """Two unhedged figures of one precision agree only when they are the same."""
    figures = [mention(f"$6.{digit} billion") for digit in range(10)]
    for a, b in itertools.combinations(figures, 2):
        assert not agree(a, b)


TEXTS = [*{text for pair in AGREE + DISAGREE for text in pair}]


@given(st.sampled_from(TEXTS), st.sampled_from(TEXTS))
def test_agreement_is_symmetric_and_reflexive(a: str, b: str) -> None:
    """The order of two mentions does not matter, and a mention agrees with itself."""
    first, second = mention(a), mention(b)
    assert agree(first, second) == agree(second, first)
    assert agree(first, first)
    assert not (is_rounding_of(first, second) and is_rounding_of(second, first))
