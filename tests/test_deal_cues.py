"""Which words call for which question about a deal."""

from __future__ import annotations

from typing import Any

import pytest

from summarizer.schema import deal_cues, deal_people


@pytest.mark.parametrize(
    ("cue", "sentence"),
    [
        (deal_cues.CONCERN, "Some analysts were unconvinced."),
        (deal_cues.CONCERN, "A fund that owns 6% said the price was too low."),
        (deal_cues.CONDITION, "Shareholders vote on the capital increase in September."),
        (deal_cues.CONDITION, "The bid will be dropped if fewer than half of the shares come in."),
        (deal_cues.EARLIER, "Debt has weighed since its purchase of a foundry for €640 million in 2021."),
        (deal_people.PERSON_CHANGE, "Ann Doyle gives up the chair."),
        (deal_people.PERSON_CHANGE, "Observers welcomed Ann Doyle’s switch."),
        (deal_cues.PROCEEDS, "The money goes into a second plant."),
    ],
)
def test_cues_are_classes_of_words(cue: Any, sentence: str) -> None:
    """A sentence that says it in other words of the same class calls for the question too."""
    assert cue.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The purchase has to be cleared by the ministry.",
        "The landlord has yet to give consent.",
        "Closing waits for a ruling by the harbour court.",
        "Two quarries must be sold before the deal may close.",
        "The sale goes through in May, provided that the permit is renewed.",
        "The watchdog would also have its say.",
    ],
)
def test_what_leaves_no_doubt_is_a_sign_of_a_condition(sentence: str) -> None:
    """A sure sentence that the first pattern passed over was in no record."""
    assert deal_cues.SURE_CONDITION.search(sentence)
    assert deal_cues.CONDITION.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Ash has yet to turn a profit.", "The bank provided a loan.", "Members must pass on the costs."],
)
def test_other_musts_are_no_condition(sentence: str) -> None:
    assert not deal_cues.SURE_CONDITION.search(sentence)
