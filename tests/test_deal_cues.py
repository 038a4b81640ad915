"""Which words call for which question about a deal."""

from __future__ import annotations

import time
from typing import Any

import pytest

from summarizer.records import deal_cues, deal_earlier, deal_people, deal_sense


@pytest.mark.parametrize(
    ("cue", "sentence"),
    [
        (deal_sense.CONCERN, "Some analysts were unconvinced."),
        (deal_sense.CONCERN, "A fund that owns 6% said the price was too low."),
        (deal_cues.CONDITION, "Shareholders vote on the capital increase in September."),
        (deal_cues.CONDITION, "The bid will be dropped if fewer than half of the shares come in."),
        (deal_earlier.EARLIER, "Debt has weighed since its purchase of a foundry for €640 million in 2021."),
        (deal_people.PERSON_CHANGE, "Ann Doyle gives up the chair."),
        (deal_people.PERSON_CHANGE, "Observers welcomed Ann Doyle’s switch."),
        (deal_cues.PROCEEDS, "The money goes into a second plant."),
        (deal_cues.PROCEEDS, "The loans and cash will go on two new kilns."),
        (deal_cues.PROCEEDS, "Most of it is earmarked for hiring."),
        (deal_cues.PROCEEDS, "The group would pay down part of its bank debt."),
        (deal_cues.PROCEEDS, "It means to spend the sum on a new depot."),
        (deal_cues.PROCEEDS, "What for: a lab in Turin and a second shift."),
        (deal_sense.RATIONALE, "The purchase opens the way to Dutch hospitals."),
        (deal_sense.RATIONALE, "Norrlund covets its network of garages."),
        (deal_sense.RATIONALE, "The buyer is after its patents."),
        (deal_sense.RATIONALE, "It has no depot of its own north of Lyon."),
        (deal_sense.RATIONALE, "The other attraction is a fleet of new ships."),
        (deal_sense.RATIONALE, "They see room for a second brand in Peru."),
        (deal_sense.RATIONALE, "Merged, they would save 40 million euros a year."),
        (deal_sense.RATIONALE, "The fund was drawn by steady rents."),
        (deal_sense.RATIONALE, "The deal would put its tools in every workshop of the region."),
        (deal_sense.CONCERN, "The sale made the staff uneasy."),
        (deal_sense.CONCERN, "One holder grumbles about the ratio."),
        (deal_sense.CONCERN, "The drawback is a lease that ends next year."),
        (deal_sense.CONCERN, 'A councillor called it "a sell-off by stealth".'),
        (deal_sense.CONCERN, "The new shares water down everybody else."),
        (deal_sense.CONCERN, "Together they would sell 48% of the island's fuel."),
        (deal_sense.CONCERN, '"Who checks the books?" said a union leader in Porto.'),
        (deal_earlier.EARLIER, "Ardent came in back in 2029 at $4 a share."),
        (deal_earlier.EARLIER, "The 2031 takeover of Brisk ended badly."),
        (deal_earlier.EARLIER, "It was put at $90 million in 2030."),
        (deal_earlier.EARLIER, "A bid from Corvo was turned down two years ago."),
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


@pytest.mark.parametrize(
    ("cue", "sentence"),
    [
        (deal_cues.PROCEEDS, "The lead fund will name a director."),
        (deal_cues.PROCEEDS, "The round values the firm at $90 million before the new money."),
        (deal_sense.RATIONALE, "Tarn Growth led the round."),
        (deal_sense.RATIONALE, "Both sides hope to close by May."),
        (deal_sense.RATIONALE, "The firm will fit every lorry with a meter."),
        (deal_sense.RATIONALE, "This gives Brisk a value of $90 million."),
        (deal_sense.RATIONALE, "The deal will close in June."),
        (deal_sense.RATIONALE, "The company had no comment on the report."),
        (deal_sense.CONCERN, "Her opposite number stays on."),
        (deal_sense.CONCERN, "Warner allegedly likes it."),
        (deal_sense.CONCERN, "That is the last question of the day."),
        (deal_sense.CONCERN, "Together they will own 54% of the enlarged group."),
        (deal_earlier.EARLIER, "The firm sold 3 million boots last year."),
        (deal_earlier.EARLIER, "Ash, which turned over $3 million last year, is being sold by a fund."),
        (deal_earlier.EARLIER, "The remaining $5 million hangs on sales in 2032."),
        (deal_earlier.EARLIER, "Ash, valued at $2 million on the stock exchange, lost $1 million last year."),
        (deal_earlier.EARLIER, "A suit filed last month argued that the takeover would hurt."),
        (deal_earlier.EARLIER, "Together the banks lent $3 billion in 2030."),
        (deal_earlier.EARLIER, "It invested $3 million in a plant last year."),
        (deal_earlier.EARLIER, "Ash raised prices twice last year."),
        (deal_earlier.EARLIER, "The merger was announced last month."),
        (deal_earlier.EARLIER, "Revenue was $9 million in 2030."),
        (deal_earlier.EARLIER, "A second plant for $9 million is due in 2035."),
    ],
)
def test_a_word_in_another_sense_calls_for_no_question(cue: Any, sentence: str) -> None:
    """What is offered to a small model comes back as a yes: names, results and formalities are not offered."""
    assert not cue.search(sentence)


@pytest.mark.parametrize(
    ("cue", "sentence", "sure"),
    [
        (deal_sense.SURE_RATIONALE, "The logic: one fleet instead of two.", True),
        (deal_sense.SURE_RATIONALE, "For Norrlund the prize is a licence in Chile.", True),
        (deal_sense.SURE_RATIONALE, "The prize is awarded each May.", False),
        (deal_sense.SURE_CONCERN, "The worry: both depots stand in one street.", True),
        (deal_sense.SURE_CONCERN, "One caveat, from a rival: nobody has tried it at sea.", True),
        (deal_sense.SURE_CONCERN, '"A costly toy," scoffed one holder.', True),
        (deal_sense.SURE_CONCERN, "The mayor fears that the depot will go.", True),
        (deal_sense.SURE_CONCERN, "The regulator looks at the risk of it.", False),
        (deal_earlier.SURE_EARLIER, "Its 2033 purchase of Brisk was cheap.", True),
        (deal_earlier.SURE_EARLIER, "In 2031 it handed its quarry over to Corvo.", True),
        (deal_earlier.SURE_EARLIER, "It absorbed Brisk in 2028.", True),
        (deal_earlier.SURE_EARLIER, "A fund fished it out of bankruptcy in 2026.", True),
        (deal_earlier.SURE_EARLIER, "Corvo tried to buy it in 2029.", True),
        (deal_earlier.SURE_EARLIER, "Brisk put in $3 million at the time.", True),
        (deal_earlier.SURE_EARLIER, "Corvo had it from a bank in 2027 for $4 million.", True),
        (deal_earlier.SURE_EARLIER, "Its last purchase was a dairy in Wales.", True),
        (deal_sense.SURE_RATIONALE, "Savings of $9 million a year are expected by 2041.", True),
        (deal_sense.SURE_RATIONALE, "The deal gives it access to 300 dealers.", True),
        (deal_sense.SURE_RATIONALE, "Corvo is after its patents.", True),
        (deal_sense.SURE_RATIONALE, "Corvo is after all a bank.", False),
        (deal_sense.SURE_RATIONALE, "It is all about yoghurt.", True),
        (deal_sense.SURE_CONCERN, "The snag, to our mind, is the licence.", True),
        (deal_sense.SURE_CONCERN, 'A broker called the price "steep".', True),
        (deal_sense.SURE_CONCERN, 'The chairman called the deal "a milestone".', False),
        (deal_sense.SURE_CONCERN, "The union cautioned that the loans leave little slack.", True),
        (deal_sense.SURE_CONCERN, "He cautioned that no decision had been taken.", False),
        (deal_sense.SURE_CONCERN, "We are not opposed to change.", False),
        (deal_sense.SURE_CONCERN, "Growers remain wary.", True),
        (deal_cues.SURE_CONDITION, "Nothing happens unless the mayor gives his consent.", True),
        (deal_earlier.SURE_EARLIER, "Its offer for Brisk was spurned a year before.", False),
    ],
)
def test_plain_words_need_no_model(cue: Any, sentence: str, sure: bool) -> None:
    """A label, or a verb of complaint, tells what the sentence is; others are asked about."""
    assert bool(cue.search(sentence)) is sure


@pytest.mark.parametrize("words", ["in 2030 let ", "the union ", "sold 3 million ", "raised in 2031 "])
def test_an_endless_line_is_searched_in_bearable_time(words: str) -> None:
    """Each cue looks a bounded way ahead: a line of many thousand words costs no more than its length."""
    line = words * 1500
    begun = time.process_time()
    for cue in (deal_sense.RATIONALE, deal_sense.CONCERN, deal_cues.PROCEEDS, deal_earlier.EARLIER):
        cue.search(line)
    assert time.process_time() - begun < 10
