"""Sentences with exact offsets, and the blocks that they stand in."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.document import Zone, read_document
from summarizer.errors import EmptyInput
from tests.document.pages import (
    BODY,
    COMMENT,
    HEADLINE,
    LEAD,
    SECOND,
    TEASER_TEXT,
    THIRD,
    page,
    split,
    texts,
    visible,
)

# --- sentences ---------------------------------------------------------------------------------------

SPLITS = [
    "Larkfield Inc. said on Monday it agreed.|Terms were not given.",
    "Larkfield Corp. Chief Executive Ann Doyle left.|She joins Brenwick Inc.|The move is sudden.",
    "He is on the board of Larkfield Inc.|He joined in May.",
    "The U.S. Court of Appeals ruled.|Larkfield is based in the U.S.|The firm agreed.",
    "It paid approx. $5 million for the unit.|It closed.",
    "It paid approx. 5 million dlrs.|It was worth est. $7 million.",
    "Mr. Doyle met Mrs. Roe and Dr. Fern on Sept. 5 in St. Albans.|They agreed.",
    "J. P. Larkfield advised.|F.J. Brenwick sold to J. A. Roe.",
    "Its No. 5 plant closed at 9 a.m. on Friday.|Work stopped.",
    "Asked for more, it said no.|Brenwick went on.",
    "It sold units, e.g. the mill, i.e. its core, vs. Osprey.|It kept one.",
    "The price is $14.75 billion.|It owns 3.5 percent.",
    "It closed on Friday.|Note that the price is $2.5 billion.|Then it fell.",
    'He said "we are done."|The firm agreed.',
    "“We are done.”|She left.",
    'The offer ends on Friday.|"We are glad," she said.',
    "We waited...|And then it closed.",
    "We waited…|Then it closed.",
    "We waited... and then it closed.|Fine.",
    "It sold the unit to Larkfield Co. of Clearwater, Fla., for cash.|It is done.",
    "Larkfield Ltd. is U.K. based.|Brenwick S.A. agreed.|Osprey N.V. too.",
    "Is it done?|Yes!|It is.",
    "Halloo! Inc. agreed to buy it.|Fine.",
    "The deal (about $5 million.) closed.|Yes.",
    "He left (he said.)|Then it rose.",
    "The firm, larkfield.com, uses Larkfield.ai for it.|It grew.",
    "Revenue was Rs. 500 crore.|It grew.",
    "On Dec. 31 it had 4.5 mln dlrs.|On Jan. 1 it had none.",
    "It was founded in 2021.|14 people joined.",
    "Terms: $1.5 billion.|2.5 million shares.|300 staff.",
    "The first was sold.[1]|The second was kept.[2]|Nothing else was.",
    "5 per cent. of it was sold.|The rest stays.",
]

MISSING_SPACES = [
    ("It closed on Friday.Note that it fell.", ["It closed on Friday.", "Note that it fell."]),
    ("It fell by 5%.The fund left.", ["It fell by 5%.", "The fund left."]),
    ("“It is done.”Then she left.", ["“It is done.”", "Then she left."]),
    ('It ends on Friday."We are glad," she said.', ["It ends on Friday.", '"We are glad," she said.']),
    ('She said "we are glad."Then she left.', ['She said "we are glad."', "Then she left."]),
    ("Is it done?Yes it is.", ["Is it done?", "Yes it is."]),
    ("He runs Larkfield Inc.The firm grew.", ["He runs Larkfield Inc.", "The firm grew."]),
    ("It uses Osprey.Com and sells U.S.Steel scrap.", ["It uses Osprey.Com and sells U.S.Steel scrap."]),
    ("See www.larkfield.Example for it.", ["See www.larkfield.Example for it."]),
]


@pytest.mark.parametrize("marked", SPLITS)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    """A full stop ends a sentence, and that of an abbreviation, an initial or a decimal does not."""
    assert split(marked.replace("|", " ")) == marked.split("|")


@pytest.mark.parametrize(("text", "expected"), MISSING_SPACES)
def test_a_lost_space_does_not_join_sentences(text: str, expected: list[str]) -> None:
    """Sentences are told apart where the space between them was lost; names with a stop stay whole."""
    assert split(text) == expected


def test_sentences_of_other_scripts_end_too() -> None:
    """A full-width stop ends a sentence without any space."""
    assert split("会社は工場を買った。価格は五十億円。") == ["会社は工場を買った。", "価格は五十億円。"]


LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\n\n"]
# One piece each, to be joined at random; "|" stands between them.
WORDS = (
    "Related articles|Comments (2)|Read more|Read more: it fell|Home|Share|0/500|- |• |1. |12) |## |* |  "
    "|\t|“|”|’|…|.|...|?!|Inc.|U.S.| e.g. |$5.25 bn|a|B| |-----|é|中。|😀|[1]|(|)|it fell by 5%.Then"
    "|said its unit in the|More"
)
CONTROLS = [
    "\u00a0",
    "\u200b",
    "\U000e0041",
    "\ufe0f",
    "\u0301",
    "\u00ad",
    "&amp;",
    "&nbsp",
    "-\n",
    "\ufb01",
    "\ufeff",
    "\ud800",
    "\x00",
    "\x1c",
    '"',
]
PIECES = st.sampled_from([*LINE_ENDS, *BODY, TEASER_TEXT, COMMENT, *CONTROLS, *WORDS.split("|")])
ANY_TEXT = st.one_of(
    st.text(st.characters(codec=None), max_size=120),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(PIECES, max_size=30).map("\n".join),
)


@given(ANY_TEXT)
def test_offsets_give_back_the_text_and_no_character_is_lost(text: str) -> None:
    """Sentences are slices of the source in order, and leave out nothing but blanks and list markers."""
    if not visible(text):
        with pytest.raises(EmptyInput):
            read_document(text)
        return
    document = read_document(text)
    assert document.text == text
    covered = 0
    outside: list[tuple[int, str]] = []
    for number, s in enumerate(document.sentences, start=1):
        assert s.number == number
        assert covered <= s.start < s.end
        assert text[s.start : s.end] == s.text
        assert visible(s.text[0])
        assert visible(s.text[-1])
        assert s.clean == visible(s.clean)
        outside.append((covered, text[covered : s.start]))
        covered = s.end
    outside.append((covered, text[covered:]))
    for position, left_out in outside:
        marker = visible(left_out)
        if marker:
            assert marker in "-*–—·✓✔➤•‣◦▪●■►" or marker.strip("#") == "" or marker[:-1].isdigit()
            start_of_line = text[:position].splitlines(keepends=True)[-1:] or [""]
            line_before = (start_of_line[0] + left_out).splitlines()[-1] if left_out.splitlines() else ""
            assert not visible(visible(line_before).partition(marker)[0])


@given(ANY_TEXT)
def test_something_is_always_shown_and_repeats_point_to_it(text: str) -> None:
    """Every text shows the model something, and a repeat names an earlier sentence that is none itself."""
    if not visible(text):
        return
    document = read_document(text)
    assert document.shown
    shown = {s.number for s in document.shown}
    for s in document.sentences:
        if s.repeat_of is not None:
            original = document.sentences[s.repeat_of - 1]
            assert original.number < s.number
            assert original.repeat_of is None
            if s.zone in (Zone.BODY, Zone.HEADLINE):
                assert original.number in shown
    assert (document.title is None) == (not any(s.zone is Zone.HEADLINE for s in document.sentences))


@given(ANY_TEXT)
def test_a_sentence_is_found_by_any_of_its_offsets(text: str) -> None:
    """sentence_at and is_evidence agree with a plain search at every offset."""
    if not visible(text):
        return
    document = read_document(text)
    for offset in range(-1, len(text) + 2):
        expected = next((s for s in document.sentences if s.start <= offset < s.end), None)
        assert document.sentence_at(offset) == expected
        assert document.is_evidence(offset) == (
            expected is not None and expected.zone in (Zone.BODY, Zone.HEADLINE)
        )


def test_digest_is_that_of_the_text_in_utf8() -> None:
    """The digest is SHA-256 of the text in UTF-8, and a lone surrogate has one too."""
    assert read_document("Žďár fell.").sha256 == hashlib.sha256("Žďár fell.".encode()).hexdigest()
    assert len(read_document("Broken \ud83d text.").sha256) == 64


# --- blocks ------------------------------------------------------------------------------------------

WIRE = """

Larkfield Inc and Brenwick
Development Corp, a privately held company, jointly said
that they agreed in principle to end the letter of intent under
which Larkfield would have bought the paper mill on March
11. The mill had a loss of 2.4 mln dlrs, or 35 cts a share,
Osprey said.
    Under the terms, each Brenwick share can be exchanged for
35 1/2 dlrs in cash - about twice its price - or for one
share of Larkfield, the new chairman of the mill, Mr F.J.
Roe, said.
    Terms were not disclosed.
   
 More
"""  # noqa: W293  the wire pads its lines


def test_wrapped_lines_of_one_paragraph_are_one_block() -> None:
    """In hard-wrapped text a sentence spans line ends, and an indent begins the next paragraph."""
    document = read_document(WIRE)
    assert [" ".join(s.text.split()) for s in document.sentences if s.zone is Zone.BODY] == [
        "Larkfield Inc and Brenwick Development Corp, a privately held company, jointly said that they "
        "agreed in principle to end the letter of intent under which Larkfield would have bought the paper "
        "mill on March 11.",
        "The mill had a loss of 2.4 mln dlrs, or 35 cts a share, Osprey said.",
        "Under the terms, each Brenwick share can be exchanged for 35 1/2 dlrs in cash - about twice its "
        "price - or for one share of Larkfield, the new chairman of the mill, Mr F.J. Roe, said.",
        "Terms were not disclosed.",
    ]
    assert [s.block for s in document.sentences] == [0, 0, 1, 2, 3]
    assert document.title is None
    assert document.sentences[-1].text == "More"
    assert document.sentences[-1].zone is Zone.NAVIGATION


def test_a_newsletter_of_narrow_columns_is_wrapped_too() -> None:
    """Lines of fewer than forty letters run on, in this width as in any other."""
    lines = (
        "Orchard Holdings is picking up the",
        "Ash laboratory, which tests seed,",
        "in a deal worth as much as $80",
        "million, the two said on Monday.",
        "It will pay most of it at once, and",
        "the rest when sales have doubled.",
    )
    document = read_document("\n".join(lines))
    assert [s.text.replace("\n", " ") for s in document.sentences] == [
        " ".join(lines[:4]),
        " ".join(lines[4:]),
    ]


def test_wrapped_text_without_indents_keeps_headings_and_items_apart() -> None:
    """A line that ends where the next word would still fit ends its block."""
    text = (
        "Larkfield said on Monday that it agreed to buy the paper mill of Brenwick in\n"
        "the north of Norway. The price is $6.2 billion in cash, and the sale should\n"
        "close in May.\n"
        "Next Steps\n"
        "Both boards have to agree to the sale before the end of the year, and so do\n"
        "the owners:\n"
        "- the fund of the Doyle family, which has held a third of it since it was\n"
        "  founded\n"
        "- Osprey Foods\n"
    )
    document = read_document(text)
    assert [" ".join(s.text.split())[:24] for s in document.sentences] == [
        "Larkfield said on Monday",
        "The price is $6.2 billio",
        "Next Steps",
        "Both boards have to agre",
        "the fund of the Doyle fa",
        "Osprey Foods",
    ]
    assert document.sentences[4].text.endswith("founded")
    assert [s.heading for s in document.sentences] == [False, False, True, False, False, False]


def test_a_line_is_a_block_in_web_text() -> None:
    """Headings, lead-ins and list items are sentences of their own, without their markers."""
    text = page(LEAD, "Key Points of the Sale", "The plan has three parts:", "- $6.2 billion in cash")
    text = page(text, "• 40% of the mill", "1. Doyle stays", "2) Roe leaves", "* Osprey waits", THIRD)
    document = read_document(text)
    assert texts(document.sentences)[1:-1] == [
        "Key Points of the Sale",
        "The plan has three parts:",
        "$6.2 billion in cash",
        "40% of the mill",
        "Doyle stays",
        "Roe leaves",
        "Osprey waits",
    ]
    assert [s.text for s in document.sentences if s.heading] == ["Key Points of the Sale"]


def test_short_lines_in_a_row_are_no_headings() -> None:
    """A heading has text below it: three short lines in a row are a list."""
    document = read_document(
        page(LEAD, "Paper mills", "Dairy farms", "Timber yards", "Harbours", THIRD, SECOND)
    )
    assert [s.text for s in document.sentences if s.heading] == ["Harbours"]
    assert [
        s.text
        for s in read_document(page(LEAD, "## What is next", "### Terms", THIRD)).sentences
        if s.heading
    ] == [
        "What is next",
        "Terms",
    ]


@pytest.mark.parametrize("line_end", LINE_ENDS)
def test_every_line_end_ends_a_block(line_end: str) -> None:
    """Any kind of line end separates headline, heading and paragraphs."""
    document = read_document(line_end.join(BODY))
    assert texts(document.sentences) == BODY
    assert document.title == HEADLINE
