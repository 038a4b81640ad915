"""Names in running text, told by their capitals."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.names import is_company, names


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Norrlund Energy AB said it agreed to buy Tidewell.", ("Norrlund Energy AB", "Tidewell")),
        ("The Norrlund said that Tidewell's board agreed.", ("Norrlund", "Tidewell")),
        ("It bought Ash Ltd and Birch Corp from Elm.", ("Ash Ltd", "Birch Corp", "Elm")),
        (
            "Hale and Brandt Inc sold Harrow Savings and Loan Association.",
            ("Hale and Brandt Inc", "Harrow Savings and Loan Association"),
        ),
        ("Leeds-based Tidewell bought London-quoted Harrow.", ("Tidewell", "Harrow")),
        ("Chairman Mira Castellan met President Odo Reyes.", ("Mira Castellan", "Odo Reyes")),
        ("Tidewell of Paramus, N.J., was sold to Bank of Orford.", ("Tidewell", "Bank of Orford")),
        (
            "Norrlund bought Tidewell Loan Association of Marsh, Ohio.",
            ("Norrlund", "Tidewell Loan Association"),
        ),
        ("Norrlund will acquire Marsh, Colo., baker Tidewell Inc.", ("Norrlund", "Tidewell Inc")),
        ("A plant in Paramus, N.J., was sold to Norrlund.", ("Norrlund",)),
        ("Tidewell (Australia) Ltd owns 3i and Elm & Ash.", ("Tidewell (Australia) Ltd", "Elm & Ash")),
        (
            "The Leeds food group bought a Norrlund plant; the Tidewell family sold.",
            ("Norrlund", "Tidewell family"),
        ),
        ("Norrlund bought tile maker Elm.", ("Norrlund", "Elm")),
        (
            "Norrlund buys the cider maker Elm; Orchard may buy rival Ash.",
            ("Norrlund", "Elm", "Orchard", "Ash"),
        ),
        (
            "Norrlund and rival Elm met; Orchard to acquire bakery operator Ash.",
            ("Norrlund", "Elm", "Orchard", "Ash"),
        ),
        (
            "Tidewell won and led tyre maker Elm; Brae sold its insurer Oxley.",
            ("Tidewell", "Elm", "Brae", "Oxley"),
        ),
        ("BASEL and OSAKA, 27 January 2031 – Tidewell AG said.", ("Tidewell AG",)),
        ("TORONTO (Wire) - Tidewell Corp. said.", ("Tidewell Corp",)),
        ("IBM – the computer group – bought Elm.", ("IBM", "Elm")),
        (
            "Czech and Ghanaian rivals, the Prague buyout house Elm Partners and the Norfolk cider maker met.",
            ("Elm Partners",),
        ),
        ("Elm is the county's pride; the Elm family owns Elm Foods.", ("Elm", "Elm family", "Elm Foods")),
        ("On Monday the SEC and the German court met in May.", ()),
        ("Norrlund Group raised it. Norrlund said so; Group sources agreed.", ("Norrlund Group",)),
        ("nobody bought anything", ()),
        ("", ()),
    ],
)
def test_names_are_told_by_their_capitals(sentence: str, expected: tuple[str, ...]) -> None:
    """Suffixes and possessives end a name; titles, days, nations, places of a plant and states are none."""
    assert names([sentence]) == expected


def test_a_name_is_given_once_and_in_its_first_form() -> None:
    """Short forms of an earlier name are that name."""
    assert names(
        ["Carl Lindqvist bought Ash Holdings Inc.", "Lindqvist said Ash\nHoldings Inc is well. Ash grew."]
    ) == (
        "Carl Lindqvist",
        "Ash Holdings Inc",
    )


@pytest.mark.parametrize(
    ("name", "expected"), [("Kettle Foods Inc", True), ("Kettle Foods", False), ("Inc", False)]
)
def test_a_company_is_told_by_its_suffix(name: str, *, expected: bool) -> None:
    """One word is no company, whatever it is."""
    assert is_company(name) is expected


@given(
    st.lists(
        st.sampled_from(
            ["Ash", "and", "Inc", "of", "&", "(", ")", "'s", ",", "the", "N.V.", "-based", "3i", "\n"]
        ),
        max_size=30,
    )
)
def test_any_words_can_be_read(words: list[str]) -> None:
    """Whatever stands there, each name stands in the text and once."""
    text = " ".join(" ".join(words).split())
    found = names([text])
    assert len(set(found)) == len(found)
    assert all(name in text for name in found)


def test_time_grows_with_the_text() -> None:
    """Fifty thousand capitals are read at once."""
    start = time.perf_counter()
    names(["Ash " * 50_000, "Ash and " * 50_000, "(A " * 50_000])
    assert time.perf_counter() - start < 10


def test_a_title_in_capitals_tells_none_and_a_place_is_no_part() -> None:
    """Unless the text never does without that place."""
    sentences = [
        "Ash and Birch Call Off Their Long Talks",
        "Ash Foods of Leeds and Bank of Elm spoke to Oak Mills of York.",
        "Ash fell.",
    ]
    assert names(sentences) == ("Ash Foods", "Bank of Elm", "Oak Mills of York")
