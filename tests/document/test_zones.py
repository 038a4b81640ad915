"""Zones of a page, and what is repeated in it."""

from __future__ import annotations

import pytest

from summarizer.document import Zone, read_document
from tests.document.pages import (
    BODY,
    COMMENT,
    HEADLINE,
    LEAD,
    OTHER_TEXT,
    OTHER_TITLE,
    SECOND,
    TEASER_TEXT,
    TEASER_TITLE,
    THIRD,
    page,
    texts,
    zone_of,
)

# --- zones -------------------------------------------------------------------------------------------


def test_a_title_line_is_the_headline() -> None:
    """A short first line without a full stop is the headline; a first sentence is not."""
    assert read_document(page(*BODY)).title == HEADLINE
    assert read_document(page("Skip to content", "Home > Business", HEADLINE, LEAD)).title == HEADLINE
    assert read_document(page(LEAD, THIRD)).title is None
    assert read_document(HEADLINE).title is None
    assert zone_of(read_document(HEADLINE), "Larkfield") is Zone.BODY


def test_a_plain_article_is_all_body() -> None:
    """Words of the markers inside sentences, and in headings of the article, open no zone."""
    text = page(
        *BODY,
        "Related transactions",
        "Larkfield has related articles of incorporation in Norway and two more mills in Sweden.",
        "Related parties: the Doyle family owns a third of both.",
        "Comments from analysts",
        "Analysts had 3 comments on it. Most popular was the view that the price is recommended by nobody.",
        "More on the terms",
        "Owners can subscribe to new shares at $31 each. You may also like to read more in the filing.",
        "Advertisement costs fell by 4%, and share prices at home rose.",
    )
    document = read_document(text)
    assert {s.zone for s in document.sentences} == {Zone.HEADLINE, Zone.BODY}
    assert [s.text for s in document.sentences if s.heading] == [
        "Terms of the Sale",
        "Related transactions",
        "Comments from analysts",
        "More on the terms",
    ]


TEASER_MARKERS = [
    "Related article",
    "Related articles:",
    "RELATED",
    "Related Stories",
    "Read more",
    "Read also",
    "Also read",
    "Recommended for you",
    "Recommended",
    "More from Larkfield Daily",
    "More on Timber",
    "You may also like",
    "You might also like…",
    "Trending",
    "Trending now",
    "Most popular",
    "Most Read",
    "Latest news",
    "Editor's picks",
    "Editors’ Picks",
    "Related Special Topic Recommendations",
]


@pytest.mark.parametrize("marker", TEASER_MARKERS)
def test_teasers_below_a_marker_are_no_evidence(marker: str) -> None:
    """From a marker line on, titles and summaries of other stories are left out."""
    document = read_document(page(*BODY, marker, TEASER_TITLE, TEASER_TEXT, OTHER_TITLE, OTHER_TEXT))
    assert texts(document.shown) == BODY
    offset = document.text.index("$3 billion")
    assert not document.is_evidence(offset)
    assert document.is_evidence(document.text.index("$6.2 billion"))


@pytest.mark.parametrize(
    "line",
    [
        f"Read more: {TEASER_TITLE}",
        f"RELATED: {TEASER_TITLE}",
        f"See also: {TEASER_TITLE}",
        f"Related story – {TEASER_TITLE}",
        f"Don’t miss: {TEASER_TITLE}",
    ],
)
def test_a_one_line_teaser_marks_just_its_line(line: str) -> None:
    """A link inside the article is left out, and the article goes on below it."""
    document = read_document(page(HEADLINE, LEAD, line, SECOND, THIRD))
    assert zone_of(document, "Osprey") is Zone.TEASER
    assert texts(document.shown) == [HEADLINE, LEAD, SECOND, THIRD]


NAVIGATION = [
    "Home",
    "Home > Business > Deals",
    "Menu",
    "Share",
    "Share this article",
    "Subscribe",
    "Subscribe to our newsletter",
    "Sign in",
    "Skip to content",
    "Skip to main content",
    "Advertisement",
    "We use cookies to make this site better. Accept or leave.",
    "Accept all cookies",
    "Cookie settings",
    "0/500",
    "5 min read",
    "© 2031 Larkfield Daily",
    "Larkfield Daily. All rights reserved.",
    "-----",
    "* * *",
]


@pytest.mark.parametrize("line", NAVIGATION)
def test_navigation_is_left_out_line_by_line(line: str) -> None:
    """A line of the page's furniture is no evidence, wherever it stands, and opens no zone."""
    document = read_document(page(line, HEADLINE, LEAD, line, SECOND, THIRD, line))
    assert document.title == HEADLINE
    assert texts(document.shown) == [HEADLINE, LEAD, SECOND, THIRD]
    assert {s.zone for s in document.sentences} == {Zone.HEADLINE, Zone.BODY, Zone.NAVIGATION}


@pytest.mark.parametrize(
    "marker",
    [
        "Comments (3)",
        "3 comments",
        "Comments",
        "Leave a reply",
        "Leave a Comment",
        "Join the discussion",
        "1 Comment",
    ],
)
def test_comments_are_no_evidence(marker: str) -> None:
    """All below the head of the comments is comment, however long and well written."""
    document = read_document(
        page(*BODY, marker, "0/500", COMMENT, OTHER_TEXT, TEASER_TEXT, SECOND[::-1], COMMENT)
    )
    assert texts(document.shown) == BODY
    assert zone_of(document, "$9 billion") is Zone.COMMENT
    assert zone_of(document, "Timber prices") is Zone.COMMENT
    assert zone_of(document, "0/500") is Zone.NAVIGATION


def test_a_short_article_above_many_comments_keeps_them_apart() -> None:
    """Even one short paragraph is the article, and long comments below it are not."""
    many = [f"{COMMENT} And I say it a {nth}th time, in words of my own." for nth in range(4, 20)]
    document = read_document(page(LEAD, SECOND, "Comments (16)", *many))
    assert {s.zone for s in document.sentences if s.number > 2} == {Zone.COMMENT}


def test_counters_and_boxes_in_the_head_of_a_page_do_not_hide_the_article() -> None:
    """A comment counter or a box of links above the article is left out alone."""
    text = page(
        HEADLINE,
        "By Ann Roe",
        "3 comments",
        "Related articles",
        TEASER_TITLE,
        OTHER_TITLE,
        LEAD,
        SECOND,
        THIRD,
    )
    document = read_document(text)
    assert zone_of(document, "3 comments") is Zone.NAVIGATION
    assert zone_of(document, "Osprey") is Zone.TEASER
    assert texts(document.shown) == [HEADLINE, "By Ann Roe", LEAD, SECOND, THIRD]
    one_paragraph = read_document(page("Trending", TEASER_TITLE, " ".join([LEAD, SECOND, THIRD])))
    assert texts(one_paragraph.shown) == [LEAD, SECOND, THIRD]


def test_the_article_goes_on_below_a_link_in_its_middle() -> None:
    """Below one linked title, or a box of several, prose in a row is the article again."""
    fourth = "The mill was founded by two sisters from Oslo and employs nine hundred people in three towns."
    link = read_document(page(HEADLINE, LEAD, SECOND, "Read more", TEASER_TITLE, THIRD, fourth, OTHER_TEXT))
    assert texts(link.shown) == [HEADLINE, LEAD, SECOND, THIRD, fourth, OTHER_TEXT]
    box = page(
        HEADLINE, LEAD, SECOND, "Related articles", TEASER_TITLE, OTHER_TITLE, THIRD, fourth, OTHER_TEXT
    )
    assert texts(read_document(box).shown) == [HEADLINE, LEAD, SECOND, THIRD, fourth, OTHER_TEXT]


def test_a_text_of_nothing_but_markers_is_still_read() -> None:
    """Where every line looks like a marker, they are the text."""
    assert texts(read_document("Home").shown) == ["Home"]
    assert texts(read_document(page("Read more: it fell", "Share")).shown) == ["Read more: it fell", "Share"]


# --- repeats -----------------------------------------------------------------------------------------


def doubled_page() -> str:
    """Return a page whose second copy lacks every marker, as scrapers write it."""
    first = [*BODY, "Next:", "- Larkfield pays", "- Doyle stays on"]
    teasers = [TEASER_TITLE, TEASER_TEXT, OTHER_TITLE, OTHER_TEXT]
    return page(
        *first,
        "Related article",
        *teasers,
        "Comments (1)",
        "0/500",
        COMMENT,
        "",
        *first[1:],
        *teasers,
        COMMENT,
        "",
        "Home",
    )


def test_a_doubled_page_is_shown_once_and_keeps_its_zones() -> None:
    """The second copy is known sentence by sentence, and has the zones of the first without any marker."""
    document = read_document(doubled_page())
    assert texts(document.shown) == [*BODY, "Next:", "Larkfield pays", "Doyle stays on"]
    copies = [s for s in document.sentences if s.repeat_of is not None]
    assert len(copies) == len(BODY) - 1 + 3 + 4 + 2
    for copy in copies:
        original = document.sentences[copy.repeat_of - 1] if copy.repeat_of else copy
        assert (copy.text, copy.zone) == (original.text, original.zone)
    assert document.sentences[-1].zone is Zone.NAVIGATION


def test_what_is_new_below_a_second_copy_is_not_the_article() -> None:
    """An unmarked comment below the second copy is no evidence; an unmarked line inside it is."""
    text = page(
        *BODY,
        "Comments (1)",
        COMMENT,
        LEAD,
        "Terms of the Sale",
        OTHER_TEXT,
        SECOND,
        THIRD,
        "I would have paid $8 billion for it myself.",
    )
    document = read_document(text)
    assert zone_of(document, "Timber prices") is Zone.BODY
    assert zone_of(document, "$8 billion") is Zone.TEASER


def test_a_quoted_paragraph_does_not_end_the_comments() -> None:
    """A comment that repeats the title or a paragraph is known as a repeat, and what follows is comment."""
    document = read_document(page(*BODY, "Comments (2)", LEAD, COMMENT, HEADLINE, OTHER_TEXT))
    assert zone_of(document, "$9 billion") is Zone.COMMENT
    assert zone_of(document, "Timber prices") is Zone.COMMENT


def test_repeats_are_seen_through_spacing_case_and_quotes() -> None:
    """A repeat may differ in white space, case and kind of quotes, and be split into other paragraphs."""
    quoted = 'Doyle said that "nothing will change" at the mill in the north.'
    again = "  Doyle said that “nothing  will change” at the\u00a0MILL in the north."
    document = read_document(page(LEAD, f"{quoted} {SECOND}", THIRD, again, SECOND))
    assert [s.repeat_of for s in document.sentences] == [None, None, None, None, 2, 3]


def test_a_short_sentence_said_twice_is_no_repeat() -> None:
    """A few words in two paragraphs may speak of two things, so both are shown."""
    document = read_document(
        page(
            f"{LEAD} Terms were not disclosed.",
            "Price",
            f"{OTHER_TEXT} Terms were not disclosed.",
            "Price",
            THIRD,
        )
    )
    assert {s.repeat_of for s in document.sentences} == {None}


def test_a_body_sentence_that_a_teaser_had_first_is_shown() -> None:
    """Words that stood in a teaser above are shown where the article says them."""
    text = page(LEAD, SECOND, "Related articles", TEASER_TITLE, OTHER_TEXT, TEASER_TITLE)
    text = page(
        text, OTHER_TITLE, THIRD, SECOND.replace("fee", "sum"), f"{OTHER_TEXT} Larkfield felt it in May."
    )
    document = read_document(text)
    last_but_one = document.sentences[-2]
    assert (last_but_one.text, last_but_one.zone, last_but_one.repeat_of) == (OTHER_TEXT, Zone.BODY, None)
