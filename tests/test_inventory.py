"""Figures in their sentences, and where words stand."""

from __future__ import annotations

from summarizer.document import read_document
from summarizer.inventory import Inventory, take_inventory


def test_figures_of_teasers_are_no_figures(inventory: Inventory) -> None:
    """A figure that stands only in a teaser is a mention of the text but no figure that may be cited."""
    assert any("9.9" in mention.text for mention in inventory.mentions)
    assert not any("9.9" in figure.mention.text for figure in inventory.figures)


def test_words_are_found_whatever_their_quotes_case_and_spaces() -> None:
    """Curly quotes, line ends and capitals do not hide words, and the span is the source's own."""
    text = "The “Blue\u00a0Door” unit of Ashgrove’s\tlargest shop was sold."
    inventory = take_inventory(read_document(text))
    sentence, start, end = inventory.occurrences('"blue door" unit of ashgrove\'s largest')[0]
    assert text[start:end] == "“Blue\u00a0Door” unit of Ashgrove’s\tlargest"
    assert sentence.start <= start < end <= sentence.end


def test_words_are_never_found_inside_other_words_or_numbers() -> None:
    """ "Ash" is not in "Ashgrove", and "4.3" not in "14.3" nor "14" in "14.3"."""
    inventory = take_inventory(read_document("Ashgrove paid 14.3 for it."))
    for words in ("Ash", "4.3", "14", "grove", ""):
        assert inventory.occurrences(words) == ()
    assert len(inventory.occurrences("14.3")) == 1


def test_letters_that_grow_when_lowered_do_not_shift_offsets() -> None:
    """A capital dotted I has a longer small form, and spans still give back their words."""
    text = "İİİ Holding bought Ashgrove for $5 million."
    inventory = take_inventory(read_document(text))
    _, start, end = inventory.occurrences("Ashgrove")[0]
    assert text[start:end] == "Ashgrove"


def test_a_report_leads_with_its_headline_and_first_sentences() -> None:
    """The headline counts, marked as a heading or not; a heading inside the body does not."""
    body = "Orchard said on Monday that it agreed to buy Ash, a maker of cider.\n\n"
    text = f"{body}## Why now\n\nRivals are ahead of it on price. It rained. It snowed."
    for headline in ("Orchard buys Ash", "# Orchard buys Ash"):
        leading = take_inventory(read_document(f"{headline}\n\n{text}")).leading(3)
        assert [s.text for s in leading] == [
            "Orchard buys Ash",
            body.strip(),
            "Rivals are ahead of it on price.",
        ]
